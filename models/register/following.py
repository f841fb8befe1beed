from odoo import models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec.models.service.rights import filter_seen

NAMED = 5  # of the contacts that are refused


class ResPartner(models.Model):
    """Which contacts have lines: those that somebody of an Odoo company follows."""
    _inherit = 'res.partner'

    def _openapi_pec_follow(self, is_followed=True):
        """Have the user's present company follow these contacts, or not follow them any more.

        The lines of who is followed no more are kept, with what was decided, and shown again when somebody follows.

        :param bool is_followed: which of both.
        :return: the lines, of all of them.
        :raise UserError: when one of them is another company's alone.
        """
        self.env['openapi_pec.position'].check_access('write')
        company = self.env.company
        hidden = self - filter_seen(self, company) if is_followed else self.browse()
        if hidden:
            raise UserError(self.env._(
                "%(company)s cannot follow the contacts of another company: %(names)s. Work in that company to follow "
                "them. Nothing was changed.", company=company.name,
                names=', '.join(contact.display_name for contact in hidden[:NAMED])))
        lines = self.env['openapi_pec.position'].sudo().with_context(active_test=False).search(
            [('company_id', '=', company.id), ('partner_id', 'in', self.ids)], order='id')
        lines.filtered(lambda line: line.is_followed != is_followed).write({'is_followed': is_followed})
        if is_followed:
            known = {(line.partner_id.id, line.kind) for line in lines}
            lines += lines._quietly().create([
                {'company_id': company.id, 'partner_id': partner.id, 'kind': kind,
                 'user_id': partner._get_openapi_pec_responsible(company)}
                for partner in self for kind in ('company', 'administrator') if (partner.id, kind) not in known])
        return lines

    def _get_openapi_pec_responsible(self, company):
        """Return the id of who is responsible for the lines of this contact, if that can be told."""
        users = (self.user_id, self.env.user)
        return next((
            user.id for user in users
            if user and user.active and not user.share and company in user.sudo().company_ids), False)

    # ------------------------------------------------------------ ACTIONS

    def action_openapi_pec_follow(self):
        """Follow the companies of these contacts, and open their lines."""
        companies = self.mapped(lambda partner: partner if partner.is_company else partner.commercial_partner_id)
        companies.check_access('read')
        companies._openapi_pec_follow()
        return companies.action_openapi_pec_positions()

    def action_openapi_pec_unfollow(self):
        """Follow these contacts no more."""
        self.check_access('read')
        self._openapi_pec_follow(False)

    def action_openapi_pec_positions(self):
        """Open the lines about these contacts."""
        self.check_access('read')
        self.env['openapi_pec.position'].check_access('read')
        return {
            **self.env['ir.actions.act_window']._for_xml_id('l10n_it_openapi_pec.action_position'),
            'domain': [('partner_id', 'in', self.ids)], 'context': {},
        }

