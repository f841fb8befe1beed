"""Helpers of the tests that go through every operation on mailboxes that has a side effect."""
import contextlib

from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module

from .common_mailbox import ACTIVATE, BUY, MODIFY, RENEW, REVOKE, STORE, TRANSFORM, USER, MailboxCase

# Each operation of the journal, and of the API.
OPERATIONS = {
    'mailbox_create': BUY, 'mailbox_activate': ACTIVATE, 'mailbox_modify': MODIFY, 'mailbox_transform': TRANSFORM,
    'mailbox_store': STORE, 'mailbox_user': USER, 'mailbox_renew': RENEW, 'mailbox_revoke': REVOKE,
}
CHANGES = tuple(operation for operation in OPERATIONS if operation != 'mailbox_create')
PAID = tuple(operation for operation in OPERATIONS if operation not in ('mailbox_activate', 'mailbox_revoke'))


class OperationsCase(MailboxCase):
    """Mailboxes that are ready for any one operation, each in a service of its own."""

    def setUp(self):
        super().setUp()
        self.patch(client_module, 'READ_PAUSES', ())

    def begin(self, operation):
        """Empty the service, and make a mailbox that is ready for an operation; return it."""
        # those of earlier services are followed no more
        self.env['openapi_pec.mailbox'].search([('environment', '!=', False)]).write({'environment': False})
        self.company._openapi_pec_resume()
        self.sandbox.reset()
        if operation == 'mailbox_create':
            return self.create_mailbox()
        mailbox = self.take_over('registrata' if operation == 'mailbox_activate' else 'evasa')
        if operation == 'mailbox_store':
            mailbox.with_user(self.user).action_want_storage()
        if operation in ('mailbox_activate', 'mailbox_store'):
            self.attach_documents(mailbox)
        return mailbox

    def take_over(self, stato='evasa', **template):
        """Make a mailbox at the service that Odoo knows everything about; return it."""
        number = self.env['openapi_pec.mailbox'].search_count([])
        template = {'casella_pec': f'presa{number}@testcert.legalmail.it', 'tipo_casella': 'STANDARD', **template}
        [remote_id] = self.sandbox.create_mailboxes(1, stato, **template)
        mailbox = self.env['openapi_pec.mailbox'].create({
            'address': template['casella_pec'], 'remote_id': remote_id, 'environment': 'sandbox',
            'partner_id': self.partner.id, 'user_id': self.manager.id, 'mailbox_type': template['tipo_casella'],
            'state': 'registered',
        })
        mailbox.action_refresh()
        self.assertEqual(mailbox.remote_state, stato)
        mailbox._drop_activities()
        return mailbox

    def open(self, mailbox, operation, **more):
        """Press the button, fill in the question, with ``more`` if need be; return a function that confirms it."""
        if operation == 'mailbox_activate':
            return mailbox.with_user(self.user).action_send_documents
        values = {
            'mailbox_modify': {'disk_space': 1024}, 'mailbox_transform': {'new_type': 'GOLD'},
            'mailbox_store': {'new_space': 1024},
            'mailbox_user': {
                'first_name': "Luca", 'last_name': "Bianchi", 'description': "prima utenza",
                'email': 'luca@example.com'},
            'mailbox_renew': {'years': '2'}, 'mailbox_revoke': {'typed_address': mailbox.address},
        }.get(operation, {})
        return self.open_order(mailbox, operation).create({**values, **more}).action_confirm

    def ask(self, mailbox, operation, **more):
        """Press the button, confirm, and let what follows the commit happen."""
        self.open(mailbox, operation, **more)()
        self.commit()

    @contextlib.contextmanager
    def short_time(self):
        """Let the client wait no longer than two seconds at all."""
        usual = client_module.READ_TIMEOUT, client_module.CALL_TIMEOUT
        client_module.READ_TIMEOUT, client_module.CALL_TIMEOUT = 1.5, 2.0
        try:
            yield
        finally:
            client_module.READ_TIMEOUT, client_module.CALL_TIMEOUT = usual

    def line_states(self, mailbox):
        """Return the states of the calls of a mailbox, the newest first."""
        return mailbox.sudo().api_call_ids.mapped('state')

    def assert_counts(self, operation, executed, requested):
        """So many calls of an operation took effect, of so many that arrived, and none of any other."""
        stats = self.sandbox.stats()
        counts = [(stats['executed'].get(name, 0), stats['requests'].get(name, 0)) for name in OPERATIONS.values()]
        expected = [(executed, requested) if key == operation else (0, 0) for key in OPERATIONS]
        self.assertEqual(counts, expected)

    def assert_applied(self, mailbox, operation):
        """What was asked for is there: the record says so, and the service too."""
        self.assertEqual(
            (mailbox.call_state, mailbox.operation, mailbox.request, mailbox.error_message, mailbox.candidates),
            (False,) * 5)
        [remote] = [row for row in self.sandbox.mailboxes() if row['casella_pec'] == mailbox.address]
        self.assertEqual(mailbox.remote_id, remote['id'])
        [line] = mailbox.sudo().api_call_ids[:1]
        self.assertEqual((line.operation, line.state, line.remote_id), (operation, 'accepted', remote['id']))
        self.assertTrue(line.ended_at)
        found = {
            'mailbox_create': lambda: (mailbox.state, remote['stato']),
            'mailbox_activate': lambda: (mailbox.state, len(remote['documents']['attivazione']), mailbox.signed_form),
            'mailbox_modify': lambda: (mailbox.disk_space, remote['spazio_disco']),
            'mailbox_transform': lambda: (mailbox.mailbox_type, remote['tipo_casella']),
            'mailbox_store': lambda: (
                mailbox.has_storage, mailbox.storage_space, len(remote['documents']['conservazione']),
                mailbox.signed_form),
            'mailbox_user': lambda: (mailbox.mailbox_user_ids.mapped('email'), len(remote['multiutenza'])),
            'mailbox_renew': lambda: (
                mailbox.expires_on.strftime('%d/%m/%Y'), mailbox.expires_on.year - mailbox.activated_on.year),
            'mailbox_revoke': lambda: (mailbox.state, remote['stato']),
        }[operation]()
        self.assertEqual(found, {
            'mailbox_create': ('registered', 'registrata'),
            'mailbox_activate': ('activating', 2, False),
            'mailbox_modify': (2048, 2048),
            'mailbox_transform': ('GOLD', 'GOLD'),
            'mailbox_store': (True, 1024, 2, False),
            'mailbox_user': (['luca@example.com'], 1),
            'mailbox_renew': (remote['data_scadenza'], 3),
            'mailbox_revoke': ('revoked', 'revocata'),
        }[operation])
