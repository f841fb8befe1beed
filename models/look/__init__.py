"""Look-ups in the business register through the Company API: paid, called once, and taken over by a person.

``look`` is one question about one company (its fields, and how it is asked), ``look_answer`` what becomes of it,
``look_follow`` the scheduled job, ``look_schedule`` what is asked without a person, ``look_money`` what it costs, and
``look_count`` who has an address already. ``update`` is what a person asked for at once; ``difference`` what the
register tells otherwise than the contact, of offices in ``office_difference``, and ``compare`` how both are compared.
``res_partner``, ``communication``, ``position`` and ``settings`` are what contacts, filings, lines and settings have of
it.
"""
from . import update
from . import look
from . import look_answer
from . import look_money
from . import look_follow
from . import look_schedule
from . import look_count
from . import compare
from . import difference
from . import office_difference
from . import res_partner
from . import communication
from . import position
from . import settings
