"""A PostgreSQL of its own, as durable as PostgreSQL is by default, thrown away in the end: it can be killed and started again."""
import contextlib
import os
import shutil
import signal
import subprocess
from pathlib import Path

import environment
from environment import DB_USER, ROOT, say

SHIPPED = ('*.py', 'controllers/*.py', 'data/*', 'demo/*', 'models/*.py', 'security/*', 'tools/*.py', 'views/*', 'wizards/*')
SERVER = '-c max_connections=200 -c listen_addresses= -c max_wal_size=2GB'


def _digest_of_source():
    """A key that changes with what a database of this addon is made from."""
    files = sorted(path for pattern in SHIPPED for path in ROOT.glob(pattern) if path.is_file())
    return environment.digest(environment.odoo_version(), *(path.read_bytes() for path in files))


class Cluster:
    """A cluster in a folder of PostgreSQL's user.

    :param Path folder: where its files are, or will be
    :param pid: of the command that uses it; this one unless told otherwise
    """

    def __init__(self, folder, pid=None):
        self.programs, _home = environment._server_folders()
        self.folder = folder
        self.sockets = Path(f'{environment.SOCKETS}-chaos-{pid or os.getpid()}')

    def run(self, *words, error):
        """Run one of PostgreSQL's programs as its user."""
        return environment.call([self.programs / words[0], *words[1:]], error, **environment._as_server_user())

    def create(self):
        """Make an empty cluster."""
        self.run('initdb', '-D', self.folder, '-U', DB_USER, '-A', 'trust', '-E', 'UTF8', '--locale=C', '--locale-provider=builtin',
                 '--builtin-locale=C.UTF-8', error='The durable cluster could not be made')

    def start(self):
        """Start the server, and have everything in this process, and what it starts, use it."""
        environment._private(self.sockets, environment._server_user())
        environment._forget_dead_server(self.folder)
        self.run('pg_ctl', '-D', self.folder, '-l', f'{self.folder}.log', '-o', f'{SERVER} -c unix_socket_directories={self.sockets}',
                 '-w', '-t', '120', 'start', error='The durable PostgreSQL could not be started')
        os.environ.update(PGHOST=str(self.sockets), PGPORT='5432', PGUSER=DB_USER)
        environment.EXTERNAL = True

    def stop(self, mode='fast'):
        """Stop the server; ``immediate`` is what a power cut leaves behind."""
        self.run('pg_ctl', '-D', self.folder, '-m', mode, '-w', 'stop', error='The durable PostgreSQL could not be stopped')

    def restart(self):
        """Cut the power, and start again."""
        self.stop('immediate')
        self.start()

    def kill_backend(self, pid):
        """End one backend as the kernel does when memory is short: PostgreSQL recovers from its log."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    def remove(self):
        """Stop the server, if it runs, and remove all of it."""
        if environment._server_runs(self.programs, self.folder):
            self.stop('immediate')
        for path in (self.folder, self.sockets):
            shutil.rmtree(path, ignore_errors=True)
        Path(f'{self.folder}.log').unlink(missing_ok=True)


def prepare():
    """Have a durable cluster with a database of this addon ready to be copied, made once for each state of the source.

    :return: ``(its folder, the name of the database)``
    """
    import serving

    key = _digest_of_source()
    prefix = f'{environment.database_prefix()}chaos'
    name = f'{prefix}_{key}'
    _programs, home = environment._server_folders()
    folder = home / f'chaos-{key}'
    with environment.lock(environment.STATE / 'chaos.lock'):
        _remove_dead_runs(home)
        if folder.exists():
            return folder, name
        for old in home.glob('chaos-*'):
            if '-run-' not in old.name:
                Cluster(old).remove()
        for old in environment.FILESTORE.glob(f'{prefix}_*'):
            shutil.rmtree(old)
        environment.drop_database(name)
        serving.install(name)
        with environment.workplace() as place:
            _move(name, place, folder)
    return folder, name


def _remove_dead_runs(home):
    """Remove the clusters of runs that were killed."""
    for folder in home.glob('chaos-*-run-*[0-9]'):
        try:
            os.kill(int(folder.name.rpartition('-')[2]), 0)
        except ProcessLookupError:
            Cluster(folder, folder.name.rpartition('-')[2]).remove()


def _move(name, place, folder):
    """Move a database from the development server into a new cluster; its files stay where they are."""
    say('Making the durable cluster …')
    programs, _home = environment._server_folders()
    dump = place / 'dump'
    _dump(programs, name, dump)
    environment.sql(f'DROP DATABASE "{name}"')
    saved = {key: os.environ.get(key) for key in ('PGHOST', 'PGPORT', 'PGUSER')}, environment.EXTERNAL
    cluster = Cluster(folder.with_name(f'{folder.name}-tmp'))
    cluster.remove()
    cluster.create()
    try:
        cluster.start()
        _restore(programs, name, dump)
        cluster.stop()
        cluster.folder.rename(folder)
    finally:
        cluster.remove()
        for key, value in saved[0].items():
            os.environ.pop(key, None) if value is None else os.environ.update({key: value})
        environment.EXTERNAL = saved[1]


def _environ():
    return {**environment._clean_environ(), **environment.database()}


def _dump(programs, name, path):
    """Write a dump of a database."""
    environment.call([programs / 'pg_dump', '-Fd', '-j2', '--compress=none', '-d', name, '-f', path],
                     'The database could not be dumped', env=_environ())


def _restore(programs, name, path):
    """Make a database from a dump."""
    environment.sql(f'CREATE DATABASE "{name}" TEMPLATE template0')
    environment.call([programs / 'pg_restore', '-j2', '--no-owner', '-d', name, path],
                     'The database could not be restored', env=_environ())


def dump(name, path):
    """Write a dump of a database of the running cluster."""
    _dump(environment._server_folders()[0], name, path)


def restore(name, path):
    """Let a database be again what it was at its dump."""
    environment.sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    environment.sql(f'DROP DATABASE "{name}" WITH (FORCE)')
    _restore(environment._server_folders()[0], name, path)


@contextlib.contextmanager
def running():
    """Run a copy of the prepared cluster; gives ``(the cluster, the name of its database)``."""
    prepared, name = prepare()
    environment.release_database()
    cluster = Cluster(prepared.with_name(f'{prepared.name}-run-{os.getpid()}'))
    database = f'{name}_{os.getpid()}'
    try:
        subprocess.run(['cp', '-a', prepared, cluster.folder], check=True, **environment._as_server_user())
        cluster.start()
        environment.sql(f'ALTER DATABASE "{name}" RENAME TO "{database}"')
        shutil.copytree(environment.FILESTORE / name, environment.FILESTORE / database, copy_function=os.link)
        yield cluster, database
    finally:
        cluster.remove()
        shutil.rmtree(environment.FILESTORE / database, ignore_errors=True)
