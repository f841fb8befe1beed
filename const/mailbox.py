"""Tables of mailboxes: types, states, operations, the request, and what is found."""
from collections.abc import Callable
from typing import NamedTuple

from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec.tools.outcome import changed

_lt = LazyTranslate(__name__, default_lang='en_US')

LEGALMAIL = {'production': 'legalmail.it', 'sandbox': 'testcert.legalmail.it'}
LEGALMAIL_WEBMAIL = 'https://webmail.infocert.it'
DOMICILIO = {'production': 'domiciliodigitale.com', 'sandbox': 'test.domiciliodigitale.com'}

# The specification names no domain of its sandbox for these; the other one of that platform is proposed.
MASSIVA = {'production': 'pecmassiva.com', 'sandbox': 'test.domiciliodigitale.com'}


class MailboxType(NamedTuple):
    """What a type of mailbox (*tipo_casella*) allows.

    :param dict domains: environment -> domain of its addresses, unless the customer has a certified domain.
    :param int rank: an upgrade leads to a higher one; 0 has no upgrades, no more space, no users, no legal storage.
    :param purpose: what it is for.
    :param webmail: the address at which its user enters it, where the provider publishes one (InfoCert's manual of
        Legalmail); None where the activation message alone tells it.
    """
    domains: dict
    rank: int
    purpose: object
    webmail: str | None = None


TYPES = {
    'DOMICILIODIGITALE': MailboxType(DOMICILIO, 0, _lt(
        "For one person or a small company that sends and receives little: 1 GB and an archive of 1 GB. It cannot be "
        "enlarged, upgraded or shared.")),
    'STANDARD': MailboxType(LEGALMAIL, 1, _lt(
        "For everyday use. Space, users and legal storage can be added, and it can be upgraded to any of the "
        "following."), LEGALMAIL_WEBMAIL),
    'BRONZE': MailboxType(
        LEGALMAIL, 2, _lt("For more messages than Standard takes. It can be upgraded to Silver or Gold."),
        LEGALMAIL_WEBMAIL),
    'SILVER': MailboxType(
        LEGALMAIL, 3, _lt("For offices that use it daily and keep much. It can be upgraded to Gold."),
        LEGALMAIL_WEBMAIL),
    'GOLD': MailboxType(
        LEGALMAIL, 4, _lt("The largest Legalmail: for whoever receives and keeps most."), LEGALMAIL_WEBMAIL),
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

# What somebody has to do in a state: xml id of the activity type, summary. Here and below, words in a bracket behind a
# sentence are named constants: Odoo takes a literal there for a part of the sentence, and has it translated.
_FORM_ACTIVITY = 'mail_activity_type_mailbox_form'
STATE_ACTIVITIES = {
    'registered': (_FORM_ACTIVITY, _lt("Have the activation form signed, and send it")),
    'documents_wrong': (_FORM_ACTIVITY, _lt("Have form and identity document sent again")),
}


_WRONG_ID = _lt("The service does not recognise this mailbox's identifier. Refresh the mailbox.")
_UNKNOWN = _lt("The service does not know this mailbox. Refresh it, then ask Openapi's support.")
_PDF_ALONE = _lt("The service takes PDF files alone. Upload form and identity document again as PDF.")

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


class Operation(NamedTuple):
    """What an operation on a mailbox is; the journal, the checks, the prices, the call and its truth follow from it.

    :param str title: how the journal calls it.
    :param label: the button, and the title of its question.
    :param tuple states: of the mailbox, in which the operation is possible.
    :param tuple types: of the mailbox, which allow it.
    :param done: what the chatters say when it is executed; False where the new state says it.
    :param call: function (client, identifier of the mailbox, request, documents) that makes the call; the request is
        what ``Truth.is_executed`` gets. None for the purchase, whose body is made of the mailbox.
    :param Truth truth: how the mailbox shows that the call was executed; None for the purchase, which a list shows.
    :param str wizard: the model that asks for the confirmation; None where nobody is asked.
    :param bool is_free: whether it costs nothing.
    :param tuple priced_types: of the mailbox (after it), each of which has a price of one; none where what it costs
        depends on how much is asked for, or it is free.
    :param bool has_documents: whether form and identity document go along.
    :param dict refusals: code of the vendor -> sentence. The vendor's own words follow in brackets. A 402 is told by
        the account's pause.
    """

    title: str
    label: object
    states: tuple
    types: tuple
    done: object = False
    call: Callable | None = None
    truth: changed.Truth | None = None
    wizard: str | None = None
    is_free: bool = False
    priced_types: tuple = ()
    has_documents: bool = False
    refusals: dict = {}

    @property
    def is_creation(self):
        """Return whether it makes a mailbox, and does not change one."""
        return self.truth is None

    @property
    def is_awaited(self):
        """Return whether it is followed, once accepted, until the mailbox shows it."""
        return bool(self.truth and self.truth.shown_by)


ALL_TYPES = tuple(TYPES)
_IF_DRAFT, _IF_ACTIVE, _IF_RENEWABLE = ('draft',), ('active',), ('active', 'revoked')

# The name of an operation is also its name in the journal, in ``tools.api.refusals`` and in the client.
OPERATIONS = {
    'mailbox_create': Operation(
        "Buy a mailbox", _lt("Buy the Mailbox"), _IF_DRAFT, ALL_TYPES, _lt("bought."),
        wizard='openapi_pec.mailbox.confirmation', priced_types=ALL_TYPES,
        refusals={
            '224': _lt("The service misses a piece of data. Complete it and buy again."),
            '242': _lt("The service does not accept a piece of data. Correct it and buy again."),
            '326': _lt("The domain of this address is not certified, or belongs to somebody else. Choose an address of "
                       "the provider's own domain."),
        }),
    'mailbox_activate': Operation(
        "Activate a mailbox", _lt("Send the Documents"), ACTIVATION_STATES, ALL_TYPES,
        call=lambda client, remote_id, request, documents: client.activate_mailbox(remote_id, documents),
        truth=changed.ACTIVATION, is_free=True, has_documents=True,
        refusals={
            '265': _WRONG_ID,
            '266': _UNKNOWN,
            '267': _lt("The service does not take documents for this mailbox now. Refresh it to see its state."),
            '296': _PDF_ALONE,
        }),
    'mailbox_modify': Operation(
        "Add space to a mailbox", _lt("Add Space"), _IF_ACTIVE, EXTENSIBLE_TYPES, _lt("space added."),
        call=lambda client, remote_id, request, documents: client.add_space(remote_id, request['spaces']),
        truth=changed.ENLARGEMENT, wizard='openapi_pec.mailbox.enlargement',
        refusals={
            '265': _WRONG_ID,
            '266': _UNKNOWN,
            '282': _lt("Space for legal storage can be added only after legal storage is active. Activate it first."),
            '325': _lt("The service takes multiples of 1024 MB (512 of legal storage), and no less than there is."),
        }),
    'mailbox_transform': Operation(
        "Upgrade a mailbox", _lt("Upgrade"), _IF_ACTIVE, EXTENSIBLE_TYPES[:-1], _lt("upgraded."),
        call=lambda client, remote_id, request, documents: client.upgrade_mailbox(remote_id, request['mailbox_type']),
        truth=changed.UPGRADE, wizard='openapi_pec.mailbox.upgrade', priced_types=EXTENSIBLE_TYPES[1:],
        refusals={
            '265': _WRONG_ID,
            '266': _UNKNOWN,
            '272': _lt("Only an active mailbox can be upgraded. Refresh it to see its state."),
            '276': _lt("A mailbox can be changed to a larger type alone. Refresh it to see its type."),
        }),
    'mailbox_store': Operation(
        "Activate legal storage", _lt("Activate Legal Storage"), _IF_ACTIVE, EXTENSIBLE_TYPES,
        _lt("legal storage activated."),
        call=lambda client, remote_id, request, documents: client.activate_storage(
            remote_id, documents, request['space']),
        truth=changed.LEGAL_STORAGE, wizard='openapi_pec.mailbox.storage', has_documents=True,
        refusals={
            '265': _WRONG_ID,
            '266': _UNKNOWN,
            '293': _lt("Legal storage is active already. Refresh the mailbox."),
            '294': _lt("The service received no document. Upload the signed form again."),
            '296': _PDF_ALONE,
        }),
    'mailbox_user': Operation(
        "Add a user of a mailbox", _lt("Add a User"), _IF_ACTIVE, EXTENSIBLE_TYPES, _lt("user added."),
        call=lambda client, remote_id, request, documents: client.add_user(remote_id, request['user']),
        truth=changed.FURTHER_USER, wizard='openapi_pec.mailbox.addition', priced_types=EXTENSIBLE_TYPES,
        refusals={
            '212': _WRONG_ID,
            '213': _UNKNOWN,
            '217': _lt("This mailbox has 25 users, which is the most there can be."),
            '390': _lt("A mailbox of this type takes no further users."),
        }),
    'mailbox_renew': Operation(
        "Renew a mailbox", _lt("Renew"), _IF_RENEWABLE, ALL_TYPES, _lt("renewed."),
        call=lambda client, remote_id, request, documents: client.renew_mailbox(remote_id, request['years']),
        truth=changed.RENEWAL, wizard='openapi_pec.mailbox.renewal', priced_types=ALL_TYPES,
        refusals={'203': _lt("Only an active or revoked mailbox can be renewed. Refresh it to see its state.")}),
    'mailbox_revoke': Operation(
        "Revoke a mailbox", _lt("Revoke"), _IF_ACTIVE, ALL_TYPES,
        call=lambda client, remote_id, request, documents: client.revoke_mailbox(remote_id),
        truth=changed.REVOCATION, wizard='openapi_pec.mailbox.revocation', is_free=True,
        refusals={
            '301': _WRONG_ID,
            '302': _UNKNOWN,
            '303': _lt("The mailbox was revoked already. Refresh it."),
            '304': _lt("Only an active mailbox can be revoked. Refresh it to see its state."),
        }),
}

# (operation, code of the vendor) -> sentence
REFUSAL_SENTENCES = {
    **{(name, code): sentence for name, operation in OPERATIONS.items()
       for code, sentence in operation.refusals.items()},
    # What is changed is read right before: these are the codes of GET /pec/{id}.
    **{(name, code): sentence for name, operation in OPERATIONS.items() if not operation.is_creation
       for code, sentence in (('201', _WRONG_ID), ('202', _UNKNOWN))},
    # tools/outcome/changed.py: what was seen before the click is no longer so
    **dict.fromkeys(((name, 'changed') for name in OPERATIONS), _lt(
        "The mailbox has changed at the service since you last saw it, so nothing was done. Refresh it, look, and ask "
        "again if it is still wanted.")),
}

MAX_USERS = 25  # of a mailbox, besides its holder

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
_MAILBOX, _ADDRESS, _FORM = 'mailbox', 'address', 'form'  # what is asked

# The same of what is only read, which never costs: (what was asked, code; or the HTTP status where there is none) ->
# sentence.
READ_SENTENCES = {
    (_MAILBOX, '201'): _WRONG_ID,
    (_MAILBOX, '202'): _UNKNOWN,
    (_ADDRESS, '207'): _lt("Write an address first."),
    (_ADDRESS, '208'): _lt("The service does not accept this as an address. Correct it."),
    (_FORM, '400'): _WRONG_ID,
    (_FORM, '404'): _UNKNOWN,
    (_FORM, '406'): _lt("The service has no form for this mailbox now. Refresh it to see its state, then try again."),
}

# What is said of mailing the form to its applicant: see ``openapi_pec.signer.mixin``.
MAIL_SENTENCES = {
    'nothing': _lt("None of these forms is here and waits for its signature: nothing was mailed."),
    'one': _lt("To 1 applicant: %(whom)s."),
    'many': _lt("To %(count)s applicants: %(whom)s."),
    'leaving': _lt("They leave within minutes; each mailbox shows whether its mail was sent."),
    'mailed': _lt("The form was mailed to %(address)s, to be signed."),
    'reminded': _lt("A reminder (number %(number)s) of the form was mailed to %(address)s."),
    'linkless': _lt("The mail has no link to the applicant's page, since the address of Odoo (web.base.url) is not "
                    "public: the applicant is asked to answer with the documents."),
    'undelivered': _lt("The form did not reach %(address)s by mail: %(reason)s"),
    'addressless': _lt("The form was not mailed: %(label)s has no e-mail address."),
    'too_large': _lt("The form was not mailed: it is too large for a mail, and the address of Odoo (web.base.url) is "
                     "not public, so that nobody could open a link. Have an administrator correct web.base.url."),
    'failed': _lt("The form could not be mailed. Check the mail template, then mail it from the list of mailboxes."),
    'link_problem': _lt("The mail has no link to the applicant's page, and asks the applicant to answer with the "
                        "documents: nobody outside can open %(url)s. To mail the link, have an administrator set the "
                        "system parameter web.base.url to the public https address of this Odoo."),
}

# What is missing, or wrong, in the documents that are to be sent: code -> (sentence for people of Odoo, sentence for
# the applicant).
DOCUMENTS_SENTENCES = {
    'form_missing': (
        _lt("The signed form is missing: download the form, have it signed by the applicant, and upload it as PDF."),
        _lt("The signed form is still missing: upload it below, as PDF.")),
    'identity_missing': (
        _lt("The identity document of the applicant is missing: upload it as PDF."),
        _lt("Your identity document is still missing: upload it below, as photos of both sides or as one PDF.")),
    'back_missing': (
        _lt("One photo of the identity document is here, and the other side is missing: have the applicant upload it. "
            "If that photo shows all that is needed (a passport, or both sides), remove the tick at the document."),
        _lt("One photo of your identity document has arrived, and is kept. Upload a photo of its other side below; or, "
            "if that photo shows all (a passport, or both sides), tick that it does.")),
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
    'heic': _lt("This is a photo in the HEIC format of Apple, which cannot be read here: on the phone choose Settings, "
                "Camera, Formats, Most Compatible and photograph it again, or upload the photo as JPEG."),
    'picture_too_large': _lt("This picture has too many pixels, more than 60 millions: photograph it with a lower "
                             "resolution, and upload that."),
    'picture_damaged': _lt("This picture is damaged and cannot be read: photograph it again, and upload that."),
    'blank': _lt("This is the blank form: sign it first, with a pen on paper or digitally within the PDF, and upload "
                 "what you signed."),
    'front_missing': _lt("Only the back was chosen: choose the front as well, and upload both together."),
    'encrypted': _lt("This PDF is protected with a password: save it without one, and upload it again."),
    'damaged': _lt("This PDF is damaged and cannot be read: scan or save it anew, and upload it again."),
    'no_reader': _lt(
        "The file could not be looked at, so it was not kept: nothing is wrong with it. Inform who sent you here, or "
        "the Odoo administrator."),
    'too_slow': _lt("This PDF cannot be read: print or save it as a new PDF, and upload that."),
}

EXPIRY_DAYS = 45  # before the expiry, from which on it is shown as expiring; the first setting of who is told when
