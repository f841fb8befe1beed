"""The whole state of one running sandbox."""
import collections
import time
from dataclasses import asdict, dataclass, replace

from .accounts import DEFAULT_ACCOUNT
from .answers import Refused
from .callbacks import Callbacks
from .const import ADVANCES
from .faults import Faults

_REQUESTS_KEPT = 1000


@dataclass(frozen=True)
class Settings:
    """
    :param step: seconds after which a filing advances by itself; 0: never
    :param credit: EUR that a new account's wallet begins with
    :param price: EUR of a filing
    :param callback_shape: key of callbacks.SHAPES
    :param no_credit_form: which of the two known forms the refusal for lack of credit has, 1 or 2
    """
    step: float = 0
    credit: float = 1000.0
    price: float = 15.7
    callback_shape: str = 'data'
    no_credit_form: int = 1


@dataclass(frozen=True)
class Call:
    """What an operation gets.

    :param world: World
    :param operation: its name
    :param account: name of the account that calls
    :param parameters: dict of the parameters in the path
    :param body: bytes
    """
    world: 'World'
    operation: str
    account: str
    parameters: dict
    body: bytes


class World:
    """Settings, store, faults, callbacks and what has been asked so far."""

    def __init__(self, store, settings):
        """
        :param store: Store
        :param settings: Settings of the command line, to which each reset returns
        """
        self.store = store
        self.settings = self._first_settings = settings
        self.faults = Faults()
        self.callbacks = Callbacks()
        self.requests = collections.deque(maxlen=_REQUESTS_KEPT)
        self.request_counts = collections.Counter()
        with store.transaction():
            self.open_wallet(DEFAULT_ACCOUNT)

    def reset(self, changes):
        """Empty everything.

        :param changes: dict, as in `configure`, over the settings of the command line
        """
        self.faults.abandon()
        self.callbacks.clear()
        self.requests.clear()
        self.request_counts.clear()
        self.settings = self._first_settings
        self.store.clear()
        self.configure(changes)
        self.open_wallet(DEFAULT_ACCOUNT)

    def configure(self, changes):
        """Change settings.

        :param changes: dict with keys of Settings; ``credit`` is the EUR of every wallet, present and future, or a
            dict of account -> EUR, which leaves the others alone
        """
        changes = dict(changes)
        credit = changes.get('credit')
        if isinstance(credit, dict):
            wallets = changes.pop('credit')
        else:
            wallets = {} if credit is None else dict.fromkeys(self.store.get_wallets(), credit)
        self.settings = replace(self.settings, **changes)
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
            raise Refused(call.operation, 'credit', credit=forms[self.settings.no_credit_form])
        self.store.set_cents(call.account, available - price)

    def change(self, filing, **changes):
        """Change a filing, and tell its client.

        :param changes: ``stato``, ``documents``
        :return: the Filing as it is now
        """
        filing = replace(filing, changed_at=time.time(), **changes)
        self.store.save(filing)
        self.callbacks.announce(filing, self.settings.callback_shape)
        return filing

    def advance(self):
        """Move on the filings whose time has come."""
        if not self.settings.step:
            return
        before = time.time() - self.settings.step
        for stato, following in ADVANCES.items():
            for filing in self.store.get_due(stato, before):
                self.change(filing, stato=following)

    def get_stats(self):
        """:return: dict, what ``GET /_sandbox/stats`` shows"""
        return {
            'requests': dict(self.request_counts),
            'executed': self.store.get_executed(),
            'filings': self.store.count(),
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
