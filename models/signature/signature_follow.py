import hashlib
import logging
from datetime import timedelta
from functools import partial
from typing import NamedTuple

from odoo import api, fields, models

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.job_mixin import is_job, job
from odoo.addons.l10n_it_openapi_pec.models.service.lock import Locked, lock_rows, run_unless_met
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import Gone, NotSent, OpenapiPecError, describe
from odoo.addons.l10n_it_openapi_pec.tools.api.signature_data import Signature
from odoo.addons.l10n_it_openapi_pec.tools.clock import now

_logger = logging.getLogger(__name__)


class Answer(NamedTuple):
    """What was read of a signature."""
    signature: Signature | None = None  # as the service tells it
    content: bytes | None = None  # the signed file
    error: OpenapiPecError | None = None  # why the rest cannot be read now


class OpenapiPecSignature(models.Model):
    """Reading what became of a signature: its state, the signed file, and whether a lost call was executed.

    All of it is free, and may be repeated.
    """
    _inherit = 'openapi_pec.signature'

    def _dispatch_after_commit(self):
        result = super()._dispatch_after_commit()
        try:
            self.with_context(openapi_pec_signing=None)._read_signed()
        except Exception:
            _logger.exception("What became of %s cannot be read now; the scheduled job goes on with it.", self)
        return result

    # ------------------------------------------------------------ SYNCHRONISATION: the signed file

    def _read_signed(self):
        """Fetch what is signed, and give it to those who judge uploads; each in a transaction of its own.

        The service is asked with no transaction open. Automatic ones are read together where nobody waits: see
        ``many_follow``.
        """
        self._read_many()._read_each()

    def _read_each(self):
        """Do that with these, one by one: one that fails keeps no other one from it."""
        for attempt in self:
            try:
                attempt._read_alone()
            except Exception:
                _logger.exception("What became of %s cannot be read now; the scheduled job goes on with it.", attempt)

    def _read_alone(self):
        for read in self._in_transaction(lambda own: own._prepare_reading()):
            answers = {self.id: read()}
            for upload_id in self._in_transaction(lambda own, told=answers: own._take_signed(told)):
                with self.pool.cursor() as cr:  # judging commits
                    self.with_env(self.env(cr=cr)).sudo()._get_upload(upload_id)._judge_at_once()

    def _get_upload(self, upload_id):
        return self.env['openapi_pec.signer_upload'].browse(upload_id)

    def _prepare_reading(self):
        """Return a function that reads a signature that is waited for, in a list; none when it is not."""
        if not self.exists() or self.state != 'waiting':
            return []
        deadline = None if is_job(self.env) else now() + const.remote_signature.READ_SECONDS
        try:
            client = self.company_id._openapi_pec_client(self.environment, self._api_name, deadline)
        except NotSent as error:
            _logger.info("%s cannot be read now: %s", self, error)
            self._give_up_unread()
            return []
        return [partial(self._read_one, client, self.remote_id)]

    @staticmethod
    def _read_one(client, remote_id, signature=None):
        """Read a signature, unless it is told already, and its file where there is one (Answer)."""
        try:
            signature = signature or client.get_signature(remote_id)
            return Answer(signature, client.get_signed_document(remote_id) if signature.is_done else None)
        except OpenapiPecError as error:
            _logger.info("What became of a signature cannot be read now: %s", describe(error))
            return Answer(signature, error=error)

    def _take_signed(self, answers):
        """Apply what was read of these attempts, unless somebody else has done so; keep signed files for good before
        they are judged.

        Where nobody waits, those that somebody else is changing are left for later.

        :param dict answers: ``{id: Answer}``.
        :return: the ids of the uploads that are to be judged (list).
        """
        locked = Locked.keep(self.browse(lock_rows(self, skip_locked=is_job(self.env))))
        own = locked.filtered(lambda attempt: attempt.state == 'waiting')
        signed = own.filtered(lambda attempt: answers[attempt.id].content)
        later = signed._filter_uploaded()  # what waits to be judged is not thrown away for it
        signed -= later
        for attempt in own - signed - later:
            answer = answers[attempt.id]
            if answer.signature and answer.signature.is_failed:
                attempt._apply(answer.signature)
            elif attempt._is_waited_for_too_long():
                attempt._give_up(answer.signature, answer.error)
            else:
                later += attempt
        later._read_later()
        return signed._keep_signed({attempt: answers[attempt.id].content for attempt in signed})

    def _filter_uploaded(self):
        """Return those of these attempts whose signer has uploaded a signed file himself that waits to be judged."""
        waiting = self.env['openapi_pec.signer_upload'].search([
            ('communication_id', 'in', self.communication_id.ids), ('state', '=', 'waiting'),
            ('signed_file', '!=', False)]).communication_id
        return self.filtered(lambda attempt: attempt.communication_id in waiting)

    def _keep_signed(self, contents):
        """Keep the signed files of these attempts until they are judged, as uploads.

        :param dict contents: ``{attempt: bytes}``.
        :return: the ids of the uploads (list).
        """
        if not self:
            return []
        uploads = self.env['openapi_pec.signer_upload']._keep_each([
            (attempt._get_signers_filing(), {'signed_file': contents[attempt]}, {'signature_id': attempt.id})
            for attempt in self])
        uploads._trigger_cron()
        for attempt in self:
            attempt.signed_digest = hashlib.sha256(contents[attempt]).hexdigest()
        self._close_attempt('judging', 'judging')
        return uploads.ids

    def _get_signers_filing(self):
        """Return the filing of this attempt, in the language of who signs."""
        filing = self.communication_id
        return filing.with_context(lang=filing._get_signer_lang())

    def _give_up(self, signature, error):
        """Close an attempt of which there is no signed file after a day, with what is known of it.

        :param signature: as the service tells it now (Signature); None: it does not.
        :param error: why it, or its file, could not be read; None where nothing failed.
        """
        if signature and signature.is_done:
            return self._close_attempt('failed', 'unfetched')
        lines = self.sudo().api_call_ids
        lines.may_be_free = True
        is_gone = isinstance(error, Gone) and not any(line._may_be_elsewhere() for line in lines)
        return self._close_attempt('failed', 'gone' if is_gone else 'untold')

    def _give_up_unread(self):
        """Close those of these attempts that wait for too long, where the service cannot even be asked."""
        old = self.filtered(lambda attempt: attempt._is_waited_for_too_long())
        old = old.browse(lock_rows(old, skip_locked=True))
        old.invalidate_recordset(['state'])
        for attempt in old.filtered(lambda attempt: attempt.state == 'waiting'):
            attempt._give_up(None, None)

    def _on_judged(self):
        """End these attempts: their signed files are judged, or others were uploaded in their place."""
        for attempt in self.filtered(lambda attempt: attempt.state == 'judging'):
            if attempt.signed_checksum:
                attempt.write({'state': 'done', 'outcome': False, 'error_message': False})
            elif attempt.outcome == 'judging':
                attempt._close_attempt('done', 'not_kept')
            else:  # it is told why the file would be refused
                attempt.state = 'done'

    def _is_waited_for_too_long(self):
        """Return whether this attempt was asked for so long ago that it is given up."""
        return self.asked_at < fields.Datetime.now() - timedelta(hours=const.remote_signature.WAITING_HOURS)

    def _read_later(self):
        """Have these attempts, which wait, read again; the pauses grow."""
        minutes = const.remote_signature.WAITING_MINUTES
        for count, attempts in self.grouped('retry_count').items():
            retry_at = fields.Datetime.now() + timedelta(minutes=minutes[min(count, len(minutes) - 1)])
            attempts.write({'retry_at': retry_at, 'retry_count': count + 1})
            self._trigger_cron(self._synchronize_job, retry_at)

    # ------------------------------------------------------------ SYNCHRONISATION: the scheduled job

    @api.model
    @job
    def _cron_follow(self):
        """Close what was not begun, look for lost answers, fetch what is signed, look for what was taken for lost, and
        delete at the service what is old enough; and follow certificates.
        """
        self._take_steps(
            self._close_old, self._look_for_lost, self._read_due, self._look_for_late, self._delete_old,
            self.env['openapi_pec.certificate']._follow)

    @api.model
    def _close_old(self):
        """Close what was not begun in time."""
        since = fields.Datetime.now() - timedelta(seconds=const.remote_signature.CLOSE_SECONDS)
        unbegun = self.search([('state', '=', 'queued'), ('asked_at', '<', since)])
        run_unless_met(self.env.cr, unbegun._close_unbegun)

    @api.model
    def _look_for_lost(self):
        """Look for lost answers, and give up those for which nobody could look for long."""
        lost = self.search([('state', '=', 'unconfirmed')])
        lost._look_for()
        for attempt in lost:
            run_unless_met(self.env.cr, attempt._give_up_looking)
            self._commit_in_cron()

    @api.model
    def _read_due(self):
        """Fetch what is signed."""
        due = self.search([('state', '=', 'waiting'), ('retry_at', '<=', fields.Datetime.now())])
        self._commit_in_cron()
        due._read_signed()

    def _close_unbegun(self):
        """Close attempts that are queued still: their request is over, or has died, and nobody has their PIN any more.

        Those that somebody else is changing are left alone.
        """
        left = Locked.keep(self.browse(lock_rows(self, skip_locked=True)))
        left.invalidate_recordset(['state'])
        for attempts in left.filtered(lambda attempt: attempt.state == 'queued').grouped('kind').values():
            attempts._close_attempt('failed', 'not_begun')

    def _is_followed(self):
        return self.state in const.remote_signature.FOLLOWED_STATES

    def _callback_received(self):
        self._get_lines_in('never_arrived').filtered('last_look_at').last_look_at = False
        return super()._callback_received()

    # ------------------------------------------------------------ SYNCHRONISATION: a lost answer

    @staticmethod
    def _list_made(client, since):
        return client.list_signatures(since)

    def _choose_found(self, rows):
        return min(rows, key=lambda row: not row.is_done)

    def _on_call_not_found(self, line):
        """Let the signer sign again after two looks: it is about cents, and no manager is needed."""
        apart = timedelta(seconds=const.remote_signature.LOOKS_APART_SECONDS)
        if line.looks > 1 and line.last_believed_at >= line.looked_at + apart:
            line._close('never_arrived')
            self._close_attempt('lost', 'lost')

    def _give_up_looking(self):
        """Let the signer sign again where no list could be believed for a day: the token is gone, for instance, or
        another account's. It is looked for as what is taken for lost.
        """
        lock_rows(self)
        self.invalidate_recordset(['state'])
        line = self._get_lines_in('pending')
        if self.state != 'unconfirmed' or not self._is_waited_for_too_long() or line != line._without_live_worker():
            return
        if line:
            line._close('never_arrived')
        self._for_reader()._close_attempt('lost', 'unlooked')
