import hashlib
from datetime import datetime, timedelta, timezone
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.job_mixin import is_job
from odoo.addons.l10n_it_openapi_pec.models.service.lock import claim, lock_rows, run_unless_met
from odoo.addons.l10n_it_openapi_pec.tools import trust
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import BadToken, NoCredit, NotSent
from odoo.addons.l10n_it_openapi_pec.tools.api.signature_client import VERIFY
from odoo.addons.l10n_it_openapi_pec.tools.api.signature_report import describe_verification, load_report
from odoo.addons.l10n_it_openapi_pec.tools.clock import add_zone
from odoo.addons.l10n_it_openapi_pec.tools.p7m import P7mError


class OpenapiPecVerification(models.Model):
    """What Openapi reports of a signed power of attorney: asked once with each click, and paid.

    It counts for the very file that was sent, in the company that sent it. No list of the service shows a report whose
    answer was lost: that stays not known, and a person may ask again.
    """
    _name = 'openapi_pec.verification'
    _description = "Verification by Openapi"
    _inherit = ['openapi_pec.attempt.mixin']
    _open_states = const.verification.OPEN_STATES
    _api_name = 'signature'

    state = fields.Selection(const.verification.STATES, required=True, readonly=True, index=True)
    digest = fields.Char(required=True, readonly=True, index=True, help="SHA-256 of the file that is verified.")
    report = fields.Json(
        readonly=True, exportable=False, groups=fields.NO_ACCESS,
        help="As it was read: who can write it decides what is told of a signature.")
    answered_at = fields.Datetime("Answered", readonly=True)

    # A double click, another user and another server ask once.
    _one_open = models.UniqueIndex(
        "(communication_id) WHERE is_open", "Openapi is verifying it already: wait for its report.")

    # ------------------------------------------------------------ what was reported

    @staticmethod
    def _get_digest(message):
        return hashlib.sha256(message).hexdigest()

    @api.model
    def _judge_reported(self, files):
        """Return what the last reports on some files say of them (list of ``trust.Verdict``), with one query; of a file
        without one, that nobody has asked.

        :param list files: of ``(company, bytes)``: which had it verified, in its present environment: what the sandbox
            says counts for no other.
        """
        keys = [(company.id, company.sudo().openapi_pec_environment, self._get_digest(message))
                for company, message in files]
        companies, _environments, digests = map(list, zip(*keys, strict=True))
        last = {}
        for record in self.sudo().search_fetch(
                [('company_id', 'in', companies), ('digest', 'in', digests), ('state', '=', 'done')],
                ['company_id', 'environment', 'digest', 'report', 'answered_at']):
            last.setdefault((record.company_id.id, record.environment, record.digest), record)
        return [self._judge_by(last.get(key), message) for key, (_company, message) in zip(keys, files, strict=True)]

    @staticmethod
    def _judge_by(record, message):
        """Return what a verification says of a file (``trust.Verdict``).

        :param record: the verification; None when there is none.
        """
        if not record:
            return trust.Verdict([trust.find('openapi_not_asked')])
        try:
            signatures = trust.open_signatures(message, len(message))
        except P7mError:  # a mistake of this program, which is logged
            return trust.Verdict([trust.find('verification_failed')])
        return trust.judge_report(
            signatures, load_report(record.report), checked_at=add_zone(record.answered_at),
            now=datetime.now(timezone.utc))

    # ------------------------------------------------------------ CALLS: step 1, the user's transaction

    @api.model
    def _ask(self, filing, reason=None):
        """Have the signed power of attorney of a filing verified, right after this transaction.

        :param str reason: why it is asked for although a budget is exceeded.
        :return: the verification.
        :raise UserError: it cannot be asked for now; nothing was sent or spent.
        """
        if problem := filing._get_verification_problem():
            raise UserError(problem)
        verification = self.sudo().create({
            'communication_id': filing.id, 'company_id': filing.company_id.id, 'environment': filing.environment,
            'state': 'queued', 'digest': self._get_digest(filing._get_verified_message())})
        if claim(verification, 'is_open', True):
            verification.unlink()
            raise UserError(filing._in_words(const.verification.UNDER_WAY))
        verification._clear_spending(reason)._queue_call()
        verification._trigger_cron('remote_signatures', fields.Datetime.add(
            fields.Datetime.now(), seconds=const.verification.CLOSE_SECONDS + 1))
        return verification

    # ------------------------------------------------------------ CALLS: steps 2 and 3

    @api.model
    def _due_domain(self):
        """Return the domain of what may be called now: nothing by a job, since each call is a person's click."""
        return fields.Domain.FALSE if is_job(self.env) else super()._due_domain()

    def _due_operation(self):
        return VERIFY

    def _prepare_call(self, operation, client):
        message = self.communication_id._get_verified_message()
        if self._get_digest(message) != self.digest:
            raise NotSent(self.env._("The signed file has been replaced by another one"))
        return partial(self._call_in_time, partial(self._call_for_report, client, message))

    @staticmethod
    def _call_for_report(client, message):
        return {'id': False, 'report': client.verify(message).dump()}

    def _prepare_sent(self, operation):
        return describe_verification(self.communication_id._get_verified_message())

    # ------------------------------------------------------------ CALLS: step 4, the outcome

    def _on_call_accepted(self, operation, data, started_at):
        own = self._for_reader()
        own.write({
            'state': 'done', 'report': data['report'], 'answered_at': fields.Datetime.now(), 'error_message': False})
        own.communication_id._message_log(body=own._in_words(const.verification.DONE) % own.asked_by_id.name)

    def _on_call_refused(self, operation, sentence):
        self._close_verification('failed', 'refused', sentence)

    def _on_call_unknown(self, line=None):
        self.sudo().api_call_ids._close('lost')
        self._close_verification('lost', 'lost')

    # What certainly was not asked is asked again by a person alone.

    def _requeue(self, reason):
        self._close_verification('failed', 'not_begun', f'[{reason}]')

    def _wait_for_environment(self):
        self._close_verification('failed', 'not_begun')

    def _wait_for_account(self, error):
        self._close_verification('failed', 'no_credit' if isinstance(error, NoCredit) else 'throttled')

    def _on_token_refused(self, operation):
        self._close_verification('failed', 'no_scope')

    def _pause_account(self):
        """Pause nothing: a token may lack the scope for verifying alone."""

    def _refusal_sentence(self, operation, error):
        return '' if isinstance(error, BadToken) else (
            f'[{self._get_error_words(error)}, HTTP {error.status}, {error.code}]')

    def _close_verification(self, state, outcome, detail=''):
        """End these verifications, and say why there is no report.

        :param str outcome: of ``const.verification.OUTCOMES``.
        :param str detail: what follows in the sentence.
        """
        words, money = const.verification.OUTCOMES[outcome], const.verification.MONEY.get(outcome)
        for verification in self:
            own = verification._for_reader()
            own.write({
                'state': state, 'retry_at': False, 'error_message': f'{own._say_paid(words, money)} {detail}'.rstrip()})

    # ------------------------------------------------------------ SYNCHRONISATION

    @api.model
    def _give_up(self):
        """End what a process that died has left: what was not begun is not begun any more, and what was is lost."""
        since = fields.Datetime.now() - timedelta(seconds=const.verification.CLOSE_SECONDS)
        for verification in self.search([('is_open', '=', True), ('asked_at', '<', since)]):
            run_unless_met(self.env.cr, verification._give_up_one)

    def _give_up_one(self):
        lock_rows(self)
        self.invalidate_recordset(['state'])
        lines = self.sudo().api_call_ids.filtered(lambda line: line.state == 'pending')
        if self.state == 'queued':
            self._close_verification('failed', 'not_begun')
        elif self.state == 'unconfirmed' and lines == lines._without_live_worker():
            self._on_call_unknown()
