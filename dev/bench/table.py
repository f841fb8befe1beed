"""The figures of the benchmarks: what each measures, beside what, and what it must and should be."""
from typing import NamedTuple


class Figure(NamedTuple):
    """A figure.

    :param str bench: the module of this folder that measures it.
    :param str thing: what is measured.
    :param str peer: what is measured beside it; '' where it is no ratio.
    :param str unit: of the figure.
    :param must: the worst value that passes; None: it is only told.
    :param aim: what it should be.
    :param bool is_least: whether it may not be less than that; otherwise, not more.
    """

    bench: str
    thing: str
    peer: str
    unit: str
    must: float | None = None
    aim: float | None = None
    is_least: bool = False

    def is_missed(self, value):
        """Return whether a value does not pass."""
        if self.must is None:
            return False
        return value < self.must if self.is_least else value > self.must

    def show(self, bound):
        """Return a bound in words."""
        return '' if bound is None else f'{"≥" if self.is_least else "≤"} {bound:g}'


OF_ITS_TIME, FASTER = '× its time', '× faster'
PER_50_000 = 's for 50,000 companies'
CONTACTS = "the list of as many contacts"
ONE_AT_A_TIME = "one at a time"
OWN_IMPORT = "Odoo's own import of the same 2,000 contacts"

FIGURES = {
    'unchanged': Figure(
        'synchronize', "10,000 filings of 10,000 companies kept in step, none changed",
        "fetching and parsing the same list, one SELECT of the same columns", OF_ITS_TIME, 2.5, 1.5),
    'changed': Figure(
        'synchronize', "the same, all changed: state, contact's chatter, filing's own",
        "raw SQL writing the same rows", OF_ITS_TIME, 8, 4),
    'as_core': Figure(
        'synchronize', "the same", "core's pattern (account_peppol): a write and a log for each", FASTER, 6, 10, True),
    'growth': Figure('synchronize', "10,000, the slower of both", "1,000", OF_ITS_TIME, 12, 10),
    'memory': Figure('synchronize', "10,000: memory over idle", '', 'MB', 400),
    'growth_full': Figure('synchronize', "100,000, the slower of both", "10,000", OF_ITS_TIME, 12, 10),
    'memory_full': Figure('synchronize', "100,000: memory over idle", '', 'MB', 400),
    'dispatch': Figure(
        'dispatch', "400 calls of 200 ms each, 8 at a time", ONE_AT_A_TIME, FASTER, 7, 7.8, True),
    'looks': Figure('dispatch', "400 calls: lists read before they are paid for", '', 'lists', 3),
    'p7m': Figure('p7m', "a signed PDF of 2 MB judged, process start included", "openssl cms -verify", OF_ITS_TIME,
                  1.6, 1.3),
    'p7m_large': Figure('p7m', "a signed PDF of 19.9 MB judged", "openssl cms -verify", OF_ITS_TIME, 2),
    'trust_list': Figure('trust', "a trusted list of 400 authorities verified and read", '', 'ms'),
    'trust_chain': Figure('trust', "a signed file judged by that list, which is loaded anew", '', 'ms', 20, 10),
    'trust_chain_beside': Figure(
        'trust', "the same", "cryptography: its certificates loaded, the issuer found and verified", OF_ITS_TIME),
    'trust_revocation': Figure('trust', "a certificate looked up in a revocation list of 20,000", '', 'ms', 50, 20),
    'trust_revocation_beside': Figure('trust', "the same", "cryptography", OF_ITS_TIME),
    'callbacks': Figure(
        'callbacks', "callbacks, 8 clients at once, each for another record", "a public route that makes one UPDATE",
        '× its rate', 0.6, 0.8, True),
    'lost': Figure('callbacks', "callbacks that woke no job", '', 'callbacks', 0),
    'list': Figure('lists', "the list of 10,000 filings opened", CONTACTS, OF_ITS_TIME, 1, 0.5),
    'worklist': Figure('lists', "the worklist of 10,000 filings opened", CONTACTS, OF_ITS_TIME, 1, 0.5),
    'worklist_head': Figure('lists', "the head of that worklist", CONTACTS, OF_ITS_TIME),
    'overview': Figure('lists', "the overview of 10,000 filings opened", CONTACTS, OF_ITS_TIME, 4, 2),
    'overview_queries': Figure('lists', "queries of the overview", '', 'queries', 15),
    'import_contacts': Figure(
        'imports', "1,000 companies and their administrators from a spreadsheet, without filings", OWN_IMPORT,
        OF_ITS_TIME, 1.5, 1),
    'import_filings': Figure(
        'imports', "the same, with filings and their findings", OWN_IMPORT, OF_ITS_TIME, 4, 3),
    'register': Figure(
        'register', "the register of 10,000 companies with offices opened, two lines of each", CONTACTS, OF_ITS_TIME,
        1.5, 1),
    'register_queries': Figure('register', "queries of opening it, 10,000 companies", '', 'queries', 20),
    'night': Figure('register', "the nightly job, 10,000 companies, nothing due", '', PER_50_000, 5, 1),
    'nightly': Figure(
        'register', "the nightly job, all lines of 10,000 companies due, none changed", '', PER_50_000, 60, 40),
    'nightly_moved': Figure(
        'register', "the same, 10,000 companies, a date has changed each tenth line", '', PER_50_000, 60, 40),
    'nightly_growth': Figure(
        'register', "that job, none changed, 10,000 companies", "1,000 companies", OF_ITS_TIME, 12, 10),
}
# With BENCH=full these are also told of 100,000 records, which are the lines of 50,000 companies.
FULL = ('list', 'worklist', 'worklist_head', 'overview', 'overview_queries')
FULL_REGISTER = ('register', 'register_queries', 'night', 'nightly', 'nightly_moved', 'nightly_growth')
FIGURES |= {f'{name}_full': FIGURES[name]._replace(thing=FIGURES[name].thing.replace('10,000', '100,000') + (
    '' if '10,000' in FIGURES[name].thing else ', 100,000 filings')) for name in FULL}
FIGURES |= {f'{name}_full': FIGURES[name]._replace(
    thing=FIGURES[name].thing.replace('10,000', '50,000'), peer=FIGURES[name].peer.replace('1,000', '5,000'),
) for name in FULL_REGISTER}


def show(results):
    """Return the lines of the table of some results.

    :param list results: as ``measuring.result`` returns them.
    """
    rows = [['figure', 'measured', 'beside', 'result', 'spread', 'must', 'aim', '']]
    for result in results:
        figure = FIGURES[result['figure']]
        rows.append([
            result['figure'], figure.thing, figure.peer, f'{result["value"]:.3g} {figure.unit}', show_spread(result),
            figure.show(figure.must), figure.show(figure.aim), 'MISSED' if figure.is_missed(result['value']) else ''])
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ['  '.join(f'{cell:{width}}' for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def show_spread(result):
    """Return between what the rounds of a result lie."""
    return f'{result["low"]:.3g}–{result["high"]:.3g} in {result["rounds"]}' if result['rounds'] > 1 else ''
