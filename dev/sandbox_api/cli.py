"""The command line: starts the server, tells its address, ends it when asked or when its parent has died."""
import argparse
import asyncio
import contextlib
import logging
import os
import signal
import sqlite3
import sys
from pathlib import Path

from aiohttp import web

from .operations import OPERATIONS
from .scopes import get_scopes
from .server import make_app
from .store import Store
from .world import Settings, World

_TICK = 0.2  # seconds between two looks at the records whose time has come
_PARENT_TICK = 1  # seconds
_SHUTDOWN = 0.5  # seconds left to calls under way, then again to their connections
_ACCESS_LINE = '%t "%r" %s %b %Tfs'


def main(arguments):
    """Run the server until it is told to end.

    :param arguments: list of the command line's words
    :return: exit status
    """
    options = _make_parser().parse_args(arguments)
    if options.verbose:
        logging.basicConfig(level=logging.INFO, format='%(message)s')  # to stderr
    try:
        store = _open_store(options.state)
    except (OSError, sqlite3.Error) as error:
        print(f'Cannot keep anything in {options.state}: {error}', file=sys.stderr)
        return 1
    settings = Settings(step=options.step, credit=options.credit, price=options.price)
    try:
        asyncio.run(_serve(store, settings, options))
    except OSError as error:
        print(f'Cannot listen on {options.host} port {options.port}: {error}', file=sys.stderr)
        return 1
    finally:
        store.close()
    return 0


def _open_store(path):
    """:return: the Store in a file, which is made with its folder when missing; without a path, one in memory"""
    if not path:
        return Store()
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    return Store(path)


def _make_parser():
    defaults = Settings()
    parser = argparse.ArgumentParser(
        prog='dev/sandbox',
        description="A local server that keeps the contract of Openapi's APIs. GET / explains it.")
    parser.add_argument('--port', type=int, required=True, help='0: a free one')
    parser.add_argument('--host', default='127.0.0.1')
    parser.add_argument('--state', metavar='FILE', help='keep filings, mailboxes and wallets here; default: in memory')
    parser.add_argument('--step', metavar='SECONDS', type=float, default=defaults.step,
                        help='a filing or mailbox advances by itself after so long; 0: never (default)')
    parser.add_argument('--credit', metavar='EUR', type=float, default=defaults.credit,
                        help='what the wallet of a new account holds (%(default)s)')
    parser.add_argument('--price', metavar='EUR', type=float, default=defaults.price,
                        help='what a filing costs (%(default)s)')
    parser.add_argument('--parent-pid', metavar='PID', type=int, help='end when this process has ended')
    parser.add_argument('--verbose', action='store_true', help='a line per request on stderr')
    return parser


async def _serve(store, settings, options):
    """Listen until SIGTERM, SIGINT or the end of the parent."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    world = World(store, settings, get_scopes(OPERATIONS))
    runner = web.AppRunner(
        make_app(world), shutdown_timeout=_SHUTDOWN, access_log_format=_ACCESS_LINE,
        access_log=logging.getLogger('aiohttp.access') if options.verbose else None)
    await runner.setup()
    tasks = [asyncio.create_task(_advance(world))]
    try:
        site = web.TCPSite(runner, options.host, options.port)
        await site.start()
        port = runner.addresses[0][1]
        host = f'[{options.host}]' if ':' in options.host else options.host
        print(f'Sandbox API on http://{host}:{port}', flush=True)
        if options.parent_pid:
            tasks.append(asyncio.create_task(_watch_parent(options.parent_pid, stop)))
        await stop.wait()
    finally:
        for task in tasks:
            task.cancel()
        world.faults.abandon()
        await runner.cleanup()
        await world.callbacks.close()


async def _advance(world):
    """Move records on even when nobody reads them, so that their callbacks are delivered."""
    while True:
        await asyncio.sleep(_TICK)
        with world.store.transaction():
            world.advance()


async def _watch_parent(pid, stop):
    """Ask the server to end once a process has ended."""
    # The death of the true parent shows in getppid(), even while it is an unreaped zombie; that of another process
    # only in the list of processes.
    is_parent = os.getppid() == pid
    while os.getppid() == pid if is_parent else _exists(pid):
        await asyncio.sleep(_PARENT_TICK)
    stop.set()


def _exists(pid):
    """:return: whether there is a process with this id"""
    with contextlib.suppress(PermissionError):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
    return True
