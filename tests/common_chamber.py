"""Mail as chambers, providers of certified mail and strangers may write it; none of it is genuine."""
from email.message import EmailMessage

from odoo.tests import new_test_user

from .common import PecCase

CODE, PERSON_CODE, FOREIGN_CODE = '12485671007', 'RSSMRA80A01H501U', '00743110157'
CHAMBER = 'cciaa@rm.legalmail.camcom.it'
DOMAIN = 'studio.example'
DATA = """<?xml version="1.0" encoding="{encoding}"?>
<postacert tipo="{kind}" errore="{error}"><intestazione><mittente>{sender}</mittente>
<destinatari tipo="certificato">studio@pec.example</destinatari><risposte>{sender}</risposte>
<oggetto>{subject}</oggetto></intestazione><dati><gestore-emittente>InfoCert S.p.A.</gestore-emittente>
<data zona="+0100"><giorno>05/11/2026</giorno><ora>00:10:30</ora></data><identificativo>x</identificativo></dati>
</postacert>"""


def write_mail(text="", subject="Pratica telematica", html=None, sender=f'Camera di Commercio <{CHAMBER}>',
               to=f'camera@{DOMAIN}', name='notice-1', files=()):
    """Return a message (EmailMessage).

    :param files: ``(name, content, subtype)`` of application.
    """
    mail = EmailMessage()
    mail['Subject'], mail['From'], mail['To'], mail['Message-ID'] = subject, sender, to, f'<{name}@mail.example>'
    mail['Date'] = 'Thu, 05 Nov 2026 10:00:00 +0100'
    if text or not html:
        mail.set_content(text)
    if html:
        (mail.add_alternative if text else mail.set_content)(html, subtype='html')
    for file_name, content, subtype in files:
        mail.add_attachment(content, maintype='application', subtype=subtype, filename=file_name)
    return mail


def write_data(kind='posta-certificata', sender=CHAMBER, subject="x", error='nessuno', encoding='UTF-8'):
    """Return a ``daticert.xml`` (bytes)."""
    return DATA.format(
        kind=kind, sender=sender, subject=subject, error=error, encoding=encoding).encode(encoding)


def wrap(mail, transport='posta-certificata', data=None, name='envelope-1', to=f'camera@{DOMAIN}', is_signed=True):
    """Return a message in the envelope of a provider of certified mail (EmailMessage).

    :param bytes data: its ``daticert.xml``; by default that of a chamber. With ``b''`` there is none.
    """
    envelope = EmailMessage()
    envelope['Subject'] = f"POSTA CERTIFICATA: {mail['Subject']}"
    if transport == 'errore':
        envelope.replace_header('Subject', f"ANOMALIA MESSAGGIO: {mail['Subject']}")
    envelope['From'], envelope['To'] = f'"Per conto di: {CHAMBER}" <posta-certificata@legalmail.it>', to
    envelope['Message-ID'], envelope['X-Trasporto'] = f'<{name}@legalmail.example>', transport
    envelope['Date'] = 'Thu, 05 Nov 2026 00:10:31 +0100'
    envelope.set_content("Messaggio di posta certificata. Il messaggio originale è incluso in allegato.\n")
    data = write_data() if data is None else data
    if data:
        envelope.add_attachment(data, maintype='application', subtype='xml', filename='daticert.xml')
    envelope.add_attachment(mail, filename='postacert.eml')
    if not is_signed:
        return envelope
    signed = EmailMessage()
    for key, value in envelope.items():
        if not key.lower().startswith(('content-', 'mime-')):
            signed[key] = value
            del envelope[key]
    signed['MIME-Version'] = '1.0'
    signed['Content-Type'] = 'multipart/signed; protocol="application/x-pkcs7-signature"; micalg=sha256'
    signature = EmailMessage()
    signature.set_content(b'0\x82', maintype='application', subtype='x-pkcs7-signature', filename='smime.p7s')
    signed.set_payload([envelope, signature])
    return signed


def write_receipt(kind='accettazione'):
    """Return a receipt of certified mail (EmailMessage)."""
    mail = write_mail(
        f"Ricevuta: il messaggio \"Pratica {CODE} evasa\" è stato accettato.", f"ACCETTAZIONE: Pratica {CODE} evasa",
        sender='posta-certificata@legalmail.it', name=f'receipt-{kind}',
        files=[('daticert.xml', write_data(kind), 'xml')])
    mail['X-Ricevuta'] = kind
    return mail


class ChamberCase(PecCase):
    """A company with an address for the chamber's mail, and a filing that was delivered to the chamber."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.alias_domain_id = cls.env['mail.alias.domain'].create({'name': DOMAIN})
        cls.company._openapi_pec_set_chamber_alias('camera')
        cls.filing = cls.create_delivered()
        cls.messages_model = cls.env['openapi_pec.chamber_message']

    @classmethod
    def create_delivered(cls, **values):
        """Make a filing that was delivered to the chamber, which has not answered yet."""
        filing = cls.create_filing(**values)
        filing.write({'environment': 'production', 'state': 'completed'})
        return filing

    def deliver(self, mail):
        """Give a message to Odoo's mail gateway, as a program would; return what became of it here.

        :param mail: EmailMessage, or bytes.
        """
        before = self.messages_model.search([])
        raw = mail if isinstance(mail, bytes) else mail.as_bytes()
        self.env['mail.thread'].with_user(self.env.ref('base.user_root')).message_process(None, raw)
        return self.messages_model.search([]) - before

    def tell(self, text, **options):
        """Deliver certified mail of the chamber with some text about the company."""
        number = self.messages_model.search_count([])
        return self.deliver(wrap(
            write_mail(f"Impresa FALEGNAMERIA PROVA S.R.L., C.F. {CODE}. {text}", name=f'told-{number}', **options),
            name=f'wrapped-{number}'))

    def make_stranger(self):
        """Make another company with an address of its own, and a manager who works there alone."""
        other = self.env['res.company'].create(
            {'name': "Altra S.r.l.", 'alias_domain_id': self.company.alias_domain_id.id})
        other._openapi_pec_set_chamber_alias('altra')
        return new_test_user(
            self.env, 'pec_stranger', 'base.group_user,base.group_partner_manager,l10n_it_openapi_pec.group_manager',
            company_id=other.id, company_ids=[(6, 0, other.ids)])
