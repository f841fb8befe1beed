import logging
from collections import defaultdict
from datetime import timedelta
from functools import partial

from odoo import api, fields, models

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.lock import lock_rows
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import BadToken, NotSent, OpenapiPecError, Throttled, TooSlow
from odoo.addons.l10n_it_openapi_pec.tools.clock import add_zone
from odoo.addons.l10n_it_openapi_pec.tools.outcome.created import Listing, find_reference, find_traces, fold

_logger = logging.getLogger(__name__)

BLIND_MINUTES = 30  # without a list, after which a manager may submit without a look


class OpenapiPecRecordMixin(models.AbstractModel):
    """The look before paying: what the service already has is adopted; a person decides on what may be it."""
    _inherit = 'openapi_pec.record.mixin'

    # ------------------------------------------------------------ COMPUTE

    @api.depends('remote_id', 'environment', 'api_call_ids.state')
    @api.depends_context('lang', 'tz')
    def _compute_earlier_call_sentence(self):
        for record in self:
            record.earlier_call_sentence = not record.remote_id and record._get_paid_again_sentence(
                record._get_lines_not_found())

    def _get_paid_again_sentence(self, lines):
        """Return what is to be known before the same is paid again; False when there is nothing.

        :param lines: the calls for it that were not found.
        """
        evidence = filter(None, (line._get_evidence_sentence() for line in lines))
        return bool(lines) and ' '.join([
            self._say_paid(*const.service.PAID_AGAIN), *evidence])

    def _get_earlier_calls(self):
        """Return what :attr:`earlier_call_sentence` tells, but when the wallet was read: ``[[id, evidence], …]``."""
        lines = not self.remote_id and self._get_lines_not_found()
        return [[line.id, line._get_evidence()[0]] for line in lines or ()]

    # ------------------------------------------------------------ CALLS

    @api.model
    def _due_domain(self):
        return super()._due_domain() & fields.Domain('is_held', '=', False)

    def _claim(self, price):
        taken = super()._claim(price)
        if taken and self.unlooked_since:
            self.write({'unlooked_since': False, 'look_waiver': False})
        return taken

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
        """Learn from the list that is read before paying which account these records would be made in.

        They have one environment.

        :return: nothing, in a list.
        """
        self.company_id._openapi_pec_note_account(client, listing, self[:1].environment)
        return []

    def _get_accounts_to_look(self):
        """Return the accounts whose lists are to be read before these records are paid.

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

    # ------------------------------------------------------------ CALLS: what is looked for

    def _prepare_searches(self, listing):
        """Return what to look for in an account's list before these records are paid.

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
        """Return the earliest timestamp of a record that a call made, on the service's clock (seconds since 1970)."""
        return add_zone(fields.Datetime.to_datetime(since)).timestamp() - const.service.CLOCK_SKEW_HOURS * 3600

    def _get_lines_not_found(self):
        """Return the calls that should have made this record and were not found; they may still turn up."""
        return self.sudo().api_call_ids.filtered(
            lambda line: line.state == 'never_arrived' and line.operation in const.service.CREATIONS
            and line.environment == self.environment)

    def _is_earlier_call_unknown(self):
        return not self.remote_id and bool(self._get_lines_not_found())

    def _get_sent_of(self, line):
        """Return the body of a call of this record; for a call of an earlier version only what proves it."""
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

    def _note_strangers(self, remote_ids):
        """Keep the identifiers of records at the service that are known not to be this one.

        Nobody is asked about them, or notified of them, again.
        """
        self.stranger_ids = sorted({*(self.stranger_ids or ()), *remote_ids} - {self.remote_id}) or False

    # ------------------------------------------------------------ CALLS: what follows from a look

    def _judge_looks(self, found):
        """Adopt what the service already has of these records, and hold back what a person must decide.

        :param dict found: ``{id of a record: [Traces of the coming call, Traces of an earlier one, …]}``.
        :return: the ids of the records whose call may be made.
        """
        due = self.browse(lock_rows(self, skip_locked=True)).filtered_domain(self._due_domain())
        return [record.id for record in due if record._for_reader()._judge_look(found.get(record.id) or [])]

    def _judge_look(self, found):
        """Return whether this record may be paid, after a look into the account's list."""
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

    def _is_same_subject(self, record):
        """Return whether a record at the service with our address may be about the same company."""
        return True

    def _is_of_pending_call(self, record):
        """Return whether a pending call of another record here made a record at the service.

        That record is about to take it over.
        """
        maker = self.sudo().search([('reference', '=', find_reference(record)), ('id', '!=', self.id)])
        return any(line.state == 'pending' for line in maker.api_call_ids)

    def _adopt(self, found):
        """Take over records that the service already has of this one, instead of paying (again).

        :param found: whole records, the one that counts first.
        """
        found = list(found)
        line = self._get_lines_not_found()[:1] or self._create_line(
            self._due_operation(), is_price_known=False, vendor_account_id=False)
        line.write({
            'state': 'accepted', 'ended_at': fields.Datetime.now(), 'remote_id': found[0]['id'],
            'message': self._in_words(const.service.FOUND_BEFORE),
        })
        self._take_back(line, found)

    def _take_back(self, line, found):
        """Apply the outcome of an older call of this record, and show what was filed then.

        :param list found: whole records; of more than one, the others were perhaps paid for nothing.
        """
        self._restore_sent(line)
        self._on_call_accepted(line.operation, found[0], line.started_at)
        self._announce(self.env._("found at the service, where it was already: the call was not made again."))
        if len(found) > 1:
            self._on_call_doubled(found)

    def _restore_sent(self, line):
        """Show what a call sent, if this record was corrected since, and note the difference in the chatter."""

    def _hold(self, found):
        """Hold this record back until a person has said whether a record at the service is this one."""
        self.is_held = True
        self._keep_candidates(found, self._add_earlier_call(self.env._(
            "Not sent, nothing was spent by Odoo: the service has a record with the same address that Odoo has not "
            "seen before. A manager presses \"Decide\" and says whether it is this one, or another one; nothing is "
            "sent before."
        )), self.env._("Say whether the record at the service is this one"))

    # ------------------------------------------------------------ CALLS: without a look

    def _take_over_no_look(self, error):
        """Apply that the account's list cannot be read: without it nothing is paid.

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
                "the service's list cannot be read, and Odoo looks there before it pays, so that nothing is paid "
                "twice"))

    def _is_blind(self):
        """Return whether a manager may have this record paid without a look.

        That is so when looks have failed for long, and it was never called before.
        """
        since = self.unlooked_since
        return (
            self[self._call_state_field] == 'queued' and bool(since) and not self._get_lines_not_found()
            and since <= fields.Datetime.now() - timedelta(minutes=BLIND_MINUTES))
