from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec.models.signer.file_content import keep_pdf, read_content

FILES = ('procura', 'signed_procura', 'identity_document')  # of each there are <kind>_id, <kind>_file, <kind>_filename


class OpenapiPecCommunication(models.Model):
    """The files of a filing: the power of attorney (procura), the same one signed, and an identity document."""
    _inherit = 'openapi_pec.communication'

    # ------------------------------------------------------------ COMPUTE

    @api.depends('procura_id', 'signed_procura_id', 'identity_document_id')
    def _compute_files(self):
        # Files alone: Odoo computes them without `bin_size`. Beside another field it would keep their size instead.
        for filing in self:
            for kind in FILES:
                filing[f'{kind}_file'] = filing[f'{kind}_id'].datas

    @api.depends('procura_id', 'signed_procura_id', 'identity_document_id')
    def _compute_filenames(self):
        for filing in self:
            for kind in FILES:
                filing[f'{kind}_filename'] = filing[f'{kind}_id'].name

    def _inverse_signed_procura_file(self):
        self._inverse_file('signed_procura')

    def _inverse_identity_document_file(self):
        self._inverse_file('identity_document')

    def _inverse_filename(self):
        """Do nothing: the name is written together with its file."""

    def _inverse_file(self, kind):
        """Keep an uploaded file as an attachment of its filing, and delete the earlier upload.

        :param str kind: of ``FILES``.
        """
        for filing in self.sudo():
            if filing.state != 'awaiting_documents':
                raise UserError(self.env._("%s does not wait for documents now.", filing.display_name))
            content, name = read_content(filing, f'{kind}_file'), filing[f'{kind}_filename']
            replaced = filing[f'{kind}_id']
            if content and kind == 'signed_procura':
                content = filing._judge_file(content).message or content  # without what stands around the message
            filing[f'{kind}_id'] = self.env['ir.attachment']._openapi_pec_create([{
                'name': name or f'{kind}.p7m', 'raw': content, 'res_model': self._name, 'res_id': filing.id,
            }]) if content else False
            replaced.unlink()
            if kind == 'signed_procura':
                filing._on_signed_replaced()

    # ------------------------------------------------------------ CALLS

    def _fetch_procura(self, client):
        """Download the power of attorney and attach it to the filing."""
        content = client.get_procura(self.remote_id)
        self.procura_id = keep_pdf(self, f"procura {self.name.replace('/', '-')}.pdf", content)
        self._message_log(
            body=self._for_reader().env._("Power of attorney received."), attachment_ids=self.procura_id.ids)
        self._on_procura_fetched()
