import re

from stdnum.it.codicefiscale import calc_check_digit as check

from odoo.exceptions import UserError
from odoo.tests import BaseCase, Form, tagged

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.filing.preflight import QUALIFICATION_REASONS
from odoo.addons.l10n_it_openapi_pec.models.record.findings_mixin import LENIENT_IN_SANDBOX
from odoo.addons.l10n_it_openapi_pec.models.service.domain import STATE_REASONS
from odoo.addons.l10n_it_openapi_pec.tools.italy import enterprise, fiscal_code
from odoo.addons.l10n_it_openapi_pec.tools.italy import names as italian_form
from odoo.addons.l10n_it_openapi_pec.tools.italy import phone as mobile
from odoo.addons.l10n_it_openapi_pec.tools.pec import address as pec_address

from ..common import CREATE, PecCase


def code_born(date):
    """Return the tax code of a Mario Rossi of Rome, born on a day as it stands in the code."""
    return f'RSSMRA{date}H501' + check(f'RSSMRA{date}H501')


# Every reason code of the tools, what stops, what warns and what is fine.
REASONS = {
    'error': {
        'missing', 'one_name_missing', 'code_form', 'code_several', 'code_date', 'code_office', 'code_check',
        'names_disagree', 'names_swapped',
        'mobile_characters', 'mobile_several', 'mobile_landline', 'mobile_form', 'email_form', 'email_several',
        'address_form', 'address_several', 'address_consumer',
        'address_closed', 'address_office', 'address_exchange', 'domain_not_certified', 'pec_of_own_company',
        'pec_of_company', 'pec_of_person', 'open_elsewhere', 'filing_open', 'hidden_open', 'province_form',
        'municipality_form', 'mailbox_revoked', 'mailbox_expired', 'mailbox_closed', 'mailbox_annulled',
        'mailbox_inactive', 'mailbox_activating', 'mailbox_buying', 'code_of_person', 'trader_has_no_administrator',
        'pec_of_own_trade', 'other_person_open', 'filing_draft', 'other_person_draft', 'draft_elsewhere',
    },
    'warning': {
        'refused', 'account_unsure', 'code_provisional', 'surname_disagrees', 'name_disagrees', 'unknown',
        'domain_asked', 'domain_failed', 'completed_elsewhere', 'shared_by_people', 'filing_completed',
        'liquidator_exempt', 'procedure_own_pec', 'not_an_administrator', 'owner_of_company', 'province_unknown',
        'not_corrected', 'other_pec_open', 'other_pec_hidden',
        'email_is_pec', 'email_certified',
        'hidden_completed', 'filed_elsewhere', 'filed_elsewhere_unread', 'mailbox_draft', 'mailbox_expiring',
        'code_place', 'minor', 'name_form', 'words_left_out',
        'letters_unsure', 'one_name', 'place_elsewhere', 'place_former', 'place_gone', 'place_hamlet',
        'place_misspelt', 'place_unknown',
        'branch_of_company', 'not_in_register',
        'vat_of_trader', 'vat_of_several', 'owner_is_another', 'trader_is_owner', 'administrator_not_due',
        'administrator_undecided', 'administrator_in_liquidation', 'administrator_in_procedure', 'company_failed',
        'pec_of_own_trade_perhaps', 'other_person_completed', 'perhaps_duplicate', 'pec_of_unknown',
        'pec_counted',
    },
    'fine': {
        'code_valid', 'names_agree', 'mobile_italian', 'mobile_foreign', 'known', 'domain_certified', 'province_known',
        'pec_counted_none'},
}


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestFindingSentences(BaseCase):
    """The table of findings is complete."""

    def test_every_reason_has_its_sentence(self):
        by_level = {level: set() for level in REASONS}
        for reason, (level, _sentence) in const.filing.FINDINGS.items():
            by_level[level].add(reason)
        self.assertEqual(by_level, REASONS)
        self.assertLessEqual(LENIENT_IN_SANDBOX, REASONS['error'])

    def test_sentences_name_the_field_and_the_place(self):
        for reason, (level, sentence) in const.filing.FINDINGS.items():
            with self.subTest(reason=reason):
                placeholders = set(re.findall(r'%\((\w+)\)s', sentence._source))
                if reason != 'account_unsure':  # which is about no field; of what was refused the service names it
                    self.assertIn('who' if reason == 'refused' else 'field', placeholders)
                self.assertLessEqual(placeholders, {'field'} if level == 'fine' else {'field', 'place', 'who'})
                told = sentence._source % {'field': "Mobile", 'place': "on this filing", 'who': "PEC/1 Prova."}
                self.assertNotIn('%', told)
                self.assertTrue(told.endswith('.'))

    def test_reasons_in_code(self):
        """The tables of the tools name no reason that is not here."""
        for reason in (
            *fiscal_code.FAULTS.values(), *pec_address.SPECIAL_DOMAINS.values(),
            *(reason for reason, _form, _prefix in mobile.FORMS),
            italian_form.judge_province('RM', ()), italian_form.judge_province('RM', ('RM',)),
            *QUALIFICATION_REASONS.values(),
            *STATE_REASONS.values(),
            *(reason for _field, reason in enterprise.ADMINISTRATOR_REASONS.values()),
            *(reason for _field, reason in enterprise.STATE_REASONS.values()),
        ):
            with self.subTest(reason=reason):
                self.assertIn(reason, const.filing.FINDINGS)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestPreflight(PecCase):
    """What is found on a filing before the click that costs, and what it does to that click."""

    CASES = [  # values, level, words of a sentence of that level
        ({}, 'fine', "is a valid tax code"),
        ({'pec_email': 'prova@gmail.com'}, 'error', "ordinary e-mail"),
        ({'pec_email': 'prova@postacertificata.gov.it'}, 'error', "switched off in 2015"),
        ({'pec_email': '12485671007@impresa.italia.it'}, 'error', "only receives"),
        ({'pec_email': 'sdi01@pec.fatturapa.it'}, 'error', "exchange system"),
        ({'pec_email': 'prova@example.com'}, 'warning', "ask its provider"),
        ({'pec_email': 'a@legalmail.it; b@pec.it'}, 'error', "several addresses (a@legalmail.it, b@pec.it)"),
        ({'pec_email': 'PEC: Nuova\u200b@legalmail.it;'}, 'fine', "belongs to a provider"),
        ({'pec_email': 'Prova S.r.l. <mailto:nuova@legalmail.it>'}, 'fine', "belongs to a provider"),
        ({'email': 'nobody'}, 'error', "well-formed"),
        ({'email': 'a@example.com, b@example.com'}, 'error', "several addresses (a@example.com, b@example.com)"),
        ({'email': 'mailto:mario@example.com'}, 'fine', "is a valid tax code"),
        ({'email': 'prova@legalmail.it', 'pec_email': 'Prova@Legalmail.it'}, 'warning', "is the PEC itself"),
        ({'email': 'mario@arubapec.it'}, 'warning', "on a domain of PECs"),
        ({'email': 'mario@pec.studio.example'}, 'warning', "on a domain of PECs"),
        ({'mobile': '393401234518'}, 'fine', "Italian mobile"),
        ({'mobile': 'Cell. 340\u200b1234518'}, 'fine', "Italian mobile"),
        ({'mobile': '+41 (0)79 123 45 67'}, 'fine', "another country"),
        ({'mobile': '340 1234518 / 339 1234567'}, 'error', "several numbers (3401234518, 3391234567)"),
        ({'company_fiscal_code': '12485671007 / RSSMRA80A01H501U'}, 'error', "holds several codes"),
        ({'company_fiscal_code': 'P.IVA 12485\u200b671007'}, 'fine', "is a valid tax code"),
        ({'first_name': "\u200b"}, 'error', "is missing"),
        ({'mobile': '34xxxxxx18'}, 'error', "something else than digits"),
        ({'mobile': '06 1234567'}, 'error', "landline"),
        ({'mobile': '+41 79 123 45 67'}, 'fine', "another country"),
        ({'province': 'Roma'}, 'error', "two letters"),
        ({'province': 'QQ'}, 'warning', "not among the provinces"),
        ({'fiscal_code': 'RSSMRA80A01H501'}, 'error', "not written like a tax code"),
        ({'fiscal_code': '12485671007'}, 'warning', "has 11 digits"),
        ({'fiscal_code': 'RSSMRA80A01H50MM'}, 'fine', "agrees with surname and first name"),  # omocode
        ({'first_name': "Rossi", 'last_name': "Mario"}, 'error', "each other's place"),
        ({'first_name': "Anna", 'last_name': "Verdi"}, 'error', "somebody else"),
        ({'first_name': "Maria"}, 'fine', "agrees"),  # the same three letters
        ({'first_name': "Anna"}, 'warning', "another first name"),
        ({'last_name': "Verdi"}, 'warning', "another surname"),
        ({'company_fiscal_code': '1248567100'}, 'error', "not written like a tax code"),
        ({'company_fiscal_code': 'RSSMRA80A01H501U'}, 'error', "is a person's, and this is a"),
        ({'city': 'Roma (RM)'}, 'error', "the name of a municipality"),
        ({'city': '00100 Roma'}, 'error', "the name of a municipality"),
        ({'city': "Reggio nell'Emilia", 'province': 'RE'}, 'fine', "is a valid tax code"),
        ({'city': "L’Aquila", 'province': 'AQ'}, 'fine', "is an Italian province"),
        ({'city': "Bozen", 'province': 'BZ'}, 'fine', "is an Italian province"),
        ({'city': "Olbia", 'province': 'OT'}, 'fine', "is an Italian province"),
        ({'city': "Olbia", 'province': 'SS'}, 'fine', "is an Italian province"),
        ({'city': "Samone", 'province': 'TN'}, 'fine', "is an Italian province"),
        ({'province': 'MI'}, 'warning', "Roma (RM) would be right"),
        ({'city': "Samone"}, 'warning', "Samone (TO) or Samone (TN) would be right"),
        ({'city': "Milnao", 'province': 'MI'}, 'warning', "is Milano (MI) meant?"),
        ({'city': "Ostia"}, 'warning', "write Roma (RM)"),
        ({'city': "Mestre", 'province': 'VE'}, 'warning', "belongs to another municipality: Venezia (VE)"),
        ({'city': "Capodistria", 'province': 'TS'}, 'warning', "none of Italy's any more"),
        ({'city': "Parigi"}, 'warning', "none that is known here"),
        ({'last_name': "Rössi"}, 'fine', "agrees"),
        ({'last_name': "Žössi"}, 'warning', "letters with accents"),
        ({'first_name': "Noè", 'last_name': "Verdi"}, 'error', "somebody else"),
        ({'fiscal_code': 'SHRXXX80A01H501I', 'last_name': "Suharto", 'first_name': False}, 'error',
         "this person has one name only"),
        ({'fiscal_code': 'SHRXXX80A01H501I', 'last_name': "Suharto", 'first_name': "Suharto"}, 'warning',
         "write that name once"),
        ({'kind': 'administrator', 'qualification': 'LIQUIDATORE'}, 'warning', "a liquidator need not"),
        ({'kind': 'administrator', 'qualification': 'CURATORE_FALLIMENTARE'}, 'warning', "PEC of the procedure"),
        ({'kind': 'administrator', 'qualification': 'COMMISSARIO_GIUDIZIARIO'}, 'warning', "PEC of the procedure"),
        ({'kind': 'administrator', 'qualification': 'SOCIO'}, 'warning', "communicated by administrators"),
        ({'kind': 'administrator', 'qualification': 'LEGALE_RAPPRESENTANTE'}, 'fine', "is a valid tax code"),
        ({'kind': 'administrator', 'qualification': 'AMMINISTRATORE'}, 'fine', "is a valid tax code"),
        ({'qualification': 'CURATORE_FALLIMENTARE'}, 'warning', "PEC of the procedure"),
        ({'qualification': 'COMMISSARIO_GIUDIZIARIO'}, 'warning', "PEC of the procedure"),
        ({'qualification': 'LIQUIDATORE'}, 'fine', "is a valid tax code"),  # he represents the company
        ({'qualification': 'TITOLARE'}, 'warning', "sole trader"),
        ({'qualification': 'TITOLARE', 'company_fiscal_code': 'RSSMRA80A01H501U'}, 'error', "11 digits of its own"),
        # places that are in no table, and years of children
        ({'fiscal_code': 'RSSMRA80A01A000C'}, 'warning', "no municipality or country that is known"),
        ({'fiscal_code': 'RSSMRA80A01M999L'}, 'warning', "no municipality or country that is known"),
        ({'fiscal_code': 'RSSMRA80A01Z999Y'}, 'warning', "no municipality or country that is known"),
        ({'fiscal_code': code_born('20A01')}, 'warning', "younger than 18, or older than 100"),
        ({'fiscal_code': code_born('12A41')}, 'warning', "younger than 18, or older than 100"),
        ({'fiscal_code': code_born('40A01')}, 'fine', "is a valid tax code"),
        ({'fiscal_code': code_born('00A01')}, 'fine', "is a valid tax code"),
        # what is no part of a name
        ({'first_name': "Mario1"}, 'warning', "is no part of a person's name"),
        ({'last_name': "Rossi;"}, 'warning', "is no part of a person's name"),
        ({'last_name': "Rossi & C."}, 'warning', "is no part of a person's name"),
        ({'last_name': "Rossi / Verdi"}, 'warning', "is no part of a person's name"),
        ({'last_name': "Rossi srl"}, 'warning', "is no part of a person's name"),
        ({'last_name': "Rossi in Bianchi"}, 'warning', "is no part of a person's name"),
        ({'last_name': "Rossi (deceduto)"}, 'warning', "is no part of a person's name"),
        ({'last_name': "Rossi-Bianchi"}, 'fine', "agrees"),
        # other scripts, and people of one name
        ({'fiscal_code': 'WNGWEI80A01H501' + check('WNGWEI80A01H501'), 'last_name': "王", 'first_name': "伟"},
         'warning', "of another alphabet"),
        ({'fiscal_code': 'SNGXXX78C03Z222D', 'last_name': "Gurpreet", 'first_name': "Singh"}, 'warning',
         "write that name once"),
        ({'city': ' '}, 'error', "Municipality is missing: complete it on this filing"),
    ]

    def test_findings(self):
        for values, level, words in self.CASES:
            with self.subTest(values=values):
                filing = self.create_filing(**values)
                self.assertEqual(filing.findings_level, level)
                self.assertIn(words, ' '.join(filing._get_sentences(level)[filing]))
                # the place is a link
                self.assertIn(words.replace("'", "&#39;"), re.sub(r'</?a\b[^>]*>', '', filing.findings))

    def test_check_digits_warn_in_the_sandbox(self):
        """Else the vendor's own samples could not be sent."""
        filing = self.create_filing(fiscal_code='RSSMRA80A01H501X', company_fiscal_code='12345678910')
        self.assertEqual((filing.findings_level, len(filing._get_sentences('warning')[filing])), ('warning', 2))
        self.company.openapi_pec_environment = 'production'
        self.assertEqual((filing.findings_level, len(filing._get_sentences('error')[filing])), ('error', 2))

    def test_findings_lead_to_where_they_are_mended(self):
        """Each names its field, and the place in its sentence is a link to the contact; what was typed is mended here.
        """
        self.partner.city, self.representative.phone = False, '06 1234567'
        filing = self.create_filing(
            email='studio', company_fiscal_code='1', qualification='SOCIO', kind='administrator')
        for field, contact in (
                ('city', filing.partner_id), ('mobile', filing.representative_id), ('qualification', None),
                ('email', None), ('company_fiscal_code', None)):
            [item] = re.findall(rf'<li data-field="{field}">.*?</li>', str(filing.findings), re.DOTALL)
            links = re.findall('href="([^"]*)"', item)
            self.assertEqual(links, [f'/odoo/res.partner/{contact.id}'] if contact else [])
        with Form(filing) as form:  # what is not saved, too
            self.assertIn(['res.partner', filing.partner_id.id], [item['contact'] for item in form.finding_items])

    def test_nothing_is_fine_about_what_is_wrong(self):
        """A code that is valid by form, but of somebody else, is not called valid beside that."""
        for values, field, codes in [
                ({}, 'fiscal_code', ['code_valid', 'names_agree']),
                ({'last_name': "Verdi"}, 'fiscal_code', ['surname_disagrees']),
                ({}, 'pec_email', ['known']),
                ({'pec_email': 'prova@example.com'}, 'pec_email', ['unknown']),
                ({'pec_email': 'prova@gmail.com'}, 'pec_email', ['address_consumer'])]:
            with self.subTest(values=values, field=field):
                filing = self.create_filing(**{'pec_email': 'nuova@legalmail.it', **values})
                found = filing._get_findings()[filing]
                self.assertEqual([finding.code for finding in found if finding.field == field], codes)
                self.assertIn('fine', [finding.level for finding in found], "what is right stays")
                filing.unlink()

    def test_the_form_renders_nothing(self):
        """It shows items; only who reads the sentences as HTML has them rendered."""
        filing, rendered = self.create_filing(pec_email='prova@gmail.com'), []
        render = type(filing)._show_findings
        self.patch(type(filing), '_show_findings', lambda *args: rendered.append(args) or render(*args))
        filing.invalidate_recordset()
        filing.read(['present_level', 'finding_items', 'is_domain_unknown', 'findings_summary'])
        self.assertFalse(rendered)
        self.assertIn("ordinary e-mail", filing.findings)
        self.assertEqual(len(rendered), 1)
        filing.pec_email = 'altra@legalmail.it'
        self.assertNotIn("ordinary e-mail", filing.findings)

    def test_findings_are_escaped(self):
        filing = self.create_filing(pec_email='<script>@pec.it')
        self.assertNotIn('<script', filing.findings)

    def test_nothing_is_found_on_what_was_filed(self):
        filing = self.create_filing()
        self.submit(filing)
        self.assertEqual((filing.findings, filing.findings_level), (False, False))

    def test_a_warning_asks_for_a_reason(self):
        filing = self.create_filing(pec_email='prova@example.com')
        for reason in (None, ' ', '.', "ok"):
            with self.assertRaisesRegex(UserError, "(?s)reason.*ask its provider.*at least 10.*nothing was spent"):
                filing.action_submit(reason)
        wizard = self.env['openapi_pec.submit'].with_user(self.manager).create({'communication_ids': filing.ids})
        self.assertIn("ask its provider", wizard.warnings)
        wizard.reason = "<b>The provider</b> says so"
        wizard.action_confirm()
        self.commit()
        self.assertEqual((filing.state, self.sandbox.executed(CREATE)), ('code_requested', 1))
        self.assertIn("&lt;b&gt;The provider", self.messages(filing))
        self.assertIn("ask its provider", self.messages(filing))

    def test_an_error_cannot_be_argued_away(self):
        filing = self.create_filing(pec_email='prova@gmail.com')
        with self.assertRaisesRegex(UserError, "ordinary e-mail"):
            filing.action_submit("I want to")
        self.assertEqual(self.sandbox.requested(CREATE), 0)

    def test_the_tax_code_splits_the_name(self):
        for name, split in [("Mario Rossi", ("Rossi", "Mario")), ("Rossi Mario", ("Rossi", "Mario")),
                            ("Dott. Rossi Mario", ("Rossi", "Mario")), ("Verdi Anna", ("Anna", "Verdi"))]:
            self.representative.name = name
            filing = self.create_filing()
            self.assertEqual((filing.last_name, filing.first_name), split, name)

    def test_names_without_a_code_and_of_other_addons(self):
        self.representative.l10n_it_codice_fiscale = False
        for name, split in [("Avv.Mario Rossi", ("Rossi", "Mario")), ("Mario Rossi (titolare)", ("Rossi", "Mario"))]:
            self.representative.name = name
            filing = self.create_filing()
            self.assertEqual((filing.last_name, filing.first_name), split, name)

    def test_words_left_out(self):
        """A word of the contact's name that the tax code does not know is told, while the names are the contact's."""
        for name, words in [
            ("De Rossi Mario", "De"), ("Mario Van Rossi", "Van"), ("Mario Esposito Rossi", "Esposito"),
            ("Mario De Luca Rossi", "De Luca"), ("Eredi Rossi Mario", "Eredi"), ("Rossi Mario (deceduto)", "deceduto"),
            ("Mario Rossi srl", "srl"),
        ]:
            with self.subTest(name=name):
                self.representative.name = name
                filing = self.create_filing()
                self.assertEqual((filing.last_name, filing.first_name), ("Rossi", "Mario"))
                [finding] = [one for one in filing._get_findings()[filing] if one.code == 'words_left_out']
                self.assertEqual((finding.level, finding.field, finding.values['who']), ('warning', 'last_name', words))
                filing.last_name = "Russo"  # typed
                self.assertNotIn('words_left_out', [one.code for one in filing._get_findings()[filing]])
        for name in (
            "Dott. Mario Rossi", "Rossi Mario (amministratore)", "Rossi Mario & Figli", "Mario Rossi & C.",
            "Mario Rossi / Anna Verdi", "Mario Rossi | Alfa", "Bar Sport di Rossi Mario",
            "Mario Rossi c/o Studio Verdi", "Egr. Sig. Rossi Mario", "Rossi Mario - legale rappresentante",
        ):
            with self.subTest(name=name):
                self.representative.name = name
                filing = self.create_filing()
                self.assertEqual((filing.last_name, filing.first_name), ("Rossi", "Mario"))
                self.assertEqual(filing.findings_level, 'fine')
        self.representative.name = "Rossi"
        filing = self.create_filing()
        self.assertEqual((filing.last_name, filing.first_name), ("Rossi", False))

    def test_the_right_place_by_a_button(self):
        """One that is proposed alone is taken; a municipality that is right, or may be two, is left alone."""
        for city, province, proposal, taken in [
            ("Milnao", 'MI', "Milano (MI)", ("Milano", 'MI')), ("Roma", 'MI', "Roma (RM)", ("Roma", 'RM')),
            ("Roma", 'Roma', "Roma (RM)", ("Roma", 'RM')), ("00100 Roma", 'RM', "Roma (RM)", ("Roma", 'RM')),
            ("Roma", False, "Roma (RM)", ("Roma", 'RM')), ("Mestre", 'VE', "Venezia (VE)", ("Venezia", 'VE')),
            ("Samone", 'VR', False, ("Samone", 'VR')), ("Roma", 'RM', False, ("Roma", 'RM')),
            ("Olbia", 'OT', False, ("Olbia", 'OT')), ("Parigi", 'RM', False, ("Parigi", 'RM')),
        ]:
            with self.subTest(city=city, province=province):
                filing = self.create_filing(city=city, province=province)
                self.assertEqual(filing.place_proposal, proposal)
                filing.with_user(self.user).action_take_places()
                self.assertEqual((filing.city, filing.province, filing.place_proposal), (*taken, False))

    def test_no_place_is_proposed_for_what_was_filed(self):
        filing = self.create_filing()
        self.submit(filing)
        filing.action_take_places()
        self.assertEqual((filing.city, filing.place_proposal), ("Roma", False))

    def test_sent_in_the_form_of_the_service(self):
        filing = self.create_filing(
            mobile='tel: +39 (0)340 12.34.518', company_fiscal_code='IT 12485671007', city='  Ro\u00adma\n',
            pec_email='PEC: <Prova\u200b@legalmail.it>;', email='Mario <Mario@example.com>',
            company_name="L’Alfa – S.r.l.")
        self.submit(filing)
        body = [request for request in self.sandbox.requests() if request['method'] == 'POST'][-1]['body']
        self.assertEqual(
            [body[key] for key in ('cellulare', 'cf_piva', 'comune', 'casella_pec', 'email', 'ragione_sociale')],
            ['3401234518', '12485671007', 'Roma', 'prova@legalmail.it', 'mario@example.com', "L'Alfa - S.r.l."])
