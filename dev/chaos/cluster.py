"""The campaign's PostgreSQL: a throw-away cluster with a database of this addon, made once and copied for each run."""
import contextlib
import os
import shutil
import subprocess
import time
from pathlib import Path

import environment
import throwaway
from environment import ROOT, say

RECOVERY_SECONDS = 60
FOLDERS = ('const', 'controllers', 'data', 'demo', 'integrations', 'models', 'security', 'tools', 'views', 'wizards')
SHIPPED = ('*.py', *(f'{folder}/**/*' for folder in FOLDERS))


def _digest_of_source(engine):
    """A key that changes with what a database of this addon is made from."""
    files = sorted(
        path for pattern in SHIPPED for path in ROOT.glob(pattern) if path.is_file() and path.suffix != '.pyc')
    return environment.digest(engine.name, environment.odoo_version(), *(path.read_bytes() for path in files))


class Cluster(throwaway.Cluster):
    """A cluster of the campaign, which everything in this process uses, and what it starts, from its start on.

    :param Path folder: where its files are, or will be
    :param pid: of the command that uses it; this one unless told otherwise
    """

    def __init__(self, folder, pid=None):
        super().__init__(folder, Path(f'{environment.SOCKETS}-chaos-{pid or os.getpid()}'), max_wal_size='2GB')

    def start(self):
        super().start()
        os.environ.update(self.environ)


def prepare(engine):
    """Have a durable cluster with a database of this addon ready to be copied, made once for each state of the source.

    :param engine: who makes the calls
    :return: ``(its folder, the name of the database)``
    """
    import serving

    key = _digest_of_source(engine)
    kind = f'chaos-{engine.name}'
    prefix = f'{environment.database_prefix()}chaos_{engine.name}'
    name = f'{prefix}_{key}'
    home = environment.get_clusters_folder()
    folder = home / f'{kind}-{key}'
    with environment.lock(environment.STATE / 'chaos.lock'):
        _remove_dead_runs(home)
        if folder.exists():
            return folder, name
        for old in home.glob(f'{kind}-*'):
            if '-run-' not in old.name:
                Cluster(old).remove()
        for old in environment.FILESTORE.glob(f'{prefix}_*'):
            shutil.rmtree(old)
        environment.drop_database(name)
        serving.install(name, engine=engine)
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
    dump = place / 'dump'
    throwaway.dump(name, dump)
    environment.sql(f'DROP DATABASE "{name}"')
    saved = {key: os.environ.get(key) for key in ('PGHOST', 'PGPORT', 'PGUSER')}
    cluster = Cluster(folder.with_name(f'{folder.name}-tmp'))
    cluster.remove()
    cluster.create()
    try:
        cluster.start()
        throwaway.restore(name, dump)
        cluster.stop()
        cluster.folder.rename(folder)
    finally:
        cluster.remove()
        for key, value in saved.items():
            os.environ.pop(key, None) if value is None else os.environ.update({key: value})


def restore(name, path):
    """Let a database be again what it was at its dump, as soon as the server has recovered from what was killed before.
    """
    is_ready = [environment.get_client('pg_isready'), '-q']
    end = time.monotonic() + RECOVERY_SECONDS
    while subprocess.call(is_ready) and time.monotonic() < end:
        time.sleep(.2)
    environment.sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    environment.sql(f'DROP DATABASE "{name}" WITH (FORCE)')
    throwaway.restore(name, path)


@contextlib.contextmanager
def running(engine):
    """Run a copy of the prepared cluster for an engine; gives ``(the cluster, the name of its database)``."""
    prepared, name = prepare(engine)
    environment.release_database()
    cluster = Cluster(prepared.with_name(f'{prepared.name}-run-{os.getpid()}'))
    database = f'{name}_{os.getpid()}'
    try:
        subprocess.run(['cp', '-a', prepared, cluster.folder], check=True, **environment.as_server_user())
        cluster.start()
        environment.sql(f'ALTER DATABASE "{name}" RENAME TO "{database}"')
        environment.copy_files(name, database)
        yield cluster, database
    finally:
        cluster.remove()
        shutil.rmtree(environment.FILESTORE / database, ignore_errors=True)
