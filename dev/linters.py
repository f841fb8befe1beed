"""What finds faults in the sources, without a database.

Each function returns what it found, as text: nothing when all is fine.
"""
import os
import re
import shutil
import subprocess
import sys

import environment
import rooms
from environment import NAME, ROOT

# Checks of pylint-odoo that are not heeded, and why.
UNHEEDED = {
    'consider-merging-classes-inherited': (
        "a large model has a file for each of its parts; dev/rooms.py finds what is wrong with parts"),
    'odoo-addons-relative-import': (
        "an import says in full from which room it takes, whichever file it stands in, as in Odoo's own addons"),
}
# The options are those of Odoo's test_lint/tests/test_pylint.py, which checks all of Odoo and takes minutes.
ODOO_CHECKS = [
    'used-before-assignment', 'undefined-variable', 'eval-used', 'unreachable', 'function-redefined', 'bad-builtin',
    'sql-injection', 'missing-gettext', 'gettext-variable', 'gettext-placeholders', 'gettext-repr',
    'raise-unlink-override',
]
ODOO_PLUGINS = [
    '_pylint_path_setup', 'pylint.extensions.bad_builtin', '_odoo_checker_sql_injection', '_odoo_checker_gettext',
    '_odoo_checker_unlink_override',
]
# A line of the source that disables a check of one plugin names what the other one does not know.
OTHERS_CHECKS = '--disable=unknown-option-value'


def run(command, **options):
    """Return the output of a linter, if it found something."""
    result = subprocess.run(list(map(str, command)), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True, check=False, **options)
    return (result.stdout.strip() or f'{command[2]} ended with status {result.returncode}') if result.returncode else ''


def ruff():
    """Ruff, on the commands of `dev` too: they are Python without its suffix."""
    commands = [
        path for path in environment.DEV.rglob('*')
        if path.is_file() and not path.suffix and re.match(rb'#!.*python', path.read_bytes()[:80])
    ]
    return run([sys.executable, '-m', 'ruff', 'check', '--no-cache', '--quiet', '.', *commands], cwd=ROOT)


def pylint_odoo(root=ROOT, unheeded=tuple(UNHEEDED), name=NAME):
    """Return what the checks of the OCA find.

    :param Path root: the folder of an addon
    :param str name: of the addon
    :param unheeded: checks that are left out
    """
    with environment.workplace() as place:
        # A copy without history: the checks that ask to which addon a file belongs look for the manifest in the folders
        # above it, but in none that holds `.git`, which here is the addon's own.
        shutil.copytree(root, place / name, symlinks=True, ignore=shutil.ignore_patterns('.git', '__pycache__'))
        # Without an Odoo on the path imports of it are not followed: it takes seconds instead of minutes.
        environ = {key: value for key, value in os.environ.items() if key != 'PYTHONPATH'}
        left_out = [OTHERS_CHECKS, *(f'--disable={check}' for check in unheeded)]
        return run(
            [sys.executable, '-m', 'pylint', f'--rcfile={ROOT / "pyproject.toml"}', *left_out, name], cwd=place,
            env=environ)


def pylint_integrations():
    """Return what they find in the addons that join this one with others."""
    found = (pylint_odoo(path.parent, name=path.parent.name) for path in ROOT.glob('integrations/*/__manifest__.py'))
    return '\n'.join(filter(None, found))


def odoo_pylint():
    """Odoo's own checkers for pylint."""
    checkers = environment.odoo_source() / 'odoo' / 'addons' / 'test_lint' / 'tests'
    if not checkers.exists():
        checkers = environment.odoo_source() / 'addons' / 'test_lint' / 'tests'
    environ = environment.odoo_environ(ADDONS_PATH=str(environment.ADDONS))
    environ['PYTHONPATH'] = os.pathsep.join([str(checkers), environ['PYTHONPATH']])
    return run([
        sys.executable, '-m', 'pylint', f'--rcfile={os.devnull}', '--disable=all,useless-option-value', OTHERS_CHECKS,
        '--enable=' + ','.join(ODOO_CHECKS), '--load-plugins=' + ','.join(ODOO_PLUGINS), '--bad-functions=input',
        '--reports=n', '--score=n', '--persistent=n', '--msg-template={path}:{line}: {msg} ({symbol})',
        environment.link(),
    ], cwd=environment.STATE, env=environ)


def find_in_rooms(root=ROOT):
    """Return what is wrong with the parts of models, what is too long, and which step of a walk leads nowhere.

    :param Path root: the folder of an addon
    """
    return '\n'.join(sentence for find in (
        rooms.find_scattered_fields, rooms.find_silent_overrides, rooms.find_long_files, rooms.find_long_functions,
        rooms.find_wrong_steps,
    ) for sentence in find(root))
