import threading
import uuid
from pathlib import Path

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from odoo.addons.l10n_it_openapi_pec.models.signer.file_content import keep_pdf


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestFileContent(TransactionCase):

    def begin_to_write(self):
        """Have another process begin to write a file of the store; return its content and its path."""
        content = b'%PDF-1.7 ' + uuid.uuid4().bytes
        attachments = self.env['ir.attachment']
        path = Path(attachments._get_path(content, attachments._compute_checksum(content))[1])
        path.write_bytes(content[:9])
        self.addCleanup(path.unlink, missing_ok=True)
        return content, path

    def test_the_same_file_twice_at_one_moment(self):
        content, path = self.begin_to_write()
        writer = threading.Timer(0.1, path.write_bytes, [content])
        writer.start()
        attachment = keep_pdf(self.env.user.partner_id, "procura.pdf", content)
        writer.join()
        self.assertEqual((attachment.raw, attachment.mimetype), (content, 'application/pdf'))

    def test_another_file(self):
        content, _path = self.begin_to_write()
        with self.assertRaises(UserError):
            keep_pdf(self.env.user.partner_id, "procura.pdf", content)
