"""The log tells no secret and no tax code: what masks them, and what looks for them afterwards."""
import logging
import tempfile
from pathlib import Path

import psycopg2

from odoo.tests import BaseCase, HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.l10n_it_openapi_pec.tools.secrecy import row_mask

import noted

from ..common import PecCase

CODE, TOKEN = 'RSSMRA80A01H501U', 'sandbox-token'


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestRowMask(PecCase, HttpCase):
    """What the database refuses is told without its values."""

    def assert_masked(self, logs, *told):
        text = '\n'.join(logs.output)
        for hidden in (CODE, '12485671007', TOKEN, 'prova@legalmail.it', self.filing_name):
            self.assertNotIn(hidden, text)
        for shown in told:
            self.assertIn(shown, text)

    def setUp(self):
        super().setUp()
        self.filing = self.create_filing()
        self.filing_name = self.partner.name

    def test_unique_index(self):
        """The same filing a second time, past the checks."""
        self.submit(self.filing)
        twin = self.create_filing(pec_email=self.filing.pec_email)
        twin.flush_recordset()
        with self.assertLogs('odoo.sql_db', 'ERROR') as logs, self.assertRaises(
                psycopg2.IntegrityError), self.env.cr.savepoint():
            twin.sudo().write({'state': 'queued', 'environment': self.filing.environment, 'error_message': CODE})
            twin.flush_recordset()
        self.assert_masked(
            logs, 'UPDATE "openapi_pec_communication"', 'openapi_pec_communication_filed_once', 'Key (digest)=(***)')

    def test_failing_row(self):
        """A row with tax codes that lacks what it must have."""
        with self.assertLogs('odoo.sql_db', 'ERROR') as logs, self.assertRaises(
                psycopg2.IntegrityError), self.env.cr.savepoint():
            self.env.cr.execute(
                "UPDATE openapi_pec_communication SET partner_id = NULL, fiscal_code = %s WHERE id = %s",
                [CODE, self.filing.id])
        self.assert_masked(logs, "SET partner_id = NULL, fiscal_code = '***'", 'Failing row contains (***)')

    def test_settings_out_of_bounds_over_http(self):
        self.authenticate('admin', 'admin')
        with self.assertNoLogs('odoo.sql_db', 'ERROR'), mute_logger('odoo.http'):
            answer = self.url_open('/web/dataset/call_kw/res.company/create', json={'params': {
                'model': 'res.company', 'method': 'create', 'kwargs': {}, 'args': [[{
                    'name': "Nuova", 'openapi_pec_late_days': 0, 'openapi_pec_token': TOKEN,
                    'vat': 'IT12485671007'}]]}})
        self.assertIn("0 is not possible. Choose 2 to 250", answer.json()['error']['data']['message'])

    def test_traceback(self):
        logger = logging.getLogger('odoo.addons.l10n_it_openapi_pec.models.service.call_dispatch')
        with self.assertLogs(logger, 'ERROR') as logs, mute_logger('odoo.sql_db'):
            try:
                with self.env.cr.savepoint():
                    self.env.cr.execute(
                        "UPDATE openapi_pec_communication SET partner_id = NULL, fiscal_code = %s WHERE id = %s",
                        [CODE, self.filing.id])
            except psycopg2.Error:
                logger.exception("It cannot be settled.")
        self.assert_masked(logs, 'NotNullViolation', 'It cannot be settled.')
        self.assertNotIn(CODE, logs.records[0].exc_text)
        self.assertIn('Failing row contains (***)', logs.records[0].exc_text)

    def test_other_statements_stay(self):
        statement = b"SELECT name FROM res_country WHERE code = 'IT'"
        self.assertEqual(row_mask.mask_statement(statement), statement.decode())
        self.assertNotIn(CODE, row_mask.mask_statement(f"UPDATE res_partner SET name = 'O''Neill', x = '{CODE}'"))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestLogSearch(BaseCase):
    """`dev/test` finds in its logs what the tests made, and does not print it."""

    def find(self, text, **values):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / 'test.log'
            path.write_text(text)
            return noted.find(path, {value.lower(): kind for kind, value in values.items()})

    def test_values(self):
        for line in (f'Cannot file {CODE}.', f'x={CODE.lower()}', f'"{CODE}"', f'ab{CODE}cd'):
            found = self.find(f'nothing\n{line}\n', code=CODE)
            self.assertEqual(found, ['test.log, line 2: code'], line)
            self.assertNotIn(CODE, str(found))
        self.assertEqual(self.find('IT12485671007\n12485671007,\n', code='12485671007'), [
            'test.log, line 1: code', 'test.log, line 2: code'])
        self.assertFalse(self.find('112485671007 id a12485671007 RSSMRA80A01H501', code='12485671007', other=CODE))

    def test_forms(self):
        secret = 'a' * 32
        self.assertEqual(self.find(f'POST /openapi_pec/callback/{secret} HTTP\nGET '
                                   f'/openapi_pec/mailbox/1?access_token={secret}\n'), [
            'test.log, line 1: the address of a callback', 'test.log, line 2: the link of a page'])
        self.assertFalse(
            self.find('POST /openapi_pec/callback/*** HTTP\nGET /openapi_pec/mailbox/1?access_token=***\n'))

    def test_what_the_tests_hold_is_known(self):
        values = noted.read([])
        self.assertEqual((values[CODE.lower()], values[TOKEN]), ('a tax code', 'a token'))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / 'noted'
            self.patch(noted, 'NOTED', str(path))
            self.patch(noted, '_seen', set())
            noted.note('a token', ['SECRETSECRET', 'short', None])
            noted.note('a token', ['SECRETSECRET'])
            self.assertEqual(path.read_text(), 'a token\tSECRETSECRET\n')
            self.assertEqual(noted.read([path])['secretsecret'], 'a token')
