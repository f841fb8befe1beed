"""Opening lists and the overview of many filings, beside the list of as many contacts, as a manager does."""
import re

import population
from measuring import compare, count_queries, result, vacuum

COUNT, FULL_COUNT = 10_000, 100_000
ROUNDS, FULL_ROUNDS = 9, 3
LIMIT = 80  # of a list, where its view says nothing else
CONTACTS = 'contacts.action_contacts'
FILINGS, WORKLIST = 'l10n_it_openapi_pec.action_communication', 'l10n_it_openapi_pec.action_worklist'
# what becomes of the drafts that were made: share of all -> state, level
SHARES = [
    (0.2, 'draft', 'error'), (0.1, 'draft', 'warning'), (0.2, 'draft', 'fine'), (0.2, 'code_requested', None),
    (0.2, 'awaiting_documents', None), (0.1, 'completed', None)]


class Desk:
    """Where a manager opens lists, beside that of the contacts.

    :param env: Odoo's environment, as superuser.
    """

    def __init__(self, env):
        self.superuser, self.made = env, 0
        self.env = population.get_manager(env)

    def open_list(self, xmlid, domain):
        """Read what the list of an action shows first, and count its records."""
        action = self.env['ir.actions.act_window']._for_xml_id(xmlid)
        records = self.env[action['res_model']]
        views = dict.fromkeys(['list'], False) | {kind: view for view, kind in action['views']}
        described = records.get_views([[views['list'], 'list'], [False, 'search']], {'load_filters': True})
        arch = described['views']['list']['arch']
        described = described['models'][records._name]['fields']
        columns = {
            name: {'fields': {'display_name': {}}} if described[name]['type'] == 'many2one' else {}
            for name in re.findall(r'<field name="(\w+)"', arch) if name in described}
        limit = re.search(r'<list[^>]* limit="(\d+)"', arch)
        order = re.search(r'<list[^>]* default_order="([^"]+)"', arch)
        found = records.web_search_read(
            domain, columns, limit=int(limit[1]) if limit else LIMIT, order=order and order[1], count_limit=10_001)
        assert found['records']

    def open_contacts(self):
        """Open the list of the companies' contacts, of which there are as many as of what is measured."""
        self.open_list(CONTACTS, [('is_company', '=', True)])

    def compare(self, function, rounds):
        """Measure a function beside the list of contacts."""
        return compare(function, self.open_contacts, rounds, self.superuser.invalidate_all)


class Office(Desk):
    """An office with so many filings, each of another company, and the manager who opens their lists."""

    def __init__(self, env):
        super().__init__(env)
        self.batch = env['openapi_pec.batch'].create({'name': 'BENCH'})

    def grow(self, count):
        """Have so many filings: half of them drafts of one worklist, the others on their way."""
        new = count - self.made
        companies, people = population.make_companies(self.superuser, self.made, new)
        filings = population.make_filings(self.superuser, companies, people, batch_id=self.batch.id)
        cr, begin = self.superuser.cr, 0
        for share, state, level in SHARES:
            ids = filings.ids[begin:begin + round(share * new)]
            begin += len(ids)
            cr.execute("""
                UPDATE openapi_pec_communication SET state = %(state)s, status = %(state)s, findings_level = %(level)s,
                       submitted_at = CASE WHEN %(state)s <> 'draft' THEN now() - interval '1 day' * (id %% 60) END
                 WHERE id = ANY(%(ids)s)""", {'state': state, 'level': level, 'ids': ids})
        self.made = count
        cr.commit()
        vacuum(cr, 'openapi_pec_communication', 'res_partner')


def measure(env, _url, is_full):
    """Yield the figures of this benchmark."""
    office = Office(env)
    for count, rounds, suffix in ((COUNT, ROUNDS, ''), (FULL_COUNT, FULL_ROUNDS, '_full'))[:1 + is_full]:
        office.grow(count)
        worklist, overview = office.env['openapi_pec.batch'].browse(office.batch.id), office.env['openapi_pec.overview']
        opened = {
            'list': lambda: office.open_list(FILINGS, []),
            'worklist': lambda: office.open_list(WORKLIST, [('batch_id', '=', office.batch.id)]),
            'worklist_head': worklist.get_worklist,
            'overview': overview.get_overview,
        }
        for name, function in opened.items():
            yield result(name + suffix, office.compare(function, rounds))
        office.superuser.invalidate_all()
        yield result('overview_queries' + suffix, value=count_queries(env, overview.get_overview))
