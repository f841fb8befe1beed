from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.l10n_it_openapi_pec.tools import clock, trust

MOMENTS = ('revoked_at', 'checked_at', 'told_at')


class OpenapiPecCertificateStatus(models.Model):
    """What became known of a certificate's revocation when it was last asked: ``trust.Status``.

    Nobody reads or writes it but the server: it decides what is told of signatures.
    """
    _name = 'openapi_pec.certificate_status'
    _description = "Revocation of a Signer's Certificate"
    _rec_name = 'fingerprint'

    fingerprint = fields.Char(required=True, readonly=True, help="SHA-256 of the certificate.")
    status = fields.Selection([
        ('good', "Not Revoked"),
        ('revoked', "Revoked"),
        ('suspended', "Suspended"),
        ('unknown', "Not Known"),
    ], required=True, readonly=True)
    problem = fields.Char(readonly=True, help="Why it is not known: code of the finding.")
    source = fields.Char(readonly=True)
    host = fields.Char(readonly=True)
    revoked_at = fields.Datetime(readonly=True)
    checked_at = fields.Datetime(required=True, readonly=True)
    told_at = fields.Datetime(readonly=True, help="As of when it was told.")

    _fingerprint_unique = models.UniqueIndex('(fingerprint)')

    @api.model
    def _read_known(self, links):
        """Return what is known of certificates, with one query: ``{fingerprint: trust.Status}``.

        :param links: of a verdict (``trust.Joint``).
        """
        records = self.sudo().search_fetch(
            [('fingerprint', 'in', [link.fingerprint for link in links])], ['fingerprint', *trust.Status._fields])
        return {record.fingerprint: record._get_status() for record in records}

    def _get_status(self):
        """Return it as ``tools/trust`` takes it: a :class:`trust.Status`."""
        values = {name: self[name] or '' for name in trust.Status._fields}
        values['told_at'] = values['told_at'] or values['checked_at']  # of before the moment was kept
        return trust.Status(**values | {
            name: clock.add_zone(values[name]) or None for name in MOMENTS})

    @api.model
    def _keep(self, fingerprint, status):
        """Keep what was just asked about a certificate. Two who ask at the same moment do not meet.

        What is revoked for good stays so: later lists need not name it any more. What was told before what is kept, as
        a list of last night, takes the place of no suspension; as a failure to ask, it takes that of another answer
        only after a day.

        :param trust.Status status: what became known.
        """
        values = {'fingerprint': fingerprint, **status._asdict()}
        values |= {name: fields.Datetime.to_string(clock.strip_zone(values[name])) for name in MOMENTS}
        names = SQL(', ').join(map(SQL.identifier, values))
        self.env.cr.execute(SQL(
            """
            INSERT INTO openapi_pec_certificate_status AS kept (%(names)s)
            VALUES (%(values)s)
                ON CONFLICT (fingerprint) DO UPDATE SET (%(names)s) = (%(new)s)
             WHERE EXCLUDED.status = 'revoked'
                OR kept.status = 'unknown'
                OR kept.status = 'suspended' AND EXCLUDED.told_at > COALESCE(kept.told_at, kept.checked_at)
                OR kept.status = 'good' AND EXCLUDED.told_at >= COALESCE(kept.told_at, kept.checked_at)
                OR kept.status = 'good' AND kept.checked_at < EXCLUDED.checked_at - interval '1 day'
            """,
            names=names, values=SQL(', ').join(SQL("%s", value or None) for value in values.values()),
            new=SQL(', ').join(SQL("EXCLUDED.%s", SQL.identifier(name)) for name in values)), log_exceptions=False)
        self.invalidate_model()
