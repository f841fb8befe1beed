from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize
from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.lock import claim
from odoo.addons.l10n_it_openapi_pec.tools.italy import birth_place, fiscal_code
from odoo.addons.l10n_it_openapi_pec.tools.italy import names as italian_form
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
    'email': email_normalize,
    'fiscal_code': fiscal_code.normalize,
    'holder_fiscal_code': fiscal_code.normalize,
    **dict.fromkeys(
        ('birth_province', 'holder_province', 'birth_country', 'holder_country'), italian_form.normalize_province),
    **dict.fromkeys((
        'first_name', 'last_name', 'phone', 'mobile', 'birth_city', 'holder_name', 'holder_street', 'holder_city',
        'holder_zip',
        'customer_subtype_other', 'document_number', 'document_issuer',
    ), italian_form.normalize_text),
}


class OpenapiPecMailbox(models.Model):
    """A certified mailbox (PEC): bought, activated, run, renewed and revoked at the service; ``pec`` of the API, its
    *Casella*.

    ``state`` is the mailbox's life at the service. ``call_state`` is what becomes of the one operation that is asked
    for at a time: :mod:`.openapi_pec_mailbox_operation`.
    """
    _name = 'openapi_pec.mailbox'
    _description = "PEC Mailbox"
    _inherit = ['openapi_pec.data.mixin', 'openapi_pec.record.mixin']
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
    _proposal_sources = frozenset({'partner_id', 'applicant_id'})
    _proposal_depends = (
        'state', 'call_state', 'applicant_id.name', 'applicant_id.l10n_it_codice_fiscale', 'applicant_id.email',
        'applicant_id.phone',
        'partner_id.name', 'partner_id.is_company', 'partner_id.vat', 'partner_id.l10n_it_codice_fiscale',
        'partner_id.street',
        'partner_id.street2', 'partner_id.city', 'partner_id.zip', 'partner_id.state_id', 'partner_id.country_id')

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

    # ------------------------------------------------------------ what is bought

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

    document_type = fields.Selection(
        DOCUMENT_TYPES, "Identity Document", help="Of the applicant; optional.")
    document_number = fields.Char("Number", exportable=False)
    document_issuer = fields.Char("Issued by")
    document_issued_on = fields.Date("Issued on")
    document_expiry = fields.Date("Valid until")

    # ------------------------------------------------------------ what the service tells

    owner = fields.Char("Account", readonly=True, copy=False, help="The account at the service that owns the mailbox.")
    domain = fields.Char(readonly=True, copy=False)
    userid = fields.Char("User ID", readonly=True, copy=False, help="With which the mailbox is entered.")
    activation_code = fields.Char(readonly=True, copy=False)
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
    purpose = fields.Char("What It Is for", compute='_compute_purpose')
    price = fields.Float(
        "Price (EUR)", compute='_compute_price', digits=(16, 2),
        help="For a year, before VAT; from the Openapi wallet.")
    is_price_known = fields.Boolean(compute='_compute_price')
    is_extensible = fields.Boolean(compute='_compute_is_extensible')
    is_editable = fields.Boolean(compute='_compute_is_editable')
    days_left = fields.Integer(compute='_compute_days_left')

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

    # ------------------------------------------------------------ proposals from the contacts

    def _proposed(self, *names):
        """Return the mailboxes whose data still follow their contacts; the others keep these fields as they were
        bought.
        """
        frozen = self.filtered(lambda mailbox: not mailbox._is_draft())
        for mailbox in frozen:
            for name in names:
                mailbox[name] = mailbox[name]
        return self - frozen

    def _is_draft(self):
        """Return whether the mailbox is not bought and is not being bought."""
        return self.state == 'draft' and self.call_state not in const.mailbox.CALLING

    @api.depends('partner_id')
    def _compute_applicant_id(self):
        readable = self._filter_readable(self.partner_id | self.partner_id.child_ids)
        for mailbox in self._proposed('applicant_id'):
            holder = mailbox.partner_id
            if holder and holder not in readable:
                mailbox.applicant_id = mailbox.applicant_id
                continue
            people = holder.child_ids.filtered(lambda partner: not partner.is_company and partner.type == 'contact')
            if holder and not holder.is_company:
                people = holder
            if mailbox.applicant_id not in people:
                people &= readable
                mailbox.applicant_id = people.filtered('l10n_it_codice_fiscale')[:1] or people[:1]

    @api.depends('partner_id')
    def _compute_customer_type(self):
        readable = self._filter_readable(self.partner_id)
        for mailbox in self._proposed('customer_type'):
            is_hidden = mailbox.partner_id and mailbox.partner_id not in readable
            mailbox.customer_type = mailbox.customer_type if is_hidden else 'IM' if mailbox.partner_id.is_company else 'PV'

    @api.depends('customer_type')
    def _compute_customer_subtypes(self):
        for mailbox in self:
            mailbox.customer_subtypes = list(const.mailbox.SUBTYPES.get(mailbox.customer_type, ()))

    @api.onchange('customer_type')
    def _onchange_customer_type(self):
        if self.customer_subtype not in const.mailbox.SUBTYPES.get(self.customer_type, ()):
            self.customer_subtype = False

    def _is_following(self):
        return self._is_draft()

    def _propose(self):
        person = self.applicant_id
        return {**self._propose_holder(self.partner_id), **(self._propose_applicant(person) if person else {})}

    def _propose_applicant(self, person):
        last_name, first_name = person._openapi_pec_split_name()
        return self._from(
            person, first_name=first_name, last_name=last_name, fiscal_code=person.l10n_it_codice_fiscale,
            email=person.email,
            phone=person.phone)

    def _propose_holder(self, partner):
        tax_code = partner.is_company and (partner.l10n_it_codice_fiscale or partner.vat)
        return self._from(
            partner, holder_name=partner.is_company and partner.name, holder_city=partner.city, holder_zip=partner.zip,
            holder_fiscal_code=tax_code and partner._l10n_it_edi_normalized_codice_fiscale(tax_code),
            holder_street=' '.join(filter(None, (partner.street, partner.street2))),
            holder_province=partner.state_id.code,
            holder_country=partner.country_id.code)

    @api.depends('fiscal_code', 'applicant_id', 'state', 'call_state')
    def _compute_birth(self):
        self._follow('birth_proposals', type(self)._propose_birth)

    def _propose_birth(self):
        """Return what the tax code tells of the applicant's birth, as :meth:`_propose`."""
        birth = fiscal_code.birth(self.fiscal_code, fields.Date.context_today(self).year)
        place = birth and birth_place.find(birth.place, birth.date)
        return self._from(
            self.applicant_id, birth_date=birth.date, sex=birth.sex, birth_country=place and place.country,
            birth_city=place and place.name,
            birth_province=place and place.province) if birth else {}

    # ------------------------------------------------------------ computed

    @api.depends('mailbox_type')
    @api.depends_context('lang')
    def _compute_purpose(self):
        for mailbox in self:
            mailbox.purpose = mailbox._in_words(
                const.mailbox.TYPES[mailbox.mailbox_type].purpose) if mailbox.mailbox_type else False

    @api.depends('mailbox_type')
    def _compute_price(self):
        for mailbox_type, mailboxes in self.grouped('mailbox_type').items():
            price = self.env['openapi_pec.price']._get('mailbox_create', mailbox_type)
            mailboxes.price = price or 0
            mailboxes.is_price_known = price is not None

    @api.depends('mailbox_type')
    def _compute_is_extensible(self):
        for mailbox in self:
            mailbox.is_extensible = mailbox.mailbox_type in const.mailbox.EXTENSIBLE_TYPES

    @api.depends('state', 'call_state')
    def _compute_is_editable(self):
        for mailbox in self:
            mailbox.is_editable = mailbox._is_draft()

    @api.depends('expires_on')
    def _compute_days_left(self):
        today = fields.Date.context_today(self)
        for mailbox in self:
            mailbox.days_left = (mailbox.expires_on - today).days if mailbox.expires_on else 0

    @api.depends('mailbox_user_ids')
    def _compute_user_count(self):
        for mailbox in self:
            mailbox.user_count = len(mailbox.mailbox_user_ids)

    @api.depends('communication_ids')
    def _compute_communication_count(self):
        counts = dict(self.env['openapi_pec.communication']._read_group(
            [('mailbox_id', 'in', self.ids)], ['mailbox_id'], ['__count']))
        for mailbox in self:
            mailbox.communication_count = counts.get(mailbox._origin, 0)

    def _get_announced_name(self):
        return self.env._("PEC mailbox")

    # ------------------------------------------------------------ create, write, unlink

    @api.model_create_multi
    def create(self, vals_list):
        self._check_create(vals_list)
        return super().create([self._with_normalized_address(vals) for vals in vals_list])

    def write(self, vals):
        vals = self._with_normalized_address(vals)
        frozen = {*const.mailbox.REQUEST_FIELDS, 'company_id'} & vals.keys()
        if 'company_id' in frozen and self._is_account_kept(self.env['res.company'].browse(vals['company_id'])):
            frozen.remove('company_id')
        if frozen and not self.env.su and any(
            not mailbox._is_draft()
            and any(mailbox._fields[field].convert_to_write(mailbox[field], mailbox) != vals[field] for field in frozen)
            for mailbox in self
        ):
            raise UserError(self.env._("What has been bought cannot be changed here: a mailbox shows what the service "
                                       "has."))
        if vals.get('address'):
            self._claim_address(vals['address'])
        return super().write(vals)

    def _claim_address(self, address):
        """Raise when an address is another mailbox's in the environment in which these were about to be bought, or in
        its use.
        """
        self.check_access('write')
        for mailbox in self.filtered(lambda mailbox: mailbox.environment and mailbox.address != address):
            if claim(mailbox, 'address', address):
                raise UserError(self.env._("%s is another mailbox here already: choose another address.", address))

    def _check_movable(self, company):
        # What was only found in an account may be another company's that uses it as well.
        return super()._check_movable(company) if not self._is_account_kept(company) else None

    def _is_account_kept(self, company):
        """Return whether these mailboxes were found in an account that another company uses as well, so that they may
        be its own.
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

    # ------------------------------------------------------------ from mailbox to register

    def action_communicate(self):
        """Prepare the communication of this mailbox to the register, as the company's PEC."""
        self.check_access('read')
        return self._communicate('company')

    def action_communicate_administrator(self):
        """Prepare the communication of this mailbox to the register, as an administrator's personal PEC."""
        self.check_access('read')
        return self._communicate('administrator')

    def _communicate(self, kind):
        self.ensure_one()
        if self.state != 'active':
            raise UserError(
                self.env._("Only an active mailbox is communicated to the register: %s is not active.", self.address))
        if self.is_gone:
            raise UserError(self.env._("The service does not know %s any more, so it is not communicated: ask "
                                       "Openapi's support first.",
                                       self.address))
        if self._is_expired():
            raise UserError(self.env._(
                "Only a mailbox that works is communicated to the register: %(mailbox)s expired on %(day)s. Renew it "
                "first, or refresh it if it was renewed elsewhere.", mailbox=self.address,
                day=self._write_day(self.expires_on)))
        if not self.partner_id:
            raise UserError(self.env._("Choose the holder of this mailbox first: it is not known whom it belongs to."))
        holder = self.partner_id
        company = holder if holder.is_company else holder.commercial_partner_id
        filing = self.env['openapi_pec.communication'].create({
            'partner_id': company.id, 'kind': kind, 'mailbox_id': self.id, 'company_id': self.company_id.id,
            **({'representative_id': self.applicant_id.id} if self.applicant_id else {}),
        })
        return filing.action_open_form()

    def action_open_communications(self):
        """Open the communications of this mailbox to the register."""
        self.check_access('read')
        return self.communication_ids._get_records_action(name=self.env._("Communications to the Register"))

    def action_open_form(self):
        """Open one mailbox, or the list of several."""
        self.check_access('read')
        return self._get_records_action(name=self.env._("PEC Mailboxes"))
