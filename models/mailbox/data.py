from odoo import api, fields, models

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.italy import birth_place, fiscal_code


class OpenapiPecMailbox(models.Model):
    """The data of a mailbox are proposed from the contacts of its holder and its applicant, until it is bought."""
    _inherit = 'openapi_pec.mailbox'

    # ------------------------------------------------------------ COMPUTE

    @api.depends('partner_id')
    def _compute_applicant_id(self):
        readable = self._filter_readable(self.partner_id | self.partner_id.child_ids)
        for mailbox in self._proposed('applicant_id'):
            holder = mailbox.partner_id
            if holder and holder not in readable:
                mailbox.applicant_id = mailbox.applicant_id
                continue
            people = holder.child_ids.filtered(lambda partner: not partner.is_company and partner.type == 'contact')
            if holder and not holder.is_company:
                people = holder
            if mailbox.applicant_id not in people:
                people &= readable
                mailbox.applicant_id = people.filtered('l10n_it_codice_fiscale')[:1] or people[:1]

    @api.depends('partner_id')
    def _compute_customer_type(self):
        readable = self._filter_readable(self.partner_id)
        for mailbox in self._proposed('customer_type'):
            if mailbox.partner_id and mailbox.partner_id not in readable:
                mailbox.customer_type = mailbox.customer_type
            else:
                mailbox.customer_type = 'IM' if mailbox.partner_id.is_company else 'PV'

    @api.depends('customer_type')
    def _compute_customer_subtypes(self):
        for mailbox in self:
            mailbox.customer_subtypes = list(const.mailbox.SUBTYPES.get(mailbox.customer_type, ()))

    @api.onchange('customer_type')
    def _onchange_customer_type(self):
        if self.customer_subtype not in const.mailbox.SUBTYPES.get(self.customer_type, ()):
            self.customer_subtype = False

    def _is_following(self):
        return self._is_draft()

    def _propose(self):
        person = self.applicant_id
        return {**self._propose_holder(self.partner_id), **(self._propose_applicant(person) if person else {})}

    def _propose_applicant(self, person):
        last_name, first_name = person._openapi_pec_split_name()
        return self._from(
            person, first_name=first_name, last_name=last_name, fiscal_code=person.l10n_it_codice_fiscale,
            email=person.email, phone=person.phone)

    def _propose_holder(self, partner):
        tax_code = partner.is_company and (partner.l10n_it_codice_fiscale or partner.vat)
        return self._from(
            partner, holder_name=partner.is_company and partner.name, holder_city=partner.city, holder_zip=partner.zip,
            holder_fiscal_code=tax_code and partner._l10n_it_edi_normalized_codice_fiscale(tax_code),
            holder_street=' '.join(filter(None, (partner.street, partner.street2))),
            holder_province=partner.state_id.code, holder_country=partner.country_id.code)

    @api.depends('fiscal_code', 'applicant_id', 'state', 'call_state')
    def _compute_birth(self):
        self._follow('birth_proposals', type(self)._propose_birth)

    def _propose_birth(self):
        """Return what the tax code tells of the applicant's birth, as :meth:`_propose`."""
        birth = fiscal_code.birth(self.fiscal_code, fields.Date.context_today(self).year)
        place = birth and birth_place.find(birth.place, birth.date)
        return self._from(
            self.applicant_id, birth_date=birth.date, sex=birth.sex, birth_country=place and place.country,
            birth_city=place and place.name, birth_province=place and place.province) if birth else {}

    # ------------------------------------------------------------ what is shown of them

    @api.depends('mailbox_type')
    @api.depends_context('lang')
    def _compute_purpose(self):
        for mailbox in self:
            mailbox.purpose = mailbox._in_words(
                const.mailbox.TYPES[mailbox.mailbox_type].purpose) if mailbox.mailbox_type else False

    @api.depends('mailbox_type')
    def _compute_price(self):
        for mailbox_type, mailboxes in self.grouped('mailbox_type').items():
            price = self.env['openapi_pec.price']._find('mailbox_create', mailbox_type)
            mailboxes.price = price.amount
            mailboxes.price_seen_on = price.seen_on
            mailboxes.is_price_known = bool(price)

    @api.depends('mailbox_type')
    def _compute_is_extensible(self):
        for mailbox in self:
            mailbox.is_extensible = mailbox.mailbox_type in const.mailbox.EXTENSIBLE_TYPES

    @api.depends('mailbox_type')
    def _compute_webmail(self):
        for mailbox in self:
            mailbox.webmail = mailbox.mailbox_type and const.mailbox.TYPES[mailbox.mailbox_type].webmail

    @api.depends('state', 'call_state')
    def _compute_is_editable(self):
        for mailbox in self:
            mailbox.is_editable = mailbox._is_draft()

    @api.depends('expires_on')
    def _compute_days_left(self):
        today = fields.Date.context_today(self)
        for mailbox in self:
            mailbox.days_left = (mailbox.expires_on - today).days if mailbox.expires_on else 0

    @api.depends('mailbox_user_ids')
    def _compute_user_count(self):
        for mailbox in self:
            mailbox.user_count = len(mailbox.mailbox_user_ids)

    @api.depends('communication_ids')
    def _compute_communication_count(self):
        counts = dict(self.env['openapi_pec.communication']._read_group(
            [('mailbox_id', 'in', self.ids)], ['mailbox_id'], ['__count']))
        for mailbox in self:
            mailbox.communication_count = counts.get(mailbox._origin, 0)
