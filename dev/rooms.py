"""Whether the house is in order: each model at home in one place of a room, nothing too long, its description true.

A room is a folder. Two faults that Odoo does not find are found in the sources of models. A model that declares fields
in several files of a room has no file that says what it is. A method that a model overrides without calling what it
overrides depends on the order of imports, or leaves dead code.
"""
import ast
import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

FOLDERS = ('models', 'wizards')
# Files that people read, and how long they and their functions may be. A list of tests, or a table, may be longer.
SOURCES = ('.py', '.xml', '.js', '.scss')
TESTS_AND_TABLES = {'tests', 'const'}
MOST_LINES = 420
MOST_FUNCTION_LINES = 50
# The walks through the house: each numbered line begins with a method and the file in which it stands.
WALKS = 'dev/ARCHITECTURE.md'
STEP = re.compile(r'\d+\. `(\w+)` in `([^`]+)`')


@dataclass
class Part:
    """A class that makes or extends a model.

    `methods` says for each method in which line it stands, and whether it may silently replace another one: it does not
    call what it overrides, and the class extends the model. Then only the order of imports decides which of several
    comes last.
    """

    path: Path
    model: str
    fields: list = field(default_factory=list)
    methods: dict = field(default_factory=dict)

    @property
    def room(self):
        return self.path.parent


def find_scattered_fields(root):
    """Return a sentence for each model that declares fields in several files of a room.

    :param Path root: the folder of an addon
    """
    places = defaultdict(lambda: defaultdict(list))
    for part in read(root):
        if part.fields:
            places[part.model, part.room][part.path.name] += part.fields
    return [
        f'{room}: {model} declares fields in {len(files)} files: ' + ', '.join(
            f'{name} ({len(fields)}: {", ".join(fields[:3])}{", ..." if fields[3:] else ""})'
            for name, fields in files.items())
        for (model, room), files in sorted(places.items()) if len(files) > 1]


def find_silent_overrides(root):
    """Return a sentence for each method that a model of the addon overrides silently.

    Whoever writes a method again for the same model calls `super`, or does it in another room than all the others, and
    is the only one: there it is meant.

    :param Path root: the folder of an addon
    """
    places = defaultdict(list)
    for part in read(root):
        for name, (line, is_silent) in part.methods.items():
            places[part.model, name].append((part.room, f'{part.path}:{line}', is_silent))
    return [
        f'{model}.{name} is overridden without super: ' + ', '.join(
            place + (' (without super)' if is_silent else '') for _room, place, is_silent in found)
        for (model, name), found in sorted(places.items()) if _is_by_chance(found)]


def find_long_files(root):
    """Return a sentence for each file of more than ``MOST_LINES`` lines.

    :param Path root: the folder of an addon
    """
    counts = {path: len(text.splitlines()) for path, text in read_sources(root)}
    return [
        f'{path} has {count} lines, and {MOST_LINES} are the most: split it where the domain splits'
        for path, count in counts.items() if count > MOST_LINES]


def find_long_functions(root):
    """Return a sentence for each function of more than ``MOST_FUNCTION_LINES`` lines, its docstring included.

    :param Path root: the folder of an addon
    """
    return [
        f'{path}:{node.lineno}: {node.name} has {count} lines, and {MOST_FUNCTION_LINES} are the most'
        for path, text in read_sources(root) if path.suffix in ('.py', '')
        for node in ast.walk(ast.parse(text, path))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and (count := node.end_lineno - node.lineno + 1) > MOST_FUNCTION_LINES]


def find_wrong_steps(root):
    """Return a sentence for each step of the walks whose method does not stand in the file that it names.

    :param Path root: the folder of an addon
    """
    found = []
    for number, line in enumerate((root / WALKS).read_text().splitlines(), 1):
        if not re.match(r'\d+\. ', line):
            continue
        step = STEP.match(line)
        if not step:
            found.append(f'{WALKS}:{number}: a step begins with `method` in `file`')
        elif step[1] not in _read_functions(root / step[2]):
            found.append(f'{WALKS}:{number}: {step[1]} does not stand in {step[2]}')
    return found


def _read_functions(path):
    """Return the names of the functions in a file; none when there is no such file."""
    return {
        node.name for node in ast.walk(ast.parse(path.read_text() if path.is_file() else ''))
        if isinstance(node, ast.FunctionDef)}


def read_sources(root):
    """Yield the files that people read, commands included, as ``(path, text)``: not those of tests and tables."""
    for path in sorted(path for path in root.rglob('*') if path.is_file()):
        place = path.relative_to(root)
        is_hidden = any(part.startswith('.') for part in place.parts)
        if is_hidden or TESTS_AND_TABLES & {part.removesuffix('.py') for part in place.parts}:
            continue
        if path.suffix in SOURCES or (not path.suffix and re.match(rb'#!.*python', path.read_bytes()[:80])):
            yield place, path.read_text()


def _is_by_chance(found):
    """Return whether a method replaces another one of its room, or several of them replace each other."""
    rooms = [room for room, _place, _is_silent in found]
    silent = [room for room, _place, is_silent in found if is_silent]
    return len(found) > 1 and (len(silent) > 1 or any(rooms.count(room) > 1 for room in silent))


def read(root):
    """Yield the parts of all models, in the order of their paths, which are relative to ``root``."""
    for path in sorted(path for folder in FOLDERS for path in (root / folder).rglob('*.py')):
        for node in ast.parse(path.read_text(), path).body:
            if isinstance(node, ast.ClassDef) and (part := _read_class(node, path.relative_to(root))):
                yield part


def _read_class(node, path):
    """Return the part of a model that a class is; None when it is no model."""
    values = {
        target.id: statement.value for statement in node.body if isinstance(statement, ast.Assign)
        for target in statement.targets if isinstance(target, ast.Name)}
    name, inherited = (_read_names(values.get(key)) for key in ('_name', '_inherit'))
    if not name and len(inherited) != 1:
        return None
    [model] = name or inherited
    methods = [statement for statement in node.body if isinstance(statement, ast.FunctionDef)]
    return Part(path, model, [key for key, value in values.items() if _is_field(value)], {
        method.name: (method.lineno, model in inherited and not _calls_super(method)) for method in methods})


def _read_names(value):
    """Return the names of models in an expression: a text, or a list of them."""
    return [item.value for item in getattr(value, 'elts', [value]) if isinstance(item, ast.Constant)]


def _is_field(value):
    function = getattr(value, 'func', None)
    return (
        isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == 'fields')


def _calls_super(method):
    """Return whether a method calls, maybe under some condition, what it overrides."""
    return any(
        isinstance(node, ast.Attribute) and node.attr == method.name and isinstance(node.value, ast.Call)
        and getattr(node.value.func, 'id', None) == 'super' for node in ast.walk(method))
