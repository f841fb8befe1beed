"""The weekly digest: what each responsible is mailed of his lines, once, and nothing when there is nothing to say."""
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common_register import TODAY, RegisterCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestDigest(RegisterCase):

    def setUp(self):
        super().setUp()
        self.user.email = 'bruno@example.com'
        self.positions.search([]).user_id = False
        self.file(outcome='evasa')
        self.file('administrator', 'evasa')
        self.lines = self.line() + self.line('administrator')
        self.lines.user_id = self.user
        self.set_since(TODAY - timedelta(days=30))

    def set_since(self, day):
        """Have the lines stand as they do since a day."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE openapi_pec_position SET state_since = %s WHERE id = ANY(%s)", [day, self.lines.ids])
        self.env.invalidate_all()

    def mail(self):
        """Run the job, and return the mails of it."""
        before = self.env['mail.mail'].search([])
        self.run_cron('digest')
        return self.env['mail.mail'].search([]) - before

    def titles(self):
        return [part['title'] for part in self.user._openapi_pec_get_digest()]

    def test_nothing_to_say(self):
        self.assertEqual(self.lines.mapped('state'), ['in_order', 'in_order'])
        self.assertFalse(self.mail())

    def test_what_is_due(self):
        self.office.until = TODAY + timedelta(days=20)
        self.set_since(TODAY - timedelta(days=30))
        mail = self.mail()
        self.assertEqual(mail.recipient_ids, self.user.partner_id)
        self.assertEqual(mail.state, 'outgoing', "it leaves after the commit that keeps its date as well, or never")
        for part in (
                self.partner.name, "Due in the next four weeks", "12/17/2026",
                f'/odoo/pec-positions/{self.lines[1].id}'):
            self.assertIn(part, mail.body_html)
        self.assertFalse(self.mail(), "once")
        for moment, count in (('2026-11-29 22:00:00', 0), ('2026-11-29 23:30:00', 1), ('2026-12-05 09:00:00', 0)):
            with freeze_time(moment):  # a week begins on Monday, in Italy
                self.assertEqual(len(self.mail()), count, moment)

    def test_what_became_due(self):
        self.env['openapi_pec.notice'].create({
            'partner_id': self.partner.id, 'published_on': TODAY - timedelta(days=40), 'due_on': TODAY - timedelta(3)})
        self.set_since(TODAY - timedelta(days=30))
        self.assertEqual(self.line().state, 'irregular')
        self.assertEqual(self.titles(), ["Became due, and is not done"])

    def test_what_became_due_before_it_was_judged(self):
        """Due on a Sunday; on Monday the digest comes before the nightly job."""
        self.env['openapi_pec.notice'].create({
            'partner_id': self.partner.id, 'published_on': TODAY, 'due_on': TODAY + timedelta(days=2)})
        self.user.openapi_pec_digest_at = '2026-11-23 05:00:00'
        self.set_since(TODAY - timedelta(days=30))
        with freeze_time('2026-11-30 05:00:00'):
            self.assertFalse(self.line().is_late)
            self.assertEqual(self.titles(), ["Became due, and is not done"])
            self.assertTrue(self.mail())
        with freeze_time('2026-12-07 05:00:00'):
            self.run_cron('positions')
            self.set_since(TODAY - timedelta(days=30))
            self.assertFalse(self.titles(), "once")

    def test_what_is_new(self):
        self.partner.openapi_pec_email = False
        self.env.flush_all()
        self.assertEqual((self.line().state, self.line().state_since.date()), ('missing', TODAY))
        self.assertEqual(self.titles(), ["New since the last digest"])
        self.assertTrue(self.mail())
        with freeze_time('2026-12-04 09:00:00'):
            self.env.invalidate_all()
            self.assertFalse(self.titles(), "new since the last one")
            self.assertFalse(self.mail())

    def test_in_the_language_of_who_reads(self):
        self.env['res.lang']._activate_lang('it_IT')
        self.user.lang = 'it_IT'
        self.office.until = TODAY + timedelta(days=20)
        self.assertIn("17/12/2026", self.mail().body_html)

    def test_who_gets_none(self):
        self.office.until = TODAY + timedelta(days=20)
        self.env.flush_all()
        self.user.group_ids -= self.env.ref('l10n_it_openapi_pec.group_user')
        self.assertFalse(self.mail(), "who may not see the lines")

    def test_only_what_one_may_see(self):
        elsewhere = self.env['res.company'].create({'name': "Altra S.r.l."})
        self.office.until = TODAY + timedelta(days=20)
        self.env.flush_all()
        stranger = new_test_user(
            self.env, 'pec_stranger', 'base.group_user,l10n_it_openapi_pec.group_user', company_id=elsewhere.id,
            company_ids=[(6, 0, elsewhere.ids)])
        self.lines.sudo().user_id = stranger
        self.assertFalse(stranger._openapi_pec_get_digest())

    def test_nobody_elses(self):
        """A template can be used by anybody: it tells of another one's lines nothing."""
        self.office.until = TODAY + timedelta(days=20)
        self.env.flush_all()
        self.assertTrue(self.user.with_user(self.user)._openapi_pec_get_digest())
        self.assertFalse(self.user.with_user(self.manager)._openapi_pec_get_digest())

    def share(self):
        """Have each line be another one's, and something to say of both; return who is responsible for the second."""
        colleague = new_test_user(
            self.env, 'pec_colleague', 'base.group_user,l10n_it_openapi_pec.group_user', email='c@example.com')
        self.lines[1].user_id = colleague
        self.partner.openapi_pec_email = self.representative.openapi_pec_email = False
        self.env.flush_all()
        return colleague

    def test_time_is_over_halfway(self):
        """Who got none before the job's time was over gets his the next time, and nobody a second one."""
        people = self.user + self.share()
        crons = type(self.env['ir.cron'])
        commit = crons._commit_progress
        with patch.object(crons, '_commit_progress', lambda cron, *arguments, **options: (
                commit(cron, *arguments, **options) and not arguments)):  # a job that has not done all runs again
            mails = self.mail()
        self.assertEqual((len(mails), mails.recipient_ids), (2, people.partner_id))
        self.assertFalse(self.mail())

    def test_one_that_cannot_be_mailed(self):
        """A responsible whose mail fails stops nobody else's."""
        colleague = self.share()
        template = self.env.ref('l10n_it_openapi_pec.mail_template_digest')
        template.email_from = f"{{{{ 1 / (object.id - {self.user.id}) }}}}"
        with mute_logger(
                'odoo.addons.l10n_it_openapi_pec.models.register.digest',
                'odoo.addons.mail.models.mail_render_mixin'):
            self.assertEqual(self.mail().recipient_ids, colleague.partner_id)
        template.email_from = 'ufficio@example.com'
        self.assertEqual(self.mail().recipient_ids, self.user.partner_id)

    def test_queries(self):
        """As many for two lines as for sixty."""
        counts = []
        for count in (1, 30):
            companies = self.create_companies(count)
            companies._openapi_pec_follow().user_id = self.user
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertTrue(self.user._openapi_pec_get_digest())
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)
