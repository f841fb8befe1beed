"""Tables of verifications by Openapi: how far one is, and what is said of it."""
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__, default_lang='en_US')

STATES = [
    ('queued', "Asked for"),
    ('unconfirmed', "Being Verified"),
    ('done', "Reported"),
    ('failed', "Not Verified"),
    ('lost', "Answer Lost"),
]
OPEN_STATES = ('queued', 'unconfirmed')  # nobody asks for another one meanwhile
CLOSE_SECONDS = 120  # after which one that was not begun is closed by the job: its process has died

# What became of one -> what people are told; the service's own words may follow in brackets.
OUTCOMES = {
    'not_begun': _lt("Nothing was verified or spent: the document was not sent. Ask again."),
    'refused': _lt("Openapi refused to verify it: nothing was verified or spent."),
    'no_credit': _lt("The wallet of the Openapi account is empty: nothing was verified or spent. Have it topped up."),
    'throttled': _lt("Openapi is asked too often just now: nothing was verified or spent. Ask again in a few minutes."),
    'no_scope': _lt(
        "The service does not accept the token, or the token lacks the scope for verifying: nothing was verified or "
        "spent. Have an administrator correct it in the settings."),
    'lost': _lt(
        "Openapi's report did not arrive, or cannot be read: whether the verification was made is not known. It is not "
        "repeated unless you ask again. %(paid)s"),
}
# outcome -> what stands of the money at its %(paid)s; in the sandbox nothing is paid, and that alone is said
MONEY = {'lost': _lt("Whether it was paid is not known; asking again is paid again.")}
DONE = _lt("Openapi has verified the signed power of attorney, asked by %s.")

# state of the last one about the same file -> what is said before another one is asked for, and of the money
REPORTED = {
    'done': (
        _lt("Openapi has reported on this very file on %(moment)s. %(paid)s"),
        _lt("Another report on it is paid again.")),
    'lost': (
        _lt("Openapi was asked about this very file on %(moment)s, and its report did not arrive. %(paid)s"),
        _lt("Whether that was paid is not known, and another report is paid again.")),
}

# Why it cannot be asked for now.
NOT_WANTED = _lt(
    "This company does not have signatures verified by Openapi: have an administrator choose it in the settings. "
    "Nothing was sent or spent.")
NO_FILE = _lt(
    "There is no signed power of attorney that waits to be sent, or it would be refused as it is. Nothing was sent or "
    "spent.")
UNDER_WAY = _lt("Openapi is verifying it already: wait for its report. Nothing else was sent or spent.")
HALTED = _lt("Nothing was sent or spent: %s Ask again once calls are made again.")
OTHER_ENVIRONMENT = _lt(
    "This filing is of another environment than the one that its company uses now. Nothing was sent or spent.")
CHANGED = _lt(
    "What this question showed has changed meanwhile (signed file, reports on it, price or environment), so nothing "
    "was sent or spent. Close this, look again, and have it verified if it is right.")
