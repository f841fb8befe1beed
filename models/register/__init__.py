"""Who must communicate what: the register of positions, which fills itself. What it judges is ``tools.obligation``.

In the order in which it reads:

- the law as data, which a manager corrects: ``rule_mixin``, and the three tables of ``rule``;
- what is kept of companies and people: ``partner`` (all fields of contacts), ``office`` (from a spreadsheet:
  ``office_import``), ``notice`` (of a chamber);
- the lines: ``position`` (all fields), ``facts`` (what is read), ``judging`` (when, in sets, and the nightly job),
  ``coming`` (what is told before it is due), ``report`` (what is printed, mailed and shown to clients), ``digest``
  (what each responsible is mailed weekly), ``steps`` (the buttons), ``following`` (which contacts have lines),
  ``noticing`` (who is told of a notice);
- ``changes``: what filings, mailboxes, domains and contacts change for the lines of others.
"""
from . import rule_mixin
from . import rule
from . import partner
from . import office
from . import office_import
from . import notice
from . import position
from . import judging
from . import coming
from . import report
from . import digest
from . import steps
from . import following
from . import noticing
from . import changes
