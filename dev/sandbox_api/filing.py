"""One filing (comunica_pec), as the sandbox keeps it and as the API shows it."""
import secrets
import time
from dataclasses import dataclass

from .accounts import get_owner
from .const import CODE_REQUESTED, CODICE_REGISTRO_IMPRESE, REQUIRED_FIELDS


@dataclass(frozen=True)
class Filing:
    """
    :param id: 24 hexadecimal digits
    :param account: name of the account it belongs to
    :param fields: dict of what was filed, keys as in const.FILING_FIELDS
    :param stato: any text; the documented ones stand in const
    :param changed_at: time of the last change, seconds since 1970 with decimals
    :param documents: list of ``{'size': bytes, 'sha256': hex}``, one for each uploaded document
    """
    id: str
    account: str
    fields: dict
    stato: str
    changed_at: float
    documents: list

    @property
    def callback(self):
        """:return: dict as the client registered it, or False"""
        return self.fields.get('callback') or False

    def get_record(self):
        """:return: dict, the record as the API shows it; ``pec_amministratore`` is never echoed"""
        return {
            **{field: self.fields.get(field) or '' for field in REQUIRED_FIELDS},
            'callback': self.callback,
            'stato': self.stato,
            'codice_registro_imprese': CODICE_REGISTRO_IMPRESE,
            'documenti_registro_imprese': [
                f'{self.id}_{number}_registro_imprese.p7m' for number in range(len(self.documents))],
            'owner': get_owner(self.account),
            'timestamp': int(self.changed_at),
            'id': self.id,
        }


def new_filing(account, fields, stato=CODE_REQUESTED):
    """Make a filing with a new id.

    :rtype: Filing
    """
    now = time.time()
    # The form of the vendor's ids: seconds in hexadecimal, then digits of no meaning.
    return Filing(f'{int(now):08x}{secrets.token_hex(8)}', account, fields, stato, now, [])
