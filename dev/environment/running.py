"""Odoo's processes and their logs."""
import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time

from .chromium import find_installed, fontconfig
from .cluster import clean_environ
from .odoo import odoo_source
from .packages import python, venv
from .place import ADDONS, BIN, LOGS, NAME, PYCACHE, ROOT, STATE, Failure, write
from .postgres import database

LOG_DAYS = 7


def link():
    """Return the checkout under the addon's own name: Odoo takes the name of the folder for the name of the addon."""
    path = ADDONS / NAME
    if not path.is_symlink():
        ADDONS.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            path.symlink_to(ROOT)
    return path


def odoo_command():
    """Return how Odoo's command line is run with our interpreter; see odoo_environ()."""
    # Not `-m odoo`: that puts the current folder, maybe this repository, before all other modules.
    launcher = write(STATE / 'odoo-bin', 'import odoo.cli\nodoo.cli.main()\n')
    return [python(), str(launcher)]


def odoo_environ(**extra):
    """Return the environment in which Odoo finds its code, this addon, the database server and the browser."""
    link()
    config = write(STATE / 'odoo.conf', '\n'.join([
        '[options]',
        f'addons_path = {ADDONS}',
        f'data_dir = {STATE / "data"}',
        'http_interface = 127.0.0.1',
        f'screenshots = {STATE / "screenshots"}',
        '',
    ]))
    path = [str(venv() / 'bin'), *os.environ.get('PATH', os.defpath).split(os.pathsep)]
    if not (find_installed() and shutil.which('wkhtmltopdf')):
        path.append(str(BIN))
    inherited = clean_environ()
    # Bytecode goes to the cache, so it may be written: Odoo starts faster.
    inherited.pop('PYTHONDONTWRITEBYTECODE', None)
    return {
        **inherited,
        **database(),
        'PATH': os.pathsep.join(path),
        'PYTHONPATH': str(odoo_source()),
        'PYTHONPYCACHEPREFIX': str(PYCACHE),
        'ODOO_RC': str(config),
        'FONTCONFIG_FILE': str(fontconfig()),
        **extra,
    }


@contextlib.contextmanager
def odoo_process(*arguments, log, script=None, command=None, **options):
    """Run Odoo during the block, with its output in a log file and `script` as its input."""
    options.setdefault('env', odoo_environ())
    with log_path(log).open('w') as output, tempfile.TemporaryFile('w+') as source:
        source.write(script or '')
        source.seek(0)
        process = subprocess.Popen([*(command or odoo_command()), *arguments], stdin=source, stdout=output,
                                   stderr=output, cwd=STATE, start_new_session=True, **options)
        with ended(process):
            yield process


def run_odoo(*arguments, log, script=None, **options):
    """Run Odoo to its end and return the text of its log."""
    with odoo_process(*arguments, log=log, script=script, **options) as process:
        process.wait()
    if process.returncode:
        raise Failure(f'Odoo failed; its log is {log_path(log)}.')
    return log_path(log).read_text(errors='replace')


def log_path(log):
    """Return the file of one of this command's logs. Those of other commands are kept for a while."""
    if not LOGS.exists():
        LOGS.mkdir(parents=True)
        for folder in LOGS.parent.iterdir():
            if folder.stat().st_mtime < time.time() - LOG_DAYS * 24 * 60 * 60:
                shutil.rmtree(folder, ignore_errors=True)
    return LOGS / f'{log}.log'


def log_records(text, levels=('WARNING', 'ERROR', 'CRITICAL')):
    """Return the records of these levels in a log of Odoo, each with the lines that follow it."""
    header = r'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ '
    return re.findall(rf'^{header}(?:{"|".join(levels)}) .*(?:\n(?!{header}).*)*', text, re.MULTILINE)


@contextlib.contextmanager
def ended(process):
    """Make sure that a process (a session leader) and what it started end with the block."""
    try:
        yield process
    finally:
        for number in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(subprocess.TimeoutExpired, ProcessLookupError):
                if process.poll() is None:
                    os.killpg(process.pid, number)
                process.wait(10)
        # What the process leaves behind, such as a browser.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
