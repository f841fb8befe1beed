"""Tables of the mailboxes: types, states, operations, customers, the service's codes, terms."""
from typing import NamedTuple

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__, default_lang='en_US')

# ------------------------------------------------------------ types

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


# What the chatter of a contact says whom people of several companies see: the rest stands on the mailbox.
NEWS_SENTENCE = _lt("There is news about a PEC mailbox: %s")
TYPES = {
    'DOMICILIODIGITALE': MailboxType(DOMICILIO, 0, _lt(
        "For one person or a small company that sends and receives little: 1 GB and an archive of 1 GB. It cannot be "
        "enlarged, upgraded or shared.")),
    'STANDARD': MailboxType(LEGALMAIL, 1, _lt(
        "For everyday use. Space, users and legal storage can be added, and it can be upgraded to any of the following.")),
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
# The signed form and the identity document go as one PDF.
MERGED_TYPES = tuple(code for code, mailbox_type in TYPES.items() if not mailbox_type.rank)

# ------------------------------------------------------------ states

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
# state -> (reason code of const.FINDINGS against its address as a digital domicile, field with its day), the liveliest
# first. What an expiry means beyond that is in openapi_pec_mailbox_domicile.py.
DOMICILE_REASONS = {
    'active': (None, 'expires_on'),
    'activating': ('mailbox_activating', 'registered_at'),
    'documents_wrong': ('mailbox_inactive', 'registered_at'),
    'registered': ('mailbox_inactive', 'registered_at'),
    'revoked': ('mailbox_revoked', 'revoked_at'),
    'closed': ('mailbox_closed', 'remote_changed_at'),
    'annulled': ('mailbox_annulled', 'remote_changed_at'),
    'draft': ('mailbox_draft', None),
}
ENDED_REASONS = ('mailbox_revoked', 'mailbox_closed', 'mailbox_annulled', 'mailbox_expired')
# In these the activation form waits to be signed and delivered.
ACTIVATION_STATES = ('registered', 'documents_wrong')
# States of a call that is under way.
CALLING = ('queued', 'unconfirmed')

# What the chatters say when a mailbox has come to a state.
STATE_SENTENCES = {
    'registered': _lt("registered. It is not active yet: the activation form has to be signed and sent with an "
                      "identity document."),
    'activating': _lt("the signed form is delivered. The provider activates the mailbox."),
    'documents_wrong': _lt(
        "the provider does not accept the documents, without saying why. Check that the form is complete and signed, "
        "and that the identity document is the applicant's, valid and readable on both sides; then send both again, "
        "which costs nothing."),
    'active': _lt("active. It can send and receive."),
    'revoked': _lt("revoked. It neither sends nor receives; a renewal brings it back."),
    'closed': _lt("closed by the provider. A new mailbox has to be bought."),
    'annulled': _lt("the registration was annulled by the provider. A new mailbox has to be bought."),
}
# What somebody has to do in a state: xml id of the activity type, summary.
STATE_ACTIVITIES = {
    'registered': ('mail_activity_type_mailbox_form', _lt("Have the activation form signed, and send it")),
    'documents_wrong': ('mail_activity_type_mailbox_form', _lt("Have form and identity document sent again")),
}

# ------------------------------------------------------------ operations


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

# What is said of an operation that does not show at the service: whether it was accepted -> sentence.
AWAITED_SENTENCES = {
    True: _lt(
        "%(operation)s, asked for on %(day)s: the service has accepted it, and it does not show yet. Odoo follows the "
        "mailbox until it does. To ask for it again is paid again."),
    False: _lt(
        "%(operation)s, asked for on %(day)s: it does not show that the call was executed, and it was perhaps executed "
        "and paid all the same: look in the Openapi console. To ask for it again is paid again."),
}
# What the chatter says of an accepted one: whether it is a renewal -> sentence.
NOT_SHOWN_SENTENCES = {
    True: _lt("%s: accepted; the new expiry is not shown yet. Odoo follows the mailbox until it is."),
    False: _lt("%s: accepted; it does not show yet. Odoo follows the mailbox until it does."),
}

MAX_USERS = 25
RENEWAL_YEARS = (1, 2, 3, 4, 5)
DISK_STEP, STORAGE_STEP = 1024, 512  # MB
# field of a mailbox -> (key of the request, step in MB)
SPACES = {
    'disk_space': ('spazio_disco', DISK_STEP),
    'archive_space': ('spazio_storico', DISK_STEP),
    'storage_space': ('spazio_conservazione', STORAGE_STEP),
}
MAX_SPACE = 1024 * 1024  # MB, so that a slip of the finger is not bought

# ------------------------------------------------------------ customers

# tipo_cliente -> its sottotipo_cliente, as the specification groups them (TipologieCliente); none for the others.
SUBTYPES = {
    'IM': ('SI', 'IN', 'CM', 'TE', 'ES', 'ME', 'AL', 'CF', 'ED', 'TM', 'MA', 'AR', 'TL', 'FI', 'X'),
    'PS': ('PC', 'PR', 'PN', 'PT', 'PA', 'PL', 'X'),
    'PL': ('LR', 'LP', 'LC', 'LM', 'LA', 'LI', 'X'),
}
OTHER = 'X'
CUSTOMER_TYPES = [
    ('IM', "Business"), ('PS', "Professional"), ('PL', "Local Public Administration"),
    ('PC', "Central Public Administration"),
    ('A', "Association"), ('PV', "Private Person"), ('X', "Other"),
]
CUSTOMER_SUBTYPES = [
    ('SI', "Services to Businesses"), ('IN', "Information Technology"), ('CM', "Trade"), ('TE', "Telecommunications"),
    ('ES', "Publishing and Press"), ('ME', "Mechanics and Electrics"), ('AL', "Food"), ('CF', "Chemistry and Pharmacy"),
    ('ED', "Building"), ('TM', "Textiles and Fashion"), ('MA', "Furniture"), ('AR', "Hotels and Restaurants"),
    ('TL', "Transport and Logistics"), ('FI', "Finance"),
    ('PC', "Chartered Accountant (commercialista)"), ('PR', "Accountant (ragioniere)"), ('PN', "Notary"),
    ('PT', "Tax Adviser (tributarista)"), ('PA', "Lawyer"), ('PL', "Labour Consultant"),
    ('LR', "Region"), ('LP', "Province"), ('LC', "Municipality"), ('LM', "Mountain Community"),
    ('LA', "Health Authority (ASL)"),
    ('LI', "Chamber of Commerce (CCIAA)"), ('X', "Other"),
]
DOCUMENT_TYPES = [('CARTA_D_IDENTITA', "Identity Card"), ('PATENTE', "Driving Licence"), ('PASSAPORTO', "Passport")]

# ------------------------------------------------------------ the request

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
# What the service wants, and what we want beside it.
REQUIRED_FIELDS = (
    'address', 'mailbox_type', 'customer_type', 'first_name', 'last_name', 'email', 'phone', 'fiscal_code',
    'birth_date', 'sex',
    'birth_country', 'holder_street', 'holder_city', 'holder_zip', 'holder_country', 'holder_province',
)
# What tells one mailbox from another when the answer to a call was lost (the list gives casella_pec alone).
MATCH_KEYS = ('casella_pec', 'tipo_casella', 'codice_fiscale_richiedente')

# What is only read back: field -> key
READ_TEXT_KEYS = {
    'owner': 'owner', 'activation_code': 'cod_attivazione', 'userid': 'uid', 'description': 'descrizione',
    'domain': 'dominio',
}
READ_DATE_KEYS = {'expires_on': 'data_scadenza', 'activated_on': 'data_attivazione'}
READ_FLAG_KEYS = {'has_storage': 'conservazione', 'has_sms': 'sms', 'has_archive': 'storico'}
READ_NUMBER_KEYS = {
    'disk_space': 'spazio_disco', 'archive_space': 'spazio_storico', 'storage_space': 'spazio_conservazione'}
# field -> key of `timestamp`
TIME_KEYS = {
    'registered_at': 'registrazione', 'remote_changed_at': 'ultima_modifica', 'processed_at': 'evasione',
    'revoked_at': 'revoca',
}
READ_LIST_KEYS = {'activation_documents': 'documenti_attivazione', 'storage_documents': 'documenti_conservazione'}
# field of openapi_pec.mailbox.user -> key of an Utenza
USER_KEYS = {
    'first_name': 'nome', 'last_name': 'cognome', 'description': 'descrizione', 'email': 'email_gestione_password',
}

# Where a person completes what is missing.
PLACE_APPLICANT = _lt("on the applicant's contact")
PLACE_HOLDER = _lt("on the holder's contact")
PLACE_HERE = _lt("here")
FIELD_PLACES = {
    **dict.fromkeys(('first_name', 'last_name', 'email', 'phone', 'mobile', 'fiscal_code'), PLACE_APPLICANT),
    **dict.fromkeys(
        (
            'holder_name', 'holder_fiscal_code', 'holder_street', 'holder_city', 'holder_zip', 'holder_country',
            'holder_province'),
        PLACE_HOLDER),
}

# ------------------------------------------------------------ findings, beside those of const.FINDINGS

ERROR, WARNING, FINE = 'error', 'warning', 'fine'
FINDINGS = {
    'address_domain': (ERROR, _lt(
        "%(field)s: a mailbox of this type ends in @%(who)s, unless the domain is a certified one of your own. Correct "
        "it %(place)s.")),
    'own_domain': (WARNING, _lt(
        "%(field)s ends in a domain of your own: the service takes it only if that domain is certified and yours (it "
        "says so otherwise, and nothing is spent). Look the domain up if you are not sure.")),
    'address_local': (ERROR, _lt(
        "%(field)s: before the @ only letters a to z, digits, and . - _ between them are possible, 64 at most. Correct "
        "it %(place)s.")),
    'address_taken': (ERROR, _lt(
        "%(field)s is taken already. If it was bought already, in the Openapi console or before a backup was restored, "
        "press \"Import from the Service\" in the list of mailboxes and do not buy another one; otherwise choose "
        "another address %(place)s.")),
    'address_here': (ERROR, _lt("%(field)s is the address of another mailbox here, %(who)s: choose another one "
                                "%(place)s.")),
    'address_revoked': (ERROR, _lt(
        "%(field)s is the address of a mailbox that was revoked here, %(who)s: a renewal brings that one back. Renew "
        "it, or choose another address %(place)s.")),
    'bought_elsewhere': (WARNING, _lt(
        "%(field)s is the address of a mailbox at the service that Odoo does not know (%(who)s): find it under "
        "Mailboxes with Import from the Service, and buy it again only if you know why.")),
    'subtype_missing': (ERROR, _lt("%(field)s is missing: this kind of customer has one, choose it %(place)s.")),
    'subtype_wrong': (ERROR, _lt("%(field)s does not belong to this kind of customer: choose another one %(place)s.")),
    'other_missing': (ERROR, _lt("%(field)s is missing: say in a few words what \"Other\" is, %(place)s.")),
    'birth_date_differs': (ERROR, _lt("%(field)s is not the one in the tax code: compare both with the health card and "
                                      "correct them.")),
    'birth_date_future': (ERROR, _lt("%(field)s is in the future, or that of a child: correct it %(place)s.")),
    'sex_differs': (ERROR, _lt("%(field)s is not the one in the tax code: compare both with the health card and "
                               "correct them.")),
    'birth_place_differs': (WARNING, _lt("%(field)s is not the one in the tax code, %(who)s: compare both with the "
                                         "health card.")),
    'birth_place_missing': (WARNING, _lt("%(field)s is missing: whoever was born in Italy has one. Complete it "
                                         "%(place)s.")),
    'phone_form': (ERROR, _lt("%(field)s is not a telephone number: write digits, with + and the country's code "
                              "abroad, %(place)s.")),
    'zip_form': (ERROR, _lt("%(field)s is not a postal code (CAP) of five digits: correct it %(place)s.")),
    'country_form': (ERROR, _lt("%(field)s is not the two letters of a country, such as IT: correct it %(place)s.")),
    'holder_code_missing': (ERROR, _lt("%(field)s is missing: a holder with a name of its own has one. Complete it "
                                       "%(place)s.")),
    'holder_name_missing': (ERROR, _lt("%(field)s is missing: the holder's tax code is here, its name is not. Complete "
                                       "it %(place)s.")),
    'document_expired': (ERROR, _lt("%(field)s is past: the provider refuses an expired document. Take a valid one.")),
    'document_incomplete': (
        WARNING, _lt("%(field)s is missing: complete the identity document, or leave all of it out.")),
    'bulk_mailbox': (WARNING, _lt("%(field)s: PEC Massiva is made for sending in bulk, not for being a company's "
                                  "digital domicile.")),
}

# ------------------------------------------------------------ refusals

_WRONG_ID = _lt("The service does not recognise this mailbox's identifier. Refresh the mailbox.")
_UNKNOWN = _lt("The service does not know this mailbox. Refresh it, then ask Openapi's support.")

# (operation, code of the vendor) -> sentence. The vendor's own words follow in brackets. A 402 is told by the account's
# pause.
REFUSAL_SENTENCES = {
    ('mailbox_create', '224'): _lt("The service misses a piece of data. Complete it and buy again."),
    ('mailbox_create', '242'): _lt("The service does not accept a piece of data. Correct it and buy again."),
    ('mailbox_create', '326'): _lt(
        "The domain of this address is not certified, or belongs to somebody else. Choose an address of the provider's "
        "own domain."),
    ('mailbox_activate', '265'): _WRONG_ID,
    ('mailbox_activate', '266'): _UNKNOWN,
    ('mailbox_activate', '267'): _lt("The service does not take documents for this mailbox now. Refresh it to see its "
                                     "state."),
    ('mailbox_activate', '296'): _lt("The service takes PDF files alone. Upload form and identity document again as "
                                     "PDF."),
    ('mailbox_modify', '265'): _WRONG_ID,
    ('mailbox_modify', '266'): _UNKNOWN,
    ('mailbox_modify', '282'): _lt("Space for legal storage can be added only after legal storage is active. Activate "
                                   "it first."),
    ('mailbox_modify', '325'): _lt("The service takes multiples of 1024 MB (512 of legal storage), and no less than "
                                   "there is."),
    ('mailbox_transform', '265'): _WRONG_ID,
    ('mailbox_transform', '266'): _UNKNOWN,
    ('mailbox_transform', '272'): _lt("Only an active mailbox can be upgraded. Refresh it to see its state."),
    ('mailbox_transform', '276'): _lt("A mailbox can be changed to a larger type alone. Refresh it to see its type."),
    ('mailbox_store', '265'): _WRONG_ID,
    ('mailbox_store', '266'): _UNKNOWN,
    ('mailbox_store', '293'): _lt("Legal storage is active already. Refresh the mailbox."),
    ('mailbox_store', '294'): _lt("The service received no document. Upload the signed form again."),
    ('mailbox_store', '296'): _lt("The service takes PDF files alone. Upload form and identity document again as PDF."),
    ('mailbox_user', '212'): _WRONG_ID,
    ('mailbox_user', '213'): _UNKNOWN,
    ('mailbox_user', '217'): _lt("This mailbox has 25 users, which is the most there can be."),
    ('mailbox_user', '390'): _lt("A mailbox of this type takes no further users."),
    ('mailbox_renew', '203'): _lt("Only an active or revoked mailbox can be renewed. Refresh it to see its state."),
    ('mailbox_revoke', '301'): _WRONG_ID,
    ('mailbox_revoke', '302'): _UNKNOWN,
    ('mailbox_revoke', '303'): _lt("The mailbox was revoked already. Refresh it."),
    ('mailbox_revoke', '304'): _lt("Only an active mailbox can be revoked. Refresh it to see its state."),
    # What is changed is read right before: these are the codes of GET /pec/{id}.
    **{(operation, code): sentence for operation in OPERATIONS if operation != 'mailbox_create'
       for code, sentence in (('201', _WRONG_ID), ('202', _UNKNOWN))},
    # tools/outcome/changed.py: what was seen before the click is no longer so
    **{(operation, 'changed'): _lt(
        "The mailbox has changed at the service since you last saw it, so nothing was done. Refresh it, look, and ask "
        "again if it is still wanted.") for operation in OPERATIONS},
}

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

# ------------------------------------------------------------ the applicant's page

# State of a mailbox in which its page lives -> what there is to know now. In all others it is not found.
APPLICANT_SENTENCES = {
    'registered': _lt("The activation form waits for your signature."),
    'documents_wrong': _lt(
        "The provider did not accept the documents. Check that the form is complete and signed, and that your identity "
        "document is valid and readable on both sides; then upload both again."),
    'activating': _lt("Your documents have been delivered, and the mailbox is being activated. There is nothing to do "
                      "for you now."),
    'active': _lt("The mailbox is active. There is nothing to do for you here."),
}
APPLICANT_STORAGE_SENTENCE = _lt("The form for legal storage waits for your signature.")
APPLICANT_FORMLESS_SENTENCE = _lt("The form is being prepared. Come back when you are told that it is ready.")
APPLICANT_SENDING_SENTENCE = _lt("Your documents are on their way to the provider. There is nothing to do for you now.")
APPLICANT_DAYS = 30  # for which the page of an active mailbox lives on

# What is missing, or wrong, in the documents that are to be sent: code -> (sentence for people of Odoo, sentence for the
# applicant).
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
APPLICANT_NOT_NEEDED_SENTENCE = _lt(
    "You ticked that the identity document is in the same PDF as the form, so this file is not needed. If it is not in "
    "there, remove the tick and upload both.")

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

# ------------------------------------------------------------ terms

DETAILS_PER_RUN = 40  # mailboxes read one by one in a run of the synchronisation
FORMS_PER_RUN = 20  # forms downloaded in a run
EXPIRY_DAYS = 45  # before the expiry, from which on somebody is told
PROPOSALS = 5  # addresses proposed, and checked, for a new mailbox
