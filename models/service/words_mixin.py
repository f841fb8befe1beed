from datetime import datetime, timezone

from odoo import models
from odoo.exceptions import RedirectWarning, UserError

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import BadToken, NotFound
from odoo.addons.l10n_it_openapi_pec.tools.reason import MIN_LETTERS, get_reason


class OpenapiPecWordsMixin(models.AbstractModel):
    """Answers of the service, in words for people and in types of Odoo.

    A model that has none of it to inherit asks ``self.env['openapi_pec.words.mixin']``.
    """
    _name = 'openapi_pec.words.mixin'
    _description = "Answers of the Service in Words"

    def _in_words(self, lazy_text):
        """Return the text of a lazy translation in the language of this recordset."""
        return str(lazy_text)  # which looks for the `self` of its caller

    @staticmethod
    def _to_moment(seconds):
        """Return a time of the service (seconds since 1970) as Odoo keeps times (UTC); False and None stay."""
        return seconds and datetime.fromtimestamp(seconds, timezone.utc).replace(tzinfo=None)

    def _get_error_words(self, error):
        """Return the message of an error in the language of this recordset; the service's own words stay as they are.

        :param OpenapiPecError error: of any kind.
        """
        sentence = const.service.ERROR_SENTENCES.get(error.reason)
        if not sentence:
            return error.message
        detail = error.detail
        if error.reason == 'unreached':
            detail = self._in_words(const.service.CONNECTION_WORDS.get(detail, const.service.CONNECTION_LOST))
        return self._in_words(sentence) % {'status': error.status, 'detail': detail}

    # ------------------------------------------------------------ ACTIONS: why all the same

    def _require_reason(self, reason, *sentences):
        """Return a person's reason as it is kept, or raise when it is none.

        :param reason: what was typed, which may be anything.
        :param str sentences: what is asked about; they come first.
        :raise UserError: it says too little: see ``tools.reason``.
        :rtype: str
        """
        kept = get_reason(reason)
        if not kept:
            raise UserError('\n'.join([*sentences, self.env._(
                "Say in a few words why (at least %s letters). Nothing was changed or sent, and nothing was spent.",
                MIN_LETTERS)]))
        return kept

    # ------------------------------------------------------------ CALLS: what could not be read

    def _raise_unread(self, error, environment):
        """Raise why something could not be read at the service, and what a person can do about it.

        These records have the fields ``company_id`` and ``environment``.

        :param OpenapiPecError error: of the reading.
        :param str environment: whose account was read.
        :raise RedirectWarning: the token is wrong; with the way to the settings.
        :raise UserError: anything else.
        """
        if isinstance(error, BadToken):
            raise RedirectWarning(
                self.env._(
                    "The service does not accept the token of %(company)s (%(environment)s), or the token lacks the "
                    "scope for this. Nothing was changed or spent. Ask an administrator to correct it in the settings, "
                    "then try again. [%(message)s]",
                    company=self[:1].company_id.sudo().display_name, message=self._get_error_words(error),
                    environment=dict(self._fields['environment']._description_selection(self.env))[environment]),
                self.env.ref('l10n_it_openapi_pec.action_settings').id, self.env._("Open the settings"),
            ) from error
        raise UserError(self._get_unread_sentence(error)) from error

    def _get_unread_sentence(self, error):
        """Return the sentence that explains a failed read, other than a wrong token; reads cost nothing."""
        if isinstance(error, NotFound):
            return self.env._(
                "The service was asked, and does not know it: %s. Nothing was changed or spent.",
                self._get_error_words(error).rstrip('.'))
        return self.env._(
            "The service cannot be asked now: %s. Nothing was changed or spent; try again later.",
            self._get_error_words(error).rstrip('.'))

    @staticmethod
    def _get_slow_notification(sentence):
        """Return the action that shows a sentence about a slow service, and closes the dialog.

        :param str sentence: what a scheduled job goes on with.
        """
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification',
            'params': {'type': 'warning', 'message': sentence, 'next': {'type': 'ir.actions.act_window_close'}},
        }
