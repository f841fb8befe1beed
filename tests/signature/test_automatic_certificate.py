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
        question = self.ask(kind='automatic')
        self.assertIn("is not known here", question.price_sentence)
        self.assertEqual(self.sandbox.requested(BUY_AUTOMATIC), 0)
        certificate = self.buy(kind='automatic', typed_price=60)
        self.assertEqual((certificate.state, certificate.kind), ('ordered', 'automatic'))
        self.assertEqual((self.sandbox.requested(BUY_AUTOMATIC), self.sandbox.requested(BUY_OTP)), (1, 0))
        line = certificate.api_call_ids
        self.assertEqual((line.operation, line.is_price_known, line.spent), ('certificate_automatic', True, 60))
        with self.assertRaisesRegex(UserError, "is being bought already"):
            self.ask(kind='automatic').action_confirm()
        other = self.buy()
        self.assertEqual((other.state, other.kind, self.sandbox.requested(BUY_OTP)), ('ordered', 'otp', 1))

    def test_there_already(self):
        self.sandbox.create_certificate(certificateOwner="Mario Rossi", certificateType='EU-QES_otp')
        self.assertEqual(self.buy(kind='automatic').state, 'ordered', "it is of another kind")
        self.sandbox.create_certificate(certificateOwner="Anna Bianchi", certificateType='EU-QES_automatic')
        self.representative.name = "Anna Bianchi"
        self.env['openapi_pec.certificate'].search([]).state = 'active'
        self.env.flush_all()
        self.assertEqual(self.buy(kind='automatic', is_further=True).state, 'held')
