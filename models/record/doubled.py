import logging
from collections import defaultdict
from functools import partial

from odoo import api, models

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import OpenapiPecError
from odoo.addons.l10n_it_openapi_pec.tools.outcome.created import MOST_READ, find_reference, fold

_logger = logging.getLogger(__name__)


class OpenapiPecRecordMixin(models.AbstractModel):
    """What was made twice at the service, by one call or by two: people are asked to claim a refund."""
    _inherit = 'openapi_pec.record.mixin'

    # ------------------------------------------------------------ COMPUTE

    @api.depends('activity_ids.activity_type_id', 'activity_ids.summary')
    def _compute_refund_sentence(self):
        refund = self.env.ref('l10n_it_openapi_pec.mail_activity_type_refund')
        for record in self:
            to_do = record.sudo().activity_ids.filtered(lambda activity: activity.activity_type_id == refund)
            record.refund_sentence = '\n'.join(filter(None, to_do.mapped('summary'))) or False

    # ------------------------------------------------------------ SYNCHRONISATION: made twice by one call

    def _on_call_doubled(self, found):
        self._note_strangers(record['id'] for record in found)
        identifiers = ', '.join(record['id'] for record in found)
        self._announce(self._add_sandbox(self.env._(
            "the service has several records of this one call: %s. Odoo follows the first; the others were perhaps "
            "paid for nothing. Ask Openapi to refund them.", identifiers), const.service.NOT_TWICE))
        self._plan_activity(
            'mail_activity_type_refund', self.env._("Ask Openapi to refund what was made twice: %s", identifiers))

    def _look_for_doubles(self, client, listing):
        """Look for answered calls of these records that were executed twice, as by a gateway that repeats them.

        Each row with the address of a record is read once. What was freed and sent again the recovery looks for.

        :param Listing listing: the account's list, as read just now.
        """
        if not self:
            return
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
        """Return whether a record without an echo has this one's data, and is not older than its call."""
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

    # ------------------------------------------------------------ SYNCHRONISATION: paid twice

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
            line.remote_id), const.service.NOT_TWICE))
        return self._plan_activity('mail_activity_type_refund', self.env._(
            "Perhaps paid twice: %s was made by a call that was closed as not found", line.remote_id))

    def _notify_paid_twice(self, line, record):
        """Notify people that a freed call, which was made again, had been executed after all."""
        line.write(
            {'state': 'accepted', 'remote_id': record['id'], 'message': self.env._("Found at the service, late")})
        line._name_account(record)
        self._announce_paid_twice(line)

    def _announce_paid_twice(self, line):
        """Ask people to claim a refund for one of two calls: the freed one, and the one that followed it."""
        self._note_strangers([line.remote_id])
        identifiers = ', '.join(self._get_identifiers(line))
        self._announce(self._add_sandbox(self.env._(
            "paid twice: the call that was not found has been executed after all, and it was made again meanwhile. The "
            "records at the service are %s. Ask Openapi to refund one of them.", identifiers), const.service.NOT_TWICE))
        self._plan_activity(
            'mail_activity_type_refund', self.env._("Paid twice: ask Openapi to refund one of %s", identifiers))

    def _notify_perhaps_paid_twice(self, line, record, look):
        """Notify people of another record that a freed call may have made.

        Without an echo it may as well be a double of the service's.
        """
        line._note_look(look)
        self._note_strangers([record['id']])
        self._announce(self._add_sandbox(self.env._(
            "perhaps paid twice: the service has another record of it, %(other)s beside %(own)s. Either the call that "
            "was not found has been executed after all, or the service made two of one call. Ask Openapi which, and to "
            "refund one of them.",
            other=record['id'], own=self.remote_id), const.service.NOT_TWICE))
        self._plan_activity('mail_activity_type_refund', self.env._(
            "Perhaps paid twice: ask Openapi about %(other)s beside %(own)s", other=record['id'], own=self.remote_id))

    def _get_identifiers(self, line):
        """Return the identifiers of this record and of what another call made; with their accounts if these differ."""
        own = self.api_call_ids.filtered(
            lambda own: own.remote_id == self.remote_id and own.operation in const.service.CREATIONS)[:1]
        if not own or own._is_same_account(line):
            return [self.remote_id, line.remote_id]
        return [
            self.env._(
                "%(id)s (account: %(account)s)", id=made.remote_id,
                account=made.with_env(self.env)._get_account_words())
                for made in (own, line)]
