"""What the register tells otherwise than the contact: shown, and taken over by a person alone."""
from unittest.mock import patch

from markupsafe import Markup

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common_company import CODE
from ..common_look import LookCase, as_register

ANSWER_LOG = 'odoo.addons.l10n_it_openapi_pec.models.look.look_answer'
HOSTILE = '<img src=x onerror=alert(1)>{{7*7}}=cmd|\'/c calc\'!A1\u202e'


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestDifference(LookCase):
    """Field by field: as it is here, as the register has it, and a tick."""

    def differences(self, update):
        return {line.field: (line.here, line.there, line.is_ticked) for line in update.difference_ids}

    def test_shown_and_nothing_changed(self):
        self.sandbox.keep_companies(as_register(CODE, pec='altra@legalmail.it'))
        before = self.partner.read(['name', 'street', 'openapi_pec_email', 'zip', 'openapi_pec_rea'])
        update = self.update()
        found = self.differences(update)
        self.assertEqual(found['openapi_pec_email'], ('prova@legalmail.it', 'altra@legalmail.it', False))
        self.assertEqual(found['street'], ('', "VIA DELLE PROVE 1", True), "ticked, as it is empty here")
        self.assertEqual(found['openapi_pec_rea'][1:], ('RM-1234567', True))
        self.assertEqual(found['openapi_pec_register_state'][1:], ("Active", True))
        self.assertEqual(found['openapi_pec_registered_on'][1:], ('03/04/2020', True))
        same = {'name', 'city', 'state_id', 'l10n_it_codice_fiscale', 'openapi_pec_legal_form'}
        self.assertFalse(same & found.keys(), "capitals make no difference")
        self.assertEqual(self.partner.read(['name', 'street', 'openapi_pec_email', 'zip', 'openapi_pec_rea']), before)
        self.assertEqual(
            (self.partner.openapi_pec_register_email, str(self.partner.openapi_pec_register_seen_on)),
            ('altra@legalmail.it', str(update.look_ids.looked_at.date())), "what was seen, and when")

    def test_taken_over_as_ticked(self):
        update = self.update()
        update.with_user(self.user).action_take_over()
        self.assertEqual(
            (self.partner.street, self.partner.zip, self.partner.openapi_pec_rea,
             self.partner.openapi_pec_register_state),
            ("VIA DELLE PROVE 1", '00100', 'RM-1234567', 'active'))
        body = self.messages(self.partner)
        self.assertIn("Taken over from the business register (Company API, looked up on", body)
        self.assertIn("VIA DELLE PROVE 1", body)
        self.env.invalidate_all()
        self.assertFalse(update.difference_ids)
        taken = self.env['openapi_pec.register_difference'].search([('state', '=', 'taken')])
        self.assertEqual(taken.taken_by_id, self.user)

    def test_one_of_them(self):
        self.sandbox.keep_companies(as_register(CODE, pec='altra@legalmail.it'))
        update = self.update()
        update.difference_ids.filtered(lambda line: line.field == 'openapi_pec_email').with_user(
            self.user).action_take_over()
        self.assertEqual((self.partner.openapi_pec_email, self.partner.street), ('altra@legalmail.it', False))
        self.assertIn('street', update.difference_ids.mapped('field'))

    def test_what_odoo_does_not_know_is_shown_only(self):
        self.sandbox.keep_companies(as_register(
            CODE, activityStatus='IN_ATTESA', detailedLegalForm={'code': 'ZZ', 'description': "NUOVA"}))
        update = self.update()
        lines = update.difference_ids.filtered(
            lambda line: line.field in ('openapi_pec_register_state', 'openapi_pec_legal_form'))
        self.assertEqual(len(lines), 2)
        self.assertEqual(set(lines.mapped('there')), {"IN_ATTESA (not known here)", "ZZ (not known here)"})
        self.assertFalse(any(lines.mapped('is_takeable')) or any(lines.mapped('is_ticked')))
        with self.assertRaisesRegex(UserError, "Nothing was changed"):
            lines.action_take_over()

    def test_no_pec_told_is_no_difference(self):
        self.sandbox.keep_companies(as_register(CODE, pec=None))
        update = self.update()
        self.assertNotIn('openapi_pec_email', update.difference_ids.mapped('field'))
        self.assertEqual(self.partner.openapi_pec_email, 'prova@legalmail.it')
        self.assertFalse(self.partner.openapi_pec_register_email)
        self.assertTrue(self.partner.openapi_pec_register_seen_on)

    def test_a_newer_look_takes_the_place(self):
        first = self.update()
        second = self.update()
        self.assertFalse(first.difference_ids)
        self.assertEqual(len(second.difference_ids), second.difference_count)
        self.assertGreater(second.difference_count, 2)

    def test_who_may_take_over(self):
        update = self.update()
        with self.assertRaises(AccessError):
            update.with_user(self.outsider).action_take_over()
        other = self.env['res.company'].create({'name': "Altra S.r.l."})
        stranger = self.user.copy({'login': 'pec_stranger', 'company_id': other.id, 'company_ids': [(6, 0, other.ids)]})
        with self.assertRaises(AccessError):
            update.with_user(stranger).with_company(other).action_take_over()
        with self.assertRaises(AccessError):
            update.difference_ids[:1].with_user(self.user).write({'value': 'x'})
        update.difference_ids[:1].with_user(self.user).is_ticked = False
        with self.assertRaises(AccessError):
            update.with_user(self.user).partner_id = self.representative

    def test_hostile_answers(self):
        """Whatever the service tells is text: on the screen, in the chatter, in an export."""
        self.sandbox.keep_companies(as_register(
            CODE, companyName=HOSTILE + 'x' * 5000, address={'registeredOffice': {
                'streetName': HOSTILE, 'town': '=HYPERLINK("x")', 'hamlet': None, 'province': 'RM', 'zipCode': '00100',
                'townCode': 'H501'}}))
        update = self.update()
        lines = update.difference_ids
        self.assertLess(max(len(line.there) for line in lines), 300)
        self.assertNotIn('\u202e', ''.join(lines.mapped('there')))
        lines.filtered(lambda line: line.field in ('street', 'city', 'name')).action_take_over()
        self.assertIn(Markup.escape('<img src=x'), self.messages(self.partner))
        self.assertNotIn('<img', self.messages(self.partner))
        exported = lines.export_data(['there'])['datas']
        self.assertFalse([cell for row in exported for cell in row if str(cell).startswith('=')])

    def test_what_odoo_would_refuse_is_shown_only(self):
        """A code whose check digit is wrong, and what is no address: neither stops what is right beside it."""
        self.sandbox.keep_companies(as_register(CODE, vatCode='12345678901', pec='N.D.'))
        update = self.update()
        lines = update.difference_ids.grouped('field')
        self.assertEqual(
            (lines['vat'].there, lines['vat'].is_takeable, lines['vat'].is_ticked),
            ('IT12345678901 (not known here)', False, False))
        self.assertNotIn('openapi_pec_email', lines)
        self.assertFalse(self.partner.openapi_pec_register_seen_on, "which PEC it has, it does not say")
        update.difference_ids.action_take_over()
        self.assertEqual((self.partner.vat, self.partner.openapi_pec_rea), (False, 'RM-1234567'))

    def test_changed_since_it_was_asked(self):
        """What was empty, or was seen when it was ticked, and is not any more, is not overwritten without a look."""
        self.sandbox.keep_companies(as_register(CODE, pec='altra@legalmail.it'))
        update = self.update().with_user(self.user)
        lines = update.difference_ids.grouped('field')
        lines['openapi_pec_email'].is_ticked = True
        self.partner.write({'street': "Via Nuova 5", 'openapi_pec_email': 'nuova@legalmail.it'})
        action = update.action_take_over()
        self.assertIn("Somebody has changed this on the contacts since: Street, PEC", action['params']['message'])
        self.assertEqual(
            (self.partner.street, self.partner.openapi_pec_email, self.partner.openapi_pec_rea),
            ("Via Nuova 5", 'nuova@legalmail.it', False))
        self.assertFalse(lines['street'].is_ticked or lines['openapi_pec_email'].is_ticked)
        self.assertFalse(lines['street'].is_empty_here)
        lines['street'].is_ticked = True
        self.assertIsNone(update.action_take_over())
        self.assertEqual(
            (self.partner.street, self.partner.openapi_pec_email, self.partner.openapi_pec_rea),
            ("VIA DELLE PROVE 1", 'nuova@legalmail.it', 'RM-1234567'))

    def test_the_contact_became_another_company(self):
        """What is told of a tax code is never taken over into the contact of another one."""
        update = self.update()
        line = update.difference_ids.filtered(lambda line: line.field == 'openapi_pec_rea')
        self.partner.l10n_it_codice_fiscale = self.code_of(1)
        self.env.invalidate_all()
        self.assertEqual(
            line.there, "RM-1234567 (of the tax code that the contact had when the register was asked)")
        self.assertFalse(line.is_takeable)
        with self.assertRaisesRegex(UserError, "asked with another tax code"):
            update.action_take_over()
        self.assertFalse(self.partner.openapi_pec_rea)
        self.partner.vat = f'IT{CODE}'
        self.env.invalidate_all()
        self.assertTrue(line.is_takeable, "as its VAT number")

    def test_became_another_company_before_the_answer(self):
        action = self.question().action_confirm()
        self.partner.l10n_it_codice_fiscale = self.code_of(1)
        self.commit()
        update = self.env[action['res_model']].browse(action['res_id'])
        look = update.look_ids
        self.assertEqual((look.state, look.is_taken_in, update.left_count), ('done', True, 1))
        self.assertFalse(look.difference_ids)
        self.assertIn("has another tax code now than 12485671007", look.error_message)
        self.assertFalse(self.partner.openapi_pec_register_seen_on)

    def test_not_compared_yet(self):
        """Whatever another addon has against it, the answer stays, says so, and is compared when that is over."""
        refusal = "Not today"

        def refuse(differences, vals_list):
            raise UserError(refusal)

        Difference = type(self.env['openapi_pec.register_difference'])
        with patch.object(Difference, 'create', refuse), self.assertLogs(ANSWER_LOG, 'ERROR'):
            update = self.update()
        look = update.look_ids
        self.assertEqual((look.state, look.is_taken_in, update.left_count), ('done', False, 1))
        self.assertIn("The answer is kept", look.error_message)
        self.run_cron('looks')
        self.assertEqual((look.is_taken_in, look.error_message, update.left_count), (True, False, 0))
        self.assertTrue(update.difference_ids)
        self.assertEqual(self.requested(), 1)

    def test_what_the_sandbox_invents_replaces_nothing(self):
        """Differences that were paid for stay beside invented ones; invented ones go when it is asked in earnest."""
        self.be_real()
        paid = self.update()
        count = len(paid.difference_ids)
        self.company.openapi_pec_environment = 'sandbox'
        invented = self.update()
        self.assertEqual((len(paid.difference_ids), len(invented.difference_ids)), (count, count))
        self.be_real()
        newer = self.update()
        self.env.invalidate_all()
        self.assertEqual(
            (len(paid.difference_ids), len(invented.difference_ids), len(newer.difference_ids)), (0, 0, count))

    def test_archived_and_other_companies_contacts(self):
        """An archived contact is still what was asked about; one of another company is nobody's here."""
        update = self.update()
        self.partner.active = False
        self.env.invalidate_all()
        update.with_user(self.user).action_take_over()
        self.assertEqual(self.partner.openapi_pec_rea, 'RM-1234567')
        with self.assertRaisesRegex(UserError, "Nothing was spent"):
            self.question().action_confirm()
        self.partner.write({'active': True, 'street': "Via Nuova 5"})
        update = self.update()
        self.assertTrue(update.difference_ids)
        self.partner.company_id = self.env['res.company'].create({'name': "Altra S.r.l."})
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            self.question()
        with self.assertRaises(AccessError):
            update.difference_ids.with_user(self.user).action_take_over()

    def test_taken_over_twice(self):
        update = self.update()
        lines = update.difference_ids.filtered('is_ticked')
        lines.with_user(self.user).action_take_over()
        count = len(self.partner.message_ids)
        with self.assertRaisesRegex(UserError, "it was taken over already"):
            lines.with_user(self.manager).action_take_over()
        self.assertEqual((len(self.partner.message_ids), lines.taken_by_id), (count, self.user))
