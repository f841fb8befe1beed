"""What Odoo keeps and does, room by room; a room uses those before it.

- ``service``: a company's account, the journal, and calls that are made once;
- ``account``: the account at the vendor, which makes the tokens itself, and its wallet;
- ``spending``: what every click that costs passes: budgets, and the approval of a second manager;
- ``record``: what filings and mailboxes have in common: following the service, and deciding where its answer was lost;
- ``signer``: the page of who signs, its mails and uploads;
- ``trust``: what is verified of signatures beyond their files, over the network;
- ``filing``: communications to the register, and what was filed elsewhere;
- ``signature``: powers of attorney that are signed remotely;
- ``verification``: what Openapi reports of signed powers of attorney, paid;
- ``mailbox``: certified mailboxes;
- ``chamber``: the mail of the chambers of commerce, as a proposal;
- ``res_partner``, ``kept_mixin``: contacts, and what nobody deletes because something was filed with it;
  ``res_partner_filing``: what contacts change for the drafts about them, and the way to their filings;
- ``register``: who must communicate what, and how each company stands;
- ``look``: look-ups in the business register, which are paid, and what they told;
- ``ledger``: what each call has cost, beside what the vendor says that it has charged, and invoicing it to clients;
- ``overview``: the page on which the application opens.

In a room one file declares the fields of a model, under the model's name; the others add methods to it.
"""
from . import service
from . import account
from . import spending
from . import record
from . import signer
from . import trust
from . import filing
from . import signature
from . import verification
from . import mailbox
from . import chamber
from . import kept_mixin
from . import res_partner
from . import res_partner_filing
from . import register
from . import look
from . import ledger
from . import overview
