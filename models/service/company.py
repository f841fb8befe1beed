from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from odoo.addons.l10n_it_openapi_pec import const

from .rights import check_own

LATE_WORKING_DAYS = 6
DECIDE_HOURS = 24  # after which somebody is asked to decide, unless set otherwise
PARALLEL_CALLS = 8  # of one company, made by the scheduled job at a time, unless set otherwise
MAX_MEGABYTES = 20  # of a signed document, unless set otherwise
SIGN_DAYS = 7  # after which a signature is wanted, unless set otherwise
REMIND_DAYS = 3  # after a mail to who signs, unless set otherwise
REMINDERS = 2  # of one document at most, unless set otherwise

# Settings with bounds: field -> (least, most).
BOUNDS = {
    'openapi_pec_late_days': (const.filing.EXPECTED_WORKING_DAYS, 250),
    'openapi_pec_parallel_calls': (1, 32),
    'openapi_pec_max_megabytes': (1, 100),
    'openapi_pec_decide_hours': (1, 168),
    'openapi_pec_sign_days': (1, 90),
    'openapi_pec_remind_days': (1, 60),
    'openapi_pec_reminders': (0, 10),
    'openapi_pec_ahead_days': (1, const.position.OFFICE_DAYS),
    'openapi_pec_register_days': (0, 365),
    'openapi_pec_register_budget': (0, 100000),
}

# Who reads of a company what its wallet holds, and whether its account is paused.
WALLET_READERS = 'l10n_it_openapi_pec.group_manager,base.group_system'


class ResCompany(models.Model):
    """A company with its settings and its accounts at the service, one for each environment.

    Both environments go on being read, whichever one the company uses for what is new. What is done with the fields is
    in the other files of this room: ``account`` and those that begin with ``account_``.
    """
    _inherit = 'res.company'

    # The account: account.py
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
    # What is known of the account: {environment: facts}. Facts are
    # - `names`: host and owner, as its lists told; several when its address has changed (account_identity.py);
    # - `left`: accounts of calls of which a manager has said that it is another one now;
    # - `status`: see account_identity.py;
    # - `defects`: {model: {name of const.service.DOUBTS: {since, is_told, is_accepted}}} (account_defects.py);
    # - `home`: the database in which its token was set (account_home.py);
    # - `tested`: whether the service has accepted its token in a test (account_check.py);
    # - `imports`: {model: user who waits for what its list holds} (account_import.py).
    openapi_pec_accounts = fields.Json(groups=fields.NO_ACCESS, copy=False)

    # Whether the account is paused: account_pause.py
    openapi_pec_paused_until = fields.Datetime(
        "PEC Account Paused Until", readonly=True, copy=False, groups=WALLET_READERS)
    openapi_pec_pause_reason = fields.Selection(
        [('credit', "No Credit"), ('token', "Token not Accepted"), ('rate', "Too Many Requests")],
        "Why the PEC Account Is Paused", readonly=True, copy=False, groups=WALLET_READERS,
    )
    # The service tells it when it refuses a call for lack of it, and at no other time. It is kept when the pause ends.
    openapi_pec_credit = fields.Float("PEC Wallet (EUR)", readonly=True, copy=False, groups=WALLET_READERS)
    openapi_pec_credit_at = fields.Datetime("PEC Wallet Known Since", readonly=True, copy=False, groups=WALLET_READERS)

    # Settings
    openapi_pec_late_days = fields.Integer(
        "PEC Filings Late After", default=LATE_WORKING_DAYS, required=True,
        help="Working days after which a filing counts as late, and its responsible is notified. The service promises "
             "48 working hours.")
    openapi_pec_parallel_calls = fields.Integer(
        "PEC Calls at a Time", default=PARALLEL_CALLS, required=True,
        help="How many calls of this company the scheduled job makes at a time.")
    openapi_pec_max_megabytes = fields.Integer(
        "Largest Signed Document (MB)", default=MAX_MEGABYTES, required=True,
        help="A larger file is refused before it is read. A signed power of attorney has less than one.")
    openapi_pec_decide_hours = fields.Integer(
        "PEC Decision After (Hours)", default=DECIDE_HOURS, required=True,
        help="Hours after which somebody is asked to decide on a call whose answer was lost and that is not found.")
    openapi_pec_mail_procura = fields.Boolean(
        "Mail Powers of Attorney", help="Mail each power of attorney to its signer by itself as soon as it arrives.")
    openapi_pec_mail_forms = fields.Boolean(
        "Mail Forms to Applicants",
        help="Mail each form of a mailbox to its applicant by itself as soon as it arrives, and again when the "
             "provider does not accept the documents.")
    openapi_pec_sign_days = fields.Integer(
        "PEC Signature Wanted Within", default=SIGN_DAYS, required=True,
        help="Days after the mail by which who signs is asked to send the signed document back.")
    openapi_pec_remind_days = fields.Integer(
        "PEC Reminder After", default=REMIND_DAYS, required=True,
        help="Days after a mail to who signs, after which a reminder is mailed if nothing was uploaded meanwhile.")
    openapi_pec_reminders = fields.Integer(
        "PEC Reminders at Most", default=REMINDERS, required=True,
        help="How many reminders of one document are mailed at most; 0 for none.")
    openapi_pec_send_signed = fields.Boolean(
        "Send Signed Files by Themselves",
        help="A signed power of attorney that the signer has uploaded, and against which nothing was found, is sent to "
             "the service by itself, which costs nothing. Otherwise somebody is asked to look at it and to send it.")

    openapi_pec_ahead_days = fields.Integer(
        "PEC Told Before", default=const.mailbox.EXPIRY_DAYS, required=True,
        help="Days before an office ends, a mailbox expires or a term is over, from which on the responsible gets an "
             "activity.")
    openapi_pec_register_days = fields.Integer(
        "PEC Register Checked Every", help="Days after which the companies that are ticked for it are looked up in the "
                                           "register again; 0: nothing is looked up by itself.")
    openapi_pec_register_budget = fields.Float(
        "PEC Register Budget (EUR)", digits=(16, 2),
        help="What all look-ups of the account may cost in a calendar month, before nothing more is looked up by "
             "itself. Each counts with its full price, lost and free ones too.")

    _openapi_pec_late_days_bounds = models.Constraint(
        f'CHECK (openapi_pec_late_days BETWEEN {const.filing.EXPECTED_WORKING_DAYS} AND 250)',
        "A filing can count as late after 2 working days at the earliest, and 250 at the latest.",
    )
    _openapi_pec_parallel_calls_bounds = models.Constraint(
        'CHECK (openapi_pec_parallel_calls BETWEEN 1 AND 32)',
        "The number of calls at a time can be 1 to 32.",
    )
    _openapi_pec_max_megabytes_bounds = models.Constraint(
        'CHECK (openapi_pec_max_megabytes BETWEEN 1 AND 100)',
        "The largest signed document can be 1 to 100 MB.",
    )
    _openapi_pec_decide_hours_bounds = models.Constraint(
        'CHECK (openapi_pec_decide_hours BETWEEN 1 AND 168)',
        "Somebody can be asked to decide on a lost answer after 1 to 168 hours.",
    )
    _openapi_pec_sign_days_bounds = models.Constraint(
        'CHECK (openapi_pec_sign_days BETWEEN 1 AND 90)',
        "A signature can be wanted within 1 to 90 days.",
    )
    _openapi_pec_remind_days_bounds = models.Constraint(
        'CHECK (openapi_pec_remind_days BETWEEN 1 AND 60)',
        "A reminder can be mailed after 1 to 60 days.",
    )
    _openapi_pec_reminders_bounds = models.Constraint(
        'CHECK (openapi_pec_reminders BETWEEN 0 AND 10)',
        "There can be 0 to 10 reminders.",
    )

    _openapi_pec_ahead_days_bounds = models.Constraint(
        f'CHECK (openapi_pec_ahead_days BETWEEN 1 AND {const.position.OFFICE_DAYS})',
        "Somebody can be told 1 to 60 days before something ends.",
    )
    _openapi_pec_register_days_bounds = models.Constraint(
        'CHECK (openapi_pec_register_days BETWEEN 0 AND 365)',
        "The register can be checked every 1 to 365 days, or not at all (0).",
    )
    _openapi_pec_register_budget_bounds = models.Constraint(
        'CHECK (openapi_pec_register_budget BETWEEN 0 AND 100000)',
        "The budget of the register can be EUR 0 to 100,000 a month.",
    )

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

    # ------------------------------------------------------------ CRUD

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
        """Raise when a user may not write the addon's settings, or writes what Odoo alone keeps of an account.

        Whoever gives access rights may write companies, and is neither.
        """
        own = {name for name in names if name.startswith('openapi_pec_') and name in self._fields}
        if self.env.su or not own:
            return
        if not self.env.is_system():
            raise AccessError(self.env._("The settings of PEC communications are changed by a system administrator, in "
                                         "the settings."))
        check_own(self.env, {name for name in own if self._fields[name].readonly})

    # ------------------------------------------------------------ COMPUTE: what a user may know

    def _openapi_pec_filter_own(self):
        """Return those of these companies whose accounts this user may know about.

        In a form, people choose any company.
        """
        return self if self.env.su else self & self.browse(self.env.user._get_company_ids())

    def _openapi_pec_has_outsiders(self):
        """Return whether there are internal users in this database who do not work in this company."""
        outsiders = [('share', '=', False), ('company_ids', 'not in', self.ids), ('company_id.active', '=', True)]
        return bool(self.env['res.users'].sudo().search_count(outsiders, limit=1))

    def _openapi_pec_filter_wallet(self):
        """Return those of these companies whose wallet this user may know about."""
        is_manager = self.env.su or self.env.user.has_group('l10n_it_openapi_pec.group_manager')
        return self._openapi_pec_filter_own() if is_manager else self.browse()
