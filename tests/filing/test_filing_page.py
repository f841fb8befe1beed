"""What a person meets on a filing: one button for the next step, what is wrong at its place, a state that is true."""
import base64

from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, tagged
from odoo.tools.safe_eval import safe_eval

from odoo.addons.bus.models.ir_websocket import IrWebsocket as BusWebsocket
from odoo.addons.l10n_it_openapi_pec.models.service.ir_websocket import CHANNEL

import p7m_files as files

from ..common import CREATE, PecCase
from ..common_page import get_primary
from ..service.test_tour import TourMixin

SUBMIT = 'l10n_it_openapi_pec.mail_activity_type_submit'


class FiledMixin:
    """Makes filings that were filed with the data of their contacts."""

    def create_filed(self, **values):
        filing = self.create_filing(**values)
        filing.write({'state': 'completed', 'environment': 'sandbox', 'remote_id': 'a' * 24})
        return filing


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestWhatIsWrong(PecCase):
    """Each finding has its field, and the way to where it is mended."""

    def items(self, filing):
        filing.invalidate_recordset()
        return filing.with_user(self.user).finding_items or []

    def test_items(self):
        self.partner.city = False
        filing = self.create_filing(qualification='TITOLARE')
        self.assertEqual([(item['level'], item['field'], item['contact']) for item in self.items(filing)], [
            ('error', 'city', ['res.partner', self.partner.id]), ('warning', 'qualification', False)])
        self.partner.city = "Roma"
        filing.city = ' '  # typed here, and mended here
        self.assertEqual([(item['field'], item['contact']) for item in self.items(filing)], [
            ('city', False), ('qualification', False)])
        action = filing.with_user(self.user).action_show_missing()
        self.assertEqual((action['tag'], [item['field'] for item in action['params']['items']]), (
            'openapi_pec_missing', ['city']))
        filing.city = "Roma"
        with self.assertRaisesRegex(UserError, "Nothing stands against it"):
            filing.action_show_missing()

    def test_nobody_is_chosen(self):
        """One line and one button in the place of all that is missing of that person."""
        self.representative.unlink()
        filing = self.create_filing()
        [item] = self.items(filing)
        self.assertEqual((item['field'], bool(item['button'])), ('representative_id', True))
        action = filing.with_user(self.user).action_choose_representative()
        self.partner.write({'email': 'info@example.com', 'phone': '3331234567'})
        question = Form(self.env[action['res_model']].with_user(self.user).with_context(**action['context']))
        self.assertEqual((question.email, question.mobile), ('info@example.com', '3331234567'))
        question.name, question.fiscal_code = "Mario Rossi", 'RSSMRA80A01H501U'
        question.save().action_confirm()
        person = filing.representative_id
        self.assertEqual((person.parent_id, person.type, person.is_company), (self.partner, 'contact', False))
        self.assertEqual((filing.fiscal_code, filing.last_name, filing.mobile), (
            'RSSMRA80A01H501U', "Rossi", '3331234567'))
        self.assertEqual((filing.findings_level, self.items(filing)), ('fine', []))

    def test_somebody_is_added_to_the_company_later(self):
        self.representative.unlink()
        filing, chosen = self.create_filing(), self.create_filing()
        somebody = self.env['res.partner'].create({'name': "Anna Verdi"})
        chosen.representative_id = somebody
        person = self.env['res.partner'].with_user(self.user).create({
            'name': "Mario Rossi", 'parent_id': self.partner.id, 'email': 'mario@example.com', 'phone': '3401234518',
            'l10n_it_codice_fiscale': 'RSSMRA80A01H501U'})
        self.assertEqual((filing.representative_id, filing.mobile), (person, '3401234518'))
        self.assertEqual(chosen.representative_id, somebody)
        self.assertEqual(filing.findings_level, 'fine')

    def test_what_is_signed_is_missing(self):
        filing = self.create_filing()
        self.bring_to_signature(filing)
        [item] = filing.action_show_missing_documents()['params']['items']
        self.assertEqual(item['field'], 'signed_procura_file')
        self.upload(filing, filing.procura_id.raw, 'procura.pdf')
        [item, *_rest] = filing.action_show_missing_documents()['params']['items']
        self.assertIn("not signed digitally", item['sentence'])


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestOneButton(PecCase):
    """In each state one primary button at the most, and one where somebody can do something."""

    def get_primary(self, user, filing):
        view = self.env.ref('l10n_it_openapi_pec.view_communication_form')
        return get_primary(view, filing.with_user(user))

    def test_each_state(self):
        manager = {
            'draft': 'action_open_submit', 'unconfirmed': 'action_refresh', 'code_requested': 'action_refresh',
            'documents_uploaded': 'action_refresh', 'completed': 'action_record_outcome',
            'failed': 'action_open_submit', 'cancelled': 'action_draft', 'awaiting_documents': 'action_fetch_procura'}
        for state, button in manager.items():
            filing = self.create_filing(
                state=state, environment='sandbox', pec_email=f'{state}@legalmail.it',
                remote_id=state if state in ('code_requested', 'awaiting_documents', 'documents_uploaded', 'completed')
                else False)
            self.assertEqual(self.get_primary(self.manager, filing), [button], state)
        filing = self.create_filing(mobile='06 1234567')
        self.assertEqual(self.get_primary(self.manager, filing), ['action_show_missing'])
        self.assertEqual(self.get_primary(self.user, filing), ['action_show_missing'])
        filing.mobile = '3401234518'
        self.assertEqual(self.get_primary(self.user, filing), ['action_ask_submission'])

    def test_what_stands_out_is_asked_about(self):
        """A signed document with warnings is not sent by one press."""
        self.bring_to_signature(filing := self.create_filing())
        for identity, level in ((files.identity(), 'good'), (files.identity(statements=None), 'warning')):
            filing.signed_procura_file = base64.b64encode(files.sign(identity, filing.procura_id.raw))
            self.assertEqual(filing.signature_level, level)
            self.assertEqual(self.get_primary(self.user, filing), ['action_send_documents'])
            own = filing.with_user(self.user)
            view = self.env.ref('l10n_it_openapi_pec.view_communication_form')
            values, arch = own.read()[0], etree.fromstring(own.get_view(view.id)['arch'])
            [button] = [
                button for button in arch.iter('button')
                if button.get('name') == 'action_send_documents' and not safe_eval(button.get('invisible'), values)]
            self.assertEqual(bool(button.get('confirm')), level == 'warning')

    def test_gone(self):
        """A manager decides what becomes of it, and nothing else is proposed beside that."""
        for state in ('code_requested', 'awaiting_documents', 'documents_uploaded', 'completed'):
            filing = self.create_filing(
                state=state, environment='sandbox', pec_email=f'{state}@legalmail.it', remote_id=state, is_gone=True)
            self.assertEqual(len(self.get_primary(self.manager, filing)), 1, state)
            self.assertLessEqual(len(self.get_primary(self.user, filing)), 1, state)

    def test_queued(self):
        filing = self.create_filing(state='queued', environment='sandbox')
        self.assertEqual(self.get_primary(self.manager, filing), ['action_submit'])
        for reason in ('credit', 'token'):
            self.company.write({
                'openapi_pec_pause_reason': reason, 'openapi_pec_paused_until': '2099-01-01 00:00:00'})
            filing.invalidate_recordset()
            self.assertEqual(self.get_primary(self.manager, filing), ['action_go_on'], reason)

    def test_what_the_chamber_has_answered(self):
        filing = self.create_filing(state='completed', environment='sandbox', remote_id='x')
        for outcome, buttons in (
                ('sospesa', ['action_record_outcome']), ('evasa', ['action_renew']), ('respinta', ['action_correct'])):
            filing.chamber_outcome = outcome
            self.assertEqual(self.get_primary(self.manager, filing), buttons, outcome)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestAskForSubmission(PecCase):
    """Who may not spend asks; managers get an activity."""

    def test_asked_and_submitted(self):
        filing = self.create_filing()
        filing.with_user(self.user).action_ask_submission()
        filing.with_user(self.user).action_ask_submission()  # asks once
        self.assertEqual((filing.wanted_by_id, bool(filing.wanted_at)), (self.user, True))
        activities = filing.activity_ids.filtered(lambda activity: activity.activity_type_id == self.env.ref(SUBMIT))
        self.assertEqual(activities.user_id & (self.manager + self.user), self.manager)
        self.assertEqual(len(activities), len(activities.user_id))
        self.assertIn("Bruno Bianchi asks for the submission", self.messages(filing))
        self.submit(filing.with_user(self.manager))
        self.assertEqual((filing.state, filing.wanted_by_id.ids, filing.wanted_at), ('code_requested', [], False))
        self.assertNotIn(self.env.ref(SUBMIT), filing.activity_ids.activity_type_id)
        with self.assertRaisesRegex(UserError, "has been submitted already"):
            filing.with_user(self.user).action_ask_submission()

    def test_what_is_wrong_is_not_asked_for(self):
        filing = self.create_filing(mobile='06 1234567')
        with self.assertRaisesRegex(UserError, "landline"):
            filing.with_user(self.user).action_ask_submission()
        with self.assertRaises(AccessError):
            filing.with_user(self.outsider).action_ask_submission()

    def test_given_up(self):
        filing = self.create_filing()
        filing.with_user(self.user).action_ask_submission()
        filing.with_user(self.user).action_cancel()
        self.assertFalse(filing.wanted_at)
        self.assertFalse(filing.activity_ids)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestStatus(PecCase):
    """The chamber's answer is part of how far a filing is, in lists and on the contact."""

    def test_the_chambers_answer_is_its_status(self):
        filing = self.create_filing(state='completed', environment='sandbox', remote_id='x')
        for outcome, status in (
                ('protocollata', 'examined'), ('sospesa', 'suspended'), ('evasa', 'entered'), ('respinta', 'refused'),
                ('irricevibile', 'refused'), (False, 'completed')):
            filing.chamber_outcome = outcome
            self.assertEqual(filing.status, status)
        filing.chamber_outcome = 'respinta'
        self.assertEqual(filing.progress, 0)
        self.assertEqual(
            self.env['openapi_pec.communication'].search([('status', '=', 'refused')]), filing)
        self.assertEqual(self.partner.openapi_pec_filing_status, 'refused')
        self.assertIn("Refused by the Chamber", self.partner.openapi_pec_status)

    def test_the_filing_that_counts(self):
        """The last one that was submitted, not a forgotten draft; of none, the draft."""
        draft = self.create_filing(pec_email='bozza@legalmail.it')
        self.assertIn("Draft: bozza", self.partner.openapi_pec_status)
        filed = self.create_filing(
            state='completed', environment='sandbox', remote_id='x', pec_email='una@legalmail.it')
        self.create_filing(pec_email='altra@legalmail.it')
        self.create_filing(state='cancelled', pec_email='rinuncia@legalmail.it')
        self.env.invalidate_all()
        self.assertIn("Filed: una@legalmail.it", self.partner.openapi_pec_status)
        self.assertEqual(self.partner.openapi_pec_communication_count, 4)
        (draft + filed).invalidate_recordset()
        nobody = self.env['res.partner'].create({'name': "Nessuna S.r.l.", 'is_company': True})
        self.assertEqual((nobody.openapi_pec_status, nobody.openapi_pec_filing_status), (False, False))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestCommunicate(PecCase):
    """From a company to its draft; from many contacts to a question first."""

    def test_a_draft_is_opened_again(self):
        action = self.partner.with_user(self.user).action_openapi_pec_communicate()
        self.assertEqual(self.partner.with_user(self.user).action_openapi_pec_communicate()['res_id'], action['res_id'])
        self.submit(self.env['openapi_pec.communication'].browse(action['res_id']))
        self.assertNotEqual(self.partner.action_openapi_pec_communicate()['res_id'], action['res_id'])

    def ask(self, partners, **values):
        action = partners.with_user(self.user).action_openapi_pec_ask()
        self.assertEqual(action['res_model'], 'openapi_pec.communicate')
        question = self.env['openapi_pec.communicate'].with_user(self.user).browse(action['res_id'])
        question.write(values)
        return question

    def test_many(self):
        companies = self.create_companies(3)
        abroad = self.env['res.partner'].create({
            'name': "Ailleurs SARL", 'is_company': True, 'country_id': self.env.ref('base.fr').id})
        second = self.env['res.partner'].create({'name': "Anna Verdi", 'parent_id': companies[0].id})
        question = self.ask(companies + abroad + second)
        self.assertEqual((question.company_count, question.filing_count, question.blank_count), (3, 3, 0))
        self.assertIn("People are left out: 1.", question.left_out)
        self.assertIn("abroad are left out: 1.", question.left_out)
        question.kind = 'administrator'
        self.assertEqual((question.filing_count, question.blank_count), (4, 4))
        question.kind = 'both'
        self.assertEqual(question.filing_count, 7)
        question.is_everybody = True
        self.assertEqual((question.company_count, question.filing_count, question.left_out), (4, 9, False))
        question.write({'kind': 'administrator', 'is_everybody': False})
        batch = self.env['openapi_pec.batch'].browse(question.action_confirm()['context']['openapi_pec_batch_id'])
        self.assertEqual(set(batch.communication_ids.mapped('kind')), {'administrator'})
        self.assertEqual(batch.communication_ids.representative_id, companies.child_ids)

    def test_what_is_being_prepared_is_not_made_twice(self):
        companies = self.create_companies(2)
        draft = self.create_filing(partner_id=companies[0].id)
        question = self.ask(companies)
        self.assertEqual((question.filing_count, question.draft_count, question.placed_count), (1, 1, 0))
        question.action_confirm()
        batch = draft.batch_id
        self.assertEqual(len(batch.communication_ids), 2)
        self.assertIn(draft, batch.communication_ids)
        question = self.ask(companies)
        self.assertEqual((question.filing_count, question.draft_count, question.placed_count), (0, 0, 2))
        again = question.action_confirm()
        self.assertEqual(again['context']['openapi_pec_batch_id'], batch.id)
        self.assertEqual(self.env['openapi_pec.communication'].search_count(
            [('partner_id', 'in', companies.ids)]), 2)
        more = self.ask(companies | self.create_companies(3)[2])
        self.assertEqual((more.filing_count, more.draft_count, more.placed_count), (1, 0, 2))
        other = self.env['openapi_pec.batch'].browse(more.action_confirm()['context']['openapi_pec_batch_id'])
        self.assertEqual(len(other.communication_ids), 1, "what is in another batch stays there")
        self.assertEqual(len(batch.communication_ids), 2)

    def test_what_was_filed_is_left_out(self):
        """The same PEC is not paid for twice because many were selected; another PEC, or a refused one, is filed."""
        companies = self.create_companies(5)
        filed = [self.create_filing(
            partner_id=company.id, state='completed', environment=environment, **values)
            for company, environment, values in zip(companies, ('sandbox', 'sandbox', 'sandbox', 'production'), (
                {'pec_email': companies[0].openapi_pec_email.upper()},
                {'pec_email': 'vecchia@legalmail.it'},
                {'chamber_outcome': 'respinta', 'pec_email': companies[2].openapi_pec_email},
                {'pec_email': companies[3].openapi_pec_email}), strict=False)]
        self.assertEqual([filing.state for filing in filed], ['completed'] * 4)
        question = self.ask(companies)
        self.assertEqual((question.company_count, question.filing_count), (5, 4))
        self.assertIn("made already, with the same PEC, are left out: 1.", question.left_out)
        batch = self.env['openapi_pec.batch'].browse(question.action_confirm()['context']['openapi_pec_batch_id'])
        self.assertEqual(batch.communication_ids.partner_id, companies[1:])

    def test_queries(self):
        """The same number of queries for a question about ten contacts and about a hundred."""
        counts = []
        for companies in (self.create_companies(10), self.create_companies(110)[10:]):
            self.create_filing(partner_id=companies[0].id, state='completed', environment='sandbox')
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(self.ask(companies).company_count, len(companies))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)

    def test_what_is_under_way_is_left_out(self):
        """Nobody pays twice because he has selected many, not even for another PEC than the one under way."""
        companies = self.create_companies(3)
        for company in companies[:2]:
            self.create_filing(
                partner_id=company.id, pec_email=f'vecchia{company.id}@legalmail.it', state='code_requested',
                environment='sandbox')
        question = self.ask(companies)
        self.assertEqual((question.company_count, question.filing_count), (3, 1))
        self.assertIn("under way already are left out: 2.", question.left_out)
        question.kind = 'administrator'
        self.assertEqual((question.filing_count, question.left_out), (3, False))
        question.kind = 'company'
        batch = self.env['openapi_pec.batch'].browse(question.action_confirm()['context']['openapi_pec_batch_id'])
        self.assertEqual(batch.communication_ids.partner_id, companies[2])
        with self.assertRaisesRegex(UserError, "Nothing was made(.|\n)*left out: 2"):
            self.ask(companies[:2]).action_confirm()

    def test_who_pays(self):
        """A draft that another company pays for is not taken for one's own."""
        elsewhere = self.env['res.company'].create({'name': "Altra S.r.l."})
        self.user.company_ids = [Command.link(elsewhere.id)]
        companies = self.create_companies(2)
        draft = self.create_filing(partner_id=companies[0].id, company_id=elsewhere.id, user_id=self.user.id)
        both = companies.with_user(self.user).with_context(allowed_company_ids=[self.company.id, elsewhere.id])
        question = both.env['openapi_pec.communicate'].browse(both.action_openapi_pec_ask()['res_id'])
        batch = both.env['openapi_pec.batch'].browse(question.action_confirm()['context']['openapi_pec_batch_id'])
        self.assertEqual((batch.company_id, len(batch.communication_ids)), (self.company, 2))
        self.assertFalse(draft.batch_id)
        opened = draft.browse(both[0].action_openapi_pec_communicate()['res_id'])
        self.assertEqual(opened.company_id, self.company)

    def test_none_is_meant(self):
        with self.assertRaisesRegex(UserError, "Nothing was made"):
            self.ask(self.representative + self.representative.copy()).action_confirm()

    def test_one_is_not_asked_about(self):
        self.assertEqual(
            self.partner.with_user(self.user).action_openapi_pec_ask()['res_model'], 'openapi_pec.communication')


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestFiledAgain(FiledMixin, PecCase):

    def test_the_same_needs_a_reason(self):
        refused = self.create_filed()
        refused.write({'chamber_outcome': 'respinta', 'chamber_note': "Manca il numero civico"})
        refused.with_user(self.user).action_correct()
        correction = refused.corrected_by_id
        self.assertEqual(correction.finding_codes, [['warning', 'not_corrected', 'pec_email', 'partner_id']])
        self.assertEqual(correction.with_user(self.user).refused_note, "Manca il numero civico")
        with self.assertRaisesRegex(UserError, "only for a reason"):
            correction.action_submit()
        correction.with_user(self.manager).action_submit("The chamber has taken its refusal back")
        self.assertEqual(correction.state, 'queued')

    def test_what_the_chamber_refused_is_not_taken_from_the_contacts(self):
        """What was corrected stays, and it is told; what the contact has anew is taken."""
        refused = self.create_filed()
        refused.write({'chamber_outcome': 'respinta', 'chamber_note': "La PEC non è attiva"})
        refused.with_user(self.user).action_correct()
        correction = refused.corrected_by_id
        correction.write({'pec_email': 'giusta@legalmail.it', 'mobile': '3331112223', 'city': "Tivoli"})
        self.representative.phone = '3477654321'
        told = correction.with_user(self.user).action_take_proposals()['params']
        self.assertEqual(
            (correction.pec_email, correction.city, correction.mobile),
            ('giusta@legalmail.it', "Tivoli", '3477654321'))
        self.assertIn(f"{correction.display_name}: PEC, Municipality. This stays as it is here", told['message'])
        self.partner.openapi_pec_email = 'nuova@legalmail.it'
        correction.city = refused.city
        self.assertIsNone(correction.with_user(self.user).action_take_proposals())
        self.assertEqual(correction.pec_email, 'nuova@legalmail.it')

    def test_what_an_earlier_filing_was_refused_for(self):
        """Refused twice: neither of both comes back."""
        first = self.create_filed()
        first.chamber_outcome = 'respinta'
        first.with_user(self.user).action_correct()
        second = first.corrected_by_id
        second.pec_email = 'seconda@legalmail.it'
        second.sudo().write({'state': 'completed', 'environment': 'sandbox'})
        second.chamber_outcome = 'respinta'
        second.with_user(self.user).action_correct()
        third = second.corrected_by_id
        third.pec_email = 'terza@legalmail.it'
        self.assertTrue(third.with_user(self.user).action_take_proposals())
        self.assertEqual(third.pec_email, 'terza@legalmail.it')

    def test_the_same_on_another_way(self):
        """Whoever prepares a new filing instead of filing again has to say as well why nothing is corrected."""
        refused = self.create_filed()
        refused.chamber_outcome = 'respinta'
        new = self.create_filing(pec_email=refused.pec_email)
        self.assertEqual([code[1] for code in new.finding_codes], ['not_corrected'])
        self.assertIn(refused.name, new.with_user(self.user).finding_items[0]['sentence'])
        with self.assertRaisesRegex(UserError, "only for a reason"):
            new.action_submit()
        new.city = "Tivoli"
        self.assertFalse(new.finding_codes)
        new.city = refused.city
        self.assertTrue(new.finding_codes)
        self.company.openapi_pec_environment = 'production'
        self.assertFalse(new.finding_codes, "what the register has refused is no trial")

    def test_context_of_a_request(self):
        """A new filing is made with more rights than the user's: what a request says of its state gets not into it."""
        filed = self.create_filed()
        refused = self.create_filing(state='completed', environment='sandbox', remote_id='b' * 24)
        refused.chamber_outcome = 'respinta'
        defaults = {
            'default_state': 'queued', 'default_environment': 'production', 'default_remote_id': 'c' * 24}
        for filing, action in ((filed, 'action_renew'), (refused, 'action_correct')):
            opened = getattr(filing.with_user(self.user).with_context(**defaults), action)()
            new = filing.browse(opened['res_id'])
            self.assertEqual((new.state, new.environment, new.remote_id), ('draft', False, False), action)

    def test_a_new_term(self):
        filed = self.create_filed(kind='administrator', city="Tivoli")
        action = filed.with_user(self.user).action_renew()
        renewal = self.env['openapi_pec.communication'].browse(action['res_id'])
        for name in ('kind', 'partner_id', 'representative_id', 'pec_email', 'city', 'mobile', 'qualification'):
            self.assertEqual(renewal[name], filed[name], name)
        self.assertEqual((renewal.state, renewal.renews_id, renewal.user_id), ('draft', filed, self.user))
        self.assertEqual(filed.with_user(self.user).action_renew()['res_id'], renewal.id)
        self.assertIn('filing_completed', [code[1] for code in renewal.finding_codes])
        with self.assertRaisesRegex(UserError, "Only what was filed"):
            renewal.action_renew()


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestToldPages(PecCase):
    """Pages that show a record are told its id when it changes, and nothing else."""

    def test_told(self):
        filing = self.create_filing()
        self.env.cr.precommit.run()
        last = self.env['bus.bus'].sudo().search([], order='id desc', limit=1).id or 0
        filing.sudo()._on_state_entered('cancelled')
        self.env.cr.precommit.run()
        told = self.env['bus.bus'].sudo().search([('id', '>', last), ('channel', 'like', CHANNEL)])
        self.assertTrue(told)
        for row in told:
            self.assertIn(f'"res.company",{self.company.id},"{CHANNEL}"', row.channel.replace(' ', ''))
            self.assertIn(f'"payload":{{"model":"{filing._name}","ids":[{filing.id}]}}', row.message.replace(' ', ''))

    def test_calls_are_told_when_they_begin_or_when_they_end(self):
        """Of one call both is told; of several, only the outcome, which comes soon."""
        filings = self.create_filing() + self.create_filing(kind='administrator') + self.create_filing(
            partner_id=self.create_companies(1).id)
        filings.sudo().write({'state': 'queued', 'environment': 'sandbox'})
        for claimed, is_told in ((filings[0], True), (filings[1:], False)):
            self.env.cr.precommit.run()
            last = self.env['bus.bus'].sudo().search([], order='id desc', limit=1).id or 0
            self.assertEqual(len(claimed.sudo()._claim_all()), len(claimed))
            self.env.cr.precommit.run()
            told = self.env['bus.bus'].sudo().search([('id', '>', last), ('channel', 'like', CHANNEL)])
            self.assertEqual(bool(told), is_told)

    def test_who_is_told(self):
        self.patch(BusWebsocket, '_build_bus_channel_list', lambda self, channels: channels)  # which asks the request
        for user, companies in ((self.user, self.user.company_ids), (self.outsider, self.env['res.company'])):
            channels = self.env['ir.websocket'].with_user(user)._build_bus_channel_list([CHANNEL])
            names = [channel[-1] if isinstance(channel, tuple) else channel for channel in channels]
            own = [
                channel for channel, name in zip(channels, names, strict=True)
                if isinstance(name, str) and name == CHANNEL]
            self.assertEqual(own, [(company, CHANNEL) for company in companies], user.login)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestFilingPageTour(FiledMixin, TourMixin, PecCase, HttpCase):
    """In Italian, in Chromium."""

    def setUp(self):
        super().setUp()
        self.env['res.lang']._activate_lang('it_IT')
        self.env['ir.module.module']._load_module_terms(['l10n_it_openapi_pec'], ['it_IT'])
        (self.manager + self.user).lang = 'it_IT'

    def path(self, filing):
        return f'/odoo/pec-communications/{filing.id}'

    def test_corrected_from_its_banner(self):
        self.representative.phone = '06 1234567'
        filing = self.create_filing(city=' ')
        self.start_tour(self.path(filing), 'openapi_pec_findings', login=self.manager.login)
        self.assertEqual((filing.state, self.sandbox.executed(CREATE)), ('code_requested', 1))

    def test_asked_and_submitted(self):
        filing = self.create_filing()
        self.start_tour(self.path(filing), 'openapi_pec_ask', login=self.user.login)
        self.assertEqual(filing.wanted_by_id, self.user)
        self.start_tour('/odoo/pec-communications', 'openapi_pec_submit_asked', login=self.manager.login)
        self.assertEqual((filing.state, self.sandbox.executed(CREATE)), ('code_requested', 1))

    def test_refused_and_filed_again(self):
        refused = self.create_filed()
        self.start_tour(self.path(refused), 'openapi_pec_refused', login=self.manager.login)
        self.assertEqual(refused.status, 'refused')
        self.assertEqual(refused.corrected_by_id.state, 'code_requested')
