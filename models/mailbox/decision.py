from datetime import date

from odoo import models
from odoo.tools.misc import format_date, format_datetime

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import OpenapiPecError
from odoo.addons.l10n_it_openapi_pec.tools.api.mailbox_calls import write_date
from odoo.addons.l10n_it_openapi_pec.tools.outcome import changed as mailbox_truth

# key of ``tools.outcome.changed.snapshot`` -> the field that says what it is called
SNAPSHOT_FIELDS = {
    'stato': 'state',
    'tipo_casella': 'mailbox_type',
    'data_scadenza': 'expires_on',
    'spazio_disco': 'disk_space',
    'spazio_storico': 'archive_space',
    'spazio_conservazione': 'storage_space',
    'conservazione': 'has_storage',
    'utenze': 'user_count',
    'ultima_modifica': 'remote_changed_at',
}


class OpenapiPecMailbox(models.Model):
    """A person decides whether a call that changes a mailbox was executed: what the question shows."""
    _inherit = 'openapi_pec.mailbox'

    def action_choose(self):
        self.check_access('write')
        self.ensure_one()
        if self.candidates and self.remote_id and self._reconcile_if_shown():
            return False  # which shows the mailbox as it is now
        return super().action_choose()

    def _reconcile_if_shown(self):
        """Settle the change about which a person is asked if it shows by now; return whether it does."""
        mailbox, line = self.sudo()._for_reader(), self._get_pending_line()
        if not line or not line._without_live_worker() or not mailbox._can_look_for(line):
            return False
        try:
            found, is_certain = mailbox._reconcile(
                line, mailbox.company_id._openapi_pec_client(mailbox.environment), [])
        except OpenapiPecError:  # which the question tells
            return False
        if found and is_certain:
            mailbox._recover_line(line, found)
        return bool(found and is_certain)

    def _compare_remote(self, operation, data):
        if const.mailbox.OPERATIONS[operation].is_creation:
            dates = {
                key: write_date(data[key]) for key in const.mailbox.DATE_KEYS.values()
                if isinstance(data.get(key), date)}
            return super()._compare_remote(operation, {**data, **dates})
        before, after = (self.request or {}).get('before') or {}, mailbox_truth.snapshot(data)
        labels = self._get_labels()
        untold = [
            key for key in SNAPSHOT_FIELDS
            if before.get(key) in mailbox_truth.UNTOLD and after[key] not in mailbox_truth.UNTOLD]
        changed = [key for key in SNAPSHOT_FIELDS if before.get(key) != after[key] and key not in untold]
        changes = [self.env._(
            "%(field)s (from %(before)s to %(after)s)", field=labels[SNAPSHOT_FIELDS[key]],
            before=self._show_value(key, before.get(key)), after=self._show_value(key, after[key]),
        ) for key in changed]
        unchanged = [labels[field] for key, field in SNAPSHOT_FIELDS.items() if key not in changed + untold]
        told = [
            self.env._(
                "%(field)s (%(value)s)", field=labels[SNAPSHOT_FIELDS[key]], value=self._show_value(key, after[key]))
                for key in untold]
        return '\n'.join(sentence for sentence, found in [
            (self.env._("Changed since the call: %s.", ', '.join(changes)), changes),
            (self.env._("Not known before the call: %s.", ', '.join(told)), told),
            (self.env._("Unchanged: %s.", ', '.join(unchanged)), unchanged),
        ] if found)

    def _show_value(self, key, value):
        """Return a value of a snapshot for people."""
        if key == 'stato':
            return self._get_stato_label(value)
        if value in (None, ''):
            return '—'
        return str({
            'tipo_casella': lambda: dict(const.mailbox.TYPE_LABELS).get(value, value),
            'data_scadenza': lambda: format_date(self.env, value),
            'conservazione': lambda: self.env._("yes") if value else self.env._("no"),
            'utenze': lambda: len(value),
            'ultima_modifica': lambda: format_datetime(self.env, self._to_moment(value)),
        }.get(key, lambda: value)())
