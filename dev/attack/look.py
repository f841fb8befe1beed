"""Measure how long a page takes for somebody else than the attackers.

`look.py URL SECONDS EVERY PATIENCE` prints a line for each look.
"""
import sys
import time

import requests


def look(url, patience):
    """Return after how many seconds a page has answered; `patience` when it has not."""
    started = time.monotonic()
    try:
        is_answered = requests.get(url, timeout=patience).ok
    except requests.RequestException:
        is_answered = False
    return time.monotonic() - started if is_answered else patience


def main(url, seconds, every, patience):
    """Look again and again."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        print(f'{look(url, patience):.3f}', flush=True)
        time.sleep(every)


if __name__ == '__main__':
    main(sys.argv[1], *map(float, sys.argv[2:]))
