from odoo import api, models
from odoo.fields import Domain
from odoo.tools import split_every

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.job_mixin import is_job, job
from odoo.addons.l10n_it_openapi_pec.models.service.lock import lock_rows, run_unless_met
from odoo.addons.l10n_it_openapi_pec.models.service.rights import CompanyRights
from odoo.addons.l10n_it_openapi_pec.tools.finding import FINE, get_worst_level
from odoo.addons.l10n_it_openapi_pec.tools.pec import address as pec_address

VERDICT_FIELDS = ('findings_level', 'finding_codes', 'finding_reason')
# What can be submitted, and nothing stands against it: what is warned of is looked at one by one. Of data that the
# service has refused a warning is kept.
READY = Domain('state', 'in', const.filing.EDITABLE_STATES) & Domain('findings_level', '=', FINE)
NOTED = 'openapi_pec.communication.unjudged'  # of a transaction: the domains of the drafts that are to be judged

# What is judged of the company's contact beside what it proposes.
PARTNER_FIELDS = (
    'is_company', 'parent_id', 'type', 'company_id', 'vat', 'l10n_it_codice_fiscale', 'openapi_pec_email_normalized',
    'openapi_pec_legal_form', 'openapi_pec_legal_state')

# What of a filing counts for the drafts with the same address: always, with these states, or in the same batch.
CLAIM_FIELDS = frozenset({'chamber_outcome', 'sightings', 'batch_id', 'is_twin'})
CLAIM_STATES = ('queued', 'failed', 'cancelled', 'completed')  # no set: what is sent as a state may be anything
BATCH_FIELDS = frozenset({
    'pec_email', 'kind', 'fiscal_code', 'company_fiscal_code', 'company_name', 'qualification', 'partner_id',
    'representative_id'})


class OpenapiPecCommunication(models.Model):
    """The verdict on a draft as it is kept, so that drafts can be counted, sorted and searched by it.

    It is of everybody who works in the company of the draft, and so is judged with the rights of that company alone.
    What a person sees on the form, and what the click decides, is judged anew with that person's own rights.

    A verdict is computed in sets: when the draft or its contacts change (``@api.depends``), and when something else
    changes that counts (``_judge_drafts``: whoever changes it says which drafts it may concern, by their address). What
    somebody else is changing at that moment, and what only a date brings about, the scheduled job judges.
    """
    _inherit = 'openapi_pec.communication'

    # ------------------------------------------------------------ COMPUTE

    @api.depends('pec_email')
    def _compute_pec_email_normalized(self):
        for filing in self:
            address = pec_address.normalize(filing.pec_email)
            filing.pec_email_normalized = address[:const.service.MAX_CELL_LENGTH] or False

    @api.depends(lambda self: self._get_verdict_depends())
    def _compute_verdict(self):
        unsaved = self.filtered(lambda filing: not filing.id)
        # On somebody's form, or line of a list: the verdict is what that person is shown.
        typed = unsaved.sudo(False).filtered(lambda filing: filing._is_following())
        found = typed._get_findings() if typed else {}
        following = (self - unsaved).filtered(lambda filing: filing._is_following())
        # What is proposed comes first, with the rights of who changes it: a search computes what is due.
        self._recompute_model([*self._request_fields, *self._kept_proposals, 'representative_id'])
        for company, drafts in following.grouped('company_id').items():
            judged = drafts.with_context(openapi_pec_rights=CompanyRights(tuple(company.ids)))
            found |= judged._get_findings()
        for filing in self:
            verdict = self._get_verdict(found.get(filing, []))
            for name, value in zip(VERDICT_FIELDS, verdict, strict=True):
                if not filing.id or (filing[name] or False) != value:  # the others are not even written
                    filing[name] = value

    @api.model
    def _get_verdict(self, findings):
        """Return the values of the ``VERDICT_FIELDS`` of a draft.

        :param list findings: of Finding, the worst first.
        :rtype: tuple
        """
        codes = [
            [finding.level, finding.code, finding.field, finding.place]
            for finding in findings if finding.level != FINE]
        return get_worst_level(findings), codes or False, bool(codes) and const.reason.get_key(*codes[0][1:3])

    def _get_verdict_depends(self):
        """Return the fields on which the kept verdict depends, those of the company's contact as well."""
        return (
            *self._request_fields, *self._state_fields, 'refused', 'stranger_ids', 'company_id', 'partner_id',
            'representative_id', 'batch_id', 'corrects_id', *(f'partner_id.{name}' for name in PARTNER_FIELDS))

    # ------------------------------------------------------------ what else changes

    @api.model
    def _judge_drafts(self, domain):
        """Have the verdict on drafts computed anew: in this transaction on those that nobody else is changing.

        A scheduled job changes many things one by one; what they concern is looked for once, before its commit.

        :param domain: of the drafts that are concerned.
        """
        domain = Domain('state', 'in', const.filing.EDITABLE_STATES) & Domain(domain)
        if is_job(self.env):
            data = self.env.cr.precommit.data
            if NOTED not in data:
                data[NOTED] = []
                self.env.cr.precommit.add(self._judge_noted)
            data[NOTED].append(domain)
        elif drafts := self.sudo().search(domain):
            drafts._mark_unjudged()

    @api.model
    def _judge_noted(self):
        """Judge the drafts that are concerned by what a job has changed in this transaction."""
        self.sudo().search(Domain.OR(self.env.cr.precommit.data.pop(NOTED)))._judge_now()

    def _mark_unjudged(self):
        """Mark the verdict on these drafts as to be computed; the job does it with what somebody else is changing."""
        locked = {}
        is_free = not self or run_unless_met(
            self.env.cr, lambda: locked.update(lock_rows(self, skip_locked=True)), flush=False)
        unjudged = self.filtered(lambda filing: filing.id in locked) if is_free else self.browse()
        for name in VERDICT_FIELDS:
            self.env.add_to_compute(self._fields[name], unjudged)
        if unjudged != self:
            self._trigger_cron('verdict')

    @api.model
    def _judge_addresses(self, addresses):
        """Have the drafts with some addresses judged anew, since whose those are has changed, or what they are worth.

        :param addresses: normalized; what is empty is left out.
        """
        if known := set(addresses) - {False, ''}:
            self._judge_drafts([('pec_email_normalized', 'in', list(known))])

    @api.model
    def _judge_domains(self, names):
        """Have the drafts with addresses of some domains judged anew: the PEC, and the ordinary address."""
        domains = [Domain(field, '=ilike', f'%@{name}') for name in names for field in (
            'pec_email_normalized', 'email')]
        if domains:
            self._judge_drafts(Domain.OR(domains))

    # ------------------------------------------------------------ CRUD: what a filing changes for others

    @api.model_create_multi
    def create(self, vals_list):
        filings = super().create(vals_list)
        filings._judge_neighbours(filings.filtered(
            lambda filing: filing.batch_id or filing.state not in const.filing.EDITABLE_STATES))
        return filings

    def write(self, vals):
        concerned = self._filter_counting(vals)
        before = set(concerned.mapped('pec_email_normalized')) if 'pec_email' in vals else set()
        result = super().write(vals)
        self._judge_neighbours(concerned, before)
        return result

    def unlink(self):
        addresses = set(self.filtered('batch_id').mapped('pec_email_normalized'))
        result = super().unlink()
        self._judge_addresses(addresses)
        return result

    def _filter_counting(self, vals):
        """Return those of these filings of which some values change what other drafts with their addresses are worth.

        Drafts stand in each other's way within a batch alone.
        """
        if CLAIM_FIELDS & vals.keys() or vals.get('state') in CLAIM_STATES:
            return self
        return self.filtered('batch_id') if BATCH_FIELDS & vals.keys() else self.browse()

    def _judge_neighbours(self, filings, addresses=frozenset()):
        """Have the drafts judged anew for which some filings count, by their address or their company.

        :param filings: among these ones, which are judged by themselves. A draft counts for its address alone.
        :param addresses: some others.
        """
        addresses = {*addresses, *filings.mapped('pec_email_normalized')} - {False}
        called = filings.filtered(lambda filing: filing.state != 'draft')
        concerned = Domain('pec_email_normalized', 'in', list(addresses))
        if called:
            concerned |= called._get_company_domain()
        if called or addresses:
            self._judge_drafts(concerned & Domain('id', 'not in', self.ids))

    def _contacts_merged(self, lost, kept):
        result = super()._contacts_merged(lost, kept)
        self.filtered(lambda filing: filing._is_following())._mark_unjudged()
        return result

    # ------------------------------------------------------------ the job

    @api.model
    @job
    def _cron_verdict(self):
        """Judge all drafts anew: a day has passed, or somebody else was changing them when it was due."""
        ids = self.search([('state', 'in', const.filing.EDITABLE_STATES)], order='id').ids
        self.env['ir.cron']._commit_progress(remaining=len(ids))
        for slice_ids in split_every(const.service.SLICE_SIZE, ids):
            drafts = self.browse(slice_ids)
            run_unless_met(self.env.cr, drafts._judge_now)
            drafts.invalidate_recordset()
            if not self.env['ir.cron']._commit_progress(len(slice_ids)):
                break

    def _judge_now(self):
        """Compute and write the verdict on these drafts, except those that somebody is changing."""
        self._mark_unjudged()
        self.flush_recordset(VERDICT_FIELDS)
