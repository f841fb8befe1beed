"""Who makes the calls: the process that makes one holds an advisory lock of its line of the journal."""
import collections
import os
import threading
import time

import psycopg2

LOCK_SPACE = 0x9EC  # as in models/service/call_right.py
EVERY = .03  # seconds
QUERY = """
    SELECT lock.objid, substring(session.application_name FROM '[0-9]+')::int
      FROM pg_locks lock JOIN pg_stat_activity session USING (pid)
     WHERE lock.locktype = 'advisory' AND lock.classid = %s AND lock.objsubid = 2 AND lock.granted
"""


class Watch(threading.Thread):
    """Looks into the database's locks again and again, during a block.

    :param servers: with ``name`` and ``process``
    """

    def __init__(self, database, servers):
        super().__init__(daemon=True)
        self.database, self.servers = database, servers
        self.made, self.now = {}, collections.Counter()  # {line: server}; {server: calls}
        self._names, self._stopped = {}, threading.Event()

    def _get_name(self, pid):
        """Return the name of the server to which a process belongs."""
        if pid not in self._names:
            try:
                group = os.getpgid(pid)
            except ProcessLookupError:
                return None
            leaders = {server.process.pid: server.name for server in self.servers if server.process}
            if group not in leaders:
                return None
            self._names[pid] = leaders[group]
        return self._names[pid]

    def run(self):
        connection = psycopg2.connect(dbname=self.database)
        connection.autocommit = True
        try:
            with connection.cursor() as cr:
                while not self._stopped.is_set():
                    cr.execute(QUERY, [LOCK_SPACE])
                    held = [(line, name) for line, pid in cr.fetchall() if (name := self._get_name(pid))]
                    self.made.update(held)
                    self.now = collections.Counter(name for _line, name in held)
                    time.sleep(EVERY)
        finally:
            connection.close()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exception):
        self._stopped.set()
        self.join()
