from odoo import api, fields, models
from odoo.tools import format_date
from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec import const

_lt = LazyTranslate(__name__, default_lang='en_US')

# What the others cost stands in data/openapi_pec_price.xml.
TOKEN_STATUSES = (401, 403)  # of HTTP: the token is refused, and not what was sent

# What the chamber has answered -> the status of a filing that was delivered to it.
OUTCOME_STATUSES = {
    'protocollata': 'examined', 'sospesa': 'suspended', 'evasa': 'entered', 'respinta': 'refused',
    'irricevibile': 'refused'}
STATUSES = {
    'examined': _lt("With the Chamber"),
    'suspended': _lt("Suspended by the Chamber"),
    'entered': _lt("Entered in the Register"),
    'refused': _lt("Refused by the Chamber"),
}

# The states of every filing that meets no trouble; a group is shown for each, even an empty one.
MAIN_STATES = ('draft', 'code_requested', 'awaiting_documents', 'documents_uploaded', 'completed')

# step: a state, or what is known beyond it -> (percent of the way, what happens and who has to do something)
PROGRESS = {
    'draft': (0, _lt("Being prepared: a manager submits it.")),
    'queued': (10, _lt("Submitted: Odoo is about to send it.")),
    'held': (10, _lt("Not sent: the service has a filing that may be this one, and a manager says whether it is.")),
    'blind': (10, _lt("Not sent: the service's list cannot be read, and a manager may submit it without a look.")),
    'unconfirmed': (10, _lt("Sent, and not known yet whether the service has it: Odoo is finding out, and nothing has "
                            "to be done now.")),
    'free': (10, _lt("Sent, and not found at the service: a manager decides, after a look into the Openapi console.")),
    'unbelieved': (10, _lt(
        "Sent, and no look for it can be believed: a system administrator decides, after a look into the Openapi "
        "console.")),
    'wrong_account': (10, _lt(
        "Sent, and not to be found with the present token: an administrator corrects the token of the Openapi account "
        "first.")),
    'left': (10, _lt(
        "Sent in another Openapi account than the one used now: a manager decides, after a look into the console of "
        "that account.")),
    'ambiguous': (10, _lt("Several filings at the service look like it: a manager chooses which one it is.")),
    'code_requested': (30, _lt("The service prepares the power of attorney, expected by %(expected)s.")),
    'awaiting_today': (50, _lt("The power of attorney waits to be signed, since today.")),
    'awaiting_yesterday': (50, _lt("The power of attorney waits to be signed, since yesterday.")),
    'awaiting_documents': (50, _lt("The power of attorney waits to be signed, for %(days)s days now.")),
    'signed': (60, _lt("The signed file is here: look at what is said of it, then send the documents.")),
    'queued_documents': (65, _lt("Odoo is about to send the signed documents.")),
    'documents_uploaded': (75, _lt("Delivered: the service files it with the register.")),
    'completed': (90, _lt("Filed: record what the chamber of commerce answers.")),
    'examined': (90, _lt("The chamber of commerce is examining it: record what it answers.")),
    'suspended': (90, _lt("The chamber of commerce has suspended it: do what it asks for.")),
    'answered': (100, _lt("Entered in the register by the chamber of commerce.")),
    'refused': (0, _lt("The chamber of commerce has refused it: file it again, corrected.")),
    'corrected': (0, _lt("The chamber of commerce has refused it; it is filed again.")),
    'failed': (0, _lt("Not filed and nothing spent: correct it and submit it again.")),
    'failed_token': (0, _lt(
        "Not filed and nothing spent: have the token of the Openapi account corrected in the settings, then submit it "
        "again.")),
    'gone': (0, _lt("Gone: the service does not know it any more. Ask Openapi's support; a manager closes it with "
                    "\"Decide\".")),
    'elsewhere': (0, _lt(
        "Made in another Openapi account: an administrator sets the token of that account again, or a manager closes "
        "it with \"Decide\".")),
    'freed': (0, _lt(
        "Not found at the service, and not certain whether it was filed and paid: look into the Openapi console, then "
        "submit it again.")),
    'cancelled': (0, _lt("Given up before it was sent.")),
    'closed': (100, _lt("Closed by a manager, because the service does not know it any more.")),
    'closed_elsewhere': (100, _lt("Closed by a manager, because it was made in another Openapi account; it may still "
                                  "be filed there.")),
    'given_up': (0, _lt("Given up; not certain whether its earlier call was executed and paid.")),
}

# waiting_for of a queued filing -> the sentence that replaces that of its step
WAITING_PROGRESS = {
    'credit': _lt("Not sent: the Openapi wallet is to be topped up."),
    'token': _lt("Not sent: the token of the Openapi account is to be corrected."),
    'rate': _lt("Not sent: the service asks for a pause between calls."),
    'resumption': _lt("Not sent: its batch is paused by hand."),
}

# next step of a call whose answer was lost -> key of PROGRESS
LOST = {'manager': 'free', 'administrator': 'unbelieved', 'account': 'wrong_account', 'left': 'left'}
# state of a filing whose earlier call was not found -> key of PROGRESS
LOOKED_FOR = {'failed': 'freed', 'cancelled': 'given_up'}


class OpenapiPecCommunication(models.Model):
    """How far a filing has come, since when it waits, and how filings are grouped."""
    _inherit = 'openapi_pec.communication'

    # ------------------------------------------------------------ COMPUTE

    @api.depends('state', 'chamber_outcome')
    def _compute_status(self):
        for filing in self:
            is_delivered = filing.state in const.filing.DELIVERED_STATES
            filing.status = (is_delivered and OUTCOME_STATUSES.get(filing.chamber_outcome)) or filing.state

    @api.model
    def _select_status(self):
        """Return the statuses of a filing: its states, and what follows them at the chamber of commerce."""
        states = self._fields['state']._description_selection(self.env)
        return [*states, *((status, self._in_words(label)) for status, label in STATUSES.items())]

    @api.depends('state')
    def _compute_awaiting_since(self):
        waiting = self.filtered(lambda filing: filing.state == 'awaiting_documents')
        waiting.filtered(lambda filing: not filing.awaiting_since).awaiting_since = fields.Datetime.now()
        (self - waiting).awaiting_since = False

    @api.depends('awaiting_since')
    def _compute_waiting_days(self):
        today = fields.Date.context_today(self)
        for filing in self:
            since = filing.awaiting_since and fields.Datetime.context_timestamp(filing, filing.awaiting_since).date()
            filing.waiting_days = since and (today - since).days

    @api.depends(
        'state', 'status', 'signed_procura_id', 'awaiting_since', 'expected_on', 'remote_id', 'waiting_for',
        'candidates', 'is_held', 'is_to_decide', 'look_until', 'is_gone', 'elsewhere_sentence', 'corrected_by_id',
        'api_call_ids.state')
    @api.depends_context('lang', 'tz')
    def _compute_progress(self):
        for filing in self:
            percent, sentence = PROGRESS[filing._get_step()]
            filing.progress = percent
            sentence = WAITING_PROGRESS.get(filing.waiting_for, sentence)
            filing.progress_sentence = filing._in_words(sentence) % {
                'days': filing.waiting_days, 'expected': format_date(self.env, filing.expected_on) or '—'}

    def _get_step(self):
        """Return the step of this filing, a key of ``PROGRESS``: its state, or what is known beyond it."""
        if self.state in const.filing.FOLLOWED_STATES and self._is_away():
            return 'gone' if self.is_gone else 'elsewhere'
        if self.state == 'awaiting_documents':
            waiting = {0: 'awaiting_today', 1: 'awaiting_yesterday'}.get(self.waiting_days, self.state)
            return 'signed' if self.signed_procura_id else waiting
        if self.status != self.state:  # the chamber has answered
            if self.status == 'refused' and self.corrected_by_id:
                return 'corrected'
            return 'answered' if self.status == 'entered' else self.status
        if self.state == 'cancelled' and self.remote_id:
            return 'closed' if self.is_gone else 'closed_elsewhere'
        if self.state == 'unconfirmed':
            return 'ambiguous' if self.candidates else self._get_unconfirmed_step()
        if self.state == 'queued' and self.is_to_decide:
            return 'held' if self.is_held else 'blind'
        if self.look_until:
            return LOOKED_FOR.get(self.state, self.state)
        if self.state == 'failed' and self._is_token_refused():
            return 'failed_token'
        return 'queued_documents' if self.state == 'queued' and self.remote_id else self.state

    def _is_token_refused(self):
        """Return whether the last call was refused because of the token, not because of the data."""
        line = self.sudo().api_call_ids.sorted('id')[-1:]
        return line.state == 'refused' and line.status in TOKEN_STATUSES

    def _get_unconfirmed_step(self):
        """Return what can be done about a lost answer, as a key of ``PROGRESS``."""
        line = self._get_pending_line()[:1]
        return LOST.get(line and line._get_next_step(), self.state)

    @api.model
    def _expand_states(self, states, domain):
        """Return the states for which groups are shown: the main ones, and those that filings have.

        :param states: those of the filings that ``domain`` finds.
        """
        return [state for state, _label in self._fields['state'].selection if state in (*MAIN_STATES, *states)]
