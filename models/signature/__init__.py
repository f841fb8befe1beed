"""Powers of attorney that are signed remotely, and the certificates for that: paid, once.

PIN and one-time password of a signer live in the memory of the one request that brings them, and nowhere else. Those of
a company's automatic certificate are kept as its token is, and opened by the click that signs.

- ``attempt_mixin``: what has something done about a filing, one at a time; a verification is one as well;
- ``reference_mixin``: a call whose record at the service is found by its reference;
- ``signature``: one attempt, its fields, and how it is asked for;
- ``signature_call``: the call, and what its answers mean;
- ``signature_follow``: reading what became of it, and the scheduled job;
- ``signer_upload``: the end of an attempt, once its signed file is judged;
- ``signature_late``: what was taken for lost, and shows later; ``signature_deletion``: deleting it at the service;
- ``many``, ``many_follow``, ``many_told``: the same of many with one click, with an intermediary's automatic
  certificate;
- ``signing_certificate``: whose it is, and its credentials, which nobody reads back;
- ``certificate``, ``certificate_follow``, ``certificate_doubled``: a certificate that is bought for a person, and
  followed; what the service has made twice, or a later record has taken over meanwhile;
- ``communication``, ``signing_many``, ``batch``, ``signing_request``, ``res_partner``, ``settings``: what filings,
  mails to signers, contacts and companies have of it;
- ``ir_http``: PIN and one-time password are sealed before a route is called.
"""
from . import attempt_mixin
from . import reference_mixin
from . import signature
from . import signature_call
from . import signature_follow
from . import signer_upload
from . import signature_late
from . import signature_deletion
from . import many
from . import many_follow
from . import many_told
from . import certificate
from . import certificate_follow
from . import certificate_doubled
from . import communication
from . import batch
from . import signing_many
from . import signing_request
from . import res_partner
from . import settings
from . import ir_http
from . import signing_certificate
