import threading

from odoo.tests import HttpCase, tagged

from ..common import PecCase
from ..common_mail import MailMixin, documents_of


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestMailTour(MailMixin, PecCase, HttpCase):
    """A person sees that a mail did not arrive, mails it again, and sees that it left."""

    browser_size = '1600x900'

    def send_soon(self):
        """Send what is mailed a moment later, as a server does."""
        Request = type(self.env['openapi_pec.signing_request'])
        post = Request._post

        def run():
            with self.registry.cursor() as cr:
                env = self.env(cr=cr)
                env['mail.mail'].process_email_queue()
                env.ref('l10n_it_openapi_pec.ir_cron_signing').method_direct_trigger()

        def post_and_send(request, *arguments):
            post(request, *arguments)
            timer = threading.Timer(5, run)
            self.addCleanup(timer.join)
            timer.start()

        self.patch(Request, '_post', post_and_send)

    def test_mailed_again(self):
        filing = self.create_filing()
        self.bring_to_signature(filing)
        filing.action_mail_procura()
        self.send()
        self.assertEqual(filing.mail_state, 'failed')
        server = self.start_mail_server()
        self.send_soon()
        self.start_tour(f'/odoo/pec-communications/{filing.id}', 'openapi_pec_mail', login=self.user.login)
        self.assertEqual([list(documents_of(mail)) for _address, mail in server.mails], [[filing.procura_id.name]])
