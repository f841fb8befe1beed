from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.lock import claim, lock_rows
from odoo.addons.l10n_it_openapi_pec.models.service.rights import check_right
from odoo.addons.l10n_it_openapi_pec.models.spending.clearance import get_asker
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import NotSent, OpenapiPecError
from odoo.addons.l10n_it_openapi_pec.tools.api.signature_data import ENDED, Certificate
from odoo.addons.l10n_it_openapi_pec.tools.outcome.created import fold


class OpenapiPecCertificate(models.Model):
    """A certificate for remote signatures that was bought for a person: paid, once, as filings are.

    The person identifies himself at the link that the service tells; then PIN and app are his alone, and nothing of
    them comes here. Username and PIN of an automatic one are typed in the settings: see ``signing_certificate``.
    """
    _name = 'openapi_pec.certificate'
    _description = "Certificate for Remote Signatures"
    _inherit = ['openapi_pec.reference.mixin', 'mail.thread', 'mail.activity.mixin']
    _order = 'id desc'
    _rec_name = 'partner_id'
    _asking_access = 'read'  # people write none of it
    _refusal_sentences = const.remote_signature.REFUSALS
    _mail_post_access = 'read'  # nobody changes it, but its link is sent from here

    partner_id = fields.Many2one(
        'res.partner', "For", required=True, readonly=True, index=True, ondelete='restrict',
        help="The person who signs with it.")
    kind = fields.Selection(const.sign_many.KINDS, required=True, readonly=True, default='otp')
    holder = fields.Char(
        "Made Out to", compute='_compute_holder', store=True, precompute=True,
        help="As it was shown when it was asked for, whatever the contact is called later.")
    company_id = fields.Many2one(
        'res.company', required=True, readonly=True, index=True, help="The company whose Openapi account pays.")
    user_id = fields.Many2one('res.users', "Responsible", required=True, readonly=True)
    state = fields.Selection(const.remote_signature.CERTIFICATE_STATES, required=True, readonly=True, index=True)
    is_open = fields.Boolean(readonly=True, help="It is under way: nobody buys another one for the same person.")
    is_further = fields.Boolean(readonly=True, help="It is meant beside one that the account has already.")
    candidate = fields.Char(readonly=True, help="Identifier of a certificate that the account has already.")
    remote_state = fields.Char("State at the Service", readonly=True, help="As the service calls it.")
    link = fields.Char("Where the Person Identifies Himself", readonly=True)
    expires_at = fields.Datetime("Expires", readonly=True)
    is_end_told = fields.Boolean(readonly=True, help="Somebody was told that it expires soon.")
    can_be_freed = fields.Boolean(compute='_compute_can_be_freed')

    _reference_unique = models.UniqueIndex('(reference)')
    _remote_id_unique = models.UniqueIndex("(environment, remote_id) WHERE remote_id IS NOT NULL")
    # A double click, another user and another server buy one.
    _one_open = models.UniqueIndex(
        "(partner_id, company_id, environment, kind) WHERE is_open",
        "A certificate for this person is being bought already.")

    @api.depends('partner_id')  # and not its name
    def _compute_holder(self):
        for certificate in self:
            certificate.holder = certificate.partner_id._get_openapi_pec_holder()

    @api.depends('state', 'api_call_ids.looks', 'api_call_ids.state')
    def _compute_can_be_freed(self):
        for certificate in self:
            line = certificate._get_lines_in('pending')
            certificate.can_be_freed = bool(line) and line._may_be_freed()

    # ------------------------------------------------------------ CRUD

    def write(self, vals):
        if 'state' in vals:
            vals = {**vals, 'is_open': vals['state'] in const.remote_signature.OPEN_CERTIFICATES}
        return super().write(vals)

    # ------------------------------------------------------------ CALLS: step 1, the user's transaction

    @api.model
    def _buy(self, company, partner, reason=None, kind='otp', typed=None):
        """Have a certificate bought for a person, after this transaction.

        :param company: whose account pays.
        :param str reason: why it is bought although a budget is exceeded.
        :param str kind: of ``const.sign_many.KINDS``.
        :param float typed: its price (EUR), as it was typed where none is known.
        :return: the certificate.
        :raise UserError: one is being bought already, or the spending rule is against it; nothing was spent.
        """
        certificate = self.sudo().create({
            'partner_id': partner.id, 'company_id': company.id, 'environment': company.openapi_pec_environment,
            'user_id': get_asker(self.env).id, 'state': 'queued', 'kind': kind})
        if claim(certificate, 'is_open', True):
            certificate.unlink()
            raise UserError(self._in_words(const.remote_signature.BOUGHT_ALREADY) % partner.display_name)
        certificate._clear_spending(reason, typed=typed)._queue_call()
        return certificate

    def _buy_held(self, reason=None, typed=None):
        """Have it bought although the account has one for a person of this name: it is asked for anew.

        :param reason, typed: as of :meth:`_buy`.
        :raise UserError: that is not asked (any more), or the spending rule is against it; nothing was spent.
        """
        own = self._lock_in('held')
        own.write({'is_further': True, 'candidate': False})
        own._clear_spending(reason, typed=typed)._queue_call()

    @api.model
    def _find_known(self, company, partner, kind):
        """Return the certificates of a kind that a person has or is getting here, as any contact of that name; those
        whose purchase was not found, and was perhaps paid, are among them.
        """
        holder = fold(partner._get_openapi_pec_holder())
        return self.sudo().search([
            ('company_id', 'in', company._openapi_pec_with_same_account().ids),
            ('environment', '=', company.sudo().openapi_pec_environment), ('kind', '=', kind),
            '|', ('state', 'in', list(const.remote_signature.KNOWN_CERTIFICATES)),
            ('id', 'in', self._search_lines('never_arrived').mapped('res_id')),
        ]).filtered(lambda known: known.partner_id == partner or fold(known.holder) == holder)

    def _get_known_sentences(self):
        """Return what is said of these before another one is bought for the same person (list)."""
        untold = self.env._("a day that is not told")
        freed = self.filtered(lambda known: known._get_lines_in('never_arrived'))
        return [
            *freed[:1].mapped(lambda known: known._say_paid(*const.service.PAID_AGAIN)),
            *(self._in_words(const.remote_signature.KNOWN_CERTIFICATES[known.state]) % {
                'holder': known.holder,
                'date': format_date(self.env, known.expires_at) if known.expires_at else untold}
              for known in self - freed)]

    def action_give_up(self):
        """Give up what is not bought yet.

        :raise UserError: it is being bought, or is bought.
        """
        own = self._lock_in('queued', 'held')
        own._close_with('cancelled', own._in_words(const.remote_signature.GIVEN_UP))

    def action_buy_further(self):
        """Buy it although the account has one for a person of this name; where more is to be answered, ask that first.

        :return: the action that opens the question; None when it is being bought.
        :raise UserError: that is not asked (any more).
        """
        own = self._get_in('held')
        question = self.env['openapi_pec.certificate.purchase'].create({
            'partner_id': own.partner_id.id, 'company_id': own.company_id.id, 'held_id': own.id,
            'kind': own.kind})
        question._check_possible()
        if question._is_answer_wanted():
            return question._open(self.env._("Buy Another One"))
        self._buy_held()
        return None

    def action_take_over(self):
        """Take over the certificate that the account has already, instead of buying another one.

        :raise UserError: that is not asked (any more), or it cannot be read now.
        """
        own = self._get_in('held')
        if not own.candidate:
            raise UserError(self.env._(
                "None of those that the account has can be taken over. Nothing was changed or spent."))
        if self.sudo().search_count([('environment', '=', own.environment), ('remote_id', '=', own.candidate)]):
            raise UserError(self.env._(
                "That certificate was taken over already, for another contact: use it there. Give this one up, or buy "
                "another one. Nothing was changed or spent."))
        try:
            client = own.company_id._openapi_pec_client(own.environment, own._api_name)
            found = client.get_certificate(own.candidate)
        except OpenapiPecError as error:
            own._raise_unread(error, own.environment)
        self._lock_in('held')  # what has changed since this transaction began to read cannot be locked
        own._message_log(body=own.env._("%s took over what the account had already. Nothing was spent.",
                                        self.env.user.name))
        own._apply(found)

    def action_open_free(self):
        """Open the question whether the lost call was not executed."""
        check_right(self.env, 'decide')
        self.ensure_one()
        self.check_access('read')
        question = self.env['openapi_pec.certificate.freeing'].create({'certificate_id': self.id})
        return question._get_records_action(name=self.env._("Is It Not There?"), target='new')

    def action_free(self, reason):
        """Say that the lost call, which was looked for in vain, was not executed.

        :param str reason: why; kept in the chatter.
        :raise UserError: it may not be said (yet), or the reason is missing.
        """
        own = self._lock_in('unconfirmed')
        line, user = own._get_lines_in('pending'), self.env.user
        if not line._without_live_worker() or not line._may_be_freed():
            raise UserError(self.env._(
                "The call is being looked for still: nothing was changed or spent. Look again in some minutes."))
        if not line._may_be_freed_by(user):
            raise UserError(self.env._(
                "Only a system administrator can free a call while no look can be believed, so nothing was changed or "
                "spent. %s",
                line.with_env(self.env)._get_doubts()))
        reason = own._require_reason(reason)
        own._message_log(body=own.env._("%(user)s decided that the call was not executed, because: %(reason)s",
                                        user=user.name, reason=reason))
        own._for_reader()._free_line(line, reason)

    def _on_call_freed(self, operation, sentence):
        return super()._on_call_freed(
            operation, f'{sentence} {self._in_words(const.remote_signature.GOES_ON_LOOKING)}')

    def _lock_in(self, *states):
        """Return this certificate as :meth:`_get_in` does, locked."""
        check_right(self.env, 'decide')
        self.check_access('read')
        lock_rows(self)
        return self._get_in(*states)

    def _get_in(self, *states):
        """Return this certificate, as superuser, in one of some states, for a manager.

        :raise UserError: it is in another one.
        """
        check_right(self.env, 'decide')
        self.ensure_one()
        self.check_access('read')
        own = self.sudo()
        if own.state not in states:
            raise UserError(self._in_words(const.remote_signature.CHANGED))
        return own

    # ------------------------------------------------------------ CALLS: look before paying

    def _look_before_paying(self):
        free = []
        for certificate in self:
            looks = certificate._in_transaction(lambda own: own._prepare_look())
            for client, owner, reference in looks:
                try:
                    told = client.find_certificates_of(owner, reference)
                    error = None if told.is_whole and not told.unreadable else NotSent(
                        "The service's list cannot be read", reason='list_unreadable')
                except OpenapiPecError as failure:
                    told, error = [], failure
                looks = certificate._in_transaction(lambda own, told=told, error=error: own._judge_look(told, error))
            free += [] if looks else certificate.ids
        return free

    def _prepare_look(self):
        """Return the client, and name and reference that are looked for, in a list; none where nothing is to be looked
        for.
        """
        if not self.filtered_domain(self._due_domain()) or not self._is_of_present_environment():
            return []
        try:
            client = self.company_id._openapi_pec_client(self.environment, self._api_name)
            return [(client, self._get_owner(), self.reference)]
        except NotSent:
            return []  # which the call will say

    def _judge_look(self, rows, error):
        """Apply a look before paying.

        :param list rows: the certificates that the account has for this name.
        :return: why it is not to be bought now, in a list; an empty one when it is.
        """
        lock_rows(self)
        if self.state != 'queued':
            return ['changed']
        own = self._for_reader()
        if error is not None:
            own._requeue(own._get_error_words(error))
            return ['unread']
        if found := own._find_own(rows):
            own._adopt(found)
            return ['adopted']
        known = set(self.search([
            ('environment', '=', self.environment), ('remote_id', 'in', [row.id for row in rows])]).mapped('remote_id'))
        strangers = [] if self.is_further else [
            row for row in rows
            if row.id not in known and row.state not in ENDED
            and const.sign_many.KIND_AT_SERVICE.get(row.kind, self.kind) == self.kind]
        if strangers:
            kind = 'several' if strangers[1:] else 'lost' if own._is_lost_purchase(strangers[0]) else 'one'
            own.candidate = kind == 'one' and strangers[0].id
            own._close_with('held', own._in_words(const.remote_signature.HELD[kind]) % '; '.join(
                map(own._describe, strangers)))
            own._plan_activity('mail_activity_type_decide', own.env._("Decide whether another certificate is bought"))
        elif self._is_earlier_call_unknown() and self.company_id._openapi_pec_is_unsure(self.environment):
            own._requeue(own._in_words(const.service.UNSURE_CALL))
            return ['unsure']
        return strangers[:1] and ['held']

    def _is_earlier_call_unknown(self):
        return bool(self._find_known(self.company_id, self.partner_id, self.kind)._get_lines_in('never_arrived'))

    def _adopt(self, found):
        """Go on with what the account has of this very purchase already: another database has made it, of which this
        one is a copy, or this one before it was restored.

        :param list found: certificates with its reference.
        """
        operation, now = self._due_operation(), fields.Datetime.now()
        chosen = self._choose_found(found)
        self._create_line(
            operation, state='accepted', is_price_known=False, vendor_account_id=False, remote_id=chosen.id,
            ended_at=now, last_look_at=now, message=self._in_words(const.service.FOUND_BEFORE))
        self._on_call_accepted(operation, chosen._asdict(), now)
        self._tell_doubled(found)

    def _is_lost_purchase(self, row):
        """Return whether what the account has is what a purchase of ours has made whose answer is looked for still."""
        lost = self.search([('environment', '=', self.environment), ('state', '=', 'unconfirmed')])
        return any(row.is_of(reference) for reference in lost.mapped('reference'))

    def _describe(self, row):
        """Return what the account tells of a certificate (of ``tools.api.signature_data``), in a few words."""
        if row.expires_at is None:
            return self.env._("%(id)s (%(state)s)", id=row.id, state=row.state)
        return self.env._("%(id)s (%(state)s, expires on %(date)s)", id=row.id, state=row.state,
                          date=format_date(self.env, row.expires_at.date()))

    def _get_owner(self):
        return self.holder

    # ------------------------------------------------------------ CALLS: steps 2 and 3

    def _due_operation(self):
        return f'certificate_{self.kind}'

    def _prepare_call(self, operation, client):
        buy = partial(
            client.buy_certificate, operation, self._get_owner(), self.reference, self._prepare_callback())
        return partial(self._call_in_time, lambda: buy()._asdict())

    def _prepare_sent(self, operation):
        return {'certificateOwner': self._get_owner(), 'customReference': self.reference}

    # ------------------------------------------------------------ CALLS: step 4, the outcome

    def _on_call_accepted(self, operation, data, started_at):
        self.write({'error_message': False, 'retry_at': False, 'retry_count': 0})
        self._apply(Certificate(**data))

    def _get_token_advice(self):
        return self.env._(
            "The service does not accept the token, or the token lacks the scope for certificates. Ask an "
            "administrator to check it in the settings, then buy the certificate again.")

    def _on_call_refused(self, operation, sentence):
        self._close_with('failed', sentence)

    def _on_call_unknown(self, line):
        result = super()._on_call_unknown(line)
        self._trigger_cron(self._synchronize_job, line._get_next_look())
        return result

    def _on_account_paused(self, sentence):
        self._plan_activity('mail_activity_type_account', sentence)

    def _pause_account(self):
        """Pause nothing: a token may lack the scopes for certificates alone."""

    def _close_with(self, state, sentence):
        """Bring this certificate to a state, with a sentence that is kept in its chatter as well."""
        self.activity_unlink(['l10n_it_openapi_pec.mail_activity_type_decide'])
        self.write({'state': state, 'error_message': sentence, 'retry_at': False})
        self._message_log(body=sentence)
