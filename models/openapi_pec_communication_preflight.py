from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import email_normalize

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools import fiscal_code, italian_form, mobile, pec_address

# What judges the data of a filing one by one: field -> function of its value that returns a reason code of const.FINDINGS.
JUDGES = {
    'pec_email': pec_address.judge,
    'email': lambda address: 'fine' if email_normalize(address) else 'email_form',
    'fiscal_code': fiscal_code.judge_person,
    'company_fiscal_code': fiscal_code.judge_company,
    'mobile': mobile.judge,
}
# level -> icon, colour, what it is called
LEVELS = {
    const.ERROR: ('fa-times-circle', 'text-danger'),
    const.WARNING: ('fa-exclamation-triangle', 'text-warning'),
    const.FINE: ('fa-check-circle', 'text-success'),
}
FINDING = Markup('<li><i class="fa fa-fw %s %s" role="img" title="%s" aria-label="%s"></i> %s</li>')


class OpenapiPecCommunication(models.Model):
    """What the register would refuse is found before the click that costs: the service knows no refusal."""
    _inherit = 'openapi_pec.communication'

    findings = fields.Html("Checks", compute='_compute_findings', sanitize=False)
    findings_level = fields.Selection(
        [('error', "To Be Corrected"), ('warning', "To Be Looked At"), ('fine', "Ready")], "Check", compute='_compute_findings')

    @api.depends(*const.REQUEST_KEYS, 'state', 'kind', 'company_id.openapi_pec_environment')
    def _compute_findings(self):
        names = dict(self._fields['findings_level']._description_selection(self.env))
        for filing in self:
            findings = filing._get_findings() if filing.state in const.EDITABLE_STATES else []
            filing.findings_level = findings[0][0] if findings else False
            filing.findings = Markup('<ul class="list-unstyled mb-0">%s</ul>') % Markup().join(
                FINDING % (*LEVELS[level], names[level], names[level], sentence) for level, sentence in findings) if findings else False

    def _get_findings(self):
        """Return what is known about the data of this filing, the worst first.

        :return: ``[(level, sentence), …]``: 'error' stops the submission, 'warning' asks a manager for a reason.
        :rtype: list[tuple[str, str]]
        """
        self.ensure_one()
        labels = {field: attributes['string'] for field, attributes in self.fields_get(list(const.REQUEST_KEYS), ['string']).items()}
        is_sandbox = self.company_id.openapi_pec_environment == 'sandbox'
        findings = []
        for field, reason in self._judge():
            level, sentence = const.FINDINGS[reason]
            if is_sandbox and reason in const.CHECK_DIGIT_CODES:
                level = const.WARNING  # the vendor's own samples have wrong ones
            place = const.FIELD_SOURCES.get(field) or (
                const.SOURCE_PERSON if self.kind == 'administrator' else const.SOURCE_COMPANY)
            findings.append((level, self._in_words(sentence) % {'field': labels[field], 'place': self._in_words(place)}))
        return sorted(findings, key=lambda finding: list(LEVELS).index(finding[0]))

    def _judge(self):
        """Yield a reason code of ``const.FINDINGS`` for each piece of data that can be judged.

        :rtype: Iterator[tuple[str, str]]
        """
        for field in const.REQUEST_KEYS:
            value = (self[field] or '').strip()
            reason = JUDGES.get(field, lambda value: 'fine')(value) if value else 'missing'
            if reason != 'fine':
                yield field, reason
        if self.province and self.province.strip():
            states = self.env['res.country.state'].search([('country_id', '=', self.env.ref('base.it').id)])
            yield 'province', italian_form.judge_province(self.province, set(states.mapped('code')))
        if self.first_name and self.last_name and fiscal_code.judge_person(self.fiscal_code) in ('code_valid', 'code_check'):
            yield 'fiscal_code', fiscal_code.judge_names(self.fiscal_code, self.last_name, self.first_name)

    def _check_submittable(self):
        """Raise one sentence for all that stands against the submission of these filings."""
        if not self.env.su and not self.env.user.has_group('l10n_it_openapi_pec.group_manager'):
            raise AccessError(self.env._("Submitting a filing spends money: ask a manager of PEC communications to do it."))
        for filing in self:
            if filing.state not in (*const.EDITABLE_STATES, 'queued'):
                raise UserError(self.env._("%s has been submitted already. It is not sent a second time.", filing.display_name))
            if errors := filing._get_sentences(const.ERROR):
                raise UserError(self.env._(
                    "%(filing)s cannot be submitted yet; nothing was spent:\n%(findings)s",
                    filing=filing.display_name, findings='\n'.join(f"- {sentence}" for sentence in errors),
                ))
        self.company_id._openapi_pec_check_configured()

    def _get_sentences(self, level):
        """Return the sentences of one level about this filing."""
        return [sentence for found, sentence in self._get_findings() if found == level]

    def _check_warnings(self, reason):
        """Ask for the reason why filings are submitted in spite of warnings, and keep it in the chatter."""
        for filing in self.filtered(lambda filing: filing.state in const.EDITABLE_STATES):
            if not (warnings := filing._get_sentences(const.WARNING)):
                continue
            if not (reason or '').strip():
                raise UserError(self.env._(
                    "%(filing)s can be submitted if you say why, in spite of this; nothing was spent:\n%(findings)s",
                    filing=filing.display_name, findings='\n'.join(f"- {sentence}" for sentence in warnings),
                ))
            filing._message_log(body=Markup("%s<ul>%s</ul>") % (
                self.env._("Submitted in spite of the following, because: %s", reason.strip()),
                Markup().join(Markup("<li>%s</li>") % sentence for sentence in warnings),
            ))
