"""Many at once: the question, the job with its progress, and what is asked by itself within a budget."""
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import split_every

from ..common_company import CODE
from ..common_look import LookCase, as_register

MANY = 1000


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestManyLooks(LookCase):
    """A list of companies: asked with the total before, and called by the scheduled job."""

    def keep(self, companies):
        for some in split_every(200, companies):
            self.sandbox.keep_companies(*(
                as_register(company.l10n_it_codice_fiscale, companyName=company.name) for company in some))

    def test_the_question_says_it_all(self):
        self.be_real()
        companies = self.create_companies(40)
        companies[0].l10n_it_codice_fiscale = False
        question = self.question(companies | self.representative)
        self.assertEqual((question.company_count, question.look_count), (39, 39))
        self.assertIn("Look-ups: 39 (EUR 0.90 to 3.90, before VAT)", question.price_sentence)
        self.assertIn("30 of this month's free look-ups are left as far as Odoo has counted", question.price_sentence)
        self.assertIn("People are left out: 1", question.notes)
        self.assertIn("without a valid tax code, or with that of another one chosen, are left out: 1", question.notes)
        question.has_offices = True
        self.assertEqual(question.look_count, 78)
        self.assertIn("EUR 8.70 to 11.70", question.price_sentence)
        with self.assertRaisesRegex(UserError, "Nothing was spent"):
            self.question(self.representative).action_confirm()

    def test_only_what_was_shown_is_asked(self):
        """What is paid, how many and at what price, is what the question showed, also after a tick in it."""
        companies = self.create_companies(3)
        shown = self.question(companies)
        self.env.flush_all()
        self.be_real()
        with self.assertRaisesRegex(UserError, "changed meanwhile"):
            shown.action_confirm()
        shown = self.question(companies)
        self.env.flush_all()
        self.looks._ask(self.company, [{
            'partner_id': companies[0].id, 'operation': 'register_company',
            'asked': companies[0].l10n_it_codice_fiscale}])
        with self.assertRaisesRegex(UserError, "changed meanwhile"):
            shown.action_confirm()
        form = Form(self.question(companies))
        form.has_offices = True
        self.assertIn("to 0.80", form.price_sentence)
        self.env['openapi_pec.price']._note('register_offices', False, 5, "Openapi console")
        shown = form.save()
        self.assertEqual(shown.look_count, 5)
        with self.assertRaisesRegex(UserError, "nothing was asked or spent"):
            shown.action_confirm()
        self.assertFalse(self.looks.search([('operation', '=', 'register_offices')]))

    def test_what_is_queued_is_given_up(self):
        """By a manager; what is under way already goes on, and what was given up is never called."""
        companies = self.create_companies(3)
        self.keep(companies)
        update = self.update(companies)
        first, *_others = update.look_ids
        with self.real_transactions():
            first._dispatch()
        with self.assertRaises(AccessError):
            update.with_user(self.user).action_give_up()
        update.with_user(self.manager).action_give_up()
        self.assertEqual((first.state, set((update.look_ids - first).mapped('state'))), ('done', {'failed'}))
        self.assertEqual((update.state, update.failed_count), ('done', 2))
        self.assertIn("nothing was spent", update.look_ids[-1].error_message)
        self.run_cron('dispatch')
        self.assertEqual(self.requested(), 1)
        with self.assertRaisesRegex(UserError, "Nothing of it is queued any more"):
            update.with_user(self.manager).action_give_up()

    def test_given_up_in_sets(self):
        """By a manager, or since the other database may have asked them: as many queries for two as for forty."""
        companies = self.create_companies(84)
        updates = [self.update(companies[start:end]) for start, end in ((0, 2), (2, 42), (42, 44), (44, 84))]
        self.env.flush_all()
        counts = []
        for update in updates[:2]:
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            update.with_user(self.manager).action_give_up()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
        counts = []
        for update in updates[2:]:
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.company._openapi_pec_close_perhaps_asked(update.look_ids.sudo())
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
        self.assertEqual({look.state for update in updates for look in update.look_ids}, {'failed'})
        self.run_cron('dispatch')
        self.assertEqual(self.requested(), 0)

    def test_what_died_is_closed_in_sets(self):
        """Each with what is known of its money; as many queries for forty as for two, but for a look at each worker."""
        self.be_real()
        companies, counts = self.create_companies(42), []
        for some in (companies[:2], companies[2:]):
            looks = self.looks.create([{
                'partner_id': company.id, 'operation': 'register_company', 'asked': company.l10n_it_codice_fiscale,
                'state': 'unconfirmed', 'is_open': True, 'company_id': self.company.id, 'environment': 'production',
                'user_id': self.manager.id} for company in some])
            for look in looks:
                look._create_line('register_company', price=0.1, is_price_known=True)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.looks._free_dead()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before - len(looks))
            self.assertEqual(set(looks.mapped('state')), {'lost'})
            self.assertIn("perhaps paid (EUR 0.10)", looks[-1].error_message)
        self.assertLessEqual(counts[1], counts[0])

    def test_called_by_the_job_with_progress(self):
        companies = self.create_companies(20)
        self.keep(companies)
        self.sandbox.forget_company(companies[3].l10n_it_codice_fiscale)
        update = self.update(companies)
        self.assertEqual((update.state, update.progress, self.requested()), ('running', 0, 0))
        self.run_cron('dispatch')
        self.assertEqual(
            (update.state, update.progress, update.answered_count, update.not_found_count, self.requested()),
            ('done', 100, 19, 1, 20))
        self.assertGreater(update.difference_count, 19)
        update.difference_ids.filtered('is_ticked').with_user(self.user).action_take_over()
        self.assertEqual(set((companies - companies[3]).mapped('openapi_pec_rea')), {'RM-1234567'})
        self.assertFalse(companies[3].openapi_pec_rea)

    def test_only_so_many_may_be_free(self):
        """Of those that are called together, too: what is paid for certain is told as paid."""
        self.be_real()
        companies = self.create_companies(4)
        self.keep(companies)
        self.env.ref('l10n_it_openapi_pec.price_register_company').free_count = 3
        self.update()
        self.assertEqual(self.line(self.looks.search([])).money, 'unknown', "one of three")
        update = self.update(companies)
        with self.real_transactions():
            update.look_ids._dispatch(parallel=4)
        lines = update.look_ids.sudo().api_call_ids
        self.assertEqual(sorted(lines.mapped('money')), ['paid', 'paid', 'unknown', 'unknown'])
        self.assertEqual(sum(lines.mapped('spent')), 0.2)

    def test_what_is_queued_is_counted(self):
        """The price before the click knows what is about to be made, though the journal has no line of it yet."""
        self.be_real()
        companies = self.create_companies(31)
        self.update(companies[:28])
        self.assertEqual(self.requested(), 0)
        self.assertIn(
            "Look-ups: 3 (EUR 0.10 to 0.30, before VAT). 2 of this month's free look-ups are left",
            self.question(companies[28:]).price_sentence)

    def test_provinces_are_read_once(self):
        companies = self.create_companies(20)
        companies.state_id = self.env.ref('base.state_it_mi')
        self.keep(companies)
        update = self.update(companies)
        self.run_cron('dispatch')
        lines = update.difference_ids.filtered(lambda line: line.field == 'state_id')
        rome = self.env.ref('base.state_it_rm').display_name
        self.assertEqual((len(lines), set(lines.mapped('there'))), (20, {rome}))
        counts = []
        for some in (lines[:2], lines):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.mapped('there')
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    def test_a_thousand(self):
        """The queries of the click do not grow with the number; those of a call and of a take-over are few."""
        companies = self.create_companies(MANY)
        self.keep(companies)
        self.env.invalidate_all()
        with self.assertQueryCount(60):
            question = self.question(companies)
            self.assertEqual(question.look_count, MANY)
        self.env.invalidate_all()
        with self.assertQueryCount(80):
            action = question.action_confirm()
            self.env.flush_all()
        self.commit()
        update = self.env[action['res_model']].browse(action['res_id'])
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        with self.real_transactions():
            update.look_ids[:100]._dispatch(parallel=8)
        self.assertLess((self.env.cr.sql_log_count - before) / 100, 45, "of each call")
        self.assertEqual(update.answered_count, 100)
        lines = update.difference_ids.filtered('is_ticked')
        self.assertGreater(len(lines), 300)
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        lines.action_take_over()
        self.env.flush_all()
        self.assertLess((self.env.cr.sql_log_count - before) / 100, 25, "of each contact")


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestScheduledLooks(LookCase):
    """Off unless somebody sets days and a budget; then chosen companies, the longest ago first."""

    def setUp(self):
        super().setUp()
        self.companies = self.create_companies(5)
        self.sandbox.keep_companies(*(
            as_register(company.l10n_it_codice_fiscale) for company in self.companies))
        self.companies[:4].with_company(self.company).openapi_pec_is_checked = True

    def run_both(self):
        self.run_cron('looks')
        self.run_cron('dispatch')

    def test_off(self):
        self.run_both()
        self.assertEqual((self.company.openapi_pec_register_days, self.requested()), (0, 0))

    def test_every_so_many_days(self):
        self.company.write({'openapi_pec_register_days': 30, 'openapi_pec_register_budget': 10})
        self.run_both()
        self.run_both()
        self.assertEqual((self.requested(), self.looks.search([]).mapped('state')), (4, ['done'] * 4))
        self.looks.search([], limit=2).asked_at = fields.Datetime.now() - timedelta(days=31)
        self.run_both()
        self.assertEqual(self.requested(), 6)

    def test_budget(self):
        """Each look-up of the account counts with its full price, lost and free ones too."""
        self.be_real()
        self.company.write({'openapi_pec_register_days': 30, 'openapi_pec_register_budget': 0.30})
        self.update()  # by a person
        self.run_both()
        self.assertEqual(self.requested(), 3)
        self.run_both()
        self.assertEqual(self.requested(), 3)
        settings = self.env['res.config.settings'].create({})
        self.assertEqual(settings.openapi_pec_register_sentence, "This month: 3 look-ups, EUR 0.30 at most.")
        self.company.openapi_pec_register_budget = 0
        self.looks.search([]).asked_at = fields.Datetime.now() - timedelta(days=31)
        self.run_both()
        self.assertEqual(self.requested(), 3)

    def test_what_waits_is_in_the_budget(self):
        """While nothing is called, as in an account without credit, no more is queued than the budget pays."""
        self.be_real()
        self.company.write({'openapi_pec_register_days': 30, 'openapi_pec_register_budget': 0.20})
        for _run in range(3):
            self.run_cron('looks')
        self.assertEqual((self.looks.search([]).mapped('state'), self.requested()), (['queued'] * 2, 0))
        self.run_both()
        self.assertEqual(self.requested(), 2)

    def test_a_copy_asks_nothing(self):
        self.company.write({'openapi_pec_register_days': 30, 'openapi_pec_register_budget': 10})
        self.company._openapi_pec_write_facts('sandbox', home=['other', 'other'])
        self.run_both()
        self.assertFalse(self.looks.search([]))

    def test_shared_account_and_own_code(self):
        """What another company with the same account has spent counts as well."""
        other = self.env['res.company'].create({'name': "Altra S.r.l."})
        other._openapi_pec_set_token('sandbox', 'sandbox-token')
        self.looks._ask(other, [{'partner_id': self.partner.id, 'operation': 'register_company', 'asked': CODE}])
        self.commit()
        self.company.write({'openapi_pec_register_days': 30, 'openapi_pec_register_budget': 0.30})
        self.run_both()
        self.assertEqual(len(self.looks.search([('company_id', '=', self.company.id)])), 2)
