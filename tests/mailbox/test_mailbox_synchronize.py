from datetime import date, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.mailbox import synchronize
from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module

from ..common_mailbox import MAILBOX, MAILBOXES, MODIFY, RENEW, MailboxCase

RECORD_MIXIN = 'odoo.addons.l10n_it_openapi_pec.models.record.record_mixin'
FOLLOWING = 'odoo.addons.l10n_it_openapi_pec.models.record.following'


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestMailboxSynchronize(MailboxCase):
    """One request tells the state of all mailboxes of an account; only what changed is touched and read."""

    def setUp(self):
        super().setUp()
        self.patch(client_module, 'READ_PAUSES', ())
        # those of the demo data, if there are any
        self.env['openapi_pec.mailbox'].search([]).sudo().write({'environment': False})

    def take_over(self, count=1, stato='evasa', **template):
        """Make mailboxes at the service, and here; nothing about them is news."""
        template.setdefault('casella_pec', 'azienda{n}@testcert.legalmail.it')
        template.setdefault('data_scadenza', '24/11/2090')
        remote_ids = self.sandbox.create_mailboxes(count, stato, **template)
        mailboxes = self.env['openapi_pec.mailbox'].create([{
            'address': template['casella_pec'].replace('{n}', str(number)), 'remote_id': remote_id,
            'environment': 'sandbox', 'partner_id': self.partner.id, 'user_id': self.manager.id,
            'mailbox_type': 'STANDARD', 'state': 'active',
        } for number, remote_id in enumerate(remote_ids, start=1)])
        rows = {row['id']: row for row in self.client.list_mailboxes()}
        for mailbox in mailboxes:
            row = rows[mailbox.remote_id]
            mailbox.write({
                'remote_state': row['stato'], 'expires_on': row['data_scadenza'], 'mailbox_type': row['tipo_casella'],
                'remote_changed_at': mailbox._to_moment(row['times']['ultima_modifica']),
                'expiry_told': row['data_scadenza'],
                'state': const.mailbox.STATE_BY_STATO[row['stato']],
                'form_id': self.env['ir.attachment'].create({'name': 'form'}).id,
            })
        self.env.flush_all()
        self.listed = self.sandbox.requested(MAILBOXES)
        return mailboxes

    def assert_requests(self, lists, details):
        """So many lists since :meth:`take_over`, and so many mailboxes one by one, were read."""
        self.assertEqual(
            (self.sandbox.requested(MAILBOXES) - self.listed, self.sandbox.requested(MAILBOX)), (lists, details))

    def test_nothing_changed(self):
        self.take_over(3)
        self.run_cron('mailboxes')
        self.assert_requests(1, 0)

    def test_10000_mailboxes(self):
        """One request, and as many queries for 10,000 as for 100, when nothing changed."""
        counts = []
        for count in (100, 9900):
            remote_ids = self.sandbox.create_mailboxes(
                count, 'evasa', casella_pec=f'a{count}x{{n}}@testcert.legalmail.it', tipo_casella='STANDARD')
            times = {row['id']: row['times']['ultima_modifica'] for row in self.client.list_mailboxes()}
            expiry = self.client.list_mailboxes()[0]['data_scadenza']
            self.env.cr.execute("""
                INSERT INTO openapi_pec_mailbox (company_id, address, remote_id, environment, state, remote_state,
                                                 mailbox_type, expires_on, expiry_told, remote_changed_at)
                SELECT %s, 'a' || id, id, 'sandbox', 'active', 'evasa',
                       'STANDARD', %s, %s, to_timestamp(time) AT TIME ZONE 'UTC'
                  FROM unnest(%s, %s) AS row (id, time)
            """, [self.company.id, expiry, expiry, remote_ids, [times[remote_id] for remote_id in remote_ids]])
            self.env.invalidate_all()
            requested = self.sandbox.requested(MAILBOXES)
            self.run_cron('mailboxes')  # warm
            before = self.env.cr.sql_log_count
            self.run_cron('mailboxes')
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(self.sandbox.requested(MAILBOXES) - requested, 2)
        self.assertEqual(self.env['openapi_pec.mailbox'].search_count([('environment', '=', 'sandbox')]), 10000)
        self.assertEqual(counts[0], counts[1])
        self.assertEqual(self.sandbox.requested(MAILBOX), 0)

    def test_details_of_what_changed_alone(self):
        mailboxes = self.take_over(5)
        self.sandbox.change_mailboxes([mailboxes[1].remote_id], data_scadenza='24/11/2091')
        self.sandbox.change_mailboxes([mailboxes[3].remote_id], stato='revocata')
        self.run_cron('mailboxes')
        self.assertEqual(mailboxes[1].expires_on, date(2091, 11, 24))
        self.assertEqual(mailboxes.mapped('state'), ['active', 'active', 'active', 'revoked', 'active'])
        self.assert_requests(1, 2)
        self.assertIn("Revoked", self.messages(mailboxes[3]))
        self.assertIn(mailboxes[3].address, self.messages(self.partner))
        self.assertNotIn(mailboxes[0].address, self.messages(self.partner))
        self.run_cron('mailboxes')
        self.assertEqual(self.sandbox.requested(MAILBOX), 2)

    def test_many_changes_at_once(self):
        """All states come with the list; the details are read a few at a time, and the job wakes itself."""
        self.patch(synchronize, 'DETAILS_PER_RUN', 3)
        mailboxes = self.take_over(8)
        self.sandbox.change_mailboxes(stato='revocata')
        self.env['ir.cron.trigger'].search([]).unlink()
        self.run_cron('mailboxes')
        self.assertEqual(set(mailboxes.mapped('state')), {'revoked'})
        self.assertEqual(len(mailboxes.filtered('details_due')), 5)
        cron = self.env.ref('l10n_it_openapi_pec.ir_cron_mailboxes')
        self.assertTrue(self.env['ir.cron.trigger'].search([('cron_id', '=', cron.id)]))
        for _run in range(2):
            self.run_cron('mailboxes')
        self.assertFalse(mailboxes.filtered('details_due'))
        self.assertEqual(self.sandbox.requested(MAILBOX), 8)

    def test_each_state(self):
        for stato, state in const.mailbox.STATE_BY_STATO.items():
            with self.subTest(stato=stato):
                self.sandbox.reset()
                mailbox = self.take_over(
                    stato='in_evasione' if stato != 'in_evasione' else 'registrata',
                    casella_pec=f'{state}@testcert.legalmail.it')
                self.sandbox.change_mailboxes(stato=stato)
                self.run_cron('mailboxes')
                self.assertEqual((mailbox.state, mailbox.remote_state), (state, stato))
                sentence = str(const.mailbox.STATE_SENTENCES[state])
                self.assertIn(sentence[1:40], self.messages(mailbox))
                mailbox.environment = False
                self.env.flush_all()

    def test_unknown_state_and_type(self):
        mailbox = self.take_over()
        mailbox_type = mailbox.mailbox_type
        record = {**self.sandbox.mailboxes()[0], 'stato': 'ibernata', 'tipo_casella': 'PLATINUM'}
        for operation, data in ((MAILBOXES, [record]), (MAILBOX, record)):
            self.sandbox.fault(
                operation, 'wrong_shape', times=-1, body={'success': True, 'message': '', 'error': None, 'data': data})
        with self.assertLogs(RECORD_MIXIN, 'WARNING'), self.assertLogs(
                'odoo.addons.l10n_it_openapi_pec.models.mailbox.remote', 'WARNING'):
            self.run_cron('mailboxes')
        self.assertEqual(
            (mailbox.state, mailbox.remote_state, mailbox.mailbox_type), ('active', 'ibernata', mailbox_type))
        self.assertIn("ibernata", self.messages(mailbox))
        requested = self.sandbox.requested(MAILBOX)
        self.run_cron('mailboxes')
        self.assertEqual(self.sandbox.requested(MAILBOX), requested, "it is told once")

    def test_stale_news(self):
        """A list of an earlier time changes nothing by itself: the mailbox is read."""
        mailbox = self.take_over()
        mailbox.write(
            {
                'state': 'revoked', 'remote_state': 'revocata',
                'remote_changed_at': mailbox.remote_changed_at + timedelta(hours=1)})
        self.run_cron('mailboxes')
        self.assertEqual(self.sandbox.requested(MAILBOX), 1)
        self.assertEqual(mailbox.state, 'active', "what the mailbox itself tells counts")

    def test_missing_at_the_service(self):
        mailbox = self.take_over()
        self.sandbox.delete_mailbox(mailbox.remote_id)
        for _run in range(2):
            self.run_cron('mailboxes')
        self.assertIn("does not know this mailbox", mailbox.error_message)
        self.assertEqual(self.messages(mailbox).count("does not know this mailbox"), 1)
        self.assertEqual(mailbox.state, 'active')

    def test_service_down_and_token_without_scope(self):
        mailbox = self.take_over()
        self.sandbox.change_mailboxes(stato='revocata')
        for fault in ({'fault': 'error_before', 'status': 500}, {'fault': 'error_before', 'status': 403, 'body': {
                'success': False, 'message': "Missing scope", 'error': 1, 'data': None}}):
            self.sandbox.fault(MAILBOXES, **fault)
            self.run_cron('mailboxes')
            self.assertEqual(mailbox.state, 'active')
        self.assertFalse(self.company.openapi_pec_pause_reason, "filings go on")
        self.run_cron('mailboxes')
        self.assertEqual(mailbox.state, 'revoked')

    def test_one_bad_record(self):
        mailboxes = self.take_over(3)
        self.sandbox.change_mailboxes(stato='revocata')
        apply_row = type(mailboxes)._apply_row

        def fail_for_one(records, *told):
            if mailboxes[1] in records:
                raise ValueError("a bug")
            return apply_row(records, *told)

        self.patch(type(mailboxes), '_apply_row', fail_for_one)
        with self.assertLogs(FOLLOWING, 'ERROR'):
            self.run_cron('mailboxes')
        self.assertEqual(mailboxes.mapped('state'), ['revoked', 'active', 'revoked'])

    def test_expiry_is_told_once(self):
        mailbox = self.take_over(data_scadenza='24/11/2090', autorinnovo=False)
        own = self.take_over(casella_pec='altra@testcert.legalmail.it', data_scadenza='24/11/2090')
        own.auto_renew = True
        (mailbox + own).expiry_told = False
        kind = self.env.ref('l10n_it_openapi_pec.mail_activity_type_mailbox_expiry')
        self.run_cron('mailboxes')
        self.assertFalse(mailbox.activity_ids)
        with freeze_time('2090-10-20'):
            for _run in range(2):
                (mailbox + own)._announce_due()
            self.assertEqual(
                (mailbox.activity_ids.activity_type_id, mailbox.activity_ids.date_deadline), (kind, date(2090, 11, 24)))
            self.assertEqual(mailbox.activity_ids.user_id, self.manager)
            self.assertIn("Renew the mailbox", mailbox.activity_ids.summary)
            self.assertIn("renewed by itself", own.activity_ids.summary)
            self.assertEqual(self.messages(mailbox).count("What is not renewed"), 1)
        mailbox.expires_on = date(2091, 11, 24)  # another expiry is told of anew
        with freeze_time('2091-10-20'):
            mailbox._announce_due()
            self.assertEqual(mailbox.activity_ids.date_deadline, date(2091, 11, 24))
            self.assertEqual(len(mailbox.activity_ids), 1)

    def take_over_expiring(self):
        """Return a mailbox that expires soon, and the activity about it."""
        mailbox = self.take_over(autorinnovo=False, data_scadenza=self.days_ahead(20))
        mailbox.expiry_told = False
        mailbox._announce_due()
        return mailbox, mailbox.activity_ids

    def refuse(self, mailbox, operation, call, error, **values):
        self.sandbox.fault(call, 'error_before', status=428, body={
            'success': False, 'message': "not possible", 'error': error, 'data': None})
        self.order(mailbox, operation, **values)
        self.assertEqual(mailbox.call_state, 'failed')

    def test_another_operation_leaves_the_expiry_told(self):
        """Nobody would be told of it again."""
        mailbox, activity = self.take_over_expiring()
        self.order(mailbox, 'mailbox_modify', disk_space=1024)
        self.assertFalse(mailbox.call_state)
        self.assertEqual(mailbox.activity_ids, activity)
        self.refuse(mailbox, 'mailbox_modify', MODIFY, 282, disk_space=2048)
        self.assertIn(activity, mailbox.activity_ids)

    def test_a_refused_renewal_has_the_expiry_told_again(self):
        mailbox, activity = self.take_over_expiring()
        kind = activity.activity_type_id
        self.refuse(mailbox, 'mailbox_renew', RENEW, 203, years='1')
        self.assertNotIn(kind, mailbox.activity_ids.activity_type_id)
        for _run in range(2):
            mailbox._announce_due()
        self.assertEqual(len(mailbox.activity_ids.filtered(lambda told: told.activity_type_id == kind)), 1)

    def test_while_it_is_renewed_the_expiry_is_not_told(self):
        mailbox, activity = self.take_over_expiring()
        self.sandbox.weather(mood={'renewal_late': 3600})
        self.order(mailbox, 'mailbox_renew', years='1')
        mailbox._announce_due()
        self.assertTrue(mailbox.is_renewal_open)
        self.assertFalse(mailbox.activity_ids or activity.exists())

    def test_however_it_was_renewed_nobody_is_asked_to_renew_it(self):
        """Who still finds the activity would have the mailbox renewed, and paid, once more."""
        def renew(mailbox):
            self.order(mailbox, 'mailbox_renew', years='1')

        def renew_late(mailbox):
            self.sandbox.weather(mood={'renewal_late': 3600})
            renew(mailbox)
            self.assertTrue(mailbox.awaited)
            self.sandbox.weather(mood={'renewal_late': 0})
            self.run_cron('mailboxes')

        def renew_elsewhere(mailbox):
            self.sandbox.change_mailboxes(data_scadenza=self.days_ahead(400))

        def renew_and_read(mailbox):
            renew_elsewhere(mailbox)
            mailbox.with_user(self.user).action_refresh()

        def renew_and_list(mailbox):
            renew_elsewhere(mailbox)
            self.patch(synchronize, 'DETAILS_PER_RUN', 0)
            self.run_cron('mailboxes')

        for way in (renew, renew_late, renew_and_read, renew_and_list):
            with self.subTest(way=way.__name__):
                self.sandbox.reset()
                self.env['openapi_pec.mailbox'].search([]).sudo().environment = False
                mailbox = self.take_over(
                    casella_pec=f"{way.__name__.replace('_', '')}@testcert.legalmail.it", autorinnovo=False,
                    data_scadenza=self.days_ahead(20))
                mailbox.expiry_told = False
                mailbox._announce_due()
                self.assertEqual(len(mailbox.activity_ids), 1)
                way(mailbox)
                self.assertGreater(mailbox.expires_on, fields.Date.today() + timedelta(days=300))
                self.assertFalse(mailbox.activity_ids)

    @staticmethod
    def days_ahead(count):
        """Return a day as the service writes it."""
        return (fields.Date.today() + timedelta(days=count)).strftime('%d/%m/%Y')

    def test_a_mailbox_that_still_expires_soon_keeps_its_activity(self):
        mailbox = self.take_over(data_scadenza=self.days_ahead(20), autorinnovo=False)
        mailbox.expiry_told = False
        mailbox._announce_due()
        mailbox.expires_on += timedelta(days=5)
        self.assertEqual(len(mailbox.activity_ids), 1)
        mailbox._announce_due()
        self.assertEqual(mailbox.activity_ids.date_deadline, mailbox.expires_on)

    def test_refresh(self):
        mailbox = self.take_over()
        self.sandbox.change_mailboxes(stato='chiusa')
        mailbox.with_user(self.user).action_refresh()
        self.assertEqual(mailbox.state, 'closed')

    def test_in_the_language_of_who_follows(self):
        self.env['res.lang']._activate_lang('it_IT')
        self.manager.lang = 'it_IT'
        mailbox = self.take_over()
        self.sandbox.change_mailboxes(stato='revocata')
        self.run_cron('mailboxes')
        self.assertEqual(mailbox.state, 'revoked')

    # ------------------------------------------------------------ bought elsewhere

    def age(self):
        """Let no mailbox be younger than what may be the outcome of a call under way."""
        self.patch(const.service, 'SAFE_MINUTES', -1)

    def import_all(self):
        action = self.env['openapi_pec.mailbox'].with_user(self.manager).action_import_from_service()
        self.run_cron('mailboxes')
        return action['params']['message']

    def test_type_that_is_not_told(self):
        self.age()
        self.sandbox.weather(mood={'values': ['missing']})
        self.sandbox.create_mailboxes(
            1, 'evasa', casella_pec='senzatipo@testcert.legalmail.it', tipo_casella='STANDARD')
        self.import_all()
        mailbox = self.env['openapi_pec.mailbox'].search([('address', '=', 'senzatipo@testcert.legalmail.it')])
        self.assertFalse(mailbox.mailbox_type)
        for operation in ('mailbox_modify', 'mailbox_transform', 'mailbox_user'):
            with self.subTest(operation), self.assertRaisesRegex(
                    UserError, "its type, which the service does not say"):
                self.open_order(mailbox, operation)
        # What every type allows.
        self.open_order(mailbox, 'mailbox_renew').create({'years': '1'}).action_confirm()
        self.commit()
        self.assertEqual(self.sandbox.executed(RENEW), 1)
        self.assertFalse(mailbox.call_state)

    def test_import_and_match(self):
        self.age()
        self.sandbox.create_mailboxes(
            1, 'evasa', casella_pec='trovata@testcert.legalmail.it', cf_piva_titolare='12485671007',
            denominazione_titolare="Falegnameria")
        self.sandbox.create_mailboxes(
            1, 'revocata', casella_pec='persona@testcert.legalmail.it', cf_piva_titolare='', denominazione_titolare='',
            codice_fiscale_richiedente='RSSMRA80A01H501U')
        self.sandbox.create_mailboxes(
            1, 'registrata', casella_pec='altrui@testcert.legalmail.it', cf_piva_titolare='07432261001')
        self.env['res.partner'].search([('l10n_it_codice_fiscale', 'in', ('12485671007', 'RSSMRA80A01H501U')), (
            'id', 'not in', (self.partner.id, self.representative.id))]).active = False
        message = self.import_all()
        self.assertIn("did not know: 3", message)
        mailboxes = {mailbox.address.partition('@')[0]: mailbox for mailbox in self.env['openapi_pec.mailbox'].search([
            ('is_imported', '=', True)])}
        self.assertEqual({name: mailbox.state for name, mailbox in mailboxes.items()},
                         {'trovata': 'active', 'persona': 'revoked', 'altrui': 'registered'})
        self.assertEqual({name: mailbox.partner_id for name, mailbox in mailboxes.items()},
                         {'trovata': self.partner, 'persona': self.representative, 'altrui': self.env['res.partner']})
        self.assertIn("assigned by its tax code", self.messages(mailboxes['trovata']))
        self.assertTrue(mailboxes['altrui'].form_id, "its form waits to be signed")
        self.assertIn("knows every mailbox", self.import_all())
        self.assertEqual(self.env['openapi_pec.mailbox'].search_count([('is_imported', '=', True)]), 3)
        mailboxes['altrui'].with_user(self.user).partner_id = self.partner

    def test_several_contacts_with_the_same_code(self):
        self.age()
        for name in ("Uno", "Due"):
            self.env['res.partner'].create({'name': name, 'is_company': True, 'l10n_it_codice_fiscale': '07432261001'})
        self.sandbox.create_mailboxes(1, 'evasa', cf_piva_titolare='07432261001')
        self.import_all()
        self.assertFalse(self.env['openapi_pec.mailbox'].search([('is_imported', '=', True)]).partner_id)

    def test_import_leaves_our_own_purchases_alone(self):
        self.age()
        mailbox = self.create_mailbox()
        self.sandbox.fault('POST /pec', 'drop_after')
        self.order(mailbox, 'mailbox_create')
        self.assertEqual(mailbox.call_state, 'unconfirmed')
        message = self.env['openapi_pec.mailbox'].with_user(self.manager).action_import_from_service()['params'][
            'message']
        self.assertIn("Left alone", message)
        self.assertFalse(self.env['openapi_pec.mailbox'].search([('is_imported', '=', True)]))
        self.run_cron('mailboxes')
        self.assertEqual((mailbox.state, self.sandbox.executed('POST /pec')), ('registered', 1))

    def test_import_leaves_the_youngest_alone(self):
        self.sandbox.create_mailboxes(2, 'evasa')
        self.assertIn(
            "Left alone, as they may be purchases of Odoo's own whose answer is on its way: 2", self.import_all())
        with freeze_time(fields.Datetime.now() + timedelta(minutes=30)):
            self.assertIn("did not know: 2", self.import_all())

    @mute_logger('odoo.sql_db')
    def test_import_cannot_be_asked(self):
        self.sandbox.fault(MAILBOXES, 'error_before', status=500)
        with self.assertRaisesRegex(Exception, "cannot be asked now"):
            self.import_all()
