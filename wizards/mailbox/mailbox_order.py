from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.api_call import OPERATIONS
from odoo.addons.l10n_it_openapi_pec.tools.finding import WARNING
from odoo.addons.l10n_it_openapi_pec.tools.outcome import changed as mailbox_truth
from odoo.addons.l10n_it_openapi_pec.tools.pec import address as pec_address

RENEWAL_YEARS = (1, 2, 3, 4, 5)
DISK_STEP, STORAGE_STEP = 1024, 512  # MB

# field of a mailbox -> (key of the request, step in MB)
SPACES = {
    'disk_space': ('spazio_disco', DISK_STEP),
    'archive_space': ('spazio_storico', DISK_STEP),
    'storage_space': ('spazio_conservazione', STORAGE_STEP),
}

MAX_SPACE = 1024 * 1024  # MB, so that a slip of the finger is not bought


class OpenapiPecMailboxOrder(models.TransientModel):
    """The last question before a click that costs, or cannot be taken back, for one mailbox."""
    _name = 'openapi_pec.mailbox.order'
    _description = "Order for a Mailbox"
    _inherit = ['openapi_pec.input.mixin']

    mailbox_id = fields.Many2one('openapi_pec.mailbox', required=True, readonly=True)
    operation = fields.Selection(OPERATIONS, required=True, readonly=True)
    snapshot = fields.Json(readonly=True, help="What the mailbox was like when the question was opened.")
    is_sandbox = fields.Boolean(related='mailbox_id.is_sandbox', related_sudo=False)
    price = fields.Float("Total (EUR)", compute='_compute_price', digits=(16, 2), help="Before VAT.")
    is_price_known = fields.Boolean(compute='_compute_price')
    is_free = fields.Boolean(compute='_compute_price')
    earlier_call_sentence = fields.Text(
        compute='_compute_earlier_call_sentence', help="What may have been paid for already.")
    warnings = fields.Html(compute='_compute_warnings', sanitize=False)

    expires_on = fields.Date(related='mailbox_id.expires_on', related_sudo=False)
    auto_renew = fields.Boolean(related='mailbox_id.auto_renew', related_sudo=False)
    years = fields.Selection([(str(years), str(years)) for years in RENEWAL_YEARS], default='1')
    new_expiry = fields.Date("Will Expire", compute='_compute_new_expiry')
    is_revoked = fields.Boolean(compute='_compute_new_expiry')

    mailbox_type = fields.Selection(related='mailbox_id.mailbox_type', related_sudo=False)
    has_storage = fields.Boolean(related='mailbox_id.has_storage', related_sudo=False)
    has_archive = fields.Boolean(
        compute='_compute_has_archive', help="Whether there is a security archive that can be enlarged.")
    new_type = fields.Selection(const.mailbox.TYPE_LABELS)
    new_types = fields.Json(compute='_compute_new_types')
    purpose = fields.Char("What It Is for", compute='_compute_purpose')

    old_disk_space = fields.Integer("Mailbox Space Now (MB)", related='mailbox_id.disk_space', related_sudo=False)
    old_archive_space = fields.Integer(
        "Security Archive Now (MB)", related='mailbox_id.archive_space', related_sudo=False)
    old_storage_space = fields.Integer("Legal Storage Now (MB)", related='mailbox_id.storage_space', related_sudo=False)
    disk_space = fields.Integer("Add to the Mailbox (MB)", help="A multiple of 1024.")
    archive_space = fields.Integer("Add to the Security Archive (MB)", help="A multiple of 1024.")
    storage_space = fields.Integer("Add to Legal Storage (MB)", help="A multiple of 512.")
    new_space = fields.Integer(
        "Space for Legal Storage (MB)", default=STORAGE_STEP, help="A multiple of 512.")

    first_name = fields.Char()
    last_name = fields.Char("Surname")
    description = fields.Char(help="What this user is for, such as an office.")
    email = fields.Char("E-Mail", help="Where the user manages the password: an ordinary address of his own.")

    awaited_sentence = fields.Text(
        compute='_compute_awaited_sentence',
        help="That the same was asked for and does not show yet, or is there already.")
    users_like = fields.Text(compute='_compute_users_like', help="Who there is already with the same name or e-mail.")
    reason = fields.Char("Why Nevertheless", help="It is kept in the chatter.")

    address = fields.Char("PEC", related='mailbox_id.address', related_sudo=False)
    typed_address = fields.Char("Type the Address", help="To be sure that it is the right one.")
    domicile_names = fields.Text("Contacts with It as Digital Domicile", compute='_compute_domicile')
    takes_domicile_away = fields.Boolean(
        "Remove It from These Contacts", default=True, help="As soon as the mailbox is revoked.")
    filing_names = fields.Text("Communicated with", compute='_compute_domicile')
    invoice_names = fields.Text("Contacts with It for Electronic Invoices", compute='_compute_domicile')

    # ------------------------------------------------------------ computed

    @api.depends('operation', 'years', 'new_type')
    def _compute_price(self):
        self.mailbox_id._check_may_spend()
        for order in self:
            call = order.mailbox_id._get_order_price(order.operation, order._get_request())
            order.price, order.is_price_known = call['price'], call['is_price_known']
            order.is_free = order.operation in const.service.FREE_OPERATIONS

    @api.depends('mailbox_id', 'operation')
    def _compute_warnings(self):
        self.mailbox_id._check_may_spend()
        for order in self:
            found = order.mailbox_id._get_findings()[order.mailbox_id] if order.operation == 'mailbox_create' else []
            warnings = [
                finding for finding in found if finding.level == WARNING
                and order.mailbox_id._get_finding_sentence(finding) != order.awaited_sentence]
            order.warnings = order.mailbox_id._show_findings(warnings) if warnings else False

    @api.depends('mailbox_id', 'operation')
    @api.depends_context('lang')
    def _compute_earlier_call_sentence(self):
        self.mailbox_id._check_may_spend()
        for order in self:
            order.earlier_call_sentence = order.mailbox_id._get_earlier_call_sentence(order.operation)

    @api.depends('years', 'awaited_sentence')
    def _compute_new_expiry(self):
        self.mailbox_id._check_may_spend()
        for order in self:
            order.is_revoked = order.mailbox_id.state == 'revoked'
            # Of a renewal that does not show, nobody knows from which day on another one counts.
            known = order.expires_on and not order.is_revoked and not order.awaited_sentence
            order.new_expiry = known and mailbox_truth.add_years(order.expires_on, int(order.years))

    @api.depends('mailbox_type')
    def _compute_new_types(self):
        types = const.mailbox.TYPES
        for order in self:
            now = types[order.mailbox_type].rank if order.mailbox_type else 0
            order.new_types = [code for code, mailbox_type in types.items() if mailbox_type.rank > now > 0]

    @api.depends('new_type')
    @api.depends_context('lang')
    def _compute_purpose(self):
        for order in self:
            order.purpose = order.new_type and order.mailbox_id._in_words(const.mailbox.TYPES[order.new_type].purpose)

    @api.depends('mailbox_id')
    def _compute_has_archive(self):
        self.mailbox_id._check_may_spend()
        for order in self:
            order.has_archive = order.mailbox_id.has_archive or order.mailbox_id.archive_space > 0

    @api.depends('mailbox_id', 'operation')
    @api.depends_context('lang')
    def _compute_awaited_sentence(self):
        self.mailbox_id._check_may_spend()
        for order in self:
            mailbox, is_purchase = order.mailbox_id, order.operation == 'mailbox_create'
            order.awaited_sentence = mailbox._get_sighting_sentence() if is_purchase else mailbox._get_awaited_sentence(
                order.operation)

    @api.depends('mailbox_id', 'operation', 'first_name', 'last_name', 'email')
    @api.depends_context('lang')
    def _compute_users_like(self):
        self.mailbox_id._check_may_spend()
        for order in self:
            found = order._find_users_like()
            order.users_like = '\n'.join(sentence for _is_same, sentence in found) if found else False

    def _find_users_like(self):
        """Return who there is already with the name or e-mail of the user that is asked for: see the mailbox's method.
        """
        if self.operation != 'mailbox_user':
            return []
        return self.mailbox_id._find_users_like(self.first_name, self.last_name, self.email)

    @api.depends('mailbox_id', 'operation')
    def _compute_domicile(self):
        self.mailbox_id._check_may_spend()
        for order in self:
            is_end = order.operation == 'mailbox_revoke'
            mailbox = order.mailbox_id if is_end else order.mailbox_id.browse()
            filings = mailbox._get_standing_filings()
            states = dict(filings._fields['state']._description_selection(self.env))
            order.domicile_names = ', '.join(mailbox._get_domicile_partners().mapped('display_name')) or False
            order.filing_names = ', '.join(
                f'{filing.display_name} ({states[filing.state]})' for filing in filings) or False
            order.invoice_names = (
                is_end and ', '.join(mailbox._get_invoice_partners().mapped('display_name'))) or False

    # ------------------------------------------------------------ what is asked for

    def _get_request(self):
        """Return what is asked for, as ``tools.outcome.changed.judge`` reads it."""
        return {
            'mailbox_renew': lambda: {'years': int(self.years or 1)},
            'mailbox_modify': lambda: {'spaces': {
                key: self.mailbox_id[field] + self[field]
                for field, (key, _step) in SPACES.items() if self[field]}},
            'mailbox_transform': lambda: {'mailbox_type': self.new_type},
            'mailbox_store': lambda: {'space': self.new_space},
            'mailbox_user': lambda: {'user': {
                **{key: (self[field] or '').strip() for field, key in const.mailbox.USER_KEYS.items()},
                const.mailbox.USER_KEYS['email']: email_normalize(self.email) or ''}},
            'mailbox_revoke': lambda: {
                'domicile_partner_ids': self.mailbox_id._get_domicile_partners().ids if self.takes_domicile_away
                else []},
        }.get(self.operation, dict)()

    def action_confirm(self):
        """Have the operation called once, after this transaction."""
        self.check_access('write')
        self.ensure_one()
        self.mailbox_id._check_may_spend()
        if problem := self._get_problem():
            raise UserError(self.env._("%s Nothing was sent or spent.", problem))
        if self.operation == 'mailbox_create':
            self.mailbox_id._check_buyable()
        self.mailbox_id._check_as_shown(self.operation, self.snapshot or False)
        self.mailbox_id._ask_for(self.operation, reason=self.reason, **self._get_request())
        if self.users_like:
            self.mailbox_id._message_log(body=self.env._(
                "%(user)s is added although there is already: %(users)s. The reason: %(reason)s",
                user=f'{self.first_name.strip()} {self.last_name.strip()}',
                users='; '.join(self.users_like.splitlines()),
                reason=self.reason.strip()))
        return {'type': 'ir.actions.act_window_close'}

    def _get_problem(self):
        """Return what is wrong with what was filled in, as a sentence; False when nothing is."""
        return {
            'mailbox_renew': self._get_renewal_problem,
            'mailbox_modify': self._get_space_problem,
            'mailbox_transform': self._get_type_problem,
            'mailbox_store': self._get_storage_problem,
            'mailbox_user': self._get_user_problem,
            'mailbox_revoke': self._get_revocation_problem,
        }.get(self.operation, lambda: False)()

    def _get_renewal_problem(self):
        return not self.years and self.env._("Choose for how many years.")

    def _get_space_problem(self):
        if self.archive_space and not self.has_archive:
            return self.env._("This mailbox has no security archive that could be enlarged: leave it out.")
        for field, (_key, step) in SPACES.items():
            added = self[field]
            if added < 0 or added % step or self.mailbox_id[field] + added > MAX_SPACE:
                return self.env._(
                    "Space is added in steps of %(step)s MB: %(added)s MB is not possible.", step=step, added=added)
            total = self.mailbox_id[field] + added
            if added and total % step:
                return self.env._(
                    "The service takes multiples of %(step)s MB alone, and this mailbox would have %(total)s MB then: "
                    "ask Openapi's support to bring its space in order first.", step=step, total=total)
        if self.storage_space and not self.has_storage:
            return self.env._("Activate legal storage first: space can be added to it then.")
        return not any(self[field] for field in SPACES) and self.env._("Say how much space to add.")

    def _get_type_problem(self):
        return self.new_type not in (self.new_types or []) and self.env._("Choose a larger type.")

    def _get_storage_problem(self):
        step = STORAGE_STEP
        is_possible = 0 < self.new_space <= MAX_SPACE and not self.new_space % step
        return not is_possible and self.env._("Space for legal storage is bought in steps of %s MB.", step)

    def _get_user_problem(self):
        if not all((self[field] or '').strip() for field in const.mailbox.USER_KEYS):
            return self.env._("Complete name, surname, description and e-mail.")
        if not email_normalize(self.email):
            return self.env._("The e-mail is not a well-formed address.")
        return not (self.reason or '').strip() and self._get_likeness_problem()

    def _get_likeness_problem(self):
        """Return what asks for a reason, as this user seems to be there already; False when nothing does."""
        found = self._find_users_like()
        users = '; '.join(sentence for _is_same, sentence in found)
        if any(is_same for is_same, _sentence in found):
            return self.env._(
                "This very user is there already: %s. Another one of the same name and e-mail is paid again; if that "
                "is meant, say why.",
                users)
        return found and self.env._(
            "There is already a user of this name or e-mail: %s. A further one is paid again; if it is meant, say why.",
            users)

    def _get_revocation_problem(self):
        is_same = pec_address.normalize(self.typed_address) == self.address
        return not is_same and self.env._(
            "Type the address of the mailbox, %s, to confirm that it is the right one.", self.address)
