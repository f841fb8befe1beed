import base64
import zipfile

from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec.controllers.procure import OpenapiPecProcure
from odoo.addons.l10n_it_openapi_pec.models.signer.file_content import read_content

import p7m_files as files

from ..common_mailbox import make_pdf
from ..common_mailbox_operations import OperationsCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestBinSize(OperationsCase):
    """The web client reads with ``bin_size``, in which the value of a file is its size.

    What is judged, compared, sent or packed stays the same.
    """

    def create_waiting(self, identity=None, signed=None):
        """Return a filing that waits for its documents, with what was uploaded."""
        filing = self.create_filing()
        self.bring_to_signature(filing)
        filing.write(
            {
                'signed_procura_file': base64.b64encode(signed or self.sign(filing)),
                'signed_procura_filename': 'procura.p7m'})
        if identity:
            filing.write(
                {'identity_document_file': base64.b64encode(identity), 'identity_document_filename': 'documento.p7m'})
        return filing.with_user(self.user)

    def sized(self, record):
        """Return a record as the web client reads it, with nothing of it read yet."""
        self.env.flush_all()
        self.env.invalidate_all()
        return record.with_context(bin_size=True)

    def get_computed(self, record, is_binary=False):
        """Return what is computed of a record, or its files: ``{field: value}``."""
        return {
            name: record[name] for name in record.fields_get()
            if (record._fields[name].type == 'binary') == is_binary and (is_binary or record._fields[name].compute)
        }

    def assert_same(self, record):
        """Compare all that is computed, with and without sizes, and the files after both.

        Each field is read by itself, as the first one.
        """
        self.sized(record)
        files_before = self.get_computed(record, is_binary=True)
        for name, value in self.get_computed(record).items():
            with self.subTest(record=record, field=name):
                self.assertEqual(self.sized(record)[name], value)
                self.assertEqual(record[name], value)
        self.get_computed(self.sized(record))
        self.assertEqual(self.get_computed(record, is_binary=True), files_before, "a size is never taken for the file")

    def test_filings(self):
        card = files.sign(files.identity())
        for identity, signed, level in [
            (card, None, 'good'), (b'JPEG', None, 'good'), (None, card, 'refused'),
            (None, b'%PDF-1.7 not signed', 'refused'),
            (None, files.sign(files.identity(statements=None)), 'refused'),
        ]:
            filing = self.create_waiting(identity, signed)
            self.assertEqual(filing.signature_level, level)
            self.assert_same(filing)
        self.assert_same(
            self.env['openapi_pec.delivery'].with_user(self.user).create(
                {'communication_id': filing.id, 'reason': "so it has to be"}))
        self.assert_same(self.create_filing().with_user(self.manager))

    def test_uploads(self):
        """What is written with sizes asked for is kept, and not the size of what was there."""
        filing = self.create_waiting(files.sign(files.identity()))
        for name in ('signed_procura', 'identity_document'):
            for content in (
                    files.sign(files.identity(), b'%PDF-1.7 one'), files.sign(files.identity(), b'%PDF-1.7 two')):
                with self.subTest(file=name):
                    self.sized(filing).write({f'{name}_file': base64.b64encode(content), f'{name}_filename': 'new.p7m'})
                    self.assertEqual(read_content(filing[f'{name}_id']), content)
        mailbox = self.take_over('registrata', tipo_casella='STANDARD').with_user(self.user)
        pdf = make_pdf()
        self.sized(mailbox).write({'signed_form': base64.b64encode(pdf), 'identity_document': base64.b64encode(pdf)})
        self.assertEqual(read_content(mailbox, 'signed_form'), pdf)
        self.assertTrue(mailbox.has_documents)

    def test_receiving(self):
        filing = self.create_waiting(files.sign(files.identity()))
        reception = self.env['openapi_pec.upload'].with_user(self.user).create({})
        reception.attachment_ids = reception.env['ir.attachment'].create({
            'name': 'procura.p7m', 'raw': self.sign(filing), 'res_model': reception._name})
        self.sized(reception).action_read()
        self.assertEqual(reception.line_ids.status, 'good')
        self.assert_same(reception)
        self.assert_same(reception.line_ids)
        self.sized(reception).action_send()
        self.commit()
        self.assert_delivered(filing, 2)

    def test_mailboxes(self):
        for mailbox_type in ('STANDARD', 'PECMASSIVA'):
            mailbox = self.take_over('registrata', tipo_casella=mailbox_type).with_user(self.user)
            self.assert_same(mailbox)
            mailbox.action_fetch_form()
            self.attach_documents(mailbox)
            self.assertTrue(mailbox.has_documents)
            self.assert_same(mailbox)

    def test_every_other_model(self):
        """Whatever has a computed field: of each model one record, if there is one."""
        self.create_waiting()
        for name in sorted(self.registry):
            if name.startswith('openapi_pec.') and not self.registry[name]._abstract and self.registry[name]._auto:
                records = self.env[name].with_user(self.manager)
                for record in records.search([], limit=1) if records.has_access('read') else ():
                    self.assert_same(record)

    # ------------------------------------------------------------ what leaves

    def assert_delivered(self, filing, count):
        self.assertEqual(filing.state, 'documents_uploaded')
        [remote] = [remote for remote in self.sandbox.filings() if remote['id'] == filing.remote_id]
        self.assertEqual(remote['documents'][0]['size'], len(filing.signed_procura_id.raw))
        self.assertGreater(remote['documents'][0]['size'], len(filing.procura_id.raw))
        self.assertEqual(len(remote['documents']), count)

    def test_documents_are_sent_whole(self):
        filing = self.create_waiting(files.sign(files.identity()))
        self.sized(filing).action_send_documents()
        self.commit()
        self.assert_delivered(filing, 2)

    def test_what_the_web_client_saves(self):
        """Uploading, leaving and coming back, with the very calls that the web client makes."""
        filing = self.create_waiting()
        read = {'signature_level': {}, 'signed_procura_file': {}, 'signed_procura_filename': {}}
        signed = files.sign(files.identity(), read_content(filing.procura_id) + b'\n2 0 obj filled in')
        [saved] = self.sized(filing).web_save({
            'signed_procura_file': base64.b64encode(signed).decode(), 'signed_procura_filename': 'firmata.p7m'}, read)
        [again] = self.sized(filing).web_read(read)
        self.assertEqual(saved, again)
        self.assertEqual(saved['signature_level'], 'good')
        self.assertEqual(read_content(self.sized(filing).signed_procura_id), signed)

    def test_papers_are_sent_and_kept_whole(self):
        for mailbox_type in ('STANDARD', 'PECMASSIVA'):
            mailbox = self.take_over('registrata', tipo_casella=mailbox_type).with_user(self.user)
            mailbox.action_fetch_form()
            self.attach_documents(mailbox)
            self.sized(mailbox).action_send_documents()
            self.commit()
            self.assertEqual(mailbox.state, 'activating', mailbox.error_message)
            for kept in mailbox.delivered_ids:
                self.assertTrue(kept.raw.startswith(b'%PDF'))
                self.assertIn(b'%%EOF', kept.raw)

    def test_papers_of_the_applicant_are_compared_whole(self):
        mailbox = self.take_over('registrata')
        mailbox.action_fetch_form()
        form = make_pdf("Form")
        mailbox._take_upload({'signed_form': form}, {'signed_form': (form, False)})
        count = len(mailbox.message_ids)
        self.sized(mailbox.sudo())._take_upload({'signed_form': form}, {'signed_form': (form, False)})
        self.assertEqual(len(mailbox.message_ids), count, "the same file again is no news")

    def test_archive_of_procure(self):
        filing = self.create_waiting()
        with OpenapiPecProcure._pack(self.sized(filing)) as packed, zipfile.ZipFile(packed) as archive:
            [name] = archive.namelist()
            self.assertEqual(archive.read(name), filing.procura_id.raw)
