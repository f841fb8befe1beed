from importlib import resources

from odoo.tests import tagged

from ..service.test_tour import PICTURES, take_pictures
from .test_signer import SignerCase

# What a tour needs of Odoo's scripts: the page itself has none of them.
SCRIPTS = """
    <xpath expr="//meta[@name='robots']" position="after">
        <t t-set="tour_session_info" t-value="request.env['ir.http'].get_frontend_session_info()"/>
        <script>odoo.__session_info__ = <t t-out="json.dumps(tour_session_info)"/>;</script>
        <t t-call-assets="web.assets_frontend_minimal" t-css="false" defer_load="True"/>
        <t t-call="web.conditional_assets_tests" ignore_missing_deps="True"/>
        <t t-call-assets="web.assets_frontend_lazy" t-css="false" lazy_load="True"/>
    </xpath>
"""


def let_tours_run(env):
    """Add what a tour needs to the pages of those who sign, and axe, which judges how accessible they are."""
    env['ir.ui.view'].create({
        'type': 'qweb', 'mode': 'extension', 'inherit_id': env.ref('l10n_it_openapi_pec.signer_layout').id,
        'arch': SCRIPTS})
    env['ir.attachment'].create({
        'name': 'axe.js', 'url': '/openapi_pec_tour/axe.js', 'public': True, 'mimetype': 'text/javascript',
        'raw': resources.files('axe_core_python').joinpath('axe.min.js').read_bytes()})


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSignerTour(SignerCase):
    """The signer's way, on a phone."""
    browser_size = '390x844'
    touch_enabled = True

    def test_sign(self):
        let_tours_run(self.env)
        self.env['ir.attachment'].create({
            'name': 'signed.p7m', 'url': '/openapi_pec_tour/signed.p7m', 'raw': self.sign(self.filing), 'public': True})
        if PICTURES:
            take_pictures(self)
        self.start_tour(self.url(), 'openapi_pec_sign', login=None)
        self.assertIn(self.filing.procura_id.raw, self.filing.signed_procura_id.raw)
        self.assertEqual(self.filing.signer_uploads, 2)
        self.assertEqual(self.filing.state, 'awaiting_documents')
