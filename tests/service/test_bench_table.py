import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from odoo.tests import BaseCase, tagged

BENCH = Path(__file__).resolve().parent.parent.parent / 'dev' / 'bench'
# What a process of its own does with results; the figures are told by their names alone.
FINISH = f'''
import json, sys
from pathlib import Path
sys.path.insert(0, {str(BENCH)!r})
from measuring import result
from results import finish
from table import show
results = [result(*measured) for measured in json.loads(sys.argv[1])]
print(chr(10).join(show(results)))
sys.exit(finish(results, sys.argv[2] + '/bench.json', Path(sys.argv[2], 'RESULTS.md')))
'''
FIGURES = f'''
import json, sys
sys.path.insert(0, {str(BENCH)!r})
from table import FIGURES
print(json.dumps({{name: figure._asdict() for name, figure in FIGURES.items()}}))
'''


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestBenchTable(BaseCase):
    """What the benchmarks do with what they measure: a table, JSON, RESULTS.md, and an exit status."""

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def finish(self, *results):
        """Finish with results of ``[figure, [[seconds, seconds of the peer], …]]``; return the exit status."""
        self.process = subprocess.run(
            [sys.executable, '-B', '-c', FINISH, json.dumps(results), str(self.folder)], capture_output=True, text=True,
            check=False)
        self.assertFalse(self.process.stderr)
        return self.process.returncode

    def get_results(self):
        return (self.folder / 'RESULTS.md').read_text()

    def test_a_figure_that_misses_what_it_must_be(self):
        reached = [['unchanged', [[2, 1], [3, 1], [2.2, 1]]], ['dispatch', [], 7.9], ['worklist_head', [[9, 1]]]]
        self.assertEqual(self.finish(*reached), 0)
        self.assertNotIn('MISSED', self.process.stdout + self.get_results())
        for missed in (['changed', [[8.1, 1]]], ['dispatch', [], 6.9], ['lost', [], 1]):
            with self.subTest(missed=missed):
                self.assertEqual(self.finish(*reached[:1], missed), 1)
                self.assertIn('MISSED', self.process.stdout)
                self.assertIn('**MISSED**', self.get_results())
                told = json.loads((self.folder / 'bench.json').read_text())['results']
                self.assertEqual([result['missed'] for result in told], [False, True])

    def test_median_and_spread(self):
        self.finish(['unchanged', [[2, 1], [3, 1], [2.2, 1]]])
        [told] = json.loads((self.folder / 'bench.json').read_text())['results']
        self.assertEqual((told['value'], told['low'], told['high'], told['rounds']), (2.2, 2, 3, 3))
        self.assertIn('2–3 in 3', self.process.stdout)

    def test_results_of_one_figure_leave_the_others(self):
        self.finish(['unchanged', [[2, 1]]], ['changed', [[3, 1]]])
        self.finish(['changed', [[4, 1]]])
        rows = [
            line.split(' | ')[3] for line in self.get_results().splitlines()
            if line.startswith(('| unch', '| changed'))]
        self.assertEqual(rows, ['2 × its time', '4 × its time'])
        path = self.folder / 'RESULTS.md'
        path.write_text(path.read_text().replace('Machine: ', 'Machine: another one, '))
        self.finish(['p7m', [[1, 1]]])
        self.assertNotIn('| changed', self.get_results(), "what another machine measured says nothing beside it")

    def test_every_figure(self):
        printed = subprocess.run([sys.executable, '-B', '-c', FIGURES], capture_output=True, text=True, check=True)
        for name, figure in json.loads(printed.stdout).items():
            with self.subTest(name=name):
                self.assertTrue((BENCH / figure['bench']).with_suffix('.py').is_file())
                if figure['must'] is not None and figure['aim'] is not None:
                    self.assertEqual(figure['aim'] > figure['must'], figure['is_least'])

    def test_a_name_that_is_none(self):
        process = subprocess.run(
            [BENCH / 'run'], capture_output=True, text=True, check=False, env={**os.environ, 'BENCH': 'nothing'})
        self.assertEqual(process.returncode, 2)
        self.assertIn("There is no benchmark nothing", process.stderr)
