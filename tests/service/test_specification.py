from datetime import date, timedelta
from itertools import product

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.mailbox.mailbox import CUSTOMER_SUBTYPES, CUSTOMER_TYPES, DOCUMENT_TYPES
from odoo.addons.l10n_it_openapi_pec.models.mailbox.preflight import OTHER

from sandbox_api import specification

from ..common import CREATE, PATCH
from ..common_mailbox import ACTIVATE, BUY, MODIFY, STORE, TRANSFORM, USER
from ..common_mailbox_operations import OPERATIONS, OperationsCase
from ..common_specification import WireMixin

SCHEMAS = specification.SPECIFICATION['components']['schemas']
MAILBOX, FILING = SCHEMAS['BodyPostPec'], SCHEMAS['BodyPostComunicaPec']
# Every kind of customer that the form can say.
CUSTOMERS = [
    (customer_type, subtype) for customer_type, _label in CUSTOMER_TYPES
    for subtype in const.mailbox.SUBTYPES.get(customer_type, (False,))]
OPTIONAL = (
    'mobile', 'birth_city', 'birth_province', 'holder_name', 'holder_fiscal_code', 'document_type', 'document_number',
    'document_issuer', 'document_issued_on', 'document_expiry')
ALWAYS = {'autorinnovo', 'callback'}


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSpecification(WireMixin, OperationsCase):
    """Every body that is sent is one that the vendor's own specification allows."""

    def assert_allowed(self, operation, body):
        """A body has nothing that the specification forbids, or does not know."""
        self.assertEqual(specification.find_faults_of_body(operation, body, deviations=()), [])
        self.assertLessEqual(body.keys(), {BUY: MAILBOX, CREATE: FILING}[operation]['properties'].keys())

    def get_body(self, mailbox):
        """The body of the purchase of a draft that nothing stands against."""
        errors = mailbox._get_sentences('error')[mailbox]
        self.assertEqual(errors, [])
        mailbox._freeze()
        return mailbox._prepare_request_body()

    def fill_in(self, document_type):
        """Return all optional fields of a mailbox; with no type of document: none of them."""
        if not document_type:
            return dict.fromkeys(OPTIONAL, False)
        return {
            'mobile': '340 1234518', 'birth_city': "Roma", 'birth_province': 'RM',
            'holder_name': "Falegnameria Prova S.r.l.", 'holder_fiscal_code': '12485671007',
            'document_type': document_type, 'document_number': 'CA00000AA', 'document_issuer': "Comune di Roma",
            'document_issued_on': date(2020, 2, 29), 'document_expiry': fields.Date.today() + timedelta(days=1),
        }

    # ------------------------------------------------------------ what can be chosen

    def test_what_can_be_chosen(self):
        """Each choice of the forms is one of the specification's, and each of the specification's can be chosen."""
        mailboxes, filings = self.env['openapi_pec.mailbox'], self.env['openapi_pec.communication']
        for model, field, schema, key in [
            (mailboxes, 'mailbox_type', MAILBOX, 'tipo_casella'), (mailboxes, 'customer_type', MAILBOX, 'tipo_cliente'),
            (mailboxes, 'customer_subtype', MAILBOX, 'sottotipo_cliente'),
            (mailboxes, 'sex', MAILBOX, 'sesso_richiedente'), (mailboxes, 'document_type', MAILBOX, 'tipo_documento'),
            (filings, 'qualification', FILING, 'qualifica'),
        ]:
            self.assertEqual(
                set(model._fields[field].get_values(self.env)), set(schema['properties'][key]['enum']), field)
        groups = {
            customer_type: tuple(text.partition(' - ')[0] for text in group['enum'])
            for customer_type, group in SCHEMAS['TipologieCliente']['properties'].items() if 'enum' in group}
        self.assertEqual(const.mailbox.SUBTYPES, groups)
        keys = {*const.mailbox.TEXT_KEYS.values(), *const.mailbox.DATE_KEYS.values(), *const.mailbox.FLAG_KEYS.values()}
        self.assertEqual(keys | {'callback'}, MAILBOX['properties'].keys())
        self.assertEqual(
            {*const.filing.REQUEST_KEYS.values(), 'pec_amministratore', 'callback'}, FILING['properties'].keys())

    # ------------------------------------------------------------ the two bodies that buy

    def test_mailboxes(self):
        """Each type, for each kind of customer, with the least and with all that can be filled in."""
        for mailbox_type in const.mailbox.TYPES:
            mailbox = self.create_mailbox(mailbox_type)
            for (customer_type, subtype), document_type in product(
                    CUSTOMERS, (False, *dict(DOCUMENT_TYPES))):
                has_other = OTHER in (customer_type, subtype)
                mailbox.write({
                    'customer_type': customer_type, 'customer_subtype': subtype, 'auto_renew': bool(document_type),
                    'customer_subtype_other': has_other and "Condominio", **self.fill_in(document_type)})
                body = self.get_body(mailbox)
                self.assert_allowed(BUY, body)
                customer = {'sottotipo_cliente': bool(subtype), 'sottotipo_cliente_altro': has_other}
                expected = set(MAILBOX['properties'] if document_type else MAILBOX['required']) | ALWAYS
                expected = (expected - customer.keys()) | {key for key, is_there in customer.items() if is_there}
                self.assertEqual(body.keys(), expected)

    def test_each_field_by_itself(self):
        """Whichever of the optional fields is filled in, the others are left out."""
        mailbox = self.create_mailbox()
        for field in OPTIONAL:
            if field.startswith('holder_'):
                continue  # neither without the other
            mailbox.write({**self.fill_in(False), field: self.fill_in('PATENTE')[field]})
            body = self.get_body(mailbox)
            self.assert_allowed(BUY, body)
            key = {**const.mailbox.TEXT_KEYS, **const.mailbox.DATE_KEYS}[field]
            self.assertEqual(body.keys(), {*MAILBOX['required'], *ALWAYS, 'sottotipo_cliente', key})

    def test_customers(self):
        """A kind of customer is green only with a group of its own, and each green draft can be bought."""
        mailbox = self.create_mailbox()
        subtypes = (False, *dict(CUSTOMER_SUBTYPES))
        for customer_type, subtype in product((False, *dict(CUSTOMER_TYPES)), subtypes):
            mailbox.write(
                {'customer_type': customer_type, 'customer_subtype': subtype, 'customer_subtype_other': "Condominio"})
            errors = [finding.code for finding in mailbox._get_findings()[mailbox] if finding.level == 'error']
            self.assertEqual(not errors, (customer_type, subtype) in CUSTOMERS, (customer_type, subtype))
            if not errors:
                body = self.get_body(mailbox)
                self.assert_allowed(BUY, body)
                # What the form hides is not told of the customer.
                self.assertEqual('sottotipo_cliente_altro' in body, 'X' in (customer_type, subtype))

    def test_domain_of_ones_own(self):
        """It is no type of its own, and goes with each of them."""
        for mailbox_type in const.mailbox.TYPES:
            self.assert_allowed(
                BUY, self.get_body(self.create_mailbox(mailbox_type, address=f'{mailbox_type}@pec.example')))

    def test_years_of_few_digits(self):
        """The code holds two digits of the year, so a slip of the finger may be of a thousand years."""
        mailbox = self.create_mailbox(birth_date=date(980, 1, 1), document_issued_on=date(20, 1, 1))
        body = self.get_body(mailbox)
        self.assertEqual(
            (body['data_nascita_richiedente'], body['data_rilascio_documento']), ('01/01/0980', '01/01/0020'))

    def test_filings(self):
        """Each kind, in each capacity."""
        qualifications = self.env['openapi_pec.communication']._fields['qualification'].get_values(self.env)
        for kind, qualification in product(('company', 'administrator'), qualifications):
            filing = self.create_filing(kind=kind, qualification=qualification)
            body = filing._prepare_request_body()
            self.assert_allowed(CREATE, body)
            self.assertEqual(body.keys(), FILING['properties'].keys())
            self.assertEqual((body['qualifica'], body['pec_amministratore']), (qualification, kind == 'administrator'))

    # ------------------------------------------------------------ over the wire

    def test_purchases(self):
        """Each type is bought, with the least and with all, and the answers are those of the specification."""
        for mailbox_type, document_type in product(const.mailbox.TYPES, (False, 'PASSAPORTO')):
            mailbox = self.buy(mailbox_type, auto_renew=bool(document_type), **self.fill_in(document_type))
            self.assertEqual(mailbox.document_type, document_type)
        self.assert_wire()
        bodies = [exchange.body for exchange in self.wire if exchange.operation == BUY]
        self.assertEqual(
            [body['tipo_casella'] for body in bodies], [tipo for tipo in const.mailbox.TYPES for _again in range(2)])

    def test_operations(self):
        """Whatever is asked of the service, for mailboxes and for filings."""
        seen = set()
        for operation in OPERATIONS:
            self.ask(self.begin(operation), operation)
            self.assert_wire()
            seen |= {exchange.operation for exchange in self.wire}
        filing = self.create_filing()
        self.bring_to_signature(filing)
        self.upload(filing)
        filing.action_send_documents()
        self.commit()
        self.assertEqual(filing.state, 'documents_uploaded')
        self.run_cron('synchronize')
        self.assert_wire()
        seen |= {exchange.operation for exchange in self.wire}
        self.assertLessEqual(set(specification.get_examples_of_bodies()), seen)
        self.assertLessEqual({CREATE, PATCH, BUY, ACTIVATE, MODIFY, TRANSFORM, STORE, USER}, seen)

    def test_space(self):
        """Each kind of space, by itself and with the others."""
        for spaces in ({'disk_space': 1024}, {'archive_space': 2048}, {'storage_space': 512},
                       {'disk_space': 1024, 'archive_space': 1024, 'storage_space': 1536}):
            mailbox = self.take_over(conservazione=True, storico=True, spazio_conservazione=512, spazio_disco=1024)
            self.order(mailbox, 'mailbox_modify', **{'disk_space': 0, **spaces})
            self.assertFalse(mailbox.call_state, mailbox.error_message)
        self.assert_wire()

    def test_space_that_cannot_be_set(self):
        """What a mailbox has is no multiple: the sum would be none either."""
        mailbox = self.take_over(spazio_disco=1500)
        with self.assertRaisesRegex(UserError, "2524 MB then.*Nothing was sent or spent"):
            self.order(mailbox, 'mailbox_modify', disk_space=1024)
        self.assertEqual(self.sandbox.requested(MODIFY), 0)

    def test_types(self):
        """Each upgrade that can be chosen."""
        types = const.mailbox.EXTENSIBLE_TYPES
        for old, new in product(types, types):
            if types.index(new) > types.index(old):
                mailbox = self.take_over(tipo_casella=old)
                self.order(mailbox, 'mailbox_transform', new_type=new)
                self.assertEqual(mailbox.mailbox_type, new)
        self.assert_wire()

    def test_users(self):
        """The address goes by itself, however it was written."""
        mailbox = self.take_over()
        self.order(mailbox, 'mailbox_user', email="Luca Bianchi <Luca@example.com>")
        self.assert_wire()
        self.assertEqual(self.sandbox.mailboxes()[0]['multiutenza'][0]['email_gestione_password'], 'luca@example.com')

    def test_documents_as_one(self):
        """A type that takes one document gets a list of one."""
        mailbox = self.take_over(
            'registrata', tipo_casella='DOMICILIODIGITALE', casella_pec='una@test.domiciliodigitale.com')
        self.attach_documents(mailbox)
        self.ask(mailbox, 'mailbox_activate')
        self.assertEqual(mailbox.state, 'activating', mailbox.error_message)
        self.assert_wire()

    # ------------------------------------------------------------ what was left out is recognised all the same

    def test_recovery(self):
        """A purchase whose answer was lost is found, although the service tells of more than what was sent."""
        for document_type in (False, 'PATENTE'):
            mailbox = self.create_mailbox('GOLD', **self.fill_in(document_type))
            self.sandbox.fault(BUY, 'drop_after')
            self.order(mailbox, 'mailbox_create')
            self.assertEqual(mailbox.call_state, 'unconfirmed')
            self.run_cron('mailboxes')
            self.assertEqual((mailbox.state, mailbox.call_state), ('registered', False))
            self.assertEqual(mailbox.document_type, document_type)
        self.assertEqual((self.sandbox.executed(BUY), self.sandbox.requested(BUY)), (2, 2))

    def test_found_before_it_is_paid_again(self):
        """The same of a call that was looked for, not found, and asked for anew."""
        mailbox = self.create_mailbox(**self.fill_in(False))
        self.sandbox.fault(BUY, 'drop_before')
        self.order(mailbox, 'mailbox_create')
        for _look in range(2):
            self.look_again_at(mailbox)
        self.free(mailbox)
        body = mailbox._prepare_request_body()
        [remote_id] = self.sandbox.create_mailboxes(1, 'registrata', **{**body, 'callback': False})
        self.order(mailbox, 'mailbox_create')
        self.assertEqual((mailbox.remote_id, self.sandbox.executed(BUY)), (remote_id, 0))
