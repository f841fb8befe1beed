from odoo import models

# What a page subscribes to while it shows a record of this addon; the server makes of it the companies of its user.
CHANNEL = 'openapi_pec_changed'


class IrWebsocket(models.AbstractModel):
    """Whoever looks at a record is told that it has changed: by its id alone, so that the page reads it anew."""
    _inherit = 'ir.websocket'

    def _build_bus_channel_list(self, channels):
        others = [channel for channel in channels if not isinstance(channel, str) or channel != CHANNEL]
        if len(others) < len(channels):
            channels = others
            if self.env.user.has_group('l10n_it_openapi_pec.group_user'):
                channels += [(company, CHANNEL) for company in self.env.user.company_ids]
        return super()._build_bus_channel_list(channels)
