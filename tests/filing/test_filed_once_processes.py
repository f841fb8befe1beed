"""The same filing, or mailbox, twice at one instant on real servers: refused in words, and nothing logged."""
from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec.tools.pec.identity_digest import digest

import environment
import serving

from ..common_processes import PATIENCE, FilingProcessCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestFiledOnceProcesses(FilingProcessCase):

    def test_a_new_term_asked_for_twice(self):
        """Two people who press at the same moment get one draft: whoever comes second opens that of the first."""
        person, _process = self.start()
        [filing] = self.create_filings(person)
        self.query(
            "UPDATE openapi_pec_communication SET state = 'completed', environment = 'sandbox', remote_id = %s "
            "WHERE id = %s", 'a' * 24, filing)
        with self.connection() as cr:
            cr.execute("UPDATE openapi_pec_communication SET write_date = write_date WHERE id = %s", [filing])
            presses = [
                self.threads.submit(person.call, 'openapi_pec.communication', 'action_renew', [filing])
                for _press in range(2)]
            self.wait_until(self.is_blocked, "the presses meet")
        self.assertEqual(len({press.result(PATIENCE)['res_id'] for press in presses}), 1)

    def test_a_line_communicated_twice(self):
        """Two people who press on one line of the register of positions get one draft."""
        person, _process = self.start()
        [partner] = person.call('res.partner', 'create', [{
            'name': "Impresa S.r.l.", 'is_company': True, 'openapi_pec_email': 'impresa@legalmail.it',
            'country_id': person.call('ir.model.data', 'check_object_reference', 'base', 'it')[1]}])
        person.call('res.partner', 'action_openapi_pec_follow', [partner])
        [(line,)] = self.query(
            "SELECT id FROM openapi_pec_position WHERE partner_id = %s AND kind = 'company'", partner)
        with self.connection() as cr:
            cr.execute("UPDATE res_partner SET write_date = write_date WHERE id = %s", [partner])
            presses = [
                self.threads.submit(person.call, 'openapi_pec.position', 'action_file', [line]) for _press in range(2)]
            self.wait_until(self.is_blocked, "the presses meet")
        self.assertEqual(len({press.result(PATIENCE)['res_id'] for press in presses}), 1)
        self.assertEqual(self.query(
            "SELECT COUNT(*) FROM openapi_pec_communication WHERE partner_id = %s", partner), [(1,)])

    def test_many_contacts_asked_for_twice(self):
        """Two answers to the question about many contacts make each filing once, and open one batch."""
        person, _process = self.start()
        partners = person.call('res.partner', 'create', [{
            'name': f"Impresa {number} S.r.l.", 'is_company': True,
            'openapi_pec_email': f'impresa{number}@legalmail.it',
            'country_id': person.call('ir.model.data', 'check_object_reference', 'base', 'it')[1],
        } for number in range(3)])
        questions = [
            person.call('res.partner', 'action_openapi_pec_ask', partners)['res_id'] for _question in range(2)]
        with self.connection() as cr:
            cr.execute("UPDATE res_partner SET write_date = write_date WHERE id = %s", [partners[0]])
            presses = [
                self.threads.submit(person.call, 'openapi_pec.communicate', 'action_confirm', [question])
                for question in (*questions, questions[0])]
            self.wait_until(self.is_blocked, "the presses meet")
        opened = {press.result(PATIENCE)['context']['openapi_pec_batch_id'] for press in presses}
        self.assertEqual(
            self.query("SELECT batch_id, COUNT(*) FROM openapi_pec_communication WHERE partner_id = ANY(%s) "
                       "GROUP BY batch_id", partners), [(*opened, 3)])

    def test_the_same_instant(self):
        """The database refuses what the checks could not see; the log holds neither tax codes nor addresses."""
        person, _process = self.start()
        first, second = self.create_filings(person, 2, pec_email='istante@legalmail.it')
        [(partner, kind, company_code, code)] = self.query(
            "SELECT partner_id, kind, company_fiscal_code, fiscal_code FROM openapi_pec_communication WHERE id = %s",
            first)
        same = digest('sandbox', company_code, partner, kind, code, 'istante@legalmail.it')
        with self.connection() as cr:
            cr.execute(
                "UPDATE openapi_pec_communication SET state = 'queued', environment = 'sandbox', digest = %s WHERE id "
                "= %s", [same, first])
            click = self.submit(person, [second])
            self.wait_until(self.is_blocked, "the click meets the other transaction")
        refusal = click.exception(PATIENCE)
        self.assertIsInstance(refusal, serving.Refused)
        self.assertRegex(str(refusal), "just been submitted.*Nothing was sent or spent for yours: follow that filing, "
                                       "do not pay twice")
        [(name,)] = self.query("SELECT name FROM openapi_pec_communication WHERE id = %s", first)
        self.assertNotIn(name, str(refusal))
        self.assertEqual(self.query("SELECT state FROM openapi_pec_communication WHERE id = %s", second), [('draft',)])
        log = environment.log_path(f'{self._testMethodName}_1').read_text()
        for value in (company_code, code, 'istante@legalmail.it', same, 'bad query'):
            self.assertNotIn(value, log)
