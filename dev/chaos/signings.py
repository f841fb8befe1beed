"""Remote signatures and certificates in a run: who clicks them, who decides, and their books.

A signature is a click with a PIN, in a request of its own, or one of those of a multiple filing, which are signed with
one click; each attempt has a reference, by which the service tells it.
"""
import itertools
from concurrent.futures import ThreadPoolExecutor

from wallet import says_nothing_spent

from environment import NAME
from people import FILING, HANDS, Unreachable
from plan import BUY_OTP, SIGN_MANY, SIGN_OTP
from sandbox_api.signature_const import SANDBOX_PIN, SANDBOX_USERNAME
from serving import Refused

PARTNER, CERTIFICATE, BATCH, SETTINGS = (
    'res.partner', 'openapi_pec.certificate', 'openapi_pec.batch', 'res.config.settings')
OF_A_BATCH = 20  # filings
CODE = 'RSSMRA80A01H501U'  # nobody's; of all persons here, who are told by their names
# What the form of a filing, and of a certificate, shows.
SHOWN_OF_FILINGS = (
    'display_name', 'is_signing', 'signing_sentence', 'can_sign_remotely', 'can_take_late', 'signed_procura_filename')
SHOWN_OF_CERTIFICATES = (
    'display_name', 'partner_id', 'state', 'error_message', 'remote_id', 'link', 'can_be_freed', 'reference')
BOUGHT = 'ordered', 'active'
# Outcomes of an attempt that say that nothing was executed; with the state of one that is not ended yet.
NOTHING = {'not_begun', 'not_asked', 'refused'}


class Signings:
    """All of it, in one run.

    :param campaign: Campaign that is prepared
    """

    def __init__(self, campaign):
        self.campaign, self.sandbox, self.servers = campaign, campaign.sandbox, campaign.servers
        self.user, self.ask = campaign.anna, campaign._ask
        self.filings, self.partners = [], []
        self.batches = {}  # multiple filing -> its filings

    def prepare(self):
        """Make filings that wait for their signature, and persons without a certificate."""
        plan, campaign = self.campaign.plan, self.campaign
        self.ask('UPDATE res_company SET openapi_pec_sign_remotely = true')
        self.filings = campaign.bring_to_signature(plan.signatures)
        self.partners = self.user.call(PARTNER, 'create', [
            {'name': f'Chaos Persona {chr(65 + number % 26)}{chr(65 + number // 26)}', 'l10n_it_codice_fiscale': CODE}
            for number in range(plan.certificates)])
        self._prepare_batches(campaign.bring_to_signature(plan.together))

    def _prepare_batches(self, filings):
        """Put filings into multiple filings, and let both people sign them with the automatic certificate."""
        call = self.user.call
        _model, group = call('ir.model.data', 'check_object_reference', NAME, 'group_signer')
        people = call('res.users', 'search', [('login', 'in', [user.login for user in self.campaign.users])])
        call('res.groups', 'write', [group], {'user_ids': [(4, person) for person in people]})
        signer = call(PARTNER, 'create', [{'name': "Mario Rossi", 'l10n_it_codice_fiscale': CODE}])
        settings = call(SETTINGS, 'create', [{
            'openapi_pec_sign_many': True, 'openapi_pec_signer_id': signer[0],
            'openapi_pec_signer_username': SANDBOX_USERNAME, 'openapi_pec_signer_pin': SANDBOX_PIN}])
        call(SETTINGS, 'execute', settings)
        for start in range(0, len(filings), OF_A_BATCH):
            some = filings[start:start + OF_A_BATCH]
            [batch] = call(BATCH, 'create', [{}])
            self.ask(f'UPDATE openapi_pec_communication SET batch_id = {batch} WHERE id = ANY(%s)', some)
            self.batches[batch] = some

    def get_clicks(self):
        """Return what is clicked: ``[(name, function of user and server), …]``."""
        return [
            *(('signature', lambda user, server, filing=filing: user.sign(server, filing)) for filing in self.filings),
            *(('certificate', lambda user, server, partner=partner: buy(user, server, partner))
              for partner in self.partners),
            *(('many signatures', lambda user, server, batch=batch: sign_many(user, server, batch))
              for batch in self.batches)]

    # ------------------------------------------------------------ what is shown, and decided

    def look(self):
        """Read the forms: of the filings, and of each person's last certificate.

        :return: rows; of a person without a certificate, one without a state
        """
        def read(model, ids, names):
            return self.user.call(
                model, 'web_read', sorted(ids), specification={name: {} for name in names}) if ids else []

        certificates = self.user.call(
            CERTIFICATE, 'search_read', [('partner_id', 'in', self.partners)], ['partner_id'], order='id')
        last = {row['partner_id'][0]: row['id'] for row in certificates}
        rows = {row['partner_id']: row for row in read(CERTIFICATE, last.values(), SHOWN_OF_CERTIFICATES)}
        return read(FILING, itertools.chain(self.filings, *self.batches.values()), SHOWN_OF_FILINGS) + [
            {'partner_id': partner, 'state': False, 'display_name': f'person {partner}', **rows.get(partner, {})}
            for partner in self.partners]

    @staticmethod
    def is_done(row):
        """Return whether a form shows what was wanted."""
        if 'is_signing' in row:
            return bool(row['signed_procura_filename'])
        return row['state'] in BOUGHT and bool(row['remote_id'])

    def decide(self, rows):
        """Do for each row what its form says, and for each multiple filing what its button offers."""
        left = {row.get('id'): row for row in rows if 'is_signing' in row and not self.is_done(row)}
        tasks = [(self._sign_again, batch) for batch, ids in self.batches.items() if any(
            filing in left and not left[filing]['can_take_late'] for filing in ids)]
        tasks += [(self._decide, row) for row in rows if not self.is_done(row)]
        with ThreadPoolExecutor(HANDS) as threads:
            list(threads.map(lambda task: self._try(*task), tasks))

    def _try(self, function, subject):
        decider = self.campaign.decider
        try:
            function(subject)
        except (Refused, Unreachable) as answer:
            decider.refusals[str(answer)[:300]] += 1

    def _sign_again(self, batch):
        self.campaign.decider.decisions.append('many signed again')
        sign_many(self.user, self.campaign.decider._get_server(), batch)

    def _decide(self, row):
        decisions, server = self.campaign.decider.decisions, self.campaign.decider._get_server()
        if 'is_signing' in row:
            if row['can_take_late']:
                decisions.append('signature taken late')
                self.user.click(server, FILING, 'action_take_late', [row['id']])
            elif row['can_sign_remotely'] and row['id'] in self.filings:
                decisions.append('signed again')
                self.user.sign(server, row['id'])
        elif row['state'] == 'held':
            decisions.append('certificate taken over')
            self.user.click(server, CERTIFICATE, 'action_take_over', [row['id']])
        elif row['state'] == 'unconfirmed':
            if row['can_be_freed'] and not self._is_in_console(row):
                decisions.append('certificate freed')
                self.user.click(server, CERTIFICATE, 'action_free', [row['id']], 'not in the console')
        elif row['state'] in (False, 'failed', 'cancelled'):
            if not (row['state'] and self._is_in_console(row)):
                decisions.append('certificate bought again')
                buy(self.user, server, row['partner_id'])

    def _is_in_console(self, row):
        """Return whether the vendor's own pages show a certificate; they show no more than its API."""
        mood = self.campaign.plan.mood
        return not mood.get('list_late') and any(
            certificate['fields']['customReference'] == row['reference'] for certificate in self.sandbox.certificates())

    # ------------------------------------------------------------ the books

    def check(self):
        """Check what forms and journal say of the money now; return the rows of the forms."""
        executed = self._get_executed(self.campaign.books.since)  # what is executed later makes no sentence false
        rows = self.look()
        for reference, state, outcome, sentence, _remote_id, lines in self._get_attempts():
            paid = executed.get(reference)
            if paid and state != 'queued' and (outcome in NOTHING or says_nothing_spent(sentence) or not lines):
                self.campaign.books.note('false', reference, f'{paid}, and told: {state}, {outcome}, {sentence}')
        return rows

    def close(self):
        """Compare everything in the end."""
        note, executed = self.campaign.books.note, self._get_executed(0)
        attempts = {reference: rest for reference, *rest in self._get_attempts()}
        for reference, numbers in executed.items():
            if len(set(numbers)) > 1:
                note('called twice', reference, f'requests {numbers}, {attempts.get(reference)}')
            if reference not in attempts and min(numbers) > self.campaign.books.since:
                note('lost', reference, f'requests {numbers}: made by us, and no record is it')
        for row in self.check():
            if not self.is_done(row):
                note('stuck', row['display_name'], {key: value for key, value in row.items() if value})
        made = {row['id']: row for row in itertools.chain(self.sandbox.signatures(), self.sandbox.certificates())}
        for reference, (state, _outcome, sentence, remote_id, _lines) in attempts.items():
            if state in ('done', *BOUGHT) and remote_id not in made:
                note('untrue', reference, f'{state}, at the service there is no {remote_id}')
            if state in ('queued', 'unconfirmed', 'waiting', 'judging'):
                note('stuck', reference, f'{state}, {sentence}')

    def _get_executed(self, since):
        """Return the numbers of the requests that took effect: ``{reference: [number, …]}``."""
        found = {}
        for row in self.sandbox.executions():
            if row['operation'] in (SIGN_OTP, SIGN_MANY, BUY_OTP) and row['number'] > since:
                found.setdefault(row['casella_pec'].partition(' ')[0], []).append(row['number'])
        return found

    def _get_attempts(self):
        """Return each attempt and each purchase: ``[(reference, state, outcome, sentence, id at the service, [state of
        each line of the journal])]``. What was taken over has an identifier, and a line that was closed without one.
        """
        lines = {}
        for model, record, state in self.ask('SELECT res_model, res_id, state FROM openapi_pec_api_call ORDER BY id'):
            lines.setdefault((model, record), []).append(state)
        return [
            (*told, lines.get((model, record), [])) for model, outcome in (
                ('openapi_pec.signature', 'outcome'), (CERTIFICATE, 'NULL'))
            for record, *told in self.ask(
                f"SELECT id, reference, state, {outcome}, error_message, remote_id FROM {model.replace('.', '_')}")]


def buy(user, server, partner):
    """Press the button of a contact, and confirm its question, also where an earlier purchase is not found."""
    action = user.click(server, PARTNER, 'action_openapi_pec_buy_certificate', [partner])
    user.click(server, action['res_model'], 'write', [action['res_id']], {'is_further': True})
    return user.click(server, action['res_model'], 'action_confirm', [action['res_id']])


def sign_many(user, server, batch):
    """Press the button of a multiple filing, declare to hold the mandates, and confirm."""
    action = user.click(server, BATCH, 'action_open_sign_many', [batch])
    user.click(server, action['res_model'], 'write', [action['res_id']], {'has_mandates': True})
    return user.click(server, action['res_model'], 'action_confirm', [action['res_id']])
