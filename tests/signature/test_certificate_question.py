from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec.models.signature import certificate as certificate_module
from odoo.addons.l10n_it_openapi_pec.tools.api.signature_client import SignatureClient

from ..common_signature import BUY_OTP, LIST_CERTIFICATES, READ_CERTIFICATE
from .test_certificate import CertificateCase

CODE = 'RSSMRA80A01H501U'


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestCertificateQuestion(CertificateCase):
    """The question says in whose name it is bought, what that person has already, and what is not known."""

    def activate(self, certificate, **fields_of_it):
        self.sandbox.change_certificate(certificate.remote_id, stato='DONE', **fields_of_it)
        certificate.action_refresh()
        self.assertEqual(certificate.state, 'active')

    def create_namesake(self, name="Mario Rossi"):
        return self.env['res.partner'].create({'name': name, 'l10n_it_codice_fiscale': CODE})

    # ------------------------------------------------------------ what there is already

    def test_has_one_already(self):
        certificate = self.buy()
        self.activate(certificate)
        question = self.ask()
        self.assertIn("Mario Rossi has a certificate already, which can be used until", question.known_sentence)
        with self.assertRaisesRegex(UserError, "(?s)can be used until.*Tick that another one"), self.env.cr.savepoint():
            question.action_confirm()
        self.assertEqual(self.sandbox.requested(BUY_OTP), 1)
        second = self.buy(is_further=True)
        self.assert_told(second, 'ordered', ['accepted'], 2)
        self.assertIn("Bought beside what there is already", self.messages(second))

    def test_suspended_is_not_ended(self):
        certificate = self.buy()
        self.sandbox.change_certificate(certificate.remote_id, stato='SUSPENDED')
        certificate.action_refresh()
        self.assertIn("is suspended at the service", self.ask().known_sentence)
        certificate.retry_at = fields.Datetime.now() - timedelta(days=2)
        self.sandbox.change_certificate(certificate.remote_id, stato='DONE')
        self.run_cron('remote_signatures')
        self.assertEqual(certificate.state, 'active')

    def test_another_contact_of_that_name(self):
        self.buy()
        question = self.ask(partner=self.create_namesake("Rossi Mario"))
        self.assertIn("in the name of Mario Rossi is being bought already", question.known_sentence)
        self.assertFalse(question.is_under_way)
        with self.assertRaisesRegex(UserError, "Tick that another one"), self.env.cr.savepoint():
            question.action_confirm()

    def test_under_way(self):
        """It is said before the question is asked, and not after it was answered."""
        question = self.ask()
        self.assertFalse(question.is_under_way)
        self.buy()
        self.assertTrue(question.is_under_way, "nothing is offered that would be refused")
        with self.assertRaisesRegex(UserError, "is being bought already"):
            self.ask()
        with self.assertRaisesRegex(UserError, "is being bought already"), self.env.cr.savepoint():
            question.action_confirm()
        self.assertEqual(self.sandbox.requested(BUY_OTP), 1)

    # ------------------------------------------------------------ in whose name

    def test_in_whose_name(self):
        """What is bought is what was shown, whatever the contact is called when it is called."""
        self.representative.name = "Rossi geom. Mario"
        question = self.ask()
        self.assertEqual(question.holder_sentence, f"Mario Rossi, tax code {CODE}")
        self.assertFalse(question.doubt_sentence)
        self.sandbox.fault(LIST_CERTIFICATES, 'error_before', status=500, body='x')
        certificate = self.buy()
        self.assert_told(certificate, 'queued', [], 0)
        self.representative.name = "Luigi Bianchi"
        self.assertEqual(certificate.holder, "Mario Rossi")
        certificate.retry_at = False
        self.run_cron('dispatch')
        self.assert_told(certificate, 'ordered', ['accepted'], 1)
        self.assertEqual(certificate.api_call_ids.get_sent()['certificateOwner'], "Mario Rossi")

    def test_name_and_code(self):
        question = self.ask()
        self.assertIn("Mario Rossi", question.shown)
        self.representative.name = "Luigi Bianchi"
        with self.assertRaisesRegex(UserError, "has changed meanwhile"), self.env.cr.savepoint():
            question.action_confirm()
        self.assertIn("does not fit the tax code", self.ask().doubt_sentence)
        for code in (False, '12485671007'):
            self.representative.l10n_it_codice_fiscale = code
            with self.assertRaisesRegex(UserError, "has no valid tax code"):
                self.ask()
        self.assertEqual(self.sandbox.requested(BUY_OTP), 0)

    # ------------------------------------------------------------ the money

    def test_unknown_price(self):
        self.in_production()
        prices = self.env['openapi_pec.price']
        prices.search([('operation', '=', 'certificate_otp')]).unlink()
        question = self.ask()
        self.assertTrue(question.is_price_wanted)
        with self.assertRaisesRegex(UserError, "type what the Openapi console asks"), self.env.cr.savepoint():
            question.action_confirm()
        certificate = self.buy(typed_price=88)
        self.assert_told(certificate, 'ordered', ['accepted'], 1)
        self.assertEqual((certificate.api_call_ids.price, prices._get('certificate_otp')), (88, 88))

    def test_another_one_beside_over_budget(self):
        """What waited for a decision was not counted meanwhile: its spending is cleared anew."""
        self.in_production()
        self.company.openapi_pec_budget = 120
        self.sandbox.create_certificate(certificateOwner="Mario Rossi", certificateType='EU-QES_otp')
        held = self.buy()
        self.assert_told(held, 'held', [], 0)
        other = self.env['res.partner'].create({'name': "Carla Neri", 'l10n_it_codice_fiscale': 'NRECRL80A41H501H'})
        self.assertEqual(self.buy(partner=other).state, 'ordered')
        action = held.with_user(self.manager).action_buy_further()
        self.commit()
        self.assert_told(held, 'held', [], 1)
        question = self.env[action['res_model']].with_user(self.manager).browse(action['res_id'])
        self.assertIn("over the budget", question.budget_sentence)
        with self.assertRaisesRegex(UserError, "over the budget"), self.env.cr.savepoint():
            question.action_confirm()
        question.reason = "he signs forty filings"
        question.kind = 'automatic'
        with self.assertRaisesRegex(UserError, "changed"), self.env.cr.savepoint():
            question.action_confirm()
        question.kind = 'otp'
        self.assertEqual(question.action_confirm()['res_id'], held.id)
        self.commit()
        self.assert_told(held, 'ordered', ['accepted'], 2)
        self.assertIn("he signs forty filings", self.messages(held))

    # ------------------------------------------------------------ taking over, following

    def test_taken_over_once(self):
        self.sandbox.create_certificate(certificateOwner="Mario Rossi", certificateType='EU-QES_otp')
        first, second = self.buy(), self.buy(partner=self.create_namesake(), is_further=True)
        self.assertEqual((first.state, second.state), ('held', 'held'))
        order = []
        lock_rows, get_certificate = certificate_module.lock_rows, SignatureClient.get_certificate
        self.patch(certificate_module, 'lock_rows', lambda *args: order.append('lock') or lock_rows(*args))
        self.patch(SignatureClient, 'get_certificate', lambda *args: order.append('read') or get_certificate(*args))
        self.act(first, 'action_take_over')
        self.assertEqual((first.state, order[:2]), ('ordered', ['read', 'lock']), "nobody waits for the service")
        with self.assertRaisesRegex(UserError, "was taken over already"):
            self.act(second, 'action_take_over')
        self.assertEqual(second.state, 'held')

    def test_lost_purchase_is_taken_over_by_nobody(self):
        """What a purchase has made whose answer is looked for still is its own, whoever asks meanwhile."""
        self.sandbox.fault(BUY_OTP, 'drop_after')
        lost = self.buy()
        other = self.buy(partner=self.create_namesake(), is_further=True)
        self.assertEqual((lost.state, other.state, other.candidate), ('unconfirmed', 'held', False))
        self.assertIn("which is not confirmed yet", other.error_message)
        with self.assertRaisesRegex(UserError, "None of those"), self.env.cr.savepoint():
            self.act(other, 'action_take_over')
        self.run_cron('remote_signatures')
        self.assert_told(lost, 'ordered', ['accepted'], 1)

    def test_forgotten_by_the_service(self):
        """Where neither it nor its list is known any more, nothing bars another purchase; and it may come back."""
        for state in ('NEW', 'DONE'):
            certificate = self.buy()
            self.sandbox.change_certificate(certificate.remote_id, stato=state)
            certificate.action_refresh()
            before = certificate.state
            self.sandbox.fault(READ_CERTIFICATE, 'error_before', status=404, body='')
            with self.assertRaisesRegex(UserError, "Nothing was changed"), self.env.cr.savepoint():
                certificate.with_user(self.user).action_refresh()
            self.assertEqual(certificate.state, before, "the list has it")
            self.sandbox.fault(READ_CERTIFICATE, 'error_before', status=404, body='')
            self.sandbox.fault(LIST_CERTIFICATES, 'wrong_shape', body={'data': []})
            certificate.retry_at = fields.Datetime.now() - timedelta(days=2)
            self.run_cron('remote_signatures')
            self.assertEqual((certificate.state, certificate.is_open), ('ended', False))
            self.assertIn("does not know this certificate any more", certificate.error_message)
            self.assertIn("nothing is paid", certificate.error_message)
            self.assertIn("ask Openapi", certificate.activity_ids.summary)
            certificate.with_user(self.user).action_refresh()
            self.assertEqual((certificate.state, certificate.error_message), (before, False))
            self.sandbox.change_certificate(certificate.remote_id, stato='EXPIRED')
            certificate.action_refresh()

    def test_odd_state_of_an_active_one(self):
        certificate = self.buy()
        self.activate(certificate)
        for stato in ('DREAMING', 'NEW'):
            self.sandbox.change_certificate(certificate.remote_id, stato=stato)
            certificate.action_refresh()
            self.assertEqual((certificate.state, certificate.remote_state), ('active', stato))

    def test_end_is_told_in_time(self):
        """No sooner than another one is to be bought, and once."""
        certificate = self.buy()
        self.activate(certificate)
        self.run_cron('remote_signatures')
        self.assertFalse(certificate.activity_ids)
        certificate.expires_at = fields.Datetime.now() + timedelta(days=50)
        self.run_cron('remote_signatures')
        self.assertIn("expires on", certificate.activity_ids.summary)
        certificate.activity_ids.action_done()
        self.run_cron('remote_signatures')
        self.assertFalse(certificate.activity_ids)

    def test_refresh_says_what_came(self):
        self.sandbox.fault(BUY_OTP, 'drop_after')
        certificate = self.buy()
        self.assertEqual(certificate.state, 'unconfirmed')
        self.assertFalse(certificate.with_user(self.user).action_refresh())
        self.assertEqual(certificate.state, 'ordered')
        self.assertIn("nothing is new", certificate.with_user(self.user).action_refresh()['params']['message'])

    def test_link_is_sent(self):
        certificate = self.buy()
        action = certificate.with_user(self.manager).action_send_link()
        self.assertIn("Send the link", certificate.activity_ids.summary, "it is not sent yet")
        composer = self.env['mail.compose.message'].with_user(self.manager).with_context(**action['context']).create({})
        composer._action_send_mail()
        message = certificate.message_ids[:1]
        self.assertIn(certificate.link, message.body)
        self.assertEqual(message.partner_ids, self.representative)
        self.assertFalse(certificate.activity_ids, "it is sent")
        self.activate(certificate)
        with self.assertRaisesRegex(UserError, "no link to be sent"):
            certificate.with_user(self.manager).action_send_link()
