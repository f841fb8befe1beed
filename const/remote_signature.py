"""Tables of remote signatures: how far an attempt is, and what is said of it."""
from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec.tools.api.signature_data import ENDED

_lt = LazyTranslate(__name__, default_lang='en_US')

STATES = [
    ('queued', "Asked for"),
    ('unconfirmed', "Being Signed"),
    ('waiting', "Waits for the Service"),
    ('judging', "Signed, Being Verified"),
    ('done', "Signed Remotely"),
    ('failed', "Not Signed"),
    ('lost', "Answer Lost"),
]
OPEN_STATES = ('queued', 'unconfirmed', 'waiting', 'judging')  # nobody asks for another signature meanwhile
FOLLOWED_STATES = ('unconfirmed', 'waiting', 'lost')  # of which the service can tell something new
# that a one-time password lives, at the least: what was not begun by then is not begun any more
BEGIN_SECONDS = 20
CLOSE_SECONDS = 60  # after which an attempt that was not begun is closed by the job: its process has died
READ_SECONDS = 15  # in which what is signed is fetched for somebody who waits
LOOKS_APART_SECONDS = 60  # between two looks after which the signer may sign again: it is about cents
WAITING_MINUTES = (1, 5, 15, 60)  # pauses while the service has not signed yet; the last one repeats
WAITING_HOURS = 24  # after which an attempt for which the service has not signed is given up
LATER = {'waiting', 'unconfirmed', 'judging'}  # outcomes that are none yet
# outcomes of which the signature is paid, or may be, with nothing left to be fetched: another one is paid again
PAID_IN_VAIN = ('lost', 'unlooked', 'unfetched', 'gone', 'untold', 'late_needless', 'not_kept')

_PERHAPS_CHARGED = _lt("Whether the attempt costs anything is not known.")
_PERHAPS_PAID = _lt("Whether it was paid is not certain.")
_PAID = _lt("The signature is paid.")
# outcome -> what stands of the money at its %(paid)s; in the sandbox nothing is paid, and that alone is said
MONEY = {
    **dict.fromkeys(('wrong_credentials', 'error'), _PERHAPS_CHARGED),
    **dict.fromkeys(('unconfirmed', 'lost', 'unlooked', 'gone', 'untold'), _PERHAPS_PAID),
    **dict.fromkeys(('unfetched', 'refused_file', 'late', 'late_needless', 'not_kept'), _PAID),
}
# outcome of an attempt -> what users of Odoo are told, in whose brackets the service's own words may follow
OUTCOMES = {
    'wrong_credentials': _lt(
        "The username, the PIN or the one-time password was not accepted: nothing was signed. %(paid)s"),
    'not_begun': _lt(
        "Nothing was signed or spent: the service was not asked in time. Sign again, with the next one-time "
        "password."),
    'not_asked': _lt(
        "Nothing was signed or spent: the service was not asked. Once what is named here is mended, sign again with "
        "the next one-time password, or upload a signed file."),
    'refused': _lt("The service refused to sign: nothing was signed or spent."),
    'error': _lt(
        "The service could not sign: there is no signed file. %(paid)s Sign again, or upload a signed file."),
    'unconfirmed': _lt(
        "The service has not answered in time: whether the power of attorney was signed is not known yet. %(paid)s "
        "Odoo looks for the signature, and asks for no other one. You need not do anything now."),
    'waiting': _lt("The service has not finished the signature. Odoo fetches the signed file as soon as it is there."),
    'judging': _lt(
        "The power of attorney is signed, and the signature is being verified, which may take some minutes. Odoo asks "
        "for no other signature meanwhile. You need not do anything now."),
    'lost': _lt(
        "The service's answer was lost, and its list does not show the signature: probably nothing was signed. "
        "%(paid)s Sign again, or upload a signed file."),
    'unlooked': _lt(
        "The service's answer was lost, and for a day its list could not be read: whether the power of attorney was "
        "signed is not known. %(paid)s Odoo goes on looking for 30 days. Sign again, or upload a signed file."),
    'unfetched': _lt(
        "The service has signed, but does not hand out the signed file. %(paid)s Sign again, or upload a signed file."),
    'gone': _lt(
        "The service does not know the signature any more that it had accepted: whether the power of attorney was "
        "signed is not known. %(paid)s Sign again, or upload a signed file."),
    'untold': _lt(
        "The service has not told within a day whether it has signed. %(paid)s Sign again, or upload a signed file."),
    'late': _lt(
        "The signature whose answer was lost was made after all. %(paid)s Press Take the Signed File; or sign again, "
        "or upload a signed file."),
    'late_needless': _lt(
        "The signature whose answer was lost was made after all. %(paid)s The filing does not need it any more, so its "
        "file was not taken. You need not do anything."),
    'not_kept': _lt(
        "The service has signed. %(paid)s The signed file was not kept: another one was uploaded before it was "
        "verified, or the filing does not need it any more."),
    'refused_file': _lt(
        "The service has signed, but the signed file would be refused, and was not kept. %(paid)s Sign with another "
        "certificate, or upload a file that is signed with one. This stands against the file:"),
}
_NO_FILE = _lt(
    "The signed file cannot be fetched. Sign again with the next one-time password, or upload a signed file.")
# The same for the signer on his page, who pays nothing.
SIGNER_OUTCOMES = {
    'wrong_credentials': _lt(
        "The username, the PIN or the one-time password was not accepted, and nothing was signed."),
    'not_begun': _lt("Nothing was signed: it took too long. Sign again, with the next one-time password."),
    'not_asked': _lt(
        "Nothing was signed: the service was not asked. Read the power of attorney once more, and sign it with the "
        "next one-time password, or upload a signed file."),
    'refused': _lt(
        "The service did not take the signature, and nothing was signed. Upload a signed file, or ask who sent you the "
        "link."),
    'error': _lt(
        "The service could not sign, and there is no signed file. Sign again with the next one-time password, or "
        "upload a signed file."),
    'lost': _lt(
        "The answer of the service was lost, and probably nothing was signed. Sign again with the next one-time "
        "password, or upload a signed file."),
    'unlooked': _lt(
        "The answer of the service was lost, and whether anything was signed is not known. Sign again with the next "
        "one-time password, or upload a signed file."),
    **dict.fromkeys(('unfetched', 'gone', 'untold'), _NO_FILE),
    'late': _lt(
        "Your signature, whose answer was lost, was made after all. Ask who sent you the link to take the signed file; "
        "or sign again with the next one-time password, or upload a signed file."),
}

BEING_SIGNED = _lt(
    "The service is being asked to sign the power of attorney, which takes up to half a minute. You need not do "
    "anything now.")
STILL_COUNTS = _lt("The signed file that was here before still counts.")
# What is to be done after a wrong password, and after several in a row: as users are told, and as the signer is.
ONCE_WRONG = _lt(
    "Wait for the next code of the app, then sign again. Several wrong attempts lock a certificate.")
ONCE_WRONG_FOR_SIGNER = _lt(
    "Wait for the next code of your app, then sign again. Several wrong attempts lock your certificate.")
SEVERAL_WRONG = _lt(
    "These were %s wrong attempts in a row with this username: its certificate may be locked already. Have who signs "
    "look into the app of the certificate, or ask its provider, before the next attempt.")
SEVERAL_WRONG_FOR_SIGNER = _lt(
    "These were %s wrong attempts in a row: your certificate may be locked already. Look into its app, or ask its "
    "provider, before the next attempt.")
_NO_DOCUMENT = _lt("The service misses the document.")
_NO_USERNAME = _lt("The service misses the username of the certificate.")
_NO_PIN = _lt("The service misses the PIN of the certificate.")
_NO_STOCK = _lt("The service has no certificate in stock now: buy it some days later.")
# (operation, code of the vendor) -> what a person should know and do
REFUSALS = {
    **{(operation, code): words for operation in ('sign_otp', 'sign_automatic')
       for code, words in (('615', _NO_DOCUMENT), ('635', _NO_USERNAME), ('640', _NO_PIN))},
    **{(operation, '305'): _NO_STOCK for operation in ('certificate_otp', 'certificate_automatic')},
}
NO_SCOPE = _lt(
    "The service does not accept the token, or the token lacks the scope for signatures (%s). Have an administrator "
    "correct it in the settings, or upload a signed file.")
NO_CREDIT = _lt("The wallet of the Openapi account is empty. Have it topped up, or upload a signed file.")
THROTTLED = _lt("The service is asked too often just now. Sign again in a few minutes, with the next one-time "
                "password.")

# Why nothing can be signed remotely now.
NOT_TYPED = _lt("%s. Nothing was signed or spent. Type all three, and sign again.")
NOT_WANTED = _lt("Remote signatures are switched off for this company: have an administrator switch them on in the "
                 "settings, or upload a signed file. Nothing was signed or spent.")
NOT_AWAITED = _lt("No signature is awaited now. Nothing was signed or spent.")
OTHER_ENVIRONMENT = _lt(
    "This filing is of another environment than the one that its company uses now. Nothing was signed or spent.")
UNDER_WAY = _lt("A signature is being asked for already: wait for what comes of it. Nothing else was asked or spent.")
REPLACED = _lt("The power of attorney was replaced by another one: read it, then sign. Nothing was signed or spent.")
ARRIVED = _lt(
    "The signed file of this filing has changed meanwhile: look at it first. Nothing was signed or spent.")
SIGNED_WELL = _lt(
    "The power of attorney is signed already, and nothing was found against the signature: another one would be paid "
    "for nothing. Nothing was signed or spent.")
TAKES_ITS_PLACE = _lt("A signed file is here already: another signature takes its place.")
HALTED = _lt("Nothing was signed or spent: %s Sign again once calls are made again, or upload a signed file.")
NOT_READY = _lt("The Openapi account is not ready for signatures: %s. Nothing was signed or spent.")
UNSIGNED_ON_PAGE = _lt("Who signs wanted to sign remotely on his page, and could not: %s")
OVER_BUDGET = _lt("Nothing was signed or spent. Upload a signed file instead, or have a system administrator raise the "
                  "budget in the settings.")

# What the chatter says of a file that was signed remotely, in place of UPLOAD_SENTENCES of models/filing/signer_page.
SIGNED_SENTENCES = {
    'sent': _lt("the power of attorney was signed remotely with a one-time password, and nothing was found against the "
                "signature: it is sent by itself."),
    'good': _lt("the power of attorney was signed remotely with a one-time password, and nothing was found against the "
                "signature. Press Send the Signed Documents."),
    'warning': _lt("the power of attorney was signed remotely with a one-time password; the signature is to be looked "
                   "at before it is sent."),
}

# What was found out about the money of a call: what is said, and what stands of the money at its %(paid)s.
FOUND_TAKEN = (
    _lt("The purchase was executed after all: a later record has taken this certificate over. %(paid)s You need not do "
        "anything."),
    _lt("It is paid once."))
DOUBLED = (
    _lt("The service has made this more than once, although Odoo has asked for it once: %(ids)s. Odoo follows the "
        "first. %(paid)s"),
    _lt("The others were perhaps paid for nothing: ask Openapi to refund them."))

# ------------------------------------------------------------ certificates

CERTIFICATE_STATES = [
    ('queued', "Queued"),
    ('unconfirmed', "Purchase Not Confirmed"),
    ('held', "Waits for a Decision"),
    ('ordered', "Bought, Not Active Yet"),
    ('active', "Ready to Sign"),
    ('suspended', "Suspended at the Service"),
    ('ended', "Expired or Cancelled"),
    ('failed', "Not Bought"),
    ('cancelled', "Purchase Given Up"),
]
OPEN_CERTIFICATES = ('queued', 'unconfirmed', 'held', 'ordered')  # nobody buys another one for the person meanwhile
USED_CERTIFICATES = ('active', 'suspended')  # an odd state at the service makes none of these a new one
# What the service calls its state -> our state; whatever else it is called: it is not active yet.
STATE_AT_SERVICE = {'DONE': 'active', 'SUSPENDED': 'suspended', **dict.fromkeys(ENDED, 'ended')}
# state -> what the chatter says when a certificate has come to it
CERTIFICATE_SENTENCES = {
    'ordered': _lt("Bought. The person identifies himself at the link; then the certificate can be used."),
    'active': _lt("Active: the person can sign remotely with it."),
    'suspended': _lt(
        "Suspended at the service: nothing can be signed with it until the suspension is lifted. Odoo looks each day."),
    'ended': _lt("Expired or cancelled at the service: nothing can be signed with it any more."),
}
_BEING_BOUGHT = _lt("A certificate in the name of %(holder)s is being bought already, or waits to be activated.")
# state -> what is said of a certificate that a person has already, before another one is bought
KNOWN_CERTIFICATES = {
    'active': _lt("%(holder)s has a certificate already, which can be used until %(date)s."),
    'suspended': _lt("%(holder)s has a certificate already, which is suspended at the service: ask there first."),
    **dict.fromkeys(OPEN_CERTIFICATES, _BEING_BOUGHT),
}
# The only certificate that was bought here for who signs has ended: what users are told, and what he is told himself.
ENDED = _lt(
    "The certificate that was bought here for %s has expired, or was suspended or cancelled: nothing can be signed "
    "with it. Sign with another one, wherever it was bought; a manager buys one on the contact (Buy a Certificate).")
ENDED_FOR_SIGNER = _lt(
    "The certificate that was bought for you has expired, or was suspended or cancelled: nothing can be signed with "
    "it. Sign with another one if you have it, or upload a signed file; who sent you the link can buy you another one.")
# what the account has already for the name of a purchase -> what is said of that
HELD = {
    'one': _lt(
        "Nothing was bought or spent: the account has a certificate for this name already that was not bought here: "
        "%s. Take that one over, or buy another one."),
    'several': _lt(
        "Nothing was bought or spent: the account has several certificates for this name already that were not bought "
        "here: %s. Which one is meant is not known, so that none can be taken over. Look into the Openapi console, "
        "then buy another one, or give it up."),
    'lost': _lt(
        "Nothing was bought or spent: the account has a certificate for this name already: %s. It comes of another "
        "purchase here, which is not confirmed yet, so that it cannot be taken over. Give this one up, or buy another "
        "one."),
}
GIVEN_UP = _lt("Given up before it was bought. Nothing was spent.")
GOES_ON_LOOKING = _lt("Odoo goes on looking for it for 30 days.")
FOUND_LATE = (
    _lt("The purchase was executed after all: Odoo goes on with this certificate. %(paid)s"), _lt("It was paid."))
FOUND_TWICE = (
    _lt("The purchase was executed after all, although another one was asked for meanwhile: two are one too many. "
        "%(paid)s"),
    _lt("It was paid: ask Openapi to refund one of them."))
NO_CERTIFICATES = _lt(
    "Remote Signatures and Sign Many at Once are switched off for this company: have an administrator switch on one of "
    "them in the settings first. Nothing was bought or spent.")
BOUGHT_ALREADY = _lt(
    "A certificate for %s is being bought already, or waits to be activated: look at it on the contact, under "
    "Certificates. Nothing was bought or spent.")
CHANGED = _lt("It has changed meanwhile, so nothing was changed or spent. Refresh the page.")
GONE = (
    _lt("The service does not know this certificate any more, so nothing can be signed with it. Ask Openapi what "
        "became of it before another one is bought. %(paid)s If Openapi finds it again, press Refresh."),
    _lt("Ask as well what becomes of what was paid for it."))
# kind of certificate -> what the mail with its link says to the person
LINK_SENTENCES = {
    'otp': _lt(
        "For your certificate for remote signatures, please identify yourself at this address of the service. Then you "
        "get a PIN and an app of your own: tell the PIN nobody."),
    'automatic': _lt(
        "For your certificate for automatic signatures, please identify yourself at this address of the service. Then "
        "you get a username and a PIN: tell them nobody but the system administrator who types them in Odoo, and not "
        "by mail."),
}
