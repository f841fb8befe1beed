from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from odoo.addons.l10n_it_openapi_pec import const, const_mailbox
from odoo.addons.l10n_it_openapi_pec.tools import mailbox_truth


class OpenapiPecMailbox(models.Model):
    """What was asked for and does not show at the service (yet): nobody asks for it again without a reason."""
    _inherit = 'openapi_pec.mailbox'

    awaited = fields.Json(readonly=True, copy=False,
        help="Of each operation that does not show: what the mailbox was like before it, its day, and whether it was accepted.")
    awaited_sentence = fields.Text("Does Not Show Yet", compute='_compute_awaited_sentence')

    @api.depends('awaited')
    @api.depends_context('lang')
    def _compute_awaited_sentence(self):
        for mailbox in self:
            mailbox.awaited_sentence = '\n'.join(map(mailbox._get_awaited_sentence, mailbox.awaited or ())) or False

    def _get_awaited_sentence(self, operation):
        """Return what is known of an operation that was asked for and does not show, False when it is not awaited."""
        entry = (self.awaited or {}).get(operation)
        return entry and self._in_words(const_mailbox.AWAITED_SENTENCES[entry['is_accepted']]) % {
            'operation': self._in_words(const_mailbox.OPERATIONS[operation].label), 'day': format_date(self.env, entry['day'])}

    def _await(self, operation, entry):
        """Keep, or forget, that an operation does not show."""
        awaited = {**(self.awaited or {}), operation: entry}
        self.awaited = {key: value for key, value in awaited.items() if value} or False

    def _is_earlier_call_unknown(self):
        if self.operation in const.CREATIONS or self.operation in const.FREE_OPERATIONS:
            return super()._is_earlier_call_unknown()
        if self.operation in mailbox_truth.SHOWN_BY:
            entry = (self.awaited or {}).get(self.operation)
            return bool(entry and not entry['is_accepted'])
        return self._has_line_not_found(self.operation)

    def _get_earlier_call_sentence(self, operation):
        """Return what is to be known of an earlier call before an operation is paid again; False when there is nothing.

        What an operation of :attr:`mailbox_truth.SHOWN_BY` did is told by what is awaited.
        """
        if operation in const.CREATIONS:
            return self.earlier_call_sentence
        if operation in const.FREE_OPERATIONS or operation in mailbox_truth.SHOWN_BY:
            return False
        return self._has_line_not_found(operation) and self._in_words(const.PAID_AGAIN)

    def _has_line_not_found(self, operation):
        """Return whether a call of an operation was not found, so lately that it may have been executed."""
        oldest = fields.Datetime.now() - timedelta(days=const.LOOK_DAYS)
        return bool(self.sudo().api_call_ids.filtered(
            lambda line: (line.operation, line.state) == (operation, 'never_arrived') and line.started_at >= oldest))

    # ------------------------------------------------------------ before it is asked for again

    def _ask_for(self, operation, snapshot=None, reason=None, **request):
        if sentence := self.sudo()._get_awaited_sentence(operation):
            if not (reason or '').strip():
                raise UserError(self.env._(
                    "%s Say why it is asked for again nevertheless. Nothing was sent or spent.", self._get_awaited_sentence(operation)))
            self._message_log(body=self.env._("%(awaited)s Asked for again, because: %(reason)s", awaited=sentence, reason=reason.strip()))
        return super()._ask_for(operation, snapshot=snapshot, reason=reason, **request)

    # ------------------------------------------------------------ after the call

    def _call_accepted(self, operation, data, started_at):
        request, lost = self.request or {}, (self.awaited or {}).get(operation)
        if operation in mailbox_truth.SHOWN_BY:
            after = mailbox_truth.snapshot(data)
            is_shown = mailbox_truth.is_shown(operation, request['before'], after)
            if is_shown and lost and not lost['is_accepted']:
                # Of two calls one shows: when it moves once more, the one that was not found was executed as well.
                self._await(operation, {**lost, 'before': after, 'is_paid_again': True})
            else:
                self._await(operation, None if is_shown else self._make_awaited(request['before'], started_at, is_accepted=True))
        return super()._call_accepted(operation, data, started_at)

    def _free_line(self, line, reason=None):
        if line.operation in mailbox_truth.SHOWN_BY:
            self._await(line.operation, self._make_awaited(self.request['before'], line.started_at, is_accepted=False))
        return super()._free_line(line, reason)

    @staticmethod
    def _make_awaited(before, started_at, is_accepted):
        return {'before': before, 'day': fields.Date.to_string(started_at), 'is_accepted': is_accepted}

    def _get_done_sentence(self, operation, before, data):
        if operation in mailbox_truth.SHOWN_BY and not mailbox_truth.is_shown(operation, before, mailbox_truth.snapshot(data)):
            return self._in_words(const_mailbox.NOT_SHOWN_SENTENCES[operation == 'mailbox_renew']) % self._in_words(
                const_mailbox.OPERATIONS[operation].label)
        return super()._get_done_sentence(operation, before, data)

    def _apply_record(self, record):
        after = mailbox_truth.snapshot(record)
        oldest = fields.Date.to_string(fields.Date.today() - timedelta(days=const.LOOK_DAYS))
        for operation, entry in (self.awaited or {}).items():
            if mailbox_truth.is_shown(operation, entry['before'], after):
                self._await(operation, None)
                self._tell_shown(operation, entry, record)
            elif not entry['is_accepted'] and entry['day'] < oldest:
                self._await(operation, None)
        return super()._apply_record(record)

    def _tell_shown(self, operation, entry, record):
        """Tell that what was awaited shows; of what was not found, and asked for again, that it is paid twice."""
        label = self._in_words(const_mailbox.OPERATIONS[operation].label)
        if entry.get('is_paid_again'):
            self._announce(self.env._(
                "%s: it has taken effect once more. The call that was not found was executed after all, so it is paid twice. Ask Openapi to"
                " refund one of them.", label))
            self._plan_activity('mail_activity_type_refund', self.env._("Paid twice, ask Openapi to refund one: %s", label))
        elif operation == 'mailbox_renew' and record['data_scadenza']:
            self._announce(self.env._(
                "%(operation)s: it shows at the service now. The mailbox expires on %(day)s.",
                operation=label, day=format_date(self.env, record['data_scadenza'])))
        else:
            self._announce(self.env._("%s: it shows at the service now.", label))
