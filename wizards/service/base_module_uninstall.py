from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.l10n_it_openapi_pec.models.service import archive

NAME = 'l10n_it_openapi_pec'
SURE = 'openapi_pec_uninstall_under_way'  # in the context: whoever uninstalls knows what is under way


class IrModuleModule(models.Model):
    _inherit = 'ir.module.module'

    def button_uninstall(self):
        """Stop the uninstallation while paid calls are under way, unless a person has said that he knows."""
        goes = NAME in (self + self.downstream_dependencies()).mapped('name')
        result = super().button_uninstall()  # which checks who may; what it has written is undone by the error
        under_way = self.env['base.module.uninstall']._openapi_pec_count_under_way()
        if goes and under_way and not self.env.context.get(SURE):
            raise UserError(self.env._(
                "Nothing was uninstalled, because PEC calls are under way: %s. They are queued, or their answer is not "
                "known yet; what they cost and whether they were executed would never be known here. Wait until they "
                "are settled, or give them up; or uninstall from Apps and tick that you know it.", under_way))
        return result


class BaseModuleUninstall(models.TransientModel):
    """Odoo's question before an uninstallation: it says what is lost with this addon, and offers the archive."""
    _inherit = 'base.module.uninstall'

    openapi_pec_loss = fields.Text(compute='_compute_openapi_pec_loss')
    openapi_pec_unseen = fields.Text(compute='_compute_openapi_pec_loss')
    openapi_pec_may_export = fields.Boolean(compute='_compute_openapi_pec_loss')
    openapi_pec_under_way = fields.Integer(compute='_compute_openapi_pec_loss')
    openapi_pec_is_sure = fields.Boolean("I know: uninstall in spite of the calls under way")

    @api.depends('module_ids')
    def _compute_openapi_pec_loss(self):
        for wizard in self:
            goes = bool(wizard.module_ids) and NAME in wizard._get_modules().mapped('name')
            wizard.openapi_pec_loss = goes and self._openapi_pec_get_loss()
            wizard.openapi_pec_unseen = goes and self._openapi_pec_get_unseen()
            wizard.openapi_pec_may_export = goes and archive.may_pack(self.env)
            wizard.openapi_pec_under_way = goes and self._openapi_pec_count_under_way()

    @api.model
    def _openapi_pec_get_loss(self):
        """Return the sentence that says what is deleted with this addon."""
        def count(model, domain=()):
            return self.env[model].sudo().with_context(active_test=False).search_count(list(domain))

        return self.env._(
            "%(filings)s filings, %(mailboxes)s mailboxes, %(lines)s lines of the journal (%(paid)s paid calls) and "
            "%(documents)s documents (powers of attorney, signed ones, forms) are deleted for good.",
            filings=count('openapi_pec.communication'), mailboxes=count('openapi_pec.mailbox'),
            lines=count('openapi_pec.api_call'),
            paid=count('openapi_pec.api_call', [('money', '=', 'paid')]),
            documents=count('ir.attachment', [
                ('res_model', 'in', archive.DOCUMENTED), ('type', '=', 'binary'), *archive.OF_ANY_FIELD]))

    @api.model
    def _openapi_pec_get_unseen(self):
        """Return the sentence about records of other companies that this user cannot export; False without any."""
        if not archive.may_pack(self.env):
            return self.env._("Only a system administrator who is a manager of PEC communications as well can export "
                              "them.")
        own = self.with_context(allowed_company_ids=self.env.user.company_ids.ids, active_test=False)
        unseen = sum(
            own.env[model].sudo().search_count([]) - own.env[model].search_count([])
            for model in archive.TABLES.values())
        return bool(unseen) and self.env._(
            "%s records are of companies that you may not see: they are deleted as well, and your export lacks them. "
            "Have somebody export who may see all companies.", unseen)

    @api.model
    def _openapi_pec_count_under_way(self):
        """Return how many records wait for a call, or for its answer."""
        lines = self.env['openapi_pec.api_call'].sudo().search_fetch(
            [('state', '=', 'pending')], ['res_model', 'res_id'])
        under_way = {(line.res_model, line.res_id) for line in lines}
        for model in self.env['openapi_pec.api_call']._get_calling_models():
            records = self.env[model].sudo().search(
                [(self.pool[model]._call_state_field, 'in', ['queued', 'unconfirmed'])])
            under_way |= {(model, record_id) for record_id in records.ids}
        return len(under_way)

    def action_openapi_pec_export(self):
        """Download the archive."""
        self.check_access('read')
        if not archive.may_pack(self.env):
            raise AccessError(self.env._("Only a system administrator who is a manager of PEC communications as well "
                                         "can export them."))
        return {'type': 'ir.actions.act_url', 'url': '/openapi_pec/archive.zip', 'target': 'download'}

    def action_uninstall(self):
        wizard = self.with_context(**{SURE: True}) if self.openapi_pec_is_sure else self
        return super(BaseModuleUninstall, wizard).action_uninstall()
