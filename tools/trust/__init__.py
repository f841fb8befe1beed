"""Verifying a signature beyond its file: by trusted lists, and by asking whether certificates were revoked.

``p7m`` says whether a file is whole and who signed it; this says whether a judge would believe the certificate. It
speaks in codes; the sentences for people are those of ``const.trust``. What could not be found out is a finding, too.

The rules are those of trusted lists (ETSI TS 119 612, versions 5 and 6; TS 119 615), of their signatures (XMLDSig,
XAdES), of certificates and revocation lists (RFC 5280), of answers about one certificate (RFC 6960), and of time stamps
(RFC 3161). How a program uses it::

    fetcher = Fetcher()
    lists = read_list(fetcher.fetch(LIST_URL, most=MAX_SIZE).content, anchors, territory=LIST_TERRITORY)
    pointer = lists.get_pointer('IT')
    italian = read_list(fetcher.fetch(pointer.url, most=MAX_SIZE).content, pointer.signers, territory='IT')
    kept = italian.dump()  # and load(kept)

    authorities = Authorities([italian], {pointer.territory for pointer in lists.pointers})
    signatures = open_signatures(content)
    verdict = judge(signatures, authorities, now=now)
    statuses = ask(verdict.links, fetcher, now=now)  # the only one that reaches out, and only beyond a trusted list
    verdict = judge(signatures, authorities, now=now, statuses=statuses)

In the order in which it reads:

- ``findings``: what can be found, what can go wrong, the verdict
- ``anchors``: where trust begins; ``fetching``: how anything is fetched
- ``trusted_list``: a list is verified (``signed_xml``) and read; ``services``: what is kept of it
- ``joint``: with what the file says, as one verdict
- ``judging``: the steps; ``chain``: to a service of a list; ``qualifying``: what the list says of a certificate
- ``stamps``: when it was signed; ``asking``: what became of the certificate since; ``revocation``: what that says
- ``reported``: the same steps, by what somebody else has found
- ``signed``: what certificates, revocation lists and answers have in common
"""
from .anchors import LIST_TERRITORY, LIST_URL, NOTICE_URL, Anchor, find_notice, read_anchors
from .asking import Copy, ask
from .fetching import Answer, Fetcher
from .findings import FETCH_PROBLEMS, LEVELS, LIST_PROBLEMS, MEANINGS, OVERRIDABLE, STEPS, TrustError, Verdict, find
from .joint import Joint, join
from .judging import Signature, judge, open_signatures
from .reported import judge_report
from .revocation import Status
from .services import Authorities, Pointer, TrustedList, load
from .trusted_list import MAX_SIZE, read_list
