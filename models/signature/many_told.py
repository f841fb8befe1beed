from collections import Counter
from dataclasses import dataclass, field

from odoo import api, models
from odoo.fields import Domain
from odoo.tools.misc import format_datetime

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.zone import get_zone

OPEN_STATES = const.remote_signature.OPEN_STATES
UNKEPT = ('refused_file', 'not_kept')  # outcomes of what is signed, and is of no use here


@dataclass
class Click:
    """What became of the signatures of one click.

    :param counts: ``{key of const.sign_many.COUNTED: number of filings}``.
    :param set reasons: why some failed, in words.
    :param int newest: id of the last attempt.
    """

    counts: Counter = field(default_factory=Counter)
    reasons: set = field(default_factory=set)
    newest: int = 0

    def add(self, state, outcome, sentence, count, newest):
        """Add attempts that are alike."""
        if state in OPEN_STATES:
            key = 'waiting'
        elif outcome == 'not_begun':
            key = 'not_begun'
        else:
            key = 'done' if state == 'done' and outcome not in UNKEPT else 'failed'
        self.counts[key] += count
        self.reasons |= {sentence or ''} if key == 'failed' else set()
        self.newest = max(self.newest, newest)


class OpenapiPecSignature(models.Model):
    """What became of many that were signed with one click, as people are told."""
    _inherit = 'openapi_pec.signature'

    @api.model
    def _tell_last_clicks(self, name, domain):
        """Return what became of the last click with which many were signed, for each value of a field of the attempts.

        :param str name: of the field.
        :param domain: of the attempts that are meant.
        :return: ``{value: {'waiting': how many wait, 'is_signing', 'signing_progress': percent, 'signing_sentence'}}``
        """
        clicks = {}
        for value, run, *told in self._read_group(
                Domain(domain) & Domain('kind', '=', 'automatic'),
                [name, 'run', 'state', 'outcome', 'error_message'], ['__count', 'id:max']):
            clicks.setdefault(value, {}).setdefault(run, Click()).add(*told)
        return {
            value: self._tell_click(max(own.values(), key=lambda click: click.newest)) for value, own in clicks.items()}

    def _tell_click(self, click):
        """Return what became of a click, as of :meth:`_tell_last_clicks`."""
        attempt, count = self.browse(click.newest), click.counts.total()
        reason = next(iter(click.reasons)) if len(click.reasons) == 1 else ''
        words = const.sign_many.COUNTED | (const.sign_many.COUNTED_WITH_REASON if reason else {})
        sentence = self.env._(
            "Signatures that %(user)s asked for on %(when)s: %(count)s. %(outcome)s.",
            user=attempt.asked_by_id.sudo().name, count=count,
            when=format_datetime(self.env, attempt.asked_at, tz=get_zone(self.env), dt_format='short'),
            outcome=', '.join(
                self._in_words(words[key]) % click.counts[key] for key in words if click.counts[key]))
        return {
            'waiting': click.counts['waiting'], 'is_signing': bool(click.counts['waiting']),
            'signing_progress': 100 * click.counts['done'] / count,
            'signing_sentence': f'{sentence} {reason}'.rstrip()}
