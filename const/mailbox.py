"""Tables of mailboxes: types, states, operations, the request, and what is found."""
from typing import NamedTuple

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__, default_lang='en_US')

LEGALMAIL = {'production': 'legalmail.it', 'sandbox': 'testcert.legalmail.it'}
DOMICILIO = {'production': 'domiciliodigitale.com', 'sandbox': 'test.domiciliodigitale.com'}

# The specification names no domain of its sandbox for these; the other one of that platform is proposed.
MASSIVA = {'production': 'pecmassiva.com', 'sandbox': 'test.domiciliodigitale.com'}


class MailboxType(NamedTuple):
    """What a type of mailbox (*tipo_casella*) allows.

    :param dict domains: environment -> domain of its addresses, unless the customer has a certified domain.
    :param int rank: an upgrade leads to a higher one; 0 has no upgrades, no more space, no users, no legal storage.
    :param purpose: what it is for.
    """
    domains: dict
    rank: int
    purpose: object


TYPES = {
    'DOMICILIODIGITALE': MailboxType(DOMICILIO, 0, _lt(
        "For one person or a small company that sends and receives little: 1 GB and an archive of 1 GB. It cannot be "
        "enlarged, upgraded or shared.")),
    'STANDARD': MailboxType(LEGALMAIL, 1, _lt(
        "For everyday use. Space, users and legal storage can be added, and it can be upgraded to any of the "
        "following.")),
    'BRONZE': MailboxType(LEGALMAIL, 2, _lt("For more messages than Standard takes. It can be upgraded to Silver or "
                                            "Gold.")),
    'SILVER': MailboxType(
        LEGALMAIL, 3, _lt("For offices that use it daily and keep much. It can be upgraded to Gold.")),
    'GOLD': MailboxType(LEGALMAIL, 4, _lt("The largest Legalmail: for whoever receives and keeps most.")),
    'PECMASSIVA': MailboxType(MASSIVA, 0, _lt(
        "For sending in bulk, thousands of messages a day, each of which costs. It is not made for being a digital "
        "domicile.")),
}

TYPE_LABELS = [
    ('DOMICILIODIGITALE', "Domicilio Digitale"), ('STANDARD', "Legalmail Standard"), ('BRONZE', "Legalmail Bronze"),
    ('SILVER', "Legalmail Silver"), ('GOLD', "Legalmail Gold"), ('PECMASSIVA', "PEC Massiva"),
]

EXTENSIBLE_TYPES = tuple(code for code, mailbox_type in TYPES.items() if mailbox_type.rank)

# `stato` of the API -> our state.
STATE_BY_STATO = {
    'registrata': 'registered',
    'in_evasione': 'activating',
    'documenti_errati': 'documents_wrong',
    'evasa': 'active',
    'revocata': 'revoked',
    'chiusa': 'closed',
    'registrazione_annullata': 'annulled',
}

FINAL_STATES = ('closed', 'annulled')

# In these a mailbox receives no more.
ENDED_STATES = ('revoked', *FINAL_STATES)

# In these the activation form waits to be signed and delivered.
ACTIVATION_STATES = ('registered', 'documents_wrong')

# States of a call that is under way.
CALLING = ('queued', 'unconfirmed')

# What somebody has to do in a state: xml id of the activity type, summary.
STATE_ACTIVITIES = {
    'registered': ('mail_activity_type_mailbox_form', _lt("Have the activation form signed, and send it")),
    'documents_wrong': ('mail_activity_type_mailbox_form', _lt("Have form and identity document sent again")),
}


class Operation(NamedTuple):
    """When an operation on a mailbox is possible.

    :param tuple states: of the mailbox.
    :param tuple types: of the mailbox.
    :param label: the button, and the title of its question.
    :param done: what the chatters say when it is executed; False where the new state says it.
    """
    states: tuple
    types: tuple
    label: object
    done: object


ALL_TYPES = tuple(TYPES)

OPERATIONS = {
    'mailbox_create': Operation(('draft',), ALL_TYPES, _lt("Buy the Mailbox"), _lt("bought.")),
    'mailbox_activate': Operation(
        ACTIVATION_STATES, ALL_TYPES, _lt("Send the Documents"), False),
    'mailbox_modify': Operation(('active',), EXTENSIBLE_TYPES, _lt("Add Space"), _lt("space added.")),
    'mailbox_transform': Operation(('active',), EXTENSIBLE_TYPES[:-1], _lt("Upgrade"), _lt("upgraded.")),
    'mailbox_store': Operation(
        ('active',), EXTENSIBLE_TYPES, _lt("Activate Legal Storage"), _lt("legal storage activated.")),
    'mailbox_user': Operation(('active',), EXTENSIBLE_TYPES, _lt("Add a User"), _lt("user added.")),
    'mailbox_renew': Operation(('active', 'revoked'), ALL_TYPES, _lt("Renew"), _lt("renewed.")),
    'mailbox_revoke': Operation(('active',), ALL_TYPES, _lt("Revoke"), False),
}

# tipo_cliente -> its sottotipo_cliente, as the specification groups them (TipologieCliente); none for the others.
SUBTYPES = {
    'IM': ('SI', 'IN', 'CM', 'TE', 'ES', 'ME', 'AL', 'CF', 'ED', 'TM', 'MA', 'AR', 'TL', 'FI', 'X'),
    'PS': ('PC', 'PR', 'PN', 'PT', 'PA', 'PL', 'X'),
    'PL': ('LR', 'LP', 'LC', 'LM', 'LA', 'LI', 'X'),
}

# field of openapi_pec.mailbox -> key of the body of POST /pec and of the Casella that is read back
TEXT_KEYS = {
    'address': 'casella_pec',
    'mailbox_type': 'tipo_casella',
    'customer_type': 'tipo_cliente',
    'customer_subtype': 'sottotipo_cliente',
    'customer_subtype_other': 'sottotipo_cliente_altro',
    'first_name': 'nome_richiedente',
    'last_name': 'cognome_richiedente',
    'email': 'email',
    'phone': 'telefono',
    'mobile': 'cellulare',
    'fiscal_code': 'codice_fiscale_richiedente',
    'sex': 'sesso_richiedente',
    'birth_country': 'nazione_nascita_richiedente',
    'birth_city': 'comune_nascita_richiedente',
    'birth_province': 'provincia_nascita_richiedente',
    'holder_name': 'denominazione_titolare',
    'holder_fiscal_code': 'cf_piva_titolare',
    'holder_street': 'indirizzo_titolare',
    'holder_city': 'comune_titolare',
    'holder_zip': 'cap_titolare',
    'holder_country': 'nazione_titolare',
    'holder_province': 'provincia_titolare',
    'document_type': 'tipo_documento',
    'document_number': 'numero_documento',
    'document_issuer': 'documento_rilasciato_da',
}

DATE_KEYS = {
    'birth_date': 'data_nascita_richiedente',
    'document_expiry': 'data_scadenza_documento',
    'document_issued_on': 'data_rilascio_documento',
}

FLAG_KEYS = {'auto_renew': 'autorinnovo'}
REQUEST_FIELDS = (*TEXT_KEYS, *DATE_KEYS, *FLAG_KEYS)

# field of openapi_pec.mailbox.user -> key of an Utenza
USER_KEYS = {
    'first_name': 'nome', 'last_name': 'cognome', 'description': 'descrizione', 'email': 'email_gestione_password',
}

PLACE_HERE = _lt("here")
_WRONG_ID = _lt("The service does not recognise this mailbox's identifier. Refresh the mailbox.")
_UNKNOWN = _lt("The service does not know this mailbox. Refresh it, then ask Openapi's support.")

# The same of what is only read, which never costs: (what was asked, code; or the HTTP status where there is none) ->
# sentence.
READ_SENTENCES = {
    ('mailbox', '201'): _WRONG_ID,
    ('mailbox', '202'): _UNKNOWN,
    ('address', '207'): _lt("Write an address first."),
    ('address', '208'): _lt("The service does not accept this as an address. Correct it."),
    ('form', '400'): _WRONG_ID,
    ('form', '404'): _UNKNOWN,
    ('form', '406'): _lt("The service has no form for this mailbox now. Refresh it to see its state, then try again."),
}

# What is missing, or wrong, in the documents that are to be sent: code -> (sentence for people of Odoo, sentence for
# the applicant).
DOCUMENTS_SENTENCES = {
    'form_missing': (
        _lt("The signed form is missing: download the form, have it signed by the applicant, and upload it as PDF."),
        _lt("The signed form is still missing: upload it below, as PDF.")),
    'identity_missing': (
        _lt("The identity document of the applicant is missing: upload it as PDF."),
        _lt("Your identity document is still missing: upload it below, both sides as one PDF.")),
    'signature_lost': (
        _lt("The form is signed digitally within the PDF, and that signature would be lost when both documents are "
            "made one, as the provider wants them for this type of mailbox. Put the identity document into the same "
            "PDF, sign that, upload it alone, and tick that the identity document is in it."),
        _lt("You signed the form digitally. The provider wants the form and the identity document as one PDF, and if "
            "they were put together now, your signature would be lost. So put the pages of your identity document into "
            "the PDF of the form yourself, sign that PDF, upload it alone, and tick \"The identity document is in the "
            "same PDF\". Or sign the form by hand on paper, scan it, and upload that.")),
}

# code of tools/pdf.PdfError -> sentence; `megabytes` is the limit.
PDF_SENTENCES = {
    'empty': _lt("No file was chosen, or it is empty: choose it and upload it again."),
    'too_large': _lt("The file is larger than %(megabytes)s MB: scan it with fewer colours or dots, and upload it "
                     "again."),
    'no_pdf': _lt("This is not a PDF: scan or save it as PDF, and upload that."),
    'signed_p7m': _lt(
        "This is a .p7m file, which the provider does not take: upload the PDF itself, signed on paper or in the PDF "
        "(PAdES)."),
    'image': _lt("This is a picture: save or print it as PDF, and upload that."),
    'encrypted': _lt("This PDF is protected with a password: save it without one, and upload it again."),
    'damaged': _lt("This PDF is damaged and cannot be read: scan or save it anew, and upload it again."),
    'no_reader': _lt(
        "The file could not be looked at, so it was not kept: nothing is wrong with it. Tell who sent you here, or who "
        "maintains Odoo."),
    'too_slow': _lt("This PDF cannot be read: print or save it as a new PDF, and upload that."),
}

EXPIRY_DAYS = 45  # before the expiry, from which on somebody is told
