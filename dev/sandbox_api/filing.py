"""One filing (comunica_pec), as the sandbox keeps it and as the API shows it."""
from dataclasses import dataclass, replace

from . import clock
from .accounts import get_owner
from .const import CODE_REQUESTED, CODICE_REGISTRO_IMPRESE, CREATE, REQUIRED_FIELDS
from .record import Record, new_id


@dataclass(frozen=True)
class Filing(Record):
    """``fields`` has the keys of const.FILING_FIELDS.

    :param documents: list of ``{'size': bytes, 'sha256': hex}``, one for each uploaded document
    """
    documents: list

    kind, operation = 'filing', CREATE

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

    def change(self, **changes):
        """:return: the Filing as it is after a change of ``stato`` or ``documents``"""
        return replace(self, changed_at=clock.now(), **changes)


def new_filing(account, fields, stato=CODE_REQUESTED):
    """Make a filing with a new id.

    :rtype: Filing
    """
    now = clock.now()
    return Filing(new_id(now), account, fields, stato, now, [])
