"""A clock ahead of the machine's by what a file says, and the waits of the addon shortened by one factor."""
import datetime
import os
import subprocess
import time
import types

from odoo import fields
from odoo.service.server import PreforkServer

CLOCK = os.environ['CHAOS_CLOCK']
SPEED = float(os.environ['CHAOS_SPEED'])

# Waits of const.py in any unit. Not among them: how long a call may be under way, which load alone must not break.
WAITS = (
    'NO_CREDIT_PAUSE_MINUTES', 'LAST_LOOK_MINUTES', 'LOOKS_APART_MINUTES', 'DECIDE_HOURS', 'BLIND_MINUTES',
    'LOOK_SECONDS',
         'IMPORT_PAUSE_MINUTES', 'SAFE_MINUTES')
TABLES_OF_WAITS = 'RETRY_MINUTES', 'LOOK_MINUTES'

_now = datetime.datetime.now


def get_ahead():
    """Return by how much the clock is ahead."""
    with open(CLOCK) as file:
        return datetime.timedelta(seconds=float(file.read()))


# Before the addon is imported, which takes these for the defaults of its fields.
fields.Datetime.now = staticmethod(lambda *args: (_now() + get_ahead()).replace(microsecond=0))
fields.Date.today = staticmethod(lambda *args: (_now() + get_ahead()).date())

from odoo.addons.l10n_it_openapi_pec import const  # noqa: E402
from odoo.addons.l10n_it_openapi_pec.tools import clock  # noqa: E402
from odoo.addons.l10n_it_openapi_pec.tools.outcome import unassigned as foreign_filing  # noqa: E402

_utc = clock.utc
clock.utc = lambda: _utc() + get_ahead()
foreign_filing.time = types.SimpleNamespace(time=lambda: time.time() + get_ahead().total_seconds())

for name in WAITS:
    setattr(const, name, getattr(const, name) / SPEED)
for name in TABLES_OF_WAITS:
    setattr(const, name, tuple(wait / SPEED for wait in getattr(const, name)))


def _spawn_nothing(server):
    """Have the process for the bus, which nobody needs here, take no memory."""
    server.long_polling_pid = subprocess.Popen(['sleep', 'infinity'], stdin=subprocess.DEVNULL).pid


PreforkServer.long_polling_spawn = _spawn_nothing
