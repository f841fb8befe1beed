"""Who holds an office in a company: ended and never deleted, and what it changes for lines."""
from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from ..common_register import TODAY, RegisterCase, date


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestOffices(RegisterCase):

    def test_the_pec_follows_the_person_unless_another_is_written(self):
        self.assertEqual(self.office.pec_email, 'mario.rossi@legalmail.it')
        self.representative.openapi_pec_email = 'mario@legalmail.it'
        self.assertEqual(self.office.pec_email_normalized, 'mario@legalmail.it')
        self.office.pec_email = 'PEC: Altro@Legalmail.it'
        self.assertEqual(self.office.pec_email_normalized, 'altro@legalmail.it')
        self.representative.openapi_pec_email = 'terza@legalmail.it'
        self.assertEqual(self.office.pec_email_normalized, 'altro@legalmail.it')
        self.office.pec_email = 'terza@legalmail.it'
        self.representative.openapi_pec_email = 'quarta@legalmail.it'
        self.assertEqual(self.office.pec_email_normalized, 'quarta@legalmail.it')

    def test_codes(self):
        self.assertEqual((self.office.role_name, self.office.role_choice), ("Amministratore unico (AUN)", 'AUN'))
        for typed, kept in (('pca', 'PCA'), (' xyz ', 'XYZ'), ('Joint', 'joint')):
            self.office.role = typed
            self.assertEqual(self.office.role, kept)
        self.assertEqual(
            (self.office.role_choice, self.office.role_name), ('joint', "Amministratore congiunto (joint)"))
        with Form(self.office.with_user(self.user)) as form:
            form.role_choice = 'COD'
        self.assertEqual(self.office.role, 'COD')

    def test_it_is_ended_and_never_deleted(self):
        for user in (self.user, self.manager):
            with self.assertRaises(AccessError):
                self.office.with_user(user).unlink()
        with self.assertRaises(UserError):
            self.office.unlink()
        self.office.with_user(self.user).action_end()
        self.assertEqual(self.office.ended_on, TODAY)
        self.assertEqual(self.stands('administrator'), ('to_decide', 'office_unknown', 'enter_office'))
        for contact in (self.partner, self.representative):
            with self.assertRaisesRegex(UserError, "cannot be deleted"):
                contact.unlink()

    def test_a_new_term(self):
        self.office.until = date(2026, 12, 31)
        self.assertEqual(self.stands('administrator')[0], 'to_confirm')
        action = self.office.with_user(self.user).action_renew()
        renewed = self.env['openapi_pec.office'].browse(action['res_id'])
        self.assertEqual((renewed.since, renewed.until, renewed.role), (date(2027, 1, 1), False, 'AUN'))
        self.assertEqual(self.office.action_renew()['res_id'], renewed.id, "once")
        self.assertIn(renewed.display_name, self.messages(self.office))

    def test_terms_in_order(self):
        with self.assertRaises(ValidationError):
            self.office.with_user(self.user).until = date(2020, 1, 1)

    def test_what_only_the_code_writes(self):
        for values in ({'confirmed_email': 'a@pec.it'}, {'confirmed_on': TODAY}, {'seen_on': TODAY},
                       {'source': 'register'}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                self.office.with_user(self.manager).write(values)
            with self.subTest(values=values), self.assertRaises(AccessError):
                self.office.with_user(self.manager).create({
                    'partner_id': self.partner.id, 'person_id': self.representative.id, 'role': 'COD', **values})

    def test_each_sees_his_companies(self):
        other = self.env['res.company'].create({'name': "Altra S.r.l."})
        stranger = new_test_user(
            self.env, 'pec_stranger', 'base.group_user,l10n_it_openapi_pec.group_manager', company_id=other.id,
            company_ids=[Command.set(other.ids)])
        offices = self.env['openapi_pec.office'].with_user(stranger)
        self.assertEqual(
            offices.search([('id', '=', self.office.id)]).ids, self.office.ids, "the contact is everybody's")
        (self.partner + self.representative).company_id = self.company
        self.assertFalse(offices.search([('id', '=', self.office.id)]))
        with self.assertRaises(AccessError):
            self.office.with_user(stranger).read(['role'])
        self.assertFalse(self.positions.with_user(stranger).search([]))
