from odoo.tests import HttpCase, tagged

from ..common_look import LookCase, as_register
from ..service.test_tour import TourMixin


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestLinesTour(TourMixin, LookCase, HttpCase):
    """From lines of the register of positions to the proof that the register shows what was filed, in Chromium."""

    def test_from_lines_to_the_register(self):
        companies = self.create_companies(2, "Cliente %02d S.r.l.")
        companies._openapi_pec_follow()
        codes = companies.mapped('l10n_it_codice_fiscale')
        self.sandbox.keep_companies(*(as_register(code, pec=None) for code in codes))
        self.dispatch_soon()
        filings = self.env['openapi_pec.communication']
        refresh = type(filings).action_refresh

        def complete_and_refresh(records):
            """Ask the service after it has come to the end."""
            self.sandbox.set_stato('comunicazione_evasa')
            return refresh(records)

        self.patch(type(filings), 'action_refresh', complete_and_refresh)
        self.start_tour('/odoo/pec-positions', 'openapi_pec_lines', login=self.manager.login)
        self.env.invalidate_all()
        lines = self.env['openapi_pec.position'].search([
            ('partner_id', 'in', companies.ids), ('kind', '=', 'company')]).sorted(lambda line: line.partner_id.name)
        filed = filings.search([('partner_id', 'in', companies.ids)])
        self.assertEqual((self.sandbox.executed(), len(filed)), (2, 2))
        self.assertEqual(lines[0].last_filing_id.register_state, 'stands')
        self.assertEqual(lines.mapped('state'), ['in_order', 'under_way'])
        self.assertEqual((self.requested('register_pec'), self.requested()), (1, 0))
