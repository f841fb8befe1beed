"""Where everything is, and small helpers."""
import ast
import contextlib
import fcntl
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

NAME = 'l10n_it_openapi_pec'
DEV = Path(__file__).resolve().parent.parent
ROOT = DEV.parent


def digest(*parts):
    """A short key that changes when one of the parts does."""
    return hashlib.sha256('\0'.join(map(str, parts)).encode()).hexdigest()[:8]


CACHE = Path(os.environ.get('XDG_CACHE_HOME') or Path.home() / '.cache').absolute() / NAME
CHECKOUT = digest(ROOT)
STATE = CACHE / 'checkouts' / CHECKOUT
PYCACHE = CACHE / 'pycache'
LOGS = STATE / 'logs' / str(os.getpid())
ADDONS = STATE / 'addons'
BIN = STATE / 'bin'
FILESTORE = STATE / 'data' / 'filestore'

os.umask(0o022)


class Failure(Exception):
    """What is missing, in one sentence that says what to do about it."""


def say(text):
    """Tell the person what goes on."""
    print(text, file=sys.stderr, flush=True)


@contextlib.contextmanager
def lock(path):
    """Hold a lock between processes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open('w') as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def workplace():
    """A temporary folder inside the cache: what is made in it gets its place by one rename, or vanishes."""
    CACHE.mkdir(parents=True, exist_ok=True)
    path = Path(tempfile.mkdtemp(prefix='tmp-', dir=CACHE))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def write(path, text, mode=0o644):
    """Write a file unless it has that content already."""
    if not path.exists() or path.read_text() != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f'{path.name}.{os.getpid()}')
        temporary.write_text(text)
        temporary.chmod(mode)
        temporary.replace(path)
    return path


def call(command, error, **options):
    """Run a command that is only heard of when it fails."""
    command = list(map(str, command))
    result = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        errors='replace', check=False, **options)
    if result.returncode:
        CACHE.mkdir(parents=True, exist_ok=True)
        log = CACHE / 'setup.log'
        log.write_text(f'$ {" ".join(command)}\n{result.stdout}')
        raise Failure(f'{error} (details: {log}).')
    return result.stdout


def manifest(text=None):
    """Return the addon's manifest, or another one."""
    return ast.literal_eval(text or (ROOT / '__manifest__.py').read_text())


def free_port(preferred=0):
    """A free TCP port of this machine, the preferred one if possible."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(('127.0.0.1', port))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise Failure('No TCP port is free.')
