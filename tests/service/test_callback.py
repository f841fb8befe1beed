import functools
import json

from freezegun import freeze_time

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.l10n_it_openapi_pec.models.service.job_mixin import SECOND

from ..common_mailbox import MailboxCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestCallback(MailboxCase, HttpCase):
    """A callback is a hint from anybody: it wakes the job, and nothing of it is believed."""

    def setUp(self):
        super().setUp()
        self.crons = {job: self.env.ref(f'l10n_it_openapi_pec.ir_cron_{job}') for job in ('synchronize', 'mailboxes')}
        self.env['ir.cron.trigger'].search([]).unlink()

    def wakes(self, job='synchronize'):
        return self.env['ir.cron.trigger'].search_count([('cron_id', '=', self.crons[job].id)])

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
                self.assertEqual((filing.state, self.wakes() > 0), ('code_requested', True))
                self.sandbox.set_stato('documenti_caricati', [filing.remote_id])
                self.run_cron('synchronize')
                self.assertEqual(filing.state, 'documents_uploaded')

    def test_few_queries(self):
        """The record, whether its job was just woken or is inactive, the trigger: a wrong token costs none at all."""
        filing = self.create_filing()
        self.submit(filing)
        token = filing.callback_token
        filings = self.env[filing._name].with_user(self.env.ref('base.public_user'))
        filings._find_for_callback(token)._callback_received()  # fills caches
        for told, queries in ((token, 4), (f'{filing.id}-{"0" * 64}', 0)):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            if found := filings._find_for_callback(told):
                found._callback_received()
            self.assertEqual(bool(found), told == token)
            self.env.flush_all()
            self.assertLessEqual(self.env.cr.sql_log_count - before, queries)

    def test_a_flood_wakes_the_job_once_in_a_second(self):
        """Each waking opens a connection; what comes in the same second leaves word for the next round of jobs."""
        filing = self.create_filing()
        self.submit(filing)
        self.env['ir.cron.trigger'].search([]).unlink()
        get_triggers = functools.partial(self.env['ir.cron.trigger'].search, [
            ('cron_id', '=', self.crons['synchronize'].id)], order='id')
        with freeze_time(self.env.cr.now()):
            for _callback in range(3):
                filing._callback_received()
            now = fields.Datetime.now()
            self.assertEqual(get_triggers().mapped('call_at'), [now, now + SECOND, now + SECOND])
            # What only left word woke nobody, and is no reason to leave word again.
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE ir_cron_trigger SET create_date = create_date - interval '2 seconds' WHERE id = %s",
                [get_triggers()[0].id])
            filing._callback_received()
            self.assertEqual(get_triggers()[-1].call_at, now)

    def test_of_a_mailbox(self):
        mailbox, other = self.buy(), self.buy()
        for body in (
                {'json': {'data': {'id': 'x', 'stato': 'revocata'}}}, {'data': b'\x00\xff garbage'}, {'data': b''}):
            with self.subTest(body=body):
                self.run_cron('mailboxes')
                self.env['ir.cron.trigger'].search([]).unlink()
                for _replay in range(3):
                    self.assertEqual(self.post(mailbox.callback_token, **body).status_code, 200)
                self.env.invalidate_all()
                self.assertEqual((mailbox.state, self.wakes('mailboxes') > 0, self.wakes()), ('registered', True, 0))
        self.sandbox.change_mailboxes([mailbox.remote_id], stato='in_evasione')
        self.run_cron('mailboxes')
        self.assertEqual((mailbox.state, other.state), ('activating', 'registered'))

    def test_the_service_is_told_the_path(self):
        """The token in the request of a mailbox is the one that the path takes."""
        mailbox = self.create_mailbox()
        url = mailbox._prepare_request_body()['callback']['url']
        self.assertEqual(url.removeprefix(mailbox.get_base_url()), f'/openapi_pec/callback/{mailbox.callback_token}')

    def test_unknown_token(self):
        for record, job in ((self.create_filing(), 'synchronize'), (self.create_mailbox(), 'mailboxes')):
            good = record.callback_token
            for token in ('x', 'f' * 32, good[:-1], good.upper() + 'A', '%00', "' OR 1=1 --"):
                self.assertEqual(self.post(token).status_code, 404, token)
            self.assertEqual(self.wakes(job), 0)

    def test_other_methods_and_sizes(self):
        filing = self.create_filing()
        self.assertEqual(self.url_open(f'/openapi_pec/callback/{filing.callback_token}').status_code, 405)
        self.assertEqual(self.post(filing.callback_token, data={'data': 'x' * 200000}).status_code, 413)
        self.assertEqual(self.wakes(), 0)
