from collections import Counter

from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec.tools.finding import ERROR, FINE, WARNING

from ..common import PecCase
from ..population import SEED, WINDING_UP, Population

SIZE = 2000
EACH = 20  # of each kind of fault
QUERIES = 40  # to judge any number of drafts, besides what is read a thousand records at a time
SOCIETY = {'pattern': '{trade} {surname} S.r.l.'}
ADMINISTRATORS = {'is_administrators': True}

# fault -> (level, what is found, how the right one is made, what is then written on the contacts: {name} is the present
# value, {number} tells one from another).
FAULTS = {
    'check character': (ERROR, 'code_check', {}, {'filing.fiscal_code': '{wrong_check}'}),
    'day that is none': (ERROR, 'code_date', SOCIETY, {'filing.fiscal_code': '{wrong_day}'}),
    'somebody else': (ERROR, 'names_disagree', {}, {'person.name': "Xaverio Quintavalle"}),
    'another first name': (WARNING, 'name_disagrees', {}, {'person.name': "Xyz {surname}"}),
    'landline': (ERROR, 'mobile_landline', {}, {'person.phone': '06 1234 5678'}),
    'two numbers': (ERROR, 'mobile_several', {}, {'person.phone': '340 1234518 / 347 7654321'}),
    'letters in a number': (ERROR, 'mobile_characters', {}, {'person.phone': '34O1234S18'}),
    'no number': (ERROR, 'missing', {}, {'person.phone': ''}),
    'no e-mail': (ERROR, 'missing', {}, {'person.email': ''}),
    'PEC as e-mail': (WARNING, 'email_is_pec', {}, {'person.email': '{openapi_pec_email}'}),
    'another PEC as e-mail': (WARNING, 'email_certified', {}, {'person.email': 'studio@pec.it'}),
    'consumer mail': (ERROR, 'address_consumer', {}, {'company.openapi_pec_email': 'ditta{number}@gmail.com'}),
    'office address': (ERROR, 'address_office', {}, {'company.openapi_pec_email': '{number}@impresa.italia.it'}),
    'no address': (ERROR, 'address_form', {}, {'company.openapi_pec_email': 'ditta{number}.pec.it'}),
    'two addresses': (ERROR, 'address_several', {}, {'company.openapi_pec_email': 'una{number}@pec.it; due@pec.it'}),
    'unknown domain': (WARNING, 'unknown', {}, {'company.openapi_pec_email': 'ditta@dominio{number}.example'}),
    "another's address": (ERROR, 'pec_of_company', {}, {'company.openapi_pec_email': 'PEC: comune{pair}@\u200bpec.it'}),
    'another province': (WARNING, 'place_elsewhere', {}, {'company.city': "Bergamo", 'company.province': 'BS'}),
    'misspelt': (WARNING, 'place_misspelt', {}, {'company.city': "Milnao", 'company.province': 'MI'}),
    'hamlet': (WARNING, 'place_hamlet', {}, {'company.city': "Marghera", 'company.province': 'VE'}),
    'former town': (WARNING, 'place_former', {}, {'company.city': "Corigliano Calabro", 'company.province': 'CS'}),
    'postal code': (ERROR, 'municipality_form', {}, {'company.city': '00100 {city}'}),
    'check digit': (ERROR, 'code_check', SOCIETY, {'filing.company_fiscal_code': '12485671008'}),
    'society with a personal code': (ERROR, 'code_of_person', SOCIETY, {'company.l10n_it_codice_fiscale': '{code}'}),
    "trader's VAT number": (WARNING, 'vat_of_trader', {'pattern': 'Impresa individuale {surname} {name}'}, {
        'filing.company_fiscal_code': '{l10n_it_codice_fiscale}'}),
    "trader's administrator": (ERROR, 'trader_has_no_administrator', {
        **ADMINISTRATORS, 'pattern': '{trade} di {surname} {name}'}, {'company.l10n_it_codice_fiscale': '{code}'}),
    "administrator with the company's": (
        ERROR, 'pec_of_own_company', ADMINISTRATORS, {'person.openapi_pec_email': '{openapi_pec_email}'}),
    "partnership's administrator": (
        WARNING, 'administrator_not_due', {**ADMINISTRATORS, 'pattern': '{trade} {surname} & C. S.n.c.'}, {}),
    **{f'wound up, {pattern}': (WARNING, 'administrator_in_liquidation', ADMINISTRATORS, {'company.name': pattern})
       for pattern in WINDING_UP},
}
# how many drafts are red, yellow and green
COUNTS = {ERROR: 360, WARNING: 260, FINE: 1380}


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestPopulation(PecCase):
    """Everything that is wrong is found, nothing else is, and with a bounded number of queries."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.openapi_pec_environment = 'production'  # where nothing is judged leniently
        population = Population(SEED)
        cls.expected = [
            (fault, level, code, population.make(number, values, **how))
            for fault, (level, code, how, values) in FAULTS.items() for number in range(EACH)]
        while len(cls.expected) < SIZE:
            number = len(cls.expected)
            cls.expected.append(('none', FINE, None, population.make(number, {}, is_administrators=number % 4 == 0)))
        states = {state.code: state.id for state in cls.env.ref('base.it').state_ids}
        everybody = [made for *_fault, made in cls.expected]
        companies = cls.env['res.partner'].create([
            {'state_id': states[made['company'].pop('province')], **made['company']} for made in everybody])
        cls.env['res.partner'].create([
            {**made['person'], 'parent_id': company.id} for made, company in zip(everybody, companies, strict=True)])
        cls.filings = cls.env['openapi_pec.communication'].create([
            {'partner_id': company.id, 'user_id': cls.manager.id, **made['filing']}
            for made, company in zip(everybody, companies, strict=True)])
        cls.env.flush_all()

    def judge(self, filings):
        """Judge drafts of which nothing is in memory.

        :return: the findings by draft, and the number of queries.
        """
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        findings = filings._get_findings()
        return findings, self.env.cr.sql_log_count - before

    def test_verdicts(self):
        wrong, counts = {}, Counter()
        findings, _queries = self.judge(self.filings)
        for filing, (fault, level, code, made) in zip(self.filings, self.expected, strict=True):
            found = {(finding.level, finding.code) for finding in findings[filing] if finding.level != FINE}
            counts[filing.findings_level] += 1
            if found != ({(level, code)} if code else set()) or filing.findings_level != level:
                wrong[fault, str(sorted(found))] = made
        self.assertFalse(wrong)
        self.assertEqual(counts, COUNTS)

    def test_number_of_queries(self):
        self.judge(self.filings[:10])  # fills caches
        _findings, few = self.judge(self.filings[:100])
        _findings, all_of_them = self.judge(self.filings)
        self.assertLess(few, QUERIES)
        self.assertLess(all_of_them, 2 * QUERIES)
