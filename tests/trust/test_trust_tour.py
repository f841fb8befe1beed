from odoo.tests import HttpCase, tagged

from ..common_trust import TrustCase
from ..service.test_tour import TourMixin


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestTrustTour(TourMixin, TrustCase, HttpCase):
    """A user has an authority asked, and an administrator confirms who signs the list of lists, in Chromium."""

    def test_verify_again(self):
        self.trust_world()
        self.upload(self.filing, self.sign_by(self.leaf, self.filing))
        self.start_tour(
            f'/odoo/pec-communications/{self.filing.id}', 'openapi_pec_verify_again', login=self.user.login)
        self.assertEqual(self.codes(), 'qualified not_revoked')

    def test_anchors(self):
        self.start_tour('/odoo/pec-trust-anchors', 'openapi_pec_trust_lists', login='admin')
        anchors = self.env['openapi_pec.trust_anchor'].search([])
        self.assertEqual(anchors.filtered('confirmed_at'), anchors)
