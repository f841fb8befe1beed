import json

from odoo.tests import HttpCase, tagged

from .common import PecCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestCallback(PecCase, HttpCase):
    """A callback is a hint from anybody: it wakes the job, and nothing of it is believed."""

    def setUp(self):
        super().setUp()
        self.cron = self.env.ref('l10n_it_openapi_pec.ir_cron_synchronize')
        self.env['ir.cron.trigger'].search([]).unlink()

    def wakes(self):
        return self.env['ir.cron.trigger'].search_count([('cron_id', '=', self.cron.id)])

    def post(self, token, **kwargs):
        return self.url_open(f'/openapi_pec/callback/{token}', method='POST', **kwargs)

    def test_every_shape_ends_in_what_the_service_tells(self):
        record = {'id': 'x', 'stato': 'comunicazione_evasa'}
        bodies = [
            {'json': {'data': record}}, {'json': {'data': record, 'custom': {'reference': 'y'}}}, {'json': record},
            {'data': {'data': json.dumps(record)}}, {'json': {'data': json.dumps({'data': record})}},
            {'data': b'\x00\xff garbage', 'headers': {'Content-Type': 'application/json'}}, {'data': b''},
        ]
        for body in bodies:
            with self.subTest(body=body):
                filing = self.create_filing()
                self.submit(filing)
                self.env['ir.cron.trigger'].search([]).unlink()
                for _replay in range(3):
                    self.assertEqual(self.post(filing.callback_token, **body).status_code, 200)
                self.env.invalidate_all()
                self.assertEqual((filing.state, filing.callback_pending, self.wakes()), ('code_requested', True, 1))
                self.sandbox.set_stato('documenti_caricati', [filing.remote_id])
                self.run_cron('synchronize')
                self.assertEqual((filing.state, filing.callback_pending), ('documents_uploaded', False))

    def test_unknown_token(self):
        filing = self.create_filing()
        for token in ('x', 'f' * 32, filing.callback_token[:-1], filing.callback_token.upper() + 'A', '%00', "' OR 1=1 --"):
            self.assertEqual(self.post(token).status_code, 404, token)
        self.assertEqual(self.wakes(), 0)

    def test_other_methods_and_sizes(self):
        filing = self.create_filing()
        self.assertEqual(self.url_open(f'/openapi_pec/callback/{filing.callback_token}').status_code, 405)
        self.assertEqual(self.post(filing.callback_token, data={'data': 'x' * 200000}).status_code, 413)
        self.assertEqual(self.wakes(), 0)
