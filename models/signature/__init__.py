"""Powers of attorney that are signed remotely, with a one-time password, and the certificates for that: paid, once.

PIN and one-time password live in the memory of the one request that brings them, and nowhere else.

- ``reference_mixin``: a call whose record at the service is found by its reference;
- ``signature``: one attempt, its fields, and how it is asked for;
- ``signature_call``: the call, and what its answers mean;
- ``signature_follow``: reading what became of it, and the scheduled job;
- ``signer_upload``: the end of an attempt, once its signed file is judged;
- ``signature_late``: what was taken for lost, and shows later; ``signature_deletion``: deleting it at the service;
- ``certificate``, ``certificate_follow``, ``certificate_doubled``: a certificate that is bought for a person, and
  followed; what the service has made twice;
- ``communication``, ``res_partner``, ``settings``: what filings, contacts and companies have of it;
- ``ir_http``: PIN and one-time password are sealed before a route is called.
"""
from . import reference_mixin
from . import signature
from . import signature_call
from . import signature_follow
from . import signer_upload
from . import signature_late
from . import signature_deletion
from . import certificate
from . import certificate_follow
from . import certificate_doubled
from . import communication
from . import res_partner
from . import settings
from . import ir_http
