"""Tables that several rooms use: errors, doubts about lost calls, pauses, limits."""
from odoo.tools.translate import LazyTranslate

from . import mailbox

_lt = LazyTranslate(__name__, default_lang='en_US')

PRICE_DIGITS = {'digits': (16, 3), 'min_display_digits': 2}  # of a field in EUR: some calls cost less than a cent

CALLBACK_PATH = '/openapi_pec/callback/'  # of this Odoo; the secret of a record follows

# `reason` of an error of tools/api/errors.py, which has our own English words -> the same for people. The service's own
# words stay as they are.
ERROR_SENTENCES = {
    'no_https': _lt("The address of the service must begin with https://"),
    'no_token': _lt("There is no usable token"),
    'neutralised': _lt("This database is a neutralised copy: it cannot reach the production service"),
    'production_address': _lt("The address of the service is a production one, and the company's environment is the "
                              "sandbox"),
    'foreign_address': _lt("E-mail and API key are sent to no other host than the vendor's: correct the system "
                           "parameter l10n_it_openapi_pec.oauth_base_url"),
    'stopped': _lt("Another signature of the same click failed in a way that concerns all of them"),
    'suspended': _lt("The server was suspended, or busy, right before the call"),
    'unread_before': _lt("The mailbox could not be read before the call"),
    'changed': _lt("The mailbox has changed at the service"),
    'unreached': _lt("The service could not be reached or did not answer (%(detail)s)"),
    'too_many': _lt("Too many requests"),
    'unreadable': _lt("The service answered with HTTP status %(status)s and nothing that can be read"),
    'too_large': _lt("The service's answer is too large"),
    'cut_off': _lt("The service's answer was cut off"),
    'too_slow': _lt("The service answers slowly"),
    'no_record': _lt("The service's answer holds no record"),
    'no_mailbox': _lt("The service's answer holds no mailbox"),
    'other_record': _lt("The service answered with another record"),
    'other_filing': _lt("The service answered with another filing"),
    'other_mailbox': _lt("The service answered with another mailbox"),
    'list_unreadable': _lt("The service's list cannot be read"),
    'availability_untold': _lt("The service does not say whether the address is free"),
    'wrong_code': _lt("This is neither a tax code nor a VAT number"),
    'no_company': _lt("The service's answer holds no company"),
    'other_company': _lt("The service answered with another company"),
    'several_companies': _lt("The service tells several companies with this VAT number: enter the tax code of the one "
                             "that is meant on the contact"),
    'pec_untold': _lt("The service does not say which PEC the register has"),
    'no_request': _lt("The service's answer holds neither data nor the number of a request"),
    'other_request': _lt("The service answered with another request"),
    'count_untold': _lt("The service does not say how many companies there are"),
    'not_dry': _lt("The service searched instead of counting, and may have charged for it"),
    'no_key': _lt("There are no usable e-mail and API key"),
    'no_new_token': _lt("The service's answer holds no token"),
    'other_token': _lt("The service answered with another token"),
    'lacking': _lt("The service made a token without some of the scopes that were asked for"),
    'wallet_untold': _lt("The service does not say what the wallet holds"),
    'scope_untold': _lt("The service does not say what a scope costs"),
    'other_scope': _lt("The service answered with another scope"),
    'no_pin': _lt("The username, which begins with RHI or AHI, the PIN or the one-time password is missing, or holds "
                  "characters that none has"),
    'unsignable': _lt("The document is empty, or too large to be signed"),
    'unverifiable': _lt("The signed document is empty, or too large to be verified"),
    'no_report': _lt("The service's answer holds no report on signatures"),
    'no_signature': _lt("The service's answer holds no signature"),
    'other_signature': _lt("The service answered with another signature"),
    'no_signed': _lt("The service answered with HTTP status %(status)s and no signed document (%(detail)s)"),
    'no_certificate': _lt("The service's answer holds no certificate"),
    'other_certificate': _lt("The service answered with another certificate"),
    'not_there': _lt("The service knows no such record"),
    'no_document': _lt("The document does not exist yet"),
    'no_pdf': _lt("The service answered with HTTP status %(status)s and no PDF (%(detail)s)"),
}

# The class of an error of the connection, which stands in brackets in 'unreached' -> the same in words.
CONNECTION_WORDS = {
    'ConnectTimeout': _lt("no answer in time"),
    'ReadTimeout': _lt("no answer in time"),
    'SSLError': _lt("no secure connection"),
}
CONNECTION_LOST = _lt("the connection was not made, or broke off")

# What is to be done about a call that was looked for in vain -> the sentence of the record, and the summary of an
# activity: of what a list shows, and of a change.
NEXT_STEPS = {
    'manager': (
        _lt("Look into the Openapi console; a manager then presses \"Decide\"."),
        _lt("Look into the Openapi console: this call is not found. If it is not there, free it"),
        _lt("Look into the Openapi console: this call does not show. If it was not executed, free it")),
    'left': (
        _lt("A manager then presses \"Decide\"."),
        _lt("This call was made in another Openapi account: look into its console. If it is not there, free it"),
        _lt("This call was made in another Openapi account: look into its console. If it was not executed, free it")),
    'administrator': (
        _lt("Look into the Openapi console. While no look can be believed, only a system administrator can free the "
            "call, with \"Decide\"."),
        _lt("No look for this call can be believed: look into the Openapi console; if it is not there, a system "
            "administrator frees it"),
        _lt("No look for this call can be believed: look into the Openapi console; if it was not executed, a system "
            "administrator frees it")),
    'account': (
        _lt("Have an administrator correct the token or the address of the service in the settings first: then Odoo "
            "looks where the call was made."),
        _lt("This call cannot be looked for: have an administrator correct the token of its Openapi account first"),
        _lt("This call cannot be looked for: have an administrator correct the token of its Openapi account first")),
}

# What is said of a record that is given up although an earlier call of it was not found.
GIVEN_UP_SENTENCE = _lt(
    "given up. Whether its earlier call was executed and paid is not certain: Odoo goes on looking for it for 30 days "
    "after it was freed.")

# The same before the click that pays again; and what stands of the money at its %(paid)s, but in the sandbox.
PAID_AGAIN = (
    _lt(
        "An earlier call for the same was not found, and whether it was executed is not certain. %(paid)s Look into "
        "the Openapi console first."),
    _lt("If it was, a new call is paid again."))

# Of a call that another database has made, or this one before it was restored.
FOUND_BEFORE = _lt("Found at the service before the call, which was not made (again)")

# What is added to such a sentence in the sandbox; and to one that says that something was paid twice.
NOT_PAID = _lt("In the sandbox nothing is paid.")
NOT_TWICE = _lt("In the sandbox nothing is paid: nothing was spent twice, and nothing is to be refunded.")

# Why a list that does not show a call decides nothing: name -> sentence.
DOUBTS = {
    'unreadable': _lt("The service's list holds rows that cannot be read."),
    'incomplete': _lt("The service's list is not complete: it lacks a record that exists."),
    'missing': _lt("The service's list lacks records that it showed before, and they cannot be read now."),
    'other_account': _lt(
        "The account at the service is perhaps another one than the one that was called: its token or address has "
        "changed since."),
    'details': _lt("The details of a record that may be this one cannot be read now."),
    'token': _lt("The service does not accept the token, or it is missing."),
    'service': _lt("The service cannot be asked now."),
}

# What is wrong with the list itself: an administrator can accept it for an account.
LIST_DOUBTS = ('unreadable', 'incomplete', 'missing')

# With this begins what stands for an account whose name nobody knew when it was called: what tells its token from
# others follows.
UNKNOWN_ACCOUNT = '?'

# Why nothing is freed, nor paid again, while it is not known whether the token leads to the account that was used
# before.
UNSURE_CALL = _lt(
    "the token or the address of the service has changed, and the account is perhaps another one than the one that was "
    "called, so that what is not found here may be there. Correct the token in the settings first; if it is meant to "
    "be another account, a manager says so with \"It Is Another Account\"")

# Paid, and found again by the list alone.
CREATIONS = ('create', *(name for name, operation in mailbox.OPERATIONS.items() if operation.is_creation))
FREE_OPERATIONS = (
    'documents', 'register_count', 'signature_delete',
    *(name for name, operation in mailbox.OPERATIONS.items() if operation.is_free))
# calls that are made right after a click, or not at all: lack of credit, say, ends them
NEVER_WAITING = ('sign_otp', 'sign_automatic', 'verify')
CHARGED_STATES = ('pending', 'accepted', 'lost')  # of lines of the journal that the service may have charged
LOOKS_APART_MINUTES = 10  # between two looks after which a manager may free what was not found
LOOK_DAYS = 30  # for which what was freed goes on being looked for
CLOCK_SKEW_HOURS = 1  # by how much the service's clock may be behind ours
SLICE_SIZE = 500  # filings written at once by the synchronisation
MISSING_PER_RUN = 20  # filings that the list lacks, asked one by one in a run
IMPORT_PAUSE_MINUTES = 10  # before the job goes on with what could not be read
SAFE_MINUTES = 10  # a younger filing may be one whose answer is on its way
MAX_CELL_LENGTH = 500  # characters
NAME_FIELDS = ('lastname', 'firstname')  # of contacts, where another addon keeps the parts of a name apart

# Why what is queued is not sent now: the account is paused, or a person has paused the batch.
WAITING_FOR = [
    ('credit', "A Top-Up"),
    ('token', "The Token"),
    ('rate', "The Service"),
    ('resumption', "Paused by Hand"),
    ('copy', "The Live Database"),
]
