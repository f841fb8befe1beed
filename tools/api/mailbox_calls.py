"""The calls of Openapi's PEC API on mailboxes: ``pec`` and ``verifica_pec``.

A part of :class:`.client.PecClient`, which talks HTTP. Reads may be repeated; what buys, changes, renews or revokes is
called once. The rules are those of the vendor's specification ``pec.openapi.json``.
"""
import base64
import datetime
import re
from urllib.parse import quote

from .errors import OtherRecord, OutcomeUnknown, Refused
from .text import bound_text, clean_text

DATE = re.compile(r'([0-9]{2})/([0-9]{2})/([0-9]{4})')
CHECK_SECONDS = 8.0  # for a question that somebody waits for while typing
# With which the service says that an address is taken: an HTTP status, and words of its message.
TAKEN_STATUS, TAKEN = 406, 'not available'
MAX_ITEMS = 100  # of a list within a record; the service itself stops at 25 users
MAX_NUMBER = 2**31 - 1
MAX_SECONDS = 32503680000  # the year 3000


def read_date(text):
    """Return a date of the service, ``dd/mm/yyyy``, or None for anything else.

    :rtype: datetime.date | None
    """
    match = DATE.fullmatch(text) if isinstance(text, str) else None
    try:
        return match and datetime.date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        return None


def write_date(date):
    """Return a date as the service wants it, '' for none."""
    # Not %Y, which writes the years before 1000 with three digits.
    return f'{date:%d/%m}/{date.year:04}' if date else ''


def read_number(value):
    """Return a whole number that is not negative; 0 for anything else. Numbers have been seen as text in this API."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 12:
        value = int(value)
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and 0 <= value <= MAX_NUMBER else 0


def read_seconds(value):
    """Return seconds since 1970, or None for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 12:
        value = int(value)
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and 0 < value < MAX_SECONDS else None


class MailboxCalls:
    """The calls on mailboxes; see :class:`.client.PecClient` for how they travel.

    A mailbox is returned as the service's record (``Casella``), bounded and checked: texts are strings, dates
    ``datetime.date`` or None, spaces numbers (MB), ``times`` a dict of seconds since 1970 or None, ``multiutenza`` a
    list of dicts of strings; ``timestamp`` is the moment of registration, as the list of filings has it.
    """

    # ------------------------------------------------------------ reading, free

    def list_mailboxes(self):
        """List every mailbox of the account: ``GET /pec``.

        :return: mailboxes with ``id``, ``casella_pec``, ``tipo_casella``, ``stato``, ``data_scadenza``, ``times``,
            ``timestamp``.
        :rtype: Listing
        :raise OutcomeUnknown: the list cannot be had now; also NotSent, BadToken, Throttled, Refused.
        """
        return self._list('/pec', self._clean_row)

    def get_mailbox(self, remote_id):
        """Read one mailbox: ``GET /pec/{id}``.

        :param str remote_id: the service's id.
        :return: the whole record.
        :rtype: dict
        :raise NotFound: 400/201, 404/202; also NotSent, OutcomeUnknown, BadToken, Throttled, Refused.
        """
        return self._same(remote_id, self._mailbox(self._read(self._mailbox_path(remote_id))))

    def is_available(self, address):
        """Ask whether an address is free to be bought: ``GET /verifica_pec/{pec}``.

        The answer says nothing about an address in use elsewhere. It is asked while a person types, so it is not
        repeated.

        :param str address: with one of the provider's own domains: the service does not know about others.
        :return: False, too, when the service refuses to answer because the address is "not available": the vendor's
            own client reads that so.
        :rtype: bool
        :raise Refused: 406/208, 428/207; also NotSent, OutcomeUnknown, BadToken, Throttled.
        """
        status, _headers, content = self._ask('/verifica_pec/' + quote(address, safe='@'), CHECK_SECONDS)
        try:
            data = self._data(status, content)
        except Refused as error:
            if status == TAKEN_STATUS and TAKEN in error.message.casefold():
                return False
            raise
        if not isinstance(data, dict) or not isinstance(data.get('available'), bool):
            raise OutcomeUnknown(
                "The service does not say whether the address is free", status=status, reason='availability_untold')
        return data['available']

    def get_activation_form(self, remote_id):
        """Download the form to be signed for the activation: ``GET /pec/{id}/modulo_attivazione``.

        :return: the PDF.
        :rtype: bytes
        :raise NotReady: 406; also NotFound (400, 404), NotSent, OutcomeUnknown, BadToken, Throttled, Refused.
        """
        return self._download(self._mailbox_path(remote_id) + '/modulo_attivazione')

    def get_storage_form(self, remote_id):
        """Download the form to be signed for legal storage (*conservazione*): ``GET /pec/{id}/modulo_conservazione``.

        As :meth:`get_activation_form`.
        """
        return self._download(self._mailbox_path(remote_id) + '/modulo_conservazione')

    # ------------------------------------------------------------ side effects, called once

    # All return the mailbox after the call, and raise NotSent, OutcomeUnknown, Refused, BadToken, NoCredit, Throttled:
    # see :mod:`.errors`; of those with an id, NotFound as well.

    def create_mailbox(self, values):
        """Buy a mailbox: ``POST /pec``. **Paid, never repeated.**

        :param dict values: the body of the specification (``BodyPostPec``).
        """
        return self._of_this_call(values, self._mailbox(self._call('mailbox_create', 'POST', '/pec', values)))

    def activate_mailbox(self, remote_id, documents):
        """Deliver the signed form and the identity document: ``PATCH /pec/{id}/attivazione``. **Never repeated.**

        :param list[bytes] documents: PDF files.
        """
        return self._change(
            'mailbox_activate', remote_id, 'PATCH', '/attivazione', {'documenti': self._encode(documents)})

    def add_space(self, remote_id, spaces):
        """Set the space of a mailbox: ``PATCH /pec/{id}/modifica``. **Paid, never repeated.**

        :param dict spaces: ``spazio_disco``, ``spazio_storico``, ``spazio_conservazione``: whole sizes in MB, never
            "+…", so that what was asked for can be recognised in what the service answers.
        """
        return self._change('mailbox_modify', remote_id, 'PATCH', '/modifica', spaces)

    def upgrade_mailbox(self, remote_id, mailbox_type):
        """Change the type of a mailbox to a larger one: ``PATCH /pec/{id}/trasformazione``. **Paid, never repeated.**

        :param str mailbox_type: STANDARD, BRONZE, SILVER or GOLD.
        """
        return self._change('mailbox_transform', remote_id, 'PATCH', '/trasformazione', {'tipo_casella': mailbox_type})

    def activate_storage(self, remote_id, documents, space):
        """Activate legal storage: ``PATCH /pec/{id}/conservazione``. **Paid, never repeated.**

        :param list[bytes] documents: PDF files.
        :param int space: MB, a multiple of 512.
        """
        return self._change(
            'mailbox_store', remote_id, 'PATCH', '/conservazione',
            {'spazio_conservazione': space, 'documenti': self._encode(documents)})

    def add_user(self, remote_id, values):
        """Add a user of a mailbox (*multiutenza*): ``POST /pec/{id}/multiutenza``. **Paid, never repeated.**

        :param dict values: the body of the specification (``BodyPostMultiutenza``).
        """
        return self._change('mailbox_user', remote_id, 'POST', '/multiutenza', values)

    def renew_mailbox(self, remote_id, years):
        """Renew a mailbox, or bring a revoked one back: ``GET /pec/{id}/rinnovo``. **Paid, never repeated.**

        It is a GET that costs.

        :param int years: 1 to 5.
        """
        return self._change('mailbox_renew', remote_id, 'GET', f'/rinnovo?anni={int(years)}')

    def revoke_mailbox(self, remote_id):
        """Revoke a mailbox: ``DELETE /pec/{id}``. **Never repeated.**"""
        return self._change('mailbox_revoke', remote_id, 'DELETE')

    # ------------------------------------------------------------ answers

    @staticmethod
    def _mailbox_path(remote_id):
        return '/pec/' + quote(remote_id, safe='')

    @staticmethod
    def _encode(documents):
        return [base64.b64encode(document).decode() for document in documents]

    def _change(self, operation, remote_id, method, path='', body=None):
        """Call an operation on a mailbox, once."""
        return self._same(
            remote_id, self._mailbox(self._call(operation, method, self._mailbox_path(remote_id) + path, body)))

    @staticmethod
    def _same(remote_id, record):
        """Check that an answer is about the mailbox that was asked for, and not about another one."""
        if record['id'] != remote_id:
            raise OtherRecord("The service answered with another mailbox", status=200, reason='other_mailbox')
        return record

    def _mailbox(self, data):
        """Check and bound a whole mailbox; the answer to a paid call is worthless without a usable id."""
        if not self._is_record(data):
            raise OutcomeUnknown("The service's answer holds no mailbox", status=200, reason='no_mailbox')
        users = data.get('multiutenza')
        return {
            **{key: value if isinstance(value, bool) else bound_text(value) for key, value in data.items()},
            **self._clean_row(data),
            **{key: read_number(data.get(key)) for key in ('spazio_disco', 'spazio_storico', 'spazio_conservazione')},
            **{key: read_date(value) for key, value in data.items() if key.startswith('data_')},
            **{
                key: [bound_text(name) for name in data[key][:MAX_ITEMS]] if isinstance(data.get(key), list) else []
                for key in ('documenti_attivazione', 'documenti_conservazione')
            },
            'callback': data.get('callback'),  # of which the reference alone is compared
            'multiutenza': [self._clean_user(user) for user in users[:MAX_ITEMS] if isinstance(user, dict)]
            if isinstance(users, list) else [],
        }

    def _clean_row(self, data):
        """Bound a row of the list of mailboxes."""
        times = data.get('timestamp')
        times = {key: read_seconds(value) for key, value in times.items() if isinstance(key, str)} if isinstance(
            times, dict) else {}
        return {
            'id': str(data['id']),
            'owner': bound_text(data.get('owner')),
            'casella_pec': bound_text(data.get('casella_pec')),
            'tipo_casella': bound_text(data.get('tipo_casella')).upper(),
            'stato': clean_text(data.get('stato') or ''),
            'data_scadenza': read_date(data.get('data_scadenza')),
            'times': times,
            'timestamp': times.get('registrazione'),
        }

    def _clean_user(self, user):
        """Bound one user of a mailbox (``Utenza``)."""
        times = user.get('timestamp')
        return {
            **{key: bound_text(user.get(key)) for key in (
                'nome', 'cognome', 'descrizione', 'email_gestione_password', 'id_utenza', 'userid')},
            'activated_at': read_seconds(times.get('attivazione')) if isinstance(times, dict) else None,
        }


__all__ = ['MailboxCalls', 'read_date', 'read_seconds', 'write_date']
