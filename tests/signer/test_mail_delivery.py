import ast
from unittest.mock import patch

from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.l10n_it_openapi_pec.models.signer import mailing
from odoo.addons.l10n_it_openapi_pec.models.signer.mailing import MAIL_INFLATION

from ..common import PecCase
from ..common_mail import MailMixin, documents_of, text_of
from ..common_mailbox import MailboxCase

MAIL = 'odoo.addons.mail.models.mail_mail'
MAIL_ACTIVITY = 'l10n_it_openapi_pec.mail_activity_type_mail'


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestMailDelivery(MailMixin, PecCase):
    """What is said of a mail is what happened to it.

    A mail server takes it, one refuses it, or there is none at all.
    """

    def waiting(self, **values):
        filing = self.create_filing(**values)
        self.bring_to_signature(filing)
        return filing

    def mail(self, filings):
        """Press the button, as a user."""
        return filings.with_user(self.user).action_mail_procura()['params']

    def leave_sandbox(self, filings):
        """Let filings count as real ones."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE openapi_pec_communication SET environment = 'production' WHERE id = ANY(%s)", [filings.ids])
        self.env.invalidate_all()

    def found(self, name):
        """Return what a filter of the list finds."""
        search = self.env['openapi_pec.communication'].get_view(view_type='search')['arch']
        domain = Domain.TRUE
        for node in etree.fromstring(search).iter('filter'):
            if node.get('name') == name:
                domain = Domain(ast.literal_eval(node.get('domain')))
        return self.env['openapi_pec.communication'].search(domain)

    def assert_no_token_is_kept(self, filings):
        bodies = ' '.join([
            *self.env['mail.message'].search([]).mapped(lambda message: f'{message.body} {message.subject}'),
            *self.env['mail.mail'].search([]).mapped('body_html')])
        for filing in filings:
            self.assertNotIn(filing.access_token, bodies)

    def assert_failed(self, filing, reason):
        self.assertEqual((filing.mail_state, filing.procura_mailed_at), ('failed', False))
        self.assertIn(filing, self.found('not_mailed') & self.found('mail_failed'))
        activity = filing.activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref(MAIL_ACTIVITY))
        self.assertEqual((len(activity), activity.user_id), (1, self.manager))
        self.assertIn(reason, activity.summary)
        self.assertIn(reason, filing.mail_failure)
        self.assertIn("did not reach mario@example.com by mail", self.messages(filing))
        self.assertNotIn("was mailed to", self.messages(filing))

    # ------------------------------------------------------------ it arrives

    def test_one_mail_for_all_papers_of_a_person(self):
        server = self.start_mail_server()
        filings = self.waiting() + self.waiting() + self.waiting()
        params = self.mail(filings)
        self.assertEqual((params['title'], params['type']), ("1 mail is on its way", 'success'))
        self.assertIn("To 1 signer: Mario Rossi <mario@example.com>.", params['message'])
        self.assertEqual(
            (set(filings.mapped('mail_state')), any(filings.mapped('procura_mailed_at'))), ({'waiting'}, False))
        self.assertFalse(filings & self.found('not_mailed'))
        self.assertEqual(filings & self.found('mail_waiting'), filings)
        self.assertNotIn("mailed to", self.messages(filings[0]))
        self.send()
        [(address, mail)] = server.mails
        self.assertEqual(address, 'mario@example.com')
        self.assertEqual(documents_of(mail), {filing.procura_id.name: filing.procura_id.raw for filing in filings})
        for filing in filings:
            self.assertIn(
                f'/openapi_pec/signature/{filing.id}?access_token={filing.access_token}&amp;lang=en_US', text_of(mail))
            self.assertIn(filing.pec_email, text_of(mail))
            self.assertNotIn(filing.fiscal_code, str(mail))
            self.assertEqual(filing.mail_state, 'sent')
            self.assertTrue(filing.procura_mailed_at)
            self.assertIn("was mailed to mario@example.com, to be signed", self.messages(filing))
        self.assertFalse(filings & self.found('not_mailed'))
        self.assert_no_token_is_kept(filings)
        self.assertFalse(self.env['mail.mail'].search([('model', '=', 'openapi_pec.signing_request')]))
        self.assertEqual(len(filings.signing_request_id), 1)
        notification = filings.signing_request_id.message_id.notification_ids
        self.assertEqual(
            (notification.mail_email_address, notification.notification_status), ('mario@example.com', 'sent'))

    def test_two_people(self):
        server = self.start_mail_server()
        other = self.env['res.partner'].create({'name': "Maria Bianchi", 'email': 'maria@example.com'})
        filings = self.waiting() + self.waiting()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE openapi_pec_communication SET email = %s, first_name = 'Maria', last_name = 'Bianchi',"
            " fiscal_code = 'BNCMRA80A41H501X', representative_id = %s WHERE id = %s",
            ['maria@example.com', other.id, filings[1].id])
        self.env.invalidate_all()
        self.env['res.lang']._activate_lang('it_IT')
        self.representative.lang, other.lang = 'it_IT', 'en_US'
        params = self.mail(filings)
        self.assertEqual(params['title'], "2 mails are on their way")
        self.assertIn(
            "To 2 signers: Mario Rossi <mario@example.com>, Maria Bianchi <maria@example.com>", params['message'])
        self.send()
        self.assertEqual({address: len(documents_of(mail)) for address, mail in server.mails},
                         {'mario@example.com': 1, 'maria@example.com': 1})
        for address, mail in server.mails:
            self.assertIn('lang=it_IT' if address.startswith('mario') else 'lang=en_US', text_of(mail))

    def test_the_address_that_was_typed(self):
        server = self.start_mail_server()
        filing = self.waiting(email='typed@example.com')
        filing.representative_id.email = 'elsewhere@example.com'
        self.mail(filing)
        self.send()
        self.assertEqual([address for address, _mail in server.mails], ['typed@example.com'])

    def test_the_address_of_the_contact(self):
        """Corrected on the contact after the submission: what was filed stays, and the mail arrives."""
        server = self.start_mail_server()
        filing = self.waiting()
        filing.representative_id.email = 'elsewhere@example.com'
        self.mail(filing)
        self.send()
        self.assertEqual([address for address, _mail in server.mails], ['elsewhere@example.com'])
        self.assertEqual(filing.email, 'mario@example.com')

    def test_a_second_click(self):
        server = self.start_mail_server()
        filing = self.waiting()
        self.mail(filing)
        params = self.mail(filing)
        self.assertEqual(params['title'], "Nothing was mailed")
        self.assertIn("on their way already: Mario Rossi", params['message'])
        self.send()
        self.send()
        self.assertEqual(len(server.mails), 1)
        self.mail(filing)  # a person reminds the signer
        self.send()
        self.assertEqual(len(server.mails), 2)

    def test_more_papers_than_a_mail_holds(self):
        server = self.start_mail_server()
        filings = self.waiting() + self.waiting() + self.waiting()
        with patch.object(mailing, 'DOCUMENTS_PER_MAIL', 2):
            params = self.mail(filings)
        self.assertEqual(params['title'], "2 mails are on their way")
        self.assertIn("To 1 signer:", params['message'])
        self.send()
        self.assertEqual([len(documents_of(mail)) for _address, mail in server.mails], [2, 1])

    def test_papers_that_are_too_large(self):
        server = self.start_mail_server()
        filings = self.waiting() + self.waiting()
        large = filings[0].procura_id.file_size * MAIL_INFLATION
        with patch.object(mailing, 'MAIL_TEXT_SIZE', 10 * 2**20 - large * 1.5):  # room for one
            self.mail(filings)
        self.send()
        self.assertEqual([len(documents_of(mail)) for _address, mail in server.mails], [1, 1])
        with patch.object(mailing, 'MAIL_TEXT_SIZE', 10 * 2**20 - large / 2):  # room for none: a mail of links
            self.mail(filings)
            self.send()
            self.assertEqual([len(documents_of(mail)) for _address, mail in server.mails[2:]], [0])
            self.assertIn(filings[0].access_token, text_of(server.mails[2][1]))
            self.assertNotIn("attached", text_of(server.mails[2][1]))
            self.leave_sandbox(filings)  # where nobody could open the link
            params = self.mail(filings)
        self.assertEqual(params['title'], "Nothing was mailed")
        self.assertIn("too large for a mail: Mario Rossi", params['message'])
        self.assertIn('web.base.url', params['message'])

    # ------------------------------------------------------------ it does not

    def test_no_mail_server(self):
        filing = self.waiting()
        self.mail(filing)
        self.send()
        self.assert_failed(filing, "the outgoing mail server cannot be reached")
        self.assert_no_token_is_kept(filing)
        self.run_cron('signing')
        self.assertEqual(len(filing.activity_ids), 2)  # with that to have it signed
        server = self.start_mail_server()
        self.env['mail.mail'].search([('model', '=', 'openapi_pec.signing_request')]).action_retry()
        self.send()
        self.assertEqual(len(server.mails), 1)
        self.assertEqual(documents_of(server.mails[0][1]), {filing.procura_id.name: filing.procura_id.raw})
        self.assertEqual(filing.mail_state, 'sent')
        self.assertTrue(filing.procura_mailed_at)
        self.assertEqual(
            filing.activity_ids.activity_type_id, self.env.ref('l10n_it_openapi_pec.mail_activity_type_sign'))

    @mute_logger(MAIL)
    def test_a_refused_address_mailed_again_by_click(self):
        server = self.start_mail_server()
        server.refused.add('mario@example.com')
        filing = self.waiting()
        self.mail(filing)
        self.send()
        self.assert_failed(filing, "the mail server refused it")
        failed = filing.signing_request_id
        self.assertIn("No such mailbox here", failed.failure_text)
        server.refused.clear()
        self.assertEqual(self.mail(filing)['title'], "1 mail is on its way")
        self.assertEqual((filing.mail_state, filing.procura_mailed_at), ('waiting', False))
        self.assertEqual(failed.message_id.notification_ids.notification_status, 'canceled')
        # leaves the old one alone
        self.env['mail.mail'].search([('model', '=', 'openapi_pec.signing_request')]).action_retry()
        self.send()
        self.assertEqual(len(server.mails), 1)
        self.assertEqual(filing.mail_state, 'sent')
        self.assertFalse(
            filing.activity_ids.filtered(lambda activity: activity.activity_type_id == self.env.ref(MAIL_ACTIVITY)))

    def test_a_bounce(self):
        self.start_mail_server()
        filing = self.waiting()
        self.mail(filing)
        self.send()
        self.assertTrue(filing.procura_mailed_at)
        message = filing.signing_request_id.message_id
        self.env['mail.thread'].message_process(False, (
            'Return-Path: <>\r\nFrom: MAILER-DAEMON@example.com\r\nTo: bounce@test.example.com\r\nSubject: '
            'Undelivered\r\nMessage-ID: <bounce@example.com>\r\nContent-Type: multipart/report; '
            'report-type=delivery-status; boundary="x"\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nThe mailbox is '
            'full.\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; example.com\r\n\r\n'
            'Final-Recipient: rfc822; mario@example.com\r\nAction: failed\r\nStatus: 5.2.2\r\n\r\n'
            f'--x\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message.message_id}\r\nSubject: '
            f'x\r\n\r\n--x--\r\n'))
        self.run_cron('signing')
        self.assertEqual((filing.mail_state, filing.procura_mailed_at), ('failed', False))
        self.assertIn("it came back undelivered", filing.mail_failure)
        self.assertIn(filing, self.found('not_mailed'))

    @mute_logger(MAIL)
    def test_a_server_that_hangs_up(self):
        server = self.start_mail_server()
        server.hangs_up = True
        filing = self.waiting()
        self.mail(filing)
        self.send()
        self.assert_failed(filing, "the mail server refused it")

    def test_taken_out_of_the_queue(self):
        filing = self.waiting()
        self.mail(filing)
        self.env['mail.mail'].search([('model', '=', 'openapi_pec.signing_request')]).cancel()
        self.run_cron('signing')
        self.assert_failed(filing, "taken out of the queue")

    def test_signed_meanwhile(self):
        filing = self.waiting()
        self.mail(filing)
        self.upload(filing)
        filing.action_send_documents()
        self.commit()
        self.send()
        self.assertEqual(filing.mail_state, 'failed')
        self.assertFalse(filing.activity_ids)

    # ------------------------------------------------------------ by itself

    def test_by_itself(self):
        self.company.openapi_pec_mail_procura = True
        filings = self.waiting() + self.waiting()
        self.assertFalse(filings.signing_request_id)
        self.run_cron('signing')
        self.send()  # nobody takes it
        self.assertEqual(filings.mapped('mail_state'), ['failed', 'failed'])
        server = self.start_mail_server()
        self.run_cron('synchronize')
        filings.action_fetch_procura()
        self.send()
        self.assertFalse(server.mails)  # never twice by itself
        self.mail(filings)
        self.send()
        [(_address, mail)] = server.mails
        self.assertEqual(len(documents_of(mail)), 2)
        self.assertTrue(all(filings.mapped('procura_mailed_at')))

    # ------------------------------------------------------------ the link

    def test_an_address_that_nobody_can_open(self):
        server = self.start_mail_server()
        filing = self.waiting()
        self.assertFalse(filing.link_problem)  # a trial
        self.leave_sandbox(filing)
        self.env['ir.config_parameter'].set_param('web.base.url', 'http://192.168.1.20:8069')
        self.env.invalidate_all()
        params = self.mail(filing)
        self.assertEqual((params['title'], params['type']), ("1 mail is on its way", 'warning'))
        for text in (params['message'], filing.link_problem):
            self.assertIn('http://192.168.1.20:8069', text)
            self.assertIn("system parameter web.base.url", text)
        self.send()
        [(_address, mail)] = server.mails
        self.assertIn("answer this e-mail with the signed file", text_of(mail))
        self.assertNotIn('/openapi_pec/', text_of(mail))
        self.assertNotIn("your page", text_of(mail))
        self.assertEqual(documents_of(mail), {filing.procura_id.name: filing.procura_id.raw})
        self.assertIn("The mail has no link to the signer's page", self.messages(filing))
        self.env['ir.config_parameter'].set_param('web.base.url', 'https://odoo.example.com')
        self.env.invalidate_all()
        self.assertFalse(filing.link_problem)
        self.assertEqual(self.mail(filing)['type'], 'success')
        self.send()
        self.assertIn(f'https://odoo.example.com/openapi_pec/signature/{filing.id}?access_token={filing.access_token}',
                      text_of(server.mails[1][1]))
        self.assertNotIn("answer this e-mail", text_of(server.mails[1][1]))
        self.assert_no_token_is_kept(filing)

    # ------------------------------------------------------------ who may what

    def test_access(self):
        filing = self.waiting()
        self.mail(filing)
        request = filing.signing_request_id
        self.assertEqual(request.with_user(self.user).read(['name', 'email', 'state'])[0]['state'], 'waiting')
        for change in (
                lambda: request.with_user(self.manager).write({'state': 'sent'}),
                request.with_user(self.manager).unlink,
                lambda: request.with_user(self.manager).create({'name': "x", 'email': 'x@example.com'}),
                lambda: request.with_user(self.outsider).read(['name']),
                lambda: filing.with_user(self.manager).write({'signing_request_id': False})):
            with self.assertRaises(AccessError):
                change()
        company = self.env['res.company'].create({'name': "Altra"})
        stranger = new_test_user(self.env, 'pec_stranger', 'l10n_it_openapi_pec.group_manager', company_id=company.id,
                                 company_ids=[Command.set(company.ids)])
        with self.assertRaises(AccessError):
            request.with_user(stranger).read(['name'])
        for credentials in ({'token': filing.access_token}, {'hash': 'x', 'pid': filing.representative_id.id}):
            self.assertFalse(
                request.with_user(self.env.ref('base.public_user'))._get_thread_with_access(request.id, **credentials))

    def test_an_answer_is_seen(self):
        self.start_mail_server()
        filing = self.waiting()
        self.mail(filing)
        self.send()
        request = filing.signing_request_id
        self.assertEqual(request.message_partner_ids, (self.manager + self.user).partner_id)
        thanks = f'Thank you for /openapi_pec/signature/{filing.id}?access_token={filing.access_token}&lang=it_IT'
        request.with_user(self.user).message_post(
            body=thanks, message_type='comment', subtype_xmlid='mail.mt_comment')
        self.assertIn("Thank you for /openapi_pec/signature/", self.messages(request))
        self.assert_no_token_is_kept(filing)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestFormDelivery(MailMixin, MailboxCase):
    """The same of the forms of mailboxes."""

    def waiting(self, **values):
        mailbox = self.buy(**values)
        self.run_cron('mailboxes')
        return mailbox

    def test_one_mail_for_all_forms_of_an_applicant(self):
        server = self.start_mail_server()
        mailboxes = self.waiting() + self.waiting()
        params = mailboxes.with_user(self.user).action_mail_form()['params']
        self.assertEqual(params['title'], "1 mail is on its way")
        self.assertIn("To 1 applicant: Mario Rossi <mario@example.com>.", params['message'])
        self.send()
        [(_address, mail)] = server.mails
        self.assertEqual(documents_of(mail), {mailbox.form_id.name: mailbox.form_id.raw for mailbox in mailboxes})
        for mailbox in mailboxes:
            self.assertIn(f'/openapi_pec/mailbox/{mailbox.id}?access_token={mailbox.access_token}', text_of(mail))
            self.assertIn(mailbox.address, text_of(mail))
            self.assertEqual(mailbox.mail_state, 'sent')
            self.assertTrue(mailbox.form_mailed_at)
            self.assertIn("The form was mailed to mario@example.com", self.messages(mailbox))
            self.assertNotIn(mailbox.access_token, ' '.join(self.env['mail.message'].search([]).mapped('body')))

    def test_no_mail_server_then_one(self):
        self.company.openapi_pec_mail_forms = True
        mailbox = self.waiting()
        self.run_cron('signing')
        self.send()
        self.assertEqual((mailbox.mail_state, mailbox.form_mailed_at), ('failed', False))
        self.assertIn(self.env.ref(MAIL_ACTIVITY), mailbox.activity_ids.activity_type_id)
        self.assertIn("did not reach mario@example.com by mail", self.messages(mailbox))
        server = self.start_mail_server()
        self.run_cron('mailboxes')
        mailbox.action_fetch_form()
        self.send()
        self.assertFalse(server.mails)
        mailbox.with_user(self.user).action_mail_form()
        self.send()
        self.assertEqual((len(server.mails), mailbox.mail_state), (1, 'sent'))
        self.assertTrue(mailbox.form_mailed_at)
        self.assertNotIn(self.env.ref(MAIL_ACTIVITY), mailbox.activity_ids.activity_type_id)

    def test_another_form_while_the_mail_is_on_its_way(self):
        server = self.start_mail_server()
        mailbox = self.waiting()
        mailbox.with_user(self.user).action_mail_form()
        self.sandbox.change_mailboxes(nome_richiedente='Maria')
        mailbox.action_fetch_form()
        self.assertFalse(mailbox.mail_state)
        self.send()
        self.assertEqual((server.mails, mailbox.form_mailed_at), ([], False))
