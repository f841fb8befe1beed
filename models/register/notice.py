from odoo import api, fields, models


class OpenapiPecNotice(models.Model):
    """A chamber's notice that a company's PEC is irregular: published on its albo, or sent.

    It counts until a PEC is communicated after it, or a person settles it. Notices are no secret of an Odoo company:
    who sees the contact sees them.
    """
    _name = 'openapi_pec.notice'
    _description = "Chamber's Notice of an Irregular PEC"
    _inherit = ['openapi_pec.input.mixin']
    _order = 'published_on desc, id desc'
    _rec_name = 'partner_id'

    partner_id = fields.Many2one(
        'res.partner', "About", required=True, index=True, ondelete='restrict',
        domain="[('is_company', '=', True)]")
    company_id = fields.Many2one(
        string="Company of the Contact", related='partner_id.company_id', store=True, index='btree_not_null')
    chamber = fields.Char(help="The province of the chamber, two letters: its own term counts, if there is one.")
    published_on = fields.Date("Published", required=True, default=fields.Date.context_today)
    due_on = fields.Date("Due on", help="When the notice itself names the day; otherwise the term of the rules counts.")
    settled_on = fields.Date("Settled", help="It counts no more.")
    note = fields.Char()

    # ------------------------------------------------------------ ACTIONS

    def action_settle(self):
        """Keep that these notices are settled."""
        self.write({'settled_on': fields.Date.context_today(self)})

    # ------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_province(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._with_province(vals))

    @staticmethod
    def _with_province(vals):
        """Return values with the province in capitals."""
        return {**vals, 'chamber': str(vals['chamber']).strip().upper()} if vals.get('chamber') else vals
