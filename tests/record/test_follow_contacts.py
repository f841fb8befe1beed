from pathlib import Path

from odoo import Command
from odoo.modules.module import load_script
from odoo.tests import Form, HttpCase, tagged

from ..common import CREATE, PecCase
from ..common_mailbox import BUY, MailboxCase
from ..service.test_tour import TourMixin

OLD, NEW, TYPED = '3401234518', '3477654321', '3331112223'
REFUSAL = {'success': False, 'message': "cf not valid", 'error': 336, 'data': None}


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestFilingFollows(PecCase):
    """A filing that can be corrected follows its contacts; what a person typed stays, and is shown as differing."""

    def refuse(self, filing, reason=None):
        """Submit, and let the service refuse it."""
        self.sandbox.fault(CREATE, 'error_before', status=406, body=REFUSAL)
        filing.action_submit(reason)
        self.commit()
        self.assertEqual(filing.state, 'failed')

    def test_failed_follows(self):
        self.representative.phone = '+39 340 1234518'
        filing = self.create_filing()
        self.refuse(filing)
        self.assertEqual(
            (filing.differences, filing.refusal), (False, 'same'), "what is sent is still what was proposed")
        self.representative.phone = NEW
        self.partner.city = "Tivoli"
        self.assertEqual((filing.mobile, filing.city, filing.differences), (NEW, "Tivoli", False))
        self.submit(filing)
        [remote] = self.sandbox.filings()
        self.assertEqual((remote['cellulare'], remote['comune']), (NEW, "Tivoli"))
        self.representative.phone = OLD
        self.assertEqual((filing.mobile, filing.differences), (NEW, False), "what was submitted follows nobody")

    def test_corrected_while_it_was_called(self):
        filing = self.create_filing()
        self.sandbox.fault(CREATE, 'error_before', status=406, body=REFUSAL)
        filing.action_submit()
        self.representative.phone = NEW
        self.assertEqual(filing.mobile, OLD)
        self.commit()
        self.assertEqual((filing.state, filing.mobile, filing.refusal), ('failed', NEW, 'changed'))

    def test_typed_stays_and_is_told(self):
        filing = self.create_filing()
        filing.write({'mobile': TYPED, 'city': False})
        self.assertEqual(filing.differences, "Municipality: nothing here, Roma on the contact\n"
                         f"Mobile: {TYPED} here, {OLD} on the contact")
        self.representative.write({'phone': NEW, 'email': 'nuova@example.com'})
        self.assertEqual((filing.mobile, filing.email, filing.city), (TYPED, 'nuova@example.com', False))
        self.assertIn(NEW, filing.differences)
        filing.with_user(self.user).action_take_proposals()
        self.assertEqual((filing.mobile, filing.city, filing.differences), (NEW, "Roma", False))
        self.representative.phone = OLD
        self.assertEqual(filing.mobile, OLD, "it follows again")

    def test_another_person(self):
        other = self.env['res.partner'].create({'name': "Anna Bianchi", 'parent_id': self.partner.id, 'phone': NEW})
        filing = self.create_filing(mobile=TYPED)
        filing.representative_id = other
        self.assertEqual((filing.mobile, filing.first_name, filing.fiscal_code), (NEW, "Anna", False))
        filing.write({'representative_id': self.representative.id, 'mobile': TYPED})
        self.assertEqual((filing.mobile, filing.first_name, filing.fiscal_code), (TYPED, "Mario", 'RSSMRA80A01H501U'))
        filing.representative_id = False
        self.assertEqual((filing.mobile, filing.first_name), (TYPED, "Mario"), "nobody else is there")
        filing.representative_id = other
        self.assertEqual((filing.mobile, filing.first_name), (NEW, "Anna"))

    def test_another_company(self):
        filing = self.create_filing(city="Milano", qualification='LIQUIDATORE')
        [company] = self.create_companies(1)
        company.city = "Torino"
        filing.partner_id = company
        self.assertEqual(
            (
                filing.city, filing.company_name, filing.pec_email, filing.qualification, filing.representative_id,
                filing.differences),
            ("Torino", company.name, company.openapi_pec_email, 'LEGALE_RAPPRESENTANTE', company.child_ids, False))

    def test_kind_and_qualification(self):
        filing = self.create_filing(qualification='LIQUIDATORE')
        self.partner.city = "Milano"
        self.assertEqual((filing.qualification, filing.city), ('LIQUIDATORE', "Milano"))
        self.assertFalse(filing.differences, "a qualification is on no contact")
        filing.kind = 'administrator'
        self.assertEqual((filing.qualification, filing.pec_email), ('AMMINISTRATORE', 'mario.rossi@legalmail.it'))

    def test_while_typing(self):
        """The form in the browser: each choice is one request, and what was typed goes along with it."""
        other = self.env['res.partner'].create({'name': "Anna Bianchi", 'parent_id': self.partner.id, 'phone': NEW})
        third = self.env['res.partner'].create(
            {'name': "Luca Verdi", 'parent_id': self.partner.id, 'phone': '3385556667'})
        filing = self.create_filing()
        with Form(filing) as form:
            form.mobile = TYPED
            self.assertIn(TYPED, form.differences)
            form.representative_id = other
            self.assertEqual((form.mobile, form.first_name), (NEW, "Anna"))
            form.representative_id = third
            self.assertEqual((form.mobile, form.first_name, form.differences), ('3385556667', "Luca", False))
            form.mobile = TYPED
        self.assertEqual(
            (filing.mobile, filing.first_name, filing.proposals['mobile'][1]), (TYPED, "Luca", '3385556667'))
        with Form(self.env['openapi_pec.communication']) as form:
            form.partner_id = self.partner
            form.representative_id = other
            form.representative_id = third
            form.city = "Milano"
            self.assertEqual(
                (form.mobile, form.differences), ('3385556667', "Municipality: Milano here, Roma on the contact"))
        self.assertEqual((form.record.mobile, form.record.city), ('3385556667', "Milano"))
        third.phone = OLD
        self.partner.city = "Bari"
        self.assertEqual((form.record.mobile, form.record.city, filing.mobile), (OLD, "Milano", TYPED))

    def test_lines_of_a_batch(self):
        filings = self.create_filing() + self.create_filing(kind='administrator')
        batch = self.env['openapi_pec.batch'].browse(filings.action_create_batch()['context']['openapi_pec_batch_id'])
        batch.with_user(self.user).write({'communication_ids': [Command.update(filings[0].id, {'mobile': TYPED})]})
        self.representative.phone = NEW
        self.assertEqual(filings.mapped('mobile'), [TYPED, NEW])
        self.assertEqual([bool(line.differences) for line in filings], [True, False])
        with Form(filings[0].with_user(self.user)) as line:
            self.assertIn(NEW, line.differences)
            line.mobile = NEW
            self.assertFalse(line.differences)
        self.assertEqual(filings[0].mobile, NEW)

    def test_row_of_a_spreadsheet(self):
        [company] = self.create_companies(1)
        result = self.env['openapi_pec.communication'].with_user(self.user).load(
            ['partner_id', 'mobile', 'city'], [[company.l10n_it_codice_fiscale, TYPED, '']])
        self.assertFalse(result['messages'])
        filing = self.env['openapi_pec.communication'].browse(result['ids'])
        company.child_ids.phone = NEW
        company.city = "Milano"
        self.assertEqual((filing.mobile, filing.city), (TYPED, "Milano"))
        self.assertIn(NEW, filing.differences)

    def test_copies(self):
        filing = self.create_filing(city="Tivoli")
        self.submit(filing)
        self.representative.phone = NEW
        self.assertEqual(filing.mobile, OLD)
        filing.write({'state': 'completed'})
        filing.chamber_outcome = 'respinta'
        filing.with_user(self.user).action_correct()
        for copied in (filing.corrected_by_id, filing.copy()):
            self.assertEqual(
                (copied.mobile, copied.city), (NEW, "Tivoli"), "what followed follows, what was typed stays")
            self.assertIn("Tivoli", copied.differences)

    def test_taken_up_again(self):
        filing = self.create_filing(city="Milano")
        filing.action_cancel()
        self.representative.phone = NEW
        self.assertEqual(filing.mobile, OLD)
        filing.action_draft()
        self.assertEqual((filing.mobile, filing.city), (NEW, "Milano"))

    def test_filings_from_before(self):
        """Of what was made before proposals were kept, what equals the contact follows it.

        The rest counts as typed.
        """
        filing = self.create_filing(mobile=TYPED, email=False)
        failed = self.create_filing(kind='administrator', state='failed')
        submitted = self.create_filing()
        self.submit(submitted)
        self.env.flush_all()
        filings = filing + failed + submitted
        self.env.cr.execute("UPDATE openapi_pec_communication SET proposals = NULL WHERE id = ANY(%s)", [filings.ids])
        self.env.invalidate_all()
        self.env.add_to_compute(filings._fields['proposals'], filings)  # as Odoo does for a new column
        self.assertEqual((filing.mobile, filing.email, failed.mobile, submitted.proposals), (TYPED, False, OLD, False))
        self.representative.write({'phone': NEW, 'email': 'nuova@example.com'})
        self.assertEqual((filing.mobile, filing.email, failed.mobile, submitted.mobile), (TYPED, False, NEW, OLD))

    def test_mailbox_as_source(self):
        mailbox = self.env['openapi_pec.mailbox'].create({
            'partner_id': self.partner.id, 'address': 'nostra@legalmail.it', 'state': 'active',
            'environment': 'sandbox'})
        filing = self.env['openapi_pec.communication'].browse(mailbox.action_communicate()['res_id'])
        filing.pec_email = 'altra@legalmail.it'
        self.assertEqual(filing.differences, "PEC: altra@legalmail.it here, nostra@legalmail.it on the mailbox")

    def test_queries_do_not_grow(self):
        def count(number):
            companies = self.create_companies(1, f"Molte {number} %d S.r.l.")
            self.env['openapi_pec.communication'].create([
                {'partner_id': companies.id, 'pec_email': f'molte{number}-{index}@legalmail.it'}
                for index in range(number)])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            companies.child_ids.phone = NEW
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(2)
        self.assertLessEqual(count(200), count(20) + 2)

    # ------------------------------------------------------------ what the service refused

    def test_nothing_is_fine_beside_a_refusal(self):
        filing = self.create_filing()
        self.assertEqual(filing.findings_level, 'fine')
        self.refuse(filing)
        findings = filing._get_findings()[filing]
        self.assertEqual(
            [(finding.level, finding.code) for finding in findings], [('warning', 'refused')])
        self.assertEqual((filing.findings_level, filing.refusal), ('warning', 'same'))
        for text in (filing.findings, filing.findings_summary):
            self.assertIn("refused exactly these data", text)
            self.assertIn("cf not valid", text)
        filing.email = 'nobody'
        self.assertEqual(filing.refusal, 'changed')
        filing.email = 'mario@example.com'
        self.assertEqual(filing.refusal, 'same', "these were refused")
        filing.email = 'altra@example.com'
        self.assertEqual((filing.findings_level, filing.refusal), ('fine', 'changed'))
        self.assertIn("cf not valid", filing.refusal_sentence)
        self.submit(filing)
        self.assertEqual((filing.state, filing.refusal, filing.refused), ('code_requested', False, False))

    def test_refusal_stands_above_errors(self):
        filing = self.create_filing()
        self.refuse(filing)
        filing.company_id.openapi_pec_environment = 'production'
        self.assertEqual(filing.refusal, 'changed', "the sandbox has refused them, not the service that files")
        filing.company_id.openapi_pec_environment = 'sandbox'
        twin = self.create_filing(pec_email=filing.pec_email)
        self.submit(twin)
        filing.invalidate_recordset()
        reasons = [finding.code for finding in filing._get_findings()[filing]]
        self.assertEqual((reasons, filing.findings_level), (['refused', 'filing_open'], 'error'))

    def test_what_the_service_refused_is_not_taken_from_the_contacts(self):
        filing = self.create_filing()
        self.refuse(filing)
        filing.mobile = TYPED
        told = filing.action_take_proposals()
        self.assertEqual(filing.mobile, TYPED)
        self.assertIn("Mobile. This stays as it is here", told['params']['message'])
        self.representative.phone = NEW
        self.assertIsNone(filing.action_take_proposals())
        self.assertEqual(filing.mobile, NEW)

    def test_refused_data_are_submitted_again_with_a_reason(self):
        filing = self.create_filing()
        self.refuse(filing)
        with self.assertRaisesRegex(Exception, "only for a reason"):
            filing.action_submit()
        filing.action_submit("Openapi has mended it")
        self.commit()
        self.assertEqual(filing.state, 'code_requested')

    def test_refusals_from_before(self):
        """Of what was refused before refusals were kept it is known only as long as nobody has changed it."""
        filing, corrected = self.create_filing(), self.create_filing(kind='administrator')
        self.refuse(filing)
        self.refuse(corrected)
        (filing + corrected).refused = False
        self.env.flush_all()
        self.env.cr.execute("UPDATE openapi_pec_communication SET write_date = write_date - interval '1 day' WHERE id "
                            "= %s", [filing.id])
        self.env.cr.execute("UPDATE openapi_pec_communication SET write_date = write_date + interval '1 day' WHERE id "
                            "= %s", [corrected.id])
        self.env.invalidate_all()
        script = load_script(
            str(Path(__file__).parent.parent.parent / 'migrations/19.0.1.1.0/post-contact.py'), 'post_contact')
        script.migrate(self.env.cr, '19.0.1.0.0')
        self.assertEqual((filing.refusal, corrected.refusal), ('same', False))
        self.assertIn("cf not valid", filing.refusal_sentence)

    def test_what_never_arrived_or_had_no_token_is_no_refusal_of_data(self):
        filing = self.create_filing()
        self.company.openapi_pec_token = 'wrong'
        self.submit(filing)
        self.assertEqual((filing.state, filing.refusal, filing.findings_level), ('failed', False, 'fine'))
        self.company.openapi_pec_token = 'sandbox-token'
        self.sandbox.fault(CREATE, 'drop_before')
        self.submit(filing)
        self.run_cron('synchronize')
        self.look_again(filing)
        self.free(filing)
        self.assertEqual((filing.state, filing.refusal), ('failed', False))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestMailboxFollows(MailboxCase):
    """The same of a mailbox that is not bought yet."""

    def refuse(self, mailbox):
        self.sandbox.fault(BUY, 'error_before', status=406, body={**REFUSAL, 'error': 242})
        self.order(mailbox, 'mailbox_create')
        self.assertEqual((mailbox.state, mailbox.call_state), ('draft', 'failed'))

    def test_draft_and_refused_purchase(self):
        mailbox = self.create_mailbox(phone=TYPED)
        for prepare in (lambda mailbox: None, self.refuse):
            prepare(mailbox)
            self.representative.write({'phone': NEW, 'email': 'nuova@example.com'})
            self.partner.street = "Via Nuova 2"
            self.assertEqual(
                (mailbox.phone, mailbox.email, mailbox.holder_street), (TYPED, 'nuova@example.com', "Via Nuova 2"))
            self.assertEqual(mailbox.differences, f"Phone: {TYPED} here, {NEW} on the contact")
            self.representative.write({'phone': OLD, 'email': 'mario@example.com'})
            self.partner.street = "Via delle Prove 1"
        mailbox.with_user(self.user).action_take_proposals()
        self.assertEqual((mailbox.phone, mailbox.differences), (OLD, False))

    def test_another_applicant(self):
        other = self.env['res.partner'].create({
            'name': "Anna Bianchi", 'parent_id': self.partner.id, 'l10n_it_codice_fiscale': 'BNCNNA85M41F205Q',
            'phone': NEW})
        mailbox = self.create_mailbox(applicant_id=self.representative.id, phone=TYPED, birth_city="Ostia")
        self.partner.city = "Milano"
        self.assertEqual((mailbox.birth_city, mailbox.birth_province, mailbox.holder_city), ("Ostia", 'RM', "Milano"))
        mailbox.applicant_id = other
        self.assertEqual((mailbox.phone, mailbox.sex, mailbox.birth_city), (NEW, 'F', "Milano"))
        with Form(mailbox) as form:
            form.birth_city = "Monza"
            form.applicant_id = self.representative
            self.assertEqual((form.phone, form.birth_city, form.sex), (OLD, "Roma", 'M'))
            form.applicant_id = other
            self.assertEqual((form.phone, form.birth_city, form.sex), (NEW, "Milano", 'F'))
        self.assertEqual((mailbox.birth_city, mailbox.birth_proposals['birth_city'][1]), ("Milano", "Milano"))

    def test_typed_birth_stays_when_the_code_is_corrected(self):
        mailbox = self.create_mailbox(fiscal_code='RSSMRA80A01H501', birth_city="Ostia")
        self.assertFalse(mailbox.sex)
        mailbox.action_take_proposals()
        self.assertEqual((mailbox.fiscal_code, mailbox.birth_city, mailbox.sex), ('RSSMRA80A01H501U', "Ostia", 'M'))

    def test_nothing_is_fine_beside_a_refusal(self):
        mailbox = self.create_mailbox()
        self.refuse(mailbox)
        findings = mailbox._get_findings()[mailbox]
        self.assertEqual((findings[0].code, mailbox.refusal), ('refused', 'same'))
        self.assertNotIn('fine', [finding.level for finding in findings])
        self.assertIn("cf not valid", mailbox.findings)
        self.representative.email = 'nuova@example.com'
        self.assertEqual((mailbox.email, mailbox.refusal), ('nuova@example.com', 'changed'))
        self.assertNotIn('refused', [finding.code for finding in mailbox._get_findings()[mailbox]])
        self.order(mailbox, 'mailbox_create')
        self.assertEqual((mailbox.state, mailbox.refusal), ('registered', False))

    def test_bought_follows_nobody(self):
        mailbox = self.buy()
        self.representative.phone = NEW
        self.assertEqual((mailbox.phone, mailbox.differences), (OLD, False))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestFollowTour(TourMixin, PecCase, HttpCase):
    """A refused filing is corrected in Chromium."""

    def test_correct_a_refused_filing(self):
        for name, phone in (("Anna Bianchi", NEW), ("Luca Verdi", '3385556667')):
            self.env['res.partner'].create({'name': name, 'parent_id': self.partner.id, 'phone': phone})
        filing = self.create_filing()
        filing._keep_refused('create', "Refused, nothing was spent. [cf not valid]")
        filing.state = 'failed'
        self.start_tour(f'/odoo/pec-communications/{filing.id}', 'openapi_pec_follow', login=self.manager.login)
        self.assertEqual((filing.first_name, filing.mobile, filing.differences), ("Luca", '3385556667', False))
