from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec.tools import public_address
from odoo.addons.l10n_it_openapi_pec.tools.errors import BadToken, OpenapiPecError


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    openapi_pec_environment = fields.Selection(related='company_id.openapi_pec_environment', readonly=False)
    openapi_pec_token = fields.Char(related='company_id.openapi_pec_token', readonly=False)
    openapi_pec_late_days = fields.Integer(related='company_id.openapi_pec_late_days', readonly=False)
    openapi_pec_parallel_calls = fields.Integer(related='company_id.openapi_pec_parallel_calls', readonly=False)
    openapi_pec_max_megabytes = fields.Integer(related='company_id.openapi_pec_max_megabytes', readonly=False)
    openapi_pec_mail_procura = fields.Boolean(related='company_id.openapi_pec_mail_procura', readonly=False)
    openapi_pec_mail_forms = fields.Boolean(related='company_id.openapi_pec_mail_forms', readonly=False)
    openapi_pec_mails_links = fields.Boolean(compute='_compute_openapi_pec_mails_links')
    openapi_pec_pause_reason = fields.Selection(related='company_id.openapi_pec_pause_reason')
    openapi_pec_pause_sentence = fields.Text(compute='_compute_openapi_pec_pause_sentence')

    @api.depends('company_id')
    @api.depends_context('lang', 'tz')
    def _compute_openapi_pec_pause_sentence(self):
        for settings in self:
            settings.openapi_pec_pause_sentence = settings.company_id._openapi_pec_get_pause()[1]

    def action_openapi_pec_go_on(self):
        """End the account's pause, since the wallet was topped up or the token corrected; what waits goes on."""
        self.env['openapi_pec.communication']._check_may_spend()
        self.company_id._openapi_pec_go_on()

    @api.depends('company_id', 'openapi_pec_environment')
    def _compute_openapi_pec_mails_links(self):
        is_public = public_address.is_public(self.get_base_url())
        for settings in self:
            settings.openapi_pec_mails_links = is_public or settings.openapi_pec_environment == 'sandbox'

    def action_openapi_pec_test(self):
        """Read the account's list, which costs nothing, and say what works."""
        company = self.company_id
        company._openapi_pec_check_configured()
        try:
            filings = company._openapi_pec_client().list_filings()
        except BadToken as error:
            raise UserError(self.env._(
                "The service was reached, but it does not accept the token, or the token lacks the scope "
                "GET …/comunica_pec. Nothing was spent. [%s]", error.message,
            )) from error
        except OpenapiPecError as error:
            raise UserError(self.env._(
                "The service cannot be asked now: %s. Nothing was spent; try again later.", error.message.rstrip('.'),
            )) from error
        company._openapi_pec_resume()
        labels = dict(self._fields['openapi_pec_environment']._description_selection(self.env))
        return {
            'type': 'ir.actions.client',
            'tag': 'display_notification',
            'params': {
                'type': 'success',
                'title': self.env._("The connection works"),
                'message': ' '.join([self.env._(
                    "The service accepts the token for reading and lists %(count)s filings of this account "
                    "(%(environment)s). Whether it may submit, only the first filing tells.",
                    count=len(filings), environment=labels[company.openapi_pec_environment],
                ), self._openapi_pec_tell_mailboxes()]),
            },
        }

    def _openapi_pec_tell_mailboxes(self):
        """Return what the service tells of the account's mailboxes, as a sentence: their scope may be missing, and they not be wanted."""
        try:
            mailboxes = self.company_id._openapi_pec_client().list_mailboxes()
        except BadToken:
            return self.env._("It does not accept it for mailboxes: add the scope GET …/pec if you want to buy and run them here.")
        except OpenapiPecError as error:
            return self.env._("Its mailboxes cannot be read now: %s.", error.message.rstrip('.'))
        return self.env._("It lists %s mailboxes.", len(mailboxes))
