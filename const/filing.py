"""Tables of filings: states, the request, and what is found."""
from odoo.tools.translate import LazyTranslate

from ..tools.finding import ERROR, FINE, WARNING

_lt = LazyTranslate(__name__, default_lang='en_US')

# `stato` of the API, in the order of a filing's life -> our state. There is no other `stato` and none for "rejected".
STATE_BY_STATO = {
    'codice_in_richiesta': 'code_requested',
    'in_attesa_di_documenti': 'awaiting_documents',
    'documenti_caricati': 'documents_uploaded',
    'comunicazione_evasa': 'completed',
}

EDITABLE_STATES = ('draft', 'failed')

# With the service and not at its end: what the synchronisation follows.
FOLLOWED_STATES = ('code_requested', 'awaiting_documents', 'documents_uploaded')

# The chamber of commerce may have answered to it.
DELIVERED_STATES = ('documents_uploaded', 'completed')

# Everything that still wants something of somebody.
OPEN_STATES = ('queued', 'unconfirmed', *FOLLOWED_STATES)

# It was submitted, and given up by nobody.
MADE_STATES = (*OPEN_STATES, 'completed')

# The chamber has refused it: what was filed does not stand, and is filed again corrected.
REFUSED_OUTCOMES = ('respinta', 'irricevibile')

# field of openapi_pec.communication -> key of the body of POST /comunica_pec (all required by the service)
REQUEST_KEYS = {
    'pec_email': 'casella_pec',
    'fiscal_code': 'cf',
    'first_name': 'nome',
    'last_name': 'cognome',
    'qualification': 'qualifica',
    'email': 'email',
    'mobile': 'cellulare',
    'company_name': 'ragione_sociale',
    'company_fiscal_code': 'cf_piva',
    'city': 'comune',
    'province': 'provincia',
}

# Where a person completes what is missing: the field that leads to a contact, '' for the filing itself -> in words.
PLACES = {
    'partner_id': _lt("on the company's contact"),
    'representative_id': _lt("on the representative's contact"),
    '': _lt("on this filing"),
}

# field -> where it is completed; of the PEC that depends on the kind of filing
FIELD_PLACES = {
    'qualification': '',
    'kind': '',
    **dict.fromkeys(('first_name', 'last_name', 'fiscal_code', 'email', 'mobile'), 'representative_id'),
    **dict.fromkeys(('company_name', 'company_fiscal_code', 'city', 'province'), 'partner_id'),
}

# reason code -> level, sentence. `field` is the label of what was checked, `place` where it is corrected (PLACES).
FINDINGS = {
    'missing': (ERROR, _lt("%(field)s is missing: complete it %(place)s.")),

    # openapi_pec.data.mixin._get_missing_reason
    'one_name_missing': (ERROR, _lt(
        "%(field)s is missing: as XXX in the tax code shows, this person has one name only. Write XXX, as the tax "
        "office does, %(place)s.")),

    # openapi_pec.record.mixin._judge_account
    'account_unsure': (WARNING, _lt(
        "The token of the Openapi account, or the address of the service, has changed, and the account is not "
        "recognised yet: it may be another one, and what is sent is paid there. Ask an administrator to press \"Test "
        "the Connection\" in the settings, and to correct the token there, unless it is meant to be another account.")),

    # openapi_pec.data.mixin; `who` is what the service said
    'refused': (WARNING, _lt("The service has refused exactly these data. %(who)s")),

    # fiscal_code.judge_person, judge_company
    'code_form': (ERROR, _lt(
        "%(field)s is not written like a tax code (16 letters and digits, or the 11 digits of a company): copy it from "
        "the health card or the company's certificate and correct it %(place)s.")),
    'code_date': (ERROR, _lt(
        "%(field)s holds a date of birth that does not exist: copy it again from the health card and correct it "
        "%(place)s.")),
    'code_office': (ERROR, _lt(
        "%(field)s was never issued: no tax office has the number in its digits 8 to 10. Copy it again and correct it "
        "%(place)s.")),
    'code_check': (ERROR, _lt(
        "%(field)s holds a typing mistake: its last character does not follow from the others. Copy it again and "
        "correct it %(place)s.")),
    'code_several': (ERROR, _lt(
        "%(field)s holds several codes: keep one alone, the tax code of the person or company, %(place)s.")),
    'code_provisional': (WARNING, _lt(
        "%(field)s has 11 digits, as a company's code or a provisional one: if the person has a code of 16 characters, "
        "write that %(place)s.")),
    'code_valid': (FINE, _lt("%(field)s is a valid tax code.")),

    # birth_place.judge_person, judge_age
    'code_place': (WARNING, _lt(
        "%(field)s: its characters 12 to 15 stand for the place of birth, and no municipality or country that is known "
        "here has them. Compare them with the health card and correct them %(place)s; leave them if the municipality "
        "is new.")),
    'minor': (WARNING, _lt(
        "%(field)s: by the year of birth in it this person is younger than 18, or older than 100. Compare it with the "
        "health card and correct it %(place)s, or choose who represents the company.")),

    # person_name.judge_form, find_left_out; `who` is the words
    'name_form': (WARNING, _lt(
        "%(field)s: \"%(who)s\" is no part of a person's name. Write it as the health card does, without titles, "
        "companies, other people and signs, %(place)s.")),
    'words_left_out': (WARNING, _lt(
        "%(field)s: of the name on the contact \"%(who)s\" is left out. If that belongs to the name, the tax code may "
        "be somebody else's: compare both with the health card, and correct them %(place)s.")),

    # fiscal_code.judge_names; `field` is the label of the tax code
    'surname_disagrees': (WARNING, _lt(
        "%(field)s belongs to another surname: compare surname and tax code with the health card and correct them "
        "%(place)s.")),
    'name_disagrees': (WARNING, _lt(
        "%(field)s belongs to another first name: write all first names as on the health card, or correct the code, "
        "%(place)s.")),
    'names_disagree': (ERROR, _lt(
        "%(field)s belongs to somebody else: neither surname nor first name agree with it. Correct them or the code "
        "%(place)s.")),
    'names_swapped': (ERROR, _lt(
        "Surname and first name are in each other's place, as %(field)s shows: exchange them %(place)s.")),
    'letters_unsure': (WARNING, _lt(
        "%(field)s can be this person's or another's: that depends on letters with accents, or of another alphabet, "
        "which can be read in several ways. Compare surname and first name with the health card and correct them "
        "%(place)s.")),
    'one_name': (WARNING, _lt(
        "%(field)s has XXX in the place of a name, since this person has one name only: write that name once, and XXX "
        "in the place of the other one, %(place)s.")),
    'names_agree': (FINE, _lt("%(field)s agrees with surname and first name.")),

    # mobile.judge
    'mobile_characters': (ERROR, _lt(
        "%(field)s holds something else than digits: write one number, with digits and + alone, %(place)s.")),
    'mobile_several': (ERROR, _lt("%(field)s holds several numbers (%(who)s): keep one of them %(place)s.")),
    'mobile_landline': (ERROR, _lt("%(field)s is the number of a landline: write a mobile number %(place)s.")),
    'mobile_form': (ERROR, _lt(
        "%(field)s is not a mobile number: write the 9 or 10 digits of an Italian one, which begin with 3, or one of "
        "another country with + and the country's code, %(place)s.")),
    'mobile_italian': (FINE, _lt("%(field)s is an Italian mobile number.")),
    'mobile_foreign': (FINE, _lt("%(field)s is a number of another country.")),

    # pec_address.judge_email
    'email_form': (ERROR, _lt("%(field)s is not a well-formed address: correct it %(place)s.")),
    'email_several': (ERROR, _lt("%(field)s holds several addresses (%(who)s): keep one of them %(place)s.")),
    # pec_address.judge_mailing
    'email_is_pec': (WARNING, _lt(
        "%(field)s is the PEC itself, and ordinary mail does not reach most PEC mailboxes: write an ordinary address, "
        "at which the person reads what is to be signed, %(place)s.")),
    'email_certified': (WARNING, _lt(
        "%(field)s is on a domain of PECs, and ordinary mail does not reach most PEC mailboxes: write an ordinary "
        "address, at which the person reads what is to be signed, %(place)s.")),
    # pec_address.judge
    'address_form': (
        ERROR, _lt("%(field)s is not a well-formed address, such as company@pec.it: correct it %(place)s.")),
    'address_several': (ERROR, _lt(
        "%(field)s holds several addresses (%(who)s): keep the one that is the PEC, %(place)s.")),
    'address_consumer': (ERROR, _lt(
        "%(field)s is ordinary e-mail, which can never be a PEC: write the address of a certified mailbox %(place)s.")),
    'address_closed': (ERROR, _lt(
        "%(field)s was switched off in 2015 with all of postacertificata.gov.it: write another PEC %(place)s.")),
    'address_office': (ERROR, _lt(
        "%(field)s was assigned by the chamber of commerce and only receives: write a PEC of the company's own "
        "%(place)s.")),
    'address_exchange': (ERROR, _lt(
        "%(field)s is the address of the state's exchange system for electronic invoices: write the company's own PEC "
        "%(place)s.")),
    'unknown': (WARNING, _lt(
        "Whether %(field)s is certified cannot be seen from its domain: look the domain up, or ask its provider, and "
        "correct it %(place)s if it is not.")),
    'known': (FINE, _lt("%(field)s belongs to a provider of PECs.")),

    # openapi_pec.mailbox._judge_domiciles: the mailboxes here; `who` is the day
    'mailbox_revoked': (ERROR, _lt(
        "%(field)s is the address of a mailbox that was revoked here on %(who)s and receives no more: renew that "
        "mailbox, or write another PEC %(place)s.")),
    'mailbox_expired': (ERROR, _lt(
        "%(field)s is the address of a mailbox here that expired on %(who)s: renew that mailbox, or write another PEC "
        "%(place)s.")),
    'mailbox_closed': (ERROR, _lt(
        "%(field)s is the address of a mailbox that the provider has closed (last news of %(who)s): write another PEC "
        "%(place)s.")),
    'mailbox_annulled': (ERROR, _lt(
        "%(field)s is the address of a mailbox whose registration the provider has annulled (last news of %(who)s): "
        "write another PEC %(place)s.")),
    'mailbox_inactive': (ERROR, _lt(
        "%(field)s is not active yet: it was bought here on %(who)s and never activated. Have its activation form "
        "signed and sent, or write another PEC %(place)s.")),
    'mailbox_activating': (ERROR, _lt(
        "%(field)s is not active yet: it was bought here on %(who)s, and the provider is activating it. Wait until it "
        "is active, or write another PEC %(place)s.")),
    'mailbox_buying': (ERROR, _lt(
        "%(field)s is not active yet: it is just being bought here. Wait until it is active, or write another PEC "
        "%(place)s.")),
    'mailbox_draft': (WARNING, _lt(
        "%(field)s is the address of a mailbox that is prepared here and not bought: unless it was bought elsewhere it "
        "does not exist. Buy and activate it first, or write another PEC %(place)s.")),
    'mailbox_expiring': (WARNING, _lt(
        "%(field)s is the address of a mailbox here that expires on %(who)s: renew it before, or it stops to "
        "receive.")),

    # openapi_pec.domain: what the service has told of an unknown domain
    'domain_asked': (WARNING, _lt(
        "The service is being asked whether %(field)s is certified: refresh this page in a minute to see its "
        "answer.")),
    'domain_failed': (WARNING, _lt(
        "The service has not said whether %(field)s is certified: see the answer under Domains, look the domain up "
        "again or ask its provider, and correct the address %(place)s if it is not certified.")),
    'domain_certified': (FINE, _lt("%(field)s is certified: the service knows its domain.")),
    'domain_not_certified': (ERROR, _lt(
        "%(field)s is not certified: the service says that its domain is none of PECs. Write a PEC %(place)s.")),

    # digital_domicile.judge; `who` is the contact or the filing that stands in the way
    'pec_of_own_company': (ERROR, _lt(
        "%(field)s is the company's own, as %(who)s shows, and an administrator's PEC must be another one (rule INT.P "
        "of the register): write the person's PEC %(place)s.")),
    'pec_of_company': (ERROR, _lt(
        "%(field)s is the PEC of %(who)s already, and no company's PEC may serve anybody else (rule INT.P of the "
        "register): write another one %(place)s, or correct %(who)s.")),
    'pec_of_person': (ERROR, _lt(
        "%(field)s is the personal PEC of %(who)s already, and a company's PEC must differ from it (rule INT.P of the "
        "register): write another one %(place)s, or correct %(who)s.")),
    'open_elsewhere': (ERROR, _lt(
        "%(field)s is being communicated for somebody else with %(who)s, and only one of both can be accepted (rule "
        "INT.P of the register): write another one %(place)s.")),
    'draft_elsewhere': (ERROR, _lt(
        "%(field)s is in another draft for somebody else too, %(who)s, and only one of both can be accepted (rule "
        "INT.P of the register): write another one %(place)s.")),
    'completed_elsewhere': (WARNING, _lt(
        "%(field)s was communicated for somebody else with %(who)s. If that still stands in the register, this filing "
        "is refused (rule INT.P): write another one %(place)s.")),
    'shared_by_people': (WARNING, _lt(
        "%(field)s is also the PEC of another person, as %(who)s shows: each administrator should have a personal one. "
        "Correct it %(place)s.")),
    'pec_of_own_trade': (ERROR, _lt(
        "%(field)s is the PEC of the business that the same person runs, as %(who)s shows: an office holder's must "
        "differ from every enterprise's, his own too (rule INT.P of the register). Write a second, personal PEC "
        "%(place)s.")),
    'pec_of_own_trade_perhaps': (WARNING, _lt(
        "%(field)s is the PEC of %(who)s, who has a VAT number: if that is a business in the register, its PEC cannot "
        "serve the same person's office (rule INT.P). Check it, and write a second, personal PEC %(place)s.")),
    'other_person_open': (ERROR, _lt(
        "%(field)s is being communicated as another person's PEC with %(who)s, for the same company: each "
        "administrator has a personal one. Write this person's %(place)s.")),
    'other_person_draft': (ERROR, _lt(
        "%(field)s is in another draft as another person's PEC, %(who)s, for the same company: each administrator has "
        "a personal one. Write this person's %(place)s.")),
    'other_person_completed': (WARNING, _lt(
        "%(field)s was communicated as another person's PEC with %(who)s, for the same company: each administrator has "
        "a personal one. Write this person's %(place)s, unless that one has left the office.")),
    'perhaps_duplicate': (WARNING, _lt(
        "%(field)s is also the PEC of %(who)s, which has the same name and no tax code: it is perhaps the same company "
        "twice. Merge both contacts, or complete the tax code of %(who)s: no company's PEC may serve anybody else "
        "(rule INT.P of the register).")),
    'pec_of_unknown': (WARNING, _lt(
        "%(field)s is also the PEC of %(who)s, and without a personal tax code there nobody can tell whether that is a "
        "person or an enterprise, whose PEC may serve nobody else (rule INT.P of the register). Complete or correct "
        "%(who)s, or write another PEC %(place)s.")),
    'pec_counted': (WARNING, _lt(
        "%(field)s stands in the business register already, for other companies in Italy: %(who)s. No company's PEC "
        "may serve anybody else (rule INT.P of the register): make sure that it is the right one, or write another "
        "PEC %(place)s.")),
    'pec_counted_none': (FINE, _lt("%(field)s is no other company's in Italy, as the service has counted.")),
    'filing_open': (ERROR, _lt(
        "%(field)s is being communicated for the same company with %(who)s already: follow that filing, do not pay "
        "twice.")),
    'filing_draft': (ERROR, _lt(
        "%(field)s is in another draft for the same company too, %(who)s: submit one of them alone, since each is "
        "paid.")),
    'filing_completed': (WARNING, _lt(
        "%(field)s was communicated for the same company with %(who)s already: file it again only for a new term of "
        "office or when the chamber asks for it.")),

    # openapi_pec.communication._judge_under_way; `who` is each filing with its PEC and its day
    'other_pec_open': (WARNING, _lt(
        "%(field)s is another one than the PEC that is being communicated for the same company already: %(who)s. Each "
        "filing is paid: follow that one first, and go on only if this PEC is to take the place of that one.")),
    'other_pec_hidden': (WARNING, _lt(
        "%(field)s is another one than the PEC that is being communicated for the same company already, by a filing "
        "that you may not see. Each filing is paid: ask who works for your other companies first, and go on only if "
        "this PEC is to take the place of that one.")),

    # The same by a filing of a company in which the reader does not work.
    'hidden_open': (ERROR, _lt(
        "%(field)s is being communicated for the same company already, by a filing that you may not see: ask who works "
        "for your other companies, do not pay twice.")),
    'hidden_completed': (WARNING, _lt(
        "%(field)s was communicated for the same company already, by a filing that you may not see: file it again only "
        "for a new term of office or when the chamber asks for it.")),

    # openapi_pec.communication._judge_correction; `who` is the filing that was refused
    'not_corrected': (WARNING, _lt(
        "%(field)s and all other data are those that the chamber of commerce refused with %(who)s: correct what its "
        "note asks for, %(place)s, or say why nothing is to be corrected.")),

    # openapi_pec.record.mixin._judge_sightings; `who` is the state and day of each
    'filed_elsewhere': (WARNING, _lt(
        "%(field)s was communicated for the same company already, with a filing at the service that Odoo does not know "
        "(%(who)s). The service does not say whether as the company's or as an administrator's. Look under Filings to "
        "Be Assigned and in the Openapi console; file it again only for a new term of office or when the chamber asks "
        "for it.")),
    'filed_elsewhere_unread': (WARNING, _lt(
        "%(field)s is the address of a filing at the service that Odoo does not know (%(who)s), and whose company is "
        "not known yet: wait until it is read under Filings to Be Assigned, or look in the Openapi console, so as not "
        "to pay twice.")),

    # QUALIFICATION_REASONS
    'liquidator_exempt': (WARNING, _lt(
        "%(field)s: a liquidator need not communicate a personal PEC (the duty is the administrators'). Change it "
        "%(place)s if it is wrong.")),
    'procedure_own_pec': (WARNING, _lt(
        "%(field)s: a curator or commissioner communicates the PEC of the procedure, as his own, not the company's. "
        "Check that this is the address, or change it %(place)s.")),
    'not_an_administrator': (WARNING, _lt(
        "%(field)s: a personal PEC is communicated by administrators. Change it, or the kind of filing, %(place)s.")),
    'owner_of_company': (WARNING, _lt(
        "%(field)s: an owner is who runs a sole trader's business; for a company choose its legal representative, "
        "%(place)s.")),

    # enterprise.judge; `who` is the legal form
    'code_of_person': (ERROR, _lt(
        "%(field)s is a person's, and this is a \"%(who)s\", which has a tax code of 11 digits of its own: write that, "
        "or correct the legal form %(place)s.")),
    'vat_of_trader': (WARNING, _lt(
        "%(field)s has 11 digits, as a company's or the VAT number of a sole trader. Whoever runs a business alone is "
        "registered with the personal tax code of 16 characters: write that %(place)s, unless this is a company.")),
    'not_in_register': (WARNING, _lt(
        "%(field)s is that of a \"%(who)s\", which is no enterprise of the business register and communicates no PEC "
        "to it. Go on if the chamber of commerce asks for it, or correct the legal form %(place)s.")),
    'branch_of_company': (WARNING, _lt(
        "%(field)s is that of a branch, an office or an address of %(who)s: the register knows the company, by its "
        "own name and at its seat. Make the filing about %(who)s.")),
    'owner_is_another': (WARNING, _lt(
        "%(field)s is not the one of the enterprise: of a sole trader both are the owner's. Choose the owner, or "
        "correct one of both, %(place)s.")),
    'trader_is_owner': (WARNING, _lt(
        "%(field)s: the tax code of the enterprise is a person's, so it is a sole trader, for whom the owner asks. "
        "Choose Owner, or correct the tax code of the enterprise.")),
    'trader_has_no_administrator': (ERROR, _lt(
        "%(field)s: a sole trader has no administrators, and communicates the PEC of the business alone. Choose the "
        "company's PEC, or the company of which the person is an administrator, %(place)s.")),
    'administrator_not_due': (WARNING, _lt(
        "%(field)s is that of a \"%(who)s\", whose administrators need not communicate a PEC: the duty is of companies "
        "with share capital, consortium companies and cooperatives (Unioncamere's note of 10/11/2025 on DL 159/2025 "
        "art. 13). Go on if the chamber of commerce asks for it, or correct the legal form %(place)s.")),
    'administrator_undecided': (WARNING, _lt(
        "%(field)s is that of a \"%(who)s\", and nobody has said whether its administrators are to communicate a PEC "
        "(Unioncamere's note of 10/11/2025 on DL 159/2025 art. 13 does not name it). Ask the chamber of "
        "commerce, or correct the legal form %(place)s.")),
    'administrator_in_liquidation': (WARNING, _lt(
        "%(field)s is that of a company in liquidation, whose liquidators need not communicate a PEC (Unioncamere's "
        "note of 10/11/2025 on DL 159/2025 art. 13). Go on if the chamber of commerce asks for it, or correct "
        "the company's state %(place)s.")),
    'administrator_in_procedure': (WARNING, _lt(
        "%(field)s is that of a company in a procedure: a curator or commissioner communicates the PEC of the "
        "procedure, and the duty of administrators is of working companies (Unioncamere's note of 10/11/2025 on "
        "DL 159/2025 art. 13). Go on if the chamber of commerce asks for it, or correct the company's state "
        "%(place)s.")),
    'company_failed': (WARNING, _lt(
        "%(field)s is that of a company that has failed: its curator communicates the PEC of the procedure, as his own "
        "not the company's. Check who asks, or correct the company's state %(place)s.")),

    # a VAT number of a group (art. 70-bis and following DPR 633/1972)
    'vat_of_several': (WARNING, _lt(
        "%(field)s is the VAT number of several contacts with other tax codes, as that of a VAT group, and does not "
        "tell which of them this is: write the company's own tax code %(place)s.")),

    # italian_form.judge_municipality
    'municipality_form': (ERROR, _lt(
        "%(field)s holds more than the name of a municipality, such as digits or brackets: write the name alone, "
        "%(place)s.")),

    # municipality.judge, judge_birth; `who` is what would be right
    'place_elsewhere': (WARNING, _lt(
        "%(field)s and province do not go together: %(who)s would be right. Correct them %(place)s.")),
    'place_former': (WARNING, _lt(
        "%(field)s has another name now, or belongs to another municipality: %(who)s. Correct it %(place)s.")),
    'place_gone': (WARNING, _lt(
        "%(field)s was a municipality once and is none of Italy's any more: write the one in which the address is now, "
        "%(place)s.")),
    'place_hamlet': (WARNING, _lt(
        "%(field)s is a part of a municipality: write %(who)s, %(place)s.")),
    'place_misspelt': (WARNING, _lt(
        "%(field)s is not the whole name of a municipality of this province: is %(who)s meant? Correct it %(place)s.")),
    'place_unknown': (WARNING, _lt(
        "%(field)s is none that is known here: it may be a hamlet, a town abroad or misspelt. Write the name of the "
        "municipality as the register has it, %(place)s; leave it if the municipality is new.")),

    # italian_form.judge_province
    'province_form': (ERROR, _lt(
        "%(field)s is not the two letters of an Italian province, such as RM: correct it %(place)s.")),
    'province_unknown': (WARNING, _lt(
        "%(field)s is not among the provinces that are known here: check its two letters and correct them %(place)s.")),
    'province_known': (FINE, _lt("%(field)s is an Italian province.")),
}

EXPECTED_WORKING_DAYS = 2  # the vendor's "48 working hours"
PROCURE_PER_ARCHIVE = 500  # powers of attorney downloaded as one file
