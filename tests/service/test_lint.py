"""The linters see what they are there for: faults are planted in a small addon, and found."""
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from odoo.tests import BaseCase, tagged

import environment
import linters
import rooms

# File -> its text, and the checks that must find something in it.
PLANTED = {
    '__init__.py': ("from . import models\n", ()),
    '__manifest__.py': ("""{
    'name': "Planted", 'version': '19.0.1.0.0', 'author': "Somebody else", 'license': 'GPL-3', 'website': 'nowhere',
    'description': "", 'data': ['views.xml', 'views.xml'],
}
""", ('manifest-required-author', 'license-allowed', 'website-manifest-key-not-valid-uri', 'manifest-deprecated-key',
      'manifest-data-duplicated', 'manifest-required-key', 'manifest-behind-migrations')),
    'migrations/19.0.2.0.0/post-planted.py': ("", ()),
    'models/__init__.py': ("from . import first, record, second\n", ()),
    'models/record.py': ("""from odoo import api, models

from odoo.addons.l10n_it_openapi_pec.tools.api import text


class Record(models.Model):
    _name = 'planted.record'
    _description = "Planted"

    def write(self, vals):
        return text.clean(vals)

    def unlink(self):
        super().unlink()

    @api.model
    def find(self, name):
        self.env.cr.execute("SELECT id FROM planted_record WHERE name = '%s'" % name)
        return self.search([])

    def greet(self):
        return self.env._("Good morning, %s") % self.name + self.env._(f"{self.name}")
""", ('odoo-addons-relative-import', 'method-required-super', 'missing-return', 'sql-injection', 'no-search-all',
      'translation-not-lazy', 'translation-fstring-interpolation')),
    'models/first.py': ("""from odoo import models


class Record(models.Model):
    _inherit = 'planted.record'
""", ()),
    'models/second.py': ("""from odoo import models


class Record(models.Model):
    _inherit = 'planted.record'
""", ('consider-merging-classes-inherited',)),
}


class PlantedCase(BaseCase):
    """Small addons with faults."""

    def plant(self, sources):
        """Write sources ``{path: text}`` into an addon, whose folder holds its history; return the folder."""
        root = Path(self.enterContext(tempfile.TemporaryDirectory())) / 'planted'
        (root / '.git').mkdir(parents=True)
        for path, text in sources.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        return root


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestPylint(PlantedCase):
    """pylint-odoo, as `dev/lint` runs it."""

    def test_planted_faults_are_found(self):
        root = self.plant({path: text for path, (text, _checks) in PLANTED.items()})
        planted = {(path, check) for path, (_text, checks) in PLANTED.items() for check in checks}
        found = linters.pylint_odoo(root, unheeded=())
        self.assertEqual(
            planted - set(re.findall(rf'^{environment.NAME}/(\S+):\d+: .*\(([\w-]+)\)$', found, re.MULTILINE)), set(),
            found)
        heeded = linters.pylint_odoo(root)
        self.assertEqual(
            {check for _path, check in planted if f'({check})' not in heeded}, set(linters.UNHEEDED),
            "What is not heeded stands in a table, with its reason; all else is found")


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestRooms(PlantedCase):
    """What is wrong with the parts of models."""

    def find(self, find, sources):
        """Return the sentences about classes: ``{path: (class attributes, ...)}``."""
        return find(self.plant({
            path: "from odoo import fields, models\n" + ''.join(
                f"\n\nclass Part{number}(models.Model):\n" + re.sub('^', '    ', body, flags=re.MULTILINE)
                for number, body in enumerate(bodies))
            for path, bodies in sources.items()}))

    def test_fields_in_several_files_of_a_room(self):
        record = "_name = 'x.record'\nname = fields.Char()\n"
        extension = "_inherit = 'x.record'\ncolor = fields.Integer()\n"
        itself = "_name = 'x.record'\n_inherit = ['x.record', 'x.mixin']\nage = fields.Date()\n"
        other = "_name = 'x.other'\n_inherit = 'x.record'\nage = fields.Date()\n"
        methods = "_inherit = 'x.record'\ndays = 3\ndef go(self):\n    age = fields.Date.today()\n"
        for title, sources, is_wrong in [
            ("a file each", {'models/a/record.py': [record], 'models/a/part.py': [extension]}, True),
            ("a model of another addon", {'models/a/one.py': [extension], 'models/a/two.py': [extension]}, True),
            ("inherited from itself", {'models/record.py': [record], 'models/part.py': [itself]}, True),
            ("of wizards", {'wizards/a.py': [record], 'wizards/b.py': [extension]}, True),
            ("one file, two classes", {'models/a/record.py': [record, extension]}, False),
            ("methods alone", {'models/a/record.py': [record], 'models/a/part.py': [methods]}, False),
            ("another room", {'models/a/record.py': [record], 'models/b/record.py': [extension]}, False),
            ("another model", {'models/a/record.py': [record], 'models/a/other.py': [other]}, False),
            ("no models", {'tools/a.py': [record], 'tools/b.py': [extension]}, False),
        ]:
            with self.subTest(title=title):
                self.assertEqual(bool(self.find(rooms.find_scattered_fields, sources)), is_wrong)
        [sentence] = self.find(
            rooms.find_scattered_fields, {'models/a/record.py': [record], 'models/a/part.py': [extension]})
        self.assertEqual(sentence, "models/a: x.record declares fields in 2 files: part.py (1: color), record.py (1: "
                                   "name)")

    def test_silent_overrides(self):
        made = "_name = 'x.record'\ndef go(self):\n    return 1\n"
        silent = "_inherit = 'x.record'\ndef go(self):\n    return 2\n"
        calling = "_inherit = 'x.record'\ndef go(self):\n    if self:\n        return super().go()\n"
        wrong = "_inherit = 'x.record'\ndef go(self):\n    super().stop()\n"
        other = "_name = 'x.other'\n_inherit = ['x.record']\ndef go(self):\n    return 3\n"
        for title, sources, is_wrong in [
            ("twice, without super", {'models/a/one.py': [silent], 'models/a/two.py': [silent]}, True),
            ("the order of imports decides", {'models/a/one.py': [calling], 'models/a/two.py': [silent]}, True),
            ("super of another method", {'models/a/one.py': [calling], 'models/a/two.py': [wrong]}, True),
            ("a dead method in the same room", {'models/a/record.py': [made], 'models/a/part.py': [silent]}, True),
            (
                "in two rooms, without super",
                {'models/a/record.py': [made], 'models/b/one.py': [silent], 'models/c/two.py': [silent]}, True),
            ("all call super", {'models/a/one.py': [calling], 'models/a/two.py': [calling]}, False),
            ("made, and extended", {'models/a/record.py': [made], 'models/a/part.py': [calling]}, False),
            ("meant, by a later room", {'models/a/record.py': [made], 'models/b/part.py': [silent]}, False),
            ("once", {'models/a/one.py': [silent]}, False),
            ("two models", {'models/a/one.py': [silent], 'models/a/two.py': [other]}, False),
        ]:
            with self.subTest(title=title):
                self.assertEqual(bool(self.find(rooms.find_silent_overrides, sources)), is_wrong)
        [sentence] = self.find(rooms.find_silent_overrides, {'models/a/one.py': [calling], 'models/a/two.py': [silent]})
        self.assertEqual(sentence, "x.record.go is overridden without super: models/a/one.py:6, models/a/two.py:6 "
                                   "(without super)")

    def test_too_long(self):
        """A list of tests, or a table, may be as long as it has to be; all else is split."""
        lines = "x = 1\n" * rooms.MOST_LINES
        function = "def go():\n" + "    x = 1\n" * (rooms.MOST_FUNCTION_LINES - 1)
        longer_function = "class It:\n    async def go(self):\n" + "        x = 1\n" * rooms.MOST_FUNCTION_LINES
        root = self.plant({
            'models/fine.py': lines, 'models/long.py': lines + "x = 1\n", 'views/long.xml': "\n" * 500,
            'dev/command': "#!/usr/bin/env python\n" + lines, 'dev/notes': lines * 2, 'README.md': lines * 2,
            'tests/test_long.py': lines * 2, 'const/long.py': lines * 2, 'dev/const.py': lines * 2,
            '.hidden/long.py': lines * 2, 'tools/fine.py': function, 'tools/function.py': longer_function,
            'tests/test_function.py': longer_function})
        self.assertEqual(
            [sentence.partition(' has ')[0] for sentence in rooms.find_long_files(root)],
            ['dev/command', 'models/long.py', 'views/long.xml'])
        self.assertEqual(
            rooms.find_long_functions(root), ['tools/function.py:2: go has 51 lines, and 50 are the most'])

    def test_walks(self):
        """Each step names a method and the file where it stands."""
        text = "# A walk\n\n1. `go` in `models/a.py`: it goes.\n2. `stay` in `models/a.py`\n3. `go` in `b.py`\n4. Go.\n"
        root = self.plant({'models/a.py': "class A:\n    def go(self):\n        pass\n", rooms.WALKS: text})
        self.assertEqual(rooms.find_wrong_steps(root), [
            f'{rooms.WALKS}:4: stay does not stand in models/a.py', f'{rooms.WALKS}:5: go does not stand in b.py',
            f'{rooms.WALKS}:6: a step begins with `method` in `file`'])


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestTags(BaseCase):
    """A test class without the tag `standard` is chosen by no run, and nothing says so."""

    def test_each_class_runs(self):
        tests = __name__.partition('.tests.')[0] + '.tests.'
        classes = {
            value for name, module in sys.modules.items() if name.startswith(tests)
            for value in vars(module).values() if isinstance(value, type) and issubclass(value, unittest.TestCase)
            and value.__module__ == name and unittest.defaultTestLoader.getTestCaseNames(value)}
        self.assertGreater(len(classes), 100)
        self.assertEqual([str(test) for test in classes if 'standard' not in test.test_tags], [])


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestPython(BaseCase):
    """With which Python the commands of `dev` run."""

    def run_setup(self, **versions):
        """Have `dev/setup` started on a machine with some Pythons ``{name: version}``; return ``(status, output)``."""
        with tempfile.TemporaryDirectory() as folder:
            for name, version in versions.items():
                # Each answers the question for its version, and says its name instead of running a command.
                Path(folder, name).write_text(
                    f'#!/bin/sh\nif [ "$1" = -c ]; then exec {environment.python()} -c "import sys; sys.version_info = '
                    f'{version}; $2"; fi\n'
                    'echo "${0##*/}" "$@"\n')
                Path(folder, name).chmod(0o755)
            for name in ('sh', 'env'):
                Path(folder, name).symlink_to(f'/usr/bin/{name}')
            result = subprocess.run([environment.DEV / 'setup', 'x y'], env={'PATH': folder}, stdout=subprocess.PIPE,
                                    stderr=subprocess.STDOUT, text=True, check=False)
        return result.returncode, result.stdout

    def test_choice(self):
        words = f'-B {environment.DEV / "setup"} x y\n'
        for versions, chosen in [
            ({'python3': (3, 11, 2)}, 'python3'),
            ({'python3': (3, 9, 18), 'python3.10': (3, 10, 1)}, 'python3.10'),
            ({'python3': (3, 14, 0), 'python3.12': (3, 12, 0), 'python3.10': (3, 10, 1)}, 'python3.12'),
            ({'python3.13': (3, 13, 0)}, 'python3.13'),
        ]:
            with self.subTest(versions=versions):
                self.assertEqual(self.run_setup(**versions), (0, f'{chosen} {words}'))

    def test_none(self):
        for versions in ({}, {'python3': (3, 9, 18)}, {'python3': (2, 7, 18), 'python3.14': (3, 14, 0)}):
            with self.subTest(versions=versions):
                self.assertEqual(self.run_setup(**versions), (
                    2, 'Error: Odoo 19.0 needs Python 3.10, 3.11, 3.12 or 3.13: install one of them.\n'))

    def test_all_commands(self):
        """Each command is started by the same line of shell, which says it before a Python reads the file."""
        files = [path for path in environment.DEV.rglob('*') if path.is_file() and path != environment.DEV / 'python']
        commands = [path for path in files if path.read_bytes()[:2] == b'#!']
        self.assertGreater(len(commands), 10)
        for path in commands:
            with self.subTest(path=path):
                up = '../' * (len(path.relative_to(environment.DEV).parts) - 1)
                self.assertEqual(
                    path.read_text().splitlines()[0],
                    f"""#!/usr/bin/env -S sh -c 'exec "${{0%/*}}/{up}python" "$0" "$@"'""")
                self.assertTrue(os.access(path, os.X_OK))
