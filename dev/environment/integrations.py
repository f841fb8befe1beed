"""Addons of others with which this one is tried, and ours that join them: none is on the ordinary addons path."""
import contextlib
import os

from .odoo import odoo_source
from .packages import PYTHON, bundled_pip, python
from .place import CACHE, DEV, ROOT, STATE, call, digest, lock, say, workplace
from .running import link, odoo_environ

OURS = ROOT / 'integrations'


def _get_published():
    """Return the folder with the pinned addons of others, downloaded once."""
    requirements = DEV / 'requirements-integrations.txt'
    path = CACHE / f'integrations-{PYTHON}-{digest(requirements.read_text())}'
    if not path.exists():
        with lock(CACHE / 'setup.lock'), workplace() as place:
            if not path.exists():
                say('Downloading the addons of others …')
                call([python(), bundled_pip(place), 'install', '--no-input', '--disable-pip-version-check',
                      '--no-compile', '--quiet', '--no-deps', '--target', place / 'tree', '-r', requirements],
                     'The addons of others could not be downloaded: check the network and the package index of pip',
                     cwd=CACHE)
                (place / 'tree').rename(path)
    return path


def get_integrations():
    """Return the folders of addons that are added to the addons path: those of others, and ours that join them."""
    links = STATE / 'integrations'
    links.mkdir(parents=True, exist_ok=True)
    for path in OURS.glob('*/__manifest__.py'):
        with contextlib.suppress(FileExistsError):
            (links / path.parent.name).symlink_to(path.parent)
    return [link().parent, links, _get_published() / 'odoo' / 'addons']


def integrations_environ(**extra):
    """Return the environment of :func:`odoo_environ`, in which what the addons of others import is found as well."""
    return odoo_environ(PYTHONPATH=os.pathsep.join(map(str, [odoo_source(), _get_published()])), **extra)
