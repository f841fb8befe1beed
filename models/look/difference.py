from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.lock import lock_rows
from odoo.addons.l10n_it_openapi_pec.models.service.rights import check_own

from .compare import ROWS, find_differences, is_same

TICK = {'is_ticked'}  # what people write of a difference


class OpenapiPecRegisterDifference(models.Model):
    """One thing that the register tells otherwise than the contact, which a person takes over or not."""
    _name = 'openapi_pec.register_difference'
    _description = "Difference from the Business Register"
    _inherit = ['openapi_pec.spreadsheet.mixin']
    _order = 'look_id desc, sequence, id'
    _rec_name = 'field'

    look_id = fields.Many2one(
        'openapi_pec.register_look', required=True, readonly=True, index=True, ondelete='cascade')
    update_id = fields.Many2one(related='look_id.update_id', store=True, index='btree_not_null')
    company_id = fields.Many2one(related='look_id.company_id', store=True, index=True)
    partner_id = fields.Many2one(related='look_id.partner_id', string="Contact", store=True, index=True)
    operation = fields.Selection(related='look_id.operation', store=True)
    looked_at = fields.Datetime(related='look_id.looked_at')
    environment = fields.Selection(related='look_id.environment')
    sequence = fields.Integer(readonly=True)
    field = fields.Char(required=True, readonly=True, help="Technical name of the contact's field.")
    office_id = fields.Many2one('openapi_pec.office', readonly=True, index='btree_not_null', ondelete='cascade')
    # As the register tells it; False of an office that it does not tell any more.
    value = fields.Json(readonly=True, groups=fields.NO_ACCESS, exportable=False)
    # As the contact had it when that was compared, or ticked by a person: what has changed since is not overwritten.
    known = fields.Char(readonly=True, groups=fields.NO_ACCESS, exportable=False)
    label = fields.Char("What", compute='_compute_shown')
    here = fields.Char(compute='_compute_shown', help="As the contact has it now.")
    there = fields.Char("In the Register", compute='_compute_shown')
    is_takeable = fields.Boolean(compute='_compute_shown')
    is_empty_here = fields.Boolean(readonly=True, help="The contact had nothing there when the register was asked.")
    is_ticked = fields.Boolean("Take Over")
    state = fields.Selection(
        [('open', "Open"), ('taken', "Taken Over")], required=True, readonly=True, default='open', index=True)
    taken_by_id = fields.Many2one('res.users', "Taken Over by", readonly=True)
    taken_at = fields.Datetime("Taken Over on", readonly=True)

    # ------------------------------------------------------------ CRUD

    def write(self, vals):
        check_own(self.env, vals.keys() - TICK)
        result = super().write(vals)
        if vals.get('is_ticked'):
            for line in self.sudo().filtered(lambda line: line.field in ROWS):
                line.known = ROWS[line.field].here(line.partner_id)
        return result

    @api.model
    def _make(self, look):
        """Compare what a look was told with its contact; the open differences of earlier looks go.

        What the sandbox invents takes the place of nothing that was paid for.

        :param look: that was answered.
        """
        is_invented = look.environment == 'sandbox'
        earlier = self.sudo().search([
            ('partner_id', '=', look.partner_id.id), ('company_id', '=', look.company_id.id),
            ('operation', '=', look.operation), ('state', '=', 'open'), ('look_id', '!=', look.id),
            *([('look_id.environment', '=', look.environment)] if is_invented else [])])
        earlier.unlink()
        found = {'register_company': self._get_of_company, 'register_offices': self._get_of_offices}
        if look.operation in found:
            self.sudo().create([
                {'look_id': look.id, 'sequence': number, **values}
                for number, values in enumerate(found[look.operation](look))])

    @api.model
    def _get_of_company(self, look):
        """Return values of the differences of a company's own data."""
        contact = look.partner_id
        return [{
            'field': field, 'value': value, 'known': ROWS[field].here(contact),
            'is_empty_here': not ROWS[field].here(contact),
            'is_ticked': not ROWS[field].here(contact) and ROWS[field].read(contact, value) is not None,
        } for field, value in find_differences(contact, look.told).items()]

    # ------------------------------------------------------------ COMPUTE

    @api.depends('field', 'state', 'partner_id')
    @api.depends_context('lang')
    def _compute_shown(self):
        labels = self.partner_id.fields_get(list(ROWS), ['string'])
        offices = self.filtered(lambda line: line.field == const.look.OFFICE)
        offices._show_offices()
        for line in self - offices:
            value, contact = line.sudo().value, line.partner_id
            line.label = labels[line.field]['string']
            line.here = line._show(contact[line.field])
            written = ROWS[line.field].read(contact, value)
            line.is_takeable = written is not None
            line.there = line._show(contact._fields[line.field].convert_to_record(
                contact._fields[line.field].convert_to_cache(written, contact), contact)) if written is not None else (
                self.env._("%s (not known here)", value))
        for line in self.filtered(lambda line: not line._is_of_contact()):
            line.is_takeable, line.there = False, self.env._(
                "%s (of the tax code that the contact had when the register was asked)", line.there)

    def _is_of_contact(self):
        return self.sudo().look_id._is_of_contact()

    def _show(self, value):
        """Return a value of this line's field as people read it."""
        field = self.partner_id._fields[self.field]
        if field.type == 'selection':
            return dict(field._description_selection(self.env)).get(value, value or '')
        if field.type == 'date':
            return value and format_date(self.env, value)
        return value.display_name if field.type == 'many2one' else value or ''

    # ------------------------------------------------------------ ACTIONS

    def action_take_over(self):
        """Take over these differences into their contacts, each contact with one write and one line in its chatter.

        :raise UserError: none of them can be taken over.
        :raise AccessError: this user may not change a contact.
        """
        self.check_access('read')
        for records in (self, self.partner_id):  # two people may press at the same moment
            lock_rows(records)
        lines = self.filtered(lambda line: line.state == 'open' and line.is_takeable)
        if not lines:
            raise UserError(self.env._(
                "Nothing of this can be taken over: it was taken over already, is no value that Odoo knows, or was "
                "asked with another tax code than the contact has now. Nothing was changed."))
        lines.partner_id.check_access('write')
        bodies = {}
        for contact, own in lines.grouped('partner_id').items():
            bodies[contact.id] = own._get_body()
            own._write_on(contact)
        self.env['res.partner'].browse(bodies)._message_log_batch(bodies)
        lines.sudo().write({
            'state': 'taken', 'is_ticked': False, 'taken_by_id': self.env.uid, 'taken_at': fields.Datetime.now()})

    def _untick_changed(self):
        """Take the ticks away from those of these differences whose contact has got another value since.

        :return: these lines.
        """
        changed = self.sudo().filtered(
            lambda line: line.known is not False and line.known != ROWS[line.field].here(line.partner_id))
        changed.write({'is_ticked': False, 'is_empty_here': False})
        return self & changed.sudo(False)

    def _write_on(self, contact):
        """Write what these differences of one contact say."""
        offices = self.filtered(lambda line: line.field == const.look.OFFICE)
        offices._take_over_offices(contact)
        told = {line.field: line.sudo().value for line in self - offices}
        if values := {
                field: ROWS[field].read(contact, value) for field, value in told.items()
                if not is_same(contact, field, value)}:
            contact.write(values)

    def _get_body(self):
        """Return the line for the chatter: what was taken over, from where, and of which day."""
        day = format_date(self.env, self[0].looked_at)
        return Markup("<div>%s<ul>%s</ul></div>") % (
            self.env._("Taken over from the business register (Company API, looked up on %s):", day),
            Markup().join(
                Markup("<li>%s: %s → %s</li>") % (line.label, line.here or '—', line.there) for line in self))
