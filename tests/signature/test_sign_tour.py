from odoo.tests import HttpCase, tagged

from ..common_signature import SIGN_OTP
from ..service.test_tour import TourMixin
from ..signer.test_signer_tour import let_tours_run
from .test_certificate import CertificateCase
from .test_sign import SigningCase


def end_certificate(case):
    """Have who signs own a certificate that was bought here and has ended, and whose username is known."""
    case.env['openapi_pec.certificate'].create({
        'partner_id': case.representative.id, 'company_id': case.company.id, 'user_id': case.manager.id,
        'environment': 'sandbox', 'state': 'ended', 'remote_state': 'EXPIRED'})
    case.representative.openapi_pec_sign_username = 'RHI0000000000000'


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSignTour(SigningCase):
    """The signer's way with a one-time password, on a phone: wrong the first time, to the documents delivered."""
    browser_size = '390x844'
    touch_enabled = True

    def setUp(self):
        super().setUp()
        let_tours_run(self.env)

    def test_sign_on_the_page(self):
        self.company.openapi_pec_send_signed = True
        self.start_tour(self.url(), 'openapi_pec_sign_remotely', login=None)
        self.assertEqual(
            self.filing.signature_ids.mapped('outcome'), [False, 'wrong_credentials'])
        self.run_cron('remote_signatures')
        self.assertEqual(self.sandbox.requested(SIGN_OTP), 2, "nothing was tried a second time by itself")
        self.run_cron('dispatch')
        self.assertEqual(self.filing.state, 'documents_uploaded')

    def test_sign_with_another_certificate(self):
        end_certificate(self)
        self.start_tour(self.url(), 'openapi_pec_sign_with_another', login=None)
        self.assertTrue(self.filing.signed_procura_id)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSignDialogTour(SigningCase):
    """A user's way, with the signer at the desk."""
    browser_size = '1366x768'

    def test_sign_in_the_filing(self):
        self.start_tour(
            f'/odoo/openapi_pec.communication/{self.filing.id}', 'openapi_pec_sign_in_filing', login=self.user.login)
        self.assertEqual(self.filing.state, 'documents_uploaded')
        self.run_cron('remote_signatures')
        self.assertEqual(self.sandbox.requested(SIGN_OTP), 2, "nothing was tried a second time by itself")

    def test_sign_with_another_certificate(self):
        """What the service has of it is deleted then."""
        end_certificate(self)
        self.start_tour(
            f'/odoo/openapi_pec.communication/{self.filing.id}', 'openapi_pec_sign_with_another_in_filing',
            login=self.manager.login)
        self.assertEqual((self.filing.signature_level, self.sandbox.signatures()), ('good', []))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestCertificateTour(TourMixin, CertificateCase, HttpCase):
    """A manager's way to a certificate: from the contact to an active one."""

    def test_buy(self):
        Certificate = type(self.env['openapi_pec.certificate'])
        refresh = Certificate.action_refresh

        def identify_and_refresh(certificate):
            self.sandbox.change_certificate(certificate.sudo().remote_id, stato='DONE')
            return refresh(certificate)

        self.patch(Certificate, 'action_refresh', identify_and_refresh)
        self.start_tour(
            f'/odoo/contacts/{self.representative.id}', 'openapi_pec_certificate', login=self.manager.login)
        [certificate] = self.representative.openapi_pec_certificate_ids
        self.assertEqual((certificate.state, certificate.api_call_ids.state), ('active', 'accepted'))
