"""A PostgreSQL of its own, that may be killed: what a power cut does to it is no matter of the development server."""
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import environment
from environment import DB_USER

# What a server promises by itself, but for commits: those it loses when it is killed, whoever does not ask for more.
SETTINGS = {
    'listen_addresses': '', 'port': 5432, 'max_connections': 60, 'synchronous_commit': 'off', 'wal_writer_delay': '10s',
}


class Cluster:
    """A throw-away PostgreSQL server.

    :param settings: of postgresql.conf, beside SETTINGS
    """

    def __init__(self, **settings):
        self.programs, _folder = environment._server_folders()
        self.folder = Path(tempfile.mkdtemp(prefix='pec-cluster-'))
        user = environment._server_user()
        os.chown(self.folder, user.pw_uid, user.pw_gid)
        settings = {**SETTINGS, 'unix_socket_directories': self.folder, **settings}
        self._run('initdb', '-D', self._data, '-U', DB_USER, '-A', 'trust', '-E', 'UTF8', '--no-sync',
                  '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8',
                  *(word for key, value in settings.items() for word in ('-c', f'{key}={value}')))
        self.start()

    @property
    def _data(self):
        return self.folder / 'data'

    @property
    def environ(self):
        """The environment variables that lead to it."""
        return {'PGHOST': str(self.folder), 'PGPORT': '5432', 'PGUSER': DB_USER}

    def _run(self, program, *arguments):
        environment.call([self.programs / program, *arguments], f'The throw-away PostgreSQL: {program} failed',
                         **environment._as_server_user())

    def start(self):
        """Start it, again as well."""
        self._run('pg_ctl', '-D', self._data, '-l', self.folder / 'log', '-w', 'start')

    def kill(self):
        """End it at once, as a power cut does: what was not written to its log yet is lost."""
        self._run('pg_ctl', '-D', self._data, '-m', 'immediate', '-w', 'stop')

    def remove(self):
        """End it, and remove what it has written."""
        if environment._server_runs(self.programs, self._data):
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def restore(self, source, target):
        """Make a database from a dump of one of the server in use, with its files."""
        self._run_here(['createdb', target])
        with subprocess.Popen([self.programs / 'pg_dump', '--no-owner', source], stdout=subprocess.PIPE) as dump:
            self._run_here(['psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', target], stdin=dump.stdout)
        if dump.returncode:
            raise environment.Failure(f'{source} could not be dumped.')
        if (environment.FILESTORE / source).exists():
            shutil.copytree(environment.FILESTORE / source, environment.FILESTORE / target, copy_function=os.link)

    def _run_here(self, command, **options):
        """Run a program of PostgreSQL against this server, as whoever calls."""
        subprocess.run([self.programs / command[0], *command[1:]], check=True, stdout=subprocess.DEVNULL,
                       env={**os.environ, **self.environ}, **options)
