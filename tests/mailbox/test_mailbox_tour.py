from datetime import date

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..common_mailbox import ACTIVATE, BUY, MODIFY, RENEW, REVOKE, STORE, USER, MailboxCase, make_pdf
from ..service.test_tour import TourMixin


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestMailboxTour(TourMixin, MailboxCase, HttpCase):
    """A person's way with a mailbox, in Chromium, with the sandbox API behind it."""

    def serve(self, name, content):
        """Let the browser fetch a file as the person's own."""
        self.env['ir.attachment'].create(
            {'name': name, 'url': f'/openapi_pec_tour/{name}', 'public': True, 'raw': content})

    def test_buy_activate_communicate(self):
        self.partner.openapi_pec_email = False
        self.sandbox.settings(step=1)
        self.sandbox.create_mailboxes(1, 'evasa', casella_pec='presa@testcert.legalmail.it')
        self.serve('form.pdf', make_pdf("Form, signed by hand"))
        self.serve('identity.pdf', make_pdf("Identity card"))
        self.start_tour(f'/odoo/contacts/{self.partner.id}', 'openapi_pec_buy_mailbox', login=self.manager.login)
        mailbox = self.partner.openapi_pec_mailbox_ids
        self.assertEqual((mailbox.state, mailbox.mailbox_type, mailbox.customer_subtype), ('active', 'STANDARD', 'ED'))
        self.assertEqual((self.sandbox.executed(BUY), self.sandbox.executed(ACTIVATE)), (1, 1))
        filing = mailbox.communication_ids
        self.assertEqual((filing.partner_id, filing.pec_email, filing.state), (self.partner, mailbox.address, 'draft'))
        self.assertEqual(self.partner.openapi_pec_email, mailbox.address)
        self.assertIn("bought", self.messages(self.partner))

    def take_over(self, **template):
        """Return an active mailbox that was bought elsewhere."""
        [remote_id] = self.sandbox.create_mailboxes(
            1, 'evasa', casella_pec='casella@testcert.legalmail.it', data_scadenza='24/11/2090', **template)
        mailbox = self.env['openapi_pec.mailbox'].create({
            'address': 'casella@testcert.legalmail.it', 'remote_id': remote_id, 'environment': 'sandbox',
            'state': 'active', 'partner_id': self.partner.id, 'user_id': self.manager.id})
        mailbox.action_refresh()
        return mailbox

    def test_renew(self):
        mailbox = self.take_over()
        mailbox.user_id = self.user
        self.start_tour(f'/odoo/pec-mailboxes/{mailbox.id}', 'openapi_pec_renew_mailbox', login=self.manager.login)
        self.assertEqual(
            (mailbox.expires_on, self.sandbox.executed(RENEW), self.sandbox.requested(RENEW)),
            (date(2092, 11, 24), 1, 1))
        self.assertEqual(mailbox.sudo().api_call_ids.user_id, self.manager, "who clicked, not who follows the mailbox")

    def test_revoke(self):
        mailbox = self.take_over()
        self.partner.openapi_pec_email = mailbox.address
        filing = self.create_filing(pec_email=mailbox.address, state='completed', environment='sandbox')
        with mute_logger('odoo.http'):  # of the address that is not the right one
            self.start_tour(f'/odoo/pec-mailboxes/{mailbox.id}', 'openapi_pec_revoke_mailbox', login=self.manager.login)
        self.assertEqual(
            (mailbox.state, self.sandbox.executed(REVOKE), self.sandbox.requested(REVOKE)), ('revoked', 1, 1))
        self.assertFalse(self.partner.openapi_pec_email)
        self.assertIn("does not go away by itself", self.messages(filing))

    def test_same_user_and_legal_storage(self):
        """The same user asks for a reason; legal storage is wanted and given up, with what was uploaded for it."""
        mailbox = self.take_over(tipo_casella='STANDARD')
        self.serve('form.pdf', make_pdf("Form, signed by hand"))
        user = {
            'first_name': "Luca", 'last_name': "Bianchi", 'description': "prima utenza", 'email': 'luca@example.com'}
        self.order(mailbox, 'mailbox_user', **user)
        self.start_tour(f'/odoo/pec-mailboxes/{mailbox.id}', 'openapi_pec_share_mailbox', login=self.manager.login)
        self.assertEqual((mailbox.user_count, self.sandbox.executed(USER), self.sandbox.requested(USER)), (2, 2, 2))
        self.assertIn("The reason: For the other office", self.messages(mailbox))
        self.assertEqual((mailbox.is_storage_wanted, mailbox.form_kind, mailbox.signed_form), (False, False, False))
        self.assertEqual((self.sandbox.requested(MODIFY), self.sandbox.requested(STORE)), (0, 0))
