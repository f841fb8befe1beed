from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.signer.file_content import read_content
from odoo.addons.l10n_it_openapi_pec.tools.finding import ERROR, FINE

# Of these nothing is said beside the one line that asks for the person.
MISSING = ('missing', 'one_name_missing')
PERSON = 'representative_id'


class OpenapiPecCommunication(models.Model):
    """What is wrong, as the form shows it: at its field, and in a short list of which each item leads to its place."""
    _inherit = 'openapi_pec.communication'

    # ------------------------------------------------------------ COMPUTE

    def _keep_shown(self, findings):
        self.finding_items = self._get_items(findings) or False

    @api.depends('finding_items')
    @api.depends_context('uid', 'lang')
    def _compute_shown_findings(self):
        """Render what was found, for who reads it elsewhere than on the form: that one shows items."""
        found = self.filtered(lambda filing: filing._is_following())._get_findings()
        for filing in self:
            findings = found.get(filing)
            filing.findings = filing._show_findings(findings) if findings else False

    def _get_items(self, findings):
        """Return what stands against this filing, as the form's list shows it.

        Without a representative, all that is missing of that person is one item, whose button chooses or creates him.

        :param list findings: of Finding.
        :return: ``[{level, field, sentence, contact: [model, id] or False, button: label or False}, …]``
        :rtype: list[dict]
        """
        nobody = self.env._(
            "Nobody is chosen yet who asks and signs: the person who represents the company, or its administrator.")
        of_nobody = [
            finding for finding in findings if finding.place == PERSON and finding.code in MISSING
        ] if not self.representative_id else []
        shown = [finding for finding in findings if finding.level != FINE and finding not in of_nobody]
        items = [{
            'level': ERROR, 'field': PERSON, 'sentence': nobody, 'contact': False,
            'button': bool(self.partner_id) and self.env._("Choose Who Signs")}] if of_nobody else []
        return items + [{
            'level': finding.level, 'field': finding.field, 'sentence': self._get_finding_sentence(finding),
            'contact': self._get_item_contact(finding), 'button': False,
        } for finding in shown]

    def _get_item_contact(self, finding):
        """Return the contact on which a finding is mended, as [model, id]; False when it is mended on the filing."""
        contact = self[finding.place]._origin if finding.place else None
        return [contact._name, contact.id] if contact else False

    # ------------------------------------------------------------ ACTIONS

    def action_show_missing(self):
        """List what stands against the submission of this filing, each item with the way to where it is mended."""
        self.check_access('read')
        self.ensure_one()
        findings = self._get_findings(together=True)[self]
        items = self._get_items([finding for finding in findings if finding.level == ERROR])
        if not items:
            raise UserError(self.env._("Nothing stands against it any more: refresh the page."))
        return self._show_missing(self.env._("To Be Corrected First"), items)

    def action_show_missing_documents(self):
        """List what stands against sending the signed power of attorney."""
        self.check_access('read')
        self.ensure_one()
        content = self._get_signed_content()
        errors = self._get_finding_sentences(
            self._judge_signed(content).findings, (ERROR,), const.trust.VERDICT_FINDINGS) if content else [
            self.env._("The signed power of attorney (.p7m) is missing: upload it here.")
            if read_content(self.procura_id) else self.env._(
                "The power of attorney is not here yet: fetch it, have it signed, and upload the signed file.")]
        return self._show_missing(self.env._("To Be Done Before the Documents Are Sent"), [
            {'level': ERROR, 'field': 'signed_procura_file', 'sentence': sentence, 'contact': False, 'button': False}
            for sentence in errors])

    def action_record_outcome(self):
        """Put the cursor where the chamber's answer is recorded."""
        self.check_access('write')
        return {
            'type': 'ir.actions.client', 'tag': 'openapi_pec_focus',
            'params': {'field': 'chamber_outcome', 'page': 'chamber'}}

    def _show_missing(self, title, items):
        """Return the action that lists items over the form that is open: see :meth:`_get_items`."""
        return {
            'type': 'ir.actions.client', 'tag': 'openapi_pec_missing', 'name': title,
            'params': {'title': title, 'items': items, 'model': self._name, 'id': self.id}}

    def action_choose_representative(self):
        """Open the question who asks and signs: one of the company's people, or a new one."""
        self.check_access('write')
        self.ensure_one()
        if self.state not in const.filing.EDITABLE_STATES:
            raise UserError(self.env._("What has been submitted cannot be changed: a filing shows what was filed."))
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Who Asks and Signs"),
            'res_model': 'openapi_pec.representative', 'view_mode': 'form', 'views': [[False, 'form']],
            'target': 'new', 'context': {'default_communication_id': self.id}}
