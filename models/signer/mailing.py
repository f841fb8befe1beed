import logging
from collections import defaultdict
from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from odoo.addons.l10n_it_openapi_pec.models.service.account import MODELS

from .signer_mixin import MAIL_ACTIVITY

_logger = logging.getLogger(__name__)

SIGNERS_NAMED = 10  # in what is shown after a click
DOCUMENTS_PER_MAIL = 20
MAIL_INFLATION = 1.4  # what a file grows by in a mail (base64 and its line breaks)
MAIL_TEXT_SIZE = 2**18  # bytes of a mail besides its documents, generously
ALONG = '_get_along'  # in a template of filings: it lists what goes along, as one that somebody has written may not
MAIL_PAUSE_MINUTES = 1  # before the job mails something: what arrives meanwhile for the same person goes along


class Previewed(NamedTuple):
    """In a context: what the mail that is shown would be about; no request can send it.

    :param dict ids: of the records, by model.
    """

    ids: dict


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
        if not mailable:
            return self._mail_by_click()
        filings, mailboxes = (
            (mailable if model == self._name else self.env[model]) | mailable._find_unmailed(model) for model in MODELS)
        return self.env['openapi_pec.mailing']._open(filings, mailboxes)

    def _find_unmailed(self, model):
        """Return what else waits for the persons of these records and was never mailed: it goes along.

        :param str model: of ``MODELS``.
        """
        keys, records = {record._get_mail_key() for record in self}, self.env[model]
        waiting = records.search([
            (records._signer_field, 'in', self[self._signer_field].ids), ('company_id', 'in', self.company_id.ids),
            ('state', 'in', records._signing_states), ('signing_request_id', '=', False)])
        return waiting._filter_awaiting().filtered(
            lambda record: record._can_be_mailed() and record._get_mail_key() in keys)

    def _filter_awaiting(self, awaits=True):
        """Return those of these records for which something is still missing that who signs can upload, or the others.

        :param bool awaits: False for the others.
        """
        return self.filtered(lambda record: record._awaits_signer() == awaits)

    def _can_be_mailed(self):
        """Return whether the document can be mailed now: it is here and awaited, its signer has an address, …"""
        return (
            self._takes_documents() and self.mail_state != 'waiting' and bool(self._get_signer_address())
            and (self._takes_link() or not self._is_document_too_large()))

    def _preview_mail(self, along=None, **said):
        """Return what the mail to the person of these records says, without making it.

        :param along: mailboxes that go along with filings.
        :param said: as ``_mail_to_signers`` gets it.
        :return: ``subject`` and ``body`` (HTML), and the names of the ``documents`` (list).
        :rtype: dict
        """
        parts = [part.sudo() for part in (self, along) if part]
        records = [record for part in parts for record in part]
        documents = [
            record._get_signer_document().name for record in records if not record._is_document_too_large()]
        values = {**parts[0]._prepare_request(**said), 'has_documents': len(documents) == len(records)}
        template = self.env.ref(self._signer_template).sudo().with_context(
            lang=values['lang'], openapi_pec_previewed=Previewed({part._name: part.ids for part in parts}))
        request = template.env['openapi_pec.signing_request'].new(values)
        subject, body = (
            template._render_field(name, request._ids)[request.id] for name in ('subject', 'body_html'))
        return {'subject': subject, 'body': body, 'documents': documents}

    def _mail_by_click(self, along=None, **said):
        """Mail the documents of these records to their signers, and show to whom, and who was left out.

        :param along: mailboxes that are mailed with these filings, to the same person in the same mail.
        :param said: what the person who clicks says to the signers: see ``_mail_together``.
        :return: the action that shows it.
        """
        parts = [part for part in (self, along) if part]
        for part in parts:
            part.check_access('write')
        if not any(record._takes_documents() for part in parts for record in part):
            raise UserError(self._in_words(self._signer_mail_sentences['nothing']))
        mailable, too_large, skipped = zip(*(part._sort_out() for part in parts), strict=True)
        requests = mailable[0].sudo()._mail_to_signers(*(records.sudo() for records in mailable[1:]), **said)
        lines = [line for part, reasons in zip(parts, skipped, strict=True) for line in part._join_skipped(reasons)]
        lines += [
            record.link_problem for records in (*too_large, *mailable) for record in records if record.link_problem][:1]
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

    def _sort_out(self):
        """Sort these records out for a mail that somebody asks for.

        :return: those that can be mailed now; those that are too large for it; and all others, as ``_join_skipped``
            takes them.
        """
        ready = self.filtered(lambda record: record._takes_documents())
        under_way = ready.filtered(lambda record: record.mail_state == 'waiting')
        addressed = (ready - under_way).filtered(lambda record: record._get_signer_address())
        too_large = addressed.filtered(lambda record: record._is_document_too_large() and not record._takes_link())
        return addressed - too_large, too_large, {
            self.env._("on their way already: %s"): under_way,
            self.env._("without an e-mail address: %s"): ready - under_way - addressed,
            self.env._("not waiting for a signature: %s"): self - ready,
            self.env._("too large for a mail: %s"): too_large,
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

    def _mail_to_signers(self, along=None, **said):
        """Mail the documents of these records, which all have an address: one mail for all documents of a person.

        :param along: mailboxes to be mailed as well; they go along with these filings where a person has both.
        :param said: see ``_mail_together``.
        :return: the signing requests, whose mails Odoo is about to send.
        """
        requests = self.env['openapi_pec.signing_request']
        for records, others in self._pair(along):
            requests += records._mail_together(others, **said)
        if requests:
            self.env.ref('mail.ir_cron_mail_scheduler_action').sudo()._trigger()
        return requests

    def _by_mail(self):
        """Return these records in groups, one for each mail: by person, and as many as one mail holds."""
        people = self.grouped(lambda record: record._get_mail_key())
        return [mail for records in people.values() for mail in records._split_by_size()]

    def _pair(self, along=None):
        """Return these records, and mailboxes that go along with filings, in pairs, one for each mail.

        :return: ``[(filings or mailboxes, mailboxes that go along with filings or None), …]``
        """
        left = defaultdict(list)
        for others in along._by_mail() if along else ():
            left[others[0]._get_mail_key()].append(others)
        pairs = []
        for records in self._by_mail():
            waiting = left[records[0]._get_mail_key()]
            is_room = bool(waiting) and records._takes_along(waiting[0])
            pairs.append((records, waiting.pop(0) if is_room else None))
        return pairs + [(others, None) for waiting in left.values() for others in waiting]

    def _takes_along(self, others):
        """Return whether the mail of these filings has room for some mailboxes of the same person, and lists them."""
        first, records = self[0], [*self, *others]
        template = self.env.ref(self._signer_template, raise_if_not_found=False) or self.env['mail.template']
        text = template.sudo().with_context(lang=first._get_signer_lang()).body_html
        size = sum(record._get_document_size() for record in records)
        has_room = len(records) <= DOCUMENTS_PER_MAIL and size <= first._get_mail_space()
        return has_room and ALONG in (text or '')

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

    def _mail_together(self, along=None, **said):
        """Mail the documents of these records of one person in one message.

        :param along: mailboxes of the same person, which go along with these filings.
        :param said: ``is_reminder`` (bool), ``sign_by`` (date; by default as the company's setting says) and ``note``
            (text), none of which is needed.
        :return: the signing request.
        """
        is_reminder = said.pop('is_reminder', False)
        records = [*self, *(along or ())]
        documents = self.env['ir.attachment'].union(*(
            record._get_signer_document() for record in records if not record._is_document_too_large()))
        earlier = self.env['openapi_pec.signing_request'].union(*(record.signing_request_id for record in records))
        request = self.env['openapi_pec.signing_request'].create({
            **self._prepare_request(**said), 'has_documents': len(documents) == len(records),
            **(self._prepare_reminder() if is_reminder else {}),
        })
        for record in records:
            record.write({
                'signing_request_id': request.id, 'is_mail_due': False,
                'is_link_mailed': record.is_link_mailed or request.has_links,
                'remind_at': False, 'reminders_sent': record.reminders_sent + 1 if is_reminder else 0,
                f'{record._signer_document}_mailed_checksum': record._get_signer_document().checksum,
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
    def _take_due(self):
        """Return what is due to be mailed, and can be; of the rest, its responsible gets an activity."""
        due = self.search([('is_mail_due', '=', True)], order='id').try_lock_for_update(allow_referencing=True)
        due.is_mail_due = False
        due = due._filter_awaiting().filtered(lambda record: record.mail_state != 'waiting')
        unmailable = {
            'addressless': due.filtered(lambda record: not record._get_signer_address()),
            'too_large': due.filtered(lambda record: record._is_document_too_large() and not record._takes_link()),
        }
        for key, records in unmailable.items():
            for record in records:
                record._for_reader()._notify_unmailed(key)
        return due - self.browse().union(*unmailable.values())

    def _mail_in_job(self, along, **said):
        """Mail the documents of these records of one person, or say that it cannot be done: see ``_mail_together``."""
        try:
            with self.env.cr.savepoint():
                self._mail_to_signers(along, **said)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:
            # For example, somebody has broken the template: the other records are mailed all the same.
            _logger.exception("The documents of %s cannot be mailed to their signer.", self)
            for record in (*self, *(along or ())):
                record._for_reader()._notify_unmailed('failed')

    def _notify_unmailed(self, key):
        """Log why the job did not mail the document, and plan an activity.

        :param str key: of ``_signer_mail_sentences``.
        """
        sentence = self._in_words(self._signer_mail_sentences[key]) % {'label': self._get_signer_label()}
        self._message_log(body=sentence)
        self._plan_mailing(sentence)
