"""How a command of ``dev`` begins and ends. With which Python it runs is ``dev/python``'s part."""
import os
import signal
import sys

from .place import Failure, say
from .postgres import bequeath_database, release_database
from .running import odoo_command, odoo_environ

SIGNALS = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}


def main(function, interrupted=None):
    """Run the main function of a command: turn failures into sentences and exit codes.

    `interrupted` is the exit status after Ctrl-C and the like, when that is an ordinary end.
    """
    def interrupt(number, frame):
        _ignore_signals()
        say('Ending …')
        sys.exit(128 + number if interrupted is None else interrupted)

    for number in SIGNALS:
        signal.signal(number, interrupt)
    try:
        status = function()
    except Failure as failure:
        say(f'Error: {failure}')
        status = 2
    finally:
        _ignore_signals()
        release_database()
    sys.exit(status)


def _ignore_signals():
    """Let a second Ctrl-C not leave things half ended."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def exec_odoo(arguments):
    """Become Odoo, so that signals reach it."""
    command, environ = [*odoo_command(), *arguments], odoo_environ()
    bequeath_database()
    for number, handler in SIGNALS.items():
        signal.signal(number, handler)
    os.execve(command[0], command, environ)
