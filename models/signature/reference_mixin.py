import logging
import secrets
from datetime import timedelta
from functools import partial

from odoo import api, fields, models

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.lock import lock_rows, run_unless_met
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import BadToken, OpenapiPecError, describe
from odoo.addons.l10n_it_openapi_pec.tools.api.pages import Rows
from odoo.addons.l10n_it_openapi_pec.tools.clock import DAY, add_zone, now
from odoo.addons.l10n_it_openapi_pec.tools.outcome.created import Look

_logger = logging.getLogger(__name__)

LETTERS = '0123456789abcdefghijklmnopqrstuvwxyz'  # of a reference
REFERENCE_LENGTH = 24


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
    def _list_made(client, since):
        """Return what the list of an account has since a moment (Rows), without the database.

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

    def _get_lines_in(self, state):
        """Return the calls of these records (lines of the journal) in a state; of lost ones it is ``pending``, of what
        was freed ``never_arrived``.
        """
        return self.sudo().api_call_ids.filtered(lambda line: line.state == state)

    def _look_for(self):
        """Look for what calls of these records have made whose answers were lost: in one list of each account.

        A list decides about a call if it was read after the call had ended: what some process still makes is left
        alone, and so is what was written meanwhile.
        """
        for lines, rows, doubt in self._read_lists(
                lambda records: records._get_lines_in('pending')._without_live_worker()):
            for line, written_at in lines.items():
                record = self.browse(line.res_id)
                if not run_unless_met(self.env.cr, partial(record._settle, line, written_at, rows, doubt)):
                    self._trigger_cron(self._synchronize_job)
                self._commit_in_cron()

    def _read_lists(self, get_lines):
        """Read the list of each account of these records once, and go on in a transaction that sees what others have
        written meanwhile.

        :param get_lines: function of the records of one account, returns their calls that are looked for (lines of the
            journal).
        :return: iterator of ``({call: when it was written}, Rows, doubt)``; doubt: why the list cannot be had now, of
            const.service.DOUBTS; None where it can.
        """
        for company, records in self.env['res.company']._openapi_pec_by_account(self):
            lines = {line: line.write_date for line in get_lines(records)}
            if not lines:
                continue
            since, rows, doubt = min(line.started_at for line in lines), Rows(), None
            try:
                client = company._openapi_pec_client(records[0].environment, self._api_name)
                rows = self._list_made(client, add_zone(since) - DAY)
            except OpenapiPecError as error:
                _logger.info("%s cannot be looked for now: %s", records, describe(error))
                doubt = 'token' if isinstance(error, BadToken) else 'service'
            self._commit_in_cron()
            yield lines, rows, doubt

    def _look_once_more(self, state, tell):
        """Look for calls of these records that are settled here, in one list of each account, and note when.

        :param str state: of these calls.
        :param tell: function of record, call, and what a list has with the record's reference.
        """
        for lines, rows, doubt in self._read_lists(lambda records: records._get_lines_in(state)):
            for line in () if doubt else lines:
                run_unless_met(self.env.cr, partial(self.browse(line.res_id)._note_once_more, state, rows, tell))
                self._commit_in_cron()

    def _note_once_more(self, state, rows, tell):
        lock_rows(self)
        line, found = self._get_lines_in(state), self._find_own(rows)
        line.last_look_at = fields.Datetime.now()
        if line and found:
            tell(self._for_reader(), line, found)

    def _find_own(self, rows):
        """Return those of some rows of a list that have the reference of this record."""
        return [row for row in rows if row.is_of(self.reference)]

    def _settle(self, line, written_at, rows, doubt):
        """Settle a lost call with what its account's list shows; what it does not show is looked for again.

        :param line: of the journal.
        :param datetime written_at: when it had been written last, before the list was read.
        :param Rows rows: of the list.
        :param str doubt: why it could not be had: see :meth:`_read_lists`.
        """
        lock_rows(self)
        line.invalidate_recordset(['state', 'write_date'])
        if (line.state, line.write_date) != ('pending', written_at) or not line._without_live_worker():
            return
        own = self._for_reader()
        if found := self._find_own(rows):
            chosen = own._choose_found(found)
            line._close(
                'accepted', remote_id=chosen.id, message=own.env._("Found at the service"),
                last_look_at=fields.Datetime.now())
            own._on_call_accepted(line.operation, chosen._asdict(), line.started_at)
            own._tell_doubled(found)
            return
        doubts = {name for name, is_so in (
            ('incomplete', not rows.is_whole), ('unreadable', rows.unreadable), (doubt, doubt),
            ('other_account', line._may_be_elsewhere())) if is_so}
        line._note_look(Look(frozenset(doubts), frozenset(), now() - rows.read_at))
        own._on_call_not_found(line)
        if line.state == 'pending':
            self._trigger_cron(self._synchronize_job, line._get_next_look())

    @api.model
    def _search_freed(self):
        """Return the records whose lost call was freed lately, and was not looked for today."""
        lines = self._search_lines('never_arrived', [
            '|', ('last_look_at', '=', False), ('last_look_at', '<', fields.Datetime.now() - DAY)])
        return self.browse(lines.mapped('res_id')).exists()

    @api.model
    def _search_lines(self, state, domain=()):
        """Return the calls of records of this model (lines of the journal) that are looked for: those of 30 days.

        :param str state: of them.
        :param domain: what else they fulfil.
        """
        since = fields.Datetime.now() - timedelta(days=const.service.LOOK_DAYS)
        return self.env['openapi_pec.api_call'].sudo().search([
            ('res_model', '=', self._name), ('state', '=', state), ('started_at', '>', since), *domain])

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
