from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common_mail import SigningMailTests
from ..common_mailbox import MailboxCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestApplicantMail(SigningMailTests, MailboxCase):
    """The form is mailed to the applicant: by a click, or by itself, and then once for each form and each refusal."""
    action, setting, template = 'action_mail_form', 'openapi_pec_mail_forms', 'mail_template_signing_forms'
    document, mailed_at, signer, page = 'form_id', 'form_mailed_at', "applicant", 'mailbox'
    subjects = ("Modulo da firmare", "Formulaire")

    def waiting(self, mailbox_type='STANDARD', **values):
        mailbox = self.buy(mailbox_type, **values)
        self.run_cron('mailboxes')
        self.assertTrue(mailbox.form_id)
        return mailbox

    def waiting_without_address(self):
        mailbox = self.buy()
        self.forget_address(mailbox)
        self.sandbox.change_mailboxes(email='')
        self.run_cron('mailboxes')
        return mailbox

    def make_draft(self):
        return self.create_mailbox()

    def get_what_cannot_be_mailed(self):
        mailbox = self.waiting()
        mailbox.call_state = 'queued'
        return mailbox + self.create_mailbox()

    def forget_address(self, mailbox):
        mailbox.email = mailbox.applicant_id.email = False

    def assert_is_about(self, mail, mailbox):
        self.assertIn(mailbox.address, mail.subject)
        for shown in (mailbox.address, "Dear Mario Rossi", "Falegnameria Prova", "To activate it"):
            self.assertIn(shown, mail.body_html)
        for hidden in (mailbox.holder_fiscal_code, mailbox.phone, mailbox.activation_code):
            self.assertNotIn(hidden, mail.body_html + self.messages(mailbox))

    def let_leave(self):
        """Let what is to be mailed by itself be mailed, and the mails be sent.

        :return: how many were.
        """
        self.run_cron('signing')
        mails = self.all_mails().filtered(lambda mail: mail.state == 'outgoing')
        self.env['mail.notification'].search([('mail_mail_id', 'in', mails.ids)]).notification_status = 'sent'
        mails.state = 'sent'
        self.run_cron('signing')
        return len(mails)

    def deliver(self, mailbox, stato):
        """Send the documents; the provider brings the mailbox to a ``stato``."""
        self.attach_documents(mailbox)
        mailbox.with_user(self.user).action_send_documents()
        self.commit()
        self.sandbox.change_mailboxes([mailbox.remote_id], stato=stato)
        self.run_cron('mailboxes')

    def test_from_the_list(self):
        mailbox = self.waiting()
        action = self.env.ref('l10n_it_openapi_pec.action_mailbox_mail_form').with_user(self.user)
        question = action.with_context(active_model=mailbox._name, active_ids=mailbox.ids, active_id=mailbox.id).run()
        result = self.env[question['res_model']].with_user(self.user).browse(question['res_id']).action_confirm()
        self.assertEqual(result['params']['type'], 'success')
        self.assertIn("each mailbox shows", result['params']['message'])
        self.assertEqual(len(self.mails(mailbox)), 1)

    def test_another_company(self):
        company = self.env['res.company'].create({'name': "Another"})
        mailbox = self.waiting()
        self.env.flush_all()
        self.env.cr.execute("UPDATE openapi_pec_mailbox SET company_id = %s WHERE id = %s", [company.id, mailbox.id])
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            mailbox.with_user(self.user).action_mail_form()
        self.assertFalse(self.mails(mailbox))

    # ------------------------------------------------------------ by itself

    def test_by_itself_once(self):
        self.waiting()
        self.assertEqual(self.let_leave(), 0)
        self.company.openapi_pec_mail_forms = True
        mailbox = self.waiting()
        self.assertEqual(self.let_leave(), 1)
        mailed_at = mailbox.form_mailed_at
        self.run_cron('mailboxes')
        mailbox.action_refresh()
        old = mailbox.form_id
        mailbox.action_fetch_form()
        self.assertNotEqual(mailbox.form_id, old)
        self.assertEqual((self.let_leave(), mailbox.form_mailed_at), (0, mailed_at))
        self.assertTrue(mailed_at)
        mailbox.action_mail_form()  # a person reminds the applicant
        self.assertEqual(self.let_leave(), 1)

    def test_by_itself_when_the_form_is_another(self):
        self.company.openapi_pec_mail_forms = True
        mailbox = self.waiting()
        self.assertEqual(self.let_leave(), 1)
        self.sandbox.change_mailboxes(nome_richiedente='Maria')
        mailbox.action_fetch_form()
        self.assertFalse(mailbox.form_mailed_at)
        self.assertEqual(self.let_leave(), 1)

    def test_by_itself_at_each_refusal(self):
        self.company.openapi_pec_mail_forms = True
        mailbox = self.waiting()
        self.assertEqual(self.let_leave(), 1)
        for _count in range(2):
            self.deliver(mailbox, 'documenti_errati')
            self.assertEqual(mailbox.state, 'documents_wrong')
            self.assertEqual(self.let_leave(), 1)
            mail = self.mails(mailbox)
            self.run_cron('mailboxes')
            mailbox.action_refresh()
            mailbox.action_fetch_form()
            self.assertEqual(self.let_leave(), 0)
            self.assertIn("did not accept the documents", mail.body_html)
            self.assertNotIn("To activate it", mail.body_html)
            self.assertEqual(mail.attachment_ids.checksum, mailbox.form_id.checksum)

    def test_a_refusal_is_to_be_mailed_by_a_person(self):
        mailbox = self.waiting()
        mailbox.action_mail_form()
        self.assertEqual(self.let_leave(), 1)
        self.assertTrue(mailbox.form_mailed_at)
        self.deliver(mailbox, 'documenti_errati')
        self.assertEqual((self.let_leave(), mailbox.form_mailed_at), (0, False))

    def test_legal_storage(self):
        self.company.openapi_pec_mail_forms = True
        mailbox = self.waiting()
        self.assertEqual(self.let_leave(), 1)
        self.deliver(mailbox, 'evasa')
        self.assertEqual(self.let_leave(), 0)
        mailbox.with_user(self.user).action_want_storage()
        self.assertEqual(self.let_leave(), 1)
        mail = self.mails(mailbox)
        self.assertIn("legal storage", mail.body_html)
        self.assertEqual(mail.attachment_ids, mailbox.form_id)
