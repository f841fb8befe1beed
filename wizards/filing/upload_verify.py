import logging

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import split_every

from odoo.addons.l10n_it_openapi_pec.models.filing.verifying import VERIFY_SLICE
from odoo.addons.l10n_it_openapi_pec.models.signer.file_content import read_content
from odoo.addons.l10n_it_openapi_pec.models.trust.trust import CLICK_SECONDS

from .upload import GOOD, REFUSED, WARNED

_logger = logging.getLogger(__name__)


class OpenapiPecUpload(models.TransientModel):
    """Asking whether the certificates of uploaded files were revoked, right after the transaction that has read them.
    """
    _inherit = 'openapi_pec.upload'

    # ------------------------------------------------------------ ACTIONS

    def action_read(self):
        result = super().action_read()
        joints = self.env.cr.postcommit.data.pop(self._name, [])
        if self.is_verifiable:
            self.env.cr.postcommit.add(lambda: self._verify_after_commit(joints))
        return result

    def action_verify(self):
        """Ask anew, right after this transaction, whether the certificates of these files were revoked.

        :raise UserError: none of them can be verified over the network.
        """
        self.check_access('write')
        self.ensure_one()
        if not self.is_verifiable:
            raise UserError(self.env._(
                "None of these files can be verified over the network. Nothing was asked, sent or spent."))
        joints = [joint.without_files() for _line, joint in self._judge_lines(self._get_judged_lines())]
        self.env.cr.postcommit.add(lambda: self._verify_after_commit(joints, is_anew=True))

    # ------------------------------------------------------------ CALLS: with no transaction open

    def _verify_after_commit(self, joints, is_anew=False):
        """Ask now, so that the person who clicked sees it; what fails is warned of on its line already.

        :param joints: verdicts on the files (``trust.Joint``).
        """
        try:
            self.env['openapi_pec.trust']._ask(
                [joint for joint in joints if joint.level != 'refused'], is_anew, CLICK_SECONDS)
            with self.pool.cursor() as cr:
                self.with_env(self.env(cr=cr))._judge_lines_anew()
        except Exception:
            _logger.exception("The signatures of %s could not be verified.", self)

    def _get_judged_lines(self):
        """Return the lines of the files that may be sent."""
        return self.exists().sudo().line_ids.filtered(lambda line: line.status in (GOOD, WARNED)).sudo(False)

    def _judge_lines(self, lines):
        """Judge the files of some lines, some at a time; yields ``(line, trust.Joint)``."""
        filings = self.env['openapi_pec.communication']
        for some in split_every(VERIFY_SLICE, lines.ids, lines.browse):
            joints = filings._judge_together({
                line.communication_id: read_content(line.sudo(), 'file') for line in some})
            yield from zip(some, joints.values(), strict=True)

    def _judge_lines_anew(self):
        """Judge the files that may be sent once more, by what is known now.

        One that has become good is ticked; else a tick, or none, of a person stays where it may.
        """
        for line, values in self._describe_lines_anew(self._get_judged_lines()):
            is_kept = line.is_ticked or (values['status'], line.status) == (GOOD, WARNED)
            line.sudo().write({**values, 'is_ticked': is_kept and values['status'] != REFUSED})

    def _judge_before_sending(self, lines):
        """Judge the files that are about to be sent by what is known now: what is worse than was shown is unticked."""
        for line, values in self._describe_lines_anew(lines):
            is_as_shown = values['status'] == GOOD or (
                values['status'], values['sentence']) == (line.status, line.sentence)
            line.sudo().write({**values, 'is_ticked': is_as_shown})

    def _describe_lines_anew(self, lines):
        """Judge the files of some lines by what is known now; yields ``(line, its values)``.

        A refused file is not kept.
        """
        for line, joint in self._judge_lines(lines):
            values = self._describe_signed(line.name, line.communication_id, joint)
            is_kept = bool(values.pop('file', False))
            yield line, values if is_kept else {**values, 'file': False}
