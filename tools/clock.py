"""A clock that cannot be set and goes on while the machine sleeps; and the time of day."""
import time
from datetime import datetime, timedelta, timezone

CLOCK = getattr(time, 'CLOCK_BOOTTIME', time.CLOCK_MONOTONIC)
DAY = timedelta(days=1)


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


def add_zone(moment):
    """Return a moment that Odoo keeps as an aware one; of nothing, nothing."""
    return moment and moment.replace(tzinfo=timezone.utc)
