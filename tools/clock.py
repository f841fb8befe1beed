"""A clock that cannot be set and goes on while the machine sleeps; and the time of day."""
import time
from datetime import datetime, timezone

CLOCK = getattr(time, 'CLOCK_BOOTTIME', time.CLOCK_MONOTONIC)


def now():
    """Return seconds since some moment in the past (float)."""
    return time.clock_gettime(CLOCK)


def utc():
    """Return the time of day in UTC (datetime without a time zone), to the microsecond.

    Odoo's own is cut to the second.
    """
    return datetime.now(timezone.utc).replace(tzinfo=None)


def strip_zone(moment):
    """Return an aware moment as Odoo keeps it: in UTC, without a time zone; of nothing, nothing."""
    return moment and moment.astimezone(timezone.utc).replace(tzinfo=None)
