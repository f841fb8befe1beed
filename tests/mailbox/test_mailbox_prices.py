from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from ..common_mailbox import BUY, RENEW, MailboxCase, make_pdf
from ..service.test_tour import TourMixin


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestMailboxPrices(MailboxCase):
    """What is paid is known before the click: from the prices as last seen, or typed by who buys."""

    def begin(self):
        """Return a draft that is bought with money, of a type whose price is known to nobody."""
        self.company.openapi_pec_environment = 'production'
        return self.create_mailbox('BRONZE', address='falegnameria.bronze@legalmail.it')

    def get_lines(self, mailbox):
        return [
            (line.operation, line.price, line.is_price_known, line.money)
            for line in mailbox.sudo().api_call_ids.sorted('id')]

    def test_typed_by_who_buys(self):
        mailbox = self.begin()
        question = self.open_order(mailbox, 'mailbox_create').create({})
        self.assertEqual((question.is_price_known, question.is_price_wanted), (False, True))
        for amount in (0, -1, 1e9):
            question.typed_price = amount
            with self.assertRaisesRegex(UserError, "type the total.*Nothing was sent or spent"):
                question.action_confirm()
        self.assertFalse(self.sandbox.requested(BUY))
        question.typed_price = 23.5
        question.action_confirm()
        self.commit()
        self.assertEqual(mailbox.state, 'registered', mailbox.error_message)
        self.assertEqual(self.get_lines(mailbox), [('mailbox_create', 23.5, True, 'paid')])
        self.assertEqual(mailbox.sudo().api_call_ids.spent, 23.5)
        price = self.env['openapi_pec.price']._find('mailbox_create', 'BRONZE')
        self.assertEqual((price.amount, price.seen_on), (23.5, fields.Date.today()))
        self.assertIn(self.manager.name, price.source)

        mailbox = self.create_mailbox('BRONZE', address='falegnameria.bronze2@legalmail.it')
        self.assertEqual(
            (mailbox.price, mailbox.is_price_known, mailbox.price_seen_on), (23.5, True, fields.Date.today()))
        question = self.open_order(mailbox, 'mailbox_create').create({})
        self.assertEqual((question.price, question.is_price_wanted), (23.5, False))
        question.action_confirm()
        self.commit()
        self.assertEqual(self.get_lines(mailbox), [('mailbox_create', 23.5, True, 'paid')])

    def test_renewal_of_several_years(self):
        """The total is typed; the price of a year is kept."""
        self.company.openapi_pec_environment = 'production'
        [remote_id] = self.sandbox.create_mailboxes(
            1, 'evasa', casella_pec='casella@legalmail.it', tipo_casella='SILVER', data_scadenza='24/11/2090')
        mailbox = self.env['openapi_pec.mailbox'].create({
            'address': 'casella@legalmail.it', 'remote_id': remote_id, 'environment': 'production', 'state': 'active',
            'mailbox_type': 'SILVER', 'partner_id': self.partner.id, 'user_id': self.manager.id})
        self.order(mailbox, 'mailbox_renew', years='3', typed_price=90)
        self.assertEqual(self.sandbox.executed(RENEW), 1)
        self.assertEqual(self.get_lines(mailbox), [('mailbox_renew', 90, True, 'paid')])
        self.assertEqual(self.env['openapi_pec.price']._get('mailbox_renew', 'SILVER'), 30)
        self.order(mailbox, 'mailbox_modify', typed_price=12)  # of which a table cannot tell the price
        self.assertEqual(self.get_lines(mailbox)[1:], [('mailbox_modify', 12, True, 'paid')])
        self.assertIsNone(self.env['openapi_pec.price']._get('mailbox_modify', 'SILVER'))

    def test_nothing_is_typed_where_nothing_is_paid(self):
        mailbox = self.buy('BRONZE')
        self.assertEqual(self.get_lines(mailbox), [('mailbox_create', 0, False, 'nothing')])

    def test_listed_in_one_place(self):
        """Each kind of purchase has a line; what is not known has no day, and gets one with its amount."""
        prices = self.env['openapi_pec.price'].with_user(self.manager)
        unknown = prices.search([('seen_on', '=', False)])
        self.assertIn(('mailbox_create', 'BRONZE'), [(price.operation, price.mailbox_type) for price in unknown])
        self.assertNotIn(('mailbox_create', 'GOLD'), [(price.operation, price.mailbox_type) for price in unknown])
        count = len(prices.search([]))
        prices._ask_for_unknown()
        self.assertEqual(len(prices.search([])), count)
        bronze = unknown.filtered(lambda price: (price.operation, price.mailbox_type) == ('mailbox_create', 'BRONZE'))
        bronze.amount = 21
        self.assertEqual((bronze.seen_on, prices._get('mailbox_create', 'BRONZE')), (fields.Date.today(), 21))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestMailboxInUse(MailboxCase):
    """What there is to do with a mailbox that is active, and who sees with what it is entered."""

    def test_webmail(self):
        for mailbox_type, webmail in (
                ('STANDARD', 'https://webmail.infocert.it'), ('DOMICILIODIGITALE', False), (False, False)):
            self.assertEqual(self.create_mailbox(mailbox_type).webmail, webmail)

    def test_credentials_are_for_managers(self):
        mailbox = self.buy_active()
        self.assertTrue(mailbox.with_user(self.manager).activation_code)
        mailbox.invalidate_recordset()
        names = ['userid', 'activation_code']
        form = self.env.ref('l10n_it_openapi_pec.view_mailbox_form')
        for user, is_shown in ((self.manager, True), (self.user, False)):
            mailboxes = self.env['openapi_pec.mailbox'].with_user(user)
            arch = mailboxes.get_view(form.id)['arch']
            self.assertEqual([f'name="{name}"' in arch for name in names], [is_shown] * 2)
            self.assertEqual([name in mailboxes.fields_get() for name in names], [is_shown] * 2)
        for name in names:
            with self.assertRaises(AccessError):
                mailbox.with_user(self.user).read([name])
        mailbox.with_user(self.user).action_refresh()  # which keeps them all the same
        self.assertTrue(mailbox.with_user(self.manager).activation_code)

    def open_purchase(self, user, **values):
        return self.env['openapi_pec.mailbox.purchase'].with_user(user).create({
            'partner_id': self.partner.id, 'company_id': self.company.id, 'mailbox_type': 'STANDARD', **values})

    def test_drafts_are_not_multiplied(self):
        """The draft that one has begun another one goes on with."""
        draft = self.env['openapi_pec.mailbox'].browse(
            self.open_purchase(self.user, local_part='una').action_prepare()['res_id'])
        again = self.open_purchase(self.manager, local_part='Una')
        self.assertEqual(again.draft_names, draft.address)
        self.assertEqual(again.action_prepare()['res_id'], draft.id)
        self.assertEqual(again.action_open_drafts()['res_id'], draft.id)
        self.assertNotEqual(self.open_purchase(self.manager, local_part='altra').action_prepare()['res_id'], draft.id)
        self.assertEqual(self.env['openapi_pec.mailbox'].search_count([('partner_id', '=', self.partner.id)]), 2)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestMailboxPriceTour(TourMixin, MailboxCase, HttpCase):
    """A mailbox is bought at a price that nobody has noted yet, in Italian, in Chromium."""

    def test_unknown_price(self):
        self.env['res.lang']._activate_lang('it_IT')
        self.env['ir.module.module']._load_module_terms(['base', 'web', 'l10n_it_openapi_pec'], ['it_IT'])
        self.manager.lang = 'it_IT'
        self.company.openapi_pec_environment = 'production'
        self.sandbox.settings(step=1)
        for name in ('form', 'identity'):
            self.env['ir.attachment'].create({
                'name': name, 'url': f'/openapi_pec_tour/{name}.pdf', 'public': True, 'raw': make_pdf(name)})
        self.start_tour(f'/odoo/contacts/{self.partner.id}', 'openapi_pec_unknown_price', login=self.manager.login)
        mailbox = self.partner.openapi_pec_mailbox_ids
        self.assertEqual((mailbox.mailbox_type, mailbox.state, self.sandbox.executed(BUY)), ('BRONZE', 'active', 1))
        [line] = mailbox.sudo().api_call_ids.filtered(lambda line: line.operation == 'mailbox_create')
        self.assertEqual((line.price, line.is_price_known, line.spent), (23.5, True, 23.5))
        self.assertEqual(self.env['openapi_pec.price']._get('mailbox_create', 'BRONZE'), 23.5)
