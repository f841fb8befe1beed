import base64

from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import Form, tagged

from odoo.addons.l10n_it_openapi_pec import const

from ..common import CREATE, P7M, PATCH, PecCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestFiling(PecCase):
    """A filing from the partner's button to its end."""

    def test_prefilled(self):
        action = self.partner.with_user(self.user).action_openapi_pec_communicate()
        filing = self.env['openapi_pec.communication'].browse(action['res_id'])
        self.assertRecordValues(filing, [{
            'pec_email': 'prova@legalmail.it', 'kind': 'company', 'representative_id': self.representative.id,
            'first_name': "Mario", 'last_name': "Rossi", 'fiscal_code': 'RSSMRA80A01H501U',
            'email': 'mario@example.com', 'mobile': '3401234518', 'qualification': 'LEGALE_RAPPRESENTANTE',
            'company_name': "Falegnameria Prova S.r.l.", 'company_fiscal_code': '12485671007', 'city': "Roma",
            'province': 'RM', 'state': 'draft', 'findings_level': 'fine',
        }])

    def test_administrator(self):
        with Form(self.env['openapi_pec.communication']) as form:
            form.partner_id = self.partner
            form.kind = 'administrator'
            self.assertEqual(form.pec_email, 'mario.rossi@legalmail.it')
            self.assertEqual(form.qualification, 'AMMINISTRATORE')
        filing = form.record
        self.submit(filing)
        [remote] = self.sandbox.filings()
        self.assertIs(remote['pec_amministratore'], True)
        self.assertEqual(remote['casella_pec'], 'mario.rossi@legalmail.it')

    def test_names_kept_apart(self):
        """The parts of a name that another addon keeps are taken, unless it has guessed them the wrong way round."""
        self.patch(const.service, 'NAME_FIELDS', ('ref', 'function'))  # surname and name, as such an addon has them
        code = self.representative.l10n_it_codice_fiscale
        for name, kept, known_code, taken in (
            ("Anna De Rossi Maria", ("De Rossi Maria", "Anna"), False, ("De Rossi Maria", "Anna")),
            ("Mario Rossi", ("Rossi", "Mario"), code, ("Rossi", "Mario")),
            ("Mario Rossi", ("Mario", "Rossi"), code, ("Rossi", "Mario")),  # the first word taken for the surname
            ("Luca Bianchi", ("Bianchi", "Luca"), code, ("Bianchi", "Luca")),  # another person's code
            ("Mario Rossi", ("Rossi", False), code, ("Rossi", "Mario")),
            # what is no name, taken for a part of one
            ("Mario Rossi srl", ("Rossi srl", "Mario"), code, ("Rossi", "Mario")),
            ("Mario Rossi / Anna Verdi", ("Rossi / Anna Verdi", "Mario"), code, ("Rossi", "Mario")),
        ):
            with self.subTest(name=name, kept=kept):
                self.representative.write({
                    'name': name, 'ref': kept[0], 'function': kept[1], 'l10n_it_codice_fiscale': known_code})
                filing = self.create_filing()
                self.assertEqual((filing.last_name, filing.first_name), taken)

    def test_sole_trader(self):
        trader = self.env['res.partner'].create({'name': "Anna Bianchi", 'is_company': False})
        filing = self.create_filing(partner_id=trader.id)
        self.assertEqual((filing.representative_id, filing.qualification), (trader, 'TITOLARE'))

    def test_draft_follows_partner_and_submitted_does_not(self):
        filing = self.create_filing()
        self.partner.city = "Tivoli"
        self.assertEqual(filing.city, "Tivoli")
        self.submit(filing)
        self.partner.city = "Velletri"
        self.assertEqual(filing.city, "Tivoli")
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            filing.city = "Velletri"
        filing.write({'city': "Tivoli", 'user_id': self.user.id})  # the same again is no change

    def test_from_button_to_completed(self):
        filing = self.create_filing()
        self.submit(filing)
        self.assertEqual(filing.state, 'code_requested')
        self.assertTrue(filing.remote_id and filing.submitted_at and filing.expected_on and filing.late_on)
        self.assertEqual(self.sandbox.executed(), 1)
        with self.assertRaisesRegex(UserError, "does not wait for documents"):
            filing.signed_procura_file = base64.b64encode(P7M)
        [line] = filing.api_call_ids
        self.assertRecordValues(line, [{'state': 'accepted', 'remote_id': filing.remote_id, 'price': 15.70}])

        with self.assertRaisesRegex(UserError, "still preparing"):
            filing.action_fetch_procura()
        self.sandbox.set_stato('in_attesa_di_documenti')
        self.run_cron('synchronize')
        self.assertEqual(filing.state, 'awaiting_documents')
        self.assertEqual(filing.procura_id.raw[:4], b'%PDF')
        self.assertIn(filing.remote_id.encode(), filing.procura_id.raw)
        self.assertEqual(filing.activity_ids.user_id, self.manager)

        with self.assertRaisesRegex(UserError, "Upload the signed"):
            filing.action_send_documents()
        for name in ('wrong.p7m', 'procura.pdf.p7m'):
            signed = self.sign(filing)
            filing.write({'signed_procura_file': base64.b64encode(signed), 'signed_procura_filename': name})
        self.assertEqual(filing.signed_procura_id.raw, signed)
        self.assertEqual(filing.signed_procura_id.name, 'procura.pdf.p7m')
        filing.action_send_documents()
        self.commit()
        self.assertEqual(filing.state, 'documents_uploaded')
        self.assertEqual(self.sandbox.executed(PATCH), 1)
        self.assertFalse(filing.activity_ids)

        self.sandbox.set_stato('comunicazione_evasa')
        filing.action_refresh()
        self.assertEqual(filing.state, 'completed')
        self.assertIn("chamber", filing.activity_ids.summary)
        for record in (filing, self.partner):
            text = self.messages(record).lower()
            for word in (
                    "submitted", "accepted by the service", "power of attorney is ready", "documents are delivered",
                    "completed"):
                self.assertIn(word, text)
        self.assertEqual(self.partner.openapi_pec_communication_count, 1)
        self.assertIn("Filed", self.partner.openapi_pec_status)
        self.assertEqual(
            self.partner.action_openapi_pec_communications()['domain'], [('partner_id', 'in', self.partner.ids)])

    def test_missing_fields_are_named_one_by_one(self):
        filing = self.create_filing()
        for field in const.filing.REQUEST_KEYS:
            values = {field: filing[field]}
            filing[field] = False
            label = filing._fields[field].string
            with self.assertRaises(UserError) as raised:
                filing.action_submit()
            self.assertIn(f"{label} is missing", str(raised.exception))
            self.assertIn(f"{label} is missing", filing.findings)
            self.assertEqual(len(filing._get_sentences('error')[filing]), 1)
            filing.write(values)
        filing.write({'city': ' ', 'mobile': False})
        self.assertEqual(len(filing._get_sentences('error')[filing]), 2)
        self.assertEqual(self.sandbox.requested(CREATE), 0)

    def test_malformed_addresses(self):
        for field, value in [
                ('pec_email', 'no-at.it'), ('pec_email', 'a@b'), ('pec_email', 'è@pec.it'), ('email', 'nobody')]:
            filing = self.create_filing(**{field: value})
            with self.assertRaisesRegex(UserError, "well-formed"):
                filing.action_submit()

    def test_the_vendors_administrator_example_is_stopped(self):
        """The product page's body has three fields that the register would refuse.

        Their depth is checked later; what is missing or malformed is stopped now.
        """
        filing = self.create_filing(kind='administrator', pec_email='pec-without-at', mobile=False, fiscal_code=False)
        with self.assertRaises(UserError) as raised:
            filing.action_submit()
        for word in ("PEC is not a well-formed", "Mobile is missing", "Tax Code is missing", "nothing was spent"):
            self.assertIn(word, str(raised.exception))

    def test_sent_data_are_normalized(self):
        filing = self.create_filing(pec_email=' Prova@LegalMail.it ', fiscal_code='rssmra80a01h501u ', province='rm')
        self.submit(filing)
        body = [request for request in self.sandbox.requests() if request['method'] == 'POST'][-1]['body']
        self.assertEqual(
            (body['casella_pec'], body['cf'], body['provincia']), ('prova@legalmail.it', 'RSSMRA80A01H501U', 'RM'))
        self.assertEqual(body['callback']['method'], 'JSON')
        self.assertIn('/openapi_pec/callback/', body['callback']['url'])
        self.assertEqual(body['callback']['data'], {'reference': filing.reference})

    def test_submitted_twice_is_refused(self):
        filing = self.create_filing()
        self.submit(filing)
        with self.assertRaisesRegex(UserError, "submitted already"):
            filing.action_submit()
        self.assertEqual(self.sandbox.executed(), 1)

    def test_no_token(self):
        self.company.openapi_pec_token = False
        with self.assertRaisesRegex(RedirectWarning, "not ready"):
            self.create_filing().action_submit()

    def test_confirmation(self):
        filing = self.create_filing()
        question = filing.with_user(self.manager).action_open_submit()
        wizard = self.env['openapi_pec.submit'].with_user(self.manager).browse(question['res_id'])
        self.assertEqual((wizard.price, wizard.is_sandbox), (15.70, True))
        wizard.action_confirm()
        self.commit()
        self.assertEqual(filing.state, 'code_requested')
        with self.assertRaises(AccessError):
            filing.with_user(self.user).action_open_submit()

    def test_cancel(self):
        filing = self.create_filing()
        filing.action_cancel()
        self.assertEqual(filing.state, 'cancelled')
        filing.action_draft()
        self.assertEqual(filing.state, 'draft')
        self.submit(filing)
        with self.assertRaisesRegex(UserError, "no cancellation"):
            filing.action_cancel()

    def test_cancelled_while_queued_is_not_sent(self):
        filing = self.create_filing()
        filing.action_submit()
        filing.action_cancel()
        self.commit()
        self.run_cron('dispatch')
        self.assertEqual((filing.state, self.sandbox.requested(CREATE)), ('cancelled', 0))

    def test_delete(self):
        self.create_filing().unlink()
        filing = self.create_filing()
        self.submit(filing)
        with self.assertRaisesRegex(UserError, "archive"):
            filing.unlink()
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            filing.api_call_ids.unlink()

    def test_send_documents_refused_before_anything_is_sent(self):
        filing = self.create_filing()
        with self.assertRaisesRegex(UserError, "does not wait for documents"):
            filing.action_send_documents()
        with self.assertRaisesRegex(UserError, "before the service has accepted"):
            filing.action_fetch_procura()
        self.bring_to_signature(filing)
        with self.assertRaisesRegex(UserError, "Upload the signed"):
            filing.action_send_documents()
        self.assertEqual(self.sandbox.requested(PATCH), 0)

    def test_late(self):
        filing = self.create_filing()
        self.submit(filing)
        self.assertNotIn(filing, filing.search([('is_late', '=', True)]))
        filing.late_on = '2020-01-01'
        self.assertTrue(filing.is_late)
        self.assertIn(filing, filing.search([('is_late', '=', True)]))
        self.assertNotIn(filing, filing.search([('is_late', '=', False)]))
        for _run in range(2):
            self.run_cron('synchronize')
        self.assertEqual(self.messages(filing).count("Late:"), 1)
        self.assertEqual(
            filing.activity_ids.activity_type_id, self.env.ref('l10n_it_openapi_pec.mail_activity_type_late'))

    def test_late_here(self):
        """While the signature is awaited, the service is not what is waited for."""
        filing, other = self.create_filing(), self.create_filing(kind='administrator')
        filing.write({'state': 'awaiting_documents', 'late_on': '2020-01-01'})
        other.write({'state': 'documents_uploaded', 'late_on': '2020-01-01'})
        (filing + other)._announce_late()
        for late, is_here, sentence, step in (
                (filing, True, "Late: the signed power of attorney has not been sent", "Have the power of attorney"),
                (other, False, "Late: the service", "Ask Openapi")):
            self.assertEqual((late.is_late, late.is_late_here), (True, is_here))
            self.assertIn(sentence, self.messages(late))
            self.assertIn(step, late.activity_ids.summary)

    def test_many_at_once_are_left_to_the_job(self):
        filings = self.create_filing() + self.create_filing(kind='administrator')
        filings.action_submit()
        self.commit()
        self.assertEqual(filings.mapped('state'), ['queued', 'queued'])
        self.run_cron('dispatch')
        self.assertEqual(filings.mapped('state'), ['code_requested', 'code_requested'])
        self.assertEqual(self.sandbox.executed(), 2)
        self.assertEqual(filings.action_open_form()['domain'], [('id', 'in', filings.ids)])
