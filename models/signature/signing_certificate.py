from odoo import fields, models
from odoo.exceptions import ValidationError

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.account import MASK
from odoo.addons.l10n_it_openapi_pec.models.service.lock import lock_rows
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import NotSent
from odoo.addons.l10n_it_openapi_pec.tools.api.signature_data import PRINTABLE, is_username, make_credentials

CREDENTIALS = ('username', 'pin')
OF_PERSONS = 'RHI'  # begins the usernames of certificates with a one-time password
# Facts of an account: these were not accepted, and not typed anew since; when they were typed.
SIGNER_REFUSED, SIGNER_TYPED = 'signer_refused', 'signer_typed'


class ResCompany(models.Model):
    """The automatic certificate of an appointed intermediary, with which a company signs for its clients.

    Username and PIN are kept as the token is: encrypted, apart, replaced and never read back. Each environment has its
    own. The code that signs is the only one that opens them.
    """
    _inherit = 'res.company'

    def _openapi_pec_get_signer_key(self, environment, name):
        """Return the key under which a part of the credentials is kept.

        :param str name: of ``CREDENTIALS``.
        """
        return f'res.company,{self._origin.id},signer_{name},{environment}'

    def _openapi_pec_set_signer(self, environment, name, value):
        """Replace a part of the credentials of this company's automatic certificate; without a value, delete it.

        :raise ValidationError: it holds what none has; the sentence does not repeat it.
        """
        value = (value or '').strip() or None
        if value and not PRINTABLE.fullmatch(value):
            raise ValidationError(self.env._(
                "A username, or a PIN, has at most 64 letters, digits and signs, and no space. Nothing was changed."))
        if value and name == 'username' and (not is_username(value) or value.upper().startswith(OF_PERSONS)):
            raise ValidationError(self.env._(
                "The username of an automatic certificate begins with AHI. Nothing was changed."))
        self.env['openapi_pec.secret']._set(self._openapi_pec_get_signer_key(environment, name), value)
        self._openapi_pec_write_facts(environment, **{
            SIGNER_REFUSED: None, SIGNER_TYPED: fields.Datetime.to_string(fields.Datetime.now())})

    def _openapi_pec_stop_signer(self, environment, asked_at):
        """Sign nothing more with this company's credentials, which were not accepted, until they are typed anew.

        :param datetime.datetime asked_at: of the attempt (UTC): one from before they were typed says nothing of these.
        """
        lock_rows(self)
        typed = self._openapi_pec_get_facts(environment).get(SIGNER_TYPED)
        if not typed or asked_at >= fields.Datetime.to_datetime(typed):
            self._openapi_pec_write_facts(environment, **{SIGNER_REFUSED: True})

    def _openapi_pec_get_signer_masks(self, environment):
        """Return what is shown in place of the credentials: ``{name of CREDENTIALS: MASK or False}``."""
        keys = {name: self._openapi_pec_get_signer_key(environment, name) for name in CREDENTIALS}
        sealed = self.env['openapi_pec.secret']._get_sealed(keys.values())
        return {
            name: MASK if self.env['openapi_pec.secret']._unseal(sealed.get(key)) else False
            for name, key in keys.items()}

    def _openapi_pec_get_signing_credentials(self, environment):
        """Return what opens the automatic certificate of this company.

        :rtype: Sealed
        :raise NotSent: something is missing, or cannot be read any more.
        """
        username, pin = (
            self.env['openapi_pec.secret']._get(self._openapi_pec_get_signer_key(environment, name))
            for name in CREDENTIALS)
        return make_credentials(username, pin)

    def _openapi_pec_get_signer_code(self):
        """Return the tax code of whose certificate it is, as his contact has it; '' when it is none."""
        return self.sudo().openapi_pec_signer_id._get_openapi_pec_person_code()

    def _openapi_pec_get_signer_problem(self):
        """Return why nothing can be signed with the automatic certificate of this company, in words; or False."""
        company, words = self.sudo(), self.env['openapi_pec.words.mixin']
        if not company.openapi_pec_sign_many:
            return words._in_words(const.sign_many.NOT_WANTED)
        if not (company.openapi_pec_signer_id.name and self._openapi_pec_get_signer_code()):
            return words._in_words(const.sign_many.NO_SIGNER)
        try:
            self._openapi_pec_get_signing_credentials(company.openapi_pec_environment)
        except NotSent:
            return words._in_words(const.sign_many.NO_CREDENTIALS)
        if company._openapi_pec_get_facts(company.openapi_pec_environment).get(SIGNER_REFUSED):
            return words._in_words(const.sign_many.WRONG_CREDENTIALS)
        if halt := company._openapi_pec_get_halt(company.openapi_pec_environment):
            return words._in_words(const.remote_signature.HALTED) % words._in_words(halt)
        return False
