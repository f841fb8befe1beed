import logging
from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from .signer_mixin import MAIL_ACTIVITY

_logger = logging.getLogger(__name__)

SIGNERS_NAMED = 10  # in what is shown after a click
DOCUMENTS_PER_MAIL = 20
MAIL_INFLATION = 1.4  # what a file grows by in a mail (base64 and its line breaks)
MAIL_TEXT_SIZE = 2**18  # bytes of a mail besides its documents, generously
MAIL_PAUSE_MINUTES = 1  # before the job mails something: what arrives meanwhile for the same person goes along


class Previewed(NamedTuple):
    """In a context: what the mail that is shown would be about; no request can send it.

    :param str model: of the records.
    :param tuple ids: theirs.
    """

    model: str
    ids: tuple


class OpenapiPecSignerMixin(models.AbstractModel):
    """Mailing the documents to their signers, by a click or by the scheduled job, and the delivery of these mails."""
    _inherit = 'openapi_pec.signer.mixin'

    # ------------------------------------------------------------ COMPUTE

    @api.depends('signing_request_id.state', 'signing_request_id.failure_type')
    @api.depends_context('lang')
    def _compute_mail_failure(self):
        for record in self:
            record.mail_failure = record.sudo().signing_request_id.failure

    # ------------------------------------------------------------ mailing

    def action_open_mailing(self):
        """Ask to whom the documents of these records are mailed, and show what the mails say.

        When there is none that can be mailed, it says why, as the mailing itself does.

        :return: the action that asks, or says it.
        """
        self.check_access('write')
        mailable = self.filtered(lambda record: record._can_be_mailed())
        return self.env['openapi_pec.mailing']._open(mailable._with_unmailed()) if mailable else self._mail_by_click()

    def _with_unmailed(self):
        """Return these records, and what else waits for the same persons and was never mailed: it goes along."""
        keys = {record._get_mail_key() for record in self}
        others = self.search([
            (self._signer_field, 'in', self.mapped(self._signer_field).ids), ('company_id', 'in', self.company_id.ids),
            ('state', 'in', self._signing_states), ('signing_request_id', '=', False), ('id', 'not in', self.ids)])
        return self + others.filtered(lambda record: record._can_be_mailed() and record._get_mail_key() in keys)

    def _can_be_mailed(self):
        """Return whether the document can be mailed now: it is here and awaited, its signer has an address, …"""
        return (
            self._takes_documents() and self.mail_state != 'waiting' and bool(self._get_signer_address())
            and (self._takes_link() or not self._is_document_too_large()))

    def _preview_mail(self, **said):
        """Return what the mail to the person of these records says, without making it.

        :param said: as ``_mail_to_signers`` gets it.
        :return: ``subject`` and ``body`` (HTML), and the names of the ``documents`` (list).
        :rtype: dict
        """
        records = self.sudo()
        documents = [
            record._get_signer_document().name for record in records if not record._is_document_too_large()]
        values = {**records._prepare_request(**said), 'has_documents': len(documents) == len(records)}
        template = self.env.ref(self._signer_template).sudo().with_context(
            lang=values['lang'], openapi_pec_previewed=Previewed(self._name, tuple(self.ids)))
        request = template.env['openapi_pec.signing_request'].new(values)
        subject, body = (
            template._render_field(name, request._ids)[request.id] for name in ('subject', 'body_html'))
        return {'subject': subject, 'body': body, 'documents': documents}

    def _mail_by_click(self, **said):
        """Mail the documents of these records to their signers, and show to whom, and who was left out.

        :param said: what the person who clicks says to the signers: see ``_mail_together``.
        :return: the action that shows it.
        """
        self.check_access('write')
        sentences = self._signer_mail_sentences
        ready = self.filtered(lambda record: record._takes_documents())
        if not ready:
            raise UserError(self._in_words(sentences['nothing']))
        under_way = ready.filtered(lambda record: record.mail_state == 'waiting')
        addressed = (ready - under_way).filtered(lambda record: record._get_signer_address())
        too_large = addressed.filtered(lambda record: record._is_document_too_large() and not record._takes_link())
        mailable = addressed - too_large
        requests = mailable.sudo()._mail_to_signers(**said)
        lines = self._join_skipped({
            self.env._("on their way already: %s"): under_way,
            self.env._("without an e-mail address: %s"): ready - under_way - addressed,
            self.env._("not waiting for a signature: %s"): self - ready,
            self.env._("too large for a mail: %s"): too_large,
        })
        if too_large or not all(requests.mapped('has_links')):
            lines.append((too_large or mailable.filtered('link_problem'))[0].link_problem)
        return {
            'type': 'ir.actions.client',
            'tag': 'display_notification',
            'params': {
                'type': 'warning' if lines else 'success',
                'sticky': bool(lines),
                'title': self._get_mailed_title(len(requests)),
                'message': ' '.join([*self._get_mailed_lines(requests), *lines]),
                'next': {'type': 'ir.actions.client', 'tag': 'soft_reload'},
            },
        }

    def _join_skipped(self, skipped):
        """Return the sentence, in a list, that names who was left out, and why; nobody: an empty list.

        :param dict skipped: ``{reason with a %s: records}``.
        """
        reasons = [
            reason % ', '.join(record._get_signer_label() for record in records)
            for reason, records in skipped.items() if records]
        return [self.env._("Not mailed: %s.", '; '.join(reasons))] if reasons else []

    def _get_mailed_title(self, count):
        """Return how many mails are on their way."""
        if not count:
            return self.env._("Nothing was mailed")
        return self.env._("1 mail is on its way") if count == 1 else self.env._("%s mails are on their way", count)

    def _get_mailed_lines(self, requests):
        """Return the sentences that say to whom the mails of some requests go, and where their outcome is shown."""
        if not requests:
            return []
        sentences = self._signer_mail_sentences
        people = list(dict.fromkeys(f'{request.name} <{request.email}>' for request in requests))
        whom, others = ', '.join(people[:SIGNERS_NAMED]), len(people[SIGNERS_NAMED:])
        values = {'count': len(people), 'whom': whom + (f' (+{others})' if others else '')}
        return [
            self._in_words(sentences['one' if len(people) == 1 else 'many']) % values,
            self._in_words(sentences['leaving'])]

    def _mail_to_signers(self, **said):
        """Mail the documents of these records, which all have an address: one mail for all documents of a person.

        :param said: see ``_mail_together``.
        :return: the signing requests, whose mails Odoo is about to send.
        """
        requests = self.env['openapi_pec.signing_request']
        for records in self._by_mail():
            requests += records._mail_together(**said)
        if requests:
            self.env.ref('mail.ir_cron_mail_scheduler_action').sudo()._trigger()
        return requests

    def _by_mail(self):
        """Return these records in groups, one for each mail: by person, and as many as one mail holds."""
        people = self.grouped(lambda record: record._get_mail_key())
        return [mail for records in people.values() for mail in records._split_by_size()]

    def _get_mail_key(self):
        """Return what is the same of all that goes to a person in one mail."""
        person = (self.fiscal_code or self._get_signer_name()).upper()
        return self.company_id, self.is_sandbox, self._get_signer_address(), person

    def _split_by_size(self):
        """Return these records of one person in parts, each as large as one mail holds."""
        parts, space = [self.browse()], self[0]._get_mail_space()
        for record in self:
            size = record._get_document_size()
            if size > space or len(parts[-1]) == DOCUMENTS_PER_MAIL:
                parts.append(self.browse())
                space = record._get_mail_space()
            parts[-1] += record
            space -= size
        return parts

    def _get_document_size(self):
        """Return how many bytes of a mail the document takes: none if no mail can hold it, and it is not attached."""
        return 0 if self._is_document_too_large() else self._get_signer_document().file_size * MAIL_INFLATION

    def _is_document_too_large(self):
        """Return whether no mail can hold the document."""
        return self._get_signer_document().file_size * MAIL_INFLATION > self._get_mail_space()

    def _get_mail_space(self):
        """Return how many bytes the documents of one mail may take, by the limit of the outgoing mail server."""
        servers = self.env['ir.mail_server'].sudo()
        sender = self.user_id.email_formatted or self.company_id.email_formatted or self.env.user.email_formatted
        server, _smtp_from = servers._find_mail_server(sender)
        return (server or servers)._get_max_email_size() * 2**20 - MAIL_TEXT_SIZE

    def _mail_together(self, **said):
        """Mail the documents of these records of one person in one message.

        :param said: ``is_reminder`` (bool), ``sign_by`` (date; by default as the company's setting says) and ``note``
            (text), none of which is needed.
        :return: the signing request.
        """
        is_reminder = said.pop('is_reminder', False)
        documents = self.env['ir.attachment'].union(*(
            record._get_signer_document() for record in self if not record._is_document_too_large()))
        earlier = self.signing_request_id
        request = self.env['openapi_pec.signing_request'].create({
            **self._prepare_request(**said), 'has_documents': len(documents) == len(self),
            **(self._prepare_reminder() if is_reminder else {}),
        })
        for record in self:
            record.write({
                'signing_request_id': request.id, 'is_mail_due': False,
                'is_link_mailed': record.is_link_mailed or request.has_links,
                'remind_at': False, 'reminders_sent': record.reminders_sent + 1 if is_reminder else 0,
                f'{self._signer_document}_mailed_checksum': record._get_signer_document().checksum,
            })
        self._give_up_mails(earlier)
        request._post(self.env.ref(self._signer_template), documents)
        return request

    def _prepare_request(self, sign_by=None, note=None):
        """Return the values of a signing request for these records of one person, as ``_mail_together`` gets them."""
        first, company = self[0], self[0].company_id.sudo()
        today = fields.Date.context_today(first)
        return {
            'name': first._get_signer_name() or first._get_signer_address(),
            'email': first._get_signer_address(),
            'lang': first._get_signer_lang(),
            'company_id': company.id,
            'partner_id': first[self._signer_field].id,
            'user_id': first.user_id.id or self.env.uid,
            'has_links': first._takes_link(),
            'asked_on': today,
            'sign_by': sign_by or today + timedelta(days=company.openapi_pec_sign_days),
            'note': note or False,
        }

    @api.model
    def _give_up_mails(self, requests):
        """Cancel the mails of these earlier requests that failed, or that no record needs any more."""
        requests.filtered(lambda request: request.state == 'failed' or not request._get_records())._give_up()

    def _forget_mail(self):
        """Let the document count as not mailed: there is another one, or it is requested again."""
        earlier = self.signing_request_id
        self.write({
            'signing_request_id': False, f'{self._signer_document}_mailed_at': False,
            f'{self._signer_document}_mailed_checksum': False, 'remind_at': False, 'reminders_sent': 0})
        self._give_up_mails(earlier.filtered(lambda request: request.state != 'sent'))

    # ------------------------------------------------------------ the delivery of the mail

    def _mail_has_left(self):
        """Note that the mail of these records was sent."""
        now = fields.Datetime.now()
        for remind_at, records in self.grouped(lambda record: record._get_reminder_time(now)).items():
            records.write({f'{self._signer_document}_mailed_at': now, 'remind_at': remind_at})
        self.activity_unlink([MAIL_ACTIVITY])
        self._log_mail('reminded' if self.signing_request_id[:1].reminder else 'mailed')

    def _mail_has_failed(self):
        """Note that the mail of these records did not reach its signer, and plan an activity for each."""
        self.write({f'{self._signer_document}_mailed_at': False, 'remind_at': False})
        self._log_mail('undelivered')
        self._plan_mailing(self.env._("The mail did not arrive: %s", self[0].signing_request_id.failure))

    def _log_mail(self, key):
        """Log the outcome of a mail in the chatters of these records.

        :param str key: of ``_signer_mail_sentences``.
        """
        sentence = self._in_words(self._signer_mail_sentences[key])
        linkless = f" {self._in_words(self._signer_mail_sentences['linkless'])}" if key != 'undelivered' else ''
        self._message_log_batch({
            record.id: sentence % {'address': request.email, 'reason': request.failure, 'number': request.reminder}
            + ('' if request.has_links else linkless)
            for record in self for request in [record.signing_request_id]})

    def _plan_mailing(self, summary):
        """Plan an activity about the mail of each of these records that still waits for documents."""
        self.activity_unlink([MAIL_ACTIVITY])
        waiting = self.filtered(lambda record: record._takes_documents())
        waiting._plan_activity(MAIL_ACTIVITY.partition('.')[2], summary)

    # ------------------------------------------------------------ mailing by the scheduled job

    def _mail_by_itself(self):
        """Have the scheduled job mail what has just arrived, with what else arrives soon for the same person."""
        self.is_mail_due = True
        self.env['openapi_pec.signing_request']._trigger_cron(
            fields.Datetime.now() + timedelta(minutes=MAIL_PAUSE_MINUTES))

    @api.model
    def _mail_due(self):
        """Mail what is due; what cannot be mailed stays as it is, and its responsible gets an activity."""
        due = self.search([('is_mail_due', '=', True)], order='id').try_lock_for_update(allow_referencing=True)
        due.is_mail_due = False
        due = due.filtered(lambda record: record._takes_documents() and record.mail_state != 'waiting')
        unmailable = {
            'addressless': due.filtered(lambda record: not record._get_signer_address()),
            'too_large': due.filtered(lambda record: record._is_document_too_large() and not record._takes_link()),
        }
        for key, records in unmailable.items():
            for record in records:
                record._for_reader()._notify_unmailed(key)
        for records in (due - self.browse().union(*unmailable.values()))._by_mail():
            try:
                with self.env.cr.savepoint():
                    records._mail_to_signers()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise
            except Exception:
                # For example, somebody has broken the template: the other records are mailed all the same.
                _logger.exception("The documents of %s cannot be mailed to their signer.", records)
                for record in records:
                    record._for_reader()._notify_unmailed('failed')

    def _notify_unmailed(self, key):
        """Log why the job did not mail the document, and plan an activity.

        :param str key: of ``_signer_mail_sentences``.
        """
        sentence = self._in_words(self._signer_mail_sentences[key]) % {'label': self._get_signer_label()}
        self._message_log(body=sentence)
        self._plan_mailing(sentence)
