from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.l10n_it_openapi_pec.tools import trust

import p7m_files as files
from sandbox_api.signature_const import VERIFY

from ..common import PecCase


class VerificationCase(PecCase):
    """A signed file that waits, in a company that has Openapi verify it."""

    def setUp(self):
        super().setUp()
        self.company.openapi_pec_verify = 'openapi'
        self.filing = self.create_filing()
        self.bring_to_signature(self.filing)
        self.put()

    def put(self, **how):
        """Upload the power of attorney, signed."""
        self.upload(self.filing, files.sign(
            files.identity(**how), self.filing.procura_id.raw, signing_time=files.NOW))

    def ask(self, user=None):
        """Open the question on the filing."""
        action = self.filing.with_user(user or self.manager).action_verify_by_openapi()
        return self.env[action['res_model']].with_user(user or self.manager).browse(action['res_id'])

    def verify(self, **told):
        """Have it verified; something of the report is told otherwise."""
        self.sandbox.settings(verification=told)
        self.ask().action_confirm()
        self.commit()

    @property
    def last(self):
        return self.filing.verification_ids[:1]

    def codes(self):
        verdict = self.filing._judge_signed(self.filing._get_signed_content())
        return ' '.join(finding.code for finding in verdict.findings if finding.code in trust.LEVELS)

    def shown(self):
        return str(self.filing.signature_findings)

    def assert_told(self, state, line, money='nothing', calls=1):
        self.assertEqual(self.last.state, state)
        self.assertEqual(
            (self.last.api_call_ids.mapped('state'), set(self.last.api_call_ids.mapped('money'))),
            ([line], {money}) if line else ([], set()))
        self.assertEqual(self.sandbox.requested(VERIFY), calls)
        self.assertEqual(self.filing.state, 'awaiting_documents')


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestVerification(VerificationCase):
    """What a report means for the file, its filing and the money: asked once with each click."""

    # ------------------------------------------------------------ it is verified

    def test_good(self):
        self.assertEqual(self.codes(), 'openapi_not_asked')
        self.assertEqual(self.filing.signature_level, 'warning')
        self.assertTrue(self.filing.with_user(self.manager).can_be_reported)
        self.assertFalse(self.filing.is_verifiable, "Odoo itself asks nobody")
        self.verify()
        self.assert_told('done', 'accepted')
        self.assertEqual(self.codes(), 'openapi_whole openapi_qualified openapi_not_revoked')
        self.assertEqual(self.filing.signature_level, 'good')
        for step in ("Whole", "Qualified", "Not revoked"):
            self.assertRegex(self.shown(), rf"fa-check-circle.*\s+<strong>{step}</strong>:")
        self.assertIn("is not revoked, says Openapi (asked on", self.shown())
        self.assertIn("Openapi has verified the signed power of attorney, asked by", self.messages(self.filing))
        self.assertEqual(self.last.api_call_ids.user_id, self.manager)
        sent = self.last.api_call_ids.get_sent()
        self.assertEqual((sent.keys(), sent['sha256']), ({'size', 'sha256', 'recursive'}, self.last.digest))
        self.filing.with_user(self.user).action_send_documents()
        self.commit()
        self.assertEqual(self.filing.state, 'documents_uploaded')
        self.assertIn("says Openapi", self.messages(self.filing))

    def test_long_ago(self):
        """A report of last week is none of today: who sends the file is warned, and can have it verified again."""
        self.verify()
        self.last.answered_at = fields.Datetime.now() - timedelta(days=8)
        self.env.invalidate_all()
        self.assertEqual(self.codes(), 'openapi_not_revoked_then openapi_whole openapi_qualified')
        self.assertEqual(self.filing.signature_level, 'warning')
        self.assertIn("Have the file verified again", self.shown())
        self.verify()
        self.assertEqual(self.filing.signature_level, 'good')

    def test_revoked(self):
        """Nobody sends it."""
        self.verify(signerCertificateRevocationDate='2026-01-02 10:00:00.000+00:00')
        self.assertEqual(self.filing.signature_level, 'refused')
        self.assertIn("has been revoked since", self.shown())
        for user in (self.user, self.manager):
            self.assertFalse(self.filing.with_user(user).is_signature_overridable)
            with self.assertRaisesRegex(UserError, "has been revoked since"):
                self.filing.with_user(user).action_send_documents("I know better than Openapi")

    def test_not_verified(self):
        """A user is refused; a manager may send it with a reason."""
        self.verify(issuerTrustedList=False)
        self.assertEqual(self.filing.signature_level, 'refused')
        self.assertFalse(self.filing.with_user(self.user).is_signature_overridable)
        self.assertTrue(self.filing.with_user(self.manager).is_signature_overridable)
        with self.assertRaisesRegex(UserError, "is in no trusted list, says Openapi"):
            self.filing.with_user(self.user).action_send_documents("I know the authority")
        with self.assertRaisesRegex(UserError, "Say in a few words why"):
            self.filing.with_user(self.manager).action_send_documents()
        action = self.filing.with_user(self.manager).action_open_send()
        wizard = Form(self.env[action['res_model']].with_user(self.manager).with_context(**action['context']))
        wizard.reason = "Openapi's list is older than the authority"
        wizard.save().action_confirm()
        self.commit()
        self.assertEqual(self.filing.state, 'documents_uploaded')
        self.assertIn("is in no trusted list", self.messages(self.filing))

    def test_words_that_nobody_knows(self):
        self.verify(signerCertificateStatus='PERHAPS', qcComplianceStatus='SEE NOTES')
        self.assertEqual(self.filing.signature_level, 'refused', "all in all it is not verified")
        self.verify(signerCertificateStatus='PERHAPS', qcComplianceStatus='SEE NOTES', overallVerified=True)
        self.assertEqual(self.filing.signature_level, 'warning')
        self.assertIn("in a word that is not understood here (PERHAPS)", self.shown())
        self.assertIn("(SEE NOTES)", self.shown())

    def test_hostile_report(self):
        """What is told of a file is bounded, and nothing in it is taken for markup."""
        self.verify(subjectCN='<script>x</script>' * 50, derEncodedSignerCert=None, serialNumber='1' * 400,
                    integrity=False)
        self.assertEqual(self.filing.signature_level, 'refused')
        self.assertNotIn('<script', self.shown())
        for body in ({'data': None, 'success': True}, {'data': {'x': 5}, 'success': True}, [], 'x' * 1000):
            self.sandbox.fault(VERIFY, 'error_before', status=200, body=body)
            self.verify()
            self.assertEqual((self.last.state, self.last.api_call_ids.state), ('lost', 'lost'))

    def test_another_file(self):
        """A report is about the very file; another one has to be verified anew."""
        self.verify()
        first = self.filing._get_signed_content()
        self.put(serial=5)
        self.assertEqual(self.codes(), 'openapi_not_asked')
        self.upload(self.filing, first)
        self.assertEqual(self.filing.signature_level, 'good')
        self.verify(signerCertificateStatus='REVOKED')
        self.assertEqual(self.filing.signature_level, 'refused', "the last report counts")

    def test_other_companies(self):
        """A report counts where it was paid, and not for the other environment."""
        self.verify()
        self.company.openapi_pec_environment = 'production'
        self.assertEqual(self.codes(), 'openapi_not_asked')
        self.company.openapi_pec_environment = 'sandbox'
        self.assertNotEqual(self.codes(), 'openapi_not_asked')
        other = self.env['res.company'].create({'name': "Altra S.r.l.", 'openapi_pec_verify': 'openapi'})
        [verdict] = self.env['openapi_pec.trust']._judge_beyond([(other, self.filing._get_verified_message())])
        [finding] = verdict.findings
        self.assertEqual(finding.code, 'openapi_not_asked')

    def test_not_sent_by_itself(self):
        """Where files are sent by themselves, one that nobody has had verified is not."""
        self.company.openapi_pec_send_signed = True
        self.assertFalse(self.filing._may_send_by_itself(
            self.filing._judge_signed(self.filing._get_signed_content())))
        self.verify()
        self.assertTrue(self.filing._may_send_by_itself(
            self.filing._judge_signed(self.filing._get_signed_content())))

    # ------------------------------------------------------------ the money

    def in_production(self):
        self.filing.environment = self.company.openapi_pec_environment = 'production'

    def test_paid(self):
        self.in_production()
        self.assertIn("is not known here", self.ask().price_sentence)
        self.env.ref('l10n_it_openapi_pec.price_verify').amount = 0.05
        question = self.ask()
        self.assertIn("EUR 0.05", question.price_sentence)
        question.action_confirm()
        question.action_confirm()
        self.commit()
        self.assert_told('done', 'accepted', 'paid')
        [cost] = self.env['openapi_pec.ledger'].search([('operation', '=', 'verify')])
        self.assertEqual(
            (cost.cost, cost.communication_id, cost.partner_id), (0.05, self.filing, self.filing.partner_id))

    def test_two_questions(self):
        """Two managers have the same file verified: one report is paid, and another one only as it is meant."""
        self.in_production()
        self.env.ref('l10n_it_openapi_pec.price_verify').amount = 5
        first, second = self.ask(), self.ask()
        self.company.openapi_pec_approval_amount = 1
        other = self.manager.copy({'login': 'pec_second', 'name': "Dario Blu"})
        approvals = [self.env['openapi_pec.approval'].browse(question.action_ask_approval()['res_id'])
                     for question in (self.ask(), self.ask(other))]
        self.company.openapi_pec_approval_amount = 0
        self.assertFalse(first.known_sentence)
        first.action_confirm()
        self.commit()
        self.assertEqual(self.last.state, 'done')
        with self.assertRaisesRegex(UserError, "has changed meanwhile"), self.env.cr.savepoint():
            second.action_confirm()
        for approval, approver in zip(approvals, (other, self.manager), strict=True):
            approval.with_user(approver).action_approve()
            self.assertEqual(approval.state, 'changed')
        self.assert_told('done', 'accepted', 'paid')
        question = self.ask()
        self.assertRegex(question.known_sentence, "reported on this very file on .* is paid again")
        question.action_confirm()
        self.commit()
        self.assertEqual(self.sandbox.requested(VERIFY), 2)
        self.put(serial=5)
        self.assertFalse(self.ask().known_sentence)

    def test_lost(self):
        """The money is not known, nothing is repeated, and a person may ask again."""
        self.in_production()
        self.sandbox.fault(VERIFY, 'drop_after')
        self.verify()
        self.assert_told('lost', 'lost', 'unknown')
        for told in ("whether the verification was made is not known", "Whether it was paid is not known"):
            self.assertIn(told, self.filing.verification_sentence)
        self.assertEqual(self.codes(), 'openapi_not_asked')
        for job in ('dispatch', 'remote_signatures', 'synchronize'):
            self.run_cron(job)
        self.assert_told('lost', 'lost', 'unknown')
        self.assertIn("Whether that was paid is not known", self.ask().known_sentence)
        self.verify()
        self.assert_told('done', 'accepted', 'paid', calls=2)
        self.assertFalse(self.filing.verification_sentence)

    def test_refused(self):
        for status, expected in ((402, "wallet"), (403, "token"), (429, "asked too often")):
            with self.subTest(status=status):
                self.sandbox.reset()
                self.sandbox.fault(VERIFY, 'error_before', status=status, body={
                    'data': None, 'success': False, 'message': "no", 'error': 1})
                self.verify()
                self.assert_told('failed', 'refused')
                self.assertIn(expected, self.filing.verification_sentence)
                self.assertIn("nothing was verified or spent", self.filing.verification_sentence)
                self.assertFalse(self.company.openapi_pec_paused_until, "other calls go on")
        self.run_cron('dispatch')
        self.assert_told('failed', 'refused')

    def test_not_sent(self):
        self.env['ir.config_parameter'].set_param('l10n_it_openapi_pec.signature_base_url', 'http://127.0.0.1:9')
        self.verify()
        self.assert_told('failed', 'not_sent', calls=0)
        self.assertIn("Nothing was verified or spent", self.filing.verification_sentence)

    def test_paused_or_a_copy(self):
        """No call would be made now, and none waits: it is said before it is asked for."""
        question = self.ask()
        self.company.write({'openapi_pec_pause_reason': 'token', 'openapi_pec_paused_until': '2099-01-01'})
        for cause in ("does not accept the token", "may be a copy"):
            for ask in (self.ask, question.action_confirm):
                with self.assertRaisesRegex(UserError, f"Nothing was sent or spent: .*{cause}"), (
                        self.env.cr.savepoint()):
                    ask()
            self.company._openapi_pec_resume()
            self.env['ir.config_parameter'].set_param('database.uuid', 'a-copy')
        self.assertFalse(self.filing.verification_ids)

    def test_no_job_asks(self):
        """What a process that died has left is ended by the job, and asked by nobody."""
        values = {'communication_id': self.filing.id, 'company_id': self.company.id, 'environment': 'sandbox',
                  'digest': 'x', 'is_open': True, 'asked_at': '2026-01-01'}
        queued = self.env['openapi_pec.verification'].create({**values, 'state': 'queued'})
        self.run_cron('dispatch')
        self.assertEqual((queued.state, self.sandbox.requested(VERIFY)), ('queued', 0))
        with self.assertRaisesRegex(UserError, "is verifying it already"):
            self.ask()
        self.run_cron('remote_signatures')
        self.assertEqual((queued.state, queued.is_open), ('failed', False))
        begun = self.env['openapi_pec.verification'].create({**values, 'state': 'unconfirmed'})
        begun._create_line('verify')
        self.run_cron('remote_signatures')
        self.assert_told('lost', 'lost', calls=0)

    def test_replaced_before_the_call(self):
        question = self.ask()
        self.put(serial=5)
        with self.assertRaisesRegex(UserError, "has changed meanwhile"):
            question.action_confirm()
        self.ask().action_confirm()
        self.put(serial=6)
        self.commit()
        self.assert_told('failed', False, calls=0)
        self.assertIn("has been replaced by another one", self.filing.verification_sentence)

    def test_budget(self):
        self.in_production()
        self.env.ref('l10n_it_openapi_pec.price_verify').amount = 0.5
        self.company.openapi_pec_budget = 0.1
        question = self.ask()
        self.assertIn("over the budget", question.budget_sentence)
        with self.assertRaisesRegex(UserError, "over the budget"), self.env.cr.savepoint():
            question.action_confirm()
        for reason in (False, "ok", "- - - - - - - - - - -"):
            question.reason = reason
            with self.assertRaisesRegex(UserError, "in a few words why"), self.env.cr.savepoint():
                question.action_confirm()
        question.reason = "this authority is new to us"
        question.action_confirm()
        self.commit()
        self.assertIn("this authority is new to us", self.messages(self.filing))
        self.assert_told('done', 'accepted', 'paid')

    def test_approval(self):
        self.in_production()
        self.env.ref('l10n_it_openapi_pec.price_verify').amount = 5
        self.company.openapi_pec_approval_amount = 1
        other = self.manager.copy({'login': 'pec_second', 'name': "Dario Blu"})
        approval = self.env['openapi_pec.approval'].browse(self.ask().action_ask_approval()['res_id'])
        self.commit()
        self.assertEqual(self.sandbox.requested(VERIFY), 0)
        approval.with_user(other).action_approve()
        self.commit()
        self.assert_told('done', 'accepted', 'paid')
        self.assertEqual(self.last.api_call_ids.approved_by_id, other)

    # ------------------------------------------------------------ who may

    def test_rights(self):
        self.assertFalse(self.filing.with_user(self.user).can_be_reported)
        for user in (self.user, self.outsider):
            with self.assertRaises(AccessError):
                self.ask(user)
        stranger = self.env['res.users'].with_context(no_reset_password=True).create({
            'name': "Estraneo", 'login': 'estraneo', 'group_ids': self.manager.group_ids.ids,
            'company_id': self.env['res.company'].create({'name': "Altra"}).id,
            'company_ids': self.env['res.company'].search([('name', '=', "Altra")]).ids})
        with self.assertRaises(AccessError):
            self.ask(stranger)
        question = self.ask()
        with self.assertRaises(AccessError):
            question.with_user(stranger).action_confirm()
        self.verify()
        for values in ({'state': 'done'}, {'digest': 'x'}, {'report': {}}):
            with self.assertRaises(AccessError):
                self.last.with_user(self.manager).write(values)
        with self.assertRaises(AccessError):
            self.last.with_user(self.manager).read(['report'])

    def test_switched_off(self):
        question = self.ask()
        for way in (False, 'odoo'):
            self.company.openapi_pec_verify = way
            self.assertFalse(self.filing.with_user(self.manager).can_be_reported)
            for press in (self.ask, question.action_confirm):
                with self.assertRaisesRegex(UserError, "does not have signatures verified by Openapi"):
                    press()
        self.company.openapi_pec_verify = 'openapi'
        self.filing.signed_procura_file = False
        with self.assertRaisesRegex(UserError, "There is no signed power of attorney"):
            self.ask()
        self.assertFalse(self.filing.verification_ids)
