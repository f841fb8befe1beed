from odoo.tests import HttpCase, tagged

from ..common import PecCase
from ..service.test_tour import TourMixin
from .test_approval import ApprovalMixin


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSpendingTour(ApprovalMixin, TourMixin, PecCase, HttpCase):
    """Two people's way in Chromium: over budget, and above what one manager spends alone."""

    def test_a_second_manager_approves(self):
        self.sandbox.settings(credit=100)
        self.connect(environment='production')
        self.company.openapi_pec_budget = 10
        self.start_tour(
            f'/odoo/pec-communications/{self.filing.id}', 'openapi_pec_ask_approval', login=self.manager.login)
        self.assertEqual((self.filing.state, self.sandbox.executed()), ('draft', 0))
        self.start_tour('/odoo/pec-approvals', 'openapi_pec_approve', login=self.second.login)
        self.assertEqual((self.filing.state, self.sandbox.executed()), ('code_requested', 1))
        line = self.filing.api_call_ids
        self.assertEqual((line.user_id, line.approved_by_id), (self.manager, self.second))
