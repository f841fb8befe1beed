from odoo.tests import HttpCase, tagged
from odoo.tests.test_cursor import TestCursor

from .common import CREATE, P7M, PATCH, PecCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestTour(PecCase, HttpCase):
    """A person's way through the main job, in Chromium, with the sandbox API behind it."""

    def setUp(self):
        super().setUp()
        commit = TestCursor.commit

        def commit_and_go_on(cursor):
            """Do what a real commit does: the test framework drops what is to follow it."""
            hooks = list(cursor.postcommit._funcs)
            commit(cursor)
            for hook in hooks:
                hook()

        self.patch(TestCursor, 'commit', commit_and_go_on)

    def test_communicate(self):
        self.sandbox.settings(step=1)
        self.env['ir.attachment'].create({
            'name': 'signed.p7m', 'url': '/openapi_pec_tour/signed.p7m', 'raw': P7M, 'public': True})
        self.start_tour(f'/odoo/contacts/{self.partner.id}', 'openapi_pec_communicate', login=self.manager.login)
        filing = self.partner.openapi_pec_communication_ids
        self.assertEqual(filing.state, 'completed')
        self.assertTrue(filing.procura_id)
        self.assertEqual(filing.signed_procura_id.raw, P7M)
        self.assertEqual((self.sandbox.executed(CREATE), self.sandbox.executed(PATCH)), (1, 1))
        self.assertIn("completed", self.messages(self.partner))
