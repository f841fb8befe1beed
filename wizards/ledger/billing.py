from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.misc import format_date

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.lock import meet
from odoo.addons.l10n_it_openapi_pec.models.service.rights import check_company, check_right


class OpenapiPecBilling(models.TransientModel):
    """The question how PEC costs are invoiced to the clients: selected ones, or those of a client and a month.

    It makes draft invoices, one for each client, with a line for each cost. Tax and account are those of the product,
    for that client. Only what was certainly paid is invoiced, and once.
    """
    _name = 'openapi_pec.billing'
    _description = "Invoicing of PEC Costs"
    _inherit = ['openapi_pec.input.mixin']

    company_id = fields.Many2one('res.company', required=True, readonly=True, default=lambda self: self.env.company)
    call_ids = fields.Many2many('openapi_pec.api_call', string="Selected", readonly=True)
    is_selected = fields.Boolean(compute='_compute_costs')
    partner_id = fields.Many2one('res.partner', "Client", help="Empty: all clients.")
    month = fields.Date(
        default=lambda self: fields.Date.start_of(fields.Date.context_today(self), 'month'),
        help="Any day of the month in which the calls were made.")
    product_id = fields.Many2one(
        'product.product', domain=[('sale_ok', '=', True)],
        help="Tax and account of the lines are the product's.")
    pricing = fields.Selection(
        [('markup', "Cost and a Markup"), ('fixed', "Fixed Price")], "Price", required=True, default='markup')
    markup = fields.Float("Markup (%)", digits=(16, 2))
    fixed_price = fields.Float("Price of Each (EUR)", digits=(16, 2))
    description = fields.Char(help="Before what each line is about; empty: the product's name.")
    cost_ids = fields.Many2many('openapi_pec.ledger', string="To Be Invoiced", compute='_compute_costs')
    cost = fields.Float("Cost (EUR)", **const.service.PRICE_DIGITS, compute='_compute_costs')
    total = fields.Float(
        "Invoiced (EUR)", digits=(16, 2), compute='_compute_total', help="Before VAT; each line in whole cents.")
    left_out = fields.Text(compute='_compute_costs')

    @api.constrains('markup', 'fixed_price')
    def _check_prices(self):
        if any(billing.markup < 0 or billing.fixed_price < 0 for billing in self):
            raise ValidationError(self.env._("A price cannot be negative, nor a markup."))

    # ------------------------------------------------------------ COMPUTE

    @api.depends('call_ids', 'partner_id', 'month')
    def _compute_costs(self):
        for billing in self:
            billing.is_selected = bool(billing.call_ids)
            found = billing._find_costs()
            costs = found.grouped(billing._get_obstacle).get('', found.browse())
            billing.cost_ids = costs
            billing.cost = sum(costs.mapped('cost'))
            billing.left_out = billing._get_left_out(found - costs)

    @api.depends('cost_ids', 'pricing', 'markup', 'fixed_price')
    def _compute_total(self):
        for billing in self:
            billing.total = sum(map(billing._get_price, billing.cost_ids))

    def _find_costs(self):
        """Return the costs that are meant, those that cannot be invoiced included."""
        if self.call_ids:
            return self.env['openapi_pec.ledger'].search([('id', 'in', self.call_ids.ids)])
        if not self.month:
            return self.env['openapi_pec.ledger']
        start = fields.Datetime.to_datetime(fields.Date.start_of(self.month, 'month'))
        return self.env['openapi_pec.ledger'].search([
            ('company_id', '=', self.company_id.id), ('is_invoiced', '=', False),
            ('started_at', '>=', start), ('started_at', '<', fields.Datetime.add(start, months=1)),
            ('partner_id', 'child_of', self.partner_id.id) if self.partner_id else ('partner_id', '!=', False)])

    def _get_obstacle(self, cost):
        """Return why a cost is not invoiced: a key of the sentences of :meth:`_get_left_out`; '' when it is."""
        return next((name for name, is_so in (
            ('company', cost.company_id != self.company_id),
            ('invoiced', cost.is_invoiced),
            ('sandbox', cost.environment == 'sandbox'),
            ('nothing', cost.money == 'nothing'),
            ('unknown', cost.money == 'unknown'),
            ('price', not cost.cost),
            ('client', not cost.partner_id),
        ) if is_so), '')

    def _get_left_out(self, costs):
        """Return how many costs are left out, and why, in words; False when none is."""
        sentences = {
            'company': self.env._("of another company: switch to it, and invoice them there"),
            'invoiced': self.env._("on an invoice already"),
            'sandbox': self.env._("of the sandbox, where nothing is paid"),
            'nothing': self.env._("that cost nothing"),
            'unknown': self.env._("of which nobody knows whether they were paid"),
            'price': self.env._("whose price is not known"),
            'client': self.env._("of no client"),
        }
        grouped = costs.grouped(self._get_obstacle)
        return '\n'.join(
            f'{len(grouped[name])} {sentence}' for name, sentence in sentences.items() if name in grouped) or False

    def _get_price(self, cost):
        """Return what is invoiced for a cost, in EUR before VAT."""
        return self.fixed_price if self.pricing == 'fixed' else round(cost.cost * (1 + self.markup / 100), 2)

    # ------------------------------------------------------------ ACTIONS

    def action_confirm(self):
        """Make the draft invoices, one for each client, and open them.

        Two people who invoice the same meet here: the second one is told.

        :raise UserError: nothing is left to be invoiced, or something is missing.
        """
        check_right(self.env, 'invoice')
        self.check_access('write')
        self.ensure_one()
        check_company(self.company_id)
        meet(self.cost_ids.call_id)
        self.invalidate_recordset(['cost_ids'])
        if not self.product_id or (self.pricing == 'fixed' and not self.fixed_price):
            raise UserError(self.env._("Choose a product and a price first. Nothing was invoiced."))
        if not self.cost_ids:
            raise UserError(self.env._("None of these costs can be invoiced. Nothing was made."))
        moves = self._make_invoices(self.cost_ids.sorted('started_at').grouped(
            lambda cost: cost.partner_id.commercial_partner_id))
        return moves._get_records_action(name=self.env._("Invoices of PEC Costs"))

    def _make_invoices(self, costs_by_client):
        """Make the draft invoices.

        :param dict costs_by_client: ``{client: costs}``
        """
        billing = self.with_company(self.company_id)
        moves = billing.env['account.move'].create([{
            'move_type': 'out_invoice', 'partner_id': client.id, 'company_id': self.company_id.id,
            'invoice_line_ids': [Command.create(
                {'product_id': self.product_id.id, 'name': self._get_line_name(cost, client)}) for cost in costs],
        } for client, costs in costs_by_client.items()])
        links = []
        for move, costs in zip(moves, costs_by_client.values(), strict=True):
            for line, cost in zip(move.invoice_line_ids.sorted('id'), costs, strict=True):
                line.price_unit = self._add_included_taxes(self._convert(self._get_price(cost), move), line)
                links.append({'call_id': cost.call_id.id, 'line_id': line.id})
        self.env['openapi_pec.billed_cost'].sudo().create(links)
        return moves

    def _convert(self, amount, move):
        """Return an amount of EUR in the currency of an invoice."""
        euro = self.env.ref('base.EUR')
        return euro._convert(
            amount, move.currency_id, move.company_id, move.invoice_date or fields.Date.context_today(self))

    def _add_included_taxes(self, amount, line):
        """Return the price of a line whose amount before VAT is this: taxes that are included in prices come on top."""
        told = line.tax_ids.compute_all(
            amount, currency=line.currency_id, product=line.product_id, partner=line.partner_id,
            handle_price_include=False)
        return amount + sum(tax['amount'] for tax in told['taxes'] if tax['price_include'])

    def _get_line_name(self, cost, client):
        """Return the text of a line in the client's language."""
        own = self.with_context(lang=client.lang or self.env.lang)
        day = format_date(own.env, fields.Datetime.context_timestamp(self, cost.started_at).date())
        about = cost.with_env(own.env).about
        return f'{self.description or own.product_id.display_name}: {about}, {day}'
