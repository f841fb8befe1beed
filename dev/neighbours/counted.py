"""Tests that are run and counted; databases that go away afterwards."""
import contextlib
import re
from pathlib import Path
from typing import NamedTuple

import environment
from environment import NAME, say

LAUNCHER = Path(__file__).with_name('loaded.py')
COUNT = re.compile(r'(\d+) failed, (\d+) error\(s\) of (\d+) tests when loading database')
FAILED = re.compile(r'^\S+ \S+ \d+ ERROR \S+ \S+: (?:FAIL|ERROR): (?:Subtest )?([\w.]+)', re.MULTILINE)
SKIPPED = re.compile(r'^\S+ \S+ \d+ INFO \S+ \S+: skipped ', re.MULTILINE)


class Count(NamedTuple):
    """What came of some tests.

    :param int tests: how many were run
    :param int skipped: how many of them were left out by themselves
    :param frozenset failed: names of those that failed
    """
    tests: int
    skipped: int
    failed: frozenset

    def __str__(self):
        skipped = f', {self.skipped} skipped' if self.skipped else ''
        return f'{self.tests - len(self.failed) - self.skipped} passed, {len(self.failed)} failed{skipped}'


@contextlib.contextmanager
def database(name, source=None):
    """Have a database during the block, a copy of another one; return its name.

    :param str name: the last part of it
    :param str source: what is copied; by default, what this addon depends on, with demo data
    """
    full = f'{environment.database_prefix()}neighbours_{name}'
    environment.drop_database(full)
    try:
        environment.copy_database(source or environment.template(demo=True), full)
        yield full
    finally:
        environment.drop_database(full)


def install(target, *modules, options=(), env=None):
    """Install addons in a database.

    :param options: further words of the command line
    :return: the errors of the log, and its warnings about this addon
    """
    log = f'{target.rpartition("_")[2]}_install'
    say(f'Installing {", ".join(modules)} …')
    with environment.odoo_process('-d', target, '-i', ','.join(modules), '--with-demo', '--stop-after-init', *options,
                                  log=log, env=env or environment.odoo_environ()) as process:
        process.wait()
    text = environment.log_path(log).read_text(errors='replace')
    records = environment.log_records(text, ('ERROR', 'CRITICAL'))
    records += [record for record in environment.log_records(text, ('WARNING',)) if f'.{NAME}' in record]
    problems = [record.splitlines()[0][:200] for record in records]
    return problems or ([f'Odoo ended with status {process.returncode}'] if process.returncode else [])


def run(target, module, tags, options=(), env=None):
    """Run tests of an addon when all addons of a database are loaded.

    :return: what came of it
    :rtype: Count
    """
    log = f'{target.rpartition("_")[2]}_{module}'
    environ = {**(env or environment.odoo_environ()), 'NEIGHBOURS_TESTED': module,
               'OPENAPI_PEC_DEV': str(environment.DEV)}
    say(f'Testing {module} ({log}) …')
    with environment.odoo_process(
            '-d', target, '--test-tags', tags, '--stop-after-init', '--http-port', str(environment.free_port()),
            *options, log=log, command=[environment.python(), str(LAUNCHER)], env=environ) as process:
        process.wait()
    text = environment.log_path(log).read_text(errors='replace')
    count = COUNT.findall(text)
    if not count:
        environment.say(f'The log is {environment.log_path(log)}')
        return Count(0, 0, frozenset({'no test was run'}))
    names = set(FAILED.findall(text))
    failures = int(count[-1][0]) + int(count[-1][1])
    if len(names) < failures:  # several subtests of one test, or a class that could not begin
        names |= {f'failure {number} without a name' for number in range(failures - len(names))}
    return Count(int(count[-1][2]), len(SKIPPED.findall(text)), frozenset(names))


def compare(alone, beside):
    """Return what is otherwise beside this addon, as sentences.

    :param Count alone: without it
    :param Count beside: with it
    """
    problems = [f'fails beside it alone: {name}' for name in sorted(beside.failed - alone.failed)]
    problems += [f'fails without it alone: {name}' for name in sorted(alone.failed - beside.failed)]
    if alone.tests != beside.tests:
        problems.append(f'{alone.tests} tests without it, {beside.tests} with it')
    if not alone.tests:
        problems.append('no test was run')
    return problems


def own_tags(files):
    """Return the tags of some files of this addon's own tests."""
    return ','.join(f'/{NAME}/tests/{file}' for file in files)
