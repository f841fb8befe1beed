import importlib.util

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.finding import FINE

from ..common import PecCase
from .test_verdict import MIGRATIONS

# What the list and its head read; judged by other tests: what is kept.
COLUMNS = (
    'partner_id', 'kind', 'pec_email', 'representative_id', 'fiscal_code', 'email', 'mobile', 'city', 'province',
    'finding_reason', 'reasons', 'mending_place', 'findings_level', 'is_editable', 'waiting_for', 'status', 'price')
QUERIES = 25  # to show a page of a worklist with its head


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestWorklist(PecCase):
    """The lines of a multiple filing: bad ones first, a reason each, corrected where they stand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.companies = cls.create_companies(6)

    def create_batch(self, companies=None):
        action = (companies or self.companies).with_user(self.user).action_openapi_pec_communicate()
        return self.env['openapi_pec.batch'].browse(
            action['context']['openapi_pec_batch_id']).with_user(self.manager)

    def test_every_finding_has_a_reason(self):
        filings = self.env['openapi_pec.communication']
        codes = {code for code, (level, _sentence) in const.filing.FINDINGS.items() if level != FINE}
        self.assertEqual(codes, set(const.reason.REASONS))
        self.assertFalse({
            field for fields, _words in const.reason.REASONS.values() for field in fields} - set(filings._fields))
        self.assertEqual(const.reason.get_key('mobile_landline', 'mobile'), 'mobile.mobile_landline')
        self.assertEqual(const.reason.get_key('missing', 'city'), 'city.missing')
        self.assertEqual(const.reason.get_key('refused', 'mobile'), 'pec_email.refused')
        self.assertEqual(const.reason.get_key('of_another_version', 'x'), 'other')
        labels = dict(filings._fields['finding_reason']._description_selection(self.env))
        self.assertEqual(
            labels[const.reason.get_key('not_corrected', 'pec_email')], "Chamber Outcome: refused, nothing corrected")
        keys = [key for key, _label in filings._fields['finding_reason']._description_selection(self.env)]
        self.assertEqual(len(keys), len(set(keys)))
        self.assertEqual(set(keys), set(filings._fields['finding_reason'].get_values(self.env)))

    def test_bad_lines_first(self):
        self.companies[4].child_ids.phone = '06 1234567'
        self.companies[2].openapi_pec_email = 'impresa@unknown.example'
        batch = self.create_batch()
        lines = self.env['openapi_pec.communication'].search(
            [('batch_id', '=', batch.id)], order='findings_level, company_name')
        self.assertEqual(lines.mapped('findings_level'), ['error', 'warning', *['fine'] * 4])
        self.assertEqual(lines[:2].mapped('finding_reason'), ['mobile.mobile_landline', 'pec_email.unknown'])
        self.assertEqual(lines[:3].mapped('reasons'), ["Mobile: landline", "PEC: unknown domain", False])
        self.assertEqual(lines[:3].mapped('mending_place'), ['representative_id', 'partner_id', False])
        worst_last = lines.search([('batch_id', '=', batch.id)], order='findings_level desc')
        self.assertEqual(worst_last[-1], lines[0])

    def test_icons_open_the_right_contact(self):
        line = self.create_batch().communication_ids[0]
        self.assertEqual(line.action_open_partner()['res_id'], line.partner_id.id)
        self.assertEqual(line.action_open_representative()['res_id'], line.representative_id.id)

    def test_head(self):
        self.companies[:2].child_ids.phone = '06 1234567'
        self.companies[1].openapi_pec_email = False
        self.companies[2].openapi_pec_email = 'impresa@unknown.example'
        batch = self.create_batch()
        head = batch.get_worklist()
        self.assertEqual(sorted((reason['key'], reason['level'], reason['count']) for reason in head['reasons']), [
            ('mobile.mobile_landline', 'error', 1), ('pec_email.missing', 'error', 1),
            ('pec_email.unknown', 'warning', 1)])
        self.assertEqual(head['reasons'][-1]['label'], "PEC: unknown domain")
        self.assertEqual(
            (head['state'], head['ready'], head['warned'], head['price'], head['progress']), ('draft', 3, 1, 47.1, 0))
        self.assertEqual(head['may'], ['action_open_submit'])
        self.assertEqual(batch.with_user(self.user).get_worklist()['may'], [])
        with self.assertRaises(AccessError):
            batch.with_user(self.outsider).get_worklist()
        elsewhere = self.env['res.company'].create({'name': "Altra S.r.l."})
        stranger = new_test_user(
            self.env, 'pec_stranger', 'base.group_user,l10n_it_openapi_pec.group_user', company_id=elsewhere.id,
            company_ids=[Command.set(elsewhere.ids)])
        with self.assertRaises(AccessError):
            batch.with_user(stranger).get_worklist()

    def test_a_price_that_nobody_knows(self):
        """It is not said to be nothing: neither above the lines, nor in the question before the click."""
        self.env['openapi_pec.price'].search([('operation', '=', 'create')]).unlink()
        batch = self.create_batch()
        self.assertEqual((batch.get_worklist()['ready'], batch.get_worklist()['price']), (6, False))
        self.assertFalse(batch.communication_ids[0].is_price_known)
        action = batch.action_open_submit()
        question = self.env[action['res_model']].with_user(self.manager).browse(action['res_id'])
        self.assertFalse(question.is_price_known)

    def test_pause_and_progress(self):
        batch = self.create_batch()
        batch._get_drafts().with_user(self.manager).action_submit()
        head = batch.get_worklist()
        self.assertEqual((head['state'], head['waiting'], head['may']), ('running', 6, ['action_pause']))
        batch.action_pause()
        head = batch.get_worklist()
        self.assertEqual((head['state'], head['may']), ('paused', ['action_resume']))
        self.assertIn("paused by hand", head['pause'])
        batch.action_resume()
        self.run_cron('dispatch')
        head = batch.get_worklist()
        self.assertEqual((head['state'], head['progress'], head['sent'], head['may']), ('done', 100, 6, []))

    def test_kind_for_all(self):
        batch = self.create_batch()
        lines = batch.communication_ids.with_user(self.user)
        lines.action_set_administrator()
        self.assertEqual(set(lines.mapped('kind')), {'administrator'})
        self.assertEqual(set(lines.mapped('finding_reason')), {'pec_email.missing'})
        lines.action_set_company()
        self.assertEqual(set(lines.mapped('pec_email')), set(self.companies.mapped('openapi_pec_email')))
        lines.with_user(self.manager).action_submit()
        lines.action_set_administrator()  # what was submitted stays
        self.assertEqual(set(lines.mapped('kind')), {'company'})

    def test_a_line_that_is_being_corrected(self):
        """What stands against it is seen before it is saved; no HTML is made for it."""
        self.companies[0].child_ids.phone = '06 1234567'
        line = self.create_batch().communication_ids.filtered(lambda line: line.partner_id == self.companies[0])
        self.patch(type(line), '_show_findings', lambda *_args, **_keywords: self.fail("HTML of a line"))
        specification = {name: {} for name in ('finding_reason', 'reasons', 'findings_level', 'mobile')}
        changed = line.with_user(self.user).onchange({'mobile': '3401234519'}, ['mobile'], specification)['value']
        self.assertEqual((changed['finding_reason'], changed['reasons']), (False, False))
        self.assertEqual(changed['findings_level'], 'fine')
        changed = line.with_user(self.user).onchange({'mobile': '340'}, ['mobile'], specification)['value']
        self.assertEqual(changed['reasons'], "Mobile: not a mobile number")

    def test_the_click_judges_anew(self):
        """What is kept may be older than the click: a line that is wrong by now is left out."""
        batch = self.create_batch()
        line = batch.communication_ids[0]
        self.env.flush_all()
        self.env.cr.execute("UPDATE openapi_pec_communication SET mobile = '06 1234567' WHERE id = %s", [line.id])
        self.env.invalidate_all()
        self.assertEqual(batch.ready_count, 6)
        action = batch.action_open_submit()
        self.assertNotIn(line, self.env[action['res_model']].browse(action['res_id']).communication_ids)

    def test_migration(self):
        self.companies[0].child_ids.phone = '06 1234567'
        lines = self.create_batch().communication_ids
        expected = lines.mapped('finding_reason')
        self.assertIn('mobile.mobile_landline', expected)
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE openapi_pec_communication DROP COLUMN finding_reason")
        self.env.invalidate_all()
        for name in ('pre-reason', 'post-verdict'):
            spec = importlib.util.spec_from_file_location(name.replace('-', '_'), MIGRATIONS / f'{name}.py')
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            module.migrate(self.env.cr, '19.0.1.6.0')
        self.env.invalidate_all()
        self.assertEqual(lines.mapped('finding_reason'), expected)

    def test_queries(self):
        """A page of lines and its head cost the same at 10 and at 200 lines, and make no HTML."""
        companies = self.create_companies(210)
        companies[::5].child_ids.phone = '06 1234567'
        few, many = self.create_batch(companies[:10]), self.create_batch(companies[10:])
        self.patch(type(few.communication_ids), '_show_findings', lambda *_args, **_keywords: self.fail("HTML"))
        counts = []
        for batch in (few, few, many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            lines = self.env['openapi_pec.communication'].with_user(self.user).search(
                [('batch_id', '=', batch.id)], order='findings_level, company_name', limit=80)
            lines.web_read({name: {} for name in COLUMNS})
            batch.get_worklist()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLess(counts[1], QUERIES)
        self.assertLessEqual(counts[2], counts[1] + 2)
