from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import DOMAIN
from ..common_mailbox import BUY, CHECK, MailboxCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestMailboxPreflight(MailboxCase):
    """What the service would refuse is said before the click that costs."""

    def reasons(self, mailbox, level='error'):
        return {finding.code for finding in mailbox._get_findings()[mailbox] if finding.level == level}

    def test_a_complete_draft(self):
        mailbox = self.create_mailbox()
        self.assertEqual((self.reasons(mailbox), self.reasons(mailbox, 'warning')), (set(), set()))
        self.assertEqual(mailbox.findings_level, 'fine')

    def test_each_finding(self):
        tomorrow = fields.Date.today() + timedelta(days=1)
        for values, level, reason in [
            ({'address': False}, 'error', 'missing'),
            ({'phone': ' '}, 'error', 'missing'),
            ({'customer_type': False}, 'error', 'missing'),
            ({'holder_street': False}, 'error', 'missing'),
            ({'address': 'no address'}, 'error', 'address_form'),
            ({'address': "o'hara@testcert.legalmail.it"}, 'error', 'address_local'),
            ({'address': 'x@legalmail.it'}, 'error', 'address_domain'),
            ({'address': 'x@test.domiciliodigitale.com'}, 'error', 'address_domain'),
            ({'address': 'x@pec.example'}, 'warning', 'own_domain'),
            ({'mailbox_type': 'PECMASSIVA', 'address': 'x@test.domiciliodigitale.com'}, 'warning', 'bulk_mailbox'),
            ({'email': 'nobody'}, 'error', 'email_form'),
            ({'email': 'a@example.com; b@example.com'}, 'error', 'email_several'),
            ({'email': 'PEC: mario\u200b@pec.it'}, 'warning', 'email_certified'),
            ({'email': 'Mario <mario@example.com>'}, None, None),
            ({'phone': '06 12345678 / 340 1234518'}, 'error', 'mobile_several'),
            ({'phone': 'Tel. 06 12345678'}, None, None),
            ({'phone': '12'}, 'error', 'phone_form'),
            ({'phone': '06 1234567'}, None, None),
            ({'phone': '+41 79 123 45 67'}, None, None),
            ({'mobile': 'roma'}, 'error', 'mobile_characters'),
            ({'fiscal_code': 'RSSMRA80A01H501X'}, 'warning', 'code_check'),  # an error outside the sandbox
            ({'fiscal_code': 'nonsense'}, 'error', 'code_form'),
            ({'last_name': "Verdi", 'first_name': "Luigi"}, 'error', 'names_disagree'),
            ({'last_name': "Rossi;"}, 'warning', 'name_form'),
            ({'last_name': "Rossi srl"}, 'warning', 'name_form'),
            ({'first_name': "Mario1"}, 'warning', 'name_form'),
            ({'last_name': "Rossi-Bianchi"}, None, None),
            ({'fiscal_code': 'RSSMRA80A01A000C'}, 'warning', 'code_place'),
            ({'birth_date': date(1980, 1, 2)}, 'error', 'birth_date_differs'),
            ({'birth_date': date(1880, 1, 1)}, None, None),  # of the year the code holds two digits
            ({'birth_date': tomorrow}, 'error', 'birth_date_future'),
            ({'sex': 'F'}, 'error', 'sex_differs'),
            ({'birth_city': "Milano"}, 'warning', 'birth_place_differs'),
            ({'birth_city': "ROMA"}, None, None),
            ({'birth_province': 'MI'}, 'warning', 'place_elsewhere'),
            ({'birth_country': 'FR'}, 'warning', 'birth_place_differs'),
            ({'birth_country': 'France'}, 'error', 'country_form'),
            ({'birth_city': False}, 'warning', 'birth_place_missing'),
            ({'birth_province': 'Roma'}, 'error', 'province_form'),
            ({'holder_fiscal_code': '12345678910'}, 'warning', 'code_office'),
            ({'holder_fiscal_code': False}, 'error', 'holder_code_missing'),
            ({'holder_name': False}, 'error', 'holder_name_missing'),
            ({'holder_zip': '123'}, 'error', 'zip_form'),
            ({'holder_city': "00100 Roma"}, 'error', 'municipality_form'),
            ({'holder_province': 'Roma'}, 'error', 'province_form'),
            ({'holder_province': 'ZZ'}, 'warning', 'province_unknown'),
            ({'holder_province': 'MI'}, 'warning', 'place_elsewhere'),
            ({'holder_city': "Ostia"}, 'warning', 'place_hamlet'),
            ({'holder_city': "Rmoa"}, 'warning', 'place_misspelt'),
            ({'holder_city': "Mestre", 'holder_province': 'VE'}, 'warning', 'place_former'),
            ({'holder_city': "Bozen", 'holder_province': 'BZ'}, None, None),
            ({'holder_city': "Iglesias", 'holder_province': 'CI'}, None, None),
            ({'holder_country': 'CH', 'holder_zip': '8001', 'holder_province': 'ZH'}, None, None),
            ({'customer_subtype': False}, 'error', 'subtype_missing'),
            ({'customer_subtype': 'PA'}, 'error', 'subtype_wrong'),
            ({'customer_type': 'PV'}, 'error', 'subtype_wrong'),
            ({'customer_subtype': 'X'}, 'error', 'other_missing'),
            ({'customer_type': 'X', 'customer_subtype': False}, 'error', 'other_missing'),
            ({'customer_type': 'X', 'customer_subtype': False, 'customer_subtype_other': "Condominio"}, None, None),
            ({'document_type': 'PATENTE'}, 'warning', 'document_incomplete'),
            (
                {
                    'document_type': 'PATENTE', 'document_number': 'X1', 'document_issuer': "MIT",
                    'document_issued_on': date(2020, 1, 1),
                    'document_expiry': date(2021, 1, 1)}, 'error', 'document_expired'),
        ]:
            with self.subTest(**values):
                mailbox = self.create_mailbox(**values)
                if reason:
                    self.assertIn(reason, self.reasons(mailbox, level))
                else:
                    self.assertEqual(self.reasons(mailbox) | self.reasons(mailbox, 'warning'), set())
                if level == 'error':
                    self.assertEqual(mailbox.findings_level, 'error')
                    with self.assertRaisesRegex(UserError, "cannot be bought yet; nothing was spent"):
                        self.open_order(mailbox, 'mailbox_create')

    def test_the_right_places_by_a_button(self):
        mailbox = self.create_mailbox(holder_city="Milnao", holder_province='MI', birth_city="Ostia")
        self.assertEqual(mailbox.place_proposal, "Milano (MI), Roma (RM)")
        mailbox.with_user(self.user).action_take_places()
        self.assertEqual(
            (mailbox.holder_city, mailbox.holder_province, mailbox.birth_city, mailbox.birth_province),
            ("Milano", 'MI', "Roma", 'RM'))
        self.assertFalse(mailbox.place_proposal)

    def test_birth_in_what_is_no_more(self):
        """Cards and codes keep the municipality and the province of the day of birth."""
        for code, values in [
            ('RSSMRA70A01F704D', {'birth_city': "Monza", 'birth_province': 'MI'}),
            ('RSSMRA70A01D005P', {'birth_city': "Corigliano Calabro", 'birth_province': 'CS'}),
        ]:
            mailbox = self.create_mailbox(fiscal_code=code, birth_date=date(1970, 1, 1), sex='M', **values)
            self.assertFalse({
                reason for reason in self.reasons(mailbox) | self.reasons(mailbox, 'warning')
                if reason.startswith(('place', 'birth'))}, values)
            self.assertFalse(mailbox.place_proposal)

    def test_stricter_in_production(self):
        mailbox = self.create_mailbox(fiscal_code='RSSMRA80A01H501X', address='x@legalmail.it')
        self.company.openapi_pec_environment = 'production'
        self.assertEqual(self.reasons(mailbox), {'code_check'})

    def be_taken(self):
        """Have the service tell that the address is somebody else's: it is not in the account."""
        self.sandbox.fault(CHECK, 'error_before', times=-1, status=200, body={
            'success': True, 'message': '', 'error': None, 'data': {'available': False}})

    def test_taken(self):
        self.be_taken()
        mailbox = self.create_mailbox(address='presa@testcert.legalmail.it')
        with self.assertRaisesRegex(UserError, "taken already(.|\n)*|nothing was spent"):
            self.open_order(mailbox, 'mailbox_create')
        self.assertEqual((self.sandbox.requested(CHECK), self.sandbox.requested(BUY)), (1, 0))

    def test_taken_between_the_question_and_its_answer(self):
        mailbox = self.create_mailbox(address='presa@testcert.legalmail.it')
        order = self.open_order(mailbox, 'mailbox_create').create({})
        self.be_taken()
        with self.assertRaisesRegex(UserError, "taken already"):
            order.action_confirm()
        self.assertEqual(self.sandbox.requested(BUY), 0)

    def test_another_mailbox_here(self):
        mailbox = self.buy()
        twin = self.create_mailbox(address=mailbox.address)
        self.assertIn('address_here', self.reasons(twin))

    def test_the_service_does_not_tell(self):
        """That it cannot be asked beforehand stands in nobody's way: the purchase itself is refused, and costs nothing.
        """
        mailbox = self.create_mailbox()
        self.sandbox.fault(CHECK, 'error_before', status=500, times=-1)
        self.order(mailbox, 'mailbox_create')
        self.assertEqual(mailbox.state, 'registered')

    def test_own_domain(self):
        mailbox = self.create_mailbox(address='info@pec.example')
        self.assertTrue(mailbox.is_domain_unknown)
        mailbox.with_user(self.manager).action_look_up_domain()
        self.commit()
        self.assertEqual((self.sandbox.executed(DOMAIN), self.reasons(mailbox, 'warning')), (1, set()))
        self.assertIn('domain_certified', self.reasons(mailbox, 'fine'))
        self.order(mailbox, 'mailbox_create')
        self.assertEqual((mailbox.state, self.sandbox.requested(CHECK)), ('registered', 0))
        other = self.create_mailbox(address='info@pec.altrui.example')
        self.order(other, 'mailbox_create')
        self.assertEqual((other.state, other.call_state), ('draft', 'failed'))
        self.assertIn("belongs to somebody else", other.error_message)

    # ------------------------------------------------------------ choosing type and address

    def open_buy(self, partner=None, **values):
        action = (partner or self.partner).with_user(self.user).action_openapi_pec_buy()
        return self.env['openapi_pec.mailbox.purchase'].with_user(self.user).with_context(**action['context']).create(
            values)

    def test_wizard_proposals(self):
        self.sandbox.create_mailboxes(
            1, 'evasa', casella_pec='falegnameriaprova@test.domiciliodigitale.com', tipo_casella='DOMICILIODIGITALE')
        wizard = self.open_buy()
        proposals = {proposal['local_part']: proposal['is_free'] for proposal in wizard.proposals}
        self.assertFalse(proposals.pop('falegnameriaprova'))
        self.assertEqual(set(proposals.values()), {True})
        self.assertGreaterEqual(len(proposals), 2)
        self.assertEqual(
            (wizard.price, wizard.is_price_known, wizard.domain), (4.5, True, 'test.domiciliodigitale.com'))
        wizard.mailbox_type = 'BRONZE'
        self.assertEqual((wizard.is_price_known, wizard.domain), (False, 'testcert.legalmail.it'))
        self.assertTrue(all(proposal['is_free'] for proposal in wizard.proposals))
        self.assertIn("Silver", wizard.purpose)

    def test_wizard_availability(self):
        self.sandbox.create_mailboxes(
            1, 'evasa', casella_pec='presa@test.domiciliodigitale.com', tipo_casella='DOMICILIODIGITALE')
        for values, availability in [
            ({}, False),
            ({'local_part': 'libera'}, 'free'),
            ({'local_part': ' Libera '}, 'free'),
            ({'local_part': 'presa'}, 'taken'),
            ({'local_part': 'non valida'}, 'wrong'),
            ({'local_part': '.x'}, 'wrong'),
            ({'local_part': 'x', 'mailbox_type': 'PECMASSIVA'}, 'unknown'),
            ({'local_part': 'x', 'has_own_domain': True, 'own_domain': 'pec.example'}, 'unknown'),
            ({'local_part': 'x', 'has_own_domain': True, 'own_domain': 'nonsense'}, 'wrong'),
        ]:
            with self.subTest(**values):
                wizard = self.open_buy(**values)
                self.assertEqual(wizard.availability, availability)
                self.assertEqual(bool(wizard.availability_sentence), bool(availability))
                if availability in ('free', 'unknown'):
                    mailbox = self.env['openapi_pec.mailbox'].browse(wizard.action_prepare()['res_id'])
                    self.assertEqual(
                        (mailbox.address, mailbox.partner_id, mailbox.state), (wizard.address, self.partner, 'draft'))
                    self.assertEqual(mailbox.mailbox_type, wizard.mailbox_type)
                else:
                    with self.assertRaisesRegex(UserError, "Nothing was sent or spent"):
                        wizard.action_prepare()
        self.assertEqual(self.sandbox.requested(BUY), 0)

    def test_wizard_without_an_account(self):
        self.company.openapi_pec_token = False
        wizard = self.open_buy(local_part='libera')
        self.assertEqual(wizard.availability, 'unknown')
        self.assertEqual({proposal['is_free'] for proposal in wizard.proposals}, {None})

    def test_wizard_while_the_service_is_down(self):
        self.sandbox.fault(CHECK, 'error_before', status=500, times=-1)
        wizard = self.open_buy(local_part='libera')
        self.assertEqual(wizard.availability, 'unknown')
        wizard.action_prepare()

    def test_prices(self):
        prices = self.env['openapi_pec.price']
        self.assertEqual(prices._get('mailbox_create', 'GOLD'), 64)
        self.assertIsNone(prices._get('mailbox_create', 'SILVER'))
        self.assertEqual(prices._get('mailbox_revoke', 'GOLD'), 0)
        prices.create([
            {'operation': 'mailbox_create', 'mailbox_type': 'GOLD', 'amount': 70, 'seen_on': '2027-01-01'},
            {'operation': 'mailbox_renew', 'amount': 20, 'seen_on': '2027-01-01'},
        ])
        self.assertEqual(prices._get('mailbox_create', 'GOLD'), 70)
        mailbox = self.buy_active()
        order = self.open_order(mailbox, 'mailbox_renew').create({'years': '3'})
        self.assertEqual(
            (order.price, order.is_price_known, order.new_expiry.year), (60, True, mailbox.expires_on.year + 3))
