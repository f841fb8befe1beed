from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import split_every
from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.lock import lock_rows, run_unless_met

from .noticing import COMING, NOTICE

_lt = LazyTranslate(__name__, default_lang='en_US')

# States of a line of which nobody is told before it is due: nothing is to be done, it is being done and told there, or
# a person first says what is to be done.
QUIET_STATES = ('in_order', 'exempt', 'under_way', 'mailbox_expiring', 'to_decide')
# State of a line -> what the activity says; the state None for all others.
SUMMARIES = {
    'office_ending': _lt("A term of office ends: enter the new one, and communicate the PEC for it"),
    'irregular': _lt("The term of the chamber's notice ends: communicate a PEC that is in order"),
    None: _lt("A term ends: take the next step of this position"),
}


class OpenapiPecPosition(models.Model):
    """What is coming: the responsible of a line is told some days before its last day in time, once for each such day.

    Of a mailbox that expires its own activity tells.
    """
    _inherit = 'openapi_pec.position'

    @api.model
    def _tell_coming(self):
        """Plan the activities about what is coming, and end those about what is done."""
        over = self._find_told().filtered(lambda line: not line.active or line.due_told != line.due_on)
        for ids in split_every(const.position.SLICE_SIZE, over.ids):
            self._work_on(ids, type(self)._end_coming)
        today, coming = self._get_today(), self.browse()
        for company in self.env['res.company'].search([]):  # they are few; pylint: disable=no-search-all
            coming += self.search([
                ('company_id', '=', company.id), ('state', 'not in', QUIET_STATES), ('user_id.active', '=', True),
                ('due_on', '>=', today), ('due_on', '<=', today + timedelta(days=company.openapi_pec_ahead_days)),
            ], order='id').filtered(lambda line: line.due_told != line.due_on)
        for ids in split_every(const.position.SLICE_SIZE, coming.ids):
            self._work_on(ids, type(self)._plan_coming)

    @api.model
    def _find_told(self):
        """Return the lines with open activities that :meth:`_end_coming` would end, those that nobody follows too."""
        def has(name):
            kind = self.env.ref(f'l10n_it_openapi_pec.{name}')
            return Domain('activity_ids', 'any', [
                ('active', '=', True), ('automated', '=', True), ('activity_type_id', '=', kind.id)])

        return self.with_context(active_test=False).search(
            has(COMING) | (has(NOTICE) & (Domain('kind', '=', 'company') | Domain('active', '=', False))))

    def _work_on(self, ids, method):
        """Do something with lines that nobody else is changing now; the others wait for the next night."""
        lines = self.browse(ids)
        locked = {}
        if run_unless_met(self.env.cr, lambda: locked.update(lock_rows(lines, skip_locked=True)), flush=False):
            method(lines.filtered(lambda line: line.id in locked))
        self._commit_in_cron()

    def _end_coming(self):
        """End the activities of these lines; who follows one of them again is told again.

        What asks to look which PEC of an administrator a notice means ends when somebody has looked.
        """
        left = self.filtered(lambda line: not line.active)
        own = self.filtered(lambda line: line.kind == 'company') | left
        self.activity_unlink([f'l10n_it_openapi_pec.{COMING}'])
        own.activity_unlink([f'l10n_it_openapi_pec.{NOTICE}'])
        left.due_told = False

    def _plan_coming(self):
        """Plan an activity for each of these lines, in the language of its responsible."""
        self._end_coming()
        self.mapped('display_name')  # which an activity keeps: read of all at once, and not of each
        for due_on, lines in self.grouped('due_on').items():
            lines.due_told = due_on
            for readers in lines._by_reader():
                for state, own in readers.grouped(
                        lambda line: line.state if line.state in SUMMARIES else None).items():
                    own._plan_activity(COMING, own._in_words(SUMMARIES[state]), deadline=due_on)
