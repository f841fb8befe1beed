"""Client of Openapi's esignature API: remote qualified signatures, and the certificates that make them.

A signature is asked for once, and costs cents; a certificate is bought once, and costs about EUR 99. There is no key
that would make a repetition harmless: of a lost answer, the lists show what became of it, by the reference that was
sent along. PIN and one-time password of a certificate go nowhere but into the one request: no error, no text and no
object that stays holds them. The rules are those of the vendor's specification ``esignature.openapi.json``; what is
read stands in :mod:`.signature_data`.

They raise, of :mod:`.errors`: NotSent, Refused, BadToken, NoCredit, Throttled: nothing was spent. OutcomeUnknown: it
was perhaps executed, and paid.
"""
import copy
from functools import partial
from urllib.parse import quote

from ..outcome.created import fold
from .client import REFUSALS
from .errors import Gone, NotFound, OtherRecord, OutcomeUnknown, Refused, WrongCredentials
from .pages import PagedClient
from .refusals import is_absent, is_wrong_credentials
from .signature_data import ENDED, Certificate, Signature, check_credentials, make_request, read_record, read_row
from .signature_report import make_verification, read_report
from .text import clean_text

SIGNATURE_HOSTS = {
    'production': 'https://esignature.openapi.com',
    'sandbox': 'https://test.esignature.openapi.com',
}
# operation of the journal -> path
SIGNINGS = {'sign_otp': '/EU-QES_otp', 'sign_automatic': '/EU-QES_automatic'}
SIGNATURES, CERTIFICATES = '/signatures', '/certificates'
VERIFY = 'verify'  # operation of the journal
PURCHASES = {
    'certificate_otp': f'{CERTIFICATES}/namirial-otp', 'certificate_automatic': f'{CERTIFICATES}/namirial-automatic'}
NO_DOCUMENTS = (b'{', b'[', b'<')  # how JSON and pages begin; whatever else comes is judged as any file is


class SignatureClient(PagedClient):
    """One account of the esignature API: see :class:`.client.ServiceClient` for how calls travel."""

    # ------------------------------------------------------------ signatures

    def sign(self, operation, document, title, credentials, callback=None, *, is_awaited=True):
        """Have a document signed: ``POST /EU-QES_otp`` or ``/EU-QES_automatic``. **Paid, never repeated.**

        CAdES, attached, SHA-256. An answer that tells wrong credentials is one as well: see
        :attr:`.signature_data.Signature.has_wrong_credentials`.

        :param str operation: key of ``SIGNINGS``.
        :param bytes document: what is to be signed.
        :param str title: with a reference of this attempt alone: see :func:`.signature_data.make_title`.
        :param Sealed credentials: see :func:`.signature_data.make_credentials`.
        :param dict callback: as the specification has it; or None.
        :param bool is_awaited: whether the service answers when it has signed, which takes it many seconds; or at once.
        :rtype: Signature
        :raise NotSent: also: the document is empty or too large, or the credentials are of the other kind: an attempt
            with them would be one of the few after which a certificate is locked.
        :raise WrongCredentials: the credentials are not accepted: there is no signature.
        """
        check_credentials(credentials, with_otp=operation == 'sign_otp')
        body = credentials.add(make_request(document, title, callback, is_awaited=is_awaited))
        try:
            signature = self._mask(credentials)._read_signing(operation, body)
            if signature.title and not signature.is_of(title.partition(' ')[0]):
                raise OtherRecord("The service answered with another signature", status=200, reason='other_signature')
            return signature._replace(title=title)
        except Exception as error:  # noqa: BLE001 (no bug may tell what is secret either)
            failure = error
        if isinstance(failure, OutcomeUnknown) and is_wrong_credentials(failure.code):
            failure = WrongCredentials(failure.message, status=failure.status, code=failure.code)
        # Where it was raised, the request is at hand, or what was answered, which may repeat the secrets.
        raise failure.with_traceback(None) from None

    def list_signatures(self, since=None):
        """List the signatures of the account, to look for many references at once: ``GET /signatures``. Free.

        :param datetime.datetime since: with its zone; what is older is not looked at, what has no time is.
        :rtype: Rows[Signature]
        :raise OutcomeUnknown: the list cannot be had now; also NotSent, BadToken, Throttled, Refused.
        """
        return self._list(SIGNATURES, Signature, since)

    def get_signature(self, remote_id):
        """Read the details of a signature: ``GET /signatures/{id}/detail``. Free.

        :rtype: Signature
        :raise Gone: the service knows no such signature (any more); also NotSent, OutcomeUnknown, BadToken, Throttled,
            Refused.
        """
        return self._of(remote_id, read_record(Signature, self._read(self._path(SIGNATURES, remote_id) + '/detail')))

    def get_signed_document(self, remote_id):
        """Download the signed document: ``GET /signatures/{id}/signedDocument``. Free, during 30 days.

        :return: the file as it comes, which has to be judged like any other.
        :rtype: bytes
        :raise Gone: there is none: not yet, not any more, or not at all; also NotSent, OutcomeUnknown, BadToken,
            Throttled, Refused.
        """
        def attempt(end):
            status, headers, content = self._get(self._path(SIGNATURES, remote_id) + '/signedDocument', end)
            if status == 200 and content and not content.lstrip().startswith(NO_DOCUMENTS):
                return content
            if 400 <= status < 500:
                return self._data(status, content)
            kind = clean_text(headers.get('Content-Type', ''), *self._secrets)
            raise OutcomeUnknown(
                f"The service answered with HTTP status {status} and no signed document ({kind})", status=status,
                reason='no_signed', detail=kind)

        return self._repeat(attempt)

    def delete_signature(self, remote_id):
        """Have the service delete a signature with its documents: ``DELETE /signatures/{id}``.

        It may be called again: to delete what is gone already does nothing.

        :return: whether it was there.
        :rtype: bool
        :raise OutcomeUnknown: it may be there still; also NotSent, BadToken, Refused, Throttled.
        """
        status, _headers, content = self._exchange('DELETE', self._path(SIGNATURES, remote_id))
        if status in (200, 204) and not content.strip():
            return True
        try:
            self._data(status, content, 'signature_delete')
        except Gone:
            return False
        return True

    def verify(self, document):
        """Have a signed document, which goes to the service, verified: ``POST /verify``. **Paid, never repeated.**

        :param bytes document: signed.
        :rtype: Report
        :raise NotSent: also: the document is empty or too large.
        :raise OutcomeUnknown: also: what came is no report.
        """
        return read_report(self._call(VERIFY, 'POST', '/verify', make_verification(document)), self._secrets)

    # ------------------------------------------------------------ certificates

    def buy_certificate(self, operation, owner, reference, callback=None):
        """Buy a certificate: ``POST /certificates/namirial-otp`` or ``…-automatic``. **Paid, never repeated.**

        :param str operation: key of ``PURCHASES``.
        :param str owner: the name of whom it is for.
        :param str reference: of this purchase alone, in small letters and digits. The answer must repeat it; otherwise
            :meth:`list_certificates` shows it.
        :param dict callback: as the specification has it; or None.
        :rtype: Certificate
        :raise Refused: 404/305, none is in stock; also NotSent, OutcomeUnknown, BadToken, NoCredit, Throttled.
        """
        body = {'certificateOwner': owner, 'customReference': reference}
        if callback:
            body['callback'] = callback
        told = self._call(operation, 'POST', PURCHASES[operation], body)
        certificate = read_record(Certificate, told, self._secrets)
        if not certificate.is_of(reference):
            raise OtherRecord("The service answered with another certificate", status=200, reason='other_certificate')
        return certificate._replace(reference=reference)

    def list_certificates(self, since=None):
        """List the certificates of the account: ``GET /certificates``. Free.

        :param datetime.datetime since: as for :meth:`list_signatures`.
        :rtype: Rows[Certificate]
        :raise OutcomeUnknown: the list cannot be had now; also NotSent, BadToken, Throttled, Refused.
        """
        return self._list(CERTIFICATES, Certificate, since)

    def find_certificates_of(self, owner, reference=''):
        """Find the certificates of an owner, by the name that was given at the purchase: ``GET /certificates``. Free.

        What can be used, and does not tell whose it is, counts as unreadable: it may be his.

        :param str reference: of a purchase: what it has made is found as well, whatever it tells of its owner.
        :rtype: Rows[Certificate]
        :raise OutcomeUnknown: the list cannot be had now; also NotSent, BadToken, Throttled, Refused.
        """
        rows = self.list_certificates()
        rows.unreadable += sum(
            not (row.holder or row.is_of(reference)) and row.state not in ENDED for row in rows)
        rows[:] = [row for row in rows if fold(row.holder) == fold(owner) or row.is_of(reference)]
        return rows

    def get_certificate(self, remote_id):
        """Read a certificate: ``GET /certificates/{id}``. Free.

        :rtype: Certificate
        :raise Gone: the service knows no such certificate (any more); also NotSent, OutcomeUnknown, BadToken,
            Throttled, Refused.
        """
        return self._of(remote_id, read_record(Certificate, self._read(self._path(CERTIFICATES, remote_id))))

    # ------------------------------------------------------------ answers

    def _mask(self, sealed):
        """Return another client of the account, which masks what is sealed in the texts that come back, for one call.
        """
        client = copy.copy(self)
        client._secrets = (*self._secrets, *sealed.get_secrets())
        return client

    def _read_signing(self, operation, body):
        return read_record(Signature, self._call(operation, 'POST', SIGNINGS[operation], body), self._secrets)

    @staticmethod
    def _path(home, remote_id):
        return f"{home}/{quote(remote_id, safe='')}"

    @staticmethod
    def _of(remote_id, record):
        """Check that an answer is about the record that was asked for."""
        if record.id != remote_id:
            raise OtherRecord("The service answered with another record", status=200, reason='other_record')
        return record

    def _list(self, path, kind, since):
        """Return the rows of a list, and how far it can be believed (Rows)."""
        return self._read_rows(path, partial(read_row, kind), lambda row: row.id, lambda row: row.created_at, since)

    def _envelope(self, body):
        """Return the JSON of an answer, whose lists may be bare; None when it is neither an object nor a list."""
        told = self._read_json(body)
        return {'data': told} if isinstance(told, list) else told if isinstance(told, dict) else None

    def _data(self, status, body, operation=None):
        """Return what an answer tells; what is not there is documented as an answer without a body."""
        if operation in (None, 'signature_delete') and not body.strip() and is_absent(status, ''):
            raise Gone("The service knows no such record", status=status, reason='not_there')
        return super()._data(status, body, operation)

    def _is_no_page(self, path, error):
        """Return whether a refusal is the one that is documented for a list without rows: of signatures alone."""
        return path == SIGNATURES and isinstance(error, Gone)

    def _refusal(self, status, message, code=None):
        """Return the error that a refusal of the service means: its codes have nothing to do with the PEC API's."""
        error = super()._refusal(status, message, code)
        if str(error.code) in self._secrets:
            error.code = None
        details = {'status': error.status, 'code': error.code}
        if message and is_absent(status, str(message)):
            return Gone(error.message, **details)
        if isinstance(error, NotFound):
            return REFUSALS.get(status, Refused)(error.message, **details)
        return error
