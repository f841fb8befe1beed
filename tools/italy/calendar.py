"""Working days in Italy, the terms that are counted in them, and when its months begin.

Days off: Saturday, Sunday and the national holidays (L. 260/1949, L. 54/1977, L. 336/2000); 4 October is a
holiday again from 2026 (L. 151/2025). Easter from dateutil.
"""
import datetime
import functools
from zoneinfo import ZoneInfo

from dateutil.easter import easter

from ..clock import add_zone, strip_zone

ROME = ZoneInfo('Europe/Rome')
# (month, day), first year in which the holiday counts
FIXED_HOLIDAYS = {
    (1, 1): 1949,  # New Year
    (1, 6): 1986,  # Epiphany
    (4, 25): 1949,  # Liberation
    (5, 1): 1949,  # Labour Day
    (6, 2): 2001,  # Republic
    (8, 15): 1949,  # Assumption
    (10, 4): 2026,  # Saint Francis
    (11, 1): 1949,  # All Saints
    (12, 8): 1949,  # Immaculate Conception
    (12, 25): 1949,  # Christmas
    (12, 26): 1949,  # Saint Stephen
}


@functools.cache
def holidays(year):
    """Return the national holidays of a year, without the Sundays that are nothing else.

    :param int year: from 1949.
    :rtype: frozenset[datetime.date]
    """
    fixed = (
        datetime.date(year, month, day) for (month, day), first_year in FIXED_HOLIDAYS.items() if year >= first_year)
    return frozenset({*fixed, easter(year) + datetime.timedelta(days=1)})


def get_month_start(moment):
    """Return when the month began in Rome into which a moment falls.

    :param datetime.datetime moment: naive and in UTC, as is what is returned.
    :rtype: datetime.datetime
    """
    start = _in_rome(moment).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return strip_zone(start)


def _in_rome(moment):
    return add_zone(moment).astimezone(ROME)


def is_working_day(day):
    """Tell whether a ``datetime.date`` is a working day in Italy."""
    return day.weekday() < 5 and day not in holidays(day.year)


def add_working_days(moment, days):
    """Return the day on which a number of working days has gone by.

    :param datetime.datetime moment: naive and in UTC, as Odoo keeps moments. The day it falls on in Rome does not
        count.
    :param int days: working days; less than 0 counts as 0. "48 working hours" of the vendor are read as 2.
    :rtype: datetime.date
    """
    day = _in_rome(moment).date()
    while days > 0:
        day += datetime.timedelta(days=1)
        days -= is_working_day(day)
    return day
