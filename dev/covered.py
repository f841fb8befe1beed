"""Which lines of the addon a program runs: `python dev/covered.py FILE FOLDER,FOLDER program arguments…`

Before Python 3.12 `coverage run` has the interpreter tell of each line of whatever runs: Odoo's tests take twice as
long. Here nothing is told but by the measured files themselves: in memory, each of their statements gets one before it
that notes its line. FILE is then as `coverage run` would have left it, for `coverage` to add up and report.
slipcover, which does the same, cannot: its way into the import and Odoo's call each other without end.
"""
import ast
import atexit
import builtins
import os
import runpy
import sys
from collections import defaultdict
from importlib.machinery import SourceFileLoader
from pathlib import Path

NOTE = '__note_line__'  # what the measured files call: a name that each module knows
BLOCKS = ('body', 'orelse', 'finalbody')


class Noting(ast.NodeTransformer):
    """Puts before each statement of a file another one that notes its line.

    :param str path: of the file
    """

    def __init__(self, path):
        self.path = path

    def generic_visit(self, node):
        """Go through the blocks of a statement, the inner ones first."""
        super().generic_visit(node)
        for name in BLOCKS:
            if isinstance(block := getattr(node, name, None), list):
                setattr(node, name, self._extend(node, block))
        return node

    def _extend(self, node, block):
        """Return a block with what notes its lines, behind what has to be first."""
        lines, found = [], []
        if isinstance(node, ast.ExceptHandler):
            lines.append(node.lineno)
        elif isinstance(node, ast.match_case):
            lines.append(node.pattern.lineno)
        for place, statement in enumerate(block):
            if _is_import_from_future(statement):
                lines.append(statement.lineno)
            elif place or not _is_docstring(statement):
                lines += [decorator.lineno for decorator in getattr(statement, 'decorator_list', ())]
                found += [self._make_note(line, statement) for line in (*lines, statement.lineno)]
                lines = []
            found.append(statement)
        return found

    def _make_note(self, line, statement):
        call = ast.Call(ast.Name(NOTE, ast.Load()), [ast.Constant((self.path, line))], [])
        return ast.fix_missing_locations(ast.copy_location(ast.Expr(call), statement))


def _is_import_from_future(statement):
    return isinstance(statement, ast.ImportFrom) and statement.module == '__future__'


def _is_docstring(statement):
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def note_lines(folders):
    """Have the files of some folders note which of their lines run, from their import on.

    :return: the set that it fills: ``(path, line)``
    """
    noted, folders = set(), tuple(f'{folder}{os.sep}' for folder in folders)
    setattr(builtins, NOTE, noted.add)
    get_code = SourceFileLoader.get_code

    def get_noting_code(loader, name):
        path = os.path.realpath(loader.get_filename(name))
        if not path.startswith(folders):
            return get_code(loader, name)
        # Not kept as bytecode, which runs that measure nothing would find.
        tree = Noting(path).visit(ast.parse(loader.get_data(path)))
        return loader.source_to_code(tree, loader.get_filename(name))

    SourceFileLoader.get_code = get_noting_code
    return noted


def save(file, folders, noted):
    """Write what was noted as coverage's data; a file of the folders of which nothing ran is named in them too."""
    from coverage import CoverageData

    lines = defaultdict(set)
    for path, line in noted:
        lines[path].add(line)
    data = CoverageData(file)
    data.add_lines(lines)
    data.touch_files([str(path) for folder in folders for path in Path(folder).rglob('*.py')])
    data.write()


def main():
    """Run the program."""
    file, folders, *sys.argv = sys.argv[1:]
    sys.path[0] = str(Path(sys.argv[0]).parent)
    folders = [os.path.realpath(folder) for folder in folders.split(',')]
    atexit.register(save, file, folders, note_lines(folders))
    runpy.run_path(sys.argv[0], run_name='__main__')


if __name__ == '__main__':
    main()
