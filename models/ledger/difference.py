import json

from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.api_call import OPERATIONS


class OpenapiPecLedgerDifference(models.Model):
    """What the vendor has charged, and the journal does not explain, or the other way round: it should be empty.

    What is matched singly differs in nothing but the price. The rest is compared by account, service and day of UTC.
    Calls that may have been paid explain what was charged, and are missed by nobody if it was not.
    """
    _name = 'openapi_pec.ledger_difference'
    _description = "PEC Ledger, Difference"
    _inherit = ['openapi_pec.spreadsheet.mixin']
    _auto = False
    _order = 'day desc, id desc'
    _rec_name = 'host'
    _depends = {
        'openapi_pec.api_call': [
            'operation', 'environment', 'state', 'price', 'is_price_known', 'may_be_free', 'started_at',
            'vendor_account_id'],
        'openapi_pec.transaction': ['call_id', 'amount', 'kind', 'host', 'told_at', 'account_id'],
        'openapi_pec.account': ['transactions_read_at', 'transactions_doubt', 'email', 'environment'],
    }

    day = fields.Date(readonly=True, help="Of UTC.")
    kind = fields.Selection([
        ('without_call', "Charged without a Call"),
        ('without_charge', "Called without a Charge"),
        ('other_price', "Another Price"),
        ('refund', "Given Back"),
        ('not_read', "Wallet Not Read"),
    ], "Difference", readonly=True, help=(
        "Charged without a Call: the wallet was charged with more than the calls of Odoo explain; somebody uses the "
        "account elsewhere, or a call was paid twice. Called without a Charge: calls that were accepted do not show in "
        "the wallet an hour later. Another Price: one call was charged at another price than expected; if a second one "
        "in the production was too, that price stands in the table of prices since. Given Back: the vendor has given "
        "back what was charged before. Wallet Not Read: the last reading of the wallet's transactions decides nothing, "
        "so what is newer is not compared."))
    account_id = fields.Many2one('openapi_pec.account', readonly=True, groups='base.group_system')
    account_name = fields.Char("Openapi Account", readonly=True)
    environment = fields.Selection([('sandbox', "Sandbox"), ('production', "Production")], readonly=True)
    host = fields.Char("Service", readonly=True)
    called = fields.Float(
        "Called (EUR)", **const.service.PRICE_DIGITS, readonly=True, help="What the calls explain, before VAT.")
    charged = fields.Float("Charged (EUR)", **const.service.PRICE_DIGITS, readonly=True)
    difference = fields.Float("Difference (EUR)", **const.service.PRICE_DIGITS, readonly=True)
    call_id = fields.Many2one('openapi_pec.api_call', readonly=True)

    @property
    def _table_query(self):
        return SQL("""
            WITH calls AS (
                SELECT line.vendor_account_id AS account_id, line.started_at::date AS day,
                       COALESCE(%(hosts)s::jsonb ->> line.operation, %(pec)s) AS host,
                       min(line.id) AS id, bool_or(NOT line.is_price_known) AS is_open, sum(line.price) AS most,
                       sum(CASE WHEN line.state = 'accepted' AND NOT COALESCE(line.may_be_free, false)
                                 AND line.started_at + %(late)s <= account.transactions_read_at
                                THEN line.price ELSE 0 END) AS least
                  FROM openapi_pec_api_call line
                  JOIN openapi_pec_account account ON account.id = line.vendor_account_id
             LEFT JOIN openapi_pec_transaction charge ON charge.call_id = line.id
                 WHERE charge.id IS NULL AND account.transactions_read_at IS NOT NULL
                   AND line.state = ANY(%(states)s) AND line.operation != ALL(%(free)s)
              GROUP BY 1, 2, 3),
            charges AS (
                SELECT account_id, told_at::date AS day, host, min(id) AS id, -sum(amount) AS charged,
                       sum(CASE WHEN kind = 'refund' THEN amount ELSE 0 END) AS refunded
                  FROM openapi_pec_transaction
                 WHERE call_id IS NULL AND kind != 'recharge' AND host = ANY(%(charging)s)
              GROUP BY 1, 2, 3),
            days AS (
                SELECT COALESCE(2 * charges.id, 2 * calls.id + 1) AS id, account_id, day, host,
                       COALESCE(charges.charged, 0) AS charged, COALESCE(charges.refunded, 0) AS refunded,
                       COALESCE(calls.least, 0) AS least, COALESCE(calls.most, 0) AS most,
                       COALESCE(calls.is_open, false) AS is_open
                  FROM calls FULL JOIN charges USING (account_id, day, host)),
            found AS (
                SELECT id, account_id, day, host, charged, most AS called, 'without_call' AS kind,
                       NULL::int AS call_id
                  FROM days WHERE charged > most + 0.005 AND NOT is_open
             UNION ALL
                SELECT id, account_id, day, host, charged, least,
                       CASE WHEN charged + refunded < least - 0.005 THEN 'without_charge' ELSE 'refund' END, NULL
                  FROM days WHERE charged < least - 0.005
             UNION ALL
                SELECT 2 * charge.id, charge.account_id, charge.told_at::date, charge.host, -charge.amount, line.price,
                       'other_price', line.id
                  FROM openapi_pec_transaction charge JOIN openapi_pec_api_call line ON line.id = charge.call_id
                 WHERE abs(charge.amount + line.price) > 0.005
             UNION ALL
                SELECT -id, id, (now() AT TIME ZONE 'UTC')::date, NULL, 0, 0, 'not_read', NULL
                  FROM openapi_pec_account WHERE transactions_doubt IS NOT NULL)
            SELECT found.*, charged - called AS difference, account.email AS account_name, account.environment
              FROM found JOIN openapi_pec_account account ON account.id = found.account_id
        """, hosts=json.dumps(const.ledger.HOST_BY_OPERATION), charging=list(const.ledger.CHARGING_HOSTS),
            pec=const.ledger.PEC_HOST,
            late=const.ledger.BELIEVED_AFTER, states=list(const.ledger.CHARGEABLE),
            free=list(const.service.FREE_OPERATIONS))

    # ------------------------------------------------------------ ACTIONS

    def action_open_calls(self):
        """Open the calls that are compared."""
        self.check_access('read')
        self.ensure_one()
        difference = self.sudo()
        operations = [name for name, _label in OPERATIONS if const.ledger.get_host(name) == self.host]
        calls = difference.call_id or difference.call_id.search([
            ('vendor_account_id', '=', difference.account_id.id), *self._get_day_domain('started_at'),
            ('operation', 'in', operations)])
        own = self.env['openapi_pec.ledger'].search([('id', 'in', calls.ids)])  # of an account that others use too
        return {
            **self.env['ir.actions.act_window']._for_xml_id('l10n_it_openapi_pec.action_ledger'),
            'domain': [('id', 'in', own.ids)], 'context': {}}

    def action_open_transactions(self):
        """Open the transactions that are compared."""
        self.check_access('read')
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('l10n_it_openapi_pec.action_transaction'),
            'domain': [
                ('account_name', '=', self.account_name), ('environment', '=', self.environment),
                ('host', '=', self.host), *self._get_day_domain('told_at')],
            'context': {}}

    def _get_day_domain(self, field):
        start = fields.Datetime.to_datetime(self.day)
        return [(field, '>=', start), (field, '<', fields.Datetime.add(start, days=1))]
