from odoo.tests import tagged

from ..common_mailbox import make_pdf
from ..service.test_tour import PICTURES, take_pictures
from .test_applicant import ApplicantCase
from .test_signer_tour import let_tours_run


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestApplicantTour(ApplicantCase):
    """The applicant's way, on a phone."""
    mailbox_type = 'DOMICILIODIGITALE'
    browser_size = '390x844'
    touch_enabled = True

    def test_upload(self):
        let_tours_run(self.env)
        files = {'form': make_pdf("Form, signed by hand"), 'identity': make_pdf("Identity card")}
        self.env['ir.attachment'].create([{
            'name': f'{name}.pdf', 'url': f'/openapi_pec_tour/{name}.pdf', 'raw': content, 'public': True,
        } for name, content in files.items()])
        if PICTURES:
            take_pictures(self)
        self.start_tour(self.url(), 'openapi_pec_apply', login=None)
        self.env.invalidate_all()
        self.assertEqual(self.kept(), list(files.values()))
        self.assertEqual(self.mailbox.signer_uploads, 3)
        self.assertEqual(self.activities(), {'send'})
