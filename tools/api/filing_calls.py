"""The five calls of Openapi's PEC API on filings: ``comunica_pec``.

A part of :class:`.client.PecClient`, which talks HTTP. Reads may be repeated; what files or delivers is called once.
The rules are those of the vendor's specification ``pec.openapi.json``.
"""
import base64
from urllib.parse import quote

from .errors import OtherRecord


class FilingCalls:
    """The calls on filings; see :class:`.client.PecClient` for how they travel."""

    def create_filing(self, values):
        """Communicate a PEC: ``POST /comunica_pec``. **Paid, with legal effect, never repeated.**

        :param dict values: the body of the specification (``BodyPostComunicaPec``): casella_pec, cf, nome, cognome,
            qualifica, email, cellulare, ragione_sociale, cf_piva, comune, provincia, pec_amministratore, callback.
        :return: the record as the service keeps it (``RichiestaComunicazionePec``), with a usable ``id``.
        :rtype: dict
        :raise NotSent, OutcomeUnknown, Refused, BadToken, NoCredit, Throttled: see :mod:`.errors`.
        """
        return self._of_this_call(values, self._record(self._call('create', 'POST', '/comunica_pec', values)))

    def list_filings(self):
        """List every filing of the account: ``GET /comunica_pec``. Free.

        :return: ``[{'id', 'casella_pec', 'stato', 'timestamp', 'owner'}]``: strings, and seconds since 1970 or None.
        :rtype: Listing
        :raise OutcomeUnknown: the list cannot be had now; also NotSent, BadToken, Throttled, Refused.
        """
        return self._list('/comunica_pec', self._clean)

    def get_filing(self, remote_id):
        """Read one filing: ``GET /comunica_pec/{id}``. Free.

        :param str remote_id: the service's id.
        :return: the whole record (``RichiestaComunicazionePec``).
        :rtype: dict
        :raise NotFound: 400/333, 404/334; also NotSent, OutcomeUnknown, BadToken, Throttled, Refused.
        """
        return self._of_this_filing(remote_id, self._record(self._read(self._path(remote_id))))

    def get_procura(self, remote_id):
        """Download the power of attorney (*procura*): ``GET /comunica_pec/{id}/procura_registro_imprese``. Free.

        :param str remote_id: the service's id.
        :return: the PDF.
        :rtype: bytes
        :raise NotReady: 406, it does not exist yet; also NotFound, NotSent, OutcomeUnknown, BadToken, Throttled,
            Refused.
        """
        return self._download(self._path(remote_id) + '/procura_registro_imprese')

    def upload_documents(self, remote_id, documents):
        """Deliver the signed documents: ``PATCH /comunica_pec/{id}``. **Never repeated.**

        :param str remote_id: the service's id.
        :param list[bytes] documents: p7m files; the service accepts nothing else.
        :return: the record after the delivery.
        :rtype: dict
        :raise Refused: 406/355 wrong state, 428/356 none; also NotFound (400/353, 404/354), NotSent,
            OutcomeUnknown, BadToken, Throttled.
        """
        encoded = [base64.b64encode(document).decode() for document in documents]
        return self._of_this_filing(
            remote_id, self._record(self._call('documents', 'PATCH', self._path(remote_id), {'documenti': encoded})))

    # ------------------------------------------------------------ answers

    @staticmethod
    def _path(remote_id):
        return '/comunica_pec/' + quote(remote_id, safe='')

    @staticmethod
    def _of_this_filing(remote_id, record):
        """Check that an answer is about the filing that was asked for, and not about another one."""
        if record['id'] != remote_id:
            raise OtherRecord("The service answered with another filing", status=200, reason='other_filing')
        return record
