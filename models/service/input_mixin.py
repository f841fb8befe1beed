import json
from collections import defaultdict

from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.api.text import visible
from odoo.addons.l10n_it_openapi_pec.tools.cleaning import clean

INT4 = range(-2**31, 2**31)  # what PostgreSQL keeps as a whole number
TEXTS = ('char', 'text')
# of whose records it is not even told that they exist to whoever may not see them
SEEN = ('res.partner', 'openapi_pec.mailbox', 'openapi_pec.account')
NEVER_MISSING = ('boolean', 'integer', 'float')  # types whose nothing is a value


class OpenapiPecInputMixin(models.AbstractModel):
    """Input of people, or of their programs: it is checked before the database does, and bound to their companies.

    What the database refuses it writes into the log, with all that stood in the row, tax codes included.
    """
    _name = 'openapi_pec.input.mixin'
    _description = "Checked Input"
    _inherit = ['openapi_pec.spreadsheet.mixin']

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self.browse().check_access('create')  # before anything is said of the values
            defaults = self._check_values({
                key.removeprefix('default_'): value for key,
                value in self.env.context.items() if key.startswith('default_')})
            texts = {
                name: value for name,
                value in defaults.items() if name in self._fields and self._fields[name].type in TEXTS}
            vals_list = [self._check_new({**texts, **vals}) for vals in vals_list]
            self._check_existing([*vals_list, defaults])
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self.check_access('write')  # before anything is said of the values
            vals = self._check_values(vals)
            self._check_existing([vals])
            self._check_move(vals)
        return super().write(vals)

    # ------------------------------------------------------------ CRUD: values

    def _check_new(self, vals):
        """Return the values of a new record after their checks."""
        vals = self._check_values(vals)
        needed = [
            name for name, field in self._fields.items()
            if self._is_needed(field) and not field.compute and name not in vals]
        given = self.default_get(needed)
        for name in needed:
            if not given.get(name):
                raise ValidationError(self.env._("%s is missing.", self._get_input_label(self._fields[name])))
        if company_id := vals.get('company_id') or self.env.context.get('default_company_id'):
            self._check_company_usable(company_id)
        return vals

    @staticmethod
    def _is_needed(field):
        return field.required and field.store and field.type not in NEVER_MISSING

    def _check_values(self, vals):
        """Return values that may be kept, or raise a sentence that does not repeat them."""
        return {
            name: self._check_value(self._fields[name], value) if name in self._fields else value for name,
            value in vals.items()}

    def _check_value(self, field, value):
        label = self._get_input_label(field)
        if self._is_needed(field) and not value:
            raise ValidationError(self.env._("%s is missing.", label))
        if field.type in TEXTS and isinstance(value, str):
            # Of a paragraph the words stay as they were written.
            value = clean(value) if field.type == 'char' else visible(value)
            if field.type == 'char' and len(value) > const.service.MAX_CELL_LENGTH:
                raise ValidationError(self.env._("%(field)s: at most %(count)s characters are possible.",
                                                 field=label, count=const.service.MAX_CELL_LENGTH))
        elif value and not self._is_possible(field, value):
            raise ValidationError(self.env._("%s: this is not possible there.", label))
        return value

    def _is_possible(self, field, value):
        """Return whether the database can keep a value in a field of this type."""
        if field.type == 'integer':
            return isinstance(value, (int, float)) and value in INT4
        if field.type == 'json':
            return self._is_json(value)
        if field.type == 'many2one':
            return not isinstance(value, (str, float, dict))
        if field.type in ('selection', 'date', 'datetime', 'float'):
            try:
                field.convert_to_cache(value, self.browse())
            except (ValueError, TypeError, OverflowError):
                return False
        return True

    @staticmethod
    def _is_json(value):
        """Return whether the database keeps a value as JSON: it takes neither NUL nor halves of characters."""
        try:
            return '\\u0000' not in json.dumps(value, ensure_ascii=False).encode().decode()
        except (ValueError, TypeError):
            return False

    def _get_input_label(self, field):
        return field._description_string(self.env)

    def _check_existing(self, vals_list):
        """Raise when values name records that do not exist, or, of ``SEEN``, that this user may not see."""
        ids = defaultdict(set)
        for vals in vals_list:
            for name, value in vals.items():
                if name in self._fields and self._fields[name].type == 'many2one' and type(value) is int and value:
                    ids[name].add(value)
        for name, own in ids.items():
            records = self.env[self._fields[name].comodel_name].browse(own)
            is_seen = records._name in SEEN
            if records.sudo().exists() != records or (is_seen and records._filtered_access('read') != records):
                error = AccessError if is_seen else ValidationError
                raise error(self.env._("%s: there is no such record.", self._get_input_label(self._fields[name])))

    # ------------------------------------------------------------ CRUD: companies

    def _check_company_usable(self, company_id):
        """Raise when this user does not work in a company."""
        if company_id not in self.env.user.company_ids.ids:
            raise AccessError(self.env._("You do not work in that company, so nothing can be put there."))

    def _check_move(self, vals):
        """Raise when records would move into a company that is not this user's, or may not move at all."""
        if 'company_id' not in vals or 'company_id' not in self._fields:
            return
        moving = self.filtered(lambda record: record.company_id.id != vals['company_id'])
        if moving:
            self._check_company_usable(vals['company_id'])
            moving._check_movable(self.env['res.company'].browse(vals['company_id']))

    def _check_movable(self, company):
        """Raise when these records cannot move to another company, since their own account has sent something."""
        for record in self:
            if 'api_call_ids' in self._fields and record.sudo().api_call_ids:
                raise UserError(self.env._(
                    "%s cannot be put into another company: something was sent for it from the account of its own.",
                    record.display_name))
