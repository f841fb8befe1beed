from collections import defaultdict
from datetime import datetime, time, timedelta
from itertools import islice, pairwise

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL
from odoo.tools.misc import format_date, get_lang

from odoo.addons.l10n_it_openapi_pec.tools.clock import strip_zone

from .cards import CARDS, FILING

USER = 'l10n_it_openapi_pec.group_user'
WEEKS = 8  # of the bars, this one included
# bar -> field that tells in which week a filing counts
BARS = {'submitted': 'submitted_at', 'completed': 'completed_at'}


class OpenapiPecOverview(models.AbstractModel):
    """The page on which the application opens: what waits for whom, counted with the rights of its reader.

    It is made of a fixed number of queries, however many records there are: one for all cards, and one for the bars.
    Only what may wait for a decision, which is little, is read beforehand.
    """
    _name = 'openapi_pec.overview'
    _description = "PEC Overview"
    _inherit = ['openapi_pec.words.mixin']

    @api.model
    @api.readonly
    def get_overview(self):
        """Return all that the overview shows, in the reader's language.

        :return: ``{'cards': […], 'weeks': […], 'accounts': […], 'jobs': […], 'steps': […]}``: see
            :meth:`_get_cards`, :meth:`_get_weeks`, :meth:`_get_accounts`, :meth:`_get_jobs`, :meth:`_get_first_steps`.
        :rtype: dict
        :raise AccessError: for who does not use PEC communications.
        """
        self._check_reader()
        working = self._get_working()
        return {
            'steps': self._get_first_steps(working),
            'cards': self._get_cards(),
            'weeks': self._get_weeks(),
            'accounts': self._get_accounts(working),
            'jobs': self._get_jobs(),
        }

    def _check_reader(self):
        """Raise when the user is none of PEC communications.

        :raise AccessError: likewise.
        """
        if not self.env.user.has_group(USER):
            raise AccessError(self.env._("The overview is for users of PEC communications."))

    # ------------------------------------------------------------ COMPUTE: cards

    @api.model
    def _get_overview_domains(self):
        """Return what the overview counts: ``{card: {row: domain}}``, of the rows that this user sees.

        A row has the name of the filter of the search view that finds the same records.
        """
        # Each time anew: a domain keeps what it learns of the database in which it is used.
        return {
            name: rows for name, card in CARDS.items() if (rows := {
                row: fields.Domain(list(told.domain)) for row, told in card.rows.items()
                if not told.group or self.env.user.has_group(told.group)})}

    def _get_cards(self):
        """Return the cards.

        :return: ``[{'name', 'title', 'rows': […]}, …]``; a row is ``{'name', 'label', 'count', 'level', 'note',
            'action', 'context'}``, with the xml id and context of the action that lists what was counted.
        :rtype: list
        """
        domains = self._get_overview_domains()
        counts = self._count({(name, row): domain for name, rows in domains.items() for row, domain in rows.items()})
        cards = [{
            'name': name,
            'title': self._in_words(CARDS[name].title),
            'rows': [
                self._show_row(name, row, *counts[name, row]) for row in rows
                if counts[name, row][0] or not CARDS[name].rows[row].is_rare],
        } for name, rows in domains.items()]
        return [card for card in cards if card['rows']]

    def _show_row(self, name, row, count, since):
        """Return a row of a card, as :meth:`_get_cards` describes it."""
        told = CARDS[name].rows[row]
        return {
            'name': row,
            'label': self._in_words(told.label),
            'count': count,
            'level': told.level if count else '',
            'note': self._show_since(told.since, since) if since else '',
            'action': CARDS[name].action,
            'context': {f'search_default_{row}': 1},
        }

    def _show_since(self, field, since):
        """Return what is told of the earliest one of a row.

        :param str field: of the Row.
        :param since: its earliest value, a date or a time in UTC.
        """
        day = since
        if hasattr(since, 'hour'):
            day = fields.Datetime.context_timestamp(self, since).date()
        if field == 'expires_on':
            return self.env._("the first on %s", format_date(self.env, day))
        return self.env._("since %s", format_date(self.env, day))

    def _count(self, domains):
        """Count the records of several domains that this user may read, with one query.

        :param dict domains: ``{(card, row): domain}``.
        :return: ``{(card, row): (count, earliest value of the row's field, or None)}``.
        :rtype: dict
        """
        places, wanted = defaultdict(list), defaultdict(list)
        for (name, row), domain in domains.items():
            card = CARDS[name]
            places[card.model].append((name, row))
            wanted[card.model].append((domain, card.rows[row].since))
        found = self._aggregate(wanted)
        return {place: counted for model in places for place, counted in zip(places[model], found[model], strict=True)}

    def _aggregate(self, wanted):
        """Count the records of several domains that this user may read, with one query.

        :param dict wanted: ``{model: [(domain, field of which the earliest value is told, or '')]}``.
        :return: ``{model: [(count, that value or None)]}``, in the same order.
        :rtype: dict
        """
        # Each model's counts are one row; side by side they are one row as well.
        rows = [SQL("(%s) %s", self._select_counts(model, terms), SQL.identifier(f'counts_{number}'))
                for number, (model, terms) in enumerate(wanted.items())]
        [found] = self.env.execute_query(SQL("SELECT * FROM %s", SQL(", ").join(rows)))
        pairs = zip(found[::2], found[1::2], strict=True)
        return {model: list(islice(pairs, len(terms))) for model, terms in wanted.items()}

    def _select_counts(self, model, wanted):
        """Return the query of one row with what :meth:`_aggregate` tells of a model.

        :param list wanted: ``(domain, field, or '')``.
        :rtype: SQL
        """
        records = self.env[model]
        query = records._search([])  # as the rules of access let them be read
        terms = []
        for domain, since in wanted:
            condition = domain.optimize_full(records)._to_sql(records, query.table, query)
            terms += [
                SQL("COUNT(*) FILTER (WHERE %s)", condition),
                SQL("MIN(%s) FILTER (WHERE %s)", records._field_to_sql(query.table, since, query), condition)
                if since else SQL("NULL"),
            ]
        return query.select(*terms)

    # ------------------------------------------------------------ COMPUTE: bars

    def _get_weeks(self):
        """Return how many filings were submitted, and completed, in the last weeks.

        :return: ``[{'label', 'submitted', 'completed'}, …]``, this week last; they begin as the reader's do.
        :rtype: list
        """
        today = fields.Date.context_today(self)
        first_day = int(get_lang(self.env).week_start) - 1
        this_week = today - timedelta(days=(today.weekday() - first_day) % 7)
        first = this_week - timedelta(weeks=WEEKS - 1)
        begins = [first + timedelta(weeks=number) for number in range(WEEKS + 1)]
        moments = list(map(self._get_midnight, begins))
        counts = self._aggregate({FILING: [
            (fields.Domain(field, '>=', begin) & fields.Domain(field, '<', end), '')
            for begin, end in pairwise(moments) for field in BARS.values()]})
        numbers = iter(count for count, _since in counts[FILING])
        return [{
            'label': format_date(self.env, day, date_format='d MMM'), **{bar: next(numbers) for bar in BARS},
        } for day in begins[:-1]]

    def _get_midnight(self, day):
        """Return when a day begins in the reader's time zone, in UTC."""
        local = self.env.tz.localize(datetime.combine(day, time.min))
        return strip_zone(local)
