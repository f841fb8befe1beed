from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_mailbox import MailboxCase


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
        return self.env['mail.mail'].search([('model', '=', mailboxes._name), ('res_id', 'in', mailboxes.ids)])

    def deliver(self, mailbox, stato):
        """Send the papers; the provider brings the mailbox to a ``stato``."""
        self.upload_papers(mailbox)
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
        self.assertEqual(params['title'], "Mailed to 2 signers")
        self.assertIn(f"without an e-mail address: Mario Rossi ({addressless.display_name})", params['message'])
        self.assertIn(draft.display_name, params['message'])
        self.assertNotIn(first.display_name, params['message'])
        mails = self.mails(mailboxes)
        self.assertEqual(set(mails.mapped('state')), {'outgoing'})
        self.assertGreater(self.env['ir.cron.trigger'].search_count([]), trigger)
        self.assertEqual({mail.res_id: mail.email_to for mail in mails}, dict.fromkeys((first + second).ids, 'mario@example.com'))
        for mailbox in first + second:
            mail = self.mails(mailbox)
            self.assertIn(f'/openapi_pec/mailbox/{mailbox.id}?access_token={mailbox.access_token}', mail.body_html)
            self.assertIn(mailbox.address, mail.subject)
            for shown in (mailbox.address, "Dear Mario Rossi", "Falegnameria Prova", "To activate it"):
                self.assertIn(shown, mail.body_html)
            self.assertEqual(mail.attachment_ids, mailbox.form_id)
            self.assertIn("The form was mailed to mario@example.com", self.messages(mailbox))
            self.assertTrue(mailbox.form_mailed_at)
            for hidden in (mailbox.fiscal_code, mailbox.holder_fiscal_code, mailbox.phone, mailbox.activation_code):
                self.assertNotIn(hidden, mail.body_html + self.messages(mailbox))
        self.assertFalse(addressless.form_mailed_at)

    def test_from_the_list(self):
        mailbox = self.waiting()
        action = self.env.ref('l10n_it_openapi_pec.action_mailbox_mail_form').with_user(self.user)
        result = action.with_context(active_model=mailbox._name, active_ids=mailbox.ids, active_id=mailbox.id).run()
        self.assertEqual(result['params']['type'], 'success')
        self.assertIn("each mailbox's chatter", result['params']['message'])
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
        template = self.env.ref('l10n_it_openapi_pec.mail_template_mailbox_form')
        for code, subject in (('it_IT', "Modulo da firmare"), ('fr_FR', "Formulaire")):
            template.with_context(lang=code).subject = subject
        for lang, subject, code in ((False, "Modulo da firmare", 'it_IT'), ('fr_FR', "Formulaire", 'fr_FR')):
            mailbox.applicant_id.lang = lang
            mailbox.action_mail_form()
            mail = self.mails(mailbox)
            self.assertEqual(mail.subject, subject)
            self.assertIn(f'&amp;lang={code}', mail.body_html)
            mail.unlink()

    # ------------------------------------------------------------ by itself

    def test_by_itself_once(self):
        self.assertFalse(self.mails(self.waiting()))
        self.company.openapi_pec_mail_forms = True
        mailbox = self.waiting()
        self.assertEqual(len(self.mails(mailbox)), 1)
        mailed_at = mailbox.form_mailed_at
        self.run_cron('mailboxes')
        mailbox.action_refresh()
        old = mailbox.form_id
        mailbox.action_fetch_form()
        self.assertNotEqual(mailbox.form_id, old)
        self.assertEqual((len(self.mails(mailbox)), mailbox.form_mailed_at), (1, mailed_at))
        mailbox.action_mail_form()  # a person reminds the applicant
        self.assertEqual(len(self.mails(mailbox)), 2)

    def test_by_itself_when_the_form_is_another(self):
        self.company.openapi_pec_mail_forms = True
        mailbox = self.waiting()
        self.sandbox.change_mailboxes(nome_richiedente='Maria')
        mailbox.action_fetch_form()
        self.assertEqual(len(self.mails(mailbox)), 2)

    def test_by_itself_at_each_refusal(self):
        self.company.openapi_pec_mail_forms = True
        mailbox = self.waiting()
        for count in (2, 3):
            self.deliver(mailbox, 'documenti_errati')
            self.assertEqual(mailbox.state, 'documents_wrong')
            mails = self.mails(mailbox)
            self.assertEqual(len(mails), count)
            self.run_cron('mailboxes')
            mailbox.action_refresh()
            mailbox.action_fetch_form()
            self.assertEqual(len(self.mails(mailbox)), count)
            mail = max(mails, key=lambda mail: mail.id)
            self.assertIn("did not accept the documents", mail.body_html)
            self.assertNotIn("To activate it", mail.body_html)
            self.assertEqual(mail.attachment_ids.checksum, mailbox.form_id.checksum)

    def test_a_refusal_is_to_be_mailed_by_a_person(self):
        mailbox = self.waiting()
        mailbox.action_mail_form()
        self.deliver(mailbox, 'documenti_errati')
        self.assertEqual((len(self.mails(mailbox)), mailbox.form_mailed_at), (1, False))

    def test_legal_storage(self):
        self.company.openapi_pec_mail_forms = True
        mailbox = self.waiting()
        self.deliver(mailbox, 'evasa')
        self.assertEqual(len(self.mails(mailbox)), 1)
        mailbox.with_user(self.user).action_want_storage()
        mail = max(self.mails(mailbox), key=lambda mail: mail.id)
        self.assertEqual(len(self.mails(mailbox)), 2)
        self.assertIn("legal storage", mail.body_html)
        self.assertEqual(mail.attachment_ids, mailbox.form_id)

    def test_by_itself_without_an_address(self):
        self.company.openapi_pec_mail_forms = True
        mailbox = self.buy()
        mailbox.email = mailbox.applicant_id.email = False
        self.sandbox.change_mailboxes(email='')
        self.run_cron('mailboxes')
        self.assertTrue(mailbox.form_id)
        self.assertIn("was not mailed: Mario Rossi", self.messages(mailbox))
        self.assertFalse(self.mails(mailbox))

    def test_a_broken_template_holds_up_nothing(self):
        self.company.openapi_pec_mail_forms = True
        Template = type(self.env['mail.template'])
        with patch.object(Template, 'send_mail_batch', side_effect=ValueError("broken")), \
                mute_logger('odoo.addons.l10n_it_openapi_pec.models.openapi_pec_signer_mixin'):
            mailbox = self.waiting()
        self.assertTrue(mailbox.form_id)
        self.assertFalse(mailbox.form_mailed_at)
        self.assertIn("Check the mail template", self.messages(mailbox))
