"""A company's account at the service, the journal, and calls that are made once.

In the order in which it reads: who may do what, locks of rows, rows written at once, and notes in many chatters; in
whose time moments are read; answers in words, and scheduled jobs; what comes in (spreadsheets, values of people);
secrets, and callbacks; defaults; which pages are told of changes; the journal, who may make a call of it
(``call_right``), and the calls in five steps (``call_mixin`` declares them and holds the first, ``call_dispatch``,
``call_refused`` and ``call_recovery`` the others; ``call_waiting`` says what is known meanwhile); prices and looked-up
domains; the company (``company`` declares its fields) and its account; the settings; the archive of all of it.
"""
from . import rights
from . import lock
from . import rows
from . import notes
from . import zone
from . import words_mixin
from . import job_mixin
from . import spreadsheet_mixin
from . import input_mixin
from . import secret
from . import callback_mixin
from . import ir_default
from . import ir_websocket
from . import api_call
from . import call_right
from . import call_mixin
from . import call_dispatch
from . import call_refused
from . import call_recovery
from . import call_waiting
from . import price
from . import domain
from . import company
from . import account
from . import account_identity
from . import account_defects
from . import account_pause
from . import account_home
from . import account_import
from . import account_check
from . import settings
from . import archive
