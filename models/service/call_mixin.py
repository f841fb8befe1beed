import logging
import random
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import (
    BadToken,
    NoCredit,
    NotFound,
    NotSent,
    OpenapiPecError,
    OutcomeUnknown,
    Throttled,
)
from odoo.addons.l10n_it_openapi_pec.tools.clock import now
from odoo.addons.l10n_it_openapi_pec.tools.outcome.created import NO_DOUBT, Look

from .job_mixin import job
from .lock import lock_rows
from .rights import check_right

_logger = logging.getLogger(__name__)

_lt = LazyTranslate(__name__, default_lang='en_US')

# (operation, code of the vendor) -> what a person should know and do. The vendor's own words follow in brackets.
REFUSAL_SENTENCES = {
    ('create', '336'): _lt("The service does not accept this PEC address. Correct it and submit again."),
    ('create', '344'): _lt("The service misses a piece of data. Complete it and submit again."),
    ('documents', '353'): _lt("The service does not recognise this filing's identifier. Refresh the filing."),
    ('documents', '354'): _lt("The service does not know this filing. Refresh it, then ask Openapi's support."),
    ('documents', '355'): _lt("The service does not take these documents now. Refresh the filing to see its state."),
    ('documents', '356'): _lt("The service received no document. Upload the signed file again."),
}

# What is said of a call that was freed: whether it is one that costs nothing -> sentence.
FREED_SENTENCES = {
    False: _lt(
        "The call was looked for %(looks)s times in the service's list and not found: probably it was not executed and "
        "nothing was spent, but that is not certain: if it was executed after all, a new call is paid again. Odoo goes "
        "on looking for it for 30 days. Look into the Openapi console, then submit again if it is still wanted."),
    True: _lt(
        "The call was looked for %(looks)s times at the service and not found: probably it did not arrive. It costs "
        "nothing: send again."),
}

# The same of a change of a mailbox: unchanged is no knowledge either.
FREED_CHANGE = _lt(
    "The service was asked %(looks)s times and does not show that the call was executed: probably nothing was spent, "
    "but that is not certain: if it was executed after all, a new call is paid again. Look into the Openapi console, "
    "then ask for it again if it is still wanted.")

# The same of a call that a system administrator has freed although no two looks could be believed: whether a list shows
# it -> sentence.
FREED_UNBELIEVED = {
    True: _lt(
        "A system administrator has freed the call, although too few looks for it could be believed: whether it was "
        "executed and paid is not known. If it was, a new call is paid again. Odoo goes on looking for it for 30 days. "
        "Look into the Openapi console, then submit again if it is still wanted."),
    False: _lt(
        "A system administrator has freed the call, although too few looks for it could be believed: whether it was "
        "executed and paid is not known. If it was, a new call is paid again. Look into the Openapi console, then ask "
        "for it again if it is still wanted."),
}

FREED_LEFT = {
    False: _lt(
        "It was freed: whether it was executed and paid is not known. If it was, a new call is paid again: submit "
        "again only if it is not in that console and still wanted. Odoo finds the call there only if that account's "
        "token is set again."),
    True: _lt("It was freed: whether it was executed is not known; it is free in either case."),
}

EARLIER_CALL = _lt("Whether an earlier call, which was not found, was executed and paid is not certain.")

# What a User may have made: it costs nothing, and delivers what was signed.
USER_OPERATIONS = ('documents', 'mailbox_activate')

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

RETRY_MINUTES = (1, 5, 15, 60)  # pauses after a call that was certainly not sent; the last one repeats
LOOK_SECONDS = 60  # for which a list is fresh enough to pay what it does not show
TAKE_SECONDS = 30  # after which a call that was taken is not made any more: its process must have slept

MAX_TRIES = 5  # of a short transaction that meets another one on the same rows


class OpenapiPecCallMixin(models.AbstractModel):
    """One call, once.

    A call with a side effect costs money and cannot be told apart from its repetition, so it is never made inside
    a transaction that Odoo may retry. It takes four steps, each in a transaction of its own: the record is queued
    (by the user), taken with a *pending* journal line, the call is made with nothing open but a lock, the outcome
    is written. What is left pending is settled by reading the truth from the service, never by calling again.

    A model that inherits says which call is due (:meth:`_due_operation`), how it is made (:meth:`_prepare_call`),
    what its answers mean (``_on_call_…``), and how the truth is read (:meth:`_reconcile`).
    """
    _name = 'openapi_pec.call.mixin'
    _description = "Calls with a Side Effect, Made Once"
    _inherit = ['openapi_pec.spreadsheet.mixin', 'openapi_pec.job.mixin']

    _call_state_field = 'state'  # the field that has the values `queued` and `unconfirmed`, among others
    _asking_access = 'write'  # to a record, which is needed to have its call made
    _synchronize_job = 'synchronize'  # the scheduled job that reads the truth: see `_trigger_cron`
    _refusal_sentences = REFUSAL_SENTENCES  # (operation, code of the vendor) -> what a person should know and do

    # The model that inherits also has `company_id` (who pays) and `user_id` (who follows).
    environment = fields.Selection([('sandbox', "Sandbox"), ('production', "Production")], readonly=True, copy=False)
    error_message = fields.Text("What Happened", readonly=True, copy=False)
    asked_by_id = fields.Many2one(
        'res.users', "Last Asked by", readonly=True, copy=False, help="Who asked for the last call.")
    asked_at = fields.Datetime("Last Asked", readonly=True, copy=False, help="When the last call was asked for.")
    retry_at = fields.Datetime("Next Attempt", readonly=True, copy=False)
    retry_count = fields.Integer(readonly=True, copy=False)
    api_call_ids = fields.One2many(
        'openapi_pec.api_call', 'res_id', "API Calls", readonly=True,
        domain=lambda self: [('res_model', '=', self._name)], groups='l10n_it_openapi_pec.group_manager',
    )

    # ------------------------------------------------------------ to be said by the model that inherits

    def _due_operation(self):
        """Return the operation (of the journal) that a queued record waits for."""
        raise NotImplementedError

    def _prepare_call(self, operation, client):
        """Return a function that makes the call and needs no database; its argument is to be called right before: see
        `_call_in_time`.
        """
        raise NotImplementedError

    @staticmethod
    def _call_in_time(call, check):
        """Make a call unless ``check()`` raises, because it is too late."""
        check()
        return call()

    def _prepare_sent(self, operation):
        """Return what the journal keeps of what a call sends, for finding it again (dict that JSON can hold)."""
        return {}

    def _on_call_accepted(self, operation, data, started_at):
        """Take over the service's answer to an executed call."""
        raise NotImplementedError

    def _on_call_refused(self, operation, sentence):
        """Take over that nothing was executed, for the reason that ``sentence`` gives to people."""
        raise NotImplementedError

    def _on_token_refused(self, operation):
        """Have the token corrected, since nothing is wrong with what was sent."""

    def _keep_refused(self, operation, sentence):
        """Keep what was refused, where people correct it: the data are still as they were sent."""

    def _on_call_ambiguous(self, candidates):
        """Let a person decide which of several records at the service is this one."""
        raise NotImplementedError

    def _reconcile(self, line, client, rows):
        """Read whether the call of a pending line was executed.

        :return: the records at the service that prove it: none, one or several; and whether that is certain. What is
            not, a person decides.
        :rtype: tuple[list, bool]
        :raise OpenapiPecError: the truth cannot be read now.
        """
        raise NotImplementedError

    def write(self, vals):
        self.check_access('write')  # before anything is locked
        lock_rows(self)  # clicks, calls and scheduled jobs meet on them
        return super().write(vals)

    # ------------------------------------------------------------ who may ask for it

    def _check_may_spend(self):
        """Raise when this user may not spend money with these records, be they read with ``sudo`` or not."""
        check_right(self.env, 'spend')
        self.sudo(False).check_access(self._asking_access)

    def _check_may_ask(self):
        """Raise when this user may not have the due calls of these records made."""
        if any(record._due_operation() not in USER_OPERATIONS for record in self):
            check_right(self.env, 'spend')
        self.sudo(False).check_access(self._asking_access)

    # ------------------------------------------------------------ step 1: the user's transaction

    def _queue_call(self):
        """Have the due call of each record made: at once for one record, by the scheduled job for many."""
        self._check_may_ask()
        self.write({
            self._call_state_field: 'queued', 'asked_by_id': self.env.uid, 'asked_at': fields.Datetime.now(),
            'error_message': False,
            'retry_at': False, 'retry_count': 0})
        self._trigger_cron('dispatch')
        if len(self) == 1:
            self.env.cr.postcommit.add(self._dispatch_after_commit)

    def _dispatch_after_commit(self):
        """Make the call now, so that whoever clicked sees its outcome; the scheduled job is the net."""
        try:
            self._dispatch()
        except Exception:
            _logger.exception("The call for %s could not be settled at once; the scheduled jobs go on with it.", self)

    # ------------------------------------------------------------ steps 2 to 4: dispatch

    @api.model
    @job
    def _cron_dispatch(self):
        """Make the calls that are due, of all models, several of a company at a time."""
        commit_progress = self.env['ir.cron']._commit_progress
        models = sorted(
            model for model in self.pool.descendants(['openapi_pec.call.mixin'], '_inherit')
            if not self.pool[model]._abstract)
        due = [
            (company, records) for model in models
            for company, records in self.env[model].search(self.env[model]._due_domain(), order='id').grouped(
                'company_id').items()
        ]
        commit_progress(remaining=sum(len(records) for _company, records in due))
        for company, records in due:
            if not records._dispatch(company.openapi_pec_parallel_calls, commit_progress):
                break

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

    def _dispatch(self, parallel=1, go_on=lambda count: True):
        """Make the due calls of these records, as far as they are still due and nobody else makes them.

        Other threads make the calls and nothing else: the database is this one's alone.

        :param int parallel: how many calls at a time.
        :param go_on: called with the number of records that are done with; tells whether to begin others.
        :return: whether none is left.
        """
        waiting, left, running, looked_at = self.ids, [], {}, None
        with self.env['openapi_pec.api_call']._open_session() as lines, ThreadPoolExecutor(parallel) as threads:
            while waiting or running:
                stopped = len(waiting)
                if waiting and (looked_at is None or now() > looked_at + LOOK_SECONDS):
                    # A list is as old as its reading, however long it is judged.
                    looked_at, waiting = now(), self.browse(waiting)._look_before_paying()
                stopped -= len(waiting)
                batch = self.browse(waiting[:parallel - len(running)])
                waiting = waiting[len(batch):]
                deadline = now() + TAKE_SECONDS
                taken = batch._begin(lines)
                running |= {
                    threads.submit(self._make, call, deadline): (record_id, line_id) for record_id, line_id,
                    call in taken}
                done = wait(running, return_when=FIRST_COMPLETED).done
                self._end(lines, [(*running.pop(future), *future.result()) for future in done])
                if not go_on(stopped + len(batch) - len(taken) + len(done)):
                    left, waiting = left or waiting, []
        return not left

    def _look_before_paying(self):
        """Look whether what is about to be paid for is at the service already, and keep back what a person has to
        decide on.

        It is called with no transaction open, and reads from the service.

        :return: the ids of the records whose call may be made.
        """
        return self.ids

    def _begin(self, lines):
        """Take these queued records, with a pending journal line and the sole right to make the call each.

        :param lines: the journal, in the session that holds the rights.
        :return: ``[(record id, line id, function that makes the call), …]`` of those that are still due and nobody else
            has.
        """
        taken = self._safely(lambda records: records._claim_all())
        line_ids = [line_id for _record_id, line_id, _call in taken]
        lines.browse(line_ids)._lock_executions()
        # Read in a newer snapshot: while this process slept, a line may have been closed as never arrived.
        pending = self._in_transaction(lambda records: records.env['openapi_pec.api_call'].search(
            [('id', 'in', line_ids), ('state', '=', 'pending')]).ids) if taken else []
        return [call for call in taken if call[1] in pending]

    def _end(self, lines, outcomes):
        """Write what came of calls.

        :param lines: the journal, in the session that holds the rights to make them.
        :param list outcomes: ``[(record id, line id, answer, error), …]``.
        """
        outcomes = {record_id: outcome for record_id, *outcome in outcomes}
        self.browse(outcomes)._safely(lambda records: records._record_outcomes(outcomes))
        lines.browse(line_id for line_id, *_outcome in outcomes.values())._free_executions()

    @staticmethod
    def _make(call, deadline):
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

    def _safely(self, function):
        """Run a function in a transaction of its own for all these records, or when that fails for each: see
        :meth:`_in_transaction`.

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

    def _in_transaction(self, function):
        """Run ``function(records)`` in a transaction of its own, again when another one was faster on the same rows.

        ``function`` works on the database alone, as superuser; it returns plain data.
        """
        for attempt in range(1, MAX_TRIES + 1):
            try:
                with self.pool.cursor() as cr:
                    cr.execute("SET LOCAL synchronous_commit TO on")  # what is written here must survive a power cut
                    return function(self.with_env(self.env(cr=cr)).sudo())
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                if attempt == MAX_TRIES:
                    raise
                time.sleep(random.uniform(0, 0.1 * 2 ** attempt))
        return None

    def _claim_all(self):
        """Take those of these records that are still due and that nobody else has: see :meth:`_claim`."""
        due = self.browse(lock_rows(self, skip_locked=True)).filtered_domain(self._due_domain())
        return [taken for record in due if (taken := record._for_reader()._claim())]

    def _claim(self):
        """Take a due record with a pending journal line.

        :return: ``(record id, id of the line, function that makes the call)``, or None when it cannot be made now.
        """
        company = self.company_id
        operation = self._due_operation()
        try:
            if operation not in ANY_ENVIRONMENT and not self._is_of_present_environment():
                self._wait_for_environment()
                return None
            call = self._prepare_call(operation, company._openapi_pec_client(self.environment))
        except NotSent as error:
            self._requeue(self._get_error_words(error))
            return None
        line = self._create_line(operation, **self._get_call_price(operation))
        line._keep_sent(self._prepare_sent(operation))
        self[self._call_state_field] = 'unconfirmed'
        return self.id, line.id, call

    def _create_line(self, operation, **values):
        """Write a line of the journal for a call of this record.

        :param values: of its other fields.
        """
        return self.env['openapi_pec.api_call'].create({
            'operation': operation,
            'res_model': self._name,
            'res_id': self.id,
            'company_id': self.company_id.id,
            'environment': self.environment,
            'user_id': (self.asked_by_id or self.user_id).id or self.env.uid,
            'account': self.company_id._openapi_pec_get_account_name(self.environment),
            **values,
        })

    def _is_of_present_environment(self):
        """Return whether this record belongs to the environment that its company uses now."""
        return self.environment == self.company_id.openapi_pec_environment

    def _get_call_price(self, operation):
        """Return what the journal keeps of the price of a call: what it is, and whether it is known."""
        price = self.env['openapi_pec.price']._get(operation)
        return {'price': price or 0, 'is_price_known': price is not None}

    def _record_outcomes(self, outcomes):
        """Write what came of the calls of these records.

        :param dict outcomes: ``{record id: [line id, answer, error]}``, of others, too.
        :return: nothing, in a list.
        """
        lock_rows(self)
        self.env['openapi_pec.api_call'].browse(outcomes[record.id][0] for record in self).fetch(
            ['state', 'operation', 'started_at'])
        for record in self:
            record._for_reader()._record_outcome(*outcomes[record.id])
        return []

    def _record_outcome(self, line_id, data, error):
        """Write the outcome of a call to its line and its record."""
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
        """Keep the answer to an executed call that was closed as not found before the answer came.

        :param dict data: the service's answer.
        """
        line.write(
            {
                'state': 'accepted', 'remote_id': data['id'],
                'message': self.env._("Answered after it was closed as not found")})
        line._name_account(data)
        self._trigger_cron(self._synchronize_job)

    def _on_call_unknown(self, line):
        """Say that the answer is missing, and have the truth read."""
        sentence = self._in_words(UNKNOWN_SENTENCES[self._due_operation() in const.service.FREE_OPERATIONS])
        self.error_message = f'{sentence} {self._get_decision_sentence_of(line)}'.rstrip()
        self._trigger_cron(self._synchronize_job)

    def _get_decision_sentence_of(self, line):
        """Return from when on a person can decide on a lost call, as a sentence; '' when nobody can, or that is not
        known.
        """
        return ''

    def _requeue(self, reason):
        """Keep a record queued after a call that certainly did not reach the service, with growing pauses."""
        minutes = RETRY_MINUTES[min(self.retry_count, len(RETRY_MINUTES) - 1)]
        retry_at = fields.Datetime.now() + timedelta(minutes=minutes)
        self.write({
            self._call_state_field: 'queued',
            'retry_at': retry_at,
            'retry_count': self.retry_count + 1,
            'error_message': self._add_earlier_call(self._get_retry_sentence(reason.rstrip('.'), minutes)),
        })
        self._trigger_cron('dispatch', retry_at)

    def _get_retry_sentence(self, reason, minutes):
        if minutes == 1:
            return self.env._("Not sent, nothing was spent: %s. Odoo tries again in 1 minute.", reason)
        return self.env._(
            "Not sent, nothing was spent: %(reason)s. Odoo tries again in %(minutes)s minutes.", reason=reason,
            minutes=minutes)

    def _wait_for_environment(self):
        """Keep a record queued until its company uses the environment again for which it was submitted."""
        retry_at = fields.Datetime.now() + timedelta(minutes=RETRY_MINUTES[-1])
        self.write({
            'retry_at': retry_at,
            'error_message': self._add_earlier_call(self.env._(
                "Not sent, nothing was spent: the company's environment has changed since this was submitted for "
                "\"%(environment)s\". It waits until an administrator chooses that environment again in the settings. "
                "If it is not wanted there any more, give it up.", environment=self._get_environment_label())),
        })
        self._trigger_cron('dispatch', retry_at)

    def _get_environment_label(self):
        return dict(self._fields['environment']._description_selection(self.env))[self.environment]

    def _pause_account(self):
        """Let the account's other calls wait: they would meet the same refusal of its token."""
        if self._is_of_present_environment():
            self.company_id._openapi_pec_pause('token', record=self)

    def _on_account_paused(self, sentence):
        """Tell the responsible, once, what to do for the account's calls to go on."""
        raise NotImplementedError

    def _wait_for_account(self, error):
        """Keep a record queued until the account can pay, or may ask, again."""
        if isinstance(error, NoCredit):
            self.company_id._openapi_pec_pause('credit', record=self)
            if error.available is not None:
                self.company_id.sudo().write(
                    {'openapi_pec_credit': error.available, 'openapi_pec_credit_at': fields.Datetime.now()})
        else:
            self.company_id._openapi_pec_pause('rate', record=self, seconds=error.retry_after)
        # what it waits for is told from the account
        self.write({self._call_state_field: 'queued', 'error_message': False})

    def _refusal_sentence(self, operation, error):
        """Return what a refusal means for a person: what happened, that nothing was spent, what to do."""
        if isinstance(error, BadToken):
            advice = self._get_token_advice()
        elif sentence := self._refusal_sentences.get((operation, str(error.code))):
            advice = self._in_words(sentence)
        else:
            advice = self.env._("The service refused the call. Correct what it names and submit again.")
        return self._add_earlier_call(self.env._(
            "Refused, nothing was spent. %(advice)s [%(message)s, HTTP %(status)s, code %(code)s]",
            advice=advice, message=self._get_error_words(error), status=error.status, code=error.code,
        ))

    def _is_earlier_call_unknown(self):
        """Return whether an earlier call for the same was not found, so that it may have been executed and paid."""
        return False

    def _add_earlier_call(self, sentence):
        """Return a sentence that says of a call that nothing was spent, with what is not known of an earlier one."""
        return f'{sentence} {self._in_words(EARLIER_CALL)}' if self._is_earlier_call_unknown() else sentence

    def _leave_to_job(self):
        """Have a scheduled job read what the service did not tell in time, and say so to whoever waits.

        :return: the action that says it.
        """
        self._trigger_cron(self._synchronize_job)
        return self._get_slow_notification(self.env._(
            "The service answers slowly. Odoo goes on by itself in the background, and shows what it reads; nothing "
            "was changed or spent."))

    def _get_token_advice(self):
        return self.env._(
            "The service does not accept the token, or the token lacks the scope for this call. "
            "Ask an administrator to check it in the settings, then submit again."
        )

    def _for_reader(self):
        """Return this record in the language of who follows it."""
        return self.with_context(lang=self.user_id.lang or self.env.lang)

    # ------------------------------------------------------------ step 5: recovery

    def _recover(self, client, listing):
        """Settle the lost calls of these records that nobody is executing, by reading the truth; of each a look is
        noted.

        Each line stands by itself: one that cannot be settled, or takes long, does not hold up the others.

        :param PecClient client: the account.
        :param Listing listing: the account's list, as read just now.
        """
        seen = self._get_seen()
        lines = self._get_lost_lines()
        creations = lines.filtered(lambda line: line.operation in const.service.CREATIONS)
        # A list that lacks something decides about what a list alone tells; a change shows in the record itself.
        doubts = self._get_doubts(client, listing, creations)
        for line in lines:
            if not line._without_live_worker():
                continue
            record, accepted = self.browse(line.res_id)._for_reader(), set()
            own = doubts.get(line, set())
            if line in creations:
                accepted = line.company_id._openapi_pec_get_accepted(line.environment, line.res_model)
                if not line.company_id._openapi_pec_has_called(line):
                    own = own | {'other_account'}
            try:
                found, is_certain = record._reconcile(line, client, listing)
            except OpenapiPecError as error:
                _logger.info("The truth about call %s cannot be read now: %s", line.id, error)
                is_elsewhere = isinstance(error, NotFound) and line._may_be_elsewhere()
                found, is_certain, own = [], True, own | {
                    'token' if isinstance(error, BadToken) else 'other_account' if is_elsewhere else 'details'}
            look = Look(frozenset(own), frozenset(accepted), listing.age if line in creations else 0)
            record._take_over(partial(self._recover_if_abandoned, line, found, is_certain, look), seen)
            if self._commit_in_cron() == 0:
                # The others were looked for less lately, and are the first next time: soon, if they were never.
                if not all(other.last_look_at for other in lines):
                    self._trigger_cron(self._synchronize_job)
                break

    @staticmethod
    def _recover_if_abandoned(line, found, is_certain, look, record):
        """Settle a line of a record whose row is locked, unless a worker has woken up or settled it since it was read.
        """
        if line._without_live_worker().state in ('pending', 'never_arrived'):
            record._recover_line(line, found, is_certain, look)
        if line.state == 'pending':
            record._trigger_cron(record._synchronize_job, line._get_next_look())

    def _note_vain_look(self, doubt):
        """Note that the service cannot be asked about the lost calls of these records, and tell why.

        :param str doubt: of ``const.service.DOUBTS``.
        """
        seen = self._get_seen()
        for line in self._get_lost_lines().filtered(lambda line: line.state == 'pending'):
            if line._without_live_worker():
                settle = partial(self._recover_if_abandoned, line, [], True, Look(frozenset({doubt})))
                self.browse(line.res_id)._for_reader()._take_over(settle, seen)

    def _get_lost_lines(self):
        """Return the calls of these records that are looked for, what was looked for least lately first."""
        return self.env['openapi_pec.api_call'].search([
            ('res_model', '=', self._name), ('res_id', 'in', self.ids), ('state', '=', 'pending'),
        ], order='last_look_at NULLS FIRST, id')

    def _get_doubts(self, client, listing, creations):
        """Return why an account's list decides nothing when it does not show a call.

        :param creations: the lost calls of these records that the list decides about.
        :return: ``{lost call: names of const.service.DOUBTS}``.
        :rtype: dict
        """
        return {}

    def _recover_line(self, line, found, is_certain=True, look=NO_DOUBT):
        """Settle a pending line with what was found at the service: see :meth:`_reconcile`.

        What is not there may still come: it is looked for again, until a manager says otherwise.
        """
        lock_rows(self)  # whoever closes a line holds its record
        if found and is_certain:
            line._close('accepted', remote_id=found[0]['id'], message=self.env._("Found at the service"))
            line._name_account(found[0])
            self._on_call_accepted(line.operation, found[0], line.started_at)
            if len(found) > 1:
                self._on_call_doubled(found)
        elif found:
            line._note_look(look)
            self._on_call_ambiguous(found)
        else:
            line._note_look(look)
            self._on_call_not_found(line)

    def _on_call_doubled(self, found):
        """Tell that the service made several records of one call."""

    def _on_call_not_found(self, line):
        """Say that a call was looked for and not found (yet)."""
        if line.operation in const.service.FREE_OPERATIONS and line._is_probably_not_executed():
            self._free_line(line)

    def _is_freed(self):
        """Return whether this record waits to be sent again after a call that was not found."""
        return self[self._call_state_field] == 'failed'

    def _free_line(self, line, reason=None):
        """Free a record whose call was not found, to be sent again by a person.

        :param str reason: why a manager is sure enough; kept in the chatter.
        """
        left = line.with_env(self.env)._get_left_sentence()
        line._close('never_arrived', **({'message': reason} if reason else {}))
        is_free = line.operation in const.service.FREE_OPERATIONS
        is_listed = line._is_shown_by_list()
        sentence = FREED_SENTENCES[is_free] if is_free or is_listed else FREED_CHANGE
        if not is_free and not line._is_probably_not_executed():
            sentence = FREED_UNBELIEVED[is_listed]
        if left:
            return self._on_call_freed(line.operation, f'{left} {self._in_words(FREED_LEFT[is_free])}')
        return self._on_call_freed(line.operation, self._in_words(sentence) % {'looks': line.looks})

    def _on_call_freed(self, operation, sentence):
        """Take over that a call was not found, and may be made again."""
        self._on_call_refused(operation, sentence)

