"""The control endpoints: how tests and people steer the sandbox and see what it has been asked.

Each: (World, parameters of the path, value of the JSON body or {}) -> any JSON value; synchronous. They take no token
and are for this machine alone. The first line of each docstring is shown on the page at ``/``.
"""
import dataclasses

from .accounts import DEFAULT_ACCOUNT
from .callbacks import SHAPES
from .companies import FIELDS, make_company
from .const import (
    ACTIVE,
    CODE_REQUESTED,
    EXAMPLE_FILING,
    EXAMPLE_MAILBOX,
    FILING_FIELDS,
    LOOK_PRICES,
    MAILBOX_FIELDS,
    MAILBOX_PRICES,
    MAILBOX_TYPES,
    NEW_MAILBOX,
    OPERATION_PRICES,
)
from .faults import FAULTS, Rule, Weather
from .filing import new_filing
from .mailbox import new_mailbox, parse_date
from .mood import VALUES
from .operations import OPERATIONS
from .validation import is_id

_COUNT_LIMIT = 100_000


class Mistake(Exception):
    """The request to a control endpoint makes no sense: HTTP 400 with this text."""


def _require(condition, sentence):
    if not condition:
        raise Mistake(sentence)


def _is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0


def _is_credit(value):
    return _is_number(value) or (isinstance(value, dict) and all(map(_is_number, value.values())))


def _is_price_list(known):
    return lambda value: isinstance(value, dict) and set(value) <= set(known) and all(map(_is_number, value.values()))


def _is_callback(value):
    return value is False or (isinstance(value, dict) and isinstance(value.get('url'), str))


# what a mood is made of -> check
_MOOD = {
    **dict.fromkeys(
        ('list_late', 'details_late', 'renewal_late', 'changes_late', 'transactions_late', 'tokens_late',
         'list_cap'), _is_number),
    'clock': lambda value: type(value) is int,
    **dict.fromkeys(('echo', 'number_ids'), lambda value: isinstance(value, bool)),
    'values': lambda value: isinstance(value, list) and all(item in VALUES for item in value),
}
# setting -> (check, what it must be)
_SETTINGS = {
    'step': (_is_number, 'a number of seconds'),
    'credit': (_is_credit, 'a number of EUR, or an object of account: EUR'),
    'price': (_is_number, 'a number of EUR'),
    'callback_shape': (lambda value: value in tuple(SHAPES), 'one of ' + ', '.join(SHAPES)),
    'no_credit_form': (lambda value: value in (1, 2), '1 or 2'),
    'ahead': (_is_number, 'a number of seconds'),
    'mailbox_prices': (_is_price_list(MAILBOX_PRICES), 'an object of EUR, with keys of ' + ', '.join(MAILBOX_PRICES)),
    'operation_prices': (
        _is_price_list(OPERATION_PRICES), 'an object of EUR, with keys of ' + ', '.join(OPERATION_PRICES)),
    'look_prices': (_is_price_list(LOOK_PRICES), 'an object of EUR, with keys of ' + ', '.join(LOOK_PRICES)),
    'free_looks': (lambda value: type(value) is int and value >= 0, 'a number of look-ups'),
    'offices_late': (_is_number, 'a number of seconds'),
    'token_shape': (lambda value: value in ('bare', 'data'), 'bare or data'),
    'transactions': (lambda value: value in ('each', 'sums'), 'each or sums'),
    'not_enabled': (
        lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value),
        'a list of scopes or hosts'),
    'mood': (
        lambda value: isinstance(value, dict)
        and all(_MOOD.get(key, bool)(item) and key in _MOOD for key, item in value.items()),
        'an object of ' + ', '.join(_MOOD) + '; values are of ' + ', '.join(VALUES)),
}
_MAILBOX_KINDS = {
    str: (lambda value: isinstance(value, str), 'text'),
    bool: (lambda value: isinstance(value, bool), 'true or false'),
    int: (lambda value: type(value) is int, 'an integer'),
}
# What a mailbox may be given -> (check, what it must be)
_MAILBOX = {
    **dict.fromkeys((*MAILBOX_FIELDS, 'data_attivazione', 'descrizione', 'cod_attivazione', 'uid'),
                    _MAILBOX_KINDS[str]),
    **{field: _MAILBOX_KINDS[type(default)] for field, default in {**NEW_MAILBOX, 'autorinnovo': False}.items()},
    'tipo_casella': (lambda value: value in MAILBOX_TYPES, 'one of ' + ', '.join(MAILBOX_TYPES)),
    'data_scadenza': (
        lambda value: value == '' or (isinstance(value, str) and parse_date(value)), 'dd/mm/yyyy, or empty'),
    'callback': (_is_callback, 'false or an object with a url'),
    'multiutenza': (lambda value: isinstance(value, list), 'a list'),
}
# key of a fault -> (check, what it must be)
_RULE = {
    'operation': (lambda value: value in tuple(OPERATIONS), 'one of ' + ', '.join(OPERATIONS)),
    'fault': (lambda value: value in tuple(FAULTS), 'one of ' + ', '.join(FAULTS)),
    'times': (lambda value: isinstance(value, int) and (value > 0 or value == -1), 'a positive integer, or -1'),
    'seconds': (_is_number, 'a number of seconds'),
    'status': (lambda value: isinstance(value, int) and 100 <= value <= 599, 'an HTTP status'),
    'body': (lambda value: True, 'anything'),
    'headers': (lambda value: isinstance(value, dict) and all(isinstance(item, str) for item in value.values()),
                'an object of strings'),
    'skip': (lambda value: isinstance(value, int) and value >= 0, 'an integer'),
    'location': (lambda value: isinstance(value, str), 'a URL'),
}


def _check(values, table):
    """:return: the values, all of which the table knows and finds right"""
    for key, value in values.items():
        _require(key in table, f'unknown key {key}; known are {", ".join(table)}')
        right, meaning = table[key]
        _require(right(value), f'{key} must be {meaning}')
    return values


def show_stats(world, parameters, body):
    """Counts of requests and of calls that took effect, credit, settings, callbacks delivered and still pending."""
    return world.get_stats()


def show_requests(world, parameters, body):
    """The last 1000 requests, oldest first: account, method, path, headers, body length, JSON of new filings, and of
    what makes or changes a mailbox, with the length of each document in its place."""
    return list(world.requests)


def show_executions(world, parameters, body):
    """Each call that took effect since the start or the last reset, oldest first: operation, number of the request (one
    that was executed twice stands here twice), id and casella_pec of the record, callback as it was registered. The id
    of a look-up is the code, or the address, that was asked for."""
    return world.executions


def reset(world, parameters, body):
    """Empty everything, return to the settings of the command line, then set those given: step, credit, price,
    callback_shape, no_credit_form, mailbox_prices, operation_prices, look_prices, free_looks, offices_late,
    token_shape, transactions, not_enabled, mood, ahead."""
    world.reset(_check(body, _SETTINGS))
    return dataclasses.asdict(world.settings)


def change_settings(world, parameters, body):
    """Set step, credit (EUR of every wallet, or an object of account: EUR), price, callback_shape, no_credit_form,
    mailbox_prices (object of type: EUR), operation_prices (object of modifica, conservazione, multiutenza: EUR),
    look_prices (object of IT-advanced …: EUR), free_looks (of each kind in a month), offices_late (seconds),
    token_shape (bare, data), transactions (each, sums), not_enabled (list of scopes or hosts), mood (object: how late
    and how truthfully it tells what it has), ahead (seconds by which its time is ahead of the machine's)."""
    world.configure(_check(body, _SETTINGS))
    return dataclasses.asdict(world.settings)


def add_fault(world, parameters, body):
    """Add a fault: operation, fault, times (1; -1 forever), seconds (2), status, body, headers, skip (0), location."""
    _require('operation' in body and 'fault' in body, 'operation and fault are required')
    rule = Rule(**_check(body, _RULE))
    _require(rule.fault != 'redirect' or rule.location, 'redirect needs a location')
    world.faults.rules.append(rule)
    return world.faults.get_rules()


def set_weather(world, parameters, body):
    """Let faults come by chance: seed (0), rates (object of fault: how many of 1), operations (list), options (object,
    as of a fault), mood (object, as in the settings)."""
    rates, operations = body.get('rates', {}), body.get('operations', [])
    _require(isinstance(body.get('seed', 0), int), 'seed must be an integer')
    _require(
        isinstance(rates, dict) and set(rates) <= set(FAULTS) and all(map(_is_number, rates.values()))
        and sum(rates.values()) <= 1,
        'rates must be an object of numbers, 1 together at the most; known are ' + ', '.join(FAULTS))
    _require(
        isinstance(operations, list) and set(operations) <= set(OPERATIONS),
        'operations must be a list of ' + ', '.join(OPERATIONS))
    options = _check(body.get('options', {}), _RULE)
    world.configure(_check({'mood': body.get('mood', {})}, _SETTINGS))
    world.faults.weather = Weather(body.get('seed', 0), rates, operations, options)
    return dataclasses.asdict(world.settings.mood)


def clear_faults(world, parameters, body):
    """Forget the faults to come, and let the calls go on that wait; returns them."""
    rules = world.faults.get_rules()
    world.faults.clear()
    return rules


def create_filings(world, parameters, body):
    """Make filings as if in the vendor's console: count (1), account, stato, template (fields; {n} is their number), or
    ids that they are to have, and is_resting of those that do not advance by themselves.

    They cost nothing and are not counted as executed. Returns their ids, in the order they were made.
    """
    count, account, stato, template = _read_order(body, CODE_REQUESTED)
    unknown = [key for key in template if key not in FILING_FIELDS]
    _require(not unknown, f'unknown fields in template: {", ".join(unknown)}')
    _require(_is_callback(template.get('callback', False)), 'callback must be false or an object with a url')
    world.open_wallet(account)
    resting = {'is_resting': True} if body.get('is_resting') else {}
    filings = _name(body, [
        new_filing(account, {**_fill({**EXAMPLE_FILING, **template}, number), **resting}, stato)
        for number in range(1, count + 1)])
    world.store.filings.add(filings)
    return [filing.id for filing in filings]


def _read_order(body, stato):
    """Check what filings and mailboxes are made from.

    :param stato: the one of those that name none
    :return: count, account, stato, template
    """
    count, account, stato, template = (
        body.get('count', 1), body.get('account', DEFAULT_ACCOUNT), body.get('stato', stato), body.get('template', {}))
    _require(isinstance(count, int) and 0 < count <= _COUNT_LIMIT, f'count must be an integer up to {_COUNT_LIMIT}')
    _require(isinstance(account, str) and isinstance(stato, str), 'account and stato must be text')
    _require(isinstance(template, dict), 'template must be an object')
    return count, account, stato, template


def _name(body, records):
    """:return: list of the Records with the ids that the body names for them, if it does"""
    ids = body.get('ids', [record.id for record in records])
    _require(isinstance(ids, list) and len(ids) == len(records) and all(map(is_id, ids)),
             'ids must be as many as count, of 24 hexadecimal digits each')
    return [dataclasses.replace(record, id=record_id) for record, record_id in zip(records, ids, strict=True)]


def _fill(template, number):
    """:return: dict, the template with the number in its texts"""
    return {
        key: value.replace('{n}', str(number)) if isinstance(value, str) else value for key, value in template.items()}


def show_filings(world, parameters, body):
    """Every filing with what the API does not show: account, pec_amministratore, size and SHA-256 of each document."""
    return [
        {
            **filing.get_record(),
            'account': filing.account,
            'pec_amministratore': filing.fields.get('pec_amministratore', False),
            'documents': filing.documents,
        }
        for filing in world.store.filings.get_all()
    ]


def change_filings(world, parameters, body):
    """Set the stato (any text) of the filings in ids (a list, or "all"); their callbacks are delivered."""
    stato = body.get('stato')
    _require(isinstance(stato, str), 'stato must be text')
    filings = _select(world.store.filings, body.get('ids'))
    for filing in filings:
        world.change(filing, stato=stato)
    return {'changed': len(filings)}


def _select(table, ids):
    """:return: list of the Records that the ids, a list or "all", name"""
    _require(ids == 'all' or (isinstance(ids, list) and all(isinstance(item, str) for item in ids)),
             'ids must be a list of text, or "all"')
    records = table.get_all() if ids == 'all' else [table.get(record_id) for record_id in ids]
    _require(None not in records, f'there is no {table.name} with some of these ids')
    return records


def delete_filing(world, parameters, body):
    """Make a filing vanish."""
    return {'deleted': world.store.filings.delete(parameters['id'])}


def create_mailboxes(world, parameters, body):
    """Make mailboxes as if in the vendor's console: count (1), account, stato (evasa), template (fields of the record;
    {n} is their number), or ids that they are to have.

    They cost nothing and are not counted as executed. Returns their ids, in the order they were made.
    """
    count, account, stato, template = _read_order(body, ACTIVE)
    template = {**EXAMPLE_MAILBOX, **_check(template, _MAILBOX)}
    world.open_wallet(account)
    mailboxes = _name(
        body, [new_mailbox(account, _fill(template, number), stato) for number in range(1, count + 1)])
    world.store.mailboxes.add(mailboxes)
    return [mailbox.id for mailbox in mailboxes]


def show_mailboxes(world, parameters, body):
    """Every mailbox with what the API does not show: account, size and SHA-256 of each document."""
    return [
        {**mailbox.get_record(), 'account': mailbox.account, 'documents': mailbox.documents}
        for mailbox in world.store.mailboxes.get_all()
    ]


def change_mailboxes(world, parameters, body):
    """Set the changes (an object of stato and any fields of the record) of the mailboxes in ids (a list, or "all");
    their callbacks are delivered.

    A stato brings what the vendor sets with it: the first evasa the expiry and the spaces, a revocata its time.
    """
    changes = body.get('changes')
    _require(isinstance(changes, dict) and changes, 'changes must be an object that is not empty')
    stato = changes.pop('stato', None)
    _require(stato is None or isinstance(stato, str), 'stato must be text')
    _check(changes, _MAILBOX)
    mailboxes = _select(world.store.mailboxes, body.get('ids'))
    for mailbox in mailboxes:
        world.change(mailbox, stato=stato, **changes)
    return {'changed': len(mailboxes)}


def delete_mailbox(world, parameters, body):
    """Make a mailbox vanish."""
    return {'deleted': world.store.mailboxes.delete(parameters['id'])}


def keep_companies(world, parameters, body):
    """Have the register tell of companies (a list of objects), each in place of what it told of the same tax code.

    What is left out of one is as in the examples of the specification. Returns their ids.
    """
    templates = body.get('companies')
    _require(isinstance(templates, list) and all(isinstance(template, dict) for template in templates),
             'companies must be a list of objects')
    for template in templates:
        unknown = [key for key in template if key not in FIELDS]
        _require(not unknown, f'unknown fields of a company: {", ".join(unknown)}; known are {", ".join(FIELDS)}')
        _require(isinstance(template.get('taxCode'), str), 'taxCode must be text')
    companies = [make_company(template) for template in templates]
    for company in companies:
        world.store.keep_company(company)
    return [company['id'] for company in companies]


def show_companies(world, parameters, body):
    """Every company, as it was kept."""
    return world.store.get_companies()


def delete_company(world, parameters, body):
    """Let the register know nothing of a tax code."""
    return {'deleted': world.store.forget_company(parameters['code'])}


def show_tokens(world, parameters, body):
    """Every token that was made, newest first, those that were deleted or have expired too, with times in seconds."""
    return [{**dataclasses.asdict(token), 'is_valid': token.is_valid} for token in world.store.tokens.get_all()]


def add_transaction(world, parameters, body):
    """Take EUR from the wallet of an account, or add them, without a call: amount, description, account."""
    amount, account = body.get('amount'), body.get('account', DEFAULT_ACCOUNT)
    _require(isinstance(amount, (int, float)) and amount, 'amount must be a number of EUR')
    _require(isinstance(account, str) and isinstance(body.get('description'), str), 'description must be text')
    world.open_wallet(account)
    world.store.set_cents(account, world.store.get_cents(account) + round(100 * amount), body['description'])
    return {'credit': world.store.get_cents(account) / 100}


CONTROL = {
    'GET /_sandbox/stats': show_stats,
    'GET /_sandbox/requests': show_requests,
    'GET /_sandbox/executions': show_executions,
    'POST /_sandbox/reset': reset,
    'POST /_sandbox/settings': change_settings,
    'POST /_sandbox/faults': add_fault,
    'POST /_sandbox/weather': set_weather,
    'DELETE /_sandbox/faults': clear_faults,
    'POST /_sandbox/filings': create_filings,
    'GET /_sandbox/filings': show_filings,
    'PATCH /_sandbox/filings': change_filings,
    'DELETE /_sandbox/filings/{id}': delete_filing,
    'POST /_sandbox/mailboxes': create_mailboxes,
    'GET /_sandbox/mailboxes': show_mailboxes,
    'PATCH /_sandbox/mailboxes': change_mailboxes,
    'DELETE /_sandbox/mailboxes/{id}': delete_mailbox,
    'POST /_sandbox/companies': keep_companies,
    'GET /_sandbox/companies': show_companies,
    'DELETE /_sandbox/companies/{code}': delete_company,
    'GET /_sandbox/tokens': show_tokens,
    'POST /_sandbox/transactions': add_transaction,
}
