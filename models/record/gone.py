from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.rights import check_right
from odoo.addons.l10n_it_openapi_pec.tools.outcome.created import Listing

_lt = LazyTranslate(__name__, default_lang='en_US')

# What the service does not know any more: model -> sentence.
GONE_SENTENCES = {
    'openapi_pec.communication': _lt(
        "The service does not know this filing any more. %(money)s Ask Openapi's support, with the identifier %(id)s. "
        "If nothing comes of it any more, a manager presses \"Decide\" and closes it; then it no longer stands in the "
        "way of another filing."),
    'openapi_pec.mailbox': _lt(
        "The service does not know this mailbox any more. %(money)s Ask Openapi's support, with the identifier %(id)s. "
        "If nothing comes of it any more, a manager presses \"Decide\" and closes it; then its address no longer "
        "stands in the way of another mailbox."),
}

# The same of what was made in another account than the one that the company has now: nothing is known of it, and it is
# not gone.
ELSEWHERE_SENTENCES = {
    'openapi_pec.communication': _lt(
        "This filing was made in another Openapi account (%(account)s) than the one whose token is in the settings "
        "now, so Odoo cannot follow it: that it is not shown here says nothing. It exists there, as far as is known: "
        "do not submit it again. To follow it, an administrator sets the token of that account again; otherwise look "
        "into the console of that account. If it is given up there, a manager presses \"Decide\" and closes it; then "
        "it no longer stands in the way of another filing."),
    'openapi_pec.mailbox': _lt(
        "This mailbox was bought in another Openapi account (%(account)s) than the one whose token is in the settings "
        "now, so Odoo cannot follow it: that it is not shown here says nothing. It exists there, as far as is known: "
        "do not buy it again. To follow it, an administrator sets the token of that account again; otherwise look into "
        "the console of that account. If it is given up there, a manager presses \"Decide\" and closes it; then its "
        "address no longer stands in the way of another mailbox."),
}

# What is to be known before it is closed nevertheless, and what is said of it then: model -> sentence.
LEFT_SENTENCES = {
    'openapi_pec.communication': _lt(
        "This filing was made in another Openapi account (%(account)s) than the one used now. %(money)s The service "
        "may still carry it out there: look into the console of that account first, for the identifier %(id)s. If it "
        "is filed there, another one is filed, and paid, a second time."),
    'openapi_pec.mailbox': _lt(
        "This mailbox was bought in another Openapi account (%(account)s) than the one used now. %(money)s The service "
        "may still run it there, and renew it: look into the console of that account first, for the identifier "
        "%(id)s."),
}

CLOSED_ELSEWHERE_SENTENCES = {
    'openapi_pec.communication': _lt(
        "Closed, because it was made in another Openapi account (%(account)s) than the one used now. %(money)s The "
        "service may still carry it out there: look into the console of that account, for the identifier %(id)s. If it "
        "is still wanted and not filed there, press \"File Again\": a new filing, which is paid anew. When that "
        "account's token is set again and it shows, Odoo follows it again."),
    'openapi_pec.mailbox': _lt(
        "Closed, because it was bought in another Openapi account (%(account)s) than the one used now. %(money)s The "
        "service may still run it there, and renew it: look into the console of that account, for the identifier "
        "%(id)s. When that account's token is set again and it shows, Odoo follows it again."),
}

# What is known of the money of what is gone: `money` of the call that made it -> sentence; False when Odoo made none.
GONE_MONEY = {
    'paid': _lt("It was paid for, and whether Openapi gives the money back only Openapi can say."),
    'nothing': _lt("Nothing was spent for it."),
    'unknown': _lt("Whether it was paid for is not known."),
    False: _lt("It was made outside Odoo, and whether it was paid for is not known here."),
}

# What is said of it when it is closed: model -> sentence.
CLOSED_SENTENCES = {
    'openapi_pec.communication': _lt(
        "Closed, because the service does not know this filing any more. %(money)s If it is still wanted, press \"File "
        "Again\": a new filing, which is paid anew."),
    'openapi_pec.mailbox': _lt(
        "Closed, because the service does not know this mailbox any more. %(money)s If it is still wanted, buy a new "
        "one, starting from the contact; it is paid anew."),
}


class OpenapiPecRecordMixin(models.AbstractModel):
    """What the service does not know any more, or another account has: noted, closed, and taken up again."""
    _inherit = 'openapi_pec.record.mixin'

    # ------------------------------------------------------------ COMPUTE

    @api.depends('environment', 'company_id.openapi_pec_accounts')
    @api.depends_context('lang')
    def _compute_account_sentence(self):
        for record in self:
            company = record.company_id._openapi_pec_filter_own()
            record.account_sentence = bool(
                record.environment and company) and company._openapi_pec_get_account_sentence(record.environment)

    @api.depends(
        'remote_id', 'environment', 'left_account', 'company_id.openapi_pec_accounts',
        'company_id.openapi_pec_sealed_tokens')
    @api.depends_context('lang')
    def _compute_elsewhere_sentence(self):
        accounts = self._get_accounts_elsewhere()
        for record in self:
            account = accounts.get(record)
            record.elsewhere_sentence = bool(account) and not record.account_sentence and (
                record._in_words(ELSEWHERE_SENTENCES[record._name]) % {
                    'account': record.company_id._openapi_pec_get_account_words(account)})

    def _get_accounts_elsewhere(self):
        """Return those of these records that another account has than their company's present one, and which.

        :return: ``{record: account, as the journal names it}``
        :rtype: dict
        """
        found = {}
        own = self.filtered(lambda record: record.remote_id and record.company_id._openapi_pec_filter_own())
        for (company, environment), records in own.grouped(lambda own: (own.company_id, own.environment)).items():
            made = {line.remote_id: line.account for line in company._openapi_pec_get_lines_elsewhere(environment)}
            left = {record: record.left_account for record in records if record.left_account
                    and not company._openapi_pec_is_account(environment, record.left_account)}
            found.update({record: made[record.remote_id] for record in records if record.remote_id in made} | left)
        return found

    # ------------------------------------------------------------ COMPUTE: which records are away

    def _is_away(self):
        """Return whether the service, or this account, does not show this record, so that nothing can be done now."""
        return self.is_gone or bool(self.elsewhere_sentence)

    def _check_not_away(self):
        """Raise when the documents of this record cannot be sent, because it is gone or in another account."""
        if self._is_away():
            raise UserError(
                self.env._(
                    "%s Nothing was sent or spent.", self.elsewhere_sentence or self.sudo()._get_gone_sentence()))

    def _get_elsewhere(self):
        """Return those of these records that were made in another account, which alone shows whether they are gone."""
        return self.browse().union(*self._get_accounts_elsewhere())

    def _get_elsewhere_domain(self):
        """Return the domain of the records that may have been made in another account than their company has now."""
        lines = self.env['res.company']._openapi_pec_get_known()._openapi_pec_get_elsewhere_domain(
            'sandbox', 'production')
        return fields.Domain('left_account', '!=', False) | fields.Domain('api_call_ids', 'any', lines)

    def _is_closable(self):
        """Return whether a manager may close this record, which is gone or was made in another account."""
        return self._is_open_at_service() and (self.is_gone or self._is_left_for_good())

    def _is_left_for_good(self):
        """Return whether it is certain that this record was made in an account that its company has left."""
        return bool(self.elsewhere_sentence) and not self.company_id._openapi_pec_is_unsure(self.environment)

    def _is_closed_here(self):
        """Return whether a manager, and not the service, closed this record: it is followed again when it shows."""
        return bool(self.remote_id) and self.state == self._closed_state and (
            self._state_by_stato.get(self.remote_state) != self._closed_state)

    @api.model
    def _closed_here_domain(self):
        """Return the domain of :meth:`_is_closed_here`."""
        closing = [stato for stato, state in self._state_by_stato.items() if state == self._closed_state]
        return fields.Domain(
            [('remote_id', '!=', False), ('state', '=', self._closed_state), ('remote_state', 'not in', closing)])

    # ------------------------------------------------------------ SYNCHRONISATION

    def _on_not_found(self, error):
        """Apply that the service, asked by a person's click, does not know this record.

        :param Gone error: its answer.
        :raise UserError: whether it is gone that does not tell, as the account is, or may be, another one.
        """
        if self.company_id._openapi_pec_is_unsure(self.environment):
            raise UserError(self.env._(
                "The service was asked and does not know it, but %s. Nothing was changed or spent.",
                self._in_words(const.service.UNSURE_CALL),
            )) from error
        if self.elsewhere_sentence:
            raise UserError(self.elsewhere_sentence) from error
        self._on_gone()

    def _note_account_of(self, client, record):
        """Learn from what was read of this record which account the token leads to, unless that is known.

        Also when it was another one.
        """
        if self.elsewhere_sentence or self.company_id._openapi_pec_is_unsure(self.environment):
            self.company_id._openapi_pec_note_account(client, Listing([record]), self.environment)

    def _on_gone(self):
        """Say once that the service does not know these records any more, and what is known of their money.

        What was made in another account is not gone, nor is what was called so before that was known.
        """
        elsewhere = self._get_elsewhere()
        elsewhere.filtered('is_gone')._on_not_gone()
        for record in self - elsewhere:
            record = record._for_reader()
            sentence, is_news = record._get_gone_sentence(), not record.is_gone
            record.is_gone = True
            if record[record._call_state_field] not in ('queued', 'unconfirmed'):  # whose sentence comes first
                record.error_message = sentence
            if is_news:
                record._announce(sentence)
                record.activity_unlink(record._document_activities)
                if record._is_open_at_service():
                    record._plan_activity('mail_activity_type_gone', record.env._(
                        "The service does not know it any more: ask Openapi's support, or close it"))

    def _on_other_record(self):
        """Notify people once that the service returns other records for these: their state is kept."""
        for record in self:
            record = record._for_reader()
            summary = record.env._("The service answers with another record's data: ask Openapi's support to mend it")
            planned = record.activity_search(['l10n_it_openapi_pec.mail_activity_type_gone'])
            if summary not in planned.mapped('summary'):
                record._plan_activity('mail_activity_type_gone', summary)

    def _on_not_gone(self):
        for record in self:
            record = record._for_reader()
            record.write({'is_gone': False, **({'error_message': False} if record._is_open_at_service() else {})})
            record.activity_unlink(['l10n_it_openapi_pec.mail_activity_type_gone'])
            record._announce(record.elsewhere_sentence)

    def _on_known_again(self):
        """Apply that the service knows these records again; what was closed meanwhile is followed again."""
        for record in self:
            record = record._for_reader()
            if record[record._call_state_field] not in ('queued', 'unconfirmed', 'failed'):  # whose sentence it is
                record.error_message = False
            sentence = record.env._("the service knows it again.") if record.is_gone else record.env._(
                "it shows in the account whose token is in the settings now, and is followed again.")
            if record.is_gone:
                record._plan_documents()
            record.is_gone = False
            record.activity_unlink(['l10n_it_openapi_pec.mail_activity_type_gone'])
            record._announce(sentence)

    # ------------------------------------------------------------ COMPUTE: the sentences

    def _judge_account(self):
        """Judge whether it is known in which account this record would be made, and paid."""
        if self.company_id._openapi_pec_is_unsure(self.company_id.openapi_pec_environment):
            yield self._get_finding(self._address_field, 'account_unsure')

    def _get_gone_sentence(self):
        return self._in_words(GONE_SENTENCES[self._name]) % {
            'id': self.remote_id, 'money': self._get_gone_money()}

    def _get_gone_money(self):
        """Return the sentence that says what is known of the money of this record, which is gone."""
        made = self.sudo().api_call_ids.filtered(
            lambda line: line.state == 'accepted' and line.operation in const.service.CREATIONS)
        return self._in_words(GONE_MONEY[made[:1].money])

    def _get_closing_sentence(self):
        """Return what a person has to know before closing this record: what happened, the money, what to do first."""
        if self._is_left_for_good():
            return self._in_words(LEFT_SENTENCES[self._name]) % self._get_left_values()
        return self._get_gone_sentence()

    def _get_left_values(self):
        """Return the values for the sentences about a record that was made in another account (dict)."""
        account = self._get_accounts_elsewhere()[self]
        return {
            'account': self.company_id._openapi_pec_get_account_words(account), 'money': self._get_gone_money(),
            'id': self.remote_id}

    # ------------------------------------------------------------ ACTIONS

    def _close_gone(self, reason, user):
        """Close a record that is gone, or was made elsewhere, as a manager decided; the chatter keeps the reason."""
        if self._is_left_for_good():
            self.write({'is_gone': False, 'error_message':
                self._in_words(CLOSED_ELSEWHERE_SENTENCES[self._name]) % self._get_left_values()})
            sentence = self.env._("closed by %(user)s, because it was made in another Openapi account and: %(reason)s",
                                  user=user.name, reason=reason)
        else:
            self.error_message = self._in_words(CLOSED_SENTENCES[self._name]) % {'money': self._get_gone_money()}
            sentence = self.env._("closed by %(user)s, because the service does not know it any more and: %(reason)s",
                                  user=user.name, reason=reason)
        self._on_state_entered(self._closed_state, sentence)

    def action_accept_account(self):
        """Record that the token leads to another account than the one in which this record was made."""
        self.check_access('write')
        check_right(self.env, 'decide')
        for record in self:
            if not record.environment or not record.company_id._openapi_pec_is_unsure(record.environment):
                raise UserError(
                    self.env._("There is nothing to decide about the account of %s any more.", record.display_name))
            record.company_id._openapi_pec_accept_account(record.environment)
            record._message_log(
                body=self.env._("%s says that the token leads to another account now.", self.env.user.name))
