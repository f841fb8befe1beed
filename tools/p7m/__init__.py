"""Judging a digitally signed file (.p7m) before it is sent, offline, whatever the bytes.

``judge`` gives a verdict: what is wrong or worth knowing, who signed and when, and the PDF inside. It speaks in codes;
the sentences for people are ``const.signature.SIGNATURE_FINDINGS``. What cannot be known offline (whether the
certificate leads to a qualified authority, whether it was revoked) is said in a finding, never implied.

The rules are those of CMS (RFC 5652), CAdES (ETSI EN 319 122-1), qualified certificates (ETSI EN 319 412-5) and, for
what the Italian register accepts, AgID's rules on signed documents (CAD, D.Lgs. 82/2005; DPCM 22 February 2013).

In the order in which it reads:

- ``findings``: what can be found, who signed, the verdict
- ``armour``, ``mail``, ``digging``: a file is taken out of text, of an e-mail, of anything else
- ``kinds``: what it is otherwise
- ``wrappings``: those are taken off, where there are any; ``opening``: it is opened; ``judging``: it is judged
- ``beginnings``: what a signed message and a PDF begin with
- ``cms``: signed messages; ``certificate``: who signed them
- ``keys``: what was signed with a key; ``ber``: the encoding of all that
"""
from ..finding import ERROR, FINE, ORDER, WARNING, Finding
from .findings import LEVELS, OVERRIDABLE, Fingerprint, P7mError, Signer, Verdict, find
from .judging import extract, fingerprint, judge, recognise
from .opening import MAX_LEVELS, MAX_SIZE
