"""One mailbox (pec), as the sandbox keeps it and as the API shows it."""
import calendar
import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timezone

from . import clock
from .accounts import get_owner
from .const import ACTIVE, ALLOWANCES, CLOSED, CREATE_MAILBOX, NEW_MAILBOX, REGISTERED, REVOKED
from .record import Record, new_id

_DATE = re.compile('([0-9]{2})/([0-9]{2})/([0-9]{4})')
_NOON = 12 * 3600  # of UTC: the same day in Italy


@dataclass(frozen=True)
class Mailbox(Record):
    """``fields`` has all that the record shows, but for what the other parameters hold and ``owner``.

    :param timestamp: dict of seconds since 1970, keys as in const.TIMESTAMPS
    :param documents: dict of ``'attivazione'`` and ``'conservazione'`` -> list of ``{'size': bytes, 'sha256': hex}``
    """
    timestamp: dict
    documents: dict

    kind, operation = 'mailbox', CREATE_MAILBOX

    def get_record(self):
        """:return: dict, the record as the API shows it"""
        return {
            **self.fields,
            **{f'documenti_{kind}': [f'{self.id}_{number}_{kind}.pdf' for number in range(len(documents))]
               for kind, documents in self.documents.items()},
            'owner': get_owner(self.account),
            'timestamp': self.timestamp,
            'stato': self.stato,
            'id': self.id,
        }

    def change(self, stato=None, documents=None, **fields):
        """Change anything; with a stato comes what the vendor sets with it, and with an expiry its timestamp.

        :param stato: text, or None to leave it
        :param documents: dict as in the class, of what is new
        :param fields: what is new in ``fields``
        :return: the Mailbox as it is after the change
        """
        now = clock.now()
        timestamp = {**self.timestamp}
        # Each change must show, even within one second.
        timestamp['ultima_modifica'] = max(int(now), timestamp['ultima_modifica'] + 1)
        if stato == ACTIVE:
            timestamp.pop('revoca', None)
            if not self.fields.get('data_attivazione'):
                timestamp['evasione'] = int(now)
                fields = {**_activation(fields.get('tipo_casella') or self.fields['tipo_casella']), **fields}
        elif stato == REVOKED:
            timestamp['revoca'] = int(now)
        if 'data_scadenza' in fields:
            expiry = parse_date(fields['data_scadenza'])
            timestamp['scadenza'] = expiry and calendar.timegm(expiry.timetuple()) + _NOON
        return Mailbox(
            self.id, self.account, {**self.fields, **fields}, stato or self.stato, now,
            {key: value for key, value in timestamp.items() if value is not None},
            {**self.documents, **(documents or {})})


def new_mailbox(account, fields, stato=REGISTERED):
    """Make a mailbox with a new id.

    :param fields: dict of what was sent, and of what differs from a new one's
    :rtype: Mailbox
    """
    now = clock.now()
    address = fields['casella_pec']
    mailbox = Mailbox(new_id(now), account, {
        'dominio': address.rpartition('@')[2],
        'descrizione': address,
        # The form of the vendor's, and digits of no meaning.
        'cod_attivazione': f'{secrets.randbelow(10 ** 8):08}',
        'uid': new_user_id(),
        **NEW_MAILBOX,
        **fields,
    }, REGISTERED, now, dict.fromkeys(('registrazione', 'ultima_modifica'), int(now)), {})
    if stato in (REVOKED, CLOSED):  # which it was not before it was active
        mailbox = mailbox.change(stato=ACTIVE, **fields)
    if stato != REGISTERED:
        mailbox = mailbox.change(stato=stato, **fields)
    mailbox.timestamp['ultima_modifica'] = int(now)
    return mailbox


def new_user_id():
    """:return: text in the form of the vendor's ids of users"""
    return f'MA{secrets.randbelow(10 ** 6):06}'


def today():
    """:rtype: date"""
    return datetime.now(timezone.utc).date()


def parse_date(text):
    """:return: the date that a text in the form dd/mm/yyyy tells, or None"""
    match = _DATE.fullmatch(text)
    try:
        return match and date(*map(int, reversed(match.groups())))
    except ValueError:
        return None


def format_date(day):
    """:return: text in the form dd/mm/yyyy"""
    return f'{day:%d/%m}/{day.year:04}'


def add_years(day, years):
    """:return: the same day some years later; 28 February for a 29th that is none"""
    year = min(day.year + years, date.max.year)
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def _activation(tipo):
    """:return: dict, what a mailbox of this type has from the day it becomes active"""
    return {
        **ALLOWANCES[tipo],
        'data_attivazione': format_date(today()),
        'data_scadenza': format_date(add_years(today(), 1)),
    }
