from collections import defaultdict
from datetime import datetime
from typing import NamedTuple

from odoo import api, models
from odoo.tools import format_date

from odoo.addons.l10n_it_openapi_pec.tools.italy import omocodia
from odoo.addons.l10n_it_openapi_pec.tools.pec import address as pec_address


class Sighting(NamedTuple):
    """A record at the service that was shown before, and is no record here.

    :param tuple account: see ``res.company._openapi_pec_account``.
    :param company_code: tax code of the company that it is about, '' when the service does not tell; None: not read
        yet.
    :param str reference: what the call that made it said of itself, '' when it is not known.
    """
    remote_id: str
    address: str
    account: tuple
    stato: str
    changed_at: datetime | bool
    company_code: str | None = ''
    reference: str = ''


class OpenapiPecRecordMixin(models.AbstractModel):
    """What the service has shown before the click that costs: a person is asked then, so that no call stops later."""
    _inherit = 'openapi_pec.record.mixin'

    def _note_sightings(self, rows):
        """Keep records at the service that a look has shown and that may be this one.

        :param list rows: of an account's list.
        """
        self.sightings = {**(self.sightings or {}), **{
            row['id']: {'stato': row['stato'], 'timestamp': row['timestamp'], 'environment': self.environment}
            for row in rows}}

    def _get_sightings(self):
        """Return what the service has shown with the addresses of these records; the queries are constant in number.

        :return: ``{(account, address): [Sighting, …]}``
        """
        addresses = {pec_address.normalize(record[self._address_field]) for record in self} - {''}
        found = {sighting.remote_id: sighting for sighting in self._search_sightings(list(addresses))}
        known = set(self.sudo().with_context(active_test=False).search_fetch(
            [('remote_id', 'in', list(found))], ['remote_id']).mapped('remote_id')) if found else ()
        sightings = defaultdict(list)
        for remote_id, sighting in found.items():
            if remote_id not in known:
                sightings[sighting.account, sighting.address].append(sighting)
        return sightings

    @api.model
    def _search_sightings(self, addresses):
        """Return what earlier looks have shown with some addresses ([Sighting, …]).

        Some may be records here by now.
        """
        records = self.sudo().search([(self._address_field, 'in', addresses), ('sightings', '!=', False)])
        return [
            Sighting(
                remote_id, record[self._address_field], record.company_id._openapi_pec_account(), row['stato'],
                self._to_moment(row['timestamp']),
                record._get_subject())
            for record in records for remote_id, row in record.sightings.items()
            if row['environment'] == record.company_id.openapi_pec_environment
        ]

    def _get_subject(self):
        """Return the tax code of the company that this record is about; '' where it does not count."""
        return ''

    def _choose_sightings(self, sightings):
        """Return those sightings that a person has to be asked about for this record.

        They are of its account and address, about the same company, and nobody has said that they are other ones.

        :param dict sightings: as :meth:`_get_sightings` returns them.
        """
        # Of a company that somebody chose who does not work there, nothing is told.
        if not sightings or not self.company_id._openapi_pec_filter_own():
            return []
        key = self.company_id._openapi_pec_account(), pec_address.normalize(self[self._address_field])
        subject = omocodia.identity(self._get_subject())
        return [
            sighting for sighting in sightings.get(key, ())
            if sighting.remote_id not in (self.stranger_ids or ()) and sighting.reference != self.reference
            and omocodia.identity(sighting.company_code or '') in ('', subject)]

    def _judge_sightings(self, sightings, field, reasons):
        """Yield what is found about these sightings, with their states and dates.

        :param dict sightings: as :meth:`_get_sightings` returns them.
        :param dict reasons: whether the company is known -> reason code.
        """
        own = self._choose_sightings(sightings)
        for is_read, reason in reasons.items():
            told = [
                f'{self._get_stato_label(sighting.stato)}, {format_date(self.env, sighting.changed_at) or "—"}'
                for sighting in own if (sighting.company_code is not None) == is_read]
            if told:
                yield self._get_finding(field, reason, who='; '.join(told))

    def _answer_sightings(self):
        """Note that a person has said that these records are not those that the service has shown before."""
        sightings = self._get_sightings()
        for record in self:
            if own := record._choose_sightings(sightings):
                record.stranger_ids = sorted({*(record.stranger_ids or ()), *(sighting.remote_id for sighting in own)})
