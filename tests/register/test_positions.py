"""How followed companies stand: from what is kept of them to the line, and to its next step."""
from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.register.steps import STEP_METHODS
from odoo.addons.l10n_it_openapi_pec.tools.italy import legal_form
from odoo.addons.l10n_it_openapi_pec.tools.obligation import position, rules

from ..common_register import TODAY, RegisterCase, date

CHECK, CONFIRM = ('to_confirm', 'not_proved', 'check_register'), ('to_confirm', 'not_proved', 'confirm_or_file')
ORDER = ('in_order', '', '')
ADDRESS, PERSONAL = 'prova@legalmail.it', 'mario.rossi@legalmail.it'


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestPositions(RegisterCase):

    # ------------------------------------------------------------ all codes have words

    def test_words(self):
        fields = self.positions._fields
        labels = {name: dict(fields[name]._description_selection(self.env)) for name in ('state', 'reason', 'step')}
        self.assertEqual(set(labels['state']), set(position.STATES))
        steps = {*position.STEPS.values(), *position.FILING_STEPS.values(), 'wait', 'take_over', 'compare'} - {''}
        self.assertEqual(set(labels['step']), steps)
        self.assertEqual(set(STEP_METHODS), steps)
        for method in STEP_METHODS.values():
            self.assertTrue(hasattr(self.positions, method), method)
        reasons = {row.reason for row in rules.read_shipped().answers} - {''}
        self.assertLessEqual(reasons, set(const.position.RULE_REASONS))
        self.assertLessEqual(position.NOT_PECS | position.DOUBTS | position.DUE_REASONS, set(labels['reason']))
        self.assertTrue(all(words for table in labels.values() for words in table.values()))
        self.assertEqual(set(const.position.COMPANY_STATES), {
            row.code for row in rules.read_shipped().answers if row.about == 'state'})
        self.assertLessEqual({row.code for row in rules.read_shipped().answers if row.about == 'form'} - {''}, set(
            legal_form.forms()))

    # ------------------------------------------------------------ a company's own PEC

    def test_two_lines(self):
        lines = self.positions.search([('partner_id', '=', self.partner.id)])
        self.assertEqual(set(lines.mapped('kind')), {'company', 'administrator'})
        self.assertEqual((self.stands(), self.stands('administrator')), (CHECK, CONFIRM))
        self.assertEqual(self.line('administrator').person_id, self.representative)
        self.assertEqual(self.line('administrator').due_on, date(2025, 12, 31))
        self.assertTrue(self.line('administrator').is_late)

    def test_what_a_contact_says(self):
        self.partner.openapi_pec_email = False
        self.assertEqual(self.stands(), ('missing', 'no_pec', 'get_pec'))
        line = self.line()
        self.assertEqual(
            (line.fine_least, line.fine_most, line.fine_reduced, line.fine_reduced_days), (206, 2064, 412, 60))
        self.partner.openapi_pec_email = 'prova@gmail.com'
        self.assertEqual(self.stands(), ('not_pec', 'address_consumer', 'get_pec'))
        self.partner.openapi_pec_email = 'prova@@'
        self.assertEqual(self.stands(), ('not_pec', 'address_form', 'get_pec'))
        self.partner.write({'openapi_pec_email': ADDRESS, 'openapi_pec_legal_form': 'AC'})
        self.assertEqual(self.stands(), ('exempt', 'not_enterprise', ''))
        self.partner.openapi_pec_legal_form = 'SN'
        self.assertEqual((self.stands(), self.stands('administrator')), (CHECK, ('exempt', 'partnership', '')))
        self.partner.openapi_pec_legal_state = 'failed'
        self.assertEqual(self.stands(), ('to_decide', 'failed', 'decide'))
        self.partner.openapi_pec_register_state = 'ceased'
        self.assertEqual(self.stands(), ('exempt', 'ceased', ''))

    def test_what_the_register_shows(self):
        for values, expected in (
                ({'seen_on': TODAY}, ('missing', 'not_in_register', 'file')),
                ({'seen_on': TODAY, 'email': 'altra@legalmail.it'}, ('to_confirm', 'register_differs', 'compare')),
                ({'seen_on': TODAY, 'email': ADDRESS}, ORDER)):
            self.partner.sudo().write({f'openapi_pec_register_{name}': value for name, value in values.items()})
            self.assertEqual(self.stands(), expected)

    def test_filings_and_outcomes(self):
        filing = self.create_filing(state='code_requested', environment='sandbox', pec_email=ADDRESS)
        self.assertEqual(self.stands(), ('under_way', 'not_proved', 'wait'))
        filing.sudo()._on_state_entered('awaiting_documents')
        self.assertEqual(self.stands(), ('under_way', 'not_proved', 'sign'))
        filing.sudo().write({'completed_at': '2026-11-20 10:00:00'})
        filing.sudo()._on_state_entered('completed')
        self.assertEqual(self.stands(), ('to_confirm', 'outcome_missing', 'check_register'))
        filing.chamber_outcome = 'sospesa'
        self.assertEqual(self.stands(), ('under_way', 'not_proved', 'answer_chamber'))
        filing.write({'chamber_outcome': 'evasa', 'chamber_date': '2026-11-25'})
        self.assertEqual(self.stands(), ORDER)
        filing.chamber_outcome = 'respinta'
        self.assertEqual(self.stands(), CHECK)
        self.file('administrator', 'evasa')
        self.assertEqual((self.stands(), self.stands('administrator')), (CHECK, ORDER))
        self.file(outcome='evasa', pec_email='nuova@legalmail.it')
        self.assertEqual(self.stands(), CHECK, "another address stands there")

    def test_a_filing_of_the_other_environment_proves_nothing(self):
        filing = self.file(outcome='evasa')
        self.assertEqual(self.stands(), ORDER)
        self.company.openapi_pec_environment = 'production'
        self.run_cron('positions')
        self.assertEqual(self.stands(), CHECK)
        filing.sudo().environment = 'production'
        self.assertEqual(self.stands(), ORDER)

    def test_a_person_confirms(self):
        lines = self.line() + self.line('administrator')
        lines.with_user(self.user).action_confirm()
        self.assertEqual((self.stands(), self.stands('administrator')), (ORDER, ORDER))
        self.assertIn(f"Bruno Bianchi says that {ADDRESS} stands", self.messages(self.partner))
        self.assertEqual(self.office.confirmed_by_id, self.user)
        self.partner.openapi_pec_email = 'nuova@legalmail.it'
        self.assertEqual(self.stands(), CHECK, "it was said of the other address")
        self.partner.openapi_pec_email = ADDRESS
        self.assertEqual(self.stands(), ORDER)
        self.partner.openapi_pec_email = False
        with self.assertRaises(UserError):
            self.line().with_user(self.user).action_confirm()

    def test_a_mailbox(self):
        self.file(outcome='evasa')
        mailbox = self.create_mailbox(address=ADDRESS, state='active', environment='sandbox', expires_on='2027-11-01')
        self.assertEqual(self.stands(), ORDER)
        mailbox.expires_on = date(2026, 12, 20)
        self.assertEqual(self.stands(), ('mailbox_expiring', '', 'renew_mailbox'))
        self.assertEqual(self.line().due_on, date(2026, 12, 20))
        mailbox.auto_renew = True
        self.assertEqual(self.stands(), ORDER)
        mailbox.state = 'revoked'
        self.assertEqual(self.stands(), ('not_pec', 'mailbox_revoked', 'get_pec'))

    def test_a_domain(self):
        self.partner.openapi_pec_email = 'prova@example.com'
        self.assertEqual(self.stands(), ('to_confirm', 'unknown', 'check_register'))
        domain = self.env['openapi_pec.domain'].sudo().create({
            'name': 'example.com', 'company_id': self.company.id, 'user_id': self.manager.id,
            'environment': 'sandbox', 'state': 'not_certified', 'answered_at': '2026-11-27 08:00:00'})
        self.assertEqual(self.stands(), ('not_pec', 'domain_not_certified', 'get_pec'))
        domain.state = 'certified'
        self.assertEqual(self.stands(), CHECK)

    def test_a_notice(self):
        self.file(outcome='evasa')
        notice = self.env['openapi_pec.notice'].with_user(self.user).create({
            'partner_id': self.partner.id, 'chamber': 'ca', 'published_on': '2026-11-20'})
        self.assertEqual(self.stands(), ('irregular', 'notice', 'get_pec'))
        self.assertEqual((notice.chamber, self.line().due_on), ('CA', date(2027, 1, 4)))
        notice.action_settle()
        self.assertEqual(self.stands(), ORDER)

    def test_a_notice_stays_answered(self):
        """What was filed since answers it, and goes on to when the chamber accepts it; a person's word does not."""
        self.env['openapi_pec.notice'].create({'partner_id': self.partner.id, 'published_on': '2026-10-01'})
        self.line().with_user(self.user).action_confirm()
        self.assertEqual(self.stands()[0], 'irregular')
        filing = self.file()
        self.assertEqual(self.stands(), ORDER)
        filing.write({'chamber_outcome': 'evasa', 'chamber_date': '2026-10-12'})
        self.assertEqual(self.stands(), ORDER)

    # ------------------------------------------------------------ who has the same address

    def test_another_company_has_it(self):
        other = self.create_companies(1)
        other._openapi_pec_follow()
        other.openapi_pec_email = ADDRESS
        for partner in (self.partner, other):
            self.assertEqual(self.stands(partner=partner), ('duplicate', 'pec_of_company', 'get_pec'))
        self.assertEqual(self.line().with_user(self.user).others, other.display_name)
        self.file(outcome='evasa')
        self.assertEqual(self.stands(), ORDER, "it stands in the register, and the other's does not")
        self.assertEqual(self.stands(partner=other)[0], 'duplicate')
        other.openapi_pec_email = 'altra@legalmail.it'
        self.assertEqual(self.stands(partner=other), CHECK)

    def test_a_sole_trader_has_it(self):
        """Who is named, as it is judged; and when his enterprise has ceased, the PEC is free."""
        trader = self.env['res.partner'].create({
            'name': "Anna Bianchi", 'l10n_it_codice_fiscale': 'BNCNNA85T50F205O', 'openapi_pec_email': ADDRESS,
            'openapi_pec_legal_form': 'DI'})
        self.assertEqual(self.stands(), ('duplicate', 'pec_of_company', 'get_pec'))
        self.assertEqual(self.line().with_user(self.user).others, trader.display_name)
        trader.openapi_pec_register_state = 'ceased'
        self.assertEqual(self.stands(), CHECK)

    def test_the_administrator_has_the_companys(self):
        self.representative.openapi_pec_email = ADDRESS
        self.assertEqual(self.stands('administrator'), ('duplicate', 'pec_of_own_company', 'get_pec'))
        self.assertIn(self.partner.name, self.line('administrator').with_user(self.user).others)
        self.partner.openapi_pec_email = 'nuova@legalmail.it'
        self.assertEqual(self.stands('administrator'), CONFIRM)

    def test_the_same_company_twice_is_one(self):
        twin = self.partner.copy({'name': "Falegnameria Prova", 'openapi_pec_email': ADDRESS})
        twin.l10n_it_codice_fiscale = self.partner.l10n_it_codice_fiscale
        twin._openapi_pec_follow()
        self.assertEqual((self.stands(), self.stands(partner=twin)), (CHECK, CHECK))
        branch = self.partner.create({'name': "Sede di Ostia", 'parent_id': self.partner.id, 'is_company': True,
                                      'openapi_pec_email': ADDRESS})
        branch.openapi_pec_legal_form = False
        self.assertEqual(self.stands(), CHECK)

    def test_what_one_may_not_see_is_not_named(self):
        other_company = self.env['res.company'].create({'name': "Altra S.r.l."})
        hidden = self.create_companies(1)
        hidden.write({'company_id': other_company.id, 'openapi_pec_email': ADDRESS})
        self.assertEqual(self.stands(), CHECK, "judged with the rights of the company alone")
        hidden.company_id = False
        self.assertEqual(self.stands()[0], 'duplicate')

    # ------------------------------------------------------------ offices

    def test_order_of_offices(self):
        other = self.env['res.partner'].create({
            'name': "Anna Bianchi", 'l10n_it_codice_fiscale': 'BNCNNA85T50F205O', 'parent_id': self.partner.id,
            'openapi_pec_email': 'anna@legalmail.it'})
        self.office.role = 'PCA'
        second = self.create_office(person=other, role='COD')
        self.assertEqual(self.stands('administrator'), CONFIRM)
        self.assertEqual(self.line('administrator').person_id, other)
        second.action_end()
        self.assertEqual(self.stands('administrator'), CONFIRM)
        self.assertEqual(self.line('administrator').person_id, self.representative)
        third = self.create_office(person=other, role='PCA')
        self.assertEqual(self.stands('administrator'), ('to_decide', 'several_in_office', 'end_office'))
        line = self.line('administrator')
        self.assertEqual(line.candidate_ids, self.office + third)
        line.with_user(self.user).chosen_id = other
        self.assertEqual((self.stands('administrator'), line.person_id), (CONFIRM, other))

    def test_an_office_ends(self):
        self.file('administrator', 'evasa')
        self.office.until = date(2027, 1, 10)
        self.assertEqual(self.stands('administrator'), ('office_ending', '', 'renew_office'))
        self.office.person_id.is_company = True
        self.assertEqual(self.stands('administrator'), ('to_decide', 'legal_person', 'decide'))

    # ------------------------------------------------------------ decisions

    def test_a_person_decides(self):
        self.partner.openapi_pec_legal_form = 'SV'
        line = self.line()
        self.assertEqual(self.stands(), ('to_decide', 'form_unsaid', 'decide'))
        with self.assertRaises(UserError):
            line.with_user(self.user).decision = 'yes'
        line.with_user(self.user).write({'decision': 'yes', 'decision_reason': "The chamber of Roma says so"})
        self.assertEqual(self.stands(), CHECK)
        self.assertEqual((line.decided_by_id, line.decided_on), (self.user, TODAY))
        line.with_user(self.user).write({'decision': 'no', 'decision_reason': "The chamber has corrected itself"})
        self.assertEqual(self.stands(), ('exempt', 'decided', ''))
        line.decision = False
        self.assertFalse(line.decision_reason or line.decided_by_id)

    def test_nobody_writes_what_follows(self):
        line = self.line()
        for values in ({'state': 'in_order'}, {'due_on': TODAY}, {'partner_id': self.representative.id},
                       {'again_on': TODAY}, {'decided_by_id': self.user.id}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                line.with_user(self.manager).write(values)
        for user in (self.user, self.manager):
            with self.assertRaises(AccessError):
                self.positions.with_user(user).create({'partner_id': self.representative.id, 'kind': 'company'})
            with self.assertRaises(AccessError):
                line.with_user(user).unlink()
        line.with_user(self.user).user_id = self.user
        with self.assertRaises(AccessError):
            line.with_user(self.outsider).read(['state'])

    # ------------------------------------------------------------ the next step

    def test_each_step_opens_something(self):
        line = self.line('administrator')
        for step in const.position.STEPS:
            with self.subTest(step=step):
                self.env.flush_all()
                self.env.cr.execute("UPDATE openapi_pec_position SET step = %s WHERE id = %s", [step, line.id])
                line.invalidate_recordset()
                action = line.with_user(self.manager).action_step()
                self.assertEqual(action['type'], 'ir.actions.act_window')

    def test_a_filing_is_filled_in(self):
        line = self.line('administrator').with_user(self.user)
        filing = self.env['openapi_pec.communication'].browse(line.action_file()['res_id'])
        self.assertEqual(
            (filing.kind, filing.partner_id, filing.representative_id, filing.pec_email, filing.state),
            ('administrator', self.partner, self.representative, PERSONAL, 'draft'))
        self.assertEqual(line.action_file()['res_id'], filing.id)
        own = self.env['openapi_pec.communication'].browse(self.line().with_user(self.user).action_file()['res_id'])
        self.assertEqual((own.kind, own.pec_email), ('company', ADDRESS))
        self.assertEqual(self.line().last_filing_id, own)

    def test_a_multi_company_line(self):
        """Each company of Odoo follows for itself, and what it has filed counts for it alone."""
        other = self.env['res.company'].create({'name': "Altra S.r.l."})
        colleague = new_test_user(
            self.env, 'pec_colleague', 'base.group_user,l10n_it_openapi_pec.group_user', company_id=other.id,
            company_ids=[Command.set(other.ids)])
        self.file(outcome='evasa')
        self.partner.with_user(colleague).with_company(other)._openapi_pec_follow()
        lines = self.positions.with_user(colleague).search([])
        self.assertEqual((len(lines), lines.company_id), (2, other))
        own = lines.filtered(lambda line: line.kind == 'company')
        self.assertEqual((own.state, own.user_id), ('to_confirm', colleague))
        self.assertEqual(self.stands(), ORDER)
