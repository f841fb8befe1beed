from urllib.parse import urlsplit

import requests

from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec.tools import trust

from serving import PATIENCE

from ..common_trust import TrustCase, TrustMixin
from ..signature.test_sign import SigningCase


class SandboxTrustMixin(TrustMixin):
    """A company that verifies over the network, which is the local sandbox API, and whose lists are here."""

    def setUp(self):
        super().setUp()
        parts = urlsplit(self.sandbox.url)
        self.patch(type(self.env['openapi_pec.trust']), '_get_fetcher', lambda _model, _seconds: trust.Fetcher(
            [(parts.hostname, parts.port)], seconds=10))
        self.patch(
            type(self.env['openapi_pec.trusted_list']), '_get_list_url',
            lambda _model: f'{self.sandbox.url}/trust/lists.xml')
        signer = requests.get(f'{self.sandbox.url}/trust/signer', timeout=PATIENCE).json()
        self.env['openapi_pec.trust_anchor'].create(
            {'fingerprint': signer['fingerprint'], 'notice': 'C/0/0'}).action_confirm()
        self.run_cron('lists')


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSandboxTrust(SandboxTrustMixin, TrustCase):
    """The local sandbox API stands for the lists and for an authority, and signs without a device."""

    def test_kinds(self):
        for kind, codes in (
                ('good', 'qualified not_revoked'), ('revoked', 'revoked qualified'), ('unlisted', 'issuer_not_listed')):
            with self.subTest(kind=kind):
                self.upload(self.filing, self.sandbox.sign(self.filing.procura_id.raw, kind=kind))
                self.verify()
                self.assertEqual(self.codes(), codes)

    def test_somebody_else(self):
        """Who signs is filled in on the page."""
        page = requests.get(f'{self.sandbox.url}/trust', timeout=PATIENCE).text
        self.assertIn("Signing without a device", page)
        self.upload(self.filing, self.sandbox.sign(
            self.filing.procura_id.raw, surname="Bianchi", given="Anna", tax_code='BNCNNA85M41F205D'))
        self.assertIn("Signed by Anna Bianchi, not by the applicant", str(self.filing.signature_findings))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSignedRemotely(SandboxTrustMixin, SigningCase):
    """What is signed remotely there is of the authority in its lists: it is verified as any other signature."""

    def test_good(self):
        self.sign_here()
        self.run_cron('uploads')
        self.assertEqual(self.filing.signature_level, 'good')
        verdict = self.filing._judge_signed(self.filing._get_signed_content())
        self.assertEqual(
            [finding.code for finding in verdict.findings if finding.code in trust.LEVELS],
            ['qualified', 'not_revoked'])
        self.filing.with_user(self.user).action_send_documents()
        self.commit()
        self.assertEqual(self.filing.state, 'documents_uploaded')
