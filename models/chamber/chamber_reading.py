import re
from typing import NamedTuple

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import plaintext2html

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.chamber_mail import about, notice, words

from .chamber_message import FINAL_OUTCOMES
from .chamber_word import LOOK_ALIKE, SENDER
from .mail_thread import Incoming

MAX_KEPT = 20000  # characters of a text that are kept
MAX_CANDIDATES = 500  # filings that are compared
ORIGINAL = 'messaggio.eml'
ROME = 'Europe/Rome'  # whose days are the chamber's
TRUST = {notice.ORDINARY: 'ordinary', notice.ANOMALY: 'anomaly'}
TAKEN_BACK = ('several', 'contradiction')  # reasons for which a filing that was found is given up
NO_LETTER = re.compile('[^0-9A-Za-z]+')  # in a protocol number, which is written in many ways
# Fields of a filing that are compared with what a message names.
COMPARED = (
    'company_fiscal_code', 'fiscal_code', 'pec_email_normalized', 'chamber_protocol', 'chamber_outcome', 'partner_id')


class Came(NamedTuple):
    """In the context of what the gateway posts: no request can send it."""

    is_again: bool  # the message was there already


class OpenapiPecChamberMessage(models.Model):
    """Reading what came in: what is kept of it, what it proposes, and about which filing."""
    _inherit = 'openapi_pec.chamber_message'

    # ------------------------------------------------------------ MAIL

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Make a message of what the mail gateway has received; the same one that comes again makes none.

        Odoo does so, and not who the message says wrote it: that is anybody's word.

        :param dict custom_values: of the alias: the company.
        """
        self.browse().check_access('create')
        incoming = self.env.context.get('openapi_pec_incoming')
        if not isinstance(incoming, Incoming):
            raise UserError(self.env._("Only mail that comes in makes a message here."))
        own = self.with_user(SUPERUSER_ID)
        company_id = (custom_values or {}).get('company_id') or own.env.company.id
        messages, read = own.with_company(company_id), incoming.notice
        known = messages.search([('company_id', '=', company_id), ('mail_key', '=', read.key)], limit=1)
        if known:
            return known.with_context(openapi_pec_came=Came(True))
        message = messages.create({'company_id': company_id, 'mail_key': read.key})
        message.original_id = messages.env['ir.attachment']._openapi_pec_create([{
            'name': ORIGINAL, 'raw': incoming.content, 'res_model': self._name, 'res_id': message.id}])
        message._read(read)
        return message.with_context(openapi_pec_came=Came(False))

    def message_post(self, **kwargs):
        """Post what came as its text and its original alone: its pages, its files and its author are anybody's."""
        came = self.env.context.get('openapi_pec_came')
        if isinstance(came, Came):
            again = self.env._("The same message came again. Nothing was changed.")
            kwargs.update(
                subject=self.name, body=again if came.is_again else plaintext2html(self.text or ''),
                author_id=False, attachments=[], body_is_html=False,
                attachment_ids=[] if came.is_again else self.original_id.ids)
        return super().message_post(**kwargs)

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        """Take a sender's messages however many there are: one mailbox forwards all, and none of them is answered."""
        return

    # ------------------------------------------------------------ what it says

    def _read(self, read):
        """Keep what this message says and proposes, and find its filing; what a person has chosen stays.

        :param read: ``notice.Notice``.
        """
        self.ensure_one()
        phrases = self.env['openapi_pec.chamber_word']._get_phrases()
        text = f'{read.subject}\n\n{read.text}'
        told = about.read(text, [phrase.text for phrase in phrases if phrase.kind == words.IGNORED])
        proposal = words.propose(text, phrases)
        trust = self._get_trust(read)
        # Whoever passes a notice on sends it on another day than the chamber.
        dated_at = read.sent_at if trust == 'chamber' else read.attached_at
        sent_at = dated_at or read.sent_at
        self.write({
            'name': read.subject or self.env._("(no subject)"),
            'sent_at': sent_at,
            'sender': read.sender,
            'trust': trust,
            'text': read.text[:MAX_KEPT],
            **self._get_proposed(proposal, told, dated_at),
            'found_words': ', '.join(proposal.found)[:200],
            'codes': ', '.join(told.shown_codes)[:500],
            'rea': len(told.reas) == 1 and ' '.join(filter(None, *told.reas)),
        })
        self._take_filing(self._find_filing(read, trust, told, min(sent_at or self.received_at, self.received_at)))

    def _get_proposed(self, proposal, told, dated_at):
        """Return the values that a reading proposes, and of those that a person fills in what nobody has changed.

        :param proposal: ``words.Proposal`` of its text; ``told``: ``about.About``, likewise.
        :param dated_at: when the chamber sent it (UTC), or None.
        """
        day = dated_at and fields.Datetime.context_timestamp(
            self.with_context(tz=ROME), min(dated_at, self.received_at)).date()
        new = {
            'proposal': proposal.outcome or False,
            'proposed_protocol': len(told.shown_protocols) == 1 and told.shown_protocols[0],
            'proposed_date': day or False}
        values = {'outcome': new['proposal'] in words.OUTCOMES and new['proposal'],
                  'protocol': new['proposed_protocol'], 'chamber_date': new['proposed_date']}
        former = {'outcome': self.proposal in words.OUTCOMES and self.proposal,
                  'protocol': self.proposed_protocol, 'chamber_date': self.proposed_date}
        return new | {name: value for name, value in values.items() if self[name] == former[name]}

    def _take_filing(self, found):
        """Take the filing that was found, or take back the one that a former reading has found; a chosen one stays.

        :param found: ``about.Match``.
        """
        is_chosen = self.communication_id and not self.sign_codes
        if not is_chosen and (found.number or found.reason in TAKEN_BACK):
            self.communication_id = found.number
            self.sign_codes = ' '.join(found.signs)
        self.reason = not self.communication_id and found.reason

    def _get_trust(self, read):
        """Return who vouches for the sender of a message (a value of ``trust``)."""
        if read.trust in TRUST:
            return TRUST[read.trust]
        domains = self.env['openapi_pec.chamber_word']._get_written(SENDER)
        return 'chamber' if notice.is_of(read.sender, domains) else 'pec'

    # ------------------------------------------------------------ which filing it is about

    def _find_filing(self, read, trust, told, sent):
        """Return the filing that a message is about (``about.Match``).

        :param told: ``about.About`` of its text.
        :param datetime sent: when it was sent.
        """
        starts = tuple(start.casefold() for start in self.env['openapi_pec.chamber_word']._get_written(LOOK_ALIKE))
        if read.problem:
            return about.Match(None, 'unreadable')
        if any(subject.casefold().startswith(starts) for subject in read.subjects):
            return about.Match(None, 'look_alike')
        if trust == 'pec':
            return about.Match(None, 'sender')
        cases = self._get_cases(told, sent)
        return about.find_case(told, cases) if len(cases) < MAX_CANDIDATES else about.Match(None, 'several')

    def _get_cases(self, told, sent):
        """Return the filings of the company that anything in a text may mean (list of ``about.Case``).

        What was submitted later is not meant, and a trial only where the company still makes trials.
        """
        named_reas = self._get_reas(told.reas)
        environments = {'production', self.company_id.sudo().openapi_pec_environment}
        domain = Domain('company_id', '=', self.company_id.id) & Domain(
            'state', 'in', const.filing.DELIVERED_STATES) & Domain('environment', 'in', list(environments)) & (
            Domain('submitted_at', '=', False) | Domain('submitted_at', '<=', sent))
        named = Domain.OR([
            Domain('company_fiscal_code', 'in', told.shown_codes), Domain('fiscal_code', 'in', told.shown_codes),
            Domain('pec_email_normalized', 'in', list(told.addresses)),
            Domain('partner_id', 'in', [partner_id for partner_id, own in named_reas.items() if any(
                about.is_same_rea(rea, known) for rea in told.reas for known in own)]),
            *(Domain('chamber_protocol', '=ilike', NO_LETTER.sub('%', number)) for number in told.shown_protocols)])
        filings = self.env['openapi_pec.communication'].sudo().search_fetch(
            domain & named, COMPARED, limit=MAX_CANDIDATES)
        reas = self._get_reas(told.reas, filings.partner_id)
        return [about.Case(
            filing.id, filing.company_fiscal_code or '', filing.fiscal_code or '', filing.pec_email_normalized or '',
            filing.chamber_protocol or '', reas.get(filing.partner_id.id, frozenset()),
            filing.chamber_outcome in FINAL_OUTCOMES) for filing in filings]

    def _get_reas(self, told, partners=()):
        """Return ``{id of a contact: its REA numbers}`` of some contacts, and of those that are known by such numbers.

        Known are those of Odoo's own companies, and what the company's confirmed messages have named.

        :param told: REA numbers of a text, as of ``about.About``; without any, nothing is asked.
        :param partners: contacts of which all numbers are told, with which those of the text may differ.
        """
        if not told:
            return {}
        known = [
            (company.partner_id, (company.l10n_it_eco_index_office.code or '', company.l10n_it_eco_index_number))
            for company in self.env['res.company'].sudo().search([('l10n_it_eco_index_number', '!=', False)])]
        named = Domain('rea', 'in', [' '.join(filter(None, rea)) for rea in told])
        if partners:
            named |= Domain('partner_id', 'in', partners.ids) & Domain('rea', '!=', False)
        known += [
            (message.partner_id, about.split_rea(message.rea)) for message in self.sudo().search(Domain([
                ('company_id', '=', self.company_id.id), ('state', '=', 'confirmed'),
                ('partner_id', '!=', False)]) & named)]
        found = {}
        for partner, (province, number) in known:
            found[partner.id] = found.get(partner.id, frozenset()) | {(province, number.strip().lstrip('0'))}
        return found
