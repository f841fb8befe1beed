"""The translation template holds sentences, and no word of the code."""
import ast
from pathlib import Path

from babel.messages import extract

from odoo.tests import BaseCase, tagged
from odoo.tools.babel import extract_python

ADDON = Path(__file__).parents[2]
MARKS = ('_', '_lt')  # that Odoo's export looks for
ROOMS = ('const', 'controllers', 'models', 'wizards')


def find_written(text):
    """Return the sentences that are marked in a Python text."""
    return {
        node.args[0].value for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)
        and getattr(node.func, 'attr', getattr(node.func, 'id', '')) in MARKS}


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestTemplateWords(BaseCase):

    def test_no_words_of_the_code(self):
        """What Odoo exports is what is marked: behind a sentence it takes any bracket for one of a sentence."""
        paths = [path for room in ROOMS for path in (ADDON / room).rglob('*.py')]
        self.assertGreater(len(paths), 50)
        for path in paths:
            with self.subTest(path=path.relative_to(ADDON)), path.open('rb') as file:
                found = extract.extract(extract_python, file, keywords=dict.fromkeys(MARKS))
                exported = {message for _line, message, *_rest in found}
                self.assertEqual(exported, find_written(path.read_text(encoding='utf-8')))
