from datetime import datetime, timezone

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.pec import address as pec_address


class OpenapiPecCommunication(models.Model):
    """Whether the register shows what was filed: the service of the filings never tells."""
    _inherit = 'openapi_pec.communication'

    # ------------------------------------------------------------ ACTIONS

    def action_check_register(self):
        """Ask what it costs to see whether the register shows the PECs of these filings, before it is asked.

        :raise UserError: one of them is not completed, about an administrator's PEC, which the register tells nobody,
            of the other environment, of which the register tells nothing, or of another code than its contact's now.
        """
        self.check_access('read')
        for filing in self:
            if filing.state != 'completed' or filing.kind != 'company':
                raise UserError(self.env._(
                    "%s: the register can be asked for the company's own PEC, once it is filed. It tells nobody the "
                    "PEC of an administrator. Nothing was asked or spent.", filing.display_name))
            if not filing._is_of_present_environment():
                raise UserError(self.env._(
                    "%s was filed in the other environment than the one that its company uses now: what the register "
                    "tells would not be about it. Nothing was asked or spent.", filing.display_name))
            if not filing._has_code_of_contact():
                raise UserError(self.env._(
                    "%s was filed with another tax code than its contact has now: what the register tells would not be "
                    "about it. Nothing was asked or spent.", filing.display_name))
        question = self.env['openapi_pec.register_question'].create({
            'communication_ids': self.ids, 'company_id': self.company_id[:1].id})
        return question._get_records_action(name=self.env._("Check the Register"), target='new')

    def _has_code_of_contact(self):
        """Return whether the contact still has the code of the company that this was filed about."""
        code = self.company_fiscal_code
        return not code or self.partner_id._has_openapi_pec_code(code)

    def action_count_companies(self):
        """Have the service count, after this transaction, how many companies in Italy have these PECs: free.

        :raise AccessError: this user may not have it asked.
        :raise UserError: they were counted in the last days, or a count was perhaps paid.
        """
        self._check_may_spend()
        looks = self.env['openapi_pec.register_look']
        for company, filings in self.grouped('company_id').items():
            company._openapi_pec_check_configured(api_name='company')
            if looks._is_count_doubtful(company, company.sudo().openapi_pec_environment):
                raise UserError(self._in_words(const.look.COUNT_STOPPED))
            looks |= looks._ask_counts(company, filings)
        if not looks:
            raise UserError(self.env._(
                "This PEC was counted in the last %s days, or is no address, or another one is just being counted, "
                "the first of its account: nothing was asked. What was counted stands among the checks.",
                const.look.COUNT_DAYS))
        if len(self) > 1 and any(looks._get_most_counts(look.company_id, look.environment) == 0 for look in looks):
            return self._get_slow_notification(self.env._(
                "One PEC is counted first, to see that counting is free. Press again for the others once it is "
                "answered; nothing was spent."))
        return None

    # ------------------------------------------------------------ CALLS: what the register shows

    def _note_register(self, state, day, since=None):
        """Keep, and announce, whether the register shows the PEC of these filings.

        :param str state: of ``register_state``.
        :param date day: of the look.
        :param date since: until when the register had the PEC before it; of 'was', until when it had this one.
        """
        news = self.filtered(lambda filing: filing.register_state != state)
        self.write({'register_state': state, 'register_seen_on': day, 'register_since': since})
        key = 'stands_since' if state == 'stands' and since else state
        for filings in news._by_reader():
            filings._announce(filings._in_words(const.look.FILING_SENTENCES[key]) % {
                'day': format_date(filings.env, day), 'since': since and format_date(filings.env, since)})

    # ------------------------------------------------------------ COMPUTE: who has the address already

    def _judge(self, together):
        counts = self.env['openapi_pec.register_look']._get_counts(
            {pec_address.normalize(filing.pec_email) for filing in self} - {''})
        return {
            filing: [*findings, *filing._judge_counted(counts)]
            for filing, findings in super()._judge(together).items()}

    def _judge_counted(self, counts):
        """Judge whether other companies in Italy have the PEC, as the service has counted.

        :param dict counts: as ``openapi_pec.register_look._get_counts`` returns it.
        """
        address = pec_address.normalize(self.pec_email)
        told = counts.get((self.company_id.id, self.company_id.openapi_pec_environment, address))
        if told:
            own = self.kind == 'company' and self.partner_id._get_openapi_pec_seen(
                self.company_id.openapi_pec_environment)[0] == address
            others = told['number'] - own
            who = self.env._("at least %s", others) if told['is_least'] else str(others)
            if others > 0:
                yield self._get_finding('pec_email', 'pec_counted', who=who)
            else:
                yield self._get_finding('pec_email', 'pec_counted_none')


class OpenapiPecRegisterLook(models.Model):
    """What an answer tells of contact and filing by itself, without a person who takes it over."""
    _inherit = 'openapi_pec.register_look'

    def _note_pec(self):
        """Keep the PEC that the register has shown on the contact, and on the filing that communicated it."""
        told, day = self.told, fields.Date.context_today(self._for_reader(), self.looked_at)
        pec = told.get('pec', told.get('address'))
        if pec is None or 'officers' in told:  # not told
            return
        pec = pec_address.normalize(pec)
        since = self._get_since(pec)
        self.partner_id.sudo()._openapi_pec_note_register(pec, day, since, self.environment == 'sandbox')
        for filing in self._get_filings(pec):
            if filing.pec_email_normalized == pec:
                filing._note_register('stands', day, since)
            elif until := self._get_until(filing.pec_email_normalized):
                filing._note_register('was', day, until)
            else:
                filing._note_register('other' if pec else 'none', day)

    def _get_filings(self, pec):
        """Return the filing that the register was asked for; otherwise those whose PEC it shows."""
        filings = self.communication_id or self.env['openapi_pec.communication'].search([
            ('partner_id', '=', self.partner_id.id), ('company_id', '=', self.company_id.id),
            ('environment', '=', self.environment), ('kind', '=', 'company'), ('state', '=', 'completed'),
            ('register_state', '!=', 'stands'), ('pec_email_normalized', '=', pec),
            ('pec_email_normalized', '!=', False)])
        return filings.filtered(lambda filing: filing._has_code_of_contact())

    def _get_since(self, pec):
        """Return until when the register had another PEC before this one (date), as far as it tells."""
        return self._latest(until for address, until in self._get_history() if address != pec)

    def _get_until(self, pec):
        """Return until when the register had a PEC that it has no more (date)."""
        return self._latest(until for address, until in self._get_history() if address == pec)

    def _get_history(self):
        """Yield the PECs that the register had before, each with the moment (seconds) until when, or None."""
        for item in self.told.get('history') or ():
            yield pec_address.normalize(item['address']), item['until']

    @api.model
    def _latest(self, moments):
        seconds = max(filter(None, moments), default=None)
        return seconds and datetime.fromtimestamp(seconds, timezone.utc).date()
