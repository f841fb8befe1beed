"""Tables: states, enumerations, error codes, prices and terms of the PEC API."""
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__, default_lang='en_US')

# ------------------------------------------------------------ states of a filing

# `stato` of the API, in the order of a filing's life -> our state. There is no other `stato` and none for "rejected".
STATE_BY_STATO = {
    'codice_in_richiesta': 'code_requested',
    'in_attesa_di_documenti': 'awaiting_documents',
    'documenti_caricati': 'documents_uploaded',
    'comunicazione_evasa': 'completed',
}
# How far a filing has come at the service: a list that tells less is stale news.
RANK = {state: rank for rank, state in enumerate(STATE_BY_STATO.values(), start=1)}

EDITABLE_STATES = ('draft', 'failed')
# With the service and not at its end: what the synchronisation follows.
FOLLOWED_STATES = ('code_requested', 'awaiting_documents', 'documents_uploaded')
# Everything that still wants something of somebody.
OPEN_STATES = ('queued', 'unconfirmed', *FOLLOWED_STATES)

# ------------------------------------------------------------ the request

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
# What tells one filing from another when the answer to a call was lost (the list gives casella_pec alone).
MATCH_KEYS = ('casella_pec', 'cf', 'cf_piva', 'qualifica', 'ragione_sociale')

# Where a person completes what is missing: field -> the record it is proposed from.
SOURCE_COMPANY = _lt("on the company's contact")
SOURCE_PERSON = _lt("on the representative's contact")
SOURCE_FILING = _lt("on this filing")
FIELD_SOURCES = {
    'fiscal_code': SOURCE_PERSON,
    'first_name': SOURCE_PERSON,
    'last_name': SOURCE_PERSON,
    'qualification': SOURCE_FILING,
    'email': SOURCE_PERSON,
    'mobile': SOURCE_PERSON,
    'company_name': SOURCE_COMPANY,
    'company_fiscal_code': SOURCE_COMPANY,
    'city': SOURCE_COMPANY,
    'province': SOURCE_COMPANY,
}

# ------------------------------------------------------------ refusals

# (operation, code of the vendor) -> what a person should know and do. The vendor's own words follow in brackets.
REFUSAL_SENTENCES = {
    ('create', '336'): _lt("The service does not accept this PEC address. Correct it and submit again."),
    ('create', '344'): _lt("The service misses a piece of data. Complete it and submit again."),
    ('documents', '353'): _lt("The service does not recognise this filing's identifier. Refresh the filing."),
    ('documents', '354'): _lt("The service does not know this filing. Refresh it, then ask Openapi's support."),
    ('documents', '355'): _lt("The service does not take these documents now. Refresh the filing to see its state."),
    ('documents', '356'): _lt("The service received no document. Upload the signed file again."),
}

# ------------------------------------------------------------ terms

# EUR before VAT, as seen in September 2026; the vendor's console tells the price of the day.
PRICES = {'create': 15.70, 'documents': 0.0}
EXPECTED_WORKING_DAYS = 2  # the vendor's "48 working hours"
LATE_WORKING_DAYS = 6

RETRY_MINUTES = (1, 5, 15, 60)  # pauses after a call that was certainly not sent; the last one repeats
NO_CREDIT_PAUSE_MINUTES = 60
SECOND_LOOK_MINUTES = 5  # between the two looks after which a call counts as never arrived
CLOCK_SKEW_HOURS = 1  # by how much the service's clock may be behind ours
MAX_CANDIDATES = 10  # details read to find one lost filing
SLICE_SIZE = 500  # filings written at once by the synchronisation
MISSING_PER_RUN = 20  # filings that the list lacks, asked one by one in a run
PROCURE_PER_RUN = 20  # powers of attorney downloaded in a run
MAX_DOCUMENT_SIZE = 20 * 1024 * 1024  # bytes
