import logging
from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.lock import claim
from odoo.addons.l10n_it_openapi_pec.tools.clock import now

from .signature import Signing

_logger = logging.getLogger(__name__)


class OpenapiPecSignature(models.Model):
    """Many powers of attorney that are signed with one click, with the automatic certificate of an intermediary.

    In the request of the click, after its commit: one is signed, and shows whether the certificate signs at all; then
    the service is asked for the others, several at a time, for a minute. What was not begun by then is asked for again
    by a person. What became of them the job reads: see ``many_follow``.
    """
    _inherit = 'openapi_pec.signature'

    # ------------------------------------------------------------ CALLS: step 1, the user's transaction

    @api.model
    def _sign_many(self, filings, mandate, reason=None):
        """Have the powers of attorney of some filings signed with their company's certificate, after this transaction.

        Whoever calls this has checked who may, and that these filings can be signed.

        :param filings: of one company.
        :param str mandate: what the user declares.
        :param str reason: why it is asked for although a budget is exceeded.
        :return: the attempts: of what somebody else is having signed there is none.
        :raise UserError: there is nothing left to sign, or the spending rule is against it; nothing was spent.
        """
        company, run = filings.company_id.sudo(), self._make_reference()
        signer, environment = company.openapi_pec_signer_id, company.openapi_pec_environment
        credentials = company._openapi_pec_get_signing_credentials(environment)
        attempts = self.sudo().create([{
            'communication_id': filing.id, 'company_id': company.id, 'environment': environment, 'state': 'queued',
            'kind': 'automatic', 'batch_id': filing.batch_id.id, 'run': run, 'checksum': filing.procura_id.checksum,
            'signer_name': signer.name, 'signer_fiscal_code': company._openapi_pec_get_signer_code(),
            'mandate': mandate,
        } for filing in filings.sudo()])
        others = claim(attempts, 'is_open', True)
        attempts -= others
        others.unlink()
        if not attempts:
            raise UserError(self.env['openapi_pec.words.mixin']._in_words(const.remote_signature.UNDER_WAY))
        signing = Signing(
            credentials, now() + const.sign_many.SECONDS, parallel=company.openapi_pec_parallel_calls)
        attempts = attempts._clear_spending(reason).with_context(openapi_pec_signing=signing)
        attempts._queue_call(at_once=False)
        attempts._trigger_cron(self._synchronize_job, fields.Datetime.add(
            fields.Datetime.now(), seconds=const.remote_signature.CLOSE_SECONDS + 1))
        self.env.cr.postcommit.add(attempts._dispatch_after_commit)
        return attempts

    def _close_attempt(self, state, outcome, detail=''):
        if outcome not in const.sign_many.UNSIGNED:
            self.filtered(lambda attempt: attempt.kind == 'automatic' and not attempt.outcome)._note_declared()
        return super()._close_attempt(state, outcome, detail)

    def _note_declared(self):
        """Keep in the chatters of filings that are signed, or may be, who has them signed, and what he declared.

        The attempt has it from before the call; where the server dies during the call, the job says so here.
        """
        for attempt in self:
            own = attempt._for_reader()
            mandate = own._in_words(const.sign_many.MANDATE) % {'signer': own.signer_name}
            own.communication_id._message_log(author_id=own.asked_by_id.partner_id.id, body=own._in_words(
                const.sign_many.DECLARED) % {
                    'user': own.asked_by_id.name, 'signer': own.signer_name, 'mandate': mandate})

    # ------------------------------------------------------------ CALLS: steps 2 to 4, right after it

    def _dispatch_after_commit(self):
        signing = self._get_signing()
        if not (signing and signing.parallel):
            return super()._dispatch_after_commit()
        try:
            self._sign_now(signing)
        except Exception:
            _logger.exception("Not all of %s could be asked for; the scheduled job closes what was not begun.", self)

    def _sign_now(self, signing):
        """Have these queued attempts signed: one that is awaited, then the others together; close what was not begun.

        Call it with no transaction open. It opens its own ones, and commits them.

        :param Signing signing: that of their context.
        """
        tries, left = self[:const.sign_many.FIRST_TRIES], self
        for first in tries:
            left -= first
            first._dispatch()
            if signing.proved.is_set() or not signing.goes_on():
                break
        if signing.proved.is_set() and signing.goes_on():
            together = left.with_context(openapi_pec_signing=replace(signing, is_awaited=False))
            together._dispatch(signing.parallel, lambda _count: signing.goes_on())
        self.with_context(openapi_pec_signing=None)._in_transaction(lambda attempts: attempts._end_click())

    def _end_click(self):
        """Close what was not begun, and have the job read what became of the others."""
        self._close_unbegun()
        self._trigger_cron(self._synchronize_job)
