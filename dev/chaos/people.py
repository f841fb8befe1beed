"""Two people, who click; and one of them, who decides on what the screen says and knows nothing else."""
import collections
import itertools
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import requests

import serving
from sandbox_api.signature_const import OTP, SANDBOX_PIN, SANDBOX_USERNAME
from serving import Refused

FILING, MAILBOX, CHOOSE = 'openapi_pec.communication', 'openapi_pec.mailbox', 'openapi_pec.reconcile'
# What forms show of what happened, and of what to do.
SHOWN_OF_FILINGS = (
    'display_name', 'state', 'pec_email', 'remote_id', 'remote_state', 'error_message', 'waiting_for',
    'waiting_sentence', 'progress_sentence', 'is_to_decide')
SHOWN_OF_MAILBOXES = (
    'display_name', 'state', 'address', 'remote_id', 'call_state', 'operation', 'error_message', 'waiting_for',
    'waiting_sentence', 'awaited_sentence', 'expires_on', 'is_to_decide')
DELIVERED = ('documents_uploaded', 'completed')
ACCEPTED = ('code_requested', 'awaiting_documents', *DELIVERED)
PATIENCE = 90
JOB_PATIENCE = {False: 4, True: 120}  # seconds; whether the job runs already
SELECTED, HANDS = 20, 4
REASON = "looked at, and right as it is"  # as several PECs of one company are communicated


class Unreachable(Exception):
    """The server did not answer: it was killed, perhaps."""


class User:
    """Somebody with a login, who works on several servers from several windows."""

    def __init__(self, servers, database, login, password):
        self.servers, self.database, self.login, self.password = servers, database, login, password
        self._cookies, self._local, self._turns, self._tokens = {}, threading.local(), itertools.count(), {}
        for server in servers.all:
            self._log_in(server)

    def _log_in(self, server):
        """Log in on a server; that lasts when the server is started again."""
        person = serving.Person(server.url, self.database, self.login, self.password)
        self._cookies[server.name] = person.session.cookies, person.context

    def _get_window(self, server):
        """A window of its own for each thread."""
        windows = self._local.__dict__.setdefault('windows', {})
        if server.name not in windows:
            window = serving.Person.__new__(serving.Person)
            window.url, window.session = server.url, requests.Session()
            cookies, window.context = self._cookies[server.name]
            window.session.cookies.update(cookies)
            windows[server.name] = window
        return windows[server.name]

    def click(self, server, model, method, *arguments, **keywords):
        """Call a method once, as a click does.

        :raise Unreachable: nobody knows whether it was heard
        :raise Refused: what Odoo answered
        """
        return self._once(server, lambda window: window.call(model, method, *arguments, **keywords))

    def sign(self, server, filing):
        """Send once what the dialog of a filing sends, with the vendor's credentials for its sandbox.

        :raise Unreachable: nobody knows whether it was heard
        :raise Refused: what Odoo answered
        """
        return self._once(server, lambda window: self._sign(server.name, window, filing))

    def _sign(self, name, window, filing):
        if name not in self._tokens:
            page = window.session.get(f'{window.url}/odoo', timeout=PATIENCE).text
            found = re.search(r'csrf_token: "([^"]+)"', page)
            if not found:
                raise ValueError('There is no page')
            self._tokens[name] = found[1]
        offer = window.call('openapi_pec.communication', 'action_sign_remotely', [filing])['params']['offer']
        answer = window.session.post(f'{window.url}/openapi_pec/sign', timeout=PATIENCE, data={
            'offer': offer, 'csrf_token': self._tokens[name], 'filing_id': filing,
            'username': SANDBOX_USERNAME, 'pin': SANDBOX_PIN, 'otp': OTP})
        answer.raise_for_status()
        if problem := answer.json()['problem']:
            raise Refused(problem)

    def _once(self, server, ask):
        """Ask from a window of a server, once more only where nobody has heard it."""
        try:
            return ask(self._get_window(server))
        except (requests.RequestException, ValueError) as error:
            if 'Connection refused' not in str(error):
                raise Unreachable(str(error)) from error
        server.wait()  # without a server there is no button
        try:
            return ask(self._get_window(server))
        except (requests.RequestException, ValueError) as error:
            raise Unreachable(str(error)) from error

    def call(self, model, method, *arguments, **keywords):
        """Call what may be called again, until some server answers."""
        end, number = time.monotonic() + PATIENCE, next(self._turns)
        while True:
            try:
                return self.click(
                    self.servers.all[number % len(self.servers.all)], model, method, *arguments, **keywords)
            except Unreachable:
                if time.monotonic() > end:
                    raise
            except Refused as refused:
                if time.monotonic() > end or not is_crash(refused):
                    raise
            number += 1
            time.sleep(.3)

    def run_job(self, server, job):
        """Run a scheduled job to its end, and one that a server has begun by itself when that is done.

        :return: what went wrong, if anything did
        """
        began = time.monotonic()
        while True:
            try:
                [_model, job_id] = self.call(
                    'ir.model.data', 'check_object_reference', 'l10n_it_openapi_pec', f'ir_cron_{job}')
                self.click(server, 'ir.cron', 'method_direct_trigger', [job_id])
            except (Refused, Unreachable) as error:
                if time.monotonic() - began > JOB_PATIENCE['already executing' in str(error)]:
                    return f'job {job}: {error}'
                time.sleep(.5)
            else:
                return None


def is_crash(refused):
    """Return whether Odoo's answer means that its database went away."""
    return bool(re.search(r'server closed|connection|terminating|recovery mode|starting up|shutting down|cursor '
                          r'already closed|SSL',
                          str(refused), re.I))


class Console:
    """The 'Openapi console': what the vendor shows on its own pages, no sooner than its API does."""

    def __init__(self, url):
        self.url = url

    def _read(self, path):
        for _attempt in range(5):
            try:
                answer = requests.get(
                    self.url + path, headers={'Authorization': f'Bearer {serving.TOKEN}'}, timeout=10).json()
            except (requests.RequestException, ValueError):
                time.sleep(.2)
            else:
                return answer.get('data') or []
        return []

    def find(self, kind, address):
        """Return the rows with an address, of ``comunica_pec`` or ``pec``."""
        return [row for row in self._read(f'/{kind}') if str(row['casella_pec']).casefold() == address.casefold()]

    def get_expiry(self, address):
        """Until when it shows a mailbox, as Odoo writes it."""
        for row in self.find('pec', address):
            return '-'.join(reversed(str(row['data_scadenza']).split('/')))
        return ''


class Decider:
    """A manager who looks at what is not done yet, and does what the screen says.

    :param wants: ``{mailbox id: the expiry that it is to have}``; mailboxes of which only the purchase is wanted are
        not in it
    :param float day: how long a day is
    """

    def __init__(self, user, servers, console, wants, deliveries, day):
        self.user, self.servers, self.console = user, servers, console
        self.wants, self.deliveries, self.day = wants, set(deliveries), day
        self.seen_since, self.decisions, self.refusals, self.shown_candidates = {}, [], collections.Counter(), set()
        self.imported = set()  # addresses of mailboxes that were taken over from the account

    # ------------------------------------------------------------ what is shown

    def look(self, filings, mailboxes):
        """Read the forms of all that is wanted.

        :return: ``(filings, mailboxes)``, as rows
        """
        def read(model, ids, names):
            return self.user.call(
                model, 'web_read', sorted(ids), specification={name: {} for name in names}) if ids else []
        self.imported = {
            row['address'] for row in self.user.call(MAILBOX, 'search_read', [('is_imported', '=', True)], ['address'])}
        return read(FILING, filings, SHOWN_OF_FILINGS), read(MAILBOX, mailboxes, SHOWN_OF_MAILBOXES)

    def is_done(self, row):
        """Return whether a form shows what was wanted."""
        if 'pec_email' in row:
            return row['state'] in (DELIVERED if row['id'] in self.deliveries else ACCEPTED)
        if row['id'] in self.wants:
            return bool(row['expires_on'] and row['expires_on'] >= self.wants[row['id']] and not row['call_state'])
        return bool(row['remote_id'] and not row['call_state']) or row['address'] in self.imported

    def decide(self, rows):
        """Do for each row what its form says."""
        left = [row for row in rows if not self.is_done(row)]
        drafts = [row for row in left if row['state'] == 'draft' and 'pec_email' in row]
        selections = [drafts[start:start + SELECTED] for start in range(0, len(drafts), SELECTED)]
        with ThreadPoolExecutor(HANDS) as threads:
            list(threads.map(lambda task: self._try(*task), [
                *((self._submit_all, selection) for selection in selections),
                *((self._decide, row) for row in left if row not in drafts)]))

    def _try(self, function, subject):
        try:
            function(subject)
        except (Refused, Unreachable) as answer:
            self.refusals[re.sub(r'\d+', 'N', str(answer))[:300]] += 1
            if 'press "Import from the Service"' in str(answer):
                self.decisions.append('import')
                self.user.call(MAILBOX, 'action_import_from_service', [])

    def _submit_all(self, rows):
        """Select drafts in the list, and submit them at once."""
        self.decisions.append('drafts submitted again')
        self.user.call(FILING, 'action_submit', [row['id'] for row in rows], REASON)

    def _decide(self, row):
        model = FILING if 'pec_email' in row else MAILBOX
        if row['is_to_decide']:
            return self._answer(model, row)
        if row['waiting_for'] in ('credit', 'token'):
            return self._click(model, row, 'action_go_on')
        if model == FILING:
            return self._decide_filing(row)
        return self._decide_mailbox(row)

    def _click(self, model, row, method, *arguments):
        self.decisions.append(method)
        return self.user.click(self._get_server(), model, method, [row['id']], *arguments)

    def _get_server(self):
        return self.servers.all[next(self.user._turns) % len(self.servers.all)]

    def _is_in_console(self, row):
        kind, address = ('comunica_pec', row['pec_email']) if 'pec_email' in row else ('pec', row['address'])
        return bool(self.console.find(kind, address))

    def _decide_filing(self, row):
        if row['state'] == 'awaiting_documents' and row['id'] in self.deliveries:
            return self._click(FILING, row, 'action_send_documents')
        if row['state'] not in ('draft', 'failed'):
            return None
        if 'console' in (row['error_message'] or '').lower() and self._is_in_console(row):
            return None  # Odoo goes on looking for it
        try:
            return self._click(FILING, row, 'action_submit')
        except Refused as refused:
            if 'why' not in str(refused).lower() and 'reason' not in str(refused).lower():
                raise
            return self._click(FILING, row, 'action_submit', REASON)

    def _decide_mailbox(self, row):
        if row['call_state'] in ('queued', 'unconfirmed'):
            return None
        text = f"{row['error_message'] or ''} {row['awaited_sentence'] or ''}".lower()
        if row['id'] not in self.wants:
            if 'console' in text and self._is_in_console(row):
                return None
            return order(self.user, self._get_server(), row['id'], 'action_open_buy')
        if 'has accepted it' in text or not self._is_day_old(row):
            return None  # it does not show yet, and nothing is urgent
        if self.console.get_expiry(row['address']) >= self.wants[row['id']]:
            return None
        self.decisions.append('renewed again')
        return order(self.user, self._get_server(), row['id'], 'action_open_renew', self.wants[row['id']], years='1',
                     reason="a day later it is not in the Openapi console" if text.strip() else False)

    def _is_day_old(self, row):
        """Return whether it is a day since this was first seen not done."""
        since = self.seen_since.setdefault((row['display_name'], row['id']), self.servers.ahead)
        return (not row['error_message'] and not row['awaited_sentence']) or self.servers.ahead - since >= self.day

    # ------------------------------------------------------------ the question of its button

    def _answer(self, model, row):
        question = self._click(model, row, 'action_choose')['res_id']
        [shown] = self.user.call(CHOOSE, 'web_read', [question], specification={
            'question': {}, 'record_name': {}, 'looks': {}, 'doubts': {}, 'operation': {},
            'line_ids': {'fields': {'remote_id': {}, 'remote_state': {}, 'changed_at': {}, 'comparison': {}}}})
        self.shown_candidates |= {line['remote_id'] for line in shown['line_ids']}
        server, kind = self._get_server(), shown['question']
        if kind in ('which', 'held'):
            lines = [
                line for line in shown['line_ids']
                if 'Agrees' in (line['comparison'] or '') and 'Differs' not in line['comparison']]
            if lines:
                self.decisions.append(f'{kind}: this one')
                oldest = min(lines, key=lambda line: (line['changed_at'] or '', line['id']))
                return self.user.click(server, 'openapi_pec.reconcile.line', 'action_this_one', [oldest['id']])
        elif kind == 'executed':
            line = shown['line_ids'][0]
            if 'Changed since the call' in (line['comparison'] or ''):
                self.decisions.append('executed: yes')
                return self.user.click(server, 'openapi_pec.reconcile.line', 'action_this_one', [line['id']])
        if not self._is_absent(model, row, shown):
            return None
        self.decisions.append(f'{kind}: no')
        self.user.click(server, CHOOSE, 'write', [question], {'reason': "not in the Openapi console"})
        return self.user.click(server, CHOOSE, 'action_none', [question])

    def _is_absent(self, model, row, shown):
        """Return whether the console, where the question says to look, does not show it.

        Before a day has passed nothing is said of a change.
        """
        if shown['operation'] in ('create', 'mailbox_create'):
            return not self._is_in_console(row)
        if model == FILING:
            return True  # documents, which are free
        return self._is_day_old({**row, 'error_message': True}) and self.console.get_expiry(
            row['address']) < self.wants[row['id']]


def order(user, server, mailbox, button, expiry=None, **values):
    """Press the button of an operation on a mailbox, look at its question, and confirm it.

    :param str expiry: which is wanted; a mailbox that shows it already is left alone
    """
    action = user.click(server, MAILBOX, button, [mailbox])
    if expiry:
        [shown] = user.call(MAILBOX, 'read', [mailbox], ['expires_on'])
        if shown['expires_on'] and str(shown['expires_on']) >= expiry:
            return None
    ids = user.click(
        server, action['res_model'], 'create', [
            {'typed_price': 11, **{key: value for key, value in values.items() if value}}],  # where none is known here
        context=action['context'])
    return user.click(server, action['res_model'], 'action_confirm', ids)
