from odoo import api, models

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.rights import check_right

from .cards import FILING


class OpenapiPecOverview(models.AbstractModel):
    """The first steps: what is to be done until an account works and the first company is communicated."""
    _inherit = 'openapi_pec.overview'

    @api.model
    def _get_first_steps(self, working):
        """Return the first steps of the user's present company; none when all are done.

        :param working: as of :meth:`_get_working`.
        :return: ``[{'name', 'title', 'text', 'is_done', 'buttons': […]}, …]``; a button is ``{'label'}`` with ``url``,
            ``action`` and ``context``, or ``method`` (of this model).
        :rtype: list
        """
        company = self.env.company.sudo()
        environment = company.openapi_pec_environment
        has_token = bool(company._openapi_pec_get_token(environment))
        done = {
            'account': has_token,
            'token': has_token,
            'test': company in working,
            'company': bool(self.env[FILING].search_count([('company_id', '=', company.id)], limit=1)),
        }
        if all(done.values()):
            return []
        titles, texts, buttons = self._get_step_titles(), self._get_step_texts(), self._get_step_buttons()
        return [
            {'name': name, 'title': titles[name], 'text': texts[name], 'is_done': is_done, 'buttons': buttons[name]}
            for name, is_done in done.items()]

    def _get_step_titles(self):
        """Return what each step is called, by its name."""
        return {
            'account': self.env._("Open an account at Openapi"),
            'token': self.env._("Connect it"),
            'test': self.env._("Test the connection"),
            'company': self.env._("Communicate the first PEC"),
        }

    def _get_step_texts(self):
        """Return what each step is, in a sentence or two, for the user who reads it."""
        for_administrator = '' if self.env.is_system() else ' ' + self.env._("A system administrator does this.")
        return {
            'account': self.env._(
                "Communications and mailboxes are paid from the wallet of an account at Openapi. In its console you "
                "register, top up the wallet and find the API key. The sandbox is a trial, and costs nothing: switch "
                "its credit on in the console."),
            'token': self.env._(
                "Type the account's e-mail and API key once: Odoo makes its own token, tests it and renews it in time. "
                "Or make a token in the console, and paste it in the settings.") + for_administrator,
            'test': self.env._(
                "The account's list is read, which costs nothing and changes nothing.") + for_administrator,
            'company': self.env._(
                "Open a company in the contacts and press Communicate PEC. For many companies: select them in the "
                "list, Actions ▸ Communicate PEC."),
        }

    def _get_step_buttons(self):
        """Return the buttons of each step: lists of ``{label}`` with a ``url``, an ``action`` or a ``method``."""
        is_system = self.env.is_system()
        connect = {'label': self.env._("Connect with E-mail and Key"), 'action': 'l10n_it_openapi_pec.action_connect',
                   'context': {}}
        settings = {'label': self.env._("Open the Settings"), 'action': 'l10n_it_openapi_pec.action_settings',
                    'context': {}}
        return {
            'account': [{'label': self.env._("Openapi Console"), 'url': const.account.CONSOLE}],
            'token': [*([connect, settings] if is_system else ()),
                      {'label': self.env._("Make a Token"), 'url': const.account.TOKENS}],
            'test': [{'label': self.env._("Test Now"), 'method': 'action_test_account'}] if is_system else [],
            'company': [{
                'label': self.env._("Choose a Company"), 'action': 'contacts.action_contacts',
                'context': {'search_default_type_company': 1}}],
        }

    @api.model
    def action_test_account(self):
        """Test the account of the user's present company, which costs nothing.

        :return: the action that shows the result.
        :raise UserError: the service does not accept the token, or cannot be asked.
        """
        self._check_reader()
        check_right(self.env, 'accept')
        return self.env.company.sudo()._openapi_pec_test()
