import logging
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import (
    BadToken,
    NoCredit,
    NotSent,
    OpenapiPecError,
    OutcomeUnknown,
    Throttled,
)
from odoo.addons.l10n_it_openapi_pec.tools.clock import now

from .lock import Locked, lock_rows

_logger = logging.getLogger(__name__)

_lt = LazyTranslate(__name__, default_lang='en_US')

# Made in the record's environment, whichever one its company uses now; all others wait until it is the company's again.
ANY_ENVIRONMENT = ('documents',)

# Whether an operation is free -> what there is to know while its answer is missing.
UNKNOWN_SENTENCES = {
    False: _lt(
        "The service has not answered in time, so it is not known yet whether the call was executed and paid. "
        "It is not repeated: Odoo reads the service's own list until it knows. You need not do anything now."),
    True: _lt(
        "The service has not answered in time, so it is not known yet whether the call was executed. It is free in "
        "either case. It is not repeated: Odoo reads at the service what became of it until it knows. You need not do "
        "anything."),
}

LOOK_SECONDS = 60  # for which a list is fresh enough to pay what it does not show
TAKE_SECONDS = 30  # after which a call that was taken is not made any more: its process must have slept
GATHER_SECONDS = 0.02  # in which other calls may end whose outcomes are recorded together: a transaction takes longer


class OpenapiPecCallMixin(models.AbstractModel):
    """Steps 2 to 4, the dispatch: due records are claimed, their calls made, and the outcomes recorded."""
    _inherit = 'openapi_pec.call.mixin'

    # ------------------------------------------------------------ CALLS

    @api.model
    def _due_domain(self):
        """Return the domain of the records whose call may be made now."""
        now = fields.Datetime.now()
        return fields.Domain([
            (self._call_state_field, '=', 'queued'),
            '|', ('retry_at', '=', False), ('retry_at', '<=', now),
            '|', ('company_id.openapi_pec_paused_until', '=', False),
            ('company_id.openapi_pec_paused_until', '<=', now),
        ]) & self.env['res.company']._openapi_pec_get_home_domain()

    def _dispatch_due(self, parallel, go_on):
        """Have the due calls of these records of one company made, at the scheduled job's request: here and now.

        This is where another engine takes over, as the addon for ``queue_job`` does in ``integrations``: it keeps the
        records and has :meth:`_dispatch` called elsewhere. However often that is called, each call is made once.

        :param int parallel: how many calls at a time.
        :param go_on: called with the number of records that are done with or taken over; tells whether to begin others.
        :return: whether the scheduled job need not come back to them at once.
        """
        return self._dispatch(parallel, go_on)

    def _dispatch(self, parallel=1, go_on=lambda count: True):
        """Make the due calls of these records, if they are still due and no other process makes them.

        Other threads make the calls and nothing else: the database is this one's alone. Where several calls are made at
        a time, those that take the place of accepted ones are begun first, and then what was accepted is recorded: the
        service does not wait for the database. What was not accepted may pause the account, so it is recorded first.

        :param int parallel: how many calls at a time.
        :param go_on: called with the number of records that are done with; tells whether to begin others.
        :return: whether none is left.
        """
        waiting, left, running, ended, looked_at = self.ids, [], {}, [], None
        with self.env['openapi_pec.api_call']._open_session() as lines, ThreadPoolExecutor(parallel) as threads:
            try:
                while waiting or running or ended:
                    count = len(waiting)
                    if waiting and (looked_at is None or now() > looked_at + LOOK_SECONDS):
                        count += self._end(lines, ended)
                        # A list is as old as its reading, however long it is judged.
                        looked_at, waiting = now(), self.browse(waiting)._look_before_paying()
                    count -= len(waiting)
                    batch = self.browse(waiting[:parallel - len(running)])
                    waiting = waiting[len(batch):]
                    deadline = now() + TAKE_SECONDS
                    taken = batch._begin(lines)
                    running |= {
                        threads.submit(self._execute, call, deadline): (record_id, line_id) for record_id, line_id,
                        call in taken}
                    count += self._end(lines, ended)
                    ended = [(*running.pop(future), *future.result()) for future in self._wait(running)]
                    if parallel == 1 or not waiting or any(error for *_call, error in ended):
                        count += self._end(lines, ended)
                    if not go_on(count + len(batch) - len(taken)):
                        left, waiting = left or waiting, []
            finally:  # an answer that is here is kept, whatever becomes of other calls
                self._end(lines, ended)
        return not left

    @staticmethod
    def _wait(running):
        """Wait for the end of a call; return the calls that have ended, with those that end right after it.

        :param running: calls, as futures.
        """
        done, others = wait(running, return_when=FIRST_COMPLETED)
        return done | wait(others, GATHER_SECONDS).done

    def _look_before_paying(self):
        """Look whether the service already has what is about to be paid, and hold back what a person must decide.

        It is called with no transaction open, and reads from the service.

        :return: the ids of the records whose call may be made.
        """
        return self.ids

    def _begin(self, lines):
        """Claim these queued records, each with a pending journal line and the sole right to make its call.

        :param lines: the journal, in the session that holds the rights.
        :return: ``[(record id, line id, function that makes the call), …]`` of those that are still due and nobody else
            has.
        """
        taken = self._safely(lambda records: records._claim_all())
        line_ids = [line_id for _record_id, line_id, _call in taken]
        lines.browse(line_ids)._lock_executions()
        pending = lines.browse(line_ids)._read_pending()  # while this process slept, one may have been closed
        return [call for call in taken if call[1] in pending]

    def _end(self, lines, ended):
        """Record the outcomes of calls, and give up the rights to make them.

        :param lines: the journal, in the session that holds the rights to make them.
        :param list ended: ``[(record id, line id, answer, error), …]``, which is emptied.
        :return: how many there were.
        """
        outcomes = {record_id: outcome for record_id, *outcome in ended}
        ended.clear()
        self.browse(outcomes)._safely(lambda records: records._record_outcomes(outcomes))
        lines.browse(line_id for line_id, *_outcome in outcomes.values())._free_executions()
        return len(outcomes)

    # ------------------------------------------------------------ CALLS: transactions of their own

    def _safely(self, function):
        """Run a function in one transaction for all these records, or if that fails, in one for each.

        See :meth:`_in_transaction`.

        :param function: returns a list.
        :return: what it returned, in one list; of a record that cannot be worked on, nothing. What that leaves pending
            is settled by reading.
        """
        try:
            return self._in_transaction(function) if self else []
        except Exception:
            if len(self) == 1:
                _logger.exception("The call for %s could not be made or settled.", self)
                return []
        return [result for record in self for result in record._safely(function)]

    # ------------------------------------------------------------ CALLS: step 2, the claim

    def _claim_all(self):
        """Claim those of these records that are still due and that no other process has, with a pending line each.

        :return: ``[(record id, id of the line, function that makes the call), …]``
        """
        due = Locked.keep(self.browse(lock_rows(self, skip_locked=True))).filtered_domain(self._due_domain())
        prices = due._get_call_prices()
        claims = [claim for record in due if (claim := record._for_reader()._claim(prices[record]))]
        if not claims:
            return []
        lines = self.env['openapi_pec.api_call'].create([values for _record_id, values, _sent, _call in claims])
        lines._keep_sent(*(sent for _record_id, _values, sent, _call in claims))
        claimed = due.browse(record_id for record_id, *_claim in claims)
        # Of several, pages are told when they have their outcome: each telling opens a connection.
        claimed.with_context(openapi_pec_untold=len(claimed) > 1).write({self._call_state_field: 'unconfirmed'})
        return [(record_id, line.id, call) for line, (record_id, _values, _sent, call) in zip(
            lines, claims, strict=True)]

    def _claim(self, price):
        """Prepare the call of a due record, and its line.

        :param dict price: of the call, as the journal keeps it.
        :return: ``(record id, values of the line, what will be sent, function that makes the call)``, or None when it
            cannot be made now.
        """
        operation = self._due_operation()
        try:
            if operation not in ANY_ENVIRONMENT and not self._is_of_present_environment():
                self._wait_for_environment()
                return None
            call = self._prepare_call(operation, self.company_id._openapi_pec_client(self.environment, self._api_name))
        except NotSent as error:
            self._requeue(self._get_error_words(error))
            return None
        values = self._prepare_line(operation, price=price['price'], is_price_known=price['is_price_known'])
        return self.id, values, self._prepare_sent(operation), call

    def _create_line(self, operation, **values):
        """Create a line of the journal for a call of this record.

        :param values: of its other fields.
        """
        return self.env['openapi_pec.api_call'].create(self._prepare_line(operation, **values))

    def _prepare_line(self, operation, **values):
        """Return the values of a line of the journal for a call of this record.

        :param values: of its other fields.
        """
        return {
            'operation': operation,
            'res_model': self._name,
            'res_id': self.id,
            'company_id': self.company_id.id,
            'environment': self.environment,
            'user_id': (self.asked_by_id or self.user_id).id or self.env.uid,
            'account': self.company_id._openapi_pec_get_account_name(self.environment),
            **values,
        }

    def _is_of_present_environment(self):
        """Return whether this record belongs to the environment that its company uses now."""
        return self.environment == self.company_id.openapi_pec_environment

    def _get_call_prices(self):
        """Return the prices of the due calls as the journal keeps them: ``{record: {'price', 'is_price_known'}}``."""
        operations = {record: record._due_operation() for record in self}
        prices = {operation: self.env['openapi_pec.price']._get(operation) for operation in {*operations.values()}}
        return {
            record: {'price': prices[operation] or 0, 'is_price_known': prices[operation] is not None}
            for record, operation in operations.items()}

    # ------------------------------------------------------------ CALLS: step 3, the call

    @staticmethod
    def _execute(call, deadline):
        """Make a call, once, unless it is too late.

        :param call: as :meth:`_prepare_call` returns it.
        :param float deadline: on the clock of :func:`now`. A process that slept longer finds another world.
        :return: ``(answer, None)`` or ``(None, error)``.
        """
        def check():
            if now() > deadline:
                raise NotSent("The server was suspended, or busy, right before the call", reason='suspended')

        try:
            return call(check), None
        except OpenapiPecError as error:
            return None, error

    # ------------------------------------------------------------ CALLS: step 4, the outcome

    def _record_outcomes(self, outcomes):
        """Record the outcomes of the calls of these records.

        :param dict outcomes: ``{record id: [line id, answer, error]}``, of others, too.
        :return: nothing, in a list.
        """
        lines = self.env['openapi_pec.api_call'].browse(outcomes[record.id][0] for record in self)
        lock_rows(self)
        lock_rows(lines)  # a job writes the account on them, as soon as it is known
        lines.fetch(['state', 'operation', 'started_at', 'account'])
        for record in Locked.keep(self):
            record._for_reader()._record_outcome(*outcomes[record.id])
        return []

    def _record_outcome(self, line_id, data, error):
        """Record the outcome of a call on its line and its record."""
        line = self.env['openapi_pec.api_call'].browse(line_id)
        if line.state != 'pending':  # the recovery has read the truth in the meantime, or a person has decided
            if error is None and line.state == 'never_arrived':
                self._accept_closed(line, data)
            return
        operation = line.operation
        if error is None:
            line._close('accepted', remote_id=data['id'], status=200)
            line._name_account(data)
            self._on_call_accepted(operation, data, line.started_at)
            if self._is_of_present_environment():  # which alone is paused
                self.company_id._openapi_pec_resume()
            return
        facts = {'status': error.status, 'code': str(error.code or ''), 'message': self._get_error_words(error)}
        if isinstance(error, OutcomeUnknown):
            line.write(facts)
            self._on_call_unknown(line)
        elif isinstance(error, NotSent):
            line._close('not_sent', **facts)
            self._requeue(self._get_error_words(error))
        elif isinstance(error, (NoCredit, Throttled)):
            line._close('refused', **facts)
            self._wait_for_account(error)
        else:
            line._close('refused', **facts)
            sentence = self._refusal_sentence(operation, error)
            if not isinstance(error, BadToken):
                self._keep_refused(operation, sentence)
            self._on_call_refused(operation, sentence)
            if isinstance(error, BadToken):
                self._on_token_refused(operation)
                self._pause_account()

    def _accept_closed(self, line, data):
        """Keep the late answer to an executed call that was already closed as not found.

        :param dict data: the service's answer.
        """
        line.write(
            {
                'state': 'accepted', 'remote_id': data['id'],
                'message': self.env._("Answered after it was closed as not found")})
        line._name_account(data)
        self._trigger_cron(self._synchronize_job)

    def _on_call_unknown(self, line):
        """Say that the answer is missing, and have the service read."""
        sentence = self._in_words(UNKNOWN_SENTENCES[self._due_operation() in const.service.FREE_OPERATIONS])
        self.error_message = f'{sentence} {self._get_decision_sentence_of(line)}'.rstrip()
        self._trigger_cron(self._synchronize_job)

    def _get_decision_sentence_of(self, line):
        """Return the sentence that says from when on a person can decide on a lost call; '' when none can."""
        return ''
