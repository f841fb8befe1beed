from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..common_mailbox import MailboxCase

ADDON = 'openapi_pec.'


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestKept(MailboxCase, HttpCase):
    """What the archive needs is not deleted.

    The person who tries reads why in words, not in those of the database.
    """

    def ask(self, path, **params):
        """Do what the web client does; return the error that it shows, or None.

        Odoo logs what a person is refused as a warning; a statement that the database refuses is an error, which fails
        the test.
        """
        with mute_logger('odoo.http'):
            answer = self.url_open(path, json={'jsonrpc': '2.0', 'params': params}).json()
        return answer.get('error') and answer['error']['data']

    def call(self, records, method, *arguments):
        return self.ask(f'/web/dataset/call_kw/{records._name}/{method}', model=records._name, method=method, kwargs={
            'context': {'lang': 'en_US'}}, args=[records.ids, *arguments])

    def assert_kept(self, error, records, *words):
        self.assertTrue(error, "it was deleted")
        self.assertIn(error['name'], ('odoo.exceptions.UserError', 'odoo.exceptions.ValidationError'))
        for word in words:
            self.assertIn(word, error['message'])
        for word in ('violates', 'constraint', 'troublemaker', 'RESTRICT'):
            self.assertNotIn(word, error['message'])
        self.assertEqual(records.exists(), records)

    def test_files(self):
        """The power of attorney, what was signed and what was delivered stay.

        This holds in the chatter and in the list of attachments.
        """
        filing = self.create_filing()
        self.bring_to_signature(filing)
        self.upload(filing)
        mailbox = self.buy()
        self.activate(mailbox)
        self.assertTrue(mailbox.form_id and mailbox.delivered_ids)
        self.authenticate('pec_manager', 'pec_manager')
        for record, files in (
                (filing, filing.procura_id + filing.signed_procura_id),
                (mailbox, mailbox.form_id + mailbox.delivered_ids)):
            for file in files:
                with self.subTest(file=file.name):
                    words = (file.name, "belongs to the archive", record.display_name, "upload that one")
                    self.assert_kept(self.ask('/mail/attachment/delete', attachment_id=file.id), file, *words)
                    self.assert_kept(self.call(file, 'unlink'), file, *words)
        note = self.env['ir.attachment'].create(
            {'name': 'appunto.txt', 'raw': b'x', 'res_model': filing._name, 'res_id': filing.id})
        self.assertIsNone(self.ask('/mail/attachment/delete', attachment_id=note.id))
        self.assertFalse(note.exists())

    def test_replacing_a_file(self):
        filing = self.create_filing()
        self.bring_to_signature(filing)
        self.upload(filing)
        first = filing.signed_procura_id
        self.authenticate('pec_manager', 'pec_manager')
        self.assertIsNone(self.call(filing, 'write', {
            'signed_procura_file': self.encode(self.sign(filing)).decode(), 'signed_procura_filename': 'altra.p7m'}))
        self.env.invalidate_all()
        self.assertEqual(filing.signed_procura_id.name, 'altra.p7m')
        self.assertFalse(first.exists())

    def test_contacts(self):
        filing = self.create_filing()
        self.submit(filing)
        holder = self.env['res.partner'].create({'name': "Titolare"})
        mailbox = self.create_mailbox(partner_id=holder.id, applicant_id=False)
        self.authenticate('pec_manager', 'pec_manager')
        for partner, record in ((self.partner, filing), (self.representative, filing), (holder, mailbox)):
            with self.subTest(partner=partner.name):
                self.assert_kept(
                    self.call(partner, 'unlink'), partner, partner.name, record.display_name,
                    "Archive the contact instead")
        self.assertIsNone(self.call(mailbox, 'unlink'))
        self.assertIsNone(self.call(holder, 'unlink'))

    def test_who_may_not_see_the_records(self):
        """Whoever may delete contacts and see no filing is told how many there are, and nothing of them."""
        filings = self.create_filing() + self.create_filing()
        self.authenticate('pec_outsider', 'pec_outsider')
        error = self.call(self.partner, 'unlink')
        self.assert_kept(error, self.partner, "2 that you may not see", "Archive the contact instead")
        for filing in filings:
            self.assertNotIn(filing.name, error['message'])

    def test_many(self):
        filings = self.env['openapi_pec.communication'].browse()
        for _number in range(7):
            filings += self.create_filing()
        self.authenticate('pec_manager', 'pec_manager')
        self.assert_kept(self.call(self.partner, 'unlink'), self.partner, "2 more")

    def test_company_and_user(self):
        company = self.env['res.company'].create({'name': "Altra"})
        asker = new_test_user(
            self.env, 'pec_asker', 'base.group_user,l10n_it_openapi_pec.group_manager', name="Dario Blu")
        filing = self.create_filing()
        self.submit(filing.with_user(asker))
        self.assertEqual(filing.api_call_ids.user_id, asker)
        admin = self.env.ref('base.user_admin')
        admin.write({'company_ids': [Command.link(company.id)]})
        self.env['openapi_pec.batch'].create({'company_id': company.id, 'user_id': False})
        self.authenticate('admin', 'admin')
        self.assert_kept(self.call(asker, 'unlink'), asker, "Dario Blu", "PEC API Call", "Archive the user instead")
        self.assert_kept(self.call(company, 'unlink'), company, "Altra", "PEC Batch", "Archive the company instead")

    def test_records_of_our_own(self):
        mailbox = self.create_mailbox()
        filing = self.create_filing(mailbox_id=mailbox.id)
        self.authenticate('pec_manager', 'pec_manager')
        self.assert_kept(self.call(mailbox, 'unlink'), mailbox, mailbox.address, filing.name, "Delete that draft first")
        again = self.create_filing(pec_email='ancora@legalmail.it')
        again.corrects_id = filing
        self.assert_kept(self.call(filing, 'unlink'), filing, filing.name, again.name)
        self.assertIsNone(self.call(again, 'unlink'))
        self.assertIsNone(self.call(filing, 'unlink'))
        self.assertIsNone(self.call(mailbox, 'unlink'))

    def test_every_field_that_restricts(self):
        """Whatever a field of this addon keeps from being deleted says so in its own words."""
        plain = self.env.registry['openapi_pec.kept.mixin']._openapi_pec_kept_sentence
        names = {
            field.comodel_name for model in self.env.registry.values()
            if model._name.startswith(ADDON) and not model._abstract
            for field in model._fields.values()
            if field.store and getattr(field, 'ondelete', None) == 'restrict' and field.comodel_name}
        self.assertGreaterEqual(names, {'ir.attachment', 'res.partner', 'res.company', 'res.users'})
        for name in names:
            with self.subTest(model=name):
                sentence = getattr(self.env.registry[name], '_openapi_pec_kept_sentence', plain)
                self.assertIsNot(sentence, plain)

    def test_without_sequences(self):
        self.env['ir.sequence'].search([('code', '=like', 'openapi_pec.%')]).unlink()
        filing = self.create_filing()
        filing.action_create_batch()
        self.assertEqual((filing.name, filing.batch_id.name), ("/", "/"))

    def test_bounds(self):
        """What a form lets somebody type and the database refuses is refused in words first."""
        self.authenticate('admin', 'admin')
        for field, value in (
                ('openapi_pec_late_days', 1), ('openapi_pec_late_days', 251), ('openapi_pec_parallel_calls', 0),
                ('openapi_pec_parallel_calls', 33), ('openapi_pec_max_megabytes', 0),
                ('openapi_pec_max_megabytes', 101)):
            with self.subTest(field=field, value=value):
                settings = self.env['res.config.settings'].create({'company_id': self.company.id})
                label = self.company._fields[field].string
                error = self.call(settings, 'write', {field: value}) or self.call(settings, 'execute')
                self.assert_kept(error, settings, label, str(value), "Choose")
        price = self.env['openapi_pec.price'].search([], limit=1)
        self.assert_kept(self.call(price, 'write', {'amount': -1}), price, "A price cannot be negative.")
