from datetime import timedelta

from odoo import api, fields, models
from odoo.tools.misc import format_date
from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.outcome import changed as mailbox_truth

_lt = LazyTranslate(__name__, default_lang='en_US')

# What is said of an operation that does not show at the service: whether it was accepted -> sentence.
AWAITED_SENTENCES = {
    True: _lt(
        "%(operation)s, asked for on %(day)s: the service has accepted it, and it does not show yet. Odoo follows the "
        "mailbox until it does."),
    False: _lt(
        "%(operation)s, asked for on %(day)s: it does not show that the call was executed, and it was perhaps executed "
        "all the same: look in the Openapi console."),
}
# What follows it: whether in the sandbox -> sentence.
AGAIN_SENTENCES = {
    False: _lt("What was executed was paid, and to ask for it again is paid again."),
    True: const.service.NOT_PAID,
}

# What the chatter says of an accepted one: whether it is a renewal -> sentence.
NOT_SHOWN_SENTENCES = {
    True: _lt("%s: accepted; the new expiry is not shown yet. Odoo follows the mailbox until it is."),
    False: _lt("%s: accepted; it does not show yet. Odoo follows the mailbox until it does."),
}


class OpenapiPecMailbox(models.Model):
    """What was accepted and does not show at the service yet is awaited: nobody asks for it again without a reason."""
    _inherit = 'openapi_pec.mailbox'

    # ------------------------------------------------------------ COMPUTE

    @api.depends('awaited', 'is_sandbox')
    @api.depends_context('lang')
    def _compute_awaited_sentence(self):
        for mailbox in self:
            mailbox.awaited_sentence = '\n'.join(map(mailbox._get_awaited_sentence, mailbox.awaited or ())) or False

    @api.depends('awaited', 'call_state', 'operation')
    def _compute_is_renewal_open(self):
        for mailbox in self:
            is_called = mailbox.call_state in const.mailbox.CALLING and mailbox.operation == 'mailbox_renew'
            mailbox.is_renewal_open = is_called or 'mailbox_renew' in (mailbox.awaited or ())

    @api.depends('state', 'expires_on', 'is_gone', 'elsewhere_sentence', 'call_state', 'is_renewal_open')
    def _compute_is_renewal_due(self):
        for mailbox in self:
            is_possible = not (
                mailbox._is_away() or mailbox.is_renewal_open or mailbox.call_state in const.mailbox.CALLING)
            is_late = mailbox.state == 'active' and bool(mailbox.expires_on) and (
                mailbox.days_left <= const.mailbox.EXPIRY_DAYS)
            mailbox.is_renewal_due = is_possible and (mailbox.state == 'revoked' or is_late)

    def _get_awaited(self, operation):
        """Return the calls of an operation that do not show: the last one, and those before it that were not found.

        :rtype: list[dict]
        """
        entry = (self.awaited or {}).get(operation)
        if not entry:
            return []
        return [{key: value for key, value in entry.items() if key != 'earlier'}, *entry.get('earlier', ())]

    def _get_awaited_sentence(self, operation):
        """Return what is known of an operation that was asked for and does not show, False when it is not awaited."""
        label = self._in_words(const.mailbox.OPERATIONS[operation].label)
        again = self._in_words(AGAIN_SENTENCES[self.is_sandbox])
        return '\n'.join(self._in_words(AWAITED_SENTENCES[call['is_accepted']]) % {
            'operation': label, 'day': format_date(self.env, call['day'])} + f' {again}'
            for call in self._get_awaited(operation)) or False

    def _await(self, operation, calls):
        """Keep which calls of an operation do not show; none: forget them."""
        entry = calls and {**calls[0], **({'earlier': calls[1:]} if calls[1:] else {})}
        awaited = {**(self.awaited or {}), operation: entry}
        self.awaited = {key: value for key, value in awaited.items() if value} or False

    def _is_earlier_call_unknown(self):
        if self.operation in const.service.CREATIONS or self.operation in const.service.FREE_OPERATIONS:
            return super()._is_earlier_call_unknown()
        rule = const.mailbox.OPERATIONS.get(self.operation)
        if rule and rule.is_awaited:
            return any(not call['is_accepted'] for call in self._get_awaited(self.operation))
        return bool(self._get_lines_not_found_of(self.operation))

    def _get_earlier_call_sentence(self, operation):
        """Return what is to be known of an earlier call before an operation is paid again; False when there is nothing.

        What an awaited operation did is told by :meth:`_get_awaited_sentence`.
        """
        if operation in const.service.CREATIONS:
            return self.earlier_call_sentence
        rule = const.mailbox.OPERATIONS[operation]
        if rule.is_free or rule.is_awaited:
            return False
        return self._get_paid_again_sentence(self._get_lines_not_found_of(operation))

    def _get_lines_not_found_of(self, operation):
        """Return the calls of an operation that were not found, so lately that they may have been executed."""
        oldest = fields.Datetime.now() - timedelta(days=const.service.LOOK_DAYS)
        return self.sudo().api_call_ids.filtered(
            lambda line: (line.operation, line.state) == (operation, 'never_arrived') and line.started_at >= oldest)

    # ------------------------------------------------------------ before it is asked for again

    def _require_reason_if_awaited(self, operation, reason):
        """Raise when an operation that does not show yet is asked for again without a reason; keep the reason.

        :param str reason: a person's words, if there are any.
        """
        sentence = self.sudo()._get_awaited_sentence(operation)
        if not sentence:
            return
        kept = self._require_reason(reason, self._get_awaited_sentence(operation))
        self._message_log(body=self.env._(
            "%(awaited)s Asked for again, because: %(reason)s", awaited=sentence, reason=kept))

    # ------------------------------------------------------------ CALLS

    def _on_operation_accepted(self, operation, data, started_at):
        rule = const.mailbox.OPERATIONS[operation]
        if rule.is_awaited:
            lost = [call for call in self._get_awaited(operation) if not call['is_accepted']]
            calls = [self._make_awaited(started_at, is_accepted=True), *lost]
            if mailbox_truth.is_shown(rule.truth, self.request['before'], mailbox_truth.snapshot(data)):
                self._take_over_shown(operation, calls, data, told=calls[:1])  # in `_get_done_sentence`
            else:
                self._await(operation, calls)
        return super()._on_operation_accepted(operation, data, started_at)

    def _free_line(self, line, reason=None):
        if const.mailbox.OPERATIONS[line.operation].is_awaited:
            lost = [call for call in self._get_awaited(line.operation) if not call['is_accepted']]
            self._await(
                line.operation, [{**self._make_awaited(line.started_at, is_accepted=False), 'line_id': line.id}, *lost])
        return super()._free_line(line, reason)

    def _make_awaited(self, started_at, is_accepted):
        request = {key: value for key, value in self.request.items() if key != 'before'}
        return {
            'before': self.request['before'], 'request': request, 'day': fields.Date.to_string(started_at),
            'is_accepted': is_accepted}

    def _get_not_shown_sentence(self, operation, before, data):
        """Return what the chatters say of an accepted operation that does not show yet, False when it shows."""
        rule = const.mailbox.OPERATIONS[operation]
        if not rule.is_awaited or mailbox_truth.is_shown(rule.truth, before, mailbox_truth.snapshot(data)):
            return False
        return self._in_words(NOT_SHOWN_SENTENCES[operation == 'mailbox_renew']) % self._in_words(rule.label)

    def _settle_awaited(self, record):
        """Settle what does not show yet with a record of the service, before the mailbox takes that record over.

        :param dict record: as ``PecClient.get_mailbox`` returns it.
        """
        after = mailbox_truth.snapshot(record)
        for operation in list(self.awaited or ()):
            calls = self._get_awaited(operation)
            if self.call_state == 'unconfirmed' and self.operation == operation:
                continue  # the outcome of what is under way comes first
            if mailbox_truth.is_shown(const.mailbox.OPERATIONS[operation].truth, calls[0]['before'], after):
                self._take_over_shown(operation, calls, record)
            else:
                self._await(operation, self._without_old(calls))
        rule = const.mailbox.OPERATIONS.get(self.operation)
        if self.call_state == 'failed' and rule and not rule.is_awaited:
            self._take_over_late(record)

    @staticmethod
    def _without_old(calls):
        """Return those of some awaited calls that are still looked for."""
        oldest = fields.Date.to_string(fields.Date.today() - timedelta(days=const.service.LOOK_DAYS))
        return [call for call in calls if call['is_accepted'] or call['day'] >= oldest]

    def _take_over_shown(self, operation, calls, record, told=()):
        """Take over that what an operation changes has moved: say which of its calls show, and await the others.

        :param list calls: see :meth:`_get_awaited`.
        :param list told: those that are told already.
        """
        before, after = calls[0]['before'], mailbox_truth.snapshot(record)
        shown = mailbox_truth.find_shown(const.mailbox.OPERATIONS[operation].truth, before, calls, record)
        rest = [
            {**call, 'before': after, **({'is_paid_again': True} if shown else {})} for call in calls
            if call not in shown]
        is_other_paid = len(shown) > 1 or any(call['is_accepted'] for call in calls)
        self._await(operation, [])
        for call in shown:
            if not call['is_accepted']:
                self._accept_late(
                    operation, self._get_line_of(operation, call), call.get('is_paid_again') or is_other_paid, record)
            elif call not in told:
                self._notify_shown(operation, record)
        self._await(operation, self._without_old(rest))

    def _get_line_of(self, operation, call):
        """Return the line of the journal of an awaited call that was not found."""
        return self.sudo().api_call_ids.filtered(
            lambda line: line.state == 'never_arrived' and line.operation == operation
            and line.id == call.get('line_id', line.id))[:1]

    def _take_over_late(self, record):
        """Take over that the call that failed last, as it was not found, was executed.

        Of what is not awaited nothing but the request itself can show it.
        """
        line = self.sudo().api_call_ids.filtered(lambda line: line.operation == self.operation)[:1]
        truth = const.mailbox.OPERATIONS[self.operation].truth
        if line.state == 'never_arrived' and truth and truth.is_executed(
                self.request['before'], self.request, mailbox_truth.snapshot(record), record):
            self._accept_late(self.operation, line, False, record)

    def _accept_closed(self, line, data):
        if line.operation in const.service.CREATIONS:
            return super()._accept_closed(line, data)
        operation, calls = line.operation, self._get_awaited(line.operation)
        self._await(operation, [call for call in calls if call.get('line_id') != line.id])
        later = self.sudo().api_call_ids.filtered(
            lambda other: other.operation == operation and other.id > line.id and other.state == 'accepted')
        return self._accept_late(operation, line, bool(later), data)

    def _accept_late(self, operation, line, is_paid_again, record):
        """Take over that a call which was not found was executed after all: nothing stands open of it any more.

        :param bool is_paid_again: another call for the same was executed as well.
        """
        line.write(
            {'state': 'accepted', 'remote_id': self.remote_id, 'message': self.env._("Found at the service, late")})
        if is_paid_again:
            self._notify_paid_again(operation)
        else:
            self._notify_shown(operation, record)
        if self.call_state == 'failed' and self.operation == operation:
            self._finish_late(operation, record, line.started_at or fields.Datetime.now())

    def _finish_late(self, operation, record, started_at):
        """Do what an executed call brings about; it was announced already."""
        self.with_context(openapi_pec_is_told=True)._on_call_accepted(operation, record, started_at)

    def _notify_paid_again(self, operation):
        """Say that an operation was paid twice: it was not found, and asked for again."""
        label = self._in_words(const.mailbox.OPERATIONS[operation].label)
        self._announce(self.env._(
            "%s: it has taken effect once more. The call that was not found was executed after all, so it is paid "
            "twice. Ask Openapi to refund one of them.", label))
        self._plan_activity('mail_activity_type_refund', self.env._("Paid twice, ask Openapi to refund one: %s", label))

    def _notify_shown(self, operation, record):
        """Say that what was awaited shows."""
        label = self._in_words(const.mailbox.OPERATIONS[operation].label)
        if operation == 'mailbox_renew' and record['data_scadenza']:
            self._announce(self.env._(
                "%(operation)s: it shows at the service now. The mailbox expires on %(day)s.",
                operation=label, day=format_date(self.env, record['data_scadenza'])))
        else:
            self._announce(self.env._("%s: it shows at the service now.", label))
