import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.l10n_it_openapi_pec.models.service.rights import check_own, check_right, get_given
from odoo.addons.l10n_it_openapi_pec.tools import trust

FINGERPRINT = re.compile(r'[0-9a-f]{64}')
OWN_FIELDS = {'confirmed_by_id', 'confirmed_at'}


class OpenapiPecTrustAnchor(models.Model):
    """A certificate that may sign the European list of lists: trust begins with those that a person has confirmed.

    Those that this addon proposes are of ``tools/trust/anchors.csv``. Others, of a later notice, are typed.
    """
    _name = 'openapi_pec.trust_anchor'
    _description = "Signer of the European List of Lists"
    _order = 'notice desc, id'
    _rec_name = 'fingerprint'

    fingerprint = fields.Char(
        "Fingerprint (SHA-256)", required=True, help="Of the certificate, as the notice has it: 64 hexadecimal digits.")
    notice = fields.Char(
        required=True, help="Of the Official Journal of the European Union, series C, such as C/2026/1944. LOTL and a "
                            "number: the list of lists of that number announced it.")
    notice_url = fields.Char("Notice in the Official Journal", compute='_compute_notice_url')
    confirmed_by_id = fields.Many2one('res.users', readonly=True, copy=False, ondelete='set null')
    confirmed_at = fields.Datetime("Confirmed", readonly=True, copy=False)

    _fingerprint_unique = models.UniqueIndex('(fingerprint)', "This fingerprint is here already.")

    # ------------------------------------------------------------ COMPUTE

    @api.depends('notice')
    def _compute_notice_url(self):
        for anchor in self:
            notice = trust.find_notice(anchor.notice or '')
            anchor.notice_url = notice and trust.NOTICE_URL % {'notice': notice}

    @api.constrains('fingerprint')
    def _check_fingerprint(self):
        if not all(FINGERPRINT.fullmatch(anchor.fingerprint) for anchor in self):
            raise ValidationError(self.env._(
                "A fingerprint (SHA-256) has 64 hexadecimal digits: copy it from the notice as a whole."))

    # ------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        check_own(self.env, OWN_FIELDS & get_given(self.env, vals_list))
        for vals in vals_list:
            vals['fingerprint'] = re.sub(r'[\s:]', '', vals.get('fingerprint') or '').lower()
        if self.search_count([('fingerprint', 'in', [vals['fingerprint'] for vals in vals_list])], limit=1):
            raise UserError(self.env._("This fingerprint is here already: tick it, and press Confirm."))
        return super().create(vals_list)

    def write(self, vals):
        check_own(self.env, vals.keys())
        return super().write(vals)

    def unlink(self):
        result = super().unlink()
        self.env['openapi_pec.trusted_list']._forget_authorities()
        return result

    # ------------------------------------------------------------ ACTIONS

    def action_confirm(self):
        """Record that a system administrator has compared these fingerprints with the notice."""
        check_right(self.env, 'accept')
        self.check_access('read')
        if not self:
            raise UserError(self.env._("Choose the fingerprints that you have compared with the notice."))
        self.filtered(lambda anchor: not anchor.confirmed_at).sudo().write({
            'confirmed_by_id': self.env.uid, 'confirmed_at': fields.Datetime.now()})
        lists = self.env['openapi_pec.trusted_list'].sudo()
        lists._forget_authorities()
        lists._trigger_cron('lists')

    # ------------------------------------------------------------ what others ask

    @api.model
    def _propose(self):
        """Have the fingerprints here that this addon proposes; nobody has confirmed them by that."""
        known = set(self.sudo().search([]).mapped('fingerprint'))  # they are few; pylint: disable=no-search-all
        self.sudo().create([
            anchor._asdict() for anchor in trust.read_anchors() if anchor.fingerprint not in known])

    @api.model
    def _propose_announced(self, europe):
        """Have the signers here that the list of lists in use announces before they sign; nobody has confirmed them by
        that.

        Between two notices the Commission names new ones so (a pivot): they stand in no Official Journal yet.

        :param trust.TrustedList europe: the list of lists.
        :return: whether one of them is not confirmed.
        """
        pointer = europe.get_pointer(trust.LIST_TERRITORY)
        announced = set(pointer.signers) if pointer else set()
        known = self.sudo().search([('fingerprint', 'in', list(announced))])
        self.sudo().create([
            {'fingerprint': fingerprint, 'notice': f'LOTL {europe.sequence}'}
            for fingerprint in announced.difference(known.mapped('fingerprint'))])
        return bool(announced.difference(known.filtered('confirmed_at').mapped('fingerprint')))

    @api.model
    def _get_confirmed(self):
        """Return the anchors that a person has confirmed."""
        return self.sudo().search([('confirmed_at', '!=', False)])
