from datetime import timedelta
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, ValidationError
from odoo.tools.misc import format_datetime, formatLang
from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.client import HOSTS, PRODUCTION_HOSTS, PecClient
from odoo.addons.l10n_it_openapi_pec.tools.errors import NotSent

from .lock import lock_rows

# Settings with bounds: field -> (least, most).
BOUNDS = {
    'openapi_pec_late_days': (const.EXPECTED_WORKING_DAYS, 250),
    'openapi_pec_parallel_calls': (1, 32),
    'openapi_pec_max_megabytes': (1, 100),
}

_lt = LazyTranslate(__name__, default_lang='en_US')
MASK = '********'  # what stands for a token that is set: nobody reads it back
# Why an account is paused, and what a person can do about it.
PAUSE_CAUSES = {
    'credit': _lt(
        "the Openapi wallet holds too little credit. Top it up in the Openapi console; a manager then presses"
        " \"I Have Topped Up: Go On\"."),
    'token': _lt(
        "the service does not accept the token, or the token lacks a scope. Have an administrator correct it in the settings or in the"
        " Openapi console; a manager then presses \"The Token Was Corrected: Go On\"."),
    'rate': _lt("the service asks for a pause between calls."),
}
# What happens when nobody does anything, to what is not paused by hand as well.
PAUSE_ENDS = {
    'credit': _lt("Without that, Odoo tries again by itself at %s."),
    'token': _lt(
        "Without that, Odoo tries again by itself at %s; what the service then refuses fails, costs nothing, and can be submitted again."),
    'rate': _lt("Odoo goes on by itself at %s."),
}


class ResCompany(models.Model):
    """The account at Openapi: environment, token, and whether it is paused."""
    _inherit = 'res.company'

    openapi_pec_environment = fields.Selection(
        [('sandbox', "Sandbox"), ('production', "Production")], "PEC Environment", required=True, default='sandbox',
        help="In the sandbox nothing is filed and nothing is paid.",
    )
    openapi_pec_token_secret = fields.Char(groups=fields.NO_ACCESS, copy=False)
    openapi_pec_token = fields.Char(
        "PEC Token", groups='base.group_system', copy=False,
        compute='_compute_openapi_pec_token', inverse='_inverse_openapi_pec_token',
        help="The Bearer token of the Openapi account. It can be replaced, but not read.",
    )
    # What an account is: host and owner, as the rows of its lists tell; one for each environment.
    openapi_pec_accounts = fields.Json(groups=fields.NO_ACCESS, copy=False)
    openapi_pec_is_account_new = fields.Boolean(readonly=True, copy=False,
        help="The token was replaced, and no row of the account known before was seen since.")
    openapi_pec_paused_until = fields.Datetime("PEC Account Paused Until", readonly=True, copy=False)
    openapi_pec_pause_reason = fields.Selection(
        [('credit', "No Credit"), ('token', "Token not Accepted"), ('rate', "Too Many Requests")],
        "Why the PEC Account Is Paused", readonly=True, copy=False,
    )
    # The service tells it when it refuses a call for lack of it, and at no other time.
    openapi_pec_credit = fields.Float("PEC Wallet (EUR)", readonly=True, copy=False)
    openapi_pec_credit_at = fields.Datetime("PEC Wallet Known Since", readonly=True, copy=False)

    @api.depends('openapi_pec_token_secret')
    def _compute_openapi_pec_token(self):
        for company in self:
            company.openapi_pec_token = MASK if company.sudo().openapi_pec_token_secret else False

    def _inverse_openapi_pec_token(self):
        for company in self:
            if company.openapi_pec_token != MASK:
                company.sudo().write({
                    'openapi_pec_token_secret': (company.openapi_pec_token or '').strip() or False,
                    'openapi_pec_is_account_new': bool(company.sudo().openapi_pec_accounts),
                })
        self._openapi_pec_resume()

    openapi_pec_late_days = fields.Integer(
        "PEC Filings Late After", default=const.LATE_WORKING_DAYS, required=True,
        help="Working days after which a filing counts as late, and its responsible is told. The service promises 48 working hours.")

    _openapi_pec_late_days_bounds = models.Constraint(
        f'CHECK (openapi_pec_late_days BETWEEN {const.EXPECTED_WORKING_DAYS} AND 250)',
        "A filing can count as late after 2 working days at the earliest, and 250 at the latest.",
    )

    openapi_pec_parallel_calls = fields.Integer(
        "PEC Calls at a Time", default=const.PARALLEL_CALLS, required=True,
        help="How many calls of this company the scheduled job makes at a time.")

    _openapi_pec_parallel_calls_bounds = models.Constraint(
        'CHECK (openapi_pec_parallel_calls BETWEEN 1 AND 32)',
        "The number of calls at a time can be 1 to 32.",
    )

    openapi_pec_max_megabytes = fields.Integer(
        "Largest Signed Document (MB)", default=const.MAX_MEGABYTES, required=True,
        help="A larger file is refused before it is read. A signed power of attorney has less than one.")

    _openapi_pec_max_megabytes_bounds = models.Constraint(
        'CHECK (openapi_pec_max_megabytes BETWEEN 1 AND 100)',
        "The largest signed document can be 1 to 100 MB.",
    )

    openapi_pec_mail_procura = fields.Boolean(
        "Mail Powers of Attorney", help="Mail each power of attorney to its signer by itself as soon as it arrives.")
    openapi_pec_mail_forms = fields.Boolean(
        "Mail Forms to Applicants",
        help="Mail each form of a mailbox to its applicant by itself as soon as it arrives, and again when the provider does not accept the"
             " documents.")

    @api.constrains(*BOUNDS)
    def _check_openapi_pec_bounds(self):
        for company in self:
            for field, (least, most) in BOUNDS.items():
                if not least <= company[field] <= most:
                    raise ValidationError(self.env._(
                        "%(setting)s: %(value)s is not possible. Choose %(least)s to %(most)s.",
                        setting=company._fields[field]._description_string(self.env), value=company[field], least=least, most=most))

    # ------------------------------------------------------------ access to the service

    def _openapi_pec_base_url(self):
        """Return the address of the service; a neutralised database never gets the production one.

        :raise NotSent: it is a production one in a neutralised database, or in the sandbox environment.
        """
        parameters = self.env['ir.config_parameter'].sudo()
        is_copy = parameters.get_param('database.is_neutralized')
        url = parameters.get_param('l10n_it_openapi_pec.base_url') or HOSTS[self.openapi_pec_environment]
        is_production = self.openapi_pec_environment == 'production' or urlsplit(url).hostname in PRODUCTION_HOSTS
        if is_copy and is_production:
            raise NotSent("This database is a neutralised copy: it cannot reach the production service")
        if is_production and self.openapi_pec_environment == 'sandbox':
            raise NotSent("The address of the service is a production one, and the company's environment is the sandbox")
        return url

    def _openapi_pec_client(self):
        """Return the client of this company's account.

        :raise NotSent: there is no usable token or address.
        """
        self.ensure_one()
        return PecClient(self.sudo().openapi_pec_token_secret, self._openapi_pec_base_url())

    def _openapi_pec_check_configured(self):
        """Raise for people, with the way to the settings, when an account cannot be used."""
        for company in self:
            try:
                company._openapi_pec_client()
            except NotSent as error:
                raise RedirectWarning(
                    self.env._(
                        "The Openapi account of %(company)s is not ready: %(reason)s. Nothing was sent or spent.",
                        company=company.display_name, reason=error.message,
                    ),
                    self.env.ref('l10n_it_openapi_pec.action_settings').id, self.env._("Open the settings"),
                ) from error

    @api.model
    def _openapi_pec_by_account(self, records):
        """Group records by the account that pays for them: companies may share one.

        :param records: records with ``company_id`` and ``environment``; those of another environment than their
            company's are left out, its service does not know them.
        :return: ``[(company, records), …]``, one pair for each account.
        :rtype: list[tuple]
        """
        accounts = {}
        known = records.filtered(lambda record: record.environment == record.company_id.openapi_pec_environment)
        for company, own in known.grouped('company_id').items():
            key = company._openapi_pec_account()
            first, others = accounts.get(key, (company, records.browse()))
            accounts[key] = (first, others + own)
        return list(accounts.values())

    def _openapi_pec_account(self):
        """Return what tells one account from another: ``(environment, token)``."""
        return self.openapi_pec_environment, self.sudo().openapi_pec_token_secret

    # ------------------------------------------------------------ which account it is

    def _openapi_pec_get_account_name(self):
        """Return host and owner of this company's account, as far as they are known; '' while nothing is."""
        return (self.sudo().openapi_pec_accounts or {}).get(self.openapi_pec_environment, '')

    def _openapi_pec_note_account(self, client, listing):
        """Learn from an account's list which account it is, and whether a new token leads to the one that is known."""
        if self._openapi_pec_is_account_doubtful(client, listing) or not listing.owners:
            return
        company, name = self.sudo(), self._openapi_pec_write_account_name(client, listing)
        if self._openapi_pec_get_account_name() != name:
            company.openapi_pec_accounts = {**(company.openapi_pec_accounts or {}), self.openapi_pec_environment: name}
        if company.openapi_pec_is_account_new:
            company.openapi_pec_is_account_new = False

    def _openapi_pec_is_account_doubtful(self, client, listing):
        """Return whether a list may be another account's than the one that is known."""
        known = self._openapi_pec_get_account_name()
        if not known:
            return False
        if listing.owners:
            return self._openapi_pec_write_account_name(client, listing) != known
        return self.sudo().openapi_pec_is_account_new or known.split(' ')[0] != client.host

    @staticmethod
    def _openapi_pec_write_account_name(client, listing):
        return ' '.join([client.host, *sorted(listing.owners)])

    def action_openapi_pec_accept_account(self):
        """Say that the token leads to another account than before: from now on its lists are believed."""
        self.check_access('write')
        for company in self.sudo():
            accounts = {**(company.openapi_pec_accounts or {})}
            accounts.pop(company.openapi_pec_environment, None)
            company.write({'openapi_pec_accounts': accounts, 'openapi_pec_is_account_new': False})

    def _openapi_pec_one_per_account(self):
        """Return one company, the first, of those that share an account."""
        return self.browse().union(*{company._openapi_pec_account(): company for company in reversed(self)}.values())

    def _openapi_pec_with_same_account(self):
        """Return all companies with the account of this one."""
        return self.sudo().search([('openapi_pec_environment', '=', self.openapi_pec_environment)]).filtered(
            lambda company: company._openapi_pec_account() == self._openapi_pec_account())

    def _openapi_pec_tell_shared(self):
        """Return a sentence about the accounts of these companies that several companies use, none when there are none.

        :rtype: str or None
        """
        shared = [users for company in self._openapi_pec_one_per_account() if len(users := company._openapi_pec_with_same_account()) > 1]
        return self.env._(
            "The account is used by several companies (%s): what does not tell whose it is, waits to be assigned.",
            '; '.join(', '.join(users.mapped('name')) for users in shared)) if shared else None

    # ------------------------------------------------------------ pause

    def _openapi_pec_pause(self, reason, record, seconds=const.NO_CREDIT_PAUSE_MINUTES * 60):
        """Let no call of this account be made for some time, and tell its people once.

        :param str reason: of ``openapi_pec_pause_reason``.
        :param record: the record whose call found it out; its responsible gets the activity.
        :param float seconds: how long.
        """
        company = self.sudo()
        until = fields.Datetime.now() + timedelta(seconds=seconds)
        lock_rows(company)  # several calls may find it out at the same moment
        is_news = company.openapi_pec_pause_reason != reason
        company.write({'openapi_pec_pause_reason': reason, 'openapi_pec_paused_until': until})
        record._wake('dispatch', until)
        if is_news and reason != 'rate':
            record._account_paused({
                'credit': self.env._("Top up the Openapi wallet: PEC calls are waiting"),
                'token': self.env._("Check the Openapi token: PEC calls are waiting"),
            }[reason])

    def _openapi_pec_resume(self):
        """End the pause of these accounts; what is queued goes on."""
        paused = self.sudo().filtered('openapi_pec_pause_reason')
        if paused:
            lock_rows(paused)
            paused.write({
                'openapi_pec_pause_reason': False, 'openapi_pec_paused_until': False,
                'openapi_pec_credit': 0, 'openapi_pec_credit_at': False,
            })
            activity_type = 'l10n_it_openapi_pec.mail_activity_type_account'
            for model in ('openapi_pec.batch', 'openapi_pec.communication', 'openapi_pec.mailbox'):
                self.env[model].sudo().search([
                    ('company_id', 'in', paused.ids), ('activity_ids.activity_type_id', '=', self.env.ref(activity_type).id),
                ]).activity_unlink([activity_type])
            self.env['openapi_pec.communication']._wake('dispatch')

    def _openapi_pec_go_on(self):
        """End the pause of these accounts, whichever companies share them; a pause that the service asked for is not cut short."""
        for company in self:
            company._openapi_pec_with_same_account().filtered(
                lambda company: company.openapi_pec_pause_reason != 'rate')._openapi_pec_resume()

    def _openapi_pec_get_pause(self, by_hand=False):
        """Return why calls of this account are not made now, and a sentence for people; both False when nothing stands against them.

        :param str by_hand: the sentence that tells that a person has paused them, if one has.
        :return: ``(reason, sentence)``; the reason is one of ``openapi_pec_pause_reason``, or 'resumption'.
        """
        company = self.sudo()
        until = company.openapi_pec_paused_until
        reason = until and until > fields.Datetime.now() and company.openapi_pec_pause_reason
        if not reason:
            return ('resumption', by_hand) if by_hand else (False, False)
        sentences = [
            self.env._("Not sent, nothing was spent: %s", str(PAUSE_CAUSES[reason])),
            by_hand or str(PAUSE_ENDS[reason]) % self._openapi_pec_show_moment(until),
        ]
        if reason == 'credit' and company.openapi_pec_credit_at:
            sentences.append(self.env._(
                "When the last call was refused, on %(date)s, it held EUR %(amount)s.",
                date=self._openapi_pec_show_moment(company.openapi_pec_credit_at),
                amount=formatLang(self.env, company.openapi_pec_credit)))
        return reason, ' '.join(sentences)

    def _openapi_pec_show_moment(self, moment):
        return format_datetime(self.env, moment, dt_format='short')
