from functools import cache

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.rights import MANAGER
from odoo.addons.l10n_it_openapi_pec.tools.finding import ORDER

WORKLIST = 'l10n_it_openapi_pec.action_worklist'


def order_by_level(records, alias, field_name, direction, nulls, query):
    """Return SQL that orders records by the level of what was found, the worst first.

    The arguments are those of ``_order_field_to_sql``, after the model.
    """
    level = records._field_to_sql(alias, field_name, query)
    rank = SQL("array_position(%s::varchar[], %s)", list(ORDER), level)
    query._order_groupby.append(level)
    return SQL("%s %s %s", rank, direction, nulls)


class OpenapiPecCommunication(models.Model):
    """A filing as a line of a worklist: bad ones first, one reason in a few words, corrected where it stands.

    All is made of what is kept (``verdict.py``): a list of many lines judges nothing and renders no HTML.
    """
    _inherit = 'openapi_pec.communication'

    # ------------------------------------------------------------ COMPUTE

    def _select_reasons(self):
        """Return the reasons of drafts: ``[(key of const.reason, a few words with the label of the field), …]``."""
        keys = [f'{field}.{code}' for code, (fields, _words) in const.reason.REASONS.items() for field in fields]
        return [(key, self._get_reason_words(key)) for key in (*keys, const.reason.OTHER[0])]

    @api.model
    def _get_reason_words(self, key):
        """Return a reason in a few words, with the label of its field.

        :param str key: as of :func:`const.reason.get_key`.
        """
        field, _dot, code = key.partition('.')
        if not code:
            return self._in_words(const.reason.OTHER[1])
        label = self._fields[field]._description_string(self.env)
        return f'{label}: {self._in_words(const.reason.REASONS[code][1])}'

    @api.depends('finding_codes')
    @api.depends_context('lang')
    def _compute_reasons(self):
        words = cache(self._get_reason_words)  # of the few that stand here, and not of all
        for filing in self:
            codes = filing.finding_codes or []
            keys = [const.reason.get_key(code, field) for _level, code, field, _place in codes]
            filing.reasons = '\n'.join(dict.fromkeys(map(words, keys))) or False
            filing.mending_place = (codes[0][3] if codes else False) or False

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if field_name == 'findings_level':
            return order_by_level(self, alias, field_name, direction, nulls, query)
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    # ------------------------------------------------------------ ACTIONS

    def action_open_partner(self):
        """Open the contact of the company of this filing."""
        self.check_access('read')
        return self.partner_id.get_formview_action()

    def action_open_representative(self):
        """Open the contact of the person who asks."""
        self.check_access('read')
        return self.representative_id.get_formview_action()

    def action_set_company(self):
        """Make these drafts filings of their companies' PECs."""
        self._set_kind('company')

    def action_set_administrator(self):
        """Make these drafts filings of their administrators' PECs."""
        self._set_kind('administrator')

    def _set_kind(self, kind):
        self.check_access('write')
        self.filtered(lambda filing: filing.state in const.filing.EDITABLE_STATES and filing.kind != kind).write(
            {'kind': kind})


class OpenapiPecBatch(models.Model):
    """The worklist of a batch: its filings as a list of its own, with what its head shows."""
    _inherit = 'openapi_pec.batch'

    def get_worklist(self):
        """Return what the head of this batch's worklist shows, with the same number of queries for any number of lines.

        :return: ``{name, state, progress (percent), sent, waiting, failed, ready, warned, price (EUR of what is
            ready; False: not known), is_sandbox, pause (sentence or False), may (what the reader may press: list),
            reasons}``, where reasons is ``[{key, label, level, count}, …]``: each line counts once, with its first
            reason.
        :rtype: dict
        """
        self.check_access('read')
        self.ensure_one()
        filings = self.env['openapi_pec.communication']
        labels = dict(filings._fields['finding_reason']._description_selection(self.env))
        groups = filings._read_group(
            Domain('batch_id', '=', self.id) & Domain('finding_reason', '!=', False),
            ['finding_reason', 'findings_level'], ['__count'])
        groups.sort(key=lambda group: (ORDER.index(group[1]), -group[2], group[0]))
        return {
            'name': self.display_name, 'state': self.state, 'progress': round(self.progress),
            'sent': self.called_count, 'waiting': self.queued_count + self.unconfirmed_count,
            'failed': self.failed_count, 'ready': self.ready_count,
            'warned': self.warned_count,
            'price': self.is_price_known and round(self.price, 2),
            'is_sandbox': self.is_sandbox, 'pause': self.copy_sentence or self.pause_sentence or False,
            'may': self._get_pressable(),
            'reasons': [
                {'key': reason, 'label': labels.get(reason, reason), 'level': level, 'count': count}
                for reason, level, count in groups],
        }

    def _get_pressable(self):
        """Return which buttons the reader may press on this batch now: names of their methods, the next step first."""
        if not self.env.user.has_group(MANAGER):
            return []
        is_account = self.pause_reason in ('credit', 'token')
        conditions = {
            'action_go_on': is_account,
            'action_resume': self.state == 'paused' and not is_account,
            'action_open_submit': self.ready_count,
            'action_pause': self.state == 'running' and self.queued_count,
        }
        return [name for name, is_pressable in conditions.items() if is_pressable]

    def action_open_import(self):
        """Open Odoo's import of a spreadsheet, of which a new batch is made, whichever ones are selected."""
        self.check_access('read')
        return self.env['openapi_pec.import_row'].action_open_import()

    def action_open_worklist(self):
        """Open the filings of this batch as a list, in which they are corrected."""
        self.check_access('read')
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id(WORKLIST),
            'name': self.display_name, 'domain': [('batch_id', '=', self.id)],
            'context': {
                'active_id': self.id, 'active_ids': self.ids, 'active_model': self._name,
                'openapi_pec_batch_id': self.id},
        }
