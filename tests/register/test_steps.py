"""From a line of the register of positions to a filing, from many to a multiple filing, and to a mailbox."""
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common_register import TODAY, RegisterCase

PERSONAL = 'mario.rossi@legalmail.it'


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestFromLineToFiling(RegisterCase):

    def follow(self, count):
        """Follow so many companies, each with a sole administrator who has a PEC of her own."""
        companies = self.create_companies(count)
        for number, person in enumerate(companies.child_ids):
            person.openapi_pec_email = f'amministratore{number}@legalmail.it'
        self.env['openapi_pec.office'].create([
            {'partner_id': company.id, 'person_id': company.child_ids.id, 'role': 'AUN', 'since': '2024-01-01'}
            for company in companies])
        lines = companies._openapi_pec_follow()
        self.env.flush_all()
        self.env.invalidate_all()
        return companies, lines

    def ask(self, lines):
        action = lines.with_user(self.user).action_ask()
        self.assertEqual(action['res_model'], 'openapi_pec.communicate')
        return self.env['openapi_pec.communicate'].with_user(self.user).browse(action['res_id'])

    def confirm(self, question):
        """Answer the question, and return the filings of its batch."""
        action = question.action_confirm()
        return self.env['openapi_pec.batch'].browse(action['context']['openapi_pec_batch_id']).communication_ids

    def renew(self, until='2026-11-01'):
        """Have the office of the administrator renewed, whose PEC stands in the register since the term before."""
        filed = self.file('administrator', 'evasa')
        self.office.until = until
        self.env.flush_all()
        self.line('administrator').office_id.action_renew()
        return filed

    # ------------------------------------------------------------ a multiple filing

    def test_many_lines_become_one_batch(self):
        companies, lines = self.follow(3)
        companies[0].openapi_pec_email = False
        question = self.ask(lines)
        self.assertEqual(
            (question.company_count, question.filing_count, question.blank_count, question.left_out), (3, 6, 1, False))
        filings = self.confirm(question)
        self.assertEqual(
            {(filing.partner_id, filing.kind, filing.pec_email) for filing in filings},
            {(line.partner_id, line.kind, line.address) for line in lines})
        own = filings.filtered(lambda filing: filing.kind == 'administrator')
        self.assertEqual(own.representative_id, companies.child_ids)
        again = self.ask(lines)
        self.assertEqual((again.filing_count, again.placed_count), (0, 6), "nothing is made twice")

    def test_what_is_not_due_is_left_out(self):
        companies, lines = self.follow(5)
        companies[0].openapi_pec_legal_form = 'AC'
        companies[1].openapi_pec_legal_form = 'SV'
        self.create_filing(
            partner_id=companies[2].id, state='code_requested', environment='sandbox', pec_email='x@legalmail.it')
        companies[3]._openapi_pec_note_register(companies[3].openapi_pec_email, TODAY)
        self.file(partner_id=companies[4].id, pec_email=companies[4].openapi_pec_email)
        own = lines.filtered(lambda line: line.kind == 'company')
        question = self.ask(own)
        self.assertEqual(question.filing_count, 0)
        for sentence in (
                "under way already are left out: 1.", "in order are left out: 1.", "decided first, are left out: 2.",
                "with the same PEC, are left out: 1."):
            self.assertIn(sentence, question.left_out)
        with self.assertRaisesRegex(UserError, "For none of these lines is a filing meant. Nothing was made."):
            question.action_confirm()

    def test_queries(self):
        counts = []
        for lines in (self.follow(4)[1], self.follow(34)[1][8:]):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(self.ask(lines).filing_count, len(lines))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)

    def test_who_may_ask(self):
        lines = self.follow(2)[1]
        with self.assertRaises(AccessError):
            lines.with_user(self.outsider).action_ask()
        self.env['openapi_pec.communicate'].with_user(self.user).create({'position_ids': lines.ids})
        elsewhere = self.env['res.company'].create({'name': "Altra S.r.l."})
        lines.sudo().company_id = elsewhere
        with self.assertRaises(AccessError):
            self.env['openapi_pec.communicate'].with_user(self.user).create({'position_ids': lines.ids})

    # ------------------------------------------------------------ one line

    def test_one_line_is_not_asked_about(self):
        action = self.line('administrator').with_user(self.user).action_ask()
        filing = self.env['openapi_pec.communication'].browse(action['res_id'])
        self.assertEqual(
            (filing.kind, filing.representative_id, filing.pec_email, filing.state),
            ('administrator', self.representative, PERSONAL, 'draft'))
        filing.sudo().write({'state': 'code_requested', 'environment': 'sandbox'})
        self.env.flush_all()
        self.assertEqual(self.line('administrator').with_user(self.user).action_ask()['res_id'], filing.id)

    def test_one_line_that_is_in_order_makes_nothing_by_itself(self):
        self.file('company', 'evasa')
        line = self.line('company')
        self.assertEqual(line.state, 'in_order')
        before = self.env['openapi_pec.communication'].search_count([])
        action = line.with_user(self.user).action_ask()
        self.assertEqual(action['res_model'], 'openapi_pec.communicate')
        self.assertEqual(self.env['openapi_pec.communication'].search_count([]), before)
        question = self.env['openapi_pec.communicate'].browse(action['res_id'])
        self.assertIn("in order", question.left_out)

    def test_a_renewed_office_becomes_a_renewal(self):
        filed = self.renew()
        self.assertEqual(self.stands('administrator'), ('to_confirm', 'term_renewed', 'file'))
        line = self.line('administrator').with_user(self.user)
        renewal = self.env['openapi_pec.communication'].browse(line.action_step()['res_id'])
        self.assertEqual(
            (renewal.renews_id, renewal.pec_email, renewal.representative_id, renewal.state),
            (filed, PERSONAL, self.representative, 'draft'))
        self.assertEqual(line.action_step()['res_id'], renewal.id)

    def test_a_term_that_has_not_begun_waits(self):
        """What would be communicated before its first day would have to be paid again: nobody is led to that."""
        self.renew('2026-12-10')
        self.assertEqual(self.stands('administrator'), ('to_confirm', 'term_renewed', 'wait'))
        action = self.line('administrator').with_user(self.user).action_ask()
        question = self.env['openapi_pec.communicate'].browse(action['res_id'])
        self.assertEqual((action['res_model'], question.filing_count), ('openapi_pec.communicate', 0))
        self.assertIn("have not begun", question.left_out)

    def test_a_trial_is_no_filing_of_the_term_before(self):
        self.renew().environment = 'production'
        self.assertFalse(self.line('administrator')._find_renewed())

    def test_renewals_are_in_a_multiple_filing_too(self):
        filed = self.renew()
        self.env.flush_all()
        question = self.ask(self.line('administrator') + self.line())
        self.assertEqual((question.filing_count, question.left_out), (2, False))
        filings = self.confirm(question)
        self.assertEqual(filings.renews_id, filed)
        again = self.ask(self.line('administrator') + self.line())
        self.assertEqual((again.filing_count, again.placed_count), (0, 2))

    # ------------------------------------------------------------ a mailbox

    def test_a_missing_pec_becomes_a_purchase(self):
        self.partner.openapi_pec_email = self.representative.openapi_pec_email = False
        self.assertEqual(self.stands('administrator'), ('missing', 'no_pec', 'get_pec'))
        for kind, holder in (('company', self.partner), ('administrator', self.representative)):
            action = self.line(kind).with_user(self.user).action_step()
            self.assertEqual(action['res_model'], 'openapi_pec.mailbox.purchase')
            wizard = self.env[action['res_model']].with_user(self.user).with_context(**action['context']).create(
                {'local_part': f'nuova.{kind}'})
            self.assertEqual((wizard.partner_id, wizard.company_id), (holder, self.company))
            mailbox = self.env['openapi_pec.mailbox'].browse(wizard.action_prepare()['res_id'])
            self.assertEqual((mailbox.partner_id, mailbox.applicant_id), (holder, self.representative))
