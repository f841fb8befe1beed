import contextlib
import datetime
import re
import time
from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from odoo.addons.l10n_it_openapi_pec.models.record.contact_import import MAX_IMPORT_ERRORS
from odoo.addons.l10n_it_openapi_pec.tools.api.client import bound_text
from odoo.addons.l10n_it_openapi_pec.tools.cleaning import clean, fold_words
from odoo.addons.l10n_it_openapi_pec.tools.pec import address as pec_address
from odoo.addons.l10n_it_openapi_pec.tools.spreadsheet_cells import get_rows

# Language -> example file; the first for all others.
TEMPLATES = {
    'en': '/l10n_it_openapi_pec/static/xlsx/offices.xlsx',
    'it': '/l10n_it_openapi_pec/static/xlsx/cariche.xlsx',
}
CONTACTS = ('partner_id', 'person_id')
ROLES = ('role', 'role_choice')
DATES = ('since', 'until', 'registered_on', 'ended_on')
# Columns that are read here; a file with others, such as ids, Odoo's own import reads.
COLUMNS = frozenset({*CONTACTS, *ROLES, *DATES, 'pec_email'})
DATE_FORMATS = ('%Y-%m-%d', '%d/%m/%Y', '%d-%m-%Y', '%d.%m.%Y')
CODE = re.compile('[A-Za-z]{2,4}')  # of an office, as the business register has them
# What people write, folded, for what the rules call otherwise
OTHER_NAMES = dict.fromkeys(('presidente cda', 'presidente del cda', 'presidente del consiglio'), 'PCA')
NAMED = 5  # offices that are named where none is meant


class OpenapiPecOffice(models.Model):
    """Offices from a spreadsheet, through Odoo's own import.

    An office is known again by company, person, role and first day: the same file changes nothing twice. What is empty
    here is filled in, and nothing is overwritten.
    """
    _name = 'openapi_pec.office'
    _inherit = ['openapi_pec.office', 'openapi_pec.contact_import.mixin']
    _contact_columns = CONTACTS

    @api.model
    def get_import_templates(self):
        """Return the example file in the language of the reader."""
        self.check_access('read')
        return self._get_templates(TEMPLATES, self.env._("Example of Offices, by Tax Code"))

    @api.model
    def load(self, fields, data):
        """Load offices whose company and person stand there by tax code; report each row that cannot be loaded.

        :param list fields: names of the columns.
        :param list data: the rows, each a list of cells.
        :return: as Odoo's own: ``{'ids': list or False, 'messages': list, 'nextrow': int}``
        :rtype: dict
        """
        self.check_access('create')
        if set(fields) - COLUMNS:
            return super().load(fields, data)
        rows = get_rows(data, len(fields))
        limit = self.env.context.get('_import_limit') or len(rows)
        messages = self._get_missing_columns(fields)
        if not messages:
            paths, own, messages = self._read_contact_rows(fields, rows[:limit])
        if not messages:
            names = [path.partition('/')[0] for path in paths]
            plans, messages = self._plan_rows([dict(zip(names, cells, strict=True)) for cells in own])
        ids = False
        if not messages:
            try:
                with self.env.cr.savepoint():
                    ids = self._load_plans(plans).ids
            except UserError as error:
                messages = [{'type': 'error', 'message': str(error)}]
        return {
            'ids': ids, 'messages': messages[:MAX_IMPORT_ERRORS],
            'nextrow': limit if ids and limit < len(rows) else 0}

    @api.model
    def _get_missing_columns(self, fields):
        """Return error messages about columns without which no row says anything."""
        names = [*CONTACTS, *([] if set(ROLES) & set(fields) else ROLES[1:])]
        return [
            {'type': 'error', 'field': name, 'message': self.env._(
                "There is no column for \"%s\": add it to the file, or match one of its columns with it.",
                self._get_input_label(self._fields[name]))}
            for name in names if name not in fields]

    @api.model
    def _choose_person(self, value, partners, persons, people):
        """Return who holds an office: likewise, or a company. Several contacts of one person are that person."""
        found = super()._choose_person(value, partners, persons, people)
        found = found or partners.filtered('is_company')._openapi_pec_best_placed()
        return found[:1] if len({contact._get_openapi_pec_register_key() for contact in found}) == 1 else found

    # ------------------------------------------------------------ reading rows

    @api.model
    def _plan_rows(self, rows):
        """Return what rows would make and fill in, and what is wrong with some of them.

        :param list rows: ``{field: cell}``, the contacts as database ids.
        :return: ``([(office that is there already, values)], messages)``
        :rtype: tuple
        """
        contacts = self.env['res.partner'].browse({int(cells[name]) for cells in rows for name in CONTACTS})
        keys = {contact.id: contact._get_openapi_pec_register_key() for contact in contacts}
        known = defaultdict(self.browse)
        for office in self.search([('partner_id', 'in', contacts.ids)], order='id'):
            known[office.partner_id.id, office.person_id._get_openapi_pec_register_key(), office.role] |= office
        roles, plans, seen, messages = self._get_role_codes(), [], {}, []
        for row, cells in enumerate(rows):
            values, faults = self._read_office(cells, roles)
            office = self.browse()
            if not faults:
                key = (values['partner_id'], keys[values['person_id']], values['role'])
                office = self._find_office(known[key], values.get('since', False))
                first, same = seen.setdefault((key, values.get('since')), (row, values))
                if same != values:
                    faults = [('partner_id', self.env._(
                        "Row %s is about the same office, and differs: correct one of both.", first + 2))]
                elif office:
                    values, faults = self._compare(office, values)
                elif first != row:
                    values = {}
            plans.append((office, values))
            messages += [self._get_row_error(row, field, sentence) for field, sentence in faults]
        return plans, messages

    @api.model
    def _get_role_codes(self):
        """Return the codes of the offices that the rules know, by what people write: ``{words: code}``."""
        codes = {}
        for code, label in self.env['openapi_pec.rule']._get_roles().items():
            for written in (code, label, label.removesuffix(f' ({code})')):
                codes.setdefault(fold_role(written), code)
        return OTHER_NAMES | codes

    @api.model
    def _read_office(self, cells, roles):
        """Return the values of an office as a row has them, without what is empty.

        :param dict cells: field -> cell.
        :param dict roles: of :meth:`_get_role_codes`.
        :return: ``(values, [(field, what is wrong with it)])``
        :rtype: tuple
        """
        texts = {name: clean(str(cell)) for name, cell in cells.items() if cell not in (None, False, '')}
        values, faults = {name: int(texts[name]) for name in CONTACTS}, []
        column = next(name for name in ROLES if name in cells)
        written = texts.get(column, '')
        values['role'] = roles.get(fold_role(written)) or (CODE.fullmatch(written) and written.upper())
        if not values['role']:
            faults.append((column, self._get_role_sentence(column, written)))
        for name in {*DATES} & texts.keys():
            values[name] = read_date(texts[name])
            if not values[name]:
                faults.append((name, self.env._(
                    "%(field)s: this is no day: write it as 31/12/2026.", field=self._get_column_label(name))))
        if not faults and values.get('since') and values.get('until') and values['until'] < values['since']:
            faults.append(('until', self.env._("A term cannot end before it starts.")))
        if 'pec_email' in texts:
            values['pec_email'] = pec_address.normalize(texts['pec_email'])
            if not pec_address.is_well_formed(values['pec_email']):
                faults.append(('pec_email', self.env._(
                    "%(field)s: this is no address, or there are several: write one, or leave the cell empty.",
                    field=self._get_column_label('pec_email'))))
        return values, faults

    @api.model
    def _get_role_sentence(self, column, written):
        """Return why it is not known which office a cell means."""
        if not written:
            return self.env._(
                "%(field)s is missing: write the code of the business register, such as AUN, or the name of the "
                "office.", field=self._get_column_label(column))
        names = list(self.env['openapi_pec.rule']._get_roles().values())[:NAMED]
        return self.env._(
            "%(field)s: \"%(written)s\" is the name of no office that is known here. Write the code of the business "
            "register, or a name such as: %(names)s.", field=self._get_column_label(column),
            written=bound_text(written), names=', '.join(names))

    @api.model
    def _get_column_label(self, name):
        return self._get_input_label(self._fields[name])

    # ------------------------------------------------------------ what is there already

    @api.model
    def _find_office(self, offices, since):
        """Return the office among those of one person with one role in one company that a row is about, if any.

        :param offices: all of them.
        :param since: the first day that the row has; False for none.
        """
        same = offices.filtered(lambda office: office.since == since)
        held = offices.filtered(lambda office: not office.ended_on and (not office.since or not since))
        return same[:1] or held[-1:]

    @api.model
    def _compare(self, office, values):
        """Return what a row fills in of an office that is there already, and what differs.

        :return: ``(values, [(field, sentence)])``
        :rtype: tuple
        """
        fills, differing = {}, {}
        for name in (name for name in (*DATES, 'pec_email') if name in values):
            kept = pec_address.normalize(office.pec_email) if name == 'pec_email' else office[name]
            if not kept:
                fills[name] = values[name]
            elif kept != values[name]:
                differing[name] = kept, values[name]
        return fills, [(name, self.env._(
            "%(field)s: the office is here already, with %(kept)s, and the file has %(written)s. Nothing is "
            "overwritten: correct it on the office, or correct the cell.", field=self._get_column_label(name),
            kept=self._show(kept), written=self._show(written))) for name, (kept, written) in differing.items()]

    @api.model
    def _show(self, value):
        return value if isinstance(value, str) else format_date(self.env, value)

    @api.model
    def _load_plans(self, plans):
        """Make the new offices, and fill in what is empty on the others.

        :param list plans: of :meth:`_plan_rows`.
        :return: the offices.
        """
        new = [values for office, values in plans if values and not office]
        offices = self.with_context(default_source='spreadsheet')._quietly().create(new).with_env(self.env)
        filled = defaultdict(self.browse)
        for office, values in plans:
            if office and values:
                filled[tuple(sorted(values.items()))] |= office
        for values, some in filled.items():
            some.write(dict(values))
        return offices.union(*(office for office, _values in plans))


def fold_role(text):
    """Return what the ways to write one office have in common."""
    return ' '.join(fold_words(text.replace('.', '')))


def read_date(text):
    """Return the day that a cell names, None when it names none."""
    for form in DATE_FORMATS:
        with contextlib.suppress(ValueError):
            return datetime.date(*time.strptime(text.removesuffix(' 00:00:00'), form)[:3])
    return None
