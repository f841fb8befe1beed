"""Whether the register shows what was filed, and who has an address already."""
from datetime import datetime, timedelta, timezone

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common_company import CODE
from ..common_look import WAYS, LookCase, as_register


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestCheckTheRegister(LookCase):
    """After a filing is completed: the outcome that nobody else tells."""

    def setUp(self):
        super().setUp()
        self.filing = self.create_filing(
            state='completed', environment='sandbox', remote_id='60d0aa', pec_email='nuova@legalmail.it')

    def check(self, **company):
        self.sandbox.keep_companies(as_register(CODE, **company))
        action = self.filing.with_user(self.manager).action_check_register()
        question = self.env[action['res_model']].with_user(self.manager).browse(action['res_id'])
        question.action_confirm()
        self.commit()
        return self.filing.register_state

    def test_it_stands_there(self):
        until = int(datetime(2026, 3, 2, 12, tzinfo=timezone.utc).timestamp())
        self.assertEqual(self.check(
            pec='Nuova@legalmail.it', history=[{'pec': 'vecchia@legalmail.it', 'timestamp': until}]), 'stands')
        self.assertEqual(
            (self.filing.register_seen_on, str(self.filing.register_since)), (fields.Date.today(), '2026-03-02'))
        self.assertEqual(
            (self.partner.openapi_pec_register_email, str(self.partner.openapi_pec_register_since)),
            ('nuova@legalmail.it', '2026-03-02'))
        self.assertIn("the one before stood there until 03/02/2026", self.messages(self.filing))
        self.assertEqual((self.requested('register_pec'), self.requested()), (1, 0))

    def test_from_the_filing_to_the_register(self):
        """What the service completes stands in the register of the sandbox, too."""
        self.sandbox.keep_companies(as_register(CODE, pec='vecchia@legalmail.it'))
        filing = self.create_filing(pec_email='definitiva@legalmail.it')
        self.submit(filing)
        self.sandbox.set_stato('comunicazione_evasa')
        self.run_cron('synchronize')
        self.assertEqual(filing.state, 'completed')
        action = filing.with_user(self.manager).action_check_register()
        self.env[action['res_model']].with_user(self.manager).browse(action['res_id']).action_confirm()
        self.commit()
        self.assertEqual((filing.register_state, filing.register_since), ('stands', fields.Date.today()))

    def test_not_yet(self):
        self.assertEqual(self.check(pec='vecchia@legalmail.it'), 'other')
        self.assertIn("does not show this PEC yet", self.messages(self.filing))
        self.assertEqual(self.check(pec=None), 'none')
        self.assertEqual(self.check(pec='nuova@legalmail.it'), 'stands')
        self.assertEqual(self.requested('register_pec'), 3)

    def test_it_stood_there_once(self):
        self.assertEqual(self.check(
            pec='altra@legalmail.it', history=[{'pec': 'nuova@legalmail.it', 'timestamp': 1700000000}]), 'was')
        self.assertEqual(str(self.filing.register_since), '2023-11-14')
        self.assertIn("showed this PEC until", self.messages(self.filing))

    def test_an_update_tells_it_as_well(self):
        self.sandbox.keep_companies(as_register(CODE, pec='nuova@legalmail.it'))
        self.update()
        self.assertEqual((self.filing.register_state, self.requested('register_pec')), ('stands', 0))

    def test_what_the_sandbox_invents(self):
        """In production it counts for nothing, and takes the place of nothing that is true."""
        self.check(pec='inventata@legalmail.it')
        self.assertTrue(self.partner.openapi_pec_register_is_sandbox)
        self.assertEqual(self.partner._get_openapi_pec_seen('sandbox')[0], 'inventata@legalmail.it')
        self.assertEqual(self.partner._get_openapi_pec_seen('production'), ('', None, None))
        self.be_real()
        self.sandbox.keep_companies(as_register(CODE, pec='vera@legalmail.it'))
        self.update()
        self.company.openapi_pec_environment = 'sandbox'
        self.check(pec='inventata@legalmail.it')
        self.assertEqual(
            (self.partner.openapi_pec_register_email, self.partner.openapi_pec_register_is_sandbox),
            ('vera@legalmail.it', False))
        self.assertEqual(
            self.partner._get_openapi_pec_seen('sandbox'), self.partner._get_openapi_pec_seen('production'))

    def test_of_the_other_environment(self):
        self.be_real()
        with self.assertRaisesRegex(UserError, "in the other environment.*Nothing was asked or spent"):
            self.filing.with_user(self.manager).action_check_register()

    def test_of_another_code(self):
        """What was filed with one tax code is not told by what the register knows of another."""
        filing = self.create_filing(pec_email='definitiva@legalmail.it')
        self.submit(filing)
        self.sandbox.set_stato('comunicazione_evasa')
        self.run_cron('synchronize')
        self.assertEqual((filing.state, filing.company_fiscal_code), ('completed', CODE))
        self.partner.l10n_it_codice_fiscale = other = self.code_of(1)
        with self.assertRaisesRegex(UserError, "filed with another tax code.*Nothing was asked or spent"):
            filing.with_user(self.manager).action_check_register()
        self.sandbox.keep_companies(as_register(other, pec='definitiva@legalmail.it'))
        self.update()
        self.assertEqual(self.partner.openapi_pec_register_email, 'definitiva@legalmail.it')
        self.assertFalse(filing.register_state)

    def test_the_step_of_a_line(self):
        """What was filed is checked, otherwise the company is looked up; who may not spend gets the contact."""
        self.partner._openapi_pec_follow()
        line = self.env['openapi_pec.position'].search([
            ('partner_id', '=', self.partner.id), ('kind', '=', 'company')])

        def step(user):
            action = line.with_user(user)._open_check()
            return self.env[action['res_model']].browse(action['res_id'])

        self.assertEqual(step(self.manager).communication_ids, self.filing)
        self.assertEqual(step(self.user), self.partner)
        self.filing.environment = 'production'
        question = step(self.manager)
        self.assertEqual((question.partner_ids, question.company_id), (self.partner, line.company_id))
        self.assertFalse(question.communication_ids)

    def test_only_what_the_register_tells(self):
        administrator = self.create_filing(kind='administrator', state='completed', environment='sandbox')
        for filing in (administrator, self.create_filing()):
            with self.assertRaisesRegex(UserError, "Nothing was asked or spent"):
                filing.with_user(self.manager).action_check_register()
        with self.assertRaises(AccessError):
            action = self.filing.with_user(self.user).action_check_register()
            self.env[action['res_model']].with_user(self.user).browse(action['res_id']).action_confirm()

    def test_a_price_nobody_knows_is_typed_once(self):
        self.be_real()
        self.filing.environment = 'production'
        action = self.filing.with_user(self.manager).action_check_register()
        question = self.env[action['res_model']].with_user(self.manager).browse(action['res_id'])
        self.assertTrue(question.is_price_unknown)
        self.assertIn("not known yet", question.price_sentence)
        with self.assertRaisesRegex(UserError, "type what the Openapi console asks"):
            question.action_confirm()
        question.typed_price = 0.03
        question.action_confirm()
        self.commit()
        self.assertEqual(self.env['openapi_pec.price']._get('register_pec'), 0.03)
        look = self.looks.search([('operation', '=', 'register_pec')])
        self.assertEqual((look.state, self.line(look).price, self.line(look).may_be_free), ('done', 0.03, True))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestCount(LookCase):
    """How many companies in Italy have a PEC: free, by a button, believed for a week, never in a compute."""

    def setUp(self):
        super().setUp()
        self.sandbox.forget_company(CODE)
        self.filing = self.create_filing(pec_email='comune@legalmail.it')

    def count(self, filing=None):
        (filing or self.filing).with_user(self.manager).action_count_companies()
        self.commit()

    def codes(self, filing=None):
        self.env.invalidate_all()
        filing = filing or self.filing
        return [finding.code for finding in filing._get_findings()[filing] if finding.code.startswith('pec_counted')]

    def keep(self, count, pec='comune@legalmail.it'):
        self.sandbox.keep_companies(*(as_register(self.code_of(number), pec=pec) for number in range(count)))

    def test_others_have_it(self):
        self.keep(2)
        self.assertEqual((self.codes(), self.requested('register_count')), ([], 0))
        self.count()
        self.assertEqual(self.codes(), ['pec_counted'])
        self.assertEqual(self.filing.findings_level, 'warning', "judged anew for everybody")
        self.assertIn("2", ' '.join(self.filing._get_sentences('warning')[self.filing]))
        line = self.looks.search([('operation', '=', 'register_count')]).sudo().api_call_ids
        self.assertEqual((line.state, line.money, line.spent), ('accepted', 'nothing', 0))

    def test_nobody_has_it(self):
        self.count()
        self.assertEqual(self.codes(), ['pec_counted_none'])

    def test_at_least_so_many(self):
        self.keep(12)
        self.count()
        self.assertIn("at least 10", ' '.join(self.filing._get_sentences('warning')[self.filing]))

    def test_the_companys_own(self):
        """Its own PEC, as the last look at the register has shown it, counts for nobody else."""
        self.keep(1)
        self.partner._openapi_pec_note_register('comune@legalmail.it', fields.Date.today())
        self.count()
        self.assertEqual(self.codes(), ['pec_counted_none'])
        administrator = self.create_filing(kind='administrator', pec_email='comune@legalmail.it')
        self.assertEqual(self.codes(administrator), ['pec_counted'], "a person's PEC may be no company's")

    def test_kept_for_a_week(self):
        self.count()
        with self.assertRaisesRegex(UserError, "counted in the last 7 days"):
            self.count()
        self.assertEqual(self.requested('register_count'), 1)
        self.looks.search([]).looked_at = fields.Datetime.now() - timedelta(days=8)
        self.assertEqual(self.codes(), [])
        self.count()
        self.assertEqual(self.requested('register_count'), 2)

    def test_lost_is_free(self):
        self.be_real()
        self.sandbox.fault(WAYS['register_count'], 'drop_after')
        self.count()
        look = self.looks.search([('operation', '=', 'register_count')])
        self.assertEqual((look.state, self.line(look).money), ('lost', 'nothing'))
        self.assertIn("Counting is free: nothing was spent", look.error_message)

    def test_a_search_instead_of_a_count(self):
        """It was perhaps charged: said so, journalled, and the job counts nothing more."""
        self.be_real()
        self.company.write({'openapi_pec_register_days': 7, 'openapi_pec_register_budget': 1})
        self.sandbox.fault(WAYS['register_count'], 'error_before', status=200, body={
            'success': True, 'message': '', 'error': None, 'data': [{'id': '1'}]})
        self.count()
        look = self.looks.search([('operation', '=', 'register_count')])
        self.assertEqual((look.state, self.line(look).money), ('lost', 'unknown'))
        self.assertIn("perhaps paid", look.error_message)
        self.create_filing(kind='administrator', pec_email='altra@legalmail.it')
        self.run_cron('looks')
        self.run_cron('dispatch')
        self.assertEqual(self.requested('register_count'), 1)
        look.with_user(self.manager).action_ask_again()
        self.commit()
        self.run_cron('looks')
        self.run_cron('dispatch')
        self.assertEqual(self.requested('register_count'), 3, "once again, and the other draft")

    def test_one_is_counted_first(self):
        """Until an answer has shown that counting is free, neither the button nor the job asks about many."""
        self.be_real()
        self.company.write({'openapi_pec_register_days': 7, 'openapi_pec_register_budget': 1})
        filings = self.filing | self.create_filing(pec_email='altra@legalmail.it') | self.create_filing(
            pec_email='terza@legalmail.it')
        self.run_cron('looks')
        counts = [('operation', '=', 'register_count')]
        self.assertEqual(self.looks.search(counts).mapped('state'), ['queued'])
        with self.assertRaisesRegex(UserError, "just being counted"):
            self.count(filings)
        self.run_cron('looks')
        self.assertEqual(len(self.looks.search(counts)), 1)
        self.run_cron('dispatch')  # nobody has it: a search would say so as well
        self.assertEqual(self.looks.search(counts).mapped('state'), ['done'])
        self.sandbox.keep_companies(*(
            as_register(self.code_of(number), pec=filing.pec_email) for number, filing in enumerate(filings)))
        action = filings.with_user(self.manager).action_count_companies()
        self.assertIn("One PEC is counted first", action['params']['message'])
        self.commit()
        self.assertEqual(self.looks.search(counts).mapped('state'), ['done'] * 2)
        self.assertEqual(self.requested('register_count'), 2)
        self.run_cron('looks')
        self.run_cron('dispatch')
        self.assertEqual(self.requested('register_count'), 3, "it is free")

    def test_asked_again_while_the_first_is_counted(self):
        """Nor by asking one again that was refused."""
        self.be_real()
        refused = self.looks.with_user(self.manager)._ask(self.company, [
            {'partner_id': self.partner.id, 'operation': 'register_count', 'asked': 'altra@legalmail.it'}])
        refused._on_call_refused('register_count', "refused")
        self.filing.with_user(self.manager).action_count_companies()
        with self.assertRaisesRegex(UserError, "Nothing was asked or spent"):
            refused.action_ask_again()
        self.assertEqual(refused.state, 'failed')

    def test_any_number_once_it_is_free(self):
        self.be_real()
        self.keep(2)
        self.count()
        filings = self.create_filing(pec_email='altra@legalmail.it') | self.create_filing(
            pec_email='terza@legalmail.it')
        self.assertIsNone(filings.with_user(self.manager).action_count_companies())
        self.assertEqual(self.looks.search_count([('state', '=', 'queued')]), 2)

    def test_what_waits_for_a_doubtful_count_is_closed(self):
        self.be_real()
        counts = self.looks.with_user(self.manager)._ask(self.company, [
            {'partner_id': self.partner.id, 'operation': 'register_count', 'asked': address}
            for address in ('comune@legalmail.it', 'altra@legalmail.it')])
        self.sandbox.fault(WAYS['register_count'], 'error_before', status=200, body={
            'success': True, 'message': '', 'error': None, 'data': [{'id': '1'}]})
        with self.real_transactions():
            counts._dispatch()
        self.assertEqual((counts.mapped('state'), self.requested('register_count')), (['lost', 'failed'], 1))
        self.assertIn("Not asked, nothing was spent", counts[1].error_message)
        self.assertFalse(counts[1].sudo().api_call_ids)
        with self.assertRaisesRegex(UserError, "another count of this account was perhaps paid"):
            self.count()
        for look, state in ((counts[1], 'failed'), (counts[0], 'done'), (counts[1], 'done')):
            look.with_user(self.manager).action_ask_again()
            self.commit()
            self.assertEqual(look.state, state)
        self.assertEqual(self.requested('register_count'), 3)
