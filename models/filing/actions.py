from odoo import models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.lock import claim
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import BadToken, Gone, NotReady, OpenapiPecError, TooSlow


class OpenapiPecCommunication(models.Model):
    """The buttons of a filing: submit, refresh, fetch, send, give up; those of a part stand in the part's file."""
    _inherit = 'openapi_pec.communication'

    # ------------------------------------------------------------ ACTIONS

    def action_open_submit(self):
        """Open the question that shows the price and asks for a confirmation."""
        self._check_submittable()
        question = self.env['openapi_pec.submit'].create({'communication_ids': self.ids})
        return question._open(self.env._("Submit to the Business Register"))

    def action_submit(self, reason=None):
        """Check and queue these filings; the paid call is made once, after this transaction.

        :param str reason: why they are submitted in spite of warnings; kept in the chatter.
        """
        self._check_submittable()
        self._check_warnings(reason)
        self.sudo().filtered(lambda filing: filing.state in const.filing.EDITABLE_STATES)._answer_sightings()
        # A person may insist on what waits already; what is new waits with the others.
        self.filtered(lambda filing: filing.state == 'queued').company_id._openapi_pec_resume()
        self._submit(reason)

    def _submit(self, reason=None):
        """Freeze what has been checked, and queue it.

        :param str reason: why it is submitted although a budget is exceeded.
        """
        filings = self.sudo()
        new = filings.filtered(lambda filing: filing.state in const.filing.EDITABLE_STATES)
        for filing in new:
            filing.write({
                'environment': filing.company_id.openapi_pec_environment,
                'refused': False,
                **{field: normalize(filing[field]) for field, normalize in self._normalizers.items()},
            })
        if taken := claim(new, 'state', 'queued'):
            raise UserError(self.env._(
                "%s: the same PEC has just been submitted for the same company by somebody else. Nothing was sent or "
                "spent for yours: follow that filing, do not pay twice.", ', '.join(taken.mapped('display_name'))))
        new._on_state_entered('queued')
        filings._clear_spending(reason, waiting=filings - new)._queue_call()

    def action_refresh(self):
        """Read these filings' state from the service."""
        self.check_access('write')
        known = self._get_refreshable()
        if self and not known:
            raise UserError(self.env._(
                "%s is not at the service, as far as Odoo knows, so there is nothing to be read of it there. Nothing "
                "was changed or spent.", self[0].display_name))
        for account, filings in self.env['res.company']._openapi_pec_by_account(known):
            environment = filings[0].environment
            account._openapi_pec_check_configured(environment)
            client = account._openapi_pec_client(environment)
            try:
                filings._refresh(client)
            except OpenapiPecError as error:
                if not client.is_late:
                    filings._raise_unread(error, environment)
            if client.is_late:
                return self._leave_to_job()
        return None

    def _get_refreshable(self):
        """Return the filings that can be read at the service: it gave them an identifier, or may have done so."""
        return self.filtered(lambda filing: filing.environment and (
            filing.remote_id or filing.state in ('queued', 'unconfirmed') or filing.look_until))

    def _refresh(self, client):
        """Read these filings of one account: a single one by its identifier, several (or a lost one) in the list."""
        filings = self.sudo()
        if len(filings) == 1 and filings.remote_id and filings.state != 'unconfirmed':
            try:
                row = client.get_filing(filings.remote_id)
            except Gone as error:
                filings._on_not_found(error)
                return
            filings._note_account_of(client, row)
            filings._apply_stato(row['stato'])
        else:
            filings._synchronize(client)
        filings._fetch_due(client)

    def action_fetch_procura(self):
        """Download the power of attorney."""
        self.check_access('write')
        for filing in self:
            if not filing.remote_id:
                raise UserError(self.env._("There is no power of attorney before the service has accepted the filing."))
            filing.company_id._openapi_pec_check_configured(filing.environment)
            try:
                filing.sudo()._fetch_procura(filing.company_id._openapi_pec_client(filing.environment))
            except NotReady as error:
                raise UserError(self.env._(
                    "The service is still preparing the power of attorney. Odoo fetches it as soon as it exists."
                )) from error
            except BadToken as error:
                filing._raise_unread(error, filing.environment)
            except TooSlow:
                return self._leave_to_job()
            except OpenapiPecError as error:
                raise UserError(self.env._(
                    "The power of attorney cannot be downloaded now: %s. Try again later.",
                    self._get_error_words(error).rstrip('.'),
                )) from error
        return None

    def action_send_documents(self, reason=None):
        """Queue the delivery of the signed documents: it is made once, after this transaction.

        :param str reason: why a document is sent that would be refused, as far as a person may; kept in the chatter.
        """
        self.check_access('write')
        for filing in self:
            if filing.state != 'awaiting_documents':
                raise UserError(
                    self.env._("%s does not wait for documents now. Nothing was sent.", filing.display_name))
            filing._check_not_away()
            filing._check_signed_procura(reason)
        for environment, filings in self.grouped('environment').items():
            filings.company_id._openapi_pec_check_configured(environment)
        self.sudo()._queue_call()

    def action_cancel(self):
        """Give up filings that have not been sent."""
        self.check_access('write')
        for filing in self:
            if filing.remote_id or filing.state not in (*const.filing.EDITABLE_STATES, 'queued'):
                raise UserError(self.env._("%s has been sent: the service knows no cancellation.", filing.display_name))
        sought = self.sudo().filtered(lambda filing: filing._get_lines_not_found())
        (self.sudo() - sought)._on_state_entered('cancelled')
        for filings in sought._by_reader():
            filings._on_state_entered('cancelled', filings._in_words(const.service.GIVEN_UP_SENTENCE))
        self.sudo().write({'is_held': False, 'candidates': False, 'unlooked_since': False})

    def action_draft(self):
        """Set filings that were given up to draft again."""
        self.check_access('write')
        given_up = self.sudo().filtered(lambda filing: filing.state == 'cancelled' and not filing.remote_id)
        given_up.write({'state': 'draft', 'error_message': False})

    def action_open_form(self):
        """Open the form of one filing, or the list of several."""
        self.check_access('read')
        return self._get_records_action(name=self.env._("Filings"))
