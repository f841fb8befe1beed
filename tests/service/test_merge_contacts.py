from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common_mailbox import MailboxCase

TYPED = '3331112223'


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestMergeContacts(MailboxCase):
    """Odoo's own merging of contacts: what is not submitted yet follows the contact that stays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lost = cls.env['res.partner'].create({
            'name': "Falegnameria Prova", 'is_company': True, 'city': "Ostia", 'l10n_it_codice_fiscale': '12485671007',
            'country_id': cls.env.ref('base.it').id, 'openapi_pec_email': 'vecchia@legalmail.it',
            'street': "Via Vecchia 9"})
        cls.lost_person = cls.env['res.partner'].create({
            'name': "Rossi Mario", 'parent_id': cls.lost.id, 'email': 'vecchio@example.com', 'phone': '3400000001',
            'l10n_it_codice_fiscale': 'RSSMRA80A01H501U'})

    def merge(self, lost, kept):
        """As a person does: select both in the list of contacts, Actions, Merge."""
        self.env.flush_all()
        self.env['base.partner.merge.automatic.wizard'].with_context(
            active_model='res.partner', active_ids=(lost + kept).ids).create({'dst_partner_id': kept.id}).action_merge()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(lost.exists())

    def test_drafts_follow_and_submitted_stay(self):
        draft = self.create_filing(partner_id=self.lost.id, mobile=TYPED)
        failed = self.create_filing(partner_id=self.lost.id, kind='administrator', pec_email='mario@legalmail.it')
        failed.state = 'failed'
        submitted = self.create_filing(partner_id=self.lost.id, pec_email='terza@legalmail.it', province='RM')
        submitted.write({'state': 'code_requested', 'environment': 'sandbox'})
        mailbox = self.create_mailbox(partner_id=self.lost.id, phone=TYPED)
        self.assertEqual((draft.city, mailbox.holder_street), ("Ostia", "Via Vecchia 9"))
        self.merge(self.lost, self.partner)
        self.assertEqual((draft + failed + submitted).partner_id, self.partner)
        self.assertEqual(
            [(filing.company_name, filing.city, filing.mobile) for filing in draft + failed],
            [(self.partner.name, "Roma", TYPED), (self.partner.name, "Roma", '3400000001')])
        self.assertEqual((draft.pec_email, failed.pec_email), ('prova@legalmail.it', 'mario@legalmail.it'))
        self.assertEqual((submitted.company_name, submitted.city), ("Falegnameria Prova", "Ostia"))
        self.assertEqual(
            (mailbox.holder_name, mailbox.holder_street, mailbox.phone),
            (self.partner.name, "Via delle Prove 1", TYPED))
        self.merge(self.lost_person, self.representative)
        self.assertEqual([(filing.email, filing.mobile) for filing in draft + failed + submitted], [
            ('mario@example.com', TYPED), ('mario@example.com', '3401234518'), ('vecchio@example.com', '3400000001')])
        self.assertEqual(
            (mailbox.email, mailbox.phone, mailbox.applicant_id), ('mario@example.com', TYPED, self.representative))
        self.assertIn(TYPED, draft.differences)
        self.representative.phone = '3477654321'
        self.assertEqual((draft.mobile, failed.mobile), (TYPED, '3477654321'))
        copied = submitted.copy({'pec_email': 'quarta@legalmail.it'})
        self.assertEqual((copied.company_name, copied.mobile), (self.partner.name, '3477654321'))

    def test_pec_of_the_lost_contact(self):
        self.partner.openapi_pec_email = False
        draft = self.create_filing(partner_id=self.lost.id)
        self.merge(self.lost, self.partner)
        self.assertEqual(
            (self.partner.openapi_pec_email, draft.pec_email), ('vecchia@legalmail.it', 'vecchia@legalmail.it'))

    def test_twins(self):
        filings = self.env['openapi_pec.communication'].browse()
        for partner, code in ((self.partner, '12485671007'), (self.lost, '01234567897')):
            filings += self.create_filing(
                partner_id=partner.id, pec_email='gemella@legalmail.it', company_fiscal_code=code)
        filings.write({'state': 'code_requested', 'environment': 'sandbox'})
        with self.assertRaisesRegex(UserError, "communicate the same PEC.*Nothing was merged") as raised:
            self.merge(self.lost, self.partner)
        for filing in filings:
            self.assertIn(filing.name, str(raised.exception))
        filings[1].state = 'completed'
        self.merge(self.lost, self.partner)
        self.assertEqual(filings.partner_id, self.partner)
