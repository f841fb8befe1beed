import xmlrpc.client
from functools import cached_property

from odoo import api, models

from odoo.addons.l10n_it_openapi_pec.tools.chamber_mail import notice

MESSAGE = 'openapi_pec.chamber_message'


class Incoming:
    """A raw message on its way through Odoo's mail gateway; it is read once, and only if it comes to this room."""

    def __init__(self, content):
        self.content = content

    @cached_property
    def notice(self):
        """The message as it was read (``notice.Notice``)."""
        return notice.read(self.content)


class MailThread(models.AbstractModel):
    """The mail gateway: it takes messages apart, and this room keeps them as they came."""
    _inherit = 'mail.thread'

    @api.model
    def message_process(self, model, message, custom_values=None, save_original=False, strip_attachments=False,
                        thread_id=None):
        """Have the raw message at hand for what becomes of it."""
        content = message.data if isinstance(message, xmlrpc.client.Binary) else message
        content = content.encode() if isinstance(content, str) else content
        thread = self.with_context(openapi_pec_incoming=Incoming(content)) if isinstance(content, bytes) else self
        return super(MailThread, thread).message_process(
            model, message, custom_values=custom_values, save_original=save_original,
            strip_attachments=strip_attachments, thread_id=thread_id)

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        """Drop receipts of certified mail, which no chamber wrote, on their way to this room.

        All else makes a message of its own, also what answers an earlier one: it may tell something new.
        """
        routes = super().message_route(
            message, message_dict, model=model, thread_id=thread_id, custom_values=custom_values)
        incoming = self.env.context.get('openapi_pec_incoming')
        if not isinstance(incoming, Incoming) or all(route[0] != MESSAGE for route in routes):
            return routes
        others = [route for route in routes if route[0] != MESSAGE]
        return others if incoming.notice.is_receipt else others + [
            self._get_new_route(route) for route in routes if route[0] == MESSAGE]

    def _get_new_route(self, route):
        """Return a route that makes a message, of one that may lead to an earlier one of the same company."""
        model, thread_id, custom_values, user_id, alias = route
        if thread_id:
            custom_values = {'company_id': self.env[MESSAGE].sudo().browse(thread_id).company_id.id}
        return model, 0, custom_values, user_id, alias
