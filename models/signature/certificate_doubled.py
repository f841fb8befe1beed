from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.l10n_it_openapi_pec import const


class OpenapiPecCertificate(models.Model):
    """What the service has made twice of one purchase, and what two purchases stand for: each costs about EUR 99."""
    _inherit = 'openapi_pec.certificate'

    # ------------------------------------------------------------ SYNCHRONISATION: made twice by one call

    @api.model
    def _search_unseen(self):
        """Return the certificates whose purchase was answered, when nobody has looked whether it was executed twice, as
        by a gateway that repeats calls.
        """
        before = fields.Datetime.now() - timedelta(minutes=const.service.LOOKS_APART_MINUTES)
        lines = self._search_lines('accepted', [('last_look_at', '=', False), ('started_at', '<', before)])
        here = lines.filtered(lambda line: not line._may_be_elsewhere())  # where another account shows nothing of it
        return self.browse(here.mapped('res_id')).exists()

    def _tell_doubled(self, rows):
        is_doubled = super()._tell_doubled(rows)
        if is_doubled:
            self._plan_activity('mail_activity_type_refund', self.env._(
                "Ask Openapi to refund what was made twice: %s", ', '.join(row.id for row in rows)))
        return is_doubled

    # ------------------------------------------------------------ SYNCHRONISATION: taken over meanwhile

    def _is_found_taken(self, line, remote_id):
        """Return whether a later purchase has taken over what was found late, instead of paying; then it is said."""
        others = self.search([('environment', '=', self.environment), ('remote_id', '=', remote_id)]) - self
        if others:
            line.write({'state': 'accepted', 'remote_id': remote_id})
            self._close_with(self.state, self._say_paid(*const.remote_signature.FOUND_TAKEN))
        return bool(others)
