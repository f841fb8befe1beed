from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.translate import LazyTranslate

from .service.ir_default import ADDON

_lt = LazyTranslate(__name__, default_lang='en_US')

NAMED = 5  # records that stand in the way and are named; the others are counted
LOOSE = {'access_token', 'description'}  # fields of a file that change nothing of it


class OpenapiPecKeptMixin(models.AbstractModel):
    """A record that the addon's archive refers to: a sentence explains why it cannot be deleted.

    What refers to it is read off the fields: every one of this addon that restricts the deletion, a required company or
    user included.
    """
    _name = 'openapi_pec.kept.mixin'
    _description = "Record That the PEC Archive Keeps"

    # What cannot be deleted, because of what (%(kept)s, %(holders)s), and what to do instead.
    _openapi_pec_kept_sentence = _lt("%(kept)s cannot be deleted: %(holders)s refer to it.")

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_openapi_pec_keeps_it(self):
        for model, field in self._get_openapi_pec_holder_fields():
            holders = self.env[model].sudo().with_context(active_test=False).search([(field, 'in', self.ids)])
            if holders:
                kept = self & holders[field]
                raise UserError(str(self._openapi_pec_kept_sentence) % {
                    'kept': ', '.join(kept.mapped('display_name')),
                    'holders': self._name_openapi_pec_holders(holders.sudo(False))})

    @api.model
    def _get_openapi_pec_holder_fields(self):
        """Return ``[(model, field), …]`` of this addon that do not let a record of this model be deleted."""
        return [
            (model._name, field.name) for model in self.env.registry.values()
            if model._name.startswith(ADDON) and not model._abstract and not model._transient
            for field in model._fields.values()
            if field.store and field.type in ('many2one', 'many2many') and field.comodel_name == self._name
            and field.ondelete == 'restrict'
        ]

    @api.model
    def _name_openapi_pec_holders(self, holders):
        """Return the names of the records that prevent a deletion; a number for those the user may not read."""
        readable = holders._filtered_access('read')
        names = readable[:NAMED].mapped('display_name')
        if len(readable) > NAMED:
            names.append(self.env._("%s more", len(readable) - NAMED))
        if readable != holders:
            names.append(self.env._("%s that you may not see", len(holders) - len(readable)))
        kind = self.env['ir.model']._get(holders._name).name
        return self.env._("%(kind)s (%(names)s)", kind=kind, names=', '.join(names))


class IrAttachment(models.Model):
    _name = 'ir.attachment'
    _inherit = ['ir.attachment', 'openapi_pec.kept.mixin']
    _openapi_pec_kept_sentence = _lt(
        "The file %(kept)s belongs to the archive and cannot be deleted: it is part of %(holders)s."
        " To have another file used in its place, upload that one where the first was uploaded.")

    def write(self, vals):
        if not self.env.su and vals.keys() - LOOSE and self._is_openapi_pec_kept():
            raise AccessError(self.env._(
                "A file of the PEC archive cannot be changed: it stays as it was made, uploaded or sent. To have "
                "another file used in its place, upload that one where the first was uploaded."))
        return super().write(vals)

    def _is_openapi_pec_kept(self):
        """Return whether one of these files belongs to the archive, as the value of a field or as its content."""
        files = self.sudo()
        return any((file.res_model or '').startswith(ADDON) and file.res_field for file in files) or any(
            self.env[model].sudo().with_context(active_test=False).search_count([(field, 'in', self.ids)], limit=1)
            for model, field in self._get_openapi_pec_holder_fields())


class ResPartner(models.Model):
    _name = 'res.partner'
    _inherit = ['res.partner', 'openapi_pec.kept.mixin']
    _openapi_pec_kept_sentence = _lt(
        "The contact %(kept)s cannot be deleted: %(holders)s must go on saying whom it is about."
        " Archive the contact instead. What is only a draft, or was given up before it was sent, you can delete first.")


class ResCompany(models.Model):
    _name = 'res.company'
    _inherit = ['res.company', 'openapi_pec.kept.mixin']
    _openapi_pec_kept_sentence = _lt(
        "The company %(kept)s cannot be deleted: %(holders)s must go on saying whose account paid. Archive the company "
        "instead.")


class ResUsers(models.Model):
    _name = 'res.users'
    _inherit = ['res.users', 'openapi_pec.kept.mixin']
    _openapi_pec_kept_sentence = _lt(
        "The user %(kept)s cannot be deleted: %(holders)s must go on saying who asked for it. Archive the user "
        "instead.")


class OpenapiPecMailbox(models.Model):
    _name = 'openapi_pec.mailbox'
    _inherit = ['openapi_pec.mailbox', 'openapi_pec.kept.mixin']
    _openapi_pec_kept_sentence = _lt(
        "The mailbox %(kept)s cannot be deleted: %(holders)s communicates its address. Delete that draft first.")


class OpenapiPecCommunication(models.Model):
    _name = 'openapi_pec.communication'
    _inherit = ['openapi_pec.communication', 'openapi_pec.kept.mixin']
    _openapi_pec_kept_sentence = _lt(
        "The filing %(kept)s cannot be deleted: %(holders)s was filed again in its place. Delete that one first, if it "
        "is a draft.")
