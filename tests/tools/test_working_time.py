import datetime

from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.tools.italy import calendar as working_time

# year -> the national holidays, as month-day; Easter Monday on its line
HOLIDAYS = {
    2024: '01-01 01-06 04-01 04-25 05-01 06-02 08-15       11-01 12-08 12-25 12-26',
    2025: '01-01 01-06 04-21 04-25 05-01 06-02 08-15       11-01 12-08 12-25 12-26',
    2026: '01-01 01-06 04-06 04-25 05-01 06-02 08-15 10-04 11-01 12-08 12-25 12-26',
    2027: '01-01 01-06 03-29 04-25 05-01 06-02 08-15 10-04 11-01 12-08 12-25 12-26',
    2028: '01-01 01-06 04-17 04-25 05-01 06-02 08-15 10-04 11-01 12-08 12-25 12-26',
    2029: '01-01 01-06 04-02 04-25 05-01 06-02 08-15 10-04 11-01 12-08 12-25 12-26',
    2030: '01-01 01-06 04-22 04-25 05-01 06-02 08-15 10-04 11-01 12-08 12-25 12-26',
}
# year -> how many days are worked
WORKING_DAYS = {2024: 254, 2025: 251, 2026: 254, 2027: 254, 2028: 249, 2029: 252, 2030: 252}

# (moment in UTC, working days, the day on which they have gone by)
TERMS = [
    # every day of a week without holidays, 48 working hours and the default of what is late
    ('2026-11-16 10:00', 2, '2026-11-18'),  # Monday
    ('2026-11-17 10:00', 2, '2026-11-19'),
    ('2026-11-18 10:00', 2, '2026-11-20'),
    ('2026-11-19 10:00', 2, '2026-11-23'),
    ('2026-11-20 10:00', 2, '2026-11-24'),
    ('2026-11-21 10:00', 2, '2026-11-24'),
    ('2026-11-22 10:00', 2, '2026-11-24'),
    ('2026-11-16 10:00', 6, '2026-11-24'),
    ('2026-11-18 10:00', 6, '2026-11-26'),
    ('2026-11-20 10:00', 6, '2026-11-30'),
    ('2026-11-21 10:00', 6, '2026-11-30'),
    # any number of days
    ('2026-11-23 10:00', 0, '2026-11-23'),
    ('2026-11-22 10:00', 0, '2026-11-22'),  # a Sunday: nothing has to go by
    ('2026-11-23 10:00', -3, '2026-11-23'),
    ('2026-11-23 10:00', 1, '2026-11-24'),
    ('2026-11-23 10:00', 5, '2026-11-30'),
    ('2026-11-23 10:00', 10, '2026-12-07'),
    ('2026-11-23 10:00', 11, '2026-12-09'),  # over the Immaculate Conception
    ('2026-01-01 10:00', 254, '2026-12-31'),
    # the day is Rome's: an hour ahead in winter
    ('2026-11-20 22:59', 2, '2026-11-24'),
    ('2026-11-20 23:00', 2, '2026-11-24'),  # Saturday
    ('2026-11-16 22:59', 1, '2026-11-17'),
    ('2026-11-16 23:00', 1, '2026-11-18'),
    ('2026-11-22 22:59', 1, '2026-11-23'),
    ('2026-11-22 23:00', 1, '2026-11-24'),
    ('2026-11-23 00:00', 1, '2026-11-24'),
    # two hours ahead in summer
    ('2026-07-13 21:59', 1, '2026-07-14'),
    ('2026-07-13 22:00', 1, '2026-07-15'),
    ('2026-07-12 21:59', 1, '2026-07-13'),
    ('2026-07-12 22:00', 1, '2026-07-14'),
    # the clocks change on Sundays, at 01:00 UTC: 29 March and 25 October 2026, 30 March and 26 October 2025
    ('2026-03-27 22:59', 1, '2026-03-30'),
    ('2026-03-28 22:59', 1, '2026-03-30'),
    ('2026-03-29 00:59', 1, '2026-03-30'),
    ('2026-03-29 01:00', 1, '2026-03-30'),
    ('2026-03-29 21:59', 1, '2026-03-30'),
    ('2026-03-29 22:00', 1, '2026-03-31'),  # Monday already: summer time
    ('2026-10-24 22:00', 1, '2026-10-26'),
    ('2026-10-25 00:30', 1, '2026-10-26'),
    ('2026-10-25 01:30', 1, '2026-10-26'),
    ('2026-10-25 22:00', 1, '2026-10-26'),  # still Sunday: winter time
    ('2026-10-25 23:00', 1, '2026-10-27'),
    ('2025-03-30 22:00', 1, '2025-04-01'),
    ('2025-10-26 22:59', 1, '2025-10-27'),
    ('2025-10-26 23:00', 1, '2025-10-28'),
    # ends of years
    ('2026-12-31 22:59', 1, '2027-01-04'),  # Friday 1 January and a week-end between
    ('2026-12-31 23:30', 1, '2027-01-04'),
    ('2027-01-01 10:00', 1, '2027-01-04'),
    ('2026-12-23 12:00', 2, '2026-12-28'),
    ('2026-12-24 12:00', 1, '2026-12-28'),
    ('2026-12-24 12:00', 6, '2027-01-05'),
    ('2024-12-31 12:00', 2, '2025-01-03'),
    ('2024-12-31 22:59', 3, '2025-01-07'),  # over the Epiphany
    ('2025-12-31 12:00', 2, '2026-01-05'),
    ('2025-12-31 12:00', 3, '2026-01-07'),
    ('2028-12-29 12:00', 2, '2029-01-03'),
    # Easter
    ('2024-03-29 12:00', 1, '2024-04-02'),
    ('2025-04-18 12:00', 2, '2025-04-23'),
    ('2025-04-18 12:00', 4, '2025-04-28'),  # with the Liberation in the same week
    ('2026-04-03 12:00', 1, '2026-04-07'),
    ('2027-03-26 12:00', 2, '2027-03-31'),
    ('2028-04-14 12:00', 1, '2028-04-18'),
    ('2029-03-30 12:00', 1, '2029-04-03'),
    ('2030-04-19 12:00', 3, '2030-04-26'),
    # 4 October: worked until 2025; a Sunday in 2026, then a Monday, a Wednesday, a Thursday, a Friday
    ('2024-10-03 12:00', 1, '2024-10-04'),
    ('2026-10-02 12:00', 1, '2026-10-05'),
    ('2027-10-01 12:00', 1, '2027-10-05'),
    ('2028-10-03 12:00', 1, '2028-10-05'),
    ('2029-10-03 12:00', 2, '2029-10-08'),
    ('2030-10-03 12:00', 1, '2030-10-07'),
    # leap days
    ('2024-02-28 12:00', 1, '2024-02-29'),
    ('2024-02-28 12:00', 2, '2024-03-01'),
    ('2028-02-28 12:00', 1, '2028-02-29'),
    ('2026-02-27 12:00', 1, '2026-03-02'),
    # other holidays on working days
    ('2026-04-30 12:00', 1, '2026-05-04'),
    ('2026-06-01 12:00', 1, '2026-06-03'),
    ('2025-08-14 12:00', 1, '2025-08-18'),
    ('2024-10-31 12:00', 1, '2024-11-04'),
    ('2026-12-07 12:00', 1, '2026-12-09'),
]


def days_of(year):
    """Return every day of a year."""
    first = datetime.date(year, 1, 1)
    return [day for offset in range(366) if (day := first + datetime.timedelta(days=offset)).year == year]


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestWorkingTime(BaseCase):

    def test_holidays(self):
        for year, expected in HOLIDAYS.items():
            with self.subTest(year=year):
                self.assertEqual(sorted(f'{day:%m-%d}' for day in working_time.holidays(year)), expected.split())

    def test_working_days(self):
        """Every day of every year: worked unless it is a Saturday, a Sunday or in the list."""
        for year, expected in HOLIDAYS.items():
            with self.subTest(year=year):
                days_off = set(expected.split())
                worked = [day for day in days_of(year) if working_time.is_working_day(day)]
                self.assertEqual(
                    worked, [day for day in days_of(year) if day.isoweekday() < 6 and f'{day:%m-%d}' not in days_off])
                self.assertEqual(len(worked), WORKING_DAYS[year])

    def test_single_days(self):
        for day, expected in {
            '2026-11-23': True, '2026-11-21': False, '2026-11-22': False, '2026-04-03': True, '2026-04-05': False,
            '2026-04-07': True,
            '2024-10-04': True, '2023-10-04': True, '2027-10-04': False, '2030-10-04': False, '2026-12-24': True,
            '2026-12-31': True,
            '2024-02-29': True,
            '2026-06-29': True,  # Rome's patron: no national holiday
            '1985-01-06': False, '1984-01-06': True, '1986-01-06': False, '2000-06-02': True, '2003-06-02': False,
        }.items():
            with self.subTest(day=day):
                self.assertIs(working_time.is_working_day(datetime.date.fromisoformat(day)), expected)

    def test_terms(self):
        for moment, days, end in TERMS:
            with self.subTest(moment=moment, days=days):
                self.assertEqual(str(working_time.add_working_days(datetime.datetime.fromisoformat(moment), days)), end)

    def test_a_term_ends_on_a_working_day(self):
        """From every day of seven years, for several numbers of days; one day more ends later."""
        for year in HOLIDAYS:
            with self.subTest(year=year):
                for day in days_of(year):
                    noon = datetime.datetime.combine(day, datetime.time(12))
                    ends = [working_time.add_working_days(noon, days) for days in range(8)]
                    self.assertEqual(ends[0], day)
                    self.assertEqual(ends, sorted(set(ends)))
                    self.assertTrue(all(map(working_time.is_working_day, ends[1:])))
