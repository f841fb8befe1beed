"""A PostgreSQL server of its own, thrown away in the end: it can be killed, as a power cut does, and started again."""
import contextlib
import os
import signal

import environment


class Cluster(environment.Cluster):
    """A server that is ended in all the ways in which servers end."""

    def restart(self):
        """Cut the power, and start again."""
        self.stop('immediate')
        self.start()

    def kill_backend(self, pid):
        """End one backend as the kernel does when memory is short: PostgreSQL recovers from its log."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def dump(name, path):
    """Write a dump of a database of the server in use into a new folder."""
    environment.call([environment.get_client('pg_dump'), '-Fd', '-j2', '--compress=none', '-d', name, '-f', path],
                     'The database could not be dumped', env=environment.client_environ())


def restore(name, path):
    """Make a database of the server in use from a dump."""
    environment.sql(f'CREATE DATABASE "{name}" TEMPLATE template0')
    environment.call([environment.get_client('pg_restore'), '-j2', '--no-owner', '-d', name, path],
                     'The database could not be restored', env=environment.client_environ())
