"""Services whose lists come in pages, and whose answers may come without the vendor's envelope: how both are read."""
import operator
import types
from urllib.parse import urlencode

from .. import clock
from .client import ServiceClient
from .errors import NotFound, OutcomeUnknown
from .refusals import is_empty_list

PAGE = 100  # rows that are asked for at once: the most that the specifications allow
MAX_PAGES = 20  # of one reading


def _is_newest_first(times):
    """Return whether times, as far as they are told, only descend; equal ones alone show no order."""
    told = [time for time in times if time]
    return bool(told) and told[0] > told[-1] and all(map(operator.ge, told, told[1:]))


class Rows(list):
    """The readable rows of a list of the account, in the service's order.

    :param int unreadable: how many rows could not be read: what is looked for may be among them.
    :param bool is_whole: whether all that was asked for was read; otherwise older rows are missing.
    :param float read_at: when reading began, on the clock of :mod:`..clock`.
    """

    def __init__(self, rows=(), unreadable=0, is_whole=True, read_at=None):
        super().__init__(rows)
        self.unreadable = unreadable
        self.is_whole = is_whole
        self.read_at = clock.now() if read_at is None else read_at


class PagedClient(ServiceClient):
    """One account of such a service: see :class:`.client.ServiceClient` for how calls travel."""

    def _data(self, status, body, operation=None):
        """Return what an answer tells: its ``data``, or all of it where it has none; or raise what its refusal means.

        The examples of their specifications have ``success`` in some answers only.
        """
        envelope = self._envelope(body)
        if 200 <= status < 300 and envelope is not None and envelope.get('success', True) is True:
            return envelope.get('data', envelope)
        return super()._data(status, body, operation)

    def _read_rows(
            self, path, read, identify, get_time=lambda row: None, since=None, query=types.MappingProxyType({})):
        """Read a list page by page, all of it in the time of one read.

        Nothing says that the newest come first, nor that a page that is not full is the last: it ends with a page that
        tells nothing new, or nothing but what is old, if all rows until then show that the newest come first. Rows that
        come in meanwhile move others to the next page, where they are known again. A page with more rows than were
        asked for is not believed.

        :param read: function (row, secrets) -> what it says, or None.
        :param identify: function of what was read -> what is told of one row alone.
        :param get_time: function of what was read -> when that was, or None.
        :param since: before which nobody asks for it; None: for all of it.
        :rtype: Rows
        """
        def is_old(row):
            time = since and get_time(row)
            return bool(time) and time < since

        def attempt(end):
            read_at, found, unreadable, skip, is_whole = clock.now(), {}, 0, 0, False
            for _number in range(MAX_PAGES):
                page = self._read_page(path, {**query, 'limit': PAGE, 'skip': skip}, end)
                skip += len(page)
                rows = list(filter(None, (read(row, self._secrets) for row in page)))
                new = {key: row for row in rows if (key := identify(row)) not in found}
                found |= new
                is_known = bool(rows) and not new  # the service does not look at `skip`, and has no more than a page
                unreadable += 0 if is_known else len(page) - len(rows)
                is_past = bool(new) and all(map(is_old, rows)) and _is_newest_first(map(get_time, found.values()))
                is_whole = len(page) <= PAGE and (not page or is_past or (is_known and len(page) < PAGE))
                if is_whole or not new or len(page) > PAGE:
                    break
            return Rows([row for row in found.values() if not is_old(row)], unreadable, is_whole, read_at)

        return self._repeat(attempt)

    def _read_page(self, path, query, end):
        """Return the rows of a page (list); one that does not exist is documented of some lists as a 404."""
        status, _headers, content = self._get(f'{path}?{urlencode(query)}', end)
        try:
            page = self._data(status, content)
        except NotFound as error:
            if self._is_no_page(path, error):
                return []
            raise OutcomeUnknown(
                "The service's list cannot be read", status=error.status, code=error.code,
                reason='list_unreadable') from None
        if not isinstance(page, list):
            raise OutcomeUnknown("The service's list cannot be read", status=status, reason='list_unreadable')
        return page

    def _is_no_page(self, path, error):
        """Return whether a refusal is the one that is documented for a list, or a page of it, that has no rows."""
        return is_empty_list(path, error.status, error.code)
