"""Judging a signed document (.p7m) in a new process, beside `openssl cms -verify` of the same file in another.

openssl verifies the signature, but not whose certificate it is (`-noverify`): without a list of trusted authorities
neither of the two could tell. It writes the document to /dev/null. The judge also compares the document with the power
of attorney and says what is to be said about the certificate. Both read the file from the disk, which holds it in
memory; Python compiled the modules before.
"""
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import environment
import p7m_files
from table import row

MEGABYTE = 1 << 20
ROUNDS = 21
ENVIRON = {**os.environ, 'PYTHONPYCACHEPREFIX': str(environment.CACHE / 'pycache'), 'PYTHONDONTWRITEBYTECODE': ''}
IMPORT = f'import sys; sys.path.insert(0, {str(environment.ROOT)!r}); from tools import p7m'
JUDGE = IMPORT + '''
import datetime
procura, message = (open(path, 'rb').read() for path in sys.argv[1:3])
verdict = p7m.judge(message, procura=procura, fiscal_code=sys.argv[3], now=datetime.datetime.now(datetime.timezone.utc))
assert verdict.level == 'good'
'''


def seconds(command):
    """Return how long a process takes, which must succeed."""
    started = time.perf_counter()
    subprocess.run(
        command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env=ENVIRON)
    return time.perf_counter() - started


def ratio(command, other):
    """Return how much longer one process takes than another: a median of turns, after a first one for the caches."""
    for warm_up in (command, other):
        seconds(warm_up)
    return statistics.median(seconds(command) / seconds(other) for _round in range(ROUNDS))


def python(script, *arguments):
    """Return the command that runs a script in the virtual environment's Python."""
    return [sys.executable, '-c', script, *map(str, arguments)]


def measure():
    """Yield the rows of this benchmark."""
    with tempfile.TemporaryDirectory() as folder:
        openssl, signer, procura, message = p7m_files.OpenSsl(folder), p7m_files.identity(), Path(folder, 'pdf'), Path(
            folder, 'p7m')
        for megabytes in (2, 19.9):
            procura.write_bytes(p7m_files.PDF + os.urandom(int(megabytes * MEGABYTE)))
            message.write_bytes(openssl.sign(signer, content=procura.read_bytes()))
            verify = [
                'openssl', 'cms', '-verify', '-noverify', '-binary', '-inform', 'DER', '-in', str(message), '-out',
                os.devnull]
            judge = python(JUDGE, procura, message, p7m_files.MARIO)
            yield row(f'a signed PDF of {megabytes:g} MB: time beside openssl', ratio(judge, verify), 'of its time', 2)
            yield row(
                f'a signed PDF of {megabytes:g} MB: of which starting and importing', ratio(python(IMPORT), judge),
                'of the time')
