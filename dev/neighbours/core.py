"""Odoo's own tests, with and without this addon."""
import counted

from environment import NAME
from plan import CORE


def run(table):
    """Compare them, addon by addon.

    :param table: gets a row for each
    """
    with counted.database('core') as alone, counted.database('corebeside') as beside:
        table.add(f'{NAME} installs on its own', '', 'installed', counted.install(beside, NAME))
        for module, tags in CORE.items():
            counts = [counted.run(target, module, tags) for target in (alone, beside)]
            table.add(f"Odoo's tests of {module}", *counts, counted.compare(*counts))
