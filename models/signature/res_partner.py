from odoo import api, fields, models

from odoo.addons.l10n_it_openapi_pec.models.service.rights import check_right
from odoo.addons.l10n_it_openapi_pec.tools.cleaning import clean
from odoo.addons.l10n_it_openapi_pec.tools.italy import person_name


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
        self.openapi_pec_signs = self.env.company.sudo().openapi_pec_sign_remotely

    def _get_openapi_pec_holder(self):
        """Return the name in which a certificate is bought for this person: as identity documents have it.

        The tax code tells which words of a contact's name are name and surname, and which are a title.
        """
        halves = self._get_openapi_pec_halves()
        return ' '.join(filter(None, reversed(halves))) if halves else clean(self.name)

    def _get_openapi_pec_halves(self):
        """Return surname and name, as far as the tax code tells which words they are; None where it does not."""
        return person_name.split(self.name, self.l10n_it_codice_fiscale)

    # ------------------------------------------------------------ ACTIONS

    def action_openapi_pec_show_certificates(self):
        """Show the certificates that were bought for this person."""
        self.check_access('read')
        return self.openapi_pec_certificate_ids._get_records_action(name=self.env._("Certificates"))

    def action_openapi_pec_buy_certificate(self):
        """Open the question before a certificate for remote signatures is bought for this person.

        :raise AccessError: this user may not spend.
        :raise UserError: it is no person with a tax code, one is being bought for him, or the company has no remote
            signatures.
        """
        self.ensure_one()
        check_right(self.env, 'spend')
        self.check_access('read')
        question = self.env['openapi_pec.certificate.purchase'].create({'partner_id': self.id})
        question._check_possible()
        question.company_id._openapi_pec_check_configured(api_name='signature')
        return question._open(self.env._("Buy a Certificate"))
