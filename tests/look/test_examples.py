"""The vendor's own examples of the paid look-ups, replayed through the real client and shown as people see them."""
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from sandbox_api import specification
from sandbox_api.const import COMPANY_OPERATIONS

from ..common_company import CHECK_ID, ID, LOOK_UP_COMPANY, LOOK_UP_OFFICES, LOOK_UP_PEC, get_example
from ..common_look import LookCase
from ..common_specification import WireMixin

ROWS = {'difference_ids': {'fields': {name: {} for name in ('field', 'here', 'there', 'is_ticked', 'is_takeable')}}}
OFFICERS = [
    ("Luca Scuriatti: Amministratore unico (AUN), registered 09/10/2020", True),
    ("OPEN HOLDING SRL: Socio unico (SOU), registered 12/05/2022", False),
    ("Simone Desantis: Procuratore speciale (PP), registered 10/17/2013", False),
    ("Shaun De Lucia: Procuratore speciale (PP), registered 10/17/2013", False)]


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestExamples(LookCase):
    """``company.openapi.json`` as it is: a list and a dict, a time for a truth value, 302 and what it leads to."""

    def setUp(self):
        super().setUp()
        self.be_real()

    def replay(self, operation, example, status=200, **options):
        """Have the next call answered with an example."""
        self.sandbox.fault(operation, 'error_before', status=status, body=example, **options)

    def shown(self, update):
        """Return what the form of an update gets for its rows."""
        self.env.flush_all()
        [record] = update.with_user(self.user).web_read(ROWS)
        return [
            (row['field'], row['here'] or '', row['there'], row['is_ticked']) for row in record['difference_ids']
            if row['is_takeable']]

    def ask_offices(self):
        [look] = self.looks.with_user(self.manager)._ask(self.company, [{
            'partner_id': self.partner.id, 'operation': 'register_offices',
            'asked': self.partner.l10n_it_codice_fiscale}], self.env['openapi_pec.register_update']._start(
                self.company, self.partner))
        self.run_cron('dispatch')
        return look

    def test_company(self):
        self.replay(LOOK_UP_COMPANY, get_example(LOOK_UP_COMPANY))
        update = self.update()
        self.assertEqual(self.shown(update), [
            ('name', "Falegnameria Prova S.r.l.", "OPENAPI S.P.A.", False),
            ('vat', '', 'IT12485671007', True),
            ('openapi_pec_legal_form', "Società a responsabilità limitata (SR)", "Società per azioni (SP)", False),
            ('openapi_pec_register_state', '', "Active", True),
            ('openapi_pec_rea', '', 'RM-1378273', True),
            ('openapi_pec_registered_on', '', '07/19/2013', True),
            ('street', '', "VIALE F TOMMASO MARINETTI 221", True),
            ('zip', '', '00143', True),
            ('openapi_pec_email', 'prova@legalmail.it', 'openapi@legalmail.it', False)])
        self.assertEqual(self.line(update.look_ids).money, 'unknown', "one of the free ones, or EUR 0.10")
        self.assertEqual(self.partner.openapi_pec_register_email, 'openapi@legalmail.it')
        update.difference_ids.with_user(self.user).action_take_over()
        self.assertEqual((self.partner.name, self.partner.vat), ("OPENAPI S.P.A.", 'IT12485671007'))
        self.replay(LOOK_UP_COMPANY, get_example(LOOK_UP_COMPANY))
        self.assertEqual(self.shown(self.update()), [], "all of it was taken over")

    def test_offices(self):
        self.replay(LOOK_UP_OFFICES, get_example(LOOK_UP_OFFICES, name='synchronous'))
        look = self.ask_offices()
        self.assertEqual(
            self.shown(look.update_id), [('office', '', there, is_ticked) for there, is_ticked in OFFICERS])
        self.assertEqual((look.state, self.line(look).money, self.line(look).spent), ('done', 'paid', 0.2))
        look.update_id.difference_ids.with_user(self.user).action_take_over()
        self.assertEqual(
            {(office.person_id.name, office.person_id.is_company, office.role, str(office.registered_on))
             for office in self.partner.openapi_pec_office_ids}, {
                ("Luca Scuriatti", False, 'AUN', '2020-09-10'), ("OPEN HOLDING SRL", True, 'SOU', '2022-12-05'),
                ("Simone Desantis", False, 'PP', '2013-10-17'), ("Shaun De Lucia", False, 'PP', '2013-10-17')})

    def test_offices_later(self):
        """302, PENDING, and then the data: paid once, and read for free."""
        self.replay(
            LOOK_UP_OFFICES, get_example(LOOK_UP_OFFICES, 302, 'asynchronous'), 302,
            headers={'Retry-After': '7', 'Location': f'https://company.openapi.com/IT-check_id/{ID}'})
        look = self.ask_offices()
        self.assertEqual((look.state, look.request_id), ('waiting', ID))
        self.assertAlmostEqual((look.retry_at - fields.Datetime.now()).total_seconds(), 7, delta=3)
        for example, state in (
                (get_example(CHECK_ID, name='PENDING'), 'waiting'),
                (get_example(LOOK_UP_OFFICES, name='synchronous'), 'done')):
            self.replay(CHECK_ID, example)
            look.retry_at = fields.Datetime.now() - timedelta(seconds=1)
            self.run_cron('looks')
            self.assertEqual(look.state, state)
        self.assertEqual(
            self.shown(look.update_id), [('office', '', there, is_ticked) for there, is_ticked in OFFICERS])
        self.assertEqual((self.requested('register_offices'), self.sandbox.requested(CHECK_ID)), (1, 2))
        self.assertEqual(look.sudo().api_call_ids.mapped('state'), ['accepted'])

    def test_done_without_anybody(self):
        """The example of a request that is done is another call's, and tells no officer: nobody is gone by that."""
        self.env['openapi_pec.office'].create({
            'partner_id': self.partner.id, 'person_id': self.representative.id, 'role': 'AUN'})
        self.replay(LOOK_UP_OFFICES, get_example(LOOK_UP_OFFICES, 302, 'asynchronous'), 302)
        look = self.ask_offices()
        self.replay(CHECK_ID, get_example(CHECK_ID, name='DONE'))
        look.retry_at = fields.Datetime.now() - timedelta(seconds=1)
        self.run_cron('looks')
        self.assertEqual((look.state, len(look.difference_ids)), ('done', 0))

    def test_pec(self):
        """The PEC that is there, the one before it, and one that was never there, each as filed."""
        self.env['openapi_pec.price']._note('register_pec', False, 0.03, "Openapi console")
        for pec, state, since in (
                ('openapi@legalmail.it', 'stands', '2021-06-15'), ('altraviaservizi@legalmail.it', 'was', '2021-06-15'),
                ('prova@legalmail.it', 'other', 'False')):
            with self.subTest(pec=pec):
                filing = self.create_filing(
                    state='completed', environment='production', remote_id=pec, pec_email=pec)
                self.replay(LOOK_UP_PEC, get_example(LOOK_UP_PEC))
                action = filing.with_user(self.manager).action_check_register()
                self.env[action['res_model']].with_user(self.manager).browse(action['res_id']).action_confirm()
                self.commit()
                [shown] = filing.with_user(self.user).web_read({'register_state': {}, 'register_since': {}})
                self.assertEqual((shown['register_state'], str(shown['register_since'])), (state, since))

    def test_no_credit(self):
        """Its codes and words, of each: nothing was spent, and the call waits for a top-up."""
        self.env['openapi_pec.price']._note('register_pec', False, 0.03, "Openapi console")
        for operation, name in (
                ('register_company', LOOK_UP_COMPANY), ('register_offices', LOOK_UP_OFFICES),
                ('register_pec', LOOK_UP_PEC)):
            with self.subTest(operation=operation):
                self.replay(name, get_example(name, 402), 402)
                [look] = self.looks.with_user(self.manager)._ask(self.company, [{
                    'partner_id': self.partner.id, 'operation': operation,
                    'asked': self.partner.l10n_it_codice_fiscale}])
                self.run_cron('dispatch')
                self.assertEqual((look.state, self.line(look).money), ('queued', 'nothing'))
                self.assertFalse(self.company.openapi_pec_credit_at, "of what \"200\" is, nobody knows")
                self.company._openapi_pec_resume()
                look.with_user(self.manager).action_give_up()


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestLookSpecification(WireMixin, LookCase):
    """All that people have the register asked, and what the sandbox answers, is what the specification allows."""
    contract, home = specification.COMPANY, '/company'

    def test_all_that_is_asked(self):
        self.env['openapi_pec.price']._note('register_pec', False, 0.03, "Openapi console")
        self.sandbox.settings(offices_late=1)
        update = self.update(has_offices=True)
        self.run_cron('dispatch')
        self.sandbox.settings(offices_late=0, ahead=60)
        update.look_ids.retry_at = fields.Datetime.now() - timedelta(seconds=1)
        self.run_cron('looks')
        self.assertEqual(update.look_ids.mapped('state'), ['done'] * 2)
        filing = self.create_filing(state='completed', environment='sandbox', remote_id='60d0aa')
        action = filing.with_user(self.manager).action_check_register()
        self.env[action['res_model']].with_user(self.manager).browse(action['res_id']).action_confirm()
        self.commit()
        self.create_filing(pec_email='altra@legalmail.it').with_user(self.manager).action_count_companies()
        self.commit()
        self.assertEqual(set(self.looks.search([]).mapped('state')), {'done'})
        self.assert_wire()
        self.assertEqual({exchange.operation for exchange in self.wire}, set(COMPANY_OPERATIONS))
