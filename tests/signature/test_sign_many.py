from datetime import timedelta

from lxml import etree

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.account import MASK
from odoo.addons.l10n_it_openapi_pec.models.signature.signature_follow import Answer
from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import NotSent

import p7m_files as files

from ..common import PecCase
from ..common_signature import LIST_SIGNATURES, PIN, READ_SIGNATURE, SIGN_AUTOMATIC

COUNT = 30
ANNA = 'BNCNNA85M41F205Q'  # nobody's


class SignManyCase(PecCase):
    """A multiple filing that waits for its signatures, and a signer of the company with an automatic certificate."""
    count = COUNT

    def setUp(self):
        super().setUp()
        self.patch(client_module, 'READ_PAUSES', ())
        self.sandbox.settings(credit=10000)
        self.signer = new_test_user(
            self.env, 'pec_signer', 'base.group_user,l10n_it_openapi_pec.group_signer',
            {'no_reset_password': True}, name="Dora Firma").with_env(self.env)
        self.intermediary = self.env['res.partner'].create(
            {'name': "Anna Bianchi", 'l10n_it_codice_fiscale': ANNA})
        self.company.write({'openapi_pec_sign_many': True, 'openapi_pec_signer_id': self.intermediary.id})
        self.use_certificate()
        self.batch = self.make_batch(self.count)
        self.filings = self.batch.communication_ids

    def use_certificate(self, username=None, pin=PIN, tax_code=ANNA):
        """Have the company use an automatic certificate, of which the sandbox knows the PIN that is searched for."""
        username = username or self.sandbox.create_certificate(
            certificateOwner="Anna Bianchi", tax_code=tax_code, certificateType='EU-QES_automatic',
            pin=PIN)['fields']['username']
        for environment in ('sandbox', 'production'):
            self.company._openapi_pec_set_signer(environment, 'username', username)
            self.company._openapi_pec_set_signer(environment, 'pin', pin)
        self.username = username

    def make_batch(self, count, name="Cliente %02d S.r.l."):
        """Bring a multiple filing to where it waits for its signatures."""
        action = self.create_companies(count, name).with_user(self.manager).action_openapi_pec_communicate()
        batch = self.env['openapi_pec.batch'].browse(action['context']['openapi_pec_batch_id'])
        batch.communication_ids.user_id = self.manager
        self.submit(batch.communication_ids)
        self.run_cron('dispatch')
        self.sandbox.set_stato('in_attesa_di_documenti')
        for _round in range(count // 10 + 1):
            self.run_cron('synchronize')
        self.assertEqual(set(batch.communication_ids.mapped('state')), {'awaiting_documents'})
        self.assertTrue(all(batch.communication_ids.mapped('procura_id')))
        return batch

    def ask(self, records=None, user=None, **values):
        """Open the question, and declare that the mandates are there."""
        records = self.batch if records is None else records
        action = records.with_user(user or self.signer).action_open_sign_many()
        question = self.env[action['res_model']].with_user(user or self.signer).browse(action['res_id'])
        question.write({'has_mandates': True, **values})
        return question

    def sign_all(self, records=None, **values):
        """Press the button, declare, confirm; and let what follows the commit happen."""
        self.ask(records, **values).action_confirm()
        self.commit()

    def follow(self):
        """Run the jobs that read what became of the signatures, and judge the files."""
        self.run_cron('remote_signatures')
        self.run_cron('uploads')

    @property
    def attempts(self):
        return self.env['openapi_pec.signature'].search([('communication_id', 'in', self.filings.ids)], order='id')

    def get_outcomes(self):
        return [(attempt.state, attempt.outcome) for attempt in self.attempts]


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSignMany(SignManyCase):
    """Thirty powers of attorney with one confirmation."""

    def test_signed(self):
        question = self.ask()
        self.assertIn("30 powers of attorney are signed in the name of Anna Bianchi", question.signed_sentence)
        self.assertFalse(question.left_sentence)
        shown = [question.action_confirm() for _press in range(2)]
        self.assertEqual(
            [(action['res_model'], action['res_id'], action['target']) for action in shown],
            [('openapi_pec.sign_many', question.id, 'new')] * 2)
        self.commit()
        self.assertEqual(self.sandbox.requested(SIGN_AUTOMATIC), COUNT)
        for shown in (self.batch, question):
            self.assertIn("30 being signed", shown.signing_sentence)
            self.assertTrue(shown.is_signing)
        self.assertFalse(self.batch.with_user(self.signer).can_sign_many, "all are being signed")
        self.follow()
        self.assertEqual(set(self.get_outcomes()), {('done', False)})
        self.assertEqual(set(self.filings.mapped('signature_level')), {'good'})
        question.invalidate_recordset()
        for shown in (self.batch, question):
            self.assertIn("30 signed", shown.signing_sentence)
            self.assertIn("Dora Firma", shown.signing_sentence)
            self.assertEqual((shown.signing_progress, shown.is_signing), (100, False))
        self.assertEqual(self.batch.to_sign_count, 0)
        for filing, attempt in zip(self.filings, self.attempts, strict=True):
            self.assertIn(filing.procura_id.raw, filing.signed_procura_id.raw)
            self.assertIn("Signed by the appointed intermediary, Anna Bianchi", filing.signature_findings)
            self.assertEqual(self.messages(filing).count("Dora Firma has the power of attorney signed"), 1)
            self.assertIn("was appointed by each of the applicants", attempt.mandate)
            self.assertEqual(attempt.api_call_ids.mapped('state'), ['accepted'])
            self.assertEqual(attempt.api_call_ids.user_id, self.signer)
        self.filings.with_user(self.user).action_send_documents()
        self.commit()
        self.run_cron('dispatch')
        self.assertEqual(set(self.filings.mapped('state')), {'documents_uploaded'})

    def test_wrong_pin(self):
        """One attempt at the service, and the others are not begun."""
        for told in ('state', 'refusal'):
            with self.subTest(told=told):
                self.sandbox.settings(credentials_told=told)
                self.use_certificate(self.username, "wrong")
                before = self.sandbox.requested(SIGN_AUTOMATIC)
                self.sign_all()
                self.assertEqual(self.sandbox.requested(SIGN_AUTOMATIC), before + 1)
                outcomes = self.get_outcomes()[-COUNT:]
                self.assertEqual(outcomes[0], ('failed', 'wrong_credentials'))
                self.assertEqual(set(outcomes[1:]), {('failed', 'not_begun')})
                self.assertIn("1 not signed", self.batch.signing_sentence)
                self.assertIn("29 not begun, and nothing was spent", self.batch.signing_sentence)
                for shown in (self.batch, self.filings[0]):
                    self.assertIn("Have a system administrator correct it", shown.signing_sentence)
                    self.assertIn("In the sandbox nothing is paid", shown.signing_sentence)
                    self.assertNotIn("not known", shown.signing_sentence)
                self.assertNotIn("signed again", self.batch.signing_sentence, "it is to be corrected first")
                self.assertFalse([
                    filing for filing in self.filings if "and declares" in self.messages(filing)], "none was signed")
                with self.assertRaisesRegex(UserError, "was not accepted the last time"):
                    self.ask()
        self.follow()
        self.assertEqual(self.sandbox.requested(SIGN_AUTOMATIC), 2, "no job signs")
        self.use_certificate(self.username)
        self.sign_all()
        self.follow()
        self.assertEqual(set(self.get_outcomes()[-COUNT:]), {('done', False)})

    def test_account_without_credit(self):
        """What all would be refused for is asked once."""
        self.sandbox.fault(SIGN_AUTOMATIC, 'error_before', status=402, body={
            'data': None, 'success': False, 'message': "no", 'error': 1})
        self.sign_all()
        self.assertEqual(self.sandbox.requested(SIGN_AUTOMATIC), 1)
        self.assertEqual(self.get_outcomes()[0], ('failed', 'refused'))
        self.assertEqual(set(self.get_outcomes()[1:]), {('failed', 'not_begun')})
        self.assertEqual(self.attempts.api_call_ids.mapped('money'), ['nothing'])

    def test_read_once(self):
        """One list tells what became of all, and nothing is read one by one but the signed files."""
        self.sign_all()
        asked = {name: self.sandbox.requested(name) for name in (LIST_SIGNATURES, READ_SIGNATURE)}
        self.assertEqual(asked[READ_SIGNATURE], 0, "the request of the click signs, and reads nothing")
        self.run_cron('remote_signatures')
        self.assertEqual(self.sandbox.requested(READ_SIGNATURE), COUNT)
        self.assertLessEqual(self.sandbox.requested(LIST_SIGNATURES) - asked[LIST_SIGNATURES], 2, "a page, and no more")
        self.run_cron('uploads')
        self.assertEqual(set(self.get_outcomes()), {('done', False)})

    def test_secret(self):
        """The PIN stands in no table and no attachment, and nobody reads it back."""
        self.sandbox.fault(SIGN_AUTOMATIC, 'error_before', status=422, body={
            'data': None, 'success': False, 'message': f"no {PIN} {self.username}", 'error': 615})
        self.sandbox.fault(SIGN_AUTOMATIC, 'error_before', status=500, body=f'{PIN} {self.username}', skip=5)
        self.sign_all()
        self.follow()
        self.assertEqual({state for state, _outcome in self.get_outcomes()}, {'done', 'failed', 'unconfirmed'})
        self.env.flush_all()
        self.env.cr.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for [table] in self.env.cr.fetchall():
            for secret in (PIN, self.username):
                self.env.cr.execute(f'SELECT 1 FROM "{table}" AS whole_row WHERE strpos(whole_row::text, %s) > 0 '
                                    'LIMIT 1', [secret])
                self.assertFalse(self.env.cr.fetchall(), table)
        for attachment in self.env['ir.attachment'].sudo().search([]):
            self.assertNotIn(PIN.encode(), attachment.raw or b'', attachment.name)
        settings = self.env['res.config.settings'].create({})
        fields = ('openapi_pec_signer_username', 'openapi_pec_signer_pin')
        self.assertEqual([settings[field] for field in fields], [MASK, MASK])
        [told] = settings.web_save(
            dict(zip(fields, (self.username, PIN), strict=True)), {field: {} for field in fields})
        self.assertEqual([told[field] for field in fields], [MASK, MASK], "not even to who has just typed it")
        for line in self.attempts.api_call_ids:
            self.assertEqual(
                set(line.get_sent()) - {'callback'}, {'title', 'signatureType', 'options', 'size', 'sha256'})

    # ------------------------------------------------------------ sets

    def count_queries(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_queries_of_the_question(self):
        """The question, its confirmation and what is shown take no more queries for more filings."""
        def show(filings):
            question = self.ask(filings.browse(filings.ids))  # as a batch, just read, has them
            question.read(['signed_sentence', 'left_sentence', 'price_sentence', 'wallet_sentence', 'mandate'])
            return question

        self.count_queries(lambda: show(self.filings[:5]))  # fills the caches that belong to no filing
        few = self.count_queries(lambda: show(self.filings[:5]))
        self.assertLessEqual(self.count_queries(lambda: show(self.filings)), few + 3)
        one, others = show(self.filings[:5]), show(self.filings[5:])
        few = self.count_queries(one.action_confirm)
        many = self.count_queries(others.action_confirm)
        self.assertLess((many - few) / 20, 0.5, f"{few}, {many}")

    def test_queries_of_the_recording(self):
        self.sign_all()
        waiting = self.attempts.sudo()

        def take(attempts):
            attempts._take_signed({attempt.id: Answer(content=b'signed') for attempt in attempts})

        few = self.count_queries(lambda: take(waiting[:5]))
        many = self.count_queries(lambda: take(waiting[5:]))
        self.assertLessEqual(many, few + 3)
        self.assertEqual(set(waiting.mapped('state')), {'judging'})


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSignFew(SignManyCase):
    """Who may, what is left out, and what becomes of single ones; with a few filings."""
    count = 4

    # ------------------------------------------------------------ who may

    def test_who_may(self):
        for user in (self.manager, self.user):
            with self.assertRaisesRegex(AccessError, "ask a signer"):
                self.ask(user=user)
            self.assertFalse(self.batch.with_user(user).can_sign_many)
        with self.assertRaises(AccessError):
            self.ask(user=self.outsider)
        question = self.env['openapi_pec.sign_many'].with_user(self.manager)
        with self.assertRaisesRegex(AccessError, "ask a signer"):
            question.create({'communication_ids': [Command.set(self.filings.ids)], 'has_mandates': True})
        self.assertTrue(self.batch.with_user(self.signer).can_sign_many)
        self.assertIn('action_open_sign_many', self.batch.with_user(self.signer).get_worklist()['may'])
        with self.assertRaises(AccessError):
            self.ask().with_user(self.manager).action_confirm()
        self.assertFalse(self.attempts)

    def test_list_button(self):
        """The button of the list is there for signers of a company that has it switched on, and for nobody else."""
        def is_shown(user):
            views = self.env['openapi_pec.communication'].with_user(user).with_context(
                allowed_company_ids=self.company.ids)
            return 'action_open_sign_many' in views.get_view(
                self.env.ref('l10n_it_openapi_pec.view_worklist_list').id, 'list')['arch']
        self.assertEqual([is_shown(user) for user in (self.signer, self.manager)], [True, False])
        self.company.openapi_pec_sign_many = False
        self.assertFalse(is_shown(self.signer))

    def test_switched_off(self):
        question = self.ask()
        for values, told in (
                ({'openapi_pec_sign_many': False}, "switched off"),
                ({'openapi_pec_signer_id': False}, "not said whose")):
            before = {name: self.company[name] for name in values}
            self.company.write(values)
            for ask in (self.ask, question.action_confirm):
                with self.assertRaisesRegex(UserError, told):
                    ask()
            self.company.write(before)
        self.company._openapi_pec_set_signer('sandbox', 'pin', False)
        with self.assertRaisesRegex(UserError, "is missing, or cannot be read"):
            self.ask()
        self.assertFalse(self.attempts)

    def test_paused_or_a_copy(self):
        """No call would be made now, and no signature waits: it is said before anything is declared."""
        question = self.ask()

        def assert_halted(cause):
            for ask in (self.ask, question.action_confirm):
                with self.assertRaisesRegex(UserError, f"Nothing was signed or spent: .*{cause}"), (
                        self.env.cr.savepoint()):
                    ask()

        self.company.write({'openapi_pec_pause_reason': 'credit', 'openapi_pec_paused_until': '2099-01-01'})
        assert_halted("too little credit")
        self.company._openapi_pec_resume()
        self.env['ir.config_parameter'].set_param('database.uuid', 'a-copy')
        assert_halted("may be a copy")
        self.assertFalse(self.attempts)

    def test_wrong_before_they_were_typed(self):
        """An attempt of before the credentials were typed anew says nothing of these."""
        typed = fields.Datetime.now()
        self.use_certificate(self.username)
        self.company._openapi_pec_stop_signer('sandbox', typed - timedelta(hours=1))
        self.assertFalse(self.company._openapi_pec_get_signer_problem())
        self.company._openapi_pec_stop_signer('sandbox', typed + timedelta(minutes=1))
        self.assertIn("not accepted the last time", self.company._openapi_pec_get_signer_problem())

    def test_settings(self):
        """Username and PIN are replaced, each environment's own, and never read back; a copy has none."""
        settings = self.env['res.config.settings'].create({'openapi_pec_signer_pin': "new-pin"})
        settings.execute()
        secret = self.env['openapi_pec.secret']
        key = self.company._openapi_pec_get_signer_key
        self.assertEqual(
            [secret._get(key(environment, 'pin')) for environment in ('sandbox', 'production')], ["new-pin", PIN])
        self.assertEqual(secret._get(key('sandbox', 'username')), self.username, "the mask is no username")
        with self.assertRaisesRegex(ValidationError, "at most 64") as caught:
            self.env['res.config.settings'].create({'openapi_pec_signer_pin': "p i n"})
        self.assertNotIn("p i n", str(caught.exception))
        for wrong in ("12345678", "RHI1234567890123"):
            with self.assertRaisesRegex(ValidationError, "begins with AHI") as caught:
                self.env['res.config.settings'].create({'openapi_pec_signer_username': wrong})
            self.assertNotIn(wrong, str(caught.exception))
        self.assertFalse(settings.openapi_pec_signer_problem)
        self.intermediary.l10n_it_codice_fiscale = False
        opened = self.env['res.config.settings'].create({})
        self.assertIn("no valid tax code of a person", opened.openapi_pec_signer_problem)
        opened.openapi_pec_signer_id = self.env.user.partner_id
        self.assertIn("no valid tax code of a person", opened.openapi_pec_signer_problem)
        opened.openapi_pec_signer_id = False
        self.assertFalse(opened.openapi_pec_signer_problem)
        with self.assertRaises(AccessError):
            self.env['res.config.settings'].with_user(self.signer).create({})
        arch = etree.fromstring(self.env['res.config.settings'].get_view(view_type='form')['arch'])
        [shown] = arch.xpath("//setting[@id='openapi_pec_delete_days']")
        self.assertIn('and not openapi_pec_sign_many', shown.get('invisible'), "what it deletes can be seen, and set")

    # ------------------------------------------------------------ the question

    def test_left_out(self):
        signed, given_up, further, free = self.filings
        self.upload(signed)
        given_up.state = 'cancelled'
        self.sandbox.fault(SIGN_AUTOMATIC, 'drop_before')
        self.sign_all(further)
        self.assertEqual(self.get_outcomes(), [('unconfirmed', 'unconfirmed')])
        question = self.ask()
        self.assertIn("One power of attorney is signed", question.signed_sentence)
        for told in (
                "1: a signed file is there already", "1: no signature is awaited", "1: a signature is being asked"):
            self.assertIn(told, question.left_sentence)
        question.action_confirm()
        self.commit()
        self.assertEqual(self.attempts[-1:].communication_id, free)
        with self.assertRaisesRegex(UserError, "nothing to sign"):
            self.ask()

    def test_made_after_all(self):
        """What was taken for lost is told as made once the service has signed it; then it is not signed again."""
        self.company.openapi_pec_parallel_calls = 1
        self.sandbox.settings(signing_late=3600)
        self.sandbox.weather(mood={'list_late': 3600})
        self.sandbox.fault(SIGN_AUTOMATIC, 'drop_after', skip=1)
        self.sign_all()
        attempt = self.attempts[1]
        for _look in range(2):
            self.look_again(attempt, 'remote_signatures', minutes=2)
        self.sandbox.weather(mood={'list_late': 0})
        self.look_again(attempt, 'remote_signatures', days=2)
        line = attempt.api_call_ids
        self.assertEqual((attempt.state, attempt.outcome, line.state), ('lost', 'lost', 'never_arrived'))
        self.assertEqual(fields.Date.to_date(line.last_look_at), fields.Date.today(), "it was looked for")
        self.sandbox.settings(signing_late=0)
        self.look_again(attempt, 'remote_signatures', days=2)
        self.assertEqual((attempt.outcome, line.state), ('late', 'accepted'))
        question = self.ask()
        self.assertIn("1: a signature that was taken for lost was made after all", question.left_sentence)
        self.assertIn("2 powers of attorney are signed", question.signed_sentence)

    def test_paid_in_vain(self):
        """What was perhaps paid, and is not here, is named before it is paid again, whatever was tried since."""
        self.company.openapi_pec_environment = self.filings.environment = 'production'
        lost = self.filings[0]
        question = self.ask()
        self.assertNotIn("of these", question.price_sentence)
        self.sandbox.fault(SIGN_AUTOMATIC, 'drop_before')
        self.sign_all(lost)
        for _look in range(2):
            self.look_again(self.attempts, 'remote_signatures', minutes=2)
        self.assertEqual(self.get_outcomes(), [('lost', 'lost')])
        with self.assertRaisesRegex(UserError, "has changed meanwhile .what was paid before."):
            question.action_confirm()
        self.patch(const.sign_many, 'SECONDS', -1)
        self.sign_all(lost)
        self.assertEqual(self.get_outcomes()[-1], ('failed', 'not_begun'))
        self.assertRegex(self.ask().price_sentence, "(?s)4 at EUR.*1 of these: .* A new one is paid again")
        self.company.openapi_pec_environment = self.filings.environment = 'sandbox'
        self.assertNotIn("of these", self.ask().price_sentence)

    def test_answers(self):
        with self.assertRaisesRegex(UserError, "Tick that you hold"):
            self.ask(has_mandates=False).action_confirm()
        self.company.openapi_pec_environment = 'production'
        self.filings.environment = 'production'
        question = self.ask()
        self.assertIn("EUR 0.10 together", question.price_sentence)
        self.assertIn("4 at EUR 0.025 each", question.price_sentence)
        self.env.ref('l10n_it_openapi_pec.price_sign_automatic').amount = 0.5
        with self.assertRaisesRegex(UserError, "has changed meanwhile .the price."):
            question.action_confirm()
        self.company.openapi_pec_budget = 1
        with self.assertRaisesRegex(UserError, "few words why") as caught, self.env.cr.savepoint():
            self.ask().action_confirm()
        for told in (str(caught.exception), self.ask().budget_sentence):
            self.assertIn("The budget for calls of the service does not suffice", told)
            self.assertNotIn("EUR", told, "what is spent is told to managers alone")
        self.signer.group_ids += self.env.ref('l10n_it_openapi_pec.group_manager')
        self.assertIn("of EUR 1.00 are spent", self.ask().budget_sentence)
        self.env.invalidate_all()
        self.company.openapi_pec_budget = 100
        self.ask(reason="The deadline is on Friday").action_confirm()
        self.commit()
        self.assertEqual(set(self.attempts.api_call_ids.mapped('money')), {'paid'})
        self.assertEqual(sum(self.attempts.api_call_ids.mapped('spent')), 2)

    def test_parts_of_a_cent(self):
        """What costs less than a cent is counted with its price, wherever it is summed up."""
        self.company.write({'openapi_pec_environment': 'production', 'openapi_pec_budget': 0.1})
        self.filings.environment = 'production'
        question = self.ask()
        self.assertIn("4 at EUR 0.025 each", question.price_sentence)
        self.assertFalse(question.budget_sentence, "the budget suffices for four of them")
        question.action_confirm()
        self.assertEqual(set(self.attempts.mapped('asked_price')), {0.025})
        self.assertEqual(round(self.company._openapi_pec_get_spent(), 6), 0.1)
        self.commit()
        self.assertEqual(set(self.attempts.api_call_ids.mapped('spent')), {0.025})
        self.assertEqual(round(self.company._openapi_pec_get_spent(), 6), 0.1)
        [sums] = self.env['openapi_pec.ledger']._read_group(
            [('operation', '=', 'sign_automatic')], [], ['cost:sum', 'vat:sum'])
        self.assertEqual([round(amount, 6) for amount in sums], [0.1, 0.022])
        self.assertEqual(set(self.filings.with_user(self.manager).mapped('cost')), {0.025})
        self.assertEqual([self.company._openapi_pec_show_eur(amount) for amount in (15.7, 0.1, 0.025, 7.5000001)], [
            '15.70', '0.10', '0.025', '7.50'])
        prices = self.env['openapi_pec.price']
        prices._note_told('sign_automatic', False, 0.03, None, "a list")
        self.assertEqual(prices._get('sign_automatic'), 0.03)

    def test_approval(self):
        """Above the amount a second manager approves; who asks is a signer and a manager."""
        self.company.write({'openapi_pec_environment': 'production', 'openapi_pec_approval_amount': 0.01})
        self.filings.environment = 'production'
        with self.assertRaises(AccessError):
            self.ask().action_ask_approval()
        self.signer.group_ids += self.env.ref('l10n_it_openapi_pec.group_manager')
        action = self.ask().action_ask_approval()
        approval = self.env[action['res_model']].with_user(self.manager).browse(action['res_id'])
        self.assertEqual(approval.action_approve(), {'type': 'ir.actions.act_window_close'}, "who is no signer")
        self.commit()
        self.assertEqual(self.attempts.mapped('asked_by_id'), self.signer)
        self.assertEqual(self.attempts.mapped('approved_by_id'), self.manager)
        self.assertEqual(self.sandbox.requested(SIGN_AUTOMATIC), self.count)

    def test_two_questions(self):
        """Two people have the same filings signed: each is signed once."""
        first, second = self.ask(), self.ask()
        first.action_confirm()
        with self.assertRaisesRegex(UserError, "has changed meanwhile"):
            second.action_confirm()
        self.commit()
        self.assertEqual(self.sandbox.requested(SIGN_AUTOMATIC), self.count)

    def test_told_from_a_list(self):
        """What is signed from a list is told where it was asked, whichever multiple filings it belongs to."""
        self.filings[0].sudo().batch_id = False
        question = self.ask(self.filings[:3])
        question.action_confirm()
        self.commit()
        self.assertIn("3 being signed", question.signing_sentence)
        self.assertIn("2 being signed", self.batch.signing_sentence)

    def test_several_reasons(self):
        """Where several stand against several, each filing says its own."""
        for code in (615, 640):
            self.sandbox.fault(SIGN_AUTOMATIC, 'error_before', status=422, body={
                'data': None, 'success': False, 'message': "no", 'error': code})
        self.sign_all()
        self.follow()
        self.assertRegex(self.batch.signing_sentence, r"2 signed, 2 not signed: each filing says why\.$")

    def test_moment(self):
        """When it was asked for is told by the reader's clock; by Italy's where he has none."""
        self.sign_all()
        self.attempts.asked_at = '2026-07-30 22:40:00'
        for zone, told in (('Asia/Tokyo', "7:40"), (False, "12:40")):
            self.signer.tz = zone
            self.assertIn(told, self.batch.with_user(self.signer).signing_sentence)
            self.batch.invalidate_recordset()

    # ------------------------------------------------------------ in time

    def test_not_begun(self):
        """No time is left: nothing is asked for, and a second click signs all."""
        self.patch(const.sign_many, 'SECONDS', -1)
        self.sign_all()
        self.assertEqual(set(self.get_outcomes()), {('failed', 'not_begun')})
        self.assertEqual(self.sandbox.requested(SIGN_AUTOMATIC), 0)
        self.assertIn("4 not begun", self.batch.signing_sentence)
        self.assertIn("have them signed again", self.batch.signing_sentence)
        self.assertIn("Press Sign Them All in the multiple filing", self.filings[0].signing_sentence)
        self.patch(const.sign_many, 'SECONDS', 60)
        self.sign_all()
        self.follow()
        self.assertIn("4 signed", self.batch.signing_sentence)

    def test_stopped(self):
        """What was not asked because another one failed for all is not begun; no one-time password is spoken of."""
        self.ask().action_confirm()
        self.env.cr.postcommit.clear()
        stopped, not_asked, *_others = self.attempts
        line = stopped._create_line('sign_automatic')
        stopped._record_outcome(line.id, None, NotSent("Another one failed", reason='stopped'))
        self.assertEqual((stopped.outcome, line.state, line.money), ('not_begun', 'not_sent', 'nothing'))
        not_asked._requeue("the document was replaced")
        for attempt in (stopped, not_asked):
            self.assertIn("Nothing was signed or spent", attempt.error_message)
            self.assertIn("Sign Them All", attempt.error_message)
            self.assertNotIn("one-time", attempt.error_message)

    def test_some_not_begun(self):
        self.company.openapi_pec_parallel_calls = 1
        self.patch(const.sign_many, 'SECONDS', 3)
        self.sandbox.fault(SIGN_AUTOMATIC, 'delay_before', seconds=4, skip=1)
        self.sign_all()
        self.follow()
        self.assertEqual(self.get_outcomes(), [('done', False)] * 2 + [('failed', 'not_begun')] * 2)
        self.assertIn("2 signed, 2 not begun", self.batch.signing_sentence)
        self.assertEqual(["and declares" in self.messages(filing) for filing in self.filings], [True] * 2 + [False] * 2)
        self.assertEqual(self.filings[0].message_ids.filtered(
            lambda message: "and declares" in message.body).author_id, self.signer.partner_id)

    def test_no_job_signs(self):
        """The request died before its calls: the job closes what nobody has the PIN of any more."""
        self.ask().action_confirm()
        self.env.cr.postcommit.clear()
        self.env.flush_all()
        self.run_cron('dispatch')
        self.run_cron('remote_signatures')
        self.assertEqual(set(self.get_outcomes()), {('queued', False)}, "it may be about to begin")
        self.attempts.asked_at = '2026-01-01'
        self.follow()
        self.run_cron('dispatch')
        self.assertEqual(set(self.get_outcomes()), {('failed', 'not_begun')})
        self.assertEqual(self.sandbox.requested(SIGN_AUTOMATIC), 0)

    # ------------------------------------------------------------ single ones

    def test_first_is_refused(self):
        """One document that the service does not take keeps no other one from being signed."""
        self.sandbox.fault(SIGN_AUTOMATIC, 'error_before', status=422, body={
            'data': None, 'success': False, 'message': "no", 'error': 615})
        self.sign_all()
        self.follow()
        self.assertEqual(self.get_outcomes(), [('failed', 'refused'), *[('done', False)] * 3])

    def test_first_waits(self):
        """One that waits does not show whether the PIN is right: no other one is tried with this click."""
        self.sandbox.fault(SIGN_AUTOMATIC, 'error_before', times=-1, status=200, body={
            'data': {'id': 'f' * 24, 'state': 'WAIT_SIGN'}, 'success': True, 'message': '', 'error': None})
        self.sign_all()
        self.assertEqual(self.sandbox.requested(SIGN_AUTOMATIC), 1)
        self.assertEqual(self.get_outcomes(), [('waiting', 'waiting'), *[('failed', 'not_begun')] * 3])

    def test_lost_in_the_middle(self):
        """A lost answer stops the others, and is found by the job: nothing is signed twice."""
        self.company.openapi_pec_parallel_calls = 1
        self.sandbox.fault(SIGN_AUTOMATIC, 'drop_after', skip=1)
        self.sign_all()
        self.assertEqual(self.get_outcomes(), [
            ('waiting', 'waiting'), ('unconfirmed', 'unconfirmed'), *[('failed', 'not_begun')] * 2])
        self.follow()
        self.follow()
        self.assertEqual(self.get_outcomes()[:2], [('done', False)] * 2)
        self.assertEqual([self.messages(filing).count("and declares") for filing in self.filings], [1, 1, 0, 0])
        self.sign_all()
        self.follow()
        self.assertEqual(len(self.sandbox.signatures()), self.count)
        self.assertEqual(set(self.filings.mapped('signature_level')), {'good'})

    def test_verdict_refuses(self):
        """The service hands out something else: it is not kept, and the filing is left out the next time."""
        self.sandbox.fault(READ_SIGNATURE, 'error_before', status=200, body="no signed file")
        self.sign_all()
        self.follow()
        refused = self.filings.filtered(lambda filing: not filing.signed_procura_id)
        self.assertEqual(len(refused), 1)
        self.assertIn("would be refused", refused.signing_sentence)
        self.assertIn("3 signed, 1 not signed", self.batch.signing_sentence)
        with self.assertRaisesRegex(UserError, "would be paid for nothing"):
            self.ask()

    def test_paid_and_not_paid(self):
        """No one reason speaks for what was not signed where some of it is paid."""
        self.sandbox.fault(SIGN_AUTOMATIC, 'error_before', skip=1, status=422, body={
            'data': None, 'success': False, 'message': "no", 'error': 615})
        self.sandbox.fault(READ_SIGNATURE, 'error_before', status=200, body="no signed file")
        self.sign_all()
        self.follow()
        self.assertRegex(self.batch.signing_sentence, r"2 signed, 2 not signed: each filing says why\.$")

    def test_somebody_else_signs(self):
        """The certificate is another person's than the settings say: it is looked at before it is sent."""
        self.intermediary.l10n_it_codice_fiscale = 'VRDLGU70A01F205R'
        self.sign_all()
        self.follow()
        self.assertEqual(set(self.filings.mapped('signature_level')), {'warning'})

    def test_uploaded_by_hand(self):
        """What he signs elsewhere is judged as today, also where he has signed other filings here."""
        self.sign_all(self.filings[:3])
        self.follow()
        last = self.filings[3]
        self.upload(last, files.sign(
            files.identity(serial_number=f'TINIT-{ANNA}', given="Anna", surname="Bianchi"), last.procura_id.raw))
        self.assertEqual(last.signature_level, 'warning')
        self.assertIn("not by the applicant", last.signature_findings)
        self.assertEqual(self.filings[0].signature_level, 'good')

    def test_uploaded_meanwhile(self):
        """What the signer has uploaded himself is judged before the signed file takes its place."""
        filing = self.filings[0]
        self.sign_all(filing)
        self.env['openapi_pec.signer_upload']._keep(
            filing, {'signed_file': files.sign(files.identity(), filing.procura_id.raw)})
        self.run_cron('remote_signatures')
        self.assertEqual(self.get_outcomes(), [('waiting', 'waiting')])
        self.run_cron('uploads')
        own = filing.signed_procura_id
        self.assertTrue(own)
        self.attempts.retry_at = '2026-01-01'
        self.follow()
        self.assertEqual(self.get_outcomes(), [('done', False)])
        self.assertIn("signed with the company's automatic certificate", self.messages(filing))

    def test_not_kept(self):
        """What was signed and is not kept, since the filing does not need it any more, is not counted as signed."""
        self.sign_all()
        self.filings[0].state = 'cancelled'
        self.follow()
        self.assertIn(('done', 'not_kept'), self.get_outcomes())
        self.assertIn("3 signed, 1 not signed", self.batch.signing_sentence)

    def test_signed_later(self):
        """The service takes its time: what waits is read again, by one list."""
        self.sandbox.settings(signing_late=3600)
        self.sign_all()
        self.follow()
        self.assertEqual(self.get_outcomes(), [('done', False), *[('waiting', 'waiting')] * 3])
        self.sandbox.settings(signing_late=0)
        self.attempts.filtered('is_open').retry_at = '2026-01-01'
        self.follow()
        self.assertEqual(set(self.get_outcomes()), {('done', False)})
