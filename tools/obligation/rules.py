"""The law as data: what it asks of whom, from when to when, by when, and what it costs not to do it.

The tables beside this module hold it as it is shipped. Who judges is given :class:`Rules`, made of rows by
:func:`in_force`: of these tables, or of others in which somebody has corrected a row.

- ``answers.csv`` says of a legal form, of a state of a company, and of an office, whether a PEC is due: ``yes``, ``no``
  or ``undecided`` (nobody has said it, or it is not known what a code means); ``reason`` is the code of why not. Of a
  form or a state that depends on the duty: ``DUTIES``. An office has a rank, ``RANKS``.
- ``terms.csv`` says by when: after the ``start`` of a registration or an office, or after a chamber's ``notice``
  (``code`` is the province of the chamber, '' for the others); and by when a chamber gives its ``answer`` to a filing.
- ``fines.csv`` holds the fines in EUR, and what is paid within how many days from their notice instead.

A code of an office in small letters is none of the register's, whose own code for it is not known.
"""
import csv
import datetime
import functools
from pathlib import Path
from typing import NamedTuple

from ..italy import calendar

# A company's own PEC, that of an enterprise of one person, that of the administrator who must have one.
DUTIES = COMPANY, TRADER, ADMINISTRATOR = 'company', 'trader', 'administrator'
ANSWERS = NO, UNDECIDED, YES = 'no', 'undecided', 'yes'  # the one that exempts most first
# The order in which an administrator is looked for; who runs a company without having to; any other office (0).
RANKS = SOLE, DELEGATE, PRESIDENT, WITHOUT_DUTY = 1, 2, 3, 4
ALONE = frozenset({SOLE, PRESIDENT})  # one person alone is it at a time


class Answer(NamedTuple):
    """Whether a PEC is due of a legal form, in a state, or of who holds an office."""
    about: str  # 'form', 'state' or 'role'
    code: str  # of the form, the state or the office
    name: str  # of an office, as the register calls it; '' when it is not published
    duty: str  # of ``DUTIES``
    answer: str  # of ``ANSWERS``
    rank: int  # of ``RANKS``; of an office that is undecided the highest one that it may have
    reason: str  # code, '' of a yes
    source: str
    valid_from: datetime.date
    valid_until: datetime.date | None  # the last day


class Term(NamedTuple):
    """By when something is due."""
    about: str  # 'start', 'notice' or 'answer'
    code: str  # of a notice: the province of the chamber
    duty: str  # of a start
    before: datetime.date | None  # it is of what has started before this day
    due_on: datetime.date | None
    days: int | None  # from the start or the notice, when no day is fixed; working days from the filing to the answer
    source: str
    valid_from: datetime.date
    valid_until: datetime.date | None

    def get_due(self, day):
        """Return the last day in time.

        :param datetime.date day: of the start, the notice or the filing.
        """
        if self.about == 'answer' and not self.due_on:
            noon = datetime.datetime.combine(day, datetime.time(12))  # whose day is the same in Rome
            return calendar.add_working_days(noon, self.days or 0)
        return self.due_on or day + datetime.timedelta(days=self.days or 0)


class Fine(NamedTuple):
    """What may have to be paid, in EUR."""
    duty: str
    least: float
    most: float
    reduced: float | None  # None when it is not known
    reduced_days: int | None
    source: str
    valid_from: datetime.date
    valid_until: datetime.date | None


class Rows(NamedTuple):
    """All rows, whenever they are in force."""
    answers: tuple
    terms: tuple
    fines: tuple


class Rules(NamedTuple):
    """What is in force on a day."""
    answers: dict  # {(about, code): {duty: Answer}}
    starts: dict  # {duty: [Term, …]}, those of what has started before a day first
    notices: dict  # {province: Term}
    answer: Term | None  # by when a chamber answers a filing
    fines: dict  # {duty: Fine}
    changes_on: datetime.date | None  # the next day on which other rows are in force

    def get_answers(self, about, code):
        """Return the answers about a form, a state or an office by duty; none when the code is not known."""
        return self.answers.get((about, code), {})

    def get_start(self, duty, day):
        """Return the term of what has started on a day, None when that is not known.

        :param str duty: of ``DUTIES``.
        :param day: a date, or None.
        :rtype: Term | None
        """
        return day and next(
            (term for term in self.starts.get(duty, ()) if not term.before or day < term.before), None)

    def get_notice(self, chamber):
        """Return the term of a chamber's notices, None when there is none.

        :param str chamber: its province, '' when it is not known.
        :rtype: Term | None
        """
        return self.notices.get(chamber) or self.notices.get('')


@functools.cache
def read_shipped():
    """Return the rows as they are shipped.

    :rtype: Rows
    """
    return Rows(*(
        tuple(row_type(**_convert(row, row_type)) for row in _read_table(name))
        for name, row_type in (('answers', Answer), ('terms', Term), ('fines', Fine))))


def in_force(rows, day):
    """Return the rules of a day. Of rows about the same the one counts that is valid since last, then the last one.

    :param Rows rows: in any order.
    :param datetime.date day: on which is judged.
    :rtype: Rules
    """
    answers, starts, notices, fines, answer = {}, {}, {}, {}, None
    for row in _filter_valid(rows.answers, day):
        answers.setdefault((row.about, row.code), {})[row.duty] = row
    for row in _filter_valid(rows.terms, day):
        if row.about == 'notice':
            notices[row.code] = row
        elif row.about == 'answer':
            answer = row
        else:
            starts.setdefault(row.duty, {})[row.before] = row
    for row in _filter_valid(rows.fines, day):
        fines[row.duty] = row
    return Rules(
        answers, {duty: _sort_starts(terms.values()) for duty, terms in starts.items()}, notices, answer, fines,
        min((change for table in rows for row in table for change in _get_changes(row) if change > day), default=None))


def _filter_valid(table, day):
    """Return the rows of a table that are valid on a day, those last that count most."""
    valid = [row for row in table if row.valid_from <= day and (not row.valid_until or day <= row.valid_until)]
    return sorted(valid, key=lambda row: row.valid_from)


def _get_changes(row):
    """Yield the days on which a row begins, and ends, to be in force."""
    yield row.valid_from
    if row.valid_until:
        yield row.valid_until + datetime.timedelta(days=1)


def _sort_starts(terms):
    return sorted(terms, key=lambda term: term.before or datetime.date.max)


def _read_table(name):
    with Path(__file__).with_name(f'{name}.csv').open(encoding='utf-8', newline='') as file:
        return list(csv.DictReader(file))


def _convert(row, row_type):
    """Return the texts of a row as values of a type: dates, numbers, and None where a date or a number is empty."""
    return {name: _CONVERTERS[row_type.__annotations__[name]](text) for name, text in row.items()}


def _or_none(convert):
    return lambda text: convert(text) if text else None


_CONVERTERS = {
    str: str, float: float, int: lambda text: int(text or 0), datetime.date: datetime.date.fromisoformat,
    float | None: _or_none(float), int | None: _or_none(int),
    datetime.date | None: _or_none(datetime.date.fromisoformat),
}
