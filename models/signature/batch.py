from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import format_datetime

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.rights import SIGNER

OPEN_STATES = const.remote_signature.OPEN_STATES
TO_SIGN = Domain([
    ('state', '=', 'awaiting_documents'), ('procura_id', '!=', False), ('signed_procura_id', '=', False)])


class OpenapiPecBatch(models.Model):
    """A multiple filing whose powers of attorney are signed with one click, and what became of that."""
    _inherit = 'openapi_pec.batch'

    to_sign_count = fields.Integer("To Be Signed", compute='_compute_signing')
    can_sign_many = fields.Boolean(compute='_compute_signing', help="This user can have them signed now.")
    is_signing = fields.Boolean(compute='_compute_signing', help="What became of some signatures is not known yet.")
    signing_sentence = fields.Text("Signatures", compute='_compute_signing')
    signing_progress = fields.Float("Signed So Far", compute='_compute_signing', help="Of the last click, in percent.")

    # ------------------------------------------------------------ COMPUTE

    @api.depends('communication_ids.state', 'communication_ids.signed_procura_id', 'company_id.openapi_pec_sign_many')
    @api.depends_context('uid', 'lang', 'tz')
    def _compute_signing(self):
        to_sign = dict(self.env['openapi_pec.communication']._read_group(
            Domain('batch_id', 'in', self._origin.ids) & TO_SIGN, ['batch_id'], ['__count']))
        runs, is_signer = self._get_last_runs(), self.env.user.has_group(SIGNER)
        for batch in self:
            batch.to_sign_count = to_sign.get(batch._origin, 0)
            counts, run_id = runs.get(batch._origin, ({}, None))
            batch.can_sign_many = bool(
                is_signer and batch.to_sign_count > counts.get('waiting', 0)
                and batch.company_id.sudo().openapi_pec_sign_many)
            batch.is_signing = bool(counts.get('waiting'))
            asked = sum(counts.values())
            batch.signing_progress = 100 * counts.get('done', 0) / asked if asked else 0
            batch.signing_sentence = bool(asked) and batch._get_signing_words(counts, asked, run_id)

    def _get_last_runs(self):
        """Return what became of the last click that had filings of these batches signed.

        :return: ``{batch: ({key of const.sign_many.COUNTED: number of filings}, id of one of the attempts)}``
        """
        runs = {}
        for batch, run, state, outcome, count, newest in self.env['openapi_pec.signature']._read_group(
                [('batch_id', 'in', self._origin.ids), ('kind', '=', 'automatic')],
                ['batch_id', 'run', 'state', 'outcome'], ['__count', 'id:max']):
            known = runs.setdefault(batch, {}).setdefault(run, [{}, 0])
            key = self._get_counted_key(state, outcome)
            known[0][key] = known[0].get(key, 0) + count
            known[1] = max(known[1], newest)
        return {batch: max(own.values(), key=lambda known: known[1]) for batch, own in runs.items()}

    @staticmethod
    def _get_counted_key(state, outcome):
        if state in OPEN_STATES:
            return 'waiting'
        if state == 'done':
            return 'done' if outcome != 'refused_file' else 'failed'
        return 'not_begun' if outcome == 'not_begun' else 'failed'

    def _get_signing_words(self, counts, asked, attempt_id):
        """Return what became of the last click, in words."""
        attempt = self.env['openapi_pec.signature'].browse(attempt_id)
        words = [self._in_counted_words(key, counts[key]) for key in const.sign_many.COUNTED if counts.get(key)]
        return self.env._(
            "Signatures that %(user)s asked for on %(when)s: %(count)s. %(outcome)s.",
            user=attempt.asked_by_id.sudo().name, when=format_datetime(self.env, attempt.asked_at, dt_format='short'),
            count=asked, outcome=', '.join(words))

    def _in_counted_words(self, key, count):
        return self.env['openapi_pec.words.mixin']._in_words(const.sign_many.COUNTED[key]) % count

    # ------------------------------------------------------------ ACTIONS

    def action_open_sign_many(self):
        """Open the question before the powers of attorney of this batch are signed together.

        :raise AccessError, UserError: as of the filings' action.
        """
        self.check_access('write')
        self.ensure_one()
        return self.communication_ids.action_open_sign_many()

    # ------------------------------------------------------------ the worklist

    def get_worklist(self):
        """Return what the head shows: also how far the signatures are."""
        return {
            **super().get_worklist(), 'signing': self.signing_sentence, 'is_signing': self.is_signing,
            'signing_progress': round(self.signing_progress)}

    def _get_pressable(self):
        return [*super()._get_pressable(), *(['action_open_sign_many'] if self.can_sign_many else [])]
