from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common_mailbox import MailboxCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestApplicantMail(MailboxCase):
    """The form is mailed to the applicant: by a click, or by itself, and then once for each form and each refusal."""

    def setUp(self):
        super().setUp()
        self.env['mail.mail'].search([]).unlink()

    def waiting(self, mailbox_type='STANDARD', **values):
        mailbox = self.buy(mailbox_type, **values)
        self.run_cron('mailboxes')
        self.assertTrue(mailbox.form_id)
        return mailbox

    def mails(self, mailboxes):
        return self.all_mails().filtered(lambda mail: mail.res_id in mailboxes.signing_request_id.ids)

    def all_mails(self):
        return self.env['mail.mail'].search([('model', '=', 'openapi_pec.signing_request')])

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

    def test_many_by_one_click(self):
        first, second, addressless = (self.waiting() for _count in range(3))
        draft = self.create_mailbox()
        addressless.email = addressless.applicant_id.email = False
        mailboxes = first + second + addressless + draft
        trigger = self.env['ir.cron.trigger'].search_count([])
        params = mailboxes.with_user(self.user).action_mail_form()['params']
        self.assertEqual(params['title'], "1 mail is on its way")
        self.assertIn("To 1 applicant: Mario Rossi <mario@example.com>.", params['message'])
        self.assertIn(f"without an e-mail address: Mario Rossi ({addressless.display_name})", params['message'])
        self.assertIn(draft.display_name, params['message'])
        self.assertNotIn(first.display_name, params['message'])
        mail = self.mails(mailboxes)
        self.assertEqual((mail.state, mail.email_to), ('outgoing', 'mario@example.com'))
        self.assertGreater(self.env['ir.cron.trigger'].search_count([]), trigger)
        self.assertEqual(mail.attachment_ids, first.form_id + second.form_id)
        for mailbox in first + second:
            self.assertIn(f'/openapi_pec/mailbox/{mailbox.id}?lang=', mail.body_html)
            self.assertNotIn('access_token', mail.body_html)
            self.assertIn(mailbox.address, mail.subject)
            for shown in (mailbox.address, "Dear Mario Rossi", "Falegnameria Prova", "To activate it"):
                self.assertIn(shown, mail.body_html)
            self.assertEqual((mailbox.mail_state, mailbox.form_mailed_at), ('waiting', False))
            for hidden in (mailbox.fiscal_code, mailbox.holder_fiscal_code, mailbox.phone, mailbox.activation_code):
                self.assertNotIn(hidden, mail.body_html + self.messages(mailbox))
        self.assertFalse(addressless.signing_request_id)

    def test_from_the_list(self):
        mailbox = self.waiting()
        action = self.env.ref('l10n_it_openapi_pec.action_mailbox_mail_form').with_user(self.user)
        result = action.with_context(active_model=mailbox._name, active_ids=mailbox.ids, active_id=mailbox.id).run()
        self.assertEqual(result['params']['type'], 'success')
        self.assertIn("each mailbox shows", result['params']['message'])
        self.assertEqual(len(self.mails(mailbox)), 1)

    def test_nothing_to_mail(self):
        mailbox = self.waiting()
        mailbox.call_state = 'queued'
        with self.assertRaisesRegex(UserError, "nothing was mailed"):
            (mailbox + self.create_mailbox()).action_mail_form()
        with self.assertRaises(AccessError):
            mailbox.with_user(self.outsider).action_mail_form()

    def test_another_company(self):
        company = self.env['res.company'].create({'name': "Another"})
        mailbox = self.waiting()
        self.env.flush_all()
        self.env.cr.execute("UPDATE openapi_pec_mailbox SET company_id = %s WHERE id = %s", [company.id, mailbox.id])
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            mailbox.with_user(self.user).action_mail_form()
        self.assertFalse(self.mails(mailbox))

    def test_a_sent_mail_leaves_the_form(self):
        mailbox = self.waiting()
        mailbox.action_mail_form()
        self.mails(mailbox).unlink()  # as the queue does once it is sent
        self.assertTrue(mailbox.form_id.exists().raw)

    def test_language_of_the_applicant(self):
        mailbox = self.waiting()
        self.assertEqual(mailbox._get_signer_lang(), 'en_US')
        for code in ('it_IT', 'fr_FR'):
            self.env['res.lang']._activate_lang(code)
        template = self.env.ref('l10n_it_openapi_pec.mail_template_signing_forms')
        for code, subject in (('it_IT', "Modulo da firmare"), ('fr_FR', "Formulaire")):
            template.with_context(lang=code).subject = subject
        for lang, subject, code in ((False, "Modulo da firmare", 'it_IT'), ('fr_FR', "Formulaire", 'fr_FR')):
            mailbox.applicant_id.lang = lang
            mailbox.action_mail_form()
            mail = self.mails(mailbox)
            self.assertEqual(mail.subject, subject)
            self.assertRegex(mail.body_html, rf'[?;]lang={code}')
            mail.unlink()
            self.run_cron('signing')

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

    def test_by_itself_without_an_address(self):
        self.company.openapi_pec_mail_forms = True
        mailbox = self.buy()
        mailbox.email = mailbox.applicant_id.email = False
        self.sandbox.change_mailboxes(email='')
        self.run_cron('mailboxes')
        self.run_cron('signing')
        self.assertTrue(mailbox.form_id)
        self.assertIn("was not mailed: Mario Rossi", self.messages(mailbox))
        self.assertFalse(self.mails(mailbox))

    def test_a_broken_template_holds_up_nothing(self):
        self.company.openapi_pec_mail_forms = True
        mailbox = self.waiting()
        Template = type(self.env['mail.template'])
        with patch.object(Template, '_render_field', side_effect=ValueError("broken")), \
                mute_logger('odoo.addons.l10n_it_openapi_pec.models.signer.mailing'):
            self.run_cron('signing')
        self.assertTrue(mailbox.form_id)
        self.assertFalse(mailbox.form_mailed_at)
        self.assertIn("Check the mail template", self.messages(mailbox))
