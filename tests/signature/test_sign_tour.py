from odoo.tests import tagged

from ..service.test_tour import PICTURES, take_pictures
from ..signer.test_signer_tour import let_tours_run
from .test_sign import SigningCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSignTour(SigningCase):
    """The signer's way with a one-time password, on a phone: wrong the first time, to the documents delivered."""
    browser_size = '390x844'
    touch_enabled = True

    def test_sign_on_the_page(self):
        let_tours_run(self.env)
        if PICTURES:
            take_pictures(self)
        self.company.openapi_pec_send_signed = True
        self.start_tour(self.url(), 'openapi_pec_sign_remotely', login=None)
        self.assertEqual(
            self.filing.signature_ids.mapped('outcome'), [False, 'wrong_credentials'])
        self.run_cron('dispatch')
        self.assertEqual(self.filing.state, 'documents_uploaded')


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSignDialogTour(SigningCase):
    """A user's way, with the signer at the desk."""
    browser_size = '1366x768'

    def test_sign_in_the_filing(self):
        self.start_tour(
            f'/odoo/openapi_pec.communication/{self.filing.id}', 'openapi_pec_sign_in_filing', login=self.user.login)
        self.assertEqual(self.filing.state, 'documents_uploaded')
