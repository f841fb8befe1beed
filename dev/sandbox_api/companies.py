"""Companies as the register has them: the examples of the vendor's specification, and invented ones."""
import copy
import hashlib

from . import clock
from .const import LOOK_UP_COMPANY, LOOK_UP_OFFICES, LOOK_UP_PEC
from .specification import COMPANY

# What a company is made of here. Of the vendor's examples what the client has no use for is left out.
_MAIN_FIELDS = (
    'taxCode', 'vatCode', 'companyName', 'activityStatus', 'detailedLegalForm', 'reaCode', 'cciaa', 'startDate',
    'registrationDate', 'endDate', 'taxCodeCeased', 'address', 'pec',
)
FIELDS = (*_MAIN_FIELDS, 'history', 'managers', 'shareholders')
_TOLD = (*_MAIN_FIELDS, 'creationTimestamp', 'lastUpdateTimestamp', 'id')  # by IT-advanced


def make_company(template):
    """Make a company.

    :param template: dict of FIELDS; what is left out is as in the examples of the specification, and a VAT number as
        the tax code
    :return: dict of FIELDS, ``id``, ``creationTimestamp`` and ``lastUpdateTimestamp``
    """
    company = {**_get_example(), **template}
    company['vatCode'] = template.get('vatCode', company['taxCode'])
    # The same company has the same id, whenever it is told anew.
    return {
        **company, 'id': hashlib.sha256(company['taxCode'].encode()).hexdigest()[:24],
        'lastUpdateTimestamp': int(clock.now())}


def make_samples():
    """:return: list of the companies that are always there: with the codes for which the vendor's own sandbox has been
        seen to answer
    """
    return [make_company(template) for template in ({}, *_SAMPLES)]


def tell_company(company):
    """:return: dict, as IT-advanced tells of it"""
    return {key: company[key] for key in _TOLD}


def tell_pec(company):
    """:return: dict, as IT-pec tells of it"""
    return {'pec': company['pec'] or '', 'history': company['history']}


def tell_offices(company):
    """:return: dict, as IT-stakeholders tells of it"""
    office = company['address']['registeredOffice']
    example = _get_answer(LOOK_UP_OFFICES)
    return {
        'companyDetails': {
            **example['companyDetails'], 'companyName': company['companyName'].replace('.', ''),
            **{key: company[key] for key in ('taxCode', 'vatCode', 'cciaa', 'reaCode')}},
        'address': {
            **{key: office[key] for key in ('streetName', 'zipCode', 'town')},
            'province': {'code': office['province'], 'description': office['province']},
            'country': {'code': 'IT', 'description': 'Italia'}},
        'branches': example['branches'],
        'managers': company['managers'],
        'shareholders': company['shareholders'],
    }


def _get_answer(operation):
    """:return: the data of the specification's example of an answer"""
    content = COMPANY.get_documented_answers()[operation, 200]['application/json']
    example = content.get('example') or content['examples']['synchronous']['value']
    data = example['data']
    return copy.deepcopy(data[0] if isinstance(data, list) else data)


def _get_example():
    company, offices = _get_answer(LOOK_UP_COMPANY), _get_answer(LOOK_UP_OFFICES)
    known = {**company, **_get_answer(LOOK_UP_PEC), **{key: offices[key] for key in ('managers', 'shareholders')}}
    # of the example a time, which says neither yes nor no
    return {**{key: known[key] for key in (*FIELDS, 'creationTimestamp')}, 'taxCodeCeased': False}


def _make_person(name, surname, tax_code, *roles):
    return {
        'name': name, 'surname': surname, 'taxCode': tax_code, 'isLegalRepresentative': roles[0][0] != 'SIE',
        'roles': [
            {'role': {'code': code, 'description': description}, 'roleStartDate': f'{since}T00:00:00'}
            for code, description, since in roles],
    }


def _make_address(street, town, province, zip_code, town_code):
    return {'registeredOffice': {
        'streetName': street, 'town': town, 'hamlet': None, 'province': province, 'zipCode': zip_code,
        'townCode': town_code}}


_SAMPLES = (
    {
        'taxCode': '02590530347', 'companyName': 'COOPERATIVA DI PROVA SOCIETA\' COOPERATIVA', 'cciaa': 'PR',
        'reaCode': '250001', 'detailedLegalForm': {'code': 'SC', 'description': 'SOCIETA\' COOPERATIVA'},
        'address': _make_address('VIA DELLE PROVE 1', 'PARMA', 'PR', '43121', 'G337'),
        'pec': 'cooperativa.prova@legalmail.it', 'history': [], 'shareholders': [],
        'startDate': '2012-01-10', 'registrationDate': '2011-12-20',
        'managers': [
            _make_person('MARIA', 'BIANCHI', 'BNCMRA70A41G337P',
                         ('PCA', 'Chairman of the board of directors', '2024-05-02')),
            _make_person('LUCA', 'VERDI', 'VRDLCU80A01G337T', ('COD', 'Managing director', '2024-05-02')),
            _make_person('ANNA', 'NERI', 'NRENNA75A41G337J', ('SIE', 'Standing auditor', '2023-04-28')),
        ],
    },
    {
        'taxCode': 'RSSMRA80A01H501U', 'vatCode': '02591680216', 'companyName': 'PROVA DI ROSSI MARIO', 'cciaa': 'BZ',
        'reaCode': '190001', 'detailedLegalForm': {'code': 'DI', 'description': 'IMPRESA INDIVIDUALE'},
        'address': _make_address('VIA DELLE PROVE 2', 'BOLZANO', 'BZ', '39100', 'A952'),
        'pec': None, 'history': [{'pec': 'rossi.prova@legalmail.it', 'timestamp': 1700000000}], 'shareholders': [],
        'startDate': '2010-03-01', 'registrationDate': '2010-02-15',
        'managers': [_make_person('MARIO', 'ROSSI', 'RSSMRA80A01H501U', ('TI', 'Owner', '2010-02-15'))],
    },
)
