import hashlib
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date
from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec.models.service.lock import meet
from odoo.addons.l10n_it_openapi_pec.models.signer.file_content import read_content
from odoo.addons.l10n_it_openapi_pec.tools import irregular_list, p7m
from odoo.addons.l10n_it_openapi_pec.tools.upload import list_text, pdf

from .notice_list_line import KNOWN, NOTICED, PERSON, STATUSES, TICKABLE

_lt = LazyTranslate(__name__, default_lang='en_US')

MAX_MEGABYTES = 20  # of a list
MAX_DAYS = 365  # of a term
# code of tools.upload -> why a file is no list that can be read
PROBLEMS = {
    'empty': _lt("This file is empty: download the list again."),
    'too_large': _lt("The list is larger than %(megabytes)s MB: divide it, or paste the part with the tax codes."),
    'signed_p7m': _lt("The document in this signed file cannot be read: open it with your signature program, and "
                      "upload what is in it."),
    'image': _lt("This is a picture, in which no text can be read: copy the tax codes, and paste them."),
    'no_text': _lt("This PDF holds pictures alone, in which no text can be read: copy the tax codes, and paste them."),
    'old_excel': _lt("This is a spreadsheet of before 2007: save it as XLSX or CSV, and upload that."),
    'encrypted': _lt("This PDF has a password: print it into a new PDF, and upload that, or paste its text."),
    'no_list': _lt("This is no PDF, XLSX, CSV or text: upload one of these, or paste the text."),
    'damaged': _lt("This file is damaged, or no PDF or XLSX: download it again, or paste its text."),
    'too_slow': _lt("Reading this file takes too long: divide it, or paste its text."),
}
NOTHING_KEPT = _lt("Nothing was noted.")


class OpenapiPecNoticeList(models.TransientModel):
    """A chamber's list of irregular addresses, as its albo publishes it: who of one's clients is on it.

    A person looks at what was found before anything is noted.
    """
    _name = 'openapi_pec.notice_list'
    _description = "Chamber's List of Irregular Addresses"
    _inherit = ['openapi_pec.input.mixin', 'openapi_pec.words.mixin']

    province_id = fields.Many2one(
        'res.country.state', "Chamber", required=True, domain="[('country_id.code', '=', 'IT')]",
        help="The province of the chamber. One of several provinces: any of them.")
    published_on = fields.Date("Published", required=True, help="From this day the term counts.")
    days = fields.Integer(
        "Days of the Term", compute='_compute_days', store=True, readonly=False,
        help="Proposed from the terms of the law. Correct it where the notice itself says something else.")
    term_source = fields.Char("By", compute='_compute_term_source')
    due_on = fields.Date("Due on", compute='_compute_due_on')
    file = fields.Binary(help="PDF, XLSX, CSV or text, also signed (.p7m).")
    file_name = fields.Char()
    pasted = fields.Text("Or Its Text")
    state = fields.Selection(
        [('upload', "Upload"), ('read', "Look and Note")], default='upload', required=True, readonly=True)
    is_noted = fields.Boolean(readonly=True)
    digest = fields.Char(readonly=True, exportable=False, help="Tells the list that was read from any other.")
    summary = fields.Text(readonly=True)
    warning = fields.Text(readonly=True)
    line_ids = fields.One2many('openapi_pec.notice_list.line', 'list_id', "Lines")
    has_tickable = fields.Boolean(compute='_compute_has_tickable')

    # ------------------------------------------------------------ COMPUTE

    @api.depends('published_on')
    @api.depends_context('lang')
    def _compute_display_name(self):
        self.display_name = self.env._("Chamber's List")

    def _get_term(self):
        """Return the term of this chamber's notices by the rules, None when there is none: ``rules.Term``."""
        rules = self.env['openapi_pec.rule']._get_rules(self.env['openapi_pec.position']._get_today())
        return rules.get_notice(self.province_id.code or '')

    @api.depends('province_id', 'published_on')
    def _compute_days(self):
        for notice in self:
            term, day = notice._get_term(), notice.published_on
            notice.days = (term.get_due(day) - day).days if term and day else term.days or 0 if term else 0

    @api.depends('province_id')
    def _compute_term_source(self):
        for notice in self:
            term = notice._get_term()
            notice.term_source = term and term.source

    @api.depends('published_on', 'days')
    def _compute_due_on(self):
        for notice in self:
            is_term = notice.published_on and 0 < notice.days <= MAX_DAYS
            notice.due_on = is_term and notice.published_on + timedelta(days=notice.days)

    @api.depends('line_ids.status')
    def _compute_has_tickable(self):
        for notice in self:
            notice.has_tickable = any(line.status in TICKABLE for line in notice.line_ids)

    def _check_term(self):
        """Raise when the day or the term cannot be those of a notice."""
        if self.published_on > self.env['openapi_pec.position']._get_today():
            raise UserError(self.env._(
                "The list cannot have been published after today: correct the day. Nothing was noted."))
        if not self.due_on:
            raise UserError(self.env._(
                "The term of a notice is 1 to %s days: correct it. Nothing was noted.", MAX_DAYS))

    # ------------------------------------------------------------ reading

    def action_read(self):
        """Read the list, and show who of one's own is on it. Nothing is noted yet."""
        self.check_access('write')
        self.ensure_one()
        self._check_term()
        _name, content = self._get_list()
        text = self._read_text(content)
        found = irregular_list.read(text.text)
        if not found.entries and not found.unread:
            raise UserError(self.env._(
                "No tax code and no PEC stands in this list, so nobody can be found: look whether it is the right one, "
                "or copy the tax codes, and paste them. Nothing was noted."))
        rows, others = self._match(found)
        lines = self.env['openapi_pec.notice_list.line'].sudo()
        self.sudo().line_ids.unlink()
        lines.create([{'list_id': self.id, 'rank': STATUSES.index(row['status']), **row} for row in rows])
        self.write({
            'state': 'read', 'digest': self._get_digest(content), 'summary': self._get_summary(rows, others),
            'warning': self._get_warning(text, found) or False})

    def _get_list(self):
        """Return the list as it was uploaded or pasted: ``(name, bytes)``.

        :raise UserError: there is none, or there are two.
        """
        content, pasted = read_content(self, 'file'), (self.pasted or '').strip()
        if bool(content) == bool(pasted):
            raise UserError(self.env._(
                "Upload the list, or paste its text: one of both. Nothing was noted."))
        return (self.file_name or 'list', content) if content else ('list.txt', pasted.encode('utf-8', 'replace'))

    def _get_digest(self, content):
        """Return what tells a list (bytes), with its chamber and its day, from any other."""
        return hashlib.sha256(f'{self.province_id.code} {self.published_on} '.encode() + content).hexdigest()

    def _read_text(self, content):
        """Return the text of a list: ``list_text.ListText``.

        :param bytes content: of the file.
        :raise UserError: it cannot be read.
        """
        size = MAX_MEGABYTES * 2**20
        try:
            try:
                return list_text.read(content, size)
            except pdf.PdfError as error:
                if error.code != 'signed_p7m':
                    raise
            return list_text.read(p7m.extract(content, max_size=size), size)
        except (pdf.PdfError, p7m.P7mError) as error:
            code = error.code if isinstance(error, pdf.PdfError) else 'signed_p7m'
            sentence = self._in_words(PROBLEMS[code]) % {'megabytes': MAX_MEGABYTES}
            raise UserError(' '.join([sentence, self._in_words(NOTHING_KEPT)])) from error

    def _get_summary(self, rows, others):
        """Return how many of what the list has is whose.

        :param list rows: values of lines.
        :param int others: tax codes that are nobody's here.
        """
        labels = dict(self.line_ids._fields['status']._description_selection(self.env))
        counts = [(labels[status], sum(row['status'] == status for row in rows)) for status in STATUSES]
        counts.append((self.env._("Nobody's here"), others))
        return ', '.join(f'{label}: {count}' for label, count in counts if count)

    def _get_warning(self, text, found):
        """Return what of the list was not read, and what else to look at before it is noted.

        :param text: ``list_text.ListText``.
        :param found: ``irregular_list.IrregularList``.
        """
        hidden = found.unread_count - len(found.unread)
        return '\n'.join(filter(None, (
            text.read < text.total and self.env._(
                "Only %(read)s of %(total)s pages or sheets could be read: divide the file, and upload the rest as "
                "well.",
                read=text.read, total=text.total),
            (text.is_cut or found.is_cut) and self.env._(
                "The list goes on after what was read: divide it, and upload the rest as well."),
            hidden and self.env._("Lines that could not be read and are not shown here: %s.", hidden),
            self.due_on < self.env['openapi_pec.position']._get_today() and self.env._(
                "The term of this notice is over since %s.", format_date(self.env, self.due_on)))))

    # ------------------------------------------------------------ noting

    def action_note(self):
        """Note the notice to who is ticked, unless that was done, and open their lines."""
        self.check_access('write')
        self.ensure_one()
        meet(self)  # somebody may press twice
        ticked = self.line_ids.filtered(lambda line: line.is_ticked and line.status in TICKABLE)
        if not ticked:
            raise UserError(self.env._("Nothing is ticked, so nothing was noted: tick those to be noted."))
        companies = ticked.filtered(lambda line: line.status in NOTICED).partner_id
        offices = ticked.filtered(lambda line: line.status == PERSON).partner_id
        if not self.is_noted:
            self._check_term()
            if self._get_digest(self._get_list()[1]) != self.digest:
                raise UserError(self.env._(
                    "The list, its chamber or its day is another one than was read: read it again, and look who is on "
                    "it. Nothing was noted."))
            self._note(companies, ticked.filtered(lambda line: line.status == KNOWN).partner_id)
            self._get_positions(offices, 'administrator')._plan_notice(self._get_words(), self.due_on)
            self.is_noted = True
        positions = self._get_positions(companies, 'company') | self._get_positions(offices, 'administrator')
        name = self.env._("On the List of %s", self.province_id.name)
        return {
            **self.env['ir.actions.act_window']._for_xml_id('l10n_it_openapi_pec.action_position'),
            'name': name, 'display_name': name, 'domain': [('id', 'in', positions.ids)], 'context': {}}

    def _note(self, companies, unfollowed):
        """Note the notice to some companies, and have the responsible of each line told, unless that was done.

        :param unfollowed: those of them that are to be followed first.
        """
        if unfollowed:
            unfollowed._openapi_pec_follow()
        self.env.flush_all()
        positions = self._get_positions(companies, 'company')
        meet(positions)  # two may upload the same list
        term = self._get_term()
        is_by_rules = term and term.get_due(self.published_on) == self.due_on
        new = self.env['openapi_pec.notice']._note(
            companies, self.province_id.code, self.published_on, False if is_by_rules else self.due_on,
            self._get_list())
        lines = positions.filtered(lambda line: line.partner_id in new.partner_id and line.state == 'irregular')
        (lines | positions._filter_untold())._plan_notice(self._get_words(), self.due_on)

    def _get_positions(self, companies, kind):
        """Return the lines of some companies that this user sees."""
        return self.env['openapi_pec.position'].search([('partner_id', 'in', companies.ids), ('kind', '=', kind)])

    def _get_words(self):
        """Return what an activity says of the notice, as values of its sentence."""
        return {'chamber': self.province_id.name, 'published_on': self.published_on}
