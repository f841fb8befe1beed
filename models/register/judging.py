from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.tools import SQL, split_every

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.job_mixin import is_job, job
from odoo.addons.l10n_it_openapi_pec.models.service.lock import lock_rows, run_unless_met
from odoo.addons.l10n_it_openapi_pec.tools.obligation import position as positions
from odoo.addons.l10n_it_openapi_pec.tools.obligation.facts import Ahead

from .facts import Reader
from .partner import CONFIRMED, SEEN
from .position import LINE_FIELDS

AHEAD = Ahead(office=const.position.OFFICE_DAYS, mailbox=const.mailbox.EXPIRY_DAYS)
NOTED = 'openapi_pec.position.unjudged'  # of a transaction: what has changed, by contact, address and domain
LATER = 5  # minutes, after which lines are taken up again that somebody was changing
WHATS = ('partner_ids', 'addresses', 'names')

# What of a company's contact, and of its offices and the people who hold them, counts for its own lines.
PARTNER_FIELDS = (
    'is_company', 'parent_id', 'company_id', 'name', 'vat', 'l10n_it_codice_fiscale', 'openapi_pec_email',
    'openapi_pec_legal_form', 'openapi_pec_legal_state', 'openapi_pec_register_state', 'openapi_pec_registered_on',
    *SEEN, *CONFIRMED)
OFFICE_FIELDS = (
    'person_id', 'role', 'since', 'registered_on', 'until', 'ended_on', 'pec_email', 'has_no_tax_code',
    'confirmed_email', 'confirmed_on', 'person_id.is_company', 'person_id.l10n_it_codice_fiscale')
NOTICE_FIELDS = ('published_on', 'due_on', 'chamber', 'settled_on')


class OpenapiPecPosition(models.Model):
    """When lines are judged: in sets, and only those that a change concerns.

    What a line's own contact, offices, notices and decisions say has it judged by ``@api.depends``. Whatever else
    changes says whose lines it concerns: :meth:`_judge_facts`. What somebody else is changing at that moment, and what
    time alone changes, the nightly job judges: until ``again_on`` a line stays as it is.
    """
    _inherit = 'openapi_pec.position'

    # ------------------------------------------------------------ COMPUTE

    def _get_line_depends(self):
        """Return the fields on which lines depend by themselves."""
        return (
            'active', 'company_id', 'kind', 'decision', 'chosen_id',
            *(f'partner_id.{name}' for name in PARTNER_FIELDS),
            *(f'partner_id.openapi_pec_office_ids.{name}' for name in OFFICE_FIELDS),
            *(f'partner_id.openapi_pec_notice_ids.{name}' for name in NOTICE_FIELDS))

    @api.depends(lambda self: self._get_line_depends())
    def _compute_line(self):
        saved = self.filtered(lambda position: position.id and position.active)
        for position in self - saved:  # which nobody follows: it is judged when somebody does
            position.again_on = False
        for company, own in saved.grouped('company_id').items():
            lines = own._judge(company)
            for position in own:
                position._keep_line(lines[position.partner_id.id, position.kind])

    def _judge(self, company):
        """Judge lines of one Odoo company.

        :return: ``{(id of the contact, kind): Line}`` of their contacts.
        :rtype: dict
        """
        today = self._get_today()
        rules = self.env['openapi_pec.rule']._get_rules(today)
        both = self.with_context(active_test=False).sudo().search_fetch(
            [('company_id', '=', company.id), ('partner_id', 'in', self.partner_id.ids)],
            ['company_id', 'partner_id', 'kind', 'decision', 'chosen_id'], order='id')
        lines = {}
        for partners, facts in Reader(both, today).get_rounds():
            judged = iter(positions.judge(facts, rules, today, AHEAD))
            for partner in partners:
                for line in (next(judged), next(judged)):
                    days = filter(None, (line.again_on, rules.changes_on))
                    lines[partner.id, line.kind] = line._replace(again_on=min(days, default=None))
        return lines

    def _keep_line(self, line):
        """Write what is judged, where it differs from what is kept."""
        fine = line.fine
        values = dict(zip(LINE_FIELDS, (
            line.state, line.reason, line.step, line.due, line.is_late, fine and fine.least, fine and fine.most,
            fine and fine.reduced, fine and fine.reduced_days, line.address, line.office,
            self.env['openapi_pec.office'].browse(line.office or ()).person_id.id, line.again_on,
        ), strict=False))
        if self.state != line.state:
            self.state_since = fields.Datetime.now()
        for name, value in values.items():
            kept = self[name].id if self._fields[name].type == 'many2one' else self[name]
            if (kept or False) != (value or False):
                self[name] = value or False
        if set(self.candidate_ids.ids) != set(line.candidates):
            self.candidate_ids = [(6, 0, line.candidates)]

    # ------------------------------------------------------------ what else changes

    @api.model
    def _judge_facts(self, partner_ids=(), addresses=(), names=()):
        """Have the lines judged anew about some contacts, or with some addresses, or addresses of some domains.

        A scheduled job changes many things one by one: the lines are looked for once, before its commit.

        :param partner_ids: of the companies.
        :param addresses: normalized; what is empty is left out.
        :param names: domains, lower case.
        """
        what = dict(zip(WHATS, (set(partner_ids), set(addresses) - {False, ''}, set(names)), strict=True))
        if not any(what.values()):
            return
        if not is_job(self.env):
            self._find_lines(**what)._mark_unjudged()
            return
        data = self.env.cr.precommit.data
        if NOTED not in data:
            data[NOTED] = {name: set() for name in WHATS}
            self.env.cr.precommit.add(self._judge_noted)
        for name in WHATS:
            data[NOTED][name] |= what[name]

    @api.model
    def _judge_noted(self):
        """Judge the lines that are concerned by what a job has changed in this transaction."""
        self._find_lines(**self.env.cr.precommit.data.pop(NOTED))._judge_now()

    @api.model
    def _find_lines(self, partner_ids, addresses, names):
        """Return the lines that some changes concern, as far as they are written: see :meth:`_judge_facts`.

        What this transaction has not written yet is to be judged by itself.
        """
        conditions = [SQL("partner_id = ANY(%s)", list(partner_ids))] if partner_ids else []
        for values, find in (
                (addresses, SQL.identifier), (names, lambda name: SQL("split_part(%s, '@', 2)", SQL.identifier(name)))):
            if values:
                own, offices = find('address'), find('pec_email_normalized')
                conditions += [SQL("%s = ANY(%s)", own, list(values)), SQL(
                    "partner_id IN (SELECT partner_id FROM openapi_pec_office WHERE %s = ANY(%s))",
                    offices, list(values))]
        self.env.cr.execute(SQL(
            "SELECT id FROM openapi_pec_position WHERE active AND (%s) ORDER BY id", SQL(" OR ").join(conditions)))
        return self.sudo().browse(line_id for line_id, in self.env.cr.fetchall())

    def _mark_unjudged(self):
        """Mark these lines as to be judged; the job does it with what somebody else is changing."""
        if not self:
            return
        locked = {}
        is_free = run_unless_met(
            self.env.cr, lambda: locked.update(lock_rows(self, skip_locked=True)), flush=False)
        unjudged = self.filtered(lambda position: position.id in locked) if is_free else self.browse()
        for name in LINE_FIELDS:
            self.env.add_to_compute(self._fields[name], unjudged)
        if busy := self - unjudged:
            self.env['openapi_pec.position.mark'].sudo().create([{'position_id': position.id} for position in busy])
            self._trigger_cron('positions')

    def _judge_now(self):
        """Judge and write these lines, except those that somebody is changing."""
        for ids in split_every(const.position.SLICE_SIZE, self.ids):
            self.browse(ids)._mark_unjudged()
            self.flush_model(LINE_FIELDS)

    # ------------------------------------------------------------ the job

    @api.model
    @job
    def _cron_positions(self):
        """Judge the lines that somebody was changing when it was due, and those that time alone makes others.

        Then tell what is coming.
        """
        today = self._get_today()
        # All of them, which are few.
        marks = self.env['openapi_pec.position.mark'].search([], order='id')  # pylint: disable=no-search-all
        marked = set(marks.position_id.ids)
        # Both lines of a company in the same slice: it is read once.
        due = self.search([('again_on', '<=', today), ('id', 'not in', list(marked))], order='partner_id.id, id').ids
        slices = [(True, ids) for ids in split_every(const.position.SLICE_SIZE, sorted(marked))]
        slices += [(False, ids) for ids in split_every(const.position.SLICE_SIZE, due)]
        self.env['ir.cron']._commit_progress(remaining=len(marked) + len(due))
        for is_marked, ids in slices:
            lines = self.browse(ids).exists().filtered('active')
            freed = lines._get_freed_addresses(today)
            own = marks.filtered(lambda mark, ids=ids: mark.position_id.id in ids) if is_marked else marks.browse()
            if not run_unless_met(self.env.cr, partial(lines._judge_slice, own)):
                self._trigger_cron('positions', fields.Datetime.now() + timedelta(minutes=LATER))
            self._judge_facts(addresses=freed)
            lines.invalidate_recordset()
            if not self.env['ir.cron']._commit_progress(len(ids)):
                break
        self._tell_coming()

    def _judge_slice(self, marks):
        """Judge these lines, of which some marks say that they are to be."""
        marks.unlink()
        self._judge_now()

    def _get_freed_addresses(self, today):
        """Return the addresses that offices of these companies, which have just ended, leave to others.

        :rtype: set
        """
        days = [day for day in self.mapped('again_on') if day and day <= today]
        if not days:
            return set()
        ended = self.env['openapi_pec.office'].search([
            ('partner_id', 'in', self.partner_id.ids), ('ended_on', '>=', min(days)), ('ended_on', '<=', today)])
        return ended._get_addresses()


class OpenapiPecPositionMark(models.Model):
    """That a line is to be judged anew, which somebody else was changing when that was found out."""
    _name = 'openapi_pec.position.mark'
    _description = "PEC Position to Be Judged"
    _log_access = False

    position_id = fields.Many2one('openapi_pec.position', required=True, index=True, ondelete='cascade')
