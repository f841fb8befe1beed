"""What the tests of the register of positions in the database have in common."""
from datetime import date

from freezegun import freeze_time

from .common_mailbox import MailboxCase

NOW = '2026-11-27 09:00:00'
TODAY = date(2026, 11, 27)
ALREADY = date(2024, 5, 6)  # an office from before the duty of administrators


class RegisterCase(MailboxCase):
    """A followed company with a sole administrator, on a fixed day."""

    def setUp(self):
        super().setUp()
        clock = freeze_time(NOW)
        clock.start()
        self.addCleanup(clock.stop)
        self.positions = self.env['openapi_pec.position']
        self.office = self.create_office()
        self.partner._openapi_pec_follow()

    def create_office(self, partner=None, person=None, role='AUN', **values):
        return self.env['openapi_pec.office'].create({
            'partner_id': (partner or self.partner).id, 'person_id': (person or self.representative).id, 'role': role,
            'since': ALREADY, **values})

    def line(self, kind='company', partner=None):
        """Return a line."""
        return self.positions.search([
            ('partner_id', '=', (partner or self.partner).id), ('kind', '=', kind),
            ('company_id', '=', self.company.id)])

    def stands(self, kind='company', partner=None):
        """Return state, reason and next step of a line, as the database has them."""
        self.env.flush_all()
        self.env.invalidate_all()
        line = self.line(kind, partner)
        return line.state, line.reason or '', line.step or ''

    def file(self, kind='company', outcome=None, **values):
        """Have a filing completed, and answered by the chamber."""
        filing = self.create_filing(
            kind=kind, environment='sandbox', state='completed', completed_at='2026-10-05 10:00:00',
            pec_email=values.pop('pec_email', self.partner.openapi_pec_email if kind == 'company'
                                 else self.representative.openapi_pec_email), **values)
        if outcome:
            filing.write({'chamber_outcome': outcome, 'chamber_date': '2026-10-12'})
        return filing
