import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import format_datetime
from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools import clock
from odoo.addons.l10n_it_openapi_pec.tools.italy.calendar import get_month_start

from .job_mixin import job
from .rights import check_right
from .rows import set_each
from .zone import get_zone

_lt = LazyTranslate(__name__, default_lang='en_US')

# State of a line of the journal -> what is known of the money. That a list lacks a call is no knowledge.
MONEY_BY_STATE = {
    'pending': 'unknown',
    'accepted': 'paid',
    'refused': 'nothing',
    'not_sent': 'nothing',
    'never_arrived': 'unknown',
    'lost': 'unknown',
}

# What is said of a call that was made in an account that its company has left, and of one that was freed nevertheless:
# whether it costs nothing -> sentence.
LEFT_CALL = _lt(
    "The call was made in another Openapi account (%(account)s) than the one whose token is in the settings now. With "
    "this token Odoo cannot look there, and nothing is known of the call since %(since)s: look into the console of "
    "that account.")

# When a call whose answer was lost is looked for: minutes since it was made, each hour of a day, then each day.
LOOK_MINUTES = (1, 5, 15, *range(60, 24 * 60 + 1, 60))

LAST_LOOK_MINUTES = 24 * 60

OPERATIONS = [
    ('create', "Communicate the PEC"),
    ('documents', "Deliver the documents"),
    ('domain', "Look up a domain"),
    ('register_company', "Look up a company"),
    ('register_offices', "Look up a company's offices"),
    ('register_pec', "Look up a company's PEC"),
    ('register_count', "Count who has a PEC"),
    ('sign_otp', "Sign remotely with a one-time password"),
    ('sign_automatic', "Sign with the company's automatic certificate"),
    ('verify', "Have a signature verified"),
    ('certificate_otp', "Buy a certificate for remote signatures"),
    ('certificate_automatic', "Buy an automatic certificate"),
    ('signature_delete', "Delete a signature at the service"),
    *((name, operation.title) for name, operation in const.mailbox.OPERATIONS.items()),
]


class OpenapiPecApiCall(models.Model):
    """The journal: one line for every call with a side effect, written before the call is made.

    A *pending* line is the promise that the call was, is being, or was about to be made. It is closed by the
    answer, or by reading the truth from the service; never by calling again. People read it, nobody edits it.
    """
    _name = 'openapi_pec.api_call'
    _description = "PEC API Call"
    _inherit = ['openapi_pec.spreadsheet.mixin']
    _order = 'id desc'
    _rec_name = 'operation'

    operation = fields.Selection(OPERATIONS, required=True, readonly=True)
    res_model = fields.Char("Model", required=True, readonly=True)
    res_id = fields.Many2oneReference("Record", model_field='res_model', required=True, readonly=True, index=True)
    company_id = fields.Many2one('res.company', required=True, readonly=True, index=True)
    environment = fields.Selection([('sandbox', "Sandbox"), ('production', "Production")], required=True, readonly=True)
    user_id = fields.Many2one('res.users', "Asked by", required=True, readonly=True)
    state = fields.Selection([
        ('pending', "Answer Not Known"),
        ('accepted', "Accepted"),
        ('refused', "Refused"),
        ('not_sent', "Not Sent"),
        ('never_arrived', "Not Found"),
        ('lost', "Answer Lost"),
    ], required=True, readonly=True, default='pending', help=(
        "An accepted call is executed. Of a call whose answer is not known, the service's own list may show later that "
        "it was accepted. \"Not Found\" is what was looked for several times without being found: probably, and not "
        "certainly, it was not executed. What no list shows (a domain looked up) stays lost: it may have been paid."
    ))
    price = fields.Float(
        "Expected Price (EUR)", **const.service.PRICE_DIGITS, readonly=True, aggregator=None,
        help="What the call costs when it is executed, as far as it was known when it was made; before VAT.")
    is_price_known = fields.Boolean(readonly=True, default=True)
    may_be_free = fields.Boolean(
        readonly=True, help="The service may have charged nothing: some of these calls are free each month, and of "
                            "what is not found nobody knows.")
    money = fields.Selection(
        [('paid', "Paid"), ('nothing', "Nothing Spent"), ('unknown', "Not Known")], compute='_compute_money',
        store=True,
        help="What is known of the money. In the sandbox nothing is paid.")
    spent = fields.Float(
        "Spent (EUR)", **const.service.PRICE_DIGITS, compute='_compute_money', store=True,
        help="The price of what was certainly executed and paid, where it is known; before VAT.")
    remote_id = fields.Char("Identifier at the Service", readonly=True)
    status = fields.Integer("HTTP Status", readonly=True)
    code = fields.Char("Service Code", readonly=True)
    message = fields.Char(readonly=True)
    started_at = fields.Datetime("Started", required=True, readonly=True, default=fields.Datetime.now)
    ended_at = fields.Datetime("Ended", readonly=True)
    account = fields.Char(readonly=True, help="The account that was called: host, and owner as far as it is known.")
    looks = fields.Integer("Looked for", readonly=True, help="How often a believable list was read without finding "
                                                             "this call.")
    looked_at = fields.Datetime("First Look", readonly=True, help="When the service's list was first seen without this "
                                                                  "call.")
    last_look_at = fields.Datetime("Last Look", readonly=True, help="When this call was last looked for, whatever came "
                                                                    "of it.")
    last_believed_at = fields.Datetime("Last Look Believed", readonly=True,
        help="When a list that can be believed was last read without this call.")
    doubt = fields.Char(readonly=True, help="Why the last look decided nothing.")
    accepted_doubt = fields.Char(readonly=True, help="What the last look is worth less for, and somebody has accepted "
                                                     "for the account.")

    _one_pending = models.UniqueIndex(
        "(res_model, res_id, operation) WHERE state = 'pending'",
        "This call is already under way: its answer has to be known first.",
    )

    def init(self):
        """Add the column that holds the body of a call as it was sent.

        It is no field, so no relational path, no export and no log leads there.
        """
        self.env.cr.execute("ALTER TABLE openapi_pec_api_call ADD COLUMN IF NOT EXISTS sent jsonb")

    @api.depends('state', 'operation', 'environment', 'price', 'is_price_known', 'may_be_free')
    def _compute_money(self):
        for line in self:
            # What should have been free, and was perhaps not, has no known price.
            is_free = line.environment == 'sandbox' or (
                line.operation in const.service.FREE_OPERATIONS and line.is_price_known)
            money = 'nothing' if is_free else MONEY_BY_STATE[line.state]
            line.money = 'unknown' if money == 'paid' and line.may_be_free else money
            line.spent = line.price if line.money == 'paid' and line.is_price_known else 0

    @api.depends('operation', 'started_at')
    @api.depends_context('lang', 'tz')
    def _compute_display_name(self):
        labels = dict(self._fields['operation']._description_selection(self.env))
        for line in self:
            started = format_datetime(self.env, line.started_at, dt_format='short')
            line.display_name = f"{labels.get(line.operation, '')}, {started}"

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The journal of API calls cannot be deleted: it shows what was paid."))

    # ------------------------------------------------------------ CALLS

    @api.model
    def _get_calling_models(self):
        """Return the names of the models whose records make calls: those that inherit ``openapi_pec.call.mixin``."""
        return sorted(
            model for model in self.pool.descendants(['openapi_pec.call.mixin'], '_inherit')
            if not self.pool[model]._abstract)

    @api.model
    @job
    def _cron_dispatch(self):
        """Make the calls that are due, of all models, several of a company at a time."""
        commit_progress = self.env['ir.cron']._commit_progress
        due = [
            (company, records) for model in self._get_calling_models()
            for company, records in self.env[model].search(self.env[model]._due_domain(), order='id').grouped(
                'company_id').items()
        ]
        commit_progress(remaining=sum(len(records) for _company, records in due))
        for company, records in due:
            if not records._dispatch_due(company.openapi_pec_parallel_calls, commit_progress):
                # Odoo has given others their turn, and would go on at its next look for jobs, up to a minute later.
                self.env['openapi_pec.job.mixin']._trigger_cron('dispatch')
                break

    # ------------------------------------------------------------ CALLS: what was paid

    @api.model
    def _get_charged(self, domain):
        """Return ``[(operation, number, EUR), …]`` of the calls of a domain that the service may have charged.

        Each counts with its full price, also what may be free and what was lost.
        """
        return self.sudo()._read_group(
            fields.Domain(domain) & fields.Domain('state', 'in', const.service.CHARGED_STATES),
            ['operation'], ['__count', 'price:sum'])

    @api.model
    def _get_charged_this_month(self, domain):
        """Return the same of the calls that were made in this month of Italy's calendar."""
        return self._get_charged(
            fields.Domain(domain) & fields.Domain('started_at', '>=', get_month_start(fields.Datetime.now())))

    # ------------------------------------------------------------ CALLS: what was sent

    def _keep_sent(self, *bodies):
        """Keep the bodies that these calls send.

        :param dict bodies: of each call one, as JSON can hold it; nothing that opens anything, such as the address of
            the callback.
        """
        set_each(self, 'sent', map(json.dumps, bodies), 'jsonb')

    def _get_sent(self):
        """Return the body that a call sent (dict); empty for a call of an earlier version of this addon."""
        self.env.cr.execute(SQL("SELECT sent FROM openapi_pec_api_call WHERE id = %s", self.id))
        return self.env.cr.fetchone()[0] or {}

    def get_sent(self):
        """Return the body that a call sent, for a manager who may read the line.

        Tax codes are included, the address of the callback is not.

        :return: the body as the service got it (dict); empty when nothing was kept.
        :raise AccessError: for everybody else.
        """
        check_right(self.env, 'journal')
        self.check_access('read')
        self.ensure_one()
        return self.sudo()._get_sent()

    def action_show_sent(self):
        """Show what a call sent."""
        self.get_sent()  # which checks
        shown = self.env['openapi_pec.sent'].create({'api_call_id': self.id})
        return shown._get_records_action(name=self.env._("What Was Sent"), target='new')

    # ------------------------------------------------------------ SYNCHRONISATION: looking for a lost call

    def _note_look(self, look):
        """Note that this call was looked for and not found.

        The look counts when its list can be believed and was read after the call.

        :param Look look: when the service was asked, and why its answer cannot be believed, if it cannot.
        """
        asked_at = (clock.utc() - timedelta(seconds=look.age)).replace(microsecond=0)
        self.write({
            'last_look_at': asked_at, 'doubt': ','.join(sorted(look.doubts - look.accepted)),
            'accepted_doubt': ','.join(sorted(look.doubts & look.accepted)),
            **({'looks': self.looks + 1, 'looked_at': self.looked_at or asked_at, 'last_believed_at': asked_at}
               if look.counts and asked_at >= self.started_at else {}),
        })

    def _is_probably_not_executed(self):
        """Return whether two lists that can be believed, far enough apart, did not show this call.

        That it was not executed is never certain.
        """
        return bool(self.looks > 1 and self.looked_at and self.last_believed_at) and (
            self.last_believed_at >= self.looked_at + timedelta(minutes=const.service.LOOKS_APART_MINUTES))

    def _may_be_freed(self):
        """Return whether a person may say that this call was not executed.

        That is so when it is probable, or when the service could not be asked for a day.

        Not while the account may be another one: what it does not show may be in the account that was called.
        """
        if self.company_id._openapi_pec_is_unsure(self.environment):
            return False
        return self._is_probably_not_executed() or self._is_left_behind() or bool(self._is_old() and self.doubt)

    def _may_be_freed_by(self, user):
        """Return whether this user may say so: only an administrator, while no look can be believed."""
        return self._is_probably_not_executed() or self._is_left_behind() or user.has_group('base.group_system')

    def _get_next_step(self):
        """Return what a person has to do about this call, which was not found; False while there is nothing to do.

        It is a key of ``const.service.NEXT_STEPS``.
        """
        if self._is_left_behind():
            return 'left'
        doubts = {*(self.doubt or '').split(',')}
        if 'other_account' in doubts:
            return 'account'
        if self._is_probably_not_executed():
            return 'manager'
        if 'token' in doubts:
            return 'account'
        return self._may_be_freed() and 'administrator'

    def _is_shown_by_list(self):
        """Return whether this call makes a record, which a list shows, and does not change one."""
        return self.operation in const.service.CREATIONS

    def _is_old(self):
        """Return whether this call has been looked for so long that somebody is asked to decide."""
        return fields.Datetime.now() >= self.started_at + timedelta(hours=self.company_id.openapi_pec_decide_hours)

    def _get_doubts(self):
        """Return why the last look decided nothing, in words; '' when it could be believed."""
        return self._put_in_words(self.doubt)

    def _get_accepted_doubts(self):
        """Return the accepted defects of the last look that counted, in words; '' when there are none."""
        return self._put_in_words(self.accepted_doubt)

    def _put_in_words(self, names):
        in_words = self.env['openapi_pec.words.mixin']._in_words
        return ' '.join(in_words(const.service.DOUBTS[name]) for name in (names or '').split(',') if name)

    def _get_next_look(self):
        """Return when this call is to be looked for next.

        :rtype: datetime
        """
        now = fields.Datetime.now()
        age = (now - self.started_at).total_seconds() / 60
        return now + timedelta(
            minutes=next((after - age for after in LOOK_MINUTES if after > age), LAST_LOOK_MINUTES))

    def _get_decision_moment(self):
        """Return when a manager can decide on this call, if all planned looks can be believed.

        Two looks, far enough apart, are needed.

        :return: the moment; None while the looks decide nothing, or when it is not known.
        """
        if self.doubt or self.company_id._openapi_pec_is_unsure(self.environment):
            return None
        following = self._get_next_look()
        apart = (self.looked_at or following) + timedelta(minutes=const.service.LOOKS_APART_MINUTES)
        looks = (self.started_at + timedelta(minutes=minutes) for minutes in LOOK_MINUTES)
        return next((max(look, following) for look in looks if look >= apart), None)

    # ------------------------------------------------------------ SYNCHRONISATION: the account of a call

    def _name_account(self, record):
        """Add the owner, whom a record of the service names, to this call's account if it is not known yet.

        :param dict record: as the client reads it.
        """
        if record.get('owner') and (self.account or '').startswith(
                const.service.UNKNOWN_ACCOUNT) and not self._get_account_names():
            self.account = f"{self.account} {record['owner']}"

    def _get_account_names(self):
        """Return what is known of the account in which this call was made: host, owner, both or nothing.

        :rtype: set[str]
        """
        return self.env['res.company']._openapi_pec_get_names(self.account)

    def _is_same_account(self, other):
        """Return whether two calls were made in the same account, as far as is known."""
        names, others = self._get_account_names(), other._get_account_names()
        return (names <= others or others <= names) if names and others else self.account == other.account

    def _get_account_words(self):
        """Return the name of the account in which this call was made, as people read it."""
        return self.env['res.company']._openapi_pec_get_account_words(self.account)

    def _may_be_elsewhere(self):
        """Return whether this call was, or may have been, made in another account than its company's present one."""
        return self.company_id._openapi_pec_is_unsure(self.environment) or not self.company_id._openapi_pec_has_called(
            self)

    def _is_left_behind(self):
        """Return whether this call's answer is missing, and a manager has said that its account was left."""
        return self.state == 'pending' and self.company_id._openapi_pec_has_left(
            self) and not self.company_id._openapi_pec_has_called(self)

    def _get_left_sentence(self):
        """Return where a call was made that was left behind, and since when nothing is known; False for others."""
        if not self or not self._is_left_behind():
            return False
        return self.env['openapi_pec.words.mixin']._in_words(LEFT_CALL) % {
            'account': self._get_account_words(),
            'since': format_datetime(
                self.env, self.last_believed_at or self.started_at, tz=get_zone(self.env), dt_format='short')}

    def _close(self, state, **values):
        """Close a pending line; a line that is closed already stays as it is.

        :param str state: the line's last state.
        :return: the lines that were closed.
        """
        lines = self.filtered(lambda line: line.state == 'pending')
        lines.write({'state': state, 'ended_at': fields.Datetime.now(), **values})
        return lines
