"""The token among real processes: two that renew it all the time, and one that dies right after a token was made."""
import contextlib
import time

from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec.tools.api.client import PecClient
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import BadToken
from odoo.addons.l10n_it_openapi_pec.tools.secrecy import secret_box

import environment
from serving import EMAIL, KEY

from ..common_oauth import MAKE_TOKEN
from ..common_processes import PATIENCE, ProcessCase

ROUNDS = 200  # renewals of both processes together
# Run in `odoo shell` by each process: the token is always due, and calls with the one before end within a second.
RENEWING = f"""
import datetime
from odoo.addons.l10n_it_openapi_pec.models.account import keeping
from odoo.addons.l10n_it_openapi_pec.models.service.job_mixin import JOB

keeping.LATE_MINUTES = 1 / 60
account = env['openapi_pec.account'].sudo().with_context(openapi_pec_job=JOB).search([])
type(account)._get_due_at = lambda self: datetime.datetime.min
while True:
    env.cr.rollback()
    env.invalidate_all()
    if len(account.token_ids.filtered('made_at')) > {ROUNDS}:
        break
    account._keep_token()
print('renewed')
"""


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestTokenProcesses(ProcessCase):
    """What no transaction of a test can show."""

    def connect(self, person):
        """Type e-mail and key, and press Connect."""
        [question] = person.call('openapi_pec.connect', 'create', [{
            'email': EMAIL, 'api_key': KEY, 'environment': 'sandbox'}])
        return person.call('openapi_pec.connect', 'action_connect', [question])

    def get_token(self):
        """Return the token that is used now, as any server reads it."""
        [[sealed, secret]] = self.query("""
            SELECT sealed, (SELECT value FROM ir_config_parameter WHERE key = 'database.secret')
              FROM openapi_pec_secret WHERE key LIKE 'openapi_pec.account,%%,token'""")
        return secret_box.unseal(secret, sealed)

    def get_valid(self):
        return [token['id'] for token in self.sandbox.tokens() if token['is_valid']]

    def assert_valid(self):
        """Use the token; one that was read right before another took its place is read once more."""
        token = self.get_token()
        with contextlib.suppress(BadToken):
            PecClient(token, self.sandbox.url).list_filings()
            return
        self.assertNotEqual(self.get_token(), token, "there is no valid token")

    def test_two_processes_renew_it(self):
        person, process = self.start()
        self.connect(person)
        self.kill(process)
        with contextlib.ExitStack() as stack:
            processes = [
                stack.enter_context(environment.odoo_process(
                    'shell', '-d', self.database, '--no-http', log=f'renewing_{number}', script=RENEWING))
                for number in range(2)]
            uses, end = 0, time.monotonic() + 3 * PATIENCE
            while any(process.poll() is None for process in processes) and time.monotonic() < end:
                self.assert_valid()
                uses += 1
            self.assertEqual([process.poll() for process in processes], [0, 0])
        self.assertGreater(uses, ROUNDS)
        states = dict(self.query("SELECT state, count(*) FROM openapi_pec_token GROUP BY state"))
        self.assertEqual(states.pop('active'), 1)
        self.assertGreaterEqual(sum(states.values()), ROUNDS)
        self.assertEqual(len(self.sandbox.tokens()), sum(states.values()) + 1, "each was made once")
        self.assertLessEqual({*states}, {'gone', 'retiring'})
        self.assertEqual(len(self.get_valid()), states.get('retiring', 0) + 1, "what was replaced is deleted")
        self.assert_valid()

    def test_killed_right_after_a_token_was_made(self):
        person, process = self.start()
        self.sandbox.fault(MAKE_TOKEN, 'delay_after', seconds=20)
        self.threads.submit(self.connect, person)
        self.wait_until(self.get_valid, "the token is made")
        self.kill(process)
        self.sandbox.clear_faults()
        [lost] = self.get_valid()
        self.assertEqual(self.query("SELECT state FROM openapi_pec_token"), [('making',)])
        person, _process = self.start()
        self.connect(person)
        self.assert_valid()
        self.assertNotEqual(self.get_token(), lost)
        for _run in range(2):
            self.query("UPDATE openapi_pec_token SET asked_at = asked_at - interval '11 minutes'")
            person.run_job('accounts')
        self.assertEqual(self.get_valid(), [self.get_token()], "what was left over is found by its name and deleted")
        self.assertEqual(self.query("SELECT state FROM openapi_pec_token ORDER BY id"), [('gone',), ('active',)])
