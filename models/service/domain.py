from datetime import timedelta
from functools import partial

from odoo import api, fields, models

from .lock import lock_rows

DOMAIN_DAYS = 30  # for which an answer about a domain is believed

ANSWERS = ('certified', 'not_certified')
# state -> reason code of const.filing.FINDINGS
STATE_REASONS = {
    'queued': 'domain_asked',
    'unconfirmed': 'domain_asked',
    'failed': 'domain_failed',
    'certified': 'domain_certified',
    'not_certified': 'domain_not_certified',
}


class OpenapiPecDomain(models.Model):
    """What the service has answered about a domain: whether addresses there are PECs.

    An answer is paid, so the question is asked once, and the answer believed for a month.
    """
    _name = 'openapi_pec.domain'
    _description = "PEC Domain"
    _inherit = ['openapi_pec.call.mixin']
    _order = 'name'
    _asking_access = 'read'  # people write none of it

    name = fields.Char("Domain", required=True, readonly=True)
    company_id = fields.Many2one(
        'res.company', required=True, readonly=True, help="The company whose Openapi account paid.")
    user_id = fields.Many2one('res.users', "Asked by", required=True, readonly=True)
    state = fields.Selection([
        ('queued', "Queued"),
        ('unconfirmed', "Being Asked"),
        ('certified', "Certified"),
        ('not_certified', "Not Certified"),
        ('failed', "No Answer"),
    ], "Addresses", required=True, readonly=True)
    answered_at = fields.Datetime("Answered", readonly=True)

    _one_per_environment = models.UniqueIndex(
        "(name, environment)",
        "Somebody else has just asked about the same domain. Refresh the page to see the answer.")

    @api.model
    def _get_reasons(self, names):
        """Return what is known about domains.

        :param names: domains, lower case.
        :return: ``{(name, environment): reason code of const.filing.FINDINGS}``; no entry for what has to be asked.
        """
        domains = self.sudo().search_fetch(
            [('name', 'in', list(names))], ['name', 'environment', 'state', 'answered_at'])
        return {
            (domain.name, domain.environment): STATE_REASONS[domain.state] for domain in domains
            if not domain._is_outdated()}

    def _is_outdated(self):
        """Return whether an answer is too old to be believed."""
        oldest = fields.Datetime.now() - timedelta(days=DOMAIN_DAYS)
        return self.state in ANSWERS and self.answered_at < oldest

    @api.model
    def _look_up(self, company, names):
        """Have the service asked, after this transaction, about domains without a recent answer.

        :param company: whose account pays.
        :param names: domains, lower case.
        """
        environment = company.openapi_pec_environment
        domains = self.sudo().search([('name', 'in', list(names)), ('environment', '=', environment)])
        lock_rows(domains)  # whoever closes a line of the journal holds its record
        domains._give_up_lost()
        due = domains.filtered(lambda domain: domain.state == 'failed' or domain._is_outdated())
        due.write({'company_id': company.id, 'user_id': self.env.uid})
        due += self.sudo().create([{
            'name': name, 'environment': environment, 'company_id': company.id, 'user_id': self.env.uid,
            'state': 'queued',
        } for name in sorted(set(names) - set(domains.mapped('name')))])
        if due:
            due._queue_call()

    def _give_up_lost(self):
        """Free the questions of a process that died: no list of the service shows their answers later."""
        lines = self.env['openapi_pec.api_call'].search([
            ('res_model', '=', self._name), ('res_id', 'in', self.ids), ('state', '=', 'pending')])
        self.browse(lines._without_live_worker().mapped('res_id'))._on_call_unknown()

    # ------------------------------------------------------------ CRUD: what drafts with such addresses are worth

    @api.model_create_multi
    def create(self, vals_list):
        domains = super().create(vals_list)
        self.env['openapi_pec.communication']._judge_domains(domains.mapped('name'))
        return domains

    def write(self, vals):
        result = super().write(vals)
        if {'state', 'answered_at', 'environment'} & vals.keys():
            self.env['openapi_pec.communication']._judge_domains(self.mapped('name'))
        return result

    # ------------------------------------------------------------ CALLS

    def _due_operation(self):
        return 'domain'

    def _prepare_call(self, operation, client):
        ask = partial(client.look_up_domain, self.name)
        return partial(self._call_in_time, lambda: {'id': False, 'is_certified': ask()})

    def _on_call_accepted(self, operation, data, started_at):
        self.write({
            'state': 'certified' if data['is_certified'] else 'not_certified', 'answered_at': started_at,
            'error_message': False,
        })

    def _on_call_refused(self, operation, sentence):
        self.write({'state': 'failed', 'error_message': sentence})

    def _on_call_unknown(self, line=None):
        self.api_call_ids._close('lost')
        self.write({'state': 'failed', 'error_message': self.env._(
            "The service has not answered in time; the look-up may have been paid. It is not repeated unless you ask "
            "again.")})

    def _wait_for_account(self, error):
        self._on_call_refused('domain', self._refusal_sentence('domain', error))

    def _pause_account(self):
        """Pause nothing: a token may lack the scope for looking up domains alone."""
