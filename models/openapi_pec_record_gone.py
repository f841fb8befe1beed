from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec import const


class OpenapiPecRecordMixin(models.AbstractModel):
    """What the service does not know any more: told once, closed by a manager, and taken up again when it shows."""
    _inherit = 'openapi_pec.record.mixin'

    _closed_state = None  # in which what is gone stands in nobody's way

    account_sentence = fields.Text("Is It Another Account?", compute='_compute_account_sentence')

    @api.depends('environment', 'company_id.openapi_pec_accounts')
    @api.depends_context('lang')
    def _compute_account_sentence(self):
        for record in self:
            record.account_sentence = bool(record.environment) and record.company_id._openapi_pec_get_account_sentence(record.environment)

    def _is_open_at_service(self):
        """Return whether this record waits for the service, or stands in the way of another one."""
        raise NotImplementedError

    def _is_closable(self):
        """Return whether a manager may close this record, which the service does not know any more."""
        return self.is_gone and self._is_open_at_service()

    def _tell_unknown(self):
        """Say once that the service does not know these records any more, and what is known of their money."""
        for record in self:
            record = record._for_reader()
            sentence, is_news = record._get_gone_sentence(), not record.is_gone
            record.is_gone = True
            if record[record._call_state_field] not in ('queued', 'unconfirmed'):  # whose sentence comes first
                record.error_message = sentence
            if is_news:
                record._announce(sentence)
                if record._is_open_at_service():
                    record._plan_activity('mail_activity_type_gone', record.env._(
                        "The service does not know it any more: ask Openapi's support, or close it"))

    def _get_gone_sentence(self):
        return self._in_words(const.GONE_SENTENCES[self._name]) % {'id': self.remote_id, 'money': self._get_gone_money()}

    def _get_gone_money(self):
        """Return what is known of the money of what is gone, as a sentence."""
        made = self.sudo().api_call_ids.filtered(lambda line: line.state == 'accepted' and line.operation in const.CREATIONS)
        return self._in_words(const.GONE_MONEY[made[:1].money])

    def _tell_known_again(self):
        """Take over that the service knows these records again; what was closed meanwhile is followed anew."""
        for record in self:
            record = record._for_reader()
            if record[record._call_state_field] not in ('queued', 'unconfirmed', 'failed'):  # whose sentence it is
                record.error_message = False
            record.is_gone = False
            record.activity_unlink(['l10n_it_openapi_pec.mail_activity_type_gone'])
            record._announce(record.env._("the service knows it again."))

    def _close_gone(self, reason, user):
        """Close what the service does not know any more, as a manager decided; the chatter keeps why."""
        self.error_message = self._in_words(const.CLOSED_SENTENCES[self._name]) % {'money': self._get_gone_money()}
        self._enter_state(self._closed_state, self.env._(
            "closed by %(user)s, because the service does not know it any more and: %(reason)s", user=user.name, reason=reason))

    def action_accept_account(self):
        """Say that the token leads to another account than the one in which this record was made."""
        self._check_may_spend()
        self.check_access('write')
        for record in self:
            if not record.account_sentence:
                raise UserError(self.env._("There is nothing to decide about the account of %s any more.", record.display_name))
            record.company_id._openapi_pec_accept_account(record.environment)
            record._message_log(body=self.env._("%s says that the token leads to another account now.", self.env.user.name))
