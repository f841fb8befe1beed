import re

from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec import finding_sentences
from odoo.addons.l10n_it_openapi_pec.tools import fiscal_code, italian_form, mobile, pec_address

# Every reason code of the tools, what stops, what warns and what is fine.
REASONS = {
    'error': {
        'missing', 'code_form', 'code_date', 'code_office', 'code_check', 'names_disagree', 'names_swapped', 'mobile_characters',
        'mobile_landline', 'mobile_form', 'address_form', 'address_consumer', 'address_closed', 'address_office', 'address_exchange',
        'province_form',
    },
    'warning': {'code_provisional', 'surname_disagrees', 'name_disagrees', 'unknown', 'province_unknown'},
    'fine': {'code_valid', 'names_agree', 'mobile_italian', 'mobile_foreign', 'known', 'province_known'},
}


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestFindingSentences(BaseCase):

    def test_every_reason_has_its_sentence(self):
        by_level = {level: set() for level in REASONS}
        for reason, (level, _sentence) in finding_sentences.FINDINGS.items():
            by_level[level].add(reason)
        self.assertEqual(by_level, REASONS)
        self.assertLessEqual(finding_sentences.CHECK_DIGIT_CODES, REASONS['error'])

    def test_sentences_name_the_field_and_the_place(self):
        for reason, (level, sentence) in finding_sentences.FINDINGS.items():
            with self.subTest(reason=reason):
                placeholders = set(re.findall(r'%\((\w+)\)s', sentence._source))
                self.assertEqual(placeholders, {'field'} if level == 'fine' else {'field', 'place'})
                told = sentence._source % {'field': "Mobile", 'place': "on this filing"}
                self.assertNotIn('%', told)
                self.assertTrue(told.endswith('.'))

    def test_reasons_in_code(self):
        """The tables of the tools name no reason that is not here."""
        for reason in (
            *fiscal_code.FAULTS.values(), *pec_address.SPECIAL_DOMAINS.values(), *(reason for reason, _form, _prefix in mobile.FORMS),
            italian_form.judge_province('RM', ()), italian_form.judge_province('RM', ('RM',)),
        ):
            with self.subTest(reason=reason):
                self.assertIn(reason, finding_sentences.FINDINGS)
