from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec.tools.api.errors import OutcomeUnknown

from ..common import BODY, CREATE, DOMAIN, PecCase

FAULT = 'length_without_body'


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestEmptyAnswers(PecCase):
    """An answer that has no body, and tells the length of one: gateways write it, and it means nothing (RFC 9112)."""

    def test_no_domain_of_pecs(self):
        """The paid look-up keeps its answer."""
        self.sandbox.fault(DOMAIN, FAULT)
        filing = self.create_filing(pec_email='prova@posta.example')
        filing.with_user(self.manager).action_look_up_domain()
        self.commit()
        domain = self.env['openapi_pec.domain'].search([('name', '=', 'posta.example')])
        self.assertEqual((domain.state, domain.error_message), ('not_certified', False))
        self.assertEqual(domain.sudo().api_call_ids.state, 'accepted')
        self.assertEqual((self.sandbox.requested(DOMAIN), self.sandbox.executed(DOMAIN)), (1, 1))

    def test_of_a_call_that_needs_a_body(self):
        """It is told by its status, not as cut off."""
        for status in (204, 304, 103):
            self.sandbox.fault(CREATE, FAULT, status=status)
            with self.assertRaises(OutcomeUnknown) as raised:
                self.client.create_filing(BODY)
            self.assertEqual(
                str(raised.exception), f"The service answered with HTTP status {status} and nothing that can be read")

    def test_a_body_that_does_not_come(self):
        """Of other answers the length holds."""
        self.sandbox.fault(CREATE, FAULT, status=200)
        with self.assertRaises(OutcomeUnknown):
            self.client.create_filing(BODY)
