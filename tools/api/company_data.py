"""What the Company API tells of a company, read into small structures: of each only what this addon uses.

The rules come from the vendor's specification ``company.openapi.json``, whose own examples do not keep to its schemas:
what is a list there is an object here, a truth value is a time, a code may be a number. So all of it is read leniently,
and bounded in size and number. What cannot be read is not taken for "there is none": an answer without a PEC and one
with an unreadable PEC are different things to a company that has to communicate one.
"""
import datetime
import re
from typing import NamedTuple

from ..pec.address import is_well_formed
from .errors import OtherRecord, OutcomeUnknown
from .mailbox_calls import MAX_NUMBER, read_seconds
from .text import bound_text

TAX_CODE = re.compile(r'[0-9]{11}|[0-9A-Z]{16}')  # or a VAT number
COMPANY_DIGITS = 11
CODE = re.compile(r'[0-9A-Z_]{1,20}')  # of a form, a role, a province; a tax code of anybody
REA = re.compile(r'(?:([A-Z]{2})[ -]?)?0*([0-9]{1,9})')
DAY = re.compile(r'([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ].*)?')
NUMBER = re.compile(r'[0-9]{1,12}(?:[.,][0-9]{1,6})?')
FIRST_YEAR = 1850  # what is earlier stands for no day: .NET writes 0001-01-01
MAX_ROWS = 1000  # companies in one answer
MAX_OFFICERS = 20000  # of one company; large banks have thousands of attorneys
MAX_ROLES = 100  # of one person in one company
MAX_HISTORY = 100  # PECs
CEASED = 'CESSATA'
# Keys under which a number of companies, and what they would cost, may stand: the specification names none.
COUNT_KEYS = ('count', 'total', 'records', 'results', 'number', 'totalrecords', 'numberofrecords', 'recordsfound')
COST_KEYS = ('cost', 'price', 'amount', 'totalcost', 'totalprice')


class Seat(NamedTuple):
    """The registered office; each '' when it is not told."""
    street: str  # with its number
    zip_code: str
    town: str
    province: str  # two letters


class Company(NamedTuple):
    """A company as the register tells of it: ``IT-advanced``. Texts are '' and days None when they are not told."""
    name: str
    tax_code: str
    vat_code: str
    form: str  # natura giuridica, two letters
    status: str  # ATTIVA, REGISTRATA, INATTIVA, SOSPESA, IN_ISCRIZIONE, CESSATA, or what nobody knows yet
    registered_on: datetime.date | None
    rea_province: str
    rea_number: str
    seat: Seat
    pec: str | None  # lower case; '': the register has none; None: not told
    updated_at: int | None  # seconds since 1970, when the service last learned something


class PastPec(NamedTuple):
    """A PEC that a company had."""
    address: str  # lower case
    until: int | None  # seconds since 1970


class CompanyPec(NamedTuple):
    """The company's own PEC in the register: ``IT-pec``. No administrator's PEC stands there."""
    address: str  # lower case; '': the register has none
    history: tuple  # of PastPec, as it came


class Role(NamedTuple):
    """An office that somebody has in a company."""
    code: str  # codice carica, in capitals
    name: str  # in English
    # Of the registration, else of the shareholders' book, else of the deed: not always the nomination. The service
    # tells no end: who has left is not in the list.
    since: datetime.date | None


class Officer(NamedTuple):
    """Somebody who has an office in a company: a person, or another company."""
    first_name: str
    last_name: str
    company_name: str  # '' of a person
    tax_code: str  # '' when it is not told: a foreigner may have none
    is_legal_representative: bool | None  # None: not told
    roles: tuple  # of Role


class Offices(NamedTuple):
    """Who has an office in a company: ``IT-stakeholders``."""
    tax_code: str
    vat_code: str
    officers: tuple  # of Officer
    unreadable: int  # entries that could not be read: whoever is missing may be among them


class Count(NamedTuple):
    """How many companies there are, without being told which."""
    number: int
    is_least: bool  # whether there may be more
    cost: float | None  # EUR that their data would cost; None: not told


class Pending(NamedTuple):
    """The service has taken a request up, and answers later."""
    request_id: str
    retry_after: float  # seconds after which it wants to be asked


def to_plain(value):
    """Return a structure of this module as JSON keeps it: dicts and lists, days as ISO dates.

    :param value: a structure, or what it is made of.
    """
    if hasattr(value, '_asdict'):
        return {name: to_plain(item) for name, item in value._asdict().items()}
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


# ------------------------------------------------------------ whole answers

def read_company(data, code):
    """Read the answer of ``IT-advanced``.

    Of several records of the same code, which are old and new states of one enterprise, the one counts that has not
    ceased and was updated last. The companies of a VAT group have one number: it tells none of them from the others.

    :param data: of the envelope; anything.
    :param str code: the tax code or VAT number that was asked for.
    :return: None: the service knows no such company.
    :rtype: Company | None
    :raise OtherRecord: the answer is about another company.
    :raise OutcomeUnknown: it is about none, or about several that share a VAT number.
    """
    rows = _rows(data)
    if not rows:
        return None
    own = _of_this_company([_company(row) for row in rows], code)
    own = [company for company in own if company.tax_code == code] or own
    if len({company.tax_code for company in own} - {''}) > 1:
        raise OutcomeUnknown(
            "The service tells several companies with this VAT number: enter the tax code of the one that is meant on "
            "the contact", status=200, reason='several_companies')
    return max(own, key=lambda company: (company.status != CEASED, company.updated_at or 0))


def read_pec(data, code):
    """Read the answer of ``IT-pec``, which does not repeat whose PEC it is.

    :param data: of the envelope; anything.
    :param str code: the tax code or VAT number that was asked for.
    :return: None: the service knows no such company.
    :rtype: CompanyPec | None
    :raise OtherRecord: the answer does repeat it, and is about another company.
    :raise OutcomeUnknown: it does not tell which PEC the register has.
    """
    rows = _rows(data)
    if not rows:
        return None
    if any(map(_codes, rows)):
        rows = _of_this_company(rows, code, _codes)
    addresses = {_pec(row) for row in rows}
    if len(addresses) != 1 or None in addresses:
        raise OutcomeUnknown(
            "The service does not say which PEC the register has", status=200, reason='pec_untold')
    history = [item for row in rows for item in _list(row.get('history'))[:MAX_HISTORY] if isinstance(item, dict)]
    return CompanyPec(addresses.pop(), tuple(
        PastPec(address, read_seconds(item.get('timestamp'))) for item in history if (address := _pec(item))))


def read_offices(data, code):
    """Read the answer of ``IT-stakeholders``.

    :param data: of the envelope; anything.
    :param str code: the tax code or VAT number that was asked for.
    :return: None: the service knows no such company.
    :rtype: Offices | None
    :raise OtherRecord: the answer is about another company.
    :raise OutcomeUnknown: it is about none.
    """
    rows = _rows(data)
    return _of_this_company([_offices(row) for row in rows], code)[0] if rows else None


def read_count(data, limit):
    """Read how many companies a search would find.

    The specification says that a dry run tells "the number of records found and the price", and not how.

    :param data: of the envelope; anything.
    :param int limit: of the search, which may bound the number.
    :rtype: Count
    :raise OutcomeUnknown: it does not tell a number; or it tells companies instead, for which it may have charged.
    """
    rows = [row for row in (data if isinstance(data, list) else [data])[:MAX_ROWS] if isinstance(row, dict)]
    if any('id' in row for row in rows):
        raise OutcomeUnknown(
            "The service searched instead of counting, and may have charged for it", status=200, reason='not_dry')
    told = {str(key).casefold(): _number(value) for row in rows for key, value in row.items()}
    number, cost = (
        next((told[key] for key in keys if told.get(key) is not None), None) for keys in (COUNT_KEYS, COST_KEYS))
    if number is None or number != int(number):
        raise OutcomeUnknown("The service does not say how many companies there are", status=200, reason='count_untold')
    return Count(int(number), number == limit, cost)


# ------------------------------------------------------------ records

def _company(row):
    return Company(
        bound_text(row.get('companyName')), *_main_codes(row),
        form=_code(_dict(row.get('detailedLegalForm')).get('code')),
        status=_code(_text(row.get('activityStatus')).replace(' ', '_')),
        registered_on=_day(row.get('registrationDate')),
        **_rea(row), seat=_seat(row), pec=_pec(row), updated_at=read_seconds(row.get('lastUpdateTimestamp')))


def _offices(row):
    details, managers = _dict(row.get('companyDetails')), row.get('managers')
    officers = [_officer(manager) for manager in _list(managers)[:MAX_OFFICERS]]
    unread = sum(missing for _officer, missing in officers) + max(len(_list(managers)) - MAX_OFFICERS, 0)
    return Offices(
        *_main_codes(details), officers=tuple(officer for officer, _missing in officers if officer),
        unreadable=unread if isinstance(managers, list) else 1)


def _officer(manager):
    """Return an Officer, or None; and how much of it could not be read."""
    if not isinstance(manager, dict):
        return None, 1
    items = manager.get('roles')
    roles = [role for item in _list(items)[:MAX_ROLES] if (role := _role(item))]
    names = [bound_text(manager.get(key)) for key in ('name', 'surname', 'companyName')]
    officer = Officer(
        *names, tax_code=_code(manager.get('taxCode'), digits=COMPANY_DIGITS),
        is_legal_representative=_truth(manager.get('isLegalRepresentative')), roles=tuple(roles))
    if not roles or not (officer.tax_code or any(names)):
        return None, 1
    return officer, len(items) - len(roles)


def _role(item):
    """Return a Role, or None when it has no code that can be read."""
    told = _dict(item)
    role = _dict(told.get('role', told))
    code = _code(role.get('code'))
    return Role(code, bound_text(role.get('description')), _day(told.get('roleStartDate'))) if code else None


def _of_this_company(companies, code, get_codes=lambda company: {company.tax_code, company.vat_code} - {''}):
    """Return those of several companies that have this code, in their order: gateways have mixed answers up.

    :param get_codes: function of one of them that returns its codes (set).
    """
    own = [company for company in companies if code in get_codes(company)]
    if own:
        return own
    if any(map(get_codes, companies)):
        raise OtherRecord("The service answered with another company", status=200, reason='other_company')
    raise OutcomeUnknown("The service's answer holds no company", status=200, reason='no_company')


def _seat(row):
    address = _dict(row.get('address'))
    office = _dict(address.get('registeredOffice', address))
    province = office.get('province')
    street = ' '.join(filter(None, (bound_text(office.get(key)) for key in ('toponym', 'street', 'streetNumber'))))
    return Seat(
        bound_text(office.get('streetName')) or bound_text(street),
        _code(office.get('zipCode'), digits=5),
        bound_text(office.get('town')),
        _code(province.get('code') if isinstance(province, dict) else province))


def _rea(row):
    match = REA.fullmatch(_text(row.get('reaCode')).upper())
    return {
        'rea_province': _code(row.get('cciaa')) or (match and match[1]) or '', 'rea_number': match[2] if match else ''}


def _main_codes(row):
    return [_code(row.get(key), digits=COMPANY_DIGITS) for key in ('taxCode', 'vatCode')]


def _codes(row):
    return {*filter(None, _main_codes(row))}


def _pec(row):
    """Return the PEC of a record in lower case, '' when it says that there is none, None when it does not say.

    What is no address ("N.D.") does not say either.
    """
    told = row.get('pec', False)
    address = bound_text(told).lower()
    return address if told is None or (isinstance(told, str) and (not address or is_well_formed(address))) else None


# ------------------------------------------------------------ values

def _rows(data):
    """Return the records of an answer, which are a list or, of a single one, the record itself.

    :raise OutcomeUnknown: it is neither; an empty list says that there is none.
    """
    rows = [data] if isinstance(data, dict) else data
    records = [row for row in rows[:MAX_ROWS] if isinstance(row, dict)] if isinstance(rows, list) else []
    if not records and rows != []:
        raise OutcomeUnknown("The service's answer holds no company", status=200, reason='no_company')
    return records


def _dict(value):
    return value if isinstance(value, dict) else {}


def _list(value):
    return value if isinstance(value, list) else []


def _text(value, digits=0):
    """Return a text, which may have come as a whole number: then with the zeros that it lost."""
    is_number = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return f'{value:0{digits}d}' if is_number else bound_text(value)


def _code(value, digits=0):
    """Return a code in capitals, '' for what is none."""
    code = re.sub(r'^IT(?=[0-9]{11}$)', '', _text(value, digits).upper())
    return code if CODE.fullmatch(code) else ''


def _day(value):
    """Return the day of a date or of a time, or None for anything else."""
    match = DAY.fullmatch(bound_text(value))
    try:
        day = match and datetime.date(*map(int, match.groups()))
    except ValueError:
        return None
    return day if day and day.year >= FIRST_YEAR else None


def _truth(value):
    """Return what a value says, which may have come as 0 or 1; None when it says neither yes nor no."""
    return bool(value) if isinstance(value, (bool, int)) and value in (0, 1) else None


def _number(value):
    """Return a number that is not negative, which may have come as a text; None for anything else."""
    if isinstance(value, str) and NUMBER.fullmatch(value):
        value = float(value.replace(',', '.'))
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return value if is_number and 0 <= value <= MAX_NUMBER else None
