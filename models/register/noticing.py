from odoo import models
from odoo.tools.misc import format_date

ACTIVITY = 'mail_activity_type_notice'


class OpenapiPecPosition(models.Model):
    """Who is told of a notice."""
    _inherit = 'openapi_pec.position'

    def _plan_notice(self, words, due_on):
        """Plan what a notice asks for, for the responsible of each of these lines: one at a time.

        :param dict words: ``chamber`` (the name of its province) and ``published_on``.
        :param datetime.date due_on: the last day.
        """
        kind = self.env.ref(f'l10n_it_openapi_pec.{ACTIVITY}')
        planned = self.env['mail.activity'].sudo().search([
            ('res_model', '=', self._name), ('res_id', 'in', self.ids), ('activity_type_id', '=', kind.id)])
        for readers in (self - self.browse(planned.mapped('res_id')))._by_reader():
            for lines in readers.grouped('kind').values():
                lines._plan_activity(
                    ACTIVITY, lines._get_notice_summary(due_on, words), max(due_on, self._get_today()))

    def _get_notice_summary(self, due_on, words):
        """Return what is to be done about a notice, of lines of one kind, in the language of their context."""
        values = {
            'chamber': words['chamber'], 'published_on': format_date(self.env, words['published_on']),
            'due_on': format_date(self.env, due_on)}
        if self[:1].kind == 'company':
            return self.env._(
                "Irregular PEC, by the list of the chamber of %(chamber)s of %(published_on)s: communicate a PEC by "
                "%(due_on)s", **values)
        return self.env._(
            "On the list of the chamber of %(chamber)s of %(published_on)s: look which PEC is meant, by %(due_on)s",
            **values)
