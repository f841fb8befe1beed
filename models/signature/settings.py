from odoo import api, fields, models

from odoo.addons.l10n_it_openapi_pec import const

from .signing_certificate import CREDENTIALS


class ResCompany(models.Model):
    """Whether powers of attorney of a company can be signed remotely, by whom many at once, and how long the service
    keeps them.
    """
    _inherit = 'res.company'

    openapi_pec_sign_remotely = fields.Boolean(
        "Remote Signatures",
        help="Signers, on their page, and users can have powers of attorney signed with a one-time password.")
    openapi_pec_delete_days = fields.Integer(
        "Days until Signed Files Are Deleted at the Service",
        help="Days after which the service deletes its copy of a signed file that is kept here, and its audit trail "
             "with it; 0: only when a manager asks for it.")
    openapi_pec_sign_many = fields.Boolean(
        "Sign Many at Once",
        help="Signers of the company sign powers of attorney of a multiple filing together, with the automatic "
             "certificate of an appointed intermediary.")
    openapi_pec_signer_id = fields.Many2one(
        'res.partner', "Certificate Holder", ondelete='restrict',
        groups='l10n_it_openapi_pec.group_user,base.group_system',
        help="The person whose automatic certificate it is: name and tax code come from this contact.")


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    openapi_pec_sign_remotely = fields.Boolean(related='company_id.openapi_pec_sign_remotely', readonly=False)
    openapi_pec_delete_days = fields.Integer(related='company_id.openapi_pec_delete_days', readonly=False)
    openapi_pec_sign_many = fields.Boolean(related='company_id.openapi_pec_sign_many', readonly=False)
    openapi_pec_signer_id = fields.Many2one(related='company_id.openapi_pec_signer_id', readonly=False)
    openapi_pec_signer_username = fields.Char(
        "Username of the Certificate", compute='_compute_openapi_pec_signer', inverse='_inverse_openapi_pec_username')
    openapi_pec_signer_problem = fields.Char(compute='_compute_openapi_pec_signer_problem')
    openapi_pec_signer_pin = fields.Char(
        "PIN of the Certificate", compute='_compute_openapi_pec_signer', inverse='_inverse_openapi_pec_pin')

    @api.depends('company_id', 'openapi_pec_environment')
    def _compute_openapi_pec_signer(self):
        for settings in self:
            masks = settings._get_openapi_pec_masks()
            settings.openapi_pec_signer_username = masks['openapi_pec_signer_username']
            settings.openapi_pec_signer_pin = masks['openapi_pec_signer_pin']

    def _get_openapi_pec_masks(self):
        company = self._get_openapi_pec_company()
        masks = company._openapi_pec_get_signer_masks(self.openapi_pec_environment) if company else {}
        return super()._get_openapi_pec_masks() | {
            f'openapi_pec_signer_{name}': masks.get(name, False) for name in CREDENTIALS}

    @api.depends('openapi_pec_signer_id.name', 'openapi_pec_signer_id.l10n_it_codice_fiscale')
    @api.depends_context('lang')
    def _compute_openapi_pec_signer_problem(self):
        words = self.env['openapi_pec.words.mixin']
        for settings in self:
            signer = settings.openapi_pec_signer_id
            is_known = not signer or (signer.name and signer._get_openapi_pec_person_code())
            settings.openapi_pec_signer_problem = not is_known and words._in_words(const.sign_many.SIGNER_UNKNOWN)

    def _inverse_openapi_pec_username(self):
        self._replace_signer('username')

    def _inverse_openapi_pec_pin(self):
        self._replace_signer('pin')

    def _replace_signer(self, name):
        self._replace_openapi_pec_secret(f'openapi_pec_signer_{name}', lambda company, environment, value: (
            company._openapi_pec_set_signer(environment, name, value)))
