from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.mailbox.documents import MERGED_TYPES
from odoo.addons.l10n_it_openapi_pec.tools.upload import pdf

from ..common_mailbox import ACTIVATE, BUY, MODIFY, RENEW, REVOKE, STORE, TRANSFORM, USER, MailboxCase, make_pdf

DOCUMENTS = 'odoo.addons.l10n_it_openapi_pec.models.mailbox.documents'


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestMailbox(MailboxCase):
    """The whole life of a mailbox of each type, against the sandbox API."""

    def test_prefilled_from_the_contacts(self):
        mailbox = self.create_mailbox()
        self.assertEqual(mailbox.applicant_id, self.representative)
        self.assertEqual(
            (mailbox.first_name, mailbox.last_name, mailbox.fiscal_code), ("Mario", "Rossi", 'RSSMRA80A01H501U'))
        self.assertEqual((mailbox.birth_date, mailbox.sex), (date(1980, 1, 1), 'M'))
        self.assertEqual((mailbox.birth_city, mailbox.birth_province, mailbox.birth_country), ("Roma", 'RM', 'IT'))
        self.assertEqual((mailbox.holder_name, mailbox.holder_fiscal_code), (self.partner.name, '12485671007'))
        self.assertEqual((mailbox.holder_zip, mailbox.holder_city, mailbox.holder_province, mailbox.holder_country),
                         ('00100', "Roma", 'RM', 'IT'))
        self.assertEqual((mailbox.customer_type, mailbox.customer_subtypes), ('IM', list(const.mailbox.SUBTYPES['IM'])))
        self.assertEqual(mailbox.findings_level, 'warning' if 'warning' in mailbox.findings else 'fine')
        self.assertEqual((mailbox.price, mailbox.is_price_known), (11, True))

    def test_life_of_each_type(self):
        for mailbox_type in const.mailbox.TYPES:
            with self.subTest(mailbox_type=mailbox_type):
                self.sandbox.reset()
                mailbox = self.buy_active(mailbox_type)
                self.assertEqual((mailbox.mailbox_type, mailbox.remote_state), (mailbox_type, 'evasa'))
                self.assertEqual((self.sandbox.executed(BUY), self.sandbox.executed(ACTIVATE)), (1, 1))
                [remote] = self.sandbox.mailboxes()
                self.assertEqual(
                    len(remote['documents']['attivazione']), 1 if mailbox_type in MERGED_TYPES else 2)
                expiry = mailbox.expires_on
                self.order(mailbox, 'mailbox_renew')
                self.assertEqual(mailbox.expires_on.year, expiry.year + 2)
                if mailbox_type in const.mailbox.EXTENSIBLE_TYPES:
                    self.run_extensions(mailbox)
                else:
                    for operation in ('mailbox_modify', 'mailbox_transform', 'mailbox_user', 'mailbox_store'):
                        with self.assertRaisesRegex(UserError, "does not allow it"):
                            mailbox._check_orderable(operation)
                self.order(mailbox, 'mailbox_revoke')
                self.assertEqual(mailbox.state, 'revoked')
                self.order(mailbox, 'mailbox_renew', years='1')
                self.assertEqual(mailbox.state, 'active')
                self.assertEqual((self.sandbox.executed(RENEW), self.sandbox.executed(REVOKE)), (2, 1))
                lines = mailbox.sudo().api_call_ids
                self.assertEqual(set(lines.mapped('state')), {'accepted'})

    def run_extensions(self, mailbox):
        """Add space, a user and legal storage; upgrade."""
        space = mailbox.disk_space
        self.order(mailbox, 'mailbox_modify')
        self.assertEqual(mailbox.disk_space, space + 1024)
        self.order(mailbox, 'mailbox_user')
        self.assertEqual(mailbox.mailbox_user_ids.mapped('email'), ['luca@example.com'])
        mailbox.with_user(self.user).action_want_storage()
        self.assertEqual((mailbox.form_kind, mailbox.form_of), ('storage', 'storage'))
        self.attach_documents(mailbox)
        self.order(mailbox, 'mailbox_store', new_space=1024)
        self.assertEqual((mailbox.has_storage, mailbox.storage_space, mailbox.form_kind), (True, 1024, False))
        self.order(mailbox, 'mailbox_modify', disk_space=0, storage_space=512)
        self.assertEqual(mailbox.storage_space, 1536)
        if mailbox.mailbox_type != 'GOLD':
            self.order(mailbox, 'mailbox_transform')
        else:
            with self.assertRaisesRegex(UserError, "does not allow it"):
                mailbox._check_orderable('mailbox_transform')
        self.assertEqual(mailbox.mailbox_type, 'GOLD')
        for operation in (MODIFY, STORE, USER):
            self.assertGreaterEqual(self.sandbox.executed(operation), 1)
        self.assertLessEqual(self.sandbox.executed(TRANSFORM), 1)

    def test_journal_and_chatter(self):
        mailbox = self.buy_active('DOMICILIODIGITALE')
        [create] = mailbox.sudo().api_call_ids.filtered(lambda line: line.operation == 'mailbox_create')
        self.assertEqual((create.price, create.is_price_known, create.remote_id), (4.5, True, mailbox.remote_id))
        for sentence in ("Bought.", "Registered.", "delivered", "Active."):
            self.assertIn(sentence, self.messages(mailbox))
            self.assertIn(sentence.lower(), self.messages(self.partner).lower())
        self.assertIn(mailbox.address, self.messages(self.partner))
        self.order(mailbox, 'mailbox_renew')
        self.assertFalse(mailbox.sudo().api_call_ids[0].is_price_known, "what a renewal costs is documented nowhere")

    def test_documents_not_accepted_and_sent_again(self):
        mailbox = self.buy()
        self.run_cron('mailboxes')
        form = mailbox.form_id
        self.assertTrue(form.raw.startswith(b'%PDF'))
        self.assertIn(form, mailbox.message_ids.attachment_ids)
        self.attach_documents(mailbox)
        mailbox.action_send_documents()
        self.commit()
        self.assertEqual(mailbox.state, 'activating')
        self.assertFalse(mailbox.signed_form)
        self.assertEqual(len(mailbox.message_ids.attachment_ids - form), 2, "what was delivered stays in the chatter")
        self.assertEqual(mailbox.delivered_ids, mailbox.message_ids.attachment_ids - form)
        with self.assertRaisesRegex(UserError, "belongs to the archive"):
            mailbox.delivered_ids[0].unlink()
        self.sandbox.change_mailboxes(stato='documenti_errati')
        self.run_cron('mailboxes')
        self.assertEqual(mailbox.state, 'documents_wrong')
        self.assertIn("does not accept the documents", self.messages(mailbox))
        self.assertEqual(
            mailbox.activity_ids.activity_type_id, self.env.ref('l10n_it_openapi_pec.mail_activity_type_mailbox_form'))
        with self.assertRaisesRegex(UserError, "signed form is missing"):
            mailbox.action_send_documents()
        self.activate(mailbox)
        self.assertEqual(self.sandbox.executed(ACTIVATE), 2)

    def test_uploads_are_judged(self):
        mailbox = self.create_mailbox()
        with self.assertRaisesRegex(UserError, "does not wait for documents"):
            mailbox.signed_form = self.encode(make_pdf())
        mailbox = self.buy(address='altra@testcert.legalmail.it')
        for content, words in [
            (b'\x89PNG\r\n\x1a\n' + b'x' * 100, "picture"), (b'hello', "not a PDF"), (make_pdf()[:300], "damaged"),
        ]:
            with self.assertRaisesRegex(UserError, words):
                mailbox.signed_form = self.encode(content)
            mailbox.invalidate_recordset()
        self.patch(pdf.sys, 'executable', '/nonexistent')
        with self.assertRaisesRegex(UserError, "nothing is wrong with it"), self.assertLogs(DOCUMENTS, 'ERROR'):
            mailbox.signed_form = self.encode(make_pdf())
        mailbox.invalidate_recordset()
        self.company.openapi_pec_max_megabytes = 1
        with self.assertRaisesRegex(UserError, "larger than 1 MB"):
            mailbox.identity_document = self.encode(make_pdf() + b'%' * 2**20)

    def test_what_is_under_way_blocks_the_rest(self):
        mailbox = self.buy_active()
        order = self.open_order(mailbox, 'mailbox_renew').create({'years': '1'})
        other = self.open_order(mailbox, 'mailbox_revoke').create({'typed_address': mailbox.address})
        order.action_confirm()
        with self.assertRaisesRegex(UserError, "something else is under way"):
            other.action_confirm()
        with self.assertRaisesRegex(UserError, "something else is under way"):
            order.action_confirm()
        self.commit()
        self.assertEqual((self.sandbox.executed(RENEW), self.sandbox.executed(REVOKE)), (1, 0))

    def test_a_question_that_is_no_longer_true(self):
        """Two people open the question of a renewal; the second one confirms what is no longer so."""
        mailbox = self.buy_active()
        first, second = (self.open_order(mailbox, 'mailbox_renew').create({'years': '1'}) for _person in range(2))
        first.action_confirm()
        self.commit()
        with self.assertRaisesRegex(UserError, "has changed at the service since you opened"):
            second.action_confirm()
        self.assertEqual(self.sandbox.executed(RENEW), 1)

    def test_changed_elsewhere_between_the_question_and_the_call(self):
        """Somebody has renewed it in the service's console meanwhile: it is not renewed, and paid, once more."""
        mailbox = self.buy_active()
        order = self.open_order(mailbox, 'mailbox_renew').create({'years': '1'})
        self.sandbox.change_mailboxes(data_scadenza='01/01/2091')
        order.action_confirm()
        self.commit()
        self.assertEqual(
            (mailbox.call_state, self.sandbox.executed(RENEW), self.sandbox.requested(RENEW)), ('failed', 0, 0))
        self.assertIn("has changed at the service", mailbox.error_message)
        self.run_cron('mailboxes')
        self.assertEqual(mailbox.expires_on, date(2091, 1, 1))
        self.order(mailbox, 'mailbox_renew', years='1')
        self.assertEqual(mailbox.expires_on, date(2092, 1, 1))

    def test_revocation_asks_for_the_address(self):
        mailbox = self.buy_active()
        with self.assertRaisesRegex(UserError, "Type the address"):
            self.order(mailbox, 'mailbox_revoke', typed_address='other@legalmail.it')
        self.order(mailbox, 'mailbox_revoke', typed_address=f' {mailbox.address.upper()} ')
        self.assertEqual((mailbox.state, self.sandbox.executed(REVOKE)), ('revoked', 1))

    def test_what_was_bought_is_kept(self):
        mailbox = self.buy()
        with self.assertRaisesRegex(UserError, "cannot be changed here"):
            mailbox.with_user(self.manager).first_name = "Luigi"
        with self.assertRaisesRegex(UserError, "part of the archive"):
            mailbox.unlink()
        self.representative.name = "Luigi Bianchi"
        self.partner.city = "Milano"
        self.assertEqual((mailbox.first_name, mailbox.holder_city), ("Mario", "Roma"))
        self.create_mailbox().unlink()

    def test_wrong_orders(self):
        mailbox = self.buy_active()
        for operation, values, words in [
            ('mailbox_modify', {'disk_space': 1000}, "steps of 1024"),
            ('mailbox_modify', {'disk_space': -1024}, "steps of 1024"),
            ('mailbox_modify', {'disk_space': 2**31 - 1024}, "steps of 1024"),
            ('mailbox_modify', {'disk_space': 0}, "how much space"),
            ('mailbox_modify', {'storage_space': 512}, "Activate legal storage first"),
            ('mailbox_transform', {'new_type': 'STANDARD'}, "larger type"),
            ('mailbox_transform', {'new_type': 'PECMASSIVA'}, "larger type"),
            ('mailbox_user', {'email': 'nobody'}, "well-formed"),
            ('mailbox_user', {'description': ' '}, "Complete"),
        ]:
            with self.subTest(operation=operation, **values), self.assertRaisesRegex(
                    UserError, words + "(.|\n)*Nothing was sent or spent"):
                self.order(mailbox, operation, **values)
        with self.assertRaisesRegex(UserError, "signed form is missing"):
            self.order(mailbox, 'mailbox_store')
        self.assertEqual(len(mailbox.sudo().api_call_ids), 2)

    def test_25_users(self):
        mailbox = self.buy_active()
        self.env['openapi_pec.mailbox.user'].create([{'mailbox_id': mailbox.id} for _user in range(25)])
        with self.assertRaisesRegex(UserError, "25 users"):
            mailbox._check_orderable('mailbox_user')

    def test_who_may_what(self):
        mailbox = self.create_mailbox()
        with self.assertRaises(AccessError):
            mailbox.with_user(self.user).action_open_buy()
        order = self.open_order(mailbox, 'mailbox_create').create({})
        with self.assertRaises(AccessError):
            order.with_user(self.user).action_confirm()
        with self.assertRaises(AccessError):
            mailbox.with_user(self.outsider).read(['address'])
        order.action_confirm()
        self.commit()
        for name in ('action_open_renew', 'action_open_revoke', 'action_submit_now', 'action_import_from_service'):
            with self.subTest(name=name), self.assertRaises(AccessError):
                getattr(mailbox.with_user(self.user), name)()
        for values in ({'state': 'active'}, {'remote_id': 'x'}, {'snapshot': {}}, {'call_state': False}):
            with self.subTest(**values), self.assertRaises(AccessError):
                mailbox.with_user(self.manager).write(values)
        with self.assertRaises(AccessError):
            self.env['openapi_pec.mailbox'].with_user(self.manager).create(
                {'partner_id': self.partner.id, 'state': 'active'})

    def test_another_company_sees_nothing(self):
        mailbox = self.create_mailbox()
        other = self.env['res.company'].create({'name': "Altra"})
        self.manager.write({'company_ids': other.ids, 'company_id': other.id})
        with self.assertRaises(AccessError):
            mailbox.with_user(self.manager).read(['address'])

    def test_give_up_and_submit_now(self):
        self.sandbox.settings(credit=1)
        mailbox = self.create_mailbox()
        self.order(mailbox, 'mailbox_create')
        self.assertEqual((mailbox.state, mailbox.call_state), ('draft', 'queued'))
        self.assertIn("nothing was spent", mailbox.waiting_sentence.lower())
        mailbox.with_user(self.manager).action_give_up()
        self.assertEqual((mailbox.state, mailbox.call_state, mailbox.environment), ('draft', False, False))
        with self.assertRaisesRegex(UserError, "no call waiting"):
            mailbox.with_user(self.manager).action_submit_now()
        self.order(mailbox, 'mailbox_create')
        self.sandbox.settings(credit=100)
        mailbox.with_user(self.manager).action_submit_now()
        self.commit()
        self.assertEqual((mailbox.state, self.sandbox.executed(BUY)), ('registered', 1))

    def test_from_mailbox_to_register(self):
        self.partner.openapi_pec_email = False
        mailbox = self.buy('DOMICILIODIGITALE')
        with self.assertRaisesRegex(UserError, "Only an active mailbox"):
            mailbox.action_communicate()
        self.activate(mailbox)
        self.assertEqual(self.partner.openapi_pec_email, mailbox.address, "the holder had no PEC")
        action = mailbox.with_user(self.user).action_communicate()
        filing = self.env['openapi_pec.communication'].browse(action['res_id'])
        self.assertEqual((filing.partner_id, filing.pec_email, filing.mailbox_id, filing.kind),
                         (self.partner, mailbox.address, mailbox, 'company'))
        self.assertEqual(mailbox.communication_count, 1)
        self.assertEqual(mailbox.action_open_communications()['res_id'], filing.id)
        action = mailbox.action_communicate_administrator()
        filing = self.env['openapi_pec.communication'].browse(action['res_id'])
        self.assertEqual(
            (filing.kind, filing.pec_email, filing.representative_id),
            ('administrator', mailbox.address, self.representative))
        self.assertEqual(mailbox.communication_count, 2)

    def test_a_person_buys_for_herself(self):
        person = self.env['res.partner'].create({
            'name': "Anna Bianchi", 'is_company': False, 'street': "Via Roma 1", 'zip': '20121', 'city': "Milano",
            'state_id': self.env.ref('base.state_it_mi').id, 'country_id': self.env.ref('base.it').id,
            'email': 'anna@example.com', 'phone': '3401234518', 'l10n_it_codice_fiscale': 'BNCNNA85M41F205Q'})
        mailbox = self.create_mailbox('DOMICILIODIGITALE', partner_id=person.id, customer_subtype=False)
        self.assertEqual((mailbox.customer_type, mailbox.applicant_id, mailbox.holder_name), ('PV', person, False))
        self.assertEqual((mailbox.sex, mailbox.birth_city), ('F', "Milano"))
        self.order(mailbox, 'mailbox_create')
        self.assertEqual(mailbox.state, 'registered', mailbox.error_message)
        [remote] = self.sandbox.mailboxes()
        self.assertEqual(
            (remote['denominazione_titolare'], remote['cf_piva_titolare'], remote['sesso_richiedente']), ('', '', 'F'))

    def test_form_of_the_mailbox(self):
        """The form opens in each state, and follows the kind of customer."""
        mailbox = self.create_mailbox()
        with Form(mailbox.with_user(self.user)) as form:
            form.customer_type = 'PS'
            self.assertFalse(form.customer_subtype)
            form.customer_subtype = 'PA'
        self.assertEqual(mailbox.customer_subtypes, list(const.mailbox.SUBTYPES['PS']))
