"""A clock that nobody sets and that goes on while the machine sleeps."""
import time

CLOCK = getattr(time, 'CLOCK_BOOTTIME', time.CLOCK_MONOTONIC)


def now():
    """Return seconds since some moment in the past (float)."""
    return time.clock_gettime(CLOCK)
