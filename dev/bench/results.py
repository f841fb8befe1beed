"""What the benchmarks have found: as JSON, and in RESULTS.md, which keeps the last result of each figure."""
import datetime
import json
import os
import platform
import re
import subprocess
from pathlib import Path

from table import FIGURES, show_spread

RESULTS = Path(__file__).resolve().parent / 'RESULTS.md'
HEAD = """# What `make bench` found last

Written by the command: the last result of each figure on this machine. What the figures mean stands in `table.py`; each
ratio is the median of several rounds, in which the thing and what stands beside it are measured in turns. The seconds
are those of the thing, and of what stands beside it.

"""
TITLES = ('figure', 'measured', 'beside', 'result', 'spread', 'seconds', 'must', 'aim', 'on')


def finish(results, json_file=None, results_file=RESULTS):
    """Write what was found.

    :param list results: as ``measuring.result`` returns them.
    :param json_file: the file of the JSON, if one is wanted.
    :param Path results_file: RESULTS.md, or another one.
    :return: the exit status of the command: 1 when a figure that must be reached is not.
    :rtype: int
    """
    machine = describe_machine()
    if json_file:
        told = [{**FIGURES[result['figure']]._asdict(), **result, 'missed': is_missed(result)} for result in results]
        Path(json_file).write_text(json.dumps({'machine': machine, 'results': told}, indent=2) + '\n')
    write_results(results, machine, results_file)
    return int(any(map(is_missed, results)))


def is_missed(result):
    """Return whether a result does not pass."""
    return FIGURES[result['figure']].is_missed(result['value'])


def write_results(results, machine, path):
    """Write RESULTS.md: new results in the place of earlier ones; those of another machine go."""
    text = path.read_text() if path.exists() else ''
    lines = dict(re.findall(r'^\| (\w+) (\|.*)$', text, re.MULTILINE)) if f'Machine: {machine}\n' in text else {}
    for result in results:
        lines[result['figure']] = '| ' + ' | '.join(write_cells(result)[1:]) + ' |'
    path.write_text('\n'.join([
        f'{HEAD}Machine: {machine}', '', '| ' + ' | '.join(TITLES) + ' |', '|' + ' --- |' * len(TITLES),
        *(f'| {name} {lines[name]}' for name in FIGURES if name in lines)]) + '\n')


def write_cells(result):
    """Return the cells of a result."""
    figure = FIGURES[result['figure']]
    spent = [f'{result[name]:.3g}' for name in ('seconds', 'peer_seconds') if result[name] is not None]
    value = f'{result["value"]:.3g} {figure.unit}'
    return [
        result['figure'], figure.thing, figure.peer, f'{value}, **MISSED**' if is_missed(result) else value,
        show_spread(result), ' / '.join(spent), figure.show(figure.must), figure.show(figure.aim),
        datetime.date.today().isoformat()]


def describe_machine():
    """Return what the results depend on: processor, cores, memory, versions."""
    cpu = re.search(r'^model name\s*: (.*)$', Path('/proc/cpuinfo').read_text(), re.MULTILINE)
    memory = int(re.search(r'^MemTotal:\s*(\d+)', Path('/proc/meminfo').read_text(), re.MULTILINE)[1]) / (1 << 20)
    openssl = subprocess.run(['openssl', 'version'], capture_output=True, text=True, check=True).stdout.split()[1]
    return (
        f'{cpu[1] if cpu else platform.machine()}, {len(os.sched_getaffinity(0))} cores, {memory:.0f} GB; '
        f'Python {platform.python_version()}, OpenSSL {openssl}')
