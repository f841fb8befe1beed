from datetime import datetime

from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, format_datetime

from odoo.addons.l10n_it_openapi_pec.models.service.zone import get_zone
from odoo.addons.l10n_it_openapi_pec.tools.api.text import end_once
from odoo.addons.l10n_it_openapi_pec.tools.clock import strip_zone
from odoo.addons.l10n_it_openapi_pec.tools.finding import ERROR, FINE, ORDER, WARNING, Finding, get_worst_level
from odoo.addons.l10n_it_openapi_pec.tools.italy import phone
from odoo.addons.l10n_it_openapi_pec.tools.pec import address as pec_address

# Errors in production, warnings in the sandbox: the vendor's own sample (cf_piva 12345678910) has one, and its sandbox
# need not know real domains.
LENIENT_IN_SANDBOX = frozenset({'code_check', 'code_office', 'domain_not_certified'})

# Of several values in one field a person says which one is meant: reason code -> function that returns those that the
# sentence names. Tax codes are not named.
SEVERAL = {
    'address_several': pec_address.find_all,
    'email_several': pec_address.find_emails,
    'mobile_several': phone.find_all,
}

# What is said beside the findings, and is none: no tick stands before it.
NOTES = frozenset({'not_checked'})


class OpenapiPecFindingsMixin(models.AbstractModel):
    """What is found about a record before the click that costs: judged, put in order, said, shown, refused.

    The model that inherits judges (``_judge``) and has the sentences (``_get_finding_table``). A record whose findings
    are computed also has ``findings``, ``findings_level``, ``refused``, ``refusal`` and ``refusal_sentence``.
    """
    _name = 'openapi_pec.findings.mixin'
    _description = "Findings"

    # See openapi_pec.data.mixin.
    _request_fields = ()
    _state_fields = ()
    _level_field = 'findings_level'  # the field that shows the worst level to who reads

    # What the model that inherits says.

    def _judge(self, together):
        """Judge these records, with a constant number of queries.

        :param bool together: they are paid for at once, and stand in each other's way.
        :return: ``{record: iterable of Finding}``, in any order.
        :rtype: dict
        """
        raise NotImplementedError

    def _get_finding_table(self):
        """Return the level and the sentence of each finding: ``{code: (level, lazily translated sentence)}``.

        A sentence may name the finding's values and, of a finding about a field, ``field``, its label, and ``place``,
        where it is mended.
        """
        raise NotImplementedError

    def _get_finding_place(self, field):
        """Return the field that leads to the contact on which a field is mended, '' for the record itself."""
        raise NotImplementedError

    def _get_place_words(self, place):
        """Return where a finding is mended, as a lazily translated phrase.

        :param str place: as :meth:`_get_finding_place` returns it.
        """
        raise NotImplementedError

    # ------------------------------------------------------------ COMPUTE

    @api.depends(lambda self: (
        *self._request_fields, *self._state_fields, 'refusal', 'stranger_ids', 'company_id.openapi_pec_environment',
        'company_id.openapi_pec_accounts'))
    @api.depends_context('uid', 'lang')
    def _compute_findings(self):
        found = self.filtered(lambda record: record._is_following())._get_findings()
        for record in self:
            record._keep_findings(found.get(record, []))

    def _keep_findings(self, findings):
        """Fill in the fields that show the findings about this record."""
        self[self._level_field] = get_worst_level(findings)
        self._keep_shown(findings)

    def _keep_shown(self, findings):
        """Fill in the field with which the form shows the findings."""
        self.findings = self._show_findings(findings) if findings else False

    @api.depends(
        lambda self: ('refused', *self._request_fields, *self._state_fields, 'company_id.openapi_pec_environment'))
    def _compute_refusal(self):
        for record in self:
            refused = record.refused if record._is_following() else False
            record.refusal_sentence = refused and refused['sentence']
            record.refusal = refused and ('same' if refused['data'] == record._get_sent_data() else 'changed')

    # What is found, and in which order.

    def _get_findings(self, together=False):
        """Return what is found about these records, of each the worst first.

        :param bool together: they are paid for at once, and stand in each other's way.
        :return: ``{record: [Finding, …]}``: an error stops the payment, a warning is to be looked at.
        :rtype: dict
        """
        return {record: record._put_in_order(findings) for record, findings in self._judge(together).items()}

    def _get_finding(self, field, code, **values):
        """Return a finding about a field of this record.

        :param str code: key of the table of findings.
        :param values: what its sentence names besides the field and the place.
        :rtype: Finding
        """
        level = self._get_finding_table()[code][0]
        if code in SEVERAL:
            values.setdefault('who', ', '.join(SEVERAL[code](self[field])))
        if code in LENIENT_IN_SANDBOX and self.company_id.openapi_pec_environment == 'sandbox':
            level = WARNING
        return Finding(code, level, values, field, self._get_finding_place(field))

    def _put_in_order(self, findings):
        """Return findings about this record, what the service refused first, then the worst.

        Nothing is fine about a field against which something stands, nor while the service refuses the same data.

        :param findings: iterable of Finding.
        """
        findings = list(findings)
        is_refused = self.refusal == 'same'
        spoilt = {finding.field for finding in findings if finding.level != FINE and finding.field}
        return sorted(
            (finding for finding in findings
             if finding.level != FINE or not (is_refused or finding.field in spoilt)),
            key=lambda finding: (finding.code != 'refused', ORDER.index(finding.level)))

    # What a finding says.

    def _get_finding_sentence(self, finding, words=None):
        """Return what a finding says, in the language of this record.

        :param dict words: code -> sentence, in the place of the table's.
        :rtype: str
        """
        sentence = self._get_finding_words(finding, words) % self._get_finding_values(finding)
        return end_once(sentence) if finding.field else sentence

    def _get_finding_sentences(self, findings, levels=ORDER, words=None):
        """Return what the findings of some levels say, a sentence each."""
        return [self._get_finding_sentence(finding, words) for finding in findings if finding.level in levels]

    def _get_sentences(self, level):
        """Return the sentences of one level about these records, which are paid for at once.

        :return: ``{record: [sentence, …]}``
        """
        return {
            record: record._get_finding_sentences(findings, (level,))
            for record, findings in self._get_findings(together=True).items()}

    def _get_finding_words(self, finding, words=None):
        """Return the translated sentence of a finding, before its values are filled in."""
        return str((words or {}).get(finding.code) or self._get_finding_table()[finding.code][1])

    def _get_finding_values(self, finding):
        """Return what the sentence of a finding names, as the reader writes it."""
        values = {
            # of what is not called so, the day is enough
            name: self._show_moment(value, with_time=name.endswith('_at')) if isinstance(value, datetime) else value
            for name, value in finding.values.items()}
        if finding.field:
            values['field'] = self._fields[finding.field]._description_string(self.env)
            values['place'] = str(self._get_place_words(finding.place))
        return values

    def _show_moment(self, moment, with_time=True):
        """Return an aware datetime as the reader writes it, in the reader's time zone."""
        zone = get_zone(self.env)
        naive = strip_zone(moment)
        if with_time:
            return format_datetime(self.env, naive, tz=zone)
        return format_date(self.env, fields.Datetime.context_timestamp(self.with_context(tz=zone), naive).date())

    # Findings on a form, and in a refusal.

    def _show_findings(self, findings, words=None, signers=(), steps=()):
        """Return findings for a person, as HTML: each names its field, and leads to the contact where it is mended.

        :param list findings: of Finding.
        :param dict words: code -> sentence, in the place of the table's.
        :param list signers: of a signed file, as the template names what it shows of each.
        :param list steps: in which it was verified beyond itself, likewise.
        """
        names = dict(self._fields['findings_level']._description_selection(self.env))
        return self.env['ir.qweb']._render('l10n_it_openapi_pec.findings', {
            'findings': [{
                'icon': 'note' if finding.code in NOTES else finding.level,
                'level_name': names[finding.level],
                'field': finding.field,
                'sentence': self._show_finding(finding, words),
            } for finding in findings],
            'signers': signers,
            'steps': [{**step, 'level_name': names.get(step['level'])} for step in steps],
        })

    def _show_finding(self, finding, words=None):
        """Return what a finding says as HTML, in which the place is a link to the contact."""
        contact = self[finding.place]._origin if finding.place else None
        if not contact:
            return self._get_finding_sentence(finding, words)
        values = self._get_finding_values(finding)
        values['place'] = Markup('<a class="alert-link" href="/odoo/%s/%s">%s</a>') % (
            contact._name, contact.id, values['place'])
        return end_once(escape(self._get_finding_words(finding, words)) % values)

    def _get_refusal(self, refusal, sentences, **values):
        """Return a refusal that lists what was found.

        :param refusal: lazily translated, with ``findings`` and the names of ``values``.
        :param list sentences: what was found.
        :rtype: str
        """
        return str(refusal) % {**values, 'findings': '\n'.join(f"- {sentence}" for sentence in sentences)}

    def _refuse_errors(self, refusal, findings, words=None, **values):
        """Raise a refusal that lists the errors among findings; do nothing when there is none."""
        if errors := self._get_finding_sentences(findings, (ERROR,), words):
            raise UserError(self._get_refusal(refusal, errors, **values))
