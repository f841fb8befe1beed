from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.job_mixin import job
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import OpenapiPecError, TooSlow
from odoo.addons.l10n_it_openapi_pec.tools.italy import omocodia
from odoo.addons.l10n_it_openapi_pec.tools.pec import address as pec_address


class OpenapiPecMailbox(models.Model):
    """Mailboxes that were bought elsewhere are taken over from the account, and assigned to their holders."""
    _inherit = 'openapi_pec.mailbox'

    # ------------------------------------------------------------ ACTIONS

    def action_import_from_service(self):
        """Take over the mailboxes of the accounts that Odoo does not know, whichever rows are selected."""
        self._check_may_spend()
        companies = self.env.companies
        companies = companies.filtered(lambda company: company._openapi_pec_account()[1]) or companies
        companies._openapi_pec_check_configured()
        imported, held_back, late, doubled = self.sudo().browse(), 0, companies.browse(), []
        for company in companies._openapi_pec_one_per_account():
            try:
                client = company._openapi_pec_client()
                rows = client.list_mailboxes()
            except TooSlow:
                late += company
                continue
            except OpenapiPecError as error:
                raise UserError(self._get_read_sentence('mailbox', error)) from error
            company._openapi_pec_note_account(client, rows, company.openapi_pec_environment)
            new, own, twins = self.sudo()._import_rows(company, rows)
            imported += new
            held_back += own
            doubled += twins
        late._openapi_pec_leave_import(self._name)
        self._trigger_cron(self._synchronize_job)
        if late:
            return self._get_slow_notification(self.env._(
                "The service answers slowly. Odoo goes on by itself in the background, and notifies you when it is "
                "done; nothing was changed or spent."))
        return self._notify_imported(len(imported), held_back, doubled, companies._openapi_pec_notify_shared())

    # ------------------------------------------------------------ SYNCHRONISATION

    @api.model
    @job
    def _cron_synchronize(self):
        if not self.env['res.company']._openapi_pec_import_wanted(self):
            self._trigger_cron(
                self._synchronize_job, fields.Datetime.now() + timedelta(minutes=const.service.IMPORT_PAUSE_MINUTES))
        return super()._cron_synchronize()

    @api.model
    def _import_wanted(self, company, listing):
        """Take over a list that a scheduled job has read, and notify whoever waits for it."""
        imported, held_back, doubled = self._import_rows(company, listing)
        company = company.with_env(self.env)
        company._openapi_pec_notify_imported(' '.join(
            self._get_imported_sentences(len(imported), held_back, doubled, company._openapi_pec_notify_shared())))

    @api.model
    def _import_rows(self, company, rows):
        """Make a mailbox of each row of an account's list that is not known here.

        What may be the outcome of a call of our own whose answer is missing is left alone: the recovery settles that,
        or the next purchase of the same address, which looks for it first. So is what is so young that its answer may
        be on its way.

        :return: the mailboxes, how many rows were left alone, and the addresses of those that another mailbox has
            already.
        """
        environment = company.openapi_pec_environment
        known = set(self.search_fetch([
            ('environment', '=', environment),
            ('remote_id', 'in', [row['id'] for row in rows])], ['remote_id']).mapped('remote_id'))
        new = [row for row in {row['id']: row for row in rows}.values() if row['id'] not in known]
        own = set(self.search([
            ('address', 'in', [pec_address.fold_case(row['casella_pec']) for row in new]), ('remote_id', '=', False),
            '|', ('environment', '!=', False), ('api_call_ids.state', '=', 'never_arrived'),
        ]).mapped('address'))
        oldest = fields.Datetime.now() - timedelta(minutes=const.service.SAFE_MINUTES)
        ready = [
            row for row in new
            if pec_address.fold_case(row['casella_pec']) not in own
            and (self._to_moment(row['timestamp']) or oldest) <= oldest
        ]
        ready, doubled = self._without_doubled(ready, environment)
        mailboxes = self._quietly().create([{
            'company_id': company.id, 'environment': environment, 'remote_id': row['id'],
            'address': row['casella_pec'] or False,
            'mailbox_type': row['tipo_casella'] if row['tipo_casella'] in const.mailbox.TYPES else False,
            'state': const.mailbox.STATE_BY_STATO.get(row['stato'], 'registered'), 'remote_state': row['stato'],
            'expires_on': row['data_scadenza'],
            'remote_changed_at': self._to_moment(row['times'].get('ultima_modifica')),
            'details_due': True, 'is_imported': True, 'partner_id': False,
        } for row in reversed(ready)])
        return mailboxes.with_env(self.env), len(new) - len(ready) - len(doubled), doubled

    @api.model
    def _without_doubled(self, rows, environment):
        """Leave out of some rows those whose address another mailbox has that is in use: Odoo keeps each address once.

        :return: ``(rows, addresses of those that are left out)``.
        """
        live = fields.Domain('environment', '=', environment) & fields.Domain(
            'state', 'not in', const.mailbox.ENDED_STATES)
        taken = set(self.search(live & fields.Domain(
            'address', 'in', [pec_address.fold_case(row['casella_pec']) for row in rows])).mapped('address'))
        kept, doubled = [], []
        for row in reversed(rows):  # the oldest first, which is the one that counts
            address = pec_address.fold_case(row['casella_pec'])
            is_live = const.mailbox.STATE_BY_STATO.get(row['stato'], 'registered') not in const.mailbox.ENDED_STATES
            if is_live and address and address in taken:
                doubled.append(address)
                continue
            taken |= {address} if is_live else set()
            kept.insert(0, row)
        return kept, doubled

    def _match_partners(self):
        """Assign mailboxes to the one contact with the holder's tax code, or else the applicant's.

        They go to the company, of those that use the account, whose contact that is.
        """
        codes = {mailbox: mailbox.holder_fiscal_code or mailbox.fiscal_code for mailbox in self}
        found = self.env['res.partner']._openapi_pec_find(filter(None, codes.values()))
        for (company, environment), mailboxes in self.grouped(
                lambda mailbox: (mailbox.company_id, mailbox.environment)).items():
            sharing = company._openapi_pec_with_same_account(environment)
            matches = {}
            for mailbox in mailboxes.filtered(codes.get):
                partner = found[omocodia.identity(codes[mailbox])]._openapi_pec_best_placed()
                if len(partner) == 1 and partner.company_id in (partner.company_id.browse(), *sharing):
                    matches[mailbox] = partner
            owners = self.env['res.partner'].union(*matches.values())._openapi_pec_owners(sharing)
            for mailbox, partner in matches.items():
                owner = owners[partner] or sharing
                if len(owner) == 1 and owner in (company, *mailbox.user_id.sudo().company_ids):
                    mailbox.write({'company_id': owner.id, 'partner_id': partner.id})
                    mailbox._for_reader()._announce_matched()

    def _announce_matched(self):
        self._announce(self.env._("found in the Openapi account, and assigned by its tax code."))

    def _get_imported_sentences(self, count, held_back, doubled, shared):
        """Return what was found in an account's list (list of str).

        :param list doubled: addresses that the service has for another mailbox, too.
        :param str shared: what is to be told of accounts that several companies use, if there are such.
        """
        sentences = [self.env._("Mailboxes in the account that Odoo did not know: %s.", count) if count else self.env._(
            "Odoo knows every mailbox in the account already.")]
        if count:
            sentences.append(self.env._("Their details are being read, and their holders found by tax code, which "
                                        "costs nothing."))
        if count and shared:
            sentences.append(shared)
        if held_back:
            sentences.append(self.env._(
                "Left alone, as they may be purchases of Odoo's own whose answer is on its way: %s. Try again in some "
                "minutes.", held_back))
        if doubled:
            sentences.append(self.env._(
                "Left out, as the service has several mailboxes in use with one address, and Odoo follows one of them: "
                "%s. Ask Openapi's support which one counts.", ', '.join(sorted(set(doubled)))))
        return sentences

    def _notify_imported(self, count, held_back, doubled, shared):
        """Say what was found, and show the list: see :meth:`_get_imported_sentences`."""
        return {
            'type': 'ir.actions.client',
            'tag': 'display_notification',
            'params': {
                'type': 'warning' if doubled else 'info',
                'message': ' '.join(self._get_imported_sentences(count, held_back, doubled, shared)),
                'next': self.env.ref('l10n_it_openapi_pec.action_mailbox').id,  # its help as HTML
            },
        }
