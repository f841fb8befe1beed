"""Results that are remembered, of functions that are asked about the same names and codes again and again.

A filing is judged when it is made, when it is shown and when it is submitted, each time beside all that has to do with
it: of thousands of filings each name is read many times, and reading it takes a millisecond.
"""
import functools

KEPT = 4096  # results of each function


def remembered(function):
    """Remember the last results of a function, which depend on its arguments alone and are not changed by anybody."""
    remembering = functools.lru_cache(maxsize=KEPT)(function)

    @functools.wraps(function)
    def call(*args, **options):
        try:
            return remembering(*args, **options)
        except TypeError:  # some argument is neither text nor nothing, and cannot be looked up
            return function(*args, **options)

    return call
