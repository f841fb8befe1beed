"""Tables of the esignature API, as ``const`` has those of the others: what its specification says, and what not."""

SIGN_OTP = 'POST /EU-QES_otp'
SIGN_AUTOMATIC = 'POST /EU-QES_automatic'
LIST_SIGNATURES = 'GET /signatures'
READ_SIGNATURE = 'GET /signatures/{id}/{actionType}'
DELETE_SIGNATURE = 'DELETE /signatures/{id}'
LIST_CERTIFICATES = 'GET /certificates'
READ_CERTIFICATE = 'GET /certificates/{id}'
BUY_OTP = 'POST /certificates/namirial-otp'
BUY_AUTOMATIC = 'POST /certificates/namirial-automatic'
VERIFY = 'POST /verify'
SIGNINGS, PURCHASES = (SIGN_OTP, SIGN_AUTOMATIC), (BUY_OTP, BUY_AUTOMATIC)
SIGNATURE_OPERATIONS = (
    *SIGNINGS, LIST_SIGNATURES, READ_SIGNATURE, DELETE_SIGNATURE, LIST_CERTIFICATES, READ_CERTIFICATE, *PURCHASES,
    VERIFY)
SIGNATURE_PATH = '/esignature'

# operation -> the type of certificate that it is about, as its own answer, and the certificates', call it
TYPES = {
    SIGN_OTP: 'EU-QES_otp', SIGN_AUTOMATIC: 'EU-QES_automatic', BUY_OTP: 'EU-QES_otp',
    BUY_AUTOMATIC: 'EU-QES_automatic',
}
LISTED_TYPES = {'EU-QES_otp': 'EU-QES_remote_otp'}  # as the list of signatures alone calls it
PREFIXES = {'EU-QES_otp': 'RHI', 'EU-QES_automatic': 'AHI'}  # of the username of a certificate

# What the vendor's sandbox takes, for either type. The one-time password is that of its example.
SANDBOX_USERNAME, SANDBOX_PIN = 'openapiSandboxUsername', 'openapiSandboxPassword'
OTP = '123456'  # of every certificate here: the app of a real one shows another each 30 seconds
MOST_WRONG = 3  # attempts until a certificate is locked; documented nowhere
WRONG_CREDENTIALS = (110, 'Wrong Certificate Credentials')
LOCKED = (120, 'Certificate locked')  # documented nowhere: number and words are this sandbox's own

WAIT_VALIDATION, WAIT_SIGN, DONE, ERROR = 'WAIT_VALIDATION', 'WAIT_SIGN', 'DONE', 'ERROR'  # states of a signature
NEW, EXPIRED, SUSPENDED = 'NEW', 'EXPIRED', 'SUSPENDED'  # states of a certificate, as its reading has them
UNUSABLE = (EXPIRED, SUSPENDED, 'CANCELLED')
VALID_DAYS = 3 * 365  # of a certificate
KEPT_DAYS = 30  # of a signed document; details are kept for longer

# EUR of a signature, a certificate, or a verification, whose price nobody knows. Observed of the others: 0.007, 0.025
# and 99; the wallets here know no less than a cent.
SIGNATURE_PRICES = {
    'EU-QES_otp': 0.01, 'EU-QES_automatic': 0.03, 'namirial-otp': 99.0, 'namirial-automatic': 99.0, 'verify': 0.05}

SIGNED_TYPE = 'application/pkcs7-mime'  # documented nowhere: of a signed document
# What stands in the answer before the field of a body that is wrong, with the specification's own words.
_WRONG = {
    'inputDocuments': (422, 615, 'inputDocuments required'),
    'signatureType': (422, 622, 'invalid signatureType'),
    'options': (422, 625, 'invalid options property'),
    'certificateUsername': (422, 635, 'certificateUsername required'),
    'certificatePassword': (422, 640, 'certificatePassword required'),
}
_NO_CREDIT = (402, 610, 'Insufficient Credit in Wallet: {credit}')  # documented nowhere

SIGNATURE_REFUSALS = {
    **{(operation, reason): refusal for operation in SIGNINGS for reason, refusal in _WRONG.items()},
    # Documented as what a signature in the state ERROR shows, and not as a refusal.
    **{(operation, 'credentials'): (422, *WRONG_CREDENTIALS) for operation in SIGNINGS},
    **{(operation, 'locked'): (422, *LOCKED) for operation in SIGNINGS},
    **{(operation, 'stock'): (
        404, 305, f'No {operation.rpartition("/")[2]} certificate available on stock. Contact us for more information')
       for operation in PURCHASES},
    # The next two are documented nowhere.
    **{(operation, 'credit'): _NO_CREDIT for operation in (*SIGNINGS, *PURCHASES, VERIFY)},
    **{(operation, 'json'): (400, None, 'invalid JSON') for operation in (*SIGNINGS, *PURCHASES)},
    (VERIFY, 'json'): (400, None, 'Invalid input'),
    (LIST_SIGNATURES, 'empty'): (404, None, 'No signatures found'),
    **{(operation, reason): refusal for operation in (READ_SIGNATURE, DELETE_SIGNATURE) for reason, refusal in (
        ('id', (400, None, 'Invalid input')), ('missing', (404, None, 'Signature not found')))},
    (LIST_CERTIFICATES, 'invalid'): (400, None, 'Invalid input'),
    (READ_CERTIFICATE, 'id'): (400, None, 'Invalid input'),
    (READ_CERTIFICATE, 'missing'): (404, None, 'Certificate not found'),
}
# Whose refusals have no body.
SILENT = {LIST_SIGNATURES, READ_SIGNATURE, DELETE_SIGNATURE, LIST_CERTIFICATES, READ_CERTIFICATE}
