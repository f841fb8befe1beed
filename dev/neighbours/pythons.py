"""A part of this addon's tests by each Python that Odoo 19 supports."""
import os
import re
import shutil
import subprocess
from pathlib import Path

import counted

import environment
from environment import DEV, say
from plan import BY_PYTHON, PYTHONS


def run(table):
    """Run them by all that this machine has.

    :param table: gets a row for each
    """
    for version in PYTHONS:
        python = find(version)
        if not python:
            table.add(f'Python {version}', '', 'not on this machine')
            continue
        say(f'Testing by {python} …')
        environ = {key: value for key, value in os.environ.items() if key not in ('VIRTUAL_ENV', 'PYTHONPATH')}
        result = subprocess.run(
            [python, '-B', DEV / 'test', '--tags', counted.own_tags(BY_PYTHON)], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors='replace', check=False, env=environ)
        log = environment.log_path(f'python-{version}')
        log.write_text(result.stdout)
        said = re.findall(r'^\d+ passed, \d+ failed$', result.stdout, re.MULTILINE)
        problems = []
        if not said or result.returncode:
            problems.append(f'exit status {result.returncode}')
            say(f'The log is {log}')
        table.add(f'Python {version}', '', said[-1] if said else 'nothing was counted', problems)


def find(version):
    """Return the interpreter of a version: the one on the path, or of pyenv; None where there is none."""
    home = Path(os.environ.get('PYENV_ROOT') or Path.home() / '.pyenv')
    candidates = [shutil.which(f'python{version}'), *sorted(home.glob(f'versions/{version}.*/bin/python'))]
    for candidate in filter(None, candidates):
        result = subprocess.run([candidate, '-c', 'import sys; print("%d.%d" % sys.version_info[:2])'],
                                stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if result.stdout.strip() == version:
            return str(candidate)
    return None
