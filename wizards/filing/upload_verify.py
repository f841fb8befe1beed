import logging

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec.models.signer.file_content import read_content
from odoo.addons.l10n_it_openapi_pec.tools.upload import zip_reader

from .upload import GOOD, WARNED

_logger = logging.getLogger(__name__)

ASK_SECONDS = 30  # for all certificates of an upload: a person waits


class OpenapiPecUpload(models.TransientModel):
    """Asking whether the certificates of uploaded files were revoked, right after the transaction that has read them.
    """
    _inherit = 'openapi_pec.upload'

    # ------------------------------------------------------------ ACTIONS

    def action_read(self):
        result = super().action_read()
        if self.is_verifiable:
            self.env.cr.postcommit.add(self._verify_after_commit)
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
        self.env.cr.postcommit.add(lambda: self._verify_after_commit(is_anew=True))

    # ------------------------------------------------------------ CALLS: with no transaction open

    def _verify_after_commit(self, is_anew=False):
        """Ask now, so that the person who clicked sees it; what fails is warned of on its line already."""
        try:
            with self.pool.cursor() as cr:
                joints = self.with_env(self.env(cr=cr))._judge_lines()
            self.env['openapi_pec.trust']._ask(joints, is_anew, ASK_SECONDS)
            with self.pool.cursor() as cr:
                self.with_env(self.env(cr=cr))._judge_lines_anew()
        except Exception:
            _logger.exception("The signatures of %s could not be verified.", self)

    def _get_open_lines(self):
        """Return the lines whose files may be sent."""
        return self.exists().sudo().line_ids.filtered(lambda line: line.status in (GOOD, WARNED)).sudo(False)

    def _judge_lines(self):
        """Return the verdicts on the files that may be sent, without the files (list of ``trust.Joint``)."""
        return [
            line.communication_id._judge_signed(read_content(line.sudo(), 'file'))._replace(message=None, pdf=None)
            for line in self._get_open_lines()]

    def _judge_lines_anew(self):
        """Judge the files that may be sent once more, by what is known now; a tick of a person stays where it may."""
        for line in self._get_open_lines():
            entry = zip_reader.Entry(line.name, read_content(line.sudo(), 'file'), None, {})
            values = {'is_ticked': False, 'file': False, **self._judge_signed(entry, line.communication_id)}
            line.sudo().write({**values, 'is_ticked': values['is_ticked'] or (
                line.is_ticked and values['status'] == WARNED)})
