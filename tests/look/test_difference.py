"""What the register tells otherwise than the contact: shown, and taken over by a person alone."""
from markupsafe import Markup

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from sandbox_api import companies

from ..common_company import CODE
from ..common_look import LookCase, as_register

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

    def test_told_by_the_vendors_example(self):
        """The example of the specification, which keeps to no schema of its own."""
        [example, *_others] = companies.make_samples()
        self.sandbox.keep_companies({key: example[key] for key in companies.FIELDS})
        update = self.update()
        self.assertEqual(update.look_ids.state, 'done')
        self.assertIn('name', update.difference_ids.mapped('field'))
