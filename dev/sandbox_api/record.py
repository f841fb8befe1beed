"""What filings, mailboxes, signatures and certificates have in common, as the sandbox keeps them."""
import secrets
from dataclasses import dataclass


@dataclass(frozen=True)
class Record:
    """Any of them; each subclass tells its ``kind``, the ``operation`` that has made it, ``get_record()`` and
    ``change(...)``.

    :param id: 24 hexadecimal digits
    :param account: name of the account it belongs to
    :param fields: dict of what was sent, and what came of it
    :param stato: any text; the documented ones stand in const
    :param changed_at: time of the last change, seconds since 1970 with decimals
    """
    id: str
    account: str
    fields: dict
    stato: str
    changed_at: float

    @property
    def callback(self):
        """:return: dict as the client registered it, or False"""
        return self.fields.get('callback') or False


def new_id(now):
    """Make an id in the form of the vendor's: seconds in hexadecimal, then digits of no meaning.

    :param now: seconds since 1970
    """
    return f'{int(now):08x}{secrets.token_hex(8)}'
