"""What a company's account at Openapi is: a token, host and owner, and what is wrong with its lists; one for each
environment.
"""
import logging
from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning
from odoo.http import request
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.api.client import HOSTS, PRODUCTION_HOSTS, PecClient
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import NotSent
from odoo.addons.l10n_it_openapi_pec.tools.clock import now

from .job_mixin import is_job
from .lock import lock_rows
from .rights import check_right

_logger = logging.getLogger(__name__)

# for all that a person's request reads at the service; what is not read by then is left to the scheduled jobs
REQUEST_SECONDS = 15

MASK = '********'  # what stands for a token that is set: nobody reads it back
MODELS = ('openapi_pec.communication', 'openapi_pec.mailbox')  # whose records an account lists
# What `openapi_pec_accounts` holds of an account: `names` (host and owner, as its lists told; several when its address
# has changed), `left` (accounts of calls of which a manager has said that it is another one now), `status` (below),
# `defects` ({model: {name of const.service.DOUBTS: {since, is_told, is_accepted}}}), `home` (the database in which its
# token was set), `imports` ({model: user who waits for what its list holds}).
NEW = 'new'  # the token was replaced, and no row of the account known before was seen since
OTHER = 'other'  # the last list showed none of the account known before, and perhaps another one's


class ResCompany(models.Model):
    """The accounts of a company: both environments go on being read, whichever one it uses for what is new."""
    _inherit = 'res.company'

    openapi_pec_environment = fields.Selection(
        [('sandbox', "Sandbox"), ('production', "Production")], "PEC Environment", required=True, default='sandbox',
        groups='l10n_it_openapi_pec.group_user,base.group_system',
        help="In the sandbox nothing is filed and nothing is paid.",
    )
    # {environment: token, encrypted}, for what reads and writes the tokens below alone; kept in `openapi_pec.secret`.
    openapi_pec_sealed_tokens = fields.Json(compute='_compute_openapi_pec_sealed_tokens', groups=fields.NO_ACCESS)
    openapi_pec_token = fields.Char(
        "PEC Token", groups='base.group_system', copy=False,
        compute='_compute_openapi_pec_token', inverse='_inverse_openapi_pec_token',
        help="The Bearer token of the Openapi account, of the environment that is chosen. It can be replaced, but not "
             "read.",
    )
    openapi_pec_accounts = fields.Json(groups=fields.NO_ACCESS, copy=False)

    # ------------------------------------------------------------ the tokens

    def _openapi_pec_get_token_key(self, environment):
        """Return under which key the token of this company in an environment is kept."""
        return f'res.company,{self._origin.id},token,{environment}'

    def _compute_openapi_pec_sealed_tokens(self):
        keys = {
            (company, environment): company._openapi_pec_get_token_key(environment) for company in self
            for environment in HOSTS}
        sealed = self.env['openapi_pec.secret']._get_sealed(keys.values())
        for company in self:
            company.openapi_pec_sealed_tokens = {
                environment: sealed[key] for environment in HOSTS if (key := keys[company, environment]) in sealed}

    def _openapi_pec_get_token(self, environment):
        """Return the token of this company's account in an environment; None when there is none, or none that can be
        read.
        """
        return self.env['openapi_pec.secret']._unseal((self.sudo().openapi_pec_sealed_tokens or {}).get(environment))

    def _openapi_pec_is_token_unreadable(self, environment):
        """Return whether there is a token that cannot be read: `database.secret` is not what it was."""
        return environment in (self.sudo().openapi_pec_sealed_tokens or {}) and not self._openapi_pec_get_token(
            environment)

    def _openapi_pec_get_unreadable_sentence(self, environment):
        """Return what is to be told of a token that cannot be read; False otherwise."""
        return self._openapi_pec_is_token_unreadable(environment) and self.env._(
            "The token that was kept cannot be read any more, since the system parameter database.secret has changed. "
            "Have a system administrator paste the token again in the settings, or put the earlier database.secret "
            "back.")

    def _openapi_pec_set_token(self, environment, token):
        """Replace the token of these companies' accounts in an environment; the other one's stays."""
        token = (token or '').strip() or None
        for company in self.sudo():
            if company._openapi_pec_get_token(environment) != token or company._openapi_pec_is_token_unreadable(
                    environment):
                company._openapi_pec_part_from_account(environment)
                self.env['openapi_pec.secret']._set(company._openapi_pec_get_token_key(environment), token)
                company.modified(['openapi_pec_sealed_tokens'])
                company.invalidate_recordset(['openapi_pec_sealed_tokens'])
        self._openapi_pec_write_facts(environment, home=token and self._openapi_pec_get_home())

    @api.depends('openapi_pec_sealed_tokens', 'openapi_pec_environment')
    def _compute_openapi_pec_token(self):
        for company in self:
            company.openapi_pec_token = company._openapi_pec_get_mask(company.openapi_pec_environment)

    def _openapi_pec_get_mask(self, environment):
        """Return what is shown of the token of an environment."""
        return MASK if self._openapi_pec_get_token(environment) else False

    def _inverse_openapi_pec_token(self):
        for company in self:
            if company.openapi_pec_token != MASK:
                company._openapi_pec_set_token(company.openapi_pec_environment, company.openapi_pec_token)
        self._openapi_pec_resume()

    def write(self, vals):
        result = super().write(vals)
        if 'openapi_pec_environment' in vals:
            self._openapi_pec_take_up_waiting()
        return result

    def unlink(self):
        self.env['openapi_pec.secret']._forget_of(self)
        return super().unlink()

    def _openapi_pec_take_up_waiting(self):
        """Have made at once what was queued for the environment that these companies have just chosen again."""
        for records in map(self.env.__getitem__, MODELS):
            waiting = records.sudo().search([
                (records._call_state_field, '=', 'queued'), ('company_id', 'in', self.ids), ('retry_at', '!=', False)])
            if own := waiting.filtered(lambda record: record._is_of_present_environment()):
                own.retry_at = False
                own._trigger_cron('dispatch')

    # ------------------------------------------------------------ access to the service

    def _openapi_pec_base_url(self, environment=None):
        """Return the address of the service; a neutralised database never gets the production one.

        :param str environment: the company's present one, if none is told.
        :raise NotSent: it is a production one in a neutralised database, or in the sandbox environment.
        """
        environment = environment or self.openapi_pec_environment
        parameters = self.env['ir.config_parameter'].sudo()
        is_copy = parameters.get_param('database.is_neutralized')
        url = parameters.get_param('l10n_it_openapi_pec.base_url') or HOSTS[environment]
        is_production = environment == 'production' or urlsplit(url).hostname in PRODUCTION_HOSTS
        if is_copy and is_production:
            raise NotSent(
                "This database is a neutralised copy: it cannot reach the production service", reason='neutralised')
        if is_production and environment == 'sandbox':
            raise NotSent(
                "The address of the service is a production one, and the company's environment is the sandbox",
                reason='production_address')
        return url

    def _openapi_pec_client(self, environment=None):
        """Return the client of this company's account.

        :param str environment: the company's present one, if none is told.
        :raise NotSent: there is no usable token or address.
        """
        self.ensure_one()
        environment = environment or self.openapi_pec_environment
        if problem := self._openapi_pec_get_unreadable_sentence(environment):
            raise NotSent(problem.rstrip('.'))
        return PecClient(
            self._openapi_pec_get_token(environment), self._openapi_pec_base_url(environment),
            self._openapi_pec_get_deadline())

    @api.model
    def _openapi_pec_get_deadline(self):
        """Return until when this request may read from the service, whichever accounts and transactions it takes.

        :return: on the clock of ``tools.clock``; None when nobody waits.
        """
        if not request or is_job(self.env):
            return None
        if not hasattr(request, 'openapi_pec_deadline'):
            request.openapi_pec_deadline = now() + REQUEST_SECONDS
        return request.openapi_pec_deadline

    def _openapi_pec_check_configured(self, environment=None):
        """Raise for people, with the way to the settings, when an account cannot be used.

        :param str environment: the companies' present one, if none is told.
        """
        for company in self:
            try:
                company._openapi_pec_client(environment)
            except NotSent as error:
                raise RedirectWarning(
                    self.env._(
                        "The Openapi account of %(company)s is not ready: %(reason)s. Nothing was sent or spent.",
                        company=company.display_name,
                        reason=self.env['openapi_pec.communication']._get_error_words(error),
                    ),
                    self.env.ref('l10n_it_openapi_pec.action_settings').id, self.env._("Open the settings"),
                ) from error

    @api.model
    def _openapi_pec_by_account(self, records):
        """Group records by the account that they are in: companies may share one.

        :param records: records with ``company_id`` and ``environment``; those without an environment are left out.
        :return: ``[(company, records), …]``, one pair for each account; its records have one environment.
        :rtype: list[tuple]
        """
        accounts = {}
        known = records.filtered('environment')
        for (company, environment), own in known.grouped(
                lambda record: (record.company_id, record.environment)).items():
            key = company._openapi_pec_account(environment)
            first, others = accounts.get(key, (company, records.browse()))
            accounts[key] = (first, others + own)
        return list(accounts.values())

    def _openapi_pec_account(self, environment=None):
        """Return what tells one account from another: ``(environment, token)``."""
        environment = environment or self.openapi_pec_environment
        return environment, self._openapi_pec_get_token(environment)

    def _openapi_pec_one_per_account(self):
        """Return one company, the first, of those that share an account."""
        return self.browse().union(*{company._openapi_pec_account(): company for company in reversed(self)}.values())

    def _openapi_pec_with_same_account(self, environment=None):
        """Return all companies with the account of this one; without a token it has none to share."""
        account = self._openapi_pec_account(environment)
        if not account[1]:
            return self.sudo()
        companies = self.sudo().search([])  # they are few; pylint: disable=no-search-all
        return companies.filtered(lambda company: company._openapi_pec_account(account[0]) == account)

    def _openapi_pec_notify_shared(self):
        """Return a sentence about the accounts of these companies that several companies use, none when there are none.

        :rtype: str or None
        """
        shared = [
            users for company in self._openapi_pec_one_per_account()
            if len(users := company._openapi_pec_with_same_account()) > 1]
        return self.env._(
            "The account is used by several companies (%s): what does not tell whose it is, waits to be assigned.",
            '; '.join(', '.join(users.mapped('name')) for users in shared)) if shared else None

    # ------------------------------------------------------------ which account it is

    def _openapi_pec_get_facts(self, environment):
        """Return what is known of this company's account in an environment (dict)."""
        facts = self._openapi_pec_get_all_facts().get(environment)
        return facts if isinstance(facts, dict) else {}

    def _openapi_pec_get_all_facts(self):
        """Return what is known of this company's accounts: ``{environment: facts}``."""
        accounts = self.sudo().openapi_pec_accounts
        return accounts if isinstance(accounts, dict) else {}

    def _openapi_pec_write_facts(self, environment, **facts):
        """Keep facts about these companies' accounts in an environment; what is kept already is not written."""
        for company in self.sudo():
            known = company._openapi_pec_get_facts(environment)
            if {**known, **facts} != known:
                company.openapi_pec_accounts = {**company._openapi_pec_get_all_facts(), environment: {**known, **facts}}

    def _openapi_pec_note_facts(self, environment, **facts):
        """Keep facts that a scheduled job has learned: see :meth:`_openapi_pec_unless_changed`."""
        self._openapi_pec_unless_changed(lambda: self._openapi_pec_write_facts(environment, **facts))

    def _openapi_pec_get_account_name(self, environment):
        """Return host and owner of this company's account, as far as they are known for sure; else what tells its token
        from others.
        """
        facts = self._openapi_pec_get_facts(environment)
        names = [] if facts.get('status') else facts.get('names')
        return names[-1] if names else self._openapi_pec_get_fingerprint(environment)

    def _openapi_pec_get_fingerprint(self, environment):
        """Return what tells the token of an environment from others, and not the token."""
        token = self._openapi_pec_get_token(environment) or ''
        return const.service.UNKNOWN_ACCOUNT + self.env['openapi_pec.secret']._get_fingerprint(token)

    def _openapi_pec_has_called(self, line):
        """Return whether a call was made from the account that its company has now, as far as anybody knows."""
        return not line.account or self._openapi_pec_is_account(line.environment, line.account)

    def _openapi_pec_is_account(self, environment, account):
        """Return whether an account, as the journal names it, is the one that this company has now, as far as anybody
        knows.
        """
        if self._openapi_pec_get_fingerprint(environment) in account.split():
            return True
        names, known = self._openapi_pec_get_names(account), self._openapi_pec_get_facts(environment).get('names') or []
        # a list may tell several owners, an answer one of them
        return bool(names) and any(names <= {*name.split()} for name in known)

    @staticmethod
    def _openapi_pec_get_names(account):
        """Return what is known of an account that the journal names: host, owner, both or nothing (set of str)."""
        return {name for name in (account or '').split() if not name.startswith(const.service.UNKNOWN_ACCOUNT)}

    def _openapi_pec_get_account_words(self, account):
        """Return how an account that the journal names is called for people."""
        names = self._openapi_pec_get_names(account)
        return ' '.join(name for name in account.split() if name in names) if names else self.env._(
            "one whose name is not known")

    def _openapi_pec_has_left(self, line):
        """Return whether a manager has said, after a call, that its company's account is another one now."""
        return line.account in (self._openapi_pec_get_facts(line.environment).get('left') or [])

    def _openapi_pec_is_unsure(self, environment):
        """Return whether it is not known (yet) that the token leads to the account that was used before."""
        return bool(self._openapi_pec_get_facts(environment).get('status'))

    def _openapi_pec_get_lines_elsewhere(self, *environments):
        """Return the journal's lines of what these companies made in another account than they have now, with one
        query.
        """
        elsewhere = fields.Domain.OR(fields.Domain([
            ('company_id', '=', company.id), ('environment', '=', environment),
            ('account', 'not in', [False, '', *(company._openapi_pec_get_facts(environment).get('names') or [])]),
        ]) for company in self for environment in environments)
        lines = self.env['openapi_pec.api_call'].sudo().search(
            elsewhere & fields.Domain([('operation', 'in', list(const.service.CREATIONS)), ('remote_id', '!=', False)]))
        return lines.filtered(lambda line: not line.company_id._openapi_pec_has_called(line))

    def _openapi_pec_name_lines(self, environment, name, listing):
        """Note the name of this company's account, which is known for sure now, on the lines of what was called there.

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
            self._openapi_pec_unless_changed(lambda: lines.write({'account': name}))

    def _openapi_pec_unless_changed(self, function):
        """Write what a scheduled job has learned, unless somebody is changing the company just now: it learns it again.
        """
        try:
            with self.env.cr.savepoint():
                lock_rows(self)
                function()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            _logger.info("%s is being changed by somebody else: what its account is is noted later.", self)

    def _openapi_pec_part_from_account(self, environment):
        """Take over that the token is about to be replaced: whether it leads to the same account, its lists tell."""
        names = self._openapi_pec_get_facts(environment).get('names')
        called = self.env['openapi_pec.api_call'].sudo().search(
            [('company_id', '=', self.id), ('environment', '=', environment)])
        if not self._openapi_pec_is_token_unreadable(environment):
            # Of these nobody will ever know more than which token it was.
            called.filtered(lambda line: not line.account and line.operation in const.service.CREATIONS).account = (
                self._openapi_pec_get_fingerprint(environment))
        if names or called:
            self._openapi_pec_write_facts(environment, status=NEW)

    def _openapi_pec_note_account(self, client, listing, environment):
        """Learn from an account's list which account it is, and whether a new token leads to the one that is known.

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
        """Return whether a list may be another account's than the one that is known."""
        facts = self._openapi_pec_get_facts(environment)
        names = facts.get('names') or []
        if listing.owners:
            is_known = (not names and not facts.get('status')) or self._openapi_pec_write_account_name(
                client, listing) in names
        else:  # empty, mostly: another account may be as empty
            is_known = not facts.get('status') and (not names or client.host in [name.split(' ')[0] for name in names])
        return not is_known and not self._openapi_pec_is_recognised(listing, environment, names)

    def _openapi_pec_is_recognised(self, listing, environment, names):
        """Return whether a list shows a record that this company knows, of the owner that it knows."""
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

    def _openapi_pec_get_account_sentence(self, environment):
        """Return what is to be told while the account is perhaps another one; False otherwise."""
        return self._openapi_pec_get_facts(environment).get('status') == OTHER and self.env._(
            "The token or the address of the service has changed, and the service's list shows nothing of the account "
            "that was used before. Until it does, nothing counts as not found or as gone. If it was meant to be "
            "another account, a manager says so.")

    def _openapi_pec_accept_account(self, environment):
        """Take over that a manager says that it is another account than before: from now on its lists are believed."""
        check_right(self.env, 'decide')
        for company in self:
            for own in company._openapi_pec_with_same_account(environment):
                if own._openapi_pec_is_unsure(environment):
                    own._openapi_pec_leave_account(environment)
            _logger.info("User %s says that %s uses another account (%s).", self.env.uid, company, environment)
        self.env['openapi_pec.communication'].sudo()._trigger_cron('synchronize')
        self.env['openapi_pec.mailbox'].sudo()._trigger_cron('mailboxes')

    def _openapi_pec_leave_account(self, environment):
        """Take over that the token leads to another account: what was called in the accounts before may be decided upon
        from here.
        """
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
        """Note in which account was, when it was left, what no line of the journal tells of: what was imported."""
        for records in map(self.env.__getitem__, MODELS):
            own = records.sudo().with_context(active_test=False).search([
                ('company_id', '=', self.id), ('environment', '=', environment), ('remote_id', '!=', False),
                ('left_account', '=', False)])
            made = set(self.env['openapi_pec.api_call'].sudo().search([
                ('environment', '=', environment), ('operation', 'in', list(const.service.CREATIONS)),
                ('remote_id', 'in', own.mapped('remote_id')),
            ]).mapped('remote_id'))
            own.filtered_domain([('remote_id', 'not in', list(made))]).left_account = account

    def _openapi_pec_take_back(self, environment, listing):
        """Take over that a list shows what was in an account that was left: it is in this one."""
        for records in map(self.env.__getitem__, MODELS):
            shown = records.sudo().with_context(active_test=False).search([
                ('company_id', '=', self.id), ('environment', '=', environment), ('left_account', '!=', False),
                ('remote_id', 'in', [row['id'] for row in listing])])
            if shown:
                self._openapi_pec_unless_changed(partial(shown.write, {'left_account': False}))

    # ------------------------------------------------------------ what is wrong with its lists

    def _openapi_pec_note_defects(self, environment, model, names):
        """Keep what is wrong with a list of this company's account, and since when; what is not wrong any more is
        forgotten.

        :param str model: whose records the list holds.
        :param names: of ``const.service.LIST_DOUBTS``.
        """
        defects = self._openapi_pec_get_facts(environment).get('defects') or {}
        known, now = defects.get(model) or {}, fields.Datetime.to_string(fields.Datetime.now())
        own = {name: known.get(name) or {'since': now} for name in sorted(names)}
        if own != known:
            self._openapi_pec_note_facts(environment, defects={**defects, model: own})

    def _openapi_pec_change_defects(self, environment, names, **values):
        """Note something about defects of these companies' accounts, whichever list they are of."""
        for company in self:
            defects = company._openapi_pec_get_facts(environment).get('defects') or {}
            company._openapi_pec_write_facts(environment, defects={
                model: {name: {**entry, **values} if name in names else entry for name, entry in own.items()}
                for model, own in defects.items()})

    def _openapi_pec_get_defects(self, environment, model=None):
        """Return what is wrong with the lists of this company's account: ``{name: {since, is_told, is_accepted}}``.

        :param str model: whose list, if not any.
        """
        defects = self._openapi_pec_get_facts(environment).get('defects') or {}
        return {name: entry for key, own in defects.items() if model in (None, key) for name, entry in own.items()}

    def _openapi_pec_get_accepted(self, environment, model):
        """Return what an administrator has accepted of a list of this company's account (set of names of
        ``const.service.DOUBTS``).
        """
        return {
            name for name, entry in self._openapi_pec_get_defects(environment, model).items()
            if entry.get('is_accepted')}

    def _openapi_pec_get_lasting(self, environment):
        """Return what has been wrong for long with the lists of this company's account, and nobody has accepted
        (names).
        """
        oldest = fields.Datetime.now() - timedelta(hours=self.openapi_pec_decide_hours)
        return [name for name, entry in self._openapi_pec_get_defects(environment).items()
                if not entry.get('is_accepted') and fields.Datetime.to_datetime(entry['since']) <= oldest]

    def _openapi_pec_get_defect_sentence(self, environment):
        """Return what is to be told of lasting defects of the account's lists; False when there are none."""
        names, in_words = self._openapi_pec_get_lasting(environment), self.env['openapi_pec.communication']._in_words
        return bool(names) and self.env._(
            "%(defects)s This has lasted for at least %(hours)s hours. While it does, a call whose answer was lost "
            "cannot be called not found. Ask Openapi to mend it. A system administrator can accept it: whether a lost "
            "call is made again is then a manager's decision. First calls are made in any case.",
            defects=' '.join(in_words(const.service.DOUBTS[name]) for name in names),
            hours=self.openapi_pec_decide_hours)

    def _openapi_pec_accept_defects(self, environment):
        """Take over that an administrator accepts what has been wrong for long with the lists of these companies'
        accounts.
        """
        check_right(self.env, 'accept')
        for company in self:
            names = company._openapi_pec_get_lasting(environment)
            _logger.info(
                "User %s accepts of the lists of %s (%s): %s", self.env.uid, company, environment, ', '.join(names))
            company._openapi_pec_change_defects(environment, names, is_accepted=True)
