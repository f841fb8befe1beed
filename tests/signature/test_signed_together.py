"""What became of several is found in one list of their account, and kept in one way."""
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec.tools.api import signature_client

import p7m_files as files

from ..common_signature import BUY_OTP, CREDENTIALS, LIST_CERTIFICATES, LIST_SIGNATURES, SIGN_OTP
from .test_sign_many import SignManyCase
from .test_signed_once import PaidCase

ONE_LIST, ONE_EMPTY = 2, 1  # requests: a page, and that there is no other one; of an empty list, that alone


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestLookedForTogether(PaidCase):
    """However many answers of an account are lost, its list is read once in a run."""

    def lose_signatures(self, *faults):
        """Have as many filings signed as there are faults, each of which loses an answer; return the attempts."""
        attempts = self.env['openapi_pec.signature'].sudo()
        for fault in faults:
            filing = self.create_filing()
            self.bring_to_signature(filing)
            self.sandbox.fault(SIGN_OTP, fault)
            attempts += attempts.with_user(self.manager)._sign(filing, CREDENTIALS, filing._get_signing_offer())
            self.commit()
        self.assertEqual(set(attempts.mapped('state')), {'unconfirmed'})
        return attempts

    def lose_certificates(self, fault):
        certificates = self.env['openapi_pec.certificate']
        for name, code in (("Anna Bianchi", 'BNCNNA85M41F205Q'), ("Luigi Verdi", 'VRDLGU70A01F205R')):
            self.representative = self.env['res.partner'].create({'name': name, 'l10n_it_codice_fiscale': code})
            self.sandbox.fault(BUY_OTP, fault)
            certificates += self.ask_to_buy()
        self.assertEqual(set(certificates.mapped('state')), {'unconfirmed'})
        return certificates

    def count_lists(self, operation, function):
        before = self.sandbox.requested(operation)
        function()
        return self.sandbox.requested(operation) - before

    def test_signatures(self):
        attempts = self.lose_signatures(*['drop_after'] * 3, *['drop_before'] * 2)
        found, others = attempts[:3], attempts[3:]
        self.assertEqual(self.count_lists(LIST_SIGNATURES, lambda: self.run_cron('remote_signatures')), ONE_LIST)
        self.assertEqual(attempts.mapped('state'), [*['done'] * 3, *['unconfirmed'] * 2])
        titles = {row['id']: row['document']['title'] for row in self.sandbox.signatures()}
        for attempt in found:
            self.assertIn(attempt.reference, titles[attempt.remote_id])
        self.assertEqual(len(set(found.mapped('remote_id'))), 3)
        self.assertEqual([attempt.api_call_ids.looks for attempt in others], [1, 1])
        self.assertEqual(self.count_lists(
            LIST_SIGNATURES, lambda: self.look_again(others, 'remote_signatures', minutes=2)), ONE_LIST)
        self.assertEqual(set(others.mapped('outcome')), {'lost'})
        self.assertEqual((self.sandbox.requested(SIGN_OTP), len(self.sandbox.signatures())), (5, 3))

    def test_list_that_cannot_be_believed(self):
        """It is read once for all, and decides about none."""
        attempts = self.lose_signatures(*['drop_before'] * 3)
        self.sandbox.fault(LIST_SIGNATURES, 'wrong_shape', body={'data': [{'id': None}]})
        self.assertLessEqual(self.count_lists(LIST_SIGNATURES, lambda: self.run_cron('remote_signatures')), ONE_LIST)
        self.assertEqual(attempts.api_call_ids.mapped(lambda line: (line.looks, line.doubt)), [
            (0, 'incomplete,unreadable')] * 3)

    def test_not_before_its_call_has_ended(self):
        """The list is read for the others: about a call that some process still makes it says nothing."""
        attempts = self.lose_signatures('drop_after', 'drop_before')
        busy = attempts.api_call_ids
        journal = type(busy)
        look = journal._without_live_worker
        self.patch(journal, '_without_live_worker', lambda lines: look(lines - busy))
        self.run_cron('remote_signatures')
        self.assertEqual(self.sandbox.requested(LIST_SIGNATURES), 0, "there is nothing to look for")
        busy = attempts[1].api_call_ids
        self.run_cron('remote_signatures')
        self.assertEqual(attempts.mapped('state'), ['done', 'unconfirmed'])
        self.assertEqual((busy.looks, busy.last_look_at), (0, False))

    def test_not_what_has_ended_meanwhile(self):
        """A process has woken up, called, and lost the answer, all while the list was read: the next one decides."""
        attempts = self.lose_signatures('drop_before', 'drop_before')
        line = attempts[0].api_call_ids
        client_class = signature_client.SignatureClient
        read = client_class.list_signatures

        def read_meanwhile(client, since=None):
            rows = read(client, since)
            self.env.cr.execute(
                "UPDATE openapi_pec_api_call SET write_date = write_date + interval '1 s' WHERE id = %s", [line.id])
            return rows

        with patch.object(client_class, 'list_signatures', read_meanwhile):
            self.run_cron('remote_signatures')
        self.env.invalidate_all()
        self.assertEqual([attempt.api_call_ids.looks for attempt in attempts], [0, 1])
        self.look_again(attempts, 'remote_signatures', minutes=2)
        self.assertEqual(attempts.mapped('state'), ['unconfirmed', 'lost'])

    def test_certificates(self):
        certificates = self.lose_certificates('drop_after')
        self.assertEqual(self.count_lists(LIST_CERTIFICATES, lambda: self.run_cron('remote_signatures')), ONE_LIST)
        self.assertEqual(certificates.mapped('state'), ['ordered'] * 2)
        self.assertEqual({row['id'] for row in self.sandbox.certificates()}, set(certificates.mapped('remote_id')))

    def test_freed_certificates(self):
        self.sandbox.weather(mood={'list_late': 3600})
        certificates = self.lose_certificates('drop_after')
        for _look in range(2):
            self.assertEqual(self.count_lists(
                LIST_CERTIFICATES, lambda: self.look_again(certificates, 'remote_signatures')), ONE_EMPTY)
        for certificate in certificates:
            certificate.with_user(self.manager).action_free("Not in the console")
        self.commit()
        self.sandbox.weather(mood={'list_late': 0})
        self.assertEqual(self.count_lists(
            LIST_CERTIFICATES, lambda: self.look_again(certificates, 'remote_signatures', days=2)), ONE_LIST)
        self.assertEqual(certificates.mapped('state'), ['ordered'] * 2)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestKeptTogether(SignManyCase):
    count = 2

    def test_beside_an_identity_document(self):
        """What the signer has just uploaded besides, and nobody has judged yet, stays."""
        first, second = self.filings
        self.env['openapi_pec.signer_upload']._keep(first, {'identity_document': files.PDF})
        self.sign_all()
        self.run_cron('remote_signatures')
        uploads = self.env['openapi_pec.signer_upload'].search([('communication_id', 'in', self.filings.ids)])
        kept = {upload.communication_id: upload._read_files() for upload in uploads}
        self.assertEqual(
            {filing: set(documents) for filing, documents in kept.items()},
            {first: {'signed_file', 'identity_document'}, second: {'signed_file'}})
        self.assertEqual(kept[first]['identity_document'], files.PDF)
