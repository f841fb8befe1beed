"""Whether a call that changes a mailbox was executed although its answer was lost: the mailbox shows it.

The API has no idempotency key, and a renewal is a GET. So what a mailbox was like is kept before a call; right before
it is made, the mailbox is read once more, and nothing is called when it has changed; after a lost answer it is read
again and compared.
"""
import datetime
from collections.abc import Callable
from typing import NamedTuple

from ..api.errors import NotSent, OutcomeUnknown, Refused
from ..cleaning import clean

EXECUTED, UNCHANGED, UNCLEAR = 'executed', 'unchanged', 'unclear'

UNTOLD = (None, '')  # values of a snapshot
SPACES = ('spazio_disco', 'spazio_storico', 'spazio_conservazione')


class Truth(NamedTuple):
    """How a mailbox shows that an operation was executed.

    :param is_executed: function (snapshot before, request, snapshot after, record after) that tells whether what was
        asked for is there.
    :param tuple shown_by: the keys of a snapshot that move when the operation takes effect, in whatever way; empty
        where they prove nothing.
    :param bool adds_up: whether several calls show together, by the sum of their ``years``.
    """

    is_executed: Callable
    shown_by: tuple = ()
    adds_up: bool = False


def snapshot(record):
    """Return what of a mailbox the operations change, as JSON can hold it.

    :param dict record: as ``PecClient.get_mailbox`` returns it.
    :rtype: dict
    """
    return {
        'stato': record['stato'],
        'tipo_casella': record['tipo_casella'],
        'data_scadenza': record['data_scadenza'].isoformat() if record['data_scadenza'] else None,
        **{key: record[key] for key in SPACES},
        'conservazione': record.get('conservazione') is True,
        'utenze': sorted(user['id_utenza'] for user in record['multiutenza']),
        'ultima_modifica': record['times'].get('ultima_modifica'),
    }


def call_unless_changed(read, before, call, check):
    """Make a call, once, unless the mailbox is no longer what it was when somebody asked for it.

    :param read: function without arguments that reads the mailbox.
    :param dict before: its :func:`snapshot`.
    :param call: function without arguments that makes the call.
    :param check: function without arguments, called right before the call; raises NotSent when it is too late.
    :raise NotSent: the mailbox cannot be read now.
    :raise Refused: with code 'changed'.
    """
    try:
        record = read()
    except OutcomeUnknown as error:
        raise NotSent(
            "The mailbox could not be read before the call", status=error.status, reason='unread_before') from None
    if snapshot(record) != before:
        raise Refused("The mailbox has changed at the service", status=409, code='changed', reason='changed')
    check()
    return call()


def judge(truth, before, request, record):
    """Judge whether a call was executed.

    :param Truth truth: of the operation.
    :param dict before: the :func:`snapshot` right before the call.
    :param dict request: what was asked for: ``years``, ``spaces`` (dict), ``mailbox_type``, ``user`` (dict), as the
        operation has it.
    :param dict record: the mailbox now, as ``PecClient.get_mailbox`` returns it.
    :return: ``EXECUTED``; ``UNCHANGED`` when nothing at all has changed (yet: an effect may show later); else
        ``UNCLEAR``: a person decides.
    :rtype: str
    """
    after = snapshot(record)
    known = _fill_untold(before, after)
    # of what the operation changes
    is_untold = any(before.get(key) != known[key] for key in truth.shown_by or ('stato',))
    if after == known and not is_untold:
        return UNCHANGED
    return EXECUTED if truth.is_executed(known, request, after, record) else UNCLEAR


def _fill_untold(before, after):
    """Return a snapshot in which a later one fills what is empty: a value that appears is no change."""
    return {**before, **{key: value for key, value in after.items() if before.get(key) in UNTOLD}}


def _is_activated(before, _request, after, _record):
    return before['stato'] != after['stato'] and after['stato'] in ('in_evasione', 'evasa', 'documenti_errati')


def _is_enlarged(_before, request, after, _record):
    return all(after[key] == size for key, size in request['spaces'].items())


def _is_upgraded(_before, request, after, _record):
    return after['tipo_casella'] == request['mailbox_type']


def _is_stored(_before, _request, after, _record):
    return after['conservazione']


def _has_user(before, request, _after, record):
    """Return whether a user of this name and address is there who was not there before."""
    wanted = {key: _fold(value) for key, value in request['user'].items()}
    return any(
        all(_fold(user[key]) == value for key, value in wanted.items())
        for user in record['multiutenza'] if user['id_utenza'] not in before['utenze'])


def _is_renewed(before, request, after, _record):
    """It expires so many years later, or it was revoked and is active again.

    One day of difference is allowed: most years have no 29 February.
    """
    if before['stato'] != after['stato']:
        return (before['stato'], after['stato']) == ('revocata', 'evasa')
    if not before['data_scadenza'] or not after['data_scadenza']:
        return False
    old, new = (datetime.date.fromisoformat(state['data_scadenza']) for state in (before, after))
    return old < new and abs((new - add_years(old, request['years'])).days) <= 1


def _is_revoked(_before, _request, after, _record):
    return after['stato'] in ('revocata', 'chiusa')


def add_years(date, years):
    """Return the same day some years later; 28 February for a 29th that the year lacks.

    The year is at most the last one that a date can have.

    :rtype: datetime.date
    """
    year = min(date.year + years, date.max.year)
    try:
        return date.replace(year=year)
    except ValueError:
        return date.replace(year=year, day=28)


def _fold(text):
    return clean(str(text or '')).casefold()


def is_shown(truth, before, after):
    """Return whether what an operation changes has moved since a snapshot.

    :param Truth truth: of the operation, with ``shown_by``.
    """
    return any(before.get(key) != after.get(key) for key in truth.shown_by)


def find_shown(truth, before, calls, record):
    """Return which calls of an operation a mailbox shows, since what the operation changes has moved.

    :param Truth truth: of the operation, with ``shown_by``.
    :param dict before: the snapshot since which it has moved.
    :param list calls: dicts with ``request`` (missing of what an earlier version kept) and ``is_accepted``, the last
        one first.
    :param dict record: the mailbox now.
    :return: those of them that explain it, alone or, as years add up, together. A change that was not asked for here
        shows no call that was not found; a call that was accepted needs no more than a move.
    :rtype: list
    """
    after = snapshot(record)
    tried = [[call] for call in calls]
    if truth.adds_up and len(calls) > 1 and all('request' in call for call in calls):
        tried.append(calls)
    for own in tried:
        request = own[0].get('request')
        if len(own) > 1:
            request = {'years': sum(call['request']['years'] for call in own)}
        if request is None or truth.is_executed(_fill_untold(before, after), request, after, record):
            return own
    return [call for call in calls[:1] if call['is_accepted']]


ACTIVATION = Truth(_is_activated)
ENLARGEMENT = Truth(_is_enlarged, SPACES)
UPGRADE = Truth(_is_upgraded, ('tipo_casella',))
LEGAL_STORAGE = Truth(_is_stored, ('conservazione', 'spazio_conservazione'))
FURTHER_USER = Truth(_has_user)
RENEWAL = Truth(_is_renewed, ('data_scadenza', 'stato'), adds_up=True)
REVOCATION = Truth(_is_revoked)
