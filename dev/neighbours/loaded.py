"""Odoo's command line, which tests some addons when all are loaded: those named in NEIGHBOURS_TESTED, and no others.

Odoo tests each addon as soon as it is loaded, before those that depend on it; what these change would never be seen.
"""
import os

import odoo.cli
from odoo.tests import loader

make_suite = loader.make_suite


def make_late_suite(module_names, position='at_install'):
    """Return the tests of both positions after everything is loaded, and none before."""
    if position == 'at_install':
        return make_suite([])
    names = os.environ['NEIGHBOURS_TESTED'].split(',')
    return loader.OdooSuite([
        test for position in ('at_install', 'post_install') for test in make_suite(names, position)])


loader.make_suite = make_late_suite
odoo.cli.main()
