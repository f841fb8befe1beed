from collections import Counter

from odoo import Command, api, models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.rights import SIGNER, check_right

BUTTON = 'action_open_sign_many'


class OpenapiPecCommunication(models.Model):
    """Filings whose powers of attorney are signed together, with the company's automatic certificate."""
    _inherit = 'openapi_pec.communication'

    # ------------------------------------------------------------ what is signed, and what is left out

    def _sort_for_signing(self):
        """Return which of these filings can be signed together, and why the others are left out.

        It takes the same number of queries for any number of filings.

        :return: ``(filings, {reason: number of filings})``, with the reasons of ``const.sign_many.LEFT_OUT``.
        """
        company, last = self.company_id[:1], self._get_last_attempts()
        reasons = {filing: filing._get_left_out_reason(company, last.get(filing)) for filing in self}
        signable = self.filtered(lambda filing: not reasons[filing])
        return signable, dict(Counter(filter(None, reasons.values())))

    def _get_last_attempts(self):
        """Return the attempt to have each of these filings signed remotely that counts: ``{filing: attempt}``.

        It is the one that is under way; or whose file can be taken after all; or the last one.
        """
        attempts = self.env['openapi_pec.signature'].sudo().search_fetch(
            [('communication_id', 'in', self.ids)], ['communication_id', 'is_open', 'state', 'outcome'],
            order='id')
        counting = attempts.sorted(lambda attempt: (attempt.is_open, attempt._is_late()))
        return {attempt.communication_id: attempt for attempt in counting}

    def _count_paid_in_vain(self):
        """Return for how many of these filings a signature is, or may be, paid that they do not have."""
        attempts = self.env['openapi_pec.signature'].sudo().search_fetch(
            [('communication_id', 'in', self.ids), ('outcome', 'in', const.remote_signature.PAID_IN_VAIN)],
            ['communication_id'])
        return len(attempts.communication_id)

    def _get_left_out_reason(self, company, last):
        """Return why this filing cannot be signed together with others; None when it can be.

        :param company: whose filings are signed.
        :param last: the attempt that counts, if there is one.
        """
        checks = (
            ('company', self.company_id != company),
            ('signed', bool(self.signed_procura_id)),
            ('not_awaited', not self._takes_documents()),
            ('environment', not self._is_of_present_environment()),
            ('under_way', bool(last) and last.is_open),
            ('late', bool(last) and last._is_late()),
            ('refused_file', bool(last) and last.outcome == 'refused_file'))
        return next((reason for reason, is_so in checks if is_so), None)

    # ------------------------------------------------------------ ACTIONS

    def action_open_sign_many(self):
        """Open the question before these powers of attorney are signed together.

        :return: the action that opens it.
        :raise AccessError: this user is no signer.
        :raise UserError: it is switched off, not ready, or there is nothing to sign; nothing was signed or spent.
        """
        check_right(self.env, 'sign')
        self.check_access('write')
        words = const.sign_many
        if not self:
            raise UserError(self._in_words(words.NOTHING_TO_SIGN))
        if problem := self.company_id[:1]._openapi_pec_get_signer_problem():
            raise UserError(problem)
        signable, left = self._sort_for_signing()
        if not signable:
            raise UserError('\n'.join([self._in_words(words.NOTHING_TO_SIGN), *self._get_left_out_words(left)]))
        signable.company_id._openapi_pec_check_configured(api_name='signature')
        question = self.env['openapi_pec.sign_many'].create({'communication_ids': [Command.set(self.ids)]})
        return question._open(self.env._("Sign Powers of Attorney"))

    def _get_left_out_words(self, left):
        """Return why filings are left out, in words (list).

        :param dict left: as of :meth:`_sort_for_signing`.
        """
        return [self._in_words(const.sign_many.LEFT_OUT[reason]) % count for reason, count in left.items()]

    # ------------------------------------------------------------ the buttons of lists

    @api.model
    def _may_sign_many(self):
        """Return whether this user can have many signed in some of the companies in which he works now."""
        return self.env.user.has_group(SIGNER) and any(self.env.companies.sudo().mapped('openapi_pec_sign_many'))

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type='form', **options):
        return (*super()._get_view_cache_key(view_id, view_type, **options), self._may_sign_many())

    @api.model
    def _get_view(self, view_id=None, view_type='form', **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == 'list' and not self._may_sign_many():
            for button in arch.xpath(f"//header/button[@name='{BUTTON}']"):
                button.getparent().remove(button)
        return arch, view

    # ------------------------------------------------------------ the verdict

    def _get_judge_terms(self):
        """Return what a file is compared with: an intermediary counts in what was signed here with his certificate."""
        return {
            **super()._get_judge_terms(),
            'intermediaries': {
                attempt.signed_digest: attempt.signer_fiscal_code for attempt in self._origin.sudo().signature_ids
                if attempt.kind == 'automatic' and attempt.signed_digest}}
