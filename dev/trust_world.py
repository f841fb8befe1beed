"""A small world of trust on one machine: an authority, the lists in which it stands, and whom it has revoked.

It keeps to what ``trust_files`` and ``trust_lists`` make; whoever serves it (a test, the local sandbox API) asks for
what is at an address.
"""
import datetime

from cryptography.x509 import ocsp

import trust_lists
from p7m_files import DAY, NOW
from trust_files import Authority
from trust_lists import list_signer

LIST_OF_LISTS, ITALIAN, ANSWERS, REVOKED = '/trust/lists.xml', '/trust/it.xml', '/trust/ocsp', '/trust/crl'


class World:
    """An authority of Italy, who lists it, and what it answers.

    :param str url: where it is served, without the paths.
    :param Authority authority: the one of the lists.
    """

    def __init__(self, url, authority=None):
        self.url = url
        self.authority = authority or Authority()
        self.europe, self.italy = list_signer(copy=1), list_signer(copy=2)
        self.entries, self.sequence, self.until = [trust_lists.Entry()], 42, NOW + 100 * DAY
        self.notice = 'https://eur-lex.invalid/eli/C/2026/1944/oj'
        self.announced = []  # who may sign the list of lists, as it says itself
        self.issued, self.revoked = {}, {}  # by serial number: Identity; (since when, word of the reason or None)

    @property
    def fingerprint(self):
        """Who signs the list of lists, as a person confirms it."""
        return trust_lists.fingerprint(self.europe)

    def issue(self, serial=0x4711471147114711, **how):
        """Issue a certificate; return its ``Identity``. For ``how`` see ``Authority.issue``."""
        how = {'answers': [self.url + ANSWERS], 'lists': [self.url + REVOKED], **how}
        self.issued[serial] = self.authority.issue(serial=serial, **how)
        return self.issued[serial]

    def get(self, path, body=b''):
        """Return what is at a path (bytes), None for another one.

        :param bytes body: what was posted.
        """
        give = {
            LIST_OF_LISTS: self._write_list_of_lists, ITALIAN: self._write_italian, REVOKED: self._make_revoked,
            ANSWERS: lambda: self._answer(body)}.get(path)
        return give and give()

    def _write_list_of_lists(self):
        pointer = trust_lists.write_pointer('IT', self.url + ITALIAN, [self.italy])
        own = [trust_lists.write_pointer('EU', self.url + LIST_OF_LISTS, self.announced)] if self.announced else []
        return trust_lists.sign_list(trust_lists.write_list(
            pointers=[*own, pointer, trust_lists.write_pointer('DE', self.url + '/trust/de.xml', [self.italy])],
            territory='EU', sequence=self.sequence, until=NOW + 100 * DAY, notice=self.notice), self.europe)

    def _write_italian(self):
        service = trust_lists.write_service([self.authority.certificate], *self.entries)
        return trust_lists.sign_list(trust_lists.write_list(
            [service], sequence=self.sequence, until=self.until), self.italy)

    def _make_revoked(self):
        return self.authority.make_list(
            [(serial, *entry) for serial, entry in self.revoked.items()], **self._get_validity())

    def _answer(self, body):
        serial = ocsp.load_der_ocsp_request(body).serial_number
        since, reason = self.revoked.get(serial, (None, None))
        return self.authority.answer(
            self.issued[serial], 'REVOKED' if since else 'GOOD', revoked_at=since, reason=reason,
            **self._get_validity())

    @staticmethod
    def _get_validity():
        now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
        return {'since': now, 'until': now + DAY}
