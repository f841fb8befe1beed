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
        """Return ``{model of the question: function that returns a record, and what clicks with a reason}``.

        What clicks returns the record whose chatter keeps the reason, where the click makes it.
        """
        return {
            'openapi_pec.submit': self.warn, 'openapi_pec.delivery': self.sign_another,
            'openapi_pec.reconcile': self.hold, 'openapi_pec.certificate.purchase': self.buy_over_budget,
            'openapi_pec.certificate.freeing': self.free_purchase,
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

        def click(reason):
            self.env['openapi_pec.delivery'].with_user(self.user).create(
                {'communication_id': filing.id, 'reason': reason}).action_confirm()
        return filing, click

    def hold(self):
        filing = self.create_filing(state='queued', environment='sandbox', is_held=True)

        def click(reason):
            self.choose(filing, 'none', reason=reason)()
        return filing, click

    def buy_over_budget(self):
        self.company.openapi_pec_sign_remotely = True

        def click(reason):
            self.company.write({'openapi_pec_environment': 'production', 'openapi_pec_budget': 50})
            with self.env.cr.savepoint():
                self.env['openapi_pec.certificate.purchase'].with_user(self.manager).create(
                    {'partner_id': self.representative.id, 'reason': reason}).action_confirm()
            self.company.write({'openapi_pec_environment': 'sandbox', 'openapi_pec_budget': 0})
            return self.env['openapi_pec.certificate'].search([], limit=1)
        return self.company, click

    def free_purchase(self):
        certificate = self.env['openapi_pec.certificate'].create({
            'partner_id': self.representative.id, 'company_id': self.company.id, 'user_id': self.manager.id,
            'environment': 'sandbox', 'state': 'unconfirmed'})
        certificate._create_line('certificate_otp', price=99).write({
            'looks': 2, 'looked_at': '2026-01-01 10:00', 'last_believed_at': '2026-01-01 11:00'})

        def click(reason):
            self.env['openapi_pec.certificate.freeing'].with_user(self.manager).create(
                {'certificate_id': certificate.id, 'reason': reason}).action_confirm()
        return certificate, click

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
        elsewhere = {  # of other services: TestLookSpending, TestCertificate, TestVerification, TestSignMany
            'openapi_pec.register_question', 'openapi_pec.certificate.purchase', 'openapi_pec.verification.question',
            'openapi_pec.sign_many'}
        self.assertEqual(self.get_questions(), {*self.get_ways(), *elsewhere})

    def test_only_a_reason_counts(self):
        for model, way in self.get_ways().items():
            with self.subTest(model=model):
                record, click = way()
                for reason in NONE:
                    with self.assertRaisesRegex(UserError, "(?s)few words why.*nothing was spent|^Why.* is missing"):
                        click(reason)
                self.assertIn(REASON, self.messages(click(REASON) or record))

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
