"""Keeping the filings of one account in step, each about another company, beside raw SQL and core's own pattern."""
import json
import time
from statistics import median

import population
import requests
from markupsafe import Markup
from measuring import Peak, compare, count_queries, result, vacuum

from odoo.tools import SQL

import serving

SMALL, COUNT, FULL_COUNT = 1_000, 10_000, 100_000
ROUNDS = 5
SAMPLE = 200  # filings written one by one, to know what writing all of them that way takes
MOST_SECONDS = (5, 300)  # to connect, and to wait for the list
COLUMNS = (  # that the synchronisation reads
    'id', 'company_id', 'environment', 'state', 'remote_id', 'remote_state', 'error_message', 'look_until', 'is_gone',
    'write_date', 'pec_email', 'stranger_ids')
WAITING, STATO = 'codice_in_richiesta', 'documenti_caricati'  # neither asks for a download
STATES = {WAITING: 'code_requested', STATO: 'documents_uploaded'}
SENTENCE = 'The signed documents are delivered. The service files them with the register.'
LINE = Markup('<div>%s (%s): %s</div>')
LINK = Markup('<a href="#" data-oe-model="openapi_pec.communication" data-oe-id="%s">%s</a>')


class Account:
    """An account of the sandbox whose filings are all in Odoo: that of a company of its own.

    :param env: Odoo's environment, as superuser.
    :param str url: the sandbox API.
    :param int count: its filings.
    """

    def __init__(self, env, url, count):
        self.env, self.url, self.name = env, url, f'bench{count}'
        self.user = env.ref('base.user_admin')
        self.company = env['res.company'].create({'name': f"Studio {count}"})
        self.user.company_ids += self.company
        self.company._openapi_pec_set_token('sandbox', f'sandbox-token:{self.name}')
        self._make(count)

    def control(self, method, path, body=None):
        """Ask the sandbox's control endpoints."""
        return serving.control(self.url, method, path, body)

    def _make(self, count):
        """Make the filings, at the service and in Odoo, each about another company."""
        ids = self.control('POST', 'filings', {'count': count, 'account': self.name})
        companies, people = population.make_companies(self.env, count, count)  # no two accounts have the same ones
        self.filings = population.make_filings(
            self.env, companies, people, ids, user_id=self.user.id, company_id=self.company.id, **population.ACCEPTED)
        self.env.cr.commit()
        vacuum(self.env.cr, 'openapi_pec_communication', 'res_partner')

    def requested(self):
        """Return how many requests the service has had."""
        return sum(self.control('GET', 'stats')['requests'].values())

    def be_alone(self):
        """Have the scheduled job follow the filings of no other account."""
        self.env.cr.execute("""
            UPDATE openapi_pec_communication SET environment = CASE company_id WHEN %(company)s THEN 'sandbox' END
             WHERE (company_id = %(company)s) <> (environment IS NOT NULL)""", {'company': self.company.id})
        changed = self.env.cr.rowcount
        self.env.cr.commit()
        if changed:
            vacuum(self.env.cr, 'openapi_pec_communication')

    def synchronize(self):
        """Run the scheduled job, as in a process that has read nothing yet; return its seconds."""
        self.be_alone()
        self.env.invalidate_all()
        started = time.perf_counter()
        self.env['openapi_pec.communication']._cron_synchronize()
        return time.perf_counter() - started

    def synchronize_changed(self):
        """Run the scheduled job when the service tells another state of all filings; return its seconds."""
        self.tell(STATO)
        spent = self.synchronize()
        self.env.cr.execute(
            "SELECT count(*) FROM openapi_pec_communication WHERE state = %s AND company_id = %s",
            [STATES[STATO], self.company.id])
        assert self.env.cr.fetchall() == [(len(self.filings),)]
        self.tell(WAITING)
        return spent

    def read(self):
        """Fetch and parse the list, and read the columns: what nobody can do without."""
        token = self.company._openapi_pec_get_token('sandbox')
        answer = requests.get(
            f'{self.url}/comunica_pec', headers={'Authorization': f'Bearer {token}'}, timeout=MOST_SECONDS)
        assert len(json.loads(answer.content)['data']) == len(self.filings)
        self.env.cr.execute(SQL(
            "SELECT %s FROM openapi_pec_communication WHERE state IN %s AND company_id = %s",
            SQL(', ').join(map(SQL.identifier, COLUMNS)), tuple(STATES.values()), self.company.id))
        assert len(self.env.cr.fetchall()) == len(self.filings)
        self.env.cr.commit()

    def tell(self, stato):
        """Have the service tell a stato of all filings."""
        self.control('PATCH', 'filings', {'ids': 'all', 'stato': stato})

    def put_back(self):
        """Have all filings wait again here, with empty chatters, so that each turn is like the first one."""
        self.env.cr.execute(
            "DELETE FROM mail_message WHERE model = 'openapi_pec.communication' AND res_id = ANY(%(filings)s)"
            " OR model = 'res.partner' AND res_id IN ("
            "SELECT partner_id FROM openapi_pec_communication WHERE id = ANY(%(filings)s))",
            {'filings': self.filings.ids})
        self.env.cr.execute(
            "UPDATE openapi_pec_communication SET state = %(state)s, status = %(state)s, remote_state = %(stato)s"
            " WHERE id = ANY(%(ids)s)", {'state': STATES[WAITING], 'stato': WAITING, 'ids': self.filings.ids})
        self.env.cr.commit()
        vacuum(self.env.cr, 'openapi_pec_communication', 'mail_message')
        self.env.invalidate_all()

    def write_raw(self):
        """Write with raw SQL what the synchronisation writes when all have changed."""
        self.env.cr.execute(
            "SELECT id, partner_id, name, pec_email FROM openapi_pec_communication"
            " WHERE state = %s AND company_id = %s", [STATES[WAITING], self.company.id])
        rows = self.env.cr.fetchall()
        assert len(rows) == len(self.filings)
        note = self.env['ir.model.data']._xmlid_to_res_id('mail.mt_note')
        author = self.env.user.partner_id
        own = [(f'<p>{SENTENCE}</p>', 'openapi_pec.communication', row[0]) for row in rows]
        partners = [(LINE % (LINK % (filing, name), address, SENTENCE), 'res.partner', partner)
                    for filing, partner, name, address in rows]
        self.env.cr.execute(
            "UPDATE openapi_pec_communication SET state = %(state)s, status = %(state)s, remote_state = %(stato)s,"
            " write_date = now() AT TIME ZONE 'UTC', write_uid = %(uid)s WHERE id = ANY(%(ids)s)",
            {'state': STATES[STATO], 'stato': STATO, 'uid': self.env.uid, 'ids': [row[0] for row in rows]})
        for bodies, models, ids in (zip(*own, strict=True), zip(*partners, strict=True)):
            self.env.cr.execute("""
                INSERT INTO mail_message (body, model, res_id, author_id, email_from, message_type, subtype_id,
                       message_id, reply_to, date, is_internal, create_uid, create_date, write_uid, write_date)
                SELECT body, model, res_id, %(author)s, %(email)s, 'notification', %(note)s, '<bench@localhost>',
                       %(email)s, now() AT TIME ZONE 'UTC', true, %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s,
                       now() AT TIME ZONE 'UTC'
                  FROM unnest(%(bodies)s, %(models)s, %(ids)s) AS new(body, model, res_id)
            """, {
                'author': author.id, 'email': author.email_formatted, 'note': note, 'uid': self.env.uid,
                'bodies': list(bodies), 'models': list(models), 'ids': list(ids)})
        self.env.cr.commit()

    def write_as_core(self):
        """Write some filings as core's `account_peppol` does, one write and log each; return the seconds of all."""
        sample, started = self.filings[:SAMPLE], time.perf_counter()
        for filing in sample:
            filing.write({'remote_state': STATO, 'state': STATES[STATO]})
            filing._message_log(body=SENTENCE)
            filing.partner_id._message_log(body=LINE % (
                filing._get_html_link(title=filing.name), filing.pec_email, SENTENCE))
        self.env.cr.commit()
        return (time.perf_counter() - started) / len(sample) * len(self.filings)


def compare_sizes(large, small, rounds):
    """Return how long an account takes beside a smaller one, unchanged or changed, whichever grows more.

    Both are measured in turns, as the load of a machine changes from minute to minute.

    :return: list of ``[seconds, seconds of the smaller one]``, one for each round
    """
    def put_back():
        large.put_back()
        small.put_back()

    measured = [
        compare(lambda run=run: run(large), lambda run=run: run(small), rounds, put_back)
        for run in (Account.synchronize, Account.synchronize_changed)]
    return max(measured, key=lambda pairs: median(own / peer for own, peer in pairs))


def measure_account(account, rounds=ROUNDS):
    """Yield the figures of one account."""
    unchanged = compare(account.synchronize, account.read, rounds)
    asked = account.requested()
    queries = count_queries(account.env, account.synchronize)
    yield result('unchanged', unchanged, queries=queries, requests=account.requested() - asked)
    yield result('changed', compare(account.synchronize_changed, account.write_raw, rounds, account.put_back))
    yield result('as_core', compare(
        account.synchronize_changed, account.write_as_core, rounds, account.put_back), is_faster=True)


def measure(env, url, is_full):
    """Yield the figures of this benchmark."""
    small, account = (Account(env, url, count) for count in (SMALL, COUNT))
    yield from measure_account(account)
    sizes = {'': (account, small)} | ({'_full': (Account(env, url, FULL_COUNT), account)} if is_full else {})
    for suffix, (large, lesser) in sizes.items():
        yield result('growth' + suffix, compare_sizes(large, lesser, 1 if suffix else ROUNDS))
        large.put_back()
        with Peak() as peak:
            large.synchronize_changed()
        yield result('memory' + suffix, value=peak.megabytes)
