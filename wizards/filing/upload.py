import base64
import hashlib
import time
from collections import Counter, defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import split_every
from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.signer.file_content import read_content
from odoo.addons.l10n_it_openapi_pec.tools import p7m
from odoo.addons.l10n_it_openapi_pec.tools.finding import ERROR, Finding
from odoo.addons.l10n_it_openapi_pec.tools.upload import zip_reader

_lt = LazyTranslate(__name__, default_lang='en_US')

# What is read of an upload at the most: tools/upload/zip_reader.py, Limits. How large one file may be is the companies'
# setting.
RECEIVE_LIMITS = {'size': 200 * 2**20, 'entries': 4000, 'total_size': 300 * 2**20, 'ratio': 100}

RECEIVE_SLICE = 100  # files kept at once
RECEIVE_SECONDS = 40  # in which an upload is judged: well within what Odoo grants a request

# What becomes of a file of an upload, in the order in which a person wants to look at them.
RECEIVED = WARNED, REFUSED, UNMATCHED, GOOD, SENT, DELIVERED, DUPLICATE, IGNORED = (
    'warning', 'refused', 'unmatched', 'good', 'sent', 'delivered', 'duplicate', 'ignored')

# code of a finding about a file -> (what becomes of the file, sentence)
RECEIVE_FINDINGS = {
    # tools/upload/zip_reader.py: a zip
    'no_zip': (REFUSED, _lt(
        "This is not a zip: make one of the signed files with the computer's own command, or upload them by "
        "themselves.")),
    'zip_damaged': (REFUSED, _lt("This zip is damaged, so nothing of it was read: fetch or make it again, and upload "
                                 "it anew.")),
    'zip_too_large': (REFUSED, _lt("This zip is larger than %(megabytes)s MB: divide the files among several zips.")),
    'no_files': (REFUSED, _lt("There are no files in this zip: put the signed files into it and upload it anew.")),

    # tools/upload/zip_reader.py: an entry
    'folder': (IGNORED, _lt("A folder: the files in it stand here by themselves.")),
    'clutter': (IGNORED, _lt("Made by the computer beside the files: nothing is missed without it.")),
    'link': (REFUSED, _lt("This is a link to a file elsewhere, and was not followed: put the signed file itself into "
                          "the zip.")),
    'outside': (REFUSED, _lt(
        "This name leads out of the zip, as no program of good faith writes it, so the file was not read: upload the "
        "signed file by itself, once you know where it comes from.")),
    'encrypted': (REFUSED, _lt("This file is encrypted in the zip: make the zip anew without a password.")),
    'method': (REFUSED, _lt(
        "This file is packed in an unusual way: make the zip anew with the computer's own command, or upload the file "
        "by itself.")),
    'broken': (REFUSED, _lt("This file is damaged in the zip: fetch or make the zip again, or upload the file by "
                            "itself.")),
    'lying_size': (REFUSED, _lt(
        "The zip states another size of this file than it has, so the file was not read: make the zip again, or upload "
        "the file by itself.")),
    'entry_too_large': (REFUSED, _lt(
        "The file is larger than %(megabytes)s MB: sign the power of attorney as it was downloaded, and upload that.")),
    'bomb': (REFUSED, _lt("This file unpacks to far more than any signed document, so it was not read: ask where it "
                          "comes from.")),
    'all_too_large': (REFUSED, _lt("The upload unpacks to too much, so this file was not read: upload it with fewer "
                                   "others.")),
    'nested_zip': (REFUSED, _lt(
        "This is a zip within the zip, which is not opened: unpack it and put its files into the zip themselves. If "
        "the signature program made it (ASiC format), sign again and choose CAdES.")),
    'too_many': (REFUSED, _lt("What follows was not read, as there are too many files: upload the others in a zip of "
                              "their own.")),
    'too_long': (
        REFUSED, _lt("The files before this one took too long to be judged: upload this one with fewer others.")),

    # what it is compared with
    'no_filing': (UNMATCHED, _lt(
        "Signed, but not the power of attorney of any filing that you see in the companies switched on: was it signed "
        "as it was downloaded? A scan, or a copy printed anew, is uploaded on its filing.")),
    'several_filings': (UNMATCHED, _lt("The same power of attorney belongs to %(filings)s: upload the file on the "
                                       "right one.")),
    'delivered': (DELIVERED, _lt("This filing does not wait for its signature: there is nothing to send.")),
    'same_file': (DUPLICATE, _lt("The same file as %(name)s.")),
    'same_filing': (DUPLICATE, _lt("For the same filing there is %(name)s as well: that file is taken.")),
}


class OpenapiPecUpload(models.TransientModel):
    """Signed powers of attorney that come back together: each finds its filing by what it contains, never by its name.
    """
    _name = 'openapi_pec.upload'
    _description = "Reception of Signed Files"
    _inherit = ['openapi_pec.findings.mixin']

    attachment_ids = fields.Many2many('ir.attachment', string="Choose the Zip or the Files")
    line_ids = fields.One2many('openapi_pec.upload.line', 'receive_id', "Files")
    state = fields.Selection(
        [('upload', "Upload"), ('read', "Look and Send")], default='upload', required=True, readonly=True)
    summary = fields.Char(compute='_compute_summary')
    is_sendable = fields.Boolean(compute='_compute_summary')
    sent_count = fields.Integer(compute='_compute_summary')
    has_identity_documents = fields.Boolean(compute='_compute_summary')
    is_verified = fields.Boolean(compute='_compute_summary')  # whether files are verified beyond themselves
    is_verifiable = fields.Boolean(compute='_compute_summary')  # by Odoo, and any may still be sent

    # ------------------------------------------------------------ COMPUTE

    @api.depends('line_ids.status', 'line_ids.communication_id.identity_document_id')
    @api.depends_context('lang')
    def _compute_summary(self):
        labels = dict(self.env['openapi_pec.upload.line']._fields['status']._description_selection(self.env))
        for reception in self:
            counts = Counter(reception.line_ids.mapped('status'))
            reception.summary = ", ".join(
                f"{labels[status]}: {counts[status]}" for status in RECEIVED if counts[status])
            reception.is_sendable = bool(counts[GOOD] or counts[WARNED])
            reception.sent_count = counts[SENT]
            companies = reception.sudo().line_ids.communication_id.company_id
            ways = set(companies.mapped('openapi_pec_verify')) - {False}
            reception.is_verified = bool(ways)
            reception.is_verifiable = 'odoo' in ways and reception.is_sendable
            reception.has_identity_documents = bool(reception.sudo().line_ids.communication_id.identity_document_id)

    def _compute_display_name(self):
        self.display_name = self.env._("Receive Signed Files")

    # ------------------------------------------------------------ CRUD

    def unlink(self):
        # One by one, not by the database: each line takes its file along.
        self.env['openapi_pec.upload.line'].search([('receive_id', 'in', self.ids)]).sudo().unlink()
        return super().unlink()

    # ------------------------------------------------------------ ACTIONS

    def action_read(self):
        """Read and judge what was uploaded; the uploads themselves are kept no longer."""
        self.check_access('write')
        self.ensure_one()
        uploads = self.attachment_ids
        uploads.check_access('read')
        if not uploads:
            raise UserError(self.env._("Choose the zip, or the signed files, first."))
        if sum(uploads.mapped('file_size')) > RECEIVE_LIMITS['size']:
            raise UserError(self.env._(
                "These files are larger than %s MB together, so nothing was read: upload them in several goes.",
                RECEIVE_LIMITS['size'] // 2**20,
            ))
        received = self._judge_files(self._read_uploads(uploads))
        Line = self.env['openapi_pec.upload.line'].sudo()
        Line.search([('receive_id', '=', self.id)]).unlink()
        for part in split_every(RECEIVE_SLICE, received, list):
            Line.create(
                [{'receive_id': self.id, 'rank': RECEIVED.index(values['status']), **values} for values in part])
            for values in part:
                values.clear()  # the contents are in memory no longer than they must
        self.write({'state': 'read', 'attachment_ids': [fields.Command.clear()]})
        uploads.filtered(lambda upload: upload.res_model == self._name and upload.res_id in (0, self.id)).unlink()

    def action_send(self):
        """Send the ticked files, and mark those whose filing has meanwhile gone on.

        What is worse by now than was shown is not sent: the certificate was revoked, another document is asked for.
        """
        self.check_access('write')
        self.ensure_one()
        lines = self.sudo().line_ids.filtered(lambda line: line.is_ticked and line.status in (GOOD, WARNED))
        if not lines:
            raise UserError(self.env._("No file is ticked, so nothing was sent: tick those to be sent."))
        waiting = lines.filtered(lambda line: line.communication_id._takes_documents())
        for line in lines - waiting:
            line.write({**self._describe(line.name, self._find('delivered')), 'is_ticked': False, 'file': False})
        self._judge_before_sending(waiting.sudo(False))
        waiting = waiting.filtered('is_ticked')
        if waiting:
            filings = self.env['openapi_pec.communication'].browse(waiting.communication_id.ids)
            filings._send_judged({
                filing: (read_content(line, 'file'), line.sentence.split('\n'))
                for filing, line in zip(filings, waiting, strict=True)
            })
            waiting.write({'status': SENT, 'is_ticked': False, 'file': False})

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
        """Delete the uploads that were never read: they belong to no record that would delete them."""
        self.env['ir.attachment'].search([
            ('res_model', '=', self._name), ('res_id', '=', 0),
            ('create_date', '<', fields.Datetime.now() - timedelta(days=1)),
        ]).unlink()

    # Reading the files.

    @api.model
    def _get_limits(self):
        """Return what is read at the most: a :class:`zip_reader.Limits`."""
        largest = max(self.env.companies.sudo().mapped('openapi_pec_max_megabytes'))
        return zip_reader.Limits(entry_size=largest * 2**20, **RECEIVE_LIMITS)

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
        """Return an iterable of the entries of a zip, or of the one file that was uploaded without a zip."""
        name, content = zip_reader.show_name(upload.name), read_content(upload)
        is_zip = zip_reader.is_zip(content) or name.lower().endswith('.zip')
        if not is_zip or zip_reader.is_document(content):
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

    # Judging the files.

    def _judge_files(self, entries):
        """Judge files, each content once.

        :param entries: iterable of :class:`zip_reader.Entry`.
        :return: values of lines, of each filing one that may be sent at the most.
        :rtype: list[dict]
        """
        known, seen, best, received = self._get_known_filings(), {}, {}, []
        deadline = time.monotonic() + RECEIVE_SECONDS
        for entry in entries:
            is_late = not entry.code and time.monotonic() > deadline
            if is_late:
                values = self._describe(entry.name, self._find('too_long'))
            else:
                values = self._judge_file(entry, known, seen)
            received.append(values)
            if values['status'] in (GOOD, WARNED):
                self._keep_best(values, best)
        if not received:
            received.append(self._describe('—', self._find('no_files')))
        return received

    def _judge_file(self, entry, known, seen):
        """Return the values of a line about a file.

        :param dict known: filings, as ``_get_known_filings`` returns them.
        :param dict seen: ``{digest: name}`` of the files before, to which this one is added.
        """
        if entry.code:
            return self._describe(entry.name, self._find(entry.code, **entry.values))
        digest = hashlib.sha256(entry.content).digest()
        if digest in seen:
            return self._describe(entry.name, self._find('same_file', name=seen[digest]))
        seen[digest] = entry.name
        document, problem = self._extract(entry.content)
        filings = known.get(p7m.recognise(document, known), self.env['openapi_pec.communication'])
        waiting = filings.filtered(lambda filing: filing._takes_documents()).with_prefetch(filings._prefetch_ids)
        if problem:
            finding = Finding(problem.code, REFUSED, problem.values)
            return self._describe(
                entry.name, finding, (waiting or filings)[:1], const.signature.SIGNATURE_FINDINGS)
        if not filings:
            return self._describe(entry.name, self._find('no_filing'))
        if not waiting:
            return self._describe(entry.name, self._find('delivered'), filings[0])
        if len(waiting) > 1:
            finding = self._find('several_filings', filings=', '.join(waiting.mapped('name')))
            return self._describe(entry.name, finding)
        return self._judge_signed(entry.name, entry.content, waiting)

    @staticmethod
    def _extract(content):
        """Return the document in a signed file and None, or the file as it is and why it holds none (P7mError)."""
        try:
            return p7m.extract(content, max_size=len(content)), None
        except p7m.P7mError as problem:
            return content, problem

    def _judge_signed(self, name, content, filing):
        """Return the values of a line about the signed power of attorney of a filing that waits for it.

        The verdict is kept for what follows this transaction, without the files.
        """
        verdict = filing._judge_signed(content)
        self.env.cr.postcommit.data.setdefault(self._name, []).append(verdict.without_files())
        return self._describe_signed(name, filing, verdict)

    @staticmethod
    def _describe_signed(name, filing, verdict):
        """Return the values of a line about a signed power of attorney that was judged.

        :param trust.Joint verdict: on it.
        """
        if verdict.level == 'refused':
            errors = filing._get_finding_sentences(verdict.findings, (ERROR,), const.trust.VERDICT_FINDINGS)
            return {
                'name': name, 'status': REFUSED, 'sentence': '\n'.join(errors),
                'communication_id': filing.id}
        return {
            'name': name, 'status': verdict.level, 'is_ticked': verdict.level == 'good',
            'communication_id': filing.id,
            'sentence': '\n'.join(filing._get_signature_log(verdict)),
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
        if values['status'] == GOOD and other['status'] == WARNED:
            best[values['communication_id']], values, other = values, other, values
        values.update(
            self._describe(values['name'], self._find('same_filing', name=other['name'])), is_ticked=False, file=False)

    # What is said of a file.

    def _get_finding_table(self):
        return RECEIVE_FINDINGS

    @staticmethod
    def _find(code, **values):
        """Return a finding about a file, of which the level is what becomes of the file.

        :param str code: key of ``RECEIVE_FINDINGS``: of the zip reader, or of this wizard.
        :param values: what its sentence names.
        """
        return Finding(code, RECEIVE_FINDINGS[code][0], values)

    def _describe(self, file_name, finding, filing=None, words=None):
        """Return the values of a line about a file of which one thing is to be said.

        :param filing: the filing that the file is for, if that is known.
        :param dict words: code -> sentence, in the place of the table's.
        """
        return {
            'name': file_name, 'status': finding.level, 'sentence': self._get_finding_sentence(finding, words),
            **({} if filing is None else {'communication_id': filing.id})}
