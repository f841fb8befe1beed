"""HTTP clients of Openapi's PEC API (https://pec.openapi.it) and Company API, plain ``requests``.

Reads may be repeated; a call with a side effect is made exactly once, and its failure says whether the service can have
executed it (:mod:`.errors`). The rules come from the vendor's specifications ``pec.openapi.json`` and
``company.openapi.json``, and from what its clients observed.

The calls themselves are in :mod:`.filing_calls`, :mod:`.mailbox_calls` and :mod:`.company_calls`; the connection is in
:mod:`.connection`. :mod:`.oauth_client` and :mod:`.signature_client` stand on the same ground.
"""
import json
import re
import threading
import time
import zlib
from urllib.parse import quote, urlsplit

import requests

from .. import clock
from ..outcome.created import Listing, find_reference, fold
from .company_calls import CompanyCalls
from .connection import StayingSession, WatchingAdapter
from .errors import (
    BadToken,
    Gone,
    NoCredit,
    NotFound,
    NotReady,
    NotSent,
    OpenapiPecError,
    OutcomeUnknown,
    Refused,
    Throttled,
    TooSlow,
)
from .filing_calls import FilingCalls
from .mailbox_calls import MailboxCalls
from .refusals import is_empty_list, is_refusal, is_unknown_record
from .sealed import Sealed
from .text import MAX_MESSAGE_LENGTH, bound_text, clean_text, clean_word, is_tidy, tidy

HOSTS = {
    'production': 'https://pec.openapi.it',
    'sandbox': 'https://test.pec.openapi.it',
}
COMPANY_HOSTS = {
    'production': 'https://company.openapi.com',
    'sandbox': 'https://test.company.openapi.com',
}
# The vendor's hosts that cost money or have legal effect: no copy of a database and no sandbox goes there.
PRODUCTION_HOSTS = frozenset((
    'pec.openapi.it', 'oauth.openapi.it', 'oauth.openapi.com', 'company.openapi.com', 'esignature.openapi.com',
))
LOOPBACK = ('127.0.0.1', 'localhost', '::1')

CONNECT_TIMEOUT = 5.0  # seconds
READ_TIMEOUT = 60.0  # seconds between two bytes of an answer
CALL_TIMEOUT = 75.0  # seconds for a whole call, or a read with its repetitions, however slowly the answers drip
READ_PAUSES = (0.5, 1.0, 2.0)  # seconds before each repetition of a read
MAX_RETRY_AFTER = 3600.0  # seconds; a longer wish of the service is not believed
MAX_ANSWER_SIZE = 32 * 1024 * 1024  # bytes; 10,000 filings in one list take about 2 MB
PACKED = ('gzip', 'x-gzip', 'deflate')  # how an answer may be packed although it is asked not to be
BODILESS = (*range(100, 200), 204, 304)  # answers without a body, whatever their Content-Length tells (RFC 9112 6.3)

TIMES_END = 10 ** 11  # seconds since 1970; a timestamp beyond is none
REMOTE_ID = re.compile(r'[0-9A-Za-z_-]{1,64}')
# "0.7 > 0.6", "200 > 1.1935842939015E-12": what a call costs, and what the wallet holds
AMOUNT = r'(\d{1,20}(?:[.,]\d{1,20})?(?:E[+-]?\d{1,2})?)'
TWO_AMOUNTS = re.compile(rf'(?<![\w.,+-]){AMOUNT}\s?>\s?{AMOUNT}(?!\w|[.,]\d)', re.IGNORECASE)

# What an HTTP status of a refusal means; every other 4xx with the vendor's envelope is a plain refusal.
REFUSALS = {401: BadToken, 402: NoCredit, 403: BadToken, 404: NotFound, 429: Throttled}
# "Wrong id" comes as HTTP 400, told apart only by its code: of filings (get, upload), of mailboxes (get and renew,
# revoke, change, users).
WRONG_ID_CODES = ('333', '353', '201', '301', '265', '212')


class ServiceClient:
    """One account at one of the vendor's services, and how its calls travel.

    :param str token: the Bearer token.
    :param str base_url: scheme and host (``HOSTS``, ``COMPANY_HOSTS``), or a proxy or local sandbox. Plain http is
        accepted for loopback addresses only: a token never travels in the clear.
    :param float deadline: until when all reads of this client together may last, on the clock of :mod:`.clock`, because
        somebody waits for them; then none is repeated. None: each has its own bound, and is repeated.
    :raise NotSent: when the address is unusable or there is no token.
    """

    def __init__(self, token, base_url, deadline=None):
        parts = urlsplit(base_url or '')
        if parts.scheme != 'https' and not (parts.scheme == 'http' and parts.hostname in LOOPBACK):
            raise NotSent("The address of the service must begin with https://", reason='no_https')
        if not token or not token.isascii() or not token.isprintable():
            raise NotSent("There is no usable token", reason='no_token')
        self._secrets = (token,)  # which no text tells
        self._authorization = f'Bearer {token}'
        self._base_url = base_url.rstrip('/')
        self._deadline = deadline
        self.is_late = False  # whether something could not be read before the deadline

    @property
    def host(self):
        """Which service is called (str): scheme and host."""
        return self._base_url

    # ------------------------------------------------------------ answers

    def _data(self, status, body, operation=None):
        """Return ``data`` of a JSON envelope, or raise what its refusal means.

        :param str operation: of the journal, for a call with a side effect: what is not certainly a refusal of it may
            have been executed.
        """
        envelope = self._envelope(body)
        if 200 <= status < 300 and envelope is not None and envelope.get('success') is True:
            return envelope.get('data')
        if 400 <= status < 500 and envelope is not None and envelope.get('success') is False:
            refusal = self._refusal(status, envelope.get('message') or '', envelope.get('error'))
            if operation is None or is_refusal(operation, status, envelope.get('error')):
                raise refusal
            raise OutcomeUnknown(refusal.message, status=status, code=refusal.code)
        raise OutcomeUnknown(
            f"The service answered with HTTP status {status} and nothing that can be read", status=status,
            reason='unreadable')

    def _envelope(self, body):
        """Return the JSON of an answer; None when it is no object."""
        envelope = self._read_json(body)
        return envelope if isinstance(envelope, dict) else None

    def _read_json(self, body):
        """Return the JSON of an answer, every text in it visible and without secrets; None when it is none."""
        try:
            text = body.decode(json.detect_encoding(body), 'surrogatepass')
            value = json.loads(text)
            return value if is_tidy(text, *self._secrets) else tidy(value, *self._secrets)
        except (ValueError, RecursionError):
            return None

    def _refusal(self, status, message, code=None):
        """Return the error that a refusal of the service means.

        :param code: ``error`` of the envelope: it has been seen as 351, as 125.22 and as a string.
        """
        told = code if isinstance(code, (int, float)) else clean_text(code or '', *self._secrets)
        details = {'status': status, 'code': told}
        error_class = NotFound if str(code) in WRONG_ID_CODES else REFUSALS.get(status, Refused)
        if is_unknown_record(status, code):
            error_class = Gone
        # Before it is cleaned, which would mask the digits of a long amount like those of a tax code.
        amounts = TWO_AMOUNTS.search(str(message)[:MAX_MESSAGE_LENGTH])
        if error_class is NoCredit and amounts:
            needed, available = (float(amount.replace(',', '.')) for amount in amounts.groups())
            details.update(needed=needed, available=available)
        return error_class(clean_text(message, *self._secrets), **details)

    # ------------------------------------------------------------ HTTP

    def _call(self, operation, method, path, body):
        """Make a call with a side effect, once, and return ``data`` of its answer.

        :param str operation: as the journal calls it.
        """
        status, _headers, content = self._exchange(method, path, body)
        return self._data(status, content, operation)

    def _read(self, path):
        """Read ``data`` of a JSON answer, repeating the request when that can help."""
        def attempt(end):
            status, _headers, content = self._get(path, end)
            return self._data(status, content)

        return self._repeat(attempt)

    def _repeat(self, attempt):
        """Run a read, and repeat it after each of ``READ_PAUSES`` while the service does not answer properly.

        It ends when its time is over. Only scheduled jobs repeat: a person who waits does not wait for a repetition.

        :param attempt: function of the end of its time, on the clock of :mod:`.clock`.
        """
        end = clock.now() + CALL_TIMEOUT if self._deadline is None else self._deadline
        for pause in READ_PAUSES if self._deadline is None else ():
            try:
                return attempt(end)
            except TooSlow:
                raise
            except (NotSent, OutcomeUnknown):
                wait = pause
            except Throttled as error:
                if error.retry_after > max(READ_PAUSES):
                    raise
                wait = error.retry_after
            time.sleep(wait)
        return attempt(end)

    def _ask(self, path, seconds):
        """Make one HTTP exchange that only reads, for somebody who waits so many seconds; see :meth:`_get`."""
        end = clock.now() + seconds
        return self._get(path, end if self._deadline is None else min(end, self._deadline))

    def _get(self, path, end):
        """Make one HTTP exchange that only reads, and costs nothing.

        :param float end: when its time is over, on the clock of :mod:`.clock`.
        :raise TooSlow: it was over before the answer was read.
        """
        left = end - clock.now()
        if left > 0:
            try:
                return self._exchange('GET', path, seconds=min(left, CALL_TIMEOUT))
            except (NotSent, OutcomeUnknown):
                if clock.now() < end:
                    raise
        self.is_late = self._deadline is not None
        raise TooSlow("The service answers slowly", reason='too_slow')

    def _exchange(self, method, path, body=None, seconds=None):
        """Make one HTTP exchange, bounded in time and size; no redirect is followed.

        What goes wrong is raised without the library's error, which holds the request and what is secret in it.

        :param body: what JSON is made of, or a Sealed.
        :param float seconds: for all of it, however slowly it drips; ``CALL_TIMEOUT`` by default.
        :return: ``(status, headers, content)``.
        :rtype: tuple[int, Mapping, bytes]
        :raise NotSent: connecting failed (name, refusal, time, TLS).
        :raise OutcomeUnknown: anything that went wrong after that.
        :raise Throttled: HTTP 429, with or without the vendor's envelope (RFC 6585: not processed).
        """
        adapter, seconds, lost = WatchingAdapter(), seconds or CALL_TIMEOUT, None
        watch = threading.Timer(seconds, adapter.cut)
        watch.daemon = True
        with StayingSession() as session:
            session.mount('https://', adapter)
            session.mount('http://', adapter)
            watch.start()
            try:
                response = session.request(
                    method, self._base_url + path, json=body.reveal() if isinstance(body, Sealed) else body,
                    auth=self._authorize, stream=True, allow_redirects=False,
                    timeout=(min(CONNECT_TIMEOUT, seconds), min(READ_TIMEOUT, seconds)),
                    headers={'Accept-Encoding': 'identity'},
                )
                content = self._bounded(response)
                if adapter.is_cut:
                    raise requests.ConnectionError
            except (requests.RequestException, OSError) as error:
                # The name of the class only: the text of the exception may hold more than people should see.
                lost = (NotSent if adapter.connect_failed else OutcomeUnknown, type(error).__name__)
            finally:
                watch.cancel()
        if lost:
            failure, name = lost
            raise failure(
                f"The service could not be reached or did not answer ({name})", reason='unreached', detail=name)
        if response.status_code == 429:
            wish = response.headers.get('Retry-After', '')
            seconds = min(float(wish), MAX_RETRY_AFTER) if wish.isascii() and wish.isdigit() else 60.0
            raise Throttled("Too many requests", status=429, retry_after=seconds, reason='too_many')
        return response.status_code, response.headers, content

    def _authorize(self, request):
        # As `auth`, so that no ~/.netrc entry for the host can take the token's place.
        request.headers['Authorization'] = self._authorization
        return request

    def _bounded(self, response):
        """Read a body of at most ``MAX_ANSWER_SIZE`` bytes, and all that its Content-Length promised.

        Gateways write a Content-Length to a 204, too.
        """
        # So that nothing but this client unpacks it: a library does so without a bound, as often as the header says.
        packing = response.raw.headers.pop('Content-Encoding', '').strip().lower()
        chunks, size = [], 0
        for chunk in response.iter_content(65536):
            size += len(chunk)
            self._check_size(size, response)
            chunks.append(chunk)
        promised = '' if response.status_code in BODILESS else response.headers.get('Content-Length', '')
        if promised.isdigit() and size < int(promised):  # urllib3 1.26 does not tell
            raise OutcomeUnknown("The service's answer was cut off", status=response.status_code, reason='cut_off')
        content = b''.join(chunks)
        return content if not content or packing in ('', 'identity') else self._unpack(content, packing, response)

    def _unpack(self, content, packing, response):
        """Return what a packed body holds, of at most ``MAX_ANSWER_SIZE`` bytes."""
        unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)  # of zlib and of gzip
        try:
            unpacked = unpacker.decompress(content, MAX_ANSWER_SIZE + 1) if packing in PACKED else None
        except zlib.error:
            unpacked = None
        if unpacked is None:
            raise OutcomeUnknown(
                f"The service answered with HTTP status {response.status_code} and nothing that can be read",
                status=response.status_code, reason='unreadable')
        self._check_size(len(unpacked), response)
        if not unpacker.eof:
            raise OutcomeUnknown("The service's answer was cut off", status=response.status_code, reason='cut_off')
        return unpacked

    @staticmethod
    def _check_size(size, response):
        if size > MAX_ANSWER_SIZE:
            raise OutcomeUnknown(
                "The service's answer is too large", status=response.status_code, reason='too_large')


class PecClient(FilingCalls, MailboxCalls, ServiceClient):
    """One account of the PEC API: see :class:`ServiceClient`."""

    # ------------------------------------------------------------ domini_pec

    def look_up_domain(self, domain):
        """Ask whether addresses of a domain are PECs: ``GET /domini_pec/{dominio}``. **Paid, never repeated.**

        :param str domain: lower case.
        :return: True when it is a domain of PECs, False when it is none.
        :rtype: bool
        :raise Refused: 406/401 no domain; also NotSent, OutcomeUnknown (503/402), BadToken, NoCredit, Throttled.
        """
        status, _headers, content = self._exchange('GET', '/domini_pec/' + quote(domain, safe=''))
        if status == 204:
            return False
        self._data(status, content, 'domain')
        return True

    # ------------------------------------------------------------ answers

    @staticmethod
    def _is_record(data):
        """Return whether ``data`` is a record with a usable id, which may come as a number."""
        remote_id = data.get('id') if isinstance(data, dict) else None
        return isinstance(remote_id, (str, int)) and not isinstance(remote_id, bool) and REMOTE_ID.fullmatch(
            str(remote_id))

    def _record(self, data):
        """Check that ``data`` is a record with a usable id: the answer to a paid call is worthless without."""
        if not self._is_record(data):
            raise OutcomeUnknown("The service's answer holds no record", status=200, reason='no_record')
        return self._clean(data)

    @staticmethod
    def _of_this_call(values, record):
        """Check that the answer to a call that makes a record is the answer to this call: gateways have mixed them up.

        :param dict values: the body that was sent.
        :raise OutcomeUnknown: the answer is about another record; of ours, nothing is known.
        """
        sent, echoed = find_reference(values), find_reference(record)
        is_ours = sent == echoed if sent and echoed else fold(record['casella_pec']) == fold(values['casella_pec'])
        if not is_ours:
            raise OutcomeUnknown("The service answered with another record", status=200, reason='other_record')
        return record

    @staticmethod
    def _clean(data):
        """Bound the data of a record; ``timestamp`` has been seen as a number and as a string."""
        timestamp = data.get('timestamp')
        if type(timestamp) is not int or not 0 <= timestamp < TIMES_END:
            timestamp = str(timestamp)
            timestamp = int(timestamp) if timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12 else None
        return {
            **data,
            'id': str(data['id']),
            'owner': bound_text(data.get('owner')),
            'casella_pec': bound_text(data.get('casella_pec')),  # unmasked: many an address holds a company's code
            'stato': clean_word(data.get('stato') or ''),
            'timestamp': timestamp,
        }

    def _list(self, path, clean):
        """Read the records of a list.

        An account without records answers 404 with a code of its own; any other 404 says nothing about the account.

        :param clean: function of a row as it is that bounds it.
        :rtype: Listing
        """
        read_at = clock.now()
        try:
            rows = self._read(path)
        except NotFound as error:
            if is_empty_list(path, error.status, error.code):
                return Listing(read_at=read_at)
            raise OutcomeUnknown(
                "The service's list cannot be read", status=error.status, code=error.code,
                reason='list_unreadable') from None
        if not isinstance(rows, list):
            raise OutcomeUnknown("The service's list cannot be read", status=200, reason='list_unreadable')
        readable = [clean(row) for row in rows if self._is_record(row)]
        return Listing(readable, unreadable=len(rows) - len(readable), read_at=read_at)

    def _download(self, path):
        """Download a PDF, repeating the request when that can help."""
        return self._repeat(lambda end: self._read_pdf(*self._get(path, end)))

    def _read_pdf(self, status, headers, content):
        """Return the PDF of an answer; its endpoints answer errors as text/plain, not as an envelope."""
        if status == 200 and content.lstrip().startswith(b'%PDF-'):
            return content.lstrip()
        if status == 406:
            raise NotReady("The document does not exist yet", status=status, reason='no_document')
        if status == 400:
            raise NotFound(clean_text(content[:200].decode(errors='replace'), *self._secrets), status=status)
        if 400 <= status < 500:
            envelope = self._envelope(content) or {'message': content[:200].decode(errors='replace')}
            raise self._refusal(status, envelope.get('message') or '', envelope.get('error'))
        kind = clean_text(headers.get('Content-Type', ''), *self._secrets)
        raise OutcomeUnknown(
            f"The service answered with HTTP status {status} and no PDF ({kind})", status=status, reason='no_pdf',
            detail=kind)


class CompanyClient(CompanyCalls, ServiceClient):
    """One account of the Company API: see :class:`ServiceClient`."""


__all__ = [
    'COMPANY_HOSTS', 'HOSTS', 'CompanyClient', 'OpenapiPecError', 'PecClient', 'bound_text', 'clean_text']
