from concurrent.futures import ThreadPoolExecutor
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.rights import check_company
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import NotSent, OpenapiPecError
from odoo.addons.l10n_it_openapi_pec.tools.pec import address as pec_address
from odoo.addons.l10n_it_openapi_pec.tools.pec import proposals as mailbox_address

PROPOSALS = 5  # addresses proposed, and checked, for a new mailbox


class OpenapiPecMailboxPurchase(models.TransientModel):
    """A person chooses a new mailbox: its type and its address; the other data are completed on the mailbox itself."""
    _name = 'openapi_pec.mailbox.purchase'
    _description = "Choice of a New Mailbox"
    _inherit = ['openapi_pec.input.mixin']

    partner_id = fields.Many2one(
        'res.partner', "For", required=True, help="Whose mailbox it will be: a company, or a person.")
    company_id = fields.Many2one(
        'res.company', required=True, default=lambda self: self.env.company,
        help="The company whose Openapi account pays.")
    is_sandbox = fields.Boolean(compute='_compute_is_sandbox')
    mailbox_type = fields.Selection(const.mailbox.TYPE_LABELS, "Type", required=True, default='DOMICILIODIGITALE')
    purpose = fields.Char("What It Is for", compute='_compute_purpose')
    price = fields.Float("Price (EUR)", compute='_compute_price', digits=(16, 2), help="For a year, before VAT.")
    is_price_known = fields.Boolean(compute='_compute_price')
    price_seen_on = fields.Date("Last Seen", compute='_compute_price')
    draft_names = fields.Char(compute='_compute_draft_names', help="Drafts for the same holder, not bought yet.")
    has_own_domain = fields.Boolean(
        "Own Certified Domain", help="Only if the domain is certified for PEC already, and belongs to this account.")
    own_domain = fields.Char(help="Such as pec.company.it.")
    domain = fields.Char(compute='_compute_domain')
    local_part = fields.Char("Address", help="What stands before the @.")
    address = fields.Char("PEC", compute='_compute_address')
    proposals = fields.Json(compute='_compute_proposals', help="Addresses made of the name, and whether they are free.")
    availability = fields.Selection([
        ('free', "Free"),
        ('taken', "Taken"),
        ('wrong', "Not Possible"),
        ('unknown', "Not Known"),
    ], compute='_compute_availability')
    availability_sentence = fields.Char(compute='_compute_availability')

    # ------------------------------------------------------------ COMPUTE

    @api.depends('company_id')
    def _compute_is_sandbox(self):
        for wizard in self:
            wizard.is_sandbox = wizard.company_id.openapi_pec_environment == 'sandbox'

    @api.depends('mailbox_type')
    @api.depends_context('lang')
    def _compute_purpose(self):
        for wizard in self:
            purpose = wizard.mailbox_type and const.mailbox.TYPES[wizard.mailbox_type].purpose
            wizard.purpose = purpose and self.env['openapi_pec.mailbox']._in_words(purpose)

    @api.depends('mailbox_type')
    def _compute_price(self):
        for wizard in self:
            price = self.env['openapi_pec.price']._find('mailbox_create', wizard.mailbox_type)
            wizard.price, wizard.is_price_known, wizard.price_seen_on = price.amount, bool(price), price.seen_on

    @api.depends('partner_id', 'company_id')
    def _compute_draft_names(self):
        for wizard in self:
            drafts = wizard._find_drafts() if wizard.partner_id else self.env['openapi_pec.mailbox']
            wizard.draft_names = ', '.join(drafts.mapped('display_name'))

    def _find_drafts(self, **values):
        """Return the drafts for this holder that this user may see, newest first.

        :param values: of fields that they have.
        """
        return self.env['openapi_pec.mailbox'].search([
            ('partner_id', '=', self.partner_id.id), ('company_id', '=', self.company_id.id), ('state', '=', 'draft'),
            ('call_state', 'in', (False, 'failed')), *((name, '=', value) for name, value in values.items())])

    @api.depends('mailbox_type', 'company_id', 'has_own_domain', 'own_domain')
    def _compute_domain(self):
        for wizard in self:
            if wizard.has_own_domain:
                wizard.domain = pec_address.fold_case(wizard.own_domain).strip('@. ')
            else:
                domains = wizard.mailbox_type and const.mailbox.TYPES[wizard.mailbox_type].domains
                wizard.domain = domains and domains[wizard.company_id.openapi_pec_environment]

    @api.depends('local_part', 'domain')
    def _compute_address(self):
        for wizard in self:
            local_part = pec_address.fold_case(wizard.local_part)
            wizard.address = f'{local_part}@{wizard.domain}' if local_part and wizard.domain else False

    @api.depends('partner_id', 'domain', 'company_id')
    def _compute_proposals(self):
        """Propose addresses, and ask of all at once whether they are free."""
        for wizard in self:
            partner = wizard.partner_id
            partner.check_access('read')
            local_parts = mailbox_address.propose_local_parts(partner.name, partner.city or '', PROPOSALS)
            client = wizard._get_client()
            addresses = [f'{local_part}@{wizard.domain}' for local_part in local_parts] if wizard.domain else []
            with ThreadPoolExecutor(PROPOSALS) as threads:
                free = list(threads.map(partial(self._is_free, client), addresses)) if client else [None] * len(
                    addresses)
            wizard.proposals = [
                {'local_part': local_part, 'is_free': is_free}
                for local_part, is_free in zip(local_parts, free, strict=False)]

    @api.depends('local_part', 'address', 'domain', 'mailbox_type', 'company_id', 'has_own_domain')
    @api.depends_context('lang')
    def _compute_availability(self):
        for wizard in self:
            wizard.availability, wizard.availability_sentence = wizard._judge_address()

    def _judge_address(self):
        """Judge the address that was typed.

        :return: a value of ``availability``, and a sentence.
        """
        if self.has_own_domain and self.domain and not pec_address.is_well_formed(f'a@{self.domain}'):
            return 'wrong', self.env._("The domain is not well-formed, such as pec.company.it.")
        if not self.local_part:
            return False, False
        if mailbox_address.judge_local_part(self.local_part) != 'fine':
            return 'wrong', self.env._("Only letters a to z, digits, and . - _ between them are possible, 64 at most.")
        if not self.address or not pec_address.is_well_formed(self.address):
            return 'wrong', self.env._("The domain is not well-formed, such as pec.company.it.")
        if twin := self.env['openapi_pec.mailbox']._find_twins([self.address])[self.address][:1]:
            if twin.state == 'revoked':
                return 'taken', self.env._(
                    "%s was revoked here: renew that mailbox, which brings the address back.", self.address)
            return 'taken', self.env._("%s is another mailbox here already: choose another address.", self.address)
        client = self._get_client()
        if not client:
            return 'unknown', self.env._(
                "The service does not say beforehand whether this address is free. If it is taken, nothing is bought "
                "or spent.")
        try:
            is_free = client.is_available(self.address)
        except OpenapiPecError as error:
            if wrong := const.mailbox.READ_SENTENCES.get(('address', str(error.code))):
                return 'wrong', self.env['openapi_pec.mailbox']._in_words(wrong)
            return 'unknown', self.env._("The service does not say now whether it is free. It is asked again before "
                                         "the purchase.")
        if is_free:
            return 'free', self.env._("%s is free.", self.address)
        return 'taken', self.env._("%s is taken: choose another one.", self.address)

    def _get_client(self):
        """Return the client that tells which addresses are free, or None where the service does not tell."""
        check_company(self.company_id)
        if self.has_own_domain or self.mailbox_type == 'PECMASSIVA':
            return None
        try:
            return self.company_id._openapi_pec_client()
        except NotSent:
            return None

    @staticmethod
    def _is_free(client, address):
        try:
            return client.is_available(address)
        except OpenapiPecError:
            return None

    # ------------------------------------------------------------ ACTIONS

    def action_prepare(self):
        """Make the draft of the mailbox, with the data of its contacts, and open it.

        A draft of the same address for the same holder is opened instead, with the type that was chosen.
        """
        self.check_access('write')
        self.ensure_one()
        check_company(self.company_id)
        if not self.address or self.availability in ('taken', 'wrong'):
            raise UserError(self.env._(
                "%s Nothing was sent or spent.", self.availability_sentence or self.env._("Choose an address first.")))
        if draft := self._find_drafts(address=self.address)[:1]:
            draft.mailbox_type = self.mailbox_type
            return draft.action_open_form()
        mailbox = self.env['openapi_pec.mailbox'].create({
            'partner_id': self.partner_id.id, 'company_id': self.company_id.id, 'mailbox_type': self.mailbox_type,
            'address': self.address,
        })
        return mailbox.action_open_form()

    def action_open_drafts(self):
        """Open the drafts that are there already for this holder."""
        self.check_access('read')
        self.ensure_one()
        return self._find_drafts().action_open_form()
