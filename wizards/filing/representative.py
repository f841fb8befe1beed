from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec.tools.italy.omocodia import is_personal


class OpenapiPecRepresentative(models.TransientModel):
    """The question who asks and signs for a company: one of its people, or somebody who becomes a contact of it."""
    _name = 'openapi_pec.representative'
    _description = "Who Asks and Signs"
    _inherit = ['openapi_pec.input.mixin']

    communication_id = fields.Many2one('openapi_pec.communication', "Filing", required=True, readonly=True)
    partner_id = fields.Many2one(related='communication_id.partner_id', related_sudo=False)
    representative_id = fields.Many2one(
        'res.partner', "Existing Person", domain="[('is_company', '=', False)]",
        help="Somebody who is a contact already. Leave it empty to make a new one of the data below.")
    # computed with the reader's rights: whoever fills in a form may name any filing
    name = fields.Char("Name and Surname", compute='_compute_known', store=True, readonly=False, compute_sudo=False)
    fiscal_code = fields.Char(
        "Tax Code", compute='_compute_known', store=True, readonly=False, compute_sudo=False, exportable=False)
    email = fields.Char(compute='_compute_known', store=True, readonly=False, compute_sudo=False)
    mobile = fields.Char(compute='_compute_known', store=True, readonly=False, compute_sudo=False)

    # ------------------------------------------------------------ COMPUTE

    @api.depends('communication_id')
    def _compute_known(self):
        """Propose what is known already: what was typed on the filing, else what the company's contact tells."""
        for question in self:
            filing = question.communication_id
            partner = filing.partner_id
            code = partner.l10n_it_codice_fiscale
            question.name = ' '.join(filter(None, (filing.first_name, filing.last_name)))
            question.fiscal_code = filing.fiscal_code or (is_personal(code) and code) or False
            question.email = filing.email or partner.email
            question.mobile = filing.mobile or partner.phone

    # ------------------------------------------------------------ ACTIONS

    def action_confirm(self):
        """Take the chosen person, or make a contact of the company with these data, and go back to the filing."""
        self.check_access('write')
        self.ensure_one()
        person = self.representative_id
        if not person:
            if not self.name:
                raise UserError(self.env._("Choose a person, or write the name of a new one."))
            person = self.env['res.partner'].create({
                'name': self.name, 'parent_id': self.partner_id.id, 'type': 'contact', 'is_company': False,
                'l10n_it_codice_fiscale': self.fiscal_code, 'email': self.email, 'phone': self.mobile})
        person.check_access('read')
        self.communication_id.representative_id = person
        return {'type': 'ir.actions.act_window_close'}
