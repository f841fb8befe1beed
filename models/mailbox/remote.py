import logging

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import BadToken, Gone, OpenapiPecError
from odoo.addons.l10n_it_openapi_pec.tools.outcome import changed as mailbox_truth
from odoo.addons.l10n_it_openapi_pec.tools.pec import address as pec_address

_logger = logging.getLogger(__name__)

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


class OpenapiPecMailbox(models.Model):
    """One mailbox is read from the service, and what the service tells of it is taken over."""
    _inherit = 'openapi_pec.mailbox'

    # ------------------------------------------------------------ ACTIONS

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

    # ------------------------------------------------------------ what cannot be read

    def _get_unread_sentence(self, error):
        return self._get_read_sentence('mailbox', error)

    def _check_known(self):
        """Raise when the service, which has just been asked, does not know this mailbox any more."""
        if self.is_gone:
            raise UserError(self.env._("%s Nothing was sent or spent.", self.sudo()._get_gone_sentence()))

    def _get_read_sentence(self, what, error):
        """Return what an error of a read means for a person; a read never costs.

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

    # ------------------------------------------------------------ SYNCHRONISATION

    def _apply_record(self, record):
        """Take over a whole record of the service.

        :param dict record: as ``PecClient.get_mailbox`` returns it.
        """
        self.ensure_one()
        self._settle_awaited(record)
        self.write({
            **self._get_record_values(record), 'snapshot': mailbox_truth.snapshot(record), 'details_due': False,
            'error_message': (self.call_state and self.error_message) or self._get_address_problem(record),
        })
        self._apply_users(record['multiutenza'])
        self._apply_stato(record['stato'])

    def _get_address_problem(self, record):
        """Return why this mailbox cannot take its address from the service, as a sentence; False when it can.

        Another mailbox here may have that address already.
        """
        address = not self.address and pec_address.normalize(record.get('casella_pec'))
        twin = self.search([
            ('address', '=', address), ('environment', '=', self.environment), ('id', '!=', self.id),
            ('state', 'not in', ('closed', 'annulled', 'revoked'))], limit=1) if address else self.browse()
        return bool(twin) and self.env._(
            "The service gives this mailbox the address %(address)s, which another one has here already: ask "
            "Openapi which one is right. Nothing was spent.", address=address)

    def _get_record_values(self, record):
        """Return the values that a record of the service gives; what the record leaves out is kept."""
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
                **const.mailbox.FLAG_KEYS, **READ_FLAG_KEYS}.items() if isinstance(record.get(key), bool)},
            **{field: record[key] for field, key in READ_NUMBER_KEYS.items()},
            **{field: '\n'.join(record[key]) for field, key in READ_LIST_KEYS.items()},
            **{field: self._to_moment(record['times'].get(key)) for field, key in TIME_KEYS.items()},
        }

    def _apply_users(self, users):
        """Make the users of this mailbox those that the service has."""
        known = {user.remote_id: user for user in self.mailbox_user_ids}
        values = {user['id_utenza']: {
            **{field: user[key] for field, key in const.mailbox.USER_KEYS.items()},
            'userid': user['userid'], 'activated_at': self._to_moment(user['activated_at']),
        } for user in users}
        self.env['openapi_pec.mailbox.user'].union(*(user for key, user in known.items() if key not in values)).unlink()
        self.env['openapi_pec.mailbox.user'].create([
            {'mailbox_id': self.id, 'remote_id': key, **own} for key, own in values.items() if key not in known])
        self._forget_found_users()

    def _on_state_entered(self, state, sentence=None, values=None):
        result = super()._on_state_entered(state, sentence, values)
        if state in const.mailbox.ACTIVATION_STATES:
            self._forget_uploads()
        return result
