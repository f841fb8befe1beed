from odoo import api, fields, models
from odoo.tools import format_date

from odoo.addons.l10n_it_openapi_pec import const

# What is to be done about a call whose answer was lost -> key of const.PROGRESS.
LOST = {'manager': 'free', 'administrator': 'unbelieved', 'account': 'wrong_account', 'left': 'left'}
# State of a filing of which an earlier call was not found -> key of const.PROGRESS.
LOOKED_FOR = {'failed': 'freed', 'cancelled': 'given_up'}


class OpenapiPecCommunication(models.Model):
    """Looking at many filings: since when they wait, how far they are, and how they are grouped."""
    _inherit = 'openapi_pec.communication'

    state = fields.Selection(group_expand='_expand_states')
    awaiting_since = fields.Datetime(
        "Waiting Since", compute='_compute_awaiting_since', store=True, copy=False, index='btree_not_null',
        help="When the power of attorney began to wait for its signature.")
    waiting_days = fields.Integer(
        "Days Waiting", compute='_compute_waiting_days', help="Days for which the signature is waited for.")
    progress = fields.Integer(compute='_compute_progress', help="How far the filing has come, in percent.")
    progress_sentence = fields.Char("Now", compute='_compute_progress')
    # What the filters, the calendar and the reports look for.
    expected_on = fields.Date(index='btree_not_null')
    submitted_at = fields.Datetime(index='btree_not_null')
    signed_procura_id = fields.Many2one(index='btree_not_null')
    chamber_outcome = fields.Selection(index='btree_not_null')

    @api.depends('state')
    def _compute_awaiting_since(self):
        waiting = self.filtered(lambda filing: filing.state == 'awaiting_documents')
        waiting.filtered(lambda filing: not filing.awaiting_since).awaiting_since = fields.Datetime.now()
        (self - waiting).awaiting_since = False

    @api.depends('awaiting_since')
    def _compute_waiting_days(self):
        today = fields.Date.context_today(self)
        for filing in self:
            since = filing.awaiting_since and fields.Datetime.context_timestamp(filing, filing.awaiting_since).date()
            filing.waiting_days = since and (today - since).days

    @api.depends(
        'state', 'signed_procura_id', 'awaiting_since', 'expected_on', 'remote_id', 'chamber_outcome', 'waiting_for',
        'candidates',
        'is_held', 'is_to_decide', 'look_until', 'is_gone', 'elsewhere_sentence', 'api_call_ids.state')
    @api.depends_context('lang', 'tz')
    def _compute_progress(self):
        for filing in self:
            percent, sentence = const.PROGRESS[filing._get_step()]
            filing.progress = percent
            sentence = const.WAITING_PROGRESS.get(filing.waiting_for, sentence)
            filing.progress_sentence = filing._in_words(sentence) % {
                'days': filing.waiting_days, 'expected': format_date(self.env, filing.expected_on) or '—'}

    def _get_step(self):
        """Return where this filing is: its state, or what is known beyond that (a key of ``const.PROGRESS``)."""
        if self.state in const.FOLLOWED_STATES and self._is_away():
            return 'gone' if self.is_gone else 'elsewhere'
        if self.state == 'awaiting_documents':
            waiting = {0: 'awaiting_today', 1: 'awaiting_yesterday'}.get(self.waiting_days, self.state)
            return 'signed' if self.signed_procura_id else waiting
        if self.state == 'completed' and self.chamber_outcome:
            return 'refused' if self.is_refused else 'answered'
        if self.state == 'cancelled' and self.remote_id:
            return 'closed' if self.is_gone else 'closed_elsewhere'
        if self.state == 'unconfirmed':
            return 'ambiguous' if self.candidates else self._get_unconfirmed_step()
        if self.state == 'queued' and self.is_to_decide:
            return 'held' if self.is_held else 'blind'
        if self.look_until:
            return LOOKED_FOR.get(self.state, self.state)
        if self.state == 'failed' and self._is_token_refused():
            return 'failed_token'
        return 'queued_documents' if self.state == 'queued' and self.remote_id else self.state

    def _is_token_refused(self):
        """Return whether the last call was refused because of the token, and not of what was sent."""
        line = self.sudo().api_call_ids.sorted('id')[-1:]
        return line.state == 'refused' and line.status in const.TOKEN_STATUSES

    def _get_unconfirmed_step(self):
        """Return what there is to do about a lost answer (a key of ``const.PROGRESS``)."""
        line = self._get_pending_line()[:1]
        return LOST.get(line and line._get_next_step(), self.state)

    @api.model
    def _expand_states(self, states, domain):
        """Return the states that are shown when filings are grouped: the way of each filing, and what there is besides.

        :param states: those of the filings that ``domain`` finds.
        """
        return [
            state for state, _label in self._fields['state'].selection if state in const.MAIN_STATES or state in states]
