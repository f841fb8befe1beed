"""How a contact is compared with what the register tells of it: one row for each field."""
from collections.abc import Callable
from typing import NamedTuple

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.cleaning import fold_name, fold_words
from odoo.addons.l10n_it_openapi_pec.tools.italy import fiscal_code, legal_form, omocodia
from odoo.addons.l10n_it_openapi_pec.tools.pec import address as pec_address


class Row(NamedTuple):
    """How one field is compared.

    :param tell: function of what was told (dict) that returns a text; '' for "not told" makes no difference.
    :param fold: function of a text that returns what equal values have in common.
    :param here: function of a contact that returns its value as the register writes it.
    :param read: function of a contact and of what was told that returns the value to write; None: it is no value here.
    """

    tell: Callable
    fold: Callable
    here: Callable
    read: Callable


def _write_text(field):
    return {'here': lambda contact: contact[field] or '', 'read': lambda _contact, text: text}


def _write_code(field):
    """As :func:`_write_text`, of a code: Odoo takes none that is wrong."""
    return {**_write_text(field), 'read': lambda _contact, code: code if fiscal_code.is_valid(code) else None}


def _fold_text(text):
    return ' '.join(fold_words(text.replace('.', '. ').replace(',', ' ')))


def _tell_rea(told):
    return '-'.join(filter(None, (told['rea_province'], told['rea_number']))) if told['rea_number'] else ''


def _find_state(contact, code):
    """Return the id of an Italian province, None when there is none of this code."""
    env = contact.env  # `env.ref` would ask each time whether Italy is still there
    italy = env['res.country'].browse(env['ir.model.data']._xmlid_to_res_id('base.it', raise_if_not_found=True))
    return next((province.id for province in italy.state_ids if province.code == code), None)


def _here_state(contact):
    states = {state: name for name, state in const.position.STATE_BY_REGISTER.items()}
    return states.get(contact.openapi_pec_register_state, contact.openapi_pec_register_state or '')


ROWS = {
    'name': Row(lambda told: told['name'], lambda text: fold_name(text, is_bare=True), **_write_text('name')),
    'l10n_it_codice_fiscale': Row(
        lambda told: told['tax_code'], omocodia.identity, **_write_code('l10n_it_codice_fiscale')),
    'vat': Row(
        lambda told: told['vat_code'] and f"IT{told['vat_code']}", omocodia.identity, **_write_code('vat')),
    'openapi_pec_legal_form': Row(
        lambda told: told['form'], str, lambda contact: contact.openapi_pec_legal_form or '',
        lambda _contact, code: code if code in legal_form.forms() else None),
    'openapi_pec_register_state': Row(
        lambda told: told['status'], str, _here_state,
        lambda _contact, status: const.position.STATE_BY_REGISTER.get(status)),
    'openapi_pec_rea': Row(_tell_rea, str, **_write_text('openapi_pec_rea')),
    'openapi_pec_registered_on': Row(
        lambda told: told['registered_on'] or '', str,
        lambda contact: str(contact.openapi_pec_registered_on or ''),
        lambda _contact, day: day),
    'street': Row(lambda told: told['seat']['street'], _fold_text, **_write_text('street')),
    'zip': Row(lambda told: told['seat']['zip_code'], str, **_write_text('zip')),
    'city': Row(lambda told: told['seat']['town'], _fold_text, **_write_text('city')),
    'state_id': Row(
        lambda told: told['seat']['province'], str, lambda contact: contact.state_id.code or '', _find_state),
    'openapi_pec_email': Row(
        lambda told: told['pec'] or '', pec_address.normalize, lambda contact: contact.openapi_pec_email or '',
        lambda _contact, address: address),
}


def find_differences(contact, told):
    """Return the fields of a contact that the register tells otherwise: ``{field: what it tells}``.

    :param dict told: as ``tools.api.company_data.Company``, in plain values.
    """
    found = {field: row.tell(told)[:const.look.SHOWN_LENGTH] for field, row in ROWS.items()}
    return {
        field: value for field, value in found.items()
        if value and ROWS[field].fold(value) != ROWS[field].fold(ROWS[field].here(contact))}


def is_same(contact, field, value):
    """Return whether a contact has a value already that the register tells."""
    return ROWS[field].fold(value) == ROWS[field].fold(ROWS[field].here(contact))
