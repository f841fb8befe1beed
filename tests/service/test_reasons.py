"""Wherever a reason is asked for, one rule says what it is: a few words, and not a full stop."""
from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.reason import MAX_LENGTH, get_reason

import p7m_files

from ..common_mailbox_operations import OperationsCase

REASON = "The company has confirmed it"
NONE = (None, False, '', '.', '   ', "ok", "\u200b.\n-", "- - - - - - - - - - -", "a b c d e f g h i")


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestReason(BaseCase):

    def test_rule(self):
        for text in (*NONE, 1234567890, ['a reason'], {}):
            with self.subTest(text=text):
                self.assertEqual(get_reason(text), '')
        for text, kept in (
                ("10 letters", ''), ("at least 10", ''), ("Perché sì, così",) * 2, ("dieci parole",) * 2,
                (f"  {REASON}\u200b\n", REASON)):
            with self.subTest(text=text):
                self.assertEqual(get_reason(text), kept)
        self.assertEqual(len(get_reason("so" * 10**5)), MAX_LENGTH)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestReasonsAsked(OperationsCase):
    """Every question of the addon that has a reason, with the record that is asked about, and the click."""

    def get_questions(self):
        return {
            name for name, model in self.env.registry.items()
            if name.startswith('openapi_pec.') and model._transient and not model._abstract
            and 'reason' in model._fields}

    def get_ways(self):
        """Return ``{model of the question: function that returns a record, and what clicks with a reason}``."""
        return {
            'openapi_pec.submit': self.warn, 'openapi_pec.delivery': self.sign_another,
            'openapi_pec.reconcile': self.hold,
            **{rule.wizard: lambda operation=operation: self.order_again(operation)
               for operation, rule in const.mailbox.OPERATIONS.items() if rule.wizard}}

    def warn(self):
        filing = self.create_filing(pec_email='prova@pec.example')

        def click(reason):
            question = self.env['openapi_pec.submit'].with_user(self.manager).create({'communication_ids': filing.ids})
            question.reason = reason
            question.action_confirm()
        return filing, click

    def sign_another(self):
        filing = self.create_filing(kind='administrator')
        self.bring_to_signature(filing)
        self.upload(filing, p7m_files.sign(p7m_files.identity()))
        self.assertTrue(filing.is_signature_overridable)
        return filing, lambda reason: self.env['openapi_pec.delivery'].with_user(self.user).create(
            {'communication_id': filing.id, 'reason': reason}).action_confirm()

    def hold(self):
        filing = self.create_filing(state='queued', environment='sandbox', is_held=True)
        return filing, lambda reason: self.choose(filing, 'none', reason=reason)()

    def order_again(self, operation):
        mailbox = self.begin(operation)
        if operation == 'mailbox_create':
            self.create_mailbox(address=mailbox.address).sudo().sightings = {'seen': {
                'stato': 'evasa', 'timestamp': 1700000000, 'environment': 'sandbox'}}
        call = {'before': {}, 'request': {}, 'day': fields.Date.to_string(fields.Date.today()), 'is_accepted': False}

        def click(reason):
            mailbox.sudo().awaited = False
            confirm = self.open(mailbox, operation, reason=reason)
            if operation != 'mailbox_create':  # of which earlier looks tell
                mailbox.sudo()._await(operation, [call])
            confirm()
        return mailbox, click

    def test_every_question_is_here(self):
        # which need the Company API, or a certificate: TestLookSpending, TestCertificate, TestSignMany
        elsewhere = {'openapi_pec.register_question', 'openapi_pec.certificate.purchase', 'openapi_pec.sign_many'}
        self.assertEqual(self.get_questions(), {*self.get_ways()} | elsewhere)

    def test_only_a_reason_counts(self):
        for model, way in self.get_ways().items():
            with self.subTest(model=model):
                record, click = way()
                for reason in NONE:
                    with self.assertRaisesRegex(UserError, "(?s)few words why.*nothing was spent|^Why.* is missing"):
                        click(reason)
                click(REASON)
                self.assertIn(REASON, self.messages(record))

    def test_a_user_who_is_there_already(self):
        mailbox = self.begin('mailbox_user')
        self.ask(mailbox, 'mailbox_user')
        for reason in NONE:
            with self.assertRaisesRegex(UserError, "(?s)very user is there already.*in a few words why"):
                self.open(mailbox, 'mailbox_user', reason=reason)()
        self.open(mailbox, 'mailbox_user', reason=REASON)()
        self.assertIn(REASON, self.messages(mailbox))

    def test_programs_are_asked_as_well(self):
        """Without a question, as a program does: each method that takes a reason."""
        warned, _click = self.warn()
        signed, _click = self.sign_another()
        held, _click = self.hold()
        for reason in NONE:
            for method in (warned.action_submit, signed.action_send_documents, lambda text: held._decide(reason=text)):
                with self.assertRaisesRegex(UserError, "in a few words why"):
                    method(reason)
