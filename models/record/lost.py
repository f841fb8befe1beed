from datetime import timedelta
from functools import partial

from odoo import fields, models

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import OutcomeUnknown
from odoo.addons.l10n_it_openapi_pec.tools.outcome.created import (
    NO_DOUBT,
    doubts_about,
    find_reference,
    find_traces,
    fold,
)

LATE = timedelta(hours=1)  # that a list may lag behind what was called


class OpenapiPecRecordMixin(models.AbstractModel):
    """A call whose answer was lost: where it is looked for, what decides about it, and what people read meanwhile."""
    _inherit = 'openapi_pec.record.mixin'

    # ------------------------------------------------------------ SYNCHRONISATION

    def _get_lost_lines(self):
        """Return also the freed calls: what turns up late is adopted, or announced as paid twice."""
        freed = self.filtered(lambda record: record.look_until and record.look_until >= fields.Datetime.now())
        lines = super()._get_lost_lines()
        return lines + self.env['openapi_pec.api_call'].search([
            ('res_model', '=', self._name), ('res_id', 'in', freed.ids), ('state', '=', 'never_arrived'),
            ('operation', 'in', list(const.service.CREATIONS)), ('environment', 'in', freed.mapped('environment')),
        ], order='last_look_at NULLS FIRST, id')

    def _read_creation(self, line, read, listing):
        """Read whether the call of a line made this record at the service: see :meth:`_reconcile`.

        :param read: function of an identifier, reads a record.
        """
        sent = self._get_sent_of(line)
        address = fold(sent['casella_pec'])
        rows = [row for row in listing if fold(row['casella_pec']) in (address, '')]
        traces = find_traces(listing, read, **self._prepare_terms(sent, line.started_at, self._get_strangers(rows)))
        if traces.is_open:
            raise OutcomeUnknown("The details of a record that may be this one cannot be read")
        if traces.executed:
            if self._get_owner(traces.executed['id']):  # of a twin's, which a person has to look at
                return traces.proven or [traces.executed], False
            return traces.proven or [traces.executed], True
        return traces.doubtful, not traces.doubtful

    def _recover_line(self, line, found, is_certain=True, look=NO_DOUBT):
        if line.state == 'pending':
            return super()._recover_line(line, found, is_certain, look)
        if not (found and is_certain) or any(other.state == 'pending' for other in self.api_call_ids):
            return line._note_look(look)  # of a call that is under way the outcome comes first
        if self.remote_id:
            is_proven = find_reference(found[0]) == find_reference(self._get_sent_of(line))
            return self._notify_paid_twice(line, found[0]) if is_proven else self._notify_perhaps_paid_twice(
                line, found[0], look)
        line.write(
            {'state': 'accepted', 'remote_id': found[0]['id'], 'message': self.env._("Found at the service, late")})
        return self._take_back(line, found)

    def _record_outcomes(self, outcomes):
        lines = self.env['openapi_pec.api_call'].browse(outcomes[record.id][0] for record in self)
        told = {
            record: outcomes[record.id][1]['id'] for record, line in zip(self, lines, strict=True)
            if outcomes[record.id][2] is None and line.operation in const.service.CREATIONS}
        owners = self._get_owners(set(told.values())) if told else {}
        for record, remote_id in told.items():
            owner = owners.setdefault((record.environment, remote_id), record)
            if owner != record:
                outcomes = {**outcomes, record.id: record._for_reader()._disbelieve(*outcomes[record.id], owner)}
        return super()._record_outcomes(outcomes)

    def _disbelieve(self, line_id, data, error, owner):
        """Return an outcome whose answer names another record: what became of the call is not known.

        :param owner: that record; no two here may be the same one at the service.
        """
        self._message_log(body=self.env._(
            "The service answered with the identifier %(id)s, which is %(owner)s: that answer is not believed, and "
            "what became of the call is looked for.", id=data['id'],
            owner=owner._get_name_for(self.user_id or self.env.user)))
        return line_id, None, OutcomeUnknown("The service answered with another record", status=200,
                                             reason='other_record')

    def _get_owners(self, remote_ids):
        """Return the records here that are records at the service already: ``{(environment, remote_id): record}``."""
        return {
            (record.environment, record.remote_id): record
            for record in self.sudo().with_context(active_test=False).search([('remote_id', 'in', list(remote_ids))])}

    def _get_owner(self, remote_id):
        """Return another record here that already is a record at the service; no two may be the same."""
        return self._get_owners({remote_id}).get((self.environment, remote_id), self.browse()) - self

    # ------------------------------------------------------------ SYNCHRONISATION: whether a list can be believed

    def _get_doubts(self, client, listing, creations):
        environment, sharing = self[:1].environment, self.company_id.sudo()
        if not creations and not any(company._openapi_pec_get_defects(environment, self._name) for company in sharing):
            return {}
        sharing |= sharing[:1]._openapi_pec_with_same_account(environment)
        others = sharing.filtered(
            lambda company: company._openapi_pec_is_account_doubtful(client, listing, environment))
        known = self.sudo().search([
            ('remote_id', '!=', False), ('environment', '=', environment), ('is_gone', '=', False),
            ('company_id', 'in', (sharing - others).ids)])
        known -= known._get_elsewhere()
        late = known._get_late_calls(listing)
        doubts, gone = doubts_about(
            listing, set(known.mapped('remote_id')) - set(late.mapped('remote_id')),
            partial(self._read_remote_of, client))
        if gone:
            lost = known.filtered(lambda record: record.remote_id in gone)
            lost._take_over(lambda records: records._on_gone(), lost._get_seen())
        for company in sharing - others:
            company._openapi_pec_note_defects(environment, self._name, doubts & {*const.service.LIST_DOUBTS})
        self._notify_lasting_defects(creations.filtered(lambda line: line.state == 'pending'))
        return {
            line: doubts | ({'other_account'} if line.company_id in others else set()) | (
                {'incomplete'} if late and line.started_at > late[0].started_at - LATE else set())
            for line in creations}

    def _get_late_calls(self, listing):
        """Return the calls of the last hour whose records an account's list does not show yet, the oldest first.

        A list may be late; that says nothing about calls an hour older than what it lacks.
        """
        shown = {row['id'] for row in listing}
        missing = [remote_id for remote_id in self.mapped('remote_id') if remote_id not in shown]
        return self.env['openapi_pec.api_call'].sudo().search([
            ('res_model', '=', self._name), ('remote_id', 'in', missing),
            ('operation', 'in', list(const.service.CREATIONS)),
            ('state', '=', 'accepted'), ('started_at', '>', fields.Datetime.now() - LATE),
        ], order='started_at, id') if missing else self.env['openapi_pec.api_call']

    def _notify_lasting_defects(self, lines):
        """Notify people once of lasting defects of the list that some lost calls wait for.

        The record that has waited longest gets the activity.
        """
        for (company, environment), own in lines.grouped(lambda line: (line.company_id, line.environment)).items():
            defects = company._openapi_pec_get_defects(environment, self._name)
            lasting = company._openapi_pec_get_lasting(environment)
            news = [name for name in lasting if name in defects and not defects[name].get('is_told')]
            if news:
                record = self.browse(own.sorted('started_at')[0].res_id)._for_reader()
                record._plan_activity('mail_activity_type_account', record.env._(
                    "The account's list has a lasting defect: ask Openapi to mend it, or an administrator to accept it "
                    "in the settings"))
                company._openapi_pec_change_defects(environment, news, is_told=True)

    # ------------------------------------------------------------ SYNCHRONISATION: what was not found

    def _free_line(self, line, reason=None):
        result = super()._free_line(line, reason)
        if line.operation in const.service.CREATIONS:
            self.write(
                {
                    'look_until': fields.Datetime.now() + timedelta(days=const.service.LOOK_DAYS),
                    'environment': line.environment})
        return result

    def _on_call_not_found(self, line):
        super()._on_call_not_found(line)
        if line.state != 'pending' or self.candidates:
            return
        self._tell_waiting(line)

    def _get_decision_sentence_of(self, line):
        return self._get_decision_moment_sentence(line)

    # ------------------------------------------------------------ ACTIONS

    def _keep_candidates(self, candidates, sentence, summary):
        """Keep the records at the service that may be this one, and ask a person to decide; once.

        :param str sentence: what happened, for the record.
        :param str summary: of the activity.
        """
        self._note_sightings(candidates)
        if self.candidates:
            return
        self.write({
            'candidates': [
                {'id': row['id'], 'stato': row['stato'], 'timestamp': row['timestamp']} for row in candidates],
            'error_message': sentence,
        })
        self._plan_activity('mail_activity_type_decide', summary)

    def action_choose(self):
        """Open the question which record at the service is this one."""
        self.check_access('write')
        self.ensure_one()
        return self.env['openapi_pec.reconcile']._open(self)
