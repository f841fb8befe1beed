"""A list that was read before a call was taken says nothing about that call."""
import base64

from odoo.tests import tagged

import p7m_files

from ..common import CREATE, LIST, PATCH
from ..common_processes import PATIENCE, FilingProcessCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestStaleList(FilingProcessCase):

    def prepare_delivery(self, person):
        """Make a filing whose signed power of attorney is ready to be sent; return its id."""
        [filing] = self.create_filings(person)
        self.submit(person, [filing]).result(PATIENCE)
        self.sandbox.set_stato('in_attesa_di_documenti')
        person.run_job('synchronize')
        [row] = person.call('openapi_pec.communication', 'read', [filing], ['procura_file'])
        signed = p7m_files.sign(p7m_files.identity(), base64.b64decode(row['procura_file']))
        person.call('openapi_pec.communication', 'write', [filing], {
            'signed_procura_file': base64.b64encode(signed).decode(), 'signed_procura_filename': 'procura.pdf.p7m'})
        return filing

    def get_delivery(self, filing):
        return self.query("""
            SELECT filing.state, line.state
              FROM openapi_pec_communication AS filing
              JOIN openapi_pec_api_call AS line ON line.res_id = filing.id AND line.operation = 'documents'
             WHERE filing.id = %s""", filing)

    def test_documents_sent_while_the_job_reads(self):
        """The job waits for the list, documents are delivered meanwhile, and their answer is lost.

        The journal learns the outcome.
        """
        person, _process = self.start()
        delivery, [lost] = self.prepare_delivery(person), self.create_filings(person)
        self.sandbox.fault(CREATE, 'drop_before')
        self.submit(person, [lost]).result(PATIENCE)  # its recovery commits in the middle of the job
        listed = self.sandbox.requested(LIST)
        self.sandbox.fault(LIST, 'delay_before', seconds=PATIENCE)
        job = self.threads.submit(person.run_job, 'synchronize')
        self.wait_until(lambda: self.sandbox.requested(LIST) > listed, "the job reads")
        self.sandbox.fault(PATCH, 'drop_after')
        person.call('openapi_pec.communication', 'action_send_documents', [delivery])
        self.assertEqual((self.get_delivery(delivery), self.sandbox.executed(PATCH)), ([('unconfirmed', 'pending')], 1))
        self.sandbox.clear_faults()
        job.result(PATIENCE)
        self.assertEqual(
            self.get_delivery(delivery), [('unconfirmed', 'pending')], "what the job had read is older than the call")
        person.run_job('synchronize')
        self.assertEqual(self.get_delivery(delivery), [('documents_uploaded', 'accepted')])
