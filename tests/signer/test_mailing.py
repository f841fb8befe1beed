from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..common import PecCase
from ..common_mail import MailMixin, documents_of, text_of


class MailingCase(MailMixin, PecCase):
    """Filings that wait for their signatures, and a user who mails them."""

    def waiting(self, **values):
        filing = self.create_filing(**values)
        self.bring_to_signature(filing)
        return filing

    def open(self, filings, user=None):
        """Press the button; return the question."""
        action = filings.with_user(user or self.user).action_open_mailing()
        return self.env[action['res_model']].with_user(user or self.user).browse(action['res_id'])


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestMailing(MailingCase):
    """The question before documents are mailed: one mail for each person, shown before it leaves."""

    def test_two_papers_in_one_mail(self):
        server = self.start_mail_server()
        filings = self.waiting() + self.waiting(kind='administrator')
        self.company.phone = '06 1234567'
        mailing = self.open(filings)
        [line] = mailing.line_ids
        self.assertEqual((line.name, line.email, line.document_count), ("Mario Rossi", 'mario@example.com', 2))
        self.assertTrue(line.is_ticked)
        self.assertFalse(mailing.left_out)
        with Form(mailing) as form:
            form.sign_by = fields.Date.today() + timedelta(days=3)
            form.note = "As agreed <on the phone>"
        for shown in ("Dear Mario Rossi", "Anna Verdi of " + self.company.name, "Falegnameria Prova",
                      "As agreed &lt;on the phone&gt;", "every enterprise", "art. 1 c. 860", "06 1234567"):
            self.assertIn(shown, mailing.preview_body)
        self.assertNotIn('access_token', mailing.preview_body)
        self.assertIn("Falegnameria Prova", mailing.preview_subject)
        self.assertFalse(self.env['openapi_pec.signing_request'].search([]), "nothing is made for a preview")
        self.assertFalse(self.env['mail.mail'].search([]))
        params = mailing.action_confirm()['params']
        self.assertIn("To 1 signer", params['message'])
        self.send()
        [(address, mail)] = server.mails
        self.assertEqual((address, len(documents_of(mail))), ('mario@example.com', 2))
        for filing in filings:
            self.assertIn(filing.access_token, text_of(mail))
            self.assertEqual(filing.signing_request_id.sign_by, fields.Date.today() + timedelta(days=3))
        for shown in ("Anna Verdi", "Please sign by", "As agreed"):
            self.assertIn(shown, text_of(mail))

    def test_what_else_waits_goes_along(self):
        """A person gets one mail with all that waits for him, and not again what he was mailed before."""
        mailed, first, second = self.waiting(), self.waiting(), self.waiting()
        mailed.action_mail_procura()
        another = self.waiting()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE openapi_pec_communication SET email = 'altra@example.com' WHERE id = %s", [another.id])
        self.env.invalidate_all()
        [line] = self.open(first).line_ids
        self.assertEqual(line.communication_ids, first + second)

    def test_deadline_of_the_setting(self):
        self.company.openapi_pec_sign_days = 10
        self.assertEqual(self.open(self.waiting()).sign_by, fields.Date.today() + timedelta(days=10))
        filing = self.waiting()
        filing.action_mail_procura()
        request = filing.signing_request_id
        self.assertEqual(request.sign_by, fields.Date.today() + timedelta(days=10))
        self.assertTrue(request._get_deadline())
        request.sign_by = fields.Date.today() - timedelta(days=1)
        self.assertFalse(request._get_deadline())

    def test_mailed_lately(self):
        self.start_mail_server()
        first = self.waiting()
        self.open(first).action_confirm()
        self.send()
        self.assertEqual(first.mail_state, 'sent')
        mailing = self.open(first)
        self.assertTrue(mailing.line_ids.is_recent)
        self.assertFalse(mailing.line_ids.is_ticked)
        self.assertIn("Mario Rossi", mailing.left_out)
        with self.assertRaisesRegex(UserError, "Nobody is ticked"):
            mailing.action_confirm()
        mailing.line_ids.is_ticked = True
        self.assertFalse(mailing.left_out)
        mailing.action_confirm()
        self.assertEqual(first.mail_state, 'waiting')
        self.send()
        first.procura_mailed_at -= timedelta(days=self.company.openapi_pec_remind_days + 1)
        self.assertTrue(self.open(first).line_ids.is_ticked)

    def test_signed_already(self):
        """Nobody is asked for what has arrived, unless somebody wants it signed once more."""
        signed, waiting = self.waiting(), self.waiting(kind='administrator')
        self.upload(signed)
        [first, second] = self.open(signed + waiting).line_ids
        self.assertEqual((first.communication_ids, first.is_ticked), (waiting, True))
        self.assertEqual((second.communication_ids, second.is_ticked), (signed, False))
        self.assertIn("Signed already", first.mailing_id.left_out)
        self.assertIn("Mario Rossi", first.mailing_id.left_out)
        mailing = self.open(signed)
        self.assertEqual(mailing.line_ids.mapped('is_ticked'), [True, False], "what else waits goes along")
        self.upload(waiting)
        mailing = self.open(signed)
        with self.assertRaisesRegex(UserError, "Nobody is ticked"):
            mailing.action_confirm()
        mailing.line_ids.is_ticked = True
        self.assertFalse(mailing.left_out)
        mailing.action_confirm()
        self.assertEqual(signed.mail_state, 'waiting')

    def test_answered_twice(self):
        """Who answers an old question once more, or after a colleague has mailed, mails nobody a second time."""
        server = self.start_mail_server()
        filing = self.waiting()
        mailing, another = self.open(filing), self.open(filing, self.manager)
        mailing.action_confirm()
        self.send()
        self.assertTrue(filing.procura_mailed_at)
        for question in (mailing, another):
            with self.assertRaisesRegex(UserError, "Mailed since this question was opened: Mario Rossi"):
                question.action_confirm()
        self.send()
        self.assertEqual(len(server.mails), 1)

    def test_what_cannot_be_mailed(self):
        with self.assertRaisesRegex(UserError, "nothing was mailed"):
            self.create_filing().action_open_mailing()
        filing = self.waiting()
        filing.action_mail_procura()
        self.assertIn("on their way already", filing.action_open_mailing()['params']['message'])

    def test_day_in_the_past(self):
        mailing = self.open(self.waiting())
        mailing.sign_by = fields.Date.today() - timedelta(days=1)
        with self.assertRaisesRegex(UserError, "has passed"):
            mailing.action_confirm()
        self.assertFalse(self.env['mail.mail'].search([]))

    def test_context_of_a_request(self):
        """What a request says that is previewed gets into no mail."""
        company = self.env['res.company'].create({'name': "Altra S.r.l."})
        partner = self.env['res.partner'].create({
            'name': "Segreta S.p.A.", 'is_company': True, 'openapi_pec_email': 'segreta@legalmail.it'})
        hidden = self.create_filing(partner_id=partner.id, company_id=company.id, user_id=False)
        mailing = self.open(self.waiting()).with_context(openapi_pec_previewed=[hidden._name, hidden.ids])
        self.assertNotIn("Segreta", mailing.preview_body)
        mailing.action_confirm()
        message = self.env['openapi_pec.signing_request'].search([], limit=1).message_id
        self.assertIn("Falegnameria Prova", message.body)
        for hidden_text in ("Segreta", 'segreta@legalmail.it'):
            self.assertNotIn(hidden_text, f'{message.subject} {message.body}')

    def test_of_another_user(self):
        mailing = self.open(self.waiting())
        with self.assertRaises(AccessError):
            mailing.with_user(self.manager).action_confirm()
        with self.assertRaises(AccessError):
            mailing.with_user(self.outsider).read(['note'])
        with self.assertRaises(AccessError):
            self.env['openapi_pec.mailing'].with_user(self.user).create({'sign_by': fields.Date.today()})

    def test_forged(self):
        """What a line names counts for nothing that its user may not mail himself."""
        other = self.env['res.company'].create({'name': "Altra S.r.l."})
        stranger = new_test_user(
            self.env, 'pec_stranger', 'base.group_user,l10n_it_openapi_pec.group_user', company_id=other.id,
            company_ids=[Command.set(other.ids)])
        hidden = self.waiting()
        mailing = self.env['openapi_pec.mailing'].with_user(stranger).sudo().create({
            'sign_by': fields.Date.today(),
            'line_ids': [Command.create({'communication_ids': [Command.set(hidden.ids)], 'is_ticked': True})]})
        mailing.shown_line_id = mailing.line_ids
        mailing = mailing.with_user(stranger)
        self.env.invalidate_all()
        for read in (
            lambda: mailing.preview_body, lambda: mailing.line_ids.name, lambda: mailing.line_ids.display_name,
            mailing.action_confirm,
        ):
            with self.assertRaises(AccessError):
                read()
        self.assertFalse(self.env['mail.mail'].search([]))
