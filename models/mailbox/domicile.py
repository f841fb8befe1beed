from collections import defaultdict

from odoo import api, fields, models
from odoo.tools.misc import format_date
from odoo.tools.sql import escape_psql

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.lock import lock_rows
from odoo.addons.l10n_it_openapi_pec.models.service.rights import seen_domain
from odoo.addons.l10n_it_openapi_pec.tools.api import text

# state -> (reason code of const.filing.FINDINGS against its address as a digital domicile, field with its day), the
# liveliest first. What an expiry means beyond that: see `_judge_domicile`.
DOMICILE_REASONS = {
    'active': (None, 'expires_on'),
    'activating': ('mailbox_activating', 'registered_at'),
    'documents_wrong': ('mailbox_inactive', 'registered_at'),
    'registered': ('mailbox_inactive', 'registered_at'),
    'revoked': ('mailbox_revoked', 'revoked_at'),
    'closed': ('mailbox_closed', 'remote_changed_at'),
    'annulled': ('mailbox_annulled', 'remote_changed_at'),
    'draft': ('mailbox_draft', None),
}

ENDED_REASONS = ('mailbox_revoked', 'mailbox_closed', 'mailbox_annulled', 'mailbox_expired')

ACTIVITY = 'mail_activity_type_mailbox_domicile'
JUDGED_FIELDS = frozenset({  # that say whether an address is, or can be, a digital domicile
    'address', 'state', 'call_state', 'expires_on', 'auto_renew', 'is_gone', 'environment', 'company_id'})


class OpenapiPecMailbox(models.Model):
    """The address of a mailbox as a digital domicile: proposed when it is active, removed or reported at its end."""
    _inherit = 'openapi_pec.mailbox'

    # ------------------------------------------------------------ CRUD: what drafts with this address are worth

    @api.model_create_multi
    def create(self, vals_list):
        mailboxes = super().create(vals_list)
        mailboxes._judge_filings()
        return mailboxes

    def write(self, vals):
        is_concerned = bool(JUDGED_FIELDS & vals.keys())
        before = set(self.mapped('address')) if 'address' in vals else set()
        result = super().write(vals)
        if is_concerned:
            self._judge_filings(before)
        return result

    def unlink(self):
        addresses = set(self.mapped('address'))
        result = super().unlink()
        self.browse()._judge_filings(addresses)
        return result

    def _judge_filings(self, addresses=frozenset()):
        """Have the drafts judged anew that would communicate the address of one of these mailboxes, or some others."""
        self.env['openapi_pec.communication']._judge_addresses({*addresses, *self.mapped('address')})

    # ------------------------------------------------------------ may it be a digital domicile?

    @api.model
    def _judge_domiciles(self, addresses):
        """Judge addresses by the mailboxes that this user may see in all of his companies, with one query.

        Of several mailboxes with the same address the liveliest counts: see ``DOMICILE_REASONS``.

        :param addresses: normalized; what is empty is left out.
        :return: ``{(address, environment): (reason code of const.filing.FINDINGS, its date in words)}`` of what stands
            against them.
        :rtype: dict
        """
        liveliest = self._get_liveliest(addresses)
        judged = {key: mailbox._judge_domicile() for key, mailbox in liveliest.items()}
        return {key: (reason, self._write_day(day)) for key, (reason, day) in judged.items() if reason}

    @api.model
    def _get_liveliest(self, addresses):
        """Return the mailboxes that this user may see in all of his companies, with one query.

        :param addresses: as of :meth:`_judge_domiciles`.
        :return: ``{(address, environment): mailbox}``, the liveliest of several: see ``DOMICILE_REASONS``.
        :rtype: dict
        """
        everywhere = self.with_context(allowed_company_ids=self.env.user.company_ids.ids)
        mailboxes = everywhere.search(
            fields.Domain('address', 'in', list(set(addresses) - {False, ''})) & seen_domain(self.env, self._name))
        # which may live elsewhere
        mailboxes = mailboxes.filtered(lambda mailbox: mailbox.is_gone or not mailbox._is_closed_here())
        ranks = list(DOMICILE_REASONS)
        liveliest = {}
        for mailbox in mailboxes.sorted(lambda mailbox: ranks.index(mailbox.state), reverse=True):
            liveliest[mailbox.address, mailbox.environment or mailbox.company_id.openapi_pec_environment] = mailbox
        return liveliest

    def _judge_domicile(self):
        """Return the reason code that stands against this address as a digital domicile, if one does, and its day."""
        reason, day_field = DOMICILE_REASONS[self.state]
        if self.state == 'draft' and self.call_state in const.mailbox.CALLING:
            reason = 'mailbox_buying'
        if self.state != 'active' or not self.expires_on:
            return reason, day_field and self[day_field]
        days_left = (self.expires_on - fields.Date.context_today(self)).days
        if days_left < 0:
            reason = 'mailbox_expired'
        elif days_left <= const.mailbox.EXPIRY_DAYS and not self.auto_renew:
            reason = 'mailbox_expiring'
        return reason, self.expires_on

    @api.model
    def _write_day(self, day):
        return format_date(self.env, day) if day else self.env._("an unknown day")

    def _is_expired(self):
        return bool(self.expires_on) and self.expires_on < fields.Date.context_today(self)

    # ------------------------------------------------------------ whose digital domicile it is

    def _get_domicile_partners(self):
        """Return the contacts that have one of these addresses as digital domicile, in all companies of this user."""
        addresses = self.filtered('address').mapped('address')
        everywhere = self.with_context(allowed_company_ids=self.env.user.company_ids.ids)
        found = everywhere.env['res.partner']._openapi_pec_search_addresses(addresses)._openapi_pec_by_address()
        return everywhere.env['res.partner'].union(*(found[address] for address in addresses if address in found))

    def _get_invoice_partners(self):
        """Return the contacts that have this address for electronic invoices.

        That is another field, which is never written from here.
        """
        everywhere = self.with_context(allowed_company_ids=self.env.user.company_ids.ids)
        return everywhere.env['res.partner'].search([('l10n_it_pec_email', '=ilike', escape_psql(self.address or ''))])

    def _get_standing_filings(self):
        """Return the filings with these addresses that stand in the register, or are on their way there.

        It is what Odoo knows. What a later filing of the same company (or of the same person's office in it) has
        replaced does not stand there any more.
        """
        filings = self.env['openapi_pec.communication'].with_context(allowed_company_ids=self.env.user.company_ids.ids)
        mine = filings.search([
            ('pec_email', 'in', self.filtered('address').mapped('address')),
            ('state', 'in', const.filing.MADE_STATES),
            ('environment', 'in', self.filtered('environment').mapped('environment')),
            ('chamber_outcome', 'not in', const.filing.REFUSED_OUTCOMES),
        ])
        completed = filings.search([
            ('partner_id', 'in', mine.partner_id.ids), ('state', '=', 'completed'),
            ('chamber_outcome', 'not in', const.filing.REFUSED_OUTCOMES)])
        last = {
            self._get_office(filing): filing.pec_email
            for filing in completed.sorted(lambda filing: (filing.submitted_at or filing.create_date, filing.id))}
        return mine.filtered(
            lambda filing: filing.state != 'completed' or last[self._get_office(filing)] == filing.pec_email)

    @staticmethod
    def _get_office(filing):
        """Return whose entry in the register a filing changes."""
        return (
            filing.partner_id, filing.kind, filing.environment,
            filing.kind == 'administrator' and filing.representative_id)

    # ------------------------------------------------------------ it becomes active

    def _on_state_entered(self, state, sentence=None, values=None):
        result = super()._on_state_entered(state, sentence, values)
        if state == 'active':
            self._propose_as_domicile()
        elif state in const.mailbox.ENDED_STATES:
            self._notify_end()
        return result

    def _propose_as_domicile(self):
        """Write the address of these mailboxes to the contacts that had it before, or else to the holder.

        A contact that has a PEC keeps that.
        """
        for mailbox in self.filtered(lambda mailbox: not mailbox._is_expired()):
            partners = mailbox.former_domicile_ids or mailbox.partner_id
            partners = partners.filtered(lambda partner: not partner.openapi_pec_email)
            lock_rows(partners)  # whom a person may be changing
            partners.openapi_pec_email = mailbox.address
            if mailbox.former_domicile_ids:
                mailbox.former_domicile_ids = False

    # ------------------------------------------------------------ it ends

    def _on_operation_accepted(self, operation, data, started_at):
        if operation == 'mailbox_revoke':
            self._take_domicile_away((self.request or {}).get('domicile_partner_ids', []))
        return super()._on_operation_accepted(operation, data, started_at)

    def _take_domicile_away(self, partner_ids):
        """Remove the address of this revoked mailbox from contacts that still have it.

        :param list partner_ids: the contacts that a person was shown before the revocation.
        """
        partners = self.env['res.partner'].browse(partner_ids).exists()
        partners = partners.filtered(lambda partner: partner.openapi_pec_email_normalized == self.address)
        lock_rows(partners)
        self.former_domicile_ids = partners
        partners.openapi_pec_email = False
        sentence = self.env._(
            "The PEC %s was removed here, as its mailbox was revoked. Write the new digital domicile, and communicate "
            "it to the register.",
            self.address)
        shared = self._filter_shared(partners)
        partners._message_log_batch(
            {partner.id: self._get_news() if partner in shared else sentence for partner in partners})
        if shared:
            self._message_log(body=text.end_once(
                self.env._("Removed as the digital domicile of: %s.", ', '.join(shared.mapped('display_name')))))

    def _notify_end(self):
        """Say where these mailboxes, which have ended, are still a digital domicile, and plan an activity.

        Nothing is emptied: what the service does by itself may be undone, and a contact's PEC is a person's to write.
        """
        judged = self._judge_domiciles(self.mapped('address'))
        ended = self.filtered(
            lambda mailbox: judged.get((mailbox.address, mailbox.environment), ('',))[0] in ENDED_REASONS)
        if not ended:
            return
        partners = ended._get_domicile_partners()._openapi_pec_by_address()
        filings = ended._get_standing_filings().grouped(lambda filing: (filing.pec_email, filing.environment))
        for mailboxes in ended._by_reader():
            bodies = defaultdict(dict)
            for mailbox in mailboxes:
                own = [mailbox._filter_own(records) for records in (
                    partners.get(mailbox.address, ()), filings.get((mailbox.address, mailbox.environment), ()))]
                shared_ids = own[0] and mailbox._filter_shared(own[0]).ids
                for records in filter(None, own):
                    bodies[records._name] |= dict.fromkeys(records.ids, mailbox._get_end_sentence())
                bodies['res.partner'] |= dict.fromkeys(shared_ids, mailbox._get_news())
                if any(own):
                    bodies[mailbox._name][mailbox.id] = mailbox._get_domicile_sentence(*own)
            for model, own_bodies in bodies.items():
                self.env[model].browse(own_bodies)._message_log_batch(own_bodies)
            told = mailboxes.browse(bodies[self._name])
            told._plan_activity(ACTIVITY, told.env._("Have another PEC communicated, or the mailbox renewed: it is a "
                                                     "digital domicile"))

    def _filter_own(self, records):
        """Return those of some contacts or filings that are of this mailbox's company, or of none.

        Whoever reads the mailbox may see them.
        """
        return records and records.filtered(
            lambda record: record.company_id in (record.company_id.browse(), self.company_id))

    def _get_end_sentence(self):
        """Return what the end of this mailbox means where its address is written."""
        return self.env._(
            "The mailbox %(address)s receives no more. Where it is the digital domicile nothing arrives, and its entry "
            "in the business register does not go away by itself: write another PEC on the contact and communicate it, "
            "or have the mailbox renewed if that is still possible.", address=self.address)

    def _get_domicile_sentence(self, partners, filings):
        """Return, for the mailbox, where its address still counts on it."""
        sentences = [
            self.env._("It is still the digital domicile of: %s.", ', '.join(partners.mapped('display_name')))
            if partners else '',
            self.env._("It was communicated to the register with: %s.", ', '.join(filings.mapped('display_name')))
            if filings else '',
        ]
        return text.end_once(' '.join(filter(None, [*sentences, self._get_end_sentence()])))

    @api.model
    def _announce_expired(self):
        """Announce each mailbox that has expired, once: that is no state at the service."""
        expired = self.search([('state', '=', 'active'), ('expires_on', '<', fields.Date.context_today(self))])
        expired = expired.filtered(lambda mailbox: mailbox.end_told != mailbox.expires_on)
        for expires_on, mailboxes in expired.grouped('expires_on').items():
            mailboxes.end_told = expires_on
        expired._notify_end()
