"""Tables of the automatic signature of many: what is signed and what is left out, and what is said of each."""
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__, default_lang='en_US')

KINDS = [('otp', "With a One-time Password"), ('automatic', "Automatic, by an Intermediary")]
SWITCHES = {'otp': 'openapi_pec_sign_remotely', 'automatic': 'openapi_pec_sign_many'}  # kind -> field of the company
# What the service calls a certificate -> its kind; whatever else it is called: it may be of any.
KIND_AT_SERVICE = {
    **dict.fromkeys(('EU-QES_otp', 'EU-QES_remote_otp'), 'otp'), 'EU-QES_automatic': 'automatic'}
SECONDS = 60  # in which signatures of one click are begun: a request lives for two minutes
FIRST_TRIES = 3  # one after the other, until one shows that the certificate signs; then the others follow together
READ_TOGETHER = 4  # signed files that are fetched at a time
SLICE = 20  # signed files that are kept in one transaction
ALONE = 20  # attempts that the list does not show, which are read one by one in one run

UNSIGNED = {'not_begun', 'not_asked', 'refused', 'wrong_credentials', 'error'}  # outcomes: certainly nothing was signed

# What who presses the button declares; kept on each attempt, and in the chatter of each filing that is signed.
MANDATE = _lt(
    "I declare that %(signer)s is enrolled as a commercialista or a notary, and was appointed by each of the "
    "applicants to sign this power of attorney for the communication to the Registro delle Imprese, and that I may "
    "use this certificate for it.")
DECLARED = _lt(
    "%(user)s has the power of attorney signed with the automatic certificate of %(signer)s, and declares: "
    "%(mandate)s")

# Why a filing is left out: reason -> sentence, with the number of filings.
LEFT_OUT = {
    'not_awaited': _lt("%s: no signature is awaited now."),
    'signed': _lt("%s: a signed file is there already."),
    'under_way': _lt("%s: a signature is being asked for already."),
    'late': _lt(
        "%s: a signature that was taken for lost was made after all. Open the filing, and press Take the Signed "
        "File."),
    'refused_file': _lt(
        "%s: the file that was signed last would be refused. Open the filing: a new signature would be paid for "
        "nothing."),
    'environment': _lt("%s: of another environment than the one that the company uses now."),
    'company': _lt("%s: of another company. Sign them from that company."),
}

PAID_AGAIN = _lt(
    "%s of these: an earlier signature was paid, or perhaps was, and there is no file of it. A new one is paid again.")

# Why nothing can be signed together now.
NOT_WANTED = _lt(
    "Signing many at once is switched off for this company: have a system administrator switch it on in the settings. "
    "Nothing was signed or spent.")
NO_SIGNER = _lt(
    "It is not said whose automatic certificate it is, or his contact has no name or no valid tax code: have a system "
    "administrator complete the settings. Nothing was signed or spent.")
SIGNER_UNKNOWN = _lt(
    "This contact has no name, or no valid tax code of a person: nothing can be signed with his certificate until "
    "they stand on the contact.")
NO_CREDENTIALS = _lt(
    "The username or the PIN of the automatic certificate is missing, or cannot be read any more: have a system "
    "administrator type them in the settings. Nothing was signed or spent.")
WRONG_CREDENTIALS = _lt(
    "The username or the PIN of the automatic certificate was not accepted the last time, and several wrong attempts "
    "lock a certificate: have a system administrator type them anew in the settings. Nothing was signed or spent.")
NO_MANDATE = _lt("Tick that you hold the mandates, or close this. Nothing was signed or spent.")
NOTHING_TO_SIGN = _lt("There is nothing to sign. Nothing was signed or spent.")

# outcome of an automatic attempt -> what is told where it is something else than of one with a one-time password
OUTCOMES = {
    'wrong_credentials': _lt(
        "The username or the PIN of the automatic certificate was not accepted: nothing was signed. %(paid)s Have a "
        "system administrator correct it in the settings before anybody tries again: several wrong attempts lock a "
        "certificate."),
    'not_begun': _lt(
        "Nothing was signed or spent: this signature was not begun. Press Sign Them All in the multiple filing, or "
        "Sign These in the list, again."),
    'not_asked': _lt(
        "Nothing was signed or spent: the service was not asked. Once what is named here is mended, press Sign Them "
        "All in the multiple filing, or Sign These in the list, again."),
}
# state of an automatic certificate -> what the chatter says where it is something else than of one with passwords
CERTIFICATE_SENTENCES = {
    'active': _lt(
        "Active: once a system administrator has typed its username and PIN in the settings (Sign Many at Once), "
        "powers of attorney can be signed with it."),
}
THROTTLED = _lt(
    "The service is asked too often just now. Press Sign Them All in the multiple filing, or Sign These in the list, "
    "again in a few minutes.")

# What the chatter says of a file that was signed so, in place of UPLOAD_SENTENCES of models/filing/signer_page.
SIGNED_SENTENCES = {
    'sent': _lt(
        "the power of attorney was signed with the company's automatic certificate, and nothing was found against the "
        "signature: it is sent by itself."),
    'good': _lt(
        "the power of attorney was signed with the company's automatic certificate, and nothing was found against the "
        "signature. Press Send the Signed Documents."),
    'warning': _lt(
        "the power of attorney was signed with the company's automatic certificate; the signature is to be looked at "
        "before it is sent."),
}

# What a multiple filing, and the question itself, tell of the last click: what became of so many -> words.
COUNTED = {
    'done': _lt("%s signed"),
    'waiting': _lt("%s being signed"),
    'failed': _lt("%s not signed: each filing says why"),
    'not_begun': _lt("%s not begun, and nothing was spent for them: have them signed again"),
}
# The same where one reason follows, which tells the next step.
COUNTED_WITH_REASON = {
    'failed': _lt("%s not signed"),
    'not_begun': _lt("%s not begun, and nothing was spent for them"),
}
