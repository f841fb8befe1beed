from odoo import models
from odoo.tools.misc import format_datetime
from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec import const

_lt = LazyTranslate(__name__, default_lang='en_US')

# What is said of a call that was looked for and not found (yet): whether it is one that costs nothing -> sentence.
WAITING_SENTENCES = {
    False: _lt(
        "The answer to the call was lost, and whether it was executed and paid is not known. It is not repeated."),
    True: _lt(
        "The answer to the call was lost, and whether it was executed is not known; it is free in either case. It is "
        "not repeated."),
}

# What is said of the looks for it: why not to be believed, what a list shows, and what a record shows -> sentence.
LOOKED_SENTENCES = {
    'never': _lt("Since %(since)s Odoo has looked for it, and no answer of the service could be believed yet. Odoo "
                 "goes on looking."),
    'list': _lt(
        "Since %(since)s Odoo has looked for it %(looks)s times with an answer that can be believed, did not find it, "
        "and goes on looking."),
    'change': _lt(
        "Since %(since)s Odoo has asked the service %(looks)s times with an answer that can be believed; it does not "
        "show that the call was executed, and Odoo goes on looking."),
}


class OpenapiPecCallMixin(models.AbstractModel):
    """What people are told of a call whose answer was lost, while it is looked for."""
    _inherit = 'openapi_pec.call.mixin'

    def _tell_waiting(self, line):
        """Say what is known of a lost call that was not found, and ask a person to decide when it is time to.

        :param line: of the journal, pending; its record has activities.
        """
        self.error_message = self._get_waiting_sentence(line)
        if (line._is_old() or line._is_left_behind()) and (step := line._get_next_step()):
            _sentence, listed, changed = const.service.NEXT_STEPS[step]
            summary = self._in_words(listed if line._is_shown_by_list() else changed)
            planned = self.activity_search(['l10n_it_openapi_pec.mail_activity_type_decide'])
            if summary not in planned.mapped('summary'):
                planned.unlink()
                self._plan_activity('mail_activity_type_decide', summary)

    def _get_waiting_sentence(self, line):
        """Return what is known of a pending call that was not found.

        That is how often it was looked for, what prevents a decision, and what to do.
        """
        line = line.with_env(self.env)
        if left := line._get_left_sentence():
            return ' '.join([
                self._in_words(WAITING_SENTENCES[line.operation in const.service.FREE_OPERATIONS]), left,
                self._in_words(const.service.NEXT_STEPS['left'][0])])
        looked = 'never' if not line.looks else 'list' if line._is_shown_by_list() else 'change'
        sentences = [
            self._in_words(WAITING_SENTENCES[line.operation in const.service.FREE_OPERATIONS]),
            self._in_words(LOOKED_SENTENCES[looked]) % {
                'since': format_datetime(
                    self.env, line.started_at, tz=self.user_id.tz, dt_format='short'), 'looks': line.looks}]
        if line.doubt:
            sentences.append(self.env._("The last look decided nothing: %s", line._get_doubts()))
        if line.accepted_doubt:
            sentences.append(
                self.env._("The looks are worth less than others, which was accepted: %s", line._get_accepted_doubts()))
        if evidence := line._get_evidence_sentence(self.user_id.tz):
            sentences.append(evidence)
        if step := line._get_next_step():
            sentences.append(self._in_words(const.service.NEXT_STEPS[step][0]))
        elif line.operation not in const.service.FREE_OPERATIONS:  # which nobody decides on
            sentences += [self.env._("Nothing has to be done now."), self._get_decision_sentence_of(line)]
        return ' '.join(filter(None, sentences))

    def _get_decision_moment_sentence(self, line):
        """Return from when on a manager can decide on a lost call, as a sentence; '' where that is not known."""
        moment = line.operation not in const.service.FREE_OPERATIONS and line._get_decision_moment()
        return self.env._("If it is not found, a manager can decide from %s on.", format_datetime(
            self.env, moment, tz=self.user_id.tz, dt_format='short')) if moment else ''
