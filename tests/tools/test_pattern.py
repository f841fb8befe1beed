import re

from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.tools.pattern import METHODS, Pattern


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestPattern(BaseCase):
    """A regular expression that waits to be compiled is what ``re`` returns."""

    def test_all_methods(self):
        pattern, compiled = Pattern('(a)|b', re.IGNORECASE), re.compile('(a)|b', re.IGNORECASE)
        self.assertEqual((pattern.pattern, vars(pattern).keys()), ('(a)|b', {'pattern', 'flags'}))
        self.assertEqual(pattern.sub('-', "xAb"), "x--")
        for name in METHODS:
            self.assertEqual(getattr(pattern, name).__name__, name)
        self.assertEqual(pattern.findall("xAb"), compiled.findall("xAb"))
        self.assertEqual(pattern.fullmatch("A")[1], "A")
        self.assertEqual(Pattern(rb'\s+').split(b'a b'), [b'a', b'b'])
        self.assertFalse(hasattr(pattern, 'groups_of_another_kind'))
