import contextlib
import time
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec.models.account import wallet
from odoo.addons.l10n_it_openapi_pec.models.service.lock import is_met, meet
from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module
from odoo.addons.l10n_it_openapi_pec.tools.api import oauth_client

from sandbox_api.const import WALLET

from ..common import PecCase
from ..common_account import MAILBOXES, AccountMixin
from ..common_mailbox import MailboxCase
from ..common_oauth import FILINGS

OVERVIEW = 'openapi_pec.overview'


class WalletMixin(AccountMixin):
    """Gives a test class a company in production, whose account the sandbox API stands for."""

    def setUp(self):
        super().setUp()
        self.patch(client_module, 'READ_PAUSES', ())
        self.company.openapi_pec_environment = 'production'

    def ask(self, *filings):
        """Return the question before filings are submitted, as a manager sees it."""
        action = self.env['openapi_pec.communication'].union(*filings).with_user(self.manager).action_open_submit()
        return self.env[action['res_model']].with_user(self.manager).browse(action['res_id'])

    @contextlib.contextmanager
    def refused(self, words):
        """Have something refused in these words, and undone as a request is."""
        with self.assertRaises(UserError) as caught:
            yield
        self.assertIn(words, str(caught.exception))

    def pass_minutes(self, account, minutes=2):
        """Let time pass since the balance was read."""
        for name in ('credit_at', 'credit_asked_at'):
            account[name] = account[name] and account[name] - timedelta(minutes=minutes)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestWallet(WalletMixin, PecCase):
    """The balance before a click that costs: read once a minute, told with its time, and never an old one as new."""

    def test_before_and_after(self):
        self.sandbox.settings(credit=100)
        self.connect(environment='production')
        question = self.ask(self.create_filing())
        self.assertIn("Wallet: EUR 100.00 (read on", question.wallet_sentence)
        self.assertIn("After this: EUR 84.30.", question.wallet_sentence)
        self.assertFalse(question.short_sentence)
        self.assertEqual(self.sandbox.requested(WALLET), 1)

    def test_at_most_once_a_minute(self):
        account = self.connect(environment='production')
        filing = self.create_filing()
        for _time in range(3):
            self.ask(filing)
            self.env[OVERVIEW].with_user(self.manager).read_wallets()
        self.assertEqual(self.sandbox.requested(WALLET), 1)
        self.pass_minutes(account)
        self.ask(filing)
        self.assertEqual(self.sandbox.requested(WALLET), 2)

    def test_nothing_is_locked_while_the_service_is_asked(self):
        account = self.connect(environment='production')
        other = self.env['res.company'].create({'name': "Altra S.r.l.", 'openapi_pec_environment': 'sandbox'})
        self.connect(other)
        kept, keep = [], type(account)._keep_credit

        def note(account, *told):
            kept.append(self.sandbox.requested(WALLET))
            keep(account, *told)

        self.patch(type(account), '_keep_credit', note)
        (self.company + other)._openapi_pec_read_wallet()
        self.assertEqual(kept, [2, 2])

    def test_what_was_called_since_counts(self):
        self.sandbox.settings(credit=100)
        self.connect(environment='production')
        first, second, third = self.create_filing(), self.create_filing(), self.create_filing()
        self.ask(first)
        self.submit(first)
        self.submit(second)
        sentence = self.ask(third).wallet_sentence
        self.assertIn("EUR 31.40 of it are spoken for", sentence)
        self.assertIn("After this: EUR 52.90.", sentence)
        self.assertEqual(self.sandbox.requested(WALLET), 1)

    def test_the_wallet_is_enough_for_some(self):
        self.sandbox.settings(credit=40)
        self.connect(environment='production')
        question = self.ask(*(self.create_filing() for _number in range(3)))
        self.assertIn("enough for 2 of 3; EUR 7.10 are missing", question.short_sentence)
        self.assertNotIn("After this", question.wallet_sentence)

    def test_what_never_waits(self):
        """A signature, or a verification, ends where credit is missing: a person asks for it again."""
        self.sandbox.settings(credit=40)
        self.connect(environment='production')
        company = self.company.with_user(self.manager)
        company._openapi_pec_read_wallet()
        prices = [{'price': 15.7, 'is_price_known': True}] * 3
        for operation, told in (
                ('create', "waits, and nothing is spent for it"), ('certificate_otp', "waits, and nothing"),
                ('sign_automatic', "is not made, and nothing is spent for it: ask for it again"),
                ('verify', "is not made")):
            self.assertIn(told, company._openapi_pec_show_after(prices, operation)[1])

    def test_the_wallet_runs_dry(self):
        """The question said so; what is not paid waits, and the refusal tells the balance of the account."""
        self.sandbox.settings(credit=40, no_credit_form=2)
        account = self.connect(environment='production')
        self.company.openapi_pec_parallel_calls = 1
        filings = self.create_filing() + self.create_filing() + self.create_filing()
        question = self.ask(*filings)
        question.reason = "further PECs are meant"
        question.action_confirm()
        self.run_cron('dispatch')
        self.assertEqual(sorted(filings.mapped('state')), ['code_requested', 'code_requested', 'queued'])
        self.assertEqual(self.sandbox.executed(), 2)
        self.assertEqual(round(account.credit, 2), 8.6)
        self.assertEqual(filings.filtered(lambda filing: filing.state == 'queued').waiting_for, 'credit')
        self.assertIn("On ", self.company._openapi_pec_get_pause()[1])
        self.sandbox.settings(credit=1000)
        self.company._openapi_pec_go_on()
        self.run_cron('dispatch')
        self.assertEqual(set(filings.mapped('state')), {'code_requested'})
        self.assertEqual(self.sandbox.executed(), 3)

    def test_not_known_now(self):
        """The question works all the same; an old figure is told with its time."""
        self.sandbox.settings(credit=100)
        account = self.connect(environment='production')
        filing = self.create_filing()
        self.ask(filing)
        self.pass_minutes(account)
        for fault, options in (('error_before', {'status': 503}), ('error_before', {'status': 200, 'body': {}})):
            with self.subTest(options=options):
                self.sandbox.fault(WALLET, fault, **options)
                question = self.ask(filing)
                self.assertIn("the balance is not known now. On ", question.wallet_sentence)
                self.assertIn("it was EUR 100.00", question.wallet_sentence)
                self.assertNotIn("After", question.wallet_sentence)
                self.pass_minutes(account)
        question.action_confirm()
        self.commit()
        self.assertEqual(filing.state, 'code_requested')

    def test_a_slow_service_is_not_waited_for(self):
        self.patch(oauth_client, 'WALLET_SECONDS', 0.5)
        self.connect(environment='production')
        self.sandbox.fault(WALLET, 'slow_head', seconds=30)
        begun = time.monotonic()
        self.assertIn("not known now", self.ask(self.create_filing()).wallet_sentence)
        self.assertLess(time.monotonic() - begun, 20)

    def test_another_process_reads_it(self):
        """What another one is reading, or has read since this transaction began, is not read once more."""
        self.sandbox.settings(credit=100)
        account = self.connect(environment='production')
        filing = self.create_filing()
        self.patch(wallet, 'is_met', lambda records: True)
        self.assertIn("not known now", self.ask(filing).wallet_sentence)
        self.assertEqual((self.sandbox.requested(WALLET), account.credit_asked_at), (0, False))

    def test_who_meets_whom(self):
        """Rows that another transaction locks, or has changed since, are met; nothing stays locked by looking."""
        price = self.env.ref('l10n_it_openapi_pec.price_create')
        with self.registry.cursor() as one, self.registry.cursor() as two:
            mine, other = (price.with_env(self.env(cr=cr)) for cr in (one, two))
            self.assertFalse(is_met(mine))
            self.assertFalse(is_met(other), "looking locks nothing")
            meet(other)
            self.assertTrue(is_met(mine))
            two.commit()
            self.assertTrue(is_met(mine), "it was changed since")
            one.rollback()
            self.assertFalse(is_met(mine))

    def test_the_key_is_not_accepted(self):
        account = self.connect(environment='production')
        account._set_secret('key', 'wrong-key')
        self.assertIn("does not accept e-mail and API key", self.ask(self.create_filing()).wallet_sentence)
        self.assertEqual(account.wallet_problem, 'key')

    def test_without_the_key(self):
        self.connect(environment='production', with_key=False)
        filing = self.create_filing()
        self.assertIn("not available without the API key", self.ask(filing).wallet_sentence)
        self.company._openapi_pec_set_token('production', 'sandbox-token')
        self.assertIn("not available without the API key", self.ask(filing).wallet_sentence)
        self.assertEqual(self.sandbox.requested(WALLET), 0)

    def test_without_the_key_in_the_sandbox(self):
        self.company._openapi_pec_set_token('sandbox', 'sandbox-token')
        self.company.openapi_pec_environment = 'sandbox'
        self.assertIn("not available without the API key", self.ask(self.create_filing()).wallet_sentence)

    def test_for_managers_alone(self):
        self.sandbox.settings(credit=100)
        account = self.connect(environment='production')
        overview = self.env[OVERVIEW]
        self.assertEqual(overview.with_user(self.user).read_wallets(), {self.company.id: ''})
        self.assertEqual(self.sandbox.requested(WALLET), 0)
        self.assertIn("EUR 100.00", overview.with_user(self.manager).read_wallets()[self.company.id])
        [told] = overview.with_user(self.manager).get_overview()['accounts']
        self.assertIn("EUR 100.00", told['wallet'])
        self.assertEqual(overview.with_user(self.user).get_overview()['accounts'][0]['wallet'], '')
        self.assertTrue(account.credit_at <= fields.Datetime.now())

    def test_in_the_sandbox_nothing_is_taken(self):
        self.company.openapi_pec_environment = 'sandbox'
        self.sandbox.settings(credit=100)
        self.connect()
        sentence = self.ask(self.create_filing()).wallet_sentence
        self.assertIn("Wallet: EUR 100.00 (read on", sentence)
        self.assertNotIn("After", sentence)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestWalletBeforeAnOrder(AccountMixin, MailboxCase):
    """Before an order the wallet is read when all else is: from then on the account's row is locked."""

    def test_it_is_read_last(self):
        self.connect(scopes=(*FILINGS, *MAILBOXES))
        mailbox = self.buy_active()
        self.env['openapi_pec.account'].search([]).credit_asked_at = False
        before = self.sandbox.requested(WALLET)
        self.open_order(mailbox, 'mailbox_renew')
        self.assertEqual(self.sandbox.requested(WALLET), before + 1)
        self.assertIn('/wallet', self.sandbox.requests()[-1]['path'])
