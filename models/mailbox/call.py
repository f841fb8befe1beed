from functools import partial

from odoo import models
from odoo.tools.misc import format_date

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import Gone
from odoo.addons.l10n_it_openapi_pec.tools.api.mailbox_calls import write_date
from odoo.addons.l10n_it_openapi_pec.tools.cleaning import clean
from odoo.addons.l10n_it_openapi_pec.tools.outcome import changed as mailbox_truth


class OpenapiPecMailbox(models.Model):
    """The one call of an operation on a mailbox: its price, its body, what its answers bring about, and its truth.

    What all models have in common is in ``openapi_pec.call.mixin``.
    """
    _inherit = 'openapi_pec.mailbox'

    # ------------------------------------------------------------ CALLS

    def _due_operation(self):
        return self.operation

    def _get_call_prices(self):
        return {mailbox: mailbox._get_order_price(mailbox.operation, mailbox.request) for mailbox in self}

    def _get_order_price(self, operation, request):
        """Return the price of an operation, and whether it is known.

        :param dict request: what is asked for: see ``tools.outcome.changed.judge``; ``typed_price`` is the total that
            a manager typed where none was known.
        :return: ``{'price': EUR, 'is_price_known': bool}``, with ``'is_typed'`` where a manager typed it
        """
        if typed := request.get('typed_price'):
            return {'price': typed, 'is_price_known': True, 'is_typed': True}
        if operation in const.service.FREE_OPERATIONS:
            return {'price': 0, 'is_price_known': True}
        price = self._find_price(operation, request)
        return {'price': price.amount * request.get('years', 1), 'is_price_known': bool(price)}

    def _find_price(self, operation, request):
        """Return the last seen price of one of what is asked for; none where it is not known.

        :param dict request: as above.
        """
        return self.env['openapi_pec.price']._find(operation, request.get('mailbox_type') or self.mailbox_type)

    def _note_typed_price(self, operation, request):
        """Keep the price that a manager typed before this operation, which was asked for, where it is that of one.

        :param dict request: as above.
        """
        mailbox_type = request.get('mailbox_type') or self.mailbox_type
        if request.get('typed_price') and mailbox_type in const.mailbox.OPERATIONS[operation].priced_types:
            self.env['openapi_pec.price']._note_typed(
                operation, mailbox_type, request['typed_price'] / request.get('years', 1), self.env._(
                    "Typed by %(person)s for %(mailbox)s", person=self.asked_by_id.name, mailbox=self.address))

    def _prepare_call(self, operation, client):
        rule = const.mailbox.OPERATIONS[operation]
        if rule.is_creation:
            return partial(self._call_in_time, partial(client.create_mailbox, self._prepare_request_body()))
        documents = self._get_delivery() if rule.has_documents else []
        call = partial(rule.call, client, self.remote_id, self.request, documents)
        read = partial(client.get_mailbox, self.remote_id)
        return partial(mailbox_truth.call_unless_changed, read, self.request['before'], call)

    def _prepare_request_body(self):
        """Return the body of ``POST /pec`` (``BodyPostPec`` of the specification); what is empty is left out."""
        self.ensure_one()
        texts = {
            **{key: clean(self[field]) for field, key in const.mailbox.TEXT_KEYS.items()},
            **{key: write_date(self[field]) for field, key in const.mailbox.DATE_KEYS.items()},
        }
        return {
            **{key: text for key, text in texts.items() if text},
            **{key: self[field] for field, key in const.mailbox.FLAG_KEYS.items()},
            'callback': self._prepare_callback(),
        }

    def _on_call_accepted(self, operation, data, started_at):
        self._on_operation_accepted(operation, data, started_at)
        rule, before = const.mailbox.OPERATIONS[operation], (self.request or {}).get('before') or {}
        self._drop_activities()
        self.write({
            'call_state': False, 'operation': False, 'request': False, 'error_message': False, 'retry_at': False,
            'retry_count': 0, 'candidates': False,
        })
        if rule.is_creation:
            self.remote_id = data['id']
        if sentence := self._get_done_sentence(operation, before, data):
            self._announce(sentence)
        if rule.has_documents:
            self._archive_delivery(operation)
        self._apply_record(data)
        if rule.is_creation:
            self._trigger_cron(self._synchronize_job)  # for the form

    def _get_done_sentence(self, operation, before, data):
        """Return what the chatters say of an executed operation, False where the new state says it, or it was said."""
        if self.env.context.get('openapi_pec_is_told'):
            return False
        if sentence := self._get_not_shown_sentence(operation, before, data):
            return sentence
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
        is_creation = const.mailbox.OPERATIONS[operation].is_creation
        if is_creation:
            self.environment = False  # a draft again, whose company may change its environment
        self._announce(
            self.env._("%(operation)s: %(sentence)s", operation=self._get_operation_label(), sentence=sentence))
        self._plan_activity(
            'mail_activity_type_mailbox_refused', self.env._("%s was refused: look why", self._get_operation_label()))
        if not is_creation:
            self.details_due = True
            self._trigger_cron(self._synchronize_job)

    def _on_call_freed(self, operation, sentence):
        result = super()._on_call_freed(operation, sentence)
        self.activity_unlink(['l10n_it_openapi_pec.mail_activity_type_mailbox_refused'])
        self._plan_activity('mail_activity_type_mailbox_refused', self.env._(
            "%s does not show at the service: look into the Openapi console, then ask for it again if it is still "
            "wanted", self._get_operation_label()))
        return result

    def _pause_account(self):
        """Pause nothing: a token may lack the scopes for mailboxes alone."""

    def _on_call_ambiguous(self, candidates):
        self._keep_candidates(candidates, self.env._(
            "The answer was lost, and the answer of the service leaves open whether the call was executed. "
            "Compare with the Openapi console and choose; nothing is sent again meanwhile."
        ), self.env._("Decide whether the call was executed: %s", self._get_operation_label()))

    @staticmethod
    def _read_remote_of(client, remote_id):
        return client.get_mailbox(remote_id)

    @staticmethod
    def _list_remote(client):
        return client.list_mailboxes()

    def _reconcile(self, line, client, rows):
        rule = const.mailbox.OPERATIONS[line.operation]
        if rule.is_creation:
            return self._read_creation(line, client.get_mailbox, rows)
        try:
            record = client.get_mailbox(self.remote_id)
        # whether it vanished before the call or after it, nothing tells any more; of another account nothing at all
        except Gone:
            if line._may_be_elsewhere():
                raise
            return [{'id': self.remote_id, 'stato': self.remote_state, 'timestamp': None}], False
        verdict = mailbox_truth.judge(rule.truth, self.request['before'], self.request, record)
        found = [] if verdict == mailbox_truth.UNCHANGED else [record]
        return found, verdict != mailbox_truth.UNCLEAR

    def _can_look_for(self, line):
        return bool(self.request) and line.operation == self.operation

    def _is_open_at_service(self):
        return self.state not in ('draft', *const.mailbox.FINAL_STATES) and self.call_state not in const.mailbox.CALLING

    def _get_looked_for(self):
        """Return those of these mailboxes of which some call is looked for."""
        return self.filtered(lambda mailbox: mailbox.call_state == 'unconfirmed' or mailbox.look_until)
