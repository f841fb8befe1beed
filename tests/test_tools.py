import datetime

from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.tools import pec_address, working_time


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestTools(BaseCase):

    def test_addresses(self):
        for address in ('mypec@pec.com', ' MyPec@PEC.it ', "a.b-c_d+e@sub.dom-ain.legalmail.it", "o'neil@pec.it"):
            self.assertTrue(pec_address.is_well_formed(address), address)
        for address in ('', None, False, 'a', 'a@b', '@pec.it', 'a@', 'a b@pec.it', 'a@@pec.it', 'a@pec..it', '.a@pec.it', 'a.@pec.it',
                        'a@-pec.it', 'è@pec.it', 'a@pec.it\n.x', 'a@pec.1', 'x' * 250 + '@pec.it'):
            self.assertFalse(pec_address.is_well_formed(address), address)

    def test_working_days(self):
        days_off = [
            '2026-01-01', '2026-01-06', '2026-04-06', '2026-04-25', '2026-05-01', '2026-06-02', '2026-08-15',
            '2026-10-04', '2026-11-01', '2026-12-08', '2026-12-25', '2026-12-26', '2027-03-29', '2028-04-17',
            '2027-10-04', '2026-11-21', '2026-11-22',
        ]
        for day in days_off:
            self.assertFalse(working_time.is_working_day(datetime.date.fromisoformat(day)), day)
        for day in ('2024-10-04', '2026-11-23', '2026-04-07', '2026-04-03'):
            self.assertTrue(working_time.is_working_day(datetime.date.fromisoformat(day)), day)

    def test_terms(self):
        for moment, days, end in [
            ('2026-11-23 10:00', 2, '2026-11-25'),  # Monday
            ('2026-11-20 10:00', 2, '2026-11-24'),  # Friday
            ('2026-11-20 23:30', 2, '2026-11-24'),  # Saturday already in Rome
            ('2026-12-31 22:59', 1, '2027-01-04'),  # still the old year in Rome: 1 January and a week-end between
            ('2026-12-31 23:30', 1, '2027-01-04'),
            ('2026-12-23 12:00', 2, '2026-12-28'),
            ('2026-11-23 10:00', 0, '2026-11-23'),
        ]:
            self.assertEqual(str(working_time.add_working_days(datetime.datetime.fromisoformat(moment), days)), end, moment)
