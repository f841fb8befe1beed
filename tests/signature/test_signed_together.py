"""What became of several is kept in one way."""
from odoo.tests import tagged

import p7m_files as files

from .test_sign_many import SignManyCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestKeptTogether(SignManyCase):
    count = 2

    def test_beside_an_identity_document(self):
        """What the signer has just uploaded besides, and nobody has judged yet, stays."""
        first, second = self.filings
        self.env['openapi_pec.signer_upload']._keep(first, {'identity_document': files.PDF})
        self.sign_all()
        self.run_cron('remote_signatures')
        uploads = self.env['openapi_pec.signer_upload'].search([('communication_id', 'in', self.filings.ids)])
        kept = {upload.communication_id: upload._read_files() for upload in uploads}
        self.assertEqual(
            {filing: set(documents) for filing, documents in kept.items()},
            {first: {'signed_file', 'identity_document'}, second: {'signed_file'}})
        self.assertEqual(kept[first]['identity_document'], files.PDF)
