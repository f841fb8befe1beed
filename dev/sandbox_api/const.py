"""Tables: what the vendor's specification (pec.openapi.json) says, and the few numbers it does not say."""

# The operations, named as in the specification. Faults and counters use the same names.
LIST = 'GET /comunica_pec'
CREATE = 'POST /comunica_pec'
READ = 'GET /comunica_pec/{id}'
UPLOAD = 'PATCH /comunica_pec/{id}'
PROCURA = 'GET /comunica_pec/{id}/procura_registro_imprese'
DOMAIN = 'GET /domini_pec/{dominio}'

REQUIRED_FIELDS = (
    # In the order of the specification, which is the order in which the absence of each is reported.
    'casella_pec', 'cf', 'nome', 'cognome', 'qualifica', 'email', 'cellulare', 'ragione_sociale', 'cf_piva',
    'comune', 'provincia',
)
FILING_FIELDS = (*REQUIRED_FIELDS, 'pec_amministratore', 'callback')
# "The server normalises case" (seen as bronze -> BRONZE, it -> IT).
UPPER_CASE_FIELDS = ('qualifica', 'provincia')
QUALIFICHE = (
    'AMMINISTRATORE', 'COMMISSARIO_GIUDIZIARIO', 'CURATORE_FALLIMENTARE', 'LEGALE_RAPPRESENTANTE', 'LIQUIDATORE',
    'SOCIO', 'TITOLARE',
)
CALLBACK_METHODS = ('POST', 'JSON')
# The first is the specification's default; the field's default is the one of its examples.
CALLBACK_DEFAULT_METHOD, CALLBACK_DEFAULT_FIELD = 'POST', 'data'

# The body of the specification's own example: what filings made through the control endpoints hold.
EXAMPLE_FILING = {
    'casella_pec': 'mypec@pec.com', 'cf': 'RSSMRA80A01L117D', 'nome': 'mario', 'cognome': 'rossi',
    'qualifica': 'LEGALE_RAPPRESENTANTE', 'email': 'mail@domain.com', 'cellulare': '34xxxxxx18',
    'ragione_sociale': 'azienda test', 'cf_piva': '12345678910', 'comune': 'roma', 'pec_amministratore': False,
    'provincia': 'RM',
}

CODE_REQUESTED = 'codice_in_richiesta'
AWAITING_DOCUMENTS = 'in_attesa_di_documenti'
DOCUMENTS_UPLOADED = 'documenti_caricati'
COMPLETED = 'comunicazione_evasa'
# What happens by itself, after `--step` seconds. The step in between is taken by the client's PATCH alone.
ADVANCES = {CODE_REQUESTED: AWAITING_DOCUMENTS, DOCUMENTS_UPLOADED: COMPLETED}

CODICE_REGISTRO_IMPRESE = 'openapi'  # the same in every example of the specification

# (operation, reason) -> (HTTP status, error number, message).
REFUSALS = {
    (LIST, 'empty'): (404, 332, 'no request linked to this account'),
    (CREATE, 'required'): (428, 344, '{field} required'),
    (CREATE, 'casella_pec'): (406, 336, 'invalid casella_pec'),
    # Documented nowhere: the status and wording follow 336, the number is this sandbox's own.
    (CREATE, 'invalid'): (406, 337, 'invalid {field}'),
    (CREATE, 'credit'): (402, 351, 'Insufficient Credit in Wallet: {credit}'),
    # Documented nowhere.
    (CREATE, 'json'): (400, None, 'invalid JSON'),
    (READ, 'id'): (400, 333, 'Wrong id'),
    (READ, 'missing'): (404, 334, 'no request found'),
    (UPLOAD, 'id'): (400, 353, 'Wrong id'),
    (UPLOAD, 'missing'): (404, 354, 'no request found'),
    (UPLOAD, 'stato'): (406, 355, "you can only upload documents when stato is 'in_attesa_di_documenti'"),
    (UPLOAD, 'required'): (428, 356, 'documenti required'),
    # "only p7m files are allowed" are the words of the field's description; status and number are documented nowhere.
    (UPLOAD, 'p7m'): (406, 355, 'only p7m files are allowed'),
    # Documented nowhere.
    (UPLOAD, 'json'): (400, None, 'invalid JSON'),
    (PROCURA, 'id'): (400, None, 'Invalid id'),
    (PROCURA, 'missing'): (404, None, 'no request matches this id:'),
    (PROCURA, 'stato'): (406, None, "you cannot download this module, it doesn't exist yet"),
    (DOMAIN, 'required'): (428, 400, 'domain required'),
    (DOMAIN, 'invalid'): (406, 401, 'domain not valid'),
    (DOMAIN, 'credit'): (402, 403, 'Insufficient Credit in Wallet: {credit}'),
}
# The specification gives the errors of the PDF endpoints as text/plain.
PLAIN_TEXT_ERRORS = {PROCURA}

# Whatever the operation. 401 as observed (a number with decimals, no "data"); the others are documented nowhere.
WRONG_TOKEN = {'success': False, 'message': 'Wrong Token', 'error': 125.22}
MISSING_SCOPE = {'success': False, 'message': 'Missing scope', 'error': 125.25, 'data': None}
UNKNOWN_PATH = {'success': False, 'message': 'not found', 'error': None, 'data': None}
TOO_LARGE = {'success': False, 'message': 'Request Entity Too Large', 'error': None, 'data': None}

BODY_LIMIT = 30 * 1024 * 1024  # bytes
DOMAIN_PRICE = 0.05  # EUR
DOMAINS = frozenset((
    'pec.it', 'arubapec.it', 'pec.aruba.it', 'mypec.eu', 'gigapec.it', 'legalmail.it', 'cert.legalmail.it',
    'testcert.legalmail.it', 'pec.infocert.it', 'domiciliodigitale.com', 'test.domiciliodigitale.com',
    'pecmassiva.com', 'postecert.it', 'sicurezzapostale.it', 'namirialpec.it', 'pec.namirial.it', 'pec.net',
    'interfreepec.it', 'timpec.it', 'pec.telecomitalia.it', 'actalispec.it', 'pec.intesigroup.com', 'pec.buffetti.it',
    'pecmail.net', 'kpnpec.it', 'postacertificata.notariato.it',
    'pec.example',  # one of those that no client can know
))
