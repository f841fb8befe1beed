import base64
from datetime import datetime, timedelta, timezone

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date, ormcache

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.job_mixin import job
from odoo.addons.l10n_it_openapi_pec.models.service.rights import check_right
from odoo.addons.l10n_it_openapi_pec.models.signer.file_content import read_content
from odoo.addons.l10n_it_openapi_pec.tools import clock, trust

ACTIVITY = 'l10n_it_openapi_pec.mail_activity_type_lists'
EUROPE, ITALY = trust.LIST_TERRITORY, 'IT'
FETCH_SECONDS = 60  # for a list, which has some MB
EVERY = timedelta(hours=20)  # a list is fetched: once a day, whenever the job begins
AGAIN = timedelta(minutes=10)  # at the earliest, one that is of no use


class OpenapiPecTrustedList(models.Model):
    """A list of qualified authorities as it was last fetched and verified: that of a country, or the list of lists.

    What is not verified, or older than what is here, takes no place; the problem is told, and what is here serves until
    its date. A list counts only as long as who signed it may: of the list of lists the anchors say so that a person has
    confirmed, of a country's the list of lists.
    """
    _name = 'openapi_pec.trusted_list'
    _description = "Trusted List"
    _inherit = ['mail.thread', 'mail.activity.mixin', 'openapi_pec.job.mixin']
    _rec_name = 'territory'
    _order = 'id'

    territory = fields.Char("Country", required=True, readonly=True, help="EU is the list of the countries' lists.")
    url = fields.Char("Address", readonly=True)
    content = fields.Binary(
        readonly=True, attachment=False, groups=fields.NO_ACCESS,
        help="As it was verified: who can write it decides what is trusted.")
    sequence = fields.Integer("Number", readonly=True)
    issued_at = fields.Datetime("Issued", readonly=True)
    next_update = fields.Datetime("Valid Until", readonly=True)
    signer = fields.Char("Signed with", readonly=True, help="Fingerprint of the certificate.")
    notice = fields.Char(
        readonly=True, help="Of the Official Journal, in which the list of lists says that its signers are named.")
    modified_at = fields.Datetime(readonly=True, help="As the server says, which is asked for what is newer.")
    checked_at = fields.Datetime("Fetched Last", readonly=True, help="When it was last asked for.")
    problem = fields.Char("Problem (Code)", readonly=True, help="Why it was not taken then.")
    problem_values = fields.Json(readonly=True, exportable=False)
    problem_sentence = fields.Text("Problem", compute='_compute_problem_sentence')
    is_usable = fields.Boolean("In Use", compute='_compute_is_usable')

    _territory_unique = models.UniqueIndex('(territory)')

    # ------------------------------------------------------------ COMPUTE

    @api.depends('problem', 'problem_values', 'is_usable')
    @api.depends_context('lang', 'tz')
    def _compute_problem_sentence(self):
        for record in self:
            values = {
                name: format_date(self.env, value[:10]) if name == 'issued' else value
                for name, value in (record.problem_values or {}).items()}
            sentence = record.problem and str(const.trust.LIST_SENTENCES[record.problem]) % values
            if record.problem in trust.LIST_PROBLEMS:
                sentence = f'{sentence} {const.trust.AFTER_PROBLEM[record.is_usable]}'
            record.problem_sentence = sentence

    @api.depends('content', 'next_update')
    def _compute_is_usable(self):
        authorities, europe = self._get_lists()
        usable = {*authorities.lists, *([EUROPE] if europe else [])}
        now = fields.Datetime.now()
        for record in self:
            record.is_usable = record.territory in usable and bool(record.next_update) and record.next_update > now

    # ------------------------------------------------------------ CRUD

    def write(self, vals):
        is_news = 'problem' in vals and any(bool(record.problem) != bool(vals['problem']) for record in self)
        result = super().write(vals)
        if is_news or {'content', 'territory'} & vals.keys():
            self._forget_authorities()
        return result

    def unlink(self):
        result = super().unlink()
        self._forget_authorities()
        return result

    # ------------------------------------------------------------ what is trusted

    @api.model
    def _get_authorities(self):
        """Return the authorities of the lists that count (``trust.Authorities``); without anchors there are none."""
        return self._get_lists()[0]

    @api.model
    @ormcache()
    def _get_lists(self):
        """Return the authorities of the countries' lists that count, and the list of lists, or None.

        It is the same in every process, and kept there, since to load a list takes longer than all that is done with
        it.
        """
        kept = {
            record.territory: trust.load(read_content(record, 'content'))
            for record in self.sudo().search([('content', '!=', False)])}
        europe = kept.pop(EUROPE, None)
        anchors = set(self.env['openapi_pec.trust_anchor']._get_confirmed().mapped('fingerprint'))
        unavailable = set(self.sudo().search([('problem', '!=', False)]).mapped('territory'))
        if not anchors:
            return trust.Authorities([], missing='lists_unconfirmed'), None
        if europe is None or europe.signer not in anchors:
            return trust.Authorities(
                [], missing='list_unavailable' if EUROPE in unavailable else 'list_missing'), None
        pointers = {
            pointer.territory: pointer for pointer in reversed(europe.pointers) if pointer.territory != EUROPE}
        return trust.Authorities([
            trusted_list for territory, trusted_list in kept.items()
            if territory in pointers and trusted_list.signer in pointers[territory].signers
        ], pointers, unavailable=unavailable), europe

    @api.model
    def _forget_authorities(self):
        """Forget, in every process, what was loaded of the lists: a list or an anchor has changed."""
        self.env.registry.clear_cache()
        self.invalidate_model(['is_usable', 'problem_sentence'])

    # ------------------------------------------------------------ SYNCHRONISATION

    @api.model
    def _want(self, territories):
        """Have the lists of some countries fetched soon, and then every day: a signature is of an authority there.

        What was fetched today wakes nobody: else two jobs would call each other for ever.

        :param territories: two letters each, as certificates write them: only those of the list of lists count.
        """
        wanted = self._enter(territories)
        if any(record._is_due() for record in self.search([('territory', 'in', wanted)])):
            self._trigger_cron('lists')

    @api.model
    def _enter(self, territories):
        """Make a place for the lists of some countries, and for those that are always wanted.

        :param territories: as of :meth:`_want`.
        :return: the countries whose lists are wanted (list).
        """
        _authorities, europe = self._get_lists()
        known = {pointer.territory for pointer in europe.pointers} if europe else {ITALY}
        wanted = {EUROPE, ITALY, *(known & set(territories))}
        for territory in wanted:
            self.env.cr.execute(SQL(
                "INSERT INTO openapi_pec_trusted_list (territory) VALUES (%s) ON CONFLICT (territory) DO NOTHING",
                territory), log_exceptions=False)
        return sorted(wanted)

    @api.model
    @job
    def _cron_fetch(self):
        """Fetch the lists that are due, the list of lists first; each in a transaction of its own.

        Nothing is fetched where no company verifies over the network.
        """
        if not self._is_wanted():
            return
        self._enter([])
        lists = self.search([])  # they are few; pylint: disable=no-search-all
        is_news = False
        for record in lists.sorted(lambda record: (record.territory != EUROPE, record.territory != ITALY)):
            if record._is_due():
                is_news |= record._fetch()
                record._announce()
                self._commit_in_cron()
        if set(lists.mapped('problem')) & set(trust.FETCH_PROBLEMS):
            self._trigger_cron('lists', fields.Datetime.now() + timedelta(hours=1))
        if is_news:
            self._on_lists_changed()

    def _on_lists_changed(self):
        """Do nothing: it is for those who judge by the lists."""

    @api.model
    def _is_wanted(self):
        """Return whether any company verifies over the network."""
        return bool(self.env['res.company'].sudo().search_count([('openapi_pec_verify', '=', 'odoo')], limit=1))

    def _is_due(self):
        """Return whether a list is to be fetched: it was not yet, not today, in vain the last time, or is of no use."""
        age = self.checked_at and fields.Datetime.now() - self.checked_at
        is_fine = self.is_usable and self.problem not in trust.FETCH_PROBLEMS
        return age is False or age > (EVERY if is_fine else AGAIN)

    def _fetch(self):
        """Fetch this list, and keep it when it is verified; no transaction is open meanwhile.

        :return: whether another one was taken than was here.
        """
        values = {}
        try:
            url, signers = self._get_source()
            # What may not sign any more is replaced, whether the server has a newer one or not.
            since = self.signer in signers and clock.add_zone(self.modified_at)
            at_least = self.sequence if self.signer in signers else 0
            territory, fetcher = self.territory, self.env['openapi_pec.trust']._get_fetcher(FETCH_SECONDS)
            self._commit_in_cron()
            values['checked_at'] = fields.Datetime.now()
            answer = fetcher.fetch(url, most=trust.MAX_SIZE, since=since or None)
            if answer.content is not None:
                values |= self._get_kept(answer, trust.read_list(
                    answer.content, signers, territory=territory, at_least=at_least))
            values |= {'url': url, 'problem': False, 'problem_values': False}
        except trust.TrustError as error:
            values |= {'problem': error.code, 'problem_values': {
                name: value.isoformat() if isinstance(value, datetime) else value
                for name, value in error.values.items()}}
        self.write(values)
        return 'content' in values

    def _announce(self):
        """Have who has confirmed the anchors look at a list that was not taken, once; not when it only did not come, as
        long as the one before is in use.

        The same where the list of lists, which counts all the same, announces other signers, or names another notice
        than the anchors': soon others sign it.
        """
        is_wrong = self.problem in (*trust.LIST_PROBLEMS, *const.trust.OWN_PROBLEMS) or (
            self.problem and not self.is_usable)
        Anchor = self.env['openapi_pec.trust_anchor']
        anchors = Anchor._get_confirmed().sorted('confirmed_at')
        europe = self._get_lists()[1] if self.territory == EUROPE else None
        is_announced = bool(europe) and Anchor._propose_announced(europe)
        is_news = bool(self.notice) and self.notice not in {trust.find_notice(anchor.notice) for anchor in anchors}
        if not (is_wrong or is_announced or is_news):
            self.activity_unlink([ACTIVITY])
        elif anchors and not self.activity_ids:
            user = anchors[-1].confirmed_by_id
            own = self.with_context(lang=user.lang)
            if is_wrong:
                summary = own.env._("A trusted list was not taken: see why")
            elif is_announced:
                summary = own.env._(
                    "The list of lists announces signers (LOTL %s) that nobody has confirmed: look at them under "
                    "Signers of the Trusted List, and confirm them before they sign", europe.sequence)
            else:
                summary = own.env._(
                    "The list of lists names another notice (%s) than the confirmed signers: compare them with it, and "
                    "confirm those that are new", self.notice)
            own.activity_schedule(ACTIVITY, user_id=user.id, summary=summary)

    def _get_source(self):
        """Return where this list is, and the fingerprints of who may sign it.

        :raise trust.TrustError: with a code of ``const.trust.LIST_SENTENCES``: it cannot be known now.
        """
        if self.territory == EUROPE:
            signers = self.env['openapi_pec.trust_anchor']._get_confirmed().mapped('fingerprint')
            if not signers:
                raise trust.TrustError('anchors_unconfirmed')
            return self._get_list_url(), signers
        _authorities, europe = self._get_lists()
        if europe is None or europe.is_expired(datetime.now(timezone.utc)):
            raise trust.TrustError('list_of_lists_missing')
        pointer = europe.get_pointer(self.territory)
        if pointer is None:
            raise trust.TrustError('list_unlisted', territory=self.territory)
        return pointer.url, pointer.signers

    @api.model
    def _get_list_url(self):
        """Return the address of the list of lists."""
        return trust.LIST_URL

    @staticmethod
    def _get_kept(answer, trusted_list):
        """Return the values of a list that was verified.

        :param trust.Answer answer: as it was fetched.
        :param trust.TrustedList trusted_list: as it was read.
        """
        moments = {
            'issued_at': trusted_list.issued, 'next_update': trusted_list.next_update, 'modified_at': answer.modified}
        return {
            'content': base64.b64encode(trusted_list.dump()), 'sequence': trusted_list.sequence,
            'signer': trusted_list.signer,
            'notice': trusted_list.territory == EUROPE and trusted_list.notice,
            **{name: clock.strip_zone(moment) for name, moment in moments.items()}}

    # ------------------------------------------------------------ what a person is told

    @api.model
    def _get_state_sentence(self):
        """Return what an administrator should know of the lists, as a sentence, and whether signatures are verified.

        :rtype: tuple[str, bool]
        """
        if not self.env['openapi_pec.trust_anchor']._get_confirmed():
            return str(const.trust.LIST_SENTENCES['anchors_unconfirmed']), False
        records = self.search([])  # they are few; pylint: disable=no-search-all
        usable = records.filtered('is_usable')
        if not usable - usable.filtered(lambda record: record.territory == EUROPE):
            problem = next(filter(None, records.mapped('problem_sentence')), False)
            return problem or self.env._(
                "The trusted lists are not here yet: they are fetched in the background."), False
        return self.env._("In use: %s.", ', '.join(self.env._(
            "%(territory)s number %(sequence)s, valid until %(date)s", territory=record.territory,
            sequence=record.sequence, date=format_date(self.env, record.next_update)) for record in usable)), True

    # ------------------------------------------------------------ ACTIONS

    def action_fetch(self):
        """Have the lists fetched now, by the scheduled job.

        :raise UserError: no company verifies over the network.
        """
        check_right(self.env, 'accept')
        self.check_access('read')
        if not self._is_wanted():
            raise UserError(self.env._(
                "No company verifies signatures over the network: switch it on in the settings first. Nothing was "
                "fetched."))
        self.sudo().search([]).write({'checked_at': False})  # pylint: disable=no-search-all
        self._trigger_cron('lists')
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification',
            'params': {'type': 'info', 'message': self.env._(
                "The lists are being fetched in the background: look again in a minute.")}}
