"""Whether a call that makes a record was executed although its answer was lost: the account's list shows it.

The API has no idempotency key. What proves that a ``POST`` was executed is the reference that it carried in
``callback.data``, when a record echoes it. What disproves it does not exist: a list may be late, capped or another
account's, so that "not there" is at most probable (see :func:`doubts_about`).
"""
import functools
import html
from dataclasses import dataclass, field

from .. import clock
from ..api.errors import Gone, OpenapiPecError
from ..cleaning import clean, without_accents

MOST_READ = 10  # details of rows read for one lost call


class Listing(list):
    """The readable rows of an account's list, of one reading.

    :param rows: ``[{'id', 'casella_pec', 'timestamp', 'owner', …}, …]``.
    :param int unreadable: how many rows have no usable id, and may be any record.
    :param float read_at: when it began to be read, on the clock of :mod:`.clock`; now by default.
    """

    def __init__(self, rows=(), unreadable=0, read_at=None):
        super().__init__(rows)
        self.unreadable = unreadable
        self.read_at = clock.now() if read_at is None else read_at

    @property
    def age(self):
        """How many seconds ago it was read, however long it has been judged since."""
        return clock.now() - self.read_at

    @functools.cached_property
    def owners(self):
        """The accounts that the rows name (a set of str): one, as long as all is well."""
        return {row['owner'] for row in self if row.get('owner')}


@dataclass(frozen=True)
class Look:
    """One look for a call whose answer was lost."""
    doubts: frozenset = frozenset()  # why it decides nothing: names of const.service.DOUBTS
    accepted: frozenset = frozenset()  # those of them that somebody has accepted for the account
    age: float = 0  # seconds since the service was asked

    @property
    def counts(self):
        """Whether it counts as a look that did not find the call: it has no doubts, or only accepted ones."""
        return self.doubts <= self.accepted


NO_DOUBT = Look()


@dataclass
class Traces:
    """What may be the outcome of one call, as :func:`find_traces` found it. All are whole records, the oldest first."""
    proven: list = field(default_factory=list)  # they echo the call's own reference
    matching: list = field(default_factory=list)  # without an echo: address, time and all keys agree
    # without an echo: the address may be ours, something else differs or is not told
    partial: list = field(default_factory=list)
    others: list = field(default_factory=list)  # of our address, but they echo the reference of another call
    unread: list = field(default_factory=list)  # ids of rows that may be ours and whose details cannot be read

    @property
    def executed(self):
        """The record that the call made, beyond doubt; None when nothing is beyond doubt."""
        if self.proven:
            return self.proven[0]
        return self.matching[0] if len(self.matching) == 1 and not self.unread else None

    @property
    def doubtful(self):
        """The records among which a person has to decide (list)."""
        return [] if self.executed else self.matching + self.partial

    @property
    def is_open(self):
        """Whether some row has to be read before anything can be said."""
        return not self.executed and bool(self.unread)


def fold(value):
    """Return a value as it can be compared with what was sent: case, spaces, accents and HTML entities do not count.

    :param value: anything; labels such as "Legale rappresentante" equal their codes (``LEGALE_RAPPRESENTANTE``).
    :rtype: str
    """
    return _fold_text(str(value if value is not None and value is not False else ''))


@functools.lru_cache(maxsize=1 << 15)  # lists of thousands of addresses are compared again and again
def _fold_text(text):
    text = html.unescape(html.unescape(text))
    return ' '.join(without_accents(clean(text)).replace('_', ' ').split()).casefold()


def find_reference(record):
    """Return the reference that a record echoes in ``callback.data``, '' when there is none.

    ``callback`` is false when unset; older samples of the vendor misspell it ``callbak``.
    """
    callback = record.get('callback') or record.get('callbak')
    data = callback.get('data') if isinstance(callback, dict) else None
    return str(data.get('reference') or '') if isinstance(data, dict) else ''


def find_traces(listing, read, sent, *, since, strangers, keys, dismissed=frozenset(), most=MOST_READ):
    """Return what at the service may be the outcome of a call that makes a record.

    :param Listing listing: the list of the account that was called.
    :param read: function of an id that returns the whole record, or raises an OpenapiPecError.
    :param dict sent: the body as it was sent.
    :param float since: seconds since 1970; without an echo, a record with an earlier timestamp agrees only in part.
    :param strangers: ids that cannot be the call's: those of other records of ours, and those seen before the call.
    :param keys: the keys of ``sent`` that a record without an echo must repeat.
    :param dismissed: ids of which a person has said that they are not the call's: nothing but the reference proves the
        contrary.
    :param int most: how many records are read; what is beyond counts as not read.
    :rtype: Traces
    """
    address, reference = fold(sent['casella_pec']), find_reference(sent)
    rows = [row for row in listing if row['id'] not in strangers and fold(row['casella_pec']) in (address, '')]
    # Those of our address first, the newest first: the likeliest are read in any case.
    rows.sort(
        key=lambda row: (row['id'] in dismissed, fold(row['casella_pec']) != address, -(row['timestamp'] or since)))
    traces = Traces(unread=[row['id'] for row in rows[most:] if row['id'] not in dismissed])
    for row in rows[:most]:
        try:
            record = read(row['id'])
        except OpenapiPecError:
            # Also when it is not found: details may be later than the list.
            traces.unread += [] if row['id'] in dismissed else [row['id']]
            continue
        echoed = find_reference(record)
        if reference and echoed == reference:
            traces.proven.append(record)
        elif row['id'] not in dismissed and fold(record.get('casella_pec') or row['casella_pec']) in (address, ''):
            agrees = _agrees(record, row, sent, since, keys)
            (traces.others if reference and echoed else traces.matching if agrees else traces.partial).append(record)
    for records in (traces.proven, traces.matching, traces.partial, traces.others):
        records.sort(key=lambda record: (record.get('timestamp') or since, record['id']))
    return traces


def _agrees(record, row, sent, since, keys):
    """Return whether a record without an echo agrees with what was sent in address, time and all keys."""
    timestamp = row['timestamp'] or record.get('timestamp')
    return bool(timestamp) and timestamp >= since and all(
        fold(record.get(key)) == fold(sent.get(key)) and fold(sent.get(key)) for key in ('casella_pec', *keys))


def compare(body, record, keys):
    """Return which of some keys a record at the service repeats as they were sent, changes, or lacks.

    :param dict body: what was sent.
    :param keys: what to look at; what neither has is left out.
    :return: ``{'agrees': [key, …], 'differs': [key, …], 'unknown': [key, …]}``
    :rtype: dict[str, list[str]]
    """
    verdicts = {'agrees': [], 'differs': [], 'unknown': []}
    for key in keys:
        sent, told = body.get(key), record.get(key)
        if told not in (None, ''):
            verdicts['agrees' if fold(told) == fold(sent) else 'differs'].append(key)
        elif sent not in (None, ''):
            verdicts['unknown'].append(key)
    return verdicts


def doubts_about(listing, expected, read, most=5):
    """Return why a list cannot be believed when it does *not* show something.

    :param Listing listing: the account's list.
    :param set expected: ids that earlier lists of the same account showed.
    :param read: function of an id that returns the whole record, or raises an OpenapiPecError.
    :param int most: how many missing records are read by themselves at the most.
    :return: ``(reasons, gone)``: the reasons (a set of 'unreadable': rows that may be anything; 'incomplete': a record
        that exists is missing; 'missing': records are missing and cannot be read now), empty when it can be believed;
        and the ids of which the service says that it does not know them (any more).
    :rtype: tuple[set, set]
    """
    reasons, gone = ({'unreadable'} if listing.unreadable else set()), set()
    missing = sorted(expected - {row['id'] for row in listing})
    for remote_id in missing[:most]:
        try:
            read(remote_id)
            reasons.add('incomplete')
        except Gone:
            gone.add(remote_id)
        except OpenapiPecError:
            reasons.add('missing')
    if len(missing) > most:
        reasons.add('missing')
    return reasons, gone
