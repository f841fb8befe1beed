from odoo import api, models

from odoo.addons.l10n_it_openapi_pec import const

from .partner import CONFIRMED, SEEN

# What of a filing counts in the register of positions; in other states it is on its way to nobody.
FILING_FIELDS = frozenset({
    'state', 'chamber_outcome', 'chamber_date', 'kind', 'partner_id', 'representative_id', 'fiscal_code', 'pec_email',
    'company_id', 'environment', 'completed_at'})
# Whether a contact has its PEC still, and that stands in the register: who has the same one may have to give way.
PROOF_FIELDS = frozenset({*SEEN, *CONFIRMED, 'openapi_pec_register_state'})


class OpenapiPecCommunication(models.Model):
    """What filings change for the lines of their companies, and of whoever has the same address."""
    _inherit = 'openapi_pec.communication'

    @api.model_create_multi
    def create(self, vals_list):
        filings = super().create(vals_list)
        filings._filter_counting_for_lines()._judge_lines()
        return filings

    def write(self, vals):
        is_concerned = bool(FILING_FIELDS & vals.keys())
        before = self._filter_counting_for_lines() if is_concerned else self.browse()
        companies = before.partner_id
        result = super().write(vals)
        if is_concerned:
            (before | self._filter_counting_for_lines())._judge_lines(companies)
        return result

    def _filter_counting_for_lines(self):
        return self.filtered(lambda filing: filing.state in const.filing.MADE_STATES)

    def _judge_lines(self, companies=None):
        """Have the lines judged anew for which these filings count, or have counted.

        :param companies: some others.
        """
        self.env['openapi_pec.position']._judge_facts(
            {*self.partner_id.ids, *(companies.ids if companies else ())},
            self.filtered(lambda filing: filing.state == 'completed').mapped('pec_email_normalized'))

    @api.model
    def _judge_domains(self, names):
        names = set(names)
        result = super()._judge_domains(names)
        self.env['openapi_pec.position']._judge_facts(names=names)
        return result


class OpenapiPecMailbox(models.Model):
    """What mailboxes change for the lines with their addresses."""
    _inherit = 'openapi_pec.mailbox'

    def _judge_filings(self, addresses=frozenset()):
        result = super()._judge_filings(addresses)
        self.env['openapi_pec.position']._judge_facts(addresses={*addresses, *self.mapped('address')})
        return result


class ResPartner(models.Model):
    """What contacts change for the lines of others: whoever has, or had, the same address."""
    _inherit = 'res.partner'

    def write(self, vals):
        result = super().write(vals)
        if PROOF_FIELDS & vals.keys():
            self.env['openapi_pec.position']._judge_facts(
                addresses=self._openapi_pec_get_claimed(with_children=False)[0])
        return result

    @api.model
    def _openapi_pec_judge_drafts(self, *claims):
        result = super()._openapi_pec_judge_drafts(*claims)
        self.env['openapi_pec.position']._judge_facts(
            addresses=set().union(*(addresses for addresses, _numbers in claims)))
        return result


class ResCompany(models.Model):
    """The filings of the environment that a company uses now are those that count."""
    _inherit = 'res.company'

    def write(self, vals):
        changed = self.filtered(
            lambda company: 'openapi_pec_environment' in vals
            and company.sudo().openapi_pec_environment != vals['openapi_pec_environment'])
        result = super().write(vals)
        for company in changed:
            self.env['openapi_pec.position'].sudo()._judge_later(company)
        return result
