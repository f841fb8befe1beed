from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, RedirectWarning
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import DOMAIN, PecCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestDomain(PecCase):
    """The paid look-up of a domain that nobody knows here: asked once, believed for a month, never by itself."""

    def setUp(self):
        super().setUp()
        self.filing = self.create_filing(pec_email='prova@posta.example')

    def look_up(self, filing=None):
        (filing or self.filing).with_user(self.manager).action_look_up_domain()
        self.commit()

    def domain(self, name='posta.example'):
        return self.env['openapi_pec.domain'].search([('name', '=', name)])

    def reasons(self, filing=None):
        filing = filing or self.filing
        self.env.invalidate_all()
        reasons = [finding.code for finding in filing._get_findings()[filing]]
        return [reason for reason in reasons if reason == 'unknown' or reason.startswith('domain')]

    def test_nothing_is_asked_unless_somebody_says_so(self):
        self.assertTrue(self.filing.is_domain_unknown)
        self.filing.action_submit("The provider says it is certified")
        self.commit()
        self.assertEqual(self.sandbox.requested(DOMAIN), 0)

    def test_not_certified(self):
        self.look_up()
        self.assertEqual(
            (self.domain().state, self.reasons(), self.filing.findings_level),
            ('not_certified', ['domain_not_certified'], 'warning'))
        self.company.openapi_pec_environment = 'production'  # whose service has told nothing
        self.assertEqual(self.reasons(), ['unknown'])
        self.domain().environment = 'production'
        self.env.invalidate_all()
        self.assertEqual((self.reasons(), self.filing.findings_level), (['domain_not_certified'], 'error'))
        self.assertFalse(self.filing.is_domain_unknown)

    def test_certified(self):
        filing = self.create_filing(pec_email='prova@pec.example')
        self.look_up(filing)
        self.assertEqual((self.reasons(filing), filing.findings_level), (['domain_certified'], 'fine'))

    def test_journalled(self):
        self.look_up()
        line = self.env['openapi_pec.api_call'].search([('res_model', '=', 'openapi_pec.domain')])
        self.assertEqual(
            (line.operation, line.state, line.res_id, line.user_id),
            ('domain', 'accepted', self.domain().id, self.manager))
        self.assertGreater(line.price, 0)

    def test_asked_once_a_month(self):
        other = self.create_filing(kind='administrator', pec_email='altra@posta.example')
        self.look_up()
        self.look_up()
        self.look_up(self.filing | other)
        self.assertEqual(self.sandbox.requested(DOMAIN), 1)
        self.assertEqual(self.reasons(other), ['domain_not_certified'])
        self.domain().answered_at = fields.Datetime.now() - timedelta(days=31)
        self.assertEqual(self.reasons(), ['unknown'])
        self.look_up()
        self.assertEqual((self.sandbox.requested(DOMAIN), self.reasons()), (2, ['domain_not_certified']))

    def test_known_and_impossible_ones_are_never_asked(self):
        for address in ('prova@legalmail.it', 'prova@gmail.com', 'prova', ''):
            self.look_up(self.create_filing(pec_email=address))
        self.assertEqual(self.sandbox.requested(DOMAIN), 0)

    def test_several_are_left_to_the_scheduled_job(self):
        filings = self.filing | self.create_filing(pec_email='prova@una.example') | self.create_filing(
            pec_email='prova@altra.example')
        self.look_up(filings)
        self.assertEqual((self.reasons(), self.sandbox.requested(DOMAIN)), (['domain_asked'], 0))
        self.run_cron('dispatch')
        self.assertEqual((self.reasons(), self.sandbox.requested(DOMAIN)), (['domain_not_certified'], 3))

    def test_who_may_spend(self):
        with self.assertRaisesRegex(AccessError, "ask a manager"):
            self.filing.with_user(self.user).action_look_up_domain()
        self.company.openapi_pec_token = False
        with self.assertRaisesRegex(RedirectWarning, "Nothing was sent or spent"):
            self.filing.with_user(self.manager).action_look_up_domain()

    def test_a_lost_answer_is_not_asked_again_by_itself(self):
        self.sandbox.fault(DOMAIN, 'drop_after')
        self.look_up()
        self.assertEqual((self.domain().state, self.reasons()), ('failed', ['domain_failed']))
        self.assertIn("may have been paid", self.domain().error_message)
        line = self.env['openapi_pec.api_call'].search([('res_model', '=', 'openapi_pec.domain')])
        self.assertEqual(line.state, 'lost')
        self.run_cron('dispatch')
        self.run_cron('synchronize')
        self.assertEqual(self.sandbox.requested(DOMAIN), 1)
        self.look_up()
        self.assertEqual((self.sandbox.requested(DOMAIN), self.reasons()), (2, ['domain_not_certified']))

    def test_a_process_that_died(self):
        """What it left is freed by the next one who asks, and journalled as lost."""
        domain = self.env['openapi_pec.domain'].create({
            'name': 'posta.example', 'environment': 'sandbox', 'company_id': self.company.id,
            'user_id': self.manager.id, 'state': 'unconfirmed'})
        line = self.env['openapi_pec.api_call'].create({
            'operation': 'domain', 'res_model': domain._name, 'res_id': domain.id, 'company_id': self.company.id,
            'environment': 'sandbox', 'user_id': self.manager.id})
        self.assertEqual(self.reasons(), ['domain_asked'])
        self.look_up()
        self.assertEqual((line.state, self.reasons()), ('lost', ['domain_not_certified']))

    def test_what_stops_a_look_up_stops_no_filing(self):
        for prepare, words in [
            (lambda: self.sandbox.settings(credit=0.01), "Refused, nothing was spent"),
            (lambda: setattr(self.company, 'openapi_pec_token', 'wrong'), "does not accept the token"),
        ]:
            with self.subTest(words=words):
                prepare()
                self.look_up()
                self.assertEqual(self.reasons(), ['domain_failed'])
                self.assertIn(words, self.domain().error_message)
                self.assertFalse(self.company.openapi_pec_pause_reason)
                self.sandbox.reset()

    def test_not_reached(self):
        self.env['ir.config_parameter'].set_param('l10n_it_openapi_pec.base_url', 'http://127.0.0.1:9')
        with mute_logger('odoo.addons.l10n_it_openapi_pec.models.service.call_dispatch'):
            self.look_up()
        self.assertEqual((self.domain().state, self.reasons()), ('queued', ['domain_asked']))
        self.assertIn("Not sent, nothing was spent", self.domain().error_message)

    def test_nobody_writes_answers(self):
        self.look_up()
        with self.assertRaises(AccessError):
            self.domain().with_user(self.manager).state = 'certified'
