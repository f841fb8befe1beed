import logging
import secrets
from datetime import timedelta, timezone
from functools import partial

from odoo import api, fields, models

from odoo.addons.l10n_it_openapi_pec.models.service.lock import lock_rows, run_unless_met
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import BadToken, OpenapiPecError
from odoo.addons.l10n_it_openapi_pec.tools.clock import now
from odoo.addons.l10n_it_openapi_pec.tools.outcome.created import Look

_logger = logging.getLogger(__name__)

LETTERS = '0123456789abcdefghijklmnopqrstuvwxyz'  # of a reference
REFERENCE_LENGTH = 24
DAY = timedelta(days=1)


class OpenapiPecReferenceMixin(models.AbstractModel):
    """A call whose record at the service carries a reference of ours: by it, lists show what became of a lost answer.
    """
    _name = 'openapi_pec.reference.mixin'
    _description = "Call Found by Its Reference"
    _inherit = ['openapi_pec.call.mixin']
    _api_name = 'signature'
    _synchronize_job = 'remote_signatures'

    reference = fields.Char(
        readonly=True, required=True, copy=False, default=lambda self: self._make_reference(),
        help="By which the service's list shows it.")
    remote_id = fields.Char("Identifier at the Service", readonly=True, copy=False, index='btree_not_null')

    @api.model
    def _make_reference(self):
        return ''.join(secrets.choice(LETTERS) for _letter in range(REFERENCE_LENGTH))

    @staticmethod
    def _find_by_reference(client, reference, since):
        """Return the rows of the account's list that have a reference (Rows), without the database.

        :raise OpenapiPecError: the list cannot be had now.
        """
        raise NotImplementedError

    # ------------------------------------------------------------ SYNCHRONISATION: a lost answer

    def _look_for(self):
        """Look in the service's list for what a call has made whose answer was lost."""
        line = self.sudo().api_call_ids.filtered(lambda line: line.state == 'pending')
        if not line._without_live_worker():
            return
        rows, doubts = [], set() if self.company_id._openapi_pec_has_called(line) else {'other_account'}
        read_at, since = now(), line.started_at.replace(tzinfo=timezone.utc) - DAY
        try:
            client = self.company_id._openapi_pec_client(self.environment, self._api_name)
            rows = self._find_by_reference(client, self.reference, since)
            doubts |= {name for name, is_so in (
                ('incomplete', not rows.is_whole), ('unreadable', rows.unreadable)) if is_so}
        except OpenapiPecError as error:
            _logger.info("%s cannot be looked for now: %s", self, error)
            doubts.add('token' if isinstance(error, BadToken) else 'service')
        look = Look(frozenset(doubts), frozenset(), now() - read_at)
        self._commit_in_cron()  # what others have written meanwhile is seen
        if not run_unless_met(self.env.cr, partial(self._settle, line, rows, look)):
            self._trigger_cron(self._synchronize_job)

    def _settle(self, line, rows, look):
        """Settle a lost call with what the list showed; what it did not show is looked for again.

        :param line: of the journal.
        :param list rows: what the list has with our reference.
        :param Look look: how far the list can be believed.
        """
        lock_rows(self)
        line.invalidate_recordset(['state'])
        if line.state != 'pending' or not line._without_live_worker():
            return
        own = self._for_reader()
        if rows:
            found = own._choose_found(rows)
            line._close('accepted', remote_id=found.id, message=own.env._("Found at the service"))
            own._on_call_accepted(line.operation, found._asdict(), line.started_at)
            if len(rows) > 1:
                own._on_call_doubled([row._asdict() for row in rows])
            return
        line._note_look(look)
        own._on_call_not_found(line)
        if line.state == 'pending':
            self._trigger_cron(self._synchronize_job, line._get_next_look())

    def _choose_found(self, rows):
        """Return the one of several rows with our reference that counts."""
        return rows[0]
