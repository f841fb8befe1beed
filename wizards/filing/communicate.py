from collections import defaultdict
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.lock import meet
from odoo.addons.l10n_it_openapi_pec.tools.obligation.position import EXEMPT, FULFILLED, TO_DECIDE, UNDER_WAY

# States of lines of the register of positions for which nothing is to be filed now, beside those that are in order:
# nobody pays for them because he selected many.
FILED, NOT_DUE = (UNDER_WAY,), (EXEMPT, TO_DECIDE)


class Meant(NamedTuple):
    """What is meant by the answer to the question.

    :param companies: the contacts.
    :param list new: values of the filings to be made.
    :param int blank_count: how many of these have no PEC.
    :param drafts: filings that are prepared and in no batch.
    :param placed: filings that are prepared in another batch.
    :param list left_out: a sentence for each reason why others are not meant.
    """

    companies: models.Model
    new: list
    blank_count: int
    drafts: models.Model
    placed: models.Model
    left_out: list


class OpenapiPecCommunicate(models.TransientModel):
    """The question which filings of many contacts are meant, before any is made.

    It is asked about contacts, or about lines of the register of positions, which say themselves what is meant.
    """
    _name = 'openapi_pec.communicate'
    _description = "Filings of Many Contacts"
    _inherit = ['openapi_pec.input.mixin']

    partner_ids = fields.Many2many('res.partner', string="Contacts", readonly=True)
    position_ids = fields.Many2many('openapi_pec.position', string="Positions", readonly=True)
    kind = fields.Selection(
        [('company', "The company's PEC"), ('administrator', "The administrators' PECs"), ('both', "Both")],
        "Communicate", required=True, default='company')
    is_everybody = fields.Boolean(
        "People and Foreign Companies Too",
        help="A person stands for the company that it belongs to. A company elsewhere has no entry in the Italian "
             "register, unless it has a branch there.")
    company_count = fields.Integer("Chosen Companies", compute='_compute_meant')
    filing_count = fields.Integer("New Filings", compute='_compute_meant')
    blank_count = fields.Integer(
        "Of These without a PEC", compute='_compute_meant',
        help="The contact has none yet: the worklist shows these first.")
    draft_count = fields.Integer(
        "Prepared Already", compute='_compute_meant', help="Drafts that go into this multiple filing as they are.")
    placed_count = fields.Integer(
        "In Another Multiple Filing", compute='_compute_meant', help="Drafts that stay where they are.")
    left_out = fields.Text(compute='_compute_meant')

    @api.constrains('partner_ids', 'position_ids')
    def _check_readable(self):
        self.sudo().partner_ids.sudo(False).check_access('read')
        self.sudo().position_ids.sudo(False).check_access('read')

    # ------------------------------------------------------------ COMPUTE

    @api.depends('partner_ids', 'position_ids', 'kind', 'is_everybody')
    def _compute_meant(self):
        for question in self:
            meant = question._get_filings_meant()
            question.company_count = len(meant.companies)
            question.filing_count, question.draft_count = len(meant.new), len(meant.drafts)
            question.blank_count = meant.blank_count
            question.placed_count = len(meant.placed)
            question.left_out = '\n'.join(meant.left_out) or False

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

    def _get_filings_meant(self):
        """Return what the answer would make and take, exactly.

        What is under way already is left out, with whatever PEC, and what was filed with the PEC of today: nobody pays
        twice because he selected many.

        :rtype: Meant
        """
        if self.position_ids:
            companies, payers, wanted, left_out = self._get_lines_meant()
        else:
            companies, left_out = self._get_meant()
            payers, wanted = self.env.company, self._list_filings(companies)
        filings = self.env['openapi_pec.communication']
        known = companies._openapi_pec_get_known(payers)
        new, drafts, counts = [], filings, defaultdict(int)
        for values, pec in wanted:
            payer, person = values.get('company_id', payers[:1].id), values.get('representative_id')
            filing = known.get((payer, values['partner_id'], values['kind'], person), filings)
            if values.get('renews_id'):  # the same PEC is communicated again, for the new term
                filing = filing.filtered(lambda known: known.state != 'completed')
            filing = filing._get_standing_in(pec)
            if not filing:
                new.append(values)
                counts['blank'] += not pec
            elif filing.state in const.filing.EDITABLE_STATES:
                drafts |= filing
            else:
                counts['completed' if filing.state == 'completed' else 'under_way'] += 1
        sentences = [
            counts['under_way'] and self.env._(
                "Filings that are under way already are left out: %s.", counts['under_way']),
            counts['completed'] and self.env._(
                "Filings that were made already, with the same PEC, are left out: %s.", counts['completed'])]
        placed = drafts.filtered('batch_id')
        return Meant(
            companies, new, counts['blank'], drafts - placed, placed, [*left_out, *filter(None, sentences)])

    def _get_lines_meant(self):
        """Return what the chosen lines of the register of positions ask for.

        :return: the companies they are about, those whose account pays, a list as :meth:`_list_filings` returns it, and
            a sentence for each reason why other lines are not meant.
        :rtype: tuple
        """
        lines = self.position_ids._origin
        left_out = {
            states: lines.filtered(lambda line, states=states: line.state in states)
            for states in (FILED, FULFILLED, NOT_DUE)}
        early = lines._filter_early()
        due = lines - early.union(*left_out.values())
        renewed = due._find_renewed()
        sentences = [
            left_out[FILED] and self.env._(
                "Filings that are under way already are left out: %s.", len(left_out[FILED])),
            left_out[FULFILLED] and self.env._(
                "Lines that are in order are left out: %s.", len(left_out[FULFILLED])),
            left_out[NOT_DUE] and self.env._(
                "Lines that are exempt, or to be decided first, are left out: %s.", len(left_out[NOT_DUE])),
            early and self.env._(
                "Terms of office that have not begun are left out, since a PEC is communicated from their first day: "
                "%s.", len(early))]
        wanted = [(line._get_filing_values(renewed), line.address) for line in due]
        return due.partner_id, due.company_id, wanted, list(filter(None, sentences))

    def _list_filings(self, companies):
        """Return what is meant: of administrators one filing for each person of a company.

        A sole trader has no administrators.

        :return: ``[(values of a filing, PEC as its contact has it), …]``
        :rtype: list[tuple]
        """
        wanted = []
        for company in companies:
            if self.kind in ('company', 'both'):
                wanted.append(({'partner_id': company.id, 'kind': 'company'}, company.openapi_pec_email))
            if self.kind in ('administrator', 'both') and not company._is_openapi_pec_trader():
                people = company.child_ids.filtered(lambda person: not person.is_company and person.type == 'contact')
                values = {'partner_id': company.id, 'kind': 'administrator'}
                wanted += [
                    ({**values, 'representative_id': person.id}, person.openapi_pec_email) for person in people
                ] or [(values, False)]
        return wanted

    # ------------------------------------------------------------ ACTIONS

    def action_confirm(self):
        """Make the filings that are meant, and open their batch; what is being prepared already goes into it.

        :return: the action that opens the worklist; what is in another batch already is opened if nothing else is
            meant.
        :raise UserError: no filing is meant.
        """
        self.check_access('write')
        self.ensure_one()
        meet(self.partner_ids | self.position_ids.partner_id)  # somebody may press twice, and somebody else too
        filings = self.env['openapi_pec.communication']
        filings.check_access('create')
        meant = self._get_filings_meant()
        if meant.new or meant.drafts:
            return (filings._create_all(meant.new[::-1]) | meant.drafts).action_create_batch()
        if meant.placed:
            batches = meant.placed.batch_id
            return batches.action_open_worklist() if len(batches) == 1 else meant.placed.action_open_form()
        raise UserError('\n'.join([
            self.env._("For none of these lines is a filing meant. Nothing was made.") if self.position_ids
            else self.env._("None of these contacts is meant: choose companies. Nothing was made."), *meant.left_out]))
