from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec.tools.api.company_data import TAX_CODE
from odoo.addons.l10n_it_openapi_pec.tools.italy import fiscal_code, omocodia


class ResPartner(models.Model):
    """The way from a contact to the business register; what is kept of the answers stands in ``register.partner``."""
    _inherit = 'res.partner'

    openapi_pec_is_checked = fields.Boolean(
        "Check in the Register", company_dependent=True, copy=False, groups='l10n_it_openapi_pec.group_manager',
        help="Look this company up again every so many days, as the settings say. That is paid.")
    openapi_pec_look_ids = fields.One2many(
        'openapi_pec.register_look', 'partner_id', "Look-Ups", groups='l10n_it_openapi_pec.group_user')
    openapi_pec_difference_count = fields.Integer(
        compute='_compute_openapi_pec_difference_count', groups='l10n_it_openapi_pec.group_user')

    # ------------------------------------------------------------ COMPUTE

    @api.depends('openapi_pec_look_ids')
    def _compute_openapi_pec_difference_count(self):
        counts = dict(self.env['openapi_pec.register_difference']._read_group(
            [('partner_id', 'in', self.ids), ('state', '=', 'open')], ['partner_id'], ['__count']))
        for partner in self:
            partner.openapi_pec_difference_count = counts.get(partner._origin, 0)

    # ------------------------------------------------------------ CALLS

    def _openapi_pec_get_asked(self):
        """Return by which code the register is asked about these contacts: ``{contact: code}``.

        Left out is whoever has no valid code, and whose code another one of them has.

        :rtype: dict
        """
        asked, known = {}, set()
        for partner in self:
            codes = map(omocodia.normalize, (partner.l10n_it_codice_fiscale, partner.vat))
            code = next(filter(self._is_openapi_pec_askable, codes), None)
            if code and code not in known:
                known.add(code)
                asked[partner] = code
        return asked

    def _has_openapi_pec_code(self, code):
        """Return whether a code is this contact's tax code or VAT number; omocodes are the same."""
        codes = (self.l10n_it_codice_fiscale, self.vat)
        return omocodia.identity(code) in map(omocodia.identity, codes)

    @staticmethod
    def _is_openapi_pec_askable(code):
        return bool(TAX_CODE.fullmatch(code)) and fiscal_code.is_valid(code)

    def _openapi_pec_note_register(self, pec, day, since=None, is_sandbox=False):
        """Keep which PEC the register has shown for this contact; what the sandbox invents takes no truth's place.

        :param str pec: '' for none.
        :param date day: of the look.
        :param date since: until when the register had the one before, if it tells.
        :param bool is_sandbox: whether the sandbox was asked.
        """
        is_known = self.openapi_pec_register_seen_on and self.openapi_pec_register_is_sandbox == is_sandbox
        if is_sandbox and self.openapi_pec_register_seen_on and not is_known:
            return
        if is_known and self.openapi_pec_register_email == (pec or False):
            since = since or self.openapi_pec_register_since
        self.write({
            'openapi_pec_register_email': pec or False, 'openapi_pec_register_seen_on': day,
            'openapi_pec_register_since': since, 'openapi_pec_register_is_sandbox': is_sandbox})

    # ------------------------------------------------------------ ACTIONS

    def action_openapi_pec_update(self):
        """Ask what an update of these contacts from the register costs, before it is made.

        :raise AccessError: this user may not spend.
        """
        self.check_access('read')
        question = self.env['openapi_pec.register_question'].create({'partner_ids': self.ids})
        return question._get_records_action(name=self.env._("Update from the Register"), target='new')

    def action_openapi_pec_differences(self):
        """Open what the register tells otherwise than this contact.

        :raise UserError: nothing.
        """
        self.check_access('read')
        lines = self.env['openapi_pec.register_difference'].search(
            [('partner_id', 'in', self.ids), ('state', '=', 'open')])
        if not lines:
            raise UserError(self.env._("Nothing in the register differs from this contact."))
        if len(lines.update_id) == 1:
            return lines.update_id.action_open_form()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('l10n_it_openapi_pec.action_register_difference'),
            'domain': [('partner_id', 'in', self.ids)],
        }
