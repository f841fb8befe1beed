from odoo import api, fields, models

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.rights import check_right
from odoo.addons.l10n_it_openapi_pec.tools.cleaning import clean
from odoo.addons.l10n_it_openapi_pec.tools.italy import fiscal_code, omocodia, person_name


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

    openapi_pec_certificate_count = fields.Integer(
        compute='_compute_openapi_pec_certificate_count', groups='l10n_it_openapi_pec.group_user')

    # ------------------------------------------------------------ COMPUTE

    @api.depends('openapi_pec_certificate_ids')
    def _compute_openapi_pec_certificate_count(self):
        counts = dict(self.env['openapi_pec.certificate']._read_group(
            [('partner_id', 'in', self.ids)], ['partner_id'], ['__count']))
        for partner in self:
            partner.openapi_pec_certificate_count = counts.get(partner._origin, 0)

    @api.depends_context('company')
    def _compute_openapi_pec_signs(self):
        company = self.env.company.sudo()
        self.openapi_pec_signs = company.openapi_pec_sign_remotely or company.openapi_pec_sign_many

    def _is_openapi_pec_certificate_over(self, company, environment):
        """Return whether a company has bought certificates with which this person signs himself, and none can sign now.

        What was bought elsewhere nobody knows, and what other companies have bought is nobody's business here.
        """
        now = fields.Datetime.now()
        bought = self.sudo().openapi_pec_certificate_ids.filtered(
            lambda certificate: certificate.kind == 'otp' and certificate.company_id == company
            and certificate.environment == environment
            and certificate.state in (*const.remote_signature.USED_CERTIFICATES, 'ended'))
        return bool(bought) and not any(
            certificate.state == 'active' and (not certificate.expires_at or certificate.expires_at > now)
            for certificate in bought)

    def _get_openapi_pec_holder(self):
        """Return the name in which a certificate is bought for this person: as identity documents have it.

        The tax code tells which words of a contact's name are name and surname, and which are a title.
        """
        halves = self._get_openapi_pec_halves()
        return ' '.join(filter(None, reversed(halves))) if halves else clean(self.name)

    def _get_openapi_pec_person_code(self):
        """Return the tax code of this person; '' where it is missing, or none of a person."""
        code = omocodia.normalize(self.l10n_it_codice_fiscale)
        return code if fiscal_code.judge_person(code) == 'code_valid' else ''

    def _get_openapi_pec_halves(self):
        """Return surname and name, as far as the tax code tells which words they are; None where it does not."""
        return person_name.split(self.name, self.l10n_it_codice_fiscale)

    def _get_openapi_pec_proposed_kind(self, company):
        """Return the kind of certificate to buy for this person: of those that a company uses, one not under way."""
        used = [kind for kind, switch in const.sign_many.SWITCHES.items() if company.sudo()[switch]]
        under_way = self.sudo().openapi_pec_certificate_ids.filtered(
            lambda certificate: certificate.is_open and certificate.company_id == company
            and certificate.environment == company.sudo().openapi_pec_environment).mapped('kind')
        return next((kind for kind in used if kind not in under_way), (used or ['otp'])[0])

    # ------------------------------------------------------------ ACTIONS

    def action_openapi_pec_certificates(self):
        """Open the certificates that were bought for this person."""
        self.check_access('read')
        self.env['openapi_pec.certificate'].check_access('read')
        return {
            **self.env['ir.actions.act_window']._for_xml_id('l10n_it_openapi_pec.action_certificate'),
            'domain': [('partner_id', 'in', self.ids)],
        }

    def action_openapi_pec_buy_certificate(self):
        """Open the question before a certificate for remote signatures is bought for this person.

        :raise AccessError: this user may not spend.
        :raise UserError: it is no person with a tax code, one is being bought for him, or the company has no remote
            signatures.
        """
        self.ensure_one()
        check_right(self.env, 'spend')
        self.check_access('read')
        question = self.env['openapi_pec.certificate.purchase'].create({
            'partner_id': self.id, 'kind': self._get_openapi_pec_proposed_kind(self.env.company)})
        question._check_possible()
        question.company_id._openapi_pec_check_configured(api_name='signature')
        return question._open(self.env._("Buy a Certificate"))
