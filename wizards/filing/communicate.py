from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.lock import meet


class OpenapiPecCommunicate(models.TransientModel):
    """The question which filings of many contacts are meant, before any is made."""
    _name = 'openapi_pec.communicate'
    _description = "Filings of Many Contacts"
    _inherit = ['openapi_pec.input.mixin']

    partner_ids = fields.Many2many('res.partner', string="Contacts", readonly=True)
    kind = fields.Selection(
        [('company', "The company's PEC"), ('administrator', "The administrators' PECs"), ('both', "Both")],
        "Communicate", required=True, default='company')
    is_everybody = fields.Boolean(
        "People and Foreign Companies Too",
        help="A person stands for the company that it belongs to. A company elsewhere has no entry in the Italian "
             "register, unless it has a branch there.")
    company_count = fields.Integer("Chosen Companies", compute='_compute_meant')
    filing_count = fields.Integer("Filings", compute='_compute_meant')
    left_out = fields.Text(compute='_compute_meant')

    @api.constrains('partner_ids')
    def _check_readable(self):
        self.sudo().partner_ids.sudo(False).check_access('read')

    # ------------------------------------------------------------ COMPUTE

    @api.depends('partner_ids', 'kind', 'is_everybody')
    def _compute_meant(self):
        for question in self:
            companies, wanted, left_out = question._get_wanted()
            question.company_count = len(companies)
            question.filing_count = len(wanted)
            question.left_out = '\n'.join(left_out) or False

    def _get_meant(self):
        """Return the companies that are meant among the contacts, and a sentence for each reason why others are not.

        :rtype: tuple
        """
        chosen = self.partner_ids._origin
        people = chosen.filtered(lambda partner: not partner.is_company and not partner._get_openapi_pec_trade())
        italy = self.env.ref('base.it')
        foreign = (chosen - people).filtered(lambda partner: partner.country_id not in (italy.browse(), italy))
        if self.is_everybody:
            return (chosen - people) | people.commercial_partner_id, []
        sentences = [
            people and self.env._("People are left out: %s.", len(people)),
            foreign and self.env._("Companies with an address abroad are left out: %s.", len(foreign))]
        return chosen - people - foreign, list(filter(None, sentences))

    def _get_wanted(self):
        """Return the companies that are meant, the values of the filings to be prepared, and why others are left out.

        What is under way already is left out, with whatever PEC: nobody pays twice because he selected many.

        :return: ``(companies, [values, …], [sentence, …])``
        :rtype: tuple
        """
        companies, left_out = self._get_meant()
        meant = self._list_filings(companies)
        under_way = self._by_person(companies._openapi_pec_get_drafts(states=const.filing.OPEN_STATES))
        wanted = [values for values in meant if self._get_key(values) not in under_way]
        if count := len(meant) - len(wanted):
            left_out = [*left_out, self.env._("Filings that are under way already are left out: %s.", count)]
        return companies, wanted, left_out

    @api.model
    def _by_person(self, filings):
        """Return filings by contact, kind and person, and by contact and kind alone, the first ones of each."""
        found = {}
        for filing in filings:
            for person in (filing.representative_id.id, None):
                found.setdefault((filing.partner_id.id, filing.kind, person), filing)
        return found

    @api.model
    def _get_key(self, values):
        return values['partner_id'], values['kind'], values.get('representative_id')

    def _list_filings(self, companies):
        """Return the values of the filings that are meant: of administrators one for each person of a company.

        A sole trader has no administrators.

        :rtype: list[dict]
        """
        wanted = []
        for company in companies:
            if self.kind in ('company', 'both'):
                wanted.append({'partner_id': company.id, 'kind': 'company'})
            if self.kind in ('administrator', 'both') and not company._is_openapi_pec_trader():
                people = company.child_ids.filtered(lambda person: not person.is_company and person.type == 'contact')
                wanted += [
                    {'partner_id': company.id, 'kind': 'administrator', 'representative_id': person.id}
                    for person in people] or [{'partner_id': company.id, 'kind': 'administrator'}]
        return wanted

    # ------------------------------------------------------------ ACTIONS

    def action_confirm(self):
        """Make the filings that are meant, and open the batch; what is being prepared already goes into it.

        :return: the action that opens the worklist, or the filings when they are in one already.
        :raise UserError: no filing is meant.
        """
        self.check_access('write')
        self.ensure_one()
        meet(self)  # somebody may press twice
        filings = self.env['openapi_pec.communication']
        filings.check_access('create')
        companies, wanted, left_out = self._get_wanted()
        if not wanted:
            raise UserError('\n'.join([
                self.env._("None of these contacts is meant: choose companies. Nothing was made."), *left_out]))
        drafts = self._by_person(companies._openapi_pec_get_drafts())
        known = [drafts.get(self._get_key(values)) for values in wanted]
        new = filings.create([
            values for values, draft in zip(reversed(wanted), reversed(known), strict=True) if not draft])
        prepared = filings.union(*filter(None, known))
        free = new | prepared.filtered(lambda filing: not filing.batch_id)
        if not free:
            return prepared.action_open_form()
        return free.action_create_batch()
