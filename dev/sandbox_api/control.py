"""The control endpoints: how tests and people steer the sandbox and see what it has been asked.

Each: (World, parameters of the path, value of the JSON body or {}) -> any JSON value; synchronous. They take no token
and are for this machine alone. The first line of each docstring is shown on the page at ``/``.
"""
import dataclasses

from .accounts import DEFAULT_ACCOUNT
from .checks import MAILBOX, RULE, SETTINGS, check, is_callback, is_number, require
from .companies import FIELDS, make_company
from .const import ACTIVE, CODE_REQUESTED, EXAMPLE_FILING, EXAMPLE_MAILBOX, FILING_FIELDS
from .faults import FAULTS, Rule, Weather
from .filing import new_filing
from .mailbox import new_mailbox
from .operations import OPERATIONS
from .signature_control import SIGNATURE_CONTROL
from .validation import is_id

_COUNT_LIMIT = 100_000


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
    token_shape, transactions, not_enabled, signature_prices, signing_late, credentials_told, verification, stock, mood,
    ahead."""
    world.reset(check(body, SETTINGS))
    return dataclasses.asdict(world.settings)


def change_settings(world, parameters, body):
    """Set step, credit (EUR of every wallet, or an object of account: EUR), price, callback_shape, no_credit_form,
    mailbox_prices (object of type: EUR), operation_prices (object of modifica, conservazione, multiutenza: EUR),
    look_prices (object of IT-advanced …: EUR), free_looks (of each kind in a month), offices_late (seconds),
    token_shape (bare, data), transactions (each, oldest_first, sums), not_enabled (list of scopes or hosts),
    signature_prices (object of EU-QES_otp …: EUR), signing_late (seconds), credentials_told (state, refusal),
    verification (object of what a report tells), stock (of certificates), mood (object: how late and how truthfully it
    tells what it has), ahead (seconds by which its time is ahead of the machine's)."""
    world.configure(check(body, SETTINGS))
    return dataclasses.asdict(world.settings)


def add_fault(world, parameters, body):
    """Add a fault: operation, fault, times (1; -1 forever), seconds (2), status, body, headers, skip (0), location."""
    require('operation' in body and 'fault' in body, 'operation and fault are required')
    rule = Rule(**check(body, RULE))
    require(rule.fault != 'redirect' or rule.location, 'redirect needs a location')
    world.faults.rules.append(rule)
    return world.faults.get_rules()


def set_weather(world, parameters, body):
    """Let faults come by chance: seed (0), rates (object of fault: how many of 1), operations (list), options (object,
    as of a fault), mood (object, as in the settings)."""
    rates, operations = body.get('rates', {}), body.get('operations', [])
    require(isinstance(body.get('seed', 0), int), 'seed must be an integer')
    require(
        isinstance(rates, dict) and set(rates) <= set(FAULTS) and all(map(is_number, rates.values()))
        and sum(rates.values()) <= 1,
        'rates must be an object of numbers, 1 together at the most; known are ' + ', '.join(FAULTS))
    require(
        isinstance(operations, list) and set(operations) <= set(OPERATIONS),
        'operations must be a list of ' + ', '.join(OPERATIONS))
    options = check(body.get('options', {}), RULE)
    world.configure(check({'mood': body.get('mood', {})}, SETTINGS))
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
    require(not unknown, f'unknown fields in template: {", ".join(unknown)}')
    require(is_callback(template.get('callback', False)), 'callback must be false or an object with a url')
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
    require(isinstance(count, int) and 0 < count <= _COUNT_LIMIT, f'count must be an integer up to {_COUNT_LIMIT}')
    require(isinstance(account, str) and isinstance(stato, str), 'account and stato must be text')
    require(isinstance(template, dict), 'template must be an object')
    return count, account, stato, template


def _name(body, records):
    """:return: list of the Records with the ids that the body names for them, if it does"""
    ids = body.get('ids', [record.id for record in records])
    require(isinstance(ids, list) and len(ids) == len(records) and all(map(is_id, ids)),
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
    require(isinstance(stato, str), 'stato must be text')
    filings = _select(world.store.filings, body.get('ids'))
    for filing in filings:
        world.change(filing, stato=stato)
    return {'changed': len(filings)}


def _select(table, ids):
    """:return: list of the Records that the ids, a list or "all", name"""
    require(ids == 'all' or (isinstance(ids, list) and all(isinstance(item, str) for item in ids)),
             'ids must be a list of text, or "all"')
    records = table.get_all() if ids == 'all' else [table.get(record_id) for record_id in ids]
    require(None not in records, f'there is no {table.name} with some of these ids')
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
    template = {**EXAMPLE_MAILBOX, **check(template, MAILBOX)}
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
    require(isinstance(changes, dict) and changes, 'changes must be an object that is not empty')
    stato = changes.pop('stato', None)
    require(stato is None or isinstance(stato, str), 'stato must be text')
    check(changes, MAILBOX)
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
    require(isinstance(templates, list) and all(isinstance(template, dict) for template in templates),
             'companies must be a list of objects')
    for template in templates:
        unknown = [key for key in template if key not in FIELDS]
        require(not unknown, f'unknown fields of a company: {", ".join(unknown)}; known are {", ".join(FIELDS)}')
        require(isinstance(template.get('taxCode'), str), 'taxCode must be text')
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
    require(isinstance(amount, (int, float)) and amount, 'amount must be a number of EUR')
    require(isinstance(account, str) and isinstance(body.get('description'), str), 'description must be text')
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
    **SIGNATURE_CONTROL,
}
