from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.api_call import OPERATIONS
from odoo.addons.l10n_it_openapi_pec.models.service.lock import claim
from odoo.addons.l10n_it_openapi_pec.models.signer.signer_mixin import MAIL_ACTIVITY
from odoo.addons.l10n_it_openapi_pec.tools.italy import fiscal_code
from odoo.addons.l10n_it_openapi_pec.tools.italy import names as italian_form
from odoo.addons.l10n_it_openapi_pec.tools.italy import phone as mobile
from odoo.addons.l10n_it_openapi_pec.tools.pec import address as pec_address

_lt = LazyTranslate(__name__, default_lang='en_US')

# What the chatter of a contact says whom people of several companies see: the rest stands on the mailbox.
NEWS_SENTENCE = _lt("There is news about a PEC mailbox: %s")

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

# What tells one mailbox from another when the answer to a call was lost (the list gives casella_pec alone).
MATCH_KEYS = ('casella_pec', 'tipo_casella', 'codice_fiscale_richiedente')

# How the service wants the data of a mailbox.
NORMALIZERS = {
    'address': pec_address.normalize,
    'email': pec_address.normalize_email,
    'phone': mobile.normalize_telephone,
    'mobile': mobile.normalize,
    'fiscal_code': fiscal_code.normalize,
    'holder_fiscal_code': fiscal_code.normalize,
    **dict.fromkeys(
        ('birth_province', 'holder_province', 'birth_country', 'holder_country'), italian_form.normalize_province),
    **dict.fromkeys((
        'first_name', 'last_name', 'birth_city', 'holder_name', 'holder_street', 'holder_city',
        'holder_zip',
        'customer_subtype_other', 'document_number', 'document_issuer',
    ), italian_form.normalize_text),
}

# Who sees with what a mailbox is entered.
ACCESS_GROUP = 'l10n_it_openapi_pec.group_manager'

# Full xml ids of the types of activities: documents to be sent, a form to be signed.
SEND, FORM = (
    'l10n_it_openapi_pec.mail_activity_type_mailbox_send', 'l10n_it_openapi_pec.mail_activity_type_mailbox_form')
ACTIVITY_TYPES = [SEND, FORM, MAIL_ACTIVITY, *(f'l10n_it_openapi_pec.mail_activity_type_{kind}' for kind in (
    'mailbox_refused', 'mailbox_expiry', 'mailbox_domicile', 'decide', 'account', 'gone'))]


class OpenapiPecMailbox(models.Model):
    """A certified mailbox (PEC) that is bought, activated, renewed and revoked: ``pec`` of the API, its *Casella*.

    ``state`` is the mailbox's life at the service. ``call_state`` is the outcome of the one operation that is asked
    for at a time: see :mod:`.order`. All fields stand here; the other files of this folder add methods.
    """
    _name = 'openapi_pec.mailbox'
    _description = "PEC Mailbox"
    _inherit = [
        'openapi_pec.place.mixin', 'openapi_pec.data.mixin', 'openapi_pec.record.mixin', 'openapi_pec.signer.mixin']
    _order = 'id desc'
    _rec_name = 'address'
    _check_company_auto = True
    _address_field = 'address'
    _match_keys = MATCH_KEYS
    _compared_keys = {**const.mailbox.TEXT_KEYS, **const.mailbox.DATE_KEYS, **const.mailbox.FLAG_KEYS}
    _normalizers = NORMALIZERS
    _create_operation = 'mailbox_create'
    _news_sentence = NEWS_SENTENCE
    _request_fields = const.mailbox.REQUEST_FIELDS
    _proposed_fields = (
        'first_name', 'last_name', 'fiscal_code', 'email', 'phone', 'holder_name', 'holder_fiscal_code',
        'holder_street', 'holder_city',
        'holder_zip', 'holder_province', 'holder_country')
    _typed_fields = (*_proposed_fields, 'birth_date', 'sex', 'birth_city', 'birth_province', 'birth_country')
    _kept_proposals = ('proposals', 'birth_proposals')
    _state_fields = ('state', 'call_state')
    _frozen_fields = frozenset({*const.mailbox.REQUEST_FIELDS, 'company_id'})
    _proposal_sources = frozenset({'partner_id', 'applicant_id'})
    _proposal_depends = (
        'state', 'call_state', 'applicant_id.name', 'applicant_id.l10n_it_codice_fiscale', 'applicant_id.email',
        'applicant_id.phone',
        'partner_id.name', 'partner_id.is_company', 'partner_id.vat', 'partner_id.l10n_it_codice_fiscale',
        'partner_id.street',
        'partner_id.street2', 'partner_id.city', 'partner_id.zip', 'partner_id.state_id', 'partner_id.country_id')
    _call_state_field = 'call_state'
    _closed_state = 'closed'
    _synchronize_job = 'mailboxes'
    _refusal_sentences = const.mailbox.REFUSAL_SENTENCES
    _state_by_stato = const.mailbox.STATE_BY_STATO
    _state_sentences = const.mailbox.STATE_SENTENCES
    _state_activities = const.mailbox.STATE_ACTIVITIES
    _activity_types = ACTIVITY_TYPES
    _signer_path = 'mailbox'
    _signer_field = 'applicant_id'
    _signer_document = 'form'
    _signer_template = 'l10n_it_openapi_pec.mail_template_signing_forms'
    _signer_mail_sentences = const.mailbox.MAIL_SENTENCES
    _portal_states = (*const.mailbox.ACTIVATION_STATES, 'activating', 'active', *const.mailbox.ENDED_STATES)
    _signing_states = (*const.mailbox.ACTIVATION_STATES, 'active')
    _document_activities = [SEND, FORM, MAIL_ACTIVITY]

    company_id = fields.Many2one(
        'res.company', required=True, index=True, default=lambda self: self.env.company,
        help="The company whose Openapi account pays.")
    user_id = fields.Many2one(
        'res.users', "Responsible", default=lambda self: self.env.user, check_company=True, index='btree_not_null',
        help="Gets the activities of this mailbox.")
    partner_id = fields.Many2one(
        'res.partner', "Holder", index='btree_not_null', check_company=True, ondelete='restrict',
        help="Whose mailbox it is (titolare): a company, or a person.")
    applicant_id = fields.Many2one(
        'res.partner', check_company=True, index='btree_not_null', ondelete='restrict',
        compute='_compute_applicant_id', store=True, readonly=False, precompute=True,
        domain="[('is_company', '=', False)]",
        help="The person who asks for it (richiedente) and signs the activation form.")
    state = fields.Selection([
        ('draft', "Draft"),
        ('registered', "Registered"),
        ('documents_wrong', "Documents Not Accepted"),
        ('activating', "Being Activated"),
        ('active', "Active"),
        ('revoked', "Revoked"),
        ('closed', "Closed"),
        ('annulled', "Annulled"),
    ], required=True, readonly=True, copy=False, default='draft', index=True)

    # What is bought.
    address = fields.Char("PEC", index='btree_not_null', help="The address of the mailbox.")
    mailbox_type = fields.Selection(const.mailbox.TYPE_LABELS, "Type", default='DOMICILIODIGITALE')
    auto_renew = fields.Boolean(
        "Renew Automatically",
        help="The service renews it by itself when it expires (autorinnovo), if the Openapi wallet holds enough. It is "
             "chosen when the mailbox is bought: the service has no call to change it later.")
    customer_type = fields.Selection(
        CUSTOMER_TYPES, compute='_compute_customer_type', store=True, readonly=False, precompute=True,
        help="What the holder is (tipo cliente).")
    customer_subtype = fields.Selection(
        CUSTOMER_SUBTYPES, help="The holder's line of work (sottotipo cliente).")
    customer_subtypes = fields.Json(compute='_compute_customer_subtypes')
    customer_subtype_other = fields.Char("Which Other")

    purpose = fields.Char("What It Is for", compute='_compute_purpose')
    price = fields.Float(
        "Price (EUR)", compute='_compute_price', digits=(16, 2),
        help="For a year, before VAT; from the Openapi wallet.")
    is_price_known = fields.Boolean(compute='_compute_price')
    price_seen_on = fields.Date("Last Seen", compute='_compute_price')
    is_extensible = fields.Boolean(compute='_compute_is_extensible')
    is_editable = fields.Boolean(compute='_compute_is_editable')
    days_left = fields.Integer(compute='_compute_days_left')

    # The applicant: data.py.
    first_name = fields.Char(compute='_compute_proposed', store=True, readonly=False, precompute=True)
    last_name = fields.Char("Surname", compute='_compute_proposed', store=True, readonly=False, precompute=True)
    fiscal_code = fields.Char(
        "Tax Code", compute='_compute_proposed', store=True, readonly=False, precompute=True, exportable=False,
        help="Tax code (codice fiscale) of the applicant.")
    email = fields.Char(compute='_compute_proposed', store=True, readonly=False, precompute=True,
        help="An ordinary address of the applicant, who gets the form and the provider's messages there.")
    phone = fields.Char(compute='_compute_proposed', store=True, readonly=False, precompute=True)
    mobile = fields.Char()
    birth_date = fields.Date("Date of Birth", compute='_compute_birth', store=True, readonly=False, precompute=True,
        help="Proposed from the tax code: compare it with the identity document.")
    sex = fields.Selection(
        [('M', "Male"), ('F', "Female")], compute='_compute_birth', store=True, readonly=False, precompute=True)
    birth_city = fields.Char(
        "Municipality of Birth", compute='_compute_birth', store=True, readonly=False, precompute=True)
    birth_province = fields.Char(
        "Province of Birth", compute='_compute_birth', store=True, readonly=False, precompute=True,
        help="Two letters, such as RM.")
    birth_country = fields.Char(
        "Country of Birth", compute='_compute_birth', store=True, readonly=False, precompute=True,
        help="Two letters, such as IT.")
    birth_proposals = fields.Json(compute='_compute_birth', store=True, precompute=True, exportable=False)

    # The holder.
    holder_name = fields.Char("Holder's Name", compute='_compute_proposed', store=True, readonly=False, precompute=True,
        help="Denominazione. Empty when the holder is the applicant.")
    holder_fiscal_code = fields.Char(
        "Holder's Tax Code", compute='_compute_proposed', store=True, readonly=False, precompute=True, exportable=False,
        help="VAT number or tax code of the holder. Empty when the holder is the applicant.")
    holder_street = fields.Char("Address", compute='_compute_proposed', store=True, readonly=False, precompute=True)
    holder_city = fields.Char("Municipality", compute='_compute_proposed', store=True, readonly=False, precompute=True)
    holder_zip = fields.Char("Postal Code", compute='_compute_proposed', store=True, readonly=False, precompute=True)
    holder_province = fields.Char("Province", compute='_compute_proposed', store=True, readonly=False, precompute=True,
        help="Two letters, such as RM.")
    holder_country = fields.Char("Country", compute='_compute_proposed', store=True, readonly=False, precompute=True,
        help="Two letters, such as IT.")

    # The identity document.
    document_type = fields.Selection(
        DOCUMENT_TYPES, "Identity Document", help="Of the applicant; optional.")
    document_number = fields.Char("Number", exportable=False)
    document_issuer = fields.Char("Issued by")
    document_issued_on = fields.Date("Issued on")
    document_expiry = fields.Date("Valid until")

    # What the service tells: remote.py, synchronize.py.
    owner = fields.Char("Account", readonly=True, copy=False, help="The account at the service that owns the mailbox.")
    domain = fields.Char(readonly=True, copy=False)
    userid = fields.Char(
        "User ID", readonly=True, copy=False, groups=ACCESS_GROUP, help="With which the mailbox is entered.")
    activation_code = fields.Char(readonly=True, copy=False, groups=ACCESS_GROUP)
    webmail = fields.Char(compute='_compute_webmail', help="Where the mailbox is read and written in a browser.")
    description = fields.Char(readonly=True, copy=False)
    expires_on = fields.Date("Expires", readonly=True, copy=False, index='btree_not_null')
    activated_on = fields.Date("Activated", readonly=True, copy=False)
    registered_at = fields.Datetime("Registered", readonly=True, copy=False)
    processed_at = fields.Datetime("Processed", readonly=True, copy=False)
    revoked_at = fields.Datetime("Revoked", readonly=True, copy=False)
    remote_changed_at = fields.Datetime("Last Changed at the Service", readonly=True, copy=False)
    disk_space = fields.Integer("Mailbox Space (MB)", readonly=True, copy=False)
    archive_space = fields.Integer("Security Archive (MB)", readonly=True, copy=False)
    storage_space = fields.Integer("Legal Storage (MB)", readonly=True, copy=False)
    has_archive = fields.Boolean("Security Archive", readonly=True, copy=False)
    has_storage = fields.Boolean("Legal Storage", readonly=True, copy=False, help="Conservazione a norma.")
    has_sms = fields.Boolean("SMS Notices", readonly=True, copy=False)
    activation_documents = fields.Text("Activation Documents at the Service", readonly=True, copy=False)
    storage_documents = fields.Text("Legal Storage Documents at the Service", readonly=True, copy=False)
    mailbox_user_ids = fields.One2many('openapi_pec.mailbox.user', 'mailbox_id', "Users", readonly=True, copy=False)
    user_count = fields.Integer("Number of Users", compute='_compute_user_count')
    details_due = fields.Boolean(
        readonly=True, copy=False, index='btree_not_null', help="It has changed and is to be read.")
    expiry_told = fields.Date(readonly=True, copy=False, help="The expiry that somebody was notified of.")
    is_imported = fields.Boolean("Bought Elsewhere", readonly=True, copy=False)

    # What is asked for: order.py, call.py.
    operation = fields.Selection(OPERATIONS, "Asked for", readonly=True, copy=False)
    call_state = fields.Selection([
        ('queued', "Queued"),
        ('unconfirmed', "Unconfirmed"),
        ('failed', "Failed"),
    ], "Call", readonly=True, copy=False, index='btree_not_null', help="What became of what was asked for last.")
    request = fields.Json(readonly=True, copy=False, help="What is asked for, and what the mailbox was like before.")
    snapshot = fields.Json(readonly=True, copy=False, help="What the mailbox was like when it was read last.")

    # What does not show yet: awaited.py, sharing.py.
    awaited = fields.Json(readonly=True, copy=False,
        help="Of each operation that does not show: what the mailbox was like before it, its day, and whether it was "
             "accepted.")
    awaited_sentence = fields.Text("Does Not Show Yet", compute='_compute_awaited_sentence')
    is_renewal_open = fields.Boolean(
        compute='_compute_is_renewal_open', help="A renewal was asked for, and does not show yet.")
    is_renewal_due = fields.Boolean(
        compute='_compute_is_renewal_due', help="It expires soon, has expired or was revoked: to be renewed now.")
    lost_users = fields.Json(readonly=True, copy=False,
        help="Users that were asked for with calls which do not show at the service: they may turn up yet.")

    # Documents: documents.py, applicant_page.py.
    is_storage_wanted = fields.Boolean(readonly=True, copy=False, help="The form for legal storage waits to be signed.")
    form_kind = fields.Selection(
        [('activation', "Activation Form"), ('storage', "Legal Storage Form")], "To Be Signed",
        compute='_compute_form_kind')
    form_id = fields.Many2one('ir.attachment', readonly=True, copy=False, ondelete='restrict', index='btree_not_null')
    form_of = fields.Selection([('activation', "Activation"), ('storage', "Legal Storage")], readonly=True, copy=False)
    form_file = fields.Binary("Form to Be Signed (PDF)", compute='_compute_form_file')
    form_filename = fields.Char(compute='_compute_form_filename')
    signed_form = fields.Binary("Signed Form (PDF)", attachment=True, copy=False,
        help="The form as it was downloaded, completed and signed: on paper and scanned, or digitally within the PDF.")
    signed_form_filename = fields.Char(copy=False)
    identity_document = fields.Binary("Identity Document (PDF)", attachment=True, copy=False,
        help="The applicant's, valid, both sides.")
    identity_document_filename = fields.Char(copy=False)
    is_back_missing = fields.Boolean(
        "Only one side of the identity document is here", copy=False,
        help="The applicant uploaded one photo, and did not say that it shows all. Remove the tick if it does: a "
             "passport has one page, and a photo may show both sides.")
    is_identity_in_form = fields.Boolean("The identity document is in the same PDF", copy=False,
        help="Of this type of mailbox both go to the provider as one PDF. Odoo makes it of two files; whoever signed "
             "within the PDF puts the identity document into it before signing, since the signature would not survive.")
    is_merged_type = fields.Boolean(compute='_compute_form_kind')
    delivery = fields.Binary(
        attachment=True, readonly=True, copy=False, help="Form and identity document in one PDF, as they are sent.")
    delivered_ids = fields.Many2many(
        'ir.attachment', 'openapi_pec_mailbox_delivered_rel', string="Delivered Documents", readonly=True, copy=False,
        ondelete='restrict',
        help="What went to the provider, as it was sent. It is part of the archive.")
    has_documents = fields.Boolean(compute='_compute_has_documents')
    form_mailed_at = fields.Datetime("Mailed to the Applicant", readonly=True, copy=False,
        help="When the form that waits to be signed was last mailed. Empty again when that mail fails or comes back, "
             "another form comes, or the documents are refused.")
    form_mailed_checksum = fields.Char(readonly=True, copy=False, help="Of the form that was given to be mailed last.")

    # What is found before the click: preflight.py.
    is_domain_unknown = fields.Boolean(compute='_compute_findings')

    # The digital domicile: domicile.py, actions.py.
    former_domicile_ids = fields.Many2many(
        'res.partner', 'openapi_pec_mailbox_former_domicile_rel', string="Contacts without It since the Revocation",
        readonly=True, copy=False,
        help="They get the address back when the mailbox comes back, unless they have another PEC then.")
    end_told = fields.Date(readonly=True, copy=False, help="The expiry whose passing somebody was notified of.")
    communication_ids = fields.One2many(
        'openapi_pec.communication', 'mailbox_id', "Communications to the Register", readonly=True)
    communication_count = fields.Integer(compute='_compute_communication_count')

    _remote_id_unique = models.UniqueIndex(
        "(environment, remote_id) WHERE remote_id IS NOT NULL",
        "Another mailbox has this identifier at the service already.")
    # What the checks find, kept by the database as well: two people may buy the same address at the same moment.
    _bought_once = models.UniqueIndex(
        "(address, environment) WHERE state NOT IN ('closed', 'annulled', 'revoked') AND environment IS NOT NULL",
        "The same address is being bought, or in use, with another mailbox here. Follow that one, do not pay twice.")

    # ------------------------------------------------------------ hooks, which other files extend

    def _on_form_fetched(self):
        """Do what a new form to be signed brings about."""

    def _on_form_forgotten(self):
        """Do what follows when a form is not to be signed any more."""

    def _on_operation_accepted(self, operation, data, started_at):
        """Do what an accepted operation brings about, before it is taken over: the request is still there.

        :param str operation: key of ``const.mailbox.OPERATIONS``.
        :param dict data: the mailbox after the call, as ``PecClient.get_mailbox`` returns it.
        :param datetime started_at: when the call was made.
        """

    def _is_draft(self):
        """Return whether the mailbox is not bought and is not being bought."""
        return self.state == 'draft' and self.call_state not in const.mailbox.CALLING

    def _get_announced_name(self):
        return self.env._("PEC mailbox")

    # ------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        self._check_create(vals_list)
        return super().create([self._with_normalized_address(vals) for vals in vals_list])

    def write(self, vals):
        vals = self._with_normalized_address(vals)
        kept = {'company_id'} if 'company_id' in vals and self._is_account_kept(
            self.env['res.company'].browse(vals['company_id'])) else set()
        if not self.env.su and self._changes_frozen({name: vals[name] for name in vals.keys() - kept}):
            raise UserError(self.env._("What has been bought cannot be changed here: a mailbox shows what the service "
                                       "has."))
        if vals.get('address'):
            self._claim_address(vals['address'])
        return super().write(vals)

    def _claim_address(self, address):
        """Raise when another mailbox has an address in the environment of one of these."""
        self.check_access('write')
        for mailbox in self.filtered(lambda mailbox: mailbox.environment and mailbox.address != address):
            if claim(mailbox, 'address', address):
                raise UserError(self.env._("%s is another mailbox here already: choose another address.", address))

    def _check_movable(self, company):
        # What was only found in an account may be another company's that uses it as well.
        return super()._check_movable(company) if not self._is_account_kept(company) else None

    def _is_account_kept(self, company):
        """Return whether these mailboxes may be another company's: they were found in an account that it uses as well.

        :param company: the other company.
        """
        return all(
            mailbox.is_imported and not mailbox.call_state
            and company in mailbox.company_id._openapi_pec_with_same_account(mailbox.environment)
            for mailbox in self)

    @staticmethod
    def _with_normalized_address(vals):
        """Return values of a mailbox with its address as the service keeps it, so that equal ones are found equal."""
        return {**vals, 'address': pec_address.normalize(vals['address']) or False} if 'address' in vals else vals

    @api.ondelete(at_uninstall=False)
    def _unlink_if_never_bought(self):
        if any(not mailbox._is_draft() for mailbox in self) or self.sudo().api_call_ids:
            raise UserError(self.env._("A mailbox that has been bought is part of the archive and cannot be deleted. "
                                       "Drafts can."))
