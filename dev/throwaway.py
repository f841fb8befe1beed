"""A PostgreSQL server of its own, thrown away in the end: it can be killed, as a power cut does, and started again."""
import contextlib
import os
import shutil
import signal
from pathlib import Path

import environment
from environment import DB_USER

SETTINGS = {'listen_addresses': '', 'port': 5432, 'max_connections': 200}


class Cluster:
    """A server in a folder of PostgreSQL's user; as durable as PostgreSQL is by default.

    :param Path folder: where its files are, or will be
    :param Path sockets: the private folder of its socket
    :param settings: of postgresql.conf, beside SETTINGS
    """

    def __init__(self, folder, sockets, **settings):
        self.programs, _home = environment._server_folders()
        self.folder, self.sockets = folder, sockets
        self.settings = {**SETTINGS, 'unix_socket_directories': sockets, **settings}

    @property
    def environ(self):
        """The environment variables that lead to it."""
        return {'PGHOST': str(self.sockets), 'PGPORT': '5432', 'PGUSER': DB_USER}

    def run(self, *words, error):
        """Run one of PostgreSQL's programs as its user."""
        return environment.call([self.programs / words[0], *words[1:]], error, **environment._as_server_user())

    def create(self):
        """Make an empty cluster."""
        environment._private(self.sockets, environment._server_user())
        self.run('initdb', '-D', self.folder, '-U', DB_USER, '-A', 'trust', '-E', 'UTF8', '--no-sync', '--locale=C',
                 '--locale-provider=builtin', '--builtin-locale=C.UTF-8', error='The throw-away cluster could not be made')

    def start(self):
        """Start the server, again as well."""
        environment._private(self.sockets, environment._server_user())
        environment._forget_dead_server(self.folder)
        self.run('pg_ctl', '-D', self.folder, '-l', f'{self.folder}.log', '-w', '-t', '120',
                 '-o', ' '.join(f'-c {key}={value}' for key, value in self.settings.items()), 'start',
                 error='The throw-away PostgreSQL could not be started')

    def stop(self, mode='fast'):
        """Stop the server; ``immediate`` is what a power cut leaves behind: what was not written to its log yet is lost."""
        self.run('pg_ctl', '-D', self.folder, '-m', mode, '-w', 'stop', error='The throw-away PostgreSQL could not be stopped')

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


def _environ():
    return {**environment._clean_environ(), **environment.database()}


def dump(name, path):
    """Write a dump of a database of the server in use into a new folder."""
    environment.call([environment._server_folders()[0] / 'pg_dump', '-Fd', '-j2', '--compress=none', '-d', name, '-f', path],
                     'The database could not be dumped', env=_environ())


def restore(name, path):
    """Make a database of the server in use from a dump."""
    environment.sql(f'CREATE DATABASE "{name}" TEMPLATE template0')
    environment.call([environment._server_folders()[0] / 'pg_restore', '-j2', '--no-owner', '-d', name, path],
                     'The database could not be restored', env=_environ())
