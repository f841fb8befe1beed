"""What is coming: activities before something is due, once each; and lines in a spreadsheet."""
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec.models.register.noticing import COMING, NOTICE

from ..common_register import TODAY, RegisterCase, date


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestComing(RegisterCase):

    def setUp(self):
        super().setUp()
        self.type = self.env.ref(f'l10n_it_openapi_pec.{COMING}')
        self.file('administrator', 'evasa')
        self.file('company', 'evasa')
        self.positions.search([]).user_id = self.user
        self.env.flush_all()

    def told(self, kind='administrator'):
        """Run the nightly job, and return the activities of a line."""
        self.run_cron('positions')
        self.env.invalidate_all()
        return self.line(kind).activity_ids.filtered(lambda activity: activity.activity_type_id == self.type)

    def test_an_office_ends(self):
        self.company.openapi_pec_ahead_days = 20
        self.office.until = TODAY + timedelta(days=21)
        self.assertFalse(self.told())
        self.office.until = TODAY + timedelta(days=20)
        activity = self.told()
        self.assertEqual(
            (activity.user_id, activity.date_deadline), (self.user, self.office.until))
        self.assertIn("A term of office ends", activity.summary)
        self.assertEqual(self.told(), activity, "once")
        activity.action_feedback()
        self.assertFalse(self.told(), "once, also when it is done")
        self.office.until = TODAY + timedelta(days=10)
        self.assertEqual(self.told().date_deadline, self.office.until, "another day is told again")
        self.office.action_renew()
        self.assertFalse(self.told().filtered(lambda activity: activity.date_deadline == self.office.until))

    def test_what_is_done_is_no_more_to_be_done(self):
        self.office.until = TODAY + timedelta(days=10)
        self.assertTrue(self.told())
        self.office.until = TODAY + timedelta(days=300)
        self.assertFalse(self.told())

    def test_a_notice(self):
        self.env['openapi_pec.notice'].create({
            'partner_id': self.partner.id, 'published_on': TODAY, 'due_on': TODAY + timedelta(days=30)})
        activity = self.told('company')
        self.assertIn("term of the chamber's notice ends", activity.summary)
        self.assertEqual(activity.date_deadline, TODAY + timedelta(days=30))

    def test_a_notice_of_a_list_is_told_once(self):
        """What was told when the list was noted is not told once more as coming; it ends with what it was about."""
        def plan(day):
            self.env.flush_all()
            self.line()._plan_notice({'chamber': "Roma", 'published_on': TODAY}, day)

        notice = self.env['openapi_pec.notice'].create({
            'partner_id': self.partner.id, 'published_on': TODAY, 'due_on': TODAY + timedelta(days=30)})
        self.assertTrue(self.told('company'), "it was noted by hand, and told by the job")
        plan(notice.due_on)
        [activity] = self.line().activity_ids
        self.assertEqual(activity.activity_type_id, self.env.ref(f'l10n_it_openapi_pec.{NOTICE}'))
        self.assertFalse(self.told('company'))
        self.assertEqual(self.line().activity_ids, activity)
        notice.action_settle()
        self.told('company')
        self.assertFalse(self.line().activity_ids)
        notice.settled_on = False
        plan(notice.due_on)
        self.assertTrue(self.line().activity_ids)
        self.file('company').completed_at = '2026-11-28 10:00:00'
        self.told('company')
        self.assertFalse(self.line().activity_ids)

    def test_a_person_on_a_list(self):
        """What asks to look stays until somebody has looked; an earlier day to come counts."""
        line = self.line('administrator')
        for days, expected in ((30, 30), (50, 30), (10, 10)):
            line._plan_notice({'chamber': "Roma", 'published_on': TODAY}, TODAY + timedelta(days=days))
            [activity] = line.activity_ids
            self.assertEqual(activity.date_deadline, TODAY + timedelta(days=expected))
        self.office.until = TODAY + timedelta(days=20)
        self.assertTrue(self.told(), "the end of the office is told as well")
        self.assertEqual(len(line.activity_ids), 2)
        self.office.until = TODAY + timedelta(days=300)
        self.told()
        self.assertEqual(line.activity_ids, activity)

    def test_who_is_followed_no_more(self):
        self.office.until = TODAY + timedelta(days=10)
        notice = self.env['openapi_pec.notice'].create({
            'partner_id': self.partner.id, 'published_on': TODAY, 'due_on': TODAY + timedelta(days=30)})
        self.env.flush_all()
        lines = self.line() + self.line('administrator')
        for line in lines:
            line._plan_notice({'chamber': "Roma", 'published_on': TODAY}, notice.due_on)
        self.told()
        self.assertEqual(len(lines.activity_ids), 3)
        self.partner._openapi_pec_follow(False)
        self.told()
        self.assertFalse(lines.activity_ids)
        self.partner._openapi_pec_follow()
        self.assertTrue(self.told('company'), "who is followed again is told again")
        self.assertTrue(self.told('administrator'))

    def test_in_the_language_of_who_is_told(self):
        self.env['res.lang']._activate_lang('it_IT')
        self.user.lang = 'it_IT'
        self.office.until = TODAY + timedelta(days=10)
        self.assertIn("inserire", self.told().summary)

    def test_who_is_not_told(self):
        self.office.until = TODAY + timedelta(days=10)
        line = self.line('administrator')
        line.user_id = False
        self.assertFalse(self.told(), "nobody is responsible yet")
        line.user_id = self.user
        self.assertTrue(self.told())
        self.office.until = TODAY - timedelta(days=1)
        self.assertFalse(self.told(), "what is over is told by the list and the overview")

    def test_a_mailbox(self):
        """The mailbox tells it itself, as many days before as the company wants, and the line does not once more."""
        self.company.openapi_pec_ahead_days = 20
        mailbox = self.create_mailbox(
            address=self.partner.openapi_pec_email, state='active', environment='sandbox', user_id=self.user.id,
            expires_on=TODAY + timedelta(days=21))
        mailbox._announce_expiring()
        self.assertFalse(mailbox.activity_ids)
        mailbox.expires_on = TODAY + timedelta(days=20)
        mailbox._announce_expiring()
        self.assertEqual(self.stands(), ('mailbox_expiring', '', 'renew_mailbox'))
        self.assertEqual(len(mailbox.activity_ids), 1)
        self.assertFalse(self.told('company'))

    def test_queries(self):
        """A handful of queries, however many lines; each activity is a row of its own."""
        counts = []
        for count in (2, 40):
            companies = self.create_companies(count)
            companies._openapi_pec_follow().user_id = self.user
            self.env['openapi_pec.notice'].create([
                {'partner_id': company.id, 'published_on': TODAY, 'due_on': TODAY + timedelta(days=30)}
                for company in companies])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.positions._tell_coming()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            lines = self.positions.search([('partner_id', 'in', companies.ids), ('kind', '=', 'company')])
            self.assertEqual(len(lines.activity_ids), count)
        self.assertLessEqual(counts[1], counts[0] + 4, counts)

    # ------------------------------------------------------------ a spreadsheet

    def export(self, kind, names):
        self.user.group_ids += self.env.ref('base.group_allow_export')
        return self.line(kind).with_user(self.user).export_data(names)['datas']

    def test_exported_without_formulas(self):
        """Odoo's own export makes the spreadsheet; no cell of it is a formula."""
        for sign in '=+-@':
            name = f'{sign}1+1'
            self.partner.name = name
            with self.subTest(sign=sign):
                self.assertEqual(
                    self.export('company', ['partner_id/name', 'partner_id', 'due_on']),
                    [["'" + name, "'" + name, '']])

    def test_exported_dates_stay_dates(self):
        self.office.until = date(2027, 1, 10)
        self.env.flush_all()
        [[due_on]] = self.export('administrator', ['due_on'])
        self.assertEqual(fields.Date.to_date(due_on), date(2027, 1, 10))
