import base64
import hashlib
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta, timezone

from odoo import models

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.job_mixin import is_job
from odoo.addons.l10n_it_openapi_pec.models.service.lock import Locked, lock_rows
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import NotSent, OpenapiPecError, describe

_logger = logging.getLogger(__name__)

DAY = timedelta(days=1)


class OpenapiPecSignature(models.Model):
    """Reading what became of many: one list of the account for all that wait, and signed files a few at a time."""
    _inherit = 'openapi_pec.signature'

    def _read_many(self):
        """Read what became of those that are automatic and wait, where nobody waits for an answer.

        :return: those that are left to be read one by one.
        """
        if not is_job(self.env):  # somebody waits for one
            return self
        accounts = self._in_transaction(lambda attempts: attempts._group_waiting())
        many = self.browse(attempt_id for _client, ids, _since in accounts for attempt_id in ids)
        for client, ids, since in accounts:
            self._read_account(client, ids, since)
        return self - many

    def _group_waiting(self):
        """Return what is to be read of each account, of automatic attempts that wait: ``[(client, {remote id: id},
        since when they were asked for), …]``.
        """
        waiting = self.exists().filtered(lambda attempt: attempt.kind == 'automatic' and attempt.state == 'waiting')
        accounts = []
        for company, attempts in self.env['res.company']._openapi_pec_by_account(waiting):
            try:
                client = company._openapi_pec_client(attempts[0].environment, self._api_name)
            except NotSent as error:
                _logger.info("%s cannot be read now: %s", attempts, error)
                attempts._give_up_unread()
                continue
            since = min(attempts.mapped('asked_at')).replace(tzinfo=timezone.utc) - DAY
            accounts.append((client, {attempt.id: attempt.remote_id for attempt in attempts}, since))
        return accounts

    def _read_account(self, client, remote_ids, since):
        """Read what became of the attempts of one account, and keep it; each step in a transaction of its own.

        :param dict remote_ids: ``{id: identifier at the service}``.
        :param datetime since: before which none was asked for.
        """
        try:
            known = {row.id: row for row in client.list_signatures(since)}
        except OpenapiPecError as error:
            _logger.info("The list of signatures cannot be read now: %s", describe(error))
            known = {}
        told = {attempt_id: known.get(remote_id) for attempt_id, remote_id in remote_ids.items()}
        alone = [attempt_id for attempt_id, row in told.items() if row is None][:const.sign_many.ALONE]
        done = [attempt_id for attempt_id, row in told.items() if row is not None and row.is_done]
        others = {attempt_id: (row, None) for attempt_id, row in told.items()
                  if attempt_id not in alone and not (row is not None and row.is_done)}
        self.browse(others)._in_transaction(lambda attempts: attempts._take_many(others))
        with ThreadPoolExecutor(const.sign_many.READ_TOGETHER) as threads:
            for start in range(0, len(done), const.sign_many.SLICE):
                part = done[start:start + const.sign_many.SLICE]
                files = threads.map(lambda attempt_id: self._fetch(client, remote_ids[attempt_id]), part)
                answers = {attempt_id: (told[attempt_id], content) for attempt_id, content in zip(
                    part, files, strict=True)}
                self.browse(part)._in_transaction(lambda attempts, answers=answers: attempts._take_many(answers))
        for attempt_id in alone:
            self.browse(attempt_id)._read_each()

    @staticmethod
    def _fetch(client, remote_id):
        """Return a signed file (bytes); None when it cannot be had now."""
        try:
            return client.get_signed_document(remote_id)
        except OpenapiPecError as error:
            _logger.info("A signed file cannot be fetched now: %s", describe(error))
            return None

    def _take_many(self, answers):
        """Apply what was read of these attempts, unless somebody else has done so; keep signed files for good.

        :param dict answers: ``{id: (Signature or None, content or None)}``.
        :return: nothing, in a list.
        """
        locked = Locked.keep(self.browse(lock_rows(self, skip_locked=True)))
        own = locked.filtered(lambda attempt: attempt.state == 'waiting')
        signed = {attempt: answers[attempt.id][1] for attempt in own if answers[attempt.id][1]}
        own.browse(attempt.id for attempt in signed)._keep_many(signed)
        left = own.filtered(lambda attempt: attempt not in signed)
        failed = left.filtered(lambda attempt: (row := answers[attempt.id][0]) is not None and row.is_failed)
        for attempt in failed:
            attempt._apply(answers[attempt.id][0])
        left -= failed
        old = left.filtered(lambda attempt: attempt._is_waited_for_too_long())
        for attempt in old:
            attempt._give_up(answers[attempt.id][0], None)
        (left - old)._read_later()
        return []

    def _keep_many(self, contents):
        """Keep the signed files of these attempts until they are judged, as uploads.

        :param dict contents: ``{attempt: bytes}``.
        """
        if not self:
            return
        uploads = self.env['openapi_pec.signer_upload']
        uploads.search([('communication_id', 'in', self.communication_id.ids)]).unlink()
        uploads.create([{
            'communication_id': attempt.communication_id.id, 'lang': attempt.communication_id._get_signer_lang(),
            'said': {'signature_id': attempt.id, 'empty': []}, 'signed_file': base64.b64encode(contents[attempt]),
        } for attempt in self])
        uploads._trigger_cron()
        for attempt in self:
            attempt.signed_digest = hashlib.sha256(contents[attempt]).hexdigest()
        self._close_attempt('judging', 'judging')
