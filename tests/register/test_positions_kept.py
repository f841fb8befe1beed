"""Lines are kept: who follows, what is judged anew when, with how many queries, and what the nightly job does."""
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.l10n_it_openapi_pec.models.register.judging import OpenapiPecPosition

from ..common_register import TODAY, RegisterCase, date

ADDRESS = 'prova@legalmail.it'
CHANGE_QUERIES = 100  # to change one thing, and to judge its lines
QUERIES = 30  # to judge any number of lines, beside what is read and written a thousand at a time


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestFollowing(RegisterCase):

    def test_the_tick(self):
        partner = self.create_companies(1)
        self.assertFalse(self.line(partner=partner))
        with Form(partner.with_user(self.user)) as form:
            form.openapi_pec_is_followed = True
        self.assertTrue(self.line(partner=partner))
        self.assertEqual(self.line(partner=partner).user_id, self.user)
        line = self.line('administrator', partner)
        partner.with_user(self.user).openapi_pec_is_followed = False
        self.assertFalse(self.line(partner=partner))
        partner.with_user(self.user).action_openapi_pec_follow()
        self.assertEqual(self.line('administrator', partner), line, "with what was decided")
        with self.assertRaises(AccessError):
            partner.with_user(self.outsider).action_openapi_pec_follow()

    def test_who_is_proposed(self):
        followed, filed, idle = self.partner, *self.create_companies(2)
        self.create_filing(partner_id=filed.id)
        own = self.company.partner_id
        partners = self.env['res.partner'].with_user(self.user)
        among = [('id', 'in', (followed + filed + idle + own).ids)]
        self.assertEqual(
            set(partners.search([*among, ('openapi_pec_is_proposed', '=', True)]).ids), set((filed + own).ids))
        self.assertEqual(partners.search([*among, ('openapi_pec_is_followed', '=', True)]).ids, followed.ids)
        self.assertNotIn(followed, partners.search([*among, ('openapi_pec_is_followed', '=', False)]))
        (filed + own).with_user(self.user).action_openapi_pec_follow()
        self.assertFalse(partners.search([*among, ('openapi_pec_is_proposed', '=', True)]))

    def test_archived_companies_are_out(self):
        self.partner.active = False
        self.env.flush_all()
        self.assertFalse(self.line())
        self.partner.write({'active': True, 'openapi_pec_email': False})
        self.assertEqual(self.stands()[0], 'missing')

    def test_a_contact_that_became_another_companys(self):
        """Nothing is told of it any more, not even its name; what is kept counts again when it comes back."""
        line, lines = self.line(), self.positions.with_user(self.user).with_context(active_test=False)
        self.partner.company_id = self.env['res.company'].create({'name': "Altra S.r.l."})
        self.env.flush_all()
        self.assertFalse(line.active)
        self.assertFalse(lines.search([('partner_id', '=', self.partner.id)]))
        with self.assertRaises(AccessError):
            line.with_user(self.user).read(['partner_id', 'state'])
        with self.assertRaisesRegex(UserError, "Work in that company"):
            self.partner._openapi_pec_follow()
        self.partner._openapi_pec_follow(False)
        self.partner.write({'company_id': self.company.id, 'openapi_pec_email': False})
        self.assertFalse(self.line(), "followed no more")
        self.partner._openapi_pec_follow()
        self.assertEqual(self.line(), line)
        self.assertEqual(self.stands()[0], 'missing')

    def test_merged(self):
        twin = self.create_companies(1)
        office = self.create_office(partner=twin, role='COD')
        twin._openapi_pec_follow()
        self.env.flush_all()
        self.env['base.partner.merge.automatic.wizard'].with_context(
            active_model='res.partner', active_ids=(twin + self.partner).ids).create(
            {'dst_partner_id': self.partner.id}).action_merge()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(office.partner_id, self.partner)
        self.assertEqual(len(self.positions.search([('partner_id', '=', self.partner.id)])), 2)
        self.assertTrue(self.line().state)

    def test_merged_contacts_keep_what_was_seen_last(self):
        """One look stays as it was, and so does what one person has said; also where no superuser merges."""
        twin = self.partner.copy({'name': "Doppione"})
        twin._openapi_pec_note_register('vecchia@legalmail.it', TODAY - timedelta(days=9), TODAY - timedelta(days=99))
        self.partner._openapi_pec_note_register('', TODAY)
        twin.openapi_pec_email = self.partner.openapi_pec_email
        twin._openapi_pec_confirm_pec()
        merger = new_test_user(
            self.env, 'pec_merger', 'base.group_partner_manager,l10n_it_openapi_pec.group_user')
        self.env['base.partner.merge.automatic.wizard'].with_user(merger).with_context(
            active_model='res.partner', active_ids=(twin + self.partner).ids).create(
            {'dst_partner_id': self.partner.id}).action_merge()
        self.assertEqual(
            (self.partner.openapi_pec_register_seen_on, self.partner.openapi_pec_register_email,
             self.partner.openapi_pec_register_since, self.partner.openapi_pec_confirmed_email),
            (TODAY, False, False, self.partner.openapi_pec_email))

    def test_what_was_seen_is_kept_by_odoo_alone(self):
        for values in ({'openapi_pec_register_email': 'a@pec.it'}, {'openapi_pec_register_is_sandbox': False},
                       {'openapi_pec_confirmed_by_id': self.manager.id}):
            with self.subTest(values=values):
                with self.assertRaises(AccessError):
                    self.partner.with_user(self.manager).write(values)
                with self.assertRaises(AccessError):
                    self.partner.with_user(self.manager).create({'name': "x", **values})

    def test_the_sandbox_proves_nothing_in_production(self):
        self.partner._openapi_pec_note_register(ADDRESS, TODAY, is_sandbox=True)
        self.assertEqual(self.stands(), ('in_order', '', ''))
        self.company.openapi_pec_environment = 'production'
        self.line()._judge_now()
        self.assertEqual(self.stands(), ('to_confirm', 'not_proved', 'check_register'))
        self.partner._openapi_pec_note_register(ADDRESS, TODAY)
        self.assertEqual(self.stands(), ('in_order', '', ''), "the same, of the same day, and true")


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestJudging(RegisterCase):

    def fill(self, count):
        """Follow so many companies, each with an administrator of its own and its PEC."""
        return self.follow(self.create_companies(count))

    def follow(self, companies):
        """Follow companies, each with an administrator of its own and its PEC."""
        self.env['openapi_pec.office'].create([
            {'partner_id': company.id, 'person_id': company.child_ids.id, 'role': 'AUN', 'since': '2024-01-01',
             'pec_email': f'amministratore{company.id}@legalmail.it'} for company in companies])
        companies._openapi_pec_follow()
        self.env.flush_all()
        self.env.invalidate_all()
        return companies

    def count(self, lines):
        """Return how many queries it takes to judge lines."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        lines._judge_now()
        return self.env.cr.sql_log_count - before

    def test_the_same_queries_for_ten_and_a_thousand(self):
        lines = self.positions.search([('partner_id', 'in', self.fill(10).ids)])
        self.assertEqual(len(lines), 20)
        self.count(lines)  # what is cached is cached
        few = self.count(lines)
        self.assertLess(few, QUERIES)
        many = self.positions.search([('partner_id', 'in', self.fill(500).ids)])
        self.assertEqual(len(many), 1000)
        self.assertLessEqual(self.count(many), few + 4)
        self.assertEqual(set(many.mapped('state')), {'to_confirm'})

    def watch(self):
        """Have the lines noted that are judged."""
        judged, compute = [], OpenapiPecPosition._compute_line

        def noting(lines):
            judged.extend(lines.ids)
            return compute(lines)

        self.env.flush_all()
        self.patch(self.env.registry['openapi_pec.position'], '_compute_line', noting)
        return judged

    def change(self, first, second, third):
        """Change one thing after the other, and check which lines are judged; return how many queries each takes."""
        both, counts = ('company', 'administrator'), {}

        def lines(*partners):
            return {self.line(kind, partner).id for partner in partners for kind in both}

        new, other = (f'{name}{first.id}@legalmail.it' for name in ('nuova', 'altra'))
        filed = {'partner_id': first.id, 'state': 'completed', 'environment': 'sandbox', 'pec_email': other,
                 'completed_at': '2026-11-20 10:00:00'}
        for name, change, expected in (
                ("phone", lambda: first.write({'phone': '061234567'}), set()),
                ("state", lambda: first.write({'openapi_pec_legal_state': 'procedure'}), lines(first)),
                ("active again", lambda: first.write({'openapi_pec_legal_state': False}), lines(first)),
                ("PEC", lambda: first.write({'openapi_pec_email': new}), lines(first)),
                ("the same PEC", lambda: second.write({'openapi_pec_email': new}),
                 lines(second) | {self.line(partner=first).id}),
                ("another PEC", lambda: first.write({'openapi_pec_email': other}),
                 lines(first) | {self.line(partner=second).id}),
                ("office", lambda: third.openapi_pec_office_ids.write({'until': '2030-01-01'}), lines(third)),
                ("PEC of an office", lambda: third.openapi_pec_office_ids.write({'pec_email': f'a{new}'}),
                 lines(third)),
                ("filing", lambda: self.create_filing(partner_id=third.id, state='queued'), lines(third)),
                ("draft", lambda: self.create_filing(partner_id=third.id, pec_email=f'x{new}'), set()),
                ("filed", lambda: self.create_filing(**filed), lines(first)),
                ("outcome", lambda: first.openapi_pec_position_ids.last_filing_id.write(
                    {'chamber_outcome': 'evasa', 'chamber_date': '2026-11-24'}), lines(first)),
        ):
            self.env.flush_all()
            self.env.invalidate_all()
            judged, before = self.watch(), self.env.cr.sql_log_count
            change()
            self.env.flush_all()
            counts[name] = self.env.cr.sql_log_count - before
            self.assertEqual(set(judged), expected, name)
        self.assertEqual(self.stands(partner=first), ('in_order', '', ''))
        return counts

    def test_a_change_concerns_its_lines_only(self):
        """However many are followed: the same lines, and the same queries."""
        companies = self.create_companies(300)
        followed = self.follow(companies[:9])
        self.change(*followed[:3])  # what is cached is cached
        few = self.change(*followed[3:6])
        self.assertLess(max(few.values()), CHANGE_QUERIES, few)
        self.follow(companies[9:])
        self.assertEqual(self.change(*followed[6:]), few)

    # ------------------------------------------------------------ the job

    def test_what_time_alone_changes(self):
        self.file('administrator', 'evasa')
        self.office.until = date(2027, 3, 1)
        self.assertEqual(self.stands('administrator')[0], 'in_order')
        again_on = self.line('administrator').again_on
        self.assertEqual(again_on, date(2026, 12, 31), "60 days before")
        with freeze_time(again_on - timedelta(days=1)):
            self.run_cron('positions')
            self.assertEqual(self.stands('administrator')[0], 'in_order')
        with freeze_time(fields.Datetime.to_datetime(again_on) + timedelta(hours=2)):
            self.run_cron('positions')
            self.assertEqual(self.stands('administrator')[0], 'office_ending')

    def test_an_office_that_ends_frees_its_address(self):
        companies = self.fill(2)
        self.file(outcome='evasa')
        office = companies[0].openapi_pec_office_ids
        office.write({'pec_email': 'contesa@legalmail.it', 'ended_on': '2026-12-10'})
        office._confirm_pec()
        companies[1].openapi_pec_email = 'contesa@legalmail.it'
        self.assertEqual(self.stands(partner=companies[1]), ('duplicate', 'pec_of_person', 'get_pec'))
        with freeze_time('2026-12-10 03:00:00'):
            self.run_cron('positions')
            self.assertEqual(self.stands(partner=companies[1]), ('to_confirm', 'not_proved', 'check_register'))

    def test_what_somebody_was_changing(self):
        line = self.line()
        self.env['openapi_pec.position.mark'].create({'position_id': line.id})
        self.env.flush_all()
        self.env.cr.execute("UPDATE openapi_pec_position SET state = 'in_order' WHERE id = %s", [line.id])
        self.env.invalidate_all()
        self.run_cron('positions')
        self.assertEqual(self.stands(), ('to_confirm', 'not_proved', 'check_register'))
        self.assertFalse(self.env['openapi_pec.position.mark'].search([]))

    def test_the_job_leaves_what_is_not_due(self):
        self.fill(3)
        judged = self.watch()
        self.run_cron('positions')
        self.assertFalse(judged)
