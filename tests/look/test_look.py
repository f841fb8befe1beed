"""A look-up in the register is paid once, whatever becomes of its answer."""
import time
from datetime import timedelta

import psycopg2

from odoo import fields
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common_company import CHECK_ID, CODE, COOPERATIVE, ENVELOPE
from ..common_look import WAYS, LookCase, as_register

DISPATCH_LOG = 'odoo.addons.l10n_it_openapi_pec.models.service.call_dispatch'


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestLook(LookCase):
    """One question, what it costs, and what becomes of it."""

    def test_asked_after_the_commit_of_the_click(self):
        self.be_real()
        action = self.question().action_confirm()
        self.assertEqual(self.requested(), 0)
        self.commit()
        look = self.env[action['res_model']].browse(action['res_id']).look_ids
        self.assertEqual((look.state, look.operation, look.asked), ('done', 'register_company', CODE))
        line = self.line(look)
        self.assertEqual(
            (line.operation, line.state, line.user_id, line.price, line.money, line.spent),
            ('register_company', 'accepted', self.manager, 0.1, 'unknown', 0), "one of the free ones of the month")
        self.assertIn("EUR 0.10, or nothing", look.money_sentence)
        self.assertEqual(self.requested(), 1)

    def test_paid_when_no_free_one_is_left(self):
        self.be_real()
        self.env['openapi_pec.price'].search([('operation', '=', 'register_company')]).free_count = 0
        look = self.update().look_ids
        self.assertEqual((self.line(look).money, self.line(look).spent), ('paid', 0.1))
        self.assertIn("Paid: EUR 0.10", look.money_sentence)

    def test_two_clicks_on_one_question(self):
        question = self.question()
        first = question.action_confirm()
        self.commit()
        self.assertEqual(question.action_confirm()['res_id'], first['res_id'])
        self.commit()
        self.assertEqual(self.requested(), 1)

    def test_the_same_is_not_asked_twice_at_a_time(self):
        """By another question, and by the database where both have seen nothing of each other."""
        questions = [self.question(), self.question()]
        questions[0].action_confirm()
        with self.assertRaisesRegex(UserError, "being made already"):
            questions[1].action_confirm()
        wanted = [{'partner_id': self.partner.id, 'operation': 'register_company', 'asked': CODE}]
        self.assertFalse(self.looks._ask(self.company, wanted))
        with self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger('odoo.sql_db'), self.cr.savepoint():
            self.looks.create({
                **wanted[0], 'company_id': self.company.id, 'environment': 'sandbox', 'user_id': self.manager.id,
                'state': 'queued', 'is_open': True})
        self.commit()
        self.assertEqual(self.requested(), 1)

    def test_lost_answers_are_paid_once(self):
        self.be_real()
        self.env['openapi_pec.price']._note('register_pec', False, 0.03, "Openapi console")
        for operation, price in (('register_company', '0.10'), ('register_offices', '0.20'), ('register_pec', '0.03')):
            for fault in ('drop_after', 'truncate', 'drop_before', 'garbage'):
                with self.subTest(operation=operation, fault=fault):
                    self.sandbox.reset()
                    self.sandbox.keep_companies(as_register(CODE))
                    body = {'status': 200, 'body': 'no JSON'} if fault == 'garbage' else {}
                    self.sandbox.fault(WAYS[operation], 'error_before' if body else fault, **body)
                    [look] = self.looks._ask(self.company, [
                        {'partner_id': self.partner.id, 'operation': operation, 'asked': CODE}])
                    self.commit()
                    self.run_cron('dispatch')
                    self.assertEqual((look.state, self.line(look).state), ('lost', 'lost'))
                    self.assertEqual(self.line(look).money, 'unknown')
                    self.assertIn(f"perhaps paid (EUR {price})", look.error_message)
                    self.assertIn("not repeated by itself", look.error_message)
                    for job in ('dispatch', 'looks', 'dispatch'):
                        self.run_cron(job)
                    self.assertEqual(self.requested(operation), 1)
                    self.assertEqual(self.sandbox.executed(WAYS[operation]), int(fault in ('drop_after', 'truncate')))
                    look.with_user(self.manager).action_ask_again()
                    self.commit()
                    self.run_cron('dispatch')
                    self.assertEqual((look.state, self.requested(operation)), ('done', 2), "by one click")
                    self.assertEqual(look.sudo().api_call_ids.mapped('state'), ['accepted', 'lost'])

    def test_ask_again_is_one_click_and_a_new_line(self):
        self.sandbox.fault(WAYS['register_company'], 'drop_after')
        look = self.update().look_ids
        self.assertEqual(look.state, 'lost')
        self.assertIn("In the sandbox nothing is paid", look.error_message)
        look.with_user(self.manager).action_ask_again()
        self.commit()
        self.assertEqual((look.state, self.requested()), ('done', 2))
        self.assertEqual(look.sudo().api_call_ids.mapped('state'), ['accepted', 'lost'])
        with self.assertRaisesRegex(UserError, "nothing was asked or spent again"):
            look.with_user(self.manager).action_ask_again()

    def test_several_are_asked_again_with_a_question(self):
        """It says the price, and asks what each of them asked, with the codes of today."""
        self.be_real()
        companies = self.create_companies(2)
        wanted = [
            (companies[0], 'register_company'), (companies[0], 'register_pec'), (companies[1], 'register_company')]
        looks = self.looks.with_user(self.manager)._ask(self.company, [
            {'partner_id': partner.id, 'operation': operation, 'asked': partner.l10n_it_codice_fiscale}
            for partner, operation in wanted])
        looks.write({'state': 'lost'})
        companies[1].l10n_it_codice_fiscale = self.code_of(7)
        self.env['openapi_pec.price']._note('register_pec', False, 0.03, "Openapi console")
        action = looks.sudo(False).action_ask_again()
        self.assertEqual((looks.mapped('state'), self.requested()), (['lost'] * 3, 0))
        question = self.env[action['res_model']].with_user(self.manager).browse(action['res_id'])
        self.assertEqual((question.look_count, question.company_count), (3, 2))
        self.assertIn("to 0.23, before VAT", question.price_sentence)
        action = question.action_confirm()
        asked = self.env[action['res_model']].browse(action['res_id']).look_ids
        self.assertEqual({(look.partner_id, look.operation) for look in asked}, set(wanted))
        self.assertEqual(asked.filtered(lambda look: look.partner_id == companies[1]).asked, self.code_of(7))
        self.assertEqual(set(asked.mapped('state')), {'queued'})

    def test_another_code_is_not_asked_with_the_old_one(self):
        self.sandbox.fault(WAYS['register_company'], 'drop_after')
        look = self.update().look_ids
        self.partner.l10n_it_codice_fiscale = self.code_of(1)
        with self.assertRaisesRegex(UserError, "has another tax code now than 12485671007"):
            look.with_user(self.manager).action_ask_again()
        self.assertEqual((look.state, self.requested()), ('lost', 1))

    def test_what_was_queued_in_a_copy_is_not_paid_again(self):
        """No list shows whether the other database has asked it: a person asks again, or not."""
        self.be_real()
        look = self.looks.with_user(self.manager)._ask(self.company, [
            {'partner_id': self.partner.id, 'operation': 'register_offices', 'asked': CODE}])
        self.env['openapi_pec.domain']._look_up(self.company, ['example.com'])
        self.cr.postcommit.clear()  # the server ends
        self.env['ir.config_parameter'].set_param('database.uuid', 'a-copy')
        self.env.flush_all()
        self.env.invalidate_all()
        self.env['res.company']._openapi_pec_confirm_home()
        self.run_cron('dispatch')
        asked = self.requested('register_offices') + self.sandbox.requested('GET /domini_pec/{dominio}')
        self.assertEqual((look.state, asked), ('failed', 0))
        self.assertIn("has perhaps asked the same, and paid for it", look.error_message)
        self.assertFalse(look.sudo().api_call_ids)
        look.action_ask_again()
        self.run_cron('dispatch')
        self.assertEqual((look.state, self.requested('register_offices')), ('done', 1))

    def test_a_process_that_died(self):
        look = self.looks.create({
            'partner_id': self.partner.id, 'operation': 'register_company', 'asked': CODE, 'state': 'unconfirmed',
            'is_open': True, 'company_id': self.company.id, 'environment': 'sandbox', 'user_id': self.manager.id})
        line = look._create_line('register_company')
        self.run_cron('looks')
        self.assertEqual((look.state, line.state, look.is_open), ('lost', 'lost', False))
        self.assertIn("the process that asked has ended", look.error_message)
        self.assertEqual(self.requested(), 0)

    def test_not_found_is_perhaps_paid(self):
        self.be_real()
        self.sandbox.forget_company(CODE)
        look = self.update().look_ids
        line = self.line(look)
        self.assertEqual((look.state, line.state, line.money), ('not_found', 'accepted', 'unknown'))
        self.assertIn("Perhaps paid (EUR 0.10)", look.money_sentence)
        self.assertFalse(look.difference_ids)

    def test_several_companies_of_a_vat_group(self):
        """Asked by their common number, nobody knows which one is meant: it was perhaps paid, and nothing is shown."""
        self.be_real()
        self.partner.write({'l10n_it_codice_fiscale': False, 'vat': f'IT{COOPERATIVE}'})
        company = as_register(CODE)
        self.sandbox.fault(WAYS['register_company'], 'error_before', status=200, body={**ENVELOPE, 'data': [
            {**company, 'taxCode': code, 'vatCode': COOPERATIVE} for code in (CODE, '02591680216')]})
        look = self.update().look_ids
        self.assertEqual((look.asked, look.state), (COOPERATIVE, 'lost'))
        self.assertIn("enter the tax code of the one that is meant on the contact", look.error_message)
        self.assertFalse(look.difference_ids)

    def test_another_company_in_the_answer(self):
        self.be_real()
        self.sandbox.fault(WAYS['register_company'], 'error_before', status=200, body={
            **ENVELOPE, 'data': [{'taxCode': COOPERATIVE, 'companyName': "ALTRA"}]})
        look = self.update().look_ids
        self.assertEqual(look.state, 'lost')
        self.assertIn("The service answered with another company", look.error_message)
        self.assertFalse(look.difference_ids)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestLookRefused(LookCase):
    """What certainly cost nothing: refused, without credit, not sent."""

    def test_no_credit_waits_for_a_top_up(self):
        for code in (610, 611):
            with self.subTest(code=code):
                self.sandbox.fault(WAYS['register_company'], 'error_before', status=402, body={
                    'success': False, 'message': "Insufficient Credit in Wallet: needed 200 available 1", 'error': code,
                    'data': None})
                update = self.update()
                look = update.look_ids
                self.assertEqual((look.state, self.line(look).money), ('queued', 'nothing'))
                self.assertEqual((self.company.openapi_pec_pause_reason, update.pause_reason), ('credit', 'credit'))
                self.assertIn("nothing was spent", update.pause_sentence)
                self.assertNotIn("200", update.pause_sentence, "a number of no known unit")
                self.assertEqual(update.activity_ids.user_id, self.manager)
                update.with_user(self.manager).action_go_on()
                self.run_cron('dispatch')
                self.assertEqual((look.state, update.activity_ids), ('done', self.env['mail.activity']))

    def test_no_credit_in_the_vendors_words(self):
        """Its example wants "200" of a call of EUR 0.10: an amount of no known unit is not told as EUR."""
        self.be_real()
        for needed, available, is_told in (('200', '150', False), ('0.1', '0.05', True)):
            with self.subTest(needed=needed):
                self.sandbox.fault(WAYS['register_company'], 'error_before', status=402, body={
                    'success': False, 'error': 610, 'data': None, 'message':
                        f"Billing error message: Insufficient Credit in Wallet: {needed} > {available} code 810"})
                update = self.update()
                self.assertEqual((update.look_ids.state, update.pause_reason), ('queued', 'credit'))
                self.assertEqual(bool(self.company.openapi_pec_credit_at), is_told)
                self.assertEqual("it held EUR 0.05" in update.pause_sentence, is_told)
                self.assertNotIn("150", update.pause_sentence)
                update.with_user(self.manager).action_go_on()
                self.run_cron('dispatch')
                self.assertEqual(update.look_ids.state, 'done')

    def test_a_token_without_the_scope_pauses_nothing(self):
        self.sandbox.fault(WAYS['register_company'], 'error_before', status=403, body={
            'success': False, 'message': "Forbidden", 'error': None, 'data': None})
        look = self.update().look_ids
        self.assertEqual((look.state, self.company.openapi_pec_pause_reason), ('failed', False))
        self.assertIn("GET:test.company.openapi.com/IT-advanced", look.error_message)
        self.assertIn("nothing was spent", look.error_message)

    def test_refused_code(self):
        self.sandbox.fault(WAYS['register_company'], 'error_before', status=406, body={
            'success': False, 'message': "Invalid", 'error': 304, 'data': None})
        look = self.update().look_ids
        self.assertEqual((look.state, self.line(look).state), ('failed', 'refused'))
        self.assertIn("Correct it on the contact", look.error_message)

    def test_what_an_earlier_call_may_have_cost_stays_said(self):
        """Whatever becomes of the next ones: refused, not sent, lost, answered."""
        self.be_real()
        self.env['openapi_pec.price'].search([('operation', '=', 'register_company')]).free_count = 0
        refused = {'status': 406, 'body': {'success': False, 'message': "Invalid", 'error': 304, 'data': None}}
        busy = {'status': 429, 'headers': {'Retry-After': '1'}, 'body': {}}
        self.sandbox.fault(WAYS['register_company'], 'drop_after')
        look = self.update().look_ids
        for fault, options, state, price, earlier in (
                ('error_before', refused, 'failed', 0.1, "paid as well (EUR 0.10)"),
                ('drop_after', {}, 'lost', 0.2, "paid as well (EUR 0.10)"),
                ('error_before', busy, 'queued', 0.2, "paid as well (EUR 0.20)")):
            with self.subTest(fault=fault, state=state):
                self.sandbox.fault(WAYS['register_company'], fault, **options)
                look.with_user(self.manager).action_ask_again()
                self.commit()
                self.assertEqual((look.state, round(look.price, 2)), (state, price))
                self.assertIn(earlier, look.error_message)
                self.assertIn(earlier, look.money_sentence)
        look.retry_at = fields.Datetime.now() - timedelta(seconds=1)
        self.run_cron('dispatch')
        self.assertEqual((look.state, round(look.price, 2)), ('done', 0.3))
        self.assertIn("Paid: EUR 0.10. What was asked before", look.money_sentence)
        self.assertIn("paid as well (EUR 0.20)", look.money_sentence)

    def test_throttled_goes_on_by_itself_and_filings_too(self):
        self.sandbox.fault(WAYS['register_company'], 'error_before', status=429, headers={'Retry-After': '1'}, body={})
        look = self.update().look_ids
        self.assertEqual((look.state, self.company.openapi_pec_pause_reason), ('queued', False))
        look.retry_at = fields.Datetime.now() - timedelta(seconds=1)
        self.run_cron('dispatch')
        self.assertEqual((look.state, self.requested()), ('done', 2))

    def test_throttled_without_a_pause(self):
        self.sandbox.fault(WAYS['register_company'], 'error_before', status=429, headers={'Retry-After': '0'}, body={})
        look = self.update().look_ids
        self.assertGreater(look.retry_at, fields.Datetime.now() + timedelta(seconds=2))

    def test_not_reached(self):
        self.env['ir.config_parameter'].set_param('l10n_it_openapi_pec.company_base_url', 'http://127.0.0.1:9')
        with mute_logger(DISPATCH_LOG):
            look = self.update().look_ids
        self.assertEqual((look.state, self.line(look).state), ('queued', 'not_sent'))
        self.assertIn("Not sent, nothing was spent", look.error_message)

    def test_copies_and_the_sandbox_reach_no_live_host(self):
        parameters = self.env['ir.config_parameter']
        parameters.set_param('l10n_it_openapi_pec.company_base_url', 'https://company.openapi.com')
        with self.assertRaisesRegex(RedirectWarning, "production one, and the company's environment is the sandbox"):
            self.question().action_confirm()
        self.be_real()
        parameters.set_param('database.is_neutralized', True)
        with self.assertRaisesRegex(RedirectWarning, "neutralised copy"):
            self.question().action_confirm()
        self.assertFalse(self.looks.search([]))

    def test_who_may(self):
        for user in (self.user, self.outsider):
            with self.assertRaises(AccessError):
                self.question(user=user)
        other = self.env['res.company'].create({'name': "Altra S.r.l."})
        with self.assertRaisesRegex(AccessError, "do not work in that company"):
            self.question(company_id=other.id)
        update = self.update()
        with self.assertRaises(AccessError):
            update.look_ids.with_user(self.user).action_ask_again()
        with self.assertRaises(AccessError):
            update.look_ids.with_user(self.manager).state = 'done'
        with self.assertRaises(AccessError):
            update.look_ids.with_user(self.manager).read(['told'])
        with self.assertRaises(AccessError):
            update.difference_ids[:1].with_user(self.manager).write({'state': 'taken'})


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestLookLater(LookCase):
    """What the service answers later is read, and never asked again."""

    def ask(self, seconds=2):
        self.be_real()
        self.sandbox.settings(offices_late=seconds)
        self.update(has_offices=True)
        look = self.looks.search([('operation', '=', 'register_offices')])
        self.assertEqual((look.state, self.requested('register_offices')), ('queued', 0), "left to the job")
        self.run_cron('dispatch')
        return look

    def read_later(self, look):
        look.retry_at = fields.Datetime.now() - timedelta(seconds=1)
        self.run_cron('looks')

    def test_read_when_it_is_there(self):
        look = self.ask()
        line = self.line(look)
        self.assertEqual((look.state, line.state, line.remote_id), ('waiting', 'pending', look.request_id))
        self.assertIn("answers later", look.error_message)
        self.read_later(look)
        self.assertEqual(look.state, 'waiting')
        self.run_cron('looks')  # not due yet
        self.assertEqual(self.sandbox.requested(CHECK_ID), 1)
        self.sandbox.settings(offices_late=0)
        time.sleep(2.1)  # until the service has the answer
        self.read_later(look)
        self.assertEqual((look.state, line.state, line.money, line.price), ('done', 'accepted', 'paid', 0.2))
        self.assertEqual(self.requested('register_offices'), 1)

    def test_the_longer_it_takes_the_less_often_it_is_read(self):
        """And not for ever: what is not answered in a week is perhaps paid, and may be asked again."""
        look = self.ask(seconds=3600)
        line = self.line(look)
        line.started_at = fields.Datetime.now() - timedelta(days=1)
        self.read_later(look)
        self.assertEqual(look.state, 'waiting')
        self.assertGreater(look.retry_at, fields.Datetime.now() + timedelta(hours=2))
        line.started_at = fields.Datetime.now() - timedelta(days=8)
        self.read_later(look)
        self.assertEqual((look.state, line.state, look.is_open), ('lost', 'lost', False))
        self.assertIn("not answered in 7 days): perhaps paid (EUR 0.20)", look.error_message)
        self.assertEqual(self.requested('register_offices'), 1)

    def test_odd_wishes_to_wait(self):
        """Whatever the service wishes, it is not asked without a pause, nor left for days."""
        self.be_real()
        for number, (wish, least, most) in enumerate((
                ('0', 1, 60), ('-5', 20, 60), ('99999999999', 3500, 3700), ('soon', 20, 60), (None, 20, 60))):
            self.sandbox.fault(WAYS['register_offices'], 'error_before', status=302, body={
                **ENVELOPE, 'data': {'state': 'PENDING', 'id': f'{number:024}'}},
                headers={'Retry-After': wish} if wish else {})
            with self.subTest(wish=wish):
                [look] = self.looks._ask(self.company, [
                    {'partner_id': self.partner.id, 'operation': 'register_offices', 'asked': self.code_of(number)}])
                self.run_cron('dispatch')
                self.assertEqual(look.state, 'waiting')
                seconds = (look.retry_at - fields.Datetime.now()).total_seconds()
                self.assertTrue(least <= seconds <= most, seconds)

    def test_gone_is_perhaps_paid(self):
        look = self.ask()
        self.sandbox.fault(CHECK_ID, 'error_before', status=404, body={
            'success': False, 'message': "not found", 'error': 244, 'data': None})
        self.read_later(look)
        self.assertEqual((look.state, self.line(look).state), ('lost', 'lost'))
        self.assertIn("perhaps paid (EUR 0.20)", look.error_message)

    def test_a_stray_refusal_of_a_reading_is_no_answer(self):
        """What was paid is given up only for what the specification documents for it."""
        look = self.ask()
        strays = ((404, None), (404, 332), (400, 207), (406, 208), (410, 244))
        for number, (status, code) in enumerate(strays, 1):
            self.sandbox.fault(CHECK_ID, 'error_before', status=status, body={
                'success': False, 'message': "stray", 'error': code, 'data': None})
            self.read_later(look)
            self.assertEqual((look.state, look.retry_count), ('waiting', number))
        self.sandbox.fault(CHECK_ID, 'error_before', status=406, body={
            'success': False, 'message': "wrong id", 'error': 243, 'data': None})
        self.read_later(look)
        self.assertEqual(look.state, 'lost')

    def test_a_reading_that_fails_is_repeated(self):
        look = self.ask()
        for number, fault in enumerate(('drop_before', 'drop_after'), 1):
            self.sandbox.fault(CHECK_ID, fault)
            self.read_later(look)
            self.assertEqual((look.state, look.retry_count), ('waiting', number))
            self.assertGreater(look.retry_at, fields.Datetime.now())
        self.assertEqual(self.requested('register_offices'), 1)
        self.line(look).started_at = fields.Datetime.now() - timedelta(days=8)
        self.sandbox.fault(CHECK_ID, 'drop_before')
        self.read_later(look)
        self.assertEqual(look.state, 'lost')
