from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec.tools.api.client import PecClient
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import BadToken, OpenapiPecError
from odoo.addons.l10n_it_openapi_pec.tools.secrecy import pasted

from .account import MODELS

_lt = LazyTranslate(__name__, default_lang='en_US')

# what no token has: of tools/secrecy/pasted.py -> what to do
TOKEN_PROBLEMS = {
    'spaces': _lt("There are spaces or line breaks in this token: copy it alone, and whole, from the Openapi console."),
    'letters': _lt("There are characters in this token that none has, such as accented letters: copy it again from the "
                   "Openapi console."),
}


class ResCompany(models.Model):
    """The test of an account: its lists are read, which costs nothing and changes nothing at the service."""
    _inherit = 'res.company'

    # ------------------------------------------------------------ COMPUTE

    def _openapi_pec_is_working(self, environment):
        """Return whether the account of an environment has worked: a test, a list or a record at the service tells."""
        if not self._openapi_pec_get_token(environment):
            return False
        facts = self._openapi_pec_get_facts(environment)
        return bool(facts.get('tested') or facts.get('names')) or self._openapi_pec_has_records(environment)

    def _openapi_pec_has_records(self, environment):
        """Return whether the account of an environment has made any record that is here, with one query."""
        made = [
            ('company_id', '=', self.id), ('environment', '=', environment), ('remote_id', '!=', False)]
        queries = [self.env[model].sudo()._search(made) for model in MODELS]
        [[has_records]] = self.env.execute_query(SQL(
            "SELECT %s", SQL(" OR ").join(SQL("EXISTS %s", query.subselect()) for query in queries)))
        return has_records

    def _openapi_pec_forget_test(self, environment):
        """Forget that the token of an environment was tested: it is about to be replaced."""
        if self._openapi_pec_get_facts(environment).get('tested'):
            self._openapi_pec_write_facts(environment, tested=False)

    # ------------------------------------------------------------ CALLS: a token that is not kept yet

    def _openapi_pec_try_token(self, environment, token):
        """Read the list of filings with a token, before it replaces the one that is kept.

        :param str environment: whose account.
        :param str token: as it was pasted.
        :return: ``(what was read, problem)``: the client and its Listing, or None when nothing could be read; the
            problem is a sentence, or False.
        :rtype: tuple
        """
        stays = self.env._("The token that was there before stays.") if self._openapi_pec_get_token(
            environment) else self.env._("It was not kept.")
        words = self.env['openapi_pec.words.mixin']
        token = pasted.unwrap(token)
        if problem := pasted.find_problem(token):
            return None, f'{words._in_words(TOKEN_PROBLEMS[problem])} {stays}'
        try:
            client = PecClient(
                token, self._openapi_pec_base_url(environment), self._openapi_pec_get_deadline())
            return (client, client.list_filings()), False
        except BadToken as error:
            return None, self.env._(
                "The service does not accept this token, or the token lacks the scope GET …/comunica_pec. %(stays)s "
                "[%(reason)s]", reason=words._get_error_words(error), stays=stays)
        except OpenapiPecError as error:
            return None, self.env._(
                "This token cannot be tested now: %(reason)s. %(stays)s",
                reason=words._get_error_words(error).rstrip('.'), stays=stays)

    def _openapi_pec_replace_token(self, environment, token):
        """Replace the token of an environment by one that the service accepts; without one, it is removed.

        :param str environment: whose account.
        :param str token: as it was pasted.
        :raise UserError: the test has failed; the token that was kept stays.
        """
        for company in self.sudo():
            found = None
            if token and token.strip():
                found, problem = company._openapi_pec_try_token(environment, token)
                if problem:
                    raise UserError(problem)
            company._openapi_pec_set_token(environment, token)
            if found:
                company._openapi_pec_note_account(*found, environment)
                company._openapi_pec_write_facts(environment, tested=True)

    # ------------------------------------------------------------ ACTIONS: the test

    def _openapi_pec_test(self):
        """Read the lists of this company's present account, and end its pause.

        :return: the action that shows the result.
        :raise RedirectWarning: the account cannot be used.
        :raise UserError: the service does not accept the token, or cannot be asked now.
        """
        self._openapi_pec_check_configured()
        words, environment = self.env['openapi_pec.words.mixin'], self.openapi_pec_environment
        try:
            client = self._openapi_pec_client()
            filings = client.list_filings()
        except BadToken as error:
            raise UserError(self.env._(
                "The service was reached, but it does not accept the token, or the token lacks the scope "
                "GET …/comunica_pec. Nothing was spent. [%s]", words._get_error_words(error))) from error
        except OpenapiPecError as error:
            raise UserError(words._get_unread_sentence(error)) from error
        self._openapi_pec_note_account(client, filings, environment)
        self._openapi_pec_write_facts(environment, tested=True)
        self._openapi_pec_resume()
        return self._openapi_pec_show_test(len(filings), self._openapi_pec_get_account_sentence(environment))

    def _openapi_pec_show_test(self, count, doubt):
        """Return the action that shows the result of a test.

        :param int count: filings that the account's list holds.
        :param doubt: the sentence that says that it may be another account; False when it is the known one.
        """
        labels = dict(self._fields['openapi_pec_environment']._description_selection(self.env))
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
                    count=count, environment=labels[self.openapi_pec_environment],
                ), self._openapi_pec_notify_mailboxes()]),
            },
        }

    def _openapi_pec_notify_mailboxes(self):
        """Return a sentence that says whether the service lists the account's mailboxes.

        Their scope may be missing, if nobody wants mailboxes.
        """
        try:
            mailboxes = self._openapi_pec_client().list_mailboxes()
        except BadToken:
            return self.env._("It does not accept it for mailboxes: add the scope GET …/pec if you want to buy and run "
                              "them here.")
        except OpenapiPecError as error:
            words = self.env['openapi_pec.words.mixin']._get_error_words(error)
            return self.env._("Its mailboxes cannot be read now: %s.", words.rstrip('.'))
        return self.env._("It lists %s mailboxes.", len(mailboxes))
