from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.record.record_mixin import LEVELS
from odoo.addons.l10n_it_openapi_pec.tools.finding import ORDER
from odoo.addons.l10n_it_openapi_pec.tools.italy import fiscal_code
from odoo.addons.l10n_it_openapi_pec.tools.italy import names as italian_form
from odoo.addons.l10n_it_openapi_pec.tools.italy import phone as mobile
from odoo.addons.l10n_it_openapi_pec.tools.pec import address as pec_address

_lt = LazyTranslate(__name__, default_lang='en_US')

# The keys of the request that distinguish filings when the answer to a call was lost (the list has casella_pec alone).
MATCH_KEYS = ('casella_pec', 'cf', 'cf_piva', 'qualifica', 'ragione_sociale')

# state -> what the chatters say when a filing has come to it
STATE_SENTENCES = {
    'queued': _lt("submitted; the call to the service is about to be made."),
    'code_requested': _lt("accepted by the service. The power of attorney is being prepared."),
    'awaiting_documents': _lt("the power of attorney is ready. Have it signed digitally (.p7m) and upload it."),
    'documents_uploaded': _lt("the signed documents are delivered. The service files them with the register."),
    'completed': _lt("completed, according to the service. Record what the chamber of commerce answers."),
    'cancelled': _lt("given up before it was sent. Nothing was spent."),
}
# What the chatter of a contact says that people of several companies read: the rest stands on the filing.
NEWS_SENTENCE = _lt("There is news about a PEC filing: %s")
SIGN, OUTCOME, CORRECT = 'mail_activity_type_sign', 'mail_activity_type_outcome', 'mail_activity_type_correct'
# state -> (xml id of the activity type, summary) of what somebody has to do then
STATE_ACTIVITIES = {
    'awaiting_documents': (SIGN, _lt("Have the power of attorney signed and upload it")),
    'completed': (OUTCOME, _lt("Record the chamber's outcome")),
    'failed': (CORRECT, _lt("Correct the filing and submit it again")),
}
ACTIVITY_TYPES = [f'l10n_it_openapi_pec.{xmlid}' for xmlid in (
    SIGN, OUTCOME, CORRECT, 'mail_activity_type_late', 'mail_activity_type_decide', 'mail_activity_type_account',
    'mail_activity_type_send', 'mail_activity_type_mail', 'mail_activity_type_gone', 'mail_activity_type_submit',
)]
# What is said of the mail to the signer: see the keys in `_signer_mail_sentences` of the signer mixin.
MAIL_SENTENCES = {
    'nothing': _lt("None of these powers of attorney is here and waits for its signature: nothing was mailed."),
    'one': _lt("To 1 signer: %(whom)s."),
    'many': _lt("To %(count)s signers: %(whom)s."),
    'leaving': _lt("They leave within minutes; each filing shows whether its mail was sent."),
    'mailed': _lt("The power of attorney was mailed to %(address)s, to be signed."),
    'reminded': _lt("A reminder (number %(number)s) of the power of attorney was mailed to %(address)s."),
    'linkless': _lt("The mail has no link to the signer's page, since the address of Odoo (web.base.url) is not "
                    "public: the signer is asked to answer with the signed file."),
    'undelivered': _lt("The power of attorney did not reach %(address)s by mail: %(reason)s"),
    'addressless': _lt("The power of attorney was not mailed: %(label)s has no e-mail address."),
    'too_large': _lt("The power of attorney was not mailed: it is too large for a mail, and the address of Odoo "
                     "(web.base.url) is not public, so that nobody could open a link. Have an administrator correct "
                     "web.base.url."),
    'failed': _lt("The power of attorney could not be mailed. Check the mail template, then mail it from the list of "
                  "filings."),
    'link_problem': _lt("The mail has no link to the signer's page, and asks the signer to answer with the signed "
                        "file: nobody outside can open %(url)s. To mail the link, have an administrator set the system "
                        "parameter web.base.url to the public https address of this Odoo."),
}
# field -> function that makes of a value what the service takes
NORMALIZERS = {
    'pec_email': pec_address.normalize,
    'email': pec_address.normalize_email,
    'fiscal_code': fiscal_code.normalize,
    'company_fiscal_code': fiscal_code.normalize,
    'mobile': mobile.normalize,
    'province': italian_form.normalize_province,
    **dict.fromkeys(('first_name', 'last_name', 'company_name', 'city'), italian_form.normalize_text),
}
VERDICTS = [('refused', "Refused"), ('warning', "To Be Looked At"), ('good', "Good")]  # on a signed file

# In the context of a write that restores what was filed: an object that no request can send.
AS_FILED = object()


class OpenapiPecCommunication(models.Model):
    """One communication of a PEC (*domicilio digitale*) to the business register: ``comunica_pec`` of the API.

    All fields, constraints and class attributes of a filing stand here. The other files of this folder add methods.
    """
    _name = 'openapi_pec.communication'
    _description = "PEC Communication"
    _inherit = [
        'openapi_pec.place.mixin', 'openapi_pec.data.mixin', 'openapi_pec.record.mixin', 'openapi_pec.signer.mixin']
    _order = 'id desc'
    _check_company_auto = True

    # Of the data mixin: see data.py.
    _normalizers = NORMALIZERS
    _create_operation = 'create'
    _request_fields = ('kind', *const.filing.REQUEST_KEYS)
    _proposed_fields = (
        'pec_email', 'company_name', 'company_fiscal_code', 'city', 'province', 'first_name', 'last_name',
        'fiscal_code', 'email', 'mobile')
    _typed_fields = (*_proposed_fields, 'qualification')  # which stands on no contact
    _proposal_sources = frozenset({'partner_id', 'representative_id', 'kind', 'mailbox_id'})
    _frozen_fields = frozenset({'partner_id', 'kind', 'company_id', 'representative_id', *const.filing.REQUEST_KEYS})
    _proposal_depends = (
        'state', 'kind', 'mailbox_id.address', 'partner_id.is_company', 'partner_id.openapi_pec_legal_form',
        'partner_id.openapi_pec_email', 'partner_id.name', 'partner_id.vat', 'partner_id.l10n_it_codice_fiscale',
        'partner_id.city', 'partner_id.state_id', 'representative_id.openapi_pec_email', 'representative_id.name',
        'representative_id.l10n_it_codice_fiscale', 'representative_id.email', 'representative_id.phone',
        'representative_id.parent_id')

    # Of the record mixin: see call.py and synchronize.py.
    _address_field = 'pec_email'
    _level_field = 'present_level'
    _match_keys = MATCH_KEYS
    _compared_keys = {**const.filing.REQUEST_KEYS, 'kind': 'pec_amministratore'}
    _state_by_stato = const.filing.STATE_BY_STATO
    _state_sentences = STATE_SENTENCES
    _state_activities = STATE_ACTIVITIES
    _activity_types = ACTIVITY_TYPES
    _closed_state = 'cancelled'
    _news_sentence = NEWS_SENTENCE
    _document_activities = [f'l10n_it_openapi_pec.mail_activity_type_{kind}' for kind in ('sign', 'send', 'mail')]

    # Of the signer mixin: see signer_page.py.
    _signer_path = 'signature'
    _signer_field = 'representative_id'
    _signer_document = 'procura'
    _signer_template = 'l10n_it_openapi_pec.mail_template_signing'
    _signer_mail_sentences = MAIL_SENTENCES
    _portal_states = tuple(const.signature.SIGNER_SENTENCES)
    _signing_states = ('awaiting_documents',)

    # Whose filing it is
    name = fields.Char("Number", readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        'res.company', required=True, index=True, default=lambda self: self.env.company,
        help="The company whose Openapi account pays.")
    user_id = fields.Many2one(
        'res.users', "Responsible", default=lambda self: self.env.user, check_company=True, index='btree_not_null',
        help="Gets the activities of this filing.")
    partner_id = fields.Many2one(
        'res.partner', "About", required=True, index=True, check_company=True, ondelete='restrict',
        help="The company, or sole trader, whose position in the business register is concerned.")
    kind = fields.Selection(
        [('company', "Company's PEC"), ('administrator', "Administrator's PEC")], required=True, default='company',
        help="The company's own digital domicile, or the personal one of its administrator (L. 207/2024 art. 1 c. "
             "860).")
    representative_id = fields.Many2one(
        'res.partner', check_company=True, index='btree_not_null', ondelete='restrict',
        compute='_compute_representative_id', store=True, readonly=False, precompute=True,
        domain="[('is_company', '=', False)]",
        help="The person who asks: whoever signs the power of attorney (procura).")
    mailbox_id = fields.Many2one(
        'openapi_pec.mailbox', copy=False, check_company=True, index='btree_not_null', ondelete='restrict',
        help="The mailbox, bought here, whose address is communicated.")

    # The data of the request (data.py)
    pec_email = fields.Char(
        "PEC", compute='_compute_proposed', store=True, readonly=False, precompute=True, index='btree_not_null',
        help="The certified address (PEC) to communicate.")
    pec_email_normalized = fields.Char(
        "Normalized PEC", compute='_compute_pec_email_normalized', store=True, index='btree_not_null',
        exportable=False, help="The PEC as it is compared with others.")
    first_name = fields.Char(compute='_compute_proposed', store=True, readonly=False, precompute=True)
    last_name = fields.Char("Surname", compute='_compute_proposed', store=True, readonly=False, precompute=True)
    fiscal_code = fields.Char(
        "Tax Code", compute='_compute_proposed', store=True, readonly=False, precompute=True, exportable=False,
        help="Tax code (codice fiscale) of the person who asks.")
    qualification = fields.Selection([
        ('AMMINISTRATORE', "Administrator"),
        ('COMMISSARIO_GIUDIZIARIO', "Judicial Commissioner"),
        ('CURATORE_FALLIMENTARE', "Bankruptcy Curator"),
        ('LEGALE_RAPPRESENTANTE', "Legal Representative"),
        ('LIQUIDATORE', "Liquidator"),
        ('SOCIO', "Partner"),
        ('TITOLARE', "Owner"),
    ], compute='_compute_proposed', store=True, readonly=False, precompute=True,
        help="In what capacity (qualifica) the person asks.")
    email = fields.Char(
        compute='_compute_proposed', store=True, readonly=False, precompute=True,
        help="An ordinary address of the person who asks.")
    mobile = fields.Char(
        compute='_compute_proposed', store=True, readonly=False, precompute=True,
        help="Mobile number of the person who asks.")
    company_name = fields.Char(
        compute='_compute_proposed', store=True, readonly=False, precompute=True, help="Ragione sociale.")
    company_fiscal_code = fields.Char(
        "Company Tax Code", compute='_compute_proposed', store=True, readonly=False, precompute=True, exportable=False,
        help="Tax code or VAT number of the company; of a sole trader, the personal tax code.")
    city = fields.Char(
        "Municipality", compute='_compute_proposed', store=True, readonly=False, precompute=True,
        help="Of the registered office.")
    province = fields.Char(
        compute='_compute_proposed', store=True, readonly=False, precompute=True, help="Two letters, such as RM.")
    is_editable = fields.Boolean(compute='_compute_is_editable')  # whether the data can still be corrected
    price = fields.Float(
        "Price (EUR)", compute='_compute_price', digits=(16, 2), help="Before VAT, paid from the Openapi wallet.")
    is_price_known = fields.Boolean(compute='_compute_price')
    digest = fields.Char(
        compute='_compute_digest', store=True, exportable=False, groups=fields.NO_ACCESS,
        help="What makes this filing the same as another one.")
    is_twin = fields.Boolean(
        "Filed Twice", readonly=True, copy=False,
        help="The same filing was under way already when Odoo learnt to stop this: look whether both are wanted.")

    # Who asks a manager to submit it (asking.py)
    wanted_by_id = fields.Many2one(
        'res.users', "Submission Asked by", readonly=True, copy=False, index='btree_not_null', ondelete='set null')
    wanted_at = fields.Datetime(
        "Submission Asked", readonly=True, copy=False, help="When a manager was last asked to submit it.")

    # What is found before the click: as it is kept for all of the company's people (verdict.py) ...
    findings_level = fields.Selection(
        compute='_compute_verdict', store=True, index='btree_not_null', copy=False)
    finding_codes = fields.Json(
        compute='_compute_verdict', store=True, copy=False, exportable=False,
        help="What stands against the draft: a list of [level, code, field, field that leads to its contact].")
    finding_reason = fields.Selection(
        '_select_reasons', "Reason", compute='_compute_verdict', store=True, index='btree_not_null', copy=False,
        help="What stands against the draft first, in a few words.")
    reasons = fields.Text(
        compute='_compute_reasons', help="All that stands against the draft, the worst first, a few words each.")
    mending_place = fields.Char(
        compute='_compute_reasons', exportable=False, help="The field that leads to the contact to be corrected first.")
    # ... and as it is now for who reads (preflight.py, shown_findings.py)
    present_level = fields.Selection(selection=LEVELS, string="Check Now", compute='_compute_findings')
    finding_items = fields.Json(
        compute='_compute_findings', exportable=False, help="The findings that the form shows, each with its place.")
    findings = fields.Html(compute='_compute_shown_findings')
    findings_summary = fields.Char("To Be Looked At", compute='_compute_findings')
    is_domain_unknown = fields.Boolean(compute='_compute_findings')

    # How far it is (call.py, synchronize.py, overview.py)
    state = fields.Selection([
        ('draft', "Draft"),
        ('queued', "Queued"),
        ('unconfirmed', "Unconfirmed"),
        ('code_requested', "Accepted"),
        ('awaiting_documents', "To Be Signed"),
        ('documents_uploaded', "Documents Delivered"),
        ('completed', "Filed"),
        ('failed', "Not Filed"),
        ('cancelled', "Given Up"),
    ], required=True, readonly=True, copy=False, default='draft', index=True, group_expand='_expand_states')
    status = fields.Selection(
        '_select_status', compute='_compute_status', store=True, index=True, copy=False,
        help="How far the filing is, with what the chamber of commerce has answered.")
    submitted_at = fields.Datetime("Submitted", readonly=True, copy=False, index='btree_not_null')
    expected_on = fields.Date(
        "Expected", readonly=True, copy=False, index='btree_not_null', help="The service promises 48 working hours.")
    late_on = fields.Date("Late After", readonly=True, copy=False)
    is_late = fields.Boolean("Late", compute='_compute_is_late', search='_search_is_late')
    is_late_here = fields.Boolean(
        compute='_compute_is_late', help="It is late, and what is missing is the signed power of attorney.")
    late_announced = fields.Boolean(readonly=True, copy=False)
    awaiting_since = fields.Datetime(
        "Waiting Since", compute='_compute_awaiting_since', store=True, copy=False, index='btree_not_null',
        help="When the power of attorney began to wait for its signature.")
    waiting_days = fields.Integer(
        "Days Waiting", compute='_compute_waiting_days', help="Days for which the signature is waited for.")
    progress = fields.Integer(compute='_compute_progress', help="How far the filing has come, in percent.")
    progress_sentence = fields.Char("Now", compute='_compute_progress')
    completed_at = fields.Datetime(readonly=True, copy=False, help="The signer's page lives for some days longer.")

    # The files (documents.py)
    procura_id = fields.Many2one(
        'ir.attachment', "Power of Attorney", readonly=True, copy=False, ondelete='restrict', index='btree_not_null',
        help="Procura, as PDF.")
    signed_procura_id = fields.Many2one(
        'ir.attachment', "Signed Power of Attorney", readonly=True, copy=False, ondelete='restrict',
        index='btree_not_null')
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
             "takes no other kind.")
    identity_document_filename = fields.Char(compute='_compute_filenames', inverse='_inverse_filename')

    # What the signatures are worth (signature.py)
    signature_findings = fields.Html("Signature", compute='_compute_signature', sanitize=False, exportable=False)
    signature_level = fields.Selection(VERDICTS, "Verdict on the Signature", compute='_compute_signature')
    doubted_checksum = fields.Char(
        readonly=True, copy=False, exportable=False,
        help="Of the file that the signer uploaded, when it was kept but has to be looked at.")
    is_signature_overridable = fields.Boolean(compute='_compute_signature')
    is_verifiable = fields.Boolean(compute='_compute_signature')  # whether *Verify Again* may tell something else
    verified_at = fields.Datetime("Signature Verified", readonly=True, copy=False)  # when it was last asked about
    identity_level = fields.Selection(VERDICTS, "Verdict on the Identity Document", compute='_compute_identity')
    identity_sentence = fields.Text(
        "Identity Document Sent Along", compute='_compute_identity', exportable=False,
        help="Whether the identity document is sent along with the power of attorney.")

    # The mail to the signer (signer_page.py; what all signers' pages have is the signer mixin's)
    procura_mailed_at = fields.Datetime(
        "Mailed to the Signer", readonly=True, copy=False,
        help="When the power of attorney was last mailed to who is to sign it. Empty again when that mail fails or "
             "comes back.")
    procura_mailed_checksum = fields.Char(
        readonly=True, copy=False, help="Of the power of attorney that was given to be mailed.")

    # What the chamber of commerce answers (chamber.py)
    chamber_outcome = fields.Selection([
        ('protocollata', "Registered for Examination"),
        ('sospesa', "Suspended"),
        ('evasa', "Entered in the Register"),
        ('respinta', "Rejected"),
        ('irricevibile', "Not Receivable"),
    ], copy=False, index='btree_not_null',
        help="What the chamber of commerce answered. The service never says it: it is recorded by hand.")
    chamber_protocol = fields.Char("Chamber's Protocol", copy=False, tracking=True)
    chamber_date = fields.Date("Chamber's Date", copy=False, tracking=True)
    chamber_note = fields.Text("Chamber's Note", copy=False, tracking=True)
    is_refused = fields.Boolean(compute='_compute_is_refused')
    refused_note = fields.Text("What the Chamber Wrote", related='corrects_id.chamber_note', related_sudo=False)
    renews_id = fields.Many2one(
        'openapi_pec.communication', "For a New Term after", readonly=True, copy=False, index='btree_not_null',
        ondelete='set null', help="The filing of the term of office before.")
    corrects_id = fields.Many2one(
        'openapi_pec.communication', readonly=True, copy=False, index='btree_not_null', ondelete='restrict',
        help="The filing that the chamber refused and that is filed again with this one.")
    corrected_by_id = fields.Many2one(
        'openapi_pec.communication', "Corrected by", readonly=True, copy=False, index='btree_not_null',
        ondelete='set null', help="The filing that was made from this one after the chamber refused it.")

    # Whether the register shows it (the room `look`)
    register_state = fields.Selection([
        ('stands', "Shown"),
        ('was', "Shown Earlier"),
        ('other', "Another PEC Shown"),
        ('none', "No PEC Shown"),
    ], "In the Register", readonly=True, copy=False, help="Whether the business register shows this PEC.")
    register_seen_on = fields.Date("Register Looked Up", readonly=True, copy=False)
    register_since = fields.Date(
        "The One Before Until", readonly=True, copy=False,
        help="Until when the register had the PEC before, as far as it tells; of one that it shows no more, this one.")

    # Where it comes from (batch_part.py, spreadsheet.py)
    batch_id = fields.Many2one(
        'openapi_pec.batch', readonly=True, copy=False, index='btree_not_null', ondelete='set null', check_company=True)
    is_imported = fields.Boolean(
        "Made Elsewhere", readonly=True, copy=False, help="It was found in the account at the service.")

    _remote_id_unique = models.UniqueIndex(
        "(environment, remote_id) WHERE remote_id IS NOT NULL",
        "Another filing has this identifier at the service already.",
    )
    # The database keeps what the checks find as well: two people may submit the same thing at the same moment. A
    # company is its tax code, whichever contact the filing hangs on.
    _filed_once = models.UniqueIndex(
        "(digest) WHERE state IN ('queued', 'unconfirmed', 'code_requested', 'awaiting_documents', "
        "'documents_uploaded')",
        "The same PEC is being communicated for the same company already: follow that filing, do not pay twice.",
    )

    # In the order of a worklist (worklist.py): its first lines are read without the others.
    _worklist_order = models.Index(
        f"(batch_id, array_position(ARRAY{[*ORDER]}::varchar[], findings_level), company_name) "
        "WHERE batch_id IS NOT NULL")

    # ------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        self.check_access('create')  # before a number is taken
        self._check_create(vals_list)
        unnumbered = [vals for vals in vals_list if vals.get('name', '/') == '/']
        for vals, number in zip(unnumbered, self._take_numbers(len(unnumbered)), strict=True):
            vals['name'] = number
        return super().create(vals_list)

    @api.model
    def _take_numbers(self, count):
        """Return so many new numbers, with a constant number of queries where the sequence allows gaps.

        Without the sequence, which somebody may have deleted, there are none.
        """
        sequence = self.env['ir.sequence'].search([
            ('code', '=', self._name), ('company_id', 'in', (self.env.company.id, False))], order='company_id', limit=1)
        if not count or not sequence:
            return ["/"] * count
        if count == 1 or sequence.use_date_range or sequence.implementation != 'standard':
            return [sequence.next_by_id() for _number in range(count)]
        self.env.cr.execute(
            "SELECT nextval(%s) FROM generate_series(1, %s)", [f'ir_sequence_{sequence.id:03d}', count])
        return [sequence.get_next_char(number) for number, in self.env.cr.fetchall()]

    def write(self, vals):
        self._check_frozen(vals)
        return super().write(vals)

    def _check_frozen(self, vals):
        """Raise when values would change data of a submitted filing, unless they restore what was filed."""
        if self.env.context.get('openapi_pec_as_filed') is not AS_FILED and self._changes_frozen(vals):
            raise UserError(self.env._("What has been submitted cannot be changed: a filing shows what was filed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_if_never_sent(self):
        if any(filing.state not in ('draft', 'cancelled') for filing in self) or self.sudo().api_call_ids:
            raise UserError(self.env._("A filing that has been submitted is part of the archive and cannot be deleted. "
                                       "Drafts can."))
