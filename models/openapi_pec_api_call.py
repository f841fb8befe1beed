from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.l10n_it_openapi_pec import const

OPERATIONS = [
    ('create', "Communicate the PEC"),
    ('documents', "Deliver the documents"),
    ('domain', "Look up a domain"),
    ('mailbox_create', "Buy a mailbox"),
    ('mailbox_activate', "Activate a mailbox"),
    ('mailbox_modify', "Add space to a mailbox"),
    ('mailbox_transform', "Upgrade a mailbox"),
    ('mailbox_store', "Activate legal storage"),
    ('mailbox_user', "Add a user of a mailbox"),
    ('mailbox_renew', "Renew a mailbox"),
    ('mailbox_revoke', "Revoke a mailbox"),
]
# First key of the advisory locks of this model (the second is the line's id): any constant of our own.
LOCK_SPACE = 0x9EC


class OpenapiPecApiCall(models.Model):
    """The journal: one line for every call with a side effect, written before the call is made.

    A *pending* line is the promise that the call was, is being, or was about to be made. It is closed by the
    answer, or by reading the truth from the service; never by calling again. People read it, nobody edits it.
    """
    _name = 'openapi_pec.api_call'
    _description = "PEC API Call"
    _order = 'id desc'
    _rec_name = 'operation'

    operation = fields.Selection(OPERATIONS, required=True, readonly=True)
    res_model = fields.Char("Model", required=True, readonly=True)
    res_id = fields.Many2oneReference("Record", model_field='res_model', required=True, readonly=True, index=True)
    company_id = fields.Many2one('res.company', required=True, readonly=True, index=True)
    environment = fields.Selection([('sandbox', "Sandbox"), ('production', "Production")], required=True, readonly=True)
    user_id = fields.Many2one('res.users', "Asked by", required=True, readonly=True)
    state = fields.Selection([
        ('pending', "Answer Not Known"),
        ('accepted', "Accepted"),
        ('refused', "Refused"),
        ('not_sent', "Not Sent"),
        ('never_arrived', "Never Arrived"),
        ('lost', "Answer Lost"),
    ], required=True, readonly=True, default='pending', help=(
        "Only an accepted call is executed. Of a call whose answer is not known, the service's own list "
        "tells later whether it was accepted or never arrived. What no list tells (a domain looked up) stays lost: it may have been paid."
    ))
    price = fields.Float(
        "Expected Price (EUR)", digits=(16, 2), readonly=True, aggregator=None,
        help="What the call costs when it is executed, as far as it was known when it was made; before VAT.")
    is_price_known = fields.Boolean(readonly=True, default=True)
    money = fields.Selection(
        [('paid', "Paid"), ('nothing', "Nothing Spent"), ('unknown', "Not Known")], compute='_compute_money', store=True,
        help="What is known of the money. In the sandbox nothing is paid.")
    spent = fields.Float(
        "Spent (EUR)", digits=(16, 2), compute='_compute_money', store=True,
        help="The price of what was certainly executed and paid, where it is known; before VAT.")
    remote_id = fields.Char("Identifier at the Service", readonly=True)
    status = fields.Integer("HTTP Status", readonly=True)
    code = fields.Char("Service Code", readonly=True)
    message = fields.Char(readonly=True)
    started_at = fields.Datetime("Started", required=True, readonly=True, default=fields.Datetime.now)
    ended_at = fields.Datetime("Ended", readonly=True)
    looked_at = fields.Datetime("First Look", readonly=True, help="When the service's list was first seen without this call.")

    _one_pending = models.UniqueIndex(
        "(res_model, res_id, operation) WHERE state = 'pending'",
        "This call is already under way: its answer has to be known first.",
    )

    @api.depends('state', 'operation', 'environment', 'price', 'is_price_known')
    def _compute_money(self):
        for line in self:
            is_free = line.environment == 'sandbox' or line.operation in const.FREE_OPERATIONS
            line.money = 'nothing' if is_free else const.MONEY_BY_STATE[line.state]
            line.spent = line.price if line.money == 'paid' and line.is_price_known else 0

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The journal of API calls cannot be deleted: it tells what was paid."))

    # ------------------------------------------------------------ who is executing

    @api.model
    @contextmanager
    def _open_session(self):
        """Give the journal in a session of the database of its own, which holds the sole right to make calls.

        PostgreSQL frees what it holds when the process dies, so that a line nobody holds has no live worker.
        """
        with self.pool.cursor() as cr:
            try:
                yield self.with_env(self.env(cr=cr)).sudo()
            finally:
                cr.execute("SELECT pg_advisory_unlock_all()")

    def _lock_executions(self):
        """Wait for, and hold until it is freed, the sole right to make these lines' calls, in a session of :meth:`_open_session`."""
        self._in_session('pg_advisory_lock')

    def _free_executions(self):
        """Give up the right to make these lines' calls."""
        self._in_session('pg_advisory_unlock')

    def _in_session(self, function):
        """Call a function of PostgreSQL's advisory locks for each of these lines; no transaction stays open."""
        session = self.env.cr  # which does nothing else
        if self:
            session.execute(SQL("SELECT %s(%s, id) FROM unnest(%s) AS id", SQL.identifier(function), LOCK_SPACE, self.ids))
            session.commit()

    def _without_live_worker(self):
        """Return the lines of ``self`` that nobody is executing now; the others are skipped."""
        free_ids = []
        for line in self:
            self.env.cr.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK_SPACE, line.id])
            if self.env.cr.fetchone()[0]:
                free_ids.append(line.id)
        return self.browse(free_ids)

    def _close(self, state, **values):
        """Close a pending line; a line that is closed already stays as it is.

        :param str state: the line's last state.
        :return: the lines that were closed.
        """
        lines = self.filtered(lambda line: line.state == 'pending')
        lines.write({'state': state, 'ended_at': fields.Datetime.now(), **values})
        return lines
