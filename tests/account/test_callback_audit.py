import re
import time
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.account.deliveries import AUDIT_HOURS

from ..common import PecCase
from ..common_account import AccountMixin
from ..tools.test_deliveries import answering

LIST_CALLBACKS = 'GET /callbacks'
NOBODY = 'http://127.0.0.1:9'  # where nobody answers


class AuditCase(AccountMixin, PecCase):
    """A company whose account's key is kept, and the vendor, which delivers callbacks."""
    sandbox_settings = {'callback_shape': 'data'}

    def setUp(self):
        super().setUp()
        self.account = self.connect()
        self.count = 0

    def set_address(self, url):
        self.env['ir.config_parameter'].set_param('web.base.url', url)

    def deliver(self, count=1):
        """Have filings submitted, of which the vendor then delivers a callback each, now."""
        for _number in range(count):
            filing = self.create_filing()
            self.submit(filing)
            self.assertTrue(filing.remote_id)
            self.sandbox.set_stato('in_attesa_di_documenti', [filing.remote_id])
            end = time.monotonic() + 30
            while self.sandbox.stats()['callbacks_pending'] and time.monotonic() < end:
                time.sleep(0.05)

    def audit(self):
        """Let a day pass, and the job run."""
        if self.account.callbacks_read_at:
            self.account.callbacks_read_at -= timedelta(hours=AUDIT_HOURS + 1)
        self.run_cron('accounts')

    def test(self, user=None):
        """Press the button; return what is shown."""
        account = self.account.with_user(user) if user else self.account
        return account.action_test_callback()['params']


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestCallbackAudit(AuditCase):
    """"Your callback address cannot be reached from outside", with the vendor's own evidence."""

    def test_nobody_answers(self):
        self.set_address(NOBODY)
        self.deliver()
        self.audit()
        self.assertFalse(self.account.callbacks_problem, "one alone may be chance")
        self.assertIn("One callback could not be delivered", self.account.callbacks_sentence)
        self.deliver()
        self.assertFalse(self.account.callbacks_problem)
        self.audit()
        problem = self.account.callbacks_problem
        self.assertIn(f"{NOBODY}/openapi_pec/callback/ cannot be reached from outside", problem)
        for words in ("2 callbacks could not be delivered", "(no answer)", "web.base.url", "Nothing is lost"):
            self.assertIn(words, problem)

    def test_an_answer_of_somebody_else_until_it_is_mended(self):
        with answering(502) as (url, asked):
            self.set_address(url)
            self.deliver(2)
            self.audit()
            self.assertIn("(HTTP status 502)", self.account.callbacks_problem)
            self.assertEqual(len(asked), 2)
        # Another address says nothing yet of itself.
        with answering(200) as (url, _asked):
            self.set_address(url)
            self.env.invalidate_all()
            self.assertFalse(self.account.callbacks_problem)
            self.assertIn("tells of no callback to your address", self.account.callbacks_sentence)
            self.deliver()
            self.audit()
        self.assertFalse(self.account.callbacks_problem)
        self.assertIn("The last callback was delivered on", self.account.callbacks_sentence)

    def test_said_where_people_look(self):
        self.set_address(NOBODY)
        self.deliver(2)
        self.audit()
        settings = self.env['res.config.settings'].create({})
        self.assertIn("cannot be reached from outside", settings.openapi_pec_callback_sentence)
        self.assertIn("no public https address", settings.action_openapi_pec_test_callback()['params']['message'])
        [told] = [
            account for account in self.env['openapi_pec.overview'].with_user(self.user)._get_accounts(self.company)
            if account['id'] == self.company.id]
        self.assertIn(self.account.callbacks_problem, told['problems'])
        self.company._openapi_pec_set_token('sandbox', 'sandbox-token')
        self.assertFalse(self.env['res.config.settings'].create({}).openapi_pec_callback_sentence)

    def test_once_a_day(self):
        self.run_cron('accounts')
        self.run_cron('accounts')
        self.assertEqual(self.sandbox.requested(LIST_CALLBACKS), 1)
        self.audit()
        self.assertEqual(self.sandbox.requested(LIST_CALLBACKS), 2)
        self.sandbox.fault(LIST_CALLBACKS, 'error_before', status=500, body='', times=20)
        read = self.account.callbacks_read_at - timedelta(hours=AUDIT_HOURS + 1)
        self.audit()
        self.assertEqual(self.account.callbacks_read_at, read, "it was not read, and is tried again")

    def test_without_the_key(self):
        self.set_address(NOBODY)
        self.deliver(2)
        self.audit()
        asked = self.sandbox.requested(LIST_CALLBACKS)
        self.account._set_secret('key', None)
        self.env.invalidate_all()
        self.assertFalse(self.account.callbacks_problem, "whether one was delivered since is not known")
        self.audit()
        self.assertEqual(self.sandbox.requested(LIST_CALLBACKS), asked)
        for sentence in (self.account.callbacks_sentence, self.test()['message']):
            self.assertIn("not available without the API key", sentence)

    def test_a_list_that_lacks_something(self):
        """That nothing was delivered since is not said of a list in which it may be missing."""
        self.set_address(NOBODY)
        self.deliver(2)
        rows = self.account._list_callbacks()
        rows.is_whole = False
        self.account._keep_deliveries(rows)
        self.assertEqual((self.account.callbacks_failed, bool(self.account.callbacks_read_at)), (0, True))
        self.assertIn("could not be read whole", self.account.callbacks_sentence)
        rows.is_whole, rows.unreadable = True, 1
        self.account._keep_deliveries(rows)
        self.assertEqual(self.account.callbacks_failed, 0)
        rows.unreadable = 0
        self.account._keep_deliveries(rows)
        self.assertEqual(self.account.callbacks_failed, 2)
        self.assertNotIn("whole", self.account.callbacks_sentence)

    def test_the_secret_is_kept_and_shown_nowhere(self):
        self.set_address(NOBODY)
        self.deliver(2)
        self.audit()
        shown = self.test()
        tokens = self.env['openapi_pec.communication'].search([('remote_id', '!=', False)]).mapped('callback_token')
        self.assertEqual(len(tokens), 2)
        kept = f'{self.account.read()} {shown}'
        for secret in (*tokens, self.account._get_callback_probe()):
            self.assertNotIn(secret, kept)

    def test_the_button(self):
        self.set_address(NOBODY)
        self.deliver(2)
        shown = self.test()
        self.assertEqual(shown['type'], 'warning')
        for words in ("no public https address", "web.base.url", "2 callbacks could not be delivered"):
            self.assertIn(words, shown['message'])
        self.sandbox.fault(LIST_CALLBACKS, 'error_before', status=500, body='', times=20)
        self.assertIn("cannot be asked now", self.test()['message'])

    def test_who_may_test(self):
        for user in (self.user, self.manager, self.outsider):
            with self.assertRaises(AccessError):
                self.test(user)
        other = self.env['res.company'].create({'name': "Altra S.r.l."})
        stranger = self.env.ref('base.user_admin').copy({
            'company_id': other.id, 'company_ids': other.ids, 'login': 'stranger'})
        with self.assertRaises(AccessError):
            self.test(stranger)
        self.assertEqual(self.sandbox.requested(LIST_CALLBACKS), 0)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestCallbackProbe(AuditCase, HttpCase):
    """The callback that means nothing: this database alone answers it, and nothing follows from it."""
    sandbox_settings = {'callback_shape': 'none'}

    def test_the_probe(self):
        self.env['ir.cron.trigger'].search([]).unlink()
        probe = self.account._get_callback_probe()
        for token, status in ((probe, 200), (probe[:-1] + ('1' if probe[-1] == '0' else '0'), 404), ('own-', 404)):
            answer = self.url_open(f'{const.service.CALLBACK_PATH}{token}', method='POST')
            self.assertEqual((answer.status_code, answer.text if status == 200 else ''), (status, ''))
        self.assertFalse(self.env['ir.cron.trigger'].search([('call_at', '<=', fields.Datetime.now())]))
        self.assertTrue(re.fullmatch('own-[0-9a-f]{64}', probe))
