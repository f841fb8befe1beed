"""The vendor's operations on mailboxes. Each: (Call) -> Reply, synchronous; raises Refused before it changes anything.
"""
from . import clock
from .answers import Refused, Reply, success
from .const import (
    ACTIVE,
    ALLOWANCES,
    IN_PROGRESS,
    LEGALMAIL_TYPES,
    MAILBOX_DOMAINS,
    OWN_DOMAINS,
    REGISTERED,
    REVOKED,
    SIMPLE_TYPES,
    SPACE_UNITS,
    USERS_LIMIT,
    WRONG_DOCUMENTS,
    YEARS_LIMIT,
)
from .documents import is_pdf, read_documents
from .forms import make_activation_form, make_storage_form
from .mailbox import add_years, format_date, new_mailbox, new_user_id, parse_date, today
from .validation import is_address, read_mailbox, read_object, read_space, read_user


def check_availability(call):
    """Whether an address is free to be bought; on a domain that is not sold here none is."""
    address = call.parameters['pec'].strip().lower()
    if not address:
        raise Refused(call.operation, 'required')
    if not is_address(address):
        raise Refused(call.operation, 'invalid')
    sold = {*OWN_DOMAINS}.union(*MAILBOX_DOMAINS.values())
    return success({'available': _get_domain(address) in sold and not call.world.store.mailboxes.is_taken(address)})


def list_mailboxes(call):
    """Every mailbox of the account; an empty list is a 404."""
    return call.tell_all(call.world.store.mailboxes.get_summaries(call.account))


def create_mailbox(call):
    """A new mailbox; paid. Checked first, so that what is refused costs nothing."""
    fields = read_mailbox(call.operation, call.body)
    address, tipo = fields['casella_pec'], fields['tipo_casella']
    domain = _get_domain(address)
    if domain not in MAILBOX_DOMAINS[tipo] and domain not in OWN_DOMAINS:
        raise Refused(call.operation, 'domain', domain=domain)
    if call.world.store.mailboxes.is_taken(address):
        raise Refused(call.operation, 'taken')
    call.world.charge(call, call.world.settings.mailbox_prices[tipo])
    mailbox = new_mailbox(call.account, fields)
    call.world.store.mailboxes.add([mailbox])
    return call.tell(mailbox, executed=True)


def read_one(call):
    """The whole record."""
    return call.tell(_find(call))


def revoke(call):
    """Revoke a mailbox that is active; its address stays taken."""
    mailbox = _find(call)
    if mailbox.stato == REVOKED:
        raise Refused(call.operation, 'revoked')
    if mailbox.stato != ACTIVE:
        raise Refused(call.operation, 'stato')
    return _change(call, mailbox, stato=REVOKED)


def download_activation_form(call):
    """The form to be signed, PDF, while the mailbox lives."""
    mailbox = _find(call)
    if mailbox.stato not in (REGISTERED, WRONG_DOCUMENTS, IN_PROGRESS, ACTIVE):
        raise Refused(call.operation, 'stato')
    return Reply(200, make_activation_form(mailbox), 'application/pdf')


def activate(call):
    """Upload `documenti`, one or a list, only PDF: the signed form and the identity document."""
    mailbox = _find(call)
    documenti = read_object(call.operation, call.body).get('documenti')
    if mailbox.stato not in (REGISTERED, WRONG_DOCUMENTS):
        raise Refused(call.operation, 'stato')
    if not documenti:
        raise Refused(call.operation, 'required')
    documents = read_documents(documenti, is_pdf)
    if documents is None:
        raise Refused(call.operation, 'pdf')
    if mailbox.fields['tipo_casella'] in SIMPLE_TYPES and len(documents) > 1:
        raise Refused(call.operation, 'single')
    return _change(call, mailbox, stato=IN_PROGRESS, documents={'attivazione': documents})


def change_space(call):
    """Give a mailbox more space: a number sets it, one with a `+` adds to it; paid by what is added."""
    mailbox = _find(call)
    received = read_object(call.operation, call.body)
    _require_legalmail(call, mailbox)
    asked = [field for field in SPACE_UNITS if field in received]
    if not asked:
        raise Refused(call.operation, 'required')
    spaces, price = {}, 0
    for field in asked:
        unit, current = SPACE_UNITS[field], mailbox.fields[field]
        spaces[field] = read_space(received[field], unit, current)
        if spaces[field] is None:
            raise Refused(call.operation, 'unit', unit=unit)
        if field == 'spazio_conservazione' and not mailbox.fields['conservazione']:
            raise Refused(call.operation, 'storage')
        if spaces[field] < current:
            raise Refused(call.operation, 'downgrade', field=field)
        kind = 'conservazione' if field == 'spazio_conservazione' else 'modifica'
        price += (spaces[field] - current) / unit * call.world.settings.operation_prices[kind]
    if spaces.get('spazio_storico'):
        spaces['storico'] = True
    call.world.charge(call, price)
    return _change(call, mailbox, **spaces)


def change_type(call):
    """Make a mailbox one of a higher type; paid, the difference of the two prices."""
    mailbox = _find(call)
    tipo = read_object(call.operation, call.body).get('tipo_casella')
    _require_legalmail(call, mailbox)
    if not tipo:
        raise Refused(call.operation, 'required')
    old = mailbox.fields['tipo_casella']
    higher = LEGALMAIL_TYPES[LEGALMAIL_TYPES.index(old) + 1:]
    if not higher:
        raise Refused(call.operation, 'highest')
    if tipo not in higher:
        raise Refused(call.operation, 'downgrade', types=' or '.join(higher))
    prices = call.world.settings.mailbox_prices
    call.world.charge(call, max(0, prices[tipo] - prices[old]))
    # What was bought besides stays.
    allowance = {field: max(value, mailbox.fields[field]) for field, value in ALLOWANCES[tipo].items()}
    return _change(call, mailbox, tipo_casella=tipo, **allowance)


def start_storage(call):
    """Begin the legal storage with `documenti`, one or a list, only PDF; paid by its space."""
    mailbox = _find(call)
    received = read_object(call.operation, call.body)
    _require_legalmail(call, mailbox)
    if mailbox.fields['conservazione']:
        raise Refused(call.operation, 'active')
    if not received.get('documenti'):
        raise Refused(call.operation, 'required')
    documents = read_documents(received['documenti'], is_pdf)
    if documents is None:
        raise Refused(call.operation, 'pdf')
    unit = SPACE_UNITS['spazio_conservazione']
    space = read_space(received.get('spazio_conservazione', unit), unit)
    if not space:
        raise Refused(call.operation, 'unit', unit=unit)
    call.world.charge(call, space / unit * call.world.settings.operation_prices['conservazione'])
    return _change(
        call, mailbox, conservazione=True, spazio_conservazione=space, documents={'conservazione': documents})


def download_storage_form(call):
    """The form to be signed, PDF, while the mailbox is active."""
    mailbox = _find(call)
    _require_legalmail(call, mailbox)
    return Reply(200, make_storage_form(mailbox), 'application/pdf')


def add_user(call):
    """Let one more user into a mailbox; paid."""
    mailbox = _find(call)
    _require_legalmail(call, mailbox)
    user = read_user(call.operation, call.body)
    users = mailbox.fields.get('multiutenza', [])
    if len(users) >= USERS_LIMIT:
        raise Refused(call.operation, 'full', limit=USERS_LIMIT)
    call.world.charge(call, call.world.settings.operation_prices['multiutenza'])
    user |= {
        'id_utenza': f'{mailbox.id}_{len(users)}', 'userid': new_user_id(),
        'timestamp': {'attivazione': int(clock.now())}}
    return _change(call, mailbox, multiutenza=[*users, user])


def renew(call):
    """Renew a mailbox for `anni` (1), or bring a revoked one back; a GET, but paid, each time."""
    mailbox = _find(call)
    years = call.query.get('anni', '1')
    if years not in map(str, range(1, YEARS_LIMIT + 1)):
        raise Refused(call.operation, 'years', limit=YEARS_LIMIT)
    if mailbox.stato not in (ACTIVE, REVOKED):
        raise Refused(call.operation, 'stato')
    years = int(years)
    call.world.charge(call, call.world.settings.mailbox_prices[mailbox.fields['tipo_casella']] * years)
    start = parse_date(mailbox.fields['data_scadenza']) or today()
    if mailbox.stato == REVOKED:
        return _change(
            call, mailbox, 'renewal_late', stato=ACTIVE,
            data_scadenza=format_date(add_years(max(start, today()), years)))
    return _change(call, mailbox, 'renewal_late', data_scadenza=format_date(add_years(start, years)))


def _find(call):
    """:return: the Mailbox that the path names, of the calling account"""
    return call.find(call.world.store.mailboxes)


def _get_domain(address):
    return address.rpartition('@')[2]


def _require_legalmail(call, mailbox):
    """:raise Refused: unless it is of a type that can be changed, and active"""
    if mailbox.fields['tipo_casella'] in SIMPLE_TYPES:
        raise Refused(call.operation, 'type')
    if mailbox.stato != ACTIVE:
        raise Refused(call.operation, 'stato')


def _change(call, mailbox, late='changes_late', **changes):
    """:return: Reply with the record as it is after the change, or as it is told until the change shows

    :param late: field of the mood that tells how late it shows
    """
    call.world.hide_change(mailbox, late)
    return call.tell(call.world.change(mailbox, **changes), executed=True)
