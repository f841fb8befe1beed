from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.lock import meet


class OpenapiPecCommunication(models.Model):
    """What the chamber of commerce answers: people receive it by e-mail and record it by hand."""
    _inherit = 'openapi_pec.communication'

    # ------------------------------------------------------------ COMPUTE

    @api.depends('chamber_outcome')
    def _compute_is_refused(self):
        for filing in self:
            filing.is_refused = filing.chamber_outcome in const.filing.REFUSED_OUTCOMES

    # ------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        filings = super().create(vals_list)
        # What counts as refused stands in nobody's way, and would be paid for twice.
        filings.filtered('chamber_outcome')._check_delivered()
        return filings

    def write(self, vals):
        changed = self.filtered(
            lambda filing: 'chamber_outcome' in vals and filing.chamber_outcome != vals['chamber_outcome'])
        changed._check_delivered()
        result = super().write(vals)
        if changed and vals['chamber_outcome']:
            changed._announce_outcome(vals.get('chamber_note'))
        return result

    def _check_delivered(self):
        """Raise when the chamber cannot have answered yet to some of these filings."""
        if any(filing.state not in const.filing.DELIVERED_STATES for filing in self):
            raise UserError(
                self.env._("The chamber answers to what has been delivered to it: record its outcome later."))

    def _announce_outcome(self, note):
        """Log the chamber's answer in both chatters, and plan what somebody has to do now.

        :param note: what was written with it; an earlier note belongs to an earlier answer.
        """
        outcomes = dict(self._fields['chamber_outcome']._description_selection(self.env))
        for filing in self:
            details = [
                filing.chamber_protocol, filing.chamber_date and format_date(self.env, filing.chamber_date),
                filing.chamber_outcome != 'evasa' and note]
            filing._announce(self.env._(
                "the chamber of commerce answered: %s.",
                ', '.join([outcomes[filing.chamber_outcome], *filter(None, details)]).rstrip('.')))
        final = self.filtered(lambda filing: filing.chamber_outcome in ('evasa', *const.filing.REFUSED_OUTCOMES))
        final.sudo().activity_unlink(
            ['l10n_it_openapi_pec.mail_activity_type_outcome', 'l10n_it_openapi_pec.mail_activity_type_correct'])
        refused = final.filtered(lambda filing: filing.is_refused and not filing.corrected_by_id)
        if refused:
            refused._plan_activity(
                'mail_activity_type_correct', self.env._("File again, corrected as the chamber asks"))

    def _get_refused_alike(self):
        """Return the refused filings by what was sent: whoever sends the same again pays again, on whichever way.

        One that was filed again since, and not refused again, does not count.

        :return: ``{what :meth:`_get_refused_key` returns: filing}``, the last one of each.
        :rtype: dict
        """
        refused = self.sudo().search([
            ('partner_id', 'in', self.partner_id.ids), ('company_id', 'in', self.company_id.ids),
            ('chamber_outcome', 'in', const.filing.REFUSED_OUTCOMES)], order='id')
        return {
            filing._get_refused_key(filing.environment): filing for filing in refused
            if filing.corrected_by_id.state != 'completed' or filing.corrected_by_id.is_refused}

    def _get_refused_key(self, environment):
        """Return what a filing and a refused one have in common when nothing was corrected.

        :param str environment: in which it was, or would be, sent.
        """
        return (
            environment, self.company_id._origin.id, self.partner_id._origin.id,
            *(self._get_plain(name) for name in self._request_fields))

    def _judge_correction(self, refused_alike):
        """Judge whether a filing takes the place of a refused one, and does not differ from it.

        :param dict refused_alike: as :meth:`_get_refused_alike` returns it.
        """
        environment = self.company_id.openapi_pec_environment
        refused, key = self.corrects_id.sudo(), self._get_refused_key(environment)
        if not refused.is_refused or refused._get_refused_key(environment) != key:
            refused = refused_alike.get(key, refused.browse())
        if refused and refused != self._origin:
            yield self._get_finding('pec_email', 'not_corrected', who=refused.name)

    def _get_refused_data(self):
        refused, data = self.sudo().corrects_id, super()._get_refused_data()
        while refused:  # which may correct an earlier one
            data += [refused._get_sent_data()] if refused.is_refused else []
            refused = refused.corrects_id
        return data

    def _get_origin_sentence(self, link):
        """Return the sentence with which a new filing names this one, whose place it takes.

        :param link: to this filing, as HTML.
        """
        if not self._is_closed_here():
            return self.env._("Made from %s, which the chamber refused.", link)
        if self.is_gone:
            return self.env._("Made from %s, which the service does not know any more.", link)
        return self.env._("Made from %s, which was made in another Openapi account and may still be filed there.", link)

    # ------------------------------------------------------------ ACTIONS

    def action_correct(self):
        """Open the new filing that replaces this one, which was refused or closed; make it if there is none yet."""
        self.check_access('write')
        self.ensure_one()
        is_closed = self._is_closed_here()
        if not self.is_refused and not is_closed:
            raise UserError(self.env._("Only what the chamber has refused is filed again: record its outcome first."))
        if not self.corrected_by_id:
            self.browse().check_access('create')
            refused, draft = self.sudo(), self._find_draft_alike().sudo()
            draft.corrects_id = self
            refused.corrected_by_id = draft or refused.copy({'corrects_id': self.id, 'user_id': self.env.uid})
            refused.activity_unlink(['l10n_it_openapi_pec.mail_activity_type_correct'])
            correction, link = self.corrected_by_id, self._get_html_link(title=self.name)
            refused._message_log(
                body=self.env._("Filed again with %s.", correction._get_html_link(title=correction.name)))
            correction._message_log(body=self.env._(
                "It was prepared already, and takes the place of %s.", link) if draft
                else self._get_origin_sentence(link))
        return self.corrected_by_id.action_open_form()

    def _find_draft_alike(self):
        """Return the last draft, if there is one, that is to be filed for what this filing was filed for.

        It is about the same company, kind and person, the same company pays, and it takes no other filing's place.
        """
        return self.search([
            ('state', '=', 'draft'), ('company_id', '=', self.company_id.id), ('partner_id', '=', self.partner_id.id),
            ('kind', '=', self.kind), ('representative_id', '=', self.representative_id.id),
            ('corrects_id', '=', False), ('renews_id', '=', False)], limit=1)

    @api.model
    def _create_all(self, vals_list):
        """Make filings with a user's own rights, of which some are for a new term of office.

        :param list vals_list: as of ``create``; ``renews_id``, which no user writes, is the filing of the term before.
        :return: the filings, in the same order.
        """
        filings = self.create([
            {name: value for name, value in vals.items() if name != 'renews_id'} for vals in vals_list])
        for filing, vals in zip(filings, vals_list, strict=True):
            if vals.get('renews_id'):
                filing.sudo().renews_id = vals['renews_id']
        return filings

    def action_renew(self):
        """Open the new filing with the same data for a new term of office, made if none is being prepared yet."""
        self.check_access('write')
        self.ensure_one()
        if self.state != 'completed' or self.is_refused:
            raise UserError(self.env._("Only what was filed, and not refused, is filed again for a new term."))
        self.browse().check_access('create')
        meet(self)  # two people may press at the same moment
        renewal = self.search([('renews_id', '=', self.id), ('state', 'in', const.filing.EDITABLE_STATES)], limit=1)
        if not renewal:
            filed = self.sudo()
            copied = filed.copy({'renews_id': self.id, 'user_id': self.env.uid, 'mailbox_id': filed.mailbox_id.id})
            renewal = self.browse(copied.id)
            copied._message_log(body=self.env._(
                "Made from %s, for a new term of office.", self._get_html_link(title=self.name)))
        return renewal.action_open_form()
