from odoo import fields, models


class OpenapiPecAttemptMixin(models.AbstractModel):
    """One attempt to have something done about a filing: paid, and called once; for another one a person asks again.

    A model that inherits has ``state``, and a unique index on ``communication_id`` where it ``is_open``.
    """
    _name = 'openapi_pec.attempt.mixin'
    _description = "Attempt about a Filing"
    _inherit = ['openapi_pec.call.mixin']
    _order = 'id desc'
    _rec_name = 'communication_id'
    _asking_access = 'read'  # people write none of it
    _open_states = ()  # in which nobody asks for another one

    communication_id = fields.Many2one(
        'openapi_pec.communication', "Filing", required=True, readonly=True, index=True, ondelete='restrict')
    company_id = fields.Many2one(
        'res.company', required=True, readonly=True, index=True, help="The company whose Openapi account pays.")
    user_id = fields.Many2one(
        'res.users', "Responsible", readonly=True, related='communication_id.user_id', related_sudo=True)
    is_open = fields.Boolean(readonly=True, help="It is under way: nobody asks for another one of the same filing.")

    def write(self, vals):
        if 'state' in vals:
            vals = {**vals, 'is_open': vals['state'] in self._open_states}
        result = super().write(vals)
        if 'state' in vals and not self.env.context.get('openapi_pec_untold'):
            self.communication_id._tell_pages()
        return result

    def _get_spending_chatters(self):
        return self.communication_id
