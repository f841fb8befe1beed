"""The lines of the register of positions: for each company one about its own PEC, and one about an administrator's.

Judging is the same whatever the order of what is given, reads no clock, and takes a time that grows with the number of
lines alone. What time alone changes is told beforehand: until ``again_on`` a line stays as it is.
"""
import datetime
from collections import defaultdict
from typing import NamedTuple

from . import duty as duties
from . import sharing
from .rules import ADMINISTRATOR, COMPANY, NO, UNDECIDED, YES, Fine

# States of a line.
IN_ORDER, UNDER_WAY, MISSING, NOT_PEC, DUPLICATE = 'in_order', 'under_way', 'missing', 'not_pec', 'duplicate'
IRREGULAR, TO_CONFIRM, OFFICE_ENDING = 'irregular', 'to_confirm', 'office_ending'
MAILBOX_EXPIRING, EXEMPT, TO_DECIDE = 'mailbox_expiring', 'exempt', 'to_decide'
# All of them, those first that count when one of several people is enough.
STATES = (
    IN_ORDER, MAILBOX_EXPIRING, OFFICE_ENDING, UNDER_WAY, TO_CONFIRM, IRREGULAR, DUPLICATE, NOT_PEC, MISSING, TO_DECIDE,
    EXEMPT)
BREACHES = frozenset({MISSING, NOT_PEC, DUPLICATE, IRREGULAR})  # which may be fined
FULFILLED = frozenset({IN_ORDER, MAILBOX_EXPIRING, OFFICE_ENDING})  # nothing is wrong yet
STATE_BY_ANSWER = {YES: IN_ORDER, NO: EXEMPT, UNDECIDED: TO_DECIDE}

# verdicts on an address that can be nobody's PEC; those that leave a doubt where nothing is known of the register
NOT_PECS = frozenset({
    'address_form', 'address_several', 'address_consumer', 'address_closed', 'address_office', 'address_exchange',
    'domain_not_certified'})
DOUBTS = frozenset({'unknown', 'domain_asked', 'domain_failed'})

# Reasons because of which a PEC that is to be confirmed has a term all the same: it may have been filed never.
DUE_REASONS = frozenset({'not_proved', 'term_renewed', *DOUBTS})

# (kind, reason), reason or state -> code of the next step, the first one found
STEPS = {
    'not_in_register': 'file', 'only_in_register': 'take_over', 'register_differs': 'compare', 'term_renewed': 'file',
    (COMPANY, 'outcome_missing'): 'check_register', (ADMINISTRATOR, 'outcome_missing'): 'record_outcome',
    **{(COMPANY, reason): 'check_register' for reason in ('not_proved', *DOUBTS)},
    **{(ADMINISTRATOR, reason): 'confirm_or_file' for reason in ('not_proved', *DOUBTS)},
    'form_unknown': 'enter_form', 'state_unknown': 'enter_form', 'office_unknown': 'enter_office',
    'several_in_office': 'end_office', 'term_over': 'renew_office',
    **dict.fromkeys(('mailbox_inactive', 'mailbox_activating', 'mailbox_buying', 'mailbox_draft'), 'activate_mailbox'),
    MISSING: 'get_pec', NOT_PEC: 'get_pec', DUPLICATE: 'get_pec', IRREGULAR: 'get_pec', OFFICE_ENDING: 'renew_office',
    MAILBOX_EXPIRING: 'renew_mailbox', TO_DECIDE: 'decide', IN_ORDER: '', EXEMPT: '',
}
# state of a filing that is under way -> the same
FILING_STEPS = {'awaiting_documents': 'sign', 'suspended': 'answer_chamber'}

_days = datetime.timedelta
DAY = _days(1)


class Line(NamedTuple):
    """A line of the register."""
    company: object  # key
    kind: str  # 'company' (its own PEC) or 'administrator'
    state: str  # of ``STATES``
    reason: str = ''  # code of why; '' where the state says all
    step: str = ''  # code of what is to be done next, '' for nothing
    due: datetime.date | None = None  # the last day in time, of what is to be done
    is_late: bool = False  # whether that is over
    fine: Fine | None = None  # which may have to be paid
    address: str = ''
    office: object = ''  # key of the one that is judged
    person: object = ''  # who holds it
    candidates: tuple = ()  # keys of the offices of which one has to be chosen
    others: tuple = ()  # of Holder: who else has the address
    again_on: datetime.date | None = None  # the first day on which the line may be another one because of the day alone


class _Verdict(NamedTuple):
    """What an address is worth."""
    state: str
    reason: str = ''
    due: datetime.date | None = None  # of what ends; the term of the law is added where it is due
    others: tuple = ()


class _Books(NamedTuple):
    """All that is known, where it is looked for."""
    rules: object
    today: datetime.date
    ahead: object
    offices: dict  # {company: [Office, …]} of those that are held, or will be
    filings: dict  # {(company, kind): [Filing, …]}
    mailboxes: dict  # {address: Mailbox}
    notices: dict  # {company: [Notice, …]}
    addresses: dict  # as ``sharing.group`` returns it


def judge(facts, rules, today, ahead):
    """Judge how companies stand.

    :param Facts facts: what is known.
    :param Rules rules: in force on that day.
    :param datetime.date today: on which is judged, in Italy.
    :param Ahead ahead: how many days before something ends it is told.
    :return: two lines for each company, in the order of the companies.
    :rtype: list[Line]
    """
    held = [office for office in facts.offices if not office.ended_on or office.ended_on > today]
    books = _Books(
        rules, today, ahead, _by(held, lambda office: office.company),
        _by(facts.filings, lambda filing: (filing.company, filing.kind)),
        {mailbox.address: mailbox for mailbox in facts.mailboxes},
        _by(facts.notices, lambda notice: notice.company),
        sharing.group(facts.companies, held, facts.holders))
    return [line for company in facts.companies for line in (
        _judge_own(company, books), _judge_administrators(company, books))]


def _by(items, get_key):
    found = defaultdict(list)
    for item in items:
        found[get_key(item)].append(item)
    return found


# ------------------------------------------------------------ the two lines

def _judge_own(company, books):
    """Return the line about a company's own PEC."""
    ruling = duties.judge_company(company, True, books.rules)
    line = Line(company.key, COMPANY, STATE_BY_ANSWER[ruling.answer], ruling.reason, address=company.pec.address)
    days = set()
    if ruling.answer == YES:
        days = _get_address_days(company.pec, books)
        clash = sharing.judge_company(company, books.addresses)
        verdict = _judge_pec(COMPANY, company.pec, clash, books)
        line = _fill(line, verdict, ruling.duty, company.registered_on, books)
    line = _judge_notices(line, company.pec, ruling.duty, books)
    return _finish(_judge_filings(line, books), days, books)


def _judge_administrators(company, books):
    """Return the line about the PEC of the administrator who has to have one."""
    ruling = duties.judge_company(company, False, books.rules)
    if ruling.answer != YES:
        line = Line(company.key, ADMINISTRATOR, STATE_BY_ANSWER[ruling.answer], ruling.reason)
        return _finish(_judge_filings(line, books), set(), books)
    offices = books.offices.get(company.key, ())
    now = [office for office in offices if not office.start or office.start <= books.today]
    coming = [office for office in offices if office.start and office.start > books.today]
    line = _judge_offices(company, now, books)
    near = [office for office in coming if office.start - books.today <= _days(books.ahead.office)]
    if coming and line.reason == 'office_unknown':
        line = _judge_offices(company, coming, books)
    elif near and line.state in FULFILLED:
        line = _look_ahead(line, _judge_coming(company, now, near, books))
    return _finish(line, {day for office in offices for day in _get_office_days(office, books)}, books)


def _judge_offices(company, offices, books):
    """Return the line about those of a company's administrators who are in office at the same time.

    Where one of several is enough, the one counts who stands best.
    """
    obliged = duties.find_obliged(offices, books.rules, books.today, company.chosen)
    answer, reason = obliged.answer, obliged.reason
    if answer == YES:
        lines = [_judge_office(company, office, books) for office in obliged.offices]
        return min(lines, key=lambda line: (STATES.index(line.state), line.due or datetime.date.max))
    if answer == UNDECIDED and company.administrator_decision == NO:
        answer, reason = duties.decide(NO, reason)
    candidates = obliged.offices if answer == UNDECIDED else ()
    return _judge_filings(Line(
        company.key, ADMINISTRATOR, STATE_BY_ANSWER[answer], reason,
        candidates=tuple(office.key for office in candidates)), books)


def _judge_coming(company, now, near, books):
    """Return the line about those who will be in office: who comes, and who stays.

    Who cannot be in office beside those who come will have ended, though nobody has written when.
    """
    day = min(office.start for office in near)
    staying = [
        office for office in now
        if (not office.until or office.until >= day) and (not office.ended_on or office.ended_on > day)]
    line = _judge_offices(company, [*staying, *near], books)
    return line if line.reason != 'several_in_office' else _judge_offices(company, near, books)


def _judge_office(company, office, books):
    """Return the line about somebody's PEC for an office."""
    clash = sharing.judge_office(office, books.addresses)
    verdict = _judge_pec(ADMINISTRATOR, office.pec, clash, books)
    if verdict.state in FULFILLED:
        verdict = _judge_term(office, verdict, books)
    is_early = verdict.reason == 'term_renewed' and office.start > books.today  # communicated now, it proves nothing
    line = Line(
        company.key, ADMINISTRATOR, verdict.state, address=office.pec.address, office=office.key, person=office.person,
        step='wait' if is_early else '')
    return _judge_filings(_fill(line, verdict, ADMINISTRATOR, office.start, books), books)


def _look_ahead(line, next_line):
    """Return the line of who is in office and has done all, or of who will be and has not."""
    if next_line.state in (TO_DECIDE, EXEMPT):
        return line
    if next_line.state not in FULFILLED:
        return next_line
    if line.state != OFFICE_ENDING:
        return line
    return next_line if next_line.state == OFFICE_ENDING else line._replace(state=IN_ORDER, reason='', due=None)


# ------------------------------------------------------------ parts of them

def _judge_pec(kind, pec, clash, books):
    """Tell what an address is worth: whether it can be a PEC, whether it is somebody else's, where it stands."""
    if not pec.address:
        return _Verdict(TO_CONFIRM, 'only_in_register') if pec.seen else _Verdict(MISSING, 'no_pec')
    if pec.verdict == 'address_office' and kind == COMPANY:
        return _Verdict(MISSING, 'assigned_by_office')
    if pec.verdict in NOT_PECS:
        return _Verdict(NOT_PEC, pec.verdict)
    mailbox = books.mailboxes.get(pec.address)
    expires_on = mailbox and mailbox.expires_on
    if mailbox and (mailbox.reason or (expires_on and expires_on < books.today)):
        return _Verdict(NOT_PEC, mailbox.reason or 'mailbox_expired')
    if clash:
        return _Verdict(DUPLICATE, clash.reason, others=clash.others)
    if not sharing.is_proved(pec):
        return _judge_unproved(pec, books.rules.answer)
    if expires_on and expires_on - books.today <= _days(books.ahead.mailbox):
        return _Verdict(MAILBOX_EXPIRING, '', expires_on)
    return _Verdict(IN_ORDER)


def _judge_unproved(pec, answer):
    """Tell what is known of an address that is not known to stand in the register.

    A look finds nothing of a filing at which the chamber need not have worked yet: then it is told from when on another
    one counts.

    :param answer: Term within which a chamber answers, or None.
    """
    if pec.filed_on and (not pec.seen_on or pec.seen_on <= pec.filed_on):
        return _Verdict(TO_CONFIRM, 'outcome_missing')
    answered_on = answer.get_due(pec.filed_on) if answer and pec.filed_on else None
    if answered_on and pec.seen_on <= answered_on:
        return _Verdict(TO_CONFIRM, 'outcome_missing', answered_on + DAY)
    if pec.seen_on:
        return _Verdict(TO_CONFIRM, 'register_differs') if pec.seen else _Verdict(MISSING, 'not_in_register')
    return _Verdict(TO_CONFIRM, pec.verdict if pec.verdict in DOUBTS else 'not_proved')


def _judge_term(office, verdict, books):
    """Tell whether a PEC that stands in the register was communicated for this term of the office, and when that ends.

    :param _Verdict verdict: what the address is worth.
    """
    term = books.rules.get_start(ADMINISTRATOR, office.start)
    proved_on = max(filter(None, (office.pec.proved_on, office.pec.since, office.pec.seen_on)))
    if term and not term.due_on and proved_on < office.start:
        is_filed = office.pec.filed_on and office.pec.filed_on >= office.start
        return _Verdict(TO_CONFIRM, 'outcome_missing' if is_filed else 'term_renewed')
    if office.until and office.until < books.today:
        return _Verdict(OFFICE_ENDING, 'term_over', office.until)
    if office.until and office.until - books.today <= _days(books.ahead.office):
        return _Verdict(OFFICE_ENDING, '', office.until)
    return verdict


def _fill(line, verdict, duty, start, books):
    """Return a line with what an address is worth, by when it has to be mended, and the fine.

    :param str duty: of ``rules.DUTIES``.
    :param start: of the registration or the office, as far as it is known.
    """
    is_breach = verdict.state in BREACHES
    is_due = is_breach or (line.kind == ADMINISTRATOR and verdict.reason in DUE_REASONS)
    term = books.rules.get_start(duty, start) if is_due else None
    return line._replace(
        state=verdict.state, reason=verdict.reason, others=verdict.others,
        due=term.get_due(start) if term else verdict.due,
        fine=books.rules.fines.get(duty) if is_breach else None)


def _judge_notices(line, pec, duty, books):
    """Return a company's line by those of the chamber's notices that nothing communicated since has answered."""
    answered_on = max(filter(None, (pec.since, pec.filed_on, pec.accepted_on)), default=datetime.date.min)
    notices = [notice for notice in books.notices.get(line.company, ()) if notice.published_on >= answered_on]
    if not notices:
        return line
    dues = []
    for notice in notices:
        term = books.rules.get_notice(notice.chamber)
        dues.append(notice.due_on or (term and term.get_due(notice.published_on)))
    due = min(filter(None, dues), default=None)
    reason = 'notice_over' if due and due < books.today else 'notice'
    return line._replace(
        state=IRREGULAR, reason=reason, due=due, fine=books.rules.fines.get(duty),
        step='file' if line.state == TO_CONFIRM else '')


def _judge_filings(line, books):
    """Return a line by what is being filed: of any administrator when it is not known whose PEC is due."""
    states = {
        filing.state for filing in books.filings.get((line.company, line.kind), ())
        if line.kind == COMPANY or not line.person or filing.person == line.person}
    if not states or line.state == EXEMPT:
        return line
    return line._replace(
        state=UNDER_WAY, step=next((step for state, step in FILING_STEPS.items() if state in states), 'wait'))


def _finish(line, days, books):
    """Return a line with its next step, and the day on which it is judged again.

    :param set days: on which something other than the term changes it.
    """
    keys = ((line.kind, line.reason), line.reason, line.state)
    days = {*days, line.due + DAY} if line.due else days
    return line._replace(
        step=line.step or next(STEPS[key] for key in keys if key in STEPS),
        is_late=bool(line.due) and line.due < books.today,
        again_on=min((day for day in days if day > books.today), default=None))


def _get_address_days(pec, books):
    """Return the days on which the mailbox of a PEC, or who else has the address, makes a line another one."""
    mailbox = books.mailboxes.get(pec.address)
    days = sharing.get_days(pec.address, books.addresses)
    if not mailbox or not mailbox.expires_on:
        return days
    return {*days, mailbox.expires_on - _days(books.ahead.mailbox), mailbox.expires_on + DAY}


def _get_office_days(office, books):
    """Yield the days on which an office, or its mailbox, makes a line another one."""
    span = _days(books.ahead.office)
    if office.start:
        yield from (office.start - span, office.start)
    if office.until:
        yield from (office.until - span, office.until + DAY)
    if office.ended_on:
        yield office.ended_on
    yield from _get_address_days(office.pec, books)
