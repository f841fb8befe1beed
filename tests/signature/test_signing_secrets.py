"""PIN and one-time password, searched everywhere after all that can happen to them: they are not there."""
import base64
import traceback
from unittest.mock import patch

from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from odoo.addons.l10n_it_openapi_pec.models.signature import signature as signature_module
from odoo.addons.l10n_it_openapi_pec.tools.api import connection, signature_client

import environment

from ..common_processes import PATIENCE
from ..common_signature import BUY_OTP, ONE_TIME, PIN, READ_SIGNATURE, SIGN_OTP
from ..common_signing import SigningProcessCase, holds, spell
from .test_sign import SigningCase

SECRETS = (PIN, ONE_TIME)
# As much as a server can log: every call, every answer, every connection; every statement, or into the database, too:
# each statement of the log would be another one.
TALKATIVE = (
    '--log-level=debug_rpc_answer', '--log-handler=:DEBUG', '--log-handler=werkzeug:DEBUG', '--log-handler=odoo:DEBUG',
    '--log-handler=urllib3:DEBUG')
STATEMENTS = ('--log-handler=odoo.sql_db:DEBUG',)
IN_DATABASE = ('--log-handler=odoo.sql_db:INFO', '--log-db-level=debug')
# Where the database refuses to go on in the middle: table and event -> how often the service was asked by then, and
# state and outcome of the attempt afterwards; None: there is none.
CRASHES = {
    ('openapi_pec_signature', 'INSERT'): (0, None),
    ('openapi_pec_api_call', 'INSERT'): (0, ('queued', None)),
    ('openapi_pec_api_call', 'UPDATE OF state'): (1, ('unconfirmed', None)),
    ('openapi_pec_signer_upload', 'INSERT'): (1, ('waiting', 'waiting')),
    ('openapi_pec_signer_upload', 'UPDATE'): (1, ('judging', 'judging')),
}


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSearch(BaseCase):
    """The search itself, which must be able to find."""

    def test_spelt(self):
        for secret in SECRETS:
            for content in (secret, f'"{secret}"', secret.encode().hex(), secret.encode().hex().upper()):
                self.assertTrue(holds(f'x {content} y'.encode(), [secret]), content)
            for before in range(3):
                for after in range(3):
                    encoded = base64.b64encode(b'a' * before + secret.encode() + b'b' * after)
                    self.assertTrue(holds(encoded, [secret]), (before, after))
        self.assertTrue(holds(b'pin=Qx7-Lm42%21zP&otp=1', [PIN]))
        self.assertFalse(holds(b'Qx7-Lm42 9081726', SECRETS))
        self.assertGreater(min(len(way) for secret in SECRETS for way in spell(secret)), 7, "none is found by chance")


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSigningSecrets(SigningProcessCase):
    """Real servers, which log all that they can, crash in the middle, and are searched afterwards."""

    def start_talkative(self, *, in_database=False):
        more = (*IN_DATABASE, f'--log-db={self.database}') if in_database else STATEMENTS
        return self.start(options=(*TALKATIVE, *more))

    def assert_unseen(self, *answers):
        for answer in answers:
            self.assertFalse(holds(answer.content, SECRETS), answer.url)
            for seen in [answer, *answer.history]:
                self.assertFalse(holds(f'{seen.url} {dict(seen.headers)} {dict(seen.cookies)}'.encode(), SECRETS))

    def forget_logs(self):
        """Remove logs that tell all but PINs: tax codes, for instance."""
        for log in self.get_logs():
            log.unlink()

    def test_the_search_finds(self):
        """What it would not find, it could not miss."""
        self.start()
        self.assertEqual(self.find_secrets(), [])
        self.query("UPDATE res_partner SET comment = %s WHERE id = 1", f'<p>{PIN}</p>')
        self.query("INSERT INTO ir_attachment (name, type, db_datas) VALUES ('x', 'binary', %s)",
                   f'a{ONE_TIME}'.encode())
        self.query("INSERT INTO ir_logging (name, type, level, message, path, func, line) "
                   "VALUES ('x', 'server', 'INFO', %s, 'x', 'x', '1')", f"otp={ONE_TIME}")
        file = environment.FILESTORE / self.database / 'aa' / 'found'
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(base64.b64encode(f'"{PIN}"'.encode()))
        self.addCleanup(file.unlink, missing_ok=True)
        found = '\n'.join(self.find_secrets())
        for place in ('public.res_partner', 'public.ir_attachment', 'public.ir_logging', str(file)):
            self.assertIn(place, found)

    def test_everywhere(self):
        """Signed, refused, repeated by the service, lost, and broken; on the page and in the dialog."""
        filing, link = self.prepare(self.start()[0], ONE_TIME)
        person, _process = self.start_talkative(in_database=True)
        faults = [
            ('error_before', {'status': 422, 'body': {
                'data': None, 'success': False, 'message': f"no {PIN} {ONE_TIME}", 'error': 615}}),
            ('error_before', {'status': 401, 'body': {
                'data': {'pin': PIN}, 'success': False, 'message': f"{ONE_TIME}", 'error': ONE_TIME}}),
        ]
        for name, options in faults:
            for _way in range(2):
                self.sandbox.fault(SIGN_OTP, name, **options)
            answer = self.sign(person, link, ONE_TIME).result(PATIENCE)
            self.assert_unseen(answer, self.sign_in_dialog(person, filing, ONE_TIME))
        # State and texts of what was signed repeat them as well; then it is signed, and another one is lost.
        self.sandbox.fault(SIGN_OTP, 'wrong_shape', body={'data': {
            'id': 'a' * 24, 'state': 'ERROR', 'errorNumber': ONE_TIME, 'errorMessage': f"{PIN} {ONE_TIME}"}})
        self.assert_unseen(self.sign(person, link, ONE_TIME).result(PATIENCE))
        self.assert_unseen(self.sign_in_dialog(person, filing, '77777777'))  # a wrong one, beside the right PIN
        self.assert_unseen(self.sign(person, link, ONE_TIME).result(PATIENCE))
        self.forget_signed()
        self.sandbox.fault(SIGN_OTP, 'error_after', status=500, body=f'{PIN} {ONE_TIME}')
        self.assert_unseen(self.sign_in_dialog(person, filing, ONE_TIME))
        self.assert_unseen(self.sign(person, link, ONE_TIME).result(PATIENCE))  # under way: refused
        person.run_job('remote_signatures')
        outcomes = [outcome for _state, outcome in self.attempts()]
        self.assertEqual(outcomes, [*['refused'] * 4, 'error', 'wrong_credentials', None, None])
        self.assert_unseen(person.session.get(person.url + link, timeout=PATIENCE))
        self.assertFalse(holds(str(self.read_all(person, filing)).encode(), SECRETS))
        self.assertTrue(self.query("SELECT 1 FROM ir_logging WHERE func != 'x' LIMIT 1"), "the database logs as well")
        self.assert_forgotten()
        self.forget_logs()

    def read_all(self, person, filing):
        """Return all that forms, chatter and journal show of a filing and its signatures."""
        rows = [person.call('openapi_pec.communication', 'read', [filing])]
        attempts = [row['id'] for row in person.call('openapi_pec.signature', 'search_read', [], ['id'])]
        rows.append(person.call('openapi_pec.signature', 'read', attempts))
        lines = person.call('openapi_pec.api_call', 'search_read', [('operation', '=', 'sign_otp')])
        rows += [lines, *(person.call('openapi_pec.api_call', 'get_sent', [line['id']]) for line in lines)]
        messages = person.call('mail.message', 'search_read', [('res_id', '=', filing)], ['body'])
        return [*rows, messages]

    def test_told_later(self):
        """The service's answer to a later reading repeats them: its free texts are kept of no signature."""
        filing, link = self.prepare(self.start()[0], ONE_TIME)
        person, _process = self.start_talkative()
        told = {'id': 'a' * 24, 'state': 'WAIT_SIGN'}
        for number in (110, 7):
            for ask in (lambda: self.sign(person, link, ONE_TIME).result(PATIENCE),
                        lambda: self.sign_in_dialog(person, filing, ONE_TIME)):
                self.sandbox.fault(SIGN_OTP, 'wrong_shape', body={'data': told})
                self.sandbox.fault(READ_SIGNATURE, 'wrong_shape', body={
                    **told, 'state': 'ERROR', 'errorNumber': number, 'errorMessage': f"OTP {ONE_TIME} / PIN {PIN}"})
                self.assert_unseen(ask(), person.session.get(person.url + link, timeout=PATIENCE))
        self.assertEqual([outcome for _state, outcome in self.attempts()], [
            *['wrong_credentials'] * 2, *['error'] * 2])
        self.assertFalse(holds(str(self.read_all(person, filing)).encode(), SECRETS))
        self.assert_forgotten()
        self.forget_logs()

    def test_bad_forms(self):
        """What is refused before anything is asked: a wrong link, no token, a method, a size, a filing of nobody."""
        filing, link = self.prepare(self.start()[0], ONE_TIME)
        person, _process = self.start_talkative()
        form = {'username': self.username, 'pin': PIN, 'otp': ONE_TIME, 'csrf_token': 'x'}
        session, page = person.session, person.url + link.replace('?', '/sign?')
        self.assert_unseen(
            session.post(page, data=form, timeout=PATIENCE), session.post(page + 'x', data=form, timeout=PATIENCE),
            session.post(page, json={'params': form}, timeout=PATIENCE),
            session.post(page, files={'pin': ('x', PIN), 'otp': (None, ONE_TIME)}, timeout=PATIENCE),
            session.post(page, data={**form, 'pin': PIN * 10_000}, timeout=PATIENCE),
            *(self.swap_fields(person, filing, link, username) for username in SECRETS),
            session.post(f'{person.url}/openapi_pec/sign', data=form, timeout=PATIENCE),
            session.post(f'{person.url}/openapi_pec/sign', json={'params': form}, timeout=PATIENCE),
            session.put(page, data=form, timeout=PATIENCE),
            self.sign_in_dialog(person, filing + 1000, ONE_TIME), self.sign_in_dialog(person, 'x', ONE_TIME))
        self.assertEqual(self.sandbox.requested(SIGN_OTP), 0)
        self.assert_forgotten()
        self.forget_logs()

    def swap_fields(self, person, filing, link, username):
        """Type a secret into the field of the username, on the page and in the dialog; return the page's answer."""
        right, self.username = self.username, username
        answer, told = self.sign(person, link, ONE_TIME).result(PATIENCE), self.sign_in_dialog(
            person, filing, ONE_TIME)
        self.assertIn("begins with RHI", told.json()['problem'])
        self.assert_unseen(told)
        self.username = right
        return answer

    # ------------------------------------------------------------ crashes

    def test_crashes(self):
        """The database refuses to go on, at each step, on both ways: told nowhere, and never signed twice."""
        filing, link = self.prepare(self.start()[0], ONE_TIME)
        person, _process = self.start_talkative()
        self.query("CREATE FUNCTION crash() RETURNS trigger LANGUAGE plpgsql AS "
                   "$$ BEGIN RAISE EXCEPTION 'crash'; END $$")
        for (table, event), (asked, left) in CRASHES.items():
            for ask in (lambda: self.sign(person, link, ONE_TIME).result(PATIENCE),
                        lambda: self.sign_in_dialog(person, filing, ONE_TIME)):
                with self.subTest(table=table, event=event):
                    self.forget_signed()
                    before, count = self.sandbox.requested(SIGN_OTP), len(self.attempts())
                    self.query(f'CREATE TRIGGER crash BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION crash()')
                    self.assert_unseen(ask())
                    self.query(f'DROP TRIGGER crash ON {table}')
                    self.assertEqual(self.sandbox.requested(SIGN_OTP) - before, asked)
                    self.assertEqual(self.attempts()[count:], [left] if left else [])
                    self.finish(person)
                    self.assertEqual(self.sandbox.requested(SIGN_OTP) - before, asked)
                    self.assertEqual([state for state, _outcome in self.attempts()[count:]],
                                     ['done' if asked else 'failed'] if left else [])
        self.assert_forgotten()
        self.forget_logs()

    def finish(self, person):
        self.query("UPDATE openapi_pec_signature SET asked_at = asked_at - interval '2 minutes', "
                   "retry_at = retry_at - interval '2 minutes'")
        for job in ('dispatch', 'remote_signatures', 'uploads'):
            person.run_job(job)

    def test_of_certificates(self):
        """A purchase has no secret; whoever it is for signs with it, while the service breaks off."""
        filing, link = self.prepare(self.start()[0], ONE_TIME)
        person, _process = self.start_talkative()
        self.sandbox.settings(credit=1000)
        self.sandbox.fault(READ_SIGNATURE, 'error_before', status=500, body=f'{PIN} {ONE_TIME}')
        self.sandbox.fault(BUY_OTP, 'error_after', status=500)
        self.assert_unseen(self.sign_in_dialog(person, filing, ONE_TIME))
        [partner] = person.call('res.partner', 'create', [
            {'name': "Anna Bianchi", 'l10n_it_codice_fiscale': 'BNCNNA85M41F205Q'}])
        self.buy(person, [partner]).result(PATIENCE)
        self.finish(person)
        self.assertEqual((self.attempts(), self.certificates()), ([('done', None)], [('ordered',)]))
        self.assert_unseen(person.session.get(person.url + link, timeout=PATIENCE))
        self.assert_forgotten()
        self.forget_logs()


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestCrashReport(SigningCase):
    """What reports of crashes hold that tell the variables of each function, as some programs collect them."""

    def assert_sealed(self, error):
        report = ''.join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
        self.assertIn('crash', report)
        self.assertEqual([line.partition('=')[0] for line in report.splitlines() if holds(line.encode(), SECRETS)], [])

    def crash_in_click(self, ask):
        """Crash in the middle of asking; the server tells it as an error."""
        errors = []
        handle = type(self.env['ir.http'])._handle_error

        def note(cls, error):
            errors.append(error)
            return handle(error)

        with patch.object(signature_module, 'claim', crash), mute_logger('odoo.http'), patch.object(
                type(self.env['ir.http']), '_handle_error', classmethod(note)):
            self.assertEqual(ask().status_code, 500)
        [error] = errors
        self.assertIn('_sign', [frame.name for frame in traceback.extract_tb(error.__traceback__)])
        self.assert_sealed(error)

    def test_page(self):
        self.crash_in_click(lambda: self.sign_here(pin=PIN, otp=ONE_TIME))

    def test_dialog(self):
        self.crash_in_click(lambda: self.sign_in_dialog(self.user, pin=PIN, otp=ONE_TIME))

    def test_call(self):
        """In the library that sends, and where the answer is read: it is looked for, and never sent again."""
        logger = 'odoo.addons.l10n_it_openapi_pec.models.service'
        for place, name in ((connection.WatchingAdapter, 'send'), (signature_client, 'read_record')):
            with self.subTest(name=name):
                with patch.object(place, name, crash), self.assertLogs(logger, 'ERROR') as logs:
                    self.sign_here(self.make_certificate(), PIN, ONE_TIME)
                for record in logs.records:
                    self.assert_sealed(record.exc_info[1])
                self.assertEqual((self.attempt.state, self.get_line().state), ('unconfirmed', 'pending'))
                self.run_cron('remote_signatures')
                self.look_again(self.attempt, 'remote_signatures')
                self.assertIn(self.attempt.state, ('failed', 'lost'))


def crash(*_arguments, **_options):
    """Be a bug."""
    raise ValueError("crash")
