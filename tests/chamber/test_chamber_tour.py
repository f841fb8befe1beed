from odoo.tests import HttpCase, tagged

from ..common_chamber import CODE, ChamberCase, wrap, write_mail
from ..service.test_tour import TourMixin


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestChamberTour(TourMixin, ChamberCase, HttpCase):
    """A user looks at the chamber's mail, and confirms it, in Chromium."""

    def test_list(self):
        self.tell("Numero di protocollo RM-2026-123456: la pratica è evasa.", subject="Esito della pratica")
        left = self.deliver(wrap(write_mail("Buongiorno", "Senza pratica", name='left'), name='left'))
        self.deliver(write_mail(f"Pratica {CODE}: respinta", "Posta ordinaria", name='ordinary'))
        self.start_tour('/odoo/pec-chamber-mail', 'openapi_pec_chamber', login=self.user.login)
        self.assertEqual((self.filing.chamber_outcome, left.state), ('evasa', 'dismissed'))
        self.assertEqual(self.filing.chamber_protocol, 'RM-2026-123456')

    def test_filing(self):
        self.tell("La pratica è irricevibile: manca la firma.", subject="Esito della pratica")
        self.start_tour(
            f'/odoo/pec-communications/{self.filing.id}', 'openapi_pec_chamber_filing', login=self.user.login)
        self.assertTrue(self.filing.is_refused)
        self.assertIn("manca la firma", self.filing.chamber_note)
