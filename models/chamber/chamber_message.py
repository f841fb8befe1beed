from contextlib import suppress
from textwrap import shorten

from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date
from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.lock import lock_rows
from odoo.addons.l10n_it_openapi_pec.models.service.rights import check_own
from odoo.addons.l10n_it_openapi_pec.models.signer.file_content import read_content
from odoo.addons.l10n_it_openapi_pec.tools.chamber_mail import about, notice, words

_lt = LazyTranslate(__name__, default_lang='en_US')

OUTCOMES = [
    ('ricevuta', "Received"),
    ('protocollata', "Registered for Examination"),
    ('sospesa', "Suspended"),
    ('evasa', "Entered in the Register"),
    ('respinta', "Rejected"),
    ('irricevibile', "Not Receivable"),
]
# What a person fills in; all else is Odoo's.
OWN_FIELDS = {'communication_id', 'outcome', 'protocol', 'chamber_date'}
OPEN_STATES = ('waiting', 'unmatched')
FINAL_OUTCOMES = ('evasa', *const.filing.REFUSED_OUTCOMES)
NOTED_OUTCOMES = ('sospesa', *const.filing.REFUSED_OUTCOMES)  # of which the chamber says what it asks for
MAX_NOTE = 2000  # characters of a message that become the chamber's note
MAX_SHOWN = 80  # characters of a note that is about to change
MAX_POSTED = 3000  # characters that a chatter shows
# Who vouches for the sender -> the sentence in the filing's chatter
TRUST_SENTENCES = {
    'chamber': _lt("Certified mail of the chamber, by its envelope; the provider's signature was not verified."),
    'pec': _lt("Certified mail of another sender, by its envelope; the provider's signature was not verified."),
    'anomaly': _lt("Ordinary mail that came to a certified mailbox: nobody vouches for its sender."),
    'ordinary': _lt("Ordinary mail: nobody vouches for its sender."),
}
POSTED = Markup("<p>%s</p><p>%s<br/>%s<br/>%s</p><pre>%s</pre>")


class OpenapiPecChamberMessage(models.Model):
    """A message that may be the chamber's, and the outcome that it proposes for a filing.

    It changes nothing by itself: a person confirms it, and that records the outcome as by hand.
    """
    _name = 'openapi_pec.chamber_message'
    _description = "Message of the Chamber"
    _inherit = ['openapi_pec.input.mixin', 'openapi_pec.words.mixin', 'mail.thread']
    _order = 'id desc'
    _check_company_auto = True
    _mail_post_access = 'read'

    # The message, as it came (chamber_reading.py)
    name = fields.Char("Subject", readonly=True)
    company_id = fields.Many2one('res.company', required=True, readonly=True, index=True)
    received_at = fields.Datetime("Received", required=True, readonly=True, default=fields.Datetime.now)
    sent_at = fields.Datetime("Sent", readonly=True, help="As its envelope says, else as the message itself says.")
    sender = fields.Char(readonly=True)
    trust = fields.Selection([
        ('chamber', "Certified, of a Chamber"),
        ('pec', "Certified, of Somebody Else"),
        ('anomaly', "Ordinary, in a Certified Envelope"),
        ('ordinary', "Ordinary Mail"),
    ], "Who Vouches", readonly=True,
        help="Only the envelope of certified mail tells a sender. Whether its provider has signed it is not verified.")
    text = fields.Text(readonly=True)
    original_id = fields.Many2one(
        'ir.attachment', "Original Message", readonly=True, ondelete='restrict', index='btree_not_null')
    mail_key = fields.Char(readonly=True, groups=fields.NO_ACCESS, help="The same for the same message.")

    # What it seems to say (chamber_reading.py)
    proposal = fields.Selection(
        [*OUTCOMES, (words.UNCLEAR, "Unclear")], "Proposed Outcome", readonly=True,
        help="By its words alone. Empty where it says nothing that is known.")
    found_words = fields.Char("By the Words", readonly=True)
    proposed_protocol = fields.Char(readonly=True, exportable=False)
    proposed_date = fields.Date(readonly=True, exportable=False)
    codes = fields.Char("Tax Codes in It", readonly=True, exportable=False)
    rea = fields.Char("REA", readonly=True)
    signs = fields.Char("Recognised by", compute='_compute_signs')
    sign_codes = fields.Char(readonly=True, exportable=False)
    reason = fields.Selection([
        ('nothing', "Nothing in it tells whom it is about."),
        ('unknown', "What it names belongs to no filing that was delivered."),
        ('other', "Its tax codes belong to no filing that was delivered."),
        ('several', "It fits several filings."),
        ('contradiction', "It names somebody else as well: which one is meant is not certain."),
        ('answered', "The chamber's last word on the filing is recorded already."),
        ('sender', "Certified mail of somebody who is no chamber."),
        ('look_alike', "It looks like mail of another procedure."),
        ('unreadable', "It could not be read: open the original."),
    ], "Why No Filing", readonly=True)

    # What a person says
    communication_id = fields.Many2one(
        'openapi_pec.communication', "Filing", check_company=True, ondelete='set null', index='btree_not_null',
        domain="[('state', 'in', ('documents_uploaded', 'completed')), ('company_id', '=', company_id)]")
    partner_id = fields.Many2one(related='communication_id.partner_id')
    recorded_outcome = fields.Selection(related='communication_id.chamber_outcome', string="Recorded on the Filing")
    outcome = fields.Selection(OUTCOMES, help="What the message says. A receipt alone changes nothing of the filing.")
    protocol = fields.Char("Chamber's Protocol")
    chamber_date = fields.Date("Chamber's Date")
    changes = fields.Text("What Changes", compute='_compute_changes', exportable=False)
    state = fields.Selection([
        ('unmatched', "No Filing Found"),
        ('waiting', "To Be Confirmed"),
        ('confirmed', "Confirmed"),
        ('dismissed', "Dismissed"),
    ], required=True, readonly=True, default='unmatched', index=True)
    decided_by_id = fields.Many2one('res.users', "Decided by", readonly=True, ondelete='set null')
    decided_at = fields.Datetime("Decided", readonly=True)

    _came_once = models.UniqueIndex('(company_id, mail_key)', "This message is there already.")

    # ------------------------------------------------------------ COMPUTE

    @api.depends('sign_codes')
    @api.depends_context('lang')
    def _compute_signs(self):
        labels = {
            'code': self.env._("tax code of the company"), 'person': self.env._("tax code of who asks"),
            'protocol': self.env._("protocol"), 'rea': self.env._("REA"), 'pec': self.env._("PEC")}
        for message in self:
            message.signs = ', '.join(labels[code] for code in (message.sign_codes or '').split())

    @api.depends(
        'state', 'outcome', 'protocol', 'chamber_date', 'communication_id.chamber_outcome', 'text',
        'communication_id.chamber_protocol', 'communication_id.chamber_date', 'communication_id.chamber_note')
    @api.depends_context('lang')
    def _compute_changes(self):
        for message in self:
            is_told = message.state in OPEN_STATES and message.communication_id and message.outcome
            message.changes = (message._get_hindrance() or message._get_changes()) if is_told else False

    # ------------------------------------------------------------ CRUD

    def write(self, vals):
        if not self.env.su:
            check_own(self.env, {
                name for name in vals if name in self._fields and self._fields[name].store
                and self._fields[name].readonly})
            self.check_access('write')  # before anything is locked
            if OWN_FIELDS & vals.keys():
                self._check_open()
            chosen = self.env['openapi_pec.communication'].browse(vals.get('communication_id') or ())
            chosen.exists().check_access('read')
            chosen._check_delivered()
            lock_rows(self)
        before = {message: message.communication_id for message in self} if 'communication_id' in vals else {}
        result = super().write(vals)
        for message, filing in before.items():
            if message.communication_id != filing:
                message._on_filing_chosen(filing)
        return result

    def _check_open(self):
        """Raise when somebody has decided about one of these messages already."""
        if any(message.state not in OPEN_STATES for message in self):
            raise UserError(self.env._(
                "This message was decided about already. Nothing was changed or spent. Take it up again to decide "
                "anew; what is recorded on the filing is corrected there."))

    # ------------------------------------------------------------ the filing's chatter

    def _on_filing_chosen(self, former):
        """Bring this message into the chatter of its filing, and out of the list of those without one, or back.

        :param former: the filing that it was about before; may be empty.
        """
        own = self.sudo()
        if own.state in OPEN_STATES:
            own.write({
                'sign_codes': False,  # by which the former one was recognised
                **({'state': 'waiting', 'reason': False} if own.communication_id else {'state': 'unmatched'})})
        if former:
            link = self._get_html_link(title=own.display_name)
            former.sudo()._message_log(
                body=self.env._("The message \"%s\" is about another filing.", link) if own.communication_id
                else self.env._("Whether the message \"%s\" is about this filing is not certain any more.", link))
        if own.communication_id:
            own._post_on_filing()

    def _post_on_filing(self):
        """Log this message, with what it proposes and its original, in the chatter of its filing."""
        self.ensure_one()
        [filing] = self.communication_id._by_reader()
        message = self.with_context(lang=filing.env.context.get('lang'))
        filing._message_log(
            body=POSTED % (
                message.env._("Mail that may be the chamber's: %s", message._get_html_link(title=message.display_name)),
                message.env._("From: %s", message.sender or ''), message._in_words(TRUST_SENTENCES[message.trust]),
                message._get_proposal_sentence(), (message.text or '')[:MAX_POSTED]),
            attachment_ids=[Command.link(attachment.id) for attachment in message.original_id])

    def _get_proposal_sentence(self):
        """Return the sentence that says what this message proposes."""
        labels = dict(self._fields['proposal']._description_selection(self.env))
        if not self.proposal:
            return self.env._("Its words propose no outcome. Nothing was changed: choose one on the message.")
        return self.env._(
            "Proposed outcome: %(outcome)s (by the words: %(words)s). Nothing was changed: confirm it on the message.",
            outcome=labels[self.proposal], words=self.found_words)

    # ------------------------------------------------------------ ACTIONS

    def action_confirm(self):
        """Record on the filings what these messages say, as a person does by hand; the oldest one first."""
        self.check_access('write')
        lock_rows(self)
        self._check_open()
        for message in self.sorted(lambda message: message._get_moment()):
            message._confirm()

    def action_confirm_selected(self):
        """Confirm of the selected open messages what is certified mail of a chamber and says all; tell what is left."""
        self.check_access('write')
        lock_rows(self)
        waiting = self.filtered(lambda message: message.state in OPEN_STATES)
        for message in waiting.filtered(lambda message: message.trust == 'chamber').sorted(
                lambda message: message._get_moment()):
            with suppress(UserError), self.env.cr.savepoint():
                message._confirm()
        left = waiting.filtered(lambda message: message.state in OPEN_STATES)
        if not left:
            return None
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification',
            'params': {
                'type': 'warning', 'sticky': True, 'next': {'type': 'ir.actions.client', 'tag': 'soft_reload'},
                'message': self.env._(
                    "%(confirmed)s confirmed, %(left)s still open: these wait for a look. Open each one. Nothing was "
                    "spent.", confirmed=len(waiting) - len(left), left=len(left))}}

    def _get_moment(self):
        """Return by what messages are told apart as older and newer: none was sent after it came."""
        return min(self.sent_at or self.received_at, self.received_at), self._origin.id

    def _confirm(self):
        """Record on the filing what this message says, unless a newer one was confirmed."""
        hindrance = self._get_hindrance()
        if hindrance:
            raise UserError(hindrance)
        newer, values, protocol = self._find_newer(), self._get_outcome_values(), self._get_protocol_sentence()
        if newer:
            self.sudo()._message_log(body=self.env._(
                "Confirmed without a change of the filing: %s is newer, and was confirmed before.",
                newer._get_html_link(title=newer.display_name)))
        if values:
            self.communication_id.write(values)
        if protocol:
            for record in (self, self.communication_id):
                record.sudo()._message_log(body=protocol)
        self._decide('confirmed')

    def _get_hindrance(self):
        """Return why this cannot be confirmed: something is not said yet, or it would undo a last word; else ''."""
        if not self.communication_id:
            return self.env._(
                "Choose the filing that \"%s\" is about first. Nothing was changed or spent.", self.name)
        if not self.outcome:
            return self.env._(
                "Choose the outcome that \"%s\" tells first. Nothing was changed or spent.", self.name)
        recorded = self.communication_id.chamber_outcome
        if recorded in FINAL_OUTCOMES and self.outcome not in ('ricevuta', recorded) and not self._find_newer():
            return self.env._(
                "The chamber's last word on %(filing)s is recorded already: %(outcome)s. Nothing was changed or "
                "spent. If that is wrong, correct it on the filing.", filing=self.communication_id.name,
                outcome=dict(self._fields['recorded_outcome']._description_selection(self.env))[recorded])
        return ''

    def _find_newer(self):
        """Return the newest confirmed message of the filing that is newer than this one; a receipt records nothing."""
        confirmed = self.sudo().search([
            ('communication_id', '=', self.communication_id._origin.id), ('state', '=', 'confirmed'),
            ('outcome', '!=', 'ricevuta'), ('id', '!=', self._origin.id)])
        newest = confirmed.sorted(lambda message: message._get_moment())[-1:]
        return newest if newest and newest._get_moment() > self._get_moment() else newest.browse()

    def _get_outcome_values(self):
        """Return what a person would write on the filing; a protocol that stands there already stays."""
        filing = self.communication_id
        if self.outcome == 'ricevuta' or self._find_newer():
            return {}
        values = {
            'chamber_outcome': self.outcome, 'chamber_protocol': not filing.chamber_protocol and self.protocol,
            'chamber_date': self.chamber_date}
        is_told_again = self.outcome == filing.chamber_outcome
        if is_told_again:  # only what was missing is new
            values = {name: value for name, value in values.items() if not filing[name]}
        if self.outcome in NOTED_OUTCOMES and not (is_told_again and filing.chamber_note):
            values['chamber_note'] = (self.text or '')[:MAX_NOTE]
        return {name: value for name, value in values.items() if value and value != filing[name]}

    def _get_protocol_sentence(self):
        """Return the sentence that another protocol than the recorded one is not written; '' when it is none."""
        kept, told = self.communication_id.chamber_protocol, self.protocol
        if not kept or not told or about.fold_number(kept) == about.fold_number(told):
            return ''
        return self.env._("The message tells another protocol, %(told)s: %(kept)s stays.", told=told, kept=kept)

    def _get_changes(self):
        """Return what Confirm would write on the filing, a line each: what stands there now, and then."""
        filing, values = self.communication_id, self._get_outcome_values()
        outcomes = dict(filing._fields['chamber_outcome']._description_selection(self.env))
        shown = {
            'chamber_outcome': outcomes.get, 'chamber_date': lambda value: format_date(self.env, value)}
        lines = [self.env._("Confirm writes on the filing:") if values else self.env._(
            "Confirm changes nothing on the filing: this is a receipt, says what stands there, or a newer message "
            "was confirmed.")]
        for name, value in values.items():
            show = shown.get(name, lambda value: shorten(value, MAX_SHOWN, placeholder=" …"))
            now = show(filing[name]) if filing[name] else "–"
            lines.append(f'{filing._fields[name]._description_string(self.env)}: {now} → {show(value)}')
        return '\n'.join(filter(None, [*lines, self._get_protocol_sentence()]))

    def action_dismiss(self):
        """Put these messages aside: they say nothing about a filing."""
        self.check_access('write')
        lock_rows(self)
        self._check_open()
        self._decide('dismissed')

    def action_reopen(self):
        """Take up again messages that were decided about; what a filing says stays."""
        self.check_access('write')
        lock_rows(self)
        for message in self.sudo():
            message.write({
                'state': 'waiting' if message.communication_id else 'unmatched', 'decided_by_id': False,
                'decided_at': False})

    def _decide(self, state):
        self.sudo().write({'state': state, 'decided_by_id': self.env.uid, 'decided_at': fields.Datetime.now()})

    def action_read_again(self):
        """Judge the open messages anew, by the words and filings that there are now; what a person chose stays."""
        self.check_access('write')
        lock_rows(self)
        for message in self.sudo().filtered(lambda message: message.state in OPEN_STATES):
            message._read(notice.read(read_content(message.original_id)))

    def action_download(self):
        """Download the message as it came."""
        self.check_access('read')
        self.ensure_one()
        return {
            'type': 'ir.actions.act_url', 'target': 'download',
            'url': f'/web/content/{self.original_id.id}?download=true'}

    def action_open_form(self):
        """Open this message."""
        self.check_access('read')
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window', 'res_model': self._name, 'res_id': self.id, 'view_mode': 'form',
            'views': [(False, 'form')]}
