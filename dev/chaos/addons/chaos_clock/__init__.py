"""A clock ahead of the machine's by what a file says, and the waits of the addon shortened by one factor."""
import datetime
import importlib
import os
import subprocess
import time
import types

from odoo import fields
from odoo.service.server import PreforkServer

CLOCK = os.environ['CHAOS_CLOCK']
SPEED = float(os.environ['CHAOS_SPEED'])
TAKE_SECONDS = 5  # in which a busy machine begins a call that it has taken

# Waits in any unit, by the module of the addon that holds them; some are tables. Not among them: how long a call may be
# under way, which load alone must not break; when it is begun at the latest is shorter, as it is than any look for it.
WAITS = {
    'const.service': ('LOOKS_APART_MINUTES', 'IMPORT_PAUSE_MINUTES', 'SAFE_MINUTES'),
    'const.remote_signature': ('LOOKS_APART_SECONDS', 'WAITING_MINUTES'),
    'models.service.api_call': ('LOOK_MINUTES', 'LAST_LOOK_MINUTES'),
    'models.service.account_pause': ('NO_CREDIT_PAUSE_MINUTES',),
    'models.service.call_dispatch': ('LOOK_SECONDS',),
    'models.service.call_refused': ('RETRY_MINUTES',),
    'models.service.company': ('DECIDE_HOURS',),
    'models.record.look': ('BLIND_MINUTES',),
}

_now = datetime.datetime.now


def get_ahead():
    """Return by how much the clock is ahead."""
    with open(CLOCK) as file:
        return datetime.timedelta(seconds=float(file.read()))


# Before the addon is imported, which takes these for the defaults of its fields.
fields.Datetime.now = staticmethod(lambda *args: (_now() + get_ahead()).replace(microsecond=0))
fields.Date.today = staticmethod(lambda *args: (_now() + get_ahead()).date())

from odoo.addons.l10n_it_openapi_pec.tools import clock  # noqa: E402
from odoo.addons.l10n_it_openapi_pec.tools.outcome import unassigned as foreign_filing  # noqa: E402

_utc = clock.utc
clock.utc = lambda: _utc() + get_ahead()
foreign_filing.time = types.SimpleNamespace(time=lambda: time.time() + get_ahead().total_seconds())

for path, names in WAITS.items():
    module = importlib.import_module(f'odoo.addons.l10n_it_openapi_pec.{path}')
    for name in names:
        wait = getattr(module, name)
        setattr(module, name, tuple(each / SPEED for each in wait) if isinstance(wait, tuple) else wait / SPEED)

dispatch = importlib.import_module('odoo.addons.l10n_it_openapi_pec.models.service.call_dispatch')
dispatch.TAKE_SECONDS = min(dispatch.TAKE_SECONDS, max(TAKE_SECONDS, dispatch.TAKE_SECONDS / SPEED))


def _spawn_nothing(server):
    """Have the process for the bus, which nobody needs here, take no memory."""
    server.long_polling_pid = subprocess.Popen(['sleep', 'infinity'], stdin=subprocess.DEVNULL).pid


PreforkServer.long_polling_spawn = _spawn_nothing
