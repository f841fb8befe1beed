"""Why a filing cannot be submitted yet, or is to be looked at, in a few words: one line of a list has room for them."""
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__, default_lang='en_US')

# Named, since Odoo takes a bracket right behind a sentence for a part of it, and has what is in there translated.
PEC, MOBILE, EMAIL = ('pec_email',), ('mobile',), ('email',)
CODE, PERSON_CODE, CODES = ('company_fiscal_code',), ('fiscal_code',), ('fiscal_code', 'company_fiscal_code')
SURNAME, NAMES, NAMES_SURNAME_FIRST = ('last_name',), ('first_name', 'last_name'), ('last_name', 'first_name')
COMPANY, CITY, PROVINCE = ('company_name',), ('city',), ('province',)
KIND, QUALIFICATION, OUTCOME = ('kind',), ('qualification',), ('chamber_outcome',)

# reason code of const.filing.FINDINGS -> the fields that it may be about, a few words. Where the words do not name the
# field, its label comes before them. What the chamber refused is about all data: no single one of them is the fault.
REASONS = {
    'missing': ((
        'kind', 'pec_email', 'fiscal_code', 'first_name', 'last_name', 'qualification', 'email', 'mobile',
        'company_name', 'company_fiscal_code', 'city', 'province'), _lt("missing")),
    'one_name_missing': (NAMES, _lt("missing, write XXX")),
    'account_unsure': (PEC, _lt("account not recognised")),
    'refused': (PEC, _lt("data refused by the service")),
    'code_form': (CODES, _lt("not a tax code")),
    'code_date': (CODES, _lt("date that does not exist")),
    'code_office': (CODES, _lt("never issued")),
    'code_check': (CODES, _lt("typing mistake")),
    'code_place': (PERSON_CODE, _lt("of an unknown place")),
    'code_several': (CODES, _lt("several codes")),
    'code_provisional': (PERSON_CODE, _lt("11 digits")),
    'surname_disagrees': (PERSON_CODE, _lt("another surname")),
    'name_disagrees': (PERSON_CODE, _lt("another first name")),
    'names_disagree': (PERSON_CODE, _lt("somebody else's")),
    'names_swapped': (PERSON_CODE, _lt("surname and name exchanged")),
    'letters_unsure': (PERSON_CODE, _lt("compare the names")),
    'one_name': (PERSON_CODE, _lt("one name only")),
    'minor': (PERSON_CODE, _lt("of a child")),
    'name_form': (NAMES_SURNAME_FIRST, _lt("not only a name")),
    'words_left_out': (SURNAME, _lt("words left out")),
    'mobile_characters': (MOBILE, _lt("not only digits")),
    'mobile_several': (MOBILE, _lt("several numbers")),
    'mobile_landline': (MOBILE, _lt("landline")),
    'mobile_form': (MOBILE, _lt("not a mobile number")),
    'email_form': (EMAIL, _lt("badly written")),
    'email_several': (EMAIL, _lt("several addresses")),
    'email_is_pec': (EMAIL, _lt("it is the PEC")),
    'email_certified': (EMAIL, _lt("on a domain of PECs")),
    'address_form': (PEC, _lt("badly written")),
    'address_several': (PEC, _lt("several addresses")),
    'address_consumer': (PEC, _lt("ordinary e-mail")),
    'address_closed': (PEC, _lt("switched off")),
    'address_office': (PEC, _lt("assigned by the chamber")),
    'address_exchange': (PEC, _lt("of the exchange system")),
    'unknown': (PEC, _lt("unknown domain")),
    'mailbox_revoked': (PEC, _lt("mailbox revoked")),
    'mailbox_expired': (PEC, _lt("mailbox expired")),
    'mailbox_closed': (PEC, _lt("mailbox closed")),
    'mailbox_annulled': (PEC, _lt("mailbox annulled")),
    'mailbox_inactive': (PEC, _lt("mailbox not active")),
    'mailbox_activating': (PEC, _lt("mailbox being activated")),
    'mailbox_buying': (PEC, _lt("mailbox being bought")),
    'mailbox_draft': (PEC, _lt("mailbox not bought")),
    'mailbox_expiring': (PEC, _lt("mailbox expires soon")),
    'domain_asked': (PEC, _lt("the service is being asked")),
    'domain_failed': (PEC, _lt("domain not recognised")),
    'domain_not_certified': (PEC, _lt("not certified")),
    'pec_of_own_company': (PEC, _lt("it is the company's")),
    'pec_of_company': (PEC, _lt("of another company")),
    'pec_of_person': (PEC, _lt("of a person")),
    'open_elsewhere': (PEC, _lt("in another filing")),
    'draft_elsewhere': (PEC, _lt("in another draft for somebody else")),
    'completed_elsewhere': (PEC, _lt("filed for somebody else")),
    'shared_by_people': (PEC, _lt("of another person")),
    'pec_of_own_trade': (PEC, _lt("of the person's own business")),
    'pec_of_own_trade_perhaps': (PEC, _lt("perhaps of the person's own business")),
    'other_person_open': (PEC, _lt("of another administrator")),
    'other_person_draft': (PEC, _lt("of another administrator's draft")),
    'other_person_completed': (PEC, _lt("filed for another administrator")),
    'perhaps_duplicate': (PEC, _lt("perhaps the same company twice")),
    'pec_of_unknown': (PEC, _lt("also of somebody else")),
    'pec_counted': (PEC, _lt("of another company in Italy")),
    'filing_open': (PEC, _lt("under way already")),
    'filing_draft': (PEC, _lt("in another draft")),
    'filing_completed': (PEC, _lt("filed already")),
    'other_pec_open': (PEC, _lt("another one is under way")),
    'other_pec_hidden': (PEC, _lt("another one is under way elsewhere")),
    'hidden_open': (PEC, _lt("under way elsewhere")),
    'hidden_completed': (PEC, _lt("filed already elsewhere")),
    'not_corrected': (OUTCOME, _lt("refused, nothing corrected")),
    'filed_elsewhere': (PEC, _lt("filed without Odoo")),
    'filed_elsewhere_unread': (PEC, _lt("at the service, not read yet")),
    'liquidator_exempt': (QUALIFICATION, _lt("a liquidator need not")),
    'procedure_own_pec': (QUALIFICATION, _lt("PEC of the procedure")),
    'not_an_administrator': (QUALIFICATION, _lt("no administrator")),
    'owner_of_company': (QUALIFICATION, _lt("owner of a company")),
    'code_of_person': (CODE, _lt("a person's")),
    'vat_of_trader': (CODE, _lt("VAT number of a sole trader")),
    'not_in_register': (COMPANY, _lt("not in the register")),
    'branch_of_company': (COMPANY, _lt("a branch")),
    'owner_is_another': (PERSON_CODE, _lt("not the owner's")),
    'trader_is_owner': (QUALIFICATION, _lt("choose Owner")),
    'trader_has_no_administrator': (KIND, _lt("a sole trader has no administrators")),
    'administrator_not_due': (COMPANY, _lt("administrators need not")),
    'administrator_undecided': (COMPANY, _lt("ask the chamber")),
    'administrator_in_liquidation': (COMPANY, _lt("in liquidation")),
    'administrator_in_procedure': (COMPANY, _lt("in a procedure")),
    'company_failed': (COMPANY, _lt("in bankruptcy")),
    'vat_of_several': (CODE, _lt("of several contacts")),
    'municipality_form': (CITY, _lt("name alone")),
    'place_elsewhere': (CITY, _lt("in another province")),
    'place_former': (CITY, _lt("no municipality any more")),
    'place_gone': (CITY, _lt("no municipality any more")),
    'place_hamlet': (CITY, _lt("part of a municipality")),
    'place_misspelt': (CITY, _lt("perhaps misspelt")),
    'place_unknown': (CITY, _lt("unknown")),
    'province_form': (PROVINCE, _lt("two letters")),
    'province_unknown': (PROVINCE, _lt("unknown")),
}
OTHER = ('other', _lt("To be looked at: open the filing"))


def get_key(code, field):
    """Return the key under which a finding is counted among the reasons: ``'mobile.mobile_landline'``.

    :param str code: of a finding that is not fine.
    :param str field: the field that it is about; of what is not in the table the first one there stands for it.
    """
    fields = REASONS.get(code, ((), ''))[0]
    if not fields:
        return OTHER[0]
    return f'{field if field in fields else fields[0]}.{code}'
