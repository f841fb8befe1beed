"""Many signatures among real processes: a server that dies in the middle, two that sign the same, and a secret PIN."""
from odoo.tests import tagged

import environment
from serving import Refused

from ..common_processes import PATIENCE, FilingProcessCase
from ..common_signature import PIN, SIGN_AUTOMATIC

COUNT = 6
ANNA = 'BNCNNA85M41F205Q'  # nobody's


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSignManyProcesses(FilingProcessCase):
    """What no transaction of a test can show."""

    def prepare(self, person):
        """Bring filings to their signatures, of a company that has an automatic certificate; return their ids."""
        ids = self.create_filings(person, COUNT)
        self.submit(person, ids).result(PATIENCE)
        person.run_job('dispatch')
        self.sandbox.set_stato('in_attesa_di_documenti')
        person.run_job('synchronize')
        username = self.sandbox.create_certificate(
            certificateOwner="Anna Bianchi", tax_code=ANNA, certificateType='EU-QES_automatic',
            pin=PIN)['fields']['username']
        [holder] = person.call(
            'res.partner', 'create', [{'name': "Anna Bianchi", 'l10n_it_codice_fiscale': ANNA}])
        _model, group = person.call('ir.model.data', 'check_object_reference', 'l10n_it_openapi_pec', 'group_signer')
        person.call('res.users', 'write', [person.context['uid']], {'group_ids': [(4, group)]})
        settings = person.call('res.config.settings', 'create', [{
            'openapi_pec_sign_many': True, 'openapi_pec_signer_id': holder, 'openapi_pec_signer_username': username,
            'openapi_pec_signer_pin': PIN}])
        person.call('res.config.settings', 'execute', settings)
        self.query("UPDATE res_company SET openapi_pec_parallel_calls = 2")
        return ids

    def ask(self, person, ids):
        question = person.call('openapi_pec.communication', 'action_open_sign_many', ids)['res_id']
        person.call('openapi_pec.sign_many', 'write', [question], {'has_mandates': True})
        return question

    def confirm(self, person, question):
        """Confirm a question, in a thread."""
        return self.threads.submit(person.call, 'openapi_pec.sign_many', 'action_confirm', [question])

    def follow(self, person):
        for job in ('remote_signatures', 'uploads'):
            person.run_job(job)

    def count_states(self):
        return dict(self.query("SELECT COALESCE(outcome, state), count(*) FROM openapi_pec_signature GROUP BY 1"))

    def assert_forgotten(self):
        """The PIN is in no table and no log."""
        for [table] in self.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
            self.assertFalse(self.query(
                f'SELECT 1 FROM "{table}" AS whole_row WHERE strpos(whole_row::text, %s) > 0 LIMIT 1', PIN), table)
        for number in range(self.servers):
            log = environment.log_path(f'{self._testMethodName}_{number + 1}')
            self.assertNotIn(PIN, log.read_text(), log)

    def assert_signed_once(self, ids):
        self.assertEqual(len(self.sandbox.signatures()), COUNT)
        self.assertEqual(self.sandbox.requested(SIGN_AUTOMATIC), COUNT)
        self.assertEqual(self.query(
            "SELECT count(*) FROM openapi_pec_communication WHERE id = ANY(%s) AND signed_procura_id IS NOT NULL", ids),
            [(COUNT,)])
        self.assertFalse(self.query("SELECT 1 FROM openapi_pec_api_call WHERE state = 'pending'"))

    def test_killed_in_the_middle(self):
        """One is signed, two are asked for, three wait: after a second click all are signed, and none twice."""
        person, process = self.start()
        ids = self.prepare(person)
        question = self.ask(person, ids)
        self.sandbox.fault(SIGN_AUTOMATIC, 'delay_after', seconds=30, skip=1, times=-1)
        self.confirm(person, question)
        self.wait_until(lambda: self.sandbox.requested(SIGN_AUTOMATIC) == 3, "the service is asked for three")
        self.kill(process)
        self.sandbox.clear_faults()
        self.assertEqual(self.count_states(), {'waiting': 1, 'unconfirmed': 2, 'queued': 3})
        person, _process = self.start()
        person.run_job('dispatch')
        self.query("UPDATE openapi_pec_signature SET asked_at = asked_at - interval '2 minutes'")
        self.follow(person)
        self.follow(person)
        self.assertEqual(self.count_states(), {'done': 3, 'not_begun': 3})
        self.confirm(person, self.ask(person, ids)).result(PATIENCE)
        self.follow(person)
        self.assert_signed_once(ids)
        self.assert_forgotten()

    def test_two_servers_sign_at_once(self):
        """Two people confirm at the same moment, on two servers: each filing is signed once."""
        people = [self.start()[0] for _server in range(2)]
        ids = self.prepare(people[0])
        questions = [self.ask(person, ids) for person in people]
        self.sandbox.fault(SIGN_AUTOMATIC, 'delay_before', seconds=1, times=-1)
        clicks = [self.confirm(person, question) for person, question in zip(people, questions, strict=True)]
        errors = [error for click in clicks if (error := click.exception(PATIENCE))]
        self.assertEqual([type(error) for error in errors], [Refused])
        self.follow(people[1])
        self.assert_signed_once(ids)
        self.assert_forgotten()
