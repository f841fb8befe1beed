"""wkhtmltopdf, which prints Odoo's reports: Debian's build, which is not patched, as on many servers."""
import shutil

from .packages import fetch_program
from .place import BIN, CACHE, write


def get_wkhtmltopdf():
    """Return the command of a wkhtmltopdf: the machine's own, else a downloaded one."""
    if installed := shutil.which('wkhtmltopdf'):
        return installed
    tree = CACHE / 'wkhtmltopdf'
    libraries = fetch_program(tree, 'wkhtmltopdf', 'install wkhtmltopdf', 'wkhtmltopdf')
    plugins = ':'.join(str(path / 'qt5' / 'plugins') for path in libraries)
    return str(write(BIN / 'wkhtmltopdf', mode=0o755, text=(
        '#!/bin/sh\n'
        f'export LD_LIBRARY_PATH="{":".join(map(str, libraries))}" QT_QPA_PLATFORM=offscreen\n'
        f'export QT_PLUGIN_PATH="{plugins}"\n'
        f'exec "{tree / "usr" / "bin" / "wkhtmltopdf"}" "$@"\n')))
