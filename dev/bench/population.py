"""Companies, each with its representative and a filing, as many as are wanted: Odoo makes the first of each.

What tells one row from another (names, codes, addresses, references) is made for each; all other columns are copied
from the first one's row, with one statement for each table.
"""
import datetime
import hashlib
import json

from stdnum import luhn
from stdnum.it import codicefiscale

from odoo.tools import SQL

from odoo.addons.l10n_it_openapi_pec.models.service.notes import insert_copies

CODES = 1_000_000  # numbers of companies begin here
DAYS = 36_000  # on which people may be born, before they have another name
SURNAMES = ('XKQ', 'XKZ', 'XKW')

# What a filing of a company is like that waits for the service.
ACCEPTED = {
    'state': 'code_requested', 'environment': 'sandbox', 'remote_state': 'codice_in_richiesta',
    'submitted_at': '2026-11-23 09:00:00'}


def code_of(number):
    """Return the tax code of a company in Rome that does not exist."""
    digits = f'{CODES + number:07d}058'
    return digits + luhn.calc_check_digit(digits)


def person_code_of(number):
    """Return the tax code of a man in Rome who does not exist: each was born on another day, or has another name."""
    name, days = divmod(number, DAYS)
    born = datetime.date(1930, 1, 1) + datetime.timedelta(days=days)
    start = f'{SURNAMES[name]}ZWX{born:%y}{"ABCDEHLMPRST"[born.month - 1]}{born:%d}H501'
    return start + codicefiscale.calc_check_digit(start)


def company_values(env, number):
    """Return the values of the contact of a company."""
    return {
        'name': f'Impresa {number} S.r.l.', 'is_company': True, 'street': f'Via delle Prove {number}', 'zip': '00100',
        'city': 'Roma', 'country_id': env.ref('base.it').id, 'state_id': env.ref('base.state_it_rm').id,
        'l10n_it_codice_fiscale': code_of(number), 'openapi_pec_email': f'impresa{number}@legalmail.it'}


def person_values(number):
    """Return the values of the contact of a company's representative."""
    return {
        'name': 'Mario Rossi', 'email': f'rossi{number}@example.com', 'phone': '3401234518',
        'l10n_it_codice_fiscale': 'RSSMRA80A01H501U'}


def multiply(record, columns):
    """Copy a record's row: see ``insert_copies``."""
    record.env.flush_all()
    copies = insert_copies(record, columns)
    record.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(record._table)))
    record.env.invalidate_all()
    return copies


def get_manager(env):
    """Return the environment of who works with this addon, in English.

    :param env: Odoo's environment, as superuser.
    """
    user = env.ref('base.user_admin')
    user.group_ids += env.ref('l10n_it_openapi_pec.group_manager')
    return env(user=user, context={'lang': 'en_US', 'tz': 'Europe/Rome'})


def make_companies(env, first, count):
    """Make companies with a representative each.

    :param int first: number of the first one.
    :return: ``(companies, representatives)``, in the same order
    """
    company = env['res.partner'].create(company_values(env, first))
    person = env['res.partner'].create({**person_values(first), 'parent_id': company.id})
    numbers = range(first + 1, first + count)
    made = [company_values(env, number) for number in numbers]
    texts = {name: [values[name] for values in made] for name in (
        'name', 'street', 'l10n_it_codice_fiscale', 'openapi_pec_email')}
    companies = multiply(company, {
        **texts, 'complete_name': texts['name'], 'commercial_company_name': texts['name'],
        'openapi_pec_email_normalized': texts['openapi_pec_email']})
    env.cr.execute("UPDATE res_partner SET commercial_partner_id = id WHERE id = ANY(%s)", [companies.ids])
    emails = [person_values(number)['email'] for number in numbers]
    people = multiply(person, {
        'email': emails, 'email_normalized': emails, 'parent_id': companies.ids, 'commercial_partner_id': companies.ids,
        'commercial_company_name': texts['name'], 'complete_name': [f'{name}, Mario Rossi' for name in texts['name']],
    })
    return company + companies, person + people


def propose(filing, company_id, person_id, values):
    """Return what contacts propose for a copy of a filing, as JSON: what it has, as of most drafts.

    :param int company_id: of the copy, as its representative's.
    :param dict values: of the copy, where they are not those of the filing.
    """
    contacts = {filing.partner_id.id: company_id, filing.representative_id.id: person_id}
    proposals = {}
    for name, (source, value) in filing.proposals.items():
        model, contact_id, detail = source.split(',', 2)
        proposals[name] = [f'{model},{contacts[int(contact_id)]},{detail}', values.get(name, value)]
    return json.dumps(proposals)


def make_filings(env, companies, people, remote_ids=(), **values):
    """Make a filing of each of some companies.

    :param people: their representatives, in the same order.
    :param remote_ids: their identifiers at the service, in the same order; none of drafts.
    :param values: of each filing.
    """
    filing = env['openapi_pec.communication'].create({
        'partner_id': companies[0].id, 'representative_id': people[0].id,
        **({'remote_id': remote_ids[0]} if remote_ids else {}), **values})
    rows = companies[1:].read(['name', 'l10n_it_codice_fiscale', 'openapi_pec_email'])
    columns = {
        'name': [f'{filing.name}.{row["id"]}' for row in rows],
        'reference': [hashlib.md5(str(row['id']).encode()).hexdigest() for row in rows],
        'partner_id': companies[1:].ids,
        'representative_id': people[1:].ids,
        'pec_email': [row['openapi_pec_email'] for row in rows],
        'pec_email_normalized': [row['openapi_pec_email'] for row in rows],
        'company_name': [row['name'] for row in rows],
        'company_fiscal_code': [row['l10n_it_codice_fiscale'] for row in rows],
        'email': people[1:].mapped('email'),
    }
    if filing.proposals:  # of those that are no drafts nothing is kept
        columns['proposals'] = [
            propose(filing, row['id'], person_id, {name: values[number] for name, values in columns.items()})
            for number, (row, person_id) in enumerate(zip(rows, people[1:].ids, strict=True))]
    if remote_ids:
        columns |= {'remote_id': list(remote_ids[1:]), 'digest': columns['reference']}
    return filing + multiply(filing, columns)
