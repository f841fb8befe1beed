"""The control endpoints: how tests and people steer the sandbox and see what it has been asked.

Each: (World, parameters of the path, value of the JSON body or {}) -> any JSON value; synchronous. They take no token
and are for this machine alone. The first line of each docstring is shown on the page at ``/``.
"""
import dataclasses

from .accounts import DEFAULT_ACCOUNT
from .callbacks import SHAPES
from .const import CODE_REQUESTED, EXAMPLE_FILING, FILING_FIELDS
from .faults import FAULTS, Rule
from .filing import new_filing
from .operations import OPERATIONS

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


# setting -> (check, what it must be)
_SETTINGS = {
    'step': (_is_number, 'a number of seconds'),
    'credit': (_is_credit, 'a number of EUR, or an object of account: EUR'),
    'price': (_is_number, 'a number of EUR'),
    'callback_shape': (lambda value: value in tuple(SHAPES), 'one of ' + ', '.join(SHAPES)),
    'no_credit_form': (lambda value: value in (1, 2), '1 or 2'),
}
# key of a fault -> (check, what it must be)
_RULE = {
    'operation': (lambda value: value in tuple(OPERATIONS), 'one of ' + ', '.join(OPERATIONS)),
    'fault': (lambda value: value in tuple(FAULTS), 'one of ' + ', '.join(FAULTS)),
    'times': (lambda value: isinstance(value, int) and (value > 0 or value == -1), 'a positive integer, or -1'),
    'seconds': (_is_number, 'a number of seconds'),
    'status': (lambda value: isinstance(value, int) and 200 <= value <= 599, 'an HTTP status'),
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
    """The last 1000 requests, oldest first: account, method, path, headers, body length, JSON of new filings."""
    return list(world.requests)


def reset(world, parameters, body):
    """Empty everything, return to the settings of the command line, then set those given: step, credit, price,
    callback_shape, no_credit_form."""
    world.reset(_check(body, _SETTINGS))
    return dataclasses.asdict(world.settings)


def change_settings(world, parameters, body):
    """Set step, credit (EUR of every wallet, or an object of account: EUR), price, callback_shape, no_credit_form."""
    world.configure(_check(body, _SETTINGS))
    return dataclasses.asdict(world.settings)


def add_fault(world, parameters, body):
    """Add a fault: operation, fault, times (1; -1 forever), seconds (2), status, body, headers, skip (0), location."""
    _require('operation' in body and 'fault' in body, 'operation and fault are required')
    rule = Rule(**_check(body, _RULE))
    _require(rule.fault != 'redirect' or rule.location, 'redirect needs a location')
    world.faults.rules.append(rule)
    return world.faults.get_rules()


def clear_faults(world, parameters, body):
    """Forget the faults to come; returns them."""
    rules = world.faults.get_rules()
    world.faults.clear()
    return rules


def create_filings(world, parameters, body):
    """Make filings as if in the vendor's console: count (1), account, stato, template (fields; {n} is their number).

    They cost nothing and are not counted as executed. Returns their ids, in the order they were made.
    """
    count = body.get('count', 1)
    account, stato, template = (
        body.get('account', DEFAULT_ACCOUNT), body.get('stato', CODE_REQUESTED), body.get('template', {}))
    _require(isinstance(count, int) and 0 < count <= _COUNT_LIMIT, f'count must be an integer up to {_COUNT_LIMIT}')
    _require(isinstance(account, str) and isinstance(stato, str), 'account and stato must be text')
    _require(isinstance(template, dict), 'template must be an object')
    unknown = [key for key in template if key not in FILING_FIELDS]
    _require(not unknown, f'unknown fields in template: {", ".join(unknown)}')
    callback = template.get('callback', False)
    _require(callback is False or (isinstance(callback, dict) and isinstance(callback.get('url'), str)),
             'callback must be false or an object with a url')
    world.open_wallet(account)
    filings = [new_filing(account, _fill(template, number), stato) for number in range(1, count + 1)]
    world.store.add(filings)
    return [filing.id for filing in filings]


def _fill(template, number):
    """:return: dict, the fields of the template over those of the specification's example"""
    return {
        key: value.replace('{n}', str(number)) if isinstance(value, str) else value
        for key, value in {**EXAMPLE_FILING, **template}.items()
    }


def show_filings(world, parameters, body):
    """Every filing with what the API does not show: account, pec_amministratore, size and SHA-256 of each document."""
    return [
        {
            **filing.get_record(),
            'account': filing.account,
            'pec_amministratore': filing.fields.get('pec_amministratore', False),
            'documents': filing.documents,
        }
        for filing in world.store.get_all()
    ]


def change_filings(world, parameters, body):
    """Set the stato (any text) of the filings in ids (a list, or "all"); their callbacks are delivered."""
    ids, stato = body.get('ids'), body.get('stato')
    _require(isinstance(stato, str), 'stato must be text')
    _require(ids == 'all' or (isinstance(ids, list) and all(isinstance(item, str) for item in ids)),
             'ids must be a list of text, or "all"')
    filings = world.store.get_all() if ids == 'all' else [world.store.get(filing_id) for filing_id in ids]
    _require(None not in filings, 'there is no filing with some of these ids')
    for filing in filings:
        world.change(filing, stato=stato)
    return {'changed': len(filings)}


def delete_filing(world, parameters, body):
    """Make a filing vanish."""
    return {'deleted': world.store.delete(parameters['id'])}


CONTROL = {
    'GET /_sandbox/stats': show_stats,
    'GET /_sandbox/requests': show_requests,
    'POST /_sandbox/reset': reset,
    'POST /_sandbox/settings': change_settings,
    'POST /_sandbox/faults': add_fault,
    'DELETE /_sandbox/faults': clear_faults,
    'POST /_sandbox/filings': create_filings,
    'GET /_sandbox/filings': show_filings,
    'PATCH /_sandbox/filings': change_filings,
    'DELETE /_sandbox/filings/{id}': delete_filing,
}
