"""Whether a PEC is due of a company, and of whom of its administrators."""
import datetime
from typing import NamedTuple

from .rules import (
    ADMINISTRATOR,
    ALONE,
    ANSWERS,
    COMPANY,
    DELEGATE,
    NO,
    SOLE,
    TRADER,
    UNDECIDED,
    WITHOUT_DUTY,
    YES,
)

UNKNOWN, UNSAID = (UNDECIDED, 'form_unknown'), (UNDECIDED, 'form_unsaid')
UNKNOWN_STATE = UNDECIDED, 'state_unknown'
UNKNOWN_ROLE = UNDECIDED, 'role_unknown', DELEGATE


class Ruling(NamedTuple):
    """Whether a PEC is due."""
    duty: str  # of ``rules.DUTIES``
    answer: str  # of ``rules.ANSWERS``
    reason: str = ''  # code of why it is not due, or why nobody has said it


class _Ranked(NamedTuple):
    """An office with what the rules say of it."""
    rank: int  # of ``rules.RANKS``, or 0
    answer: str
    reason: str
    office: object


class Obliged(NamedTuple):
    """Whose PEC of a company's administrators is due."""
    answer: str
    reason: str = ''
    offices: tuple = ()  # of who is obliged; several when one of them is enough. Of an undecided one: of who may be


def judge_company(company, is_own, rules):
    """Tell whether a company's own PEC is due, or that of an administrator.

    Form and state are asked each; the one counts that exempts more. A person's decision counts where they are
    undecided.

    :param Company company: one.
    :param bool is_own: whether its own is asked for.
    :param Rules rules: in force.
    :rtype: Ruling
    """
    forms, states = rules.get_answers('form', company.form), rules.get_answers('state', company.state)
    duty = ADMINISTRATOR if not is_own else TRADER if TRADER in forms else COMPANY
    by_form = _get(forms.get(duty), UNSAID if forms else UNKNOWN)
    by_state = _get(states.get(duty), UNKNOWN_STATE)
    answer, reason = min(by_form, by_state, key=lambda found: ANSWERS.index(found[0]))
    if answer == UNDECIDED:
        answer, reason = decide(company.own_decision if is_own else company.administrator_decision, reason)
    return Ruling(duty, answer, reason)


def decide(decision, reason):
    """Return answer and reason of what is undecided, by what a person has decided.

    :param str decision: 'yes', 'no', or '' for nothing.
    :param str reason: why it is undecided.
    :return: (answer, reason)
    """
    return {YES: (YES, ''), NO: (NO, 'decided')}.get(decision, (UNDECIDED, reason))


def _get(answer, unknown):
    return (answer.answer, answer.reason) if answer else unknown


def find_obliged(offices, rules, today, chosen=''):
    """Find whose PEC is due: the sole administrator's, or a delegate's, or failing them the president's.

    Whose office has run out goes on until somebody follows. What is not known of an office counts only where it could
    come before those of which it is: beside a delegate nobody else is needed.

    :param offices: of one company, that are held or, of those alone, that will be.
    :param Rules rules: in force.
    :param datetime.date today: on which is judged.
    :param chosen: the person whom somebody has chosen; counts when it is undecided.
    :rtype: Obliged
    """
    ranked = _rank(_get_running(offices, rules, today), rules)
    certain = [row for row in ranked if row.answer == YES]
    best = min((row.rank for row in certain), default=WITHOUT_DUTY)
    holders = tuple(row.office for row in certain if row.rank == best)
    doubtful = [
        row for row in ranked
        if row.answer == UNDECIDED and (row.rank < best or (row.rank == best and best in ALONE))]
    without_duty = next((row for row in ranked if row.rank == WITHOUT_DUTY), None)
    if doubtful:
        reason = doubtful[0].reason
    elif _is_contradictory(certain, best):
        reason, holders = 'several_in_office', tuple(row.office for row in certain)
    elif holders:
        return Obliged(YES, '', holders)
    elif without_duty:
        return Obliged(NO, without_duty.reason)
    else:
        reason = 'office_unknown'
    by_choice = [row.office for row in ranked if chosen and row.office.person == chosen]
    if by_choice:
        return Obliged(YES, '', (by_choice[0],))
    return Obliged(UNDECIDED, reason, (*(row.office for row in doubtful), *holders))


def _is_contradictory(certain, best):
    """Tell whether people are in offices that cannot be held at the same time: somebody has not written that one ended.

    Nobody is delegate or president beside a sole administrator.
    """
    people = {row.office.person for row in certain if row.rank == best}
    return (best in ALONE and len(people) > 1) or (best == SOLE and any(row.rank != SOLE for row in certain))


def _get_running(offices, rules, today):
    """Return the offices whose term runs, the last of each person and kind; all, if nobody follows them."""
    running = [office for office in offices if not office.until or office.until >= today]
    if not any(_get_role(office, rules)[2] for office in running):
        running = offices
    latest = {}
    for office in sorted(running, key=_get_start):
        latest[office.person, office.role] = office
    return latest.values()


def _rank(offices, rules):
    """Return offices with rank, answer and reason, those first that come first."""
    ranked = []
    for office in offices:
        answer, reason, rank = _get_role(office, rules)
        if office.doubt and answer == YES:
            answer, reason = UNDECIDED, office.doubt
        ranked.append(_Ranked(rank, answer, reason, office))
    return sorted(ranked, key=lambda row: (row.rank or WITHOUT_DUTY, *_get_start(row.office)))


def _get_role(office, rules):
    """Return answer, reason and rank of an office."""
    found = rules.get_answers('role', office.role).get(ADMINISTRATOR)
    return (found.answer, found.reason, found.rank) if found else UNKNOWN_ROLE


def _get_start(office):
    return office.start or datetime.date.min, str(office.key)
