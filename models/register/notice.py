from odoo import api, fields, models

from odoo.addons.l10n_it_openapi_pec.models.service.notes import insert_copies
from odoo.addons.l10n_it_openapi_pec.models.service.rights import check_own
from odoo.addons.l10n_it_openapi_pec.models.service.rows import set_each

OWN_FIELDS = {'file_id'}  # what the code alone writes


class OpenapiPecNotice(models.Model):
    """A chamber's notice that a company's PEC is irregular: published on its albo, or sent.

    It counts until a PEC is communicated after it, or a person settles it. Notices are no secret of an Odoo company:
    who sees the contact sees them.
    """
    _name = 'openapi_pec.notice'
    _description = "Chamber's Notice of an Irregular PEC"
    _inherit = ['openapi_pec.input.mixin']
    _order = 'published_on desc, id desc'
    _rec_name = 'partner_id'

    partner_id = fields.Many2one(
        'res.partner', "About", required=True, index=True, ondelete='restrict',
        domain="[('is_company', '=', True)]")
    company_id = fields.Many2one(
        string="Company of the Contact", related='partner_id.company_id', store=True, index='btree_not_null')
    chamber = fields.Char(help="The province of the chamber, two letters: its own term counts, if there is one.")
    published_on = fields.Date("Published", required=True, default=fields.Date.context_today)
    due_on = fields.Date("Due on", help="When the notice itself names the day; otherwise the term of the rules counts.")
    settled_on = fields.Date("Settled", help="It counts no more.")
    note = fields.Char()
    file_id = fields.Many2one(
        'ir.attachment', "List", readonly=True, copy=False, index='btree_not_null', ondelete='set null',
        help="The chamber's list on which this company stands.")

    # ------------------------------------------------------------ ACTIONS

    def action_settle(self):
        """Keep that these notices are settled."""
        self.write({'settled_on': fields.Date.context_today(self)})

    def action_download(self):
        """Download the chamber's list."""
        self.ensure_one()
        self.check_access('read')
        url = f'/web/content/{self.file_id.id}?download=true'
        return {'type': 'ir.actions.act_url', 'url': url, 'target': 'download'}

    # ------------------------------------------------------------ a chamber's list

    @api.model
    def _find_noted(self, partner_ids, chamber, published_on):
        """Return the notices of one chamber and day to some contacts: there is one to each."""
        return self.search([
            ('partner_id', 'in', partner_ids), ('chamber', '=', chamber), ('published_on', '=', published_on)])

    @api.model
    def _note(self, partners, chamber, published_on, due_on, file):
        """Note a notice to some companies, each once, with the list on which they stand.

        :param partners: the companies.
        :param str chamber: its province.
        :param due_on: False where the term of the rules counts.
        :param tuple file: ``(name, bytes)`` of the list.
        :return: the new notices: to who had none of this chamber and day.
        """
        new = partners - self._find_noted(partners.ids, chamber, published_on).partner_id
        notices = self.create([{
            'partner_id': partner.id, 'chamber': chamber, 'published_on': published_on, 'due_on': due_on,
        } for partner in new])
        if notices:
            name, content = file
            attachment = self.env['ir.attachment']._openapi_pec_create([{
                'name': name, 'raw': content, 'res_model': self._name, 'res_id': notices[0].id}])
            attachment.flush_recordset()
            files = [attachment.id, *insert_copies(attachment, {'res_id': notices[1:].ids}).ids]
            set_each(notices, 'file_id', map(str, files), 'int4')
        return notices

    # ------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        check_own(self.env, OWN_FIELDS & {name for vals in vals_list for name in vals})
        return super().create([self._with_province(vals) for vals in vals_list])

    def write(self, vals):
        check_own(self.env, OWN_FIELDS & vals.keys())
        return super().write(self._with_province(vals))

    @staticmethod
    def _with_province(vals):
        """Return values with the province in capitals."""
        return {**vals, 'chamber': str(vals['chamber']).strip().upper()} if vals.get('chamber') else vals
