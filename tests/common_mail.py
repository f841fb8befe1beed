"""A real mail server for tests, which takes mails or refuses them, and what sends through it."""
import email
import email.policy
import re
import socketserver
import threading
from unittest.mock import patch

from odoo.tools import config

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
