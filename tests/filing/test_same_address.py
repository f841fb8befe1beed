from pathlib import Path

from odoo.modules.module import load_script
from odoo.tests import tagged

from ..common import PecCase

SCRIPT = Path(__file__).resolve().parent.parent.parent / 'migrations/19.0.1.6.0/pre-normalized.py'

# ways in which a contact can have prova@legalmail.it
WRITTEN = (
    'prova@legalmail.it', 'Prova@Legalmail.IT', 'prova\u200b@legalmail.it', '\ufeffprova@legalmail.it\u200e',
    'prova@legal\u00admail.it', 'PEC: prova@legalmail.it', 'mailto:prova@legalmail.it', 'Alfa <prova@legalmail.it>;',
    'PEC prova@legalmail.it', 'PEC=prova@legalmail.it', 'Alfa (prova@legalmail.it)', 'prova@legalmail.it.',
    '\xa0prova@legalmail.it ', 'ｐｒｏｖａ＠legalmail.it',
)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSameAddress(PecCase):
    """INT.P compares addresses, however they were written."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env['res.partner'].create({'name': "Seconda S.p.A.", 'is_company': True})
        cls.filing = cls.create_filing(pec_email='prova@legalmail.it')

    def keep(self, written):
        """Keep a PEC on the other company's contact as a database of an earlier version may hold it."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_partner SET openapi_pec_email = %s WHERE id = %s", [written, self.other.id])
        self.env.invalidate_all()
        self.env.add_to_compute(self.other._fields['openapi_pec_email_normalized'], self.other)
        self.env.flush_all()

    def found(self, filing=None):
        filing = filing or self.filing
        return {finding.code for finding in filing._get_findings()[filing] if finding.level == 'error'}

    def test_another_company(self):
        self.assertFalse(self.found())
        for written in WRITTEN:
            with self.subTest(written=ascii(written)):
                self.keep(written)
                self.assertEqual(self.other.openapi_pec_email_normalized, 'prova@legalmail.it')
                self.assertEqual(self.found(), {'pec_of_company'})
                self.other.openapi_pec_email = written
                self.assertEqual(self.other.openapi_pec_email, 'prova@legalmail.it', "and it is kept so from now on")
        for written in ('commercialista: prova@legalmail.it', 'prova@legalmail.it dal 2020'):
            with self.subTest(written=written):
                self.keep(written)
                self.assertEqual(self.found(), {'pec_of_company'}, "with words that a person is to look at")
        for written in ('prova2@legalmail.it', 'prova@legalmail.eu', 'mia prova@legalmail.it', False):
            with self.subTest(written=written):
                self.keep(written)
                self.assertFalse(self.found())

    def test_several_addresses(self):
        """Each of several addresses counts, and the contact says that one is to be chosen."""
        self.other.openapi_pec_email = 'altra@pec.it; Prova@legalmail.it'
        self.assertEqual(self.other.openapi_pec_email_normalized, 'altra@pec.it prova@legalmail.it')
        self.assertEqual(self.found(), {'pec_of_company'})
        self.assertIn("several addresses (altra@pec.it, prova@legalmail.it)", self.other.openapi_pec_email_warning)
        filing = self.create_filing(partner_id=self.other.id, pec_email=self.other.openapi_pec_email)
        self.assertIn('address_several', self.found(filing))
        self.other.openapi_pec_email = 'altra@pec.it'
        self.assertFalse(self.other.openapi_pec_email_warning)
        self.assertFalse(self.found())

    def test_from_the_address_for_invoices(self):
        other = self.env['res.partner'].create(
            {'name': "Terza S.r.l.", 'is_company': True, 'l10n_it_pec_email': 'PEC: Terza\u200b@pec.it'})
        self.assertEqual(
            (other.openapi_pec_email, other.openapi_pec_email_normalized, other.l10n_it_pec_email),
            ('terza@pec.it', 'terza@pec.it', 'PEC: Terza\u200b@pec.it'))

    def test_drafts_filed_together(self):
        """What is filed at once is compared likewise, and the same filing has the same digest."""
        twin = self.create_filing(partner_id=self.other.id, pec_email='PEC: Prova\u200b@legalmail.it')
        findings = (self.filing + twin)._get_findings(together=True)
        for filing in self.filing + twin:
            self.assertIn('draft_elsewhere', {finding.code for finding in findings[filing]})
        same = self.create_filing(pec_email='<prova\u200b@legalmail.it>')
        self.assertEqual(same._get_sent_digest(), self.filing._get_sent_digest())

    def test_a_domain_that_the_service_knows(self):
        """The signer's e-mail is on a domain of which the service has said that it is one of PECs."""
        self.filing.email = 'mario@studio.example'
        self.assertNotIn('email_certified', {finding.code for finding in self.filing._get_findings()[self.filing]})
        self.env['openapi_pec.domain'].sudo().create({
            'name': 'studio.example', 'environment': self.company.openapi_pec_environment,
            'company_id': self.company.id, 'user_id': self.manager.id, 'state': 'certified',
            'answered_at': '2999-01-01 00:00:00'})
        self.assertIn('email_certified', {finding.code for finding in self.filing._get_findings()[self.filing]})

    def test_queries(self):
        """The number of queries does not depend on how many filings are judged."""
        companies = self.create_companies(60)
        filings = self.env['openapi_pec.communication'].create([{'partner_id': company.id} for company in companies])
        counts = []
        for some in (filings[:2], filings[:2], filings):
            self.env.flush_all()
            self.env.invalidate_all()
            some.mapped('display_name')
            before = self.env.cr.sql_log_count
            some._get_findings()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1] + 5)

    def test_filled_on_update(self):
        """An update of a database that has no such column fills it with what the field is computed to be."""
        cr = self.env.cr
        written = (*WRITTEN, 'altra@pec.it; Prova@legalmail.it', 'no address', 'mia prova@legalmail.it',
            'commercialista: altra@pec.it')
        partners = self.env['res.partner'].create([{'name': f"Impresa {index}"} for index, _text in enumerate(written)])
        self.env.flush_all()
        for partner, text in zip(partners, written, strict=True):
            cr.execute("UPDATE res_partner SET openapi_pec_email = %s WHERE id = %s", [text, partner.id])
        self.env.invalidate_all()
        self.env.add_to_compute(partners._fields['openapi_pec_email_normalized'], partners)
        self.env.flush_all()
        cr.execute("ALTER TABLE res_partner RENAME COLUMN openapi_pec_email_normalized TO computed_before")
        load_script(str(SCRIPT), 'pre_normalized').migrate(cr, '19.0.1.5.0')
        cr.execute("""
            SELECT count(*), count(openapi_pec_email_normalized) FROM res_partner
             WHERE id = ANY(%s) AND openapi_pec_email_normalized IS NOT DISTINCT FROM computed_before
        """, [partners.ids])
        self.assertEqual(cr.fetchone(), (len(written), len(WRITTEN) + 2))
        cr.execute("ALTER TABLE res_partner DROP COLUMN openapi_pec_email_normalized")
        cr.execute("ALTER TABLE res_partner RENAME COLUMN computed_before TO openapi_pec_email_normalized")
