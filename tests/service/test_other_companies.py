import json
import logging

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common import p7m_files
from ..common_client import ClientCase, RpcError
from ..common_mailbox import MailboxCase

CODE, PERSON_CODE = '00743110157', 'BNCNNA85T50F205O'
HTTP = 'odoo.http'
# What of the other company's contacts nobody of this one may learn.
SECRETS = (CODE, PERSON_CODE, "Segreta", "Anna", 'segreta@legalmail.it', 'occulta@example.com', '3409876543', "Nazzano")


class OtherCompanyCase(ClientCase, MailboxCase):
    """A second company, with contacts of its own, where the User does not work; and a Manager who works there alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env['res.company'].create({'name': "Altra S.r.l."})
        cls.other._openapi_pec_set_token('sandbox', 'sandbox-token:another')
        cls.stranger = new_test_user(
            cls.env, 'pec_stranger', 'base.group_user,base.group_partner_manager,l10n_it_openapi_pec.group_manager',
            company_id=cls.other.id, company_ids=[Command.set(cls.other.ids)])
        partners = cls.env['res.partner']
        cls.hidden = partners.create({
            'name': "Segreta S.p.A.", 'is_company': True, 'company_id': cls.other.id, 'city': "Nazzano",
            'vat': 'IT' + CODE, 'l10n_it_codice_fiscale': CODE, 'openapi_pec_email': 'segreta@legalmail.it',
            'country_id': cls.env.ref('base.it').id, 'state_id': cls.env.ref('base.state_it_rm').id,
            'street': "Via Nazzano 1"})
        cls.hidden_person = partners.create({
            'name': "Anna Bianchi", 'parent_id': cls.hidden.id, 'company_id': cls.other.id,
            'l10n_it_codice_fiscale': PERSON_CODE, 'email': 'occulta@example.com', 'phone': '3409876543',
            'openapi_pec_email': 'occulta@legalmail.it'})

    def setUp(self):
        super().setUp()
        self.log_in(self.user)

    def make_other_filing(self, **values):
        """Make a filing of the other company, about its own contact unless told otherwise."""
        return self.create_filing(**{
            'company_id': self.other.id, 'user_id': self.stranger.id, 'partner_id': self.hidden.id,
            'representative_id': self.hidden_person.id, **values})

    def ask(self, model, values, names, ids=()):
        """Return, as text, all that the form of a model tells when these values are filled in; an error as well."""
        specification = {name: {} for name in names}
        try:
            return json.dumps(self.rpc(model, 'onchange', list(ids), values, list(values), specification))
        except RpcError as error:
            return str(error)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestOtherCompanies(OtherCompanyCase):
    """Who works in one company learns nothing of another one's contacts, and puts nothing there."""

    def assert_tells_nothing(self, text):
        for secret in SECRETS:
            self.assertNotIn(secret, text)

    # ------------------------------------------------------------ forms tell what whoever fills them in may read

    def test_forms_tell_nothing_of_hidden_contacts(self):
        """What is stored is computed with all rights: a form with any contact told its names, codes, mail and phone."""
        filing = self.env['openapi_pec.communication']
        names = ['representative_id', 'qualification', 'differences', 'proposals', 'findings', *filing._proposed_fields]
        draft = self.create_filing()
        mailbox = self.env['openapi_pec.mailbox'].create({
            'partner_id': self.hidden.id, 'applicant_id': self.hidden_person.id, 'company_id': self.other.id,
            'user_id': self.stranger.id, 'address': 'occulta@testcert.legalmail.it'})
        with mute_logger(HTTP):
            for values in (
                {'partner_id': self.hidden.id},
                {'partner_id': self.partner.id, 'representative_id': self.hidden_person.id},
                {'partner_id': self.hidden.id, 'representative_id': self.hidden_person.id, 'kind': 'administrator'},
                {'partner_id': self.partner.id, 'mailbox_id': mailbox.id},
            ):
                for ids in ([], draft.ids):
                    with self.subTest(values=values, ids=ids):
                        text = self.ask(filing._name, values, names, ids)
                        self.assert_tells_nothing(text)
                        self.assertNotIn(mailbox.address, text)
            names = ['applicant_id', 'customer_type', 'birth_date', 'proposals', *mailbox._proposed_fields]
            for values in (
                    {'partner_id': self.hidden.id},
                    {'partner_id': self.partner.id, 'applicant_id': self.hidden_person.id}):
                with self.subTest(values=values):
                    self.assert_tells_nothing(self.ask(mailbox._name, values, names))

    def test_forms_still_tell_of_ones_own(self):
        text = self.ask(
            'openapi_pec.communication', {'partner_id': self.partner.id},
            ['first_name', 'company_name', 'pec_email', 'mobile'])
        for told in ("Falegnameria Prova", 'prova@legalmail.it', "Mario", '3401234518'):
            self.assertIn(told, text)

    def test_send_wizard_tells_nothing_of_a_hidden_filing(self):
        filing = self.make_other_filing()
        self.bring_to_signature(filing)
        self.upload(
            filing, p7m_files.sign(p7m_files.identity(given="Segreta", surname="Bianchi"), filing.procura_id.raw))
        self.assertIn("Segreta", filing.signature_findings)
        with mute_logger(HTTP):
            text = self.ask(
                'openapi_pec.delivery', {'communication_id': filing.id}, ['signature_findings', 'identity_sentence'])
        self.assert_tells_nothing(text)

    def test_forms_tell_nothing_of_another_wallet(self):
        self.other._openapi_pec_pause('credit', record=self.make_other_filing())
        self.other.write({'openapi_pec_credit': 1234.5, 'openapi_pec_credit_at': '2026-01-02 03:04:05'})
        with mute_logger(HTTP):
            told = [
                self.ask(
                    'openapi_pec.batch', {'company_id': self.other.id, 'is_paused': True},
                    ['credit', 'credit_at', 'pause_sentence']),
                self.ask(
                    'openapi_pec.communication',
                    {'company_id': self.other.id, 'state': 'queued', 'partner_id': self.partner.id},
                    ['waiting_for', 'waiting_sentence']),
                self.ask(
                    'openapi_pec.mailbox', {'company_id': self.other.id, 'call_state': 'queued'},
                    ['waiting_sentence', 'waiting_for']),
            ]
        for text in told:
            for secret in ('1234.5', '1,234.5', '2026-01-02', "wallet"):
                self.assertNotIn(secret, text)

    def test_others_recompute_without_harm(self):
        """Who changes a shared contact, and may not read the representative, gets no error.

        What is there is not taken away either.
        """
        filing = self.make_other_filing(partner_id=self.partner.id)
        self.assertEqual((filing.first_name, filing.fiscal_code), ("Anna", PERSON_CODE))
        outsider = self.partner.with_user(self.outsider).with_context(allowed_company_ids=self.company.ids)
        outsider.write({'name': "Falegnameria Nuova S.r.l.", 'city': "Milano"})
        self.env.flush_all()
        self.assertEqual(filing.company_name, "Falegnameria Nuova S.r.l.")
        self.assertEqual(
            (filing.first_name, filing.fiscal_code, filing.representative_id),
            ("Anna", PERSON_CODE, self.hidden_person))
        self.hidden_person.with_user(self.stranger).phone = '3401111111'
        self.assertEqual(filing.mobile, '3401111111', "whoever may read it brings it up to date")
        self.hidden_person.with_user(self.env.ref('base.user_root')).email = 'nuova@example.com'
        self.assertEqual(filing.email, 'nuova@example.com', "a job as well")

    # ------------------------------------------------------------ nothing moves where one does not work

    def test_nothing_moves_into_a_hidden_company(self):
        filing, mailbox = self.create_filing(), self.create_mailbox()
        batch = self.env['openapi_pec.batch'].create({'user_id': self.user.id})
        with mute_logger(HTTP):
            for record in (filing, mailbox, batch):
                with self.subTest(model=record._name), self.assertRaises(RpcError):
                    self.rpc(record._name, 'write', record.ids, {'company_id': self.other.id})
                with self.subTest(model=record._name), self.assertRaises(RpcError):
                    self.rpc(record._name, 'web_save', record.ids, {'company_id': self.other.id}, {'display_name': {}})
            loaded = self.rpc(filing._name, 'load', ['.id', 'partner_id', 'company_id/.id'], [
                [str(filing.id), "Falegnameria Prova S.r.l.", str(self.other.id)]])
            self.assertFalse(loaded['ids'], loaded)
            loaded = self.rpc(mailbox._name, 'load', ['.id', 'company_id/.id'], [[str(mailbox.id), str(self.other.id)]])
            self.assertFalse(loaded['ids'], loaded)
            for model in ('openapi_pec.communication', 'openapi_pec.mailbox', 'openapi_pec.mailbox.purchase'):
                with self.subTest(model=model), self.assertRaises(RpcError):
                    self.rpc(model, 'create', [{'partner_id': self.partner.id, 'company_id': self.other.id}])
        for record in (filing, mailbox, batch):
            self.assertEqual(record.company_id, self.company, record)

    def test_what_was_sent_stays_in_its_company(self):
        self.user.company_ids += self.other
        draft = self.create_filing(user_id=self.user.id)
        draft.with_user(self.user).company_id = self.other
        self.assertEqual(draft.company_id, self.other, "a draft may move where one works")
        refused, batch = self.create_filing(user_id=self.user.id), self.env['openapi_pec.batch'].create(
            {'user_id': self.user.id})
        self.sandbox.fault('POST /comunica_pec', 'error_before', status=406, body=json.dumps(
            {'success': False, 'message': "no", 'error': 351, 'data': None}))
        self.submit(refused)
        self.assertTrue(refused.api_call_ids, refused.error_message)
        refused.write({'state': 'failed'})
        for record in (refused, batch):
            with self.subTest(model=record._name), self.assertRaises(UserError):
                record.with_user(self.user).company_id = self.other
        mailbox = self.buy(user_id=self.user.id)
        mailbox.write({'state': 'draft', 'call_state': 'failed'})
        with self.assertRaises(UserError):
            mailbox.with_user(self.user).company_id = self.other

    def test_found_filings_are_assigned_to_known_contacts(self):
        row = self.env['openapi_pec.foreign_filing'].create({
            'company_id': self.company.id, 'environment': 'sandbox', 'remote_id': 'a' * 24, 'state': 'unassigned'})
        with self.assertRaises(AccessError):
            row.with_user(self.manager).partner_id = self.hidden
        row.with_user(self.manager).partner_id = self.partner

    def test_domains_looked_up(self):
        """Which addresses another company asks about is its own affair; the answer counts for everybody."""
        domain = self.env['openapi_pec.domain'].create({
            'name': 'segreta.it', 'company_id': self.other.id, 'user_id': self.stranger.id, 'state': 'certified',
            'environment': 'sandbox', 'answered_at': fields.Datetime.now()})
        self.assertNotIn('segreta.it', str(self.rpc(domain._name, 'search_read', [], ['name'])))
        self.log_in(self.stranger)
        self.assertIn('segreta.it', str(self.rpc(domain._name, 'search_read', [], ['name'])))
        self.assertIn(('segreta.it', 'sandbox'), domain.with_user(self.user)._get_reasons(['segreta.it']))

    # ------------------------------------------------------------ chatters

    def test_shared_chatter_tells_nothing(self):
        """Everybody reads the chatter of a contact of no company; what is told of it stands on the filing."""
        filing = self.make_other_filing(partner_id=self.partner.id, pec_email='riservata@legalmail.it')
        self.submit(filing)
        chatter = str(self.partner.with_user(self.user).message_ids.mapped('body'))
        self.assertIn("There is news about a PEC filing", chatter)
        self.assertIn(f'data-oe-id="{filing.id}"', chatter)
        for told in ('riservata@legalmail.it', "ubmitted", "ccepted"):
            self.assertNotIn(told, chatter)
        self.assertIn("Accepted by the service", self.messages(filing))

    def test_own_chatter_tells_all(self):
        filing = self.make_other_filing()
        self.submit(filing)
        self.assertIn("segreta@legalmail.it): accepted by the service", self.messages(self.hidden))

    def test_one_company_tells_all(self):
        filing = self.create_filing()
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_company SET active = (id = %s)", [self.company.id])
        self.env.invalidate_all()
        self.submit(filing)
        self.assertIn("prova@legalmail.it): accepted by the service", self.messages(self.partner))

    def test_end_of_a_mailbox_in_shared_chatters(self):
        """A revocation is said on the contact of the company itself.

        It is said neither on contacts that others read, nor to other companies.
        """
        mailbox = self.buy_active()
        (self.partner | self.hidden).openapi_pec_email = mailbox.address
        filing = self.make_other_filing(pec_email=mailbox.address)
        filing.sudo().write({'state': 'completed', 'environment': 'sandbox'})
        self.partner.message_ids.unlink()
        mailbox._take_domicile_away(self.partner.ids)
        self.partner.openapi_pec_email = mailbox.address
        mailbox.write({'state': 'revoked'})
        mailbox._notify_end()
        chatter = self.messages(self.partner)
        self.assertIn("There is news about a PEC mailbox", chatter)
        self.assertNotIn("revoked", chatter)
        self.assertNotIn("receives no more", chatter)
        self.assertNotIn("Segreta", self.messages(mailbox))
        self.assertIn("Falegnameria", self.messages(mailbox))
        for record in (self.hidden, filing):
            self.assertNotIn("receives no more", self.messages(record))

    def test_twin_of_another_company_has_no_number(self):
        first = self.create_filing()
        self.submit(first)
        second = self.make_other_filing(
            partner_id=self.partner.id, representative_id=self.representative.id, pec_email=first.pec_email)
        second.write({'environment': 'sandbox'})
        second._mark_twin({})
        self.assertTrue(second.is_twin)
        for one, other in ((first, second), (second, first)):
            self.assertIn("a filing of another company is the same filing", self.messages(one))
            self.assertNotIn(other.name, self.messages(one))
        third = self.create_filing(pec_email=first.pec_email)
        third.write({'environment': 'sandbox'})
        third._mark_twin({})
        self.assertIn(f"{first.name} is the same filing", self.messages(third))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestCompanyFields(OtherCompanyCase):
    """Who writes, and who reads, what the addon keeps on a company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rights = new_test_user(
            cls.env, 'pec_rights', 'base.group_user,base.group_erp_manager,base.group_partner_manager')
        cls.system = new_test_user(cls.env, 'pec_system', 'base.group_user,base.group_system')
        cls.portal = new_test_user(cls.env, 'pec_portal', 'base.group_portal')
        cls.company.write({'openapi_pec_credit': 12.5, 'openapi_pec_credit_at': '2026-01-02 03:04:05'})

    def write(self, user, **values):  # no model's; pylint: disable=method-required-super
        self.log_in(user)
        with mute_logger(HTTP):
            try:
                self.rpc('res.company', 'write', self.company.ids, values)
            except RpcError:
                return False
        return True

    def test_settings_are_a_system_administrators(self):
        settings = {
            'openapi_pec_environment': 'production', 'openapi_pec_parallel_calls': 3,
            'openapi_pec_token': 'sandbox-token:another',
            'openapi_pec_late_days': 9, 'openapi_pec_max_megabytes': 9, 'openapi_pec_decide_hours': 9,
            'openapi_pec_mail_procura': True, 'openapi_pec_mail_forms': True}
        for name, value in settings.items():
            with self.subTest(name=name):
                self.assertFalse(self.write(self.rights, **{name: value}))
                with mute_logger(HTTP), self.assertRaises(RpcError):
                    self.rpc('res.company', 'create', [{'name': f"Nuova {name}", name: value}])
                with mute_logger(HTTP), self.assertRaises(RpcError):
                    self.rpc('res.company', 'create', [{'name': f"Nuova {name}"}], context={f'default_{name}': value})
                self.assertTrue(self.write(self.system, **{name: value}))
        self.assertEqual(self.company.openapi_pec_environment, 'production')

    def test_access_rights_go_on_making_companies(self):
        self.log_in(self.rights)
        [company_id] = self.rpc('res.company', 'create', [{'name': "Nuova S.r.l."}])
        self.rpc('res.company', 'write', [company_id], {'name': "Nuovissima S.r.l."})
        self.assertEqual(self.env['res.company'].browse(company_id).openapi_pec_environment, 'sandbox')

    def test_wallet_and_pause_are_written_by_nobody(self):
        for user in (self.rights, self.system, self.manager):
            for name, value in {
                    'openapi_pec_credit': 99, 'openapi_pec_credit_at': False,
                    'openapi_pec_paused_until': '2030-01-01 00:00:00', 'openapi_pec_pause_reason': 'rate',
                    'openapi_pec_accounts': {}}.items():
                with self.subTest(user=user.login, name=name):
                    self.assertFalse(self.write(user, **{name: value}))
        self.assertEqual(self.company.openapi_pec_credit, 12.5)

    def test_who_reads(self):
        wallet = ['openapi_pec_credit', 'openapi_pec_credit_at', 'openapi_pec_paused_until', 'openapi_pec_pause_reason']
        readers = {
            self.portal: [], self.outsider: [], self.rights: [], self.user: ['openapi_pec_environment'],
            self.manager: [*wallet, 'openapi_pec_environment'], self.system: [*wallet, 'openapi_pec_environment']}
        for user, readable in readers.items():
            for name in (*wallet, 'openapi_pec_environment'):
                with self.subTest(user=user.login, name=name):
                    company = self.company.with_user(user)
                    company.invalidate_recordset()
                    if name in readable:
                        company.read([name])
                    else:
                        with self.assertRaises(AccessError):
                            company.read([name])
                    if name in readable and name != 'openapi_pec_credit':  # by which nobody searches
                        company.search([(name, '=', self.company[name])])
                    else:
                        with self.assertRaises(AccessError):
                            company.search([(name, '=', self.company[name])])

    def test_amounts_are_told_to_managers(self):
        filing = self.create_filing()
        self.company._openapi_pec_pause('credit', record=filing)
        filing.write({'state': 'queued', 'environment': 'sandbox'})
        batch = self.env['openapi_pec.batch'].create({})
        sentences = {user: filing.with_user(user).waiting_sentence for user in (self.user, self.manager)}
        self.assertIn("12.50", sentences[self.manager])
        self.assertIn("too little credit", sentences[self.user])
        self.assertNotIn("12.50", sentences[self.user])
        self.assertEqual((batch.with_user(self.manager).credit, batch.with_user(self.user).credit), (12.5, 0))
        self.log_in(self.user)
        found = self.rpc(filing._name, 'search', [('waiting_for', 'in', ('credit', 'token', 'rate'))])
        self.assertEqual(found, filing.ids, "the filter of a User who may not read the pause itself")


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestRefusedInPython(OtherCompanyCase):
    """What the database would refuse is refused before: what it refuses stands in the log with the whole row."""

    SAID = ('RSSMRA80A01L117D', '12485671007', 'sandbox-token')

    def setUp(self):
        super().setUp()
        self.user.group_ids += self.env.ref('l10n_it_openapi_pec.group_manager')

    def refuse(self, model, method, *arguments, **keywords):
        """Call a method that is to be refused with a sentence, and with nothing of it in the log."""
        with self.assertLogs(level=logging.INFO) as logs, self.assertRaises(RpcError) as refused:
            self.rpc(model, method, *arguments, **keywords)
        text = '\n'.join(logs.output)
        self.assertNotIn("bad query", text)
        self.assertNotIn("Traceback", text)
        for said in self.SAID:
            self.assertNotIn(said, text)
            self.assertNotIn(said, str(refused.exception))
        return str(refused.exception)

    def test_values(self):
        filing, mailbox = self.create_filing(), self.create_mailbox()
        code = {'fiscal_code': 'RSSMRA80A01L117D'}
        address = ''.join(chr(0x4e00 + number * 7919 % 20000) for number in range(20000))
        for values in (
            {'partner_id': False}, {'partner_id': 2**30}, {'partner_id': 2**40}, {'representative_id': 2**30},
            {'user_id': 2**30}, {'company_id': False}, {'company_id': 2**30}, {'kind': False},
            {'kind': 'RSSMRA80A01L117D'}, {'mailbox_id': 'RSSMRA80A01L117D'}, {'pec_email': address},
            {'qualification': 12485671007}, {'chamber_date': 'RSSMRA80A01L117D'}, {'chamber_date': '2026-02-30'},
        ):
            with self.subTest(values=str(values)[:60]):
                self.refuse(filing._name, 'write', filing.ids, {**code, **values})
                self.refuse(filing._name, 'create', [{'partner_id': self.partner.id, **code, **values}])
        self.refuse(filing._name, 'create', [code])
        self.refuse(filing._name, 'create', [code], context={'default_partner_id': 2**30})
        for values in (
                {'company_id': False}, {'applicant_id': 2**30}, {'birth_date': '2026-13-01'}, {'address': address},
                {'document_expiry': 'RSSMRA80A01L117D'}, {'sex': 'RSSMRA80A01L117D'}):
            with self.subTest(values=str(values)[:60]):
                self.refuse(mailbox._name, 'write', mailbox.ids, {**code, **values})
                self.refuse(mailbox._name, 'create', [{'partner_id': self.partner.id, **code, **values}])
        self.refuse(
            'res.partner', 'write', self.partner.ids,
            {'openapi_pec_email': address, 'l10n_it_codice_fiscale': '12485671007'})
        order = {'mailbox_id': mailbox.id}
        self.refuse(
            'openapi_pec.mailbox.enlargement', 'create',
            [{**order, 'disk_space': 2**40, 'reason': '12485671007@pec.it'}])
        self.refuse(
            'openapi_pec.mailbox.addition', 'create',
            [{**order, 'snapshot': {'x': 'a\x00'}, 'email': '12485671007@pec.it'}])
        # what Odoo alone keeps: proposals are computed, and were everybody's to write
        for name in ('proposals', 'refused', 'state'):
            self.refuse(filing._name, 'write', filing.ids, {**code, name: {'pec_email': ['12485671007\x00', 5]}})
        self.refuse('openapi_pec.price', 'create', [{'operation': 'create', 'amount': -1, 'source': '12485671007'}])

    def test_what_nobody_sees(self):
        """A character that no database takes, or that turns the text around it, is left out."""
        filing = self.create_filing()
        with self.assertLogs(level=logging.INFO) as logs:
            self.rpc(filing._name, 'write', filing.ids, {
                'first_name': "Ma\x00rio\u202e", 'city': "Ro\ud800ma\u200b", 'fiscal_code': 'RSSMRA80A01L117D'})
        self.assertEqual((filing.first_name, filing.city), ("Mario", "Ro?ma"))
        self.assertNotIn('RSSMRA80A01L117D', '\n'.join(logs.output))

    def test_reason(self):
        filing = self.create_filing(fiscal_code='RSSMRA80A01L117D', pec_email='prova@azienda-di-prova.it')
        with self.assertLogs(level=logging.INFO) as logs:
            self.rpc(filing._name, 'action_submit', filing.ids, "it is right\x00 as it is")
        self.assertIn("because: it is right as it is", self.messages(filing))
        self.assertNotIn('RSSMRA80A01L117D', '\n'.join(logs.output))

    def test_settings_out_of_bounds(self):
        self.log_in(self.env.ref('base.user_admin'))
        for vals in ({'openapi_pec_late_days': 2**40}, {'openapi_pec_parallel_calls': 0}):
            self.refuse('res.company', 'create', [{'name': "12485671007", **vals}])
            self.refuse('res.company', 'write', self.company.ids, {'email': '12485671007@pec.it', **vals})

    def test_address_of_another_mailbox(self):
        taken = self.buy()
        other = self.create_mailbox(fiscal_code='RSSMRA80A01L117D')
        other.write({'environment': 'sandbox', 'call_state': 'failed', 'error_message': "Refused"})
        self.assertIn("another mailbox here already", self.refuse(
            other._name, 'write', other.ids,
            {'address': taken.address, 'fiscal_code': 'RSSMRA80A01L117D', 'first_name': "Mario"}))
        self.rpc(other._name, 'write', other.ids, {'address': 'libera@testcert.legalmail.it'})
        self.assertEqual(other.address, 'libera@testcert.legalmail.it')
