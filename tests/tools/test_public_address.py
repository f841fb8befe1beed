from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.tools.api.public_address import is_public


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestPublicAddress(BaseCase):
    """Which addresses of Odoo a link may have that is mailed to somebody outside."""

    def test_public(self):
        for url in (
                'https://odoo.example.com', 'https://studio.it:8443/x', 'https://8.8.8.8',
                'https://[2a00:1450:4002::1]', 'HTTPS://Odoo.It.'):
            self.assertTrue(is_public(url), url)

    def test_not_public(self):
        for url in (
            None, False, '', 'odoo.example.com', 'http://odoo.example.com', 'ftp://odoo.example.com', 'https://',
            'https://[x', 'https://localhost', 'https://localhost:8069', 'https://odoo.localhost', 'https://127.0.0.1',
            'https://127.1', 'https://[::1]', 'https://0.0.0.0', 'https://10.0.0.1', 'https://172.16.0.1',
            'https://192.168.1.20', 'https://169.254.1.1', 'https://100.64.0.1', 'https://[fe80::1]',
            'https://[fd00::1]', 'https://[::ffff:10.0.0.1]', 'https://[2002:a00:1::]', 'https://[64:ff9b::a00:1]',
            'https://[64:ff9b:1::a00:1]', 'https://[::10.0.0.1]', 'https://[fec0::1]', 'https://192.0.0.192',
            'https://224.0.0.1', 'https://[ff0e::1]', 'https://odoo', 'https://odoo.local', 'https://odoo.internal', 'https://odoo.lan.',
            'https://odoo.home.arpa', 'https://2130706433', 'https://0x7f.0x1',
        ):
            self.assertFalse(is_public(url), url)
