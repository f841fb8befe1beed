import logging

from odoo import fields, models
from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec import const

from .lock import lock_once
from .rights import check_right

_logger = logging.getLogger(__name__)

_lt = LazyTranslate(__name__, default_lang='en_US')

CREATE, DOCUMENTS = 'create', 'documents'  # operations
# (operation, code of the vendor) -> what a person should know and do. The vendor's own words follow in brackets.
REFUSAL_SENTENCES = {
    (CREATE, '336'): _lt("The service does not accept this PEC address. Correct it and submit again."),
    (CREATE, '344'): _lt("The service misses a piece of data. Complete it and submit again."),
    (DOCUMENTS, '353'): _lt("The service does not recognise this filing's identifier. Refresh the filing."),
    (DOCUMENTS, '354'): _lt("The service does not know this filing. Refresh it, then ask Openapi's support."),
    (DOCUMENTS, '355'): _lt("The service does not take these documents now. Refresh the filing to see its state."),
    (DOCUMENTS, '356'): _lt("The service received no document. Upload the signed file again."),
}

# What a User may have made: it costs nothing, and delivers what was signed.
USER_OPERATIONS = (DOCUMENTS, 'mailbox_activate')


class OpenapiPecCallMixin(models.AbstractModel):
    """A record whose calls are made exactly once.

    A call with a side effect costs money and cannot be told apart from its repetition, so it is never made inside
    a transaction that Odoo may retry. It takes four steps, each in a transaction of its own: the user queues the record
    (here); the record is claimed with a *pending* journal line, the call is made with nothing open but a lock, and the
    outcome is recorded (``call_dispatch``). What was refused, or not sent, goes on in ``call_refused``. What is left
    pending is settled by reading the truth from the service, never by calling again: the fifth step
    (``call_recovery``).

    A model that inherits says which call is due (:meth:`_due_operation`), how it is made (:meth:`_prepare_call`),
    what its answers mean (``_on_call_…``), and how the truth is read (:meth:`_reconcile`). The journal makes the calls
    of all models that are due: ``openapi_pec.api_call._cron_dispatch``.
    """
    _name = 'openapi_pec.call.mixin'
    _description = "Calls with a Side Effect, Made Once"
    _inherit = ['openapi_pec.spreadsheet.mixin', 'openapi_pec.job.mixin']

    _call_state_field = 'state'  # the field that has the values `queued` and `unconfirmed`, among others
    _asking_access = 'write'  # to a record, which is needed to have its call made
    _synchronize_job = 'synchronize'  # the scheduled job that reads the truth: see `_trigger_cron`
    _api_name = 'pec'  # of the account, which the calls use: see `account.APIS`
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

    # ------------------------------------------------------------ CALLS: what the model that inherits says

    def _due_operation(self):
        """Return the operation (of the journal) that a queued record waits for."""
        raise NotImplementedError

    def _prepare_call(self, operation, client):
        """Return a function that makes the call and needs no database.

        Its argument is a check that the function calls right before the call: see :meth:`_call_in_time`.
        """
        raise NotImplementedError

    @staticmethod
    def _call_in_time(call, check):
        """Make a call, unless ``check()`` raises because it is too late."""
        check()
        return call()

    def _prepare_sent(self, operation):
        """Return the body that the journal keeps of a call, by which the call is found again (JSON dict)."""
        return {}

    def _on_call_accepted(self, operation, data, started_at):
        """Apply the service's answer to an executed call."""
        raise NotImplementedError

    def _on_call_refused(self, operation, sentence):
        """Apply that nothing was executed, for the reason that ``sentence`` gives."""
        raise NotImplementedError

    def _on_token_refused(self, operation):
        """Ask people to correct the token: the data that were sent are not wrong."""

    def _keep_refused(self, operation, sentence):
        """Keep the data that were refused, which are still as they were sent, so that people correct them."""

    def _on_call_ambiguous(self, candidates):
        """Let a person decide which of several records at the service is this one."""
        raise NotImplementedError

    def _on_call_doubled(self, found):
        """Notify people that the service made several records of one call."""

    def _on_account_paused(self, sentence):
        """Notify the responsible, once, of what makes the account's calls go on."""
        raise NotImplementedError

    def _reconcile(self, line, client, rows):
        """Read whether the call of a pending line was executed.

        :return: the records at the service that prove it: none, one or several; and whether that is certain. What is
            not, a person decides.
        :rtype: tuple[list, bool]
        :raise OpenapiPecError: the truth cannot be read now.
        """
        raise NotImplementedError

    def _get_doubts(self, client, listing, creations):
        """Return why an account's list does not prove that a call was not executed when it does not show it.

        :param creations: the lost calls of these records that the list decides about.
        :return: ``{lost call: names of const.service.DOUBTS}``.
        :rtype: dict
        """
        return {}

    # ------------------------------------------------------------ CRUD

    def write(self, vals):
        self.check_access('write')  # before anything is locked
        lock_once(self)  # clicks, calls and scheduled jobs meet on them
        return super().write(vals)

    # ------------------------------------------------------------ CALLS: who may ask for one, and who follows it

    def _check_may_spend(self):
        """Raise when this user may not spend money with these records, whether they are read with ``sudo`` or not."""
        check_right(self.env, 'spend')
        self.sudo(False).check_access(self._asking_access)

    def _check_may_ask(self):
        """Raise when this user may not have the due calls of these records made."""
        if any(record._due_operation() not in USER_OPERATIONS for record in self):
            check_right(self.env, 'spend')
        self.sudo(False).check_access(self._asking_access)

    def _for_reader(self):
        """Return this record in the language and the time zone of its responsible."""
        return self.with_context(**self._get_reader())

    def _add_sandbox(self, sentence, words=const.service.NOT_PAID):
        """Add to a sentence about the money of these records what is true of it in the sandbox.

        :param words: what is added there (lazy).
        """
        return f'{sentence} {self._in_words(words)}' if self._is_sandbox() else sentence

    def _say_paid(self, words, money=None, **values):
        """Return a sentence in which ``%(paid)s`` stands for what is true of the money: in the sandbox nothing is paid.

        :param words: lazily translated.
        :param money: likewise, for production; None: the sentence says of the money what is true everywhere.
        :param values: what else the sentence names.
        """
        if money is None:
            return self._in_words(words)
        paid = const.service.NOT_PAID if self._is_sandbox() else money
        return self._in_words(words) % {'paid': self._in_words(paid), **values}

    def _is_sandbox(self):
        """Return whether these records, which are of one environment, are in the sandbox, or would be called there."""
        record = self[:1]
        return (record.environment or record.company_id.openapi_pec_environment) == 'sandbox'

    # ------------------------------------------------------------ CALLS: step 1, the user's transaction

    def _queue_call(self, at_once=True):
        """Queue the due call of each record: one record is called at once, many are left to the scheduled job.

        :param bool at_once: whether a person waits for it; otherwise the job calls one record as well.
        """
        self._check_may_ask()
        for records, values in self._get_asking():
            records.write({
                self._call_state_field: 'queued', 'asked_at': fields.Datetime.now(), 'error_message': False,
                'retry_at': False, 'retry_count': 0, **values})
        self._trigger_cron('dispatch')
        if at_once and len(self) == 1:
            self.env.cr.postcommit.add(self._dispatch_after_commit)

    def _get_asking(self):
        """Return what is kept of who asks for the calls of these records.

        :return: ``[(records, values), …]``
        :rtype: list
        """
        return [(self, {'asked_by_id': self.env.uid})]

    def _dispatch_after_commit(self):
        """Make the call now, so that the person who clicked sees its outcome; the scheduled job is the fallback."""
        try:
            self._dispatch()
        except Exception:
            _logger.exception("The call for %s could not be settled at once; the scheduled jobs go on with it.", self)

    def _leave_to_job(self):
        """Have a scheduled job read what the service did not return in time, and say so to the user.

        :return: the action that says it.
        """
        self._trigger_cron(self._synchronize_job)
        return self._get_slow_notification(self.env._(
            "The service answers slowly. Odoo goes on by itself in the background, and shows what it reads; nothing "
            "was changed or spent."))
