"""Single values of an answer, read leniently: whatever stands there, each is what it must be, or None, or empty."""
import contextlib
import datetime
import math
import re

TIME = re.compile(  # ISO 8601
    r'([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:[.,]([0-9]{1,9}))?'
    r'(?:[Zz]|([+-][0-9]{2}):?([0-9]{2}))?')
ZONE = re.compile(r'(?:[Zz]|[+-][0-9]{2}:?[0-9]{2})$')
NUMBER = re.compile(r'-?[0-9]{1,12}(?:\.[0-9]{1,12})?')
LARGEST = 10 ** 9  # EUR, or requests; what is more is no number


def read_time(value):
    """Read a time.

    :param value: ISO 8601, with or without a zone (then it counts as UTC), or seconds since 1970; anything.
    :return: of the zone UTC; None: it is none.
    :rtype: datetime.datetime | None
    """
    with contextlib.suppress(ValueError, OverflowError, OSError):
        if isinstance(value, str) and (told := TIME.fullmatch(value.strip())):
            # As Python 3.10 reads it: six decimals, and a zone with a colon.
            day, time, decimals, hours, minutes = told.groups()
            zone = f'{hours}:{minutes}' if hours else '+00:00'
            written = f'{day}T{time}.{(decimals or "")[:6]:0<6}{zone}'
            return datetime.datetime.fromisoformat(written).astimezone(datetime.timezone.utc)
        if type(value) in (int, float):
            return datetime.datetime.fromtimestamp(value, datetime.timezone.utc)
    return None


def has_zone(value):
    """Return whether a time, as :func:`read_time` takes it, is told with its zone: seconds since 1970 have one."""
    return not isinstance(value, str) or bool(ZONE.search(value.strip()))


def read_number(value):
    """Return a number (float), which may come as text; None: it is none, or none that can be meant."""
    if isinstance(value, str) and NUMBER.fullmatch(value.strip()):
        value = float(value)
    if type(value) is int and abs(value) < LARGEST:
        value = float(value)
    return value if type(value) is float and math.isfinite(value) and abs(value) < LARGEST else None


def read_count(value):
    """Return a whole number (int), 0 or more, which may come as text; None: it is none."""
    number = read_number(value)
    return int(number) if number is not None and number >= 0 and number.is_integer() else None


def match_text(pattern, value):
    """Return a text that has a form; '': it has not."""
    return value if isinstance(value, str) and pattern.fullmatch(value) else ''


def as_dict(value):
    """Return an object; an empty one in place of anything else."""
    return value if isinstance(value, dict) else {}


def as_list(value):
    """Return a list; an empty one in place of anything else."""
    return value if isinstance(value, list) else []
