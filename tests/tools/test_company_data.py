"""What the Company API tells, whatever it tells: no answer raises anything but a clear error."""
import copy
import datetime
import json

from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.tools.api import company_data
from odoo.addons.l10n_it_openapi_pec.tools.api.company_data import (
    Count,
    read_company,
    read_count,
    read_offices,
    read_pec,
)
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import OtherRecord, OutcomeUnknown

from ..common_company import CODE, LOOK_UP_COMPANY, LOOK_UP_OFFICES, LOOK_UP_PEC, PEC, CompanyMixin, get_example

COMPANY = get_example(LOOK_UP_COMPANY)['data'][0]
OFFICES = get_example(LOOK_UP_OFFICES, name='synchronous')['data']
# As JSON can hold it.
ODD = (
    None, True, False, 0, 1, -1, 1.5, 1e308, float('nan'), float('inf'), 10**400, '', ' ', 'x', '\x00\x1b[31m\u202e',
    'A' * 100000, '0' * 100000, '2020-02-30', '0001-01-01T00:00:00', [], [[]], [None], ['x'], [{}], {}, {'x': {}},
    {'code': {}}, {'code': ['AUN']}, {'role': None}, {'role': {'code': 5}}, {'registeredOffice': []},
)


def places(value, place=()):
    """Yield the place of each value within another one, itself included."""
    yield place
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from places(item, (*place, key))


def put(value, place, odd):
    """Return a copy of a value with something odd at a place."""
    if not place:
        return odd
    spoiled = copy.deepcopy(value)
    *way, last = place
    inner = spoiled
    for key in way:
        inner = inner[key]
    inner[last] = odd
    return spoiled


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestCompanyData(BaseCase):

    def assert_bounded(self, told):
        """All of it is short, visible, and of a type that a database takes."""
        if isinstance(told, tuple):
            for value in told:
                self.assert_bounded(value)
        elif isinstance(told, str):
            self.assertLessEqual(len(told), 500)
            self.assertTrue(told.isprintable(), told)
        else:
            self.assertTrue(told is None or type(told) in (bool, int, float, datetime.date), type(told))

    def test_odd_values_everywhere(self):
        for read, data in [(read_company, COMPANY), (read_company, [COMPANY]), (read_offices, OFFICES),
                           (read_pec, get_example(LOOK_UP_PEC)['data'])]:
            for place in places(data):
                if 'balanceSheets' in place:
                    continue
                for odd in ODD:
                    try:
                        told = read(put(data, place, odd), CODE)
                    except OutcomeUnknown as error:
                        self.assertIn(
                            error.reason, ('no_company', 'other_company', 'pec_untold', 'several_companies'))
                    else:
                        self.assert_bounded(told)

    def test_odd_counts(self):
        for odd in ODD:
            for data in (odd, [odd], {'count': odd}, [{'count': 1, 'cost': odd}]):
                try:
                    self.assert_bounded(read_count(data, 10))
                except OutcomeUnknown as error:
                    self.assertIn(error.reason, ('count_untold', 'not_dry'))

    def test_counts(self):
        for data, count in [
            ({'count': 3, 'cost': 0.3}, Count(3, False, 0.3)),
            ([{'Total': '12', 'price': '1,20'}], Count(12, False, 1.2)),
            ({'totalRecords': 10}, Count(10, True, None)), ({'count': 0}, Count(0, False, None)),
            ({'count': 2.0, 'cost': -1}, Count(2, False, None)),
        ]:
            self.assertEqual(read_count(data, 10), count)
        for data in (None, [], {}, 'x', {'count': 1.5}, {'count': 2**40}, {'count': True}, {'count': '٣'}):
            with self.subTest(data=data), self.assertRaises(OutcomeUnknown):
                read_count(data, 10)

    # ------------------------------------------------------------ companies

    def test_codes_as_they_come(self):
        """Numbers lose their zeros, VAT numbers have a country before them."""
        for told in (2590530347, '02590530347', 'IT02590530347', ' 02590530347\n', 'it02590530347'):
            company = read_company({**COMPANY, 'taxCode': None, 'vatCode': told}, '02590530347')
            self.assertEqual(company.vat_code, '02590530347')
        for told in (True, 2590530347.0, '0259053034', '02590530347 02590530347', None):
            with self.assertRaises(OutcomeUnknown):
                read_company({**COMPANY, 'taxCode': None, 'vatCode': told}, '02590530347')

    def test_whose_it_is(self):
        other = {**COMPANY, 'taxCode': '01234567897', 'vatCode': ''}
        with self.assertRaises(OtherRecord):
            read_company([other], CODE)
        self.assertEqual(read_company([other, COMPANY], CODE).tax_code, CODE)
        with self.assertRaises(OutcomeUnknown) as raised:
            read_company([{'companyName': "OPENAPI S.P.A."}], CODE)
        self.assertEqual(raised.exception.reason, 'no_company')

    def test_several_of_one_code(self):
        """Of what has ceased and what has not the latter, of several the one updated last."""
        ceased = {**COMPANY, 'activityStatus': 'CESSATA', 'lastUpdateTimestamp': 1800000000}
        newer = {**COMPANY, 'lastUpdateTimestamp': 1750000000, 'companyName': "NEWER"}
        for rows in ([ceased, COMPANY, newer], [newer, ceased, COMPANY]):
            self.assertEqual(read_company(rows, CODE).name, "NEWER")
        self.assertEqual(read_company([ceased], CODE).status, 'CESSATA')

    def test_pec_of_a_company(self):
        """None in the register is one thing, and what is not told, or cannot be read, is another."""
        for told, pec in [
            ('OPENAPI@LEGALMAIL.IT ', PEC), ('', ''), (None, ''), (5, None), (['a@b.it'], None), ({}, None),
            ('N.D.', None), ('a@b.it; c@d.it', None)]:
            self.assertEqual(read_company({**COMPANY, 'pec': told}, CODE).pec, pec)
        self.assertIsNone(read_company({key: COMPANY[key] for key in COMPANY if key != 'pec'}, CODE).pec)

    def test_companies_of_a_vat_group(self):
        """They share a number: whoever is asked about by it could be any of them; by the tax code it is one."""
        group = [{**COMPANY, 'taxCode': code, 'vatCode': '16935371001'} for code in ('02590530347', '02591680216')]
        with self.assertRaises(OutcomeUnknown) as raised:
            read_company(group, '16935371001')
        self.assertEqual(raised.exception.reason, 'several_companies')
        leader = {**COMPANY, 'taxCode': '16935371001', 'vatCode': '16935371001', 'lastUpdateTimestamp': 1}
        self.assertEqual(read_company([*group, leader], '16935371001').tax_code, '16935371001')
        self.assertEqual(read_company(group, '02591680216').tax_code, '02591680216')

    def test_status(self):
        for told, status in [('ATTIVA', 'ATTIVA'), ('in iscrizione', 'IN_ISCRIZIONE'), ('NEVER_SEEN', 'NEVER_SEEN'),
                             (None, ''), ({'code': 'A'}, '')]:
            self.assertEqual(read_company({**COMPANY, 'activityStatus': told}, CODE).status, status)

    def test_days(self):
        for told, day in [
            ('2013-10-20', datetime.date(2013, 10, 20)), ('2013-10-20T00:00:00', datetime.date(2013, 10, 20)),
            ('2023-03-08T11:25:08.0331456Z', datetime.date(2023, 3, 8)), ('0001-01-01T00:00:00', None),
            ('2020-02-30', None), ('20/10/2013', None), (1622452306, None), (None, None), ('٢٠١٣-10-20', None),
        ]:
            self.assertEqual(read_company({**COMPANY, 'registrationDate': told}, CODE).registered_on, day)

    def test_rea(self):
        for told, rea in [
            ({'cciaa': 'RM', 'reaCode': '1378273'}, ('RM', '1378273')), ({'reaCode': 'RM-1378273'}, ('RM', '1378273')),
            ({'cciaa': 'rm', 'reaCode': 1378273}, ('RM', '1378273')), ({'cciaa': 'RM', 'reaCode': 'x'}, ('RM', '')),
            ({'reaCode': '0' * 20 + '5'}, ('', '5')), ({}, ('', '')),
        ]:
            company = read_company({'taxCode': CODE, **told}, CODE)
            self.assertEqual((company.rea_province, company.rea_number), rea)

    def test_seats(self):
        parts = {'toponym': "VIA", 'street': "ROMA", 'streetNumber': 5, 'zipCode': 143, 'province': {'code': 'rm'}}
        company = read_company({**COMPANY, 'address': {'registeredOffice': parts}}, CODE)
        self.assertEqual(company.seat[1:], ('00143', '', 'RM'))
        self.assertTrue(company.seat.street.startswith("VIA ROMA"))

    # ------------------------------------------------------------ PECs

    def test_pecs(self):
        for data, address in [
            ([{'pec': PEC}], PEC), ({'pec': PEC.upper(), 'history': None}, PEC), ([{'pec': ''}], ''),
            ([{'pec': None, 'history': [{'pec': 'a@b.it'}]}], ''), ([{'pec': PEC}, {'pec': PEC.upper()}], PEC),
            ([{'pec': PEC, 'taxCode': CODE}, {'pec': 'a@b.it', 'taxCode': '01234567897'}], PEC),
        ]:
            self.assertEqual(read_pec(data, CODE).address, address)
        self.assertIsNone(read_pec([], CODE))
        for data in (
            [{}], [{'pec': 5}], [{'pec': 'N.D.'}], [{'pec': PEC}, {'pec': 'a@b.it'}], [{'pec': PEC}, {}], None, 'x',
            ['x'], 5,
        ):
            with self.subTest(data=data), self.assertRaises(OutcomeUnknown):
                read_pec(data, CODE)
        history = [{'pec': f'{number}@b.it', 'timestamp': '5'} for number in range(1000)]
        told = read_pec([{'pec': PEC, 'history': history}], CODE).history
        self.assertEqual((len(told), told[3]), (company_data.MAX_HISTORY, ('3@b.it', 5)))

    # ------------------------------------------------------------ offices

    def read_managers(self, managers):
        return read_offices({'companyDetails': {'taxCode': CODE}, 'managers': managers}, CODE)

    def test_officers(self):
        role = {'role': {'code': 'PCA', 'description': "Chairman"}, 'roleStartDate': '2024-05-02T00:00:00'}
        flat = {'code': 'cod', 'description': "Delegate", 'type': 'CARICA'}
        offices = self.read_managers([
            {'name': "Anna\n", 'surname': "Ne\u202eri", 'roles': [role, flat], 'isLegalRepresentative': 1},
            {'taxCode': 16935371001, 'companyName': "OPEN HOLDING SRL", 'roles': [role, None, {}, {'role': 'x'}]},
        ])
        person, company = offices.officers
        self.assertEqual((person.first_name, person.last_name, person.tax_code, person.is_legal_representative), (
            "Anna", "Neri", '', True))
        self.assertEqual([(told.code, told.name, told.since) for told in person.roles], [
            ('PCA', "Chairman", datetime.date(2024, 5, 2)), ('COD', "Delegate", None)])
        self.assertEqual((company.tax_code, company.is_legal_representative, len(company.roles)), (
            '16935371001', None, 1))
        self.assertEqual(offices.unreadable, 3)

    def test_what_cannot_be_read_is_counted(self):
        """Whoever is missing in such an answer may hold an office all the same."""
        role = {'role': {'code': 'AUN'}}
        for managers, unreadable in [
            ([], 0), (None, 1), ({}, 1), ('x', 1), (['x', None, {}], 3), ([{'name': "A", 'roles': []}], 1),
            ([{'name': "A", 'roles': 'AUN'}], 1), ([{'roles': [role]}], 1), ([{'name': "A", 'roles': [role, 5]}], 1),
            ([{'name': "A", 'roles': [role] * (company_data.MAX_ROLES + 7)}], 7),
        ]:
            with self.subTest(managers=str(managers)[:80]):
                self.assertEqual(self.read_managers(managers).unreadable, unreadable)
        self.patch(company_data, 'MAX_OFFICERS', 10)
        offices = self.read_managers([{'name': "A", 'roles': [role]}] * 25)
        self.assertEqual((len(offices.officers), offices.unreadable), (10, 15))

    def test_whose_they_are(self):
        with self.assertRaises(OtherRecord):
            read_offices(OFFICES, '02590530347')
        with self.assertRaises(OutcomeUnknown):
            read_offices({'managers': OFFICES['managers']}, CODE)
        self.assertIsNone(read_offices([], CODE))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestHostileCompanies(CompanyMixin, BaseCase):
    """The same over a socket, where an answer may be no JSON, too deep or too large."""

    def test_answers(self):
        deep = '{"success": true, "data": ' + '[' * 100000 + ']' * 100000 + '}'
        for body in (
            '[' * 100000, deep, '{"success": true, "data": [{"taxCode": ' + '9' * 100000 + '}]}', 'NaN', '[]', '"x"',
            json.dumps({'success': 'true', 'data': [COMPANY]}), json.dumps({'data': [COMPANY]}), '\x00', '\ud7ff',
        ):
            self.answer(LOOK_UP_COMPANY, body)
            with self.subTest(body=body[:40]), self.assertRaises(OutcomeUnknown) as raised:
                self.client.look_up_company(CODE)
            self.assertEqual(raised.exception.reason, 'unreadable')
        self.answer(LOOK_UP_COMPANY, {'success': True, 'data': {**COMPANY, 'companyName': "token sandbox-token\u202e"}})
        self.assertEqual(self.client.look_up_company(CODE).name, "token ***")

    def test_a_very_large_company(self):
        """The attorneys of a large bank are read within the bounds of an answer."""
        manager = OFFICES['managers'][2]
        self.answer(LOOK_UP_OFFICES, {'success': True, 'data': {**OFFICES, 'managers': [manager] * 10000}})
        offices = self.client.look_up_offices(CODE)
        self.assertEqual((len(offices.officers), offices.unreadable), (10000, 0))
