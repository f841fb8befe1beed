import logging
import uuid
from collections import defaultdict
from dataclasses import dataclass

from markupsafe import Markup, escape

from odoo import api, fields, models

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.notes import log_notes
from odoo.addons.l10n_it_openapi_pec.models.service.rights import check_own, get_given, without_internals

_logger = logging.getLogger(__name__)

LEVELS = [('error', "To Be Corrected"), ('warning', "To Be Looked At"), ('fine', "Ready")]  # of what is found
LINK = Markup("<a href=# data-oe-model='%s' data-oe-id='%s'>%s</a>")  # as of _get_html_link
LINE = Markup("<div>%s (%%s): %%s</div>") % LINK  # about a record, in the chatter of its contact


@dataclass(frozen=True, eq=False)
class Announcements:
    """In the context, what is to be announced once all outcomes are recorded: no request can send such an object.

    ``ids`` of records by ``(model, language, sentence)``.
    """

    ids: dict


class OpenapiPecRecordMixin(models.AbstractModel):
    """A record that exists at the service as well: Odoo follows its state there, and announces it in the chatters.

    Making and changing it there is the call mixin's. This file declares the fields and what a model has to say; the
    other files of this room add the methods, in the order in which ``__init__`` lists them.
    """
    _name = 'openapi_pec.record.mixin'
    _description = "Record at the Service"
    _inherit = [
        'openapi_pec.findings.mixin', 'openapi_pec.call.mixin', 'openapi_pec.callback.mixin', 'mail.thread',
        'mail.activity.mixin']

    # What no person looks for: it is offered neither among the custom filters nor among the groupings.
    _internal_fields = frozenset({
        'access_token', 'awaited', 'birth_proposals', 'callback_digest', 'callback_token', 'candidates', 'details_due',
        'digest', 'end_told', 'expiry_told', 'finding_codes', 'form_mailed_checksum', 'form_of',
        'former_domicile_ids', 'is_held', 'is_link_mailed', 'is_mail_due', 'late_announced', 'left_account',
        'link_digest', 'link_generation', 'look_until', 'look_waiver', 'lost_users', 'pec_email_normalized',
        'procura_mailed_checksum', 'proposals', 'reference', 'refused', 'request', 'retry_count', 'sightings',
        'signer_uploads', 'signer_uploads_on', 'snapshot', 'stranger_ids', 'unlooked_since',
    })
    _address_field = None  # the field with the PEC that the record is about
    _match_keys = ()  # keys of the request that tell one record from another when the answer was lost
    _compared_keys = {}  # field -> key of the request, of what is compared with a record at the service

    _state_by_stato = {}  # `stato` of the service -> our state
    _state_sentences = {}  # state -> what the chatters say when a record has come to it
    _state_activities = {}  # state -> (xml id of an activity type, its summary): what somebody has to do then
    _news_sentence = None  # what a contact's chatter says whom people of several companies see; %s: the link
    _activity_types = []  # full xml ids of the types that a new state makes needless
    _closed_state = None  # the state of a record that is gone and prevents no other one
    _document_activities = []  # full xml ids of the types that ask for documents, needless while the record is away

    # The model that inherits also has `state`, `name` (or what `_get_announced_name` returns), `partner_id` and
    # `user_id`.
    remote_id = fields.Char("Identifier at the Service", readonly=True, copy=False, index='btree_not_null')
    remote_state = fields.Char(
        "State at the Service", readonly=True, copy=False, help="As the service calls it (stato).")
    is_sandbox = fields.Boolean(compute='_compute_is_sandbox')

    # The service echoes it in `callback.data`, which recognises our record when the answer to the call was lost.
    reference = fields.Char(readonly=True, copy=False, default=lambda self: uuid.uuid4().hex)
    callback_digest = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS, index='btree_not_null',
        help="SHA-256 of the random token that an earlier version has given to the service.")

    # Looking before paying: look.py
    is_held = fields.Boolean("Waits for a Decision", readonly=True, copy=False,
        help="The service has a record that may be this one: it is not called, and not paid, before somebody has "
             "decided.")
    unlooked_since = fields.Datetime(readonly=True, copy=False, help="Since when the service's list cannot be had "
                                                                     "before the call.")
    look_waiver = fields.Char(readonly=True, copy=False, help="Why a manager had the call made without looking first.")
    stranger_ids = fields.Json(readonly=True, copy=False, help="Identifiers at the service that are known not to be "
                                                               "this record.")
    earlier_call_sentence = fields.Text(
        "Earlier Call", compute='_compute_earlier_call_sentence', help="What is to be known before this is paid again.")

    # After a lost answer: lost.py
    candidates = fields.Json(readonly=True, copy=False, help="Records at the service, one of which may be this one.")
    look_until = fields.Datetime(readonly=True, copy=False, index='btree_not_null',
        help="Until when a call that was not found goes on being looked for.")

    # What was made twice: doubled.py
    refund_sentence = fields.Text(
        "To Be Refunded", compute='_compute_refund_sentence',
        help="What was paid twice, until somebody has seen to it.")

    # What a person decides: decision.py
    is_to_decide = fields.Boolean(
        compute='_compute_is_to_decide', search='_search_is_to_decide',
        help="A manager may say whether this record is at the service.")

    # What is gone at the service, or in another account: gone.py
    is_gone = fields.Boolean(
        "Gone at the Service", readonly=True, copy=False, help="The service does not know it any more.")
    left_account = fields.Char(readonly=True, copy=False, index='btree_not_null',
        help="The account in which it was when its company left that one, of what Odoo has not made itself.")
    account_sentence = fields.Text("Is It Another Account?", compute='_compute_account_sentence')
    elsewhere_sentence = fields.Text("In Another Account", compute='_compute_elsewhere_sentence')

    # What a queued record waits for: pause.py, home.py
    waiting_for = fields.Selection(
        const.service.WAITING_FOR, compute='_compute_waiting', search='_search_waiting_for',
        help="Why what is queued is not sent now.")
    waiting_sentence = fields.Text(compute='_compute_waiting')
    copy_sentence = fields.Text("May Be a Copy", compute='_compute_copy_sentence')

    # What the service has shown before a call: sighting.py
    sightings = fields.Json(readonly=True, copy=False, help="Records at the service that looks have shown, and may be "
                                                            "this one.")

    # The checks: see the findings below
    findings = fields.Html("Checks", compute='_compute_findings', sanitize=False)
    findings_level = fields.Selection(LEVELS, "Check", compute='_compute_findings')

    # ------------------------------------------------------------ SYNCHRONISATION: what the model that inherits says

    def _read_remote(self, remote_id):
        """Read a record at the service, which may become this one.

        :param str remote_id: the service's id.
        :rtype: dict
        """
        return self._read_remote_of(self.company_id._openapi_pec_client(self.environment), remote_id)

    @staticmethod
    def _read_remote_of(client, remote_id):
        """Read a record of an account, without the database.

        :rtype: dict
        """
        raise NotImplementedError

    @staticmethod
    def _list_remote(client):
        """Read the list of an account, without the database.

        :rtype: Listing
        """
        raise NotImplementedError

    def _prepare_request_body(self):
        """Return the body of the call that makes this record at the service, as the specification has it.

        :rtype: dict
        """
        raise NotImplementedError

    def _followed_domain(self):
        """Return the domain of the records whose state the service may still change."""
        raise NotImplementedError

    def _synchronize(self, client):
        """Apply the state of these records of one account, with one request, and settle its pending calls.

        :raise OpenapiPecError: the service cannot be asked now.
        """
        raise NotImplementedError

    def _fetch_due(self, client):
        """Read what these records of one account still lack, a few at a time.

        :raise OpenapiPecError: the service cannot be asked now.
        """
        raise NotImplementedError

    def _announce_due(self):
        """Announce, once, what only a date brings about."""
        raise NotImplementedError

    def _is_open_at_service(self):
        """Return whether this record waits for the service, or prevents another one."""
        raise NotImplementedError

    def _plan_documents(self):
        """Plan again the activities about the documents of this record, which the service knows again."""
        raise NotImplementedError

    def _can_look_for(self, line):
        """Return whether this record can wait again for the outcome of a call that changes it."""
        raise NotImplementedError

    # ------------------------------------------------------------ COMPUTE

    @api.depends('environment', 'company_id.openapi_pec_environment')
    def _compute_is_sandbox(self):
        for record in self:
            record.is_sandbox = record._is_sandbox()

    # ------------------------------------------------------------ CRUD

    @api.model
    def _check_create(self, vals_list):
        """Raise when a user creates records with fields that only the addon writes.

        See :meth:`_check_own_fields`.
        """
        self._check_own_fields(get_given(self.env, vals_list))

    def write(self, vals):
        if self.env.context.get('bin_size'):  # an upload is read back while it is written, and not as its size
            return self.with_context(bin_size=False).write(vals)
        self._check_own_fields(vals)
        return super().write(vals)

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        described = super().fields_get(allfields, attributes)
        return without_internals(described, self._internal_fields)

    def _check_own_fields(self, names):
        """Raise when a user writes what only the addon may write: states, identifiers, dates of the service."""
        own = {name for name, field in self._fields.items() if field.store and field.readonly}
        check_own(self.env, own & set(names))

    # ------------------------------------------------------------ SYNCHRONISATION: states

    def _apply_stato(self, stato):
        """Apply the service's ``stato`` to these records; what is the same already is not written."""
        state = self._state_by_stato.get(stato)
        self.filtered(lambda record: record.is_gone or (state and record._is_closed_here()))._on_known_again()
        entering = self.filtered(lambda record: state and record.state != state)
        changed = (self - entering).filtered(lambda record: record.remote_state != stato)
        if changed:
            changed._write_state({'remote_state': stato})
        if entering:
            entering._on_state_entered(state, values={'remote_state': stato})
        elif changed and not state:
            _logger.warning(
                "Unknown stato %r of %s records (%s): their state is kept.", stato, len(changed), self._description)
            changed._announce(self.env._("the service calls its state \"%s\", which is not known yet.", stato))

    def _write_state(self, vals):
        """Write what the service tells of these records; a model says what that cannot change."""
        self.write(vals)

    def _on_state_entered(self, state, sentence=None, values=None):
        """Bring these records to a state, announce it in both chatters, and plan the activities that it needs.

        :param str sentence: what is announced; that of the state, if there is none.
        :param dict values: what else is written of them then.
        """
        self._write_state({'state': state, **(values or {})})
        self._drop_activities()
        for records in self._by_reader():
            records._announce(sentence or records._in_words(self._state_sentences[state]))
            if state in self._state_activities:
                activity_type, summary = self._state_activities[state]
                records._plan_activity(activity_type, records._in_words(summary))

    # ------------------------------------------------------------ SYNCHRONISATION: chatters

    def _record_outcomes(self, outcomes):
        """Record the outcomes of calls; what is the same of several is announced together, in the same transaction."""
        if len(self) < 2:
            return super()._record_outcomes(outcomes)
        self.fetch(['activity_ids'])
        waiting = Announcements({})
        super(OpenapiPecRecordMixin, self.with_context(openapi_pec_announcements=waiting))._record_outcomes(outcomes)
        for (model, lang, sentence), ids in waiting.ids.items():
            self.env[model].with_context(lang=lang).browse(ids)._announce(sentence)
        return []

    def _announce(self, sentence):
        """Log a sentence about these records in their own chatters and in those of their partners.

        A contact that people of other companies see gets a line without content.
        """
        waiting = self.env.context.get('openapi_pec_announcements')
        if isinstance(waiting, Announcements):
            waiting.ids.setdefault((self._name, self.env.context.get('lang'), sentence), []).extend(self.ids)
            return
        log_notes(self, dict.fromkeys(self.ids, (Markup("%s"), (sentence[:1].upper() + sentence[1:],))))
        lines, news = defaultdict(list), self._get_news_pattern()
        shared = {
            company: records._filter_shared(records.partner_id) for company,
            records in self.grouped('company_id').items()}
        for record in self:
            link = record._get_link_texts()
            lines[record.partner_id].append(
                (news, link) if record.partner_id in shared[record.company_id]
                else (LINE, (*link, record[record._address_field], sentence)))
        log_notes(self.env['res.partner'].union(*lines), {
            partner.id: (Markup().join(pattern for pattern, _texts in own), sum((texts for _pattern, texts in own), ()))
            for partner, own in lines.items()})

    def _filter_shared(self, partners):
        """Return those of some contacts whose chatters people outside the company of these records read."""
        partners.fetch(['company_id', 'partner_share'])  # and not all that contacts have
        shared = partners.filtered(lambda partner: not partner.company_id or not partner.partner_share)
        return shared if shared and self.company_id._openapi_pec_has_outsiders() else partners.browse()

    def _get_news(self):
        """Return the line about this record for a chatter that people of other companies read."""
        return self._get_news_pattern() % self._get_link_texts()

    def _get_news_pattern(self):
        """Return the pattern of such a line, for the texts of a link."""
        return Markup("<div>%s</div>") % (escape(self._in_words(self._news_sentence)) % LINK)

    def _get_link_texts(self):
        """Return the texts of a link to this record, for the pattern ``LINK``."""
        return self._name, str(self.id), self._get_announced_name()

    def _get_announced_name(self):
        """Return the name of this record in the partner's chatter."""
        return self.name

    # ------------------------------------------------------------ SYNCHRONISATION: activities

    def _drop_activities(self):
        """Remove the activities that the last state has planned."""
        self.filtered('activity_ids').activity_unlink(self._activity_types)

    def _on_account_paused(self, sentence):
        """Notify the responsible, once, of what makes the account's calls go on."""
        self._plan_activity('mail_activity_type_account', sentence)
