from odoo import fields, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__, default_lang='en_US')

# What a line of a list is for whoever uploads it, in the order in which a person wants to look at them.
STATUSES = FOLLOWED, ADDRESS, PERSON, KNOWN, UNREAD, NOTED = (
    'followed', 'address', 'person', 'known', 'unread', 'noted')
NOTICED = (FOLLOWED, ADDRESS, KNOWN)  # of which a notice is made
TICKABLE = (*NOTICED, PERSON)
SENTENCES = {
    FOLLOWED: _lt("Its line becomes irregular, unless a PEC was communicated since, or is being filed."),
    ADDRESS: _lt("No tax code of yours, only this company's PEC: tick it if this company is meant."),
    PERSON: _lt("%(person)s holds an office here. If the list means the PEC for it, tick this: the responsible is "
                "asked to look. The line itself stays as it is."),
    KNOWN: _lt("A contact that you do not follow: tick it to follow it, and to note the notice."),
    UNREAD: _lt("Something here looks like a tax code and is none, since its check digit is wrong: look it up by "
                "hand."),
    NOTED: _lt("Noted already: nothing more is made of it."),
}
UNTOLD = _lt("Noted already, but the responsible of its line was not told: ticked, an activity tells it.")
OTHER_PEC = _lt("The list has %(listed)s, and the contact has %(own)s: look whether an earlier PEC is meant.")
NO_ZEROS = _lt("The list has the tax code %(code)s without the zeros it begins with: make sure that it is meant before "
               "you tick it.")


class OpenapiPecNoticeListLine(models.TransientModel):
    """What of a chamber's list is about somebody here, or could not be read."""
    _name = 'openapi_pec.notice_list.line'
    _description = "Line of a Chamber's List"
    _inherit = ['openapi_pec.input.mixin']
    _order = 'rank, number, id'

    list_id = fields.Many2one('openapi_pec.notice_list', required=True, readonly=True, index=True, ondelete='cascade')
    rank = fields.Integer(readonly=True)
    number = fields.Integer("Line", readonly=True, help="Of the list, those without a code counted as well.")
    written = fields.Char("On the List", readonly=True, help="The beginning of the line as it stands there.")
    is_ticked = fields.Boolean("Note It")
    status = fields.Selection([
        (FOLLOWED, "Followed"), (ADDRESS, "By the PEC Alone"), (PERSON, "Holds an Office"), (KNOWN, "Not Followed"),
        (UNREAD, "Not Read"), (NOTED, "Noted Already")], readonly=True)
    partner_id = fields.Many2one('res.partner', "About", readonly=True, ondelete='cascade')
    person_id = fields.Many2one('res.partner', readonly=True, ondelete='cascade')
    sentence = fields.Text("What It Means", readonly=True)

    def action_open(self):
        """Open the contact."""
        self.ensure_one()
        self.check_access('read')
        return self.partner_id._get_records_action(name=self.partner_id.display_name)
