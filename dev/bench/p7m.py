"""Judging a signed document (.p7m) in a new process, beside `openssl cms -verify` of the same file in another.

openssl verifies the signature, but not whose certificate it is (`-noverify`): without a list of trusted authorities
neither of the two could tell. It writes the document to /dev/null. The judge also compares the document with the power
of attorney and says what is to be said about the certificate. Both read the file from the disk, which holds it in
memory; Python compiled the modules before. Python finds its packages without `site`, which serves who types at it.
"""
import os
import site
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from measuring import compare, result

import environment
import p7m_files

MEGABYTE = 1 << 20
ROUNDS = 21
SIZES = {'p7m': 2, 'p7m_large': 19.9}  # MB
ENVIRON = {**os.environ, 'PYTHONPYCACHEPREFIX': str(environment.CACHE / 'pycache'), 'PYTHONDONTWRITEBYTECODE': ''}
JUDGE = f'''import sys; sys.path[:0] = {[str(environment.ROOT), *map(str, site.getsitepackages())]!r}
from tools import p7m
import datetime
procura, message = (open(path, 'rb').read() for path in sys.argv[1:3])
verdict = p7m.judge(message, procura=procura, fiscal_code=sys.argv[3], now=datetime.datetime.now(datetime.timezone.utc))
assert verdict.level == 'good'
'''


def call(*command):
    """Run a process, which must succeed."""
    subprocess.run(
        command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env=ENVIRON)


def measure():
    """Yield the figures of this benchmark."""
    with tempfile.TemporaryDirectory() as folder:
        procura, message = Path(folder, 'pdf'), Path(folder, 'p7m')
        openssl, signer = p7m_files.OpenSsl(folder), p7m_files.identity()
        for name, megabytes in SIZES.items():
            procura.write_bytes(p7m_files.PDF + os.urandom(int(megabytes * MEGABYTE)))
            message.write_bytes(openssl.sign(signer, content=procura.read_bytes()))
            verify = partial(
                call, 'openssl', 'cms', '-verify', '-noverify', '-binary', '-inform', 'DER', '-in', str(message),
                '-out', os.devnull)
            judge = partial(call, sys.executable, '-S', '-c', JUDGE, str(procura), str(message), p7m_files.MARIO)
            yield result(name, compare(judge, verify, ROUNDS))
