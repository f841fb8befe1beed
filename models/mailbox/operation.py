import logging
from datetime import datetime, timezone
from functools import partial

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date
from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.api_call import OPERATIONS
from odoo.addons.l10n_it_openapi_pec.models.service.lock import claim, lock_rows
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import BadToken, Gone, OpenapiPecError
from odoo.addons.l10n_it_openapi_pec.tools.api.mailbox_calls import write_date
from odoo.addons.l10n_it_openapi_pec.tools.outcome import changed as mailbox_truth
from odoo.addons.l10n_it_openapi_pec.tools.pec import address as pec_address

from .mailbox import NORMALIZERS

_logger = logging.getLogger(__name__)

_lt = LazyTranslate(__name__, default_lang='en_US')

# The same of a change of a mailbox that is given up, and what is added where a later call of any record was refused or
# not sent.
GIVEN_UP_CHANGE = _lt(
    "given up: %s. Whether its earlier call was executed and paid is not certain: look into the Openapi console.")

# What the chatters say when a mailbox has come to a state.
STATE_SENTENCES = {
    'registered': _lt("registered. It is not active yet: the activation form has to be signed and sent with an "
                      "identity document."),
    'activating': _lt("the signed form is delivered. The provider activates the mailbox."),
    'documents_wrong': _lt(
        "the provider does not accept the documents, without saying why. Check that the form is complete and signed, "
        "and that the identity document is the applicant's, valid and readable on both sides; then send both again, "
        "which costs nothing."),
    'active': _lt("active. It can send and receive."),
    'revoked': _lt("revoked. It neither sends nor receives; a renewal brings it back."),
    'closed': _lt("closed by the provider. A new mailbox has to be bought."),
    'annulled': _lt("the registration was annulled by the provider. A new mailbox has to be bought."),
}

MAX_USERS = 25

# What is only read back: field -> key
READ_TEXT_KEYS = {
    'owner': 'owner', 'activation_code': 'cod_attivazione', 'userid': 'uid', 'description': 'descrizione',
    'domain': 'dominio',
}

READ_DATE_KEYS = {'expires_on': 'data_scadenza', 'activated_on': 'data_attivazione'}
READ_FLAG_KEYS = {'has_storage': 'conservazione', 'has_sms': 'sms', 'has_archive': 'storico'}

READ_NUMBER_KEYS = {
    'disk_space': 'spazio_disco', 'archive_space': 'spazio_storico', 'storage_space': 'spazio_conservazione'}

# field -> key of `timestamp`
TIME_KEYS = {
    'registered_at': 'registrazione', 'remote_changed_at': 'ultima_modifica', 'processed_at': 'evasione',
    'revoked_at': 'revoca',
}

READ_LIST_KEYS = {'activation_documents': 'documenti_attivazione', 'storage_documents': 'documenti_conservazione'}

# (operation, code of the vendor) -> sentence. The vendor's own words follow in brackets. A 402 is told by the account's
# pause.
REFUSAL_SENTENCES = {
    ('mailbox_create', '224'): _lt("The service misses a piece of data. Complete it and buy again."),
    ('mailbox_create', '242'): _lt("The service does not accept a piece of data. Correct it and buy again."),
    ('mailbox_create', '326'): _lt(
        "The domain of this address is not certified, or belongs to somebody else. Choose an address of the provider's "
        "own domain."),
    ('mailbox_activate', '265'): const.mailbox._WRONG_ID,
    ('mailbox_activate', '266'): const.mailbox._UNKNOWN,
    ('mailbox_activate', '267'): _lt("The service does not take documents for this mailbox now. Refresh it to see its "
                                     "state."),
    ('mailbox_activate', '296'): _lt("The service takes PDF files alone. Upload form and identity document again as "
                                     "PDF."),
    ('mailbox_modify', '265'): const.mailbox._WRONG_ID,
    ('mailbox_modify', '266'): const.mailbox._UNKNOWN,
    ('mailbox_modify', '282'): _lt("Space for legal storage can be added only after legal storage is active. Activate "
                                   "it first."),
    ('mailbox_modify', '325'): _lt("The service takes multiples of 1024 MB (512 of legal storage), and no less than "
                                   "there is."),
    ('mailbox_transform', '265'): const.mailbox._WRONG_ID,
    ('mailbox_transform', '266'): const.mailbox._UNKNOWN,
    ('mailbox_transform', '272'): _lt("Only an active mailbox can be upgraded. Refresh it to see its state."),
    ('mailbox_transform', '276'): _lt("A mailbox can be changed to a larger type alone. Refresh it to see its type."),
    ('mailbox_store', '265'): const.mailbox._WRONG_ID,
    ('mailbox_store', '266'): const.mailbox._UNKNOWN,
    ('mailbox_store', '293'): _lt("Legal storage is active already. Refresh the mailbox."),
    ('mailbox_store', '294'): _lt("The service received no document. Upload the signed form again."),
    ('mailbox_store', '296'): _lt("The service takes PDF files alone. Upload form and identity document again as PDF."),
    ('mailbox_user', '212'): const.mailbox._WRONG_ID,
    ('mailbox_user', '213'): const.mailbox._UNKNOWN,
    ('mailbox_user', '217'): _lt("This mailbox has 25 users, which is the most there can be."),
    ('mailbox_user', '390'): _lt("A mailbox of this type takes no further users."),
    ('mailbox_renew', '203'): _lt("Only an active or revoked mailbox can be renewed. Refresh it to see its state."),
    ('mailbox_revoke', '301'): const.mailbox._WRONG_ID,
    ('mailbox_revoke', '302'): const.mailbox._UNKNOWN,
    ('mailbox_revoke', '303'): _lt("The mailbox was revoked already. Refresh it."),
    ('mailbox_revoke', '304'): _lt("Only an active mailbox can be revoked. Refresh it to see its state."),
    # What is changed is read right before: these are the codes of GET /pec/{id}.
    **{(operation, code): sentence for operation in const.mailbox.OPERATIONS if operation != 'mailbox_create'
       for code, sentence in (('201', const.mailbox._WRONG_ID), ('202', const.mailbox._UNKNOWN))},
    # tools/outcome/changed.py: what was seen before the click is no longer so
    **{(operation, 'changed'): _lt(
        "The mailbox has changed at the service since you last saw it, so nothing was done. Refresh it, look, and ask "
        "again if it is still wanted.") for operation in const.mailbox.OPERATIONS},
}

# operation -> function (client, identifier, request, documents) that makes the call
CALLS = {
    'mailbox_activate': lambda client, remote_id, request, documents: client.activate_mailbox(remote_id, documents),
    'mailbox_modify': lambda client, remote_id, request, documents: client.add_space(remote_id, request['spaces']),
    'mailbox_transform': lambda client, remote_id, request,
    documents: client.upgrade_mailbox(remote_id, request['mailbox_type']),
    'mailbox_store': lambda client, remote_id, request,
    documents: client.activate_storage(remote_id, documents, request['space']),
    'mailbox_user': lambda client, remote_id, request, documents: client.add_user(remote_id, request['user']),
    'mailbox_renew': lambda client, remote_id, request, documents: client.renew_mailbox(remote_id, request['years']),
    'mailbox_revoke': lambda client, remote_id, request, documents: client.revoke_mailbox(remote_id),
}
DOCUMENT_OPERATIONS = ('mailbox_activate', 'mailbox_store')


class OpenapiPecMailbox(models.Model):
    """What is asked of the service about a mailbox: one operation at a time, each called once.

    An operation is bound to what the mailbox was like when a person asked for it (``snapshot``): right before the call
    it must still be so, and after a lost answer the comparison tells whether the call was executed.
    """
    _inherit = 'openapi_pec.mailbox'
    _call_state_field = 'call_state'
    _closed_state = 'closed'
    _synchronize_job = 'mailboxes'
    _refusal_sentences = REFUSAL_SENTENCES
    _state_by_stato = const.mailbox.STATE_BY_STATO
    _state_sentences = STATE_SENTENCES
    _state_activities = const.mailbox.STATE_ACTIVITIES
    _activity_types = [f'l10n_it_openapi_pec.{xmlid}' for xmlid in (
        'mail_activity_type_mailbox_form', 'mail_activity_type_mailbox_send', 'mail_activity_type_mailbox_refused',
        'mail_activity_type_mailbox_expiry', 'mail_activity_type_mailbox_domicile', 'mail_activity_type_decide',
        'mail_activity_type_account', 'mail_activity_type_mail', 'mail_activity_type_gone',
    )]

    operation = fields.Selection(OPERATIONS, "Asked for", readonly=True, copy=False)
    call_state = fields.Selection([
        ('queued', "Queued"),
        ('unconfirmed', "Unconfirmed"),
        ('failed', "Failed"),
    ], "Call", readonly=True, copy=False, index='btree_not_null', help="What became of what was asked for last.")
    request = fields.Json(readonly=True, copy=False, help="What is asked for, and what the mailbox was like before.")
    snapshot = fields.Json(readonly=True, copy=False, help="What the mailbox was like when it was read last.")

    # ------------------------------------------------------------ asking for it

    def _check_orderable(self, operation):
        """Raise for people when an operation is not possible now."""
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
                "%(operation)s: whether this mailbox allows it depends on its type, which the service does not tell. "
                "Nothing was sent or spent; do it in the Openapi console.", operation=label))
        if self.mailbox_type and self.mailbox_type not in rule.types:
            raise UserError(self.env._(
                "%(operation)s: a mailbox of this type does not allow it. Nothing was sent or spent.", operation=label))
        if not self._is_draft() and self.environment and self.environment != self.company_id.openapi_pec_environment:
            raise UserError(self.env._(
                "%(mailbox)s belongs to another environment than the one that %(company)s uses now. Nothing was sent "
                "or spent.",
                mailbox=self.display_name, company=self.company_id.display_name))
        if operation == 'mailbox_user' and self.user_count >= MAX_USERS:
            raise UserError(
                self.env._("This mailbox has %s users, which is the most there can be.", MAX_USERS))
        self.company_id._openapi_pec_check_configured()

    def _get_state_label(self):
        return dict(self._fields['state']._description_selection(self.env))[self.state]

    def _open_order(self, operation):
        """Read the mailbox anew, and ask for the confirmation of an operation."""
        self._check_may_spend()
        self._check_orderable(operation)
        if self.remote_id:
            self._refresh_before_asking()
            self._check_known()
            self._check_orderable(operation)
        return {
            'type': 'ir.actions.act_window',
            'name': self._in_words(const.mailbox.OPERATIONS[operation].label),
            'res_model': 'openapi_pec.mailbox.order',
            'view_mode': 'form',
            'target': 'new',
            'context': {
                'default_mailbox_id': self.id, 'default_operation': operation,
                'default_snapshot': self._get_shown(operation)},
        }

    def _get_shown(self, operation):
        """Return what tells whether this mailbox is as it was shown to who is asked about an operation (as JSON can
        hold it).
        """
        return self._take_snapshot() if operation == 'mailbox_create' else self.sudo().snapshot

    def _check_as_shown(self, operation, shown):
        """Raise when this mailbox is not any more what it was like when a question about it was opened.

        :param shown: what :meth:`_get_shown` returned then.
        """
        if shown != self._get_shown(operation):
            raise UserError(self.env._(
                "The draft of the mailbox has been changed since you opened this question, so nothing was sent or "
                "spent. Close it, look at the mailbox, and buy it if it is right.") if operation == 'mailbox_create' else self.env._(
                "The mailbox has changed at the service since you opened this question, so nothing was done or spent."
                " Close it, look at the mailbox, and ask again if it is still wanted."))

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
        """Read this mailbox from the service, or raise when that takes too long: what it is like decides what may be
        asked for.
        """
        if self.action_refresh():
            raise UserError(self.env._(
                "The service answers slowly, and the mailbox has to be read before anything is asked of it. Nothing "
                "was changed or spent; try again in some minutes."))

    def _ask_for(self, operation, reason=None, **request):
        """Have an operation called once, after this transaction.

        :param str operation: key of ``const.mailbox.OPERATIONS``.
        :param str reason: why it is asked for although the same was asked for and does not show yet.
        :param request: what is asked for: see ``tools.outcome.changed.judge``.
        :raise UserError: it is not possible now.
        """
        self._check_orderable(operation)
        mailbox = self.sudo()
        if operation == 'mailbox_create':
            mailbox._freeze()
        if operation in DOCUMENT_OPERATIONS:
            mailbox._prepare_delivery()
        mailbox.write({'operation': operation, 'request': {**request, 'before': mailbox.snapshot}, 'candidates': False})
        mailbox._drop_activities()
        mailbox._queue_call()

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

    def action_submit_now(self):
        """Make the call that waits, at once: after the wallet was topped up, for instance."""
        self._check_may_spend()
        for mailbox in self:
            if mailbox.call_state != 'queued':
                raise UserError(self.env._(
                    "There is no call waiting for %s. It is not made a second time.", mailbox.display_name.rstrip('.')))
        self.company_id._openapi_pec_check_configured()
        self.company_id._openapi_pec_resume()
        self.sudo()._queue_call()

    def action_give_up(self):
        """Give up the call that waits and has not been sent."""
        self.check_access('write')
        for mailbox in self.sudo():
            if mailbox.call_state != 'queued' or not lock_rows(mailbox, skip_locked=True):
                raise UserError(
                    self.env._("There is no call waiting for %s that could be given up.", mailbox.display_name))
            sought = mailbox.operation == 'mailbox_create' and mailbox._get_lines_not_found()
            mailbox._announce(mailbox._get_given_up_sentence())
            mailbox.write(
                {'call_state': False, 'operation': False, 'request': False, 'error_message': False, 'retry_at': False,
                           'is_held': False, 'candidates': False, 'unlooked_since': False,
                           **({'environment': False} if not mailbox.remote_id and not sought else {})})
            mailbox._drop_activities()

    def _get_given_up_sentence(self):
        """Return what the chatters say of an operation that is given up, with what is known of the money."""
        if self._is_earlier_call_unknown():
            is_purchase = self.operation == 'mailbox_create'
            return self._in_words(const.service.GIVEN_UP_SENTENCE) if is_purchase else (
                self._in_words(GIVEN_UP_CHANGE) % self._get_operation_label())
        return self.env._("given up before it was sent: %s. Nothing was spent.", self._get_operation_label())

    def _get_operation_label(self):
        return self._in_words(const.mailbox.OPERATIONS[self.operation].label)

    # ------------------------------------------------------------ one call, once: what is ours (see the mixin)

    def _due_operation(self):
        return self.operation

    def _get_call_price(self, operation):
        return self._get_order_price(operation, self.request)

    def _get_order_price(self, operation, request):
        """Return the price of an operation, and whether it is known.

        :param dict request: what is asked for: see ``tools.outcome.changed.judge``.
        :return: ``{'price': EUR, 'is_price_known': bool}``
        """
        prices = self.env['openapi_pec.price']
        price = prices._get(operation, request.get('mailbox_type') or self.mailbox_type)
        if price is None:
            price = prices._get(operation)  # whatever the type
        return {'price': (price or 0) * request.get('years', 1), 'is_price_known': price is not None}

    def _prepare_call(self, operation, client):
        if operation == 'mailbox_create':
            return partial(self._call_in_time, partial(client.create_mailbox, self._prepare_request_body()))
        documents = self._get_delivery() if operation in DOCUMENT_OPERATIONS else []
        call = partial(CALLS[operation], client, self.remote_id, self.request, documents)
        read = partial(client.get_mailbox, self.remote_id)
        return partial(mailbox_truth.call_unless_changed, read, self.request['before'], call)

    def _prepare_request_body(self):
        """Return the body of ``POST /pec`` (``BodyPostPec`` of the specification); what is empty is left out."""
        self.ensure_one()
        texts = {
            **{key: (self[field] or '').strip() for field, key in const.mailbox.TEXT_KEYS.items()},
            **{key: write_date(self[field]) for field, key in const.mailbox.DATE_KEYS.items()},
        }
        return {
            **{key: text for key, text in texts.items() if text},
            **{key: self[field] for field, key in const.mailbox.FLAG_KEYS.items()},
            'callback': self._prepare_callback(),
        }

    def _on_call_accepted(self, operation, data, started_at):
        before = (self.request or {}).get('before') or {}
        self._drop_activities()
        self.write({
            'call_state': False, 'operation': False, 'request': False, 'error_message': False, 'retry_at': False,
            'retry_count': 0,
            'candidates': False,
        })
        if operation == 'mailbox_create':
            self.remote_id = data['id']
        if sentence := self._get_done_sentence(operation, before, data):
            self._announce(sentence)
        if operation in DOCUMENT_OPERATIONS:
            self._archive_delivery(operation)
        self._apply_record(data)
        if operation == 'mailbox_create':
            self._trigger_cron(self._synchronize_job)  # for the form

    def _get_done_sentence(self, operation, before, data):
        """Return what the chatters say of an executed operation, False where the new state says it."""
        if operation == 'mailbox_renew' and data['data_scadenza']:
            return self.env._("renewed: it expires on %s now.", format_date(self.env, data['data_scadenza']))
        if operation == 'mailbox_transform':
            labels = dict(const.mailbox.TYPE_LABELS)
            return self.env._("upgraded from %(old)s to %(new)s.", old=labels.get(before.get('tipo_casella'), '?'),
                new=labels.get(data['tipo_casella'], data['tipo_casella']))
        done = const.mailbox.OPERATIONS[operation].done
        return done and self._in_words(done)

    def _on_call_refused(self, operation, sentence):
        self._drop_activities()
        self.write({'call_state': 'failed', 'error_message': sentence})
        if operation == 'mailbox_create':
            self.environment = False  # a draft again, whose company may change its environment
        self._announce(
            self.env._("%(operation)s: %(sentence)s", operation=self._get_operation_label(), sentence=sentence))
        self._plan_activity(
            'mail_activity_type_mailbox_refused', self.env._("%s was refused: look why", self._get_operation_label()))
        if operation != 'mailbox_create':
            self.details_due = True
            self._trigger_cron(self._synchronize_job)

    def _on_call_freed(self, operation, sentence):
        result = super()._on_call_freed(operation, sentence)
        self.activity_unlink(['l10n_it_openapi_pec.mail_activity_type_mailbox_refused'])
        self._plan_activity('mail_activity_type_mailbox_refused', self.env._(
            "%s does not show at the service: look into the Openapi console, then ask for it again if it is still "
            "wanted",
            self._get_operation_label()))
        return result

    def _pause_account(self):
        """Pause nothing: a token may lack the scopes for mailboxes alone."""

    def _on_call_ambiguous(self, candidates):
        self._keep_candidates(candidates, self.env._(
            "The answer was lost, and what the service tells leaves open whether the call was executed. "
            "Compare with the Openapi console and choose; nothing is sent again meanwhile."
        ), self.env._("Decide whether the call was executed: %s", self._get_operation_label()))

    @staticmethod
    def _read_remote_of(client, remote_id):
        return client.get_mailbox(remote_id)

    @staticmethod
    def _list_remote(client):
        return client.list_mailboxes()

    def _reconcile(self, line, client, rows):
        if line.operation == 'mailbox_create':
            return self._read_creation(line, client.get_mailbox, rows)
        try:
            record = client.get_mailbox(self.remote_id)
        # whether it vanished before the call or after it, nothing tells any more; of another account nothing at all
        except Gone:
            if line._may_be_elsewhere():
                raise
            return [{'id': self.remote_id, 'stato': self.remote_state, 'timestamp': None}], False
        verdict = mailbox_truth.judge(line.operation, self.request['before'], self.request, record)
        found = [] if verdict == mailbox_truth.UNCHANGED else [record]
        return found, verdict != mailbox_truth.UNCLEAR

    def _can_look_for(self, line):
        return bool(self.request) and line.operation == self.operation

    def _is_open_at_service(self):
        return self.state not in ('draft', *const.mailbox.FINAL_STATES) and self.call_state not in const.mailbox.CALLING

    def _get_looked_for(self):
        """Return those of these mailboxes of which some call is looked for."""
        return self.filtered(lambda mailbox: mailbox.call_state == 'unconfirmed' or mailbox.look_until)

    # ------------------------------------------------------------ what the service tells of one mailbox

    def action_refresh(self):
        """Read these mailboxes from the service."""
        self.check_access('write')
        for company, mailboxes in self.env['res.company']._openapi_pec_by_account(self):
            environment = mailboxes[0].environment
            company._openapi_pec_check_configured(environment)
            client = company._openapi_pec_client(environment)
            try:
                lost = mailboxes.sudo()._get_looked_for()
                if lost:
                    rows = client.list_mailboxes()
                    lost.company_id._openapi_pec_note_account(client, rows, environment)
                    lost._recover(client, rows)
                for mailbox in mailboxes.sudo().filtered('remote_id'):
                    mailbox._refresh(client)
            except OpenapiPecError as error:
                if not client.is_late:
                    mailboxes._raise_unread(error, environment)
            if client.is_late:
                return mailboxes._leave_to_job()
        return None

    def _refresh(self, client):
        """Read this mailbox from the service, for a person."""
        try:
            record = client.get_mailbox(self.remote_id)
        except Gone as error:
            self._on_not_found(error)
        else:
            self._note_account_of(client, record)
            self._apply_record(record)
            self._fetch_form_if_due(client)

    def _get_unread_sentence(self, error):
        return self._get_read_sentence('mailbox', error)

    def _check_known(self):
        """Raise when the service, which has just been asked, does not know this mailbox any more."""
        if self.is_gone:
            raise UserError(self.env._("%s Nothing was sent or spent.", self.sudo()._get_gone_sentence()))

    def _get_read_sentence(self, what, error):
        """Return what an error of a read means for a person; nothing that is only read costs.

        :param str what: of ``const.mailbox.READ_SENTENCES``.
        """
        sentence = const.mailbox.READ_SENTENCES.get((what, str(error.code or error.status)))
        if isinstance(error, BadToken) or sentence:
            advice = self._get_token_advice() if isinstance(error, BadToken) else self._in_words(sentence)
            return self.env._(
                "%(advice)s Nothing was spent. [%(message)s]", advice=advice, message=self._get_error_words(error))
        return self.env._(
            "The service cannot be asked now: %s. Nothing was changed or spent; try again later.",
            self._get_error_words(error).rstrip('.'))

    def _apply_record(self, record):
        """Take over a whole record of the service.

        :param dict record: as ``PecClient.get_mailbox`` returns it.
        """
        self.ensure_one()
        self.write({
            **self._get_record_values(record), 'snapshot': mailbox_truth.snapshot(record), 'details_due': False,
            'error_message': (self.call_state and self.error_message) or self._get_address_problem(record),
        })
        self._apply_users(record['multiutenza'])
        self._apply_stato(record['stato'])

    def _get_address_problem(self, record):
        """Return why a mailbox without an address cannot take the one that the service tells, as a sentence; False when
        it can.
        """
        address = not self.address and pec_address.normalize(record.get('casella_pec'))
        twin = self.search([
            ('address', '=', address), ('environment', '=', self.environment), ('id', '!=', self.id),
            ('state', 'not in', ('closed', 'annulled', 'revoked'))], limit=1) if address else self.browse()
        return bool(twin) and self.env._(
            "The service tells of this mailbox the address %(address)s, which is another one's here already: ask "
            "Openapi which one is right. Nothing was spent.", address=address)

    def _get_record_values(self, record):
        """Return the values of a mailbox that a record of the service tells; what it leaves out is kept."""
        texts = {field: record[key] for field, key in {
            **const.mailbox.TEXT_KEYS, **READ_TEXT_KEYS}.items() if isinstance(record.get(key), str)}
        for field in [field for field in texts if self._fields[field].type == 'selection']:
            if texts[field] not in dict(self._fields[field].selection):
                value = texts.pop(field)
                if value:
                    _logger.warning("Unknown value of %s at the service: it is left out.", field)
        if self.address or self._get_address_problem(record):
            texts.pop('address', None)  # it never changes
        return {
            **texts,
            **{field: record[key] for field, key in {
                **const.mailbox.DATE_KEYS, **READ_DATE_KEYS}.items() if key in record},
            **{field: record[key] for field, key in {
                **const.mailbox.FLAG_KEYS,
                **READ_FLAG_KEYS}.items() if isinstance(record.get(key), bool)},
            **{field: record[key] for field, key in READ_NUMBER_KEYS.items()},
            **{field: '\n'.join(record[key]) for field, key in READ_LIST_KEYS.items()},
            **{field: self._to_moment(record['times'].get(key)) for field, key in TIME_KEYS.items()},
        }

    @staticmethod
    def _to_moment(seconds):
        """Return seconds since 1970 as Odoo keeps times."""
        return seconds and datetime.fromtimestamp(seconds, timezone.utc).replace(tzinfo=None)

    def _apply_users(self, users):
        """Bring the users of this mailbox in line with what the service tells."""
        known = {user.remote_id: user for user in self.mailbox_user_ids}
        values = {user['id_utenza']: {
            **{field: user[key] for field, key in const.mailbox.USER_KEYS.items()},
            'userid': user['userid'], 'activated_at': self._to_moment(user['activated_at']),
        } for user in users}
        self.env['openapi_pec.mailbox.user'].union(*(user for key, user in known.items() if key not in values)).unlink()
        self.env['openapi_pec.mailbox.user'].create([
            {'mailbox_id': self.id, 'remote_id': key, **own} for key, own in values.items() if key not in known])

    def _on_state_entered(self, state, sentence=None):
        result = super()._on_state_entered(state, sentence)
        if state in const.mailbox.ACTIVATION_STATES:
            self._forget_uploads()
        return result
