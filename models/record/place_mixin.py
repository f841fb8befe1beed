from odoo import api, fields, models
from odoo.tools.i18n import format_list

from odoo.addons.l10n_it_openapi_pec.tools.italy import municipality, names


class OpenapiPecPlaceMixin(models.AbstractModel):
    """The municipalities and provinces of a request, judged together: what would be right is proposed by a button."""
    _name = 'openapi_pec.place.mixin'
    _description = "Places of a Request"
    _inherit = 'openapi_pec.findings.mixin'

    place_proposal = fields.Char(
        "Municipality as the Table Has It", compute='_compute_findings',
        help="What the municipalities would be called, and in which provinces they are.")

    def _get_place_proposals(self):
        """Return what would be right in the place of each municipality and province that are not.

        :return: ``{(field of the municipality, field of the province): tuple of Municipality}``, the likeliest first.
        :rtype: dict
        """
        raise NotImplementedError

    def _keep_findings(self, findings):
        proposals = self._get_place_values() if self._is_following() else {}
        self.place_proposal = ', '.join(map(str, dict.fromkeys(proposals.values()))) or False
        return super()._keep_findings(findings)

    def _get_place_values(self):
        """Return the one municipality that is proposed for a pair of fields: ``{pair of fields: Municipality}``."""
        return {pair: places[0] for pair, places in self._get_place_proposals().items() if len(places) == 1}

    def _judge_place(self, city, province, judge=municipality.judge):
        """Judge a municipality with its province, each of which is in its form.

        :param str city: field of the municipality.
        :param str province: field of the province.
        :param judge: function of both that returns a ``municipality.Judgement``.
        """
        if names.judge_municipality(self[city]) == 'fine' and names.judge_province(self[province], ()) not in (
                'missing', 'province_form'):
            reason, places = judge(self[city], self[province])
            if reason != 'fine':
                yield self._get_finding(city, reason, who=format_list(self.env, list(map(str, places)), 'or'))

    @api.model
    def _get_provinces(self):
        """Return the abbreviations of the provinces of Italy that are known here."""
        return set(
            self.env['res.country.state'].search([('country_id', '=', self.env.ref('base.it').id)]).mapped('code'))

    # ------------------------------------------------------------ ACTIONS

    def action_take_places(self):
        """Write the municipalities and provinces that are proposed in the place of those that are wrong."""
        self.check_access('write')
        for record in self.filtered(lambda record: record._is_following()):
            record.write({
                field: value for pair, place in record._get_place_values().items()
                for field, value in zip(pair, place, strict=True)})
