from odoo import SUPERUSER_ID, api, fields, models

from odoo.addons.l10n_it_openapi_pec.tools.api import public_address
from odoo.addons.l10n_it_openapi_pec.tools.api.client import HOSTS

from .account import MASK
from .rights import check_company, check_right


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    openapi_pec_environment = fields.Selection(related='company_id.openapi_pec_environment', readonly=False)
    openapi_pec_token = fields.Char(
        "PEC Token", compute='_compute_openapi_pec_token', inverse='_inverse_openapi_pec_token')
    # The fields of secrets that the form shows as kept. It sends this back: what it shows as missing may have been
    # typed elsewhere since, and is not removed by it.
    openapi_pec_kept = fields.Char(
        compute='_compute_openapi_pec_kept', compute_sudo=False, store=True, readonly=False)
    openapi_pec_token_problem = fields.Text(
        "Problem of the Token", store=False, help="What is wrong with the token, or with one that was just pasted.")
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
    openapi_pec_ahead_days = fields.Integer(related='company_id.openapi_pec_ahead_days', readonly=False)
    openapi_pec_register_days = fields.Integer(related='company_id.openapi_pec_register_days', readonly=False)
    openapi_pec_register_budget = fields.Float(related='company_id.openapi_pec_register_budget', readonly=False)
    openapi_pec_register_sentence = fields.Text(compute='_compute_openapi_pec_register_sentence')
    openapi_pec_mails_links = fields.Boolean(compute='_compute_openapi_pec_mails_links')
    openapi_pec_pause_reason = fields.Selection(related='company_id.openapi_pec_pause_reason')
    openapi_pec_pause_sentence = fields.Text(compute='_compute_openapi_pec_pause_sentence')

    # ------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_openapi_pec_values(vals, vals.get('company_id'))
        return super().create(vals_list)

    def write(self, vals):
        self._check_openapi_pec_values(vals, vals.get('company_id'))
        self._check_openapi_pec_values(vals, self.company_id.ids)
        return super().write(vals)

    @api.model
    def _check_openapi_pec_values(self, vals, company_ids):
        """Raise when settings of this addon are written of a company in which the user does not work."""
        if any(name.startswith('openapi_pec_') for name in vals):
            check_company(self.env['res.company'].browse(company_ids or ()))

    def _get_openapi_pec_company(self):
        """Return the company of these settings; none where the user does not work in it now."""
        return self.company_id if self.env.uid == SUPERUSER_ID else self.company_id & self.env.companies

    # ------------------------------------------------------------ COMPUTE

    @api.depends('company_id', 'openapi_pec_environment')
    def _compute_openapi_pec_kept(self):
        for settings in self:
            masks = settings._get_openapi_pec_masks()
            settings.openapi_pec_kept = ' '.join(name for name, mask in masks.items() if mask)

    def _get_openapi_pec_masks(self):
        """Return what is shown in place of secrets: ``{name of the field: MASK or False}``."""
        company = self._get_openapi_pec_company()
        return {'openapi_pec_token': bool(company) and company._openapi_pec_get_mask(self.openapi_pec_environment)}

    @api.depends('company_id', 'openapi_pec_environment')
    def _compute_openapi_pec_token(self):
        for settings in self:
            settings.openapi_pec_token = settings._get_openapi_pec_masks()['openapi_pec_token']

    def _inverse_openapi_pec_token(self):
        self._replace_openapi_pec_secret('openapi_pec_token', lambda company, environment, token: (
            company._openapi_pec_replace_token(environment, token), company._openapi_pec_resume()))

    def _replace_openapi_pec_secret(self, field, replace):
        """Replace a secret where one was typed, or removed that the form had shown as kept; it is told to nobody.

        It is that of the environment that the form shows, in whichever order environment and secret are written.

        :param replace: a function of company, environment and secret.
        """
        for settings in self:
            is_kept = field in (settings.openapi_pec_kept or '').split()
            if settings[field] != MASK and (settings[field] or is_kept):
                replace(settings.company_id, settings.openapi_pec_environment, settings[field])
        self.invalidate_recordset([field])  # else it would be answered to who has typed it

    @api.onchange('openapi_pec_token')
    def _onchange_openapi_pec_token(self):
        """Test a token as soon as it is pasted, and say beside it what is wrong with it."""
        for settings in self:
            company, environment = settings._get_openapi_pec_company(), settings.openapi_pec_environment
            is_new = settings.openapi_pec_token and settings.openapi_pec_token != MASK
            settings.openapi_pec_token_problem = is_new and company._openapi_pec_try_token(
                environment, settings.openapi_pec_token)[1]
            if not settings.openapi_pec_token and company._openapi_pec_get_token(environment):
                settings.openapi_pec_token_problem = self.env._(
                    "The token that is kept is removed when you save: without one nothing is sent, and what is under "
                    "way is not followed. Discard the change to keep it.")

    @api.depends('company_id')
    @api.depends_context('lang')
    def _compute_openapi_pec_accounts(self):
        for settings in self:
            company = settings._get_openapi_pec_company()
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
        if not self._get_openapi_pec_company():
            return False
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
            company = settings._get_openapi_pec_company()
            settings.openapi_pec_pause_sentence = bool(company) and company._openapi_pec_get_pause()[1]

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
        """Read the account's lists, which costs nothing, and show the result."""
        self._check_openapi_pec_company()
        return self.company_id._openapi_pec_test()
