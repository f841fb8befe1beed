from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools.misc import format_datetime, formatLang
from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec import const

from .lock import lock_rows

LATE_WORKING_DAYS = 6
NO_CREDIT_PAUSE_MINUTES = 60
DECIDE_HOURS = 24  # after which somebody is asked to decide, unless set otherwise
PARALLEL_CALLS = 8  # of one company, made by the scheduled job at a time, unless set otherwise
MAX_MEGABYTES = 20  # of a signed document, unless set otherwise

# Settings with bounds: field -> (least, most).
BOUNDS = {
    'openapi_pec_late_days': (const.filing.EXPECTED_WORKING_DAYS, 250),
    'openapi_pec_parallel_calls': (1, 32),
    'openapi_pec_max_megabytes': (1, 100),
    'openapi_pec_decide_hours': (1, 168),
}

# Who reads of a company what its wallet holds, and whether its account is paused.
WALLET_READERS = 'l10n_it_openapi_pec.group_manager,base.group_system'

_lt = LazyTranslate(__name__, default_lang='en_US')
# Why an account is paused, and what a person can do about it.
PAUSE_CAUSES = {
    'credit': _lt(
        "the Openapi wallet holds too little credit. Top it up in the Openapi console; a manager then presses"
        " \"I Have Topped Up: Go On\"."),
    'token': _lt(
        "the service does not accept the token, or the token lacks a scope. Have an administrator correct it in the "
        "settings or in the Openapi console; a manager then presses \"The Token Was Corrected: Go On\"."),
    'rate': _lt("the service asks for a pause between calls."),
}
# What happens when nobody does anything, to what is not paused by hand as well.
PAUSE_ENDS = {
    'credit': _lt("Without that, Odoo tries again by itself at %s."),
    'token': _lt(
        "Without that, Odoo tries again by itself at %s; what the service then refuses fails, costs nothing, and can "
        "be submitted again."),
    'rate': _lt("Odoo goes on by itself at %s."),
}


class ResCompany(models.Model):
    """What is set for a company, and whether its account is paused; the account itself is :mod:`.openapi_pec_account`.
    """
    _inherit = 'res.company'

    openapi_pec_paused_until = fields.Datetime(
        "PEC Account Paused Until", readonly=True, copy=False, groups=WALLET_READERS)
    openapi_pec_pause_reason = fields.Selection(
        [('credit', "No Credit"), ('token', "Token not Accepted"), ('rate', "Too Many Requests")],
        "Why the PEC Account Is Paused", readonly=True, copy=False, groups=WALLET_READERS,
    )
    # The service tells it when it refuses a call for lack of it, and at no other time.
    openapi_pec_credit = fields.Float("PEC Wallet (EUR)", readonly=True, copy=False, groups=WALLET_READERS)
    openapi_pec_credit_at = fields.Datetime("PEC Wallet Known Since", readonly=True, copy=False, groups=WALLET_READERS)

    openapi_pec_late_days = fields.Integer(
        "PEC Filings Late After", default=LATE_WORKING_DAYS, required=True,
        help="Working days after which a filing counts as late, and its responsible is told. The service promises 48 "
             "working hours.")

    _openapi_pec_late_days_bounds = models.Constraint(
        f'CHECK (openapi_pec_late_days BETWEEN {const.filing.EXPECTED_WORKING_DAYS} AND 250)',
        "A filing can count as late after 2 working days at the earliest, and 250 at the latest.",
    )

    openapi_pec_parallel_calls = fields.Integer(
        "PEC Calls at a Time", default=PARALLEL_CALLS, required=True,
        help="How many calls of this company the scheduled job makes at a time.")

    _openapi_pec_parallel_calls_bounds = models.Constraint(
        'CHECK (openapi_pec_parallel_calls BETWEEN 1 AND 32)',
        "The number of calls at a time can be 1 to 32.",
    )

    openapi_pec_max_megabytes = fields.Integer(
        "Largest Signed Document (MB)", default=MAX_MEGABYTES, required=True,
        help="A larger file is refused before it is read. A signed power of attorney has less than one.")

    _openapi_pec_max_megabytes_bounds = models.Constraint(
        'CHECK (openapi_pec_max_megabytes BETWEEN 1 AND 100)',
        "The largest signed document can be 1 to 100 MB.",
    )

    openapi_pec_decide_hours = fields.Integer(
        "PEC Decision After (Hours)", default=DECIDE_HOURS, required=True,
        help="Hours after which somebody is asked to decide on a call whose answer was lost and that is not found.")

    _openapi_pec_decide_hours_bounds = models.Constraint(
        'CHECK (openapi_pec_decide_hours BETWEEN 1 AND 168)',
        "Somebody can be asked to decide on a lost answer after 1 to 168 hours.",
    )

    openapi_pec_mail_procura = fields.Boolean(
        "Mail Powers of Attorney", help="Mail each power of attorney to its signer by itself as soon as it arrives.")
    openapi_pec_mail_forms = fields.Boolean(
        "Mail Forms to Applicants",
        help="Mail each form of a mailbox to its applicant by itself as soon as it arrives, and again when the "
             "provider does not accept the documents.")

    @api.constrains(*BOUNDS)
    def _check_openapi_pec_bounds(self):
        for company in self.sudo():
            self._check_openapi_pec_values({field: company[field] for field in BOUNDS})

    @api.model
    def _check_openapi_pec_values(self, vals):
        """Raise when values of a company are out of bounds."""
        for field, (least, most) in BOUNDS.items():
            if field in vals and not least <= (vals[field] or 0) <= most:
                raise ValidationError(self.env._(
                    "%(setting)s: %(value)s is not possible. Choose %(least)s to %(most)s.",
                    setting=self._fields[field]._description_string(self.env), value=vals[field], least=least,
                    most=most))

    # ------------------------------------------------------------ who writes it, and who is told

    @api.model_create_multi
    def create(self, vals_list):
        self._check_openapi_pec_writer({
            *(name for vals in vals_list for name in vals),
            *(key.removeprefix('default_') for key in self.env.context if key.startswith('default_')),
        })
        for vals in vals_list:
            self._check_openapi_pec_values(vals)  # before the database does, which tells the whole row
        return super().create(vals_list)

    def write(self, vals):
        self._check_openapi_pec_writer(vals)
        self._check_openapi_pec_values(vals)
        return super().write(vals)

    def _check_openapi_pec_writer(self, names):
        """Raise when somebody writes the addon's settings who is no system administrator, or what Odoo alone keeps of
        an account.

        Whoever gives access rights may write companies, and is neither.
        """
        own = {name for name in names if name.startswith('openapi_pec_') and name in self._fields}
        if self.env.su or not own:
            return
        if not self.env.is_system():
            raise AccessError(self.env._("The settings of PEC communications are changed by a system administrator, in "
                                         "the settings."))
        if kept := [name for name in sorted(own) if self._fields[name].readonly]:
            raise AccessError(self.env._("These fields are kept by Odoo alone: %s.", ', '.join(kept)))

    def _openapi_pec_filter_own(self):
        """Return those of these companies whose accounts this user may be told of: in a form, people choose any
        company.
        """
        return self if self.env.su else self & self.env.user.company_ids

    def _openapi_pec_has_outsiders(self):
        """Return whether somebody works in this database, and not in this company."""
        outsiders = [('share', '=', False), ('company_ids', 'not in', self.ids), ('company_id.active', '=', True)]
        return bool(self.env['res.users'].sudo().search_count(outsiders, limit=1))

    def _openapi_pec_filter_wallet(self):
        """Return those of these companies of whose wallet this user may be told."""
        is_manager = self.env.su or self.env.user.has_group('l10n_it_openapi_pec.group_manager')
        return self._openapi_pec_filter_own() if is_manager else self.browse()

    # ------------------------------------------------------------ pause

    def _openapi_pec_pause(self, reason, record, seconds=NO_CREDIT_PAUSE_MINUTES * 60):
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
        record._trigger_cron('dispatch', until)
        if is_news and reason != 'rate':
            record._on_account_paused({
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
                    ('company_id', 'in', paused.ids),
                    ('activity_ids.activity_type_id', '=', self.env.ref(activity_type).id),
                ]).activity_unlink([activity_type])
            self.env['openapi_pec.communication']._trigger_cron('dispatch')

    def _openapi_pec_go_on(self):
        """End the pause of these accounts, whichever companies share them; a pause that the service asked for is not
        cut short.
        """
        for company in self:
            company._openapi_pec_with_same_account().filtered(
                lambda company: company.openapi_pec_pause_reason != 'rate')._openapi_pec_resume()

    def _openapi_pec_get_pause(self, by_hand=False):
        """Return why calls of this account are not made now, and a sentence for people; both False when nothing stands
        against them.

        :param str by_hand: the sentence that tells that a person has paused them, if one has.
        :return: ``(reason, sentence)``; the reason is one of ``openapi_pec_pause_reason``, or 'resumption'.
        """
        company = self._openapi_pec_filter_own().sudo()
        until = company.openapi_pec_paused_until
        reason = until and until > fields.Datetime.now() and company.openapi_pec_pause_reason
        if not reason:
            return ('resumption', by_hand) if by_hand else (False, False)
        sentences = [
            self.env._("Not sent, nothing was spent: %s", str(PAUSE_CAUSES[reason])),
            by_hand or str(PAUSE_ENDS[reason]) % self._openapi_pec_show_moment(until),
        ]
        if reason == 'credit' and company.openapi_pec_credit_at and self._openapi_pec_filter_wallet():
            sentences.append(self.env._(
                "When the last call was refused, on %(date)s, it held EUR %(amount)s.",
                date=self._openapi_pec_show_moment(company.openapi_pec_credit_at),
                amount=formatLang(self.env, company.openapi_pec_credit)))
        return reason, ' '.join(sentences)

    def _openapi_pec_show_moment(self, moment):
        return format_datetime(self.env, moment, dt_format='short')
