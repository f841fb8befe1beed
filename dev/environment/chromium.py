"""Chromium, for the browser tests, and the faces in which it draws Odoo's pages."""
import shutil
from pathlib import Path
from xml.sax.saxutils import escape

from .odoo import odoo_source
from .packages import fetch_program
from .place import BIN, CACHE, STATE, write

COMMANDS = ['google-chrome', 'chromium', 'chromium-browser', 'google-chrome-stable']
# What a browser takes for the generic families, the first that is there.
FACES = {
    'sans-serif': ['Roboto'],
    'serif': ['Liberation Serif', 'DejaVu Serif'],
    'monospace': ['Liberation Mono', 'DejaVu Sans Mono', 'Fira Mono'],
}


def find_installed():
    """Return the command of the machine's own Chromium; None where there is none."""
    return next(filter(None, map(shutil.which, COMMANDS)), None)


def get_chromium():
    """Return the command of a Chromium: the machine's own, else a downloaded one."""
    if installed := find_installed():
        return installed
    tree = CACHE / 'chromium'
    libraries = fetch_program(
        tree, 'Chromium', 'install chromium or google-chrome', 'chromium', 'fonts-liberation')
    libraries += [path / 'pulseaudio' for path in libraries]
    home, program = CACHE / 'browser', tree / 'usr' / 'lib' / 'chromium' / 'chromium'
    # Written each time: an unpacked tree outlives what is known here of how to run it.
    return str(write(BIN / 'chromium', mode=0o755, text=(
        '#!/bin/sh\n'
        f'export LD_LIBRARY_PATH="{":".join(map(str, libraries))}" XDG_CONFIG_HOME="{home}" XDG_CACHE_HOME="{home}"\n'
        f'exec "{program}" "$@"\n')))


def fontconfig():
    """Return the configuration with which a browser, whose ever it is, finds the faces that Odoo's pages ask for.

    They ask for those of the systems of their users. Of these Odoo brings Roboto; a bare machine has none.
    """
    folders = [odoo_source() / addons / 'web' / 'static' / 'fonts' / 'google' for addons in ('odoo/addons', 'addons')]
    folders += [CACHE / 'chromium' / 'usr' / 'share' / 'fonts', Path('/usr/share/fonts')]
    aliases = [
        f'<alias><family>{generic}</family>'
        f'<prefer>{"".join(f"<family>{face}</family>" for face in faces)}</prefer></alias>'
        for generic, faces in FACES.items()]
    return write(STATE / 'fonts.conf', '\n'.join([
        '<?xml version="1.0"?>', '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">', '<fontconfig>',
        *(f'<dir>{escape(str(folder))}</dir>' for folder in folders),
        f'<cachedir>{escape(str(CACHE / "fontconfig"))}</cachedir>', *aliases, '</fontconfig>', '']))
