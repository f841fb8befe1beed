"""Tables: what the vendor's specifications say (``specification``), and the few numbers they do not say."""
from .signature_const import SIGNATURE_REFUSALS, SILENT

# The operations, named as in the specification. Faults and counters use the same names.
LIST = 'GET /comunica_pec'
CREATE = 'POST /comunica_pec'
READ = 'GET /comunica_pec/{id}'
UPLOAD = 'PATCH /comunica_pec/{id}'
PROCURA = 'GET /comunica_pec/{id}/procura_registro_imprese'
DOMAIN = 'GET /domini_pec/{dominio}'
AVAILABILITY = 'GET /verifica_pec/{pec}'
LIST_MAILBOXES = 'GET /pec'
CREATE_MAILBOX = 'POST /pec'
READ_MAILBOX = 'GET /pec/{id}'
REVOKE = 'DELETE /pec/{id}'
ACTIVATION_FORM = 'GET /pec/{id}/modulo_attivazione'
ACTIVATE = 'PATCH /pec/{id}/attivazione'
RESIZE = 'PATCH /pec/{id}/modifica'
TRANSFORM = 'PATCH /pec/{id}/trasformazione'
START_STORAGE = 'PATCH /pec/{id}/conservazione'
STORAGE_FORM = 'GET /pec/{id}/modulo_conservazione'
ADD_USER = 'POST /pec/{id}/multiutenza'
RENEW = 'GET /pec/{id}/rinnovo'
# Of the Company API.
LOOK_UP_COMPANY = 'GET /IT-advanced/{vatCode_taxCode_or_id}'
LOOK_UP_OFFICES = 'GET /IT-stakeholders/{vatCode_or_taxCode}'
LOOK_UP_PEC = 'GET /IT-pec/{vatCode_taxCode_or_id}'
CHECK_ID = 'GET /IT-check_id/{id}'
SEARCH = 'GET /IT-search'
COMPANY_OPERATIONS = (LOOK_UP_COMPANY, LOOK_UP_OFFICES, LOOK_UP_PEC, CHECK_ID, SEARCH)
COMPANY_PATH = '/company'  # before their paths here: they have a host of their own
# Of OAuth v2, which has a host of its own as well.
MAKE_TOKEN = 'POST /tokens'
LIST_TOKENS = 'GET /tokens'
READ_TOKEN = 'GET /tokens/{token}'
CHANGE_TOKEN = 'PATCH /tokens/{token}'
DELETE_TOKEN = 'DELETE /tokens/{token}'
LIST_SCOPES = 'GET /scopes'
READ_SCOPE = 'GET /scopes/{id}'
WALLET = 'GET /wallet'
TRANSACTIONS = 'GET /wallet/transactions'
LIST_CALLBACKS = 'GET /callbacks'
READ_CALLBACK = 'GET /callbacks/{id}'
OAUTH_OPERATIONS = (
    MAKE_TOKEN, LIST_TOKENS, READ_TOKEN, CHANGE_TOKEN, DELETE_TOKEN, LIST_SCOPES, READ_SCOPE, WALLET, TRANSACTIONS,
    LIST_CALLBACKS, READ_CALLBACK,
)
OAUTH_PATH = '/oauth'

REQUIRED_FIELDS = (
    # In the order of the specification, which is the order in which the absence of each is reported.
    'casella_pec', 'cf', 'nome', 'cognome', 'qualifica', 'email', 'cellulare', 'ragione_sociale', 'cf_piva',
    'comune', 'provincia',
)
FILING_FIELDS = (*REQUIRED_FIELDS, 'pec_amministratore', 'callback')
UPPER_CASE_FIELDS = ('provincia',)
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

# Mailboxes

MAILBOX_FIELDS = (
    # In the order of the specification.
    'casella_pec', 'tipo_casella', 'tipo_cliente', 'sottotipo_cliente', 'sottotipo_cliente_altro', 'nome_richiedente',
    'cognome_richiedente', 'email', 'telefono', 'cellulare', 'codice_fiscale_richiedente', 'data_nascita_richiedente',
    'sesso_richiedente', 'nazione_nascita_richiedente', 'comune_nascita_richiedente', 'provincia_nascita_richiedente',
    'denominazione_titolare', 'cf_piva_titolare', 'indirizzo_titolare', 'comune_titolare', 'cap_titolare',
    'nazione_titolare', 'provincia_titolare', 'callback', 'autorinnovo', 'tipo_documento', 'numero_documento',
    'data_scadenza_documento', 'documento_rilasciato_da', 'data_rilascio_documento',
)
REQUIRED_MAILBOX_FIELDS = (
    # In the order of the specification, which is the order in which the absence of each is reported.
    'casella_pec', 'tipo_casella', 'tipo_cliente', 'nome_richiedente', 'cognome_richiedente', 'email', 'telefono',
    'codice_fiscale_richiedente', 'data_nascita_richiedente', 'sesso_richiedente', 'nazione_nascita_richiedente',
    'indirizzo_titolare', 'comune_titolare', 'cap_titolare', 'nazione_titolare', 'provincia_titolare',
)
# Shown only when they were sent: the specification's examples have none of them, but all other fields, empty or not.
DOCUMENT_FIELDS = (
    'tipo_documento', 'numero_documento', 'data_scadenza_documento', 'documento_rilasciato_da',
    'data_rilascio_documento',
)
# As seen in the specification's example: bronze -> BRONZE and it -> IT, but provincia_titolare stays as it is. Other
# enumerated fields are not: specification.LENIENCIES.
UPPER_CASE_MAILBOX_FIELDS = (
    'tipo_casella', 'nazione_nascita_richiedente', 'provincia_nascita_richiedente', 'nazione_titolare',
)
DATE_FIELDS = ('data_nascita_richiedente', 'data_scadenza_documento', 'data_rilascio_documento')
USER_FIELDS = ('nome', 'cognome', 'descrizione', 'email_gestione_password')  # all required
# tipo_cliente -> its sottotipo_cliente
CLIENT_TYPES = {
    'IM': ('SI', 'IN', 'CM', 'TE', 'ES', 'ME', 'AL', 'CF', 'ED', 'TM', 'MA', 'AR', 'TL', 'FI', 'X'),
    'PS': ('PC', 'PR', 'PN', 'PT', 'PA', 'PL', 'X'), 'PL': ('LR', 'LP', 'LC', 'LM', 'LA', 'LI', 'X'), 'PC': (), 'A': (),
    'PV': (), 'X': (),
}

# From the smallest to the largest. That a STANDARD can become a BRONZE is what the order suggests, and said nowhere.
LEGALMAIL_TYPES = ('STANDARD', 'BRONZE', 'SILVER', 'GOLD')
SIMPLE_TYPES = ('DOMICILIODIGITALE', 'PECMASSIVA')  # without changes, legal storage and further users
MAILBOX_TYPES = (*LEGALMAIL_TYPES, *SIMPLE_TYPES)
_LEGALMAIL_DOMAINS = ('legalmail.it', 'testcert.legalmail.it')
MAILBOX_DOMAINS = {
    **dict.fromkeys(LEGALMAIL_TYPES, _LEGALMAIL_DOMAINS),
    'DOMICILIODIGITALE': ('domiciliodigitale.com', 'test.domiciliodigitale.com'),
    'PECMASSIVA': ('pecmassiva.com', 'test.domiciliodigitale.com'),
}
OWN_DOMAINS = ('pec.example',)  # "your own certified domain": of every account, for every type
# type -> what comes with it once it is active. Documented nowhere, but for the GOLD, which is that of the examples.
ALLOWANCES = {
    'STANDARD': {'spazio_disco': 1024, 'spazio_storico': 0, 'sms': False, 'storico': False},
    'BRONZE': {'spazio_disco': 2048, 'spazio_storico': 3072, 'sms': True, 'storico': True},
    'SILVER': {'spazio_disco': 2048, 'spazio_storico': 8192, 'sms': True, 'storico': True},
    'GOLD': {'spazio_disco': 2048, 'spazio_storico': 13312, 'sms': True, 'storico': True},
    'DOMICILIODIGITALE': {'spazio_disco': 1024, 'spazio_storico': 0, 'sms': False, 'storico': False},
    'PECMASSIVA': {'spazio_disco': 1024, 'spazio_storico': 0, 'sms': False, 'storico': False},
}
SPACE_UNITS = {'spazio_disco': 1024, 'spazio_storico': 1024, 'spazio_conservazione': 512}  # MiB
USERS_LIMIT = 25
YEARS_LIMIT = 5  # of one renewal; documented nowhere

# EUR. A year of each type; documented on the vendor's price list alone.
MAILBOX_PRICES = {
    'STANDARD': 11.0, 'BRONZE': 25.0, 'SILVER': 39.0, 'GOLD': 64.0, 'DOMICILIODIGITALE': 4.5, 'PECMASSIVA': 30.0,
}
# Of each unit of space added (the two first), and of a user. Documented nowhere, as is that a transformation costs the
# difference between the two types.
OPERATION_PRICES = {'modifica': 5.0, 'conservazione': 8.0, 'multiutenza': 4.0}

# What a mailbox has besides what was sent, while it is not active.
NEW_MAILBOX = {
    'conservazione': False, 'data_scadenza': '', 'sms': False, 'spazio_conservazione': 0, 'spazio_disco': 0,
    'spazio_storico': 0, 'storico': False,
}
TIMESTAMPS = ('registrazione', 'ultima_modifica', 'evasione', 'scadenza', 'revoca')

# The body of the specification's own example, but for the address, which nobody else may have, and the callback.
EXAMPLE_MAILBOX = {
    'casella_pec': 'yourpec{n}@testcert.legalmail.it', 'tipo_casella': 'BRONZE', 'tipo_cliente': 'PV',
    'sottotipo_cliente': '', 'sottotipo_cliente_altro': '', 'nome_richiedente': 'mario', 'cognome_richiedente': 'rossi',
    'email': 'mail@domain.com', 'telefono': '0548798569', 'cellulare': '',
    'codice_fiscale_richiedente': 'RSSXXXXXXXX56E', 'data_nascita_richiedente': '11/04/1982', 'sesso_richiedente': 'M',
    'nazione_nascita_richiedente': 'IT', 'comune_nascita_richiedente': '', 'provincia_nascita_richiedente': 'RM',
    'denominazione_titolare': '', 'cf_piva_titolare': '', 'indirizzo_titolare': 'via verdi 20',
    'comune_titolare': 'roma', 'cap_titolare': '00042', 'nazione_titolare': 'IT', 'provincia_titolare': 'rm',
    'callback': False, 'autorinnovo': False,
}

# EUR of a look-up, and of each company that a search tells. As observed; of IT-pec and a search not known.
LOOK_PRICES = {'IT-advanced': 0.1, 'IT-stakeholders': 0.2, 'IT-pec': 0.05, 'IT-search': 0.01}
FREE_LOOK_UPS = (LOOK_UP_COMPANY, LOOK_UP_PEC)  # so many of each are free in a month
FREE_LOOKS = 30  # as observed
SEARCH_LIMIT = 1000  # companies

REGISTERED = 'registrata'
WRONG_DOCUMENTS = 'documenti_errati'
IN_PROGRESS = 'in_evasione'
ACTIVE = 'evasa'
REVOKED = 'revocata'
CLOSED = 'chiusa'
ANNULLED = 'registrazione_annullata'
# In these the address is free for others.
DEAD = (CLOSED, ANNULLED)
MAILBOX_ADVANCES = {IN_PROGRESS: ACTIVE}

_NO_CREDIT = 'Insufficient Credit in Wallet: {credit}'
_NO_CREDIT_FOR_LOOK = 'Billing error message: Insufficient Credit in Wallet: {amounts} code 810'
_NOT_FOR_SIMPLE_TYPES = f'this service cannot be activated on these boxes: {"|".join(SIMPLE_TYPES)}'

# (operation, reason) -> (HTTP status, error number, message).
REFUSALS = {
    (LIST, 'empty'): (404, 332, 'no request linked to this account'),
    (CREATE, 'required'): (428, 344, '{field} required'),
    (CREATE, 'casella_pec'): (406, 336, 'invalid casella_pec'),
    # Documented nowhere: the status and wording follow 336, the number is this sandbox's own.
    (CREATE, 'invalid'): (406, 337, 'invalid {field}'),
    (CREATE, 'credit'): (402, 351, _NO_CREDIT),
    (READ, 'id'): (400, 333, 'Wrong id'),
    (READ, 'missing'): (404, 334, 'no request found'),
    (UPLOAD, 'id'): (400, 353, 'Wrong id'),
    (UPLOAD, 'missing'): (404, 354, 'no request found'),
    (UPLOAD, 'stato'): (406, 355, "you can only upload documents when stato is 'in_attesa_di_documenti'"),
    (UPLOAD, 'required'): (428, 356, 'documenti required'),
    # "only p7m files are allowed" are the words of the field's description; status and number are documented nowhere.
    (UPLOAD, 'p7m'): (406, 355, 'only p7m files are allowed'),
    (PROCURA, 'id'): (400, None, 'Invalid id'),
    (PROCURA, 'missing'): (404, None, 'no request matches this id:'),
    (PROCURA, 'stato'): (406, None, "you cannot download this module, it doesn't exist yet"),
    (DOMAIN, 'required'): (428, 400, 'domain required'),
    (DOMAIN, 'invalid'): (406, 401, 'domain not valid'),
    (DOMAIN, 'credit'): (402, 403, _NO_CREDIT),
    (AVAILABILITY, 'required'): (428, 207, 'casella_pec required'),
    (AVAILABILITY, 'invalid'): (406, 208, 'invalid casella_pec'),
    (LIST_MAILBOXES, 'empty'): (404, 200, 'no pec linked to this account'),
    (CREATE_MAILBOX, 'required'): (428, 224, '{field} required'),
    (CREATE_MAILBOX, 'date'): (406, 242, '{field} not valid, accepted format: dd/mm/yyyy'),
    # Documented nowhere: number and wording follow those of a date.
    (CREATE_MAILBOX, 'invalid'): (406, 242, '{field} not valid'),
    (CREATE_MAILBOX, 'domain'): (
        404, 326, 'the domain {domain} is non-existent in the system or belongs to someone else'),
    # Documented nowhere.
    (CREATE_MAILBOX, 'taken'): (406, 242, 'casella_pec not available'),
    (CREATE_MAILBOX, 'credit'): (402, 262, _NO_CREDIT),
    (READ_MAILBOX, 'id'): (400, 201, 'Wrong id'),
    (READ_MAILBOX, 'missing'): (404, 202, 'no pec found'),
    (REVOKE, 'id'): (400, 301, 'Wrong id'),
    (REVOKE, 'missing'): (404, 302, 'no pec found'),
    (REVOKE, 'revoked'): (406, 303, 'your pec has already been revoked'),
    (REVOKE, 'stato'): (428, 304, 'you can revoke the pec only if it is active'),
    (ACTIVATION_FORM, 'id'): (400, None, 'Invalid id'),
    (ACTIVATION_FORM, 'missing'): (404, None, 'no request matches this id:'),
    # The specification has the same words for both forms; in which stato they come here is documented nowhere.
    (ACTIVATION_FORM, 'stato'): (406, None, 'you cannot activate conservation if you do not first activate a pec'),
    (ACTIVATE, 'id'): (400, 265, 'Wrong id'),
    (ACTIVATE, 'missing'): (404, 266, 'no pec found'),
    (ACTIVATE, 'stato'): (
        428, 267, "you can activate the pec only when it is in the 'registrata|documenti_errati' state"),
    # Documented nowhere.
    (ACTIVATE, 'required'): (428, 267, 'documenti required'),
    (ACTIVATE, 'pdf'): (406, 296, 'wrong file format, pdf required'),
    # Documented nowhere, but for the condition.
    (ACTIVATE, 'single'): (406, 296, 'a single document with the signed form and the identity document is required'),
    (RESIZE, 'id'): (400, 265, 'Wrong id'),
    (RESIZE, 'missing'): (404, 266, 'no pec found'),
    (RESIZE, 'unit'): (406, 325, 'the system only takes into account multiples of {unit}'),
    # Documented nowhere.
    (RESIZE, 'downgrade'): (406, 325, 'a downgrade of {field} is not allowed'),
    (RESIZE, 'storage'): (428, 282, "you must first activate the 'conservazione' service"),
    # The next three are documented nowhere.
    (RESIZE, 'type'): (428, 282, _NOT_FOR_SIMPLE_TYPES),
    (RESIZE, 'stato'): (428, 282, 'you can change the space of your certified mail only if it has been processed'),
    (RESIZE, 'required'): (428, 282, 'spazio_disco, spazio_storico or spazio_conservazione required'),
    (RESIZE, 'credit'): (402, 290, _NO_CREDIT),
    (TRANSFORM, 'id'): (400, 265, 'Wrong id'),
    (TRANSFORM, 'missing'): (404, 266, 'no pec found'),
    (TRANSFORM, 'downgrade'): (
        406, 276, "a downgrade of the 'tipo_casella' is not allowed; only {types} allowed"),
    # Documented nowhere: there is nothing to name.
    (TRANSFORM, 'highest'): (406, 276, "a downgrade of the 'tipo_casella' is not allowed"),
    (TRANSFORM, 'stato'): (428, 272, 'you can trasform your certified mail only if it has been processed'),
    # The next two are documented nowhere.
    (TRANSFORM, 'type'): (428, 272, _NOT_FOR_SIMPLE_TYPES),
    (TRANSFORM, 'required'): (428, 272, 'tipo_casella required'),
    (TRANSFORM, 'credit'): (402, 279, _NO_CREDIT),
    (START_STORAGE, 'id'): (400, 265, 'Wrong id'),
    (START_STORAGE, 'missing'): (404, 266, 'no pec found'),
    (START_STORAGE, 'active'): (406, 293, 'conservazione service is already active'),
    (START_STORAGE, 'required'): (428, 294, 'documenti required'),
    # The next four are documented nowhere; the numbers are those of other operations for the same mistake.
    (START_STORAGE, 'type'): (428, 294, _NOT_FOR_SIMPLE_TYPES),
    (START_STORAGE, 'stato'): (428, 294, 'you cannot activate conservation if you do not first activate a pec'),
    (START_STORAGE, 'pdf'): (406, 296, 'wrong file format, pdf required'),
    (START_STORAGE, 'unit'): (406, 325, 'the system only takes into account multiples of {unit}'),
    (START_STORAGE, 'credit'): (402, 297, _NO_CREDIT),
    (STORAGE_FORM, 'id'): (400, None, 'Invalid id'),
    (STORAGE_FORM, 'missing'): (404, None, 'no request matches this id:'),
    (STORAGE_FORM, 'stato'): (406, None, 'you cannot activate conservation if you do not first activate a pec'),
    # Documented nowhere.
    (STORAGE_FORM, 'type'): (406, None, _NOT_FOR_SIMPLE_TYPES),
    (ADD_USER, 'id'): (400, 212, 'Wrong id'),
    (ADD_USER, 'missing'): (404, 213, 'no pec found'),
    (ADD_USER, 'full'): (406, 217, 'maximum number of users reached: {limit}'),
    (ADD_USER, 'type'): (428, 390, _NOT_FOR_SIMPLE_TYPES),
    # The next three are documented nowhere.
    (ADD_USER, 'stato'): (428, 390, 'you can add a user only if the pec has been processed'),
    (ADD_USER, 'required'): (428, 390, '{field} required'),
    (ADD_USER, 'invalid'): (406, 217, '{field} not valid'),
    (ADD_USER, 'credit'): (402, 220, _NO_CREDIT),
    (RENEW, 'id'): (400, 201, 'Wrong id'),
    (RENEW, 'missing'): (404, 202, 'no pec found'),
    (RENEW, 'stato'): (428, 203, 'you can renew only evaded or revoked pec'),
    # Documented nowhere, and the numbers are this sandbox's own.
    (RENEW, 'years'): (406, 204, 'anni not valid, accepted values: from 1 to {limit}'),
    (RENEW, 'credit'): (402, 205, _NO_CREDIT),
    (LOOK_UP_COMPANY, 'required'): (400, 303, 'Id, taxCode or vatCode required'),
    (LOOK_UP_COMPANY, 'invalid'): (406, 304, 'taxCode/vatCode/id not valid'),
    (LOOK_UP_COMPANY, 'missing'): (404, 305, 'no company matches this id: {id}'),
    (LOOK_UP_COMPANY, 'credit'): (402, 610, _NO_CREDIT_FOR_LOOK),
    (LOOK_UP_OFFICES, 'required'): (400, 207, 'cf or piva required'),
    (LOOK_UP_OFFICES, 'invalid'): (406, 208, 'cf/piva not valid'),
    (LOOK_UP_OFFICES, 'credit'): (402, 611, _NO_CREDIT_FOR_LOOK),
    (LOOK_UP_PEC, 'required'): (400, 321, 'Id, taxCode or vatCode required'),
    (LOOK_UP_PEC, 'invalid'): (406, 322, 'taxCode/vatCode/id not valid'),
    (LOOK_UP_PEC, 'missing'): (404, 323, 'no company matches this id: {id}'),
    (LOOK_UP_PEC, 'credit'): (402, 610, _NO_CREDIT_FOR_LOOK),
    (CHECK_ID, 'required'): (400, 242, 'id required'),
    (CHECK_ID, 'invalid'): (406, 243, 'id not valid'),
    (CHECK_ID, 'missing'): (404, 244, 'no request matches this id: {id}'),
    (SEARCH, 'required'): (400, 309, 'you have not passed any search parameters'),
    (SEARCH, 'pec'): (406, 316, 'pec not valid'),
    # The words of the other parameters are documented nowhere.
    (SEARCH, 'invalid'): (422, 311, "invalid parameter, '{field}' {problem}"),
    (SEARCH, 'credit'): (402, 610, _NO_CREDIT_FOR_LOOK),
    (MAKE_TOKEN, 'required'): (422, 70, 'missing scopes array'),
    (MAKE_TOKEN, 'format'): (422, 80, 'invalid scopes format'),
    (MAKE_TOKEN, 'scopes'): (422, 90, 'Invalid scopes specified or API not enabled'),
    (LIST_TOKENS, 'empty'): (404, 120, 'Not Found'),
    (LIST_TOKENS, 'invalid'): (422, 60, 'Invalid Token Format'),
    (READ_TOKEN, 'missing'): (404, 120, 'Not Found'),
    (READ_TOKEN, 'invalid'): (422, 60, 'Invalid Token Format'),
    (CHANGE_TOKEN, 'required'): (400, 150, 'Token ID is required'),
    (CHANGE_TOKEN, 'refresh'): (401, 130, 'Unauthorized'),
    (CHANGE_TOKEN, 'missing'): (404, 160, 'Not Found'),
    (CHANGE_TOKEN, 'format'): (422, 100, 'invalid scopes format'),
    (CHANGE_TOKEN, 'scopes'): (422, 110, 'Invalid scopes specified or API not enabled'),
    (DELETE_TOKEN, 'required'): (400, 170, 'Token ID is required'),
    (DELETE_TOKEN, 'missing'): (404, 180, 'Not Found'),
    (READ_SCOPE, 'missing'): (404, 10, 'Scope not found'),
    (LIST_CALLBACKS, 'empty'): (404, 200, 'Callback not found'),
    (LIST_CALLBACKS, 'invalid'): (400, 210, 'Query error'),
    (READ_CALLBACK, 'missing'): (404, 200, 'Callback not found'),
    # Documented nowhere, but for one operation: the words and the number are its own.
    **{(operation, 'key'): (401, 140, 'Unauthorized') for operation in OAUTH_OPERATIONS},
    # Documented nowhere.
    **{(operation, 'json'): (400, None, 'invalid JSON')
       for operation in (CREATE, UPLOAD, CREATE_MAILBOX, ACTIVATE, RESIZE, TRANSFORM, START_STORAGE, ADD_USER)},
    **SIGNATURE_REFUSALS,
}
# The specification gives the errors of the PDF endpoints as text/plain.
PLAIN_TEXT_ERRORS = {PROCURA, ACTIVATION_FORM, STORAGE_FORM}
BODILESS_ERRORS = SILENT

# Whatever the operation. 401 as observed (a number with decimals, no "data"); the others are documented nowhere.
WRONG_TOKEN = {'success': False, 'message': 'Wrong Token', 'error': 125.22}
MISSING_SCOPE = {'success': False, 'message': 'Missing scope', 'error': 125.25, 'data': None}
UNKNOWN_PATH = {'success': False, 'message': 'not found', 'error': None, 'data': None}
# What a token's own limits stop, whatever the operation: all of it is documented nowhere.
LIMITS = {
    'ip': (403, 126, 'IP address not allowed'),
    'totalRequests': (403, 127, 'Token requests limit reached'),
    'walletRequests': (402, 128, 'Token wallet requests limit reached'),
    'walletAmount': (402, 129, 'Token wallet amount limit reached'),
}
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
