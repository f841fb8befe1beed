from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.register.partner import MERGING


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Odoo's merging of contacts, which moves all references to the contact that stays, without the ORM."""
    _inherit = 'base.partner.merge.automatic.wizard'

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        self._check_openapi_pec_twins(src_partners | dst_partner)
        followers = [
            self.env[model].sudo()._of_contacts(src_partners)
            for model in ('openapi_pec.communication', 'openapi_pec.mailbox')]
        result = super()._update_foreign_keys(src_partners, dst_partner)
        for records in followers:
            records._contacts_merged(src_partners, dst_partner)
        self.env['openapi_pec.position']._judge_facts(dst_partner.ids)
        return result

    @api.model
    def _update_values(self, src_partners, dst_partner):
        """Keep the PEC as well: Odoo keeps no computed field. What is known of it last is kept as one."""
        pec = dst_partner.openapi_pec_email or next(filter(None, src_partners.mapped('openapi_pec_email')), False)
        newest = (dst_partner | src_partners).sudo()._get_openapi_pec_newest()
        result = super()._update_values(src_partners, dst_partner.with_context(openapi_pec_merging=MERGING))
        if newest:
            dst_partner.sudo().write(newest)
        if dst_partner.openapi_pec_email != pec:
            dst_partner.openapi_pec_email = pec
        return result

    @api.model
    def _check_openapi_pec_twins(self, partners):
        """Raise when filings under way of these contacts would become the same filing twice."""
        seen = {}
        for filing in self.env['openapi_pec.communication'].sudo().search([
                ('partner_id', 'in', partners.ids), ('state', 'in', const.filing.OPEN_STATES)], order='id'):
            first = seen.setdefault((filing.environment, filing.kind, filing.pec_email), filing)
            if first != filing:
                raise UserError(self.env._(
                    "%(first)s and %(second)s communicate the same PEC, each for one of the contacts to be merged, and "
                    "both are under way. Nothing was merged: follow the two filings, and merge the contacts when one "
                    "of them is completed or given up.",
                    first=first._get_name_for(self.env.user), second=filing._get_name_for(self.env.user)))
