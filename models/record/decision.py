from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import OpenapiPecError
from odoo.addons.l10n_it_openapi_pec.tools.outcome.created import compare


class OpenapiPecRecordMixin(models.AbstractModel):
    """The decision on a lost answer: what a person is asked and shown, and what the decision does."""
    _inherit = 'openapi_pec.record.mixin'

    # ------------------------------------------------------------ COMPUTE

    @api.depends(lambda self: (
        self._call_state_field, 'state', 'is_gone', 'is_held', 'candidates', 'unlooked_since', 'api_call_ids.state',
        'api_call_ids.looks',
        'api_call_ids.last_look_at', 'api_call_ids.doubt', 'remote_id', 'environment',
        'company_id.openapi_pec_accounts',
        'company_id.openapi_pec_sealed_tokens'))
    def _compute_is_to_decide(self):
        for record in self:
            line = record._get_pending_line()
            record.is_to_decide = bool(
                (line and (record.candidates or line._may_be_freed()))
                or record.is_held or record.sudo()._is_blind() or record._is_closable())

    @api.model
    def _search_is_to_decide(self, operator, value):
        # What stands still is little, and much of what decides is told by the clock: it is asked one by one.
        if operator != 'in':
            return NotImplemented
        waiting = fields.Domain.OR([
            fields.Domain('api_call_ids.state', '=', 'pending'), fields.Domain('is_held', '=', True),
            fields.Domain('unlooked_since', '!=', False), fields.Domain('is_gone', '=', True),
            self._get_elsewhere_domain()])
        found = self.sudo().with_context(active_test=False).search(waiting).filtered('is_to_decide')
        return fields.Domain('id', 'in' if True in value else 'not in', found.ids)

    # ------------------------------------------------------------ ACTIONS: the question

    def _get_pending_line(self):
        """Return the call of this record whose answer is not known; empty when there is none."""
        return self.sudo().api_call_ids.filtered(lambda line: line.state == 'pending')

    def _get_question(self):
        """Return the question about this record (of ``openapi_pec.reconcile``), and the pending call it is about.

        :raise UserError: there is nothing to decide (yet).
        """
        record = self.sudo()
        line = record._get_pending_line()
        if line and record.candidates:
            return 'executed' if record.remote_id else 'which', line
        if line and line._may_be_freed():
            return 'free', line
        if line:
            raise UserError(self._get_not_yet_sentence())
        if record.is_held or record._is_blind():
            return 'held' if record.is_held else 'blind', line
        if record._is_closable():
            return 'elsewhere' if record._is_left_for_good() else 'gone', line
        raise UserError(self.env._("There is nothing to choose any more: close this and look at the record."))

    def _get_not_yet_sentence(self):
        """Return why a call cannot be freed yet."""
        if self.company_id._openapi_pec_is_unsure(self.environment):
            return self.env._("The call is still being looked for, and whether it was executed and paid is not known: "
                              "%s.",
                self._in_words(const.service.UNSURE_CALL))
        return self.env._(
            "The call is still being looked for, and whether it was executed and paid is not known. It can be freed "
            "when two looks that can be believed, at least %s minutes apart, have not found it. Press Refresh to look "
            "now.", const.service.LOOKS_APART_MINUTES)

    # ------------------------------------------------------------ ACTIONS: what is shown

    def _compare_remote(self, operation, data):
        """Return, in words, how a record at the service agrees with the lost call: one line for each verdict.

        :param str operation: of the call.
        :param dict data: what the service tells, as :meth:`_read_remote` returns it.
        """
        body = self._prepare_request_body()
        labels = self._get_labels()
        labels = {key: labels[field] for field, key in self._compared_keys.items()}
        verdicts = compare(body, data, labels)
        differences = [self.env._(
            "%(field)s (there %(told)s, here %(sent)s)", field=labels[key], told=data[key], sent=body.get(key) or '—',
        ) for key in verdicts['differs']]
        return '\n'.join(sentence for sentence, found in [
            (self.env._("Agrees: %s.", ', '.join(labels[key] for key in verdicts['agrees'])), verdicts['agrees']),
            (self.env._("Differs: %s.", ', '.join(differences)), differences),
            (
                self.env._("Not given by the service: %s.", ', '.join(labels[key] for key in verdicts['unknown'])),
                verdicts['unknown']),
        ] if found)

    def _show_sent(self, sent):
        """Return what a call sent as ``[(label, value), …]``, in the order of this model's request.

        :param dict sent: as the journal keeps it.
        """
        labels = self._get_labels()
        fields_by_key = {key: field for field, key in self._compared_keys.items()}
        rows = [
            (labels[field], self._show_sent_value(field, sent[key])) for key,
            field in fields_by_key.items() if key in sent]
        callback = sent.get('callback') or {}
        rows += [(labels['reference'], (callback.get('data') or {}).get('reference'))] if callback else []
        return rows + [(key, value) for key, value in sent.items() if key not in fields_by_key and key != 'callback']

    def _show_sent_value(self, name, value):
        field = self._fields[name]
        if field.type == 'selection':
            return dict(field._description_selection(self.env)).get(value, value)
        if isinstance(value, bool):
            return self.env._("yes") if value else self.env._("no")
        return value or '—'

    def _get_name_for(self, user):
        """Return the name of this record for a user; no name when he may not read it."""
        own = self.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
        return self.display_name if own.has_access('read') else self.env._(
            "a record of a company in which you do not work")

    def _get_name_to_decide(self):
        """Return the name of this record beside the records at the service that may be it."""
        return self.display_name

    def _get_labels(self):
        """Return the labels of this model's fields in the reader's language: ``{field: label}``."""
        return {
            name: attributes['string'] for name, attributes in self.sudo().fields_get(attributes=['string']).items()}

    def _get_stato_label(self, stato):
        """Return the meaning of the service's ``stato``, in words."""
        states = dict(self._fields['state']._description_selection(self.env))
        return states.get(self._state_by_stato.get(stato)) or self.env._(
            "\"%s\", which is not known here", stato or '—')

    # ------------------------------------------------------------ ACTIONS: the decision

    def _decide(self, remote_id=None, reason=''):
        """Apply a manager's decision about a lost call, or about a record that was found before paying.

        :param str remote_id: the record at the service that is this one, among those that were offered; None: none of
            them is.
        :param str reason: why none of them is; kept in the chatter.
        :raise UserError: there is nothing to decide, the call is under way, or the reason is missing.
        """
        self._check_may_spend()
        record = self.sudo()._for_reader()
        line = record._get_pending_line()
        if line and not line._without_live_worker():
            raise UserError(self.env._(
                "The call is being made, or looked for, at this moment, so nothing was changed or spent. Close this, "
                "look at the record again in a minute, and decide then if it is still asked."))
        offered = [candidate['id'] for candidate in record.candidates or []]
        if not (line or record.is_held or record._is_blind() or record._is_closable()) or (
                remote_id and remote_id not in offered):
            raise UserError(self.env._("There is nothing to choose any more: close this and look at the record."))
        if remote_id:
            return record._decide_for(line, remote_id, self.env.user)
        reason = record._require_reason(reason)
        if record._is_closable() and not line:
            return record._close_gone(reason, self.env.user)
        return record._decide_against(line, offered, reason, self.env.user)

    def _decide_for(self, line, remote_id, user):
        """Apply that a call made this record at the service, or changed it.

        :raise UserError: it cannot be read now, or is another record's already.
        """
        owner = self.search(
            [('remote_id', '=', remote_id), ('environment', '=', self.environment), ('id', '!=', self.id)], limit=1)
        if owner:
            raise UserError(self.env._(
                "%(owner)s has become this record of the service meanwhile, so nothing was changed or spent. Close "
                "this and look at both.",
                owner=owner._get_name_for(user)))
        try:
            found = self._read_remote(remote_id)
        except OpenapiPecError as error:
            self._raise_unread(error, self.environment)
        self._message_log(body=self.env._(
            "%(user)s decided that the call was executed.", user=user.name) if self.remote_id else self.env._(
            "%(user)s decided that this is it: %(id)s at the service.", user=user.name, id=remote_id))
        self.is_held = False
        if line:
            self._recover_line(line, [found])
        else:
            self._adopt([found])

    def _decide_against(self, line, offered, reason, user):
        """Apply that none of the offered records is this one: call it, free it, or go on looking for it."""
        may_free = line and line._may_be_freed()
        # That none of the candidates is it can be said at any time; that a call was not executed, only after it was
        # looked for.
        if line and not may_free and (self.remote_id or not offered):
            raise UserError(self._get_not_yet_sentence())
        if may_free and not line._may_be_freed_by(user):
            raise UserError(self.env._(
                "Only a system administrator can free a call while no look can be believed, so nothing was changed or "
                "spent. %s",
                line.with_env(self.env)._get_doubts()))
        self.activity_unlink(['l10n_it_openapi_pec.mail_activity_type_decide'])
        self._message_log(body=self._get_decision_sentence(line) % {'user': user.name, 'reason': reason})
        self.write({
            'candidates': False, 'is_held': False,
            'stranger_ids': sorted({*(self.stranger_ids or ()), *offered} - {self.remote_id}) or False})
        if not line:
            self.look_waiver = self._is_blind() and reason
            self._queue_again()
        elif may_free:
            self._free_line(line, reason)
        else:
            self.error_message = self._get_not_yet_sentence()

    def _get_decision_sentence(self, line):
        """Return the line of the chatter for a decision against the offered records."""
        if self.remote_id:
            return self.env._("%(user)s decided that the call was not executed, because: %(reason)s")
        if self.candidates:
            return self.env._("%(user)s decided that it is none of the records at the service that look like it, "
                              "because: %(reason)s")
        if line:
            return self.env._("%(user)s decided that it is not at the service, because: %(reason)s")
        return self.env._("%(user)s had it submitted without looking into the service's list, because: %(reason)s")
