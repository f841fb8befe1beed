"""The whole state of one running sandbox."""
import collections
import datetime
import time
from dataclasses import asdict, dataclass, field, replace

from . import clock
from .accounts import DEFAULT_ACCOUNT, read_key, read_refresh_token, read_token
from .answers import Refused, success
from .callbacks import Callbacks
from .companies import make_samples
from .const import (
    ADVANCES,
    CHANGE_TOKEN,
    FREE_LOOK_UPS,
    FREE_LOOKS,
    LOOK_PRICES,
    MAILBOX_ADVANCES,
    MAILBOX_PRICES,
    OAUTH_OPERATIONS,
    OPERATION_PRICES,
)
from .faults import Faults
from .mood import Mood, read_id
from .scopes import get_host
from .signature_const import SIGNATURE_PRICES, WAIT_SIGN, WAIT_VALIDATION
from .validation import is_id

_REQUESTS_KEPT = 1000
_PAGE = 100  # rows of a list that comes in pages, at the most and usually


@dataclass(frozen=True)
class Settings:
    """
    :param step: seconds after which a filing or a mailbox advances by itself; 0: never
    :param credit: EUR that a new account's wallet begins with
    :param price: EUR of a filing
    :param callback_shape: key of callbacks.SHAPES
    :param no_credit_form: which of the two known forms the refusal for lack of credit has, 1 or 2
    :param mailbox_prices: dict of EUR of a mailbox for a year, keys of const.MAILBOX_PRICES
    :param operation_prices: dict of EUR of what changes a mailbox, keys of const.OPERATION_PRICES
    :param look_prices: dict of EUR of what is asked of the register, keys of const.LOOK_PRICES
    :param free_looks: how many look-ups of each kind that has free ones are free in a month
    :param offices_late: seconds until the offices of a company are told, with an answer 302 first; 0: at once
    :param token_shape: whether a token is answered ``bare``, or below ``data``
    :param transactions: whether the wallet's transactions are told ``each``, the newest first, or ``oldest_first``, or
        as ``sums`` of a day
    :param not_enabled: list of scopes, as production calls them, or hosts, that the account has not enabled
    :param signature_prices: dict of EUR of a signature or a certificate, keys of signature_const.SIGNATURE_PRICES
    :param signing_late: seconds until a signature is made that was asked for without waiting
    :param credentials_told: whether wrong credentials are told as the ``state`` of a signature, or as a ``refusal``
    :param verification: dict of what a report on a signed document tells in the place of what is found
    :param stock: how many certificates of each kind there are to buy
    :param mood: Mood: how truthfully, and how soon, it tells what it has
    :param ahead: seconds by which its time is ahead of the machine's
    """
    step: float = 0
    credit: float = 1000.0
    price: float = 15.7
    callback_shape: str = 'data'
    no_credit_form: int = 1
    mailbox_prices: dict = field(default_factory=MAILBOX_PRICES.copy)
    operation_prices: dict = field(default_factory=OPERATION_PRICES.copy)
    look_prices: dict = field(default_factory=LOOK_PRICES.copy)
    free_looks: int = FREE_LOOKS
    offices_late: float = 0
    token_shape: str = 'bare'
    transactions: str = 'each'
    not_enabled: list = field(default_factory=list)
    signature_prices: dict = field(default_factory=SIGNATURE_PRICES.copy)
    signing_late: float = 0
    credentials_told: str = 'state'
    verification: dict = field(default_factory=dict)
    stock: int = 1000
    mood: Mood = field(default_factory=Mood)
    ahead: float = 0


@dataclass(frozen=True)
class Call:
    """What an operation gets.

    :param world: World
    :param operation: its name
    :param account: name of the account that calls
    :param parameters: dict of the parameters in the path
    :param query: dict of those after it
    :param body: bytes
    :param number: how many requests there were until this one
    :param access: Access, or Holder for what is asked of OAuth
    :param url: the address of the server, as the caller has it
    """
    world: 'World'
    operation: str
    account: str
    parameters: dict
    query: dict
    body: bytes
    number: int = 0
    access: object = None
    url: str = ''

    def find(self, table):
        """Find what the path names.

        :param table: ``world.store.filings`` or ``world.store.mailboxes``
        :return: the Record, of the calling account
        :raise Refused: when there is none
        """
        record_id = read_id(self.parameters['id'])
        if not is_id(record_id):
            raise Refused(self.operation, 'id')
        record = table.get(record_id.lower())
        if record is None or record.account != self.account or not self.world.settings.mood.shows_details(record.id):
            raise Refused(self.operation, 'missing')
        return record

    def tell(self, record, executed=False):
        """Answer with a record.

        :param record: Record
        :param executed: whether the call took effect
        :rtype: Reply
        """
        if executed:
            self.note(record.id, record.fields['casella_pec'], record.callback)
        return success(self.world.tell(record.get_record()), executed=executed)

    def note(self, told_id, casella_pec='', callback=False):
        """Write into the ledger that this call took effect.

        :param told_id: of the record, or the code of who was looked up
        :param casella_pec: of the record
        :param callback: as it was registered
        """
        self.world.executions.append({
            'operation': self.operation, 'number': self.number, 'id': told_id, 'casella_pec': casella_pec,
            'callback': callback})

    def cut(self, rows):
        """:return: list of the rows of the page that the query asks for; what is no number is not looked at"""
        skip, limit = (
            int(text) if text.isascii() and text.isdigit() and len(text) < 9 else usual
            for text, usual in ((self.query.get('skip', ''), 0), (self.query.get('limit', ''), _PAGE)))
        return rows[skip:skip + min(limit, _PAGE)]

    def tell_all(self, rows):
        """Answer with the list of an account.

        :param rows: list of dict, newest first
        :rtype: Reply
        :raise Refused: when there is nothing to show: an empty list is a 404
        """
        mood = self.world.settings.mood
        shown = [self.world.tell(row) for row in rows if mood.shows_in_list(row)]
        if not shown:
            raise Refused(self.operation, 'empty')
        return success(shown[:mood.list_cap or None])


class World:
    """Settings, store, faults, callbacks and what has been asked so far."""

    def __init__(self, store, settings, scopes=()):
        """
        :param store: Store
        :param settings: Settings of the command line, to which each reset returns
        :param scopes: list of the scopes for which tokens are made, as production calls them
        """
        self.store = store
        self.settings = self._first_settings = settings
        self.faults = Faults()
        self.callbacks = Callbacks()
        self.scopes = scopes
        self.requests = collections.deque(maxlen=_REQUESTS_KEPT)
        self.request_counts = collections.Counter()
        self.executions = []  # each call that took effect, the oldest first
        self._shadows = {}
        with store.transaction():
            self.open_wallet(DEFAULT_ACCOUNT)
            self._keep_samples()

    def _keep_samples(self):
        for company in make_samples():
            if not self.store.get_companies(company['taxCode']):
                self.store.keep_company(company)

    def reset(self, changes):
        """Empty everything.

        :param changes: dict, as in `configure`, over the settings of the command line
        """
        self.faults.abandon()
        self.callbacks.clear()
        self.requests.clear()
        self.request_counts.clear()
        self.executions.clear()
        self._shadows.clear()
        self.settings = self._first_settings
        self.store.clear()
        self.configure(changes)
        self.open_wallet(DEFAULT_ACCOUNT)
        self._keep_samples()

    def configure(self, changes):
        """Change settings.

        :param changes: dict with keys of Settings; ``credit`` is the EUR of every wallet, present and future, or a
            dict of account -> EUR, which leaves the others alone; the prices left out of a dict stay
        """
        changes = dict(changes)
        for name in ('mailbox_prices', 'operation_prices', 'look_prices', 'signature_prices'):
            changes[name] = {**getattr(self.settings, name), **changes.get(name, {})}
        changes['mood'] = replace(self.settings.mood, **changes.get('mood', {}))
        credit = changes.get('credit')
        if isinstance(credit, dict):
            wallets = changes.pop('credit')
        else:
            wallets = {} if credit is None else dict.fromkeys(self.store.get_wallets(), credit)
        self.settings = replace(self.settings, **changes)
        clock.put_ahead(self.settings.ahead)
        for account, euro in wallets.items():
            self.store.set_cents(account, _to_cents(euro))

    def open_wallet(self, account):
        """Give an account its first credit, once."""
        if self.store.get_cents(account) is None:
            self.store.set_cents(account, _to_cents(self.settings.credit))

    def charge(self, call, euro):
        """Take the price of a call from its account's wallet.

        :param euro: EUR
        :raise Refused: when the wallet holds less
        """
        price, available = _to_cents(euro), self.store.get_cents(call.account)
        if available < price:
            # What the single number of the documented form is, is documented nowhere: taken as what is missing.
            forms = {
                1: _format_euro(price - available),
                2: f'{_format_euro(price)} > {_format_euro(available)}',
            }
            raise Refused(call.operation, 'credit', credit=forms[self.settings.no_credit_form], amounts=forms[2])
        if token := call.access.token:
            if limit := token.find_wallet_limit(price):
                raise Refused(call.operation, limit)
            self.store.tokens.save(token.note_payment(price))
        self.store.set_cents(call.account, available - price, f'API usage - {get_host(call.operation)}')

    def find_access(self, operation, authorization):
        """Tell who makes a request.

        :param authorization: value of its header
        :return: Access, or Holder for what is asked of OAuth; None: nobody
        """
        if operation not in OAUTH_OPERATIONS:
            access = read_token(authorization, self.store.tokens)
            is_late = access and access.token and (
                clock.now() < access.token.created_at + self.settings.mood.tokens_late)
            return None if is_late else access
        return read_key(authorization) or (
            read_refresh_token(authorization, self.store.tokens) if operation == CHANGE_TOKEN else None)

    def note_request(self, access, ip, reply):
        """Count a request that came with a token which a client has made.

        :param access: Access
        :param reply: Reply
        """
        if token := self.store.tokens.find(id=access.token.id):
            self.store.tokens.save(token.note_request(ip, reply.status >= 400))

    def write_time(self, at):
        """:return: text of a time, in seconds since 1970, as OAuth writes it"""
        told = datetime.datetime.fromtimestamp(at + self.settings.mood.clock, datetime.timezone.utc)
        return told.isoformat(timespec='seconds')

    def charge_look(self, call, count=1):
        """Take the price of a look-up from its account's wallet, unless it is one of those that are free in a month.

        :param count: how many companies are told
        :raise Refused: when the wallet holds less
        """
        month = time.strftime('%Y-%m', time.gmtime(clock.now()))
        is_free = call.operation in FREE_LOOK_UPS and self.store.take_free_look(
            call.account, call.operation, month, self.settings.free_looks)
        if not is_free:
            self.charge(call, count * self.settings.look_prices[call.operation.split('/')[1]])

    def change(self, record, **changes):
        """Change a record, and tell its client of a stato.

        :param changes: as its own ``change`` takes them
        :return: the Record as it is now
        """
        record = record.change(**changes)
        self.store.save(record)
        if 'stato' in changes:
            self.callbacks.announce(record, self.settings.callback_shape)
        if changes.get('stato') == 'comunicazione_evasa' and not record.fields.get('pec_amministratore'):
            self._enter(record.fields)
        return record

    def _enter(self, fields):
        """Have the register show the PEC of a completed filing, in place of the one before, at once."""
        for company in self.store.get_companies(fields['cf_piva'].upper()):
            before = {'pec': company['pec'], 'timestamp': int(clock.now())}
            if (company['pec'] or '').lower() != fields['casella_pec'].lower():
                history = [*([before] if company['pec'] else []), *company['history']]
                self.store.keep_company({**company, 'pec': fields['casella_pec'], 'history': history})

    def tell(self, told):
        """:return: dict, a record or a row as the mood of the moment tells it"""
        changed_at, late, shadow = self._shadows.get(told['id'], (0, 'changes_late', {}))
        if clock.now() < changed_at + getattr(self.settings.mood, late):
            told = {key: shadow[key] for key in told if key in shadow}
        return self.settings.mood.tell(told)

    def hide_change(self, record, late):
        """Go on telling of a record what it is now, for as long as a field of the mood says, whatever it is changed to.
        """
        self._shadows[record.id] = (clock.now(), late, record.get_record())

    def advance(self):
        """Move on the signatures, filings and mailboxes whose time has come."""
        for stato in (WAIT_VALIDATION, WAIT_SIGN):
            for signature in self.store.signatures.get_due(stato, clock.now() - self.settings.signing_late):
                self.change(signature, stato=signature.fields['becomes'])
        if not self.settings.step:
            return
        before = clock.now() - self.settings.step
        for table, advances in ((self.store.filings, ADVANCES), (self.store.mailboxes, MAILBOX_ADVANCES)):
            for stato, following in advances.items():
                for record in table.get_due(stato, before):
                    if not record.fields.get('is_resting'):
                        self.change(record, stato=following)

    def get_stats(self):
        """:return: dict, what ``GET /_sandbox/stats`` shows"""
        return {
            'requests': dict(self.request_counts),
            'executed': self.store.get_executed(),
            'filings': self.store.filings.count(),
            'mailboxes': self.store.mailboxes.count(),
            'signatures': self.store.signatures.count(),
            'certificates': self.store.certificates.count(),
            'companies': len(self.store.get_companies()),
            'credit': {account: cents / 100 for account, cents in self.store.get_wallets().items()},
            'callbacks': self.callbacks.log,
            'callbacks_pending': self.callbacks.pending,
            'settings': asdict(self.settings),
        }


def _to_cents(euro):
    return round(euro * 100)


def _format_euro(cents):
    """:return: text as PHP prints a number: 15.7, 182.03, 10"""
    return f'{cents / 100:.12g}'
