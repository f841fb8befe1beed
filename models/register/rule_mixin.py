import datetime
from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.l10n_it_openapi_pec.models.service.rights import check_own
from odoo.addons.l10n_it_openapi_pec.tools.obligation import rules

DUTIES = [
    ('company', "The Company's Own PEC"), ('trader', "A Sole Trader's PEC"),
    ('administrator', "An Administrator's PEC")]


class OpenapiPecRuleMixin(models.AbstractModel):
    """A table of the law: its rows are shipped, and a manager may correct them, or add others.

    The fields of a row are those of the tuples in ``tools.obligation.rules``. Beside them a row keeps what was shipped
    last: a release changes a row only as long as nobody else has. No row is deleted: it is given a last day.
    """
    _name = 'openapi_pec.rule.mixin'
    _description = "Table of the Law"
    _inherit = ['openapi_pec.input.mixin']

    _row_type = None  # of ``tools.obligation.rules``
    _table = None
    _shipped_table = None  # field of ``rules.Rows``
    _key_fields = ()  # that tell one row from another

    duty = fields.Selection(DUTIES)
    source = fields.Char(required=True, help="Where it stands: the law, or who has said it.")
    valid_from = fields.Date(required=True, help="The first day on which it is in force.")
    valid_until = fields.Date(help="The last day on which it is in force. Instead of deleting a row, give it one.")
    shipped = fields.Json(readonly=True, copy=False, exportable=False, help="The row as it was shipped last.")
    origin = fields.Selection(
        [('shipped', "As Shipped"), ('corrected', "Corrected Here"), ('added', "Added Here")],
        compute='_compute_origin', store=True,
        help="What was corrected or added here stays when this addon is updated.")
    shipped_words = fields.Text("As Shipped", compute='_compute_shipped_words')

    _valid_in_order = models.Constraint(
        'CHECK (valid_until IS NULL OR valid_until >= valid_from)', "The last day cannot come before the first.")

    # ------------------------------------------------------------ COMPUTE

    @api.depends(lambda self: (*(self._row_type._fields if self._row_type else ()), 'shipped'))
    def _compute_origin(self):
        for record in self:
            same = bool(record.shipped) and record._get_plain_row() == record.shipped
            record.origin = 'shipped' if same else 'corrected' if record.shipped else 'added'

    @api.depends('origin')
    @api.depends_context('lang')
    def _compute_shipped_words(self):
        """Say what of a corrected row was shipped otherwise."""
        for record in self:
            own, shipped = record._get_plain_row(), record.shipped or {}
            record.shipped_words = '\n'.join(
                f'{self._fields[name]._description_string(self.env)}: {self._show_plain(name, shipped[name])}'
                for name in own if name in shipped and own[name] != shipped[name]) or False

    def _show_plain(self, name, value):
        """Return a value of a shipped row in words."""
        field = self._fields[name]
        if field.type == 'selection':
            value = dict(field._description_selection(self.env)).get(value, value)
        return '—' if value in (None, '', False) else str(value)

    # ------------------------------------------------------------ rows

    def _to_row(self):
        """Return this record as a tuple of ``tools.obligation.rules``."""
        return self._row_type(**{name: self._to_value(name) for name in self._row_type._fields})

    def _to_value(self, name):
        """Return the value of a field as it stands in a row."""
        if self._fields[name].type in ('float', 'integer'):
            is_optional = self._row_type.__annotations__[name] in (float | None, int | None)
            return (self[name] or None) if is_optional else self[name]
        return self[name] or (None if self._fields[name].type == 'date' else '')

    def _get_plain_row(self):
        """Return this record as it is compared with what is shipped: ``{name: plain value}``."""
        return _make_plain(self._to_row())

    @api.model
    def _load_shipped(self):
        """Make the rows that are shipped, and change those that nobody else has changed.

        What is shipped no more goes, unless somebody has changed it.
        """
        records = self.sudo().search([], order='id')  # they are few; pylint: disable=no-search-all
        known = {record._get_key(record._get_plain_row()): record for record in records}
        known |= {record._get_key(record.shipped): record for record in records if record.shipped}
        new, gone = [], records.filtered(lambda record: record.origin == 'shipped')
        for row in getattr(rules.read_shipped(), self._shipped_table):
            plain = _make_plain(row)
            record = known.get(self._get_key(plain))
            if not record:
                new.append({**self._get_values(plain), 'shipped': plain})
                continue
            gone -= record
            if record.shipped != plain:
                values = self._get_values(plain) if record.origin == 'shipped' else {}
                record.write({**values, 'shipped': plain})
        gone.unlink()
        self.sudo().create(new)

    @api.model
    def _get_key(self, plain):
        """Return what tells a plain row from the others."""
        return tuple(plain.get(name) for name in self._key_fields)

    @api.model
    def _get_values(self, plain):
        """Return the values of a record for a plain row."""
        return {name: value if value is not None else False for name, value in plain.items()}

    # ------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        self._check_shipped({name for vals in vals_list for name in vals})
        records = super().create(vals_list)
        if records:
            records._rules_changed()
        return records

    def write(self, vals):
        self._check_shipped(vals)
        result = super().write(vals)
        if self and set(self._row_type._fields) & vals.keys():
            self._rules_changed()
        return result

    def unlink(self):
        result = super().unlink()
        if self:
            self._rules_changed()
        return result

    def _check_shipped(self, names):
        check_own(self.env, {'shipped'} & set(names))

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_kept(self):
        if not self.env.su:
            raise UserError(self.env._(
                "No row of the law is deleted: give it a last day of validity. Nothing was changed."))

    @api.model
    def _rules_changed(self):
        """Forget the rules as they were, and have all lines judged anew by the job."""
        self.env.registry.clear_cache()
        self.env['openapi_pec.position']._judge_later()

    @api.constrains('valid_from', 'valid_until')
    def _check_days_in_order(self):
        self._check_row(
            not any(record.valid_until and record.valid_until < record.valid_from for record in self),
            self.env._("The last day cannot come before the first."))

    @api.constrains(lambda self: self._key_fields)
    def _check_without_twin(self):
        counts = Counter(record._get_key(record._get_plain_row()) for record in self.sudo().search([]))
        if any(counts[record._get_key(record._get_plain_row())] > 1 for record in self):
            raise ValidationError(self.env._(
                "There is a row about this from the same day on already: correct that one, or give it a last day."))

    def _check_row(self, is_right, sentence):
        """Raise when a row is not one of the law.

        :param bool is_right: whether it is.
        :raise ValidationError: with the sentence.
        """
        if not is_right:
            raise ValidationError(sentence)

    # ------------------------------------------------------------ ACTIONS

    def action_take_shipped(self):
        """Take over what was shipped in the place of what was corrected here."""
        self.check_access('write')
        for record in self.filtered(lambda record: record.origin == 'corrected'):
            record.write(self._get_values(record.shipped))


def _make_plain(row):
    """Return a row in values that JSON keeps: ``{name: value}``."""
    return {
        name: value.isoformat() if isinstance(value, datetime.date) else value for name, value in row._asdict().items()}
