from odoo import models
from odoo.tools.misc import format_date

ACTIVITY = 'l10n_it_openapi_pec.mail_activity_type_notice'


class OpenapiPecPosition(models.Model):
    """Who is told of a notice."""
    _inherit = 'openapi_pec.position'

    def _plan_notice(self, words, due_on):
        """Plan what a notice asks for, for the responsible of each of these lines: one at a time.

        :param dict words: ``chamber`` (its province) and ``published_on``.
        :param datetime.date due_on: the last day.
        """
        kind = self.env.ref(ACTIVITY)
        planned = self.env['mail.activity'].sudo().search([
            ('res_model', '=', self._name), ('res_id', 'in', self.ids), ('activity_type_id', '=', kind.id)])
        waiting, values = self - self.browse(planned.mapped('res_id')), []
        for line in waiting:
            user = line.user_id or self.env.user
            values.append({
                'activity_type_id': kind.id, 'summary': line._get_notice_summary(user.lang, due_on, words),
                'res_model_id': self.env['ir.model']._get_id(self._name), 'res_id': line.id, 'user_id': user.id,
                'date_deadline': max(due_on, self._get_today()), 'automated': True})
        self.env['mail.activity'].sudo().with_context(mail_activity_quick_update=True).create(values)

    def _get_notice_summary(self, lang, due_on, words):
        """Return what is to be done about a notice, in the language of who is to do it."""
        env = self.with_context(lang=lang or self.env.lang).env
        values = {
            'chamber': words['chamber'], 'published_on': format_date(env, words['published_on']),
            'due_on': format_date(env, due_on)}
        if self.kind == 'company':
            return env._(
                "Irregular PEC, by the list of the chamber of %(chamber)s of %(published_on)s: communicate a PEC by "
                "%(due_on)s", **values)
        return env._(
            "On the list of the chamber of %(chamber)s of %(published_on)s: look which PEC is meant, by %(due_on)s",
            **values)
