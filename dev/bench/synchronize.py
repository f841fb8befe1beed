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

COUNTS, FULL_COUNTS = (1_000, 10_000), (100_000,)
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
    """An account of the sandbox whose filings are all in Odoo.

    :param env: Odoo's environment, as superuser.
    :param str url: the sandbox API.
    """

    def __init__(self, env, url):
        self.env, self.url = env, url
        self.user = env.ref('base.user_admin')
        self.filings = env['openapi_pec.communication'].browse()

    def control(self, method, path, body=None):
        """Ask the sandbox's control endpoints."""
        return serving.control(self.url, method, path, body)

    def grow(self, count):
        """Have so many filings, at the service and in Odoo, each about another company."""
        ids = self.control('POST', 'filings', {'count': count - len(self.filings)})
        companies, people = population.make_companies(self.env, len(self.filings), len(ids))
        self.filings += population.make_filings(
            self.env, companies, people, ids, user_id=self.user.id, **population.ACCEPTED)
        self.env.cr.commit()
        vacuum(self.env.cr, 'openapi_pec_communication', 'res_partner')

    def requested(self):
        """Return how many requests the service has had."""
        return sum(self.control('GET', 'stats')['requests'].values())

    def synchronize(self):
        """Run the scheduled job, as in a process that has read nothing yet; return its seconds."""
        self.env.invalidate_all()
        started = time.perf_counter()
        self.env['openapi_pec.communication']._cron_synchronize()
        return time.perf_counter() - started

    def synchronize_changed(self):
        """Run the scheduled job when the service tells another state of all filings; return its seconds."""
        self.tell(STATO)
        spent = self.synchronize()
        self.env.cr.execute("SELECT count(*) FROM openapi_pec_communication WHERE state = %s", [STATES[STATO]])
        assert self.env.cr.fetchall() == [(len(self.filings),)]
        self.tell(WAITING)
        return spent

    def read(self):
        """Fetch and parse the list, and read the columns: what nobody can do without."""
        token = self.env.company._openapi_pec_get_token('sandbox')
        answer = requests.get(
            f'{self.url}/comunica_pec', headers={'Authorization': f'Bearer {token}'}, timeout=MOST_SECONDS)
        assert len(json.loads(answer.content)['data']) == len(self.filings)
        self.env.cr.execute(SQL(
            "SELECT %s FROM openapi_pec_communication WHERE state IN %s", SQL(', ').join(map(SQL.identifier, COLUMNS)),
            tuple(STATES.values())))
        assert len(self.env.cr.fetchall()) == len(self.filings)
        self.env.cr.commit()

    def tell(self, stato):
        """Have the service tell a stato of all filings."""
        self.control('PATCH', 'filings', {'ids': 'all', 'stato': stato})

    def put_back(self):
        """Have all filings wait again here, with empty chatters, so that each turn is like the first one."""
        self.env.cr.execute(
            "DELETE FROM mail_message WHERE model = 'openapi_pec.communication' AND res_id = ANY(%(filings)s)"
            " OR model = 'res.partner' AND res_id IN (SELECT partner_id FROM openapi_pec_communication)",
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
            "SELECT id, partner_id, name, pec_email FROM openapi_pec_communication WHERE state = %s", [STATES[WAITING]])
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


def measure(env, url, is_full):
    """Yield the figures of this benchmark."""
    account, spent, peaks = Account(env, url), {}, {}
    for count in (*COUNTS, *(FULL_COUNTS if is_full else ())):
        account.grow(count)
        rounds = ROUNDS if count <= COUNTS[-1] else 1
        account.put_back()
        unchanged = compare(account.synchronize, account.read, rounds)
        asked = account.requested()
        queries = count_queries(env, account.synchronize)
        asked = account.requested() - asked
        changed = compare(account.synchronize_changed, account.write_raw, rounds, account.put_back)
        spent[count] = [median(own for own, _peer in pairs) for pairs in (unchanged, changed)]
        account.put_back()
        with Peak() as peaks[count]:
            account.synchronize_changed()
        if count == COUNTS[-1]:
            yield result('unchanged', unchanged, queries=queries, requests=asked)
            yield result('changed', changed)
            yield result('as_core', compare(
                account.synchronize_changed, account.write_as_core, rounds, account.put_back), is_faster=True)
        account.put_back()
    for suffix, (small, large) in {'': COUNTS[-2:], '_full': (COUNTS[-1], *FULL_COUNTS)}.items():
        if large in spent:
            yield result('growth' + suffix, value=max(
                after / before for before, after in zip(spent[small], spent[large], strict=True)))
            yield result('memory' + suffix, value=peaks[large].megabytes)
