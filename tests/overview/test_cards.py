from datetime import timedelta

from lxml import etree

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from odoo.addons.l10n_it_openapi_pec.models.filing.verdict import READY
from odoo.addons.l10n_it_openapi_pec.models.overview.cards import CARDS

from ..common_mailbox import MailboxCase

OVERVIEW = 'openapi_pec.overview'


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestCards(MailboxCase):
    """What the overview counts is what its lists show, in a fixed number of queries."""

    def setUp(self):
        super().setUp()
        # in the context of a request
        self.overview = self.env[OVERVIEW].with_user(self.manager).with_context(lang='en_US', tz='Europe/Rome')

    def get_rows(self, user=None):
        """Return ``{(card, row): row as it is shown}``."""
        cards = self.env[OVERVIEW].with_user(user or self.manager).get_overview()['cards']
        return {(card['name'], row['name']): row for card in cards for row in card['rows']}

    def create_filings(self):
        """Make a filing for each row of the cards."""
        today = fields.Date.today()
        attachment = self.env['ir.attachment'].create({'name': 'x.p7m', 'raw': b'x'})
        states = [
            ('draft', {}), ('failed', {}), ('queued', {}), ('unconfirmed', {}), ('code_requested', {}),
            ('documents_uploaded', {'late_on': today - timedelta(days=3)}),
            ('awaiting_documents', {'awaiting_since': fields.Datetime.now() - timedelta(days=12)}),
            ('awaiting_documents', {'signed_procura_id': attachment.id}), ('completed', {}),
            ('completed', {'chamber_outcome': 'respinta'}), ('completed', {'chamber_outcome': 'evasa'})]
        for state, values in states:
            self.create_filing(
                state=state, environment='sandbox', submitted_at=state != 'draft' and fields.Datetime.now(), **values)

    def test_a_row_is_a_filter_of_the_list_that_it_opens(self):
        """The same records are found, whatever the two say; so the count is that of the list."""
        for name, card in CARDS.items():
            arch = etree.fromstring(self.env[card.model].get_view(view_type='search')['arch'])
            filters = {node.get('name'): node.get('domain') for node in arch.iter('filter')}
            for row, told in card.rows.items():
                with self.subTest(card=name, row=row):
                    shown = fields.Domain(safe_eval(filters[row])).optimize_full(self.env[card.model])
                    self.assertEqual(shown, fields.Domain(list(told.domain)).optimize_full(self.env[card.model]))
                    self.assertEqual(self.env.ref(card.action).res_model, card.model)

    def test_counts(self):
        self.create_filings()
        self.create_mailbox(expires_on=fields.Date.today() + timedelta(days=20), state='active')
        self.create_mailbox(state='documents_wrong')
        rows = self.get_rows()
        for (card, name), row in rows.items():
            domain = self.overview._get_overview_domains()[card][name]
            self.assertEqual(
                row['count'], self.env[CARDS[card].model].with_user(self.manager).search_count(domain), (card, name))
            self.assertEqual(row['context'], {f'search_default_{name}': 1})
        expected = {
            ('sign', 'to_sign'): 1, ('sign', 'signed'): 1, ('service', 'at_service'): 2, ('service', 'late'): 1,
            ('service', 'queued'): 1, ('service', 'unknown'): 1, ('chamber', 'no_outcome'): 1,
            ('chamber', 'to_file_again'): 1, ('mailboxes', 'expiring'): 1, ('mailboxes', 'to_sign'): 1,
            ('mailboxes', 'documents_wrong'): 1}
        self.assertEqual({key: rows[key]['count'] for key in expected}, expected)
        self.assertEqual(sum(rows['prepare', name]['count'] for name in ('to_correct', 'to_look_at', 'ready')), 2)
        since = fields.Date.today() - timedelta(days=12)
        self.assertIn(str(since.day), rows['sign', 'to_sign']['note'])
        self.assertEqual(rows['sign', 'signed']['note'], '')

    def test_what_is_wrong_is_to_be_corrected(self):
        """Each draft counts once; ready is what can be submitted without a word, and nothing else."""
        filings = {
            'ready': self.create_filing(), 'to_correct': self.create_filing(mobile='x'),
            'to_look_at': self.create_filing(pec_email='prova@pec.example')}
        self.env.flush_all()
        self.assertEqual(
            [filing.findings_level for filing in filings.values()], ['fine', 'error', 'warning'])
        rows, listed = self.get_rows(), self.env['openapi_pec.communication'].with_user(self.manager)
        for name, filing in filings.items():
            self.assertEqual(rows['prepare', name]['count'], 1, name)
            self.assertEqual(listed.search(self.overview._get_overview_domains()['prepare'][name]), filing)
        self.assertEqual(listed.search(READY), filings['ready'])
        filings['ready']._keep_refused('create', "Refused, nothing was spent.")
        self.assertFalse(listed.search(READY))

    def test_what_is_rare_is_shown_when_it_is_there(self):
        self.assertNotIn(('service', 'unknown'), self.get_rows())
        self.assertEqual(self.get_rows()['sign', 'to_sign']['count'], 0)
        self.create_filing(state='unconfirmed', environment='sandbox')
        self.assertEqual(self.get_rows()['service', 'unknown']['level'], 'danger')

    def test_what_waits_for_a_decision(self):
        """What a manager decides about a call is told apart from an answer that Odoo is still looking for."""
        held = self.create_filing(state='queued', environment='sandbox', is_held=True)
        self.create_filing(state='unconfirmed', environment='sandbox')
        mailbox = self.create_mailbox(is_held=True)
        rows = self.get_rows()
        self.assertEqual((rows['service', 'unknown']['count'], rows['service', 'to_decide']['count']), (1, 1))
        decided = rows['mailboxes', 'to_decide']
        self.assertEqual((decided['count'], decided['level']), (1, 'danger'))
        for record, card in ((held, 'service'), (mailbox, 'mailboxes')):
            listed = self.env[record._name].with_user(self.manager).search(
                self.overview._get_overview_domains()[card]['to_decide'])
            self.assertEqual(listed.ids, record.ids)
        held.is_held = mailbox.is_held = False
        self.assertFalse({('service', 'to_decide'), ('mailboxes', 'to_decide')} & self.get_rows().keys())

    def test_what_waits_to_be_assigned_is_for_managers(self):
        self.env['openapi_pec.foreign_filing'].create({
            'company_id': self.company.id, 'environment': 'sandbox', 'remote_id': 'x', 'state': 'unassigned'})
        self.assertEqual(self.get_rows()['unassigned', 'unassigned']['count'], 1)
        self.assertNotIn(('unassigned', 'unassigned'), self.get_rows(self.user))

    def test_each_sees_his_companies(self):
        self.create_filing()
        other = self.env['res.company'].create({'name': "Altra S.r.l."})
        stranger = new_test_user(
            self.env, 'pec_stranger', 'base.group_user,l10n_it_openapi_pec.group_manager', company_id=other.id,
            company_ids=[Command.set(other.ids)])
        self.assertFalse(sum(row['count'] for row in self.get_rows(stranger).values()))
        with self.assertRaises(AccessError):
            self.env[OVERVIEW].with_user(self.outsider).get_overview()

    # ------------------------------------------------------------ queries

    def fill(self, count):
        """Make so many filings in each of some states, and mailboxes, without computing anything."""
        self.env.cr.execute("""
            INSERT INTO openapi_pec_communication (name, company_id, partner_id, kind, state, findings_level,
                                                   submitted_at, awaiting_since, completed_at, late_on)
            SELECT 'x', %(company)s, %(partner)s, 'company', state, 'error', now(), now(), now(), now()
              FROM unnest(ARRAY['draft', 'failed', 'awaiting_documents', 'code_requested', 'completed',
                                'unconfirmed', 'queued']) state,
                   generate_series(1, %(count)s)
        """, {'company': self.company.id, 'partner': self.partner.id, 'count': count})
        self.env.cr.execute("""
            INSERT INTO openapi_pec_mailbox (company_id, partner_id, state, expires_on)
            SELECT %(company)s, %(partner)s, state, now()
              FROM unnest(ARRAY['draft', 'active', 'registered']) state, generate_series(1, %(count)s)
        """, {'company': self.company.id, 'partner': self.partner.id, 'count': count})

    def count_queries(self):
        """Return how many queries the overview makes, once what is cached is cached."""
        self.overview.get_overview()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.overview.get_overview()
        return self.env.cr.sql_log_count - before

    def test_the_same_queries_for_ten_and_a_thousand(self):
        self.fill(10)
        few = self.count_queries()
        self.assertEqual(self.get_rows()['service', 'queued']['count'], 10)
        self.fill(990)
        self.assertEqual(self.count_queries(), few)
        self.assertEqual(self.get_rows()['service', 'queued']['count'], 1000)
        self.assertLessEqual(few, 12)
        for card in ('service', 'mailboxes'):  # besides what may wait for a decision, which is asked one by one
            self.patch(type(self.env[CARDS[card].model]), '_search_is_to_decide', lambda *args: fields.Domain.FALSE)
        before = self.env.cr.sql_log_count
        self.overview._get_cards()
        self.assertEqual(
            self.env.cr.sql_log_count - before, 1,
            "one for filings, mailboxes, positions, what is unassigned, and the chamber's mail together")

    def test_what_the_present_account_has_made_is_not_asked_one_by_one(self):
        """However a call names its account: by the token alone, with or without its owner, by one owner or by all."""
        self.company._openapi_pec_write_facts('sandbox', names=['host anna berta'])
        token = self.company._openapi_pec_get_fingerprint('sandbox')
        filings = [
            self.create_filing(
                pec_email=f'made{number}@legalmail.it', state='code_requested', environment='sandbox',
                remote_id=f'made{number}')
            for number in range(6)]
        for filing, account in zip(
                filings, (token, f'{token} anna', 'host anna', 'host berta', 'host anna berta', 'host carla'),
                strict=True):
            filing._create_line('create', state='accepted', remote_id=filing.remote_id, account=account)
        self.env.flush_all()
        self.env.invalidate_all()
        asked = []
        original = type(filings[0])._compute_is_to_decide
        self.patch(type(filings[0]), '_compute_is_to_decide', lambda records: asked.extend(records.ids) or original(
            records))
        found = self.env['openapi_pec.communication'].search([('is_to_decide', '=', True)])
        self.assertEqual((found, asked), (filings[-1], filings[-1].ids))
        self.assertEqual(
            self.company._openapi_pec_get_lines_elsewhere('sandbox').mapped('account'), ['host carla'])


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestAround(MailboxCase):
    """What the overview tells beside the counts."""

    def get(self, what, user=None):
        return self.env[OVERVIEW].with_user(user or self.manager).get_overview()[what]

    def test_weeks(self):
        now = fields.Datetime.now()
        self.create_filing(state='completed', submitted_at=now - timedelta(weeks=2), completed_at=now)
        self.create_filing(state='completed', submitted_at=now - timedelta(weeks=30), completed_at=now)
        weeks = self.get('weeks')
        self.assertEqual(len(weeks), 8)
        self.assertEqual(weeks[-1]['completed'], 2)
        self.assertEqual([week['submitted'] for week in weeks], [0, 0, 0, 0, 0, 1, 0, 0])

    def test_account(self):
        self.company._openapi_pec_set_token('sandbox', False)
        [account] = self.get('accounts')
        self.assertEqual((account['status'], account['level'], account['environment']),
                         ("No token yet", 'warning', "Sandbox"))
        self.company._openapi_pec_set_token('sandbox', 'sandbox-token')
        self.assertEqual(self.get('accounts')[0]['status'], "Not tested yet")
        self.company._openapi_pec_test()
        self.assertEqual(self.get('accounts')[0]['level'], 'success')

    def test_wallet_and_pause(self):
        filing = self.create_filing()
        self.sandbox.settings(credit=3, no_credit_form=2)
        filing.with_user(self.manager).action_submit("so it has to be")
        self.commit()
        self.assertEqual(filing.waiting_for, 'credit')
        [account] = self.get('accounts')
        self.assertEqual(account['level'], 'danger')
        self.assertIn("The wallet held EUR 3.00", account['wallet'])
        self.assertIn("Top it up", account['problems'][0])
        [account] = self.get('accounts', self.user)
        self.assertEqual(account['wallet'], '', "what it held is for managers")
        self.assertNotIn("3.00", repr(account))

    def test_the_wallet_is_told_after_the_pause(self):
        """As a refusal has told it last, until a refusal tells nothing, or another wallet may be used."""
        first, second = self.create_filing(), self.create_filing(kind='administrator')
        self.submit_with_credit(first, 3, form=2)
        self.sandbox.settings(credit=1000)
        first.with_user(self.manager).action_go_on()
        self.commit()
        self.assertEqual(first.state, 'code_requested')
        [account] = self.get('accounts')
        self.assertFalse(self.company.openapi_pec_pause_reason)
        self.assertIn("The wallet held EUR 3.00 when a call was refused, on", account['wallet'])
        self.company.openapi_pec_environment = 'sandbox'  # as before
        self.assertTrue(self.get('accounts')[0]['wallet'])
        known = {name: self.company[name] for name in ('openapi_pec_credit', 'openapi_pec_credit_at')}
        self.submit_with_credit(second, 1, form=1)
        self.assertEqual((self.get('accounts')[0]['wallet'], self.company.openapi_pec_pause_reason), ('', 'credit'))
        for change in (
                {'openapi_pec_environment': 'production'}, {'openapi_pec_environment': 'sandbox'},
                {'openapi_pec_token': 'sandbox-token:another'}, {'openapi_pec_token': False}):
            with self.subTest(change=change):
                self.company.write(known)
                self.assertTrue(self.get('accounts')[0]['wallet'])
                self.company.write(change)
                self.assertEqual(self.get('accounts')[0]['wallet'], '')

    def submit_with_credit(self, filing, credit, form):
        """Submit a filing for which there is too little credit."""
        self.sandbox.settings(credit=credit, no_credit_form=form)
        filing.with_user(self.manager).action_submit("so it has to be")
        self.commit()
        self.assertEqual(filing.waiting_for, 'credit')

    def test_jobs(self):
        jobs = self.env['ir.cron'].browse([job['id'] for job in self.get('jobs')])
        self.assertGreaterEqual(len(jobs), 6)
        first, second, third = jobs[:3]
        jobs.write({'nextcall': fields.Datetime.now() + timedelta(minutes=5), 'active': True, 'failure_count': 0})
        self.assertFalse(any(job['problem'] for job in self.get('jobs')))
        first.active = False
        second.write({'failure_count': 3, 'first_failure_date': fields.Datetime.now()})
        third.nextcall = fields.Datetime.now() - timedelta(hours=3)
        problems = {job['id']: job['problem'] for job in self.get('jobs')}
        self.assertIn("switched off", problems[first.id])
        self.assertIn("failed 3 times", problems[second.id])
        self.assertIn("overdue", problems[third.id])
        self.env.invalidate_all()
        with self.assertQueryCount(2):
            self.env[OVERVIEW].with_context(tz='Europe/Rome')._get_jobs()


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestMenus(MailboxCase):
    """An application of its own; the menus that were there before keep their names in the database."""

    def test_application(self):
        module = self.env.ref('base.module_l10n_it_openapi_pec')
        self.assertTrue(module.application)
        root = self.env.ref('l10n_it_openapi_pec.menu_root')
        self.assertFalse(root.parent_id)
        self.assertTrue(root.web_icon_data)
        self.assertEqual(root.child_id.sorted('sequence')[0], self.env.ref('l10n_it_openapi_pec.menu_overview'))
        for name in (
                'communication', 'batch', 'receive', 'foreign_filing', 'mailbox', 'settings', 'price', 'domain',
                'api_call'):
            menu = self.env.ref(f'l10n_it_openapi_pec.menu_{name}')
            self.assertEqual(menu.parent_path.split('/')[0], str(root.id), name)
        self.assertTrue(self.env.ref('l10n_it_openapi_pec.menu_contacts').parent_id)

    def test_who_sees_what(self):
        Menu = self.env['ir.ui.menu']
        seen = {user: Menu.with_user(user)._visible_menu_ids() for user in (self.user, self.manager, self.outsider)}
        menus = {name: self.env.ref(f'l10n_it_openapi_pec.menu_{name}').id for name in (
            'root', 'overview', 'settings', 'price', 'jobs')}
        self.assertEqual(
            {name for name, menu in menus.items() if menu in seen[self.user]}, {'root', 'overview'})
        self.assertEqual(
            {name for name, menu in menus.items() if menu in seen[self.manager]}, {'root', 'overview', 'price'})
        self.assertFalse({*menus.values()} & {*seen[self.outsider]})
