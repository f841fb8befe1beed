import hashlib
import json
from datetime import date

from odoo import api, fields, models

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.rights import get_company_rights, seen_domain
from odoo.addons.l10n_it_openapi_pec.tools.cleaning import clean
from odoo.addons.l10n_it_openapi_pec.tools.italy import fiscal_code, person_name

# Kept in the place of proposals when there is none yet.
NOTHING_PROPOSED = {'': ['', False]}

# field -> what it is in a tax code
NAME_PARTS = {'last_name': 'surname', 'first_name': 'name'}


class OpenapiPecDataMixin(models.AbstractModel):
    """The data of a request: contacts propose them, people type them, the service may refuse them.

    A *proposal* is what a contact says of a field: ``{field: [source, value]}``, where the source names the contact.
    What equals the last proposal follows its contact. Anything else was typed: it stays, and is shown as differing.
    Another contact in the place of the first brings its own data, whatever was typed about the first.
    """
    _name = 'openapi_pec.data.mixin'
    _description = "Data of a Request"
    _inherit = ['openapi_pec.findings.mixin', 'openapi_pec.input.mixin']

    # To be said by the model that inherits.
    _proposal_sources = frozenset()  # the fields that choose the contacts
    _proposal_depends = ()  # on what the proposals depend
    _proposed_fields = ()  # the fields that a contact proposes, in the order in which their differences are shown
    _typed_fields = ()  # those and whatever else is proposed
    _request_fields = ()  # what is sent
    _normalizers = {}  # field -> function that makes of a value what is sent
    _kept_proposals = ('proposals',)  # the fields that keep proposals
    _state_fields = ('state',)  # tell whether the data can still be corrected
    _create_operation = None  # the operation that sends these data
    _frozen_fields = frozenset()  # what shows for ever what was sent, once the data do not follow any more

    proposals = fields.Json(compute='_compute_proposed', store=True, precompute=True, exportable=False)
    differences = fields.Text(
        "Differs from the Contacts", compute='_compute_differences',
        help="What was typed here and is otherwise on the contact. It stays until somebody takes the contact's.")
    refused = fields.Json(
        readonly=True, copy=False, exportable=False, help="The data that the service refused last, and why.")
    refusal = fields.Selection(
        [('same', "These data were refused"), ('changed', "Other data were refused")], compute='_compute_refusal')
    refusal_sentence = fields.Text("Why It Was Refused", compute='_compute_refusal')

    def _is_following(self):
        """Return whether the data of this record follow its contacts: it can still be corrected."""
        raise NotImplementedError

    def _propose(self):
        """Return what the contacts of this record propose now.

        :return: ``{field: [source, value]}``, see :meth:`_from`; without a field whose contact is not known.
        :rtype: dict
        """
        raise NotImplementedError

    # ------------------------------------------------------------ COMPUTE: proposals

    @staticmethod
    def _from(contact, detail='', **values):
        """Return proposals whose source is a contact (or a mailbox).

        :param str detail: what else makes it another source.
        """
        source = f'{contact._name},{contact._origin.id or 0},{detail}'
        return {name: [source, OpenapiPecDataMixin._write_proposal(value)] for name, value in values.items()}

    @staticmethod
    def _write_proposal(value):
        """Return a proposed value as JSON holds it; text is cleaned, as outsiders may write contacts."""
        if isinstance(value, date):
            return fields.Date.to_string(value)
        return (clean(value) if isinstance(value, str) else value) or False

    @api.depends(lambda self: self._get_proposal_depends())
    def _compute_proposed(self):
        self._follow('proposals', type(self)._propose)

    def _follow(self, kept, propose):
        """Update the data of these records to what is proposed; what people typed stays.

        Data that can no longer be corrected stay as well.

        :param str kept: the field that keeps the proposals.
        :param propose: function of a record, as :meth:`_propose`.
        """
        following = self.filtered(lambda record: record._is_following())
        following_ids, hidden = set(following._ids), following._get_hidden_sources()
        for record in self:
            is_following = record.id in following_ids
            if record.id and not is_following:
                continue  # not even read: the state of hundreds may have changed
            known = record[kept] or record._origin[kept] or {}
            proposals = propose(record) if is_following else {}
            proposals = {
                name: proposal for name, proposal in proposals.items() if proposal[0].rpartition(',')[0] not in hidden}
            is_older = not known and bool(record._origin)  # than the keeping of proposals: nobody knows what was typed
            for name, proposal in proposals.items():
                if not is_older and record._is_followed(name, proposal, known.get(name)):
                    record[name] = proposal[1]
            record[kept] = {**known, **proposals} or (is_following and NOTHING_PROPOSED)

    def _proposed(self, *names):
        """Return those of these records that still follow their contacts; the others keep the fields as they are.

        A compute method of a field that contacts choose goes through what is returned.

        :param str names: the fields that are computed.
        """
        following = self.filtered(lambda record: record._is_following())
        for record in self - following:
            for name in names:
                record[name] = record[name]
        return following

    def _changes_frozen(self, vals):
        """Return whether values change ``_frozen_fields`` of a record whose data cannot be corrected any more."""
        names = self._frozen_fields & vals.keys()
        return bool(names) and any(
            not record._is_following()
            and any(record._fields[name].convert_to_write(record[name], record) != vals[name] for name in names)
            for record in self)

    def _get_hidden_sources(self):
        """Return the sources of these records' proposals that this user may not read.

        From the job, which is superuser, none is hidden.

        What is stored is computed with all rights, and whoever fills in a form chooses its contacts. What was proposed
        before stays.

        :return: see :meth:`_from`, without details.
        :rtype: set[str]
        """
        hidden = set()
        for name in sorted(self._proposal_sources):
            if self._fields[name].relational:
                contacts = self[name]._origin
                hidden |= {f'{contact._name},{contact.id}' for contact in contacts - self._filter_readable(contacts)}
        return hidden

    def _get_proposal_depends(self):
        """Return on what the proposals depend: with a contact's name, on its parts where an addon keeps them apart."""
        parts = [name for name in const.service.NAME_FIELDS if name in self.env['res.partner']._fields]
        return (*self._proposal_depends, *(
            f"{path.removesuffix('name')}{part}" for path in self._proposal_depends if path.endswith('.name')
            for part in parts))

    @api.model
    def _filter_readable(self, contacts):
        """Return those of some contacts, or mailboxes, that this user may read, even during a compute as superuser.

        :param contacts: of records that are saved or not; what is new is whoever's who fills it in.
        """
        saved = contacts._origin
        if get_company_rights(self.env) is None:
            readable = set(saved.sudo(False)._filtered_access('read').ids)
        else:
            readable = set(saved.sudo().filtered_domain(seen_domain(self.env, saved._name)).ids)
        return contacts.filtered(lambda contact: not contact._origin or contact._origin.id in readable)

    def _is_followed(self, name, proposal, last):
        """Return whether a field takes a proposal.

        :param last: the proposal before, if there was one.
        """
        if not last:
            return not self[name]
        return proposal[0] != last[0] or self._get_plain(name) == self._get_plain(name, last[1])

    def _get_plain(self, name, *value):
        """Return a value of a field as it would be sent, so that values can be compared."""
        value = value[0] if value else self[name]
        if isinstance(value, date):
            value = fields.Date.to_string(value)
        normalize = self._normalizers.get(name)
        return (value and normalize and normalize(value)) or value or ''

    def _follow_anew(self):
        """Make the proposals of these records anew."""
        self._compute_anew({
            field.name for kept in self._kept_proposals for field in self.pool.field_computed[self._fields[kept]]})

    def _compute_anew(self, names):
        """Have stored fields of these records computed anew, and whatever depends on them."""
        for name in names:
            self.env.add_to_compute(self._fields[name], self)
        self.modified(names)

    def _check_value(self, field, value):
        """Return a value that may be kept: of what is sent, without what was pasted along."""
        value = super()._check_value(field, value)
        normalize = self._normalizers.get(field.name)
        return (isinstance(value, str) and normalize and normalize(value)) or value

    def write(self, vals):
        typed = {name: value for name, value in vals.items() if name in self._typed_fields}
        if not typed or not self._proposal_sources & vals.keys():
            return super().write(vals)
        # First the contacts, which bring their data; then what was typed.
        super().write({name: value for name, value in vals.items() if name not in typed})
        return super().write(typed)

    def copy(self, default=None):
        copies = super().copy(default)
        # What followed then follows again, with what its contact says now.
        for record, copied in zip(self.sudo(), copies.sudo(), strict=True):
            copied.write({kept: record[kept] for kept in self._kept_proposals})
        copies._follow_anew()
        return copies

    @api.model
    def _of_contacts(self, contacts):
        """Return the records whose data come from some contacts."""
        names = [name for name in sorted(self._proposal_sources) if self._fields[name].comodel_name == 'res.partner']
        return self.search(fields.Domain.OR([[(name, 'in', contacts.ids)] for name in names]))

    def _contacts_merged(self, lost, kept):
        """Move the proposals of merged contacts to the contact that stays, and make them anew.

        :param lost: the contacts that are no more.
        :param kept: the contact that stays.
        """
        sources = {f'{contact._name},{contact.id}' for contact in lost}
        for record in self:
            for name in self._kept_proposals:
                proposals = record[name] or {}
                for proposal in proposals.values():
                    source, _comma, detail = proposal[0].rpartition(',')
                    if source in sources:
                        proposal[0] = f'{kept._name},{kept.id},{detail}'
                record[name] = proposals
        self._follow_anew()

    # ------------------------------------------------------------ COMPUTE: differences

    def _get_differing(self):
        """Return the fields whose value is not what the contact proposes."""
        self.ensure_one()
        proposals = self.proposals  # of which each reading makes a copy
        return [
            name for name in self._proposed_fields if self._differs(name, proposals)] if self._is_following() else []

    def _differs(self, name, proposals=None):
        """Return whether the value of a field is not what the contact proposes.

        :param dict proposals: those of this record, where they are known.
        """
        proposals = proposals or self.proposals or {}
        return (name in proposals and name in self._proposed_fields and self[name] != proposals[name][1]
                and self._get_plain(name) != self._get_plain(name, proposals[name][1]))

    def _get_finding(self, field, code, **values):
        """Return a finding about a field: what was typed here is mended here, whatever the contact says."""
        finding = super()._get_finding(field, code, **values)
        return finding._replace(place='') if finding.place and self._differs(field) else finding

    @api.depends(lambda self: ('proposals', *self._proposed_fields, *self._state_fields))
    @api.depends_context('lang')
    def _compute_differences(self):
        labels = {}
        for record in self:
            differing = record._get_differing()
            labels = labels or (differing and self._get_labels())
            proposals = record.proposals if differing else {}
            record.differences = '\n'.join(
                record._get_difference(labels[name], record[name], *proposals[name]) for name in differing) or False

    def _get_difference(self, label, value, source, proposed):
        """Return the sentence that says how a field differs."""
        nothing = self.env._("nothing")
        values = {'field': label, 'here': value or nothing, 'there': proposed or nothing}
        if source.startswith('openapi_pec.mailbox,'):
            return self.env._("%(field)s: %(here)s here, %(there)s on the mailbox", **values)
        return self.env._("%(field)s: %(here)s here, %(there)s on the contact", **values)

    def _get_refused_data(self):
        """Return the data that were refused when they were sent for these, as :meth:`_get_sent_data` returns them."""
        return [self.refused['data']] if self.refused else []

    def action_take_proposals(self):
        """Replace the data that differ by those of the contacts, except where that would bring back what was refused.

        :return: the action that says what stays; None when everything was taken.
        """
        self.check_access('write')
        sentences, labels = [], self._get_labels()
        for record in self:
            refused, differing = record._get_refused_data(), record._get_differing()
            staying = [
                name for name in differing
                if any(record._get_plain(name, record.proposals[name][1]) == data.get(name) for data in refused)]
            record.write({name: record.proposals[name][1] for name in differing if name not in staying})
            if staying:
                sentences.append(self.env._(
                    "%(record)s: %(fields)s. This stays as it is here, since the contact still has what was refused. "
                    "Correct the contact as well; if that is right all the same, type it here.",
                    record=record.display_name, fields=', '.join(labels[name] for name in staying)))
        return self._get_staying_notification(sentences) if sentences else None

    def _get_staying_notification(self, sentences):
        """Return the action that says what was not taken from the contacts, and shows the records as they are now."""
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification',
            'params': {
                'type': 'warning', 'sticky': True, 'title': self.env._("Not everything was taken"),
                'message': ' '.join(sentences), 'next': {'type': 'ir.actions.client', 'tag': 'soft_reload'}}}

    def _get_missing_reason(self, field):
        """Return the reason code of an empty field: of a name, the tax code may say that the person has no such one."""
        is_none = field in NAME_PARTS and fiscal_code.missing_part(self.fiscal_code) == NAME_PARTS[field]
        return 'one_name_missing' if is_none else 'missing'

    def _judge_names(self, person, readable):
        """Judge what surname and name are made of, and which words of a contact's name they leave out.

        :param person: the contact that proposes them; of names that were typed nothing is left out.
        :param readable: identifiers of the contacts that this user may read.
        """
        for field in NAME_PARTS:
            reason, odd = person_name.judge_form(self[field])
            if reason != 'fine':
                yield self._get_finding(field, reason, who=odd)
        proposals = self.proposals or {}
        is_proposed = person.id in readable and all(
            field in proposals and self[field] and not self._differs(field, proposals) for field in NAME_PARTS)
        left_out = person_name.find_left_out(person.name, self.last_name, self.first_name) if is_proposed else ()
        if left_out:
            yield self._get_finding('last_name', 'words_left_out', who=' '.join(left_out))

    # ------------------------------------------------------------ CALLS: what the service refused

    def _get_sent_data(self):
        """Return what would be sent now, and its environment, so that it can be compared.

        :rtype: dict
        """
        return {
            **{name: self._get_plain(name) for name in self._request_fields},
            'to': self.company_id.openapi_pec_environment}

    def _take_snapshot(self):
        """Return a digest of what a manager sees of these records before he pays: ``{id: digest}``.

        It covers what would be sent, what is found about it and what it costs. The identifier is text, as JSON keeps
        it.
        """
        findings = self._get_findings(together=True)
        return {str(record.id): hashlib.sha256(json.dumps([
            record._get_sent_data(), [
                (finding.level, finding.code, record._get_finding_sentence(finding)) for finding in findings[record]],
            record.price, record._get_earlier_calls(),
        ], sort_keys=True).encode()).hexdigest() for record in self}

    def _keep_refused(self, operation, sentence):
        if operation == self._create_operation:
            self.refused = {'data': self._get_sent_data(), 'sentence': sentence}
