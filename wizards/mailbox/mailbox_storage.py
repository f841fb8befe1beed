from odoo import fields, models

STORAGE_STEP = 512  # MB
MAX_SPACE = 1024 * 1024  # MB, so that a slip of the finger is not bought


class OpenapiPecMailboxStorage(models.TransientModel):
    """The last question before legal storage (*conservazione*) is activated: with how much space."""
    _name = 'openapi_pec.mailbox.storage'
    _description = "Activation of Legal Storage"
    _inherit = ['openapi_pec.mailbox.order']
    _operation = 'mailbox_store'

    new_space = fields.Integer("Space for Legal Storage (MB)", default=STORAGE_STEP, help="A multiple of 512.")

    def _get_request(self):
        return {'space': self.new_space}

    def _get_problem(self):
        is_possible = 0 < self.new_space <= MAX_SPACE and not self.new_space % STORAGE_STEP
        return not is_possible and self.env._("Space for legal storage is bought in steps of %s MB.", STORAGE_STEP)
