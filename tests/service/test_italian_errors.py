"""No error path lets English words through to somebody who reads Italian."""
import re
import sys

from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import tagged
from odoo.tools.translate import LazyGettext

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module
from odoo.addons.l10n_it_openapi_pec.tools.api import errors

from ..common import CREATE, LIST, PATCH, PecCase

ADDON = 'odoo.addons.l10n_it_openapi_pec.'
ENGLISH = re.compile(
    r"\b(and|are|cannot|for|from|has|have|is|not|nothing|of|that|the|there|this|to|was|were|which|with)\b", re.I)
# The service's own words, what the vendor calls things, addresses, and names of what is filled in.
QUOTED = re.compile(r"\[[^\]]*\]|\"[^\"]*\"|https?://\S+|\S+@\S+|%\(\w+\)s")
# class of the client's errors -> status of an answer that brings it about
STATUSES = (400, 401, 402, 403, 404, 406, 409, 428, 429, 499, 500, 503)


def find_sentences():
    """Return all lazily translated sentences of the addon, wherever in its tables they stand."""
    found, seen = [], set()

    def walk(value):
        if isinstance(value, LazyGettext):
            found.append(value)
        elif isinstance(value, (dict, list, tuple, set, frozenset)) and id(value) not in seen:
            seen.add(id(value))
            for item in (*value, *value.values()) if isinstance(value, dict) else value:
                walk(item)

    for name, module in [*sys.modules.items()]:
        if name.startswith(ADDON) and '.tests' not in name:
            for value in [*vars(module).values()]:
                walk(value)
    return found


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestItalianErrors(PecCase):

    def setUp(self):
        super().setUp()
        self.patch(client_module, 'READ_PAUSES', ())
        self.env['res.lang']._activate_lang('it_IT')
        self.env['ir.module.module']._load_module_terms(['base', 'mail', 'l10n_it_openapi_pec'], ['it_IT'])
        (self.manager + self.user).lang = 'it_IT'
        self.words = self.env['openapi_pec.words.mixin'].with_context(lang='it_IT')

    def assert_italian(self, text, *reason):
        self.assertNotRegex(QUOTED.sub('', str(text)), ENGLISH, reason)

    def test_tables(self):
        sentences = find_sentences()
        self.assertGreater(len(sentences), 300)
        for sentence in sentences:
            self.assert_italian(self.words._in_words(sentence), sentence._source)

    def test_errors_of_tools(self):
        """Each error that is raised with words of our own, whatever stands in its brackets."""
        for reason in const.service.ERROR_SENTENCES:
            for detail in (*const.service.CONNECTION_WORDS, 'ConnectionError', 'ChunkedEncodingError', ''):
                error = errors.OutcomeUnknown("The words of the log", reason=reason, status=502, detail=detail)
                self.assert_italian(self.words._get_error_words(error), reason, detail)
        told = self.words._get_error_words(errors.NotSent("x", reason='unreached', detail='ConnectionError'))
        self.assertNotIn("ConnectionError", told)

    def get_told(self, record):
        return [
            record.error_message or '', *record.message_ids.mapped('body'), *record.activity_ids.mapped('summary'),
            *record.sudo().api_call_ids.mapped(lambda line: line.code or line.message or '')]

    def spoil(self):
        """Spoil each kind of call in each way, one after the other; yield (operation -> function) and what was done."""
        for status in STATUSES:
            yield 'error_before', {'status': status, 'body': {
                'success': False, 'message': '', 'error': None, 'data': None}}
        yield from (('drop_before', {}), ('drop_after', {}), ('wrong_shape', {'body': {'success': True, 'data': []}}))

    def test_submission(self):
        for fault, options in self.spoil():
            with self.subTest(fault=fault, **options):
                self.company._openapi_pec_resume()
                filing = self.create_filing().with_user(self.manager)
                self.sandbox.fault(CREATE, fault, **options)
                self.submit(filing)
                for text in self.get_told(filing):
                    self.assert_italian(text, fault, options)
                filing.sudo().write({'environment': False, 'state': 'cancelled'})
                self.sandbox.clear_faults()

    def test_reading_and_delivery(self):
        filing = self.create_filing()
        self.bring_to_signature(filing)
        self.upload(filing)
        own = filing.with_user(self.manager).with_context(lang='it_IT')
        for fault, options in self.spoil():
            with self.subTest(fault=fault, **options):
                for operation, press in ((LIST, own.action_refresh), (PATCH, own.action_send_documents)):
                    self.company._openapi_pec_resume()
                    self.sandbox.fault(operation, fault, times=1, **options)
                    try:
                        press()
                        self.commit()
                    except UserError as error:
                        self.assert_italian(error, fault, options)
                    for text in self.get_told(filing):
                        self.assert_italian(text, fault, options)
                    self.sandbox.clear_faults()
                filing.sudo().api_call_ids.filtered(lambda line: line.state == 'pending').state = 'refused'
                if filing.state != 'awaiting_documents':
                    filing.write({'state': 'awaiting_documents', 'error_message': False})

    def test_without_a_token(self):
        filing = self.create_filing().with_user(self.manager).with_context(lang='it_IT')
        self.company.openapi_pec_token = False
        with self.assertRaises(RedirectWarning) as raised:
            self.submit(filing)
        self.assert_italian(raised.exception)
        with self.assertRaises(RedirectWarning) as raised:
            self.env['res.config.settings'].with_context(lang='it_IT').create({}).action_openapi_pec_test()
        self.assert_italian(raised.exception)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestInternals(PecCase):
    """What no person looks for is offered for no custom filter and no grouping."""

    def test_not_offered(self):
        for model in ('openapi_pec.communication', 'openapi_pec.mailbox'):
            described = self.env[model].with_user(self.manager).fields_get()
            for name in self.env[model]._internal_fields & described.keys():
                self.assertFalse(described[name]['searchable'] or described[name]['groupable'], f'{model}.{name}')
            self.assertTrue(described['state']['searchable'] and described['state']['groupable'])
        described = self.env['res.partner'].with_user(self.manager).fields_get()
        self.assertFalse(described['openapi_pec_email_normalized']['searchable'])
        self.assertTrue(described['openapi_pec_email']['searchable'])
        self.assertTrue(described['openapi_pec_email']['string'])
