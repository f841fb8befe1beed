import io
import json
from datetime import timedelta

from freezegun import freeze_time
from lxml import etree
from openpyxl import load_workbook

from odoo import fields
from odoo.exceptions import AccessError
from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools.safe_eval import safe_eval

from odoo.addons.l10n_it_openapi_pec.models.filing.overview import MAIN_STATES, PROGRESS

from ..common import PecCase

TAX_CODE, COMPANY_TAX_CODE = 'RSSMRA80A01H501U', '12485671007'


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestOverview(PecCase, HttpCase):
    """Looking at thousands of filings."""

    def create_in(self, *states, **values):
        return self.env['openapi_pec.communication'].create([{
            'partner_id': self.partner.id, 'user_id': self.manager.id, 'state': state, 'environment': 'sandbox',
            'pec_email': f'{state}{number}@legalmail.it', **values,
        } for number, state in enumerate(states)])

    def create_thousands(self, count):
        """Have so many filings, in all states, copied within the database; return them."""
        Filing = self.env['openapi_pec.communication']
        states = [state for state, _label in Filing._fields['state'].selection]
        filings = Filing.search([], limit=18, order='id') or self.create_in(*states * 2)
        self.env.flush_all()
        own = ('id', 'pec_email', 'submitted_at', 'expected_on', 'digest')
        columns = ', '.join(
            f'"{name}"'
            for name, field in Filing._fields.items() if field.store and field.column_type and name not in own)
        self.env.cr.execute(f"""
            INSERT INTO openapi_pec_communication ({columns}, digest, pec_email, submitted_at, expected_on)
            SELECT {columns}, md5('n' || number), 'n' || number || '@legalmail.it', now() - number * interval '1 hour',
                   (now() + (number %% 60 - 30) * interval '1 day')::date
              FROM generate_series(%s, %s) AS number JOIN openapi_pec_communication ON id = %s + number %% %s
        """, [Filing.search_count([]) + 1, count, filings.ids[0], len(filings)])
        self.env.invalidate_all()
        return Filing.search([])

    # ------------------------------------------------------------ since when

    def test_waiting(self):
        with freeze_time('2026-09-01 10:00'):
            filing = self.create_in('code_requested', expected_on='2026-09-03')
            self.assertFalse(filing.awaiting_since)
            self.assertIn("expected by 09/03/2026", filing.progress_sentence)
            filing._on_state_entered('awaiting_documents')
            self.assertEqual(filing.awaiting_since, fields.Datetime.now())
            self.assertIn("since today", filing.progress_sentence)
        with freeze_time('2026-09-02 09:00'):
            self.env.invalidate_all()
            self.assertIn("since yesterday", filing.progress_sentence)
        with freeze_time('2026-09-09 09:00'):
            self.env.invalidate_all()
            self.assertEqual((filing.waiting_days, filing.progress), (8, 50))
            self.assertIn("for 8 days now", filing.progress_sentence)
            filing.write({'remote_state': 'in_attesa_di_documenti'})
            self.assertEqual(filing.awaiting_since, fields.Datetime.to_datetime('2026-09-01 10:00:00'))
            found = {
                name: self.filtered_by(name) & filing
                for name in ('waiting_3', 'waiting_7', 'waiting_14', 'signed', 'to_sign')}
            self.assertEqual(
                [name for name, filings in found.items() if filings], ['waiting_3', 'waiting_7', 'to_sign'])
            self.upload(filing, b'x')
            self.assertIn(filing, self.filtered_by('signed'))
            self.assertIn("signed file is here", filing.progress_sentence)
            filing._on_state_entered('documents_uploaded')
        self.assertFalse(filing.awaiting_since)
        self.assertNotIn(filing, self.filtered_by('waiting_3'))

    def test_progress(self):
        expected = {state: state for state, _label in self.env['openapi_pec.communication']._fields['state'].selection}
        for filing in self.create_in(*expected):
            self.assertEqual(filing._get_step(), {**expected, 'awaiting_documents': 'awaiting_today'}[filing.state])
            self.assertTrue(filing.progress_sentence)
        filing = self.create_in('queued', remote_id='x', pec_email='other@legalmail.it')
        self.assertEqual(filing._get_step(), 'queued_documents')
        filing.state = 'completed'
        filing.chamber_outcome = 'evasa'
        self.assertEqual((filing._get_step(), filing.progress), ('answered', 100))
        filing.chamber_outcome = 'respinta'
        self.assertEqual(filing._get_step(), 'refused')
        percents = [PROGRESS[state][0] for state in MAIN_STATES]
        self.assertEqual(percents, sorted(percents))

    # ------------------------------------------------------------ filters

    def filters(self):
        """Return ``{name: domain}`` of the filters of the search view."""
        arch = etree.fromstring(self.env['openapi_pec.communication'].get_view(view_type='search')['arch'])
        return {node.get('name'): node.get('domain') for node in arch.iter('filter') if node.get('domain')}

    def filtered_by(self, name):
        return self.env['openapi_pec.communication'].search(safe_eval(self.filters()[name], {'uid': self.env.uid}))

    def test_filters(self):
        wanted = {
            'mine', 'to_sign', 'waiting_3', 'waiting_7', 'waiting_14', 'signed', 'late', 'failed', 'open', 'completed',
            'no_outcome', 'refused'}
        self.assertLessEqual(wanted, self.filters().keys())
        self.create_in('failed', 'completed', 'awaiting_documents')
        for name in wanted:
            self.filtered_by(name)
        late = self.create_in(
            'code_requested', late_on=fields.Date.today() - timedelta(days=1), pec_email='late@legalmail.it')
        self.assertEqual(self.filtered_by('late'), late)

    def test_filters_use_indexed_fields(self):
        fields_of = self.env['openapi_pec.communication']._fields
        for name in (
                'state', 'user_id', 'partner_id', 'company_id', 'awaiting_since', 'submitted_at', 'expected_on',
                'signed_procura_id', 'chamber_outcome'):
            self.assertTrue(fields_of[name].index, name)
        self.env.cr.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'openapi_pec_communication'")
        indexes = ' '.join(definition for definition, in self.env.cr.fetchall())
        for name in ('awaiting_since', 'submitted_at', 'expected_on', 'signed_procura_id', 'chamber_outcome'):
            self.assertIn(f'({name})', indexes)

    # ------------------------------------------------------------ views

    def specification(self, view_type):
        """Return what the web client reads for a view: ``(names, specification)``."""
        arch = etree.fromstring(self.env['openapi_pec.communication'].get_view(view_type=view_type)['arch'])
        names = {node.get('name') for node in arch.iter('field') if not any(
            ancestor.tag == 'field' for ancestor in node.iterancestors())} | {arch.get('date_start')} - {None}
        known = self.env['openapi_pec.communication']._fields
        return list(names), {
            name: {'fields': {'display_name': {}}} if known[name].relational else {} for name in sorted(names)}

    def open_view(self, view_type):
        """Do what the web client asks the server for when it opens a view."""
        Filing = self.env['openapi_pec.communication'].with_user(self.manager).with_context(bin_size=True)
        names, specification = self.specification(view_type)
        today = fields.Date.today()
        return {
            'list': lambda: Filing.web_search_read([], specification, limit=80, count_limit=10001),
            'kanban': lambda: Filing.with_context(read_group_expand=True).web_read_group(
                [], ['state'], [], auto_unfold=True, unfold_read_specification=specification,
                unfold_read_default_limit=40),
            'calendar': lambda: Filing.search_read(
                [('expected_on', '>=', today - timedelta(days=15)), ('expected_on', '<=', today + timedelta(days=15))],
                names, limit=500),
            'pivot': lambda: Filing.formatted_read_grouping_sets(
                [], [[], ['submitted_at:month'], ['state'], ['submitted_at:month', 'state']], ['__count']),
            'graph': lambda: Filing.formatted_read_group([], ['submitted_at:month', 'state'], ['__count']),
            'form': lambda: Filing.search([], limit=1).web_read(specification),
        }[view_type]()

    def count_queries(self, view_type):
        self.open_view(view_type)  # fills the caches that belong to no filing
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.open_view(view_type)
        return self.env.cr.sql_log_count - before

    def test_ten_thousand(self):
        """Each view opens with as many queries as for a hundred filings, and these are few."""
        bounds = {'list': 14, 'kanban': 24, 'calendar': 10, 'pivot': 6, 'graph': 4, 'form': 40}
        self.create_thousands(100)
        few = {view_type: self.count_queries(view_type) for view_type in bounds}
        self.create_thousands(10_000)
        many = {view_type: self.count_queries(view_type) for view_type in bounds}
        self.assertEqual(many, few)
        self.assertFalse(
            {view_type: (many[view_type], bound) for view_type, bound in bounds.items() if many[view_type] > bound})

    def test_kanban_shows_the_way_of_a_filing(self):
        self.create_in('awaiting_documents', 'failed')
        groups = self.open_view('kanban')['groups']
        self.assertEqual([group['state'] for group in groups], [
            'draft', 'code_requested', 'awaiting_documents', 'documents_uploaded', 'completed', 'failed'])
        arch = etree.fromstring(self.env['openapi_pec.communication'].get_view(view_type='kanban')['arch'])
        for attribute in ('records_draggable', 'group_create', 'quick_create', 'group_delete', 'create'):
            self.assertEqual(arch.get(attribute), '0', attribute)
        with self.assertRaises(AccessError):
            self.create_in('draft', pec_email='x@legalmail.it').with_user(self.manager).state = 'completed'

    # ------------------------------------------------------------ export

    def rpc(self, route, **parameters):
        return self.url_open(route, json={'params': parameters}).json()['result']

    def export(self, filings, names):
        """Return the rows of these filings as the web client exports them, without the title."""
        response = self.url_open(
            '/web/export/xlsx', timeout=60, data={'csrf_token': Request.csrf_token(self), 'data': json.dumps({
            'model': filings._name, 'fields': [{'name': name, 'label': name, 'type': 'char'} for name in names],
            'ids': filings.ids,
            'domain': [], 'import_compat': False, 'context': {}, 'groupby': []})})
        self.assertEqual(response.status_code, 200)
        [sheet] = load_workbook(io.BytesIO(response.content), read_only=True).worksheets
        return list(sheet.iter_rows(min_row=2, values_only=True))

    def test_export(self):
        """A thousand filings as XLSX; and of some all that may be exported: no tax code and no secret among it."""
        filings = self.create_thousands(1000)
        filings[0].error_message = "Refused"
        self.manager.group_ids += self.env.ref('base.group_allow_export')
        self.authenticate(self.manager.login, self.manager.login)
        offered = [
            field['id'] for field in self.rpc(
                '/web/export/get_fields', model=filings._name, domain=[], import_compat=False)]
        self.assertLessEqual({'name', 'pec_email', 'state', 'awaiting_since', 'progress_sentence'}, set(offered))
        self.assertFalse({'fiscal_code', 'company_fiscal_code', 'callback_token', 'signature_findings'} & set(offered))
        rows = self.export(
            filings, [name for name in self.specification('list')[0] if name in offered and name != 'activity_ids'])
        self.assertEqual(len(rows), 1000)
        some = filings[-9:] + filings[:9]
        text = str(self.export(some, [name for name in offered if '/' not in name and name != '.id']))
        self.assertIn(some[0].pec_email, text)
        for secret in (TAX_CODE, COMPANY_TAX_CODE, *some.mapped('callback_token'), 'sandbox-token'):
            self.assertNotIn(secret, text)
