"""What people are told about the reason codes of ``tools``: fiscal_code, mobile, pec_address, italian_form."""
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__, default_lang='en_US')

ERROR = 'error'  # stands against the submission
WARNING = 'warning'  # to be looked at; does not stop
FINE = 'fine'

# reason code -> level, sentence. `field` is the label of what was checked, `place` where it is corrected (const.FIELD_SOURCES).
FINDINGS = {
    'missing': (ERROR, _lt("%(field)s is missing: complete it %(place)s.")),

    # fiscal_code.judge_person, judge_company
    'code_form': (ERROR, _lt(
        "%(field)s is not written like a tax code (16 letters and digits, or the 11 digits of a company): copy it from the"
        " health card or the company's certificate and correct it %(place)s.")),
    'code_date': (ERROR, _lt(
        "%(field)s holds a date of birth that does not exist: copy it again from the health card and correct it %(place)s.")),
    'code_office': (ERROR, _lt(
        "%(field)s was never issued: no tax office has the number in its digits 8 to 10. Copy it again and correct it %(place)s.")),
    'code_check': (ERROR, _lt(
        "%(field)s holds a typing mistake: its last character does not follow from the others. Copy it again and correct it %(place)s.")),
    'code_provisional': (WARNING, _lt(
        "%(field)s has 11 digits, as a company's code or a provisional one: if the person has a code of 16 characters, write that"
        " %(place)s.")),
    'code_valid': (FINE, _lt("%(field)s is a valid tax code.")),

    # fiscal_code.judge_names; `field` is the label of the tax code
    'surname_disagrees': (WARNING, _lt(
        "%(field)s belongs to another surname: compare surname and tax code with the health card and correct them %(place)s.")),
    'name_disagrees': (WARNING, _lt(
        "%(field)s belongs to another first name: write all first names as on the health card, or correct the code, %(place)s.")),
    'names_disagree': (ERROR, _lt(
        "%(field)s belongs to somebody else: neither surname nor first name agree with it. Correct them or the code %(place)s.")),
    'names_swapped': (ERROR, _lt(
        "Surname and first name are in each other's place, as %(field)s tells: exchange them %(place)s.")),
    'names_agree': (FINE, _lt("%(field)s agrees with surname and first name.")),

    # mobile.judge
    'mobile_characters': (ERROR, _lt(
        "%(field)s holds something else than digits: write one number, with digits and + alone, %(place)s.")),
    'mobile_landline': (ERROR, _lt("%(field)s is the number of a landline: write a mobile number %(place)s.")),
    'mobile_form': (ERROR, _lt(
        "%(field)s is not a mobile number: write the 9 or 10 digits of an Italian one, which begin with 3, or one of another country"
        " with + and the country's code, %(place)s.")),
    'mobile_italian': (FINE, _lt("%(field)s is an Italian mobile number.")),
    'mobile_foreign': (FINE, _lt("%(field)s is a number of another country.")),

    # pec_address.judge
    'address_form': (ERROR, _lt("%(field)s is not a well-formed address, such as company@pec.it: correct it %(place)s.")),
    'address_consumer': (ERROR, _lt(
        "%(field)s is ordinary e-mail, which can never be a PEC: write the address of a certified mailbox %(place)s.")),
    'address_closed': (ERROR, _lt(
        "%(field)s was switched off in 2015 with all of postacertificata.gov.it: write another PEC %(place)s.")),
    'address_office': (ERROR, _lt(
        "%(field)s was assigned by the chamber of commerce and only receives: write a PEC of the company's own %(place)s.")),
    'address_exchange': (ERROR, _lt(
        "%(field)s is the address of the state's exchange system for electronic invoices: write the company's own PEC %(place)s.")),
    'unknown': (WARNING, _lt(
        "Whether %(field)s is certified cannot be told from its domain: ask its provider if you are not sure, and correct it %(place)s.")),
    'known': (FINE, _lt("%(field)s belongs to a provider of PECs.")),

    # italian_form.judge_province
    'province_form': (ERROR, _lt("%(field)s is not the two letters of an Italian province, such as RM: correct it %(place)s.")),
    'province_unknown': (WARNING, _lt(
        "%(field)s is not among the provinces that are known here: check its two letters and correct them %(place)s.")),
    'province_known': (FINE, _lt("%(field)s is an Italian province.")),
}

# Errors in production, warnings in the sandbox: the vendor's own sample (cf_piva 12345678910) has one.
CHECK_DIGIT_CODES = frozenset({'code_check', 'code_office'})
