from odoo import api, models
from odoo.fields import Domain

from odoo.addons.l10n_it_openapi_pec.models.service.input_mixin import INT4
from odoo.addons.l10n_it_openapi_pec.models.service.rights import get_own_contacts


class OpenapiPecSignerMixin(models.AbstractModel):
    """Who finds a record under *My Account*: who signs it, and the contact, or its people, whom it is about.

    A portal user has no right to any field of these records. Pages tell what the signer's page tells, and the state.
    """
    _inherit = 'openapi_pec.signer.mixin'

    # The model that inherits tells them.
    _portal_states = ()  # in which a record is shown
    _signing_states = ()  # in which something may wait for a signature

    @api.model
    def _get_portal_domain(self, user):
        """Return the domain of the records that a user finds under his account; his rights are not asked.

        They are those that he signs, and those about himself or about the company of which he is a contact; none of
        another contact of that company, of companies of this Odoo that are not his, or for an archived contact.

        :param user: of Odoo, in most cases one of the portal.
        """
        contacts = get_own_contacts(user)
        if not contacts:
            return Domain.FALSE
        return (
            Domain('company_id', 'in', user.company_ids.ids) & Domain('state', 'in', self._portal_states)
            & (Domain(self._signer_field, '=', contacts[0].id) | Domain('partner_id', 'in', contacts.ids)))

    @api.model
    def _find_for_portal(self, user, record_id):
        """Return one of the records that a user finds under his account, as superuser; empty when there is none.

        :param int record_id: the identifier in the address.
        """
        if record_id not in INT4:
            return self.sudo().browse()
        return self.sudo().search(self._get_portal_domain(user) & Domain('id', '=', record_id))

    @api.model
    def _find_to_sign(self, user):
        """Return the records that wait for a user's own signature, as superuser."""
        waiting = self.sudo().search(
            self._get_portal_domain(user) & Domain(self._signer_field, '=', user.partner_id.id)
            & Domain('state', 'in', self._signing_states))
        return waiting.filtered(lambda record: record._awaits_signer())

    def _is_signed_by(self, user):
        """Return whether this user is who signs, and can open the page on which he does."""
        return self[self._signer_field] == user.partner_id and self._is_open_to_signer()
