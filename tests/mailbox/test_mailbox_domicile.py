from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged

from ..common_mailbox import REVOKE
from ..common_mailbox_operations import OperationsCase

ACTIVITY = 'l10n_it_openapi_pec.mail_activity_type_mailbox_domicile'
# `stato` at the service -> level and words of what is found about a filing of that address.
FOUND = {
    'registrata': ('error', "not active yet: it was bought here on"),
    'documenti_errati': ('error', "not active yet: it was bought here on"),
    'in_evasione': ('error', "the provider is activating it"),
    'evasa': (None, ""),
    'revocata': ('error', "revoked here on"),
    'chiusa': ('error', "the provider has closed"),
    'registrazione_annullata': ('error', "the provider has annulled"),
}


class DomicileCase(OperationsCase):
    """Mailboxes whose addresses are somebody's digital domicile."""

    def setUp(self):
        super().setUp()
        self.today = fields.Date.context_today(self.env.user)

    def day(self, days):
        """Return a day so many days from now, as the service writes it."""
        return (self.today + timedelta(days=days)).strftime('%d/%m/%Y')

    def found(self, filing):
        """Return level and sentence of what the mailboxes say about a filing, as its user sees it."""
        filing = filing.with_user(self.user)
        filing.invalidate_recordset()
        found = [
            (finding.level, filing._get_finding_sentence(finding)) for finding in filing._get_findings()[filing]
            if finding.code.startswith('mailbox_')]
        return found[0] if found else (None, "")

    def standing_filing(self, mailbox, **values):
        """Return a completed filing of a mailbox's address."""
        return self.create_filing(pec_email=mailbox.address, state='completed', environment='sandbox', **values)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestMailboxInChecks(DomicileCase):
    """What does not receive is no digital domicile: it is red before a filing is paid."""

    def test_each_state(self):
        for stato, (level, words) in FOUND.items():
            with self.subTest(stato=stato):
                mailbox = self.take_over(stato)
                filing, linked = self.create_filing(pec_email=mailbox.address), self.create_filing(
                    mailbox_id=mailbox.id)
                linked.pec_email = f' {mailbox.address.upper()}'
                for one in (filing, linked):
                    self.assertEqual(self.found(one)[0], level)
                    self.assertIn(words, self.found(one)[1])
                    self.assertEqual(one.findings_level == 'error', level == 'error')
                    if level:
                        with self.assertRaisesRegex(UserError, words):
                            one.with_user(self.manager).action_submit()
                (filing | linked).unlink()

    def test_the_day(self):
        mailbox = self.take_over('revocata')
        _level, sentence = self.found(self.create_filing(pec_email=mailbox.address))
        self.assertIn(
            f"revoked here on {self.today.strftime('%m/%d/%Y')} and receives no more: renew that mailbox", sentence)
        mailbox.revoked_at = False
        self.assertIn("an unknown day", self.found(self.create_filing(pec_email=mailbox.address))[1])

    def test_expiry(self):
        for days, auto_renew, level, words in [
            (-1, False, 'error', "expired on"), (-1, True, 'error', "expired on"),
            (0, False, 'warning', "renew it before"), (45, False, 'warning', "renew it before"), (46, False, None, ""),
            (10, True, None, ""),
        ]:
            with self.subTest(days=days, auto_renew=auto_renew):
                mailbox = self.take_over(data_scadenza=self.day(days), autorinnovo=auto_renew)
                filing = self.create_filing(pec_email=mailbox.address)
                self.assertEqual(self.found(filing)[0], level)
                self.assertIn(words, self.found(filing)[1])

    def test_expired_is_not_communicated(self):
        mailbox = self.take_over(data_scadenza=self.day(-1))
        with self.assertRaisesRegex(UserError, "expired on(.|\n)*Renew it first"):
            mailbox.with_user(self.user).action_communicate()

    def test_a_draft_and_one_being_bought(self):
        mailbox = self.create_mailbox()
        filing = self.create_filing(pec_email=mailbox.address)
        self.assertEqual(self.found(filing)[0], 'warning')
        self.assertIn("prepared here and not bought", self.found(filing)[1])
        self.open_order(mailbox, 'mailbox_create').create({}).action_confirm()
        self.assertEqual(self.found(filing)[0], 'error')
        self.assertIn("just being bought", self.found(filing)[1])
        self.commit()
        self.assertIn("never activated", self.found(filing)[1])

    def test_bought_again(self):
        """An active mailbox at the same address makes it fine, whichever is older."""
        for first, second in (('revocata', 'evasa'), ('evasa', 'revocata')):
            address = f'{first}@testcert.legalmail.it'
            old = self.take_over(first, casella_pec=address)
            self.env.flush_all()
            [remote_id] = self.sandbox.create_mailboxes(1, second, casella_pec=address)
            self.env['openapi_pec.mailbox'].create({
                'address': address, 'remote_id': remote_id, 'environment': 'sandbox', 'partner_id': self.partner.id,
                'state': {'evasa': 'active', 'revocata': 'revoked'}[second]})
            self.assertEqual(self.found(self.create_filing(pec_email=address)), (None, ""), old.state)

    def test_another_environment(self):
        mailbox = self.take_over('revocata')
        mailbox.environment = 'production'
        self.assertEqual(self.found(self.create_filing(pec_email=mailbox.address)), (None, ""))

    def test_across_companies(self):
        """Mailboxes of all companies that the user may see count, switched on or not; of the others nothing is told."""
        there, elsewhere = self.env['res.company'].create([{'name': "Là"}, {'name': "Altrove"}])
        self.user = new_test_user(
            self.env, 'pec_domicile_user', 'base.group_user,l10n_it_openapi_pec.group_user', company_id=self.company.id,
            company_ids=[(6, 0, (self.company | there).ids)])
        for company, level in ((there, 'error'), (elsewhere, None)):
            mailbox = self.env['openapi_pec.mailbox'].create({
                'company_id': company.id, 'user_id': False, 'address': f'{company.id}@legalmail.it', 'state': 'revoked',
                'environment': 'sandbox', 'remote_id': f'{company.id}'})
            self.assertEqual(
                self.found(self.create_filing(pec_email=mailbox.address, user_id=False))[0], level, company.name)

    def test_number_of_queries(self):
        counts = []
        for number in (1, 5, 50):  # the first one fills caches
            filings = self.env['openapi_pec.communication'].create([
                {'partner_id': self.partner.id, 'pec_email': f'q{number}.{index}@legalmail.it'}
                for index in range(number)])
            self.env['openapi_pec.mailbox'].create([{
                'address': filing.pec_email, 'state': 'revoked', 'environment': 'sandbox',
                'remote_id': filing.pec_email, 'partner_id': self.partner.id} for filing in filings])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = filings._get_findings(together=True)
            counts.append(self.env.cr.sql_log_count - before)
            self.assertTrue(
                all('mailbox_revoked' in [finding.code for finding in found[filing]] for filing in filings))
        self.assertEqual(counts[1], counts[2])

    def test_batch_and_spreadsheet(self):
        mailbox = self.take_over('revocata')
        filings = self.env['openapi_pec.communication'].with_user(self.user)
        result = filings.load(['partner_id', 'pec_email'], [[self.partner.name, mailbox.address]])
        filing = filings.browse(result['ids'])
        self.assertEqual(filing.findings_level, 'error', result['messages'])
        filing.action_create_batch()
        self.assertIn("revoked here on", filing.findings_summary)
        self.assertEqual((filing.batch_id.ready_count, filing.batch_id.incomplete_count), (0, 1))

    def test_the_contact(self):
        mailbox = self.take_over('evasa')
        self.partner.openapi_pec_email = mailbox.address
        partner = self.partner.with_user(self.user)
        self.assertFalse(partner.openapi_pec_email_warning)
        self.sandbox.change_mailboxes(stato='revocata')
        mailbox.action_refresh()
        partner.invalidate_recordset()
        self.assertIn("revoked here on", partner.openapi_pec_email_warning)
        with Form(partner) as form:  # as the web client reads and changes it
            self.assertIn("write another PEC here", form.openapi_pec_email_warning)
            form.openapi_pec_email = 'altra@legalmail.it'
            self.assertFalse(form.openapi_pec_email_warning)

    def test_buying_it_once_more(self):
        mailbox = self.take_over('revocata')
        wizard = self.env['openapi_pec.mailbox.purchase'].with_user(self.user).create({
            'partner_id': self.partner.id, 'mailbox_type': 'STANDARD', 'local_part': mailbox.address.partition('@')[0]})
        self.assertEqual(wizard.availability, 'taken')
        self.assertIn("was revoked here: renew that mailbox", wizard.availability_sentence)
        draft = self.create_mailbox(address=mailbox.address)
        self.assertIn("a renewal brings that one back", draft.findings)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestDomicileAtTheEnd(DomicileCase):
    """What becomes of contacts and filings with the address of a mailbox that ends."""

    def setUp(self):
        super().setUp()
        self.mailbox = self.take_over(data_scadenza=self.day(300))
        self.partner.openapi_pec_email = self.mailbox.address
        self.activity_type = self.env.ref(ACTIVITY)

    def question(self):
        """Open the question of the revocation as the web client does."""
        return Form(self.open_order(self.mailbox, 'mailbox_revoke'))

    def revoke(self, **values):
        with self.question() as form:
            form.typed_address = self.mailbox.address
            for name, value in values.items():
                form[name] = value
        form.record.action_confirm()
        self.commit()

    def domicile_activities(self):
        return self.mailbox.activity_ids.filtered(lambda activity: activity.activity_type_id == self.activity_type)

    def test_the_question(self):
        with self.question() as form:
            self.assertEqual(form.domicile_names, self.partner.name)
            self.assertTrue(form.takes_domicile_away)
            self.assertFalse(form.filing_names)
            self.assertFalse(form.invoice_names)
            form.typed_address = 'x'
        self.partner.l10n_it_pec_email = self.mailbox.address.upper()
        filing = self.standing_filing(self.mailbox)
        refused = self.standing_filing(self.mailbox, chamber_outcome='respinta', kind='administrator')
        with self.question() as form:
            self.assertEqual(form.filing_names, f"{filing.display_name} (Filed)")
            self.assertNotIn(refused.name, form.filing_names)
            self.assertEqual(form.invoice_names, self.partner.name)
            form.typed_address = 'x'

    def test_what_was_replaced_stands_no_more(self):
        old = self.standing_filing(self.mailbox)
        self.assertEqual(self.mailbox._get_standing_filings(), old)
        person = self.standing_filing(self.mailbox, kind='administrator')
        self.create_filing(pec_email='nuova@legalmail.it', state='completed', environment='sandbox')
        self.assertEqual(self.mailbox._get_standing_filings(), person)

    def test_revoked_here(self):
        filing = self.standing_filing(self.mailbox)
        self.revoke()
        self.assertEqual((self.mailbox.state, self.partner.openapi_pec_email), ('revoked', False))
        self.assertEqual(self.mailbox.former_domicile_ids, self.partner)
        self.assertIn("was removed here, as its mailbox was revoked", self.messages(self.partner))
        self.assertIn("entry in the business register does not go away by itself", self.messages(filing))
        self.assertEqual(self.domicile_activities().user_id, self.manager)
        # A renewal brings the mailbox back, and the address with it.
        self.order(self.mailbox, 'mailbox_renew', years='1')
        self.assertEqual((self.mailbox.state, self.partner.openapi_pec_email), ('active', self.mailbox.address))
        self.assertFalse(self.domicile_activities())

    def test_nothing_counts_on_it(self):
        self.revoke()
        self.assertFalse(self.domicile_activities())

    def test_another_pec_is_left_alone(self):
        self.revoke()
        self.partner.openapi_pec_email = 'nuova@legalmail.it'
        self.order(self.mailbox, 'mailbox_renew', years='1')
        self.assertEqual(self.partner.openapi_pec_email, 'nuova@legalmail.it')

    def test_it_goes_back_to_whom_it_was_taken_from(self):
        self.partner.openapi_pec_email = False
        self.representative.openapi_pec_email = self.mailbox.address
        self.revoke()
        self.assertFalse(self.representative.openapi_pec_email)
        self.order(self.mailbox, 'mailbox_renew', years='1')
        self.assertEqual(
            (self.partner.openapi_pec_email, self.representative.openapi_pec_email), (False, self.mailbox.address))

    def test_kept_on_the_contact(self):
        self.revoke(takes_domicile_away=False)
        self.assertEqual(self.partner.openapi_pec_email, self.mailbox.address)
        self.assertIn("receives no more", self.messages(self.partner))
        self.assertTrue(self.domicile_activities())

    def test_a_refused_revocation_empties_nothing(self):
        form = self.question()
        form.typed_address = self.mailbox.address
        self.sandbox.change_mailboxes(data_scadenza=self.day(400))
        form.save().action_confirm()
        self.commit()
        self.assertEqual((self.mailbox.call_state, self.partner.openapi_pec_email), ('failed', self.mailbox.address))

    def test_a_lost_answer(self):
        self.sandbox.fault(REVOKE, 'drop_after')
        self.revoke()
        self.assertEqual(
            (self.mailbox.call_state, self.partner.openapi_pec_email), ('unconfirmed', self.mailbox.address))
        self.run_cron('mailboxes')
        self.assertEqual((self.mailbox.state, self.partner.openapi_pec_email), ('revoked', False))
        self.assertEqual(self.sandbox.requested(REVOKE), 1)

    def test_the_service_tells_it(self):
        filing = self.standing_filing(self.mailbox)
        for stato, state in (('revocata', 'revoked'), ('chiusa', 'closed'), ('registrazione_annullata', 'annulled')):
            with self.subTest(stato=stato):
                self.sandbox.change_mailboxes(stato=stato)
                self.mailbox.state = 'active'
                told = len(self.partner.message_ids), len(filing.message_ids)
                for _run in range(2):
                    self.run_cron('mailboxes')
                self.assertEqual(
                    (self.mailbox.state, self.partner.openapi_pec_email), (state, self.mailbox.address),
                    "nothing is emptied")
                self.assertEqual((len(self.partner.message_ids), len(filing.message_ids)), (told[0] + 2, told[1] + 1))
                self.assertIn("receives no more", self.partner.message_ids[0].body)
                self.assertIn(f"It is still the digital domicile of: {self.partner.name}", self.messages(self.mailbox))
                self.assertEqual(len(self.domicile_activities()), 1)

    def test_expired(self):
        self.sandbox.change_mailboxes(data_scadenza=self.day(-1))
        for _run in range(3):
            self.run_cron('mailboxes')
        self.assertEqual(self.mailbox.state, 'active')
        self.assertEqual(self.messages(self.partner).count("receives no more"), 1)
        self.assertEqual(len(self.domicile_activities()), 1)
        self.order(self.mailbox, 'mailbox_renew', years='1')
        self.assertFalse(self.domicile_activities())

    def test_an_expired_one_is_not_proposed(self):
        self.partner.openapi_pec_email = False
        self.take_over(data_scadenza=self.day(-1))
        self.assertFalse(self.partner.openapi_pec_email)
