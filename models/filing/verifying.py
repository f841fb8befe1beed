import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec.models.service.job_mixin import job
from odoo.addons.l10n_it_openapi_pec.models.trust.trust import CLICK_SECONDS

_logger = logging.getLogger(__name__)

VERIFY_SLICE = 20  # filings whose certificates are asked about together
AGE = timedelta(hours=20)  # after which the daily job asks again, while a signed file waits to be sent


class OpenapiPecTrustedList(models.Model):
    """Lists by which signed powers of attorney are judged."""
    _inherit = 'openapi_pec.trusted_list'

    def _on_lists_changed(self):
        self._trigger_cron('revocations')
        return super()._on_lists_changed()


class OpenapiPecCommunication(models.Model):
    """Asking whether the certificates of signed powers of attorney were revoked: what becomes known is judged by all.

    It is asked by the scheduled job, soon after a file came and every day while it waits, or after the click of a
    person; never within a transaction.
    """
    _inherit = 'openapi_pec.communication'

    # ------------------------------------------------------------ ACTIONS

    def action_verify(self):
        """Ask anew, right after this transaction, whether the certificates of the signed files were revoked.

        :raise UserError: there is no signed file, or the company does not verify over the network.
        """
        self.check_access('write')
        waiting = self.filtered(lambda filing: filing._is_to_verify())
        if not waiting:
            raise UserError(self.env._(
                "There is no signed power of attorney that can be verified over the network: upload it, or have an "
                "administrator switch it on in the settings. Nothing was asked, sent or spent."))
        self.env.cr.postcommit.add(waiting.sudo()._verify_after_commit)

    def _is_to_verify(self):
        """Return whether there is something to be asked about this filing."""
        return self.state == 'awaiting_documents' and bool(self.signed_procura_id) and (
            self.company_id.sudo().openapi_pec_verify == 'odoo')

    def _on_signed_replaced(self):
        """Have a signed file that has just come asked about soon."""
        if self.verified_at:
            self.verified_at = False
        if self._is_to_verify():
            self._trigger_cron('revocations')

    # ------------------------------------------------------------ CALLS: with no transaction open

    def _verify_after_commit(self):
        """Ask now, so that the person who clicked sees it."""
        try:
            self._verify(is_anew=True)
        except Exception:
            _logger.exception("The signatures of %s could not be verified at once; the scheduled job does it.", self)

    def _verify(self, is_anew=False):
        """Ask about the certificates of these filings, and tell the pages that show them.

        Call it with no transaction open. It opens its own ones, and commits them.

        :param bool is_anew: whether a person asks again.
        """
        joints = self._in_transaction(lambda filings: filings._judge_waiting())
        self.env['openapi_pec.trust']._ask(joints.values(), is_anew, CLICK_SECONDS if is_anew else None)
        self._in_transaction(lambda filings: filings._note_verified(joints))

    def _judge_waiting(self):
        """Return the verdicts on the signed files of those that wait, without the files: ``{id: trust.Joint}``."""
        joints = self._judge_together({
            filing: filing._get_signed_content() for filing in self.exists() if filing._is_to_verify()})
        return {filing.id: joint.without_files() for filing, joint in joints.items()}

    def _note_verified(self, joints):
        """Note that these filings were asked about, and have somebody look at what is refused since.

        :param dict joints: as :meth:`_judge_waiting` returned them before it was asked.
        """
        present = self._judge_waiting()
        # Another file may have come meanwhile, of somebody who was not asked about.
        same = {
            filing_id: joint for filing_id, joint in present.items()
            if filing_id in joints and joint.fingerprints == joints[filing_id].fingerprints}
        self.browse(filing_id for filing_id, joint in same.items() if not joint.territory).write(
            {'verified_at': fields.Datetime.now()})
        for filing_id, joint in same.items():
            if joint.level == 'refused' != joints[filing_id].level:
                self.browse(filing_id)._for_reader()._announce_refused()
        self.browse(present)._tell_pages()

    def _announce_refused(self):
        """Have somebody look at a signed file that would be refused by what became known just now."""
        self.activity_unlink(['l10n_it_openapi_pec.mail_activity_type_send'])
        self._plan_activity('mail_activity_type_send', self.env._(
            "The signed power of attorney would be refused: look at it, and have it signed anew"))

    @api.model
    @job
    def _cron_verify(self):
        """Ask about the signed files that have come, and once a day about those that wait."""
        due = self.search([
            ('state', '=', 'awaiting_documents'), ('signed_procura_id', '!=', False),
            ('company_id.openapi_pec_verify', '=', 'odoo'), '|', ('verified_at', '=', False),
            ('verified_at', '<', fields.Datetime.now() - AGE)])
        commit_progress = self.env['ir.cron']._commit_progress
        commit_progress(remaining=len(due))
        for start in range(0, len(due), VERIFY_SLICE):
            filings = due[start:start + VERIFY_SLICE]
            try:
                filings._verify()
            except Exception:
                _logger.exception("The signatures of %s cannot be verified.", filings)
            if not commit_progress(len(filings)):
                return
