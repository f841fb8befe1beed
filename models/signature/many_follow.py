import logging
from concurrent.futures import ThreadPoolExecutor

from odoo import models

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.job_mixin import is_job
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import NotSent, OpenapiPecError, describe
from odoo.addons.l10n_it_openapi_pec.tools.clock import DAY, add_zone

from .signature_follow import Answer

_logger = logging.getLogger(__name__)


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
            since = add_zone(min(attempts.mapped('asked_at'))) - DAY
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
        told = {attempt_id: known[remote_id] for attempt_id, remote_id in remote_ids.items() if remote_id in known}
        shown, others = list(told), [attempt_id for attempt_id in remote_ids if attempt_id not in told]
        alone, later = others[:const.sign_many.ALONE], others[const.sign_many.ALONE:]
        with ThreadPoolExecutor(const.sign_many.READ_TOGETHER) as threads:
            for start in range(0, len(shown), const.sign_many.SLICE):
                part = shown[start:start + const.sign_many.SLICE]
                read = threads.map(
                    lambda attempt_id: self._read_one(client, remote_ids[attempt_id], told[attempt_id]), part)
                self._take_answers(dict(zip(part, read, strict=True)))
        self._take_answers(dict.fromkeys(later, Answer()))
        self.browse(alone)._read_each()

    def _take_answers(self, answers):
        """Apply what was read of some attempts, in a transaction of its own.

        :param dict answers: ``{id: Answer}``.
        """
        self.browse(answers)._in_transaction(lambda attempts: attempts._take_signed(answers))
