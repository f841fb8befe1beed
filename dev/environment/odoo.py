"""Odoo's source: the folder of ODOO_SRC, else the Debian package, downloaded and unpacked."""
import os
import re
import subprocess
from pathlib import Path

from .packages import Apt, get_codename, unpack
from .place import CACHE, Failure, digest, lock, say, workplace

SERIES = '19.0'
# The Debian package of Odoo is made of links into these ones. Font Awesome comes from the machine's own release:
# the newer ones lack the icons Odoo asks for.
PACKAGES = [
    'odoo-19', 'libjs-jquery', 'libjs-jquery-form', 'libjs-underscore',
    'fonts-roboto-unhinted', 'fonts-montserrat', 'fonts-inconsolata', 'fonts-ocr-b',
]
PACKAGES_STABLE = ['fonts-font-awesome']


def odoo_source():
    """Return the folder that holds the package `odoo`: the one of ODOO_SRC, else a downloaded one."""
    if os.environ.get('ODOO_SRC'):
        return _get_given_source()
    tree = CACHE / f'odoo-{digest(*PACKAGES, *PACKAGES_STABLE)}'
    source = tree / 'usr' / 'lib' / 'python3' / 'dist-packages'
    if not tree.exists():
        _unpack_odoo(tree, source)
    return source


def _get_given_source():
    """The folder of ODOO_SRC, if it is one."""
    source = Path(os.environ['ODOO_SRC']).expanduser().resolve()
    release = source / 'odoo' / 'release.py'
    if not release.exists():
        raise Failure(f'ODOO_SRC={source} holds no Odoo: name the folder in which odoo/release.py stands.')
    found = re.search(r'^version_info = \((\d+), (\d+)', release.read_text(), re.MULTILINE)
    if not found or '.'.join(found.groups()) != SERIES:
        raise Failure(f'ODOO_SRC={source} is not Odoo {SERIES}.')
    return source


def _unpack_odoo(tree, source):
    """Download Odoo and what its package is made of."""
    with lock(CACHE / 'setup.lock'), workplace() as place:
        if tree.exists():
            return
        advice = f'set ODOO_SRC to the folder of an Odoo {SERIES}'
        unstable = Apt(place, 'sid', advice)
        stable = Apt(place, get_codename(), advice)
        say(f'Downloading Odoo {SERIES} …')
        unstable.get('download', '-qq', *PACKAGES)
        stable.get('download', '-qq', *PACKAGES_STABLE)
        packages = unstable.packages() + stable.packages()
        say('Unpacking Odoo …')
        unpack(packages, place / 'tree')
        (place / 'tree' / 'packages').write_text(''.join(f'{package.name}\n' for package in packages))
        # Debian leaves this file out, it is not free; without it every page logs an error.
        selfie = place / 'tree' / source.relative_to(tree) / 'odoo/addons/mail/static/lib/selfie_segmentation'
        selfie.mkdir(parents=True, exist_ok=True)
        (selfie / 'selfie_segmentation.js').touch()
        (place / 'tree').rename(tree)


def odoo_version():
    """Which Odoo this is, as a key for what is derived from it."""
    source = odoo_source()
    if not os.environ.get('ODOO_SRC'):
        return digest((source.parents[3] / 'packages').read_text())
    commit = subprocess.run(['git', '-C', source, 'rev-parse', 'HEAD'], stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL, check=False).stdout if (source / '.git').exists() else b''
    return digest(source, commit, (source / 'odoo' / 'release.py').stat().st_mtime_ns)
