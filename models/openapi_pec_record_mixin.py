import logging
import uuid
from collections import defaultdict
from datetime import timezone
from functools import partial

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.errors import OpenapiPecError
from odoo.addons.l10n_it_openapi_pec.tools.lost_record import find_lost

from .lock import lock_rows

_logger = logging.getLogger(__name__)


class OpenapiPecRecordMixin(models.AbstractModel):
    """A record that lives at the service as well: followed there, told of in the chatters.

    What it costs to make or change it there is the call mixin's.
    """
    _name = 'openapi_pec.record.mixin'
    _description = "Record at the Service"
    _inherit = ['openapi_pec.call.mixin', 'mail.thread', 'mail.activity.mixin']

    _address_field = None  # the field with the PEC that the record is about
    _match_keys = ()  # keys of the request that tell one record from another when the answer was lost

    _state_by_stato = {}  # `stato` of the service -> our state
    _state_sentences = {}  # state -> what the chatters say when a record has come to it
    _state_activities = {}  # state -> (xml id of an activity type, its summary): what somebody has to do then
    _activity_types = []  # full xml ids of the types that a new state makes needless

    # The model that inherits also has `state`, `name` (or what `_get_announced_name` returns), `partner_id` and `user_id`.
    remote_id = fields.Char("Identifier at the Service", readonly=True, copy=False, index='btree_not_null')
    remote_state = fields.Char("State at the Service", readonly=True, copy=False, help="As the service calls it (stato).")
    is_sandbox = fields.Boolean(compute='_compute_is_sandbox')
    findings = fields.Html("Checks", compute='_compute_findings', sanitize=False)
    findings_level = fields.Selection(
        [('error', "To Be Corrected"), ('warning', "To Be Looked At"), ('fine', "Ready")], "Check", compute='_compute_findings')
    candidates = fields.Json(readonly=True, copy=False, help="Records at the service, one of which may be this one.")
    # Echoed by the service in `callback.data`: recognises our record when the answer to the call was lost.
    reference = fields.Char(readonly=True, copy=False, default=lambda self: uuid.uuid4().hex)
    callback_token = fields.Char(copy=False, groups=fields.NO_ACCESS, default=lambda self: uuid.uuid4().hex, index=True)

    # ------------------------------------------------------------ to be said by the model that inherits

    def _compute_findings(self):
        """Compute what is known about the data of these records before the click that costs."""
        raise NotImplementedError

    def _read_remote(self, remote_id):
        """Read a record at the service, which may become this one.

        :param str remote_id: the service's id.
        :rtype: dict
        """
        raise NotImplementedError

    def _followed_domain(self):
        """Return the domain of the records whose state the service may still change."""
        raise NotImplementedError

    def _synchronize(self, client):
        """Take over the state of these records of one account, with one request, and settle its pending calls.

        :raise OpenapiPecError: the service cannot be asked now.
        """
        raise NotImplementedError

    def _fetch_due(self, client):
        """Read what these records of one account still lack, a few at a time.

        :raise OpenapiPecError: the service cannot be asked now.
        """
        raise NotImplementedError

    def _announce_due(self):
        """Tell once of what a date alone brings about."""
        raise NotImplementedError

    # ------------------------------------------------------------ findings

    @api.model
    def _show_findings(self, findings, signers=()):
        """Return findings for a person, as HTML.

        :param list findings: ``[(level, reason code, sentence), …]``.
        :param list signers: of a signed file, as the template names what it shows of each.
        """
        names = dict(self._fields['findings_level']._description_selection(self.env))
        return self.env['ir.qweb']._render('l10n_it_openapi_pec.findings', {
            'findings': [
                ('note' if reason in const.NOTES else level, names[level], sentence) for level, reason, sentence in findings],
            'signers': signers,
        })

    # ------------------------------------------------------------ computed, and kept by Odoo alone

    @api.depends('environment', 'company_id.openapi_pec_environment')
    def _compute_is_sandbox(self):
        for record in self:
            record.is_sandbox = (record.environment or record.company_id.openapi_pec_environment) == 'sandbox'

    @api.model
    def _check_create(self, vals_list):
        """Raise when somebody creates records with what only this addon may write: see :meth:`_check_own_fields`."""
        self._check_own_fields({
            *(name for vals in vals_list for name in vals),
            *(key.removeprefix('default_') for key in self.env.context if key.startswith('default_')),
        })

    def write(self, vals):
        if self.env.context.get('bin_size'):  # an upload is read back while it is written, and not as its size
            return self.with_context(bin_size=False).write(vals)
        self._check_own_fields(vals)
        return super().write(vals)

    def _check_own_fields(self, names):
        """Raise when somebody writes what only this addon may write: states, identifiers, dates of the service."""
        own = {name for name, field in self._fields.items() if field.store and field.readonly and not field.compute}
        if not self.env.su and (forged := own & set(names)):
            raise AccessError(self.env._("These fields are kept by Odoo alone: %s.", ', '.join(sorted(forged))))

    def _check_may_spend(self):
        """Raise when this user may not spend money."""
        if not self.env.su and not self.env.user.has_group('l10n_it_openapi_pec.group_manager'):
            raise AccessError(self.env._("This spends money: ask a manager of PEC communications to do it."))

    # ------------------------------------------------------------ one call, once: what these records have in common

    def _prepare_callback(self):
        """Return the ``callback`` of a request (``Callback`` of the specification)."""
        return {
            'url': f'{self.get_base_url()}/openapi_pec/callback/{self.sudo().callback_token}',
            'method': 'JSON',
            'field': 'data',
            'data': {'reference': self.reference},
        }

    def _prepare_create(self, create, list_rows, read, body):
        """Return the call that makes this record at the service.

        What was called before and not found is looked for once more before it is paid again.

        :param create: function of the request's body, which makes the call.
        :param list_rows: function without arguments, lists the account.
        :param read: function of an identifier, reads a record.
        :param dict body: of the request.
        """
        if not self._was_looked_for():
            return partial(create, body)
        terms = self._lost_terms(min(self.api_call_ids.mapped('started_at')))

        def look_then_create():
            found = find_lost(list_rows(), read, body, **terms)
            return found[0] if len(found) == 1 else create(body)

        return look_then_create

    def _was_looked_for(self):
        """Return whether a call that made this record was looked for and not found: it may yet turn up."""
        return any(line.state == 'never_arrived' for line in self.sudo().api_call_ids)

    def _lost_terms(self, since):
        """Return how to recognise this record among those at the service (arguments of ``find_lost``).

        :param datetime since: when it was first called.
        """
        twins = self.sudo().search([
            (self._address_field, '=', self[self._address_field]), ('remote_id', '!=', False), ('environment', '=', self.environment)])
        return {
            'since': fields.Datetime.to_datetime(since).replace(tzinfo=timezone.utc).timestamp() - const.CLOCK_SKEW_HOURS * 3600,
            'owned': set(twins.mapped('remote_id')),
            'keys': self._match_keys,
            'most': const.MAX_CANDIDATES,
        }

    def _keep_candidates(self, candidates, sentence, summary):
        """Keep the records at the service that may be this one, and have a person decide; once.

        :param str sentence: what happened, for the record.
        :param str summary: of the activity.
        """
        if self.candidates:
            return
        self.write({
            'candidates': [{'id': row['id'], 'stato': row['stato'], 'timestamp': row['timestamp']} for row in candidates],
            'error_message': sentence,
        })
        self._plan_activity('mail_activity_type_decide', summary)

    def action_choose(self):
        """Let a person say which record at the service is this one."""
        self.ensure_one()
        return self.env['openapi_pec.choose']._open(self)

    # ------------------------------------------------------------ states, chatter, activities

    def _apply_stato(self, stato):
        """Take over the service's ``stato`` for these records; what is the same already is left alone."""
        changed = self.filtered(lambda record: record.remote_state != stato)
        changed.write({'remote_state': stato})
        state = self._state_by_stato.get(stato)
        if state:
            self.filtered(lambda record: record.state != state)._enter_state(state)
        elif changed:
            _logger.warning("Unknown stato %r of %s records (%s): their state is kept.", stato, len(changed), self._description)
            changed._announce(self.env._("the service calls its state \"%s\", which is not known yet.", stato))

    def _enter_state(self, state, sentence=None):
        """Bring these records to a state, say so in both chatters, and plan what somebody has to do now."""
        self.write({'state': state})
        self._drop_activities()
        for records in self._by_reader():
            records._announce(sentence or records._in_words(self._state_sentences[state]))
            if state in self._state_activities:
                activity_type, summary = self._state_activities[state]
                records._plan_activity(activity_type, records._in_words(summary))

    def _drop_activities(self):
        """Remove what somebody had to do: it is done, or no longer to be done."""
        self.activity_unlink(self._activity_types)

    def _announce(self, sentence):
        """Log a sentence about these records in their own chatters and in those of their partners."""
        self._message_log_batch(dict.fromkeys(self.ids, sentence[:1].upper() + sentence[1:]))
        lines = defaultdict(list)
        for record in self:
            lines[record.partner_id].append(Markup("<div>%s (%s): %s</div>") % (
                record._get_html_link(title=record._get_announced_name()), record[record._address_field], sentence))
        partners = self.env['res.partner'].union(*lines)
        partners._message_log_batch({partner.id: Markup().join(lines[partner]) for partner in partners})

    def _get_announced_name(self):
        """Return how the partner's chatter calls this record."""
        return self.name

    def _plan_activity(self, activity_type, summary, deadline=None):
        """Plan an activity for whoever follows each of these records.

        :param date deadline: today, if there is none.
        """
        activity_type_id = self.env['ir.model.data']._xmlid_to_res_id(f'l10n_it_openapi_pec.{activity_type}')
        # Quick: it stands in everybody's list at once, without an e-mail for each of hundreds.
        self.env['mail.activity'].sudo().with_context(mail_activity_quick_update=True).create([{
            'activity_type_id': activity_type_id,
            'summary': summary,
            'res_model_id': self.env['ir.model']._get_id(self._name),
            'res_id': record.id,
            'user_id': record.user_id.id or self.env.uid,
            'date_deadline': deadline or fields.Date.context_today(self),
            'automated': True,
        } for record in self])

    def _account_paused(self, sentence):
        """Tell the responsible, once, what to do for the account's calls to go on."""
        self._plan_activity('mail_activity_type_account', sentence)

    def _by_reader(self):
        """Return these records grouped by the language of who follows them, each group in it."""
        return [
            records.with_context(lang=lang)
            for lang, records in self.grouped(lambda record: record.user_id.lang or self.env.lang).items()
        ]

    # ------------------------------------------------------------ keeping in step

    @api.model
    def _cron_synchronize(self):
        """Read the state of all records, one request per account, and take over what changed."""
        commit_progress = self.env['ir.cron']._commit_progress
        accounts = self.env['res.company']._openapi_pec_by_account(
            self.search_fetch(self._followed_domain(), ['company_id', 'environment']))
        commit_progress(remaining=len(accounts))
        for company, records in accounts:
            try:
                client = company._openapi_pec_client()
                records._synchronize(client)
                commit_progress()
                records._fetch_due(client)
            except OpenapiPecError as error:
                _logger.info("%s of %s cannot be synchronised now: %s", self._description, company.display_name, error)
            if not commit_progress(1):
                break
        self._announce_due()

    def _get_seen(self):
        """Return when each of these records, as they are read now, was written last: ``{id: moment}``."""
        return {record.id: record.write_date for record in self}

    def _take_over(self, function, seen):
        """Run ``function(records)`` on those of these records that are as they were seen; the others are synchronised later.

        One that cannot take what the service tells does not hold up the others.

        :param function: is called with records whose rows are locked.
        :param dict seen: see :meth:`_get_seen`; from before the service was asked.
        """
        self._commit_in_cron()  # rows that a click has changed since the job reads can be locked in a new transaction alone
        try:
            self._unless_meeting(lambda records: records._take_over_unchanged(function, seen))
        except Exception:
            if len(self) == 1:
                _logger.exception("%s cannot be synchronised.", self)
            for record in self if len(self) > 1 else ():
                record._take_over(function, seen)
        self._commit_in_cron()

    def _take_over_unchanged(self, function, seen):
        """Lock these records, as far as nobody else has them, and run a function on those that are as they were seen."""
        locked = lock_rows(self, skip_locked=True)
        unchanged = self.filtered(lambda record: locked.get(record.id) == seen[record.id])
        if unchanged:
            function(unchanged)
        if unchanged != self:
            self._postpone()

    def _unless_meeting(self, function):
        """Run ``function(self)``, or do nothing when another transaction changes the same rows: they are synchronised later."""
        try:
            with self.env.cr.savepoint():
                function(self)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self._postpone()

    def _postpone(self):
        """Have these records synchronised once more: somebody else has changed them meanwhile, or is doing so."""
        _logger.info("%s are being changed by somebody else: synchronised later.", self)
        self._wake(self._synchronize_job)

    def _commit_in_cron(self):
        """Commit what is done so far when a scheduled job is at work; a person's click stays one transaction."""
        if self.env.context.get('cron_id'):
            self.env['ir.cron']._commit_progress()

    @api.model
    def _callback_received(self):
        """Have the state of these records read soon: the service says that something changed.

        That the job is woken is all that is noted. A row that only is inserted meets no other transaction, and a job forgets,
        when it begins, those that were there then: what comes while it reads wakes it again.
        """
        self._wake(self._synchronize_job)
