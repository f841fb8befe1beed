import base64
from datetime import timedelta

from lxml import etree, html

from odoo import fields
from odoo.exceptions import UserError
from odoo.http import Request
from odoo.tests import new_test_user, tagged
from odoo.tools import file_path, format_datetime, mute_logger
from odoo.tools.safe_eval import safe_eval

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import NotSent
from odoo.addons.l10n_it_openapi_pec.tools.clock import strip_zone

import p7m_files as files

from ..common_signature import (
    LIST_SIGNATURES,
    ONE_TIME,
    OTP,
    PIN,
    READ_SIGNATURE,
    SANDBOX_PIN,
    SANDBOX_USERNAME,
    SIGN_OTP,
)
from ..service.test_tour import TourMixin
from ..signer.test_signer import DOUBTFUL, KEPT, SignerCase
from ..signer.test_uploads import UploadCase

WRONG = "was not accepted, and nothing was signed"
SIGNED = "Thank you: the power of attorney is signed"


class SigningCase(TourMixin, SignerCase):
    """A filing that waits for its signature, of a company that has remote signatures, and its signer's page."""
    touch_enabled = False

    def setUp(self):
        super().setUp()
        self.company.openapi_pec_sign_remotely = True
        self.patch(client_module, 'READ_PAUSES', ())

    def sign_here(self, username=SANDBOX_USERNAME, pin=SANDBOX_PIN, otp=OTP, csrf=True, **query):
        """Send the page's form, as a browser does: it follows to the page."""
        return self.send_form(self.get_form(**query) if csrf else {}, username, pin, otp, **query)

    def get_form(self, **query):
        """Open the page; return what its form sends besides what is typed."""
        page = self.visit(**query)
        forms = html.fromstring(page.text).xpath('//form[@id="signer_remote_form"]')
        return dict(forms[0].form_values()) if forms else {'csrf_token': self.get_csrf_token(page)}

    def send_form(self, form, username=SANDBOX_USERNAME, pin=SANDBOX_PIN, otp=OTP, **query):
        response = self.url_open(
            self.url(suffix='/sign', **query), data={**form, 'username': username, 'pin': pin, 'otp': otp})
        self.env.invalidate_all()
        return response

    def assert_not_asked(self, response, sentence="Nothing can be signed here at present"):
        """Nothing was signed: the page says so, and can be loaded anew."""
        self.assertEqual([answer.status_code for answer in (*response.history, response)], [303, 200])
        self.assertIn(sentence, response.text)

    def sign_in_dialog(self, user, **values):
        self.authenticate(user.login, user.login)
        response = self.url_open('/openapi_pec/sign', data={
            'csrf_token': Request.csrf_token(self), 'filing_id': self.filing.id,
            'offer': self.filing._get_signing_offer(), 'username': SANDBOX_USERNAME,
            'pin': SANDBOX_PIN, 'otp': OTP, **values})
        self.env.invalidate_all()
        return response

    def make_certificate(self, owner="Mario Rossi", tax_code='RSSMRA80A01H501U'):
        """Make a certificate with the PIN that is searched for; return its username."""
        return self.sandbox.create_certificate(
            certificateOwner=owner, tax_code=tax_code, certificateType='EU-QES_otp', pin=PIN)['fields']['username']

    @property
    def attempt(self):
        return self.filing.signature_ids[:1]

    def get_line(self):
        return self.attempt.api_call_ids

    def in_production(self):
        """Go on where a signature is paid."""
        self.filing.environment = self.company.openapi_pec_environment = 'production'


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSign(UploadCase, SigningCase):
    """What each answer of the service means for signer, filing and money."""

    def assert_told(self, state, outcome, line, money):
        attempt = self.attempt
        self.assertEqual((attempt.state, attempt.outcome), (state, outcome))
        self.assertEqual((self.get_line().state, self.get_line().money), (line, money))
        self.assertEqual(self.filing.state, 'awaiting_documents')
        self.assertEqual(bool(self.filing.signed_procura_id), state == 'done')

    # ------------------------------------------------------------ it is signed

    def test_signed(self):
        response = self.sign_here()
        self.assertIn(SIGNED, response.text)
        self.assertEqual(response.history[0].status_code, 303)
        self.assertEqual(response.url.partition('?')[0], self.base_url() + self.url().partition('?')[0])
        self.assert_told('done', False, 'accepted', 'nothing')
        self.assertIn(self.filing.procura_id.raw, self.filing.signed_procura_id.raw)
        self.assertEqual(self.filing.signature_level, 'good')
        self.assertIn("signed remotely with a one-time password", self.messages(self.filing))
        self.assertFalse(self.representative.openapi_pec_sign_username, "production has other usernames")
        sent = self.get_line().get_sent()
        self.assertEqual((sent['signatureType'], sent['options']['level']), ('cades', 'B'))
        self.assertTrue(sent['title'].startswith(self.attempt.reference))
        self.assertEqual(self.sandbox.requested(SIGN_OTP), 1)
        self.assertFalse(self.attempt.is_open or self.filing.signing_sentence)
        self.filing.with_user(self.user).action_send_documents()
        self.commit()
        self.assertEqual(self.filing.state, 'documents_uploaded')

    def test_copy(self):
        """Who signs remotely gets what he signed from his page: he, and nobody without the link."""
        self.assertNotIn('signer_copy', self.visit().text)
        self.assertEqual(self.visit(suffix='/signed').status_code, 404)
        [link] = html.fromstring(self.sign_here().text).xpath('//section[@aria-labelledby="signer_copy"]//a/@href')
        copy = self.url_open(link)
        self.assertEqual(copy.content, self.filing.signed_procura_id.raw)
        self.assertEqual(
            [copy.headers[name] for name in ('Content-Type', 'Cache-Control')],
            ['application/pkcs7-mime', 'no-store'])
        self.assertRegex(copy.headers['Content-Disposition'], r'^attachment; .*\.p7m')
        for wrong in ({'access_token': 'x'}, {'access_token': None}):
            self.assertEqual(self.visit(suffix='/signed', **wrong).status_code, 404)
        self.assertEqual(self.url_open(link, data={'x': 'y'}).status_code, 404)
        self.filing.with_user(self.user).action_send_documents()
        self.commit()
        self.assertIn('signer_copy', self.visit().text)
        self.assertEqual(self.url_open(link).content, copy.content)
        self.filing.state = 'cancelled'
        self.assertEqual(self.url_open(link).status_code, 404)

    def test_copy_of_what_he_uploaded(self):
        """That file is his own already: it is not handed out."""
        self.post(self.sign(self.filing))
        self.assertIn(KEPT, self.visit().text)
        self.assertNotIn('signer_copy', self.visit().text)
        self.assertEqual(self.visit(suffix='/signed').status_code, 404)

    def test_sent_by_itself(self):
        self.company.openapi_pec_send_signed = True
        self.sign_here()
        self.run_cron('dispatch')
        self.assertEqual(self.filing.state, 'documents_uploaded')

    def test_moment_in_the_chatter(self):
        """When it was signed is told by the clock of who is responsible, whoever signed."""
        self.filing.user_id.tz = 'Asia/Tokyo'
        self.company.openapi_pec_send_signed = True
        self.sign_here()
        [signer] = self.filing._judge_signed(self.filing._get_signed_content()).signers
        moment = format_datetime(self.env, strip_zone(signer.signed_at), tz='Asia/Tokyo')
        self.assertIn(f"Signed by: Mario Rossi ({moment})", self.messages(self.filing))

    def test_somebody_else_signs(self):
        """The certificate of another person signs: it is kept, and looked at before it is sent, as an upload is."""
        self.in_production()
        username = self.make_certificate("Anna Bianchi", files.ANNA)
        self.assertIn(DOUBTFUL, self.sign_here(username.lower(), PIN).text)
        self.assertEqual(self.attempt.username, username)
        self.assertEqual(self.filing.signature_level, 'warning')
        self.assertFalse(self.representative.openapi_pec_sign_username, "nothing proves that it is his")
        self.assertEqual(self.visit(suffix='/signed').status_code, 404, "it is to be looked at first")
        # The right one signs in its place; in vain at first, which is said beside the file that is here.
        self.assertIn("takes its place", self.filing.with_user(self.user).action_sign_remotely()['params']['warning'])
        self.assertIn(WRONG, self.sign_here(otp=ONE_TIME).text)
        self.assertIn("that was here before still counts", self.filing.signing_sentence)
        self.assertIn(SIGNED, self.sign_here().text)
        self.assertEqual((self.filing.signature_level, self.filing.signing_sentence), ('good', False))

    def test_paid(self):
        """In production it is paid, and the ledger has it with its filing."""
        self.in_production()
        self.sign_here()
        self.assert_told('done', False, 'accepted', 'paid')
        self.assertEqual(self.representative.openapi_pec_sign_username, SANDBOX_USERNAME)
        [cost] = self.env['openapi_pec.ledger'].search([('operation', '=', 'sign_otp')])
        self.assertEqual(
            (cost.cost, cost.communication_id, cost.partner_id), (0.01, self.filing, self.filing.partner_id))

    # ------------------------------------------------------------ it is not

    def test_wrong_password(self):
        for told in ('state', 'refusal'):
            with self.subTest(told=told):
                self.sandbox.settings(credentials_told=told)
                response = self.sign_here(otp=ONE_TIME)
                self.assertIn(WRONG, response.text)
                self.assertIn('id="signer_remote_form"', response.text)
                self.assert_told('failed', 'wrong_credentials', 'accepted', 'nothing')
                self.assertIn("was not accepted: nothing was signed", self.filing.signing_sentence)
                self.assertIn("In the sandbox nothing is paid", self.filing.signing_sentence)
                self.assertNotIn("not known", self.filing.signing_sentence)
                [typed] = html.fromstring(response.text).xpath('//input[@id="signer_username"]/@value')
                self.assertEqual(typed, SANDBOX_USERNAME)
                self.assertNotIn(SANDBOX_PIN, response.text)
                self.assertNotIn(ONE_TIME, response.text)
        self.run_cron('remote_signatures')
        self.run_cron('dispatch')
        self.assertEqual(self.sandbox.requested(SIGN_OTP), 2, "there is no second try by itself")
        self.assertIn("These were 2 wrong attempts in a row", self.filing.signing_sentence)
        self.assertIn("These were 2 wrong attempts in a row", self.visit().text)
        self.assertIn(SIGNED, self.sign_here().text)

    def test_wrong_password_told_later(self):
        """Also what is told at a later reading is counted, itself once."""
        told = {'id': 'a' * 24, 'state': 'WAIT_SIGN'}
        for _attempt in range(2):
            self.sandbox.fault(SIGN_OTP, 'wrong_shape', body={'data': told})
            self.sandbox.fault(READ_SIGNATURE, 'wrong_shape', body={**told, 'state': 'ERROR', 'errorNumber': 110})
            self.assertIn(WRONG, self.sign_here(otp=ONE_TIME).text)
            self.assertEqual(self.attempt.outcome, 'wrong_credentials')
        self.assertIn("These were 2 wrong attempts in a row", self.filing.signing_sentence)
        self.assertIn("These were 2 wrong attempts in a row", self.visit().text)

    def test_money_of_an_attempt_in_vain_is_not_known(self):
        self.in_production()
        for told in ('state', 'refusal'):
            self.sandbox.settings(credentials_told=told)
            self.sign_here(otp=ONE_TIME)
            self.assert_told('failed', 'wrong_credentials', 'accepted', 'unknown')
            self.assertNotIn("sandbox", self.filing.signing_sentence)
            self.assertIn("Whether the attempt costs anything is not known", self.filing.signing_sentence)

    def test_refused(self):
        self.in_production()
        for status, code, expected in ((422, 615, 'misses the document'), (402, 1, 'wallet'), (403, 1, 'EU-QES_otp')):
            with self.subTest(status=status):
                self.sandbox.fault(SIGN_OTP, 'error_before', status=status, body={
                    'data': None, 'success': False, 'message': "no", 'error': code})
                self.assertIn("nothing was signed", self.sign_here().text)
                self.assert_told('failed', 'refused', 'refused', 'nothing')
                self.assertIn(expected, self.filing.signing_sentence)
        self.assertFalse(self.company.openapi_pec_paused_until, "other calls go on")

    def test_not_sent(self):
        """It is said why, and not that it was too late."""
        self.in_production()
        self.env['ir.config_parameter'].set_param('l10n_it_openapi_pec.signature_base_url', 'http://127.0.0.1:9')
        self.assertIn("the service was not asked", self.sign_here().text)
        self.assert_told('failed', 'not_asked', 'not_sent', 'nothing')
        self.assertIn("could not be reached", self.filing.signing_sentence)

    def test_replaced_before_the_call(self):
        """No one signs another document than the one that he has read."""
        attempt = self.env['openapi_pec.signature'].create({
            'communication_id': self.filing.id, 'company_id': self.company.id, 'environment': 'sandbox',
            'state': 'queued', 'username': 'x', 'checksum': 'of another one'})
        with self.assertRaisesRegex(NotSent, "has been replaced"):
            attempt._prepare_call('sign_otp', None)
        attempt._requeue("It has been replaced")
        self.assertEqual((attempt.state, attempt.outcome), ('failed', 'not_asked'))
        self.assertIn("[It has been replaced]", attempt.error_message)

    def test_too_late(self):
        """The request was held up before the call: a one-time password lives for half a minute."""
        self.in_production()
        self.patch(const.remote_signature, 'BEGIN_SECONDS', -1)
        self.assertIn("it took too long", self.sign_here().text)
        self.assert_told('failed', 'not_begun', 'not_sent', 'nothing')
        self.assertEqual(self.sandbox.requested(SIGN_OTP), 0)

    def test_no_job_signs(self):
        """What was not begun is closed by the job: nobody has its PIN any more."""
        attempt = self.env['openapi_pec.signature'].create({
            'communication_id': self.filing.id, 'company_id': self.company.id, 'environment': 'sandbox',
            'state': 'queued', 'username': 'x', 'reference': 'a' * 24, 'asked_at': fields.Datetime.now()})
        self.run_cron('dispatch')
        self.run_cron('remote_signatures')
        self.assertEqual(attempt.state, 'queued', "it may be about to begin")
        attempt.asked_at -= timedelta(seconds=const.remote_signature.CLOSE_SECONDS + 1)
        self.run_cron('dispatch')
        self.assertEqual((attempt.state, self.sandbox.requested(SIGN_OTP)), ('queued', 0))
        self.run_cron('remote_signatures')
        self.assertEqual((attempt.state, attempt.outcome), ('failed', 'not_begun'))
        self.assertFalse(attempt.api_call_ids)

    # ------------------------------------------------------------ the answer is lost

    def lose(self, fault):
        self.in_production()
        self.sandbox.fault(SIGN_OTP, fault)
        response = self.sign_here()
        self.assertIn("The power of attorney is being signed", response.text)
        self.assert_told('unconfirmed', 'unconfirmed', 'pending', 'unknown')

    def test_lost_and_found(self):
        self.lose('drop_after')
        self.assertEqual(self.visit(suffix='/state').text, 'waiting')
        self.run_cron('remote_signatures')
        self.assert_told('done', False, 'accepted', 'paid')
        self.assertIn(SIGNED, self.visit().text)
        self.assertEqual(self.sandbox.requested(SIGN_OTP), 1)

    def test_lost_and_not_found(self):
        """After two looks, a minute apart, the signer may sign again."""
        self.lose('drop_before')
        self.run_cron('remote_signatures')
        self.assert_told('unconfirmed', 'unconfirmed', 'pending', 'unknown')
        self.run_cron('remote_signatures')
        self.assertEqual(self.attempt.state, 'unconfirmed', "two looks at once are one")
        self.look_again(self.attempt, 'remote_signatures', minutes=2)
        self.assert_told('lost', 'lost', 'never_arrived', 'unknown')
        self.assertIn("Sign again with the next one-time password", self.visit().text)
        self.assertIn(SIGNED, self.sign_here().text)

    def test_looks_that_cannot_be_believed(self):
        self.lose('drop_before')
        for _look in range(3):
            self.sandbox.fault(LIST_SIGNATURES, 'error_before', status=500, body='x')
            self.look_again(self.attempt, 'remote_signatures')
        self.assert_told('unconfirmed', 'unconfirmed', 'pending', 'unknown')

    def test_looks_that_are_never_believed(self):
        """The token is gone, or another account's: after a day one may sign again, and the money is not known."""
        self.lose('drop_before')
        self.company._openapi_pec_set_token('production', None)
        self.run_cron('remote_signatures')
        self.assertEqual(self.attempt.state, 'unconfirmed')
        self.attempt.asked_at = '2026-01-01'
        self.run_cron('remote_signatures')
        self.assert_told('lost', 'unlooked', 'never_arrived', 'unknown')
        self.assertIn("whether anything was signed is not known", self.visit().text)
        self.assertTrue(self.filing.can_sign_remotely)

    def test_waits_without_a_token(self):
        self.in_production()
        self.sandbox.fault(READ_SIGNATURE, 'error_before', status=500, body='x')
        self.sign_here()
        self.company._openapi_pec_set_token('production', None)
        self.attempt.retry_at = '2026-01-01'
        self.run_cron('remote_signatures')
        self.assertEqual(self.attempt.state, 'waiting')
        self.attempt.asked_at = '2026-01-01'
        self.run_cron('remote_signatures')
        self.assert_told('failed', 'untold', 'accepted', 'unknown')

    def test_signed_later(self):
        """The service goes on, or its file cannot be had now: the job fetches it."""
        self.sandbox.fault(READ_SIGNATURE, 'error_before', status=500, body='x')
        self.assertIn("is being signed", self.sign_here().text)
        self.assertEqual((self.attempt.state, self.get_line().state), ('waiting', 'accepted'))
        self.attempt.retry_at = '2026-01-01'
        self.run_cron('remote_signatures')
        self.assertEqual(self.attempt.state, 'done')
        self.assertIn(SIGNED, self.visit().text)

    def test_given_up(self):
        """After a day it is said what is known: that it is signed, that it is unknown there, or nothing."""
        self.in_production()
        for outcome, money, answer in (
                ('unfetched', 'paid', {'status': 500, 'body': 'x', 'skip': 1}),
                ('gone', 'unknown', {'status': 404, 'body': ''}), ('untold', 'unknown', {'status': 500, 'body': 'x'})):
            with self.subTest(outcome=outcome):
                self.sandbox.fault(READ_SIGNATURE, 'error_before', status=500, body='x')
                self.sign_here()
                self.assertEqual(self.attempt.state, 'waiting')
                self.attempt.write({'asked_at': '2026-01-01', 'retry_at': '2026-01-01'})
                self.sandbox.fault(READ_SIGNATURE, 'error_before', **answer)
                self.run_cron('remote_signatures')
                self.assert_told('failed', outcome, 'accepted', money)
                self.assertIn("cannot be fetched", self.visit().text)

    # ------------------------------------------------------------ the signed file is judged later

    def test_judged_later(self):
        """Until the signed file is judged, nobody is asked to sign, and to pay, once more."""
        with self.busy():
            self.assertIn("the signature is being verified", self.sign_here().text)
            self.assert_told('judging', 'judging', 'accepted', 'nothing')
            self.assertIn("is being verified", self.filing.signing_sentence)
            self.assertTrue(self.filing.is_signing and not self.filing.can_sign_remotely)
            self.assertIn("the signature is being verified", self.sign_here().text)
            self.assertEqual(self.visit(suffix='/state').text, 'waiting')
        self.assertEqual(self.sandbox.requested(SIGN_OTP), 1)
        self.run_cron('uploads')
        self.assert_told('done', False, 'accepted', 'nothing')
        self.assertIn(SIGNED, self.visit().text)

    def test_judged_and_not_kept(self):
        """It is signed, and would be refused: told with what is known of the money."""
        self.in_production()
        with self.busy():
            self.sign_here()
        upload = self.env['openapi_pec.signer_upload'].search([])
        upload.signed_file = base64.b64encode(b'none')
        self.run_cron('uploads')
        self.assertEqual((self.attempt.state, self.attempt.outcome), ('done', 'refused_file'))
        self.assertEqual((self.get_line().money, self.filing.signed_procura_id), ('paid', self.env['ir.attachment']))
        self.assertIn("was not kept. The signature is paid", self.filing.signing_sentence)
        self.assertTrue(self.filing.can_sign_remotely)

    def test_refused_file(self):
        """Page and form show why the file would be refused, and what to do; and who pressed says it in the chatter."""
        self.sandbox.fault(READ_SIGNATURE, 'error_before', status=200, body="no signed file", skip=1)
        self.sign_in_dialog(self.user)
        self.assertEqual(self.attempt.outcome, 'refused_file')
        self.assertIn("is not a digitally signed file", self.filing.signing_sentence)
        self.assertEqual(self.filing.message_ids[:1].author_id, self.user.partner_id)
        page = self.visit().text
        self.assertIn("It was signed, but the office would refuse the signed file", page)
        self.assertIn("is not a digitally signed file", page)
        self.assertIn('id="signer_remote_form"', page)
        self.assertIn(WRONG, self.sign_here(otp=ONE_TIME).text)
        self.assertNotIn("It was signed, but", self.visit().text)
        self.assertIn(SIGNED, self.sign_here().text)

    def assert_ended(self):
        """It is paid, and its file is not here: that is told."""
        self.assertEqual((self.attempt.state, self.attempt.outcome, self.attempt.is_open), ('done', 'not_kept', False))
        self.assertIn("In the sandbox nothing is paid. The signed file was not kept", self.messages(self.filing))

    def test_another_file_while_it_waits(self):
        with self.busy():
            self.sign_here()
            self.post(self.sign(self.filing))
            self.assert_ended()
        self.run_cron('uploads')
        self.assertIn(KEPT, self.visit().text)

    def test_not_awaited_any_more(self):
        with self.busy():
            self.sign_here()
        self.filing.state = 'completed'
        self.run_cron('uploads')
        self.assert_ended()

    # ------------------------------------------------------------ who may

    def test_paused_or_a_copy(self):
        """No call would be made now: that is said before PIN and one-time password are of any use."""
        self.company.write({
            'openapi_pec_pause_reason': 'credit', 'openapi_pec_paused_until': '2099-01-01',
            'openapi_pec_credit': 3, 'openapi_pec_credit_at': fields.Datetime.now()})
        self.assertIn("it held EUR 3.00", self.company._openapi_pec_get_pause()[1], "managers are told")
        self.assert_not_asked(self.sign_here())
        self.assertIn("wanted to sign remotely on his page, and could not: ", self.messages(self.filing))
        problem = self.sign_in_dialog(self.user).json()['problem']
        self.assertIn("Nothing was signed or spent: the Openapi wallet holds too little credit", problem)
        for told in (problem, self.messages(self.filing)):
            self.assertNotIn("EUR", told, "what the wallet holds is told to managers alone")
            self.assertNotIn("by itself", told, "no signature is asked for by itself")
        self.company._openapi_pec_resume()
        self.env['ir.config_parameter'].set_param('database.uuid', 'a-copy')
        self.assertTrue(self.company._openapi_pec_is_copy('sandbox'))
        self.assert_not_asked(self.sign_here())
        problem = self.sign_in_dialog(self.user).json()['problem']
        self.assertIn("Nothing was signed or spent: this database may be a copy", problem)
        self.assertNotIn("waits", problem, "no signature is queued")
        self.assertFalse(self.filing.signature_ids)

    def test_switched_off(self):
        form = self.get_form()
        self.company.openapi_pec_sign_remotely = False
        self.assertNotIn('signer_remote_form', self.visit().text)
        self.assert_not_asked(self.send_form(form))
        self.assertFalse(self.filing.signature_ids)

    def test_wrong_visitors(self):
        self.assert_not_asked(self.sign_here(csrf=False), "and nothing was signed")
        self.assertEqual(self.url_open(self.url(suffix='/sign')).status_code, 404)
        self.assertEqual(self.url_open(self.url(suffix='/sign', access_token='x'), data={'x': 'y'}).status_code, 404)
        for missing in ({'pin': ''}, {'otp': 'abc'}, {'username': 'à'}, {'username': '12345678'}):
            response = self.sign_here(**missing)
            self.assert_not_asked(response, "is missing, or holds characters")
            self.assertIn("is missing, or holds characters", self.url_open(response.url).text, "it is loaded anew")
        self.assertNotIn('alert-danger', self.visit(problem='x').text)
        self.assertFalse(self.filing.signature_ids)

    def test_over_budget(self):
        self.in_production()
        self.company.openapi_pec_budget = 0.01
        self.env.ref('l10n_it_openapi_pec.price_sign_otp').amount = 0.02
        self.assert_not_asked(self.sign_here())
        self.assertIn("The budget for calls of the service does not suffice", self.messages(self.filing))
        self.assertNotIn("EUR", self.sign_in_dialog(self.user).json()['problem'], "who may not spend")
        self.assertIn("are spent", self.sign_in_dialog(self.manager).json()['problem'])
        self.assertNotIn("are spent", self.messages(self.filing))
        self.assertFalse(self.filing.signature_ids)

    def test_employee(self):
        """The page is the same for whoever has the link, whatever he may in this Odoo."""
        employee = new_test_user(self.env, 'employee', 'base.group_user')
        self.authenticate(employee.login, employee.login)
        self.assertIn(SIGNED, self.sign_here().text)

    # ------------------------------------------------------------ what is signed is what was shown

    def replace_procura(self):
        self.filing.procura_id.raw += b'\n% another'

    def test_replaced_while_it_is_read(self):
        form, offer = self.get_form(), self.filing._get_signing_offer()
        self.replace_procura()
        self.assert_not_asked(self.send_form(form), "has changed since this page was opened")
        answer = self.sign_in_dialog(self.user, offer=offer).json()
        self.assertIn("was replaced by another one: read it, then sign", answer['problem'])
        self.assertFalse(self.filing.signature_ids)
        self.assertEqual(self.sign_in_dialog(self.user, offer=answer['offer']).json(), {'problem': False})
        self.assertEqual(self.attempt.state, 'done')

    def test_page_that_was_left_open(self):
        """What is signed well meanwhile is not signed, and paid, once more."""
        form, offer = self.get_form(), self.filing._get_signing_offer()
        self.sign_here()
        for shown in (offer, self.filing._get_signing_offer()):
            self.assert_not_asked(self.send_form({**form, 'offer': shown}), "the power of attorney is signed")
        self.assertNotIn("could not", self.messages(self.filing))
        for _press in range(2):
            answer = self.sign_in_dialog(self.user, offer=offer).json()
            self.assertIn("has changed meanwhile", answer['problem'])
            offer = answer.get('offer', offer)  # as the dialog does
        self.assertIn("is signed already", self.sign_in_dialog(self.user).json()['problem'])
        self.replace_procura()
        self.assertNotIn('offer', self.sign_in_dialog(self.user, offer=offer).json(), "the signed file is another one")
        self.filing.procura_id.raw = self.filing.procura_id.raw.removesuffix(b'\n% another')
        self.assertFalse(self.filing.can_sign_remotely)
        with self.assertRaisesRegex(UserError, "is signed already"):
            self.filing.with_user(self.user).action_sign_remotely()
        self.assertEqual(self.sandbox.requested(SIGN_OTP), 1)
        self.assertNotIn('signer_remote_form', self.visit().text)

    def test_under_way(self):
        """Who presses once more sees what comes of the first: that nothing was signed would not be true."""
        self.lose('drop_after')
        response = self.sign_here()
        self.assertEqual((response.status_code, response.history[0].status_code), (200, 303))
        self.assertIn("The power of attorney is being signed", response.text)
        self.assertEqual(len(self.filing.signature_ids), 1)
        self.assertIn("being asked for already", self.sign_in_dialog(self.user).json()['problem'])

    # ------------------------------------------------------------ what browsers keep

    def test_no_browser_offers_to_save_it(self):
        """A browser saves what is a new password, and then shares it between devices; a one-time code it does not."""
        dialog = etree.parse(file_path('l10n_it_openapi_pec/static/src/sign/sign.xml'))
        settings = etree.fromstring(self.env['res.config.settings'].get_view(view_type='form')['arch'])
        fields_of_secrets = [
            *html.fromstring(self.visit().text).xpath('//input[@name="pin" or @name="otp"]'),
            *dialog.xpath('//input[@name="pin" or @name="otp"]'),
            *settings.xpath('//field[starts-with(@name, "openapi_pec_signer_")][@password]')]
        self.assertEqual([field.get('autocomplete') for field in fields_of_secrets], ['one-time-code'] * 6)

    # ------------------------------------------------------------ from the filing

    def test_dialog(self):
        self.assertTrue(self.filing.with_user(self.user).can_sign_remotely)
        action = self.filing.with_user(self.user).action_sign_remotely()
        self.assertEqual(action['params']['signer'], "Mario Rossi")
        self.assertEqual(action['params']['price'], "In the sandbox nothing is paid.")
        self.assertEqual(self.sign_in_dialog(self.user).json(), {'problem': False})
        self.assertEqual((self.attempt.state, self.filing.signature_level), ('done', 'good'))
        self.assertEqual(self.get_line().user_id, self.user)
        self.assertFalse(self.filing.with_user(self.user).signing_sentence)

    def test_price_in_the_dialog(self):
        self.in_production()
        price = self.env.ref('l10n_it_openapi_pec.price_sign_otp')
        for known, amount, told in ((True, 0.03, "EUR 0.03, before VAT"), (False, 0, "is not known here")):
            price.write({'amount': amount, 'seen_on': known and '2026-09-01'})
            action = self.filing.with_user(self.user).action_sign_remotely()
            self.assertIn(told, action['params']['price'])

    def test_username_of_the_dialog(self):
        """What somebody has typed in Odoo is not shown on the page."""
        self.sign_in_dialog(self.user, otp=ONE_TIME)
        page = self.visit().text
        self.assertIn(WRONG, page)
        self.assertNotIn(SANDBOX_USERNAME, page)

    def test_hint(self):
        """Above the documents stands what is to be done now: to sign, or to send what is signed."""
        def get_hints():
            arch = etree.fromstring(self.filing.with_user(self.user).get_view(
                self.env.ref('l10n_it_openapi_pec.view_communication_form').id, 'form')['arch'])
            values = self.filing.with_user(self.user).read()[0]
            return ' '.join(' '.join(
                ''.join(hint.itertext()) for hint in arch.xpath("//group[@name='documents']/p")
                if not safe_eval(hint.get('invisible'), dict(values))).split())
        self.assertIn("have it signed digitally", get_hints())
        self.sign_here()
        self.assertEqual(
            get_hints(), "The signed power of attorney is here, and nothing was found against it: press Send the "
            "Signed Documents.")

    def test_dialog_refused(self):
        problem = self.sign_in_dialog(self.user, otp='').json()['problem']
        for told in ("is missing", "Nothing was signed or spent", "sign again"):
            self.assertIn(told, problem)
        with mute_logger('odoo.http'):
            self.assertEqual(self.sign_in_dialog(self.outsider).status_code, 403)
        stranger = new_test_user(
            self.env, 'pec_stranger', 'base.group_user,l10n_it_openapi_pec.group_user',
            company_id=self.env['res.company'].create({'name': "Altra S.r.l."}).id)
        told = self.sign_in_dialog(stranger).json()
        for other in (self.filing.id + 1000, '9' * 5000, '9' * 12, '²', '-1'):
            self.assertEqual(
                self.sign_in_dialog(stranger, filing_id=other).json(), told,
                "what another company has is told to nobody")
        self.filing.state = 'completed'
        self.assertIn("No signature is awaited", self.sign_in_dialog(self.user).json()['problem'])
        self.assertFalse(self.filing.signature_ids)
