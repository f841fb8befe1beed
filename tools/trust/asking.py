"""Asking whether certificates were revoked, at the addresses that they name."""
import contextlib
import datetime
from typing import NamedTuple

from ..p7m import armour
from .fetching import MEGABYTE
from .findings import TrustError
from .judging import CLOCK_AHEAD
from .revocation import UNKNOWN, Status, encode_question, judge_answer, judge_list
from .signed import get_answer_addresses, get_list_addresses

MAX_ASKED = 2  # addresses of a kind
MAX_ANSWER, MAX_LIST = MEGABYTE // 8, 16 * MEGABYTE  # bytes
SERVES = datetime.timedelta(hours=1)  # for which a list that was fetched is not fetched again
# What went wrong -> finding; of several the first in this order is told.
PROBLEMS = {
    'address_refused': 'revocation_address_refused',
    'too_large': 'revocation_too_large',
    'revocation_unreadable': 'revocation_unreadable',
    'revocation_stale': 'revocation_stale',
    'revocation_unknown': 'revocation_unknown',
    'refused': 'revocation_unreachable',
    'redirected': 'revocation_unreachable',
    'too_slow': 'revocation_unreachable',
    'unreachable': 'revocation_unreachable',
}


class Copy(NamedTuple):
    """A revocation list as it was fetched."""

    content: bytes
    fetched_at: datetime.datetime  # aware


def ask(links, fetcher, *, now, kept=None, signed_at=None, is_anew=False):
    """Ask whether certificates were revoked: by OCSP, and where that does not tell, by revocation lists.

    :param links: of :class:`chain.Link`, as a verdict has them: only certificates that lead to a trusted list.
    :param Fetcher fetcher: which addresses are reached, and for how long.
    :param datetime.datetime now: aware.
    :param kept: the lists that were fetched before, by their addresses: it has ``get``, which returns a :class:`Copy`
        or None, and takes new ones as a mapping does. What was fetched more than an hour ago, or was tampered with, is
        fetched again.
    :param datetime.datetime signed_at: when the last of the signatures was made, as they say; aware. What was fetched
        before says nothing of it, and is fetched again.
    :param bool is_anew: whether what is kept is not looked at, because a person asks again.
    :return: what became known: ``{fingerprint of the certificate: Status}``. Nothing is raised: what could not be asked
        has a ``problem``.
    """
    kept = {} if kept is None else kept
    since = now if is_anew else max(now - SERVES, signed_at - CLOCK_AHEAD if signed_at else now - SERVES)
    return {link.fingerprint: _ask(link, fetcher, now, kept, since) for link in links}


def _ask(link, fetcher, now, kept, since):
    problems = set()
    for way in _get_ways(link):
        try:
            return _ask_at(way, link, fetcher, now, kept, since)
        except TrustError as error:
            problems.add(error.code)
    problem = next((finding for code, finding in PROBLEMS.items() if code in problems), 'revocation_not_named')
    return Status(UNKNOWN, problem, checked_at=now)


def _get_ways(link):
    """Yield how one may ask: ``(address, what judges the answer, what is fetched)``."""
    owner, issuer = link.certificate, link.issuer
    asked = {'most': MAX_ANSWER, 'body': encode_question(owner, issuer), 'kind': 'application/ocsp-request'}
    for url in get_answer_addresses(owner)[:MAX_ASKED]:
        yield url, judge_answer, asked
    for url in get_list_addresses(owner)[:MAX_ASKED]:
        yield url, judge_list, {'most': MAX_LIST}


def _ask_at(way, link, fetcher, now, kept, since):
    """Return the :class:`Status` that an address tells: of a list that was fetched before, as of then.

    :param datetime.datetime since: when a list that is kept must have been fetched to serve.
    """
    url, judge, asked = way
    is_list = judge is judge_list
    copy = kept.get(url) if is_list else None
    if copy and copy.fetched_at > since:
        with contextlib.suppress(TrustError):
            return _judge(judge, copy.content, url, link, now)._replace(checked_at=copy.fetched_at)
    content = fetcher.fetch(url, **asked).content
    status = _judge(judge, content, url, link, now)
    if is_list:
        kept[url] = Copy(content, now)
    return status


def _judge(judge, content, url, link, now):
    if content.startswith(armour.PEM_BEGIN):
        content = armour.peel(content) or b''
    host = url.split('/')[2].lower()
    return judge(content, link.certificate, link.issuer, now)._replace(host=host)
