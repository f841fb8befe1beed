from odoo import models
from odoo.exceptions import UserError


class OpenapiPecMailbox(models.Model):
    """The ways from a mailbox to its form, and to its communication to the register."""
    _inherit = 'openapi_pec.mailbox'

    # ------------------------------------------------------------ ACTIONS

    def action_communicate(self):
        """Prepare the communication of this mailbox to the register, as the company's PEC."""
        self.check_access('read')
        return self._communicate('company')

    def action_communicate_administrator(self):
        """Prepare the communication of this mailbox to the register, as an administrator's personal PEC."""
        self.check_access('read')
        return self._communicate('administrator')

    def _communicate(self, kind):
        self.ensure_one()
        if self.state != 'active':
            raise UserError(
                self.env._("Only an active mailbox is communicated to the register: %s is not active.", self.address))
        if self.is_gone:
            raise UserError(self.env._("The service does not know %s any more, so it is not communicated: ask "
                                       "Openapi's support first.",
                                       self.address))
        if self._is_expired():
            raise UserError(self.env._(
                "Only a mailbox that works is communicated to the register: %(mailbox)s expired on %(day)s. Renew it "
                "first, or refresh it if it was renewed elsewhere.", mailbox=self.address,
                day=self._write_day(self.expires_on)))
        if not self.partner_id:
            raise UserError(self.env._("Choose the holder of this mailbox first: it is not known whom it belongs to."))
        holder = self.partner_id
        company = holder if holder.is_company else holder.commercial_partner_id
        filing = self.env['openapi_pec.communication'].create({
            'partner_id': company.id, 'kind': kind, 'mailbox_id': self.id, 'company_id': self.company_id.id,
            **({'representative_id': self.applicant_id.id} if self.applicant_id else {}),
        })
        return filing.action_open_form()

    def action_open_communications(self):
        """Open the communications of this mailbox to the register."""
        self.check_access('read')
        return self.communication_ids._get_records_action(name=self.env._("Communications to the Register"))

    def action_open_form(self):
        """Open one mailbox, or the list of several."""
        self.check_access('read')
        return self._get_records_action(name=self.env._("PEC Mailboxes"))
