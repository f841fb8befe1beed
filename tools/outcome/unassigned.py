"""Filings that were made elsewhere, in the vendor's console: what their records say, none of it believed."""
import re
import time

from ..api.client import bound_text
from .created import find_reference

MAX_LENGTH = 200  # characters of a piece of data; a longer one was never filed
FIRST_STATO = 'codice_in_richiesta'
# The vendor's ids look like MongoDB's: the first eight hexadecimal digits are the seconds of their making.
OBJECT_ID = re.compile(r'([0-9a-f]{8})[0-9a-f]{16}')
EARLIEST = 1420070400  # 2015-01-01, before the service existed
CLOCK_SKEW = 24 * 3600  # seconds


def read_details(record, keys):
    """Return what was filed, as a record states it.

    :param dict record: as ``PecClient.get_filing`` returns it.
    :param dict keys: our name -> key of the record.
    :return: ``{our name: one line of text, '' where there is none}``.
    :rtype: dict[str, str]
    """
    return {name: bound_text(record.get(key))[:MAX_LENGTH] for name, key in keys.items()}


def read_reference(record):
    """Return the reference that the call that made a filing had echoed, '' when it was no call of Odoo's."""
    return bound_text(find_reference(record))[:MAX_LENGTH]


def submitted_at(remote_id, stato, timestamp):
    """Return when a filing was made, in seconds since 1970, or None when its record does not show it.

    The ``timestamp`` is the last change: it is the submission while nothing has changed since. Later the id shows it as
    well, where it has the form of a time that can be.

    :param str remote_id: the service's id.
    :param str stato: as the service calls it.
    :param timestamp: seconds since 1970, or None.
    """
    match = OBJECT_ID.fullmatch(remote_id.lower())
    latest = plausible(timestamp) or time.time()
    for seconds in (timestamp if stato == FIRST_STATO else None, match and int(match[1], 16)):
        if plausible(seconds) and seconds <= latest + CLOCK_SKEW:
            return seconds
    return None


def plausible(seconds):
    """Return a time of the service, in seconds since 1970, or None when it cannot be one."""
    return seconds if seconds and EARLIEST <= seconds <= time.time() + CLOCK_SKEW else None
