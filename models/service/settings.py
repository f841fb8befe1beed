from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec.tools.api import public_address
from odoo.addons.l10n_it_openapi_pec.tools.api.client import HOSTS
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import BadToken, OpenapiPecError

from .account import MASK
from .rights import check_company, check_right


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    openapi_pec_environment = fields.Selection(related='company_id.openapi_pec_environment', readonly=False)
    openapi_pec_token = fields.Char(
        "PEC Token", compute='_compute_openapi_pec_token', inverse='_inverse_openapi_pec_token')
    openapi_pec_account_sentence = fields.Text(compute='_compute_openapi_pec_accounts')
    openapi_pec_defect_sentence = fields.Text(compute='_compute_openapi_pec_accounts')
    openapi_pec_unreadable_sentence = fields.Text(compute='_compute_openapi_pec_accounts')
    openapi_pec_copy_sentence = fields.Text(compute='_compute_openapi_pec_accounts')
    openapi_pec_decide_hours = fields.Integer(related='company_id.openapi_pec_decide_hours', readonly=False)
    openapi_pec_late_days = fields.Integer(related='company_id.openapi_pec_late_days', readonly=False)
    openapi_pec_parallel_calls = fields.Integer(related='company_id.openapi_pec_parallel_calls', readonly=False)
    openapi_pec_max_megabytes = fields.Integer(related='company_id.openapi_pec_max_megabytes', readonly=False)
    openapi_pec_mail_procura = fields.Boolean(related='company_id.openapi_pec_mail_procura', readonly=False)
    openapi_pec_mail_forms = fields.Boolean(related='company_id.openapi_pec_mail_forms', readonly=False)
    openapi_pec_sign_days = fields.Integer(related='company_id.openapi_pec_sign_days', readonly=False)
    openapi_pec_remind_days = fields.Integer(related='company_id.openapi_pec_remind_days', readonly=False)
    openapi_pec_reminders = fields.Integer(related='company_id.openapi_pec_reminders', readonly=False)
    openapi_pec_send_signed = fields.Boolean(related='company_id.openapi_pec_send_signed', readonly=False)
    openapi_pec_mails_links = fields.Boolean(compute='_compute_openapi_pec_mails_links')
    openapi_pec_pause_reason = fields.Selection(related='company_id.openapi_pec_pause_reason')
    openapi_pec_pause_sentence = fields.Text(compute='_compute_openapi_pec_pause_sentence')

    @api.depends('company_id', 'openapi_pec_environment')
    def _compute_openapi_pec_token(self):
        for settings in self:
            settings.openapi_pec_token = settings.company_id._openapi_pec_get_mask(settings.openapi_pec_environment)

    def _inverse_openapi_pec_token(self):
        # Of the environment that the form shows, in whichever order environment and token are written.
        for settings in self.filtered(lambda settings: settings.openapi_pec_token != MASK):
            settings.company_id._openapi_pec_set_token(settings.openapi_pec_environment, settings.openapi_pec_token)
            settings.company_id._openapi_pec_resume()

    @api.depends('company_id')
    @api.depends_context('lang')
    def _compute_openapi_pec_accounts(self):
        for settings in self:
            company = settings.company_id
            settings.openapi_pec_account_sentence = settings._openapi_pec_notify_each(
                company._openapi_pec_get_account_sentence)
            settings.openapi_pec_defect_sentence = settings._openapi_pec_notify_each(
                company._openapi_pec_get_defect_sentence)
            settings.openapi_pec_unreadable_sentence = settings._openapi_pec_notify_each(
                company._openapi_pec_get_unreadable_sentence)
            settings.openapi_pec_copy_sentence = next(
                filter(None, map(company._openapi_pec_get_copy_sentence, HOSTS)), False)

    def _openapi_pec_notify_each(self, tell):
        """Return the sentences about the accounts of both environments; False when there are none.

        :param tell: function of an environment that returns a sentence, or False.
        """
        labels = self._fields['openapi_pec_environment']._description_selection(self.env)
        return '\n'.join(
            f'{label}: {sentence}' for environment, label in labels if (sentence := tell(environment))) or False

    def _check_openapi_pec_company(self):
        """Raise when these settings are another user's, or of a company in which he does not work."""
        self.check_access('write')
        check_company(self.company_id)

    def action_openapi_pec_accept_account(self):
        """Record that the tokens lead to other accounts than before, where the lists show nothing known."""
        self._check_openapi_pec_company()
        for environment in HOSTS:
            if self.company_id._openapi_pec_get_account_sentence(environment):
                self.company_id._openapi_pec_accept_account(environment)

    def action_openapi_pec_accept_defects(self):
        """Accept the lasting defects of the accounts' lists."""
        self._check_openapi_pec_company()
        for environment in HOSTS:
            if self.company_id._openapi_pec_get_lasting(environment):
                self.company_id._openapi_pec_accept_defects(environment)

    def action_openapi_pec_confirm_home(self):
        """Record that this is the live database: Odoo pays from here again."""
        self.env['res.company']._openapi_pec_confirm_home()

    @api.depends('company_id')
    @api.depends_context('lang', 'tz')
    def _compute_openapi_pec_pause_sentence(self):
        for settings in self:
            settings.openapi_pec_pause_sentence = settings.company_id._openapi_pec_get_pause()[1]

    def action_openapi_pec_go_on(self):
        """End the account's pause, after a top-up or a corrected token; queued calls go on."""
        self._check_openapi_pec_company()
        check_right(self.env, 'spend')
        self.company_id._openapi_pec_go_on()

    @api.depends('company_id', 'openapi_pec_environment')
    def _compute_openapi_pec_mails_links(self):
        is_public = public_address.is_public(self.get_base_url())
        for settings in self:
            settings.openapi_pec_mails_links = is_public or settings.openapi_pec_environment == 'sandbox'

    def action_openapi_pec_test(self):
        """Read the account's list, which costs nothing, and show the result."""
        self._check_openapi_pec_company()
        company = self.company_id
        company._openapi_pec_check_configured()
        try:
            client = company._openapi_pec_client()
            filings = client.list_filings()
        except BadToken as error:
            raise UserError(self.env._(
                "The service was reached, but it does not accept the token, or the token lacks the scope "
                "GET …/comunica_pec. Nothing was spent. [%s]",
                self.env['openapi_pec.words.mixin']._get_error_words(error),
            )) from error
        except OpenapiPecError as error:
            raise UserError(self.env['openapi_pec.words.mixin']._get_unread_sentence(error)) from error
        company._openapi_pec_note_account(client, filings, company.openapi_pec_environment)
        company._openapi_pec_resume()
        labels = dict(self._fields['openapi_pec_environment']._description_selection(self.env))
        doubt = company._openapi_pec_get_account_sentence(company.openapi_pec_environment)
        return {
            'type': 'ir.actions.client',
            'tag': 'display_notification',
            'params': {
                'type': 'warning' if doubt else 'success',
                'sticky': bool(doubt),
                'title': self.env._("The connection works, but perhaps with another account") if doubt else self.env._(
                    "The connection works"),
                'next': {'type': 'ir.actions.client', 'tag': 'soft_reload'},
                'message': ' '.join([*([doubt] if doubt else ()), self.env._(
                    "The service accepts the token for reading and lists %(count)s filings of this account "
                    "(%(environment)s). Whether it may submit is known only after the first filing.",
                    count=len(filings), environment=labels[company.openapi_pec_environment],
                ), self._openapi_pec_notify_mailboxes()]),
            },
        }

    def _openapi_pec_notify_mailboxes(self):
        """Return a sentence that says whether the service lists the account's mailboxes.

        Their scope may be missing, if nobody wants mailboxes.
        """
        try:
            mailboxes = self.company_id._openapi_pec_client().list_mailboxes()
        except BadToken:
            return self.env._("It does not accept it for mailboxes: add the scope GET …/pec if you want to buy and run "
                              "them here.")
        except OpenapiPecError as error:
            words = self.env['openapi_pec.words.mixin']._get_error_words(error)
            return self.env._("Its mailboxes cannot be read now: %s.", words.rstrip('.'))
        return self.env._("It lists %s mailboxes.", len(mailboxes))
