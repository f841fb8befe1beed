from odoo.tests import HttpCase, tagged

from ..service.test_tour import TourMixin
from .test_verification import VerificationCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestVerificationTour(TourMixin, VerificationCase, HttpCase):
    """A manager has Openapi verify a signed file, in Chromium."""

    def test_verified(self):
        self.start_tour(
            f'/odoo/pec-communications/{self.filing.id}', 'openapi_pec_verify_by_openapi', login=self.manager.login)
        self.assert_told('done', 'accepted')
        self.assertEqual(self.filing.signature_level, 'good')
