"""The addons of others as they are published for this Odoo, fetched from the package index that pip uses."""
import environment
from environment import Failure, say
from plan import BROUGHT, LIBRARIES, PUBLISHED

RELEASE = '>=19.0a0,<19.1a0'


def fetch(folder):
    """Fetch all into a folder.

    :param Path folder: gets `libraries`, and `addons`
    :return: ``{addon: its version; None of what is not published}``, of those that are asked for
    """
    pip = [environment.python(), environment.bundled_pip(folder), 'install', '--no-input', '--no-compile', '--no-deps',
           '--disable-pip-version-check', '--quiet', '--target']
    environment.call([*pip, folder / 'libraries', *LIBRARIES],
                     'The Python packages that the addons ask for could not be installed', cwd=folder)
    addons, found = folder / 'addons', {}
    addons.mkdir()
    for name in (*BROUGHT, *PUBLISHED):
        say(f'Fetching {name} …')
        place = folder / name  # of its own: pip replaces what the same folder has of another one
        try:
            # Not with what it depends on: that is Odoo itself, which is no package here.
            environment.call(
                [*pip, place, f'odoo-addon-{name}{RELEASE}'], f'{name} is not published for Odoo 19', cwd=folder)
        except Failure as failure:
            say(str(failure))
            found[name] = None
            continue
        (place / 'odoo' / 'addons' / name).rename(addons / name)
        found[name] = environment.manifest((addons / name / '__manifest__.py').read_text())['version']
    missing = [name for name in BROUGHT if not found.pop(name)]
    if missing:
        raise Failure(f'{missing[0]} is not published, and others depend on it.')
    return found
