"""What went wrong with the service is said in the reader's language.

Only the service's own words are quoted as they are.
"""
import ast
from pathlib import Path

from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.api import errors
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import NotSent, OutcomeUnknown, Refused

from ..common import LIST, LostAnswerCase

HOME = Path(__file__).resolve().parent.parent.parent
CLASSES = {name for name, value in vars(errors).items() if isinstance(value, type)} | {'failure'}
# Errors of ours that nobody but the log is told of.
LOGGED = {
    "The details of a record that may be this one cannot be read",
    "The service does not tell the details of several filings",
    "The service told of another filing",
}


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestErrorTable(BaseCase):

    def test_every_text_of_ours_has_a_name(self):
        """Whatever is raised with words of our own names them, so that they can be translated.

        Every name is in use.
        """
        used = set()
        for path in sorted([*HOME.glob('tools/**/*.py'), *HOME.glob('models/**/*.py'), *HOME.glob('wizards/**/*.py')]):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(
                        node.func, 'id', '') in CLASSES and node.args and self.is_ours(node.args[0]):
                    reason = [keyword.value.value for keyword in node.keywords if keyword.arg == 'reason']
                    with self.subTest(file=path.name, line=node.lineno):
                        if not reason:
                            self.assertIn(ast.literal_eval(node.args[0]), LOGGED)
                        elif isinstance(node.args[0], ast.Constant):
                            self.assertEqual(node.args[0].value, const.service.ERROR_SENTENCES[reason[0]]._source)
                    used.update(reason)
        self.assertEqual(used, set(const.service.ERROR_SENTENCES))

    @staticmethod
    def is_ours(node):
        return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestErrorWords(LostAnswerCase):

    def setUp(self):
        super().setUp()
        self.patch(const.service, 'ERROR_SENTENCES', {
            **const.service.ERROR_SENTENCES, 'no_token': "Non c'è un token",
            'unreached': "Il servizio non risponde (%(detail)s)",
            'unreadable': "Risposta illeggibile, HTTP %(status)s", 'list_unreadable': "Elenco illeggibile"})

    def test_words(self):
        words = self.filing._get_error_words
        self.assertEqual(words(NotSent("There is no usable token", reason='no_token')), "Non c'è un token")
        self.assertEqual(words(OutcomeUnknown("x", status=502, reason='unreadable')), "Risposta illeggibile, HTTP 502")
        self.assertEqual(
            words(Refused("pec 100% errata", status=406, code=336)), "pec 100% errata", "the service's own")

    def test_not_sent(self):
        """In the sentence of the filing, and before a click."""
        self.filing.action_submit()
        self.company.openapi_pec_token = False
        self.commit()
        self.assertEqual(self.filing.state, 'queued')
        self.assertIn("Non c'è un token", self.filing.error_message)

    def test_lost(self):
        """In the journal."""
        self.lose_answer()
        self.assertIn("Il servizio non risponde (", self.filing.api_call_ids.message)

    def test_read(self):
        """On the screen of who asks."""
        self.lose_answer()
        self.sandbox.fault(LIST, 'wrong_shape', times=-1, body={'success': True, 'data': {}})
        with self.assertRaisesRegex(Exception, "cannot be asked now: Elenco illeggibile. Nothing"):
            self.filing.action_refresh()
        with self.assertRaisesRegex(Exception, "cannot be asked now: Elenco illeggibile. Nothing"):
            self.env['res.config.settings'].create({}).action_openapi_pec_test()
        with self.assertRaisesRegex(Exception, "cannot be asked now: Elenco illeggibile. Nothing"):
            self.env['openapi_pec.foreign_filing'].with_user(self.manager).action_import()
