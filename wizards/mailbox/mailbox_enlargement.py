from odoo import api, fields, models

from .mailbox_storage import MAX_SPACE, STORAGE_STEP

DISK_STEP = 1024  # MB

# field of a mailbox -> (key of the request, step in MB)
SPACES = {
    'disk_space': ('spazio_disco', DISK_STEP),
    'archive_space': ('spazio_storico', DISK_STEP),
    'storage_space': ('spazio_conservazione', STORAGE_STEP),
}


class OpenapiPecMailboxEnlargement(models.TransientModel):
    """The last question before space is added to a mailbox: how much, of which kind."""
    _name = 'openapi_pec.mailbox.enlargement'
    _description = "Enlargement of a Mailbox"
    _inherit = ['openapi_pec.mailbox.order']
    _operation = 'mailbox_modify'

    has_storage = fields.Boolean(related='mailbox_id.has_storage', related_sudo=False)
    has_archive = fields.Boolean(
        compute='_compute_has_archive', help="Whether there is a security archive that can be enlarged.")
    old_disk_space = fields.Integer("Mailbox Space Now (MB)", related='mailbox_id.disk_space', related_sudo=False)
    old_archive_space = fields.Integer(
        "Security Archive Now (MB)", related='mailbox_id.archive_space', related_sudo=False)
    old_storage_space = fields.Integer("Legal Storage Now (MB)", related='mailbox_id.storage_space', related_sudo=False)
    disk_space = fields.Integer("Add to the Mailbox (MB)", help="A multiple of 1024.")
    archive_space = fields.Integer("Add to the Security Archive (MB)", help="A multiple of 1024.")
    storage_space = fields.Integer("Add to Legal Storage (MB)", help="A multiple of 512.")

    @api.depends('mailbox_id')
    def _compute_has_archive(self):
        self.mailbox_id._check_may_spend()
        for order in self:
            order.has_archive = order.mailbox_id.has_archive or order.mailbox_id.archive_space > 0

    def _get_request(self):
        return {'spaces': {
            key: self.mailbox_id[field] + self[field] for field, (key, _step) in SPACES.items() if self[field]}}

    def _get_problem(self):
        if self.archive_space and not self.has_archive:
            return self.env._("This mailbox has no security archive that could be enlarged: leave it out.")
        for field, (_key, step) in SPACES.items():
            added = self[field]
            if added < 0 or added % step or self.mailbox_id[field] + added > MAX_SPACE:
                return self.env._(
                    "Space is added in steps of %(step)s MB: %(added)s MB is not possible.", step=step, added=added)
            total = self.mailbox_id[field] + added
            if added and total % step:
                return self.env._(
                    "The service takes multiples of %(step)s MB alone, and this mailbox would have %(total)s MB then: "
                    "ask Openapi's support to bring its space in order first.", step=step, total=total)
        if self.storage_space and not self.has_storage:
            return self.env._("Activate legal storage first: space can be added to it then.")
        return not any(self[field] for field in SPACES) and self.env._("Say how much space to add.")
