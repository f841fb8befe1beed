from odoo.tests import tagged

from ..common import PecCase
from ..common_mail import SigningMailTests


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSignerMail(SigningMailTests, PecCase):
    """The power of attorney is mailed to who signs it: by a click, or by itself and then once."""
    action, setting, template = 'action_mail_procura', 'openapi_pec_mail_procura', 'mail_template_signing'
    document, mailed_at, signer, page = 'procura_id', 'procura_mailed_at', "signer", 'signature'
    subjects = ("Procura da firmare", "Procuration")

    def waiting(self, **values):
        filing = self.create_filing(**values)
        self.bring_to_signature(filing)
        return filing

    def waiting_without_address(self):
        filing = self.create_filing()
        self.submit(filing)
        self.forget_address(filing)
        self.sandbox.set_stato('in_attesa_di_documenti')
        self.run_cron('synchronize')
        return filing

    def make_draft(self):
        return self.create_filing()

    def get_what_cannot_be_mailed(self):
        return self.create_filing()

    def forget_address(self, filing):
        self.address(filing, None)

    def assert_is_about(self, mail, filing):
        self.assertIn("Falegnameria Prova", mail.subject)

    def address(self, filing, email):
        """Write the address of a filing that is frozen, and of its representative."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE openapi_pec_communication SET email = %s WHERE id = %s", [email, filing.id])
        self.env.invalidate_all()
        filing.representative_id.email = email

    def test_representative_without_a_filing_address(self):
        filing = self.waiting()
        self.address(filing, None)
        filing.representative_id.email = 'Mario <mario.rossi@example.com>'
        filing.action_mail_procura()
        self.assertEqual(self.mails(filing).email_to, 'mario.rossi@example.com')

    def test_all_fine(self):
        self.assertEqual(self.waiting().action_mail_procura()['params']['type'], 'success')

    def test_nobody_has_an_address(self):
        filing = self.waiting()
        self.address(filing, None)
        self.assertEqual(filing.action_mail_procura()['params']['title'], "Nothing was mailed")
        self.assertFalse(self.mails(filing))

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
