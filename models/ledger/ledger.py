from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.api_call import OPERATIONS
from odoo.addons.l10n_it_openapi_pec.models.service.rights import check_right

# Models whose records are shown by their names alone.
NAMED = ('openapi_pec.domain', 'openapi_pec.certificate')


class OpenapiPecLedger(models.Model):
    """The journal as an accountant reads it: each call that is paid, for whom, and what it has cost.

    It is made of the journal, the wallet's transactions and the invoices whenever it is read: nobody edits it.
    """
    _name = 'openapi_pec.ledger'
    _description = "PEC Ledger"
    _inherit = ['openapi_pec.spreadsheet.mixin']
    _auto = False
    _order = 'started_at desc, id desc'
    _rec_name = 'call_id'
    _depends = {
        'openapi_pec.api_call': [
            'operation', 'res_model', 'res_id', 'company_id', 'environment', 'user_id', 'approved_by_id', 'state',
            'price', 'is_price_known', 'money', 'spent', 'started_at', 'vendor_account_id'],
        'openapi_pec.account': ['transactions_read_at'],
        'openapi_pec.transaction': ['call_id', 'amount'],
        'openapi_pec.billed_cost': ['call_id', 'line_id', 'is_active'],
        'openapi_pec.communication': ['partner_id'],
        'openapi_pec.mailbox': ['partner_id'],
        'openapi_pec.register_look': ['partner_id'],
        'openapi_pec.signature': ['communication_id'],
        'openapi_pec.verification': ['communication_id'],
        'openapi_pec.certificate': ['partner_id'],
        'account.move.line': ['move_id'],
    }

    call_id = fields.Many2one('openapi_pec.api_call', readonly=True)
    started_at = fields.Datetime("Date", readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    environment = fields.Selection([('sandbox', "Sandbox"), ('production', "Production")], readonly=True)
    operation = fields.Selection(OPERATIONS, "Kind", readonly=True)
    partner_id = fields.Many2one(
        'res.partner', "Client", readonly=True, help="Whom it was for; nobody of a domain that was looked up.")
    communication_id = fields.Many2one('openapi_pec.communication', "Filing", readonly=True)
    mailbox_id = fields.Many2one('openapi_pec.mailbox', readonly=True)
    look_id = fields.Many2one('openapi_pec.register_look', "Look-Up", readonly=True)
    about = fields.Char(compute='_compute_about', help="The filing, mailbox, look-up or domain.")
    user_id = fields.Many2one('res.users', "Asked by", readonly=True)
    approved_by_id = fields.Many2one('res.users', "Approved by", readonly=True)
    state = fields.Selection(
        lambda self: self.env['openapi_pec.api_call']._fields['state'].selection, "Outcome", readonly=True)
    money = fields.Selection(
        [('paid', "Paid"), ('nothing', "Nothing Spent"), ('unknown', "Not Known")], readonly=True,
        help="What is known of the money, what the wallet shows included. In the sandbox nothing is paid.")
    price = fields.Float(
        "Expected (EUR)", **const.service.PRICE_DIGITS, readonly=True, aggregator=None,
        help="As far as it was known when the call was made; before VAT.")
    is_price_known = fields.Boolean(readonly=True)
    charged = fields.Float(
        "Charged (EUR)", **const.service.PRICE_DIGITS, readonly=True,
        help="What the wallet shows for this very call; before VAT.")
    witness = fields.Selection([
        ('matched', "Found"),
        ('by_day', "Compared by Day"),
        ('none', "Not Available"),
    ], "In the Wallet", readonly=True, help=(
        "Found: the wallet's transactions show the charge of this very call. Compared by Day: which charge is this "
        "call's is not told, so what was called is compared with what was charged, day by day. Not Available: the call "
        "was made without an Openapi account whose API key is kept."))
    cost = fields.Float(
        "Cost (EUR)", **const.service.PRICE_DIGITS, readonly=True,
        help="Of what was certainly paid: what the wallet shows, else the expected price, where it is known; before "
             "VAT.")
    vat = fields.Float(
        "VAT (EUR)", **const.service.PRICE_DIGITS, readonly=True,
        help="Computed: 22 % of the cost. The vendor's invoice counts.")
    move_id = fields.Many2one(
        'account.move', "Invoice", readonly=True, groups='account.group_account_readonly,account.group_account_invoice')
    is_invoiced = fields.Boolean("Invoiced", readonly=True)

    @property
    def _table_query(self):
        return SQL("""
            SELECT line.id, line.id AS call_id, line.started_at, line.company_id, line.environment, line.operation,
                   COALESCE(filing.partner_id, mailbox.partner_id, look.partner_id, certificate.partner_id)
                   AS partner_id,
                   filing.id AS communication_id, mailbox.id AS mailbox_id, look.id AS look_id,
                   line.user_id, line.approved_by_id, line.state, known.money, line.price, line.is_price_known,
                   -charge.amount AS charged,
                   CASE WHEN charge.id IS NOT NULL THEN 'matched'
                        WHEN account.transactions_read_at >= line.started_at THEN 'by_day'
                        ELSE 'none' END AS witness,
                   known.cost, known.cost * %(rate)s AS vat,
                   invoiced.move_id, invoiced.move_id IS NOT NULL AS is_invoiced
              FROM openapi_pec_api_call line
         LEFT JOIN openapi_pec_account account ON account.id = line.vendor_account_id
         LEFT JOIN openapi_pec_signature signature
                ON line.res_model = 'openapi_pec.signature' AND signature.id = line.res_id
         LEFT JOIN openapi_pec_verification verification
                ON line.res_model = 'openapi_pec.verification' AND verification.id = line.res_id
         LEFT JOIN openapi_pec_communication filing
                ON filing.id = CASE WHEN line.res_model = 'openapi_pec.communication' THEN line.res_id
                                    ELSE COALESCE(signature.communication_id, verification.communication_id) END
         LEFT JOIN openapi_pec_mailbox mailbox ON line.res_model = 'openapi_pec.mailbox' AND mailbox.id = line.res_id
         LEFT JOIN openapi_pec_register_look look
                ON line.res_model = 'openapi_pec.register_look' AND look.id = line.res_id
         LEFT JOIN openapi_pec_certificate certificate
                ON line.res_model = 'openapi_pec.certificate' AND certificate.id = line.res_id
         LEFT JOIN openapi_pec_transaction charge ON charge.call_id = line.id
         LEFT JOIN openapi_pec_billed_cost billed ON billed.call_id = line.id AND billed.is_active
         LEFT JOIN account_move_line invoiced ON invoiced.id = billed.line_id
        CROSS JOIN LATERAL (SELECT CASE WHEN paid.is_proven THEN 'paid' ELSE line.money END AS money,
                                   CASE WHEN paid.is_proven THEN -charge.amount
                                        WHEN line.money = 'paid' THEN line.spent ELSE 0 END AS cost
                              FROM (SELECT charge.id IS NOT NULL AND line.state = 'accepted'
                                           AND line.environment = 'production' AS is_proven) paid) known
             WHERE line.state = ANY(%(states)s) AND line.operation != ALL(%(free)s)
        """, rate=const.ledger.VAT_RATE, states=list(const.ledger.CHARGEABLE),
            free=list(const.service.FREE_OPERATIONS))

    # ------------------------------------------------------------ COMPUTE

    @api.depends('call_id')
    @api.depends_context('lang')
    def _compute_about(self):
        lines = self.sudo()
        names = {
            (model, one.id): one.display_name for model, calls in lines.call_id.grouped('res_model').items()
            if model in NAMED for one in self.env[model].sudo().browse(calls.mapped('res_id')).exists()}
        for line in lines:
            filing, record = line.communication_id, line.mailbox_id or line.look_id
            line.about = f'{filing.name} {filing.pec_email}' if filing else (
                record.display_name if record else names.get(
                    (line.call_id.res_model, line.call_id.res_id), False))

    # ------------------------------------------------------------ ACTIONS

    def action_open_record(self):
        """Open what was paid for."""
        self.check_access('read')
        self.ensure_one()
        call = self.call_id
        record = self.env[call.res_model].browse(call.res_id)
        record.check_access('read')
        return record._get_records_action(name=self.about)

    def action_invoice(self):
        """Open the question how these costs are invoiced to the clients; without any, of whom and of which month."""
        check_right(self.env, 'invoice')
        self.check_access('read')
        question = self.env['openapi_pec.billing'].create({'call_ids': self.call_id.ids})
        return question._get_records_action(name=self.env._("Invoice PEC Costs"), target='new')
