"""Remote signatures among real processes: two servers that sign the same. One that dies: see ``test_signing_killed``;
PINs that nothing remembers: ``test_signing_secrets``.
"""
from odoo.tests import tagged

from ..common_processes import PATIENCE
from ..common_signature import SIGN_OTP
from ..common_signing import SigningProcessCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSignProcesses(SigningProcessCase):
    """What no transaction of a test can show."""

    def test_two_servers_sign_at_once(self):
        """The signer presses twice, on two servers: one signature is asked for."""
        people = [self.start()[0] for _server in range(2)]
        _filing, link = self.prepare(people[0])
        for person in people:
            self.open_form(person, link)
        self.sandbox.fault(SIGN_OTP, 'delay_before', seconds=2)
        answers = [click.result(PATIENCE) for click in [self.sign(person, link) for person in people]]
        self.assertEqual({answer.status_code for answer in answers}, {200}, "both see the page")
        self.assertEqual((self.attempts(), self.sandbox.requested(SIGN_OTP)), ([('done', None)], 1))
        self.assert_forgotten()
