from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import PecCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSignerMail(PecCase):
    """The power of attorney is mailed to who signs it: by a click, or by itself and then once."""

    def setUp(self):
        super().setUp()
        self.env['mail.mail'].search([]).unlink()

    def waiting(self, **values):
        filing = self.create_filing(**values)
        self.bring_to_signature(filing)
        return filing

    def address(self, filing, email):
        """Write the address of a filing that is frozen, and of its representative."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE openapi_pec_communication SET email = %s WHERE id = %s", [email, filing.id])
        self.env.invalidate_all()
        filing.representative_id.email = email

    def mails(self, filings):
        return self.all_mails().filtered(lambda mail: mail.res_id in filings.signing_request_id.ids)

    def all_mails(self):
        return self.env['mail.mail'].search([('model', '=', 'openapi_pec.signing_request')])

    def test_many_by_one_click(self):
        first, second, addressless = (self.waiting() for _count in range(3))
        draft = self.create_filing()
        self.address(addressless, None)
        filings = first + second + addressless + draft
        trigger = self.env['ir.cron.trigger'].search_count([])
        params = filings.with_user(self.user).action_mail_procura()['params']
        self.assertEqual(params['title'], "1 mail is on its way")
        self.assertIn("To 1 signer: Mario Rossi <mario@example.com>.", params['message'])
        self.assertIn(f"without an e-mail address: Mario Rossi ({addressless.display_name})", params['message'])
        self.assertIn(draft.display_name, params['message'])
        self.assertNotIn(first.display_name, params['message'])
        mails = self.mails(filings)
        self.assertEqual((mails.state, mails.email_to), ('outgoing', 'mario@example.com'))
        self.assertGreater(self.env['ir.cron.trigger'].search_count([]), trigger)
        mail = mails
        self.assertIn("Falegnameria Prova", mail.subject)
        self.assertEqual(mail.attachment_ids, first.procura_id + second.procura_id)
        for filing in first + second:
            self.assertIn(f'/openapi_pec/signature/{filing.id}?lang=', mail.body_html)
            self.assertNotIn('access_token', mail.body_html)
            self.assertEqual((filing.mail_state, filing.procura_mailed_at), ('waiting', False))
            self.assertNotIn(filing.fiscal_code, mail.body_html + self.messages(filing))
        self.assertFalse(addressless.signing_request_id)

    def test_representative_without_a_filing_address(self):
        filing = self.waiting()
        self.address(filing, None)
        filing.representative_id.email = 'Mario <mario.rossi@example.com>'
        filing.action_mail_procura()
        self.assertEqual(self.mails(filing).email_to, 'mario.rossi@example.com')

    def test_all_fine(self):
        self.assertEqual(self.waiting().action_mail_procura()['params']['type'], 'success')

    def test_nothing_to_mail(self):
        filing = self.create_filing()
        with self.assertRaisesRegex(UserError, "nothing was mailed"):
            filing.action_mail_procura()
        with self.assertRaises(AccessError):
            filing.with_user(self.outsider).action_mail_procura()

    def test_nobody_has_an_address(self):
        filing = self.waiting()
        self.address(filing, None)
        self.assertEqual(filing.action_mail_procura()['params']['title'], "Nothing was mailed")
        self.assertFalse(self.mails(filing))

    def test_a_sent_mail_leaves_the_power_of_attorney(self):
        filing = self.waiting()
        filing.action_mail_procura()
        self.mails(filing).unlink()  # as the queue does once it is sent
        self.assertTrue(filing.procura_id.exists().raw)

    def test_language_of_the_signer(self):
        filing = self.waiting()
        self.assertEqual(filing._get_signer_lang(), 'en_US')
        for code in ('it_IT', 'fr_FR'):
            self.env['res.lang']._activate_lang(code)
        template = self.env.ref('l10n_it_openapi_pec.mail_template_signing')
        for code, subject in (('it_IT', "Procura da firmare"), ('fr_FR', "Procuration")):
            template.with_context(lang=code).subject = subject
        for lang, subject, code in ((False, "Procura da firmare", 'it_IT'), ('fr_FR', "Procuration", 'fr_FR')):
            filing.representative_id.lang = lang
            filing.action_mail_procura()
            mail = self.mails(filing)
            self.assertEqual(mail.subject, subject)
            self.assertRegex(mail.body_html, rf'[?;]lang={code}')
            mail.unlink()
            self.run_cron('signing')

    def test_by_itself_once(self):
        self.waiting()
        self.run_cron('signing')
        self.assertFalse(self.all_mails())
        self.company.openapi_pec_mail_procura = True
        filing = self.waiting()
        self.run_cron('signing')
        self.assertEqual(len(self.all_mails()), 1)
        self.run_cron('synchronize')
        old = filing.procura_id
        filing.action_fetch_procura()
        self.assertNotEqual(filing.procura_id, old)
        self.run_cron('signing')
        self.assertEqual(len(self.all_mails()), 1)
        self.assertEqual(filing.action_mail_procura()['params']['title'], "Nothing was mailed")  # it is on its way
        self.assertEqual(len(self.all_mails()), 1)

    def test_by_itself_what_a_person_mails_first(self):
        self.company.openapi_pec_mail_procura = True
        filing = self.waiting()
        filing.action_mail_procura()
        self.run_cron('signing')
        self.assertEqual(len(self.all_mails()), 1)

    def test_by_itself_without_an_address(self):
        self.company.openapi_pec_mail_procura = True
        filing = self.create_filing()
        self.submit(filing)
        self.address(filing, None)
        self.sandbox.set_stato('in_attesa_di_documenti')
        self.run_cron('synchronize')
        self.run_cron('signing')
        self.assertTrue(filing.procura_id)
        self.assertIn("was not mailed: Mario Rossi", self.messages(filing))
        self.assertFalse(self.mails(filing))

    def test_a_broken_template_holds_up_nothing(self):
        self.company.openapi_pec_mail_procura = True
        filing = self.waiting()
        Template = type(self.env['mail.template'])
        with patch.object(Template, '_render_field', side_effect=ValueError("broken")), \
                mute_logger('odoo.addons.l10n_it_openapi_pec.models.signer.mailing'):
            self.run_cron('signing')
        self.assertTrue(filing.procura_id)
        self.assertFalse(filing.procura_mailed_at)
        self.assertIn("Check the mail template", self.messages(filing))
