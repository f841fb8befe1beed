from datetime import timedelta

from odoo import Command, fields
from odoo.tests import HttpCase, tagged

from ..common import PecCase
from ..service.test_tour import TourMixin


class ItalianTour(TourMixin, PecCase, HttpCase):
    """A manager who reads Italian."""

    def setUp(self):
        super().setUp()
        self.env['res.lang']._activate_lang('it_IT')
        self.env['ir.module.module']._load_module_terms(['base', 'web', 'l10n_it_openapi_pec'], ['it_IT'])
        self.manager.write({
            'lang': 'it_IT', 'group_ids': [Command.link(self.env.ref('base.group_system').id)]})

    def create_office(self):
        """Make filings of an office at work: something on each card."""
        today = fields.Date.today()
        filings = self.create_filing(state='awaiting_documents', environment='sandbox')
        filings.awaiting_since = fields.Datetime.now() - timedelta(days=9)
        for state, values in (
                ('draft', {}), ('code_requested', {'late_on': today - timedelta(days=2)}), ('documents_uploaded', {}),
                ('completed', {}), ('completed', {'chamber_outcome': 'respinta'})):
            filings += self.create_filing(
                state=state, environment='sandbox', submitted_at=state != 'draft' and fields.Datetime.now(), **values)
        return filings


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestOverviewTour(ItalianTour):
    """From the menu of applications to the first company, and each morning afterwards, in Chromium."""

    def test_first_steps(self):
        for environment in ('sandbox', 'production'):
            self.company._openapi_pec_set_token(environment, False)
        self.start_tour('/odoo', 'openapi_pec_first_steps', login=self.manager.login)
        self.assertEqual(self.company._openapi_pec_account('sandbox')[1], 'sandbox-token')
        self.assertTrue(self.company._openapi_pec_is_working('sandbox'))

    def test_overview(self):
        self.create_office()
        self.start_tour('/odoo/pec', 'openapi_pec_morning', login=self.manager.login)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestOverviewOnAPhone(ItalianTour):
    """The same at 390 px: nothing is cut, nothing scrolls sideways."""
    browser_size = '390x844'
    touch_enabled = True

    def test_overview(self):
        self.create_office()
        self.start_tour('/odoo/pec', 'openapi_pec_morning_phone', login=self.manager.login)
