from odoo import api, fields, models

from odoo.addons.l10n_it_openapi_pec.models.service.rights import check_right


class ResPartner(models.Model):
    """Who signs remotely."""
    _inherit = 'res.partner'

    openapi_pec_sign_username = fields.Char(
        "Username of Remote Signature", copy=False, groups='l10n_it_openapi_pec.group_user',
        help="Of the certificate with which this person signs remotely (RHI…). PIN and one-time passwords are kept "
             "nowhere.")
    openapi_pec_signs = fields.Boolean(compute='_compute_openapi_pec_signs', groups='l10n_it_openapi_pec.group_user')
    openapi_pec_certificate_ids = fields.One2many(
        'openapi_pec.certificate', 'partner_id', "Certificates", groups='l10n_it_openapi_pec.group_user')

    # ------------------------------------------------------------ COMPUTE

    @api.depends_context('company')
    def _compute_openapi_pec_signs(self):
        company = self.env.company.sudo()
        self.openapi_pec_signs = company.openapi_pec_sign_remotely or company.openapi_pec_sign_many

    # ------------------------------------------------------------ ACTIONS

    def action_openapi_pec_buy_certificate(self):
        """Open the question before a certificate for remote signatures is bought for this person.

        :raise AccessError: this user may not spend.
        :raise UserError: it is no person, or the company has no remote signatures.
        """
        self.ensure_one()
        check_right(self.env, 'spend')
        self.check_access('read')
        question = self.env['openapi_pec.certificate.purchase'].create({'partner_id': self.id})
        question._check_answers()
        question.company_id._openapi_pec_check_configured(api_name='signature')
        return question._open(self.env._("Buy a Certificate"))
