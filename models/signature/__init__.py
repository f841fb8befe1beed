"""Powers of attorney that are signed remotely, with a one-time password: paid (cents), asked for once.

PIN and one-time password live in the memory of the one request that brings them, and nowhere else.

- ``signature``: one attempt, its fields, and how it is asked for;
- ``signature_call``: the call, and what its answers mean;
- ``signature_follow``: reading what became of it, and the scheduled job;
- ``communication``, ``res_partner``, ``settings``: what filings, contacts and companies have of it.
"""
from . import signature
from . import signature_call
from . import signature_follow
from . import communication
from . import res_partner
from . import settings
