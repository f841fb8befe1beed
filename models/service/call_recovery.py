import logging
from functools import partial

from odoo import models
from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import BadToken, NotFound, OpenapiPecError
from odoo.addons.l10n_it_openapi_pec.tools.outcome.created import NO_DOUBT, Look

from .lock import lock_rows

_logger = logging.getLogger(__name__)

_lt = LazyTranslate(__name__, default_lang='en_US')

# What is said of a call that was freed: whether it is one that costs nothing -> sentence.
FREED_SENTENCES = {
    False: _lt(
        "The call was looked for %(looks)s times in the service's list and not found: probably it was not executed and "
        "nothing was spent, but that is not certain: if it was executed after all, a new call is paid again. Odoo goes "
        "on looking for it for 30 days. Look into the Openapi console, then submit again if it is still wanted."),
    True: _lt(
        "The call was looked for %(looks)s times at the service and not found: probably it did not arrive. It costs "
        "nothing: send again."),
}

# The same of a change of a mailbox: unchanged is no knowledge either.
FREED_CHANGE = _lt(
    "The service was asked %(looks)s times and does not show that the call was executed: probably nothing was spent, "
    "but that is not certain: if it was executed after all, a new call is paid again. Look into the Openapi console, "
    "then ask for it again if it is still wanted.")

# The same of a call that a system administrator has freed although no two looks could be believed: whether a list shows
# it -> sentence.
FREED_UNBELIEVED = {
    True: _lt(
        "A system administrator has freed the call, although too few looks for it could be believed: whether it was "
        "executed and paid is not known. If it was, a new call is paid again. Odoo goes on looking for it for 30 days. "
        "Look into the Openapi console, then submit again if it is still wanted."),
    False: _lt(
        "A system administrator has freed the call, although too few looks for it could be believed: whether it was "
        "executed and paid is not known. If it was, a new call is paid again. Look into the Openapi console, then ask "
        "for it again if it is still wanted."),
}

FREED_LEFT = {
    False: _lt(
        "It was freed: whether it was executed and paid is not known. If it was, a new call is paid again: submit "
        "again only if it is not in that console and still wanted. Odoo finds the call there only if that account's "
        "token is set again."),
    True: _lt("It was freed: whether it was executed is not known; it is free in either case."),
}


class OpenapiPecCallMixin(models.AbstractModel):
    """Step 5, the recovery: reading the service settles a call whose answer was lost; it is never repeated."""
    _inherit = 'openapi_pec.call.mixin'

    # ------------------------------------------------------------ SYNCHRONISATION

    def _recover(self, client, listing):
        """Settle the lost calls of these records that no process is executing, by reading the service.

        Each look is noted on the call's line.

        Each line stands by itself: one that cannot be settled, or takes long, does not hold up the others.

        :param PecClient client: the account.
        :param Listing listing: the account's list, as read just now.
        """
        seen = self._get_seen()
        lines = self._get_lost_lines()
        creations = lines.filtered(lambda line: line.operation in const.service.CREATIONS)
        # A list that lacks something decides about what a list alone tells; a change shows in the record itself.
        doubts = self._get_doubts(client, listing, creations)
        for line in lines:
            if not line._is_abandoned():  # what was committed since it was found may have settled it
                continue
            record, accepted = self.browse(line.res_id)._for_reader(), set()
            own = doubts.get(line, set())
            if line in creations:
                accepted = line.company_id._openapi_pec_get_accepted(line.environment, line.res_model)
                if not line.company_id._openapi_pec_has_called(line):
                    own = own | {'other_account'}
            try:
                found, is_certain = record._reconcile(line, client, listing)
            except OpenapiPecError as error:
                _logger.info("The truth about call %s cannot be read now: %s", line.id, error)
                is_elsewhere = isinstance(error, NotFound) and line._may_be_elsewhere()
                found, is_certain, own = [], True, own | {
                    'token' if isinstance(error, BadToken) else 'other_account' if is_elsewhere else 'details'}
            look = Look(frozenset(own), frozenset(accepted), listing.age if line in creations else 0)
            record._take_over(partial(self._recover_if_abandoned, line, found, is_certain, look), seen)
            if self._commit_in_cron() == 0:
                # The others were looked for less lately, and are the first next time: soon, if they were never.
                if not all(other.last_look_at for other in lines):
                    self._trigger_cron(self._synchronize_job)
                break

    @staticmethod
    def _recover_if_abandoned(line, found, is_certain, look, record):
        """Settle a line of a locked record, unless its process has woken up or settled it since it was read."""
        if line._is_abandoned():
            record._recover_line(line, found, is_certain, look)
        if line.state == 'pending':
            record._trigger_cron(record._synchronize_job, line._get_next_look())

    def _note_vain_look(self, doubt):
        """Note that the service cannot be asked about the lost calls of these records, and why.

        :param str doubt: of ``const.service.DOUBTS``.
        """
        seen = self._get_seen()
        for line in self._get_lost_lines().filtered(lambda line: line.state == 'pending'):
            if line._without_live_worker():
                settle = partial(self._recover_if_abandoned, line, [], True, Look(frozenset({doubt})))
                self.browse(line.res_id)._for_reader()._take_over(settle, seen)

    def _get_lost_lines(self):
        """Return the calls of these records that are looked for; the one looked for longest ago comes first."""
        return self.env['openapi_pec.api_call'].search([
            ('res_model', '=', self._name), ('res_id', 'in', self.ids), ('state', '=', 'pending'),
        ], order='last_look_at NULLS FIRST, id')

    def _recover_line(self, line, found, is_certain=True, look=NO_DOUBT):
        """Settle a pending line with what was found at the service: see :meth:`_reconcile`.

        What is not there may still come: it is looked for again, until a manager says otherwise.
        """
        lock_rows(self)  # whoever closes a line holds its record
        if found and is_certain:
            line._close('accepted', remote_id=found[0]['id'], message=self.env._("Found at the service"))
            line._name_account(found[0])
            self._on_call_accepted(line.operation, found[0], line.started_at)
            if len(found) > 1:
                self._on_call_doubled(found)
        elif found:
            line._note_look(look)
            self._on_call_ambiguous(found)
        else:
            line._note_look(look)
            self._on_call_not_found(line)

    # ------------------------------------------------------------ SYNCHRONISATION: what was not found

    def _on_call_not_found(self, line):
        """Say that a call was looked for and not found (yet)."""
        if line.operation in const.service.FREE_OPERATIONS and line._is_probably_not_executed():
            self._free_line(line)

    def _is_freed(self):
        """Return whether this record waits to be sent again after a call that was not found."""
        return self[self._call_state_field] == 'failed'

    def _free_line(self, line, reason=None):
        """Free a record whose call was not found, to be sent again by a person.

        :param str reason: why a manager is sure enough; kept in the chatter.
        """
        left = line.with_env(self.env)._get_left_sentence()
        line._close('never_arrived', **({'message': reason} if reason else {}))
        is_free = line.operation in const.service.FREE_OPERATIONS
        is_listed = line._is_shown_by_list()
        sentence = FREED_SENTENCES[is_free] if is_free or is_listed else FREED_CHANGE
        if not is_free and not line._is_probably_not_executed():
            sentence = FREED_UNBELIEVED[is_listed]
        if left:
            return self._on_call_freed(line.operation, f'{left} {self._in_words(FREED_LEFT[is_free])}')
        return self._on_call_freed(line.operation, self._in_words(sentence) % {'looks': line.looks})

    def _on_call_freed(self, operation, sentence):
        """Apply that a call was not found, and may be made again."""
        self._on_call_refused(operation, sentence)
