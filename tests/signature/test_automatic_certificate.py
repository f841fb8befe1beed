from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common_signature import BUY_AUTOMATIC, BUY_OTP
from .test_certificate import CertificateCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestAutomaticCertificate(CertificateCase):
    """An automatic certificate is bought as the other kind is, and neither stands in the other's way."""

    def setUp(self):
        super().setUp()
        self.company.write({'openapi_pec_sign_remotely': False, 'openapi_pec_sign_many': True})

    def test_bought(self):
        self.in_production()
        question = self.ask()
        self.assertEqual(question.kind, 'automatic', "the company uses no other one")
        self.assertIn("is not known here", question.price_sentence)
        self.assertEqual(self.sandbox.requested(BUY_AUTOMATIC), 0)
        certificate = self.buy(kind='automatic', typed_price=60)
        self.assertEqual((certificate.state, certificate.kind), ('ordered', 'automatic'))
        self.assertEqual((self.sandbox.requested(BUY_AUTOMATIC), self.sandbox.requested(BUY_OTP)), (1, 0))
        line = certificate.api_call_ids
        self.assertEqual((line.operation, line.is_price_known, line.spent), ('certificate_automatic', True, 60))
        with self.assertRaisesRegex(UserError, "is being bought already"):
            self.ask(kind='automatic').action_confirm()
        self.company.openapi_pec_sign_remotely = True
        other = self.buy(is_further=True)
        self.assertEqual((other.state, other.kind, self.sandbox.requested(BUY_OTP)), ('ordered', 'otp', 1))

    def test_beside_the_other_kind(self):
        """Each kind is proposed, used and ends for itself."""
        self.company.openapi_pec_sign_remotely = True
        partner = self.representative
        self.assertEqual(self.ask().kind, 'otp')
        own = self.buy()
        self.activate(own)
        partner.openapi_pec_sign_username = 'RHI1'
        automatic = self.buy(kind='automatic', is_further=True)
        body = automatic.with_user(self.manager).action_send_link()['context']['default_body']
        self.assertIn("a username and a PIN", body)
        self.activate(automatic)
        self.assertEqual(partner.openapi_pec_sign_username, 'RHI1', "it is not that of the automatic one")
        self.assertIn("Sign Many at Once", self.messages(automatic))
        own.expires_at = fields.Datetime.now() + timedelta(days=50)
        self.run_cron('remote_signatures')
        self.assertIn("expires on", own.activity_ids.summary, "the automatic one does not take its place")
        automatic.expires_at = '2026-01-01'
        self.assertFalse(partner._is_openapi_pec_certificate_over(self.company, 'sandbox'))
        own.expires_at, automatic.expires_at = '2026-01-01', '2099-01-01'
        self.assertTrue(partner._is_openapi_pec_certificate_over(self.company, 'sandbox'))

    def test_proposed_while_the_other_kind_is_under_way(self):
        self.company.openapi_pec_sign_remotely = True
        self.assertFalse(self.ask().known_sentence)
        self.assertEqual(self.buy().kind, 'otp')
        self.assertEqual(self.ask().kind, 'automatic')
        self.assertIn("of the other kind already", self.ask().known_sentence)
        with self.assertRaisesRegex(UserError, "Tick that another one is bought"):
            self.ask().action_confirm()
        self.assertEqual(self.buy(is_further=True).state, 'ordered')
        with self.assertRaisesRegex(UserError, "is being bought already"):
            self.ask()

    def activate(self, certificate):
        self.sandbox.change_certificate(certificate.remote_id, stato='DONE')
        certificate.action_refresh()
        self.assertEqual(certificate.state, 'active')

    def test_there_already(self):
        self.sandbox.create_certificate(certificateOwner="Mario Rossi", certificateType='EU-QES_otp')
        self.assertEqual(self.buy(kind='automatic').state, 'ordered', "it is of another kind")
        self.sandbox.create_certificate(certificateOwner="Anna Bianchi", certificateType='EU-QES_automatic')
        self.representative.name = "Anna Bianchi"
        self.env['openapi_pec.certificate'].search([]).state = 'active'
        self.env.flush_all()
        self.assertEqual(self.buy(kind='automatic', is_further=True).state, 'held')
