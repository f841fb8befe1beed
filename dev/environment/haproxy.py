"""HAProxy, which stands before several servers."""
import shutil

from .packages import fetch_program
from .place import BIN, CACHE, write


def get_haproxy():
    """Return the command of an HAProxy: the machine's own, else a downloaded one."""
    if installed := shutil.which('haproxy'):
        return installed
    tree = CACHE / 'haproxy'
    libraries = fetch_program(tree, 'HAProxy', 'install haproxy', 'haproxy')
    return str(write(BIN / 'haproxy', mode=0o755, text=(
        '#!/bin/sh\n'
        f'export LD_LIBRARY_PATH="{":".join(map(str, libraries))}"\n'
        f'exec "{tree / "usr" / "sbin" / "haproxy"}" "$@"\n')))
