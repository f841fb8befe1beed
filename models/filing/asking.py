from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.rights import MANAGER

from .preflight import NOT_SUBMITTABLE

ACTIVITY = 'mail_activity_type_submit'


class OpenapiPecCommunication(models.Model):
    """Whoever may not spend asks for it: managers get an activity, and the filing says who has asked, and when."""
    _inherit = 'openapi_pec.communication'

    # ------------------------------------------------------------ ACTIONS

    def action_ask_submission(self):
        """Ask the managers to submit these drafts; asking again changes nothing.

        :raise UserError: one of them is no draft any more, or something stands against it.
        """
        self.check_access('write')
        for filing in self:
            if filing.state not in const.filing.EDITABLE_STATES:
                raise UserError(self.env._("%s has been submitted already: there is nothing to ask for.",
                                           filing.display_name))
        findings = self._get_findings(together=True)
        for filing in self:
            filing._refuse_errors(NOT_SUBMITTABLE, findings[filing], filing=filing.display_name)
        asking = self.sudo().filtered(lambda filing: not filing.wanted_at)
        asking.write({'wanted_by_id': self.env.uid, 'wanted_at': fields.Datetime.now()})
        asking._plan_for_managers()
        asking._message_log_batch(dict.fromkeys(asking.ids, self.env._(
            "%s asks for the submission.", self.env.user.name)))

    def _plan_for_managers(self):
        """Plan an activity for each manager of the company of these filings, in the language of each."""
        managers = self.env.ref(MANAGER).sudo().all_user_ids.filtered(lambda user: user.active and not user.share)
        values = []
        for filing in self:
            own = managers.filtered(lambda user, company=filing.company_id: company in user.company_ids)
            values += [{
                'activity_type_id': self.env.ref(f'l10n_it_openapi_pec.{ACTIVITY}').id,
                'summary': filing.with_context(lang=user.lang).env._("Submit it: %s asks for it", self.env.user.name),
                'res_model_id': self.env['ir.model']._get_id(self._name), 'res_id': filing.id, 'user_id': user.id,
                'date_deadline': fields.Date.context_today(self), 'automated': True,
            } for user in own]
        self.env['mail.activity'].sudo().with_context(mail_activity_quick_update=True).create(values)

    # ------------------------------------------------------------ CRUD

    def write(self, vals):
        if self.env.su and vals.get('state') in ('queued', 'cancelled'):  # it is done, or not wanted any more
            vals = {**vals, 'wanted_by_id': False, 'wanted_at': False}
        return super().write(vals)
