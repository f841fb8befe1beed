"""How truthfully, and how soon, the service tells what it has: everything that its specification does not promise."""
import html
from dataclasses import dataclass, field

from . import clock

# name -> function of a text that returns it as the service may tell it
_SPELLINGS = {
    'upper': str.upper,
    'entities': lambda text: html.escape(text).replace('à', '&agrave;').replace("'", '&#039;'),
    'labels': lambda text: text.replace('_', ' ').capitalize() if text.isupper() and '_' in text else text,
}
_MISSING = 'qualifica', 'tipo_casella'  # the keys that `missing` leaves out
VALUES = (*_SPELLINGS, 'missing')
_SPELT = frozenset((
    'casella_pec', 'nome', 'cognome', 'ragione_sociale', 'comune', 'qualifica', 'nome_richiedente',
    'cognome_richiedente', 'denominazione_titolare',
))


@dataclass(frozen=True)
class Mood:
    """
    :param list_late: seconds until a new record shows in the list
    :param details_late: seconds until the details of a new record are found
    :param renewal_late: seconds until the new expiry of a renewed mailbox shows
    :param changes_late: seconds until any other change of a mailbox shows
    :param transactions_late: seconds until a transaction of the wallet shows
    :param tokens_late: seconds until a new token is accepted by the services
    :param clock: seconds by which the clock of the service differs
    :param echo: whether ``callback`` is echoed
    :param values: keys of VALUES: how texts are told
    :param number_ids: whether ids are told as numbers
    :param list_cap: how many rows the list shows at the most, the newest; 0: all
    """
    list_late: float = 0
    details_late: float = 0
    renewal_late: float = 0
    changes_late: float = 0
    transactions_late: float = 0
    tokens_late: float = 0
    clock: int = 0
    echo: bool = True
    values: list = field(default_factory=list)
    number_ids: bool = False
    list_cap: int = 0

    def shows_in_list(self, row):
        """:return: whether a row, as the store tells it, is in the list already"""
        return _made_at(row) + self.list_late <= clock.now()

    def shows_details(self, record_id):
        """:return: whether the details of a record are found already"""
        return _made_at({'id': record_id}) + self.details_late <= clock.now()

    def tell(self, record):
        """:return: dict, a record or a row as the service tells it"""
        told = {key: self.spell(value) if key in _SPELT else value for key, value in record.items()
                if not ('missing' in self.values and key in _MISSING)}
        told['timestamp'] = self._shift(record['timestamp'])
        if self.number_ids:
            told['id'] = int(record['id'], 16)
        if not self.echo and 'callback' in record:
            told['callback'] = False
        return told

    def spell(self, value):
        """:return: a text as it is told; anything else as it is"""
        for name in self.values:
            value = _SPELLINGS.get(name, str)(value) if isinstance(value, str) else value
        return value

    def _shift(self, timestamp):
        if isinstance(timestamp, dict):
            return {key: value + self.clock for key, value in timestamp.items()}
        return timestamp + self.clock


def read_id(text):
    """:return: the id that a path names, which may be told as a number"""
    return f'{int(text):024x}' if text.isascii() and text.isdigit() and 24 < len(text) < 32 else text


def _made_at(row):
    """:return: when a record was made, in seconds since 1970, as its id tells"""
    return int(row['id'][:8], 16)
