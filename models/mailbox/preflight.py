from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import OpenapiPecError, Refused
from odoo.addons.l10n_it_openapi_pec.tools.cleaning import clean
from odoo.addons.l10n_it_openapi_pec.tools.finding import ERROR, WARNING
from odoo.addons.l10n_it_openapi_pec.tools.italy import birth_place, fiscal_code, municipality
from odoo.addons.l10n_it_openapi_pec.tools.italy import names as italian_form
from odoo.addons.l10n_it_openapi_pec.tools.italy import phone as mobile
from odoo.addons.l10n_it_openapi_pec.tools.outcome.created import fold
from odoo.addons.l10n_it_openapi_pec.tools.pec import address as pec_address
from odoo.addons.l10n_it_openapi_pec.tools.pec import proposals as mailbox_address

_lt = LazyTranslate(__name__, default_lang='en_US')

OTHER = 'X'

# What the service wants, and what we want beside it.
REQUIRED_FIELDS = (
    'address', 'mailbox_type', 'customer_type', 'first_name', 'last_name', 'email', 'phone', 'fiscal_code',
    'birth_date', 'sex', 'birth_country', 'holder_street', 'holder_city', 'holder_zip', 'holder_country',
    'holder_province',
)

# Where a person completes what is missing: the field that leads to a contact, '' for the mailbox itself -> in words.
PLACES = {
    'applicant_id': _lt("on the applicant's contact"),
    'partner_id': _lt("on the holder's contact"),
    '': const.mailbox.PLACE_HERE,
}

# field -> where it is completed; all others on the mailbox itself
FIELD_PLACES = {
    **dict.fromkeys(('first_name', 'last_name', 'email', 'phone', 'mobile', 'fiscal_code'), 'applicant_id'),
    **dict.fromkeys((
        'holder_name', 'holder_fiscal_code', 'holder_street', 'holder_city', 'holder_zip', 'holder_country',
        'holder_province',
    ), 'partner_id'),
}

# What only a mailbox can have, as in const.filing.FINDINGS; `who` is what the field is compared with.
FINDINGS = {
    'address_domain': (ERROR, _lt(
        "%(field)s: a mailbox of this type ends in @%(who)s, unless the domain is a certified one of your own. Correct "
        "it %(place)s.")),
    'own_domain': (WARNING, _lt(
        "%(field)s ends in a domain of your own: the service takes it only if that domain is certified and yours (it "
        "says so otherwise, and nothing is spent). Look the domain up if you are not sure.")),
    'address_local': (ERROR, _lt(
        "%(field)s: before the @ only letters a to z, digits, and . - _ between them are possible, 64 at most. Correct "
        "it %(place)s.")),
    'address_taken': (ERROR, _lt(
        "%(field)s is taken already. If it was bought already, in the Openapi console or before a backup was restored, "
        "press \"Import from the Service\" in the list of mailboxes and do not buy another one; otherwise choose "
        "another address %(place)s.")),
    'address_here': (ERROR, _lt("%(field)s is the address of another mailbox here, %(who)s: choose another one "
                                "%(place)s.")),
    'address_revoked': (ERROR, _lt(
        "%(field)s is the address of a mailbox that was revoked here, %(who)s: a renewal brings that one back. Renew "
        "it, or choose another address %(place)s.")),
    'bought_elsewhere': (WARNING, _lt(
        "%(field)s is the address of a mailbox at the service that Odoo does not know (%(who)s): find it under "
        "Mailboxes with Import from the Service, and buy it again only if you know why.")),
    'subtype_missing': (ERROR, _lt("%(field)s is missing: this kind of customer has one, choose it %(place)s.")),
    'subtype_wrong': (ERROR, _lt("%(field)s does not belong to this kind of customer: choose another one %(place)s.")),
    'other_missing': (ERROR, _lt("%(field)s is missing: say in a few words what \"Other\" is, %(place)s.")),
    'birth_date_differs': (ERROR, _lt("%(field)s is not the one in the tax code: compare both with the health card and "
                                      "correct them.")),
    'birth_date_future': (ERROR, _lt("%(field)s is in the future, or that of a child: correct it %(place)s.")),
    'sex_differs': (ERROR, _lt("%(field)s is not the one in the tax code: compare both with the health card and "
                               "correct them.")),
    'birth_place_differs': (WARNING, _lt("%(field)s is not the one in the tax code, %(who)s: compare both with the "
                                         "health card.")),
    'birth_place_missing': (WARNING, _lt("%(field)s is missing: whoever was born in Italy has one. Complete it "
                                         "%(place)s.")),
    'phone_form': (ERROR, _lt("%(field)s is not a telephone number: write digits, with + and the country's code "
                              "abroad, %(place)s.")),
    'zip_form': (ERROR, _lt("%(field)s is not a postal code (CAP) of five digits: correct it %(place)s.")),
    'country_form': (ERROR, _lt("%(field)s is not the two letters of a country, such as IT: correct it %(place)s.")),
    'holder_code_missing': (ERROR, _lt("%(field)s is missing: a holder with a name of its own has one. Complete it "
                                       "%(place)s.")),
    'holder_name_missing': (ERROR, _lt("%(field)s is missing: the holder's tax code is here, its name is not. Complete "
                                       "it %(place)s.")),
    'document_expired': (ERROR, _lt("%(field)s is past: the provider refuses an expired document. Take a valid one.")),
    'document_incomplete': (
        WARNING, _lt("%(field)s is missing: complete the identity document, or leave all of it out.")),
    'email_is_pec': (WARNING, _lt(
        "%(field)s is the mailbox that is being bought, in which no mail arrives yet: write an ordinary address, at "
        "which the applicant reads what is to be signed, %(place)s.")),
    'bulk_mailbox': (WARNING, _lt("%(field)s: PEC Massiva is made for sending in bulk, not for being a company's "
                                  "digital domicile.")),
}

FINDINGS = {**const.filing.FINDINGS, **FINDINGS}

# What judges the data of a mailbox one by one: field -> function of its value that returns a reason code.
JUDGES = {
    'email': pec_address.judge_email,
    'fiscal_code': birth_place.judge_person,
    'holder_fiscal_code': fiscal_code.judge_company,
    'phone': mobile.judge_telephone,
    'mobile': mobile.judge,
    'birth_country': italian_form.judge_country,
    'holder_country': italian_form.judge_country,
}
SIGHTING_REASONS = {True: 'bought_elsewhere'}  # see the same of filings
NOT_BUYABLE = _lt("%(mailbox)s cannot be bought yet; nothing was spent:\n%(findings)s")
CHILD_AGE = 14  # years: nobody younger signs for a mailbox, whatever else the provider asks


class OpenapiPecMailbox(models.Model):
    """What the service or the provider would refuse is found before the click that costs."""
    _inherit = 'openapi_pec.mailbox'

    def _keep_findings(self, findings):
        self.is_domain_unknown = any(finding.code in ('own_domain', 'domain_failed') for finding in findings)
        return super()._keep_findings(findings)

    def _get_finding_table(self):
        return FINDINGS

    def _get_finding_place(self, field):
        return FIELD_PLACES.get(field, '')

    def _get_place_words(self, place):
        return PLACES[place]

    def _get_twins(self):
        """Return the mailboxes that stand in the way, since they have an address of these: ``{address: mailboxes}``."""
        return self._find_twins([mailbox.address for mailbox in self if mailbox.address])

    @api.model
    def _find_twins(self, addresses):
        """Return the mailboxes that have some addresses, or are being bought with them: ``{address: mailboxes}``."""
        twins = defaultdict(self.browse)
        for mailbox in self.sudo().search([
            ('address', 'in', addresses),
            ('state', 'not in', const.mailbox.FINAL_STATES), '|', ('remote_id', '!=', False),
            ('call_state', 'in', const.mailbox.CALLING),
        ]):
            twins[mailbox.address] += mailbox
        return twins

    # What is found: each judge yields findings.

    def _judge(self, together):
        provinces = self._get_provinces()
        twins = self._get_twins()
        domains = self.env['openapi_pec.domain']._get_reasons({mailbox._get_domain() for mailbox in self})
        sightings, readable = self._get_sightings(), set(self._filter_readable(self.applicant_id)._ids)
        return {
            mailbox: [
                *mailbox._judge_request(provinces, twins, domains),
                *mailbox._judge_names(mailbox.applicant_id, readable),
                *mailbox._judge_sightings(sightings, 'address', SIGHTING_REASONS), *mailbox._judge_account(),
            ] for mailbox in self
        }

    def _judge_request(self, provinces, twins, domains):
        """Judge the data that are sent, and what the service refused of them."""
        if self.refusal == 'same':
            yield self._get_finding('address', 'refused', who=self.refusal_sentence)
        yield from self._judge_data()
        yield from self._judge_mailing()
        yield from self._judge_address(twins, domains)
        yield from self._judge_customer()
        yield from self._judge_person(provinces)
        yield from self._judge_holder(provinces)
        yield from self._judge_document()

    def _judge_data(self):
        """Judge each value alone."""
        for field in REQUIRED_FIELDS:
            if not self[field] or (isinstance(self[field], str) and not clean(self[field])):
                yield self._get_finding(field, self._get_missing_reason(field))
        for field, judge in JUDGES.items():
            if self[field] and (reason := judge(self[field])) not in ('fine', 'missing'):
                yield self._get_finding(field, reason)

    def _get_domain(self):
        return (self.address or '').partition('@')[2]

    def _judge_address(self, twins, domains):
        """Judge the form of the address, its domain, and whether it is another mailbox's here."""
        if not self.address or not self.mailbox_type:
            return
        if not pec_address.is_well_formed(self.address):
            reason = pec_address.judge(self.address)
            yield self._get_finding('address', reason if reason == 'address_several' else 'address_form')
            return
        domain = self._get_domain()
        local_part = self.address.partition('@')[0]
        if mailbox_address.judge_local_part(local_part) != 'fine':
            yield self._get_finding('address', 'address_local')
        expected = self._get_provider_domain()
        if domain != expected:
            is_of_another_type = any(
                domain in mailbox_type.domains.values() for mailbox_type in const.mailbox.TYPES.values())
            known = domains.get((domain, self.company_id.openapi_pec_environment), 'own_domain')
            yield self._get_finding('address', 'address_domain', who=expected) if is_of_another_type else (
                self._get_finding('address', known))
        if others := twins[self.address] - self._origin:
            reason = 'address_revoked' if others[0].state == 'revoked' else 'address_here'
            is_readable = others[0]._get_name_for(self.env.user) == others[0].display_name
            yield self._get_finding('address', reason, who=(is_readable and others[0].holder_name) or others[0].address)
        if self.mailbox_type == 'PECMASSIVA':
            yield self._get_finding('mailbox_type', 'bulk_mailbox')

    def _get_provider_domain(self):
        """Return the domain of the provider's own addresses for this type, in the company's environment."""
        return const.mailbox.TYPES[self.mailbox_type].domains[self.company_id.openapi_pec_environment]

    def _judge_mailing(self):
        """Judge whether ordinary mail reaches the applicant, who is to sign."""
        if (reason := pec_address.judge_mailing(self.email, self.address)) != 'fine':
            yield self._get_finding('email', reason)

    def _judge_customer(self):
        """Judge the kind of customer against the vendor's groups."""
        subtypes = const.mailbox.SUBTYPES.get(self.customer_type, ())
        if subtypes and not self.customer_subtype:
            yield self._get_finding('customer_subtype', 'subtype_missing')
        elif self.customer_subtype and self.customer_subtype not in subtypes:
            yield self._get_finding('customer_subtype', 'subtype_wrong')
        if self._has_other() and not clean(self.customer_subtype_other):
            yield self._get_finding('customer_subtype_other', 'other_missing')

    def _has_other(self):
        """Return whether the kind of customer is one that has to be said in words."""
        return OTHER in (self.customer_type, self.customer_subtype)

    def _judge_person(self, provinces):
        """Judge the applicant: names, birth and tax code against each other."""
        today = fields.Date.context_today(self)
        if self.birth_date and (today - self.birth_date).days < CHILD_AGE * 365:
            yield self._get_finding('birth_date', 'birth_date_future')
        if italian_form.normalize_province(self.birth_country) == 'IT':
            for field in ('birth_city', 'birth_province'):
                if not clean(self[field]):
                    yield self._get_finding(field, 'birth_place_missing')
        if self.birth_province:
            reason = italian_form.judge_province(self.birth_province, provinces)
            if reason == 'province_form':  # a province that is no more is known to nobody
                yield self._get_finding('birth_province', reason)
        birth = fiscal_code.birth(self.fiscal_code, today.year)
        yield from self._judge_birth_place(birth)
        if not birth:
            return
        if self.first_name and self.last_name:
            yield self._get_finding(
                'fiscal_code', fiscal_code.judge_names(self.fiscal_code, self.last_name, self.first_name))
        # Of the year the code holds two digits.
        if self.birth_date and (self.birth_date.year % 100, self.birth_date.month, self.birth_date.day) != (
                birth.date.year % 100, birth.date.month, birth.date.day):
            yield self._get_finding('birth_date', 'birth_date_differs')
        if self.sex and self.sex != birth.sex:
            yield self._get_finding('sex', 'sex_differs')

    def _judge_birth_place(self, birth):
        """Judge the place of birth: by the tax code, and municipality and province together.

        :param birth: what the tax code says, or None.
        """
        place = birth and birth_place.find(birth.place, birth.date)
        if place and self.birth_city and not birth_place.same_place(birth.place, self.birth_city):
            yield self._get_finding('birth_city', 'birth_place_differs', who=place.name)
        elif self.birth_country == birth_place.ITALY:
            yield from self._judge_place(
                'birth_city', 'birth_province',
                lambda name, province: self._judge_birth_province(birth, name, province))
        country = italian_form.normalize_province(self.birth_country)
        if place and place.country and country and country != place.country:
            yield self._get_finding('birth_country', 'birth_place_differs', who=place.country)

    def _judge_birth_province(self, birth, name, province):
        """Judge a municipality of birth, which agrees with the tax code if there is one, with its province.

        :rtype: Judgement
        """
        place = birth and birth_place.find(birth.place, birth.date)
        if not place or place.country != birth_place.ITALY:
            return municipality.judge_birth(name, province)
        is_right = birth_place.same_province(birth.place, italian_form.normalize_province(province))
        return municipality.Judgement('fine') if is_right else municipality.Judgement(
            'place_elsewhere', (municipality.Municipality(place.name, place.province),))

    def _get_place_proposals(self):
        birth = fiscal_code.birth(self.fiscal_code, fields.Date.context_today(self).year)
        proposals = {}
        if self._is_holder_in_italy():
            proposals['holder_city', 'holder_province'] = municipality.propose(self.holder_city, self.holder_province)
        if self.birth_country == birth_place.ITALY and clean(self.birth_city):
            proposals['birth_city', 'birth_province'] = self._propose_birth_place(birth)
        return proposals

    def _propose_birth_place(self, birth):
        """Return the municipality of birth that would be right: the one in the tax code, if it is in Italy.

        :param birth: what the tax code says, or None.
        """
        place = birth and birth_place.find(birth.place, birth.date)
        if place and place.country == birth_place.ITALY and not birth_place.same_place(birth.place, self.birth_city):
            return (municipality.Municipality(place.name, place.province),)
        return self._judge_birth_province(birth, self.birth_city, self.birth_province).places

    def _is_holder_in_italy(self):
        return italian_form.normalize_province(self.holder_country) == birth_place.ITALY

    def _judge_holder(self, provinces):
        """Judge name, tax code and address of the holder."""
        if self.holder_name and not self.holder_fiscal_code:
            yield self._get_finding('holder_fiscal_code', 'holder_code_missing')
        if self.holder_fiscal_code and not self.holder_name:
            yield self._get_finding('holder_name', 'holder_name_missing')
        if not self._is_holder_in_italy():
            return
        if self.holder_city and italian_form.judge_municipality(self.holder_city) != 'fine':
            yield self._get_finding('holder_city', italian_form.judge_municipality(self.holder_city))
        if self.holder_zip and not italian_form.is_zip(self.holder_zip):
            yield self._get_finding('holder_zip', 'zip_form')
        if self.holder_province:
            reason = italian_form.judge_province(self.holder_province, provinces)
            yield self._get_finding('holder_province', reason)
            if reason == 'province_known':
                yield from self._judge_place('holder_city', 'holder_province')

    def _judge_document(self):
        """Judge the identity document, which is optional as a whole."""
        if self.document_expiry and self.document_expiry < fields.Date.context_today(self):
            yield self._get_finding('document_expiry', 'document_expired')
        names = ('document_type', 'document_number', 'document_issuer', 'document_issued_on', 'document_expiry')
        if any(self[name] for name in names):
            for name in names:
                if not self[name]:
                    yield self._get_finding(name, 'document_incomplete')

    # ------------------------------------------------------------ ACTIONS

    def action_look_up_domain(self):
        """Have the service asked, after this transaction, whether the domains of these addresses are certified.

        This is paid, once a month for each domain.
        """
        self._check_may_spend()
        for company, mailboxes in self.grouped('company_id').items():
            company._openapi_pec_check_configured()
            self.env['openapi_pec.domain']._look_up(
                company, {mailbox._get_domain() for mailbox in mailboxes if mailbox.is_domain_unknown})

    def _check_buyable(self):
        """Raise one sentence for all that stands against the purchase of this mailbox."""
        self._check_may_spend()
        self._check_orderable('mailbox_create')
        findings = self._get_findings()[self]
        self._refuse_errors(NOT_BUYABLE, findings, mailbox=self.display_name)
        # Of what was called before and not found, the address may be taken by that very call: it is looked for before
        # it is paid.
        if not self._get_lines_not_found() and self._ask_availability() is False and not self._is_in_account():
            taken = self._get_finding('address', 'address_taken')
            self._refuse_errors(NOT_BUYABLE, [taken], mailbox=self.display_name)

    def _get_sighting_sentence(self):
        """Return the sentence about a mailbox at the service that has this address and is unknown here, or False."""
        sentences = [
            self._get_finding_sentence(finding) for finding in self._get_findings()[self]
            if finding.code in SIGHTING_REASONS.values()]
        return sentences[0] if sentences else False

    def _require_reason_if_sighted(self, operation, reason):
        """Raise when a mailbox that the service seems to have already is bought without a reason; keep the reason.

        :param str reason: a person's words, if there are any.
        """
        if operation == 'mailbox_create' and (sentence := self._get_sighting_sentence()):
            kept = self._require_reason(reason, sentence)
            self._message_log(body=self.env._(
                "%(sentence)s Bought nevertheless, because: %(reason)s", sentence=sentence, reason=kept))
            self.sudo()._answer_sightings()

    def _is_in_account(self):
        """Return whether the account has a mailbox with this address that Odoo does not know.

        That happens after a restored backup. Then nothing is paid: the look before the call takes the mailbox over, or
        has a person decide.
        """
        environment = self.company_id.openapi_pec_environment
        try:
            rows = self.company_id._openapi_pec_client().list_mailboxes()
        except OpenapiPecError as error:
            self._raise_unread(error, environment)
        ids = {row['id'] for row in rows if fold(row['casella_pec']) == fold(self.address)} - {
            *(self.sudo().stranger_ids or ())}
        known = self.sudo().search([('remote_id', 'in', list(ids)), ('environment', '=', environment)])
        return bool(ids - {*known.mapped('remote_id')})

    def _ask_availability(self):
        """Ask the service whether the address is free to be bought.

        :return: True or False; None when the service does not know: for a domain of one's own, for PEC Massiva or no
            type, or when it cannot be asked now.
        """
        if self.mailbox_type in (False, 'PECMASSIVA') or not (self.address or '').endswith(
                '@' + self._get_provider_domain()):
            return None
        try:
            return self.company_id._openapi_pec_client().is_available(self.address)
        except OpenapiPecError as error:
            if isinstance(error, Refused) and ('address', str(error.code)) in const.mailbox.READ_SENTENCES:
                raise UserError(self._get_read_sentence('address', error)) from error
            return None
