"""Helpers of the tests of remote signatures among real processes: what people do, and a search for PINs everywhere."""
import base64
import json
import re
import subprocess
from urllib.parse import quote, quote_plus

import requests
from lxml import html

from odoo.addons.l10n_it_openapi_pec.tools.secrecy.secret_box import derive_token

import environment

from .common_processes import PATIENCE, FilingProcessCase
from .common_signature import BUY_OTP, ONE_TIME, OTP, PIN, SIGN_OTP


def spell(secret):
    """Return the ways (set of bytes) in which a file may hold a secret: as it is, quoted, in base64, in digits."""
    content = secret.encode()
    ways = {secret, quote(secret), quote_plus(secret), json.dumps(secret)[1:-1], content.hex(), content.hex().upper(),
            secret.encode('utf-16-le').hex()}
    for before in range(3):  # base64 writes three bytes as four letters, wherever these begin
        encoded = base64.b64encode(bytes(before) + content + bytes(-(before + len(content)) % 3)).decode()
        ways.add(encoded[(before * 8 + 5) // 6:(before + len(content)) * 8 // 6])
    return {way.encode() for way in ways}


def holds(content, secrets):
    """Return whether bytes hold one of some secrets, however it is spelt."""
    return any(way in content for secret in secrets for way in spell(secret))


class SigningProcessCase(FilingProcessCase):
    """Filings that wait for their signature, on servers of their own; a signer with a link, and a user."""
    secrets = (PIN, ONE_TIME)

    def setUp(self):
        super().setUp()
        self.windows = {}  # in which the signer has opened his page, by server

    def prepare(self, person, otp=OTP):
        """Bring a filing to its signature; return its id, and the link to its signer's page.

        :param str otp: the one-time password that the app of the signer's certificate shows
        """
        ids = self.create_filings(person)
        self.submit(person, ids).result(PATIENCE)
        self.sandbox.set_stato('in_attesa_di_documenti')
        person.run_job('synchronize')
        self.query("UPDATE res_company SET openapi_pec_sign_remotely = true")
        person.call('openapi_pec.communication', 'action_mail_procura', ids)
        [[secret]] = self.query("SELECT value FROM ir_config_parameter WHERE key = 'database.secret'")
        [[generation]] = self.query(
            "SELECT COALESCE(link_generation, 0) FROM openapi_pec_communication WHERE id = %s", ids[0])
        self.username = self.sandbox.create_certificate(
            certificateOwner="Mario Rossi", tax_code='RSSMRA80A01H501U', certificateType='EU-QES_otp',
            pin=PIN, otp=otp)['fields']['username']
        token = derive_token(secret, 'page', 'openapi_pec.communication', ids[0], generation)
        return ids[0], f'/openapi_pec/signature/{ids[0]}?access_token={token}'

    # ------------------------------------------------------------ what people do

    def open_form(self, person, link):
        """Open the page before it is signed: the form stays in the window whatever becomes of the filing.

        :return: ``(session, what the form sends besides)``
        """
        if person.url not in self.windows:
            session = requests.Session()
            form = html.fromstring(session.get(person.url + link, timeout=PATIENCE).text).xpath(
                '//form[@id="signer_remote_form"]')[0]
            self.windows[person.url] = session, dict(form.form_values())
        return self.windows[person.url]

    def sign(self, person, link, otp=OTP):
        """Send the form of the page, in a thread."""
        session, hidden = self.open_form(person, link)
        return self.threads.submit(
            session.post, person.url + link.replace('?', '/sign?'), timeout=PATIENCE,
            data={**hidden, 'username': self.username, 'pin': PIN, 'otp': otp})

    def sign_in_dialog(self, person, filing, otp=OTP):
        """Send what the dialog of a filing sends; return the answer."""
        page = person.session.get(f'{person.url}/odoo', timeout=PATIENCE).text
        offers = self.query(
            "SELECT procura.checksum || '-' || COALESCE(signed.checksum, '') FROM openapi_pec_communication filing "
            "JOIN ir_attachment procura ON procura.id = filing.procura_id "
            "LEFT JOIN ir_attachment signed ON signed.id = filing.signed_procura_id WHERE filing.id::text = %s",
            str(filing))
        return person.session.post(f'{person.url}/openapi_pec/sign', timeout=PATIENCE, data={
            'csrf_token': re.search(r'csrf_token: "([^"]+)"', page)[1], 'filing_id': filing,
            'offer': offers[0][0] if offers else '', 'username': self.username, 'pin': PIN, 'otp': otp})

    def forget_signed(self):
        """Have filings wait for their signature again."""
        self.query("UPDATE openapi_pec_communication SET signed_procura_id = NULL")

    def buy(self, person, partner):
        """Open the question of a contact, and confirm it in a thread, also where an earlier purchase is not found."""
        action = person.call('res.partner', 'action_openapi_pec_buy_certificate', partner)
        person.call(action['res_model'], 'write', [action['res_id']], {'is_further': True})
        return self.threads.submit(person.call, action['res_model'], 'action_confirm', [action['res_id']])

    # ------------------------------------------------------------ what became of it

    def attempts(self):
        return self.query("SELECT state, outcome FROM openapi_pec_signature ORDER BY id")

    def certificates(self):
        return self.query("SELECT state FROM openapi_pec_certificate ORDER BY id")

    def lines(self, operation='sign_otp'):
        return self.query("SELECT state FROM openapi_pec_api_call WHERE operation = %s ORDER BY id", operation)

    def executed(self):
        """Return how many signatures were made, and how many certificates were bought."""
        operations = [row['operation'] for row in self.sandbox.executions()]
        return operations.count(SIGN_OTP), operations.count(BUY_OTP)

    # ------------------------------------------------------------ what is searched

    def find_secrets(self):
        """Return where PIN and one-time password are: in the dump of the database, a file, a session, a log."""
        dump = subprocess.run(
            [environment.get_client('pg_dump'), '--data-only', '-d', self.database], capture_output=True, check=True,
            env=environment.client_environ()).stdout
        found, table = [], ''
        for line in dump.splitlines():
            table = line.decode(errors='replace') if line.startswith(b'COPY ') else table
            found += [table] if holds(line, self.secrets) else []
        data = environment.STATE / 'data'
        files = [*environment.FILESTORE.joinpath(self.database).rglob('*'), *(data / 'sessions').rglob('*'),
                 *self.get_logs()]
        return found + [str(path) for path in files if path.is_file() and holds(path.read_bytes(), self.secrets)]

    def get_logs(self):
        return [environment.log_path(f'{self._testMethodName}_{number + 1}') for number in range(self.servers)]

    def assert_forgotten(self):
        """PIN and one-time password are in no table, no file, no session and no log."""
        self.assertEqual(self.find_secrets(), [])
