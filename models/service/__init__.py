"""A company's account at the service, the journal, and calls that are made once.

In the order in which it reads: who may do what, and locks of rows; what comes in (spreadsheets, values of people);
secrets; defaults; the journal and the calls; prices and looked-up domains; the account and its company; the archive of
all of it.
"""
from . import rights
from . import lock
from . import words_mixin
from . import job_mixin
from . import spreadsheet_mixin
from . import input_mixin
from . import secret
from . import ir_default
from . import api_call
from . import call_mixin
from . import price
from . import domain
from . import account
from . import account_home
from . import account_import
from . import company
from . import settings
from . import archive
