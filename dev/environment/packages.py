"""The virtual environment with the Python packages, and Debian packages, unpacked and not installed."""
import contextlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from .place import CACHE, DEV, Failure, call, digest, lock, say, workplace

KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'
PYTHON = '{}.{}'.format(*sys.version_info)


def venv():
    """Return the virtual environment of this Python with the pinned requirements, made when it is not there."""
    requirements = DEV / 'requirements.txt'
    path = CACHE / f'venv-{PYTHON}-{digest(requirements.read_text(), platform.machine())}'
    # A virtual environment cannot be renamed, so a marker tells that it is complete.
    complete = path / 'complete'
    if complete.exists() and (path / 'bin' / 'python').exists():
        return path
    with lock(CACHE / 'setup.lock'), workplace() as place:
        if complete.exists() and (path / 'bin' / 'python').exists():
            return path
        pip = bundled_pip(place)
        say('Installing the Python packages …')
        shutil.rmtree(path, ignore_errors=True)
        call([sys.executable, '-m', 'venv', '--without-pip', path], 'The virtual environment could not be created')
        call([path / 'bin' / 'python', pip, 'install', '--no-input', '--disable-pip-version-check', '--no-compile',
              '--quiet', '-r', requirements],
             'The Python packages could not be installed: check the network and the package index of pip', cwd=CACHE)
        complete.touch()
    return path


def bundled_pip(place):
    """Return a pip that can be run without being installed: Python's own, or Debian's where that is a package apart.

    :param Path place: a folder for what is downloaded
    """
    places = [Path('/usr/share/python-wheels')]
    with contextlib.suppress(ImportError):
        import ensurepip
        places.insert(0, Path(ensurepip.__file__).parent / '_bundled')
    wheels = [wheel for folder in places for wheel in folder.glob('pip-*.whl')]
    if not wheels:
        stable = Apt(place, get_codename(), f'install the package python{PYTHON}-venv')
        stable.get('download', '-qq', 'python3-pip-whl')
        unpack(stable.packages(), place / 'pip')
        wheels = list((place / 'pip').glob('usr/share/python-wheels/pip-*.whl'))
    return wheels[0] / 'pip'


def python():
    """Return the interpreter of the virtual environment."""
    return str(venv() / 'bin' / 'python')


def use_venv():
    """Go on with the interpreter of the virtual environment, for a command that needs its packages."""
    if Path(sys.prefix).resolve() != venv().resolve():
        os.execv(python(), [python(), '-B', *sys.argv])


def get_codename():
    """Return the name of the machine's own Debian release; None on other systems."""
    with contextlib.suppress(OSError):
        found = re.search(r'^VERSION_CODENAME="?([^"\n]*)"?$', Path('/etc/os-release').read_text(), re.MULTILINE)
        return found and found[1]
    return None


class Apt:
    """A private configuration of apt: neither root nor a change of the machine is needed.

    :param Path place: a folder for its files
    :param suite: the release of Debian
    :param str advice: what a person can do where it does not work
    """

    def __init__(self, place, suite, advice):
        if not all(map(shutil.which, ('apt-get', 'dpkg-deb', 'tar'))):
            raise Failure(f'This system has no apt-get to download with: {advice}.')
        sites = subprocess.run(
            ['apt-get', 'indextargets', '--format', '$(SITE)'], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True, check=False).stdout.split()
        site = next((site for site in sites if site.rstrip('/').endswith('/debian')), None)
        if not site or not suite:
            raise Failure(f"This system's apt-get knows no Debian mirror to download from: {advice}.")
        self.advice = advice
        self.place = Path(tempfile.mkdtemp(dir=place))
        for folder in ('lists/partial', 'cache/archives/partial'):
            (self.place / folder).mkdir(parents=True)
        (self.place / 'sources.list').write_text(f'deb [signed-by={KEYRING}] {site} {suite} main\n')
        (self.place / 'status').touch()
        say(f'Reading the package list of Debian {suite} …')
        self.get('update', '-qq')
        # apt-get update succeeds without a network, with warnings and no list.
        if not any(path.is_file() for path in (self.place / 'lists').glob('*Packages*')):
            raise Failure(f"Debian's package list could not be downloaded: check the network, or {advice}.")

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
        settings = [word for key, value in options.items() for word in ('-o', f'{key}={value}')]
        call(['apt-get', *settings, *arguments], f'A download from Debian failed: check the network, or {self.advice}',
             cwd=self.place / 'cache' / 'archives')

    def packages(self):
        """Return the downloaded package files."""
        return sorted((self.place / 'cache' / 'archives').glob('*.deb'))


def unpack(packages, tree):
    """Unpack package files into one folder."""
    tree.mkdir(exist_ok=True)
    for package in packages:
        with subprocess.Popen(['dpkg-deb', '--fsys-tarfile', package], stdout=subprocess.PIPE) as content:
            extracted = subprocess.call(['tar', '-x', '--no-same-owner', '-C', tree], stdin=content.stdout)
        if extracted or content.returncode:
            raise Failure(f'{package.name} could not be unpacked: is the disk full?')


def fetch_program(tree, title, advice, *names):
    """Download a program of the machine's Debian release with all that it needs, and unpack it; once.

    :param Path tree: the folder in which it then is
    :param str title: how it is called in a sentence
    :param str advice: what a person can do where it does not work
    :param names: of its packages
    :return: the folders of its libraries
    """
    if not tree.exists():
        with lock(CACHE / 'setup.lock'), workplace() as place:
            if not tree.exists():
                stable = Apt(place, get_codename(), advice)
                say(f'Downloading {title} …')
                # To apt nothing is installed here, so it fetches the program with everything below it.
                stable.get('install', '-qq', '--download-only', '--no-install-recommends', *names)
                say(f'Unpacking {title} …')
                # The loader and the C library must be of one build: both are the machine's.
                unpack(
                    [package for package in stable.packages() if not package.name.startswith('libc6_')], place / 'tree')
                (place / 'tree').rename(tree)
    libraries = list((tree / 'usr' / 'lib').glob('*-linux-gnu*'))
    return libraries + [tree / 'lib' / path.name for path in libraries]
