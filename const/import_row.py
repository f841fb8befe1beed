"""Tables of the spreadsheet that becomes a multiple filing: its columns, and what is said of its rows."""
from odoo.tools.translate import LazyTranslate

from ..tools.finding import ERROR, WARNING

_lt = LazyTranslate(__name__, default_lang='en_US')

# The columns, whose titles are the labels of these fields of openapi_pec.import_row.
COMPANY_CELLS = ('company_name', 'company_fiscal_code', 'city', 'province', 'pec_email')
PERSON_CELLS = ('person_name', 'fiscal_code', 'email', 'mobile', 'administrator_pec')
CELLS = (*COMPANY_CELLS, 'kind', *PERSON_CELLS)
MAX_ROWS = 5000  # of one file
KEPT_DAYS = 7  # before rows are cleared

# Cells whose text becomes a name or a place: there it is no formula of a spreadsheet.
NAMES = ('company_name', 'person_name', 'city', 'province')

# What people write for a kind, in small letters and without accents -> the kind
KIND_WORDS = {
    **dict.fromkeys((
        'company', "companys pec", 'impresa', 'azienda', 'societa', 'ditta', 'pec impresa', 'pec dellimpresa',
        'pec dellazienda', 'pec azienda', 'pec societa', 'pec della societa'), 'company'),
    **dict.fromkeys((
        'administrator', 'administrators', "administrators pec", 'amministratore', 'amministratori',
        'pec amministratore', 'pec amministratori', 'pec dellamministratore', 'pec degli amministratori'),
        'administrator'),
    **dict.fromkeys(('both', 'entrambe', 'entrambi', 'tutte e due', 'tutti e due'), 'both'),
}

# reason code -> level, sentence. `field` is the title of the column. With an error, the row is left out; all others
# are applied.
FINDINGS = {
    'company_missing': (ERROR, _lt("The company is missing: write its tax code or its name.")),
    'company_nameless': (ERROR, _lt(
        "No contact has this tax code, and the company's name is missing: write the name.")),
    'several_companies': (ERROR, _lt(
        "Several companies are meant (%(who)s): write the tax code of one, or merge them.")),
    'several_people': (ERROR, _lt("Several people are meant (%(who)s): write the tax code of one, or merge them.")),
    'other_name': (ERROR, _lt(
        "The contact with this tax code is called %(who)s: correct the tax code if another company is meant; tick "
        "\"Overwrite\" if it has changed its name.")),
    'pec_differs': (ERROR, _lt(
        "%(field)s: the contact has another one (%(who)s). Tick \"Overwrite\" to communicate the one of the "
        "spreadsheet, or write the contact's into the cell to communicate that one.")),
    'person_nameless': (ERROR, _lt("The representative's name is missing: write name and surname.")),
    'person_unnamed': (ERROR, _lt(
        "The representative's name is missing, and the company has several people (%(who)s): write the name of one.")),
    'code_invalid': (ERROR, _lt("%(field)s is not a valid tax code, and contacts take no other: correct it.")),
    'kind_unknown': (ERROR, _lt(
        "%(field)s \"%(who)s\" is neither the company's PEC nor the administrator's nor both: choose one of them.")),
    'too_long': (ERROR, _lt("%(field)s held too many characters and was cut: write it anew.")),
    'formula': (ERROR, _lt("%(field)s begins like a formula of a spreadsheet: write the text alone.")),
    'rows_disagree': (ERROR, _lt(
        "%(field)s differs from that of another row about the same company or person (%(who)s): correct one of both.")),
    'same_row': (ERROR, _lt("Another row asks for the same filing (%(who)s): delete one of both.")),
    'under_way': (ERROR, _lt(
        "What this row asks for is under way already (%(who)s): follow that filing, and delete this row.")),
    'communicated': (WARNING, _lt(
        "Communicated already: %(who)s. No filing is made of it, so nothing is paid twice. If it is really to be filed "
        "again, open that filing and press \"File Again for a New Term\".")),
    'same_name': (WARNING, _lt(
        "A contact of this name has another tax code (%(who)s): a new company is made. Correct the tax code if the "
        "same one is meant.")),
}
