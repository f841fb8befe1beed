"""Locks of rows on which transactions are expected to meet."""
import contextlib
from dataclasses import dataclass

from psycopg2.errors import UniqueViolation

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL


def lock_rows(records, skip_locked=False):
    """Lock the rows of records for the rest of this transaction, before they are written.

    Callbacks, clicks and scheduled jobs work on the same records, so transactions are expected to meet, and they meet
    here: whoever comes second waits, or leaves the rows out. A row that was changed since this transaction began to
    read cannot be locked at all. That is no error for the log: the transaction is run again, or the records are left
    for later.

    :param bool skip_locked: whether to leave out what another transaction holds, instead of waiting for its end.
    :return: ``{id: when it was written last}`` of the rows that are locked.
    :rtype: dict
    :raise OperationalError: one of ``PG_CONCURRENCY_EXCEPTIONS_TO_RETRY``.
    """
    cr = records.env.cr
    cr.execute(SQL(
        "SELECT id, write_date FROM %s WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE %s",
        SQL.identifier(records._table), [record_id for record_id in records._ids if record_id],
        SQL("SKIP LOCKED") if skip_locked else SQL(),
    ), log_exceptions=False)
    return dict(cr.fetchall())


@contextlib.contextmanager
def hold_alone(pool, space, key, wait=True):
    """Hold an advisory lock in a session of its own, with no transaction open in it.

    PostgreSQL frees it when the process dies.

    :param pool: the registry, which gives the session.
    :param int space: first key: a constant of who calls.
    :param int key: second key.
    :param bool wait: whether to wait for it.
    :return: whether it is held.
    """
    with pool.cursor() as session:
        session.execute(
            "SELECT pg_advisory_lock(%s, %s)" if wait else "SELECT pg_try_advisory_lock(%s, %s)", [space, key])
        is_held = wait or session.fetchone()[0]
        session.commit()
        try:
            yield is_held
        finally:
            if is_held:
                session.execute("SELECT pg_advisory_unlock(%s, %s)", [space, key])


@dataclass(frozen=True, eq=False)
class Locked:
    """In the context, rows that are locked for the rest of a transaction: no request can send such an object.

    ``ids`` of the records of a ``model``, by a ``cursor``.
    """

    cursor: object
    model: str
    ids: frozenset

    @classmethod
    def keep(cls, records):
        """Return records that were just locked, with this in their context."""
        return records.with_context(openapi_pec_locked=cls(records.env.cr, records._name, frozenset(records._ids)))


def lock_once(records):
    """Lock the rows of records as :func:`lock_rows` does, unless their context says that they are locked."""
    known = records.env.context.get('openapi_pec_locked')
    if not (isinstance(known, Locked) and known.cursor is records.env.cr and known.model == records._name
            and known.ids.issuperset(records._ids)):
        lock_rows(records)


def meet(records):
    """Have transactions that would do the same with some records meet, even if they write nothing of them.

    Whoever comes second waits, and is run again: then it sees what the first one has made.

    :raise OperationalError: one of ``PG_CONCURRENCY_EXCEPTIONS_TO_RETRY``.
    """
    records.env.cr.execute(SQL(
        "UPDATE %s SET write_date = write_date WHERE id = ANY(%s)", SQL.identifier(records._table), records.ids,
    ), log_exceptions=False)


def run_unless_met(cr, function, flush=True):
    """Run a function in a savepoint, and undo it when another transaction is changing the same rows.

    :param function: without arguments.
    :param bool flush: whether what is not written yet is written before; not needed for a mere query.
    :return: whether it was done; if not, the caller leaves the work for later.
    :rtype: bool
    """
    try:
        with cr.savepoint(flush=flush):
            function()
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        return False
    return True


def is_met(records):
    """Return whether another transaction is changing rows, or has changed them since this one began to read.

    Nothing stays locked.

    :rtype: bool
    """
    locked = {}

    def look():
        locked.update(lock_rows(records, skip_locked=True))
        raise _Undone

    with contextlib.suppress(_Undone):
        return not run_unless_met(records.env.cr, look, flush=False)
    return len(locked) < len(records._ids)


class _Undone(Exception):
    """Undoes what was locked."""


def claim(records, field, value):
    """Write a field that brings records into a unique index, which two people may do at the same moment.

    What is refused is no error for the log: there the statement would stand with all that it writes, tax codes
    included.

    :param str field: a stored field; afterwards it is to be written as always, for what follows from it.
    :return: the records that the database refuses, because another one is there already.
    """
    records.flush_recordset()
    cr = records.env.cr
    try:
        with cr.savepoint(flush=False):
            cr.execute(SQL(
                "UPDATE %s SET %s = %s WHERE id = ANY(%s)", SQL.identifier(records._table), SQL.identifier(field),
                value, records.ids,
            ), log_exceptions=False)
    except UniqueViolation:
        if len(records) == 1:
            return records
        return records.browse().union(*(claim(record, field, value) for record in records))
    records.invalidate_recordset([field], flush=False)
    return records.browse()
