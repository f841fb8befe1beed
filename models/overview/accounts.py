from datetime import timedelta

from odoo import api, fields, models

ADDON = 'l10n_it_openapi_pec'
OVERDUE_HOURS = 1  # after which a job that should have run has not
JOB_FIELDS = ('ir_actions_server_id', 'active', 'lastcall', 'nextcall', 'failure_count', 'first_failure_date')


class OpenapiPecOverview(models.AbstractModel):
    """What the overview tells of the accounts at the service, and of the scheduled jobs."""
    _inherit = 'openapi_pec.overview'

    @api.model
    def _get_working(self):
        """Return those of the companies in which the user works now whose accounts have worked."""
        return self.env.companies.filtered(lambda company: company.sudo()._openapi_pec_is_working(
            company.sudo().openapi_pec_environment))

    @api.model
    def _get_accounts(self, working):
        """Return what is known of the accounts of the companies in which the user works now.

        :param working: as of :meth:`_get_working`.
        :return: ``[{'id', 'company', 'environment', 'is_production', 'status', 'level', 'wallet', 'problems'}, …]``;
            ``level`` is a Bootstrap colour, ``wallet`` a sentence about the balance, for managers alone, and
            ``problems`` are sentences.
        :rtype: list
        """
        return [self._get_account(company, company in working) for company in self.env.companies]

    def _get_account(self, company, is_working):
        """Return what is known of a company's account in its present environment: see :meth:`_get_accounts`."""
        known = company.sudo()
        environment = known.openapi_pec_environment
        labels = dict(known._fields['openapi_pec_environment']._description_selection(self.env))
        pause = company._openapi_pec_get_pause()[1]
        problems = [sentence for sentence in (
            pause, company._openapi_pec_get_low_sentence(), known._openapi_pec_get_unreadable_sentence(environment),
            known._openapi_pec_get_copy_sentence(environment), known._openapi_pec_get_account_sentence(environment),
            known._openapi_pec_get_expiry_sentence(environment),
            known._openapi_pec_get_callback_sentence(environment),
        ) if sentence]
        if not known._openapi_pec_get_token(environment):
            status, level = self.env._("No token yet"), 'warning'
        elif pause:
            status, level = self.env._("Paused"), 'danger'
        elif problems:
            status, level = self.env._("To Be Looked At"), 'warning'
        elif is_working:
            is_connected = known._openapi_pec_get_connection(environment)
            status, level = self.env._("Connected") if is_connected else self.env._("Works"), 'success'
        else:
            status, level = self.env._("Not tested yet"), 'warning'
        return {
            'id': company.id, 'company': company.display_name, 'environment': labels[environment],
            'is_production': environment == 'production', 'status': status, 'level': level,
            'wallet': self._show_wallet(company), 'problems': problems,
        }

    @api.model
    def read_wallets(self):
        """Read the balances of the accounts of the companies in which the user works now, each at most once a minute.

        :return: ``{company id: sentence, '' when it is not known or secret}``
        :rtype: dict
        :raise AccessError: for who does not use PEC communications.
        """
        self._check_reader()
        self.env.companies._openapi_pec_read_wallet()
        return {company.id: self._show_wallet(company) for company in self.env.companies}

    def _show_wallet(self, company):
        """Return what is known of a company's wallet; '' where there is no token, or it is secret."""
        known = company.sudo()
        if not known._openapi_pec_get_token(known.openapi_pec_environment):
            return ''
        return company._openapi_pec_show_balance()

    @api.model
    def _get_jobs(self):
        """Return when the scheduled jobs ran and will run, and whether they fail.

        :return: ``[{'id', 'name', 'last', 'next', 'problem'}, …]``; times are sentences in the reader's time zone,
            ``problem`` is a sentence or ''.
        :rtype: list
        """
        own = self.env['ir.model.data'].sudo()._search([('module', '=', ADDON), ('model', '=', 'ir.cron')])
        jobs = self.env['ir.cron'].sudo().with_context(active_test=False).search_fetch(
            [('id', 'in', own.subselect('res_id'))], JOB_FIELDS, order='id')
        jobs.ir_actions_server_id.fetch(['name'])
        show = self.env['res.company']._openapi_pec_show_moment
        return [{
            'id': job.id,
            'name': (name := job.ir_actions_server_id.name.removeprefix("PEC: "))[:1].upper() + name[1:],
            'last': self.env._("last run %s", show(job.lastcall)) if job.lastcall else self.env._("has not run yet"),
            'next': self.env._("next %s", show(job.nextcall)) if job.active else '',
            'problem': self._get_job_problem(job),
        } for job in jobs]

    def _get_job_problem(self, job):
        """Return the sentence that says that a scheduled job fails, or does not run; '' when all is well."""
        if not job.active:
            return self.env._("It is switched off: have a system administrator activate it.")
        if job.failure_count:
            return self.env._(
                "It has failed %(count)s times in a row, since %(date)s: a system administrator finds the reason in "
                "the server's log.", count=job.failure_count,
                date=self.env['res.company']._openapi_pec_show_moment(job.first_failure_date or job.nextcall))
        if job.nextcall < fields.Datetime.now() - timedelta(hours=OVERDUE_HOURS):
            return self.env._("It is overdue: the scheduled jobs of this server do not run.")
        return ''
