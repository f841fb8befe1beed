import logging
from datetime import timedelta
from functools import partial

from odoo import models
from odoo.tools import float_round

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.lock import lock_rows, run_unless_met
from odoo.addons.l10n_it_openapi_pec.models.service.rows import set_each
from odoo.addons.l10n_it_openapi_pec.tools import clock
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import OpenapiPecError
from odoo.addons.l10n_it_openapi_pec.tools.outcome.charged import Call, Charge, find_claimed, match

_logger = logging.getLogger(__name__)

AGAIN = timedelta(minutes=1)  # before which the list is not read again


def _has_future(rows):
    """Return whether a row has a time that cannot be: such a one would hide all that comes later."""
    latest = clock.add_zone(clock.utc()) + const.ledger.MARGIN
    return any(row.created_at and row.created_at > latest for row in rows)


class OpenapiPecAccount(models.Model):
    """Reading the wallet's transactions, and finding out which call each charge was made for."""
    _inherit = 'openapi_pec.account'

    # ------------------------------------------------------------ SYNCHRONISATION: reading

    def _read_transactions(self):
        """Read what went into this account's wallet and out of it; without its key, do nothing.

        A list that is not whole, or has rows that cannot be read, is not kept: what it lacks might explain the rest.
        No transaction holds a lock while the service is asked.
        """
        self.ensure_one()
        if not self._has_key() or (self.transactions_read_at and clock.utc() < self.transactions_read_at + AGAIN):
            return
        try:
            rows = self._get_client().list_transactions(clock.add_zone(self._get_unread_since()))
        except OpenapiPecError as error:
            _logger.info("The transactions of account %s cannot be read now: %s", self.id, error)
            note = partial(self._note_doubt, 'unread')
        else:
            doubt = 'unreadable' if rows.unreadable or _has_future(rows) else not rows.is_whole and 'cut_off'
            note = partial(self._note_doubt, doubt) if doubt else partial(self._note_transactions, rows)
        if not run_unless_met(self.env.cr, note):
            _logger.info("Account %s is being changed by somebody else: its transactions are read later.", self.id)

    def _get_unread_since(self):
        """Return from when on transactions are read: never those before the account was known here."""
        newest = self.env['openapi_pec.transaction'].search(
            [('account_id', '=', self.id), ('told_at', '<=', clock.utc())], order='told_at desc', limit=1)
        return max(self.create_date, newest.told_at - const.ledger.OVERLAP) if newest else self.create_date

    def _note_doubt(self, doubt):
        if self.transactions_doubt != doubt:
            lock_rows(self)
            self.transactions_doubt = doubt

    def _note_transactions(self, rows):
        """Keep what a whole list told, and match it with the journal.

        :param rows: of ``tools.api.oauth_data.Transaction``.
        """
        lock_rows(self)
        transactions = self.env['openapi_pec.transaction']
        known = transactions.search([
            ('account_id', '=', self.id), ('remote_id', 'in', [row.id for row in rows])])
        # as they are kept: the same row told again is compared with them
        told = {row.id: float_round(row.amount, precision_digits=3) for row in rows}
        known._correct_amounts([told[one.remote_id] for one in known])
        ids = set(known.mapped('remote_id'))
        hosts = {row.id: row.host.removeprefix(const.ledger.SANDBOX) for row in rows}
        transactions.create([{
            'account_id': self.id, 'remote_id': row.id, 'amount': told[row.id], 'description': row.description,
            'host': hosts[row.id], 'kind': const.ledger.get_kind(told[row.id], hosts[row.id]),
            'told_at': row.created_at and row.created_at.replace(tzinfo=None, microsecond=0), 'has_zone': row.has_zone,
        } for row in rows if row.id not in ids])
        read_at = clock.utc() - timedelta(seconds=clock.now() - rows.read_at)
        self.write({'transactions_read_at': read_at.replace(microsecond=0), 'transactions_doubt': False})
        self._match_transactions()

    # ------------------------------------------------------------ SYNCHRONISATION: which call each was made for

    def _match_transactions(self):
        """Write which call each charge of the last days was made for, and take back what is ambiguous now.

        Where the vendor sums up, or tells times without their zone, nothing is.
        """
        transactions = self.env['openapi_pec.transaction']
        own = [('account_id', '=', self.id)]
        summed = {host for [host] in transactions._read_group([*own, ('kind', '=', 'sum')], ['host'])}
        transactions.search([*own, ('host', 'in', list(summed)), ('call_id', '!=', False)])._take_back()
        since = self._get_unread_since() - const.ledger.MARGIN
        charges = transactions.search([
            *own, ('kind', '=', 'charge'), ('told_at', '>=', since), ('host', 'not in', list(summed))])
        explained = transactions.search([*own, ('call_id', '!=', False), ('id', 'not in', charges.ids)]).call_id
        undated = set(charges.filtered(lambda one: not one.has_zone).mapped('host'))
        found = self._find_matches(
            charges.filtered(lambda one: one.host not in undated), *self._get_chargeable(since, explained))
        charges.filtered(lambda one: one.call_id and found.get(one.id) != one.call_id.id)._take_back()
        new = charges.filtered(lambda one: one.id in found and not one.call_id)
        if new:
            new.flush_recordset()
            set_each(new, 'call_id', [found[one.id] for one in new], 'int4')
            new._correct_prices()

    def _get_chargeable(self, since, explained):
        """Return the calls that this account's wallet may have been charged for, and those of which less is known.

        The latter's price is not known, or their account: their token was pasted, or they were made before the company
        was connected.

        :param datetime since: when they began, at the earliest.
        :param explained: of whom the charge is known for good.
        :return: the calls, and the rivals, which may have been charged whatever it is.
        :rtype: tuple
        """
        lines = self.env['openapi_pec.api_call'].search([
            ('vendor_account_id', 'in', [self.id, False]), ('environment', '=', self.environment),
            ('state', 'in', const.ledger.CHARGEABLE), ('operation', 'not in', const.service.FREE_OPERATIONS),
            ('started_at', '>=', since - const.ledger.MARGIN), ('id', 'not in', explained.ids)])
        calls = lines.filtered(lambda line: line.vendor_account_id and line.is_price_known and line.price > 0)
        return calls, lines - calls

    def _find_matches(self, charges, calls, rivals):
        """Return which charges were made for which calls: ``{id of the charge: id of the call}``.

        A charge of another price counts only for a call that was certainly paid, and whose own price the wallet does
        not show although it should by now. Near one of the rivals, none counts.
        """
        charged = [Charge(one.id, one.host, -one.amount, one.told_at) for one in charges]
        called, unclear = ({line.id: Call(
            line.id, const.ledger.get_host(line.operation), line.price, line.started_at)
            for line in lines} for lines in (calls, rivals))
        claimed = find_claimed(unclear.values(), charged)
        found = {charge: call for charge, call in match(called.values(), charged).items() if charge not in claimed}
        explained, left = set(found.values()), [one for one in charged if one.id not in found]
        due = calls.filtered(
            lambda line: line.id not in explained and self.transactions_read_at >= line.started_at
            + const.ledger.BELIEVED_AFTER)
        # of calls whose outcome is not known, and of those that may be free, any may be what was charged
        certain = due.filtered(lambda line: line.state == 'accepted' and not line.may_be_free)
        others = match([call for call_id, call in called.items() if call_id not in explained], left, by_price=False)
        return {**found, **{
            charge: call for charge, call in others.items() if call in certain.ids and charge not in claimed}}


class OpenapiPecTransaction(models.Model):
    _inherit = 'openapi_pec.transaction'

    def _correct_amounts(self, amounts):
        """Keep what these transactions are told to be now: what goes on growing is a sum.

        :param amounts: EUR, in their order.
        """
        told = dict(zip(self.ids, amounts, strict=True))
        changed = self.filtered(lambda one: round(one.amount - told[one.id], 3))
        grown = changed.filtered(lambda one: told[one.id] < min(one.amount, 0))
        if not changed:
            return
        changed._take_back()
        set_each(changed, 'amount', [told[one.id] for one in changed], 'numeric')
        grown.kind = 'sum'
        for one in changed - grown:
            if one.kind != 'sum' or one.amount >= 0:
                one.kind = const.ledger.get_kind(one.amount, one.host)

    def _take_back(self):
        """Take back for which calls these transactions were made, and the prices that less than two still show.

        A price that somebody has changed since is his.
        """
        if not self:
            return
        prices = self.filtered(lambda one: not _cents(one.price_id.amount + one.amount)).price_id
        self.write({'call_id': False, 'price_id': False})
        shown = dict(self._read_group([('price_id', 'in', prices.ids)], ['price_id'], ['__count'])) if prices else {}
        prices.filtered(lambda price: shown.get(price, 0) < 2).unlink()

    def _correct_prices(self):
        """Keep the prices at which these transactions differ from what was expected, each with its day.

        One may be a charge of somebody else's: a price is kept when a second one shows it. What the sandbox charges
        says nothing of the production. Where several were asked for at once, such as years, the price of one is not
        known.
        """
        prices = self.env['openapi_pec.price']
        source = self.env._("the wallet of the Openapi account")
        for one in self.filtered(lambda one: one.environment == 'production' and one._is_of_other_price()):
            present = one._get_present_price()
            if not present or _cents(present.amount) != _cents(one.call_id.price):
                continue
            same = self.search([
                ('environment', '=', 'production'), ('call_id.operation', '=', one.call_id.operation),
                ('amount', '=', one.amount)]).filtered(
                lambda other, present=present: other._is_of_other_price() and other._get_present_price() == present)
            if len(same) > 1:
                prices._note(one.call_id.operation, present.mailbox_type, -one.amount, source)
                same.price_id = one._get_present_price()

    def _get_present_price(self):
        """Return the price of what was called, as last seen."""
        line = self.call_id
        mailbox_type = line.res_model == 'openapi_pec.mailbox' and self.env[line.res_model].browse(
            line.res_id).mailbox_type
        return self.env['openapi_pec.price']._find(line.operation, mailbox_type)

    def _is_of_other_price(self):
        """Return whether the call was charged at another price than was expected."""
        return bool(self.call_id) and bool(_cents(self.amount + self.call_id.price))


def _cents(amount):
    return round(100 * amount)
