"""The vendor's own specifications (``pec``, ``company``, ``oauthv2`` and ``esignature.openapi.json``).

And where they are not kept.
"""
from .const import (
    CHECK_ID,
    CREATE,
    CREATE_MAILBOX,
    LOOK_UP_COMPANY,
    LOOK_UP_OFFICES,
    MAILBOX_TYPES,
    RENEW,
    SEARCH,
)
from .contract import Contract, Deviation
from .signature_const import (
    LIST_CERTIFICATES,
    LIST_SIGNATURES,
    PURCHASES,
    READ_CERTIFICATE,
    READ_SIGNATURE,
    SIGNINGS,
    TYPES,
    VERIFY,
)

# Requests. What the examples of the specification send against its own schemas, and have answered with 200; nothing
# else of the kind is taken. Clients should not rely on it.
LENIENCIES = (
    Deviation(
        (CREATE_MAILBOX,), ('tipo_casella',), lambda value: isinstance(value, str) and value.upper() in MAILBOX_TYPES,
        'the example sends "bronze", and gets a BRONZE'),
    Deviation((CREATE_MAILBOX,), ('sottotipo_cliente',), lambda value: value == '',
              'the example of a private person, who has none, sends "", and gets it back'),
)
# Answers. These two of both files; then, of each, what is the vendor's, and what is this sandbox's own, where the
# specification has no word.
_QUIRKS = (
    Deviation((), ('error',), lambda value: value is None,
              'every example of a success has null, where the schema has an integer that is not nullable'),
    Deviation((), ('status',), lambda value: value in (401, 403),
              'a wrong token, as observed, and one without the scope, whatever the operation'),
)
QUIRKS = (
    *_QUIRKS,
    Deviation((), ('data', 'callback'), lambda value: value is False,
              'the examples of filings without a callback have false, where the schema has an object'),
    Deviation((), ('status',), lambda value: value == 413, 'a body that is too large'),
    Deviation((CREATE, CREATE_MAILBOX), ('status',), lambda value: value == 400, 'a body that is no JSON'),
    Deviation((RENEW,), ('status',), lambda value: value in (402, 406),
              'no credit, and a number of years that is none: a renewal costs, and has neither answer'),
)
_NULL = (
    ('data', 'endDate'), ('data', 'pec'), ('data', 'address', 'registeredOffice', 'hamlet'),
    *(('data', 'shareHolders', None, key) for key in ('companyName', 'name', 'surname')),
)
COMPANY_QUIRKS = (
    *_QUIRKS,
    *(Deviation((LOOK_UP_COMPANY,), place, lambda value: value is None,
                'the example has null of what there is not, where the schema has text; of the PEC it is assumed')
      for place in _NULL),
    Deviation((LOOK_UP_COMPANY,), ('data', 'taxCodeCeased'), lambda value: type(value) is int,
              'the example has a time, and a truth value beside it, "cessata", that the schema does not know'),
    Deviation((SEARCH,), ('data', None), lambda value: value.keys() == {'id'},
              'each of the schemas allows such a row, and only one may'),
    Deviation((SEARCH,), ('data',), lambda value: isinstance(value, dict) and value.keys() == {'count', 'cost'},
              'a dry run: "only the number of records found and the price", and nowhere how'),
)

OAUTH_QUIRKS = (
    Deviation((), ('status',), lambda value: value == 401, 'a wrong e-mail or key: documented of one operation alone'),
    Deviation((), ('status',), lambda value: value == 413, 'a body that is too large'),
)
ESIGNATURE_QUIRKS = (
    _QUIRKS[1],
    Deviation((), ('status',), lambda value: value == 413, 'a body that is too large'),
    Deviation((*SIGNINGS, *PURCHASES, VERIFY), ('status',), lambda value: value in (400, 402),
              'a body that is no JSON, and no credit: both cost, and have neither answer'),
    *(Deviation((), (*place, 'certificateType'), lambda value: value in TYPES.values(),
                'the details of a signature know the automatic type alone') for place in ((), ('data',))),
    Deviation((READ_SIGNATURE,), ('errorNumber',), lambda value: value == 'null,', 'a slip in an example'),
    *(Deviation((READ_CERTIFICATE, LIST_CERTIFICATES), (*place, 'state'),
                lambda value: value in ('DONE', 'REGISTERING', 'WORKING', 'CANCELLED'),
                'the states that the purchase has, and the reading has not') for place in ((), (None,))),
)

PEC = Contract('pec.openapi.json', LENIENCIES, QUIRKS)
COMPANY = Contract(
    'company.openapi.json', quirks=COMPANY_QUIRKS,
    format_checker=None,  # all times in its examples lack the zone that their format demands
    listed=(LOOK_UP_COMPANY,),  # as the example has it; the schema has one company
    # of which the schema lists five sorts of data, none of which demands a key: each answer fits all of them
    answered_as={CHECK_ID: LOOK_UP_OFFICES})
OAUTH = Contract('oauthv2.openapi.json', quirks=OAUTH_QUIRKS)
ESIGNATURE = Contract(
    'esignature.openapi.json', quirks=ESIGNATURE_QUIRKS,
    # The schema of a signing's answer is that of its request; its examples are the details of a signature.
    answered_as=dict.fromkeys(SIGNINGS, READ_SIGNATURE),
    enveloped=(*SIGNINGS, LIST_SIGNATURES))  # as their examples have it
SPECIFICATION = PEC.specification

find_operation = PEC.find_operation
find_faults_of_body = PEC.find_faults_of_body
find_faults_of_answer = PEC.find_faults_of_answer
get_examples_of_bodies = PEC.get_examples_of_bodies
get_documented_answers = PEC.get_documented_answers
