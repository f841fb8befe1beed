"""A program of this folder that reads files of strangers, in a process of its own: both ends of it.

It knows nothing of the server (neither its environment nor its files), may take so much memory and so much time and no
more, and its answer is one line and bytes of a bounded number: more of them the server does not take in. Nothing is
written to disk.

A program begins with :func:`begin`, says that it is ready, and is run by :func:`run`. It has no package.
"""
import contextlib
import json
import logging
import math
import os
import subprocess
import sys
import threading
import time
import warnings

try:
    import resource
except ImportError:  # there is none on Windows
    resource = None

BUSY = 2  # how many times as long it may take by the clock: others are at work as well
NICENESS = 10  # by which this process gives way to those that answer
MEMORY_LIMIT = 1024 * 1024 * 1024  # bytes of address space
RECURSION_LIMIT = 3000  # calls within each other
LINE = 64 * 1024  # bytes of the answer's line, at most
PIECE = 64 * 1024  # bytes that are read at once
# What Python itself may need; nothing else of the server's environment, where secrets may be, is passed on.
ENVIRONMENT = ('LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'SYSTEMROOT')
READY = b'ready\n'  # what the process says before it looks at the files


class FileError(Exception):
    """A file that is not taken.

    :param str code: why: ``too_slow`` (it would take too much time or memory), or another one of the program's. It is
        all the text: nothing of the file is in it.
    :param int position: which one of several files it is, from 0; None when that is not known, or it is the result of
        all.
    :param values: strings for its sentence.
    """

    def __init__(self, code, position=0, **values):
        super().__init__(code)
        self.code, self.position, self.values = code, position, values


class OutOfTimeError(Exception):
    """A file was not read for as long as its caller could wait, which is less than it may take."""


# ------------------------------------------------------------ in the server

def run_bounded(program, contents, seconds, patience, most, **task):
    """Have a program of this folder read some files in a process of its own.

    :param str program: its path; what it reads and answers is told by its ``main``.
    :param list contents: the files (bytes).
    :param float seconds: of processor time that it may take.
    :param float patience: how many seconds the caller can wait; None for as long as it may take.
    :param int most: bytes that may follow its answer.
    :param task: what else it is told (JSON).
    :return: its answer (dict), and the bytes that follow it.
    :raise FileError: ``too_slow``; it answers more than it may as well.
    :raise OutOfTimeError: the caller's patience is at its end.
    :raise RuntimeError: the program does not run on this machine.
    """
    timeout = min(BUSY * seconds, BUSY * seconds if patience is None else max(patience, 0))
    task |= {
        'path': [folder for folder in sys.path if folder and isinstance(folder, str)], 'memory': MEMORY_LIMIT,
        'seconds': seconds, 'sizes': [len(content) for content in contents], 'compiled': sys.pycache_prefix,
    }
    too_slow = FileError('too_slow', None if len(contents) > 1 else 0)
    try:
        # Isolated: without the environment's settings, this folder among those of modules, or what the site adds.
        process = subprocess.Popen(
            [sys.executable, '-I', '-S', '-B', program], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, env={name: os.environ[name] for name in ENVIRONMENT if name in os.environ})
    except OSError as error:
        raise RuntimeError(f'{sys.executable} cannot be started') from error
    with process:
        told = b''.join([json.dumps(task).encode(), b'\n', *contents])
        answer = _converse(process, told, timeout, len(READY) + LINE + most)
    if answer is None:
        raise too_slow if timeout == BUSY * seconds else OutOfTimeError
    if not answer.startswith(READY):
        raise RuntimeError(f'{sys.executable} cannot run {os.path.basename(program)} (status {process.returncode})')
    line, _end, result = answer[len(READY):].partition(b'\n')
    if not line or len(line) > LINE or len(result) > most:  # the system ended it, or it goes on and on
        raise too_slow
    return json.loads(line), result


def _converse(process, told, timeout, most):
    """Tell a process something, and return what it answers: one byte more than it may at the most; then it is ended.

    :return: None when it has not ended in time.
    """
    answer, end = bytearray(), time.monotonic() + timeout

    def tell():
        with contextlib.suppress(OSError, ValueError), process.stdin:  # it may end before it has read all
            process.stdin.write(told)

    def hear():
        with contextlib.suppress(OSError, ValueError):
            while len(answer) <= most and (piece := process.stdout.read1(min(PIECE, most + 1 - len(answer)))):
                answer.extend(piece)

    threads = [threading.Thread(target=work, daemon=True) for work in (tell, hear)]
    for thread in threads:
        thread.start()
    threads[1].join(timeout)
    is_late = threads[1].is_alive()
    if not is_late and len(answer) <= most:
        try:
            process.wait(max(end - time.monotonic(), 0))
        except subprocess.TimeoutExpired:
            is_late = True
    process.kill()  # if it has not ended
    for thread in threads:
        thread.join()
    return None if is_late else bytes(answer)


# ------------------------------------------------------------ in the process of its own

def begin(source):
    """Read the task, and bound what this process may take.

    :param source: from which the server's task is read (a binary file); the files follow in it.
    :return: the task.
    :rtype: dict
    """
    task = json.loads(source.readline())
    restrict(task['memory'], task['seconds'])
    sys.path[:], sys.pycache_prefix = task['path'], task.get('compiled', sys.pycache_prefix)
    return task


def read_files(task, source, target):
    """Return the files of a task (list of bytes), after it was said that this program runs on this machine."""
    contents = [source.read(size) for size in task['sizes']]
    target.write(READY)
    target.flush()
    return contents


def answer(target, told, result=b''):
    """Write the answer (dict), and the bytes that follow it."""
    target.write(json.dumps(told).encode() + b'\n' + result)
    target.flush()


def restrict(memory, seconds):
    """Bound what this process may take, as far as the system can: for good."""
    warnings.simplefilter('ignore')
    logging.disable()
    sys.setrecursionlimit(RECURSION_LIMIT)
    if hasattr(os, 'nice'):  # there is none on Windows
        os.nice(NICENESS)
    for name, bound in {'AS': memory, 'CPU': math.ceil(seconds) + 1, 'CORE': 0, 'FSIZE': 0}.items():
        kind = getattr(resource, f'RLIMIT_{name}', None)
        with contextlib.suppress(ValueError, OSError):
            if kind is not None:
                most = resource.getrlimit(kind)[1]
                bound = bound if most == resource.RLIM_INFINITY else min(bound, most)
                resource.setrlimit(kind, (bound, bound))


def run(main):
    """Run a program: whatever else would be written to the standard output does not mix with the answer.

    :param main: its function of two binary files, from which it reads and to which it writes.
    """
    with open(os.dup(1), 'wb') as target, open(os.devnull, 'wb') as nowhere:
        os.dup2(nowhere.fileno(), 1)
        main(sys.stdin.buffer, target)
