import logging
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import split_every
from odoo.tools.misc import format_date

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import Gone, OpenapiPecError, OtherRecord

_logger = logging.getLogger(__name__)

DETAILS_PER_RUN = 40  # mailboxes read one by one in a run of the synchronisation
FORMS_PER_RUN = 20  # forms downloaded in a run
EXPIRY = 'l10n_it_openapi_pec.mail_activity_type_mailbox_expiry'


class OpenapiPecMailbox(models.Model):
    """Mailboxes follow the service: one request for all of an account, then the details of what changed."""
    _inherit = 'openapi_pec.mailbox'

    # ------------------------------------------------------------ CRUD

    def write(self, vals):
        result = super().write(vals)
        if 'expires_on' in vals:
            self._end_expiry()
        return result

    # ------------------------------------------------------------ SYNCHRONISATION

    @api.model
    def _followed_domain(self):
        return fields.Domain([
            ('environment', '!=', False),
            '|', '|', '|', ('call_state', '=', 'unconfirmed'), ('look_until', '>=', fields.Datetime.now()),
            ('is_gone', '=', True),
            '&', ('remote_id', '!=', False), ('state', 'not in', const.mailbox.FINAL_STATES)]) | (
                self._closed_here_domain() & fields.Domain('environment', '!=', False))

    def _synchronize(self, client):
        rows = client.list_mailboxes()
        # One query, however many they are.
        self.fetch([
            'company_id', 'environment', 'call_state', 'remote_id', 'remote_state', 'mailbox_type', 'expires_on',
            'remote_changed_at',
            'state', 'write_date', 'look_until', 'is_gone'])
        others = self.company_id._openapi_pec_note_account(client, rows, self[:1].environment)
        self._get_looked_for()._recover(client, rows)
        rows_by_id = {row['id']: row for row in rows}
        # What may be another account's list says nothing; of what was closed as gone, only that it is there again.
        self.filtered(lambda mailbox: mailbox.remote_id and mailbox.company_id not in others and (
            mailbox.state not in const.mailbox.FINAL_STATES or mailbox.remote_id in rows_by_id))._apply_rows(rows_by_id)

    def _apply_rows(self, rows):
        """Take over the account's list; what it lacks, or shows as of an earlier time, is read one by one.

        :param dict rows: identifier -> row, as ``PecClient.list_mailboxes`` returns it.
        """
        news, doubtful, seen = defaultdict(self.browse), self.browse(), self._get_seen()
        for mailbox in self:
            row = rows.get(mailbox.remote_id)
            changed_at = row and self._to_moment(row['times'].get('ultima_modifica'))
            if not row or (changed_at and mailbox.remote_changed_at and changed_at < mailbox.remote_changed_at):
                doubtful += mailbox
                continue
            told = (row['stato'], row['data_scadenza'] or False, changed_at or False)
            is_other_type = row['tipo_casella'] in const.mailbox.TYPES and row['tipo_casella'] != mailbox.mailbox_type
            known = (mailbox.remote_state, mailbox.expires_on, mailbox.remote_changed_at)
            if is_other_type or mailbox.is_gone or mailbox._is_closed_here() or told != known:
                news[told] += mailbox
        doubtful = doubtful.filtered(lambda mailbox: not mailbox.details_due)
        doubtful -= doubtful._get_elsewhere() - doubtful.filtered('is_gone')
        if doubtful:
            doubtful._take_over(lambda records: records.write({'details_due': True}), seen)
        for told, mailboxes in news.items():
            for slice_ids in split_every(const.service.SLICE_SIZE, mailboxes.ids):
                self.browse(slice_ids)._take_over(lambda records, told=told: records._apply_row(*told), seen)

    def _apply_row(self, stato, expires_on, changed_at):
        """Take over a row of the list into these mailboxes; their details are read later."""
        self.write({'expires_on': expires_on, 'remote_changed_at': changed_at, 'details_due': True})
        self._apply_stato(stato)

    def _fetch_due(self, client):
        """Read the details of what changed, and the forms that wait to be signed, a few at a time."""
        due = self.search([
            ('id', 'in', self.ids), '|', ('details_due', '=', True),
            ('awaited', '!=', False)], order='error_message desc, id')
        for mailbox in due[:DETAILS_PER_RUN]:
            mailbox._read_details(client)
            mailbox._commit_in_cron()
        formless = self.search([
            ('id', 'in', self.ids), ('state', 'in', const.mailbox.ACTIVATION_STATES), ('form_id', '=', False)])
        for mailbox in formless[:FORMS_PER_RUN]:
            mailbox._unless_meeting(lambda mailbox: mailbox._fetch_form_if_due(client))
            mailbox._commit_in_cron()
        holderless = self.search([('id', 'in', due.ids), ('partner_id', '=', False), ('is_imported', '=', True)])
        holderless._unless_meeting(type(self)._match_partners)
        if len(due) > DETAILS_PER_RUN or len(formless) > FORMS_PER_RUN:
            self._trigger_cron(self._synchronize_job)

    def _read_details(self, client):
        """Read one mailbox that has changed, or that the list lacks."""
        seen = self._get_seen()
        try:
            record = client.get_mailbox(self.remote_id)
        except Gone:
            self._take_over(lambda mailbox: mailbox._for_reader()._on_gone(), seen)
        except OtherRecord:
            self._take_over(lambda mailbox: mailbox._for_reader()._on_other_record(), seen)
        except OpenapiPecError as error:
            _logger.info("%s cannot be read now: %s", self, error)
        else:
            self._take_over(lambda mailbox: mailbox._for_reader()._apply_record(record), seen)

    def _on_gone(self):
        self.details_due = False
        return super()._on_gone()

    @api.model
    def _announce_due(self):
        self._announce_expiring()
        self._announce_expired()

    def _drop_activities(self):
        """Remove the activities that the last state or call has planned.

        The one about the expiry stays until the mailbox has ended or its renewal is asked for. When that is refused or
        given up the job tells the expiry again.
        """
        settled = self.filtered(lambda mailbox: mailbox.state != 'active' or mailbox.operation == 'mailbox_renew')
        settled.filtered('expiry_told').expiry_told = False
        (self - settled).activity_unlink([xmlid for xmlid in self._activity_types if xmlid != EXPIRY])
        return super(OpenapiPecMailbox, settled)._drop_activities()

    def _end_expiry(self):
        """End the activity about the expiry of those of these mailboxes that do not expire soon any more.

        However they were renewed: somebody who still found it would have them renewed, and paid, once more.
        """
        renewed = self.filtered(
            lambda mailbox: mailbox.expiry_told and mailbox.expires_on and not mailbox._expires_soon())
        if renewed:
            renewed.activity_unlink([EXPIRY])
            renewed.expiry_told = False

    def _expires_soon(self):
        """Return whether this mailbox expires within the days before which its company wants to be told."""
        days = self.company_id.sudo().openapi_pec_ahead_days
        return self.expires_on <= fields.Date.context_today(self) + timedelta(days=days)

    @api.model
    def _announce_expiring(self):
        """Announce each mailbox that expires soon, once, unless its renewal is under way."""
        last = fields.Date.context_today(self) + timedelta(days=const.position.OFFICE_DAYS)
        soon = self.search([('state', '=', 'active'), ('expires_on', '<=', last)])
        soon.filtered(
            lambda mailbox: mailbox._expires_soon() and mailbox.expiry_told != mailbox.expires_on
            and not mailbox.is_renewal_open
        )._unless_meeting(type(self)._announce_expiry)

    def _announce_expiry(self):
        """Announce that these mailboxes expire soon, and have their responsible see to it."""
        for (expires_on, auto_renew, is_sandbox), mailboxes in self.grouped(
                lambda mailbox: (mailbox.expires_on, mailbox.auto_renew, mailbox.is_sandbox)).items():
            mailboxes.expiry_told = expires_on
            mailboxes.activity_unlink([EXPIRY])
            for readers in mailboxes._by_reader():
                date = format_date(readers.env, expires_on)
                if auto_renew and is_sandbox:
                    sentence = readers.env._(
                        "expires on %s, and is renewed by the service. In the sandbox nothing is paid.", date)
                    summary = readers.env._("See that the mailbox is renewed by itself")
                elif auto_renew:
                    sentence = readers.env._(
                        "expires on %s, and is renewed by the service if the wallet holds enough.", date)
                    summary = readers.env._(
                        "See that the Openapi wallet holds enough: the mailbox is renewed by itself")
                else:
                    sentence = readers.env._("expires on %s. What is not renewed stops to receive.", date)
                    summary = readers.env._("Renew the mailbox before it expires")
                readers._announce(sentence)
                readers._plan_activity('mail_activity_type_mailbox_expiry', summary, deadline=expires_on)
