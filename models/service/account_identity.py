import logging
from functools import partial

from odoo import api, fields, models

from odoo.addons.l10n_it_openapi_pec import const

from .account import MODELS
from .lock import lock_rows, run_unless_met
from .rights import check_right

_logger = logging.getLogger(__name__)

# What the fact `status` says of an account.
NEW = 'new'  # the token was replaced, and no row of the account known before was seen since
OTHER = 'other'  # the last list showed none of the account known before, and perhaps another one's


class ResCompany(models.Model):
    """Which account a token leads to, and whether it is still the one that was used before."""
    _inherit = 'res.company'

    # ------------------------------------------------------------ COMPUTE: what is known

    @api.model
    def _openapi_pec_get_known(self):
        """Return the companies of whose accounts something is known, as superuser, with one query."""
        return self.sudo().search_fetch([('openapi_pec_accounts', '!=', False)], ['openapi_pec_accounts'])

    def _openapi_pec_get_facts(self, environment):
        """Return what is known of this company's account in an environment (dict)."""
        facts = self._openapi_pec_get_all_facts().get(environment)
        return facts if isinstance(facts, dict) else {}

    def _openapi_pec_get_all_facts(self):
        """Return what is known of this company's accounts: ``{environment: facts}``."""
        accounts = self.sudo().openapi_pec_accounts
        return accounts if isinstance(accounts, dict) else {}

    def _openapi_pec_write_facts(self, environment, **facts):
        """Keep facts about these companies' accounts in an environment; what has not changed is not written."""
        for company in self.sudo():
            known = company._openapi_pec_get_facts(environment)
            if {**known, **facts} != known:
                company.openapi_pec_accounts = {**company._openapi_pec_get_all_facts(), environment: {**known, **facts}}

    def _openapi_pec_note_facts(self, environment, **facts):
        """Keep facts that a scheduled job has learned: see :meth:`_openapi_pec_unless_changed`."""
        self._openapi_pec_unless_changed(lambda: self._openapi_pec_write_facts(environment, **facts))

    def _openapi_pec_unless_changed(self, function, records=()):
        """Write what a scheduled job has learned, unless another transaction is changing the company, or the records.

        Then the job learns it again.

        :param function: without arguments.
        :param records: what else it writes.
        """
        def write():
            for written in filter(None, (self, records)):
                lock_rows(written)
            function()

        if not run_unless_met(self.env.cr, write):
            _logger.info("%s is being changed by somebody else: what its account is is noted later.", self)

    def _openapi_pec_get_account_name(self, environment):
        """Return host and owner of this company's account; if they are not certain, the token's fingerprint."""
        facts = self._openapi_pec_get_facts(environment)
        names = [] if facts.get('status') else facts.get('names')
        return names[-1] if names else self._openapi_pec_get_fingerprint(environment)

    def _openapi_pec_get_fingerprint(self, environment):
        """Return a fingerprint of the token of an environment, which differs for each token."""
        token = self._openapi_pec_get_token(environment) or ''
        return const.service.UNKNOWN_ACCOUNT + self.env['openapi_pec.secret']._get_fingerprint(token)

    def _openapi_pec_has_called(self, line):
        """Return whether a call was made, as far as is known, from the account that its company has now."""
        return not line.account or self._openapi_pec_is_account(line.environment, line.account)

    def _openapi_pec_is_account(self, environment, account):
        """Return whether an account of the journal is, as far as is known, the one of this company now."""
        if self._openapi_pec_get_fingerprint(environment) in account.split():
            return True
        names, known = self._openapi_pec_get_names(account), self._openapi_pec_get_facts(environment).get('names') or []
        # a list may tell several owners, an answer one of them
        return bool(names) and any(names <= {*name.split()} for name in known)

    @staticmethod
    def _openapi_pec_get_names(account):
        """Return what is known of an account of the journal: host, owner, both or nothing (set of str)."""
        return {name for name in (account or '').split() if not name.startswith(const.service.UNKNOWN_ACCOUNT)}

    def _openapi_pec_get_account_words(self, account):
        """Return the name of an account of the journal, as people read it."""
        names = self._openapi_pec_get_names(account)
        return ' '.join(name for name in account.split() if name in names) if names else self.env._(
            "one whose name is not known")

    def _openapi_pec_has_left(self, line):
        """Return whether a manager has said, after a call, that its company uses another account now."""
        return line.account in (self._openapi_pec_get_facts(line.environment).get('left') or [])

    def _openapi_pec_is_unsure(self, environment):
        """Return whether it is still unknown if the token leads to the account that was used before."""
        return bool(self._openapi_pec_get_facts(environment).get('status'))

    def _openapi_pec_get_lines_elsewhere(self, *environments):
        """Return the journal's lines of what was made in another account than the company's present one.

        One query, however many companies there are.
        """
        lines = self.env['openapi_pec.api_call'].sudo().search(self._openapi_pec_get_elsewhere_domain(*environments))
        return lines.filtered(lambda line: not line.company_id._openapi_pec_has_called(line))

    def _openapi_pec_get_elsewhere_domain(self, *environments):
        """Return the domain of the journal's lines of what may have been made in another account than the present one.

        What the present one has certainly made is none of it; the others are asked one by one.
        """
        elsewhere = fields.Domain.OR(
            fields.Domain([('company_id', '=', company.id), ('environment', '=', environment)])
            & company._openapi_pec_get_others_domain(environment)
            for company in self for environment in environments)
        return elsewhere & fields.Domain([
            ('operation', 'in', list(const.service.CREATIONS)), ('remote_id', '!=', False)])

    def _openapi_pec_get_others_domain(self, environment):
        """Return the domain of the journal's lines whose account is not named as this company's present one."""
        names = self._openapi_pec_get_facts(environment).get('names') or []
        # a list may tell several owners, an answer one of them
        parts = [f'{host} {owner}' for host, *owners in map(str.split, names) for owner in owners]
        return fields.Domain('account', 'not in', [False, '', *names, *parts]) & fields.Domain(
            'account', 'not =like', f'{self._openapi_pec_get_fingerprint(environment)}%')

    # ------------------------------------------------------------ SYNCHRONISATION: what its lists show

    def _openapi_pec_note_account(self, client, listing, environment):
        """Learn from an account's list which account it is, and whether it is the one that is known.

        :return: the companies whose account it perhaps is not.
        """
        others = self.browse()
        for company in self:
            is_other = company._openapi_pec_is_account_doubtful(client, listing, environment)
            facts, name = company._openapi_pec_get_facts(environment), self._openapi_pec_write_account_name(
                client, listing)
            names = facts.get('names') or []
            if listing.owners and not is_other and name not in names:
                names = [*names, name]
            news = {'names': names, 'status': OTHER if is_other else None}
            if {**facts, **news} != facts and (names or news['status'] or facts.get('status')):
                company._openapi_pec_note_facts(environment, **news)
            if is_other:
                others += company
                continue
            if listing.owners:
                company._openapi_pec_name_lines(environment, name, listing)
            if facts.get('left') is not None:
                company._openapi_pec_take_back(environment, listing)
        return others

    def _openapi_pec_is_account_doubtful(self, client, listing, environment):
        """Return whether a list may come from another account than the one that is known."""
        facts = self._openapi_pec_get_facts(environment)
        names = facts.get('names') or []
        if listing.owners:
            is_known = (not names and not facts.get('status')) or self._openapi_pec_write_account_name(
                client, listing) in names
        else:  # empty, mostly: another account may be as empty
            is_known = not facts.get('status') and (not names or client.host in [name.split(' ')[0] for name in names])
        return not is_known and not self._openapi_pec_is_recognised(listing, environment, names)

    def _openapi_pec_is_recognised(self, listing, environment, names):
        """Return whether a list shows a record that this company knows, with the owner that it knows."""
        owners = {owner for name in names for owner in name.split(' ')[1:]}
        if names and listing.owners - owners:
            return False
        domain = [
            ('company_id', '=', self.id), ('environment', '=', environment),
            ('remote_id', 'in', [row['id'] for row in listing])]
        return bool(listing) and any(self.env[model].sudo().search_count(domain, limit=1) for model in MODELS)

    @staticmethod
    def _openapi_pec_write_account_name(client, listing):
        return ' '.join([client.host, *sorted(listing.owners)])

    def _openapi_pec_name_lines(self, environment, name, listing):
        """Write the name of this company's account, which is certain now, to the calls that were made in it.

        That is what was called with its token, and with another one that made something which its list shows.
        """
        unnamed = self.env['openapi_pec.api_call'].sudo().search([
            ('company_id', '=', self.id), ('environment', '=', environment),
            '|', ('account', 'in', [False, '']), ('account', '=like', const.service.UNKNOWN_ACCOUNT + '%')])
        shown = {row['id'] for row in listing} if unnamed else ()
        proven = unnamed.filtered(lambda line: line.account and line.remote_id in shown)
        own = {self._openapi_pec_get_fingerprint(environment), *(line.account.split()[0] for line in proven)} - {
            const.service.UNKNOWN_ACCOUNT}
        lines = proven + (unnamed - proven).filtered(lambda line: not line.account or line.account.split()[0] in own)
        if lines:
            self._openapi_pec_unless_changed(partial(lines.write, {'account': name}), lines)

    def _openapi_pec_take_back(self, environment, listing):
        """Mark records that a list shows as being in this account again, which was left."""
        for records in map(self.env.__getitem__, MODELS):
            shown = records.sudo().with_context(active_test=False).search([
                ('company_id', '=', self.id), ('environment', '=', environment), ('left_account', '!=', False),
                ('remote_id', 'in', [row['id'] for row in listing])])
            if shown:
                self._openapi_pec_unless_changed(partial(shown.write, {'left_account': False}), shown)

    def _openapi_pec_get_account_sentence(self, environment):
        """Return the sentence that says that the account may be another one; False when it is not so."""
        return self._openapi_pec_get_facts(environment).get('status') == OTHER and self.env._(
            "The token or the address of the service has changed, and the service's list shows nothing of the account "
            "that was used before. Until it does, nothing counts as not found or as gone. If it was meant to be "
            "another account, a manager says so.")

    # ------------------------------------------------------------ ACTIONS: another account

    def _openapi_pec_part_from_account(self, environment):
        """Note that the token is about to be replaced; the lists will show whether the account is the same."""
        names = self._openapi_pec_get_facts(environment).get('names')
        called = self.env['openapi_pec.api_call'].sudo().search(
            [('company_id', '=', self.id), ('environment', '=', environment)])
        if not self._openapi_pec_is_token_unreadable(environment):
            # Of these nobody will ever know more than which token it was.
            called.filtered(lambda line: not line.account and line.operation in const.service.CREATIONS).account = (
                self._openapi_pec_get_fingerprint(environment))
        if names or called:
            self._openapi_pec_write_facts(environment, status=NEW)

    def _openapi_pec_accept_account(self, environment):
        """Record that a manager says that the token leads to another account: its lists count from now on."""
        check_right(self.env, 'decide')
        for company in self:
            for own in company._openapi_pec_with_same_account(environment):
                if own._openapi_pec_is_unsure(environment):
                    own._openapi_pec_leave_account(environment)
            _logger.info("User %s says that %s uses another account (%s).", self.env.uid, company, environment)
        for job in ('synchronize', 'mailboxes'):
            self.env['openapi_pec.job.mixin']._trigger_cron(job)

    def _openapi_pec_leave_account(self, environment):
        """Leave the accounts that were used before: their lost calls may be decided on from here."""
        called = self.env['openapi_pec.api_call'].sudo().search([
            ('company_id', '=', self.id), ('environment', '=', environment),
            ('state', 'in', ('pending', 'never_arrived'))])
        facts = self._openapi_pec_get_facts(environment)
        left = {*(facts.get('left') or []), *(facts.get('names') or []), *called.mapped('account')}
        left -= {False, '', self._openapi_pec_get_fingerprint(environment)}
        self._openapi_pec_leave_unlisted(environment, (facts.get('names') or [const.service.UNKNOWN_ACCOUNT])[-1])
        self._openapi_pec_write_facts(environment, names=[], status=None, defects={}, left=sorted(left))
        for line in called.filtered(lambda line: line._is_left_behind()):
            self.env[line.res_model].sudo().browse(line.res_id)._for_reader()._on_call_not_found(line)  # which says so

    def _openapi_pec_leave_unlisted(self, environment, account):
        """Keep the account of those records that no line of the journal names, such as imported ones."""
        for records in map(self.env.__getitem__, MODELS):
            own = records.sudo().with_context(active_test=False).search([
                ('company_id', '=', self.id), ('environment', '=', environment), ('remote_id', '!=', False),
                ('left_account', '=', False)])
            made = set(self.env['openapi_pec.api_call'].sudo().search([
                ('environment', '=', environment), ('operation', 'in', list(const.service.CREATIONS)),
                ('remote_id', 'in', own.mapped('remote_id')),
            ]).mapped('remote_id'))
            own.filtered_domain([('remote_id', 'not in', list(made))]).left_account = account
