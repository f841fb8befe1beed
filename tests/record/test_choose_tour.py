from odoo.tests import HttpCase, tagged

from odoo.addons.l10n_it_openapi_pec import const

from ..common import CREATE, PecCase
from ..service.test_tour import TourMixin


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestChooseTour(TourMixin, PecCase, HttpCase):
    """A manager decides on lost answers, in Chromium, on a small screen."""
    browser_size = '1366x768'

    def test_choose_the_filing(self):
        filing = self.create_filing()
        self.sandbox.fault(CREATE, 'drop_before')
        self.submit(filing)
        body = filing._prepare_request_body()
        body.pop('callback')
        self.sandbox.create_filings(1, **{**body, 'email': 'altra@example.com'})
        [ours] = self.sandbox.create_filings(1, **body)
        self.run_cron('synchronize')
        self.start_tour(f'/odoo/pec-communications/{filing.id}', 'openapi_pec_choose', login=self.manager.login)
        self.assertEqual((filing.state, filing.remote_id, self.sandbox.executed()), ('code_requested', ours, 0))

    def test_free_the_filing(self):
        filing = self.create_filing()
        self.sandbox.fault(CREATE, 'drop_before')
        self.submit(filing)
        self.look_again(filing)
        self.look_again(filing)
        self.start_tour(f'/odoo/pec-communications/{filing.id}', 'openapi_pec_free', login=self.manager.login)
        self.assertEqual((filing.state, filing.api_call_ids.message), ('failed', "not in the console"))

    def test_another_one_is_paid(self):
        """In Italian, as most people read it."""
        self.env['res.lang']._activate_lang('it_IT')
        self.env['ir.module.module']._load_module_terms(['l10n_it_openapi_pec'], ['it_IT'])
        self.manager.lang = 'it_IT'
        filing = self.create_filing()
        body = filing._prepare_request_body()
        for key in ('callback', 'pec_amministratore'):
            body.pop(key)
        self.sandbox.create_filings(1, 'comunicazione_evasa', **{**body, 'email': 'altra@example.com'})
        self.submit(filing)
        self.assertTrue(filing.is_held)
        self.start_tour(f'/odoo/pec-communications/{filing.id}', 'openapi_pec_held', login=self.manager.login)
        self.assertEqual((filing.state, self.sandbox.executed()), ('code_requested', 1))
        self.assertIn("nuovo mandato", self.messages(filing))

    def test_filings_to_be_assigned_show_their_pec(self):
        self.patch(const.service, 'SAFE_MINUTES', -10)
        self.sandbox.create_filings(3, casella_pec='amministrazione.falegnameriaesempio@pec.legalmail.it')
        self.env['openapi_pec.foreign_filing'].with_user(self.manager).action_import()
        self.run_cron('import')
        self.start_tour('/odoo/pec-to-assign', 'openapi_pec_to_assign', login=self.manager.login)

    def test_a_malformed_domain_is_told_in_place(self):
        self.start_tour(f'/odoo/contacts/{self.partner.id}', 'openapi_pec_own_domain', login=self.manager.login)
        self.assertEqual(self.env['openapi_pec.mailbox'].search([]).address, 'prova@pec.esempio.it')

    def test_what_waits_for_the_wallet_is_marked_and_goes_on(self):
        filings = self.env['openapi_pec.communication'].union(*(
            self.create_filing(partner_id=company.id) for company in self.create_companies(3)))
        self.sandbox.settings(credit=1, no_credit_form=2)
        self.company.openapi_pec_parallel_calls = 1
        filings.with_user(self.manager).action_submit()
        self.run_cron('dispatch')
        self.assertEqual((filings.mapped('state'), self.sandbox.requested(CREATE)), (['queued'] * 3, 1))
        self.sandbox.settings(credit=1000)
        self.start_tour('/odoo/pec-communications', 'openapi_pec_waiting_list', login=self.manager.login)
        self.assertEqual(filings[2].state, 'code_requested')
