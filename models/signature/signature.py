import threading
from dataclasses import dataclass, field
from itertools import takewhile

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.lock import claim
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import (
    BadToken,
    NoCredit,
    NotSent,
    OpenapiPecError,
    Refused,
    Throttled,
)
from odoo.addons.l10n_it_openapi_pec.tools.api.sealed import Sealed
from odoo.addons.l10n_it_openapi_pec.tools.clock import now
from odoo.addons.l10n_it_openapi_pec.tools.finding import ERROR

OF_ALL = (BadToken, NoCredit, Throttled)  # refusals of one signature that all others would get as well


class UnderWayError(UserError):
    """A signature of the same filing is being asked for already."""


class OutdatedError(UserError):
    """What is there to be signed is not what was shown."""


class ReplacedError(OutdatedError):
    """It is another document, and nothing else has changed: who reads it may sign it."""


@dataclass(frozen=True, eq=False)
class Signing:
    """In the context, what opens a certificate, until the call is made: no request can send such an object.

    :param Sealed credentials: username, PIN and one-time password.
    :param float until: when it is too late for the call, on the clock of ``tools.clock``.
    :param bool is_awaited: whether the service answers when it has signed; or at once.
    :param int parallel: of several signatures of one click, how many calls at a time; 0: it is one signature.
    :param stopped: set when one has failed in a way that concerns all of them.
    :param proved: set when one shows that the certificate signs.
    """

    credentials: Sealed
    until: float
    is_awaited: bool = True
    parallel: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)
    proved: threading.Event = field(default_factory=threading.Event)

    def goes_on(self):
        """Return whether others may be begun."""
        return not self.stopped.is_set() and now() <= self.until

    def call(self, sign):
        """Have something signed (``sign()`` returns a Signature), unless it is too late; return its fields (dict)."""
        if self.stopped.is_set():
            raise NotSent(
                "Another signature of the same click failed in a way that concerns all of them", reason='stopped')
        if now() > self.until:
            raise NotSent("The server was suspended, or busy, right before the call", reason='suspended')
        try:
            signature = sign()
        except OpenapiPecError as error:
            if not isinstance(error, Refused) or isinstance(error, OF_ALL):
                self.stopped.set()
            raise
        if signature.is_done:
            self.proved.set()
        elif signature.has_wrong_credentials or (self.is_awaited and not signature.is_failed):
            self.stopped.set()  # of one that waits, nobody knows yet whether the certificate signs
        return signature._asdict()


class OpenapiPecSignature(models.Model):
    """One attempt to have a power of attorney signed remotely: with the one-time password of who signs it, or with the
    automatic certificate of an intermediary.

    It is called once, and in the request of the click alone: no job ever has a PIN. Each attempt has a reference of its
    own, by which the service's list shows what became of a lost answer. What was signed goes the way of an upload.
    """
    _name = 'openapi_pec.signature'
    _description = "Remote Signature"
    _inherit = ['openapi_pec.attempt.mixin', 'openapi_pec.reference.mixin']
    _open_states = const.remote_signature.OPEN_STATES
    _refusal_sentences = const.remote_signature.REFUSALS

    kind = fields.Selection(const.sign_many.KINDS, required=True, readonly=True, default='otp')
    batch_id = fields.Many2one(
        'openapi_pec.batch', "Multiple Filing", readonly=True, index='btree_not_null', ondelete='set null',
        help="In which many were signed with one click.")
    run = fields.Char(readonly=True, help="Those of one click have the same.")
    signer_name = fields.Char("In the Name of", readonly=True, help="Of an automatic certificate: whose it was.")
    signer_fiscal_code = fields.Char("Signer's Tax Code", readonly=True)
    mandate = fields.Text("Declaration", readonly=True, help="What who had it signed declared.")
    signed_digest = fields.Char(
        readonly=True, help="SHA-256 of the file by which the intermediary is known: as it came, then of the message "
        "that was kept.")
    state = fields.Selection(const.remote_signature.STATES, required=True, readonly=True, index=True)
    outcome = fields.Char(readonly=True, help="Why there is no signature (yet): a key of the sentences.")
    username = fields.Char("Username of the Certificate", readonly=True, help="Neither PIN nor password.")
    checksum = fields.Char(readonly=True, help="SHA-1 of the power of attorney that is signed.")
    signed_checksum = fields.Char(readonly=True, help="SHA-1 of the signed file, as the filing got it.")
    deleted_at = fields.Datetime("Deleted at the Service", readonly=True)

    _reference_unique = models.UniqueIndex('(reference)')
    # A double click, another user and another server ask for one signature.
    _one_open = models.UniqueIndex(
        "(communication_id) WHERE is_open",
        "A signature is being asked for already: wait for what comes of it.")

    # ------------------------------------------------------------ CALLS: step 1, the user's transaction

    @api.model
    def _sign(self, filing, credentials, offer):
        """Have a filing's power of attorney signed, right after this transaction.

        Whoever calls this has checked that the user may change the filing, or has the link to its page.

        :param Sealed credentials: of the certificate of who signs.
        :param str offer: what he was shown, as of ``_get_signing_offer`` of the filing.
        :return: the attempt.
        :raise UserError: it cannot be signed remotely now, is signed well, or costs more than the budget; nothing was
            signed or spent.
        """
        if problem := filing._get_signing_problem():
            raise UserError(problem)
        attempt = self.sudo().create({
            'communication_id': filing.id, 'company_id': filing.company_id.id, 'environment': filing.environment,
            'state': 'queued', 'username': credentials.fields['certificateUsername'],
            'checksum': filing.sudo().procura_id.checksum,
        })
        if claim(attempt, 'is_open', True):
            attempt.unlink()
            raise UnderWayError(self.env['openapi_pec.words.mixin']._in_words(const.remote_signature.UNDER_WAY))
        filing._check_offer(offer)
        signing = Signing(credentials, now() + const.remote_signature.BEGIN_SECONDS)
        attempt.with_context(openapi_pec_signing=signing)._queue_call()
        attempt._trigger_cron(self._synchronize_job, fields.Datetime.add(
            fields.Datetime.now(), seconds=const.remote_signature.CLOSE_SECONDS + 1))
        return attempt

    def _check_may_ask(self):
        """Raise when this user may not change the filings: who has the link to a page has been checked there."""
        if self.env.user._is_internal():
            self.communication_id.sudo(False).check_access('write')

    def _require_spending_reason(self, reason, over):
        if self[:1].kind == 'automatic':
            return super()._require_spending_reason(reason, over)
        raise UserError('\n'.join([*over, self._in_words(const.remote_signature.OVER_BUDGET)]))

    def _get_signing(self):
        """Return what opens the certificate (Signing); None wherever it is not this click's own request."""
        signing = self.env.context.get('openapi_pec_signing')
        return signing if isinstance(signing, Signing) else None

    # ------------------------------------------------------------ what became of it

    def _close_attempt(self, state, outcome, detail=''):
        """End these attempts, or say how far they are, and keep it in the chatters of their filings.

        :param str outcome: of ``const.remote_signature.OUTCOMES``.
        :param str detail: what follows in the sentence: an advice, or a number of the service's. Its free texts are
            kept of no signature: in a later answer they may repeat PIN or password.
        """
        for own in self._by_reader():
            sentence = f'{own._get_outcome_sentence(outcome)} {detail}'.rstrip()
            own.write({'state': state, 'outcome': outcome, 'error_message': sentence, 'retry_at': False})
            if outcome not in const.remote_signature.LATER:
                body = own.env._("Remote signature: %s", sentence)
                own.communication_id._message_log_batch(
                    {filing.id: body for filing in own.communication_id}, author_id=own._get_author())

    def _get_author(self):
        """Return the id of the contact who says what became of these attempts; None: who is logged in.

        On the signer's page nobody is: who has its link is who signs.
        """
        return self.communication_id.representative_id[:1].id if self.env.user._is_public() else None

    def _note_refused_file(self, verdict):
        """Say why the file that was signed would be refused.

        :param trust.Joint verdict: on it.
        """
        own = self._for_reader()
        lines = [own._get_outcome_sentence('refused_file'), *(
            own.communication_id._get_finding_sentences(verdict.findings, (ERROR,), const.trust.VERDICT_FINDINGS))]
        own.write({'outcome': 'refused_file', 'error_message': '\n'.join(lines)})
        presser = own.asked_by_id
        author = own.communication_id.representative_id if presser._is_public() else presser.partner_id
        own.communication_id._message_log(body=Markup('<br/>').join(lines), author_id=author.id or None)

    def _count_wrong(self):
        """Return how many attempts with this username were wrong in a row right before this one."""
        if not self.username:
            return 0
        told = self.sudo().search([
            ('id', '<', self.id), ('username', '=', self.username), ('environment', '=', self.environment), '|',
            ('outcome', '=', 'wrong_credentials'), ('state', 'in', ('waiting', 'judging', 'done'))], limit=20)
        return len(list(takewhile(lambda attempt: attempt.outcome == 'wrong_credentials', told)))

    def _get_wrong_advice(self, once, several):
        """Return what is to be done after this attempt, which was wrong; '' where that stands elsewhere.

        :param once: what is said of the first one in a row, lazily translated; None: nothing.
        :param several: likewise of a further one, with a place for their number.
        """
        count = self._count_wrong() + 1  # those before it, and itself
        if count > 1:
            return self._in_words(several) % count
        return self._in_words(once) if once else ''

    def _close_wrong(self, detail=''):
        """End this attempt, whose username, PIN or one-time password was wrong."""
        is_automatic = self.kind == 'automatic'
        advice = self._get_wrong_advice(
            None if is_automatic else const.remote_signature.ONCE_WRONG, const.remote_signature.SEVERAL_WRONG)
        if is_automatic:
            self.company_id._openapi_pec_stop_signer(self.environment, self.asked_at)
        self._close_attempt('failed', 'wrong_credentials', f'{advice} {detail}'.strip())

    def _get_outcome_sentence(self, outcome):
        """Return what is told of an outcome of these attempts, which are of one kind and environment."""
        words = const.sign_many.OUTCOMES if self[:1].kind == 'automatic' else {}
        words, money = words.get(outcome) or const.remote_signature.OUTCOMES[outcome], const.remote_signature.MONEY
        return self._say_paid(words, money.get(outcome))
