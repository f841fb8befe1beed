from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.api_call import OPERATIONS
from odoo.addons.l10n_it_openapi_pec.models.service.rights import check_own, check_right
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import NotFound, OpenapiPecError


class OpenapiPecReconcile(models.TransientModel):
    """The question which record at the service a lost call made, or whether the call was executed.

    Odoo alone makes it, with a line for each candidate, when a manager presses the button: what can be chosen are
    records, since the web client loads views, and what a selection offers, without the context of their action.
    """
    _name = 'openapi_pec.reconcile'
    _description = "Choice of a Record at the Service"
    _inherit = ['openapi_pec.input.mixin']
    _rec_name = 'record_name'

    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(model_field='res_model', required=True, readonly=True)
    api_call_id = fields.Many2one(
        'openapi_pec.api_call', "Lost Call", readonly=True, groups='l10n_it_openapi_pec.group_manager')
    operation = fields.Selection(OPERATIONS, "Asked for", required=True, readonly=True)
    record_name = fields.Char("Record", readonly=True)
    question = fields.Selection([
        ('which', "Which One Is It?"), ('executed', "Was It Executed?"), ('held', "Is It There Already?"),
        ('free', "Is It Not There?"),
        ('blind', "Submit without a Look?"), ('gone', "Close What Is Gone?"),
        ('elsewhere', "Close What Was Made in Another Account?"),
    ], required=True, readonly=True)
    looks = fields.Integer(readonly=True)
    since = fields.Datetime("Looked for since", readonly=True)
    doubts = fields.Char("Last Look", readonly=True)
    accepted_doubts = fields.Char("Accepted of the List", readonly=True)
    left_sentence = fields.Text("In Another Account", readonly=True)
    evidence = fields.Text("In the Wallet", readonly=True)
    gone_sentence = fields.Text("What Happened", readonly=True)
    reason = fields.Char("Why", help="Kept in the chatter.")
    is_free = fields.Boolean(readonly=True)
    advice = fields.Char(readonly=True, help="What is to be done before, or who may decide.")
    is_withheld = fields.Boolean(readonly=True, help="Whoever opened it may not free the call.")
    may_free = fields.Boolean(readonly=True, help="The call was looked for long enough to be freed.")
    line_ids = fields.One2many('openapi_pec.reconcile.line', 'choose_id', "At the Service", readonly=True)

    @api.model
    def _open(self, record):
        """Open the question about a record's lost answer, with what the service returns now for each candidate.

        :param record: a filing or a mailbox with candidates, or with a call that was looked for in vain.
        :raise UserError: there is nothing to decide (yet).
        """
        check_right(self.env, 'decide')
        record.check_access('write')
        asked, line = record._get_question()
        operation = line.operation or record.sudo()._due_operation() or record._create_operation
        candidates = list(self._read_candidates(record, operation))
        line._read_evidence()  # which writes: after all else that is asked of the service
        question = self.sudo().create({
            'res_model': record._name,
            'res_id': record.id,
            'api_call_id': line.id,
            'operation': operation,
            'record_name': record._get_name_to_decide(),
            'question': asked,
            'looks': line.looks,
            'since': line.started_at or record.sudo().unlooked_since,
            'doubts': line.with_env(self.env)._get_doubts() if line else False,
            'accepted_doubts': line.with_env(self.env)._get_accepted_doubts() if line else False,
            'left_sentence': line.with_env(self.env)._get_left_sentence(),
            'evidence': line.with_env(self.env)._get_evidence_sentence() if line else False,
            'gone_sentence': asked in ('gone', 'elsewhere') and record.sudo()._get_closing_sentence(),
            'is_free': operation in const.service.FREE_OPERATIONS,
            'may_free': bool(line and line._may_be_freed()),
            **self._get_advice(record, line),
            'line_ids': [fields.Command.create(values) for values in candidates],
        }).sudo(False)
        labels = dict(self._fields['question']._description_selection(self.env))
        # A change is in no list: it was executed, or not.
        title = labels['executed' if asked == 'free' and not line._is_shown_by_list() else asked]
        return {**question._get_records_action(name=title, target='new'), 'context': {'dialog_size': 'extra-large'}}

    def _get_advice(self, record, line):
        """Return what a person reads who may not decide, or has to do something before (values of the question)."""
        step = bool(line and line._may_be_freed()) and line._get_next_step()
        is_withheld = step and not line._may_be_freed_by(self.env.user)
        is_to_be_told = step == 'account' or is_withheld
        sentences = [const.service.NEXT_STEPS[name][0] for name in dict.fromkeys(
            (step, *(['administrator'] if is_withheld else []))) if is_to_be_told]
        return {
            'is_withheld': is_withheld,
            'advice': ' '.join(map(record.with_env(self.env)._in_words, sentences)) or False}

    @api.model
    def _read_candidates(self, record, operation):
        """Yield the values of a line for each candidate; what the service does not return now is said to be unknown."""
        silence = None
        for candidate in record.candidates or ():
            data = None
            if not silence:
                try:
                    data = record.sudo()._read_remote(candidate['id'])
                    comparison = record.sudo()._compare_remote(operation, data)
                except NotFound:
                    comparison = self.env._("The service does not know it any more.")
                except OpenapiPecError as error:  # the others would only wait for the same
                    silence = comparison = self.env._(
                        "Not known: the service cannot be asked now (%s).",
                        record.with_env(self.env)._get_error_words(error).rstrip('.'))
            yield {
                'remote_id': candidate['id'],
                'remote_state': record._get_stato_label((data or candidate)['stato']),
                'changed_at': record._to_moment((data or candidate)['timestamp']),
                'comparison': silence or comparison,
            }

    # ------------------------------------------------------------ ACTIONS: the decision

    def write(self, vals):
        check_own(self.env, vals.keys() - {'reason'})
        return super().write(vals)

    def action_none(self):
        """Answer that none of them is it, or that it was not executed.

        That frees a call that was looked for, so that it can be made again.
        """
        self.check_access('write')
        return self._decide(False)

    def _decide(self, remote_id):
        """Settle the call as a person decided.

        :param str remote_id: which candidate it is, or whose change was executed; False for none.
        """
        check_right(self.env, 'decide')
        self.ensure_one()
        record = self.env[self.sudo().res_model].browse(self.sudo().res_id)
        record.check_access('write')
        self.sudo()._check_still_asked(record, remote_id)
        record._decide(remote_id, self.reason)
        return {'type': 'ir.actions.act_window_close'}

    def _check_still_asked(self, record, remote_id):
        """Raise when the pending call, or the candidates, have changed since the question was opened."""
        line, offered = record._get_pending_line(), {candidate['id'] for candidate in record.sudo().candidates or ()}
        is_other = not remote_id and offered != set(self.line_ids.mapped('remote_id'))
        if (line or offered) and (line != self.api_call_id or is_other):
            raise UserError(self.env._(
                "What is to be decided has changed since this question was opened, so nothing was changed or spent. "
                "Close this, and open the question again."))


class OpenapiPecReconcileLine(models.TransientModel):
    """One record at the service that may be the one whose answer was lost."""
    _name = 'openapi_pec.reconcile.line'
    _description = "Candidate at the Service"
    _order = 'changed_at desc, id'

    choose_id = fields.Many2one('openapi_pec.reconcile', required=True, readonly=True, index=True, ondelete='cascade')
    remote_id = fields.Char("Identifier at the Service", required=True, readonly=True)
    remote_state = fields.Char("State", readonly=True)
    changed_at = fields.Datetime("Date at the Service", readonly=True)
    comparison = fields.Text("Compared with What Was Sent", readonly=True)

    def action_this_one(self):
        """Answer that this is the one, or that the change was executed."""
        self.check_access('read')
        self.ensure_one()
        return self.choose_id._decide(self.remote_id)
