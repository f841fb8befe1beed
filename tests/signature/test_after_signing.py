from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from odoo.addons.l10n_it_openapi_pec.models.signature import signature_deletion
from odoo.addons.l10n_it_openapi_pec.tools.api.signature_data import Signature, read_record

from ..common_signature import (
    BUY_OTP,
    DELETE_SIGNATURE,
    LIST_SIGNATURES,
    ONE_TIME,
    READ_CERTIFICATE,
    READ_SIGNATURE,
    SIGN_OTP,
)
from .test_certificate import CertificateCase
from .test_sign import SIGNED, SigningCase


class AfterCase(SigningCase):
    """A filing that was signed remotely, or perhaps so."""

    def let_pass(self, **ago):
        self.attempt.asked_at -= timedelta(**ago)

    def lose_for_good(self, fault='drop_after'):
        """Lose the answer of a signature, which the list does not show for an hour: it is taken for lost."""
        self.sandbox.weather(mood={'list_late': 3600})
        self.sandbox.fault(SIGN_OTP, fault)
        self.sign_here()
        self.run_cron('remote_signatures')
        self.look_again(self.attempt, 'remote_signatures', minutes=2)
        self.assertEqual(self.attempt.state, 'lost')
        return self.attempt

    def show_lost(self, attempt):
        self.sandbox.weather(mood={'list_late': 0})
        self.look_again(attempt, 'remote_signatures', days=2)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestDeletedAtService(AfterCase):
    """What was signed is deleted at the service once its file is safe here, and only then."""

    def assert_deleted(self, times=1):
        attempt = self.attempt
        self.assertTrue(attempt.deleted_at)
        self.assertFalse(self.sandbox.signatures())
        self.assertEqual(self.sandbox.requested(DELETE_SIGNATURE), times)
        [line] = attempt.api_call_ids.filtered(lambda line: line.operation == 'signature_delete')
        self.assertEqual((line.state, line.money, line.remote_id), ('accepted', 'nothing', attempt.remote_id))
        self.assertTrue(self.filing.signed_procura_id.raw)
        self.assertFalse(self.filing.can_delete_signed)
        self.assertIn("and its audit trail", self.messages(self.filing))
        return line

    def test_what_goes_is_said_before(self):
        """The service's proof of who signed goes too: that is said where one presses, and where one sets it."""
        for model, path in (
                ('openapi_pec.communication', "//button[@name='action_delete_signed']/@confirm"),
                ('res.config.settings', "//setting[@id='openapi_pec_delete_days']/@help")):
            [told] = etree.fromstring(self.env[model].get_view(view_type='form')['arch']).xpath(path)
            self.assertIn("audit trail", told)

    def test_by_setting(self):
        self.sign_here()
        self.let_pass(days=400)
        self.run_cron('remote_signatures')
        self.assertFalse(self.attempt.deleted_at, "0 days: nobody has asked")
        self.company.openapi_pec_delete_days = 7
        self.attempt.asked_at = fields.Datetime.now() - timedelta(days=6)
        self.run_cron('remote_signatures')
        self.assertFalse(self.attempt.deleted_at)
        self.let_pass(days=2)
        self.run_cron('remote_signatures')
        self.assert_deleted()
        self.assertIn("as the settings want it after 7 days", self.messages(self.filing))
        self.run_cron('remote_signatures')
        self.assert_deleted()

    def test_only_what_is_here(self):
        self.company.openapi_pec_delete_days = 1
        self.sign_here()
        self.let_pass(days=2)
        signed = self.filing.signed_procura_id.raw
        self.upload(self.filing, b'another file')
        self.assertFalse(self.filing.can_delete_signed)
        with self.assertRaisesRegex(UserError, "has no copy of this signed file"):
            self.filing.with_user(self.manager).action_delete_signed()
        self.run_cron('remote_signatures')
        self.upload(self.filing, signed)
        # The file is not what its checksum says: the disk has lost it.
        checksum = self.filing.signed_procura_id.checksum
        self.filing.signed_procura_id.raw = b'spoilt'
        self.env.cr.execute("UPDATE ir_attachment SET checksum = %s WHERE id = %s", [
            checksum, self.filing.signed_procura_id.id])
        self.env.invalidate_all()
        self.assertTrue(self.filing.can_delete_signed)
        with self.assertRaisesRegex(UserError, "cannot be read here"):
            self.filing.with_user(self.manager).action_delete_signed()
        self.attempt.retry_at = False
        self.run_cron('remote_signatures')
        self.assertEqual((self.sandbox.requested(DELETE_SIGNATURE), len(self.sandbox.signatures())), (0, 1))
        self.upload(self.filing, signed)
        self.run_cron('remote_signatures')
        self.assertFalse(self.attempt.deleted_at, "it is looked at once a day")
        self.attempt.retry_at -= timedelta(days=2)
        self.run_cron('remote_signatures')
        self.assert_deleted()

    def test_not_what_was_not_signed(self):
        self.company.openapi_pec_delete_days = 1
        self.sign_here(otp=ONE_TIME)
        self.let_pass(days=2)
        self.run_cron('remote_signatures')
        self.assertFalse(self.filing.can_delete_signed)
        self.assertEqual(self.sandbox.requested(DELETE_SIGNATURE), 0)

    def test_asked(self):
        self.sign_here()
        for user in (self.user, self.outsider):
            with self.assertRaises(AccessError):
                self.filing.with_user(user).action_delete_signed()
        self.filing.with_user(self.manager).action_delete_signed()
        self.assertEqual(self.assert_deleted().user_id, self.manager)
        self.assertIn(f"{self.manager.name} had the service delete its copy", self.messages(self.filing))
        with self.assertRaisesRegex(UserError, "has no copy of this signed file"):
            self.filing.with_user(self.manager).action_delete_signed()

    def test_gone_already(self):
        self.sign_here()
        self.sandbox.delete_signature(self.attempt.remote_id)
        self.filing.with_user(self.manager).action_delete_signed()
        self.assert_deleted()

    def test_unanswered(self):
        """Whether it was deleted is not known: it is deleted again."""
        self.sign_here()
        self.sandbox.fault(DELETE_SIGNATURE, 'drop_after')
        with self.assertRaisesRegex(UserError, "Press the button again"):
            self.filing.with_user(self.manager).action_delete_signed()
        self.assertFalse(self.attempt.deleted_at)
        self.filing.with_user(self.manager).action_delete_signed()
        self.assert_deleted(2)

    def test_job_is_not_answered(self):
        self.company.openapi_pec_delete_days = 1
        self.sign_here()
        self.let_pass(days=2)
        self.sandbox.fault(DELETE_SIGNATURE, 'error_before', status=500, body='x')
        for _run in range(2):
            self.run_cron('remote_signatures')
        self.assertEqual((self.attempt.deleted_at, self.sandbox.requested(DELETE_SIGNATURE)), (False, 1))
        self.attempt.retry_at -= timedelta(days=1)
        self.run_cron('remote_signatures')
        self.assert_deleted(2)

    def test_so_many_in_a_run(self):
        self.patch(signature_deletion, 'MOST_PER_RUN', 2)
        self.company.openapi_pec_delete_days = 1
        self.sign_here()
        self.let_pass(days=2)
        first = self.attempt
        others = first.create([{
            'communication_id': self.filing.id, 'company_id': self.company.id, 'environment': 'sandbox',
            'state': 'done', 'remote_id': f'{number:024}', 'signed_checksum': first.signed_checksum,
            'asked_at': first.asked_at} for number in range(2)])
        self.run_cron('remote_signatures')
        self.assertEqual((first | others).mapped(lambda attempt: bool(attempt.deleted_at)), [True, True, False])
        job = self.env.ref('l10n_it_openapi_pec.ir_cron_remote_signatures')
        self.assertTrue(self.env['ir.cron.trigger'].search([('cron_id', '=', job.id)]))
        self.run_cron('remote_signatures')
        self.assertTrue(all((first | others).mapped('deleted_at')))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestLateSignature(AfterCase):
    """A signature that was taken for lost, and shows afterwards: its money is set right, and its file offered."""

    def assert_late(self, attempt, outcome):
        self.assertEqual((attempt.state, attempt.outcome, attempt.api_call_ids.state), ('lost', outcome, 'accepted'))
        self.assertTrue(attempt.remote_id)
        self.assertIn("was made after all", self.messages(self.filing))

    def test_offered(self):
        attempt = self.lose_for_good()
        self.assertFalse(self.filing.can_take_late)
        self.show_lost(attempt)
        self.assert_late(attempt, 'late')
        self.assertFalse(self.filing.signed_procura_id, "nobody has asked for it")
        self.assertIn("Take the Signed File", self.filing.signing_sentence)
        self.assertIn("was made after all", self.visit().text)
        with self.assertRaises(AccessError):
            self.filing.with_user(self.outsider).action_take_late()
        self.assertTrue(self.filing.with_user(self.user).can_take_late)
        self.filing.with_user(self.user).action_take_late()
        self.commit()
        self.assertEqual((attempt.state, self.filing.signature_level), ('done', 'good'))
        self.assertIn(SIGNED, self.visit().text)
        self.assertEqual(self.sandbox.requested(SIGN_OTP), 1)
        with self.assertRaisesRegex(UserError, "has changed meanwhile"):
            self.filing.with_user(self.user).action_take_late()

    def test_taken_later(self):
        """Its file is waited for anew, for a day; and nobody signs meanwhile, though a later attempt is over."""
        attempt = self.lose_for_good()
        self.sandbox.clear_faults()
        self.sign_here(otp=ONE_TIME)
        self.show_lost(attempt)
        self.assert_late(attempt, 'late')
        attempt.asked_at -= timedelta(days=2)
        self.sandbox.fault(READ_SIGNATURE, 'error_before', status=500, body='x')
        self.filing.with_user(self.user).action_take_late()
        self.commit()
        self.assertEqual((attempt.state, attempt.api_call_ids.may_be_free), ('waiting', False))
        self.assertTrue(self.filing.is_signing)
        self.assertFalse(self.filing.can_sign_remotely or self.filing.can_take_late)
        self.assertIn("has not finished the signature", self.filing.signing_sentence)
        self.assertEqual(self.visit(suffix='/state').text, 'waiting')
        attempt.retry_at = '2026-01-01'
        self.run_cron('remote_signatures')
        self.assertEqual((attempt.state, self.filing.signature_level), ('done', 'good'))
        self.assertFalse(self.filing.is_signing or self.filing.signing_sentence)

    def test_answered_before_it_is_signed(self):
        """The lost answer comes, and the service has not signed yet: it is neither made nor paid so far."""
        attempt = self.lose_for_good()
        line = attempt.api_call_ids
        told = {'id': self.sandbox.signatures()[0]['id'], 'state': 'WAIT_SIGN'}
        attempt._record_outcome(line.id, read_record(Signature, told)._asdict(), None)
        self.assertEqual((attempt.outcome, line.state), ('lost', 'never_arrived'))
        self.assertNotIn("was made after all", self.messages(self.filing))
        self.show_lost(attempt)
        self.assert_late(attempt, 'late')

    def test_signed_meanwhile(self):
        attempt = self.lose_for_good()
        self.sandbox.clear_faults()
        self.sign_here()
        signed = self.filing.signed_procura_id
        self.assertTrue(signed)
        self.show_lost(attempt)
        self.assert_late(attempt, 'late_needless')
        self.assertEqual((self.filing.signed_procura_id, self.filing.can_take_late), (signed, False))
        with self.assertRaisesRegex(UserError, "has changed meanwhile"):
            self.filing.with_user(self.user).action_take_late()

    def test_paid(self):
        """In production its money is known now."""
        self.filing.environment = self.company.openapi_pec_environment = 'production'
        attempt = self.lose_for_good()
        self.assertEqual(attempt.api_call_ids.money, 'unknown')
        self.show_lost(attempt)
        self.assertEqual(attempt.api_call_ids.money, 'paid')

    def test_one_list_a_day(self):
        """One list for all that was lost in an account, once a day, and for 30 days."""
        attempts = self.lose_for_good()
        for _attempt in range(2):
            attempts |= self.lose_for_good()
        before = self.sandbox.requested(LIST_SIGNATURES)
        self.run_cron('remote_signatures')
        self.assertEqual(self.sandbox.requested(LIST_SIGNATURES), before, "it was looked for today")
        self.show_lost(attempts)
        # a page, and that there is no other one
        self.assertEqual(self.sandbox.requested(LIST_SIGNATURES), before + 2)
        self.assertEqual(attempts.mapped('outcome'), ['late'] * 3)

    def test_not_for_ever(self):
        attempt = self.lose_for_good()
        self.sandbox.weather(mood={'list_late': 0})
        before = self.sandbox.requested(LIST_SIGNATURES)
        self.look_again(attempt, 'remote_signatures', days=31)
        self.assertEqual((attempt.outcome, self.sandbox.requested(LIST_SIGNATURES)), ('lost', before))

    def test_was_refused(self):
        """It shows as one with a wrong password: there is no file to take."""
        self.sandbox.weather(mood={'list_late': 3600})
        self.sandbox.fault(SIGN_OTP, 'drop_after')
        self.sign_here(otp=ONE_TIME)
        self.run_cron('remote_signatures')
        self.look_again(self.attempt, 'remote_signatures', minutes=2)
        attempt = self.attempt
        self.show_lost(attempt)
        self.assertEqual((attempt.state, attempt.outcome), ('failed', 'wrong_credentials'))
        self.assertTrue(attempt.api_call_ids.may_be_free)
        self.assertFalse(self.filing.can_take_late)

    def test_list_that_cannot_be_had(self):
        attempt = self.lose_for_good()
        self.sandbox.fault(LIST_SIGNATURES, 'error_before', status=500, body='x')
        self.show_lost(attempt)
        self.assertEqual(attempt.outcome, 'lost')
        self.run_cron('remote_signatures')
        self.assert_late(attempt, 'late')


class CalledBackMixin:
    """Callbacks as the service sends them, and as anybody could."""

    def setUp(self):
        super().setUp()
        self.job = self.env.ref('l10n_it_openapi_pec.ir_cron_remote_signatures')

    def wakes(self):
        return self.env['ir.cron.trigger'].search_count([('cron_id', '=', self.job.id)])

    def call_back(self, record, body=b'\x00\xff garbage'):
        self.env['ir.cron.trigger'].search([]).unlink()
        response = self.url_open(
            f'/openapi_pec/callback/{record.sudo().callback_token}', data=body, method='POST')
        self.env.invalidate_all()
        self.assertEqual(response.status_code, 200)
        return bool(self.wakes())

    def assert_registered(self, operation, record):
        """The service got the address, as its specification wants it, and the journal does not have it."""
        [callback] = [entry['callback'] for entry in self.sandbox.executions() if entry['operation'] == operation]
        self.assertEqual(callback['url'], record.get_base_url() + f'/openapi_pec/callback/{record.callback_token}')
        self.assertEqual(callback['method'], 'JSON')
        self.assertNotIn('callback', record.api_call_ids.get_sent())
        with self.assertRaises(AccessError):
            record.with_user(self.manager).read(['callback_token'])


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSignatureCalledBack(CalledBackMixin, AfterCase):
    """A callback of a signature is a hint from anybody: it has the signature read, and nothing of it is believed."""

    def test_waiting(self):
        self.sandbox.fault(READ_SIGNATURE, 'error_before', status=500, body='x')
        self.sign_here()
        attempt = self.attempt
        self.assert_registered(SIGN_OTP, attempt)
        attempt.retry_at = fields.Datetime.now() + timedelta(hours=1)
        self.run_cron('remote_signatures')
        self.assertEqual(attempt.state, 'waiting', "it is not due")
        token = attempt.callback_token
        for wrong in ('0' * 32, f'{attempt.id}-{"0" * 64}', f'{attempt.id + 999}-{token.partition("-")[2]}'):
            self.assertEqual(self.url_open(f'/openapi_pec/callback/{wrong}', method='POST').status_code, 404)
        self.assertGreater(attempt.retry_at, fields.Datetime.now())
        self.assertTrue(self.call_back(attempt, b'{"data": {"state": "ERROR", "errorNumber": 110}}'))
        self.assertEqual(attempt.state, 'waiting', "nothing of it is believed")
        self.run_cron('remote_signatures')
        self.assertEqual((attempt.state, self.filing.signature_level), ('done', 'good'))
        self.assertFalse(self.call_back(attempt), "there is nothing to read any more")

    def test_of_a_lost_one(self):
        attempt = self.lose_for_good()
        self.sandbox.weather(mood={'list_late': 0})
        self.run_cron('remote_signatures')
        self.assertEqual(attempt.outcome, 'lost', "it was looked for today")
        self.assertTrue(self.call_back(attempt))
        self.run_cron('remote_signatures')
        self.assertEqual(attempt.outcome, 'late')


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestCertificateCalledBack(CalledBackMixin, CertificateCase, HttpCase):
    """The same of a certificate."""

    def test_followed(self):
        certificate = self.buy()
        self.assert_registered(BUY_OTP, certificate)
        self.sandbox.change_certificate(certificate.remote_id, stato='DONE')
        self.assertTrue(self.call_back(certificate))
        self.assertEqual(certificate.state, 'ordered', "nothing of it is believed")
        self.run_cron('remote_signatures')
        self.assertEqual(certificate.state, 'active')
        self.sandbox.change_certificate(certificate.remote_id, stato='SUSPENDED')
        self.run_cron('remote_signatures')
        self.assertEqual(certificate.state, 'active', "it is read once a day")
        reads = self.sandbox.requested(READ_CERTIFICATE)
        for _replay in range(3):
            self.assertTrue(self.call_back(certificate))
        self.run_cron('remote_signatures')
        self.assertEqual((certificate.state, self.sandbox.requested(READ_CERTIFICATE)), ('suspended', reads + 1))

    def test_active_again(self):
        """What was suspended may be active again; what is over is not asked about."""
        certificate = self.buy()
        for stato, state, followed in (
                ('DONE', 'active', True), ('SUSPENDED', 'suspended', True), ('DREAMING', 'suspended', True),
                ('DONE', 'active', True), ('DREAMING', 'active', True), ('EXPIRED', 'ended', False)):
            self.sandbox.change_certificate(certificate.remote_id, stato=stato)
            certificate.with_user(self.user).action_refresh()
            self.assertEqual((certificate.state, self.call_back(certificate)), (state, followed), stato)
