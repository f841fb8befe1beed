"""Tables of look-ups in the business register: what is asked, what is compared, what is said."""
from odoo.tools.translate import LazyTranslate

from .service import NOT_PAID

_lt = LazyTranslate(__name__, default_lang='en_US')

# operation of the journal -> what is asked, as people read it
OPERATIONS = [
    ('register_company', "The Company's Data"),
    ('register_offices', "Offices"),
    ('register_pec', "PEC"),
    ('register_count', "Who Has the PEC"),
]
# operation -> method of tools.api.client.CompanyClient
METHODS = {
    'register_company': 'look_up_company',
    'register_offices': 'look_up_offices',
    'register_pec': 'look_up_pec',
    'register_count': 'count_companies',
}
PAID = ('register_company', 'register_offices', 'register_pec')
LATER = ('register_offices',)  # the service may take half a minute, so nobody waits for it
OPEN_STATES = ('queued', 'unconfirmed', 'waiting')
FAILED_STATES = ('failed', 'lost')  # what was asked has no answer, and a person may ask again
COUNT_DAYS = 7  # for which a count is believed
WAITING_DAYS = 7  # after which an answer that was to come later counts as lost
PAUSE_SECONDS = 5  # the shortest pause after the service has asked for one
WAITING_MINUTES = (1, 5, 15, 60)  # pauses while what comes later cannot be read; the last one repeats
SHOWN_LENGTH = 200  # characters of a value that the register tells

_WRONG_CODE = _lt("The service does not accept this tax code. Correct it on the contact, then ask again.")
# (operation, code of the vendor) -> what a person should do
REFUSALS = {
    ('register_company', '303'): _WRONG_CODE,
    ('register_company', '304'): _WRONG_CODE,
    ('register_company', '305'): _WRONG_CODE,
    ('register_offices', '207'): _WRONG_CODE,
    ('register_offices', '208'): _WRONG_CODE,
    ('register_pec', '321'): _WRONG_CODE,
    ('register_pec', '322'): _WRONG_CODE,
    ('register_pec', '323'): _WRONG_CODE,
    ('register_count', '316'): _lt(
        "The service does not accept this address. Correct it on the filing, then ask again."),
}
REFUSED = _lt("Refused, nothing was spent. %(advice)s [%(message)s, HTTP %(status)s, code %(code)s]")
ASK_AGAIN = _lt("The service refused the look-up. Correct what it names, then press \"Ask Again\".")
NO_SCOPE = _lt(
    "The service does not accept the token, or the token lacks a scope: %s. Have an administrator correct it in the "
    "Openapi console or in the settings, then press \"Ask Again\".")
LOST = _lt(
    "The answer was lost (%(reason)s): perhaps paid (EUR %(price)s). The look-up is not repeated by itself. If it is "
    "still wanted, press \"Ask Again\": that is a new look-up, which may be paid anew.")
LOST_UNPRICED = _lt(
    "The answer was lost (%(reason)s): perhaps paid; what it costs is not known. The look-up is not repeated by "
    "itself. If it is still wanted, press \"Ask Again\": that is a new look-up, which may be paid anew.")
LOST_FREE = _lt(
    "The answer was lost (%(reason)s). Counting is free: nothing was spent. Press \"Ask Again\" if it is still wanted.")
LOST_TRIAL = _lt(
    "The answer was lost (%(reason)s). In the sandbox nothing is paid. Press \"Ask Again\" if it is still wanted.")
NOT_DRY = _lt(
    "%(reason)s: perhaps paid; how much is not known. Odoo counts nothing more by itself for this account. Look into "
    "the Openapi console; if nothing was charged, press \"Ask Again\".")
GIVEN_UP = _lt("Given up before it was asked, nothing was spent.")
COUNT_STOPPED = _lt(
    "Not asked, nothing was spent: another count of this account was perhaps paid. Look into the Openapi console; if "
    "nothing was charged, press \"Ask Again\" on that one first.")
# What is added of calls of the same look before the last one.
EARLIER = _lt("What was asked before, and whose answer was lost, was perhaps paid as well (EUR %(price)s).")
EARLIER_UNPRICED = _lt(
    "What was asked before, and whose answer was lost, was perhaps paid as well; how much is not known.")
NO_ANSWER = _lt("the process that asked has ended")
NEVER_CAME = _lt("the service does not know the request any more")
NOT_COMPARED = _lt("The answer is kept, and could not be compared yet. Odoo tries again by itself; that is free.")
OTHER_CODE = _lt(
    "The contact has another tax code now than %s, which was asked: what the register tells is not compared with it. "
    "Press \"Update from the Register\" on the contact; that is a new look-up.")
STILL_PENDING = _lt("the service has taken the request up, and not answered in %s days")
WAITING = _lt("The service has taken the request up, and answers later. Odoo reads the answer by itself; the reading "
              "is free.")
THROTTLED = _lt("Not sent, nothing was spent: the service asks for a pause. Odoo tries again by itself.")

# What became of a look -> what is known of the money.
MONEY_SENTENCES = {
    'trial': NOT_PAID,
    'nothing': _lt("Nothing was spent."),
    'free': _lt("It is free."),
    'paid': _lt("Paid: EUR %(price)s."),
    'perhaps': _lt("Perhaps paid: EUR %(price)s."),
    'free_left': _lt("EUR %(price)s, or nothing: some of these look-ups are free each month."),
    'not_found': _lt("Perhaps paid (EUR %(price)s): whether the service charges for what it does not find, it does not "
                     "say."),
    'unpriced': _lt("What it costs is not known."),
}

OFFICE = 'office'  # in the place of a field: who has an office, which is no field of the contact
OFFICE_LABEL = _lt("Office")

# What the register shows of a filing: openapi_pec.communication.register_state -> what is announced.
FILING_SENTENCES = {
    'stands': _lt("the business register shows this PEC: seen on %(day)s."),
    'stands_since': _lt("the business register shows this PEC: seen on %(day)s; the one before stood there until "
                        "%(since)s."),
    'was': _lt("the business register showed this PEC until %(since)s, and shows another one now, as seen on %(day)s. "
               "Look at it: somebody has filed another one since."),
    'other': _lt("the business register does not show this PEC yet, but another one, as seen on %(day)s. Check again "
                 "in some days; if it stays so, ask the chamber of commerce."),
    'none': _lt("the business register shows no PEC of this company yet, as seen on %(day)s. Check again in some days; "
                "if it stays so, ask the chamber of commerce."),
}
