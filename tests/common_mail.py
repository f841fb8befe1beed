"""A real mail server for tests, what sends through it, and the tests of what is mailed to be signed."""
import email
import email.policy
import re
import socketserver
import threading
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import config, mute_logger

from odoo.addons.base.models.ir_mail_server import IrMail_Server


class MailHandler(socketserver.StreamRequestHandler):
    """One session of SMTP, as much as Odoo speaks."""

    def handle(self):
        self.say('220 test')
        recipients = []
        while line := self.rfile.readline().decode().strip():
            verb = line.partition(' ')[0].upper()
            address = (re.findall(r'<(.*?)>', line) or [''])[0]
            if verb == 'RCPT' and address in self.server.refused:
                self.say('550 5.1.1 No such mailbox here')
            elif verb == 'DATA':
                if self.server.hangs_up:
                    return
                self.say('354 go on')
                self.server.mails += [(address, self.read_mail()) for address in recipients]
                recipients = []
                self.say('250 taken')
            elif verb == 'QUIT':
                self.say('221 bye')
                return
            else:
                recipients += [address] if verb == 'RCPT' else []
                self.say('250 fine')

    def say(self, line):
        self.wfile.write(f'{line}\r\n'.encode())

    def read_mail(self):
        lines = []
        while (line := self.rfile.readline()) != b'.\r\n':
            lines.append(line[1:] if line.startswith(b'..') else line)
        return email.message_from_bytes(b''.join(lines), policy=email.policy.default)


class MailServer(socketserver.ThreadingTCPServer):
    """A mail server on this machine: `mails` are those it took, `refused` the addresses that it refuses."""

    daemon_threads = True

    def __init__(self):
        super().__init__(('127.0.0.1', 0), MailHandler)
        self.mails, self.refused, self.hangs_up = [], set(), False
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def stop(self):
        self.shutdown()
        self.server_close()


class MailMixin:
    """Lets a test class send for real, to a mail server of its own; at first there is none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for patcher in (
            patch.object(IrMail_Server, '_disable_send', classmethod(lambda _cls: False)),
            patch.dict(config.options, {'smtp_server': ''}),
        ):
            cls.startClassPatcher(patcher)
        cls.env['ir.mail_server'].search([]).unlink()
        cls.env['mail.mail'].search([]).unlink()

    def start_mail_server(self):
        """Run a mail server, and have Odoo use it."""
        server = MailServer()
        self.addCleanup(server.stop)
        self.env['ir.mail_server'].create(
            {'name': "Test", 'smtp_host': '127.0.0.1', 'smtp_port': server.server_address[1]})
        return server

    def send(self):
        """Let Odoo work off its queue of mails, and the addon learn what became of them."""
        self.env['mail.mail'].process_email_queue()
        self.run_cron('signing')


def text_of(mail):
    """Return the HTML of a mail."""
    return mail.get_body(('html',)).get_content()


def documents_of(mail):
    """Return the files attached to a mail: ``{name: content}``."""
    return {part.get_filename(): part.get_content() for part in mail.iter_attachments()}


# `standard` is said, since a mixin is no test of Odoo, which would give it: without it, none of these tests runs.
@tagged('standard', 'post_install_l10n', 'post_install', '-at_install')
class SigningMailTests:
    """The tests that are the same for filings and mailboxes, whose documents are mailed to who signs them.

    A class gives these methods: ``waiting()`` returns a record that waits for its signature;
    ``waiting_without_address()`` one whose document has arrived while its signer had no e-mail address;
    ``make_draft()``; ``get_what_cannot_be_mailed()``, records; ``forget_address(record)``; and
    ``assert_is_about(mail, record)``. It gives the names of ``action``, the method that mails; of ``setting``, the
    field of the company that lets the job mail; of ``template``; of ``document`` and ``mailed_at``, fields. ``signer``
    and ``page`` are words of the sentences and the addresses, ``subjects`` those in Italian and French.
    """
    action = setting = template = document = mailed_at = signer = page = None
    subjects = ()

    def setUp(self):
        super().setUp()
        self.env['mail.mail'].search([]).unlink()

    def mail(self, records):
        """Mail the documents of some records by a click; return what the person reads."""
        return getattr(records, self.action)()['params']

    def mails(self, records):
        return self.all_mails().filtered(lambda mail: mail.res_id in records.signing_request_id.ids)

    def all_mails(self):
        return self.env['mail.mail'].search([('model', '=', 'openapi_pec.signing_request')])

    def test_many_by_one_click(self):
        first, second, addressless = (self.waiting() for _count in range(3))
        draft = self.make_draft()
        self.forget_address(addressless)
        records = first + second + addressless + draft
        trigger = self.env['ir.cron.trigger'].search_count([])
        params = self.mail(records.with_user(self.user))
        self.assertEqual(params['title'], "1 mail is on its way")
        self.assertIn(f"To 1 {self.signer}: Mario Rossi <mario@example.com>.", params['message'])
        self.assertIn(f"without an e-mail address: Mario Rossi ({addressless.display_name})", params['message'])
        self.assertIn(draft.display_name, params['message'])
        self.assertNotIn(first.display_name, params['message'])
        mail = self.mails(records)
        self.assertEqual((mail.state, mail.email_to), ('outgoing', 'mario@example.com'))
        self.assertGreater(self.env['ir.cron.trigger'].search_count([]), trigger)
        self.assertEqual(mail.attachment_ids, first[self.document] + second[self.document])
        for record in first + second:
            self.assertIn(f'/openapi_pec/{self.page}/{record.id}?lang=', mail.body_html)
            self.assertNotIn('access_token', mail.body_html)
            self.assertEqual((record.mail_state, record[self.mailed_at]), ('waiting', False))
            self.assertNotIn(record.fiscal_code, mail.body_html + self.messages(record))
            self.assert_is_about(mail, record)
        self.assertFalse(addressless.signing_request_id)

    def test_nothing_to_mail(self):
        records = self.get_what_cannot_be_mailed()
        with self.assertRaisesRegex(UserError, "nothing was mailed"):
            self.mail(records)
        with self.assertRaises(AccessError):
            self.mail(records[0].with_user(self.outsider))

    def test_a_sent_mail_leaves_the_document(self):
        record = self.waiting()
        self.mail(record)
        self.mails(record).unlink()  # as the queue does once it is sent
        self.assertTrue(record[self.document].exists().raw)

    def test_language_of_the_signer(self):
        record = self.waiting()
        self.assertEqual(record._get_signer_lang(), 'en_US')
        for code in ('it_IT', 'fr_FR'):
            self.env['res.lang']._activate_lang(code)
        template = self.env.ref(f'l10n_it_openapi_pec.{self.template}')
        italian, french = self.subjects
        for code, subject in (('it_IT', italian), ('fr_FR', french)):
            template.with_context(lang=code).subject = subject
        for lang, subject, code in ((False, italian, 'it_IT'), ('fr_FR', french, 'fr_FR')):
            record[record._signer_field].lang = lang
            self.mail(record)
            mail = self.mails(record)
            self.assertEqual(mail.subject, subject)
            self.assertRegex(mail.body_html, rf'[?;]lang={code}')
            mail.unlink()
            self.run_cron('signing')

    def test_by_itself_without_an_address(self):
        self.company[self.setting] = True
        record = self.waiting_without_address()
        self.run_cron('signing')
        self.assertTrue(record[self.document])
        self.assertIn("was not mailed: Mario Rossi", self.messages(record))
        self.assertFalse(self.mails(record))

    def test_a_broken_template_holds_up_nothing(self):
        self.company[self.setting] = True
        record = self.waiting()
        with patch.object(
            type(self.env['mail.template']), '_render_field', side_effect=ValueError("broken"),
        ), mute_logger('odoo.addons.l10n_it_openapi_pec.models.signer'):
            self.run_cron('signing')
        self.assertTrue(record[self.document])
        self.assertFalse(record[self.mailed_at])
        self.assertIn("Check the mail template", self.messages(record))
