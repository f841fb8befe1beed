import hashlib

from odoo import api, fields, models

MAX_NAME = 120  # characters of the name of a token


class OpenapiPecToken(models.Model):
    """The life of one token of an account, which Odoo has made; nobody edits it, and the token itself is not in it.

    The row is there, with its name, before the token is made: so what was made and never kept is found at the service
    by that name. Nothing else is ever deleted there: the account may have tokens of others, or of other databases.

    - ``making``: it may exist at the service, and is not used (yet);
    - ``active``: it is the account's token;
    - ``renewing``: it is the account's token, unless the service has put another one in its place already;
    - ``retiring``: another one has taken its place; it is to be deleted;
    - ``lost``: what became of it is not known, or Odoo cannot delete it: it is not used, and found again with the key;
    - ``gone``: it does not exist any more, or it is another database's.
    """
    _name = 'openapi_pec.token'
    _description = "Life of an Openapi Token"
    _order = 'id desc'

    account_id = fields.Many2one('openapi_pec.account', required=True, readonly=True, index=True, ondelete='cascade')
    name = fields.Char(required=True, readonly=True, help="As the Openapi console shows it.")
    state = fields.Selection([
        ('making', "Being Made"), ('active', "In Use"), ('renewing', "Being Renewed"), ('retiring', "To Be Deleted"),
        ('lost', "Lost"), ('gone', "Ended"),
    ], required=True, readonly=True, default='making')
    reason = fields.Selection([
        ('connected', "Connected"), ('changed', "Changed"), ('due', "Before Its Expiry"), ('refused', "Was Refused"),
        ('other', "By Another Database"),
    ], "Why It Was Made", required=True, readonly=True)
    scopes = fields.Text(readonly=True)
    asked_at = fields.Datetime("Asked for", required=True, readonly=True, default=fields.Datetime.now)
    made_at = fields.Datetime("In Use since", readonly=True)
    expires_at = fields.Datetime("Expires", readonly=True)
    ended_at = fields.Datetime("In Use until", readonly=True)

    _one_in_use = models.UniqueIndex(
        "(account_id) WHERE state IN ('active', 'renewing')", "An account has one token in use.")

    # ------------------------------------------------------------ COMPUTE: its name

    @api.model
    def _get_family(self):
        """Return how the names of all tokens begin that this database has made: a copy of it has another one."""
        identity = '/'.join(self.env['res.company']._openapi_pec_get_home())
        return f'Odoo PEC {hashlib.sha256(identity.encode()).hexdigest()[:8]}/'

    @api.model
    def _get_known(self):
        """Return how the names begin of all tokens of which there is a row, whatever became of them (tuple)."""
        rows = self.search([])  # bounded by the years; pylint: disable=no-search-all
        return tuple({token._get_beginning() for token in rows})

    def _filter_own(self):
        """Return those of these tokens that this database has made."""
        family = self._get_family()
        return self.filtered(lambda token: token.name.startswith(family))

    def _name_token(self):
        """Give this new row its name, which tells database and company."""
        company = self.account_id.company_ids[:1] or self.env.company
        beginning = f'{self._get_family()}{self.account_id.id}/{self.id}'
        self.name = f'{beginning} · {self.env.cr.dbname} · {company.name}'[:MAX_NAME]

    def _get_beginning(self):
        """Return how the name of this token begins, up to where it is its own."""
        return self.name.partition(' · ')[0] + ' '
