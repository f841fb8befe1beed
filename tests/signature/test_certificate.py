from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module

from ..common import PecCase
from ..common_signature import BUY_OTP, LIST_CERTIFICATES, READ_CERTIFICATE

ANNA = 'BNCNNA85M41F205Q'  # nobody's


class CertificateCase(PecCase):
    """A company with remote signatures, and a person without a certificate."""

    def setUp(self):
        super().setUp()
        self.patch(client_module, 'READ_PAUSES', ())
        self.company.openapi_pec_sign_remotely = True
        self.sandbox.settings(credit=1000)

    def ask(self, user=None, partner=None, **values):
        """Open the question on the contact."""
        person = (partner or self.representative).with_user(user or self.manager)
        action = person.action_openapi_pec_buy_certificate()
        question = self.env[action['res_model']].with_user(user or self.manager).browse(action['res_id'])
        question.write(values)
        return question

    def buy(self, **values):
        """Answer the question, and return the certificate after the commit."""
        action = self.ask(**values).action_confirm()
        self.commit()
        return self.env['openapi_pec.certificate'].browse(action['res_id'])

    def in_production(self):
        self.company.openapi_pec_environment = 'production'

    def assert_told(self, certificate, state, line, paid=None):
        self.assertEqual(certificate.state, state)
        self.assertEqual(certificate.api_call_ids.mapped('state'), line)
        if paid is not None:
            self.assertEqual(self.sandbox.requested(BUY_OTP), paid)

    def act(self, certificate, button):
        getattr(certificate.with_user(self.manager), button)()
        self.commit()


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestCertificate(CertificateCase):
    """A certificate is bought once, whatever the service answers, and followed to its end."""

    # ------------------------------------------------------------ it is bought

    def test_bought(self):
        self.in_production()
        question = self.ask()
        self.assertIn("99.00", question.price_sentence)
        action = question.action_confirm()
        self.assertEqual(question.action_confirm()['res_id'], action['res_id'], "pressed twice")
        self.commit()
        certificate = self.env['openapi_pec.certificate'].browse(action['res_id'])
        self.assert_told(certificate, 'ordered', ['accepted'], 1)
        self.assertEqual((certificate.user_id, certificate.api_call_ids.money), (self.manager, 'paid'))
        self.assertRegex(certificate.link, r'^https://')
        self.assertIn("identifies himself", certificate.activity_ids.summary)
        sent = certificate.api_call_ids.get_sent()
        self.assertEqual(sent, {'certificateOwner': "Mario Rossi", 'customReference': certificate.reference})
        [cost] = self.env['openapi_pec.ledger'].search([('operation', '=', 'certificate_otp')])
        self.assertEqual(
            (cost.cost, cost.partner_id, cost.about), (99, self.representative, certificate.display_name))
        with self.assertRaisesRegex(UserError, "is being bought already"):
            self.ask().action_confirm()

    def test_followed(self):
        certificate = self.buy()
        self.sandbox.change_certificate(certificate.remote_id, stato='DONE')
        self.run_cron('remote_signatures')
        self.assertEqual((certificate.state, len(certificate.activity_ids)), ('active', 0))
        for stato, state in (('SUSPENDED', 'suspended'), ('DONE', 'active'), ('EXPIRED', 'ended')):
            self.sandbox.change_certificate(certificate.remote_id, stato=stato)
            self.assertFalse(certificate.with_user(self.user).action_refresh())
            self.assertEqual((certificate.state, len(certificate.activity_ids)), (state, 0))
        self.assertEqual(self.buy().state, 'ordered', "another one is bought")

    def test_over(self):
        """Who had a certificate that has ended is told so, and signs with another one; of others nobody knows."""
        partner = self.representative

        def is_over():
            return partner._is_openapi_pec_certificate_over(self.company, 'sandbox')

        self.assertFalse(is_over(), "what was bought elsewhere nobody knows")
        partner.openapi_pec_sign_username = 'RHI1'
        certificate = self.buy()
        self.assertFalse(is_over())
        self.sandbox.change_certificate(certificate.remote_id, stato='DONE')
        self.run_cron('remote_signatures')
        self.assertEqual((is_over(), partner.openapi_pec_sign_username), (False, False), "it has another username")
        certificate.expires_at = '2026-01-01'
        self.assertTrue(is_over(), "also before the service says so")
        self.assertFalse(partner._is_openapi_pec_certificate_over(self.company, 'production'))
        other = self.env['res.company'].create({'name': "Altra S.r.l."})
        self.assertFalse(
            partner._is_openapi_pec_certificate_over(other, 'sandbox'), "what another company has bought is its own")
        self.sandbox.change_certificate(certificate.remote_id, stato='EXPIRED')
        certificate.with_user(self.user).action_refresh()
        self.assertEqual((certificate.state, is_over(), len(certificate.activity_ids)), ('ended', True, 0))
        second = self.buy()
        self.sandbox.change_certificate(second.remote_id, stato='DONE')
        self.run_cron('remote_signatures')
        self.assertFalse(is_over())
        self.assertEqual(partner.with_user(self.user).openapi_pec_certificate_count, 2)
        action = partner.with_user(self.user).action_openapi_pec_certificates()
        self.assertEqual(
            self.env[action['res_model']].with_user(self.user).search(action['domain']), second | certificate)

    def test_unknown_state(self):
        certificate = self.buy()
        self.sandbox.change_certificate(certificate.remote_id, stato='DREAMING')
        self.run_cron('remote_signatures')
        self.assertEqual((certificate.state, certificate.remote_state), ('ordered', 'DREAMING'))
        self.sandbox.fault(READ_CERTIFICATE, 'error_before', status=500, body='x')
        with self.assertRaisesRegex(UserError, "cannot be asked now"):
            certificate.with_user(self.user).action_refresh()

    # ------------------------------------------------------------ it is not

    def test_refused(self):
        self.sandbox.settings(stock=0)
        certificate = self.buy()
        self.assert_told(certificate, 'failed', ['refused'], 1)
        self.assertIn("nothing was spent", certificate.error_message)
        self.sandbox.fault(BUY_OTP, 'error_before', status=403, body={
            'data': None, 'success': False, 'message': "no", 'error': 1})
        refused = self.buy()
        self.assertIn("scope for certificates", refused.error_message)
        self.assertNotIn("submit", refused.error_message, "there is nothing to submit")
        self.sandbox.settings(stock=9)
        self.assertEqual(self.buy().state, 'ordered')

    def test_without_credit(self):
        """It waits for the wallet, as filings do."""
        self.sandbox.settings(credit=1)
        certificate = self.buy()
        self.assert_told(certificate, 'queued', ['refused'])
        self.assertEqual(self.company.openapi_pec_pause_reason, 'credit')
        self.assertIn("Top up", certificate.activity_ids.summary)
        self.act(certificate, 'action_give_up')
        self.assertEqual(certificate.state, 'cancelled')

    def test_there_already(self):
        """The account has one for this name: a person decides, before anything is paid."""
        there = self.sandbox.create_certificate(certificateOwner="mario  ROSSI", certificateType='EU-QES_otp')
        certificate = self.buy()
        self.assert_told(certificate, 'held', [], 0)
        self.assertIn("has a certificate for this name already", certificate.error_message)
        self.assertIn(f"{there['id']} (NEW", certificate.error_message, "which one")
        self.act(certificate, 'action_take_over')
        self.assertEqual((certificate.state, certificate.remote_id), ('ordered', there['id']))
        with self.assertRaisesRegex(UserError, "has changed meanwhile"):
            self.act(certificate, 'action_buy_further')
        self.assertEqual(self.sandbox.requested(BUY_OTP), 0)
        self.sandbox.change_certificate(there['id'], stato='DONE')
        self.run_cron('remote_signatures')
        second = self.buy(is_further=True)
        self.assert_told(second, 'ordered', ['accepted'], 1)

    def test_several_there_already(self):
        """Which of several is meant nobody knows: none is taken over, and all are named."""
        there = [self.sandbox.create_certificate(certificateOwner="Mario Rossi", certificateType='EU-QES_otp')['id']
                 for _number in range(2)]
        certificate = self.buy()
        self.assert_told(certificate, 'held', [], 0)
        for remote_id in there:
            self.assertIn(remote_id, certificate.error_message)
        with self.assertRaisesRegex(UserError, "None of those"), self.env.cr.savepoint():
            self.act(certificate, 'action_take_over')
        self.act(certificate, 'action_buy_further')
        self.assert_told(certificate, 'ordered', ['accepted'], 1)

    def test_another_one_beside(self):
        self.sandbox.create_certificate(certificateOwner="Mario Rossi", certificateType='EU-QES_otp')
        certificate = self.buy()
        self.act(certificate, 'action_buy_further')
        self.assert_told(certificate, 'ordered', ['accepted'], 1)

    def restore(self, certificate):
        """Let the database be as it was before the purchase was called."""
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM openapi_pec_api_call WHERE res_model = %s", [certificate._name])
        self.env.invalidate_all()
        certificate.write({'state': 'queued', 'remote_id': False, 'retry_at': False})
        self.run_cron('dispatch')

    def test_restored(self):
        """What this very purchase has made is gone on with, and not bought again: also one that is meant beside others.
        """
        certificate = self.buy()
        self.restore(certificate)
        self.assert_told(certificate, 'ordered', ['accepted'], 1)
        self.assertEqual(certificate.api_call_ids.remote_id, certificate.remote_id)
        self.sandbox.create_certificate(certificateOwner="Anna Bianchi", certificateType='EU-QES_otp')
        anna = self.env['res.partner'].create({'name': "Anna Bianchi", 'l10n_it_codice_fiscale': ANNA})
        further = self.buy(partner=anna)
        self.act(further, 'action_buy_further')
        self.assert_told(further, 'ordered', ['accepted'], 2)
        self.sandbox.change_certificate(further.remote_id, certificateOwner="Dott.ssa Anna Bianchi")
        self.restore(further)
        self.assert_told(further, 'ordered', ['accepted'], 2)

    def test_queued_in_a_copy(self):
        """Once it is said to be the live database they go on, and what the other one has bought is not bought again."""
        self.env['ir.config_parameter'].set_param('database.uuid', 'a-copy')
        self.env.flush_all()
        self.env.invalidate_all()
        anna = self.env['res.partner'].create({'name': "Anna Bianchi", 'l10n_it_codice_fiscale': ANNA})
        first, second = self.buy(), self.buy(partner=anna)
        self.assertEqual((first.state, second.state, self.sandbox.requested(BUY_OTP)), ('queued', 'queued', 0))
        self.company._openapi_pec_client('sandbox', 'signature').buy_certificate(
            'certificate_otp', "Mario Rossi", first.reference)
        self.env['res.company']._openapi_pec_confirm_home()
        self.assertIn("says that this is the live database", self.messages(second))
        self.run_cron('dispatch')
        self.assertEqual((first.state, second.state, self.sandbox.requested(BUY_OTP)), ('ordered', 'ordered', 2))

    def test_no_look_no_purchase(self):
        certificate = None
        for fault, answer in (
                ('error_before', {'status': 500, 'body': 'x'}), ('error_before', {'status': 404, 'body': ''}),
                ('wrong_shape', {'body': {'data': [{'id': 'a' * 24, 'state': 'DONE'}]}})):
            with self.subTest(fault=fault, **answer):
                self.sandbox.fault(LIST_CERTIFICATES, fault, **answer)
                if certificate:
                    certificate.retry_at = False
                    self.run_cron('dispatch')
                certificate = certificate or self.buy()
                self.assert_told(certificate, 'queued', [], 0)
                self.assertIn("nothing was spent", certificate.error_message)
        certificate.retry_at = False
        self.run_cron('dispatch')
        self.assert_told(certificate, 'ordered', ['accepted'], 1)

    # ------------------------------------------------------------ the answer is lost

    def test_lost_and_found(self):
        self.sandbox.fault(BUY_OTP, 'drop_after')
        certificate = self.buy()
        self.assert_told(certificate, 'unconfirmed', ['pending'], 1)
        self.assertIn("not repeated", certificate.error_message)
        self.run_cron('dispatch')
        self.run_cron('remote_signatures')
        self.assert_told(certificate, 'ordered', ['accepted'], 1)

    def test_lost_and_not_found(self):
        self.sandbox.fault(BUY_OTP, 'drop_before')
        certificate = self.buy()
        self.run_cron('remote_signatures')
        self.assertFalse(certificate.can_be_freed)
        self.assertIn("Nothing has to be done now", certificate.error_message)
        with self.assertRaisesRegex(UserError, "looked for still"):
            self.free_lost(certificate)
        self.look_again(certificate, 'remote_signatures')
        self.assertTrue(certificate.can_be_freed)
        self.assertIn("a manager then presses \"Decide\"", certificate.error_message)
        self.look_again(certificate, 'remote_signatures', days=1)
        self.assertIn("does not show", certificate.activity_ids.summary)
        with self.assertRaisesRegex(UserError, "few words why"):
            self.free_lost(certificate, '')
        self.free_lost(certificate)
        self.assert_told(certificate, 'failed', ['never_arrived'], 1)
        for words in ("probably nothing was spent", "not certain", "for 30 days"):
            self.assertIn(words, certificate.error_message)
        self.assertIn("it is not in the console", self.messages(certificate))
        self.assertFalse(certificate.activity_ids)
        self.assert_named_before_another()
        self.assertEqual(self.buy(is_further=True).state, 'ordered')

    def assert_named_before_another(self):
        """What was perhaps paid is named before it is paid again, whichever contact the person is."""
        namesake = self.env['res.partner'].create(
            {'name': "Rossi Mario", 'l10n_it_codice_fiscale': 'RSSMRA80A01H501U'})
        for partner in (self.representative, namesake):
            question = self.ask(partner=partner)
            self.assertIn("An earlier call for the same was not found", question.known_sentence)
            with self.assertRaisesRegex(UserError, "Tick that another one"), self.env.cr.savepoint():
                question.action_confirm()
        self.assertFalse(self.ask(
            partner=self.env['res.partner'].create({'name': "Anna Bianchi", 'l10n_it_codice_fiscale': ANNA})
        ).known_sentence)

    def test_freed_and_refused(self):
        """That nothing was spent is true of this purchase, and not known of the earlier one."""
        self.free_though_bought()
        self.sandbox.weather(mood={'list_late': 3600})
        self.sandbox.settings(stock=0)
        other = self.buy(is_further=True)
        self.assert_told(other, 'failed', ['refused'])
        self.assertIn("Whether an earlier call, which was not found, was executed and paid", other.error_message)

    def test_freed_waits_for_the_right_account(self):
        """What was freed is not bought again while the token is perhaps another account's."""
        self.free_though_bought()
        self.company._openapi_pec_set_token('production', 'sandbox-token:other')
        other = self.buy(is_further=True)
        self.assert_told(other, 'queued', [], 1)
        self.assertRegex(other.error_message, "nothing was spent: .*Correct the token.*an earlier call")
        self.company._openapi_pec_write_facts('production', status=None)  # it is recognised
        other.retry_at = False
        self.run_cron('dispatch')
        self.assert_told(other, 'ordered', ['accepted'], 2)

    def test_lost_and_not_believed(self):
        """No look can be believed for a day: a system administrator alone frees it, and nothing is made probable."""
        self.sandbox.fault(BUY_OTP, 'drop_before')
        certificate = self.buy()
        for ago in ({'minutes': 10}, {'days': 2}):
            self.sandbox.fault(LIST_CERTIFICATES, 'error_before', status=500, body='x')
            self.look_again(certificate, 'remote_signatures', **ago)
        self.assertIn("system administrator", certificate.activity_ids.summary)
        self.assertNotIn("need not do anything", certificate.error_message)
        with self.assertRaisesRegex(UserError, "Only a system administrator"):
            self.free_lost(certificate)
        self.manager.group_ids += self.env.ref('base.group_system')
        self.free_lost(certificate)
        self.assertEqual(certificate.state, 'failed')
        self.assertIn("executed and paid is not known", certificate.error_message)
        self.assertNotIn("probably", certificate.error_message)

    def free_lost(self, certificate, reason="it is not in the console"):
        """Press the button of a lost purchase, and answer its question."""
        action = certificate.with_user(self.manager).action_open_free()
        question = self.env[action['res_model']].with_user(self.manager).browse(action['res_id'])
        question.reason = reason
        question.action_confirm()
        self.commit()

    def free_though_bought(self):
        """Buy one whose answer is lost and which the list shows late only, and free it; return it."""
        self.in_production()
        self.sandbox.fault(BUY_OTP, 'drop_after')
        self.sandbox.weather(mood={'list_late': 3600})
        certificate = self.buy()
        self.run_cron('remote_signatures')
        self.look_again(certificate, 'remote_signatures')
        self.free_lost(certificate)
        self.assertEqual(certificate.state, 'failed')
        self.sandbox.weather(mood={'list_late': 0})
        return certificate

    def buy_beside(self):
        """Buy another one although an earlier purchase was perhaps made, and the account has one of it; return it."""
        other = self.buy(is_further=True)
        self.assertEqual(other.state, 'held')
        action = other.with_user(self.manager).action_buy_further()
        question = self.env[action['res_model']].with_user(self.manager).browse(action['res_id'])
        question.is_further = True
        question.action_confirm()
        self.commit()
        return other

    def test_shows_late(self):
        """It was freed, and shows in the list afterwards: it is paid, and goes on."""
        certificate = self.free_though_bought()
        self.look_again(certificate, 'remote_signatures', days=2)
        self.assert_told(certificate, 'ordered', ['accepted'], 1)
        self.assertIn("executed after all", self.messages(certificate))
        self.assertIn("Send the link", certificate.activity_ids.summary)
        self.assertNotIn("refund", self.messages(certificate))
        self.assertRegex(certificate.link, r'^https://')
        with self.assertRaisesRegex(UserError, "is being bought already"):
            self.ask().action_confirm()

    def test_shows_late_though_bought_again(self):
        certificate = self.free_though_bought()
        other = self.buy_beside()
        self.look_again(certificate, 'remote_signatures', days=2)
        self.assert_told(certificate, 'failed', ['accepted'], 2)
        self.assertIn("two are one too many", self.messages(certificate))
        self.assertIn("another one was asked for", certificate.activity_ids.summary)
        self.assertTrue(certificate.remote_id)
        self.assertEqual(other.state, 'ordered')

    def test_shows_late_beside_the_other_kind(self):
        """An automatic one does not stand for one with which the person signs himself."""
        self.company.openapi_pec_sign_many = True
        certificate = self.free_though_bought()
        self.assertEqual(self.buy(kind='automatic', typed_price=60, is_further=True).state, 'ordered')
        self.look_again(certificate, 'remote_signatures', days=2)
        self.assert_told(certificate, 'ordered', ['accepted'], 1)
        self.assertNotIn("refund", self.messages(certificate))

    def test_shows_late_though_another_is_suspended(self):
        certificate = self.free_though_bought()
        other = self.buy_beside()
        self.sandbox.change_certificate(other.remote_id, stato='SUSPENDED')
        other.action_refresh()
        self.assertEqual(other.state, 'suspended')
        self.look_again(certificate, 'remote_signatures', days=2)
        self.assertEqual(certificate.state, 'failed')
        self.assertIn("two are one too many", self.messages(certificate))

    # ------------------------------------------------------------ who may, and the money

    def test_rights(self):
        with self.assertRaises(AccessError):
            self.ask(self.user)
        certificate = self.buy()
        for button in ('action_give_up', 'action_take_over', 'action_buy_further', 'action_open_free'):
            with self.assertRaises(AccessError):
                getattr(certificate.with_user(self.user), button)()
        with self.assertRaises(AccessError):
            certificate.with_user(self.user).action_free("it is not there")
        with self.assertRaises(AccessError):
            certificate.with_user(self.manager).write({'state': 'active'})
        with self.assertRaises(AccessError):
            certificate.with_user(self.outsider).read(['state'])

    def test_not_for_companies(self):
        with mute_logger('odoo.http'), self.assertRaisesRegex(UserError, "A certificate is a person's"):
            self.partner.with_user(self.manager).action_openapi_pec_buy_certificate()
        self.company.openapi_pec_sign_remotely = False
        with self.assertRaisesRegex(UserError, "switched off"):
            self.ask()

    def test_account_of_the_journal(self):
        """The person of a certificate is not the owner of the account that paid for it."""
        certificate = self.buy()
        self.assertRegex(certificate.api_call_ids.account, r'^\?', "whose it is was not known")
        self.assertNotIn("Mario Rossi", certificate.api_call_ids.account)

    def test_shown_on_the_contact(self):
        certificate = self.buy()
        self.assertEqual(self.representative.with_user(self.user).openapi_pec_certificate_ids, certificate)
        arch = self.env['res.partner'].with_user(self.user).get_view(view_type='form')['arch']
        self.assertIn('openapi_pec_certificate_count', arch)

    def test_budget(self):
        self.in_production()
        self.company.openapi_pec_budget = 50
        question = self.ask()
        self.assertIn("over the budget", question.budget_sentence)
        with self.assertRaisesRegex(UserError, "over the budget"), self.env.cr.savepoint():
            question.action_confirm()
        certificate = self.buy(reason="he signs forty filings")
        self.assertIn("he signs forty filings", self.messages(certificate))
        self.assert_told(certificate, 'ordered', ['accepted'], 1)

    def test_approval(self):
        """More than one manager spends alone: a second one approves it."""
        self.in_production()
        self.company.openapi_pec_approval_amount = 50
        other = self.manager.copy({'login': 'pec_second', 'name': "Dario Blu"})
        question = self.ask()
        self.assertTrue(question.is_approval_wanted)
        with self.assertRaisesRegex(UserError, "Ask for Approval"), self.env.cr.savepoint():
            question.action_confirm()
        approval = self.env['openapi_pec.approval'].browse(question.action_ask_approval()['res_id'])
        self.commit()
        self.assertEqual(self.sandbox.requested(BUY_OTP), 0)
        approval.with_user(other).action_approve()
        self.commit()
        certificate = self.env['openapi_pec.certificate'].search([('partner_id', '=', self.representative.id)])
        self.assert_told(certificate, 'ordered', ['accepted'], 1)
        line = certificate.api_call_ids
        self.assertEqual((line.user_id, line.approved_by_id), (self.manager, other))
