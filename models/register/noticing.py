from odoo import models
from odoo.tools.misc import format_date

COMING, NOTICE = 'mail_activity_type_position', 'mail_activity_type_notice'


class OpenapiPecPosition(models.Model):
    """Who is told of a notice."""
    _inherit = 'openapi_pec.position'

    def _plan_notice(self, words, due_on):
        """Plan what a notice asks for, for the responsible of each of these lines: one activity at a time.

        One that stands open is brought up to date. Of a company's line it is kept that its day was told: it is not told
        once more as what is coming.

        :param dict words: ``chamber`` (the name of its province) and ``published_on``.
        :param datetime.date due_on: the last day.
        """
        own, today = self.sudo().filtered(lambda line: line.kind == 'company'), self._get_today()
        own.activity_unlink([f'l10n_it_openapi_pec.{COMING}'])
        activities = self.sudo().activity_search([f'l10n_it_openapi_pec.{NOTICE}'])
        planned = activities.grouped('res_id')
        days = {line: line._get_notice_day(due_on, planned.get(line.id, activities.browse())) for line in self}
        for readers in self._by_reader():
            for (_kind, day), lines in readers.grouped(lambda line: (line.kind, days[line])).items():
                summary, deadline = lines._get_notice_summary(day, words), max(day, today)
                told = activities.filtered(lambda activity, ids=set(lines.ids): activity.res_id in ids)
                told.filtered(lambda activity, deadline=deadline: activity.date_deadline != deadline).write(
                    {'summary': summary, 'date_deadline': deadline})
                lines.filtered(lambda line: line.id not in planned)._plan_activity(NOTICE, summary, deadline)
        for day, lines in own.grouped('due_on').items():
            lines.due_told = day

    def _get_notice_day(self, due_on, planned):
        """Return the last day of what a notice asks for: an earlier notice that is not answered yet counts as well.

        :param datetime.date due_on: the last day of this notice.
        :param planned: the activities about notices of this line that stand open.
        """
        if self.kind == 'company':
            return self.due_on or due_on
        today = self._get_today()
        return min([due_on, *(day for day in planned.mapped('date_deadline') if day >= today)])

    def _filter_untold(self):
        """Return the companies' lines that are irregular, and whose responsible was not told by when."""
        return self.filtered(
            lambda line: line.kind == 'company' and line.state == 'irregular' and line.due_told != line.due_on)

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
