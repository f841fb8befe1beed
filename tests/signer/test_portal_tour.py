from odoo.tests import tagged

from .test_portal import PortalCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestPortalTour(PortalCase):
    """A contact finds on his phone, in Italian, what he has to sign, and signs it there."""
    browser_size = '390x844'
    touch_enabled = True

    def test_portal(self):
        self.env['res.lang']._activate_lang('it_IT')
        self.env.ref('base.module_l10n_it_openapi_pec')._update_translations(['it_IT'])
        self.representative.lang = 'it_IT'
        self.start_tour('/my', 'openapi_pec_portal', login=self.signer_user.login)
        self.env.invalidate_all()
        self.assertTrue(self.filing.page_opened_at)
