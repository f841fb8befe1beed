from odoo import models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.lock import claim, lock_rows

from .mailbox import NORMALIZERS

_lt = LazyTranslate(__name__, default_lang='en_US')

# What the chatters say of a change that is given up although an earlier call for the same was not found.
GIVEN_UP_CHANGE = _lt(
    "given up: %s. Whether its earlier call was executed and paid is not certain: look into the Openapi console.")


class OpenapiPecMailbox(models.Model):
    """A person asks for one operation on a mailbox at a time: what is possible, the question, and giving it up.

    An operation is bound to what the mailbox was like when it was asked for (``snapshot``): right before the call it
    must still be so, and after a lost answer the comparison tells whether the call was executed.
    """
    _inherit = 'openapi_pec.mailbox'

    # ------------------------------------------------------------ what is possible

    def _check_orderable(self, operation):
        """Raise when an operation is not possible now.

        :param str operation: key of ``const.mailbox.OPERATIONS``.
        """
        self.ensure_one()
        rule = const.mailbox.OPERATIONS[operation]
        label = self._in_words(rule.label)
        if self.call_state in const.mailbox.CALLING:
            raise UserError(self.env._(
                "%(operation)s: something else is under way for %(mailbox)s. Nothing was sent or spent; wait for its "
                "outcome.",
                operation=label, mailbox=self.display_name))
        if self.is_gone:
            raise UserError(self.env._(
                "%(operation)s is not possible now: the service does not know %(mailbox)s any more. Nothing was sent "
                "or spent; press Refresh if it should know it again.", operation=label, mailbox=self.display_name))
        self._check_not_away()
        if self.state not in rule.states:
            raise UserError(self.env._(
                "%(operation)s is not possible now: %(mailbox)s is \"%(state)s\". Nothing was sent or spent.",
                operation=label, mailbox=self.display_name, state=self._get_state_label()))
        if not self.mailbox_type and rule.types != const.mailbox.ALL_TYPES:
            raise UserError(self.env._(
                "%(operation)s: whether this mailbox allows it depends on its type, which the service does not say. "
                "Nothing was sent or spent; do it in the Openapi console.", operation=label))
        if self.mailbox_type and self.mailbox_type not in rule.types:
            raise UserError(self.env._(
                "%(operation)s: a mailbox of this type does not allow it. Nothing was sent or spent.", operation=label))
        if not self._is_draft() and self.environment and self.environment != self.company_id.openapi_pec_environment:
            raise UserError(self.env._(
                "%(mailbox)s belongs to another environment than the one that %(company)s uses now. Nothing was sent "
                "or spent.",
                mailbox=self.display_name, company=self.company_id.display_name))
        if operation == 'mailbox_user' and self.user_count >= const.mailbox.MAX_USERS:
            raise UserError(self.env._(
                "This mailbox has %s users, which is the most there can be.", const.mailbox.MAX_USERS))
        self.company_id._openapi_pec_check_configured()

    def _get_state_label(self):
        return dict(self._fields['state']._description_selection(self.env))[self.state]

    # ------------------------------------------------------------ the question

    def _open_order(self, operation):
        """Read the mailbox anew, and open the question that an operation asks before its click.

        :param str operation: key of ``const.mailbox.OPERATIONS``, with a ``wizard``.
        :return: the action that opens it.
        """
        self._check_may_spend()
        self._check_orderable(operation)
        if self.remote_id:
            self._refresh_before_asking()
            self._check_known()
            self._check_orderable(operation)
        if operation not in const.service.FREE_OPERATIONS:
            self.company_id._openapi_pec_read_wallet()  # at last: it locks what others write
        return {
            'type': 'ir.actions.act_window',
            'name': self._in_words(const.mailbox.OPERATIONS[operation].label),
            'res_model': const.mailbox.OPERATIONS[operation].wizard,
            'view_mode': 'form',
            'target': 'new',
            'context': {'default_mailbox_id': self.id, 'default_snapshot': self._get_shown(operation)},
        }

    def _get_shown(self, operation):
        """Return what tells whether this mailbox is still as a question about an operation showed it (JSON)."""
        is_creation = const.mailbox.OPERATIONS[operation].is_creation
        return self._take_snapshot() if is_creation else self.sudo().snapshot

    def _check_as_shown(self, operation, shown):
        """Raise when this mailbox has changed since a question about it was opened.

        :param str operation: key of ``const.mailbox.OPERATIONS``.
        :param shown: what :meth:`_get_shown` returned then.
        """
        if shown == self._get_shown(operation):
            return
        if const.mailbox.OPERATIONS[operation].is_creation:
            raise UserError(self.env._(
                "The draft of the mailbox has been changed since you opened this question, so nothing was sent or "
                "spent. Close it, look at the mailbox, and buy it if it is right."))
        raise UserError(self.env._(
            "The mailbox has changed at the service since you opened this question, so nothing was done or spent."
            " Close it, look at the mailbox, and ask again if it is still wanted."))

    # ------------------------------------------------------------ ACTIONS

    def action_open_buy(self):
        """Ask for the confirmation of the price of this mailbox."""
        self.check_access('write')
        self._check_buyable()
        return self._open_order('mailbox_create')

    def action_open_renew(self):
        """Ask for how many years to renew."""
        self.check_access('write')
        return self._open_order('mailbox_renew')

    def action_open_modify(self):
        """Ask how much space to add."""
        self.check_access('write')
        return self._open_order('mailbox_modify')

    def action_open_transform(self):
        """Ask to which type to upgrade."""
        self.check_access('write')
        return self._open_order('mailbox_transform')

    def action_open_user(self):
        """Ask whom to add as a user."""
        self.check_access('write')
        return self._open_order('mailbox_user')

    def action_open_store(self):
        """Ask for the confirmation of legal storage."""
        self.check_access('write')
        self._check_documents()
        return self._open_order('mailbox_store')

    def action_open_revoke(self):
        """Ask for the confirmation of the revocation."""
        self.check_access('write')
        return self._open_order('mailbox_revoke')

    def action_send_documents(self):
        """Have the signed activation form and the identity document delivered once, after this transaction. Free."""
        self.check_access('write')
        self._check_orderable('mailbox_activate')
        self._refresh_before_asking()
        self._check_known()
        self._check_orderable('mailbox_activate')
        self._check_documents()
        self._ask_for('mailbox_activate')

    def _refresh_before_asking(self):
        """Read this mailbox from the service, or raise when that takes too long.

        What the mailbox is like decides what may be asked for.
        """
        if self.action_refresh():
            raise UserError(self.env._(
                "The service answers slowly, and the mailbox has to be read before anything is asked of it. Nothing "
                "was changed or spent; try again in some minutes."))

    def action_submit_now(self):
        """Make the call that waits, at once: after the wallet was topped up, for instance."""
        self._check_may_spend()
        for mailbox in self:
            if mailbox.call_state != 'queued':
                raise UserError(self.env._(
                    "There is no call waiting for %s. It is not made a second time.", mailbox.display_name.rstrip('.')))
        self.company_id._openapi_pec_check_configured()
        self.company_id._openapi_pec_resume()
        self.sudo()._queue_again()

    def action_give_up(self):
        """Give up the call that waits and has not been sent."""
        self.check_access('write')
        for mailbox in self.sudo():
            if mailbox.call_state != 'queued' or not lock_rows(mailbox, skip_locked=True):
                raise UserError(
                    self.env._("There is no call waiting for %s that could be given up.", mailbox.display_name))
            sought = mailbox._is_buying() and mailbox._get_lines_not_found()
            mailbox._announce(mailbox._get_given_up_sentence())
            mailbox.write({
                'call_state': False, 'operation': False, 'request': False, 'error_message': False, 'retry_at': False,
                'is_held': False, 'candidates': False, 'unlooked_since': False,
                **({'environment': False} if not mailbox.remote_id and not sought else {})})
            mailbox._drop_activities()

    # ------------------------------------------------------------ asking for it

    def _ask_for(self, operation, reason=None, **request):
        """Have an operation called once, after this transaction.

        :param str operation: key of ``const.mailbox.OPERATIONS``.
        :param str reason: why it is asked for although the same was asked for and does not show yet, or a budget is
            exceeded.
        :param request: what is asked for: see ``tools.outcome.changed.judge``.
        :raise UserError: it is not possible now.
        """
        self._require_reason_if_sighted(operation, reason)
        self._require_reason_if_awaited(operation, reason)
        self._check_orderable(operation)
        mailbox = self.sudo()
        if const.mailbox.OPERATIONS[operation].is_creation:
            mailbox._freeze()
        if const.mailbox.OPERATIONS[operation].has_documents:
            mailbox._prepare_delivery()
        mailbox.write({'operation': operation, 'request': {**request, 'before': mailbox.snapshot}, 'candidates': False})
        mailbox._drop_activities()
        mailbox._clear_spending(reason)._queue_call()

    def _freeze(self):
        """Keep the data of this draft as the service wants them, in the environment of its company."""
        environment = self.company_id.openapi_pec_environment
        self.write({
            'refused': False,
            **{field: normalize(self[field]) for field, normalize in NORMALIZERS.items()},
            # of an earlier choice, which the form hides
            **({} if self._has_other() else {'customer_subtype_other': False}),
        })
        if claim(self, 'environment', environment):
            raise UserError(self.env._(
                "%s: the same address is just being bought by somebody else. Nothing was sent or spent for yours: "
                "follow that mailbox, do not pay twice.", self.display_name))
        self.environment = environment

    # ------------------------------------------------------------ giving it up

    def _get_given_up_sentence(self):
        """Return what the chatters say of an operation that is given up, with what is known of the money."""
        if self._is_earlier_call_unknown():
            return self._in_words(const.service.GIVEN_UP_SENTENCE) if self._is_buying() else (
                self._in_words(GIVEN_UP_CHANGE) % self._get_operation_label())
        return self.env._("given up before it was sent: %s. Nothing was spent.", self._get_operation_label())

    def _is_buying(self):
        """Return whether what is asked for is the mailbox itself."""
        return const.mailbox.OPERATIONS[self.operation].is_creation

    def _get_operation_label(self):
        return self._in_words(const.mailbox.OPERATIONS[self.operation].label)
