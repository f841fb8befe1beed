import hashlib
import logging
from contextlib import suppress
from datetime import datetime, timezone
from math import inf

from odoo import SUPERUSER_ID, api, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from odoo.addons.l10n_it_openapi_pec.tools import clock, trust
from odoo.addons.l10n_it_openapi_pec.tools.upload.pdf import OutOfTimeError

_logger = logging.getLogger(__name__)

ASK_SECONDS = 5  # for one exchange with an authority: a person, or the next upload, waits for it
CLICK_SECONDS = 30  # for all certificates, while a person waits
FILE_SECONDS = 30  # for all certificates of one file that a stranger has uploaded


class Kept:
    """The revocation lists that were fetched, as ``trust.ask`` reads and keeps them: in transactions of their own."""

    def __init__(self, run):
        self._run = run  # a function of a method of the model of copies, and its arguments

    def get(self, url):
        """Return what was fetched there (``trust.Copy``), or None."""
        return self._run('_get_copy', self._get_digest(url))

    def __setitem__(self, url, copy):
        with suppress(*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):  # somebody else has just kept it
            self._run('_keep', self._get_digest(url), copy)

    @staticmethod
    def _get_digest(url):
        return hashlib.sha256(url.encode()).hexdigest()


class OpenapiPecTrust(models.AbstractModel):
    """Verifying signatures beyond their files: what is known is joined in any transaction; asking is done in none.

    What is asked reaches out to addresses that a stranger's file names. So it is done only beyond a trusted list, only
    where the company wants it, and never while a transaction is open: not in a compute, nor in a request that Odoo may
    run again.
    """
    _name = 'openapi_pec.trust'
    _description = "Signatures Verified beyond Their Files"

    # ------------------------------------------------------------ what is known

    @api.model
    def _join_all(self, files):
        """Return the verdicts of files with what is verified beyond them, by the lists and answers that are here.

        It takes one query for what is known of all certificates.

        :param list files: of ``(company, p7m.Verdict)``: who sends the file, and without whose wish it alone counts;
            and the verdict of the file.
        :rtype: list[trust.Joint]
        """
        wanted = [
            place for place, (company, verdict) in enumerate(files)
            if verdict.message and company.sudo().openapi_pec_verify]
        beyond = dict(zip(wanted, wanted and self._judge_beyond(
            [(files[place][0], files[place][1].message) for place in wanted]), strict=True))
        return [trust.join(verdict, beyond.get(place)) for place, (_company, verdict) in enumerate(files)]

    @api.model
    def _judge_beyond(self, files):
        """Return what is known of signed files beyond what they say themselves (list of ``trust.Verdict``).

        :param list files: of ``(company, bytes)``: who sends it and has it verified, and what ``p7m`` could open.
        """
        authorities = self.env['openapi_pec.trusted_list']._get_authorities()
        return trust.judge(
            [message for _company, message in files], authorities, now=datetime.now(timezone.utc),
            read_statuses=self.env['openapi_pec.certificate_status']._read_known)

    # ------------------------------------------------------------ CALLS: with no transaction open

    @api.model
    def _get_fetcher(self, seconds):
        """Return what fetches over the network, from public addresses alone.

        No setting widens it. What runs on one machine, as tests and the local sandbox do, overrides this method.

        :param float seconds: for one exchange.
        :rtype: trust.Fetcher
        """
        return trust.Fetcher(seconds=seconds)

    @api.model
    def _ask(self, joints, is_anew=False, seconds=None):
        """Ask the authorities whether certificates were revoked, and keep what they say.

        Call it with no transaction open. It opens its own ones, and commits them.

        :param joints: verdicts (``trust.Joint``).
        :param bool is_anew: whether a person asks again, so that nothing is taken from what was fetched before.
        :param float seconds: after which no further certificate is asked about; None for all.
        """
        links = {link.fingerprint: link for joint in joints for link in joint.links}
        fetcher, end = self._get_fetcher(ASK_SECONDS), clock.now() + (seconds or inf)
        started = datetime.now(timezone.utc)  # what a signer says of when he signed may lie in the future
        signed_at = max((
            min(signer.signed_at, started) for joint in joints for signer in joint.signers if signer.signed_at),
            default=None)
        kept = Kept(lambda method, *arguments: self._run('openapi_pec.revocation_copy', method, *arguments))
        for link in links.values():
            if clock.now() > end:
                break
            try:
                statuses = trust.ask(
                    [link], fetcher, now=datetime.now(timezone.utc), kept=kept, signed_at=signed_at, is_anew=is_anew)
                for fingerprint, status in statuses.items():
                    self._run('openapi_pec.certificate_status', '_keep', fingerprint, status)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                _logger.info("Somebody else has just asked about the same certificate.")
            except Exception:  # of one certificate, which keeps no other one from being asked about
                _logger.exception("A certificate could not be asked about.")
        territories = {joint.territory for joint in joints if joint.territory}
        if territories:
            self._run('openapi_pec.trusted_list', '_want', territories)

    @api.model
    def _get_asking(self, company):
        """Return a function that joins as :meth:`_join_all` does, of one file, and asks what is not known yet.

        The function is called with no transaction open, as ``_ask``. Its arguments are the verdict of the file, and
        whether a visitor waits: then nothing is asked, since that takes seconds, and it raises ``OutOfTimeError``.
        """
        is_wanted, company_id = company.sudo().openapi_pec_verify, company.id

        def join(verdict, is_awaited):
            joint = self._run(self._name, '_join_of', company_id, verdict) if is_wanted else trust.join(verdict)
            if verdict.level == 'refused' or not (joint.is_to_ask or joint.territory):
                return joint
            if is_awaited and joint.is_to_ask:
                raise OutOfTimeError
            self._ask([joint if joint.is_to_ask else joint._replace(links=())], seconds=FILE_SECONDS)
            return self._run(self._name, '_join_of', company_id, verdict)

        return join

    @api.model
    def _join_of(self, company_id, verdict):
        return self._join_all([(self.env['res.company'].browse(company_id), verdict)])[0]

    @api.model
    def _run(self, model, method, *arguments):
        """Call a method of a model in a transaction of its own, as the superuser, and return what it returns."""
        with self.pool.cursor() as cr:
            return getattr(api.Environment(cr, SUPERUSER_ID, {})[model], method)(*arguments)
