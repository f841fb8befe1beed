from lxml import html

from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from ..common_mailbox import MODIFY, STORE, USER, make_pdf
from ..common_mailbox_operations import OperationsCase
from ..signer.test_applicant import ApplicantCase

LUCA = {'first_name': "Luca", 'last_name': "Bianchi", 'description': "prima utenza", 'email': 'luca@example.com'}


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestUserTwice(OperationsCase):
    """Nobody is bought as a user twice without a reason."""

    def setUp(self):
        super().setUp()
        self.mailbox = self.take_over()
        self.order(self.mailbox, 'mailbox_user')
        self.assertEqual(self.mailbox.mailbox_user_ids.mapped('email'), ['luca@example.com'])

    def fill_in(self, **values):
        """Open the question and fill it in as the web client does."""
        form = Form(self.open_order(self.mailbox, 'mailbox_user'))
        for name, value in {**LUCA, **values}.items():
            form[name] = value
        return form

    def test_the_very_same(self):
        form = self.fill_in()
        self.assertIn("Luca Bianchi, luca@example.com", form.users_like)
        with self.assertRaisesRegex(AssertionError, "reason is a required field"):
            form.save()
        # Whoever calls without the page is asked as well.
        for reason in (False, ' '):
            order = self.open_order(self.mailbox, 'mailbox_user').create({**LUCA, 'reason': reason})
            with self.assertRaisesRegex(UserError, "This very user is there already: Luca Bianchi(.|\n)*"
                                                   "nothing was spent"):
                order.action_confirm()
        self.commit()
        self.assertEqual(self.sandbox.requested(USER), 1)
        form.reason = "The first one is for the other office"
        form.save().action_confirm()
        self.commit()
        self.assertEqual((self.sandbox.executed(USER), self.mailbox.user_count), (2, 2))
        self.assertIn("The reason: The first one is for the other office", self.messages(self.mailbox))
        self.assertIn(
            "Luca Bianchi is added although there is already: Luca Bianchi, luca@example.com",
            self.messages(self.mailbox))

    def test_who_is_alike(self):
        for values, words in [
            ({'first_name': " LUCA", 'last_name': "bianchi ", 'email': ' Luca@Example.com '}, "This very user"),
            ({'first_name': "Bianchi", 'last_name': "Lùca"}, "This very user"),
            ({'email': 'altro@example.com'}, "There is already a user of this name or e-mail"),
            ({'first_name': "Anna", 'last_name': "Verdi"}, "There is already a user of this name or e-mail"),
            ({'first_name': "Anna", 'last_name': "Bianchi", 'email': 'anna@example.com'}, False),
        ]:
            with self.subTest(**values):
                form = self.fill_in(**values)
                self.assertEqual(bool(form.users_like), bool(words))
                if words:
                    order = self.open_order(self.mailbox, 'mailbox_user').create({**LUCA, **values})
                    with self.assertRaisesRegex(UserError, words):
                        order.action_confirm()
        form.save().action_confirm()
        self.commit()
        self.assertEqual((self.sandbox.executed(USER), self.mailbox.user_count), (2, 2))

    def test_while_another_one_is_under_way(self):
        first, second = (self.open_order(self.mailbox, 'mailbox_user').create(
            {**LUCA, 'first_name': "Anna", 'email': 'anna@example.com'}) for _person in range(2))
        first.action_confirm()
        with self.assertRaisesRegex(UserError, "something else is under way"):
            second.action_confirm()
        self.commit()
        with self.assertRaisesRegex(UserError, "This very user is there already"):
            second.action_confirm()
        self.assertEqual(self.sandbox.executed(USER), 2)

    def test_after_a_lost_answer(self):
        """A call that counts as never arrived may have been executed after all.

        Its user is asked about as one who is there.
        """
        anna = {**LUCA, 'first_name': "Anna", 'email': 'anna@example.com'}
        order = self.open_order(self.mailbox, 'mailbox_user').create(anna)
        self.sandbox.fault(USER, 'drop_before')
        order.action_confirm()
        self.commit()
        self.assertEqual(self.mailbox.call_state, 'unconfirmed')
        with self.assertRaisesRegex(UserError, "something else is under way"):
            self.open_order(self.mailbox, 'mailbox_user')
        self.run_cron('mailboxes')
        self.look_again_at(self.mailbox)
        self.free(self.mailbox)
        self.assertEqual(
            (self.mailbox.call_state, self.mailbox.sudo().api_call_ids[:1].state), ('failed', 'never_arrived'))
        self.order(self.mailbox, 'mailbox_modify')  # whatever is asked for in between
        form = self.fill_in(first_name="Anna", email='anna@example.com')
        self.assertIn("Anna Bianchi, anna@example.com, asked for on", form.users_like)
        order = self.open_order(self.mailbox, 'mailbox_user').create(anna)
        with self.assertRaisesRegex(UserError, "look in the Openapi console"):
            order.action_confirm()
        order.reason = "The console does not show her"
        order.action_confirm()
        self.commit()
        self.assertEqual(self.sandbox.executed(USER), 2)
        self.assertFalse(self.mailbox.lost_users, "she is there now")


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSpace(OperationsCase):
    """Only space of a kind that a mailbox has is offered."""

    def test_security_archive(self):
        for mailbox_type, has_archive in (('STANDARD', False), ('BRONZE', True), ('SILVER', True), ('GOLD', True)):
            with self.subTest(mailbox_type=mailbox_type):
                mailbox = self.take_over(tipo_casella=mailbox_type)
                before, requested = mailbox.archive_space, self.sandbox.requested(MODIFY)
                form = Form(self.open_order(mailbox, 'mailbox_modify'))
                for name, is_there in (
                    ('disk_space', True), ('archive_space', has_archive), ('old_archive_space', has_archive),
                    ('storage_space', False),
                ):
                    self.assertEqual(not form._get_modifier(name, 'invisible'), is_there, name)
                order = self.open_order(mailbox, 'mailbox_modify').create({'disk_space': 1024, 'archive_space': 1024})
                if not has_archive:
                    with self.assertRaisesRegex(UserError, "no security archive(.|\n)*Nothing was sent or spent"):
                        order.action_confirm()
                    self.commit()
                    self.assertEqual(self.sandbox.requested(MODIFY), requested)
                else:
                    order.action_confirm()
                    self.commit()
                    self.assertEqual(mailbox.archive_space, before + 1024)

    def test_an_archive_that_is_told_by_its_space_alone(self):
        mailbox = self.take_over(tipo_casella='BRONZE', storico=False)
        self.assertFalse(mailbox.has_archive)
        self.order(mailbox, 'mailbox_modify', disk_space=0, archive_space=1024)
        self.assertEqual(mailbox.archive_space, 4096)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestGiveUpStorage(ApplicantCase):
    """Legal storage that was only wanted can be given up."""

    def setUp(self):
        super().setUp()
        self.attach_documents(self.mailbox)
        self.mailbox.with_user(self.user).action_send_documents()
        self.commit()
        self.sandbox.change_mailboxes(stato='evasa', data_attivazione='01/02/2020')
        self.run_cron('mailboxes')
        self.mailbox.with_user(self.user).action_want_storage()

    def is_to_be_signed(self):
        arch = html.fromstring(self.env.ref('l10n_it_openapi_pec.view_mailbox_search').arch)
        domain = safe_eval(arch.xpath('//filter[@name="to_sign"]/@domain')[0])
        return self.mailbox in self.env['openapi_pec.mailbox'].search(domain)

    def give_up(self):
        self.mailbox.with_user(self.user).action_give_up_storage()

    def test_give_up(self):
        self.assertIn('type="file"', self.visit().text)
        self.assertTrue(self.is_to_be_signed())
        form = self.mailbox.form_id
        self.give_up()
        self.assertEqual(
            (self.mailbox.form_kind, self.mailbox.is_storage_wanted, self.mailbox.form_id.id), (False, False, False))
        self.assertFalse(self.mailbox.activity_ids)
        self.assertFalse(self.is_to_be_signed())
        self.assertEqual(self.visit().status_code, 404, "nobody is asked for it any more")
        self.assertIn("Legal storage was given up before it was activated", self.messages(self.mailbox))
        self.assertIn("legal storage was given up", self.messages(self.partner))
        self.assertTrue(form.exists(), "the form that was fetched stays in the chatter")
        with self.assertRaisesRegex(UserError, "nothing to give up"):
            self.give_up()
        # Wanted again, it goes its whole way.
        self.mailbox.with_user(self.user).action_want_storage()
        self.attach_documents(self.mailbox)
        self.order(self.mailbox, 'mailbox_store')
        self.assertTrue(self.mailbox.has_storage)
        with self.assertRaisesRegex(UserError, "nothing to give up"):
            self.give_up()

    def test_with_uploads(self):
        self.mailbox.with_user(self.user).signed_form = self.encode(make_pdf())
        arch = html.fromstring(self.env['openapi_pec.mailbox'].with_user(self.user).get_view(view_type='form')['arch'])
        buttons = arch.xpath('//button[@name="action_give_up_storage"]')
        self.assertEqual(
            [bool(button.get('confirm')) for button in buttons], [False, True],
            "there is a question if something is here")
        self.give_up()
        self.assertEqual((self.mailbox.signed_form, self.mailbox.signed_form_filename), (False, False))
        self.assertFalse(self.mailbox.activity_ids)

    def test_not_while_the_call_is_under_way(self):
        self.attach_documents(self.mailbox)
        self.open_order(self.mailbox, 'mailbox_store').create({}).action_confirm()
        with self.assertRaisesRegex(UserError, "A call is under way"):
            self.give_up()
        self.commit()
        self.assertEqual(self.sandbox.executed(STORE), 1)

    def test_after_a_refusal(self):
        self.attach_documents(self.mailbox)
        order = self.open_order(self.mailbox, 'mailbox_store').create({})
        self.sandbox.change_mailboxes(data_scadenza='01/01/2091')
        order.action_confirm()
        self.commit()
        self.assertEqual(self.mailbox.call_state, 'failed')
        self.give_up()
        self.assertEqual(
            (self.mailbox.call_state, self.mailbox.error_message, self.mailbox.signed_form), (False, False, False))
        self.assertFalse(self.mailbox.activity_ids)
