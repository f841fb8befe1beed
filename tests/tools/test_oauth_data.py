"""What OAuth v2 tells, whatever it tells: no answer raises anything but a clear error, and nothing odd gets through."""
import datetime
import json
import math

from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.tools.api import values
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import OpenapiPecError, OutcomeUnknown
from odoo.addons.l10n_it_openapi_pec.tools.api.oauth_data import (
    Limits,
    Token,
    read_delivery,
    read_own_token,
    read_scope,
    read_terms,
    read_token,
    read_transaction,
    read_wallet,
)
from odoo.addons.l10n_it_openapi_pec.tools.api.pages import Rows
from odoo.addons.l10n_it_openapi_pec.tools.api.values import read_time

from ..common_oauth import (
    LIST_CALLBACKS,
    LIST_SCOPES,
    LIST_TOKENS,
    MAKE_TOKEN,
    READ_SCOPE,
    TRANSACTIONS,
    WALLET,
    OauthMixin,
    get_example,
    get_token_example,
)
from .test_company_data import ODD, places, put

UTC = datetime.timezone.utc
SCOPE = {key: value for key, value in get_example(READ_SCOPE)['data'].items() if key in ('id', 'scope', 'enabled')}
# function that reads -> an example of what it reads
READERS = {
    read_token: get_token_example(),
    read_own_token: get_token_example(),
    read_terms: get_example(READ_SCOPE)['data'],
    read_transaction: get_example(TRANSACTIONS)['data'][0],
    read_delivery: get_example(LIST_CALLBACKS, name='list')['data'][0],
    read_scope: SCOPE,
}


def leaves(value):
    """Yield what a structure is made of, down to texts and numbers."""
    if isinstance(value, Token):
        value = tuple(vars(value).values())
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, (tuple, list)):
        for item in value:
            yield from leaves(item)
    else:
        yield value


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestOauthData(BaseCase):

    def test_odd_values(self):
        """Something odd at each place of each example, one after the other."""
        for read, example in [*READERS.items(), (lambda data: read_wallet(data, 0.0), get_example(WALLET)['data'])]:
            for place in places(example):
                for odd in ODD:
                    with self.subTest(read=read.__name__, place=place, odd=repr(odd)[:30]):
                        try:
                            found = read(put(example, place, odd))
                        except OpenapiPecError as error:
                            self.assertIsInstance(error, OutcomeUnknown)
                            continue
                        for leaf in leaves(found):
                            self.check(leaf)

    def check(self, leaf):
        self.assertIsInstance(leaf, (str, float, int, datetime.datetime, type(None)))
        if isinstance(leaf, str):
            self.assertLess(len(leaf), 600)
            self.assertTrue(leaf.isprintable(), leaf)
        elif isinstance(leaf, float):
            self.assertTrue(math.isfinite(leaf) and abs(leaf) < 1e9)
        elif isinstance(leaf, datetime.datetime):
            self.assertEqual(leaf.utcoffset(), datetime.timedelta())

    def test_numbers(self):
        for told, read in [
            (125.5, 125.5), (0, 0.0), (-3, -3.0), ('125.50', 125.5), (' 7 ', 7.0), ('1,5', None), ('1e3', None),
            (True, None), (None, None), (float('nan'), None), (1e9, None), ('', None), ([1], None), (10**400, None),
        ]:
            with self.subTest(told=repr(told)[:20]):
                self.assertEqual(values.read_number(told), read)
        for told, read in [(200, 200), ('200', 200), (0, 0), (-1, None), (1.5, None), (2.0, 2), (False, None)]:
            self.assertEqual(values.read_count(told), read)

    def test_times(self):
        noon = datetime.datetime(2026, 2, 12, 12, tzinfo=UTC)
        for told in ('2026-02-12T12:00:00+00:00', '2026-02-12T12:00:00Z', '2026-02-12T13:00:00+01:00',
                     '2026-02-12T12:00:00', '2026-02-12 12:00:00', ' 2026-02-12T12:00:00z ', noon.timestamp(),
                     int(noon.timestamp())):
            self.assertEqual(read_time(told), noon, told)
        for decimals, microseconds in (('123000', 123000), ('1', 100000), ('123456789', 123456)):
            for zone in ('+00:00', '+0000', 'Z', ''):
                told = f'2026-02-12T12:00:00.{decimals}{zone}'
                self.assertEqual(read_time(told), noon.replace(microsecond=microseconds), told)
        for told in (None, '', 'soon', '2026-02-30T00:00:00Z', '0001-01-01T00:00:00+10:00', 1e300, float('nan'), -1e300,
                     True, [], {}, '2' * 10**6, '9999-12-31T23:59:59-10:00', '2026-02-12T12:00:00+99:00',
                     '2026-02-12', '٢٠٢٦-02-12T12:00:00Z'):
            self.assertIsNone(read_time(told), repr(told)[:30])
        for told, is_told in [
                ('2026-02-12T12:00:00', False), ('2026-02-12T12:00:00.5', False), ('2026-02-12T12:00:00Z', True),
                ('2026-02-12 12:00:00+0200', True), (noon.timestamp(), True)]:
            row = read_transaction({'id': 'a', 'amount': -1, 'createdAt': told})
            self.assertEqual((bool(row.created_at), row.has_zone), (True, is_told), told)

    def test_a_wallet_that_is_not_told_is_not_empty(self):
        for data in (None, [], {}, {'credit': None}, {'credit': 'none'}, {'credit': True}, 'x'):
            with self.assertRaises(OutcomeUnknown) as raised:
                read_wallet(data, 0.0)
            self.assertEqual(raised.exception.reason, 'wallet_untold')
        self.assertEqual(read_wallet({'credit': '0'}, 5.0), (0.0, None, 5.0))

    def test_prices(self):
        """A price that cannot be read is left out: it is not nothing."""
        def read(**spoiled):
            return read_terms({**get_example(READ_SCOPE)['data'], **spoiled})

        self.assertEqual(read(prices={'a': 1, 'b': None, 'c': -1, 'd': '2.5', 'e': [1]}).prices, {'a': 1.0, 'd': 2.5})
        self.assertEqual(read(prices=[]).prices, {})
        self.assertEqual(len(read(prices={str(number): 1 for number in range(10**4)}).prices), 100)
        for prices in (None, 5, 'x', [1]):
            with self.assertRaises(OutcomeUnknown) as raised:
                read(prices=prices)
            self.assertEqual(raised.exception.reason, 'scope_untold')
        self.assertEqual(read(freeLimits={'monthLimit': 30}).free_a_month, 30)
        self.assertEqual(read(freeLimits={'monthLimit': 0}).free_a_month, 0)
        self.assertEqual(read(requirements={'id_card': True, 'contract': False, 'x': None}).unmet, ('contract', 'x'))

    def test_limits(self):
        self.assertEqual(Limits().get_body(), {})
        self.assertEqual(Limits(0.0, ('192.0.2.1',), 0, 5).get_body(), {
            'walletAmount': 0.0, 'ip': ['192.0.2.1'], 'totalRequests': 0, 'walletRequests': 5})

    def test_hosts(self):
        for description, host in [
            ("API usage - company.openapi.com", 'company.openapi.com'), ("pec.openapi.it: 3 calls", 'pec.openapi.it'),
            ("API usage - PEC.openapi.it", 'pec.openapi.it'), ("Wallet recharge", ''), ("15.70 EUR", ''), ("", ''),
            ("a." * 10**5, ''),
        ]:
            row = {'id': 'a', 'amount': 1, 'description': description}
            self.assertEqual(read_transaction(row).host, host, description[:40])

    def test_rows(self):
        rows = Rows([1], 2, False, 3.0)
        self.assertEqual((list(rows), rows.unreadable, rows.is_whole, rows.read_at), ([1], 2, False, 3.0))
        self.assertTrue(Rows().is_whole)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestOauthDataOverHttp(OauthMixin, BaseCase):
    """The same through the client: JSON as it may come."""

    def test_odd_json(self):
        reads = {
            MAKE_TOKEN: self.make, LIST_TOKENS: lambda: self.client.find_tokens(''),
            WALLET: self.client.get_wallet, TRANSACTIONS: self.client.list_transactions,
            LIST_SCOPES: self.client.list_scopes, LIST_CALLBACKS: self.client.list_callbacks,
        }
        deep = '[' * 10**5
        for operation, read in reads.items():
            for body in (
                '', 'null', '5', '"x"', '{"data":', deep, '{"data": ' + deep, '{"data": [' + '9' * 10**5 + ']}',
                '\xff\xfe', '{"data": NaN}', '{"data": {"credit": NaN}}',
                '{"data": {"token": "\\ud800' + 'a' * 30 + '"}}',
                json.dumps({'success': 'yes', 'data': {}}), json.dumps({'success': None, 'data': {}}),
            ):
                self.answer(operation, body)
                with self.subTest(operation=operation, body=body[:30]), self.assertRaises(OutcomeUnknown):
                    read()
                self.sandbox.clear_faults()
