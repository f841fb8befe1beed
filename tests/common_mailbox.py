"""Helpers of the tests of mailboxes."""
import base64
import io

from reportlab.pdfgen.canvas import Canvas

from .common import PecCase

BUY = 'POST /pec'
MAILBOXES = 'GET /pec'
MAILBOX = 'GET /pec/{id}'
CHECK = 'GET /verifica_pec/{pec}'
ACTIVATE = 'PATCH /pec/{id}/attivazione'
MODIFY = 'PATCH /pec/{id}/modifica'
TRANSFORM = 'PATCH /pec/{id}/trasformazione'
STORE = 'PATCH /pec/{id}/conservazione'
USER = 'POST /pec/{id}/multiutenza'
RENEW = 'GET /pec/{id}/rinnovo'
REVOKE = 'DELETE /pec/{id}'
ACTIVATION_FORM = 'GET /pec/{id}/modulo_attivazione'
STORAGE_FORM = 'GET /pec/{id}/modulo_conservazione'

# The body of BUY in the specification, without the url of a client.
BODY = {
    'casella_pec': 'yourpec@testcert.legalmail.it', 'tipo_casella': 'bronze', 'tipo_cliente': 'PV',
    'sottotipo_cliente': '', 'sottotipo_cliente_altro': '', 'nome_richiedente': 'mario', 'cognome_richiedente': 'rossi',
    'email': 'mail@domain.com', 'telefono': '0548798569', 'codice_fiscale_richiedente': 'RSSXXXXXXXX56E',
    'data_nascita_richiedente': '11/04/1982', 'sesso_richiedente': 'M', 'nazione_nascita_richiedente': 'it',
    'provincia_nascita_richiedente': 'RM', 'denominazione_titolare': '', 'cf_piva_titolare': '',
    'indirizzo_titolare': 'via verdi 20', 'comune_titolare': 'roma', 'cap_titolare': '00042', 'nazione_titolare': 'it',
    'provincia_titolare': 'rm',
}

DOMAINS = {'DOMICILIODIGITALE': 'test.domiciliodigitale.com', 'PECMASSIVA': 'test.domiciliodigitale.com'}
# What is asked for of each operation that changes a mailbox, as it is filled in.
ORDERS = {
    'mailbox_modify': {'disk_space': 1024},
    'mailbox_transform': {'new_type': 'GOLD'},
    'mailbox_user': {
        'first_name': "Luca", 'last_name': "Bianchi", 'description': "prima utenza", 'email': 'luca@example.com'},
    'mailbox_renew': {'years': '2'},
    'mailbox_revoke': {},
}


def make_pdf(text="Un documento"):
    """Return a PDF of one page with a text on it, as bytes."""
    output = io.BytesIO()
    canvas = Canvas(output, pageCompression=0)
    canvas.drawString(72, 700, text)
    canvas.save()
    return output.getvalue()


class MailboxCase(PecCase):
    """A company, its representative, and drafts of mailboxes that can be bought."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner.write({'street': "Via delle Prove 1", 'zip': "00100"})

    def create_mailbox(self, mailbox_type='STANDARD', **values):
        """Make a draft that nothing stands against."""
        number = self.env['openapi_pec.mailbox'].search_count([])
        domain = DOMAINS.get(mailbox_type, 'testcert.legalmail.it')
        return self.env['openapi_pec.mailbox'].create({
            'partner_id': self.partner.id, 'user_id': self.manager.id, 'mailbox_type': mailbox_type,
            'customer_subtype': 'ED', 'address': f'falegnameria{number}@{domain}', **values,
        })

    def open_order(self, mailbox, operation):
        """Press the button of an operation; return its question, not filled in yet."""
        button = getattr(mailbox.with_user(self.manager), {
            'mailbox_create': 'action_open_buy', 'mailbox_modify': 'action_open_modify',
            'mailbox_transform': 'action_open_transform',
            'mailbox_store': 'action_open_store', 'mailbox_user': 'action_open_user',
            'mailbox_renew': 'action_open_renew',
            'mailbox_revoke': 'action_open_revoke',
        }[operation])
        action = button()
        return self.env[action['res_model']].with_user(self.manager).with_context(**action['context'])

    def order(self, mailbox, operation, **values):
        """Press the button, fill in the question, confirm it, and let what follows the commit happen."""
        if operation == 'mailbox_revoke':
            values.setdefault('typed_address', mailbox.address)
        self.open_order(mailbox, operation).create({**ORDERS.get(operation, {}), **values}).action_confirm()
        self.commit()

    def buy(self, mailbox_type='STANDARD', **values):
        """Make a draft and buy it."""
        mailbox = self.create_mailbox(mailbox_type, **values)
        self.order(mailbox, 'mailbox_create')
        self.assertEqual(mailbox.state, 'registered', mailbox.error_message)
        return mailbox

    def attach_documents(self, mailbox):
        """Upload a signed form and an identity document."""
        for name in ('signed_form', 'identity_document'):
            mailbox.with_user(self.user).write({name: self.encode(make_pdf(name)), f'{name}_filename': f'{name}.pdf'})

    @staticmethod
    def encode(content):
        return base64.b64encode(content)

    def activate(self, mailbox):
        """Send the documents of a registered mailbox, and let the provider activate it."""
        self.run_cron('mailboxes')
        self.attach_documents(mailbox)
        mailbox.with_user(self.user).action_send_documents()
        self.commit()
        self.assertEqual(mailbox.state, 'activating', mailbox.error_message)
        self.sandbox.change_mailboxes(stato='evasa')
        self.run_cron('mailboxes')
        self.assertEqual(mailbox.state, 'active')

    def buy_active(self, mailbox_type='STANDARD', **values):
        """Buy a mailbox and bring it to where it can be used."""
        mailbox = self.buy(mailbox_type, **values)
        self.activate(mailbox)
        return mailbox

    def look_again_at(self, mailbox):
        """Synchronise after the pause between the two looks."""
        lines = mailbox.sudo().api_call_ids.filtered('looked_at')
        self.env.cr.execute(
            "UPDATE openapi_pec_api_call SET looked_at = looked_at - interval '10 minutes' WHERE id = ANY(%s)",
            [lines.ids])
        self.env.invalidate_all()
        self.run_cron('mailboxes')
