from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date, formatLang

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.rights import get_own_contacts

REPORT = 'l10n_it_openapi_pec.action_report_position_client'
TEMPLATE = 'l10n_it_openapi_pec.mail_template_position'
# State of a line -> the colour in which it is printed; black for all others.
COLOURS = {
    **dict.fromkeys(('missing', 'not_pec', 'duplicate', 'irregular'), '#b02a37'),
    **dict.fromkeys(('to_decide', 'to_confirm', 'office_ending', 'mailbox_expiring'), '#8a5a00'),
    'under_way': '#0a58ca', 'in_order': '#146c43'}


class OpenapiPecPosition(models.Model):
    """What is printed, mailed and shown of lines to the clients they are about: plain texts, in their language."""
    _inherit = 'openapi_pec.position'

    def _by_client(self):
        """Return the lines of the clients of these lines, both of each, in the order of the clients' names.

        :return: lists of lines, each of one client and of one company that follows it.
        :rtype: list
        """
        lines = self.search([
            ('company_id', 'in', self.company_id.ids), ('partner_id', 'in', self.partner_id.ids)])
        wanted = {(line.company_id, line.partner_id) for line in self}
        clients = lines.grouped(lambda line: (line.company_id, line.partner_id))
        return [
            own.sorted(lambda line: line.kind, reverse=True) for client, own in sorted(
                clients.items(), key=lambda item: ((item[0][1].name or '').lower(), item[0][1].id, item[0][0].id))
            if client in wanted]

    def _show_clients(self, lang=None):
        """Return what is told of the clients of these lines; the number of queries does not grow with them.

        :param str lang: in which; by default, each in its own language.
        :rtype: list[dict]
        """
        clients = self._by_client()
        filings = self._find_done(self.union(*clients))
        shown = []
        for lines in clients:
            partner, company = lines.partner_id, lines.company_id
            spoken = lang or partner.lang or company.partner_id.lang or self.env.lang
            own = filings.get((company.id, partner.id), self.env['openapi_pec.communication'])
            shown.append({
                'lang': spoken, 'company': company, 'day': format_date(self.env, self._get_today(), lang_code=spoken),
                'name': partner.name or '', 'rea': partner.sudo().openapi_pec_rea or '',
                'tax_code': partner.l10n_it_codice_fiscale or partner.vat or '', 'seat': partner.city or '',
                'lines': [line._show() for line in lines.with_context(lang=spoken)],
                'done': [self._show_done(filing) for filing in own.with_context(lang=spoken)]})
        return shown

    @api.model
    def _find_done(self, lines):
        """Return what was sent for the clients of some lines, as far as it counts where their companies work now.

        :return: ``{(id of the company, id of the contact): filings}``, the newest first.
        :rtype: dict
        """
        filings = self.env['openapi_pec.communication'].search([
            ('company_id', 'in', lines.company_id.ids), ('partner_id', 'in', lines.partner_id.ids),
            ('state', 'in', const.filing.MADE_STATES)], order='id desc')
        own = filings.filtered(
            lambda filing: filing.environment == filing.company_id.sudo().openapi_pec_environment)
        return own.grouped(lambda filing: (filing.company_id.id, filing.partner_id.id))

    def _show(self):
        """Return what is told of this line: plain texts, in the language of its context."""
        labels = {
            name: dict(self._fields[name]._description_selection(self.env)) for name in (
                'kind', 'state', 'reason', 'step')}
        least, most, reduced = (
            formatLang(self.env, amount) for amount in (self.fine_least, self.fine_most, self.fine_reduced))
        return {
            'about': self.partner_id.name or '', 'person': self.person_id.name or '', 'pec': self.address or '',
            **{name: labels[name].get(self[name], '') for name in labels}, 'colour': COLOURS.get(self.state, '#000000'),
            'due': format_date(self.env, self.due_on), 'is_late': self.is_late,
            'fine': f'{least} – {most}' if self.fine_most else '', 'reduced': reduced if self.fine_reduced else '',
            'reduced_days': self.fine_reduced_days, 'is_fine_each': self.is_fine_each, 'user': self.user_id.name or ''}

    @api.model
    def _show_done(self, filing):
        """Return what is told of a filing: plain texts, in the language of its context."""
        labels = {name: dict(filing._fields[name]._description_selection(filing.env)) for name in ('kind', 'status')}
        submitted, completed = (
            format_date(filing.env, moment and self._get_day(moment))
            for moment in (filing.submitted_at, filing.completed_at))
        return {
            'name': filing.name, 'kind': labels['kind'][filing.kind], 'pec': filing.pec_email or '',
            'person': ' '.join(filter(None, (filing.first_name, filing.last_name)))
            if filing.kind == 'administrator' else '',
            'state': labels['status'].get(filing.status, ''), 'submitted': submitted, 'completed': completed,
            'answered': format_date(filing.env, filing.chamber_date), 'protocol': filing.chamber_protocol or '',
            'is_sandbox': filing.is_sandbox}

    def _get_report_name(self):
        """Return the name of the file with the report about this line's client."""
        return self.env._("PEC %(client)s %(day)s", client=self.partner_id.name or '', day=self._get_today())

    def _check_followed(self):
        """Raise when nothing can be told of these lines, since none of them is followed."""
        if not any(self.mapped('active')):
            raise UserError(self.env._(
                "Nobody follows these any more, or their contacts are archived: follow them, or unarchive the "
                "contacts, first. Nothing was printed or mailed."))

    # ------------------------------------------------------------ ACTIONS

    def action_send(self):
        """Open the mail with the report about the clients of these lines: one for each client."""
        self.check_access('write')
        self._check_followed()
        first = self.browse(own[0].id for own in self._by_client())
        return {
            'type': 'ir.actions.act_window', 'res_model': 'mail.compose.message', 'view_mode': 'form',
            'views': [(False, 'form')], 'target': 'new', 'name': self.env._("Mail the Position"),
            'context': {
                'default_model': self._name, 'default_res_ids': first.ids, 'active_ids': first.ids,
                'default_composition_mode': 'comment' if len(first) == 1 else 'mass_mail',
                'default_template_id': self.env.ref(TEMPLATE, raise_if_not_found=False).id or False,
            },
        }

    # ------------------------------------------------------------ the client's own page

    @api.model
    def _find_for_portal(self, user):
        """Return the lines that a user finds under his account, as superuser: those about himself or his company.

        They are followed by a company of this Odoo that is his; none of an archived contact.

        :param user: of Odoo, in most cases one of the portal.
        """
        return self.sudo().search([
            ('company_id', 'in', user.company_ids.ids), ('partner_id', 'in', get_own_contacts(user).ids)])


class ReportPositionClient(models.AbstractModel):
    """The report about clients: how they stand, what was done, what is due."""
    _name = 'report.l10n_it_openapi_pec.report_position_client'
    _description = "Report about Clients of the Register of Positions"

    @api.model
    def _get_report_values(self, docids, data=None):
        lines = self.env['openapi_pec.position'].browse(docids).exists()
        lines.check_access('read')
        lines._check_followed()
        return {'doc_ids': docids, 'doc_model': lines._name, 'docs': lines, 'clients': lines._show_clients()}


class ReportPositionPortfolio(models.AbstractModel):
    """The report about many lines, one row for each."""
    _name = 'report.l10n_it_openapi_pec.report_position_portfolio'
    _description = "Report about a Portfolio of the Register of Positions"

    @api.model
    def _get_report_values(self, docids, data=None):
        lines = self.env['openapi_pec.position'].browse(docids).exists()
        lines.check_access('read')
        states = dict(lines._fields['state']._description_selection(self.env))
        counts = {label: len(lines.filtered_domain([('state', '=', state)])) for state, label in states.items()}
        return {
            'doc_ids': docids, 'doc_model': lines._name, 'docs': lines, 'lines': [line._show() for line in lines],
            'counts': {label: count for label, count in counts.items() if count},
            'company': lines.company_id if len(lines.company_id) == 1 else self.env.company,
            'day': format_date(self.env, lines._get_today())}
