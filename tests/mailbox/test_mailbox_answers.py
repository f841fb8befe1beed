from datetime import timedelta

from odoo import fields
from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import tagged

from ..common import DOMAIN
from ..common_mailbox import (
    ACTIVATION_FORM,
    BUY,
    CHECK,
    MAILBOX,
    MAILBOXES,
    MODIFY,
    STORAGE_FORM,
    STORE,
    TRANSFORM,
    USER,
)
from ..common_mailbox_operations import CHANGES, OPERATIONS, PAID, OperationsCase

CREDIT = "Insufficient Credit in Wallet: 182.03"
REFRESH = "does not recognise this mailbox's identifier. Refresh the mailbox"
SUPPORT = "does not know this mailbox. Refresh it, then ask Openapi's support"
WRONG, UNKNOWN = "Wrong id", "no pec found"
# Every refusal of the specification, of what has a side effect: HTTP status, error, the vendor's words, ours.
REFUSALS = {
    'mailbox_create': [
        (
            404, 326, "the domain $dominio is non-existent in the system or belongs to someone else",
            "Choose an address of the provider's"),
        (406, 242, "data_nascita_richiedente not valid, accepted format: dd/mm/yyyy", "Correct it and buy again"),
        (428, 224, "tipo_casella required", "misses a piece of data. Complete it and buy again"),
    ],
    'mailbox_activate': [
        (400, 265, WRONG, REFRESH), (404, 266, UNKNOWN, SUPPORT),
        (406, 296, "wrong file format, pdf required", "Upload form and identity document again as PDF"),
        (
            428, 267, "you can activate the pec only when it is in the 'registrata|documenti_errati' state",
            "Refresh it to see its state"),
    ],
    'mailbox_modify': [
        (400, 265, WRONG, REFRESH), (404, 266, UNKNOWN, SUPPORT),
        (406, 325, "the system only takes into account multiples of 1024", "multiples of 1024 MB"),
        (428, 282, "you must first activate the 'conservazione' service", "legal storage is active. Activate it first"),
    ],
    'mailbox_transform': [
        (400, 265, WRONG, REFRESH), (404, 266, UNKNOWN, SUPPORT),
        (
            406, 276, "a downgrade of the 'tipo_casella' is not allowed; only SILVER or GOLD allowed",
            "to a larger type alone. Refresh it"),
        (
            428, 272, "you can trasform your certified mail only if it has been processed",
            "Only an active mailbox can be upgraded"),
    ],
    'mailbox_store': [
        (400, 265, WRONG, REFRESH), (404, 266, UNKNOWN, SUPPORT),
        (406, 293, "conservazione service is already active", "active already. Refresh the mailbox"),
        (428, 294, "documenti required", "Upload the signed form again"),
    ],
    'mailbox_user': [
        (400, 212, WRONG, REFRESH), (404, 213, UNKNOWN, SUPPORT),
        (406, 217, "maximum number of users reached: 25", "25 users, which is the most there can be"),
        (
            428, 390, "this service cannot be activated on these boxes: DOMICILIODIGITALE|PECMASSIVA",
            "takes no further users"),
    ],
    'mailbox_renew': [
        (400, 201, WRONG, REFRESH), (404, 202, UNKNOWN, SUPPORT),
        (428, 203, "you can renew only evaded or revoked pec", ("Only an active or revoked mailbox can be renewed. "
                                                               "Refresh it")),
    ],
    'mailbox_revoke': [
        (400, 301, WRONG, REFRESH), (404, 302, UNKNOWN, SUPPORT),
        (406, 303, "your pec has already been revoked", "revoked already. Refresh it"),
        (428, 304, "you can revoke the pec only if it is active", "Only an active mailbox can be revoked. Refresh it"),
    ],
}
# The same that nobody has documented: a number that is not known yet, none, one with decimals, one as text.
UNDOCUMENTED = [(418, 7, "teapot"), (422, None, ""), (409, 125.5, "conflict"), (406, "x9", "text")]
# Of which the specification says what a wallet with too little answers; the vendor may say so of the others as well.
NO_CREDIT = {
    'mailbox_create': 262, 'mailbox_modify': 290, 'mailbox_transform': 279, 'mailbox_store': 297, 'mailbox_user': 220}
# Whatever the vendor says is shown as it is: masked, in one line, escaped where it is HTML.
TAIL = " <b>RSSMRA80A01H501U</b>\nsandbox-token 12485671007"
MASKED, ESCAPED = " <b>***</b> *** ***", " &lt;b&gt;***&lt;/b&gt; *** ***"
TEXT = {'Content-Type': 'text/plain'}


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestMailboxAnswers(OperationsCase):
    """Every documented answer of the service becomes a sentence: what happened, what was spent, what to do."""

    def answer(self, operation, status, error, message, **options):
        """Let the next call of an operation (of the API) be refused."""
        self.sandbox.fault(operation, 'error_before', status=status, body={
            'success': False, 'message': message, 'error': error, 'data': None}, **options)

    def assert_in_all(self, words, text):
        for word in words:
            self.assertIn(word, text)

    # ------------------------------------------------------------ what has a side effect

    def refuse(self, operation, status, error, message):
        """Have an operation refused; return the mailbox."""
        mailbox = self.begin(operation)
        state, label = mailbox.state, None
        confirm = self.open(mailbox, operation)
        self.answer(OPERATIONS[operation], status, error, message + TAIL)
        confirm()
        label = mailbox._get_operation_label()
        self.commit()
        self.assertEqual((mailbox.state, mailbox.call_state, mailbox.operation), (state, 'failed', operation))
        [line] = mailbox.sudo().api_call_ids
        self.assertEqual(
            (line.operation, line.state, line.status, line.code), (operation, 'refused', status, str(error or '')))
        self.assertEqual(line.message, (message + MASKED).strip())
        self.assertTrue(line.ended_at)
        self.assert_in_all(
            ["Refused, nothing was spent.", (message + MASKED).strip(), f"HTTP {status}"], mailbox.error_message)
        for record in (mailbox, self.partner):
            self.assert_in_all([label + ": Refused, nothing was spent.", ESCAPED.strip()], self.messages(record))
        [activity] = mailbox.activity_ids
        self.assertEqual((activity.activity_type_id, activity.user_id), (
            self.env.ref('l10n_it_openapi_pec.mail_activity_type_mailbox_refused'), self.manager))
        self.assertIn(label, activity.summary)
        self.assertFalse(self.company.openapi_pec_pause_reason)
        self.assert_counts(operation, 0, 1)
        return mailbox

    def assert_can_be_asked_again(self, mailbox, operation):
        self.run_cron('dispatch')
        self.assert_counts(operation, 0, 1)
        self.run_cron('mailboxes')
        self.ask(mailbox, operation)
        self.assert_applied(mailbox, operation)
        self.assertEqual(self.line_states(mailbox), ['accepted', 'refused'])
        self.assertNotIn(
            self.env.ref('l10n_it_openapi_pec.mail_activity_type_mailbox_refused'),
            mailbox.activity_ids.activity_type_id)
        self.assert_counts(operation, 1, 2)

    def test_documented_refusals(self):
        for operation, refusals in REFUSALS.items():
            for status, error, message, words in refusals:
                with self.subTest(operation=operation, status=status):
                    mailbox = self.refuse(operation, status, error, message)
                    self.assert_in_all([words, f"code {error}"], mailbox.error_message)
                    self.assert_can_be_asked_again(mailbox, operation)

    def test_undocumented_refusals(self):
        for operation in OPERATIONS:
            for status, error, message in UNDOCUMENTED:
                with self.subTest(operation=operation, status=status):
                    mailbox = self.begin(operation)
                    confirm = self.open(mailbox, operation)
                    self.answer(OPERATIONS[operation], status, error, message + TAIL)
                    confirm()
                    self.commit()
                    self.assertEqual(mailbox.call_state, 'unconfirmed', "what nobody has documented proves nothing")
                    [line] = mailbox.sudo().api_call_ids
                    self.assertEqual((line.state, line.status, line.code), ('pending', status, str(error or '')))
                    self.assertEqual(line.message, (message + MASKED).strip())
                    self.assertNotIn("nothing was spent", mailbox.error_message)
                    self.assert_counts(operation, 0, 1)

    def test_a_refused_purchase_is_a_draft_again(self):
        """It can be corrected, and its company may change its environment."""
        mailbox = self.refuse('mailbox_create', 406, 242, "casella_pec not available")
        self.assertEqual((mailbox.environment, mailbox.remote_id, mailbox.is_editable), (False, False, True))
        mailbox.with_user(self.user).address = 'corretta@testcert.legalmail.it'
        self.ask(mailbox, 'mailbox_create')
        self.assertEqual(
            (mailbox.state, self.sandbox.mailboxes()[0]['casella_pec']),
            ('registered', 'corretta@testcert.legalmail.it'))

    def test_a_refused_delivery_keeps_the_papers(self):
        for operation, error in (('mailbox_activate', 296), ('mailbox_store', 293)):
            with self.subTest(operation=operation):
                mailbox = self.refuse(operation, 406, error, "wrong file format, pdf required")
                self.assertTrue(mailbox.signed_form and mailbox.identity_document)
                mailbox.with_user(self.user).signed_form = mailbox.identity_document  # another one can be uploaded
                self.assert_can_be_asked_again(mailbox, operation)

    def test_true_refusals(self):
        """The same, where the sandbox can be brought to them though the checks here let the call pass."""
        mailbox = self.begin('mailbox_create')
        mailbox.address = 'azienda@nonesiste.example'
        self.ask(mailbox, 'mailbox_create')
        self.assert_in_all(
            ["nothing was spent", "Choose an address of the provider's own domain", "the domain nonesiste.example is"],
            mailbox.error_message)
        mailbox.address = 'azienda@pec.example'
        self.sandbox.create_mailboxes(1, casella_pec='azienda@pec.example')
        self.ask(mailbox, 'mailbox_create')
        self.assertTrue(mailbox.is_held, "somebody is asked first")
        self.choose(mailbox, 'none', reason="another one")()
        self.commit()
        self.assert_in_all(
            ["nothing was spent", "Correct it and buy again", "casella_pec not available"], mailbox.error_message)
        mailbox.address = 'azienda2@pec.example'
        order = self.open(mailbox, 'mailbox_create')
        order()
        mailbox.first_name = False  # whatever the checks have overlooked
        self.commit()
        self.assert_in_all(
            ["nothing was spent", "Complete it and buy again", "nome_richiedente required"], mailbox.error_message)
        self.assertEqual(self.line_states(mailbox), ['refused'] * 3)
        self.assertEqual(mailbox.sudo().api_call_ids.mapped('code'), ['224', '242', '326'])
        self.assertEqual(self.sandbox.stats()['executed'], {})

    def test_tokens_and_scopes(self):
        for operation in OPERATIONS:
            for status, error in [(401, 125.22), (403, 125.25)]:
                with self.subTest(operation=operation, status=status):
                    mailbox = self.refuse(operation, status, error, "Wrong Token")
                    self.assert_in_all(
                        ["token lacks the scope", "Ask an administrator", "submit again"], mailbox.error_message)
                    self.assert_can_be_asked_again(mailbox, operation)

    def test_a_token_that_reads_alone(self):
        """Filings go on: the scopes for mailboxes alone may be missing."""
        for operation in set(OPERATIONS) - {'mailbox_renew'}:
            with self.subTest(operation=operation):
                mailbox = self.begin(operation)
                self.company.openapi_pec_token = 'sandbox-token-readonly'
                self.ask(mailbox, operation)
                self.assert_in_all(["nothing was spent", "lacks the scope", "Missing scope"], mailbox.error_message)
                self.assertFalse(self.company.openapi_pec_pause_reason)
                self.company.openapi_pec_token = 'sandbox-token'
                self.assert_can_be_asked_again(mailbox, operation)

    # ------------------------------------------------------------ too little credit

    def test_documented_lack_of_credit(self):
        for operation, error in NO_CREDIT.items():
            with self.subTest(operation=operation):
                mailbox = self.begin(operation)
                confirm = self.open(mailbox, operation)
                self.answer(OPERATIONS[operation], 402, error, CREDIT)
                confirm()
                self.commit()
                self.assert_waits_for_credit(mailbox, operation, error)
                self.assertEqual(mailbox.sudo().api_call_ids.message, CREDIT)
                self.pause_over()
                self.run_cron('dispatch')
                self.assert_goes_on(mailbox, operation)

    def test_true_lack_of_credit(self):
        for operation in PAID:
            for form in (1, 2):
                with self.subTest(operation=operation, form=form):
                    mailbox = self.begin(operation)
                    self.sandbox.settings(credit=0.6, no_credit_form=form)
                    self.ask(mailbox, operation)
                    self.assert_waits_for_credit(mailbox, operation, {'mailbox_renew': 205, **NO_CREDIT}[operation])
                    self.assertEqual(round(self.company.openapi_pec_credit, 2), 0.6 if form == 2 else 0)
                    if form == 1:  # by itself, or because somebody insists
                        self.sandbox.settings(credit=100)
                        self.pause_over()
                        self.run_cron('dispatch')
                    else:
                        mailbox.with_user(self.manager).action_submit_now()
                        self.commit()
                        self.assertEqual(
                            (mailbox.call_state, self.line_states(mailbox)), ('queued', ['refused', 'refused']))
                        self.sandbox.settings(credit=100)
                        mailbox.with_user(self.manager).action_submit_now()
                        self.commit()
                    self.assert_goes_on(mailbox, operation)

    def assert_waits_for_credit(self, mailbox, operation, error):
        """Nothing is lost, nothing is asked again, and the one who follows is told."""
        self.assertEqual((mailbox.call_state, mailbox.operation), ('queued', operation))
        [line] = mailbox.sudo().api_call_ids
        self.assertEqual((line.state, line.status, line.code), ('refused', 402, str(error)))
        self.assert_in_all(
            ["Not sent, nothing was spent", "holds too little credit", "Top it up in the Openapi console"],
            mailbox.waiting_sentence)
        self.assertEqual((mailbox.waiting_for, mailbox.error_message), ('credit', False))
        self.assertEqual(self.company.openapi_pec_pause_reason, 'credit')
        [activity] = mailbox.activity_ids
        self.assertEqual((activity.activity_type_id, activity.user_id), (
            self.env.ref('l10n_it_openapi_pec.mail_activity_type_account'), self.manager))
        for _run in range(2):
            self.run_cron('dispatch')
        self.assert_counts(operation, 0, 1)
        self.assertEqual(len(mailbox.activity_ids), 1)

    def pause_over(self):
        self.company.openapi_pec_paused_until = fields.Datetime.now() - timedelta(seconds=1)

    def assert_goes_on(self, mailbox, operation):
        self.assert_applied(mailbox, operation)
        self.assertEqual(self.sandbox.executed(OPERATIONS[operation]), 1)
        self.assertFalse(self.company.openapi_pec_pause_reason)
        self.assertNotIn(
            self.env.ref('l10n_it_openapi_pec.mail_activity_type_account'), mailbox.activity_ids.activity_type_id)

    def test_people_are_told_once_of_a_lack_of_credit(self):
        """Several calls wait for one wallet: whatever they are, filings too."""
        first = self.begin('mailbox_renew')
        others = [self.take_over(), self.take_over()]
        confirms = [self.open(mailbox, 'mailbox_renew') for mailbox in (first, *others)]
        filing = self.create_filing()
        self.sandbox.settings(credit=0)
        for confirm in (*confirms, filing.action_submit):
            confirm()
        self.commit()
        mailboxes = first.union(*others)
        self.assertEqual(mailboxes.mapped('call_state'), ['queued'] * 3)
        self.assertEqual(filing.state, 'queued')
        account = self.env.ref('l10n_it_openapi_pec.mail_activity_type_account')
        told = [
            activity for record in (*mailboxes, filing) for activity in record.activity_ids
            if activity.activity_type_id == account]
        self.assertEqual([activity.user_id for activity in told], [self.manager])
        self.run_cron('dispatch')
        requested = self.sandbox.requested(OPERATIONS['mailbox_renew']) + self.sandbox.requested()
        self.assertEqual(requested, 1, "the first one found it out, and the others wait")
        self.sandbox.settings(credit=1000)
        self.pause_over()
        self.run_cron('dispatch')
        self.assertEqual((mailboxes.mapped('call_state'), filing.state), ([False] * 3, 'code_requested'))
        self.assertEqual((self.sandbox.executed(OPERATIONS['mailbox_renew']), self.sandbox.executed()), (3, 1))

    def test_what_changed_while_it_waited_for_credit(self):
        """Somebody has renewed it in the console meanwhile: it is not renewed once more when there is credit again."""
        mailbox = self.begin('mailbox_renew')
        self.sandbox.settings(credit=0)
        self.ask(mailbox, 'mailbox_renew')
        self.sandbox.change_mailboxes(data_scadenza='01/01/2091')
        self.run_cron('mailboxes')
        self.sandbox.settings(credit=100)
        self.pause_over()
        self.run_cron('dispatch')
        self.assertEqual((mailbox.call_state, self.line_states(mailbox)), ('failed', ['refused', 'refused']))
        self.assertIn("has changed at the service", mailbox.error_message)
        self.assert_counts('mailbox_renew', 0, 1)

    # ------------------------------------------------------------ what is only read

    def test_reading_a_mailbox(self):
        """GET /pec/{id}: by the button Refresh, and before any question."""
        for status, error, message, words in [
            (400, 201, WRONG, REFRESH), (401, 125.22, "Wrong Token", "Ask an administrator to correct it"),
            (403, 125.25, "Missing scope", "lacks the scope"),
            (418, 7, "teapot", "The service cannot be asked now: teapot"),
            (429, None, "slower", "The service cannot be asked now"),
        ]:
            mailbox = self.begin('mailbox_renew')
            before = (mailbox.state, mailbox.snapshot, mailbox.error_message)
            for ask in [
                lambda mailbox=mailbox: mailbox.with_user(self.user).action_refresh(),
                *(lambda mailbox=mailbox, operation=operation: self.open_order(mailbox, operation)
                  for operation in (
                      'mailbox_renew', 'mailbox_modify', 'mailbox_transform', 'mailbox_user', 'mailbox_revoke')),
            ]:
                self.answer(MAILBOX, status, error, message + TAIL)
                with self.subTest(status=status):
                    with self.assertRaises(RedirectWarning if status in (401, 403) else UserError) as raised:
                        ask()
                    sentence = raised.exception.args[0]
                    self.assertIn(words, sentence)
                    self.assertRegex(sentence, "Nothing was (changed or )?spent")
                    if status != 429:  # whose words the client does not read
                        self.assertIn(message + MASKED, sentence)
            self.assertEqual((mailbox.state, mailbox.snapshot, mailbox.error_message), before)
            self.assertEqual({operation: self.sandbox.requested(operation) for operation in OPERATIONS.values()},
                             dict.fromkeys(OPERATIONS.values(), 0))

    def test_reading_a_mailbox_that_is_gone(self):
        """The documented 404: Refresh says so on the mailbox, a question does instead of asking."""
        for operation in ('mailbox_renew', 'mailbox_modify', 'mailbox_transform', 'mailbox_user', 'mailbox_revoke'):
            mailbox = self.begin('mailbox_renew')
            self.answer(MAILBOX, 404, 202, UNKNOWN)
            with self.subTest(operation=operation), self.assertRaisesRegex(
                    UserError, "does not know this mailbox any more(.|\n)*Nothing was sent or spent"):
                self.open_order(mailbox, operation)
        mailbox = self.begin('mailbox_renew')
        self.answer(MAILBOX, 404, 202, UNKNOWN)
        mailbox.with_user(self.user).action_refresh()
        self.assertTrue(mailbox.is_gone)
        self.assertIn("does not know this mailbox any more", mailbox.error_message)

    def test_reading_papers_mailbox_before_they_are_sent(self):
        mailbox = self.begin('mailbox_activate')
        self.answer(MAILBOX, 404, 202, UNKNOWN)
        with self.assertRaisesRegex(UserError, "does not know this mailbox(.|\n)*Nothing was sent or spent"):
            mailbox.with_user(self.user).action_send_documents()
        self.assertTrue(mailbox.signed_form)

    def test_reading_the_list(self):
        """GET /pec: 404/200 is the empty list; what else, is said to whoever imports, and changes nothing."""
        mailbox = self.begin('mailbox_renew')
        self.answer(MAILBOXES, 404, 200, "no pec linked to this account")
        import_all = self.env['openapi_pec.mailbox'].with_user(self.manager).action_import_from_service
        self.assertIn("knows every mailbox", import_all()['params']['message'])
        for status, error, message, words in [
            (401, 125.22, "Wrong Token", "Ask an administrator to check it"),
            (403, 1, "Missing scope", "lacks the scope"),
            (418, 7, "teapot", "The service cannot be asked now: teapot"),
        ]:
            self.answer(MAILBOXES, status, error, message + TAIL)
            with self.subTest(status=status), self.assertRaises(UserError) as raised:
                import_all()
            self.assert_in_all([words, message + MASKED], str(raised.exception))
            self.assertRegex(str(raised.exception), "Nothing was (changed or )?spent")
        self.answer(MAILBOXES, 404, 200, "no pec linked to this account")
        self.run_cron('mailboxes')
        self.assertEqual(
            (mailbox.state, mailbox.call_state, mailbox.error_message), ('active', False, False),
            "it was read by itself")

    def test_reading_forms(self):
        """GET …/modulo_attivazione and …/modulo_conservazione answer their errors as text."""
        for operation, form in [('mailbox_activate', ACTIVATION_FORM), ('mailbox_store', STORAGE_FORM)]:
            for status, message, words in [
                (400, "Invalid id", REFRESH), (404, "no request matches this id:", SUPPORT),
                (
                    406, "you cannot activate conservation if you do not first activate a pec",
                    "has no form for this mailbox now. Refresh"),
            ]:
                mailbox = self.begin(operation)
                mailbox.form_id = False
                self.sandbox.fault(form, 'error_before', status=status, body=message + TAIL, headers=TEXT)
                with self.subTest(form=form, status=status), self.assertRaises(UserError) as raised:
                    mailbox.with_user(self.user).action_fetch_form()
                self.assert_in_all([words, "Nothing was spent"], str(raised.exception))
                if status != 406:
                    self.assertIn(message + MASKED, str(raised.exception))
                if form == ACTIVATION_FORM:  # in the job nobody is told: it is asked again later
                    self.sandbox.fault(form, 'error_before', status=status, body=message, headers=TEXT)
                    self.run_cron('mailboxes')
                    self.assertFalse(mailbox.form_id)
                mailbox.with_user(self.user).action_fetch_form()
                self.assertTrue(mailbox.form_id.raw.startswith(b'%PDF'))

    def test_wanting_storage_that_cannot_be_had(self):
        mailbox = self.begin('mailbox_renew')
        self.sandbox.fault(
            STORAGE_FORM, 'error_before', status=406, body="you cannot activate conservation", headers=TEXT)
        with self.assertRaises(UserError) as raised:
            mailbox.with_user(self.user).action_want_storage()
        self.assert_in_all(["has no form for this mailbox now", "Nothing was spent"], str(raised.exception))
        self.assertFalse(mailbox.is_storage_wanted)

    # ------------------------------------------------------------ whether an address is free

    def test_availability_before_buying(self):
        """GET /verifica_pec: what is wrong with the address stops the purchase.

        What keeps the service from telling does not.
        """
        for status, error, message, words in [
            (406, 208, "invalid casella_pec", "does not accept this as an address. Correct it"),
            (428, 207, "casella_pec required", "Write an address first"),
        ]:
            mailbox = self.begin('mailbox_create')
            self.answer(CHECK, status, error, message + TAIL)
            with self.subTest(status=status), self.assertRaises(UserError) as raised:
                self.open_order(mailbox, 'mailbox_create')
            self.assert_in_all([words, "Nothing was spent", message + MASKED], str(raised.exception))
            confirm = self.open(mailbox, 'mailbox_create')
            self.answer(CHECK, status, error, message)
            with self.subTest(status=status), self.assertRaisesRegex(UserError, words):
                confirm()
            self.assert_counts('mailbox_create', 0, 0)
        mailbox = self.begin('mailbox_create')
        self.answer(CHECK, 406, 208, "casella_pec not available", times=-1)
        with self.assertRaisesRegex(UserError, "is taken already"):
            self.open_order(mailbox, 'mailbox_create')
        self.assert_counts('mailbox_create', 0, 0)
        for status, error, message in [
            (401, 125.22, "Wrong Token"), (403, 125.25, "Missing scope"), (429, None, ""), (402, 1, CREDIT),
            (500, 1, "x"),
        ]:
            with self.subTest(status=status):
                mailbox = self.begin('mailbox_create')
                self.answer(CHECK, status, error, message, times=-1)
                self.ask(mailbox, 'mailbox_create')
                self.assert_applied(mailbox, 'mailbox_create')

    def test_availability_in_the_wizard(self):
        wizards = self.env['openapi_pec.mailbox.purchase'].with_user(self.user)
        for status, error, message, availability in [
            (406, 208, "invalid casella_pec", 'wrong'), (401, 125.22, "Wrong Token", 'unknown'),
            (403, 125.25, "Missing scope", 'unknown'), (429, None, "", 'unknown'), (503, 1, "x", 'unknown'),
            (406, 208, "casella_pec not available", 'taken'),
        ]:
            with self.subTest(status=status):
                self.sandbox.reset()
                self.answer(CHECK, status, error, message, times=-1)
                wizard = wizards.create(
                    {'partner_id': self.partner.id, 'mailbox_type': 'STANDARD', 'local_part': 'libera'})
                self.assertEqual(wizard.availability, availability)
                is_free = False if availability == 'taken' else None
                self.assertEqual({proposal['is_free'] for proposal in wizard.proposals}, {is_free})
                if availability == 'wrong':
                    self.assertEqual(wizard.availability_sentence, "The service does not accept this as an address. "
                                                                   "Correct it.")
                    with self.assertRaisesRegex(UserError, "does not accept this as an address. Correct it. Nothing "
                                                           "was sent or spent"):
                        wizard.action_prepare()
                elif availability == 'taken':
                    self.assertIn("is taken: choose another one", wizard.availability_sentence)
                    with self.assertRaisesRegex(UserError, "is taken(.|\n)*Nothing was sent or spent"):
                        wizard.action_prepare()
                else:
                    self.assertIn("It is asked again before the purchase", wizard.availability_sentence)
                    self.assertTrue(wizard.action_prepare()['res_id'])
        self.assertEqual(self.sandbox.requested(BUY), 0)

    # ------------------------------------------------------------ whether a domain is certified

    def test_domains(self):
        """GET /domini_pec: each documented answer, told where the domain was looked up."""
        for status, error, message, state, words in [
            (402, 403, CREDIT, 'failed', "Refused, nothing was spent"),
            (406, 401, "domain not valid", 'failed', "Refused, nothing was spent"),
            (428, 400, "domain required", 'failed', "Refused, nothing was spent"),
            (503, 402, "service temporarily unavailable", 'failed', "may have been paid"),
        ]:
            with self.subTest(status=status):
                self.sandbox.reset()
                name = f'posta{status}.example'
                filing = self.create_filing(pec_email=f'prova@{name}')
                self.answer(DOMAIN, status, error, message + TAIL)
                filing.with_user(self.manager).action_look_up_domain()
                self.commit()
                domain = self.env['openapi_pec.domain'].search([('name', '=', name)])
                self.assertEqual(domain.state, state)
                self.assertIn(words, domain.error_message)
                if status < 500:
                    self.assert_in_all([message + MASKED, f"HTTP {status}", f"code {error}"], domain.error_message)
                self.assertFalse(self.company.openapi_pec_pause_reason, "filings go on")
                self.run_cron('dispatch')
                self.assertEqual((self.sandbox.requested(DOMAIN), self.sandbox.executed(DOMAIN)), (1, 0))
        for status, body, state in [
                (200, {'data': [], 'success': True, 'message': "legalmail.it found!", 'error': None}, 'certified'),
                (204, '', 'not_certified')]:
            with self.subTest(status=status):
                name = f'altra{status}.example'
                filing = self.create_filing(pec_email=f'prova@{name}')
                self.sandbox.fault(DOMAIN, 'error_before', status=status, body=body)
                filing.with_user(self.manager).action_look_up_domain()
                self.commit()
                self.assertEqual(self.env['openapi_pec.domain'].search([('name', '=', name)]).state, state)

    def test_the_tables_are_complete(self):
        """Each operation that changes something has its refusals here, and words for each of them."""
        self.assertEqual(set(REFUSALS), set(OPERATIONS))
        self.assertEqual({OPERATIONS[operation] for operation in NO_CREDIT}, {BUY, MODIFY, TRANSFORM, STORE, USER})
        sentences = self.env['openapi_pec.mailbox']._refusal_sentences
        documented = {
            (operation, str(error)) for operation, refusals in REFUSALS.items() for _status, error, *_words in refusals}
        self.assertLessEqual(documented, set(sentences))
        for operation in CHANGES:  # which is read right before
            self.assertLessEqual({(operation, '201'), (operation, '202'), (operation, 'changed')}, set(sentences))
