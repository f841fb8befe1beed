from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.tools.italy import legal_form, person_name
from odoo.addons.l10n_it_openapi_pec.tools.remembered import remembered


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestRemembered(BaseCase):
    """A function that remembers answers as if it did not, and computes the same once."""

    def test_the_same_is_computed_once(self):
        asked = []

        @remembered
        def double(text, suffix=''):
            """Return a text twice."""
            asked.append(text)
            return f'{text}{text}{suffix}'

        self.assertEqual([double('a'), double('a'), double('b', suffix='!')], ['aa', 'aa', 'bb!'])
        self.assertEqual((asked, double.__doc__), (['a', 'b'], "Return a text twice."))
        self.assertEqual((double([1]), double([1])), ('[1][1]', '[1][1]'))
        self.assertEqual(asked, ['a', 'b', [1], [1]], "what cannot be looked up is computed")

    def test_whatever_is_asked(self):
        for value in ([], {}, {'a': []}, None, False, 0):
            self.assertIsNone(person_name.split(value, value))
            self.assertEqual(legal_form.read(value, value), legal_form.NOTHING)
