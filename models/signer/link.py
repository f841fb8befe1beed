from contextlib import ExitStack, contextmanager

from odoo import api, models
from odoo.tools import consteq
from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec.models.service.account import MODELS
from odoo.addons.l10n_it_openapi_pec.tools.api import public_address
from odoo.addons.l10n_it_openapi_pec.tools.secrecy.secret_box import digest_token

_lt = LazyTranslate(__name__, default_lang='en_US')

WITHDRAWN = _lt("The link to the page was withdrawn: whoever has it finds nothing there any more. The next mail has a "
                "new one.")
READDRESSED = _lt(
    "The e-mail address of who signs has changed, so the link that the earlier one got was withdrawn. The next mail "
    "has a new one.")


class OpenapiPecSignerMixin(models.AbstractModel):
    """The link to the signer's page, which stays valid until it is withdrawn.

    Its token is derived, so it is the same in every mail and is kept nowhere.
    """
    _inherit = 'openapi_pec.signer.mixin'

    # ------------------------------------------------------------ COMPUTE

    @api.depends('is_link_mailed', 'state')
    def _compute_is_link_out(self):
        for record in self:
            record.is_link_out = record.is_link_mailed and record._is_open_to_signer()

    @api.depends('link_generation')
    @api.depends_context('uid')
    def _compute_access_token(self):
        for record in self:
            record.access_token = self.env.su and record._origin.id and self.env['openapi_pec.secret']._derive_token(
                'page', record._origin, record.link_generation)

    @api.depends('is_sandbox')
    @api.depends_context('lang')
    def _compute_link_problem(self):
        for record in self:
            record.link_problem = not record._takes_link() and record._in_words(
                self._signer_mail_sentences['link_problem']) % {'url': record.get_base_url() or '—'}

    # ------------------------------------------------------------ the token, and whether a mail may hold the link

    def _portal_ensure_token(self):
        self.check_access('read')
        return self.sudo().access_token

    def _knows_token(self, token):
        """Return whether a token opens this record's page: its own, or one that an earlier version has mailed."""
        return bool(self) and (
            consteq(self.access_token or '', token)
            or (bool(self.link_digest) and consteq(self.link_digest, digest_token(token))))

    def _takes_link(self):
        """Return whether the mail may hold the link to the page: people outside can open it, or it is the sandbox."""
        return self.is_sandbox or public_address.is_public(self.get_base_url())

    # ------------------------------------------------------------ ACTIONS

    def action_withdraw_link(self):
        """Withdraw the links that were mailed: they open nothing any more."""
        self.check_access('write')
        self.sudo()._withdraw_links(WITHDRAWN)

    def _withdraw_links(self, sentence):
        """Withdraw the links of these records, and let their documents count as not mailed.

        :param sentence: a lazily translated text for the chatters.
        """
        mailed = self.filtered('is_link_mailed')
        for record in self:
            record.write({'link_generation': record.link_generation + 1, 'link_digest': False, 'is_link_mailed': False})
        for record in self.filtered('signing_request_id'):
            record._forget_mail()
        mailed._message_log_batch({record.id: record._in_words(sentence) for record in mailed})

    @contextmanager
    def _watch_addresses(self):
        """Withdraw the links of these records whose signer has another e-mail address after the ``with`` block."""
        before = {record: address for record in self.sudo() if (address := record._get_signer_address())}
        yield
        for record, address in before.items():
            if record._get_signer_address() != address:
                record._withdraw_links(READDRESSED)

    # ------------------------------------------------------------ CRUD

    def write(self, vals):
        if not {'email', self._signer_field} & vals.keys():
            return super().write(vals)
        with self._watch_addresses():
            return super().write(vals)


class ResPartner(models.Model):
    """A new e-mail address of a contact withdraws the links that were mailed to the old one."""
    _inherit = 'res.partner'

    def write(self, vals):
        if 'email' not in vals:
            return super().write(vals)
        with ExitStack() as stack:
            for model in MODELS:
                records = self.env[model].sudo()
                signed = records.search([(records._signer_field, 'in', self.ids)])
                stack.enter_context(signed._watch_addresses())
            return super().write(vals)
