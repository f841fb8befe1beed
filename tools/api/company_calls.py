"""The calls of Openapi's Company API that tell what the business register knows of a company.

A part of :class:`.client.CompanyClient`, which talks HTTP. A look-up costs cents, and nothing proves afterwards whether
it was executed: it is called once, and never repeated by itself. What has a number of its own (``IT-check_id``) may be
read again. The rules are those of the vendor's specification ``company.openapi.json``.
"""
import re
from urllib.parse import quote, urlencode

from .company_data import TAX_CODE, Count, Pending, read_company, read_count, read_offices, read_pec
from .errors import OtherRecord, OutcomeUnknown, Refused

REQUEST_ID = re.compile(r'[0-9A-Za-z_-]{1,64}')
CHECK_PATH = '/IT-check_id/'
LOCATION = re.compile(rf'{CHECK_PATH}({REQUEST_ID.pattern})/?$')  # the end of an address of any host
PENDING = 'PENDING'
RETRY_SECONDS = 30.0  # before a request is read again when the service does not say how long
MIN_RETRY_SECONDS = 2.0
MAX_RETRY_SECONDS = 3600.0
COUNT_SECONDS = 8.0  # for a question that somebody waits for
# Asked for when companies are only to be counted: should the service not know a dry run, it charges for no more.
MOST_COUNTED = 10

# operation of the journal -> the endpoints whose scope a token needs for it
ENDPOINTS = {
    'register_company': ('IT-advanced',),
    'register_offices': ('IT-stakeholders', 'IT-check_id'),
    'register_pec': ('IT-pec',),
    'register_count': ('IT-search',),
}


# The operations whose answer may come later: of those that are paid, and the reading of it.
LATER = ('register_offices', None)


def get_scopes(operation, host):
    """Return the scopes that a token needs for an operation, as the vendor's console writes them.

    :param str operation: key of ``ENDPOINTS``.
    :param str host: of the service, such as ``test.company.openapi.com``.
    :rtype: list[str]
    """
    return [f'GET:{host}/{endpoint}' for endpoint in ENDPOINTS[operation]]


class CompanyCalls:
    """The calls on companies; see :class:`.client.ServiceClient` for how they travel.

    Each paid one takes a tax code of 11 digits or 16 characters, or a VAT number. What is returned stands in
    :mod:`.company_data`; None: the service knows no such company, for which it may have charged as well.

    They raise, of :mod:`.errors`: NotSent, Refused, BadToken, NoCredit, Throttled: nothing was spent. OutcomeUnknown:
    it was perhaps paid, and whatever was asked for is lost.
    """

    # ------------------------------------------------------------ paid, called once

    def look_up_company(self, code):
        """Ask for form, state, REA, seat and PEC of a company: ``GET /IT-advanced/{code}``. **Paid, never repeated.**

        :rtype: Company | None
        """
        return self._look_up('register_company', code, read_company)

    def look_up_pec(self, code):
        """Ask for the PEC of a company and those before it: ``GET /IT-pec/{code}``. **Paid, never repeated.**

        The answer does not repeat whose PEC it is; that of :meth:`look_up_company`, which costs about as much, does.

        :rtype: CompanyPec | None
        """
        return self._look_up('register_pec', code, read_pec)

    def look_up_offices(self, code):
        """Ask who has an office in a company: ``GET /IT-stakeholders/{code}``. **Paid, never repeated.**

        :return: Pending: the service has taken it up, and :meth:`get_offices` reads what became of it.
        :rtype: Offices | Pending | None
        """
        return self._look_up('register_offices', code, read_offices)

    # ------------------------------------------------------------ free

    def get_offices(self, request_id, code):
        """Read what became of a request for offices: ``GET /IT-check_id/{id}``. It has no answer 402: it is free.

        :param str request_id: of Pending.
        :param str code: what was asked for.
        :rtype: Offices | Pending | None
        :raise Gone: 404/244, the service does not know the request (any more).
        :raise Refused: 406/243 it is no number of a request; also NotSent, OutcomeUnknown, BadToken, Throttled.
        """
        def attempt(end):
            answer = self._get(CHECK_PATH + quote(request_id, safe=''), end)
            return self._read_answer(*answer, None, code, read_offices, request_id)

        return self._repeat(attempt)

    def count_companies(self, pec):
        """Ask how many companies have a PEC in the register: ``GET /IT-search?pec=…&dryRun=1``. Free.

        It is asked while somebody waits, and not repeated.

        :param str pec: an address.
        :rtype: Count
        :raise Refused: 406/316 it is no address; also NotSent, OutcomeUnknown, BadToken, NoCredit, Throttled.
        """
        query = urlencode({'pec': pec, 'dryRun': 1, 'limit': MOST_COUNTED})
        status, _headers, content = self._ask(f'/IT-search?{query}', COUNT_SECONDS)
        return Count(0, False, None) if status == 204 else read_count(self._data(status, content), MOST_COUNTED)

    # ------------------------------------------------------------ answers

    def _look_up(self, operation, code, read):
        """Make a paid look-up, once.

        :param str operation: of the journal.
        :param read: function (data of the answer, code) that reads it.
        """
        if not TAX_CODE.fullmatch(code):
            raise Refused("This is neither a tax code nor a VAT number", code='code', reason='wrong_code')
        answer = self._exchange('GET', f'/{ENDPOINTS[operation][0]}/{code}')
        return self._read_answer(*answer, operation, code, read)

    def _read_answer(self, status, headers, content, operation, code, read, request_id=None):
        """Return what a look-up was answered with.

        :param str operation: of the journal; None: it costs nothing.
        :param str request_id: of the request that was asked about, if any.
        """
        if status == 204:
            return None
        if status == 302 and operation in LATER:
            return self._read_pending(status, headers, self._envelope(content) or {}, request_id)
        data = self._data(status, content, operation)
        if operation in LATER and isinstance(data, dict) and data.keys() <= {'state', 'id'}:
            return self._read_pending(status, headers, {'data': data}, request_id)
        return read(data, code)

    @staticmethod
    def _read_pending(status, headers, envelope, request_id):
        """Return the request that an answer tells of, whose number stands in its body and in its Location.

        :param str request_id: that was asked about, if any: no other one will do.
        :raise OutcomeUnknown: it tells no number, or says that the request is done without telling what came of it.
        """
        data = envelope.get('data') if isinstance(envelope.get('data'), dict) else {}
        location = LOCATION.search(headers.get('Location', ''))
        told = str(data.get('id') or (location[1] if location else ''))
        if not REQUEST_ID.fullmatch(told) or data.get('state', PENDING) != PENDING:
            raise OutcomeUnknown(
                "The service's answer holds neither data nor the number of a request", status=status,
                reason='no_request')
        if told != (request_id or told):
            raise OtherRecord("The service answered with another request", status=status, reason='other_request')
        wish = headers.get('Retry-After', '')
        is_told = wish.isascii() and wish.isdigit() and len(wish) < 12
        seconds = float(wish) if is_told else RETRY_SECONDS
        return Pending(told, min(max(seconds, MIN_RETRY_SECONDS), MAX_RETRY_SECONDS))
