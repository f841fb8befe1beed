import logging
import secrets
from datetime import timedelta, timezone
from functools import partial

from odoo import api, fields, models

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.lock import lock_rows, run_unless_met
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import BadToken, OpenapiPecError, describe
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
    _inherit = ['openapi_pec.call.mixin', 'openapi_pec.callback.mixin']
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

    # ------------------------------------------------------------ SYNCHRONISATION: callbacks

    def _callback_received(self):
        """Have the record read soon: it is marked as due, and the job is woken; what needs no reading is left alone."""
        if not self._is_followed():
            return
        due = self._get_due_since()
        if self.retry_at and self.retry_at > due and lock_rows(self, skip_locked=True):
            self.retry_at = due
        super()._callback_received()

    def _is_followed(self):
        """Return whether the service can tell anything new of this record."""
        raise NotImplementedError

    def _get_due_since(self):
        """Return the greatest value of ``retry_at`` with which the job reads this record now."""
        return fields.Datetime.now()

    # ------------------------------------------------------------ SYNCHRONISATION: a lost answer

    def _get_lost_line(self):
        """Return the calls of these records whose answer is looked for (lines of the journal)."""
        return self.sudo().api_call_ids.filtered(lambda line: line.state == 'pending')

    def _look_for(self):
        """Look in the service's list for what a call has made whose answer was lost."""
        line = self._get_lost_line()
        if not line._without_live_worker():
            return
        rows, doubts = [], set() if self.company_id._openapi_pec_has_called(line) else {'other_account'}
        read_at = now()
        try:
            rows = self._read_rows_of(line)
            doubts |= {name for name, is_so in (
                ('incomplete', not rows.is_whole), ('unreadable', rows.unreadable)) if is_so}
        except OpenapiPecError as error:
            _logger.info("%s cannot be looked for now: %s", self, describe(error))
            doubts.add('token' if isinstance(error, BadToken) else 'service')
        look = Look(frozenset(doubts), frozenset(), now() - read_at)
        self._commit_in_cron()  # what others have written meanwhile is seen
        if not run_unless_met(self.env.cr, partial(self._settle, line, rows, look)):
            self._trigger_cron(self._synchronize_job)

    def _read_rows_of(self, line):
        """Return what the service's list has with our reference since a call of the journal was made (Rows).

        :raise OpenapiPecError: the list cannot be had now.
        """
        client = self.company_id._openapi_pec_client(self.environment, self._api_name)
        return self._find_by_reference(client, self.reference, line.started_at.replace(tzinfo=timezone.utc) - DAY)

    def _look_again(self, line):
        """Look once more for a call that is settled here, and note when.

        :param line: of the journal.
        :return: what the list has with our reference (Rows); None: it cannot be had now.
        """
        try:
            rows = self._read_rows_of(line)
        except OpenapiPecError as error:
            _logger.info("%s cannot be looked for now: %s", self, describe(error))
            return None
        line.last_look_at = fields.Datetime.now()
        return rows

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
            line._close(
                'accepted', remote_id=found.id, message=own.env._("Found at the service"),
                last_look_at=fields.Datetime.now())
            own._on_call_accepted(line.operation, found._asdict(), line.started_at)
            own._tell_doubled(rows)
            return
        line._note_look(look)
        own._on_call_not_found(line)
        if line.state == 'pending':
            self._trigger_cron(self._synchronize_job, line._get_next_look())

    @api.model
    def _search_freed(self):
        """Return the records whose lost call was freed lately, and was not looked for today."""
        now = fields.Datetime.now()
        lines = self.env['openapi_pec.api_call'].sudo().search([
            ('res_model', '=', self._name), ('state', '=', 'never_arrived'),
            ('started_at', '>', now - timedelta(days=const.service.LOOK_DAYS)),
            '|', ('last_look_at', '=', False), ('last_look_at', '<', now - DAY)])
        return self.browse(lines.mapped('res_id')).exists()

    def _get_freed_line(self):
        """Return the calls of these records that were not found (lines of the journal)."""
        return self.sudo().api_call_ids.filtered(lambda line: line.state == 'never_arrived')

    def _choose_found(self, rows):
        """Return the one of several rows with our reference that counts."""
        return rows[0]

    def _tell_doubled(self, rows):
        """Say that the service has made something more than once of this one call, if it has.

        :param list rows: what its list has with our reference.
        :return: whether it has.
        """
        others = [row.id for row in rows if row.id != self.remote_id]
        if others:
            told = self._say_paid(*const.remote_signature.DOUBLED, ids=', '.join([self.remote_id, *others]))
            self._get_spending_chatters()._message_log(body=told)
        return bool(others)

    def _say_paid(self, words, money, **values):
        """Return a sentence in which ``%(paid)s`` stands for what is true of the money: in the sandbox nothing is paid.

        :param words: lazily translated.
        :param money: likewise, for production.
        :param values: what else the sentence names.
        """
        paid = const.service.NOT_PAID if self[:1].environment == 'sandbox' else money
        return self._in_words(words) % {'paid': self._in_words(paid), **values}
