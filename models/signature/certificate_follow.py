import logging
from datetime import timedelta
from functools import partial

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.lock import lock_rows, run_unless_met
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import Gone, OpenapiPecError
from odoo.addons.l10n_it_openapi_pec.tools.clock import strip_zone

_logger = logging.getLogger(__name__)

EXPIRY_DAYS = 60  # before the end of a certificate, in which somebody is to buy another one
READ_HOURS = {'ordered': 0, 'active': 24, 'suspended': 24}  # after which a certificate of that state is read again
FOLLOW, DECIDE = 'mail_activity_type_certificate', 'mail_activity_type_decide'


class OpenapiPecCertificate(models.Model):
    """Following a certificate: its link, its state, its end."""
    _inherit = 'openapi_pec.certificate'

    @staticmethod
    def _list_made(client, since):
        return client.list_certificates(since)

    def _on_call_not_found(self, line):
        self._tell_waiting(line)

    def _get_decision_sentence_of(self, line):
        return self._get_decision_moment_sentence(line)

    # ------------------------------------------------------------ SYNCHRONISATION: the scheduled job

    @api.model
    def _follow(self):
        """Look for lost answers, and read what is ordered or in use; of the scheduled job."""
        self._take_steps(
            lambda: self.search([('state', '=', 'unconfirmed')])._look_for(),
            lambda: self._search_freed()._look_once_more(
                'never_arrived', lambda own, line, rows: own._note_found(line, rows)),
            lambda: self._search_unseen()._look_once_more(
                'accepted', lambda own, _line, rows: own._tell_doubled(rows)))
        now = fields.Datetime.now()
        due = [self.search([('state', '=', state), ('retry_at', '<=', now - timedelta(hours=hours))])
               for state, hours in READ_HOURS.items()]
        self._take_steps(*(certificate._read for certificates in due for certificate in certificates), self._tell_ends)

    @api.model
    def _tell_ends(self):
        """Have somebody buy another one, once, for who has none for later; no sooner than it is to be done."""
        soon = fields.Datetime.now() + timedelta(days=EXPIRY_DAYS)
        for certificate in self.search([
                ('state', '=', 'active'), ('is_end_told', '=', False), ('expires_at', '<=', soon)]):
            own = certificate._for_reader()
            if self.search_count([
                    ('partner_id', '=', own.partner_id.id), ('environment', '=', own.environment),
                    ('kind', '=', own.kind), '|', ('is_open', '=', True),
                    '&', ('state', '=', 'active'), ('expires_at', '>', own.expires_at)]):
                continue
            own.is_end_told = True
            own._plan_activity(FOLLOW, own.env._(
                "The certificate of %(person)s expires on %(date)s: buy another one", person=own.holder,
                date=format_date(own.env, own.expires_at)))
            self._commit_in_cron()

    # ------------------------------------------------------------ SYNCHRONISATION: what is read

    def _is_followed(self):
        return self.state == 'unconfirmed' or self.state in READ_HOURS

    def _get_due_since(self):
        return super()._get_due_since() - timedelta(hours=READ_HOURS.get(self.state, 0))

    def _accept_closed(self, line, data):
        result = super()._accept_closed(line, data)
        self._note_found_late(line, data['id'])
        return result

    def _note_found(self, line, rows):
        """Note what became of a purchase that somebody has freed, and whether it was made more than once.

        :param list rows: what the service's list has with its reference.
        """
        self._note_found_late(line, self._choose_found(rows).id)
        if self.remote_id:
            self._tell_doubled(rows)

    def _note_found_late(self, line, remote_id):
        """Go on with a purchase that was paid, and that somebody has freed; or say that it was one too many."""
        if self._is_found_taken(line, remote_id):
            return
        line.write({'state': 'accepted', 'remote_id': remote_id})
        self.remote_id = remote_id
        others = self.search([
            ('partner_id', '=', self.partner_id.id), ('company_id', '=', self.company_id.id),
            ('environment', '=', self.environment), ('kind', '=', self.kind), ('id', '!=', self.id),
            '|', ('is_open', '=', True),
            '&', ('state', 'in', const.remote_signature.USED_CERTIFICATES), ('id', '>', self.id)], limit=1)
        words = const.remote_signature.FOUND_TWICE if others else const.remote_signature.FOUND_LATE
        self._close_with(self.state if others else 'ordered', self._say_paid(*words))
        if others:
            self._plan_activity('mail_activity_type_refund', self.env._(
                "A purchase that was taken for not executed was paid, and another one was asked for"))
        else:
            self._plan_link()
            self.retry_at = fields.Datetime.now()
            self._trigger_cron(self._synchronize_job)

    def action_refresh(self):
        """Read these certificates at the service now, or look for their lost purchases, which is free.

        :return: the action that says that nothing is new; None when something is.
        """
        self.check_access('read')
        own = self.sudo()
        before = [(certificate.state, certificate.remote_state, certificate.link) for certificate in own]
        lost = own.filtered(lambda certificate: certificate.state == 'unconfirmed')
        lost._look_for()
        for certificate in (own - lost).filtered('remote_id'):
            certificate._read(is_awaited=True)
        if before != [(certificate.state, certificate.remote_state, certificate.link) for certificate in own]:
            return None
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification',
            'params': {'type': 'info', 'message': self.env._("The service was asked just now: nothing is new.")}}

    def action_send_link(self):
        """Open a message to the person with the link at which he identifies himself.

        :raise UserError: there is no link.
        """
        self.check_access('read')
        self.ensure_one()
        if self.state != 'ordered' or not self.link:
            raise UserError(self.env._("There is no link to be sent now. Refresh the page."))
        own = self.with_context(lang=self.partner_id.lang or self.env.lang)
        words = own._in_words(const.remote_signature.LINK_SENTENCES[self.kind])
        body = Markup("<p>%s</p><p><a href='%s'>%s</a></p>") % (words, self.link, self.link)
        return {
            'type': 'ir.actions.act_window', 'res_model': 'mail.compose.message', 'view_mode': 'form',
            'views': [(False, 'form')], 'target': 'new', 'name': self.env._("Send the Link"),
            'context': {
                'default_model': self._name, 'default_res_ids': self.ids, 'default_composition_mode': 'comment',
                'default_partner_ids': self.partner_id.ids, 'default_body': body,
                'default_subject': own.env._("Your certificate for remote signatures"), 'openapi_pec_link_sent': True}}

    def message_post(self, **kwargs):
        message = super().message_post(**kwargs)
        if self.env.context.get('openapi_pec_link_sent'):
            self.sudo().activity_unlink([f'l10n_it_openapi_pec.{FOLLOW}'])
        return message

    def _read(self, is_awaited=False):
        """Read this certificate, unless somebody else is changing it.

        :param bool is_awaited: whether a person is told why it cannot be read.
        """
        try:
            client = self.company_id._openapi_pec_client(self.environment, self._api_name)
            found = self._ask_for(client)
        except OpenapiPecError as error:
            if is_awaited:
                self._raise_unread(error, self.environment)
            _logger.info("%s cannot be read now: %s", self, error)
            return
        self._commit_in_cron()
        run_unless_met(self.env.cr, partial(self._apply_locked, found))

    def _ask_for(self, client):
        """Return what the service tells of this certificate (Certificate); None: it does not know it any more.

        It is believed only where the account's list lacks it, too.

        :raise OpenapiPecError: it cannot be read now.
        """
        try:
            return client.get_certificate(self.remote_id)
        except Gone:
            rows = client.find_certificates_of(self._get_owner())
            if (self.company_id._openapi_pec_is_unsure(self.environment) or not rows.is_whole or rows.unreadable
                    or self.remote_id in [row.id for row in rows]):
                raise
            return None

    def _apply_locked(self, found):
        lock_rows(self)
        own = self._for_reader()
        if found:
            own._apply(found)
        elif own.state in READ_HOURS:
            own._end_gone()

    def _end_gone(self):
        """End this certificate, which the service does not know any more: another one may be bought."""
        self.activity_unlink([f'l10n_it_openapi_pec.{FOLLOW}'])
        self._close_with('ended', self._say_paid(*const.remote_signature.GONE))
        self._plan_activity(FOLLOW, self.env._(
            "The service does not know the certificate of %s any more: ask Openapi", self.holder))

    def _apply(self, certificate):
        """Apply what the service tells of this certificate.

        :param Certificate certificate: of ``tools.api.signature_data``.
        """
        was_used = self.state in const.remote_signature.USED_CERTIFICATES
        state = const.remote_signature.STATE_AT_SERVICE.get(certificate.state, self.state if was_used else 'ordered')
        expires_at = strip_zone(certificate.expires_at)
        is_news = state != self.state
        if state == 'active' and self.kind == 'otp' and self.state in ('unconfirmed', 'ordered'):
            self.partner_id.openapi_pec_sign_username = False  # which is that of another certificate
        self.write({
            'remote_id': certificate.id, 'remote_state': certificate.state, 'state': state,
            'link': certificate.link or self.link, 'expires_at': expires_at or self.expires_at,
            'error_message': False, 'candidate': False, 'retry_at': fields.Datetime.now(),
            'is_end_told': self.is_end_told and expires_at in (None, self.expires_at)})
        if not is_news:
            return
        self.activity_unlink([f'l10n_it_openapi_pec.{name}' for name in (FOLLOW, DECIDE)])
        words = const.sign_many.CERTIFICATE_SENTENCES if self.kind == 'automatic' else {}
        self._message_log(body=self._in_words(
            words.get(state) or const.remote_signature.CERTIFICATE_SENTENCES[state]))
        if state == 'ordered':
            self._plan_link()

    def _plan_link(self):
        self._plan_activity(FOLLOW, self.env._(
            "Send the link to %s, who identifies himself there", self.partner_id.display_name))
