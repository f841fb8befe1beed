from contextlib import contextmanager

from odoo import api, models
from odoo.tools import SQL

# First key of the advisory locks of this model (the second is the line's id): any constant of our own.
LOCK_SPACE = 0x9EC


class OpenapiPecApiCall(models.Model):
    """The sole right to make a call: which process executes it."""
    _inherit = 'openapi_pec.api_call'

    @api.model
    @contextmanager
    def _open_session(self):
        """Give the journal in its own session of the database, which holds the sole right to make calls.

        PostgreSQL frees what it holds when the process dies, so that a line nobody holds has no live worker.
        """
        with self.pool.cursor() as cr:
            try:
                yield self.with_env(self.env(cr=cr)).sudo()
            finally:
                cr.execute("SELECT pg_advisory_unlock_all()")

    def _lock_executions(self):
        """Take the sole right to make these lines' calls, in a session of :meth:`_open_session`.

        It waits until nobody else has it, and holds it until it is freed.
        """
        self._in_session('pg_advisory_lock')

    def _free_executions(self):
        """Give up the right to make these lines' calls."""
        self._in_session('pg_advisory_unlock')

    def _read_pending(self):
        """Return the ids of those of these lines that are pending now; no transaction stays open.

        It is read in a session of :meth:`_open_session`, and in a newer snapshot than that of the lock.

        :rtype: set[int]
        """
        session = self.env.cr
        if not self:
            return set()
        session.execute(SQL("SELECT id FROM openapi_pec_api_call WHERE id = ANY(%s) AND state = 'pending'", self.ids))
        pending = {line_id for line_id, in session.fetchall()}
        session.commit()
        return pending

    def _in_session(self, function):
        """Call a function of PostgreSQL's advisory locks for each of these lines; no transaction stays open."""
        session = self.env.cr  # which does nothing else
        if self:
            session.execute(
                SQL("SELECT %s(%s, id) FROM unnest(%s) AS id", SQL.identifier(function), LOCK_SPACE, self.ids))
            session.commit()

    def _without_live_worker(self):
        """Return those of these lines that no process is executing now."""
        free_ids = []
        for line in self:
            self.env.cr.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK_SPACE, line.id])
            if self.env.cr.fetchone()[0]:
                free_ids.append(line.id)
        return self.browse(free_ids)

    def _is_abandoned(self):
        """Return whether this call is looked for, and no process is executing it now."""
        return self._without_live_worker().state in ('pending', 'never_arrived')
