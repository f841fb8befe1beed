"""Helpers of the tests of signatures that are verified beyond their files: a world of trust on loopback."""
from odoo.addons.l10n_it_openapi_pec.tools import trust

import p7m_files as files
from trust_files import Server
from trust_world import ANSWERS, ITALIAN, LIST_OF_LISTS, REVOKED, World

from .common import PecCase

MODEL = 'openapi_pec.trust'


class TrustMixin:
    """A company that verifies over the network, which is one server on loopback, and whose lists are here."""

    def setUp(self):
        super().setUp()
        self.server = self.enterContext(Server())
        self.world = World(self.server.url)
        self.serve(LIST_OF_LISTS, ITALIAN, ANSWERS, REVOKED)
        self.get_shipped_fetcher = self.env[MODEL]._get_fetcher
        self.patch(type(self.env[MODEL]), '_get_fetcher', lambda _model, _seconds: trust.Fetcher(
            [self.server.place], seconds=3))
        self.patch(
            type(self.env['openapi_pec.trusted_list']), '_get_list_url', lambda _model: self.server.url + LIST_OF_LISTS)
        self.company.openapi_pec_verify = 'odoo'

    def serve(self, *paths):
        """Have the server give what the world has at some paths."""
        for path in paths:
            self.server.answers[path] = self.give

    def give(self, handler):
        """Answer a request with what the world has there."""
        handler.give(200, {}, self.world.get(handler.path, (self.server.bodies or [b''])[-1]))

    def trust_world(self):
        """Have an administrator confirm who signs the list of lists, and the job fetch the lists."""
        anchor = self.env['openapi_pec.trust_anchor'].create(
            {'fingerprint': self.world.fingerprint, 'notice': 'C/2026/1944'})
        anchor.action_confirm()
        self.run_cron('lists')
        self.server.asked.clear()

    def lists(self):
        """Return the lists that are kept, by their territories."""
        return self.env['openapi_pec.trusted_list'].search([]).grouped('territory')

    def sign_by(self, leaf, filing):
        """Return the power of attorney of a filing, signed by somebody."""
        return files.sign(leaf, filing.procura_id.raw)


class TrustCase(TrustMixin, PecCase):
    """A filing that waits for its signature, in a company that verifies over the network."""

    def setUp(self):
        super().setUp()
        self.filing = self.create_filing()
        self.bring_to_signature(self.filing)
        self.leaf = self.world.issue()

    def codes(self, filing=None):
        """Return the codes of what is found in a filing's signed file, but for those of the file itself."""
        filing = filing or self.filing
        verdict = filing._judge_signed(filing._get_signed_content())
        return ' '.join(finding.code for finding in verdict.findings if finding.code in trust.LEVELS)

    def verify(self, user=None):
        """Press *Verify Again*."""
        self.filing.with_user(user or self.user).action_verify()
        self.commit()
