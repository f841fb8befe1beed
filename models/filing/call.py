from functools import partial

from odoo import api, models

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.cleaning import clean
from odoo.addons.l10n_it_openapi_pec.tools.italy.calendar import add_working_days
from odoo.addons.l10n_it_openapi_pec.tools.outcome.created import fold
from odoo.addons.l10n_it_openapi_pec.tools.pec.identity_digest import digest

from .communication import AS_FILED
from .synchronize import RANK


class OpenapiPecCommunication(models.Model):
    """The two calls of a filing, ``create`` and ``documents``: what they send, and what their answers mean."""
    _inherit = 'openapi_pec.communication'

    # ------------------------------------------------------------ CALLS

    def _due_operation(self):
        return 'documents' if self.remote_id else 'create'

    def _prepare_call(self, operation, client):
        if operation == 'documents':
            return partial(
                self._call_in_time, partial(client.upload_documents, self.remote_id, self._get_signed_messages()))
        return partial(self._call_in_time, partial(client.create_filing, self._prepare_request_body()))

    def _prepare_request_body(self):
        """Return the body of ``POST /comunica_pec`` (``BodyPostComunicaPec`` of the specification)."""
        self.ensure_one()
        return {
            **{key: clean(self[field]) for field, key in const.filing.REQUEST_KEYS.items()},
            'pec_amministratore': self.kind == 'administrator',
            'callback': self._prepare_callback(),
        }

    @staticmethod
    def _read_remote_of(client, remote_id):
        return client.get_filing(remote_id)

    @staticmethod
    def _list_remote(client):
        return client.list_filings()

    # ------------------------------------------------------------ the answers to a call

    def _on_call_accepted(self, operation, data, started_at):
        values = {'error_message': False, 'retry_at': False, 'retry_count': 0, 'candidates': False}
        if operation == 'create':
            values |= {
                'remote_id': data['id'],
                'submitted_at': started_at,
                'expected_on': add_working_days(started_at, const.filing.EXPECTED_WORKING_DAYS),
                'late_on': add_working_days(started_at, self.company_id.openapi_pec_late_days),
            }
        self._write_state(values)
        self._apply_stato(data['stato'])
        if self.state == 'unconfirmed':  # the answer has a stato that nobody knows yet
            self.state = 'code_requested' if operation == 'create' else 'documents_uploaded'

    def _on_call_refused(self, operation, sentence):
        self.error_message = sentence
        if operation == 'create':
            self._on_state_entered('failed', sentence)
        else:
            self._on_state_entered('awaiting_documents', sentence)

    def _on_token_refused(self, operation):
        activity_type, _summary = self._state_activities[self.state]
        self.activity_unlink([f'l10n_it_openapi_pec.{activity_type}'])
        self._plan_activity(activity_type, self.env._(
            "Have the token of the Openapi account corrected in the settings, then submit again"))

    def _on_call_freed(self, operation, sentence):
        result = super()._on_call_freed(operation, sentence)
        if operation == 'create':
            self.activity_unlink(['l10n_it_openapi_pec.mail_activity_type_correct'])
            self._plan_activity('mail_activity_type_correct', self.env._(
                "Look into the Openapi console, then submit the filing again if it is still wanted"))
        return result

    def _on_call_ambiguous(self, candidates):
        self._keep_candidates(candidates, self.env._(
            "The call may have been executed, and several filings at the service look like it. "
            "Choose which one it is; nothing is sent again meanwhile."
        ), self.env._("Choose which filing at the service is this one"))

    def _on_known_again(self):
        for filing in self.filtered(lambda filing: filing.state == 'cancelled'):
            filing._mark_twin({})
        return super()._on_known_again()

    def _plan_documents(self):
        if self.state == 'awaiting_documents':
            activity_type, summary = self._state_activities[self.state]
            self._plan_activity(activity_type, self._in_words(summary))

    # ------------------------------------------------------------ whether a lost call was executed

    def _reconcile(self, line, client, rows):
        if line.operation == 'create':
            return self._read_creation(line, client.get_filing, rows)
        record = client.get_filing(self.remote_id)
        reached = RANK.get(const.filing.STATE_BY_STATO.get(record['stato']), 0)
        return [record] if reached >= RANK['documents_uploaded'] else [], True

    def _is_known_executed(self, line):
        if line.operation == 'documents':
            return RANK.get(self.state, 0) >= RANK['documents_uploaded']
        return super()._is_known_executed(line)

    def _can_look_for(self, line):
        return self.state in ('queued', *const.filing.FOLLOWED_STATES)

    def _is_open_at_service(self):
        return self.state in const.filing.FOLLOWED_STATES

    def _is_same_subject(self, record):
        return fold(record.get('cf_piva')) in ('', fold(self.company_fiscal_code))

    def _get_strangers(self, rows):
        twins = self.sudo().search(
            [('is_twin', '=', True), ('state', 'in', const.filing.OPEN_STATES), ('id', '!=', self.id)])
        return super()._get_strangers(rows) - set(twins.mapped('remote_id')) - self._get_unread(rows)

    def _get_unread(self, rows):
        """Return the identifiers that a person excluded and that were never read: a reference may prove the contrary.

        :param list rows: of the account's list.
        """
        said = {row['id'] for row in rows} & {*(self.stranger_ids or ())}
        unread = self.env['openapi_pec.foreign_filing'].sudo().search([('remote_id', 'in', list(said))]) if said else ()
        return {row.remote_id for row in unread if not row._is_read()}

    @api.model
    def _search_sightings(self, addresses):
        rows = self.env['openapi_pec.foreign_filing'].sudo().search([('pec_email', 'in', addresses)])
        return super()._search_sightings(addresses) + rows._get_sightings()

    def _get_name_to_decide(self):
        kinds = dict(self._fields['kind']._description_selection(self.env))
        return f'{self.display_name}, {self.pec_email} ({kinds[self.kind]})'

    def _get_subject(self):
        return self.company_fiscal_code or ''

    # ------------------------------------------------------------ what was sent, and the same filing twice

    def _show_sent_value(self, name, value):
        if name == 'kind':  # as the service calls it: pec_amministratore
            value = 'administrator' if value else 'company'
        return super()._show_sent_value(name, value)

    def _restore_sent(self, line):
        sent = line._get_sent()
        filed = {field: sent[key] for field, key in const.filing.REQUEST_KEYS.items() if sent.get(key)}
        changed = {field: value for field, value in filed.items() if fold(self[field]) != fold(value)}
        if sent and (self.kind == 'administrator') != sent['pec_amministratore']:
            changed['kind'] = 'administrator' if sent['pec_amministratore'] else 'company'
        self._mark_twin(changed)
        if changed:
            labels = self.fields_get(list(changed), ['string'])
            self.with_context(openapi_pec_as_filed=AS_FILED).write(changed)
            # Before the state is written: otherwise the refusal of a twin puts these values into the log.
            self.flush_recordset()
            self._message_log(body=self.env._(
                "This filing was corrected after the call, so it shows again what was filed. It differs in: %s.",
                ', '.join(labels[field]['string'] for field in changed)))

    def _mark_twin(self, filed):
        """Mark this filing as filed twice when the same one is under way already, and announce both.

        :param dict filed: values that are about to be written to this filing.
        """
        names = ('environment', 'company_fiscal_code', 'partner_id', 'kind', 'fiscal_code', 'pec_email')
        environment, code, partner, *identity = (filed.get(name, self[name]) for name in names)
        twin = self.sudo().search([
            ('digest', '=', digest(environment, code, partner.id, *identity)), ('id', '!=', self.id),
            ('state', 'in', const.filing.OPEN_STATES)])
        if not twin:
            return
        self.is_twin = True
        for one, other in ((self, twin[:1]), *((own, self) for others in twin._by_reader() for own in others)):
            # Whoever reads the one may not see the other.
            name = other.name if one.company_id == other.company_id else one.env._("a filing of another company")
            one._announce(one._add_sandbox(one.env._(
                "paid twice, or about to be: %s is the same filing, and both are under way. Look whether both are "
                "wanted, and ask Openapi to refund the other.", name), const.service.NOT_TWICE))
        self._plan_activity(
            'mail_activity_type_refund',
            self.env._("The same filing is under way twice: look whether both are wanted"))
