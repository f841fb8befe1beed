"""The register of positions of many companies with an office each: opening its list, and the nightly job."""
import datetime
import time
from statistics import median

import population
from lists import Desk
from measuring import compare, count_queries, result, vacuum

COUNT, FULL_COUNT = 10_000, 50_000
ROUNDS, NIGHTS = 9, 3
PART = 10  # how much fewer companies are judged beside them
NAMED_COUNT = 50_000  # companies of whose night the figures tell
POSITIONS = 'l10n_it_openapi_pec.action_position'
ORDINARY = [('state', '!=', 'exempt')]  # as the list's action filters
JUST_TOLD = 60  # days before a term of office ends, from which on it is told
TABLES = ('openapi_pec_position', 'openapi_pec_office', 'openapi_pec_communication', 'res_partner')


class Portfolio(Desk):
    """Companies that are followed: the own PEC of each was filed and accepted, and that of its sole administrator is
    confirmed."""

    def grow(self, count):
        """Have so many companies; Odoo makes and judges the first of those that are new."""
        env = self.superuser
        companies, people = population.make_companies(env, self.made, count - self.made)
        numbers = range(self.made, count)
        env.cr.execute(
            "UPDATE res_partner SET l10n_it_codice_fiscale = new.code FROM unnest(%s, %s) AS new(id, code) "
            "WHERE res_partner.id = new.id", [people.ids, list(map(population.person_code_of, numbers))])
        env.invalidate_all()
        population.make_filings(
            env, companies, people, [f'bench{number}' for number in numbers], environment='sandbox', state='completed',
            pec_email=companies[0].openapi_pec_email, completed_at='2026-01-12 09:00:00', chamber_outcome='evasa',
            chamber_date='2026-01-14')
        addresses = [f'amministratore{number}@legalmail.it' for number in numbers]
        office = env['openapi_pec.office'].create({
            'partner_id': companies[0].id, 'person_id': people[0].id, 'role': 'AUN', 'since': '2024-05-06',
            'pec_email': addresses[0]})
        office._confirm_pec()
        lines = companies[0]._openapi_pec_follow()
        env.flush_all()
        offices = office + population.multiply(office, {
            'partner_id': companies[1:].ids, 'person_id': people[1:].ids, **dict.fromkeys(
                ('own_pec_email', 'pec_email', 'pec_email_normalized', 'confirmed_email'), addresses[1:])})
        own, administrators = (lines.filtered(lambda line, kind=kind: line.kind == kind) for kind in (
            'company', 'administrator'))
        population.multiply(own, {
            'partner_id': companies[1:].ids,
            'address': [population.company_values(env, number)['openapi_pec_email'] for number in numbers[1:]]})
        population.multiply(administrators, {
            'partner_id': companies[1:].ids, 'address': addresses[1:], 'office_id': offices[1:].ids,
            'person_id': people[1:].ids})
        self.made = count
        env.cr.commit()
        vacuum(env.cr, *TABLES)

    def open_register(self):
        """Open the list of lines, as its menu does."""
        self.open_list(POSITIONS, ORDINARY)

    def run_night(self, count, share=0, until=None):
        """Return the seconds of the nightly job.

        :param int count: of the companies whose lines are due.
        :param int share: of so many companies one has an office that ends on another day.
        :param datetime.date until: that day, or None.
        """
        env = self.superuser
        positions, cr = env['openapi_pec.position'], env.cr
        cr.execute(
            "UPDATE openapi_pec_position SET again_on = %s WHERE partner_id IN ("
            "SELECT DISTINCT partner_id FROM openapi_pec_position ORDER BY partner_id LIMIT %s)",
            [positions._get_today(), count])
        if share:
            cr.execute("UPDATE openapi_pec_office SET until = %s WHERE id %% %s = 0", [until, share])
        cr.commit()
        vacuum(cr, *TABLES)
        env.invalidate_all()
        started = time.perf_counter()
        positions._cron_positions()
        return time.perf_counter() - started

    def get_states(self):
        """Return how many lines are in each state."""
        return dict(self.superuser['openapi_pec.position']._read_group([], ['state'], ['__count']))

    def measure_moved(self, count):
        """Return the seconds of nights, in each of which a date has made each tenth line another one."""
        soon = self.superuser['openapi_pec.position']._get_today() + datetime.timedelta(days=JUST_TOLD)
        seconds = []
        for number in range(NIGHTS):
            seconds.append(self.run_night(count, 5, None if number % 2 else soon))
            ending = self.get_states().get('office_ending', 0)
            assert abs(ending - (0 if number % 2 else count // 5)) <= 1, ending
        self.run_night(count, 5)
        return seconds


def tell(figure, seconds, count):
    """Return the result of nights of so many companies, told of ``NAMED_COUNT``."""
    values = [NAMED_COUNT / count * one for one in seconds]
    return {**result(figure, value=median(values)), 'low': min(values), 'high': max(values), 'rounds': len(values),
            'seconds': median(seconds)}


def measure(env, _url, is_full):
    """Yield the figures of this benchmark."""
    portfolio = Portfolio(env)
    for count, suffix in ((COUNT, ''), (FULL_COUNT, '_full'))[:1 + is_full]:
        portfolio.grow(count)
        yield result('register' + suffix, portfolio.compare(portfolio.open_register, ROUNDS))
        env.invalidate_all()
        yield result('register_queries' + suffix, value=count_queries(env, portfolio.open_register))
        yield tell('night' + suffix, [portfolio.run_night(0) for _night in range(NIGHTS)], count)
        pairs = compare(
            lambda count=count: portfolio.run_night(count),
            lambda count=count: portfolio.run_night(count // PART), NIGHTS)
        assert portfolio.get_states() == {'in_order': 2 * count}, portfolio.get_states()
        yield tell('nightly' + suffix, [own for own, _part in pairs], count)
        yield result('nightly_growth' + suffix, pairs)
        yield tell('nightly_moved' + suffix, portfolio.measure_moved(count), count)
