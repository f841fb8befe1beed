"""One call, once, among real processes, for mailboxes: see test_processes for filings."""
import base64

from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec.models.service.call_right import LOCK_SPACE

import serving

from ..common_mailbox import BUY, RENEW, make_pdf
from ..common_mailbox_operations import CHANGES, OPERATIONS, PAID
from ..common_processes import PATIENCE, ProcessCase

BUTTONS = {
    'mailbox_create': 'action_open_buy', 'mailbox_modify': 'action_open_modify',
    'mailbox_transform': 'action_open_transform', 'mailbox_store': 'action_open_store',
    'mailbox_user': 'action_open_user', 'mailbox_renew': 'action_open_renew', 'mailbox_revoke': 'action_open_revoke',
}
ORDERS = {
    'mailbox_modify': {'disk_space': 1024}, 'mailbox_transform': {'new_type': 'GOLD'},
    'mailbox_store': {'new_space': 1024},
    'mailbox_user': {
        'first_name': "Luca", 'last_name': "Bianchi", 'description': "prima utenza", 'email': 'luca@example.com'},
    'mailbox_renew': {'years': '2'},
}
# What each operation leaves at the service.
TRUTHS = {
    'mailbox_create': lambda remote: remote['stato'] == 'registrata',
    'mailbox_activate': lambda remote: (remote['stato'], len(remote['documents']['attivazione'])) == ('in_evasione', 2),
    'mailbox_modify': lambda remote: remote['spazio_disco'] == 2048,
    'mailbox_transform': lambda remote: remote['tipo_casella'] == 'GOLD',
    'mailbox_store': lambda remote: (remote['conservazione'], remote['spazio_conservazione']) == (True, 1024),
    'mailbox_user': lambda remote: [user['nome'] for user in remote['multiutenza']] == ["Luca"],
    'mailbox_renew': lambda remote: int(remote['data_scadenza'][-4:]) == int(remote['data_attivazione'][-4:]) + 3,
    'mailbox_revoke': lambda remote: remote['stato'] == 'revocata',
}
# What it leaves here, as SQL.
RECORDS = {
    'mailbox_create': "state = 'registered'", 'mailbox_activate': "state = 'activating'",
    'mailbox_modify': "disk_space = 2048", 'mailbox_transform': "mailbox_type = 'GOLD'",
    'mailbox_store': "has_storage AND storage_space = 1024",
    'mailbox_user': "(SELECT count(*) FROM openapi_pec_mailbox_user WHERE mailbox_id = openapi_pec_mailbox.id) = 1",
    'mailbox_renew': "expires_on = activated_on + interval '3 years'", 'mailbox_revoke': "state = 'revoked'",
}


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestMailboxProcesses(ProcessCase):
    """Servers on one database, of which some are killed while they buy, change, renew and revoke mailboxes."""

    def open(self, person, mailbox, operation, **more):
        """Press the button of an operation, and fill in its question; return what confirms it: a model, a method, ids.
        """
        if operation == 'mailbox_activate':
            return 'openapi_pec.mailbox', 'action_send_documents', [mailbox]
        action = person.call('openapi_pec.mailbox', BUTTONS[operation], [mailbox])
        values = ORDERS.get(operation, {})
        if operation == 'mailbox_revoke':
            [[address]] = self.query("SELECT address FROM openapi_pec_mailbox WHERE id = %s", mailbox)
            values = {'typed_address': address}
        return action['res_model'], 'action_confirm', person.call(
            action['res_model'], 'create', [{**values, **more}], context=action['context'])

    def confirm(self, person, question):
        """Confirm a question, in a thread."""
        model, method, ids = question
        return self.threads.submit(person.call, model, method, ids)

    def attach_documents(self, person, mailbox):
        document = base64.b64encode(make_pdf()).decode()
        person.call('openapi_pec.mailbox', 'write', [mailbox], {'signed_form': document, 'identity_document': document})

    def prepare(self, person):
        """Buy mailboxes and activate them, so that each waits for one operation: ``{operation: id}``."""
        addresses = [f'falegnameria{number}' for number in range(len(OPERATIONS))]
        ids = dict(zip(OPERATIONS, self.create_drafts(person, *addresses), strict=True))
        for operation in CHANGES:
            self.confirm(person, self.open(person, ids[operation], 'mailbox_create')).result(PATIENCE)
        self.let_activate(person, [ids[operation] for operation in CHANGES if operation != 'mailbox_activate'])
        person.call('openapi_pec.mailbox', 'action_want_storage', [ids['mailbox_store']])
        for operation in ('mailbox_activate', 'mailbox_store'):
            self.attach_documents(person, ids[operation])
        return ids

    def let_activate(self, person, mailboxes):
        """Have the provider activate mailboxes, and the job read it.

        The job reads later where the service's callback is written at that moment.
        """
        remote_ids = self.query("SELECT remote_id FROM openapi_pec_mailbox WHERE id = ANY(%s)", mailboxes)
        self.sandbox.change_mailboxes([remote_id for [remote_id] in remote_ids], stato='evasa')

        def are_active():
            person.run_job('mailboxes')
            return not self.query("SELECT 1 FROM openapi_pec_mailbox WHERE id = ANY(%s) AND (state != 'active' OR "
                                  "details_due)", mailboxes)

        self.wait_until(are_active, "the mailboxes are read as active")

    def ask_for_all(self, person, ids, **more):
        """Confirm every operation at once, each in a thread that nobody waits for."""
        for question in [self.open(person, mailbox, operation, **more) for operation, mailbox in ids.items()]:
            self.confirm(person, question)

    def counts(self):
        """Return how often each operation took effect, beside the purchases that prepared it."""
        return {
            operation: self.sandbox.executed(name) - (len(CHANGES) if name == BUY else 0)
            for operation, name in OPERATIONS.items()}

    def states(self, ids):
        """Return the outcomes of what was asked for: ``{(state of the call, state of its line)}``."""
        return set(self.query("""
            SELECT mailbox.call_state, line.state
              FROM openapi_pec_mailbox AS mailbox
              JOIN openapi_pec_api_call AS line ON line.id = (
                    SELECT max(id) FROM openapi_pec_api_call
                     WHERE res_model = 'openapi_pec.mailbox' AND res_id = mailbox.id)
             WHERE mailbox.id = ANY(%s)""", list(ids.values())))

    def assert_truth(self, ids):
        """Each operation was executed once, and record, journal and service say so."""
        self.assertEqual(self.counts(), dict.fromkeys(OPERATIONS, 1))
        self.assertEqual(self.states(ids), {(None, 'accepted')})
        remotes = {remote['id']: remote for remote in self.sandbox.mailboxes()}
        self.assertEqual(len(remotes), len(ids))
        for operation, mailbox in ids.items():
            with self.subTest(operation=operation):
                [[remote_id, is_right]] = self.query(
                    f"SELECT remote_id, {RECORDS[operation]} FROM openapi_pec_mailbox WHERE id = %s", mailbox)
                self.assertTrue(is_right, self.query("SELECT * FROM openapi_pec_mailbox WHERE id = %s", mailbox))
                self.assertTrue(TRUTHS[operation](remotes[remote_id]), remotes[remote_id])
                accepted = self.query("""
                    SELECT remote_id FROM openapi_pec_api_call
                     WHERE operation = %s AND res_id = %s AND state = 'accepted'""", operation, mailbox)
                self.assertEqual(accepted, [(remote_id,)])
        self.assertFalse(self.query("SELECT 1 FROM openapi_pec_api_call WHERE state = 'pending'"))

    def test_killed_before_and_after_every_call(self):
        """A server dies right before it makes a call of each kind, the next one right after the service executed them.
        """
        person, process = self.start()
        ids = self.prepare(person)
        self.assertEqual(self.counts(), dict.fromkeys(OPERATIONS, 0))
        with self.connection() as cr:
            cr.execute("""
                SELECT pg_advisory_xact_lock(%s, id::int)
                  FROM openapi_pec_api_call_id_seq, generate_series(last_value, last_value + 50) AS id""", [LOCK_SPACE])
            self.ask_for_all(person, ids)
            self.wait_until(lambda: self.states(ids) == {('unconfirmed', 'pending')}, "each call is about to be made")
            self.wait_until(lambda: self.query("""
                SELECT count(*) FROM pg_locks
                 WHERE locktype = 'advisory' AND classid = %s AND NOT granted""", LOCK_SPACE) == [(len(ids),)],
                "and waits for the right to be made")
            self.kill(process)
        self.assertEqual(self.counts(), dict.fromkeys(OPERATIONS, 0))

        person, process = self.start()
        person.run_job('dispatch')
        person.run_job('mailboxes')
        self.assertEqual(self.states(ids), {('unconfirmed', 'pending')}, "one look is not enough")
        self.query("UPDATE openapi_pec_api_call SET looked_at = looked_at - interval '10 minutes'")
        person.run_job('mailboxes')
        paid = {operation: ids[operation] for operation in PAID}
        self.assertEqual(self.states(paid), {('unconfirmed', 'pending')}, "absence is no knowledge")
        for mailbox in paid.values():
            self.free(person, 'openapi_pec.mailbox', mailbox)
        self.assertEqual(self.states(ids), {('failed', 'never_arrived')})
        messages = self.query("SELECT error_message FROM openapi_pec_mailbox WHERE id = ANY(%s)", list(paid.values()))
        self.assertTrue(all("that is not certain" in message for [message] in messages), messages)
        self.assertEqual(self.counts(), dict.fromkeys(OPERATIONS, 0))

        for name in OPERATIONS.values():
            self.sandbox.fault(name, 'delay_after', seconds=PATIENCE)
        self.ask_for_all(person, ids, reason="not in the console")
        self.wait_until(lambda: self.counts() == dict.fromkeys(OPERATIONS, 1), "the service executes each call")
        self.assertEqual(self.states(ids), {('unconfirmed', 'pending')})
        self.kill(process)

        person, process = self.start()
        person.run_job('dispatch')
        person.run_job('mailboxes')
        self.assert_truth(ids)
        for job in ('dispatch', 'mailboxes', 'mailboxes'):
            person.run_job(job)
        self.assert_truth(ids)

    def test_two_servers_at_once(self):
        """The same renewal is confirmed, and a draft of the same address bought, on two servers at the same moment."""
        people = [self.start()[0] for _server in range(2)]
        for delay in (0, 1):
            with self.subTest(delay=delay):
                self.sandbox.reset()
                [mailbox] = self.create_drafts(people[0], f'rinnovo.{delay}')
                self.confirm(people[0], self.open(people[0], mailbox, 'mailbox_create')).result(PATIENCE)
                self.let_activate(people[0], [mailbox])
                questions = [self.open(person, mailbox, 'mailbox_renew') for person in (*people, *people)]
                self.sandbox.fault(RENEW, 'delay_before', seconds=delay)
                clicks = [
                    self.confirm(person, question)
                    for person, question in zip((*people, *people), questions, strict=True)]
                outcomes = [click.exception(PATIENCE) for click in clicks]
                self.assertEqual(outcomes.count(None), 1)
                for outcome in filter(None, outcomes):
                    self.assertIsInstance(outcome, serving.Refused)
                    self.assertRegex(str(outcome), "something else is under way|has changed at the service "
                                                   "since|concurrent update")
                self.assertEqual((self.sandbox.executed(RENEW), self.sandbox.requested(RENEW)), (1, 1))
                self.assertEqual(self.states({'mailbox_renew': mailbox}), {(None, 'accepted')})
                self.assertEqual(
                    self.query(f"SELECT {RECORDS['mailbox_renew']} FROM openapi_pec_mailbox WHERE id = %s", mailbox),
                    [(True,)])
        for delay in (0, 1):
            with self.subTest(delay=delay):
                self.sandbox.reset()
                drafts = self.create_drafts(people[0], *[f'acquisto.{delay}'] * 2)
                questions = [
                    self.open(person, draft, 'mailbox_create') for person, draft in zip(people, drafts, strict=True)]
                self.sandbox.fault(BUY, 'delay_before', seconds=delay)
                clicks = [self.confirm(person, question) for person, question in zip(people, questions, strict=True)]
                outcomes = dict(zip(drafts, [click.exception(PATIENCE) for click in clicks], strict=True))
                [bought] = [draft for draft, outcome in outcomes.items() if outcome is None]
                [refused] = filter(None, outcomes.values())
                self.assertIsInstance(refused, serving.Refused)
                self.assertRegex(str(refused), "do not pay twice|address of another mailbox here|taken already")
                self.assertEqual((self.sandbox.executed(BUY), self.sandbox.requested(BUY)), (1, 1))
                [remote] = self.sandbox.mailboxes()
                states = {row[0]: row[1:] for row in self.query(
                    "SELECT id, state, remote_id FROM openapi_pec_mailbox WHERE id = ANY(%s)", drafts)}
                self.assertEqual(states.pop(bought), ('registered', remote['id']))
                self.assertEqual(list(states.values()), [('draft', None)])
