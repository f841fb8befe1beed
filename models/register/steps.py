from odoo import models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.lock import meet
from odoo.addons.l10n_it_openapi_pec.tools.obligation.position import EXEMPT, FULFILLED, TO_DECIDE

# Next step of a line -> the method that returns its action. What a person is to decide is done on the line itself.
STEP_METHODS = {
    'file': 'action_file',
    **dict.fromkeys(('wait', 'sign', 'answer_chamber', 'record_outcome'), '_open_filing'),
    'get_pec': '_open_purchase',
    **dict.fromkeys(('activate_mailbox', 'renew_mailbox'), '_open_mailbox'),
    'check_register': '_open_check', **dict.fromkeys(('take_over', 'compare'), '_open_differences'),
    'enter_form': 'action_open_partner',
    **dict.fromkeys(('confirm_or_file', 'decide'), 'action_open'),
    'enter_office': '_open_new_office', 'end_office': '_open_offices', 'renew_office': '_open_office',
}


class OpenapiPecPosition(models.Model):
    """The next step of a line, as a button."""
    _inherit = 'openapi_pec.position'

    def action_step(self):
        """Do what this line asks for next, or open where it is done. Nothing is spent by it."""
        self.ensure_one()
        self.check_access('write')
        return getattr(self, STEP_METHODS.get(self.step, 'action_open'))()

    def action_open(self):
        """Open the form of this line."""
        self.ensure_one()
        return self._get_records_action(name=self.display_name)

    def action_open_partner(self):
        """Open the contact of the company."""
        self.ensure_one()
        return self.partner_id._get_records_action(name=self.partner_id.display_name)

    # ------------------------------------------------------------ a filing

    def action_file(self):
        """Open the filing that is being prepared for this line, or make it: kind, person and address are filled in."""
        self.ensure_one()
        self.check_access('read')
        filings = self.env['openapi_pec.communication']
        filings.check_access('create')
        meet(self.partner_id)  # two people may press at the same moment
        domain = [
            ('company_id', '=', self.company_id.id), ('partner_id', '=', self.partner_id.id), ('kind', '=', self.kind),
            ('state', 'in', const.filing.EDITABLE_STATES)]
        if self.kind == 'administrator' and self.person_id:
            domain.append(('representative_id', '=', self.person_id.id))
        draft = filings.search(domain, limit=1) or filings._create_all([self._get_filing_values(self._find_renewed())])
        return draft.action_open_form()

    def action_ask(self):
        """Ask which filings of these lines are meant before any is made; of one, open it."""
        self.check_access('read')
        if len(self) == 1 and self.state not in (*FULFILLED, EXEMPT, TO_DECIDE) and not self._filter_early():
            return self._open_filing() if self.state == 'under_way' else self.action_file()
        self.env['openapi_pec.communication'].check_access('create')
        question = self.env['openapi_pec.communicate'].create({'position_ids': self.ids})
        return question._get_records_action(name=self.env._("Communicate PEC"), target='new')

    def _filter_early(self):
        """Return the lines about a term of office that has not begun: what is communicated before proves nothing."""
        return self.filtered(lambda line: line.step == 'wait' and line.reason == 'term_renewed')

    def _find_renewed(self):
        """Return, for the lines whose office was renewed, the filing with the same PEC of the term before.

        :return: ``{line: filing}``, without the lines whose PEC was communicated otherwise.
        :rtype: dict
        """
        lines = self.filtered(lambda line: line.reason == 'term_renewed')
        filed = {
            (filing.company_id, filing.partner_id, filing.representative_id, filing.pec_email_normalized): filing
            for filing in self.env['openapi_pec.communication'].search([
                ('company_id', 'in', lines.company_id.ids), ('partner_id', 'in', lines.partner_id.ids),
                ('kind', '=', 'administrator'), ('state', '=', 'completed'),
                ('chamber_outcome', 'not in', const.filing.REFUSED_OUTCOMES)], order='id')
            if filing.environment == filing.company_id.sudo().openapi_pec_environment} if lines else {}
        keys = {line: (line.company_id, line.partner_id, line.person_id, line.address) for line in lines}
        return {line: filed[key] for line, key in keys.items() if key in filed}

    def _get_filing_values(self, renewed):
        """Return the values of a filing of what this line is about.

        :param dict renewed: as :meth:`_find_renewed` returns it.
        """
        values = {'company_id': self.company_id.id, 'partner_id': self.partner_id.id, 'kind': self.kind}
        if self in renewed:
            values['renews_id'] = renewed[self].id
        if self.user_id:
            values['user_id'] = self.user_id.id
        if self.kind == 'administrator' and self.person_id:
            values['representative_id'] = self.person_id.id
            if self.address:
                values['pec_email'] = self.address
        return values

    def _open_filing(self):
        """Open the filing that is under way, or that was completed last; the contact if there is none to be seen."""
        filings = self.env['openapi_pec.communication'].search([
            ('company_id', '=', self.company_id.id), ('partner_id', '=', self.partner_id.id), ('kind', '=', self.kind),
            ('state', 'in', const.filing.MADE_STATES)], order='id desc')
        own = filings.filtered(lambda filing: filing.state in const.filing.OPEN_STATES) or filings
        return own[:1].action_open_form() if own else self.action_open_partner()

    # ------------------------------------------------------------ a PEC

    def _open_purchase(self):
        """Open the purchase of a mailbox for who needs a PEC; one from elsewhere is written on the contact."""
        action = (self.person_id or self.partner_id).action_openapi_pec_buy()
        return {**action, 'context': {**action['context'], 'default_company_id': self.company_id.id}}

    def _open_mailbox(self):
        """Open the mailbox with this line's address."""
        mailbox = self.env['openapi_pec.mailbox'].search(
            [('address', '=', self.address), ('company_id', '=', self.company_id.id)], limit=1)
        return mailbox._get_records_action(name=self.address) if mailbox else self.action_open_partner()

    # ------------------------------------------------------------ the register

    def action_confirm(self):
        """Keep that this user says that these lines' PECs stand in the register. It costs nothing."""
        self.check_access('write')
        if any(not position.address or position.state == 'exempt' for position in self):
            raise UserError(self.env._("There is no PEC to be confirmed on one of these lines. Nothing was changed."))
        own = self.filtered(lambda position: position.kind == 'company')
        own.partner_id._openapi_pec_confirm_pec()
        (self - own).office_id._confirm_pec()

    # ------------------------------------------------------------ offices

    def _open_new_office(self):
        """Open a new office of the company."""
        return {
            **self._get_offices_action(), 'views': [(False, 'form')],
            'context': {'default_partner_id': self.partner_id.id, 'default_role': 'AUN'}}

    def _open_offices(self):
        """Open the offices that stand against each other."""
        return {
            **self._get_offices_action(), 'domain': [('partner_id', '=', self.partner_id.id)],
            'context': {'default_partner_id': self.partner_id.id, 'search_default_held': 1}}

    def _open_office(self):
        """Open the office whose term ends."""
        return self.office_id._get_records_action(name=self.office_id.display_name)

    def _get_offices_action(self):
        return self.env['ir.actions.act_window']._for_xml_id('l10n_it_openapi_pec.action_office')
