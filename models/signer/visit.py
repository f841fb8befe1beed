from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

# what a visitor does on the page -> the field that says when
STEPS = {'opened': 'opened_at', 'downloaded': 'downloaded_at', 'uploaded': 'uploaded_at'}


class OpenapiPecSignerVisit(models.Model):
    """When the page of who signs was opened, its document downloaded, and something uploaded, each time the last.

    Whoever has the link makes these rows; they say nothing of him but the moment. They stand apart from the records, on
    which calls and scheduled jobs work: no visitor is to hold those up.
    """
    _name = 'openapi_pec.signer_visit'
    _description = "Visit of a Signer's Page"

    communication_id = fields.Many2one('openapi_pec.communication', readonly=True, ondelete='cascade')
    mailbox_id = fields.Many2one('openapi_pec.mailbox', readonly=True, ondelete='cascade')
    opened_at = fields.Datetime(readonly=True)
    downloaded_at = fields.Datetime(readonly=True)
    uploaded_at = fields.Datetime(readonly=True)

    _communication_unique = models.UniqueIndex("(communication_id) WHERE communication_id IS NOT NULL")
    _mailbox_unique = models.UniqueIndex("(mailbox_id) WHERE mailbox_id IS NOT NULL")

    @api.model
    def _note(self, record, step):
        """Note that a visitor does something on the page of a record; two at the same moment are one.

        :param str step: of ``STEPS``.
        """
        link = self.env['openapi_pec.signer_upload']._get_link(record)
        now = fields.Datetime.now()
        values = {'record': SQL.identifier(link), 'step': SQL.identifier(STEPS[step])}
        try:
            with self.env.cr.savepoint():
                self.env.cr.execute(SQL(
                    """
                    INSERT INTO openapi_pec_signer_visit (%(record)s, %(step)s, create_date, write_date)
                         VALUES (%(id)s, %(now)s, %(now)s, %(now)s)
                    ON CONFLICT (%(record)s) WHERE %(record)s IS NOT NULL
                      DO UPDATE SET %(step)s = EXCLUDED.%(step)s, write_date = EXCLUDED.write_date
                    """, **values, id=record.id, now=now), log_exceptions=False)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            return
        self.invalidate_model()

    @api.model
    def _get_visits(self, records):
        """Return the visits of the pages of some records of one model, ``{id: visit}``."""
        link = self.env['openapi_pec.signer_upload']._get_link(records)
        return {visit[link].id: visit for visit in self.sudo().search([(link, 'in', records.ids)])}


class OpenapiPecSignerMixin(models.AbstractModel):
    """What is seen, on the record, of the visits of its page."""
    _inherit = 'openapi_pec.signer.mixin'

    def _compute_visit(self):
        visits = self.env['openapi_pec.signer_visit']
        known = visits._get_visits(self._origin) if self._origin else {}
        for record in self:
            visit = known.get(record._origin.id, visits)
            for step, field in STEPS.items():
                record[f'page_{step}_at'] = visit.sudo()[field]
