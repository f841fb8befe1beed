import logging
from collections import defaultdict
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, split_every
from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.lock import claim
from odoo.addons.l10n_it_openapi_pec.models.signer.file_content import keep_pdf, read_content
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import (
    BadToken,
    Gone,
    NotFound,
    NotReady,
    OpenapiPecError,
    OtherRecord,
    TooSlow,
)
from odoo.addons.l10n_it_openapi_pec.tools.italy import fiscal_code
from odoo.addons.l10n_it_openapi_pec.tools.italy import names as italian_form
from odoo.addons.l10n_it_openapi_pec.tools.italy import phone as mobile
from odoo.addons.l10n_it_openapi_pec.tools.italy.calendar import add_working_days
from odoo.addons.l10n_it_openapi_pec.tools.outcome.created import fold
from odoo.addons.l10n_it_openapi_pec.tools.pec import address as pec_address
from odoo.addons.l10n_it_openapi_pec.tools.pec.identity_digest import digest

_logger = logging.getLogger(__name__)
_lt = LazyTranslate(__name__, default_lang='en_US')

# How far a filing has come at the service: a list that tells less is stale news.
RANK = {state: rank for rank, state in enumerate(const.filing.STATE_BY_STATO.values(), start=1)}

# What tells one filing from another when the answer to a call was lost (the list gives casella_pec alone).
MATCH_KEYS = ('casella_pec', 'cf', 'cf_piva', 'qualifica', 'ragione_sociale')

PROCURE_PER_RUN = 20  # powers of attorney downloaded in a run

# What the chatters say when a filing has come to a state.
STATE_SENTENCES = {
    'queued': _lt("submitted; the call to the service is about to be made."),
    'code_requested': _lt("accepted by the service. The power of attorney is being prepared."),
    'awaiting_documents': _lt("the power of attorney is ready. Have it signed digitally (.p7m) and upload it."),
    'documents_uploaded': _lt("the signed documents are delivered. The service files them with the register."),
    'completed': _lt("completed, as far as the service tells. Record what the chamber of commerce answers."),
    'cancelled': _lt("given up before it was sent. Nothing was spent."),
}
# What the chatter of a contact says whom people of several companies see: the rest stands on the filing.
NEWS_SENTENCE = _lt("There is news about a PEC filing: %s")
# What somebody has to do in a state: xml id of the activity type, summary.
STATE_ACTIVITIES = {
    'awaiting_documents': ('mail_activity_type_sign', _lt("Have the power of attorney signed and upload it")),
    'completed': ('mail_activity_type_outcome', _lt("Record the chamber's outcome")),
    'failed': ('mail_activity_type_correct', _lt("Correct the filing and submit it again")),
}
# In the context of a write that shows again what was filed: an object that no request can send.
AS_FILED = object()
# Kinds of files of a filing, each with an attachment, its content and its name.
FILES = ('procura', 'signed_procura', 'identity_document')
# How the service wants the data of a filing.
NORMALIZERS = {
    'pec_email': pec_address.normalize,
    'email': email_normalize,
    'fiscal_code': fiscal_code.normalize,
    'company_fiscal_code': fiscal_code.normalize,
    'mobile': mobile.normalize,
    'province': italian_form.normalize_province,
    **dict.fromkeys(('first_name', 'last_name', 'company_name', 'city'), italian_form.normalize_text),
}
ACTIVITY_TYPES = [f'l10n_it_openapi_pec.{xmlid}' for xmlid in (
    'mail_activity_type_sign', 'mail_activity_type_outcome', 'mail_activity_type_correct',
    'mail_activity_type_late', 'mail_activity_type_decide', 'mail_activity_type_account', 'mail_activity_type_send',
    'mail_activity_type_mail', 'mail_activity_type_gone',
)]


class OpenapiPecCommunication(models.Model):
    """One communication of a PEC (*domicilio digitale*) to the business register: ``comunica_pec`` of the API."""
    _name = 'openapi_pec.communication'
    _description = "PEC Communication"
    _inherit = ['openapi_pec.data.mixin', 'openapi_pec.record.mixin']
    _order = 'id desc'
    _check_company_auto = True
    _address_field = 'pec_email'
    _normalizers = NORMALIZERS
    _create_operation = 'create'
    _request_fields = ('kind', *const.filing.REQUEST_KEYS)
    _proposed_fields = (
        'pec_email', 'company_name', 'company_fiscal_code', 'city', 'province', 'first_name', 'last_name',
        'fiscal_code', 'email',
        'mobile')
    _typed_fields = (*_proposed_fields, 'qualification')  # which stands on no contact
    _proposal_sources = frozenset({'partner_id', 'representative_id', 'kind', 'mailbox_id'})
    _proposal_depends = (
        'state', 'kind', 'mailbox_id.address', 'partner_id.is_company', 'partner_id.openapi_pec_email',
        'partner_id.name', 'partner_id.vat',
        'partner_id.l10n_it_codice_fiscale', 'partner_id.city', 'partner_id.state_id',
        'representative_id.openapi_pec_email',
        'representative_id.name', 'representative_id.l10n_it_codice_fiscale', 'representative_id.email',
        'representative_id.phone')
    _match_keys = MATCH_KEYS
    _compared_keys = {**const.filing.REQUEST_KEYS, 'kind': 'pec_amministratore'}
    _state_by_stato = const.filing.STATE_BY_STATO
    _state_sentences = STATE_SENTENCES
    _state_activities = STATE_ACTIVITIES
    _activity_types = ACTIVITY_TYPES
    _closed_state = 'cancelled'
    _news_sentence = NEWS_SENTENCE
    _document_activities = [f'l10n_it_openapi_pec.mail_activity_type_{kind}' for kind in ('sign', 'send', 'mail')]

    name = fields.Char("Number", readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        'res.company', required=True, index=True, default=lambda self: self.env.company,
        help="The company whose Openapi account pays.",
    )
    user_id = fields.Many2one(
        'res.users', "Responsible", default=lambda self: self.env.user, check_company=True, index='btree_not_null',
        help="Gets the activities of this filing.",
    )
    partner_id = fields.Many2one(
        'res.partner', "About", required=True, index=True, check_company=True, ondelete='restrict',
        help="The company, or sole trader, whose position in the business register is concerned.",
    )
    kind = fields.Selection(
        [('company', "Company's PEC"), ('administrator', "Administrator's PEC")], required=True, default='company',
        help="The company's own digital domicile, or the personal one of its administrator (L. 207/2024 art. 1 c. 860).",
    )
    representative_id = fields.Many2one(
        'res.partner', check_company=True, index='btree_not_null', ondelete='restrict',
        compute='_compute_representative_id', store=True, readonly=False, precompute=True,
        domain="[('is_company', '=', False)]",
        help="The person who asks: whoever signs the power of attorney (procura).",
    )
    pec_email = fields.Char(
        "PEC", compute='_compute_proposed', store=True, readonly=False, precompute=True, index='btree_not_null',
        help="The certified address (PEC) to communicate.",
    )
    mailbox_id = fields.Many2one(
        'openapi_pec.mailbox', copy=False, check_company=True, index='btree_not_null', ondelete='restrict',
        help="The mailbox, bought here, whose address is communicated.")
    first_name = fields.Char(compute='_compute_proposed', store=True, readonly=False, precompute=True)
    last_name = fields.Char("Surname", compute='_compute_proposed', store=True, readonly=False, precompute=True)
    fiscal_code = fields.Char(
        "Tax Code", compute='_compute_proposed', store=True, readonly=False, precompute=True, exportable=False,
        help="Tax code (codice fiscale) of the person who asks.",
    )
    qualification = fields.Selection([
        ('AMMINISTRATORE', "Administrator"),
        ('COMMISSARIO_GIUDIZIARIO', "Judicial Commissioner"),
        ('CURATORE_FALLIMENTARE', "Bankruptcy Curator"),
        ('LEGALE_RAPPRESENTANTE', "Legal Representative"),
        ('LIQUIDATORE', "Liquidator"),
        ('SOCIO', "Partner"),
        ('TITOLARE', "Owner"),
    ], compute='_compute_proposed', store=True, readonly=False, precompute=True, help="In what capacity (qualifica) the person asks.")
    email = fields.Char(compute='_compute_proposed', store=True, readonly=False, precompute=True,
        help="An ordinary address of the person who asks.")
    mobile = fields.Char(compute='_compute_proposed', store=True, readonly=False, precompute=True,
        help="Mobile number of the person who asks.")
    company_name = fields.Char(
        compute='_compute_proposed', store=True, readonly=False, precompute=True, help="Ragione sociale.")
    company_fiscal_code = fields.Char(
        "Company Tax Code", compute='_compute_proposed', store=True, readonly=False, precompute=True, exportable=False,
        help="Tax code or VAT number of the company; of a sole trader, the personal tax code.",
    )
    city = fields.Char("Municipality", compute='_compute_proposed', store=True, readonly=False, precompute=True,
        help="Of the registered office.")
    province = fields.Char(compute='_compute_proposed', store=True, readonly=False, precompute=True,
        help="Two letters, such as RM.")
    state = fields.Selection([
        ('draft', "Draft"),
        ('queued', "Queued"),
        ('unconfirmed', "Unconfirmed"),
        ('code_requested', "Accepted"),
        ('awaiting_documents', "To Be Signed"),
        ('documents_uploaded', "Documents Delivered"),
        ('completed', "Completed"),
        ('failed', "Failed"),
        ('cancelled', "Cancelled"),
    ], required=True, readonly=True, copy=False, default='draft', index=True)
    submitted_at = fields.Datetime("Submitted", readonly=True, copy=False)
    expected_on = fields.Date("Expected", readonly=True, copy=False, help="The service promises 48 working hours.")
    late_on = fields.Date("Late After", readonly=True, copy=False)
    is_late = fields.Boolean("Late", compute='_compute_is_late', search='_search_is_late')
    late_announced = fields.Boolean(readonly=True, copy=False)
    price = fields.Float(
        "Price (EUR)", compute='_compute_price', digits=(16, 2), help="Before VAT, paid from the Openapi wallet.")

    procura_id = fields.Many2one('ir.attachment', "Power of Attorney", readonly=True, copy=False, ondelete='restrict',
        index='btree_not_null', help="Procura, as PDF.")
    signed_procura_id = fields.Many2one(
        'ir.attachment', "Signed Power of Attorney", readonly=True, copy=False, ondelete='restrict')
    identity_document_id = fields.Many2one(
        'ir.attachment', readonly=True, copy=False, ondelete='restrict', index='btree_not_null')
    procura_file = fields.Binary("Power of Attorney (PDF)", compute='_compute_files')
    procura_filename = fields.Char(compute='_compute_filenames')
    signed_procura_file = fields.Binary(
        "Signed Power of Attorney (.p7m)", compute='_compute_files', inverse='_inverse_signed_procura_file')
    signed_procura_filename = fields.Char(compute='_compute_filenames', inverse='_inverse_filename')
    identity_document_file = fields.Binary(
        "Signed Identity Document", compute='_compute_files', inverse='_inverse_identity_document_file',
        help="Optional. It is sent along when it is a digitally signed file as well, whatever its name; the service "
             "takes no other kind.",
    )
    identity_document_filename = fields.Char(compute='_compute_filenames', inverse='_inverse_filename')

    digest = fields.Char(compute='_compute_digest', store=True, exportable=False, groups=fields.NO_ACCESS,
        help="What makes this filing the same as another one.")
    is_twin = fields.Boolean("Filed Twice", readonly=True, copy=False,
        help="The same filing was under way already when Odoo learnt to stop this: look whether both are wanted.")

    _remote_id_unique = models.UniqueIndex(
        "(environment, remote_id) WHERE remote_id IS NOT NULL",
        "Another filing has this identifier at the service already.",
    )
    # What the checks find, kept by the database as well: two people may submit the same thing at the same moment.
    # Whichever contact it hangs on: the company is its tax code.
    _filed_once = models.UniqueIndex(
        "(digest) WHERE state IN ('queued', 'unconfirmed', 'code_requested', 'awaiting_documents', "
        "'documents_uploaded')",
        "The same PEC is being communicated for the same company already: follow that filing, do not pay twice.",
    )

    # ------------------------------------------------------------ proposals from partner and representative

    @api.depends('partner_id')
    def _compute_representative_id(self):
        readable = self._filter_readable(self.partner_id | self.partner_id.child_ids)
        for filing in self:
            if filing.partner_id and filing.partner_id not in readable:
                filing.representative_id = filing.representative_id
                continue
            people = filing.partner_id.child_ids.filtered(
                lambda partner: not partner.is_company and partner.type == 'contact')
            if filing.partner_id and not filing.partner_id.is_company:
                people = filing.partner_id  # a sole trader asks in person
            if filing.representative_id not in people:
                people &= readable
                filing.representative_id = people.filtered('l10n_it_codice_fiscale')[:1] or people[:1]

    def _is_following(self):
        return self.state in const.filing.EDITABLE_STATES

    def _propose(self):
        partner, person = self.partner_id, self.representative_id
        owner = person if self.kind == 'administrator' else partner
        return {
            **(self._from(self.mailbox_id, pec_email=self.mailbox_id.address) if self.mailbox_id
               else self._from(owner, pec_email=owner.openapi_pec_email)),
            **self._from(partner, self.kind, qualification=self._propose_qualification()),
            **(self._propose_company(partner) if partner else {}),
            **(self._propose_person(person) if person else {}),
        }

    def _propose_qualification(self):
        if self.kind == 'administrator':
            return 'AMMINISTRATORE'
        return 'TITOLARE' if self.partner_id and not self.partner_id.is_company else 'LEGALE_RAPPRESENTANTE'

    def _propose_company(self, partner):
        tax_code = partner.l10n_it_codice_fiscale or partner.vat
        return self._from(
            partner, company_name=partner.name, city=partner.city, province=partner.state_id.code,
            company_fiscal_code=tax_code and partner._l10n_it_edi_normalized_codice_fiscale(tax_code))

    def _propose_person(self, person):
        last_name, first_name = person._openapi_pec_split_name()
        return self._from(
            person, first_name=first_name, last_name=last_name, fiscal_code=person.l10n_it_codice_fiscale,
            email=person.email,
            mobile=person.phone)

    # ------------------------------------------------------------ computed

    @api.depends('partner_id', 'pec_email')
    def _compute_display_name(self):
        readable = self.partner_id if self.env.su else self._filter_readable(self.partner_id)
        for filing in self:
            name = filing.partner_id.name if filing.partner_id in readable else ''
            filing.display_name = f"{filing.name} {name or ''}".strip()

    @api.depends('environment', 'company_fiscal_code', 'partner_id', 'kind', 'fiscal_code', 'pec_email', 'is_twin')
    def _compute_digest(self):
        for filing in self:
            filing.digest = bool(filing.environment and filing.pec_email) and not filing.is_twin and digest(
                filing.environment, filing.company_fiscal_code, filing.partner_id.id, filing.kind, filing.fiscal_code,
                filing.pec_email)

    def _compute_price(self):
        self.price = self.env['openapi_pec.price']._get('create') or 0

    @api.depends('state', 'late_on')
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for filing in self:
            filing.is_late = filing.state in const.filing.FOLLOWED_STATES and bool(
                filing.late_on) and filing.late_on < today

    def _search_is_late(self, operator, value):
        if operator != 'in':
            return NotImplemented
        late = fields.Domain('state', 'in', const.filing.FOLLOWED_STATES) & fields.Domain(
            'late_on', '<', fields.Date.context_today(self))
        return late if True in value else ~late

    @api.depends('procura_id', 'signed_procura_id', 'identity_document_id')
    def _compute_files(self):
        # Nothing but files, which Odoo computes without `bin_size`: beside another field, their size would be kept in
        # their place.
        for filing in self:
            for kind in FILES:
                filing[f'{kind}_file'] = filing[f'{kind}_id'].datas

    @api.depends('procura_id', 'signed_procura_id', 'identity_document_id')
    def _compute_filenames(self):
        for filing in self:
            for kind in FILES:
                filing[f'{kind}_filename'] = filing[f'{kind}_id'].name

    def _inverse_signed_procura_file(self):
        self._inverse_file('signed_procura')

    def _inverse_identity_document_file(self):
        self._inverse_file('identity_document')

    def _inverse_filename(self):
        """The name is written together with its file."""

    def _inverse_file(self, kind):
        """Keep an uploaded file as an attachment of its filing, in place of an earlier upload."""
        for filing in self.sudo():
            if filing.state != 'awaiting_documents':
                raise UserError(self.env._("%s does not wait for documents now.", filing.display_name))
            content, name, replaced = read_content(filing, f'{kind}_file'), filing[f'{kind}_filename'], filing[
                f'{kind}_id']
            if content and kind == 'signed_procura':
                # whatever stands around the signed message goes
                content = filing._judge_signed(content).message or content
            filing[f'{kind}_id'] = self.env['ir.attachment']._openapi_pec_create([{
                'name': name or f'{kind}.p7m', 'raw': content, 'res_model': self._name, 'res_id': filing.id,
            }]) if content else False
            replaced.unlink()

    # ------------------------------------------------------------ create, write, unlink

    @api.model_create_multi
    def create(self, vals_list):
        self.check_access('create')  # before a number is taken
        self._check_create(vals_list)
        for vals in vals_list:
            if vals.get('name', '/') == '/':
                vals['name'] = self.env['ir.sequence'].next_by_code('openapi_pec.communication') or "/"
        return super().create(vals_list)

    def write(self, vals):
        frozen_fields = {'partner_id', 'kind', 'company_id', 'representative_id', *const.filing.REQUEST_KEYS}
        as_filed = self.env.context.get('openapi_pec_as_filed') is AS_FILED
        if not as_filed and frozen_fields & vals.keys() and any(
            filing.state not in const.filing.EDITABLE_STATES
            and any(
                filing._fields[field].convert_to_write(filing[field], filing) != vals[field]
                for field in frozen_fields & vals.keys())
            for filing in self
        ):
            raise UserError(self.env._("What has been submitted cannot be changed: a filing shows what was filed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_never_sent(self):
        if any(filing.state not in ('draft', 'cancelled') for filing in self) or self.sudo().api_call_ids:
            raise UserError(self.env._("A filing that has been submitted is part of the archive and cannot be deleted. "
                                       "Drafts can."))

    # ------------------------------------------------------------ buttons

    def action_open_submit(self):
        """Ask for the confirmation of the price."""
        self._check_submittable()
        question = self.env['openapi_pec.submit'].create({'communication_ids': self.ids})
        return question._get_records_action(name=self.env._("Submit to the Business Register"), target='new')

    def action_submit(self, reason=None):
        """Check, queue, and have the paid call made once, after this transaction.

        :param str reason: why these filings are submitted in spite of what was warned of; kept in the chatter.
        """
        self._check_submittable()
        self._check_warnings(reason)
        self.sudo().filtered(lambda filing: filing.state in const.filing.EDITABLE_STATES)._answer_sightings()
        # Of what waits already a person may insist; what is new waits with the others.
        self.filtered(lambda filing: filing.state == 'queued').company_id._openapi_pec_resume()
        self._submit()

    def _submit(self):
        """Freeze what has been checked, and queue it."""
        filings = self.sudo()
        new = filings.filtered(lambda filing: filing.state in const.filing.EDITABLE_STATES)
        for filing in new:
            filing.write({
                'environment': filing.company_id.openapi_pec_environment,
                'refused': False,
                **{field: normalize(filing[field]) for field, normalize in NORMALIZERS.items()},
            })
        if taken := claim(new, 'state', 'queued'):
            raise UserError(self.env._(
                "%s: the same PEC has just been submitted for the same company by somebody else. Nothing was sent or "
                "spent for yours: follow that filing, do not pay twice.", ', '.join(taken.mapped('display_name'))))
        new._on_state_entered('queued')
        filings._queue_call()

    def action_refresh(self):
        """Read these filings' state from the service."""
        self.check_access('write')
        known = self._get_refreshable()
        if self and not known:
            raise UserError(self.env._(
                "%s is not at the service, as far as Odoo knows, so there is nothing to be read of it there. Nothing "
                "was changed or spent.",
                self[0].display_name))
        for account, filings in self.env['res.company']._openapi_pec_by_account(known):
            environment = filings[0].environment
            account._openapi_pec_check_configured(environment)
            client = account._openapi_pec_client(environment)
            try:
                filings._refresh(client)
            except OpenapiPecError as error:
                if not client.is_late:
                    filings._raise_unread(error, environment)
            if client.is_late:
                return self._leave_to_job()
        return None

    def _get_refreshable(self):
        """Return those of these filings of which the service can tell something: it has given them an identifier, or
        may have.
        """
        return self.filtered(lambda filing: filing.environment and (
            filing.remote_id or filing.state in ('queued', 'unconfirmed') or filing.look_until))

    def _refresh(self, client):
        """Read these filings of one account: one by itself, several (or a lost one) through the list."""
        filings = self.sudo()
        if len(filings) == 1 and filings.remote_id and filings.state != 'unconfirmed':
            try:
                row = client.get_filing(filings.remote_id)
            except Gone as error:
                filings._on_not_found(error)
                return
            filings._note_account_of(client, row)
            filings._apply_stato(row['stato'])
        else:
            filings._synchronize(client)
        filings._fetch_due(client)

    def action_fetch_procura(self):
        """Download the power of attorney."""
        self.check_access('write')
        for filing in self:
            if not filing.remote_id:
                raise UserError(self.env._("There is no power of attorney before the service has accepted the filing."))
            filing.company_id._openapi_pec_check_configured(filing.environment)
            try:
                filing.sudo()._fetch_procura(filing.company_id._openapi_pec_client(filing.environment))
            except NotReady as error:
                raise UserError(self.env._(
                    "The service is still preparing the power of attorney. Odoo fetches it as soon as it exists."
                )) from error
            except BadToken as error:
                filing._raise_unread(error, filing.environment)
            except TooSlow:
                return self._leave_to_job()
            except OpenapiPecError as error:
                raise UserError(self.env._(
                    "The power of attorney cannot be downloaded now: %s. Try again later.",
                    self._get_error_words(error).rstrip('.'),
                )) from error
        return None

    def action_send_documents(self, reason=None):
        """Have the signed documents delivered once, after this transaction.

        :param str reason: why they are sent although they are not the power of attorney of this filing; kept in the
            chatter.
        """
        self.check_access('write')
        for filing in self:
            if filing.state != 'awaiting_documents':
                raise UserError(
                    self.env._("%s does not wait for documents now. Nothing was sent.", filing.display_name))
            filing._check_not_away()
            filing._check_signed_procura(reason)
        for environment, filings in self.grouped('environment').items():
            filings.company_id._openapi_pec_check_configured(environment)
        self.sudo()._queue_call()

    def action_cancel(self):
        """Give up filings that have not been sent."""
        self.check_access('write')
        for filing in self:
            if filing.remote_id or filing.state not in (*const.filing.EDITABLE_STATES, 'queued'):
                raise UserError(self.env._("%s has been sent: the service knows no cancellation.", filing.display_name))
        sought = self.sudo().filtered(lambda filing: filing._get_lines_not_found())
        (self.sudo() - sought)._on_state_entered('cancelled')
        for filings in sought._by_reader():
            filings._on_state_entered('cancelled', filings._in_words(const.service.GIVEN_UP_SENTENCE))
        self.sudo().write({'is_held': False, 'candidates': False, 'unlooked_since': False})

    def action_draft(self):
        """Take up given-up filings again."""
        self.check_access('write')
        given_up = self.sudo().filtered(lambda filing: filing.state == 'cancelled' and not filing.remote_id)
        given_up.write({'state': 'draft', 'error_message': False})

    def action_open_form(self):
        """Open one filing, or the list of several."""
        self.check_access('read')
        return self._get_records_action(name=self.env._("PEC Communications"))

    # ------------------------------------------------------------ one call, once: what is ours (see the mixin)

    def _due_operation(self):
        return 'documents' if self.remote_id else 'create'

    def _prepare_call(self, operation, client):
        if operation == 'documents':
            return partial(
                self._call_in_time, partial(client.upload_documents, self.remote_id, self._get_signed_messages()))
        return partial(self._call_in_time, partial(client.create_filing, self._prepare_request_body()))

    def _prepare_request_body(self):
        """Return the body of ``POST /comunica_pec`` (``BodyPostComunicaPec`` of the specification)."""
        self.ensure_one()
        return {
            **{key: (self[field] or '').strip() for field, key in const.filing.REQUEST_KEYS.items()},
            'pec_amministratore': self.kind == 'administrator',
            'callback': self._prepare_callback(),
        }

    def _on_call_accepted(self, operation, data, started_at):
        self.write({'error_message': False, 'retry_at': False, 'retry_count': 0, 'candidates': False})
        if operation == 'create':
            self.write({
                'remote_id': data['id'],
                'submitted_at': started_at,
                'expected_on': add_working_days(started_at, const.filing.EXPECTED_WORKING_DAYS),
                'late_on': add_working_days(started_at, self.company_id.openapi_pec_late_days),
            })
        self._apply_stato(data['stato'])
        if self.state == 'unconfirmed':  # a stato that nobody knows yet
            self.state = 'code_requested' if operation == 'create' else 'documents_uploaded'

    def _on_call_refused(self, operation, sentence):
        self.error_message = sentence
        if operation == 'create':
            self._on_state_entered('failed', sentence)
        else:
            self._on_state_entered('awaiting_documents', sentence)

    def _on_call_freed(self, operation, sentence):
        result = super()._on_call_freed(operation, sentence)
        if operation == 'create':
            self.activity_unlink(['l10n_it_openapi_pec.mail_activity_type_correct'])
            self._plan_activity('mail_activity_type_correct', self.env._(
                "Look into the Openapi console, then submit the filing again if it is still wanted"))
        return result

    def _on_call_ambiguous(self, candidates):
        self._keep_candidates(candidates, self.env._(
            "The call may have been executed, and several filings at the service look like it. "
            "Choose which one it is; nothing is sent again meanwhile."
        ), self.env._("Choose which filing at the service is this one"))

    def _show_sent_value(self, name, value):
        if name == 'kind':  # as the service calls it: pec_amministratore
            value = 'administrator' if value else 'company'
        return super()._show_sent_value(name, value)

    @staticmethod
    def _read_remote_of(client, remote_id):
        return client.get_filing(remote_id)

    @staticmethod
    def _list_remote(client):
        return client.list_filings()

    def _restore_sent(self, line):
        sent = line._get_sent()
        filed = {field: sent[key] for field, key in const.filing.REQUEST_KEYS.items() if sent.get(key)}
        changed = {field: value for field, value in filed.items() if fold(self[field]) != fold(value)}
        if sent and (self.kind == 'administrator') != sent['pec_amministratore']:
            changed['kind'] = 'administrator' if sent['pec_amministratore'] else 'company'
        self._mark_twin(changed)
        if changed:
            labels = self.fields_get(list(changed), ['string'])
            self.with_context(openapi_pec_as_filed=AS_FILED).write(changed)
            # before the state: a twin of the same instant is refused with none of these in the log
            self.flush_recordset()
            self._message_log(body=self.env._(
                "This filing was corrected after the call, so it shows again what was filed. It differs in: %s.",
                ', '.join(labels[field]['string'] for field in changed)))

    def _mark_twin(self, filed):
        """Mark this filing, and tell of both, when another one took its place meanwhile: the service has the same
        filing twice.

        :param dict filed: values of this filing that are about to be written.
        """
        names = ('environment', 'company_fiscal_code', 'partner_id', 'kind', 'fiscal_code', 'pec_email')
        environment, code, partner, *identity = (filed.get(name, self[name]) for name in names)
        twin = self.sudo().search([
            ('digest', '=', digest(environment, code, partner.id, *identity)), ('id', '!=', self.id),
            ('state', 'in', const.filing.OPEN_STATES)])
        if twin:
            self.is_twin = True
            for one, other in ((self, twin[:1]), *((own, self) for others in twin._by_reader() for own in others)):
                # Whoever reads the one may not see the other.
                name = other.name if one.company_id == other.company_id else one.env._("a filing of another company")
                one._announce(one._add_sandbox(one.env._(
                    "paid twice, or about to be: %s is the same filing, and both are under way. Look whether both are "
                    "wanted, and ask Openapi to refund the other.", name)))
            self._plan_activity(
                'mail_activity_type_refund',
                self.env._("The same filing is under way twice: look whether both are wanted"))

    def _get_strangers(self, rows):
        twins = self.sudo().search(
            [('is_twin', '=', True), ('state', 'in', const.filing.OPEN_STATES), ('id', '!=', self.id)])
        return super()._get_strangers(rows) - set(twins.mapped('remote_id')) - self._get_unread(rows)

    def _get_unread(self, rows):
        """Return the identifiers of what was said to be another filing before it was read: its reference may prove the
        contrary.
        """
        said = {row['id'] for row in rows} & {*(self.stranger_ids or ())}
        unread = self.env['openapi_pec.foreign_filing'].sudo().search([('remote_id', 'in', list(said))]) if said else ()
        return {row.remote_id for row in unread if not row._is_read()}

    def _get_name_to_decide(self):
        kinds = dict(self._fields['kind']._description_selection(self.env))
        return f'{self.display_name}, {self.pec_email} ({kinds[self.kind]})'

    def _get_subject(self):
        return self.company_fiscal_code or ''

    @api.model
    def _search_sightings(self, addresses):
        rows = self.env['openapi_pec.foreign_filing'].sudo().search([('pec_email', 'in', addresses)])
        return super()._search_sightings(addresses) + rows._get_sightings()

    def _is_open_at_service(self):
        return self.state in const.filing.FOLLOWED_STATES

    def _plan_documents(self):
        if self.state == 'awaiting_documents':
            activity_type, summary = STATE_ACTIVITIES[self.state]
            self._plan_activity(activity_type, self._in_words(summary))

    def _on_token_refused(self, operation):
        activity_type, _summary = STATE_ACTIVITIES[self.state]
        self.activity_unlink([f'l10n_it_openapi_pec.{activity_type}'])
        self._plan_activity(activity_type, self.env._(
            "Have the token of the Openapi account corrected in the settings, then submit again"))

    def _on_known_again(self):
        for filing in self.filtered(lambda filing: filing.state == 'cancelled'):
            filing._mark_twin({})
        return super()._on_known_again()

    def _is_same_subject(self, record):
        return fold(record.get('cf_piva')) in ('', fold(self.company_fiscal_code))

    def _reconcile(self, line, client, rows):
        if line.operation == 'create':
            return self._read_creation(line, client.get_filing, rows)
        record = client.get_filing(self.remote_id)
        reached = RANK.get(const.filing.STATE_BY_STATO.get(record['stato']), 0)
        return [record] if reached >= RANK['documents_uploaded'] else [], True

    def _is_known_executed(self, line):
        if line.operation == 'documents':
            return RANK.get(self.state, 0) >= RANK['documents_uploaded']
        return super()._is_known_executed(line)

    def _can_look_for(self, line):
        return self.state in ('queued', *const.filing.FOLLOWED_STATES)

    # ------------------------------------------------------------ keeping in step

    @api.model
    def _followed_domain(self):
        return fields.Domain([
            ('environment', '!=', False),
            '|', '|', ('state', 'in', ('unconfirmed', *const.filing.FOLLOWED_STATES)),
            ('look_until', '>=', fields.Datetime.now()),
            ('is_gone', '=', True)]) | (self._closed_here_domain() & fields.Domain('environment', '!=', False))

    def _synchronize(self, client):
        rows = client.list_filings()
        # One query, however many they are.
        self.fetch([
            'company_id', 'environment', 'state', 'remote_id', 'remote_state', 'error_message', 'look_until', 'is_gone',
            'write_date',
            'pec_email', 'stranger_ids'])
        others = self.company_id._openapi_pec_note_account(client, rows, self[:1].environment)
        stato_by_id = {row['id']: row['stato'] for row in rows}
        followed = self.filtered(lambda filing: filing.remote_id and filing.state in const.filing.FOLLOWED_STATES)
        (self - followed | self.filtered('look_until'))._recover(client, rows)
        # What may be another account's list says nothing; of what was closed as gone, only that it is there again.
        told = followed.filtered(lambda filing: filing.company_id not in others)
        told |= self.filtered(
            lambda filing: (filing.is_gone or filing._is_closed_here()) and filing.remote_id in stato_by_id)
        told._apply_rows(client, stato_by_id)
        told._look_for_doubles(client, rows)

    def _apply_rows(self, client, stato_by_id):
        """Take over what the account's list tells; what it lacks, or tells backwards, is asked one by one."""
        by_stato, doubtful, seen = defaultdict(self.browse), self.browse(), self._get_seen()
        for filing in self._without_call():
            stato = stato_by_id.get(filing.remote_id)
            if stato is None or RANK.get(const.filing.STATE_BY_STATO.get(stato), 9) < RANK.get(filing.state, 0):
                doubtful += filing
            elif stato != filing.remote_state or filing.is_gone or filing._is_closed_here():
                by_stato[stato] += filing
        doubtful -= doubtful._get_elsewhere() - doubtful.filtered('is_gone')
        for stato, filings in by_stato.items():
            for slice_ids in split_every(const.service.SLICE_SIZE, filings.ids):
                self.browse(slice_ids)._apply_stato_safely(stato, seen)
        doubtful.sorted(lambda filing: bool(filing.error_message))[:const.service.MISSING_PER_RUN]._read_one_by_one(
            client)

    def _without_call(self):
        """Return those of these filings that are in no call now, as one may have begun since the list was read: what
        becomes of a call is taken over with its line of the journal, or never would be."""
        return self.filtered(lambda filing: filing.state not in ('queued', 'unconfirmed'))

    def _apply_stato_safely(self, stato, seen):
        """Take over a ``stato``; one filing that cannot take it does not hold up the others."""
        self._take_over(lambda filings: filings._apply_stato(stato), seen)

    def _read_one_by_one(self, client):
        """Read filings that the account's list lacks or tells backwards; the record itself decides."""
        seen = self._get_seen()
        for filing in map(type(self)._for_reader, self._without_call()):
            try:
                filing._apply_stato_safely(client.get_filing(filing.remote_id)['stato'], seen)
            except Gone:
                filing._take_over(type(self)._on_gone, seen)
            except OtherRecord:
                filing._take_over(type(self)._on_other_record, seen)
            except NotFound as error:  # which tells nothing of it, and does not hold up the others
                _logger.info("%s cannot be read now: %s", filing, error)

    def _fetch_due(self, client):
        """Download the powers of attorney that are ready and not here yet, a few at a time."""
        due = self.search([('id', 'in', self.ids), ('state', '=', 'awaiting_documents'), ('procura_id', '=', False)])
        for filing in due[:PROCURE_PER_RUN]:
            try:
                filing._unless_meeting(lambda filing: filing._fetch_procura(client))
            except OpenapiPecError as error:
                _logger.info("The power of attorney of %s cannot be fetched now: %s", filing, error)
            self._commit_in_cron()
        if len(due) > PROCURE_PER_RUN:
            self._trigger_cron('synchronize')

    def _fetch_procura(self, client):
        """Download the power of attorney and attach it to the filing."""
        content = client.get_procura(self.remote_id)
        self.procura_id = keep_pdf(self, f"procura {self.name.replace('/', '-')}.pdf", content)
        self._message_log(
            body=self._for_reader().env._("Power of attorney received."), attachment_ids=self.procura_id.ids)

    @api.model
    def _announce_due(self):
        """Tell once of each filing that has gone beyond its term."""
        late = self.search([('is_late', '=', True), ('late_announced', '=', False)])
        if late:
            late._unless_meeting(type(self)._announce_late)

    def _announce_late(self):
        """Tell of these filings that they have gone beyond their term."""
        self.late_announced = True
        for filings in self._by_reader():
            filings._announce(
                filings.env._("late: the service's 48 working hours are long over. Ask Openapi's support."))
            filings._plan_activity('mail_activity_type_late', filings.env._("Ask Openapi's support why it is late"))
