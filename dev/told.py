"""What a command of the repository has told last: tables of Markdown, kept beside it in RESULTS.md."""
import os
import platform
import re
import time
from pathlib import Path

import environment


def get_machine():
    """Return on which machine it ran."""
    memory = re.search(r'MemTotal: +(\d+)', Path('/proc/meminfo').read_text())
    postgres = environment.call(
        [environment.get_programs() / 'postgres', '--version'], 'PostgreSQL does not say its version',
        **environment.as_server_user()).strip()
    return (f'{os.cpu_count()} cores, {round(int(memory[1]) / 2**20)} GiB of memory, {platform.system()} '
            f'{platform.machine()}, Python {platform.python_version()}, {postgres}')


def get_commit():
    """Return what was run: a commit, and whether files of it were changed."""
    return environment.call(
        ['git', '-C', environment.ROOT, 'describe', '--always', '--dirty=+'],
        'The commit is not known: there is no history here').strip()


def get_table(head, rows):
    """Return a table, as lines of Markdown.

    :param list head: titles of the columns
    :param rows: the cells of each row, which are shown as text
    """
    texts = [[str(cell) for cell in row] for row in (head, *rows)]
    widths = [max(len(row[column]) for row in texts) for column in range(len(head))]
    first, *others = ('| ' + ' | '.join(map(str.ljust, row, widths)) + ' |' for row in texts)
    return [first, '|' + '|'.join('-' * (width + 2) for width in widths) + '|', *others]


def keep(file, head, name, lines):
    """Keep what was seen of one thing in a file, in the place of what was seen of it before.

    When, of what and on which machine is added.

    :param Path file: RESULTS.md
    :param str head: what the file begins with
    :param str name: of the thing, a word
    :param list lines: of Markdown
    """
    kept = dict(re.findall(r'^## (\S+)\n\n(.*?)(?=^## |\Z)', file.read_text(), re.M | re.S)) if file.exists() else {}
    kept[name] = '\n'.join([*lines, '', f'{time.strftime("%Y-%m-%d")}, {get_commit()}, {get_machine()}.'])
    file.write_text(head + '\n'.join(f'## {title}\n\n{text.strip()}\n' for title, text in sorted(kept.items())))
