"""The checkout's database server, which all its commands share, so that each finds the databases of the others.

It is reached by a socket in a private folder, and runs as long as some command does. Each command holds a shared lock
on `users.lock`. Who gets that lock for himself stops the server: the last command at its end or, where that was killed
or has become an Odoo (which inherits the lock), a keeper that has waited for it in a process of its own.
"""
import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

from .cluster import PROGRAMS, Cluster, clean_environ, get_clusters_folder, get_server_user, get_wheel, make_private
from .packages import venv
from .place import CHECKOUT, NAME, PYCACHE, ROOT, STATE, Failure, lock, say

SOCKETS = Path(f'/tmp/{NAME}-{os.getuid()}-{CHECKOUT}')
# Nothing in it must survive a power cut.
SETTINGS = {'fsync': 'off', 'synchronous_commit': 'off', 'full_page_writes': 'off', 'max_wal_size': '2GB'}
USERS = STATE / 'users.lock'

_users = None  # the lock of this process


def is_external():
    """Return whether the environment leads to another server."""
    return any(os.environ.get(name) for name in ('PGHOST', 'PGHOSTADDR', 'PGSERVICE'))


def _get_server():
    return Cluster(get_clusters_folder() / 'data', SOCKETS, **SETTINGS)


def database():
    """Return the environment variables that lead to the database server; it runs as long as this process."""
    global _users  # noqa: PLW0603
    if is_external():
        if os.environ.get('PGUSER') == 'postgres':
            raise Failure('Odoo refuses the database user postgres: create another one and name it in PGUSER.')
        return {key: value for key, value in os.environ.items() if key.startswith('PG') and key != 'PGDATABASE'}
    venv()
    server = _get_server()
    if not _users:
        STATE.mkdir(parents=True, exist_ok=True)
        _users = USERS.open('w')
        fcntl.flock(_users, fcntl.LOCK_SH)
        with lock(STATE / 'server.lock'):
            _start(server)
        with (STATE / 'keeper.log').open('w') as log:
            subprocess.call(
                [sys.executable, '-B', Path(__file__).parent, 'keep_server'], start_new_session=True, cwd='/',
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    return server.environ


def _start(server):
    """Start the server unless it runs already."""
    make_private(SOCKETS, get_server_user())
    if not server.folder.exists():
        say('Creating the database cluster …')
        server.create()
    if not server.runs():
        server.start()


def _stop():
    server = _get_server()
    if server.runs():
        server.stop()


def bequeath_database():
    """Let the program that takes this process's place use the server."""
    if _users:
        os.set_inheritable(_users.fileno(), True)


def release_database():
    """Say that this process needs the server no longer; return when it has stopped, or is used by others."""
    global _users  # noqa: PLW0603
    if not _users:
        return
    _users.close()
    _users = None
    with USERS.open('w') as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            # granted at once beside other users, and by a keeper when it has stopped the server
            fcntl.flock(users, fcntl.LOCK_SH)
        else:
            _stop()


def keep_server():
    """Stop the server when nobody uses it any more. Runs as a process of its own, one at a time."""
    if os.fork():
        # No child of a command: one that becomes an Odoo would wait for it.
        return
    # The keeper's lock goes first: who comes to use the server then finds that there is no keeper.
    with USERS.open('w') as users, (STATE / 'keeper.lock').open('w') as keeper, contextlib.suppress(BlockingIOError):
        fcntl.flock(keeper, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.flock(users, fcntl.LOCK_EX)
        _stop()


def forget():
    """Remove all that belongs to this checkout alone. Runs as a process of its own, for a checkout that is thrown away.
    """
    _get_server().remove()
    for path in (get_clusters_folder(), STATE, *(PYCACHE / root.relative_to(root.anchor) for root in (STATE, ROOT))):
        shutil.rmtree(path, ignore_errors=True)


def get_client(name):
    """One of PostgreSQL's programs that speak to a server."""
    return get_wheel() / PROGRAMS / name


def client_environ():
    """Return the environment variables of such a program."""
    return {**clean_environ(), **database()}


def sql(statement, dbname='postgres'):
    """Run SQL, return its output as lines of columns separated by `|`."""
    result = subprocess.run(
        [get_client('psql'), '-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', dbname], input=statement, capture_output=True,
        text=True, check=False,
        env={**client_environ(), 'PGCLIENTENCODING': 'UTF8', 'PGOPTIONS': '-c client_min_messages=error'})
    if result.returncode:
        reason = (result.stderr.strip().splitlines() or ['psql failed'])[0]
        raise Failure(f'The database server says: {reason}')
    return result.stdout.splitlines()
