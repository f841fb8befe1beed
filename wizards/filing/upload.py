import base64
import hashlib
import time
from collections import Counter, defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import split_every

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.signer.file_content import read_content
from odoo.addons.l10n_it_openapi_pec.tools import p7m
from odoo.addons.l10n_it_openapi_pec.tools.upload import zip_reader


class OpenapiPecUpload(models.TransientModel):
    """Signed powers of attorney that come back together: each finds its filing by what it contains, never by its name.
    """
    _name = 'openapi_pec.upload'
    _description = "Reception of Signed Files"

    attachment_ids = fields.Many2many('ir.attachment', string="Choose the Zip or the Files")
    line_ids = fields.One2many('openapi_pec.upload.line', 'receive_id', "Files")
    state = fields.Selection(
        [('upload', "Upload"), ('read', "Look and Send")], default='upload', required=True, readonly=True)
    summary = fields.Char(compute='_compute_summary')
    is_sendable = fields.Boolean(compute='_compute_summary')
    sent_count = fields.Integer(compute='_compute_summary')
    has_identity_documents = fields.Boolean(compute='_compute_summary')

    @api.depends('line_ids.status', 'line_ids.communication_id.identity_document_id')
    @api.depends_context('lang')
    def _compute_summary(self):
        labels = dict(self.env['openapi_pec.upload.line']._fields['status']._description_selection(self.env))
        for reception in self:
            counts = Counter(reception.line_ids.mapped('status'))
            reception.summary = ", ".join(
                f"{labels[status]}: {counts[status]}" for status in const.RECEIVED if counts[status])
            reception.is_sendable = bool(counts[const.GOOD] or counts[const.WARNED])
            reception.sent_count = counts[const.SENT]
            reception.has_identity_documents = bool(reception.sudo().line_ids.communication_id.identity_document_id)

    def _compute_display_name(self):
        self.display_name = self.env._("Receive Signed Files")

    def unlink(self):
        # One by one, not by the database: each line takes its file along.
        self.env['openapi_pec.upload.line'].search([('receive_id', 'in', self.ids)]).sudo().unlink()
        return super().unlink()

    # ------------------------------------------------------------ buttons

    def action_read(self):
        """Read and judge what was uploaded; the uploads themselves are kept no longer."""
        self.check_access('write')
        self.ensure_one()
        uploads = self.attachment_ids
        uploads.check_access('read')
        if not uploads:
            raise UserError(self.env._("Choose the zip, or the signed files, first."))
        if sum(uploads.mapped('file_size')) > const.RECEIVE_LIMITS['size']:
            raise UserError(self.env._(
                "These files are larger than %s MB together, so nothing was read: upload them in several goes.",
                const.RECEIVE_LIMITS['size'] // 2**20,
            ))
        received = self._judge_files(self._read_uploads(uploads))
        Line = self.env['openapi_pec.upload.line'].sudo()
        Line.search([('receive_id', '=', self.id)]).unlink()
        for part in split_every(const.RECEIVE_SLICE, received, list):
            Line.create(
                [{'receive_id': self.id, 'rank': const.RECEIVED.index(values['status']), **values} for values in part])
            for values in part:
                values.clear()  # the contents are in memory no longer than they must
        self.write({'state': 'read', 'attachment_ids': [fields.Command.clear()]})
        uploads.filtered(lambda upload: upload.res_model == self._name and upload.res_id in (0, self.id)).unlink()

    def action_send(self):
        """Send the ticked files, and mark those whose filing has meanwhile gone on."""
        self.check_access('write')
        self.ensure_one()
        lines = self.sudo().line_ids.filtered(lambda line: line.is_ticked and line.status in (const.GOOD, const.WARNED))
        if not lines:
            raise UserError(self.env._("No file is ticked, so nothing was sent: tick those to be sent."))
        waiting = lines.filtered(lambda line: line.communication_id._takes_documents())
        for line in lines - waiting:
            line.write({**self._describe(line.name, 'delivered'), 'is_ticked': False, 'file': False})
        if waiting:
            filings = self.env['openapi_pec.communication'].browse(waiting.communication_id.ids)
            filings._send_judged({
                filing: (read_content(line, 'file'), line.sentence.split('\n'))
                for filing, line in zip(filings, waiting, strict=True)
            })
            waiting.write({'status': const.SENT, 'is_ticked': False, 'file': False})

    def action_open_filings(self):
        """Open the filings of these files."""
        self.check_access('read')
        return self.line_ids.communication_id.action_open_form()

    def action_start_again(self):
        """Open an empty reception."""
        self.check_access('read')
        return self.env['ir.actions.act_window']._for_xml_id('l10n_it_openapi_pec.action_receive')

    @api.autovacuum
    def _gc_uploads(self):
        """Delete the uploads that nobody had read: they belong to no record that would take them along."""
        self.env['ir.attachment'].search([
            ('res_model', '=', self._name), ('res_id', '=', 0),
            ('create_date', '<', fields.Datetime.now() - timedelta(days=1)),
        ]).unlink()

    # ------------------------------------------------------------ reading

    @api.model
    def _get_limits(self):
        """Return what is read at the most: a :class:`zip_reader.Limits`."""
        largest = max(self.env.companies.sudo().mapped('openapi_pec_max_megabytes'))
        return zip_reader.Limits(entry_size=largest * 2**20, **const.RECEIVE_LIMITS)

    @api.model
    def _read_uploads(self, uploads):
        """Go through uploads, yielding a :class:`zip_reader.Entry` for each file."""
        limits = self._get_limits()
        for upload in uploads:
            for entry in self._read_upload(upload, limits):
                limits = limits._replace(
                    entries=limits.entries - 1, total_size=limits.total_size - len(entry.content or b''))
                yield entry

    @api.model
    def _read_upload(self, upload, limits):
        """Return the entries of a zip, or the one file that was uploaded by itself, as an iterable."""
        name, content = zip_reader.show_name(upload.name), read_content(upload)
        if not zip_reader.is_zip(content) and not name.lower().endswith('.zip'):
            return [zip_reader.wrap(name, content, limits)]
        try:
            return zip_reader.read(content, limits)
        except zip_reader.ZipReaderError as error:
            return [zip_reader.Entry(name, None, error.code, error.values)]

    def _get_known_filings(self):
        """Return the filings that this user sees by their powers of attorney: ``{p7m.Fingerprint: filings}``."""
        filings = self.env['openapi_pec.communication'].search_fetch(
            [('procura_id', '!=', False)], ['procura_id', 'state', 'company_id', 'name', 'partner_id', 'fiscal_code'])
        filings.procura_id.sudo().fetch(['file_size', 'checksum'])
        # What `raw` needs of those to be compared, which it would otherwise read one by one.
        filings.filtered(lambda filing: filing.state == 'awaiting_documents').procura_id.fetch(['store_fname'])
        known = defaultdict(filings.browse)
        for filing in filings:
            file = filing.procura_id.sudo()
            known[p7m.Fingerprint(file.file_size, file.checksum)] += filing
        return {fingerprint: alike.with_prefetch(filings.ids) for fingerprint, alike in known.items()}

    # ------------------------------------------------------------ judging

    def _judge_files(self, entries):
        """Judge files, each content once.

        :param entries: iterable of :class:`zip_reader.Entry`.
        :return: values of lines, of each filing one that may be sent at the most.
        :rtype: list[dict]
        """
        known, seen, best, received = self._get_known_filings(), {}, {}, []
        deadline = time.monotonic() + const.RECEIVE_SECONDS
        for entry in entries:
            is_late = not entry.code and time.monotonic() > deadline
            values = self._describe(entry.name, 'too_long') if is_late else self._judge_file(entry, known, seen)
            received.append(values)
            if values['status'] in (const.GOOD, const.WARNED):
                self._keep_best(values, best)
        if not received:
            received.append(self._describe('—', 'no_files'))
        return received

    def _judge_file(self, entry, known, seen):
        """Return the values of a line about a file.

        :param dict known: filings, as ``_get_known_filings`` returns them.
        :param dict seen: ``{digest: name}`` of the files before, to which this one is added.
        """
        if entry.code:
            return self._describe(entry.name, entry.code, **entry.values)
        digest = hashlib.sha256(entry.content).digest()
        if digest in seen:
            return self._describe(entry.name, 'same_file', name=seen[digest])
        seen[digest] = entry.name
        document, problem = self._extract(entry.content)
        filings = known.get(p7m.recognise(document, known), self.env['openapi_pec.communication'])
        waiting = filings.filtered(lambda filing: filing._takes_documents())
        if problem:
            sentence = self.env['openapi_pec.communication']._in_words(
                const.SIGNATURE_FINDINGS[problem.code]) % problem.values
            return {
                'name': entry.name, 'status': const.REFUSED, 'sentence': sentence,
                'communication_id': (waiting or filings)[:1].id}
        if not filings:
            return self._describe(entry.name, 'no_filing')
        if not waiting:
            return {**self._describe(entry.name, 'delivered'), 'communication_id': filings[0].id}
        if len(waiting) > 1:
            return self._describe(entry.name, 'several_filings', filings=', '.join(waiting.mapped('name')))
        return self._judge_signed(entry, waiting)

    @staticmethod
    def _extract(content):
        """Return the document in a signed file, and None; or a file as it is, and why no document can be taken out of
        it.
        """
        try:
            return p7m.extract(content, max_size=len(content)), None
        except p7m.P7mError as problem:
            return content, problem

    def _judge_signed(self, entry, filing):
        """Return the values of a line about the signed power of attorney of a filing that waits for it."""
        verdict = filing._judge_signed(entry.content)
        sentences = filing._get_signature_sentences(verdict)
        if verdict.level == 'refused':
            errors = [sentence for level, _code, sentence in sentences if level == const.ERROR]
            return {
                'name': entry.name, 'status': const.REFUSED, 'sentence': '\n'.join(errors),
                'communication_id': filing.id}
        return {
            'name': entry.name, 'status': verdict.level, 'is_ticked': verdict.level == 'good',
            'communication_id': filing.id,
            'sentence': '\n'.join(filing._get_signature_log(verdict, sentences)),
            'file': base64.b64encode(verdict.message),
        }

    def _keep_best(self, values, best):
        """Let the best of the files for one filing be sent, of equal ones the first.

        :param dict values: of a line that may be sent; beside a better one it becomes a duplicate.
        :param dict best: ``{id of a filing: values}`` of the lines before, to which this one is added.
        """
        other = best.setdefault(values['communication_id'], values)
        if other is values:
            return
        if values['status'] == const.GOOD and other['status'] == const.WARNED:
            best[values['communication_id']], values, other = values, other, values
        values.update(self._describe(values['name'], 'same_filing', name=other['name']), is_ticked=False, file=False)

    # ------------------------------------------------------------ in words

    def _describe(self, file_name, code, **values):
        """Return the values of a line about a file of which one thing is to be said.

        :param str code: of ``const.RECEIVE_FINDINGS``; ``values`` are those of its sentence.
        """
        status, sentence = const.RECEIVE_FINDINGS[code]
        return {
            'name': file_name, 'status': status,
            'sentence': self.env['openapi_pec.communication']._in_words(sentence) % values}
