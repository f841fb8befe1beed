from odoo.tests import HttpCase, tagged

from ..common_company import CODE
from ..common_look import LookCase, as_register
from ..service.test_tour import TourMixin


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestLookTour(TourMixin, LookCase, HttpCase):
    """A person updates a company from the register, in Chromium, with the sandbox API behind it."""

    def test_update_from_the_register(self):
        self.sandbox.keep_companies(as_register(CODE, pec='altra@legalmail.it'))
        self.start_tour(f'/odoo/contacts/{self.partner.id}', 'openapi_pec_register', login=self.manager.login)
        self.assertEqual(self.requested(), 1)
        self.assertEqual(
            (self.partner.openapi_pec_email, self.partner.street, self.partner.openapi_pec_rea),
            ('altra@legalmail.it', "VIA DELLE PROVE 1", 'RM-1234567'))
        self.assertFalse(self.partner.zip, "its tick was taken away")
