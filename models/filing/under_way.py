from collections import defaultdict

from odoo import models
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.rights import get_company_rights
from odoo.addons.l10n_it_openapi_pec.tools.italy import fiscal_code
from odoo.addons.l10n_it_openapi_pec.tools.pec import address as pec_address


class OpenapiPecCommunication(models.Model):
    """Another PEC that is being communicated for the same company: both would be paid, whoever pays."""
    _inherit = 'openapi_pec.communication'

    def _get_company_domain(self):
        """Return the domain of the filings of the same kinds about the companies of these ones.

        A company is its contact, or its tax code.
        """
        codes = {fiscal_code.normalize(code) for code in self.mapped('company_fiscal_code') if code}
        return Domain('kind', 'in', list({*self.mapped('kind')})) & (
            Domain('partner_id', 'in', self.partner_id._origin.ids) | Domain('company_fiscal_code', 'in', list(codes)))

    def _get_under_way(self, shared):
        """Return the filings under way about the companies of these ones, those that this user may not see as well.

        :param shared: the VAT numbers that tell nobody from others.
        :return: ``{what identifies a company: [(filing, Claim, whether this user may see it), …]}``
        :rtype: dict
        """
        filings = self.sudo().search(self._get_company_domain() & Domain([
            ('state', 'in', const.filing.OPEN_STATES), ('chamber_outcome', 'not in', const.filing.REFUSED_OUTCOMES),
        ]), order='id')
        hidden = self._filter_hidden(filings)
        # What is seen is read with this user's rights, and named as far as he may read its contact.
        everywhere = self.with_context(allowed_company_ids=self.env.user.company_ids.ids)
        seen = (filings - hidden).with_env(everywhere.env)
        under_way = defaultdict(list)
        for others, is_seen in ((seen, True), (hidden, False)):
            for filing in others:
                claim = filing._get_claim('open', shared)
                for key in claim.company:
                    under_way[key].append((filing, claim, is_seen))
        return under_way

    def _filter_hidden(self, filings):
        """Return those of some filings that this user may not see in any of his companies."""
        rights = get_company_rights(self.env)
        if rights is not None:
            return filings.filtered(lambda filing: filing.company_id.id not in rights)
        own = filings.sudo(False).with_context(allowed_company_ids=self.env.user.company_ids.ids)
        return filings - own._filtered_access('read')

    def _judge_under_way(self, under_way, shared):
        """Judge whether another PEC is being communicated already: for an administrator, as the same person's.

        :param dict under_way: as :meth:`_get_under_way` returns it.
        :param shared: likewise.
        """
        address = pec_address.normalize(self.pec_email)
        if not under_way or not address:
            return
        mine, found = self._get_claim('open', shared), {}
        for key in mine.company:
            for filing, claim, is_seen in under_way.get(key, ()):
                if (filing.kind == self.kind and mine.owner & claim.owner and filing != self._origin
                        and filing.environment == self.company_id.openapi_pec_environment
                        and filing.pec_email_normalized != address):
                    found[filing] = is_seen
        told = [
            f"{filing.display_name} ({filing.pec_email}, {format_date(self.env, filing.submitted_at) or '—'})"
            for filing in sorted(found, key=lambda filing: filing.id) if found[filing]]
        if told:
            yield self._get_finding('pec_email', 'other_pec_open', who='; '.join(told))
        if not all(found.values()):
            yield self._get_finding('pec_email', 'other_pec_hidden')
