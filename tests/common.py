"""Helpers of the tests: a real sandbox API over a socket, and filings in it."""
import contextlib
import functools
import sys
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import requests
from stdnum import luhn

from odoo.tests.common import HttpCase, TransactionCase, new_test_user

from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module
from odoo.addons.l10n_it_openapi_pec.tools.api.client import PecClient

# What starts processes: of the development environment, as these tests are.
sys.path.append(str(Path(__file__).resolve().parent.parent / 'dev'))
import office

import noted
import p7m_files
from serving import NOBODYS_CHILD, Sandbox

noted.listen()

P7M = p7m_files.sign(p7m_files.identity())
BODY = {
    'casella_pec': 'mypec@pec.com', 'cf': 'RSSMRA80A01L117D', 'nome': 'mario', 'cognome': 'rossi',
    'qualifica': 'LEGALE_RAPPRESENTANTE', 'email': 'mail@domain.com', 'cellulare': '34xxxxxx18',
    'ragione_sociale': 'azienda test', 'cf_piva': '12345678910', 'comune': 'roma', 'provincia': 'RM',
    'pec_amministratore': False,
}
CREATE = 'POST /comunica_pec'
PATCH = 'PATCH /comunica_pec/{id}'
LIST = 'GET /comunica_pec'
DOMAIN = 'GET /domini_pec/{dominio}'
# Seconds that are waited for an answer which never comes: what does come takes less, however busy the machine is.
SHORT = 3
LAST_SECONDS = 30  # of a day, in which no test begins: few take so long
# Why several PECs of one company are communicated.
FURTHER = "a further PEC is meant"


@functools.cache
def get_sandbox():
    """Return the sandbox API of this process: one test uses it at a time, and it takes seconds to start.

    Odoo ends the children of the process after each class of tests.
    """
    sandbox = Sandbox(before=NOBODYS_CHILD)
    sandbox.process.wait(10)  # the shell that has started it
    return sandbox


def be_within_a_day():
    """Begin with the next day in the last seconds of this one: tests compare days, their own, Odoo's, the service's.
    """
    left = 86400 - time.time() % 86400
    if left < LAST_SECONDS:
        time.sleep(left)


class SandboxMixin:
    """Gives a test class a sandbox, empty before the class and before each test."""
    sandbox_settings = {}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sandbox = get_sandbox()
        cls.sandbox.usual = cls.sandbox_settings
        cls.sandbox.reset()
        cls.client = PecClient('sandbox-token', cls.sandbox.url)

    @classmethod
    def _request_handler(cls, session, request, /, **kwargs):
        # The framework's handler knows no pair of time-outs, as the client gives, and the sandbox is no Odoo.
        if request.url.startswith(cls.sandbox.url) or isinstance(kwargs.get('timeout'), tuple):
            if urlsplit(request.url).hostname != '127.0.0.1':
                raise AssertionError(f"A test may not leave this machine: {request.url}")
            return cls._real_send(session, request, **kwargs)
        return super()._request_handler(session, request, **kwargs)

    def setUp(self):
        be_within_a_day()
        super().setUp()
        self.sandbox.reset()
        self.addCleanup(self._note_requests)

    def _note_requests(self):
        """Note the addresses of callbacks, which no log may tell."""
        with contextlib.suppress(requests.RequestException):
            noted.note_requests(self.sandbox.requests() if noted.NOTED else [])


SandboxMixin._real_send = staticmethod(requests.sessions.Session.send)


class PecCase(SandboxMixin, TransactionCase):
    """A company with an account on the sandbox, its people, and a filing ready to be submitted."""
    # which would come without the test's cookie, be refused, and told in the log
    sandbox_settings = {'callback_shape': 'none'}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['ir.config_parameter'].set_param('l10n_it_openapi_pec.base_url', cls.sandbox.url)
        cls.env['ir.config_parameter'].set_param('l10n_it_openapi_pec.company_base_url', cls.sandbox.company_url)
        cls.env['ir.config_parameter'].set_param('l10n_it_openapi_pec.oauth_base_url', cls.sandbox.oauth_url)
        cls.env['ir.config_parameter'].set_param('l10n_it_openapi_pec.signature_base_url', cls.sandbox.signature_url)
        cls.env.flush_all()
        cls.env.cr.execute(office.CLOSE)  # of the demo data; pylint: disable=sql-injection
        cls.env.invalidate_all()
        cls.env.user.tz = 'UTC'  # as the other users: around midnight everybody has the same day
        cls.company = cls.env.company
        for environment in ('production', 'sandbox'):  # the sandbox API stands for both
            cls.company._openapi_pec_set_token(environment, 'sandbox-token')
        for login, name, groups in [
            ('manager', "Anna Verdi", ',l10n_it_openapi_pec.group_manager'),
            ('user', "Bruno Bianchi", ',l10n_it_openapi_pec.group_user'),
            ('outsider', "Carla Neri", ''),
        ]:
            user = new_test_user(  # whom nobody invites by mail
                cls.env, f'pec_{login}', 'base.group_user,base.group_partner_manager' + groups,
                {'no_reset_password': True}, name=name)
            setattr(cls, login, user.with_env(cls.env))
        cls.partner = cls.env['res.partner'].create({
            'name': "Falegnameria Prova S.r.l.", 'is_company': True, 'city': "Roma",
            'country_id': cls.env.ref('base.it').id, 'state_id': cls.env.ref('base.state_it_rm').id,
            'l10n_it_codice_fiscale': '12485671007', 'openapi_pec_email': 'prova@legalmail.it',
        })
        cls.representative = cls.env['res.partner'].create({
            'name': "Mario Rossi", 'parent_id': cls.partner.id, 'email': 'mario@example.com', 'phone': '3401234518',
            'l10n_it_codice_fiscale': 'RSSMRA80A01H501U', 'openapi_pec_email': 'mario.rossi@legalmail.it',
        })

    def setUp(self):
        super().setUp()
        self.addCleanup(self._note)

    def _note(self):
        """Note what this test has made that no log may tell."""
        with contextlib.suppress(psycopg2.Error), self.env.cr.savepoint(flush=False):
            noted.note_database(self.env.cr)

    @classmethod
    def create_filing(cls, **values):
        """Make a draft about the company; a further one communicates another PEC, as the same is not filed twice."""
        filings = cls.env['openapi_pec.communication']
        values = {'partner_id': cls.partner.id, 'user_id': cls.manager.id, **values}
        earlier = filings.search_count(
            [('partner_id', '=', values['partner_id']), ('kind', '=', values.get('kind', 'company'))])
        if earlier:
            values.setdefault('pec_email', f'prova{earlier}@legalmail.it')
        return filings.create(values)

    @classmethod
    def create_companies(cls, count, name="Impresa %d S.r.l."):
        """Make companies with a representative and a PEC each."""
        companies = cls.env['res.partner'].create([{
            'name': name % number, 'is_company': True, 'city': "Roma", 'country_id': cls.env.ref('base.it').id,
            'state_id': cls.env.ref('base.state_it_rm').id, 'l10n_it_codice_fiscale': cls.code_of(number),
            'openapi_pec_email': f'impresa{number}@legalmail.it',
        } for number in range(count)])
        cls.env['res.partner'].create([{
            'name': "Mario Rossi", 'parent_id': company.id, 'email': 'mario@example.com', 'phone': '3401234518',
            'l10n_it_codice_fiscale': 'RSSMRA80A01H501U',
        } for company in companies])
        return companies

    @staticmethod
    def code_of(number):
        """Return the valid code of a company in Rome that does not exist."""
        digits = f'{9000000 + number}058'
        code = digits + luhn.calc_check_digit(digits)
        noted.note('a tax code', [code])
        return code

    @contextlib.contextmanager
    def real_transactions(self):
        """Let the addon's own transactions see the test's data (they all share the test's connection)."""
        self.env.flush_all()
        with contextlib.nullcontext() if isinstance(self, HttpCase) else self.enter_registry_test_mode():
            yield
        self.env.invalidate_all()

    def submit(self, filing):
        """Click, and let what follows the commit happen, as a request does; a further PEC of a company is meant."""
        warned = {code for draft in filing for _level, code, *_where in draft.finding_codes or ()}
        is_further = warned and warned <= {'other_pec_open', 'other_pec_hidden'}
        filing.action_submit(FURTHER if is_further else None)
        self.commit()

    def commit(self):
        """Do what happens after the commit of a request."""
        with self.real_transactions():
            self.env.cr.postcommit.run()

    def run_cron(self, job):
        with self.real_transactions():
            self.env.ref(f'l10n_it_openapi_pec.ir_cron_{job}').method_direct_trigger()

    def look_again(self, record, job='synchronize', **ago):
        """Let time pass since the lost call (ten minutes, or ``timedelta``'s arguments), and look for it again."""
        record.env.flush_all()
        self.env.cr.execute("""
            UPDATE openapi_pec_api_call SET looked_at = looked_at - %(ago)s, started_at = started_at - %(ago)s,
                   last_look_at = last_look_at - %(ago)s, last_believed_at = last_believed_at - %(ago)s
             WHERE res_model = %(model)s AND res_id = ANY(%(ids)s)
        """, {'ago': timedelta(**ago or {'minutes': 10}), 'model': record._name, 'ids': record.ids})
        self.env.invalidate_all()
        self.run_cron(job)

    def free(self, record, reason="not in the console"):
        """Decide as a manager that a lost call was not executed."""
        record.with_user(self.manager)._decide(reason=reason)
        record.invalidate_recordset()

    def bring_to_signature(self, filing):
        """Submit a filing and bring it to where it waits for its documents."""
        self.submit(filing)
        self.sandbox.set_stato('in_attesa_di_documenti')
        self.run_cron('synchronize')
        self.assertEqual(filing.state, 'awaiting_documents')

    def sign(self, filing):
        """Return the power of attorney of a filing, signed by its representative."""
        return p7m_files.sign(p7m_files.identity(), filing.procura_id.raw)

    def upload(self, filing, content=None, name='procura.pdf.p7m'):
        content = self.sign(filing) if content is None else content
        filing.signed_procura_id = self.env['ir.attachment'].create({
            'name': name, 'raw': content, 'res_model': filing._name, 'res_id': filing.id})

    def choose(self, record, remote_id, user=None, reason=False):
        """Open the question about a lost answer; return the button of a candidate, or with 'none' of none of them."""
        action = record.with_user(user or self.manager).action_choose()
        question = self.env[action['res_model']].with_user(user or self.manager).browse(action['res_id'])
        question.reason = reason
        if remote_id == 'none':
            return question.action_none
        [line] = question.line_ids.filtered(lambda line: line.remote_id == remote_id)
        return line.action_this_one

    def messages(self, record):
        return ' '.join(record.message_ids.mapped('body'))


class LostAnswerCase(PecCase):
    """A filing whose answer gets lost, of a service that is asked without patience."""

    def setUp(self):
        super().setUp()
        self.patch(client_module, 'READ_PAUSES', ())
        self.patch(client_module, 'READ_TIMEOUT', SHORT)
        self.filing = self.create_filing()

    def lose_answer(self, fault='drop_after', **options):
        self.sandbox.fault(CREATE, fault, **options)
        self.submit(self.filing)
        self.assertEqual((self.filing.state, self.filing.api_call_ids[:1].state), ('unconfirmed', 'pending'))
        self.assertIn("not repeated", self.filing.error_message)

    def lose_and_free(self, is_executed=True):
        """Lose the answer of a call, and free the call after two looks.

        The list does not show the call yet, or it was never executed.
        """
        self.lose_answer('drop_after' if is_executed else 'drop_before')
        if is_executed:
            self.be_late()
        for _look in range(2):
            self.look_again(self.filing)
        self.free(self.filing)
        self.assertEqual(self.filing.state, 'failed')

    def be_late(self, seconds=3600):
        """Have the service's list show what is made so much later."""
        self.sandbox.weather(mood={'list_late': seconds})
