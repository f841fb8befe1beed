import logging
import re
import uuid
from collections import defaultdict
from datetime import timedelta, timezone
from functools import partial

from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import consteq
from odoo.tools.misc import format_datetime
from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.account import job
from odoo.addons.l10n_it_openapi_pec.models.service.lock import lock_rows
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import (
    BadToken,
    NotSent,
    OpenapiPecError,
    OutcomeUnknown,
    Throttled,
    TooSlow,
)
from odoo.addons.l10n_it_openapi_pec.tools.outcome.created import (
    MOST_READ,
    NO_DOUBT,
    Listing,
    doubts_about,
    find_reference,
    find_traces,
    fold,
)
from odoo.addons.l10n_it_openapi_pec.tools.secrecy.secret_box import digest_token

_logger = logging.getLogger(__name__)

_lt = LazyTranslate(__name__, default_lang='en_US')

# What is said of a call that was looked for and not found (yet): whether it is one that costs nothing -> sentence.
WAITING_SENTENCES = {
    False: _lt(
        "The answer to the call was lost, and whether it was executed and paid is not known. It is not repeated."),
    True: _lt(
        "The answer to the call was lost, and whether it was executed is not known; it is free in either case. It is "
        "not repeated."),
}

# What is said of the looks for it: why not to be believed, what a list shows, and what a record shows -> sentence.
LOOKED_SENTENCES = {
    'never': _lt("Since %(since)s Odoo has looked for it, and no answer of the service could be believed yet. Odoo "
                 "goes on looking."),
    'list': _lt(
        "Since %(since)s Odoo has looked for it %(looks)s times with an answer that can be believed, did not find it, "
        "and goes on looking."),
    'change': _lt(
        "Since %(since)s Odoo has asked the service %(looks)s times with an answer that can be believed; it does not "
        "show that the call was executed, and Odoo goes on looking."),
}

IN_SANDBOX = _lt("In the sandbox nothing is paid: nothing was spent twice, and nothing is to be refunded.")
BLIND_MINUTES = 30  # without a list, after which a manager may submit without a look

LATE = timedelta(hours=1)  # that a list may lag behind what was called
CALLBACK_TOKEN = re.compile(r'(?P<id>[0-9]{1,9})-[0-9a-f]{64}')


class OpenapiPecRecordMixin(models.AbstractModel):
    """A record that lives at the service as well: followed there, told of in the chatters.

    What it costs to make or change it there is the call mixin's.
    """
    _name = 'openapi_pec.record.mixin'
    _description = "Record at the Service"
    _inherit = ['openapi_pec.findings.mixin', 'openapi_pec.call.mixin', 'mail.thread', 'mail.activity.mixin']

    _address_field = None  # the field with the PEC that the record is about
    _match_keys = ()  # keys of the request that tell one record from another when the answer was lost

    _state_by_stato = {}  # `stato` of the service -> our state
    _state_sentences = {}  # state -> what the chatters say when a record has come to it
    _state_activities = {}  # state -> (xml id of an activity type, its summary): what somebody has to do then
    _news_sentence = None  # what a contact's chatter says whom people of several companies see; %s: the link
    _activity_types = []  # full xml ids of the types that a new state makes needless

    # The model that inherits also has `state`, `name` (or what `_get_announced_name` returns), `partner_id` and
    # `user_id`.
    remote_id = fields.Char("Identifier at the Service", readonly=True, copy=False, index='btree_not_null')
    remote_state = fields.Char(
        "State at the Service", readonly=True, copy=False, help="As the service calls it (stato).")
    is_sandbox = fields.Boolean(compute='_compute_is_sandbox')
    findings = fields.Html("Checks", compute='_compute_findings', sanitize=False)
    findings_level = fields.Selection(
        [('error', "To Be Corrected"), ('warning', "To Be Looked At"), ('fine', "Ready")], "Check",
        compute='_compute_findings')
    candidates = fields.Json(readonly=True, copy=False, help="Records at the service, one of which may be this one.")
    earlier_call_sentence = fields.Text(
        "Earlier Call", compute='_compute_earlier_call_sentence', help="What is to be known before this is paid again.")
    refund_sentence = fields.Text(
        "To Be Refunded", compute='_compute_refund_sentence',
        help="What was paid twice, until somebody has seen to it.")
    # Echoed by the service in `callback.data`: recognises our record when the answer to the call was lost.
    reference = fields.Char(readonly=True, copy=False, default=lambda self: uuid.uuid4().hex)
    # In the address that the service calls back: for the code alone, which is superuser, and kept nowhere.
    callback_token = fields.Char(compute='_compute_callback_token', groups=fields.NO_ACCESS)
    callback_digest = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS, index='btree_not_null',
        help="SHA-256 of the random token that an earlier version has told the service.")
    # Looking before paying, and after a lost answer.
    is_held = fields.Boolean("Waits for a Decision", readonly=True, copy=False,
        help="The service has a record that may be this one: it is not called, and not paid, before somebody has "
             "decided.")
    left_account = fields.Char(readonly=True, copy=False, index='btree_not_null',
        help="The account in which it was when its company left that one, of what Odoo has not made itself.")
    is_gone = fields.Boolean(
        "Gone at the Service", readonly=True, copy=False, help="The service does not know it any more.")
    stranger_ids = fields.Json(readonly=True, copy=False, help="Identifiers at the service that are known not to be "
                                                               "this record.")
    unlooked_since = fields.Datetime(readonly=True, copy=False, help="Since when the service's list cannot be had "
                                                                     "before the call.")
    look_waiver = fields.Char(readonly=True, copy=False, help="Why a manager had the call made without looking first.")
    look_until = fields.Datetime(readonly=True, copy=False, index='btree_not_null',
        help="Until when a call that was not found goes on being looked for.")

    # ------------------------------------------------------------ to be said by the model that inherits

    def _read_remote(self, remote_id):
        """Read a record at the service, which may become this one.

        :param str remote_id: the service's id.
        :rtype: dict
        """
        return self._read_remote_of(self.company_id._openapi_pec_client(self.environment), remote_id)

    @staticmethod
    def _read_remote_of(client, remote_id):
        """Read a record of an account, without the database.

        :rtype: dict
        """
        raise NotImplementedError

    @staticmethod
    def _list_remote(client):
        """Read the list of an account, without the database.

        :rtype: Listing
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
        own = {name for name, field in self._fields.items() if field.store and field.readonly}
        if not self.env.su and (forged := own & set(names)):
            raise AccessError(self.env._("These fields are kept by Odoo alone: %s.", ', '.join(sorted(forged))))

    # ------------------------------------------------------------ one call, once: what these records have in common

    @api.depends_context('uid')
    def _compute_callback_token(self):
        for record in self:
            known = self.env.su and record._origin
            record.callback_token = bool(
                known) and f"{known.id}-{self.env['openapi_pec.secret']._derive_token('callback', known, 0)}"

    @api.model
    def _find_for_callback(self, token):
        """Return the record that a token in a callback's address is of; empty when there is none."""
        records, parts = self.sudo(), CALLBACK_TOKEN.fullmatch(token)
        if parts:
            record = records.browse(int(parts['id'])).exists()
            return record if record and consteq(record.callback_token, token) else records
        return records.search([('callback_digest', '=', digest_token(token))], limit=1)

    def _prepare_callback(self):
        """Return the ``callback`` of a request (``Callback`` of the specification)."""
        return {
            'url': f'{self.get_base_url()}/openapi_pec/callback/{self.sudo().callback_token}',
            'method': 'JSON',
            'field': 'data',
            'data': {'reference': self.reference},
        }

    def _prepare_request_body(self):
        """Return the body of the call that makes this record at the service, as the specification has it.

        :rtype: dict
        """
        raise NotImplementedError

    def _prepare_sent(self, operation):
        if operation not in const.service.CREATIONS:
            return {}
        body = self._prepare_request_body()
        return {**body, 'callback': {key: value for key, value in body['callback'].items() if key != 'url'}}

    # ------------------------------------------------------------ look, then pay

    @api.model
    def _due_domain(self):
        return super()._due_domain() & fields.Domain('is_held', '=', False)

    def _look_before_paying(self):
        creations = self._in_transaction(lambda records: records._get_accounts_to_look())
        stopped = set()
        for client, ids in creations:
            records = self.browse(ids)
            try:
                listing = self._list_remote(client)
                records._safely(lambda own, rows=listing, client=client: own._note_account(client, rows))
                searches = records._in_transaction(lambda own, rows=listing: own._prepare_searches(rows))
                found = {
                    record_id: [find_traces(read=partial(self._read_remote_of, client), **search) for search in own]
                         for record_id, own in searches.items() if own}
            except OpenapiPecError as error:
                _logger.info("No list of the account before paying %s: %s", records, error)
                records._safely(lambda own, error=error: own._take_over_no_look(error))
                stopped |= set(ids)
                continue
            looked = records._safely(lambda own, found=found: own._judge_looks(found))
            stopped |= set(ids) - set(looked)
        return [record_id for record_id in self.ids if record_id not in stopped]

    def _note_account(self, client, listing):
        """Learn from the list that is read before paying which account these records of one environment would be made
        in.

        :return: nothing, in a list.
        """
        self.company_id._openapi_pec_note_account(client, listing, self[:1].environment)
        return []

    def _get_accounts_to_look(self):
        """Return the accounts to be looked into before these records are paid for.

        :return: ``[(client, ids of its records that are to be made there), …]``.
        """
        due = self.filtered_domain(self._due_domain()).filtered(
            lambda record: record._due_operation() in const.service.CREATIONS and not record.look_waiver
            and record._is_of_present_environment())
        accounts = []
        for company, records in self.env['res.company']._openapi_pec_by_account(due):
            try:
                accounts.append((company._openapi_pec_client(records[0].environment), records.ids))
            except NotSent as error:
                # which the call will say
                _logger.info("The account of %s cannot be used: %s", company.display_name, error)
        return accounts

    def _prepare_searches(self, listing):
        """Return what to look for in an account's list before these records are paid for.

        :return: ``{id of a record: [arguments of find_traces beside the reading, the coming call's first, …]}``; an
            empty list when no row can be this record, which is the rule.
        """
        by_address = defaultdict(list)
        for row in listing:
            by_address[fold(row['casella_pec'])].append(row)
        return {record.id: record._prepare_search(by_address) for record in self}

    def _prepare_search(self, by_address):
        lines = self._get_lines_not_found()
        addresses = {
            fold(self[self._address_field]), '', *(fold(line._get_sent().get('casella_pec')) for line in lines)}
        rows = Listing(row for address in addresses for row in by_address.get(address, ()))
        strangers = self._get_strangers(rows) if rows else set()
        if all(row['id'] in strangers for row in rows):
            return []
        return [
            {'listing': rows, **self._prepare_terms(sent, since, strangers)} for sent, since in (
                (self._prepare_request_body(), fields.Datetime.now()),
                *((self._get_sent_of(line), line.started_at) for line in lines))]

    def _prepare_terms(self, sent, since, strangers):
        """Return the arguments of ``find_traces`` for one call (dict)."""
        return {
            'sent': sent, 'keys': self._match_keys, 'strangers': strangers, 'dismissed': {*(self.stranger_ids or ())},
            'since': self._get_earliest(since),
        }

    @staticmethod
    def _get_earliest(since):
        """Return which timestamp a record that a call made may have at the earliest, on the service's clock (seconds
        since 1970).
        """
        return fields.Datetime.to_datetime(since).replace(
            tzinfo=timezone.utc).timestamp() - const.service.CLOCK_SKEW_HOURS * 3600

    def _get_lines_not_found(self):
        """Return the calls that should have made this record and were not found: they may yet turn up."""
        return self.sudo().api_call_ids.filtered(
            lambda line: line.state == 'never_arrived' and line.operation in const.service.CREATIONS
            and line.environment == self.environment)

    @api.depends('remote_id', 'environment', 'api_call_ids.state')
    @api.depends_context('lang')
    def _compute_earlier_call_sentence(self):
        for record in self:
            lines = not record.remote_id and record._get_lines_not_found()
            record.earlier_call_sentence = bool(lines) and record._in_words(const.service.PAID_AGAIN)

    def _is_earlier_call_unknown(self):
        return not self.remote_id and bool(self._get_lines_not_found())

    def _get_sent_of(self, line):
        """Return the body of a call of this record; of one of an earlier version of the addon only what proves it."""
        return line._get_sent() or {
            'casella_pec': self[self._address_field], 'callback': {'data': {'reference': self.reference}}}

    def _get_strangers(self, rows):
        """Return which rows of an account's list cannot be this record (set of ids).

        They are other records of ours, or what this record has become already, or somebody has said so.
        """
        ids = [row['id'] for row in rows]
        known = self.sudo().with_context(active_test=False).search(
            [('remote_id', 'in', ids), ('environment', '=', self.environment), ('id', '!=', self.id)])
        return {*known.mapped('remote_id'), *(self.stranger_ids or ()), self.remote_id} - {False}

    def _take_over_no_look(self, error):
        """Take over that the account's list cannot be had: without it nothing is paid.

        :param OpenapiPecError error: why; what it says of the account counts as if a call had met it.
        :return: nothing, in a list.
        """
        due = self.browse(lock_rows(self, skip_locked=True)).filtered_domain(self._due_domain())
        while due:
            due[0]._for_reader()._postpone_look(error)
            due = due[1:].filtered_domain(self._due_domain())  # which pauses the account, perhaps
        return []

    def _postpone_look(self, error):
        if isinstance(error, BadToken):
            self._on_call_refused(self._due_operation(), self._refusal_sentence(self._due_operation(), error))
            self._pause_account()
        elif isinstance(error, Throttled):
            self._wait_for_account(error)
        else:
            self.unlooked_since = self.unlooked_since or fields.Datetime.now()
            self._requeue(self._get_error_words(error) if isinstance(error, NotSent) else self.env._(
                "the service answers slowly, and Odoo looks there before it pays, so that nothing is paid twice",
            ) if isinstance(error, TooSlow) else self.env._(
                "the service's list cannot be read, and Odoo looks there before it pays, so that nothing is paid twice"))

    def _judge_looks(self, found):
        """Adopt what is these records already, keep back what a person has to decide on.

        :param dict found: ``{id of a record: [Traces of the coming call, Traces of an earlier one, …]}``.
        :return: the ids of the records whose call may be made.
        """
        due = self.browse(lock_rows(self, skip_locked=True)).filtered_domain(self._due_domain())
        return [record.id for record in due if record._for_reader()._judge_look(found.get(record.id) or [])]

    def _judge_look(self, found):
        """Return whether this record may be paid for, after a look into the account's list."""
        if self.unlooked_since:
            self.unlooked_since = False
        proven = [record for traces in found for record in traces.proven]
        proven += [traces.executed for traces in found[1:] if traces.executed]
        doubtful = [record for traces in found for record in traces.matching + traces.partial]
        # Of the coming call alone: another one's is there already, and may be all that is wanted.
        doubtful += [record for traces in found[:1] for record in traces.others if not self._is_of_pending_call(record)]
        doubtful = [record for record in doubtful if self._is_same_subject(record)]
        if proven:
            self._adopt({record['id']: record for record in reversed(proven)}.values())
        elif any(traces.unread for traces in found):
            self._requeue(self.env._(
                "the service has a record with this address whose details cannot be read now, and it may be this one"))
        elif doubtful:
            self._hold(list({record['id']: record for record in doubtful}.values()))
        elif self._get_lines_not_found() and self.company_id._openapi_pec_is_unsure(self.environment):
            self._requeue(self._in_words(const.service.UNSURE_CALL))
        else:
            return True
        return False

    def _is_blind(self):
        """Return whether a manager may have this record paid for without a look: long in vain, and it was never called
        before.
        """
        since = self.unlooked_since
        return (
            self[self._call_state_field] == 'queued' and bool(since) and not self._get_lines_not_found()
            and since <= fields.Datetime.now() - timedelta(minutes=BLIND_MINUTES))

    def _claim(self):
        taken = super()._claim()
        if taken and self.unlooked_since:
            self.write({'unlooked_since': False, 'look_waiver': False})
        return taken

    def _is_same_subject(self, record):
        """Return whether a record at the service with our address is about the same company, or does not tell."""
        return True

    def _is_of_pending_call(self, record):
        """Return whether a record at the service was made by a call of another record here, which is about to take it
        over.
        """
        maker = self.sudo().search([('reference', '=', find_reference(record)), ('id', '!=', self.id)])
        return any(line.state == 'pending' for line in maker.api_call_ids)

    def _adopt(self, found):
        """Take over records at the service that are this one already, instead of paying for it (again).

        :param found: whole records, the one that counts first.
        """
        found = list(found)
        line = self._get_lines_not_found()[:1] or self._create_line(self._due_operation(), is_price_known=False)
        line.write({
            'state': 'accepted', 'ended_at': fields.Datetime.now(), 'remote_id': found[0]['id'],
            'message': self.env._("Found at the service before the call, which was not made (again)"),
        })
        self._take_back(line, found)

    def _take_back(self, line, found):
        """Take over the outcome of an older call of this record, and show what was filed then.

        :param list found: whole records; of more than one, the others were perhaps paid for nothing.
        """
        self._restore_sent(line)
        self._on_call_accepted(line.operation, found[0], line.started_at)
        self._announce(self.env._("found at the service, where it was already: the call was not made again."))
        if len(found) > 1:
            self._on_call_doubled(found)

    def _restore_sent(self, line):
        """Show what a call sent, if this record was corrected since, and tell the difference in the chatter."""

    def _on_call_doubled(self, found):
        self._note_strangers(record['id'] for record in found)
        identifiers = ', '.join(record['id'] for record in found)
        self._announce(self._add_sandbox(self.env._(
            "the service has several records of this one call: %s. Odoo follows the first; the others were perhaps "
            "paid for nothing. Ask Openapi to refund them.", identifiers)))
        self._plan_activity(
            'mail_activity_type_refund', self.env._("Ask Openapi to refund what was made twice: %s", identifiers))

    @api.depends('activity_ids.activity_type_id', 'activity_ids.summary')
    def _compute_refund_sentence(self):
        refund = self.env.ref('l10n_it_openapi_pec.mail_activity_type_refund')
        for record in self:
            to_do = record.sudo().activity_ids.filtered(lambda activity: activity.activity_type_id == refund)
            record.refund_sentence = '\n'.join(filter(None, to_do.mapped('summary'))) or False

    def _note_strangers(self, remote_ids):
        """Keep which records at the service are known not to be what this record follows: nobody asks, or is told, of
        them again.
        """
        self.stranger_ids = sorted({*(self.stranger_ids or ()), *remote_ids} - {self.remote_id}) or False

    def _look_for_doubles(self, client, listing):
        """Tell of calls of these records that were executed twice though they were answered, as by a gateway that
        repeats them.

        Each row with the address of a record is read once. What was freed and sent again the recovery looks for.

        :param Listing listing: the account's list, as read just now.
        """
        by_address, shown, own = defaultdict(list), {row['id'] for row in listing}, set(self.mapped('remote_id'))
        for row in listing:
            if row['id'] not in own:
                by_address[fold(row['casella_pec'])].append(row['id'])
        unread = {
            record: set(by_address[address]).difference(record.stranger_ids or ()) for record in self
            if (address := fold(record[self._address_field])) in by_address and record.remote_id in shown
            and not record.look_until}
        ids = [remote_id for remote_ids in unread.values() for remote_id in remote_ids]
        if not ids:
            return
        known = self.sudo().with_context(active_test=False).search([('remote_id', 'in', ids)]).mapped('remote_id')
        unread = {record: rest for record, remote_ids in unread.items() if (rest := remote_ids.difference(known))}
        seen = self._get_seen()
        for record in [*unread][:const.service.MISSING_PER_RUN]:
            try:
                found = [self._read_remote_of(client, remote_id) for remote_id in sorted(unread[record])[:MOST_READ]]
                own = self._read_remote_of(client, record.remote_id) if not all(map(find_reference, found)) else None
            except OpenapiPecError as error:
                _logger.info("Records with the address of %s cannot be read now: %s", record, error)
            else:
                record._take_over(partial(self._notify_doubles, found, own), seen)

    @staticmethod
    def _notify_doubles(found, own, record):
        record = record._for_reader()
        doubles = [{'id': record.remote_id}, *(data for data in found if find_reference(data) == record.reference)]
        record._note_strangers(data['id'] for data in found)
        if len(doubles) > 1:
            record._on_call_doubled(doubles)
        elif own and not find_reference(own):  # the service echoes nothing: whose a record is, nothing tells
            record._on_call_perhaps_doubled([data for data in found if record._is_like(data, own)])

    def _is_like(self, data, own):
        """Return whether a record at the service that echoes nothing has the data of this one's, and is not older than
        its call.
        """
        line = self.sudo().api_call_ids.filtered(
            lambda line: line.state == 'accepted' and line.operation in const.service.CREATIONS)[:1]
        return bool(line) and (data.get('timestamp') or 0) >= self._get_earliest(line.started_at) and all(
            fold(data.get(key)) == fold(own.get(key)) for key in self._match_keys)

    def _on_call_perhaps_doubled(self, alike):
        if alike:
            identifiers = ', '.join([self.remote_id, *(data['id'] for data in alike)])
            self._announce(self.env._(
                "the service has several records with the same data: %s. Odoo follows the first. If nobody made the "
                "others elsewhere, they were perhaps paid for nothing: ask Openapi to refund them.", identifiers))
            self._plan_activity(
                'mail_activity_type_refund', self.env._("Look whether this was made twice: %s", identifiers))

    def _hold(self, found):
        """Keep this record back until a person has said whether one of some records at the service is this one."""
        self.is_held = True
        self._keep_candidates(found, self._add_earlier_call(self.env._(
            "Not sent, nothing was spent by Odoo: the service has a record with the same address that Odoo has not "
            "seen before. A manager presses \"Decide\" and says whether it is this one, or another one; nothing is "
            "sent before."
        )), self.env._("Say whether the record at the service is this one"))

    # ------------------------------------------------------------ after a lost answer

    def _read_creation(self, line, read, listing):
        """Read whether the call of a line made this record at the service: see ``_reconcile``.

        :param read: function of an identifier, reads a record.
        """
        sent = self._get_sent_of(line)
        address = fold(sent['casella_pec'])
        rows = [row for row in listing if fold(row['casella_pec']) in (address, '')]
        traces = find_traces(listing, read, **self._prepare_terms(sent, line.started_at, self._get_strangers(rows)))
        if traces.is_open:
            raise OutcomeUnknown("The details of a record that may be this one cannot be read")
        if traces.executed:
            if self._get_owner(traces.executed['id']):  # of a twin's, which a person has to look at
                return traces.proven or [traces.executed], False
            return traces.proven or [traces.executed], True
        return traces.doubtful, not traces.doubtful

    def _get_lost_lines(self):
        """Return also the calls that were freed: what turns up late is adopted, or told as paid twice."""
        freed = self.filtered(lambda record: record.look_until and record.look_until >= fields.Datetime.now())
        lines = super()._get_lost_lines()
        return lines + self.env['openapi_pec.api_call'].search([
            ('res_model', '=', self._name), ('res_id', 'in', freed.ids), ('state', '=', 'never_arrived'),
            ('operation', 'in', list(const.service.CREATIONS)), ('environment', 'in', freed.mapped('environment')),
        ], order='last_look_at NULLS FIRST, id')

    def _get_doubts(self, client, listing, creations):
        environment, sharing = self[:1].environment, self.company_id.sudo()
        if not creations and not any(company._openapi_pec_get_defects(environment, self._name) for company in sharing):
            return {}
        sharing |= sharing[:1]._openapi_pec_with_same_account(environment)
        others = sharing.filtered(
            lambda company: company._openapi_pec_is_account_doubtful(client, listing, environment))
        known = self.sudo().search([
            ('remote_id', '!=', False), ('environment', '=', environment), ('is_gone', '=', False),
            ('company_id', 'in', (sharing - others).ids)])
        known -= known._get_elsewhere()
        late = known._get_late_calls(listing)
        doubts, gone = doubts_about(
            listing, set(known.mapped('remote_id')) - set(late.mapped('remote_id')),
            partial(self._read_remote_of, client))
        if gone:
            lost = known.filtered(lambda record: record.remote_id in gone)
            lost._take_over(lambda records: records._on_gone(), lost._get_seen())
        for company in sharing - others:
            company._openapi_pec_note_defects(environment, self._name, doubts & {*const.service.LIST_DOUBTS})
        self._notify_lasting_defects(creations.filtered(lambda line: line.state == 'pending'))
        return {
            line: doubts | ({'other_account'} if line.company_id in others else set()) | (
                {'incomplete'} if late and line.started_at > late[0].started_at - LATE else set())
            for line in creations}

    def _get_late_calls(self, listing):
        """Return the calls of the last hour that made some of these records and that an account's list does not show
        yet, the oldest first.

        A list may be late; that says nothing about calls an hour older than what it lacks.
        """
        shown = {row['id'] for row in listing}
        missing = [remote_id for remote_id in self.mapped('remote_id') if remote_id not in shown]
        return self.env['openapi_pec.api_call'].sudo().search([
            ('res_model', '=', self._name), ('remote_id', 'in', missing),
            ('operation', 'in', list(const.service.CREATIONS)),
            ('state', '=', 'accepted'), ('started_at', '>', fields.Datetime.now() - LATE),
        ], order='started_at, id') if missing else self.env['openapi_pec.api_call']

    def _notify_lasting_defects(self, lines):
        """Tell once, on the record that has waited longest, what has been wrong for long with the list that lines wait
        for.
        """
        for (company, environment), own in lines.grouped(lambda line: (line.company_id, line.environment)).items():
            defects = company._openapi_pec_get_defects(environment, self._name)
            lasting = company._openapi_pec_get_lasting(environment)
            news = [name for name in lasting if name in defects and not defects[name].get('is_told')]
            if news:
                record = self.browse(own.sorted('started_at')[0].res_id)._for_reader()
                record._plan_activity('mail_activity_type_account', record.env._(
                    "The account's list has a lasting defect: ask Openapi to mend it, or an administrator to accept it "
                    "in the settings"))
                company._openapi_pec_change_defects(environment, news, is_told=True)

    def _get_owner(self, remote_id):
        """Return the record here that a record at the service is, other than this one: whatever the service says, no
        two are the same.
        """
        return self.sudo().with_context(active_test=False).search(
            [('remote_id', '=', remote_id), ('environment', '=', self.environment), ('id', '!=', self.id)], limit=1)

    def _record_outcome(self, line_id, data, error):
        line = self.env['openapi_pec.api_call'].browse(line_id)
        if error is None and line.operation in const.service.CREATIONS and (owner := self._get_owner(data['id'])):
            error = OutcomeUnknown("The service answered with another record", status=200, reason='other_record')
            self._message_log(body=self.env._(
                "The service answered with the identifier %(id)s, which is %(owner)s: that answer is not believed, and "
                "what became of the call is looked for.", id=data['id'],
                owner=owner._get_name_for(self.user_id or self.env.user)))
        return super()._record_outcome(line_id, data, error)

    def _recover_line(self, line, found, is_certain=True, look=NO_DOUBT):
        if line.state == 'pending':
            return super()._recover_line(line, found, is_certain, look)
        if not (found and is_certain) or any(other.state == 'pending' for other in self.api_call_ids):
            return line._note_look(look)  # of a call that is under way the outcome comes first
        if self.remote_id:
            is_proven = find_reference(found[0]) == find_reference(self._get_sent_of(line))
            return self._notify_paid_twice(line, found[0]) if is_proven else self._notify_perhaps_paid_twice(
                line, found[0], look)
        line.write(
            {'state': 'accepted', 'remote_id': found[0]['id'], 'message': self.env._("Found at the service, late")})
        return self._take_back(line, found)

    def _accept_closed(self, line, data):
        super()._accept_closed(line, data)
        if line.operation not in const.service.CREATIONS:
            return self._announce(
                self.env._("the answer came after the call was closed as not found: it was executed."))
        if self.remote_id:
            return self._announce_paid_twice(line)
        if not self._get_pending_line():
            return self._take_back(line, [data])
        self._note_strangers([line.remote_id])
        self._announce(self._add_sandbox(self.env._(
            "the answer came after the call was closed as not found: it was executed, and has made %s. Another call "
            "for the same is under way: if it is executed as well, ask Openapi to refund one of them.",
            line.remote_id)))
        return self._plan_activity('mail_activity_type_refund', self.env._(
            "Perhaps paid twice: %s was made by a call that was closed as not found", line.remote_id))

    def _notify_paid_twice(self, line, record):
        """Tell that a call that was freed, and made again, had been executed after all."""
        line.write(
            {'state': 'accepted', 'remote_id': record['id'], 'message': self.env._("Found at the service, late")})
        line._name_account(record)
        self._announce_paid_twice(line)

    def _announce_paid_twice(self, line):
        """Have a refund asked for of one of two calls: one that was freed, and executed nevertheless, and the one that
        followed it.
        """
        self._note_strangers([line.remote_id])
        identifiers = ', '.join(self._get_identifiers(line))
        self._announce(self._add_sandbox(self.env._(
            "paid twice: the call that was not found has been executed after all, and it was made again meanwhile. The "
            "records at the service are %s. Ask Openapi to refund one of them.", identifiers)))
        self._plan_activity(
            'mail_activity_type_refund', self.env._("Paid twice: ask Openapi to refund one of %s", identifiers))

    def _notify_perhaps_paid_twice(self, line, record, look):
        """Tell of another record that a call that was freed may have made: without an echo it may as well be a double
        of the service's.
        """
        line._note_look(look)
        self._note_strangers([record['id']])
        self._announce(self._add_sandbox(self.env._(
            "perhaps paid twice: the service has another record of it, %(other)s beside %(own)s. Either the call that "
            "was not found has been executed after all, or the service made two of one call. Ask Openapi which, and to "
            "refund one of them.",
            other=record['id'], own=self.remote_id)))
        self._plan_activity('mail_activity_type_refund', self.env._(
            "Perhaps paid twice: ask Openapi about %(other)s beside %(own)s", other=record['id'], own=self.remote_id))

    def _get_identifiers(self, line):
        """Return the identifiers of this record and of what another call made, each with its account when these differ.
        """
        own = self.api_call_ids.filtered(
            lambda own: own.remote_id == self.remote_id and own.operation in const.service.CREATIONS)[:1]
        if not own or own._is_same_account(line):
            return [self.remote_id, line.remote_id]
        return [
            self.env._(
                "%(id)s (account: %(account)s)", id=made.remote_id,
                account=made.with_env(self.env)._get_account_words())
                for made in (own, line)]

    def _free_line(self, line, reason=None):
        result = super()._free_line(line, reason)
        if line.operation in const.service.CREATIONS:
            self.write(
                {
                    'look_until': fields.Datetime.now() + timedelta(days=const.service.LOOK_DAYS),
                    'environment': line.environment})
        return result

    def _on_call_not_found(self, line):
        super()._on_call_not_found(line)
        if line.state != 'pending' or self.candidates:
            return
        self.error_message = self._get_waiting_sentence(line)
        if (line._is_old() or line._is_left_behind()) and (step := line._get_next_step()):
            _sentence, listed, changed = const.service.NEXT_STEPS[step]
            summary = self._in_words(listed if line._is_shown_by_list() else changed)
            planned = self.activity_search(['l10n_it_openapi_pec.mail_activity_type_decide'])
            if summary not in planned.mapped('summary'):
                planned.unlink()
                self._plan_activity('mail_activity_type_decide', summary)

    def _get_waiting_sentence(self, line):
        """Return what is known of a pending call that was not found: how often it was looked for, what stands in the
        way, what to do.
        """
        line = line.with_env(self.env)
        if left := line._get_left_sentence():
            return ' '.join([
                self._in_words(WAITING_SENTENCES[line.operation in const.service.FREE_OPERATIONS]), left,
                self._in_words(const.service.NEXT_STEPS['left'][0])])
        looked = 'never' if not line.looks else 'list' if line._is_shown_by_list() else 'change'
        sentences = [
            self._in_words(WAITING_SENTENCES[line.operation in const.service.FREE_OPERATIONS]),
            self._in_words(LOOKED_SENTENCES[looked]) % {
                'since': format_datetime(
                    self.env, line.started_at, tz=self.user_id.tz, dt_format='short'), 'looks': line.looks}]
        if line.doubt:
            sentences.append(self.env._("The last look decided nothing: %s", line._get_doubts()))
        if line.accepted_doubt:
            sentences.append(
                self.env._("The looks are worth less than others, which was accepted: %s", line._get_accepted_doubts()))
        if step := line._get_next_step():
            sentences.append(self._in_words(const.service.NEXT_STEPS[step][0]))
        elif line.operation not in const.service.FREE_OPERATIONS:  # which nobody decides on
            sentences += [self.env._("Nothing has to be done now."), self._get_decision_sentence_of(line)]
        return ' '.join(filter(None, sentences))

    def _get_decision_sentence_of(self, line):
        moment = line.operation not in const.service.FREE_OPERATIONS and line._get_decision_moment()
        return self.env._("If it is not found, a manager can decide from %s on.", format_datetime(
            self.env, moment, tz=self.user_id.tz, dt_format='short')) if moment else ''

    def _keep_candidates(self, candidates, sentence, summary):
        """Keep the records at the service that may be this one, and have a person decide; once.

        :param str sentence: what happened, for the record.
        :param str summary: of the activity.
        """
        if self.candidates:
            return
        self.write({
            'candidates': [
                {'id': row['id'], 'stato': row['stato'], 'timestamp': row['timestamp']} for row in candidates],
            'error_message': sentence,
        })
        self._plan_activity('mail_activity_type_decide', summary)

    def action_choose(self):
        """Let a person say which record at the service is this one."""
        self.check_access('write')
        self.ensure_one()
        return self.env['openapi_pec.reconcile']._open(self)

    # ------------------------------------------------------------ states, chatter, activities

    def _apply_stato(self, stato):
        """Take over the service's ``stato`` for these records; what is the same already is left alone."""
        state = self._state_by_stato.get(stato)
        self.filtered(lambda record: record.is_gone or (state and record._is_closed_here()))._on_known_again()
        changed = self.filtered(lambda record: record.remote_state != stato)
        changed.write({'remote_state': stato})
        if state:
            self.filtered(lambda record: record.state != state)._on_state_entered(state)
        elif changed:
            _logger.warning(
                "Unknown stato %r of %s records (%s): their state is kept.", stato, len(changed), self._description)
            changed._announce(self.env._("the service calls its state \"%s\", which is not known yet.", stato))

    def _on_state_entered(self, state, sentence=None):
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
        """Log a sentence about these records in their own chatters and in those of their partners.

        A contact that people of other companies see gets a line without content.
        """
        self._message_log_batch(dict.fromkeys(self.ids, sentence[:1].upper() + sentence[1:]))
        lines = defaultdict(list)
        shared = {
            company: records._filter_shared(records.partner_id) for company,
            records in self.grouped('company_id').items()}
        for record in self:
            is_shared = record.partner_id in shared[record.company_id]
            lines[record.partner_id].append(record._get_news() if is_shared else Markup("<div>%s (%s): %s</div>") % (
                record._get_html_link(title=record._get_announced_name()), record[record._address_field], sentence))
        partners = self.env['res.partner'].union(*lines)
        partners._message_log_batch({partner.id: Markup().join(lines[partner]) for partner in partners})

    def _filter_shared(self, partners):
        """Return those of some contacts whose chatters are read by people who do not work in the company of these
        records.
        """
        shared = partners.filtered(lambda partner: not partner.company_id or not partner.partner_share)
        return shared if shared and self.company_id._openapi_pec_has_outsiders() else partners.browse()

    def _get_news(self):
        """Return the line about this record for a chatter that people of other companies read."""
        link = self._get_html_link(title=self._get_announced_name())
        return Markup("<div>%s</div>") % (escape(self._in_words(self._news_sentence)) % link)

    def _get_announced_name(self):
        """Return how the partner's chatter calls this record."""
        return self.name

    def _add_sandbox(self, sentence):
        """Return a sentence about money that was spent twice with what is true of it in the sandbox."""
        return f'{sentence} {self._in_words(IN_SANDBOX)}' if self[:1].is_sandbox else sentence

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

    def _on_account_paused(self, sentence):
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
    @job
    def _cron_synchronize(self):
        """Read the state of all records, one request per account, and take over what changed."""
        commit_progress = self.env['ir.cron']._commit_progress
        followed = self.search_fetch(self._followed_domain(), ['company_id', 'environment'])
        accounts = self._put_least_looked_first(self.env['res.company']._openapi_pec_by_account(followed))
        commit_progress(remaining=len(accounts))
        for company, records in accounts:
            try:
                client = company._openapi_pec_client(records[0].environment)
                records._synchronize(client)
                commit_progress()
                records._fetch_due(client)
            except OpenapiPecError as error:
                _logger.info("%s of %s cannot be synchronised now: %s", self._description, company.display_name, error)
                has_token = company._openapi_pec_get_token(records[0].environment) and not isinstance(error, BadToken)
                records._note_vain_look('service' if has_token else 'token')
            except Exception:  # of which the other accounts know nothing
                self.env.cr.rollback()
                _logger.exception("%s of %s cannot be synchronised.", self._description, company.display_name)
            if not commit_progress(1):
                break
        self._announce_due()

    def _put_least_looked_first(self, accounts):
        """Return accounts with their records, those first whose lost calls were looked for least lately: none holds up
        the others.
        """
        latest = dict(self.env['openapi_pec.api_call'].sudo()._read_group([
            ('res_model', '=', self._name), ('state', 'in', ('pending', 'never_arrived')),
            ('last_look_at', '!=', False),
        ], ['company_id'], ['last_look_at:max']))
        return sorted(
            accounts, key=lambda account: max(str(latest.get(company, '')) for company in account[1].company_id))

    def _get_seen(self):
        """Return when each of these records, as they are read now, was written last: ``{id: moment}``."""
        return {record.id: record.write_date for record in self}

    def _take_over(self, function, seen):
        """Run ``function(records)`` on those of these records that are as they were seen; the others are synchronised
        later.

        One that cannot take what the service tells does not hold up the others.

        :param function: is called with records whose rows are locked.
        :param dict seen: see :meth:`_get_seen`; from before the service was asked.
        """
        # rows that a click has changed since the job reads can be locked in a new transaction alone
        self._commit_in_cron()
        try:
            self._unless_meeting(lambda records: records._take_over_unchanged(function, seen))
        except Exception:
            if len(self) == 1:
                _logger.exception("%s cannot be synchronised.", self)
            for record in self if len(self) > 1 else ():
                record._take_over(function, seen)
        self._commit_in_cron()

    def _take_over_unchanged(self, function, seen):
        """Lock these records, as far as nobody else has them, and run a function on those that are as they were seen.
        """
        locked = lock_rows(self, skip_locked=True)
        unchanged = self.filtered(lambda record: locked.get(record.id) == seen[record.id])
        if unchanged:
            function(unchanged)
        if unchanged != self:
            self._postpone()

    def _unless_meeting(self, function):
        """Run ``function(self)``, or do nothing when another transaction changes the same rows: they are synchronised
        later.
        """
        try:
            with self.env.cr.savepoint():
                function(self)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self._postpone()

    def _postpone(self):
        """Have these records synchronised once more: somebody else has changed them meanwhile, or is doing so."""
        _logger.info("%s are being changed by somebody else: synchronised later.", self)
        self._trigger_cron(self._synchronize_job)

    @api.model
    def _callback_received(self):
        """Have the state of these records read soon: the service says that something changed.

        That the job is woken is all that is noted. A row that only is inserted meets no other transaction, and a job
        forgets, when it begins, those that were there then: what comes while it reads wakes it again.
        """
        self._trigger_cron(self._synchronize_job)
