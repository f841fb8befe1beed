from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.l10n_it_openapi_pec.tools.secrecy import secret_box


class PrivateFloat(fields.Float):
    """A number that nobody searches by, whoever's rights count: a path of relational fields may lead to it.

    See :class:`OpenapiPecSecret`.
    """
    _description_searchable = False

    def condition_to_sql(self, field_expr, operator, value, model, alias, query):
        raise AccessError(model.env._("Nothing is searched by %s.", self.name))


class PrivateMany2one(fields.Many2one):
    """A record that is searched by its id alone: nothing is found out of it by a path that leads through this field.

    See :class:`OpenapiPecSecret`.
    """

    def condition_to_sql(self, field_expr, operator, value, model, alias, query):
        if operator not in ('in', 'not in') or field_expr != self.name:
            raise AccessError(model.env._("Nothing is searched by %s.", self.name))
        return super().condition_to_sql(field_expr, operator, value, model, alias, query)


class OpenapiPecSecret(models.Model):
    """Secrets that the addon itself needs, encrypted with a key from the system parameter `database.secret`.

    They live apart, since Odoo evaluates some domains as superuser (that of attachments does), where no access right
    counts: whatever a path of relational fields leads to can be guessed there letter by letter. So nothing leads here:
    no relational field of this model, none of another one, and none of those that Odoo adds by itself. Nobody has
    access, and the code alone comes here, as superuser; the only line of the access rights, which grants nothing, keeps
    Odoo from asking for some at each update.
    """
    _name = 'openapi_pec.secret'
    _description = "Secret"
    _log_access = False  # create_uid and write_uid are relational fields

    key = fields.Char(
        required=True, readonly=True, copy=False, groups=fields.NO_ACCESS, help="Whose secret it is, and which.")
    sealed = fields.Char(
        required=True, readonly=True, copy=False, groups=fields.NO_ACCESS, help="The secret, encrypted.")

    _key_unique = models.UniqueIndex('(key)')

    # ------------------------------------------------------------ CRUD: kept secrets

    @api.model
    def _get(self, key):
        """Return a secret; None when there is none, or when it cannot be read since `database.secret` has changed."""
        return self._unseal(self._get_sealed([key]).get(key))

    @api.model
    def _set(self, key, value):
        """Replace a secret; without a value, delete it."""
        kept = self.sudo().search([('key', '=', key)])
        if not value:
            kept.unlink()
        elif kept:
            kept.sealed = secret_box.seal(self._get_database_secret(), value)
        else:
            kept.create({'key': key, 'sealed': secret_box.seal(self._get_database_secret(), value)})

    @api.model
    def _get_sealed(self, keys):
        """Return the encrypted secrets of some keys, with one query: ``{key: sealed}``; missing ones are left out."""
        return {
            secret.key: secret.sealed
            for secret in self.sudo().search_fetch([('key', 'in', list(keys))], ['key', 'sealed'])}

    @api.model
    def _unseal(self, sealed):
        """Return a secret in clear; None when there is none, or when it cannot be read."""
        return secret_box.unseal(self._get_database_secret(), sealed) if sealed else None

    @api.model
    def _forget_of(self, records):
        """Delete all secrets of records that are about to be deleted."""
        for record in records:
            self.sudo().search([('key', '=like', f'{record._name},{record.id},%')]).unlink()

    # ------------------------------------------------------------ COMPUTE: derived tokens

    @api.model
    def _derive_token(self, purpose, record, generation):
        """Return a token that opens one thing of one record; it is computed, and kept nowhere."""
        return secret_box.derive_token(self._get_database_secret(), purpose, record._name, record.id, generation)

    @api.model
    def _get_fingerprint(self, value):
        """Return a fingerprint of a secret, which does not help to guess it."""
        return secret_box.fingerprint(self._get_database_secret(), value)

    @api.model
    def _get_database_secret(self):
        return self.env['ir.config_parameter'].sudo().get_param('database.secret')
