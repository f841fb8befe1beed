"""The table of companies (``register/companies.md``), and contacts, offices and filings of it, made in sets."""
import functools
import itertools
import re
from pathlib import Path

from stdnum.it import codicefiscale

from odoo.addons.l10n_it_openapi_pec.models.service.job_mixin import QUIETLY

from .common_obligation import day

TABLE = Path(__file__).with_name('register') / 'companies.md'
NONE = '–'
STATES = (
    'active', 'registered', 'registering', 'inactive', 'suspended', 'liquidation', 'procedure', 'failed', 'rea_only',
    'ceased')
LEGAL_STATES = ('liquidation', 'procedure', 'failed')  # of which the name or a person tells, and not the register
STATE_BY_DUTY = {'due': 'missing', 'no': 'exempt', '?': 'to_decide'}  # of who has no PEC


@functools.cache
def read_tables():
    """Return the tables by their headings: ``{heading: [{column: cell}, …]}``."""
    tables = {}
    for section in re.split(r'^## ', TABLE.read_text(encoding='utf-8'), flags=re.MULTILINE)[1:]:
        lines = [line for line in section.splitlines() if line.startswith('|')]
        names, _rule, *rows = ([cell.strip() for cell in line.strip('|').split('|')] for line in lines)
        tables[section.partition('\n')[0]] = [dict(zip(names, row, strict=True)) for row in rows]
    return tables


def read_duties(heading):
    """Return what a matrix of legal forms and states says: ``{(form, state): (duty, reason)}``; no form is ''."""
    return {
        (form.replace(NONE, ''), state): split(row[state])
        for row in read_tables()[heading] for form in row['Legal forms'].split() for state in STATES}


def read_orders():
    """Return whose PEC is due: ``[([(role, doubt), …], whose, reason), …]``; of who is obliged there is no reason."""
    orders = []
    for row in read_tables()["Whose PEC it is"]:
        roles = [re.fullmatch(r'(\w+)(?: \((.*)\))?', role) for role in row['Offices'].split(', ') if role != NONE]
        whose, reason = split(row['Whose'])
        orders.append(([(role[1], (role[2] or '').replace(' ', '_')) for role in roles], whose, reason))
    return orders


def expect(duties, orders):
    """Yield what is expected of each legal form, in each state, with each order of offices, where nobody has a PEC.

    :param duties: the matrices of both duties, as :func:`read_duties` returns them.
    :param orders: as :func:`read_orders` returns them.
    :return: of (form, state, roles, (state, reason) of its own line, (state, reason, role) of its administrator's)
    """
    own, administrators = duties
    for (form, state), (roles, whose, reason) in itertools.product(own, orders):
        said = own[form, state], administrators[form, state]
        lines = [(STATE_BY_DUTY[duty], why or 'no_pec') for duty, why in said]
        if lines[1][0] != 'missing':
            lines[1] = (*lines[1], '')
        elif reason:
            lines[1] = STATE_BY_DUTY[whose], reason, ''
        else:
            lines[1] = 'missing', 'no_pec', whose
        yield form, state, roles, *lines


def split(cell):
    """Return the first word of a cell, and the others."""
    first, _space, others = cell.partition(' ')
    return first, others


def read_day(cell):
    """Return the date of a cell, None where it has none."""
    return None if cell in ('', NONE) else day(cell)


def group_rows(rows, name):
    """Return rows in groups: each begins with one that has something in a column."""
    groups = []
    for row in rows:
        if row[name] != NONE:
            groups.append([])
        groups[-1].append(row)
    return groups


class Maker:
    """Contacts, offices, filings and notices that are asked for one by one, and made in sets.

    Contacts are numbers until they are made: then their place in ``partners``.

    :param env: of a test, whose company has the filings.
    :param code_of: returns the tax code of a company by its number.
    """

    def __init__(self, env, code_of):
        self.env, self.code_of = env(context={**env.context, **QUIETLY}), code_of
        self.contacts, self.offices, self.filings, self.notices = [], [], [], []
        self.unfollowed = set()

    def make_address(self, name='pec'):
        """Return a PEC that nobody else has."""
        return f'{name.lower()}{len(self.contacts)}-{len(self.offices)}@legalmail.it'

    def add_company(self, form='SR', state='active', pec=None, stands_since=None, **values):
        """Add a company, registered long ago.

        :param pec: its own; none by default.
        :param stands_since: whether a person says that its PEC stands in the register: the day.
        """
        number = len(self.contacts)
        self.contacts.append({
            'name': f'Impresa {number}', 'is_company': True, 'l10n_it_codice_fiscale': self.code_of(number),
            'openapi_pec_legal_form': form or False, 'openapi_pec_email': pec,
            'openapi_pec_legal_state': state if state in LEGAL_STATES else False,
            'openapi_pec_register_state': False if state in LEGAL_STATES else state,
            'openapi_pec_registered_on': '2010-03-01', **self._get_confirmed('openapi_pec_', pec, stands_since),
            **values})
        return number

    def make_person_code(self):
        """Return the tax code of a man in Rome who does not exist, and whom nobody else has."""
        number = len(self.contacts)
        code = f'RSSMRA{number % 100:02}{"ABCDEHLMPRST"[number // 100 % 12]}{number // 1200 + 1:02}H501'
        return code + codicefiscale.calc_check_digit(code)

    def add_person(self, name, **values):
        """Add somebody who may hold offices."""
        self.contacts.append({'name': name, **values})
        return len(self.contacts) - 1

    def add_office(self, company, person, role, pec=None, stands_since=None, **values):
        """Add an office, from before the duty of administrators."""
        self.offices.append({
            'partner_id': company, 'person_id': person, 'role': role, 'since': '2024-05-06', 'pec_email': pec,
            **self._get_confirmed('', pec, stands_since), **values})

    def add_filing(self, company, pec, accepted_on, person=None):
        """Add a filing that the chamber has accepted on a day: of the company's own PEC, or of a person's."""
        administrator = {} if person is None else {'kind': 'administrator', 'representative_id': person}
        self.filings.append({
            'partner_id': company, 'kind': 'company', 'pec_email': pec, 'environment': 'sandbox', 'state': 'completed',
            'completed_at': f'{accepted_on} 10:00:00', 'chamber_outcome': 'evasa', 'chamber_date': accepted_on,
            **administrator})

    def add_notice(self, company, published_on, chamber=''):
        """Add a chamber's notice."""
        self.notices.append({'partner_id': company, 'published_on': published_on, 'chamber': chamber})

    def make(self):
        """Make all, and follow the companies; return the contacts, in their order."""
        self.partners = self.env['res.partner'].create(self.contacts)
        for model, rows in (
                ('openapi_pec.office', self.offices), ('openapi_pec.communication', self.filings),
                ('openapi_pec.notice', self.notices)):
            self.env[model].create([{**row, **{
                name: self.partners[row[name]].id for name in ('partner_id', 'person_id', 'representative_id')
                if name in row}} for row in rows])
        self.partners.browse(
            partner.id for number, partner in enumerate(self.partners)
            if partner.is_company and number not in self.unfollowed)._openapi_pec_follow()
        self.env.flush_all()
        return self.partners

    @staticmethod
    def _get_confirmed(prefix, pec, stands_since):
        return {f'{prefix}confirmed_email': pec, f'{prefix}confirmed_on': stands_since} if stands_since else {}
