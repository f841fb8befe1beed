from odoo import fields, models


class ResCompany(models.Model):
    """The address to which a company has the chamber's mail forwarded."""
    _inherit = 'res.company'

    openapi_pec_chamber_alias_id = fields.Many2one(
        'mail.alias', "Alias of the Chamber's Mail", readonly=True, copy=False, ondelete='set null',
        index='btree_not_null', groups='base.group_system')

    def _openapi_pec_set_chamber_alias(self, name):
        """Have mail to an address of this company become messages of the chamber; without a name, no more.

        :param name: what stands before the "@", or nothing.
        """
        company = self.sudo()
        alias = company.openapi_pec_chamber_alias_id
        if not name:
            alias.unlink()
        elif alias:
            alias.alias_name = name
        else:
            company.openapi_pec_chamber_alias_id = self.env['mail.alias'].sudo().create({
                'alias_name': name,
                'alias_model_id': self.env['ir.model']._get_id('openapi_pec.chamber_message'),
                'alias_domain_id': company.alias_domain_id.id,
                'alias_defaults': repr({'company_id': company.id}),
            })
