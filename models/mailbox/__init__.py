"""Certified mailboxes.

``mailbox`` says what a mailbox is: all its fields, and the hooks that the other files extend; these add methods only.
In the order in which they read:

- ``data``: what is proposed from the contacts; ``preflight``: what is found before the click that costs;
- ``documents``: the form and what goes back to the provider; ``applicant_page``: where the applicant uploads it;
- ``order``: asking for an operation; ``call``: its one call; ``remote``: what the service tells of one mailbox;
- ``awaited``: what was accepted and does not show yet; ``decision``: what a person decides when an answer was lost;
- ``synchronize``: following the service; ``take_over``: mailboxes that were bought elsewhere;
- ``user``, ``sharing``: the users of a mailbox; ``domicile``: its address as a digital domicile; ``actions``: from the
  mailbox to its communication to the register.
"""
from . import mailbox
from . import data
from . import documents
from . import applicant_page
from . import order
from . import call
from . import remote
from . import decision
from . import awaited
from . import preflight
from . import synchronize
from . import take_over
from . import user
from . import sharing
from . import domicile
from . import actions
