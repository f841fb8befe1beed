"""What `dev/covered.py` notes of a program is what `coverage run` notes of it."""
import subprocess
import sys
import tempfile
from pathlib import Path

from coverage import Coverage

from odoo.tests import BaseCase, tagged

import environment

# Each kind of statement, run and not run.
MEASURED = '''"""A module."""
from __future__ import annotations

import contextlib

COUNT = 0
NEVER = (
    lambda value:
    value + 1)


def twice(function):
    """A decorator."""
    return lambda *arguments: [
        function(*arguments)
        for _time in range(2)]


class Thing:
    """A class."""

    size = 3

    @property
    def half(self):
        """A property."""
        return self.size / 2

    @staticmethod
    @twice
    def unused():
        return 1


@twice
def choose(value):
    """A function."""
    global COUNT
    COUNT += 1
    if value == 1: return 'one'
    elif value == 2:
        found = 'two'
    elif value == 3:
        found = 'three'
    else:
        found = 'more'
    for place in range(value):
        if place:
            break
    else:
        found += '!'
    match value:
        case 2:
            return found
        case _:
            found = [
                found,
                value,
            ]
    return found


def attempt(value):
    try:
        with contextlib.suppress(KeyError):
            {}[value]
        1 / value
    except ZeroDivisionError:
        return 'zero'
    else:
        result = 'fine'
    finally:
        assert value < 10
    while value:
        value -= 1
    return result


async def never():
    """An unused one."""
    await never()
'''
PROGRAM = '''import sys
sys.path.insert(0, sys.argv[1])
import measured.first
print(measured.first.choose(1), measured.first.choose(2), measured.first.choose(5))
print(measured.first.attempt(0), measured.first.attempt(2), measured.first.Thing().half)
'''


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestCovered(BaseCase):

    def setUp(self):
        super().setUp()
        self.place = Path(self.enterContext(tempfile.TemporaryDirectory())).resolve()
        self.folder = self.place / 'measured'
        self.folder.mkdir()
        for name, text in {'__init__.py': '', 'first.py': MEASURED, 'unused.py': 'COUNT = 1\n'}.items():
            (self.folder / name).write_text(text)
        (self.place / 'program.py').write_text(PROGRAM)

    def measure(self, file, *words):
        """Run the program; return what it prints, and the lines of each file that it did not run."""
        printed = subprocess.run(
            [sys.executable, *words, self.place / 'program.py', self.place], cwd=self.place, check=True,
            capture_output=True, text=True).stdout
        coverage = Coverage(data_file=self.place / file)
        coverage.load()
        return printed, {
            Path(path).name: coverage.analysis2(path)[3] for path in coverage.get_data().measured_files()}

    def test_the_same_as_coverage(self):
        printed, missing = self.measure(
            'theirs', '-m', 'coverage', 'run', f'--data-file={self.place / "theirs"}', f'--source={self.folder}')
        self.assertEqual(missing['unused.py'], [1])
        self.assertIn(MEASURED.splitlines().index("        return 1") + 1, missing['first.py'])
        for _again in range(2):  # what was compiled for one run is not taken for another
            ours = self.measure('ours', environment.DEV / 'covered.py', self.place / 'ours', self.folder)
            self.assertEqual(ours, (printed, missing))
        plain = subprocess.run(
            [sys.executable, self.place / 'program.py', self.place], check=True, capture_output=True, text=True)
        self.assertEqual(plain.stdout, printed)
