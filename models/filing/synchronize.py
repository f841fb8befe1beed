import functools
import logging
from collections import defaultdict
from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.tools import split_every

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import Gone, NotFound, OpenapiPecError, OtherRecord
from odoo.addons.l10n_it_openapi_pec.tools.outcome.created import fold

_logger = logging.getLogger(__name__)

# state -> how far it is at the service: a list that shows a lower rank than ours is out of date
RANK = {state: rank for rank, state in enumerate(const.filing.STATE_BY_STATO.values(), start=1)}

PROCURE_PER_RUN = 20  # powers of attorney downloaded in a run

# What is read of the filings of which a list tells news, and not all that they have.
READ_FIELDS = (
    'company_id', 'environment', 'state', 'status', 'remote_id', 'remote_state', 'error_message', 'look_until',
    'is_gone', 'write_date', 'pec_email', 'stranger_ids', 'name', 'partner_id', 'user_id', 'awaiting_since', 'batch_id',
    'chamber_outcome', 'late_on')


class Known(NamedTuple):
    """What tells whether an account's list has news of a filing; each has the value of its column."""

    id: int
    company_id: int
    remote_id: str
    remote_state: str
    state: str
    is_gone: bool
    look_until: Any
    pec_email: str


@functools.lru_cache(maxsize=256)  # of thousands of filings, few differ in these
def _is_reached(stato, state):
    """Return whether a list that shows a ``stato`` is not older than what is known of a filing.

    :param str stato: of the service; one that is not known may be as late as any.
    :param str state: ours.
    """
    return RANK.get(const.filing.STATE_BY_STATO.get(stato), 9) >= RANK.get(state, 0)


class OpenapiPecCommunication(models.Model):
    """Keeping in step: one list per account shows the states of all its filings."""
    _inherit = 'openapi_pec.communication'

    # ------------------------------------------------------------ SYNCHRONISATION

    @api.model
    def _followed_domain(self):
        return fields.Domain([
            ('environment', '!=', False),
            '|', '|', ('state', 'in', ('unconfirmed', *const.filing.FOLLOWED_STATES)),
            ('look_until', '>=', fields.Datetime.now()),
            ('is_gone', '=', True)]) | (self._closed_here_domain() & fields.Domain('environment', '!=', False))

    def _synchronize(self, client):
        rows = client.list_filings()
        known = self._read_known()
        companies = self.env['res.company'].browse(dict.fromkeys(filing.company_id for filing in known))
        others = companies._openapi_pec_note_account(client, rows, self[:1].environment)
        stato_by_id = {row['id']: row['stato'] for row in rows}
        told, alike = self._filter_told(known, rows, stato_by_id)
        told.fetch(READ_FIELDS)  # one query, however many filings there are
        followed = told.filtered(lambda filing: filing.remote_id and filing.state in const.filing.FOLLOWED_STATES)
        (told - followed | told.filtered('look_until'))._recover(client, rows)
        # A list that may be another account's proves nothing, except that what was closed as gone is there again.
        shown = followed.filtered(lambda filing: filing.company_id not in others)
        shown |= told.filtered(
            lambda filing: (filing.is_gone or filing._is_closed_here()) and filing.remote_id in stato_by_id)
        shown._apply_rows(client, stato_by_id)
        (shown & alike)._look_for_doubles(client, rows)

    def _read_known(self):
        """Return what tells whether a list has news of these filings, of each, with one query.

        To have thousands of records just for that takes much longer.

        :rtype: list[Known]
        """
        query = self._as_query(ordered=False)
        return [Known(*row) for row in self.env.execute_query(query.select(*(
            self._field_to_sql(self._table, name, query) for name in Known._fields)))]

    def _filter_told(self, known, rows, stato_by_id):
        """Return those of these filings of which a list may tell news, and those whose address other rows have as well.

        Of nearly all, nearly always, it tells none: they are followed, in the state in which it shows them, and no
        other row has their address.

        :param list known: see :meth:`_read_known`.
        :param Listing rows: the account's list.
        :param dict stato_by_id: see :meth:`_apply_rows`.
        :return: the former, and those of them that the latter are.
        """
        own = {filing.remote_id for filing in known}
        addresses = {fold(row['casella_pec']) for row in rows if row['id'] not in own}
        alike = {filing.id for filing in known if fold(filing.pec_email) in addresses} if addresses else set()
        quiet = {
            filing_id for filing_id, _company, remote_id, remote_state, state, is_gone, look_until, _address in known
            if remote_state and stato_by_id.get(remote_id) == remote_state and not is_gone and not look_until
            and state in const.filing.FOLLOWED_STATES and _is_reached(remote_state, state)}
        told = [filing_id for filing_id in self.ids if filing_id not in quiet or filing_id in alike]
        return self.browse(told), self.browse(alike)

    def _apply_rows(self, client, stato_by_id):
        """Take over the states in an account's list; read one by one what it lacks, or shows in an earlier state.

        :param dict stato_by_id: ``{identifier at the service: stato}``, as the list has them.
        """
        by_stato, doubtful_ids, seen = defaultdict(list), [], self._get_seen()
        for filing in self._without_call():
            stato = stato_by_id.get(filing.remote_id)
            if stato is None or not _is_reached(stato, filing.state):
                doubtful_ids.append(filing.id)
            elif stato != filing.remote_state or filing.is_gone or filing._is_closed_here():
                by_stato[stato].append(filing.id)
        doubtful = self.browse(doubtful_ids)
        doubtful -= doubtful._get_elsewhere() - doubtful.filtered('is_gone')
        for stato, ids in by_stato.items():
            for slice_ids in split_every(const.service.SLICE_SIZE, ids):
                self.browse(slice_ids)._apply_stato_safely(stato, seen)
        doubtful.sorted(lambda filing: bool(filing.error_message))[:const.service.MISSING_PER_RUN]._read_one_by_one(
            client)

    def _without_call(self):
        """Return these filings without those in a call, which may have begun since the list was read.

        The outcome of a call is taken over with its line of the journal. What is applied here would leave the line
        pending for ever.
        """
        return self.filtered(lambda filing: filing.state not in ('queued', 'unconfirmed'))

    def _apply_stato_safely(self, stato, seen):
        """Apply a ``stato`` to these filings; one that fails does not stop the others.

        :param dict seen: see ``_get_seen``.
        """
        def apply(filings):
            filings.fetch(READ_FIELDS)  # the commit before has emptied the cache
            filings._apply_stato(stato)

        self._take_over(apply, seen)

    def _read_one_by_one(self, client):
        """Read each of these filings at the service: its own record decides, not the account's list."""
        seen = self._get_seen()
        for filing in map(type(self)._for_reader, self._without_call()):
            try:
                filing._apply_stato_safely(client.get_filing(filing.remote_id)['stato'], seen)
            except Gone:
                filing._take_over(type(self)._on_gone, seen)
            except OtherRecord:
                filing._take_over(type(self)._on_other_record, seen)
            except NotFound as error:  # which says nothing about the filing, and does not stop the others
                _logger.info("%s cannot be read now: %s", filing, error)

    def _fetch_due(self, client):
        """Download the powers of attorney that are ready and missing here, a few at a time."""
        due = self.search([('id', 'in', self.ids), ('state', '=', 'awaiting_documents'), ('procura_id', '=', False)])
        for filing in due[:PROCURE_PER_RUN]:
            try:
                filing._unless_meeting(lambda filing: filing._fetch_procura(client))
            except OpenapiPecError as error:
                _logger.info("The power of attorney of %s cannot be fetched now: %s", filing, error)
            self._commit_in_cron()
        if len(due) > PROCURE_PER_RUN:
            self._trigger_cron('synchronize')

    @api.model
    def _announce_due(self):
        """Announce once each filing that is past its term."""
        late = self.search([('is_late', '=', True), ('late_announced', '=', False)])
        if late:
            late._unless_meeting(type(self)._announce_late)

    def _announce_late(self):
        """Announce that these filings are past their term, and plan an activity for each."""
        self.late_announced = True
        for filings in self._by_reader():
            here, env = filings.filtered('is_late_here'), filings.env
            here._announce(env._("late: the signed power of attorney has not been sent to the service yet."))
            here._plan_activity(
                'mail_activity_type_late', env._("Have the power of attorney signed, and send it: the filing is late"))
            there = filings - here
            there._announce(env._("late: the service's 48 working hours are long over. Ask Openapi's support."))
            there._plan_activity('mail_activity_type_late', env._("Ask Openapi's support why it is late"))
