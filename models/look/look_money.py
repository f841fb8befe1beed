from collections import defaultdict

from odoo import api, models

from odoo.addons.l10n_it_openapi_pec import const


class OpenapiPecRegisterLook(models.Model):
    """What looks cost: the price before the click, how many are free as far as Odoo has counted, what was spent.

    The service tells no quota. What other programs ask with the same account, Odoo does not know.
    """
    _inherit = 'openapi_pec.register_look'

    # ------------------------------------------------------------ COMPUTE

    @api.depends('state', 'environment', 'operation')
    @api.depends_context('lang')
    def _compute_money(self):
        calls = self.env['openapi_pec.api_call']
        lines = calls.sudo().search(
            [('res_model', '=', self._name), ('res_id', 'in', self.ids)], order='id').grouped('res_id')
        for look in self:
            own = lines.get(look._origin.id, calls)
            line = own[-1:]
            look.price = sum(own.filtered(lambda line: line.state in const.service.CHARGED_STATES).mapped('price'))
            sentence = bool(line) and self._in_words(
                const.look.MONEY_SENTENCES[look._get_money(line)]) % {'price': self._show_amount(line.price)}
            earlier = look._get_earlier_sentence((own - line).filtered(
                lambda line: line.state == 'lost' and line.money == 'unknown'))
            look.money_sentence = f'{sentence} {earlier}' if earlier else sentence

    def _get_money(self, line):
        """Return what is known of the money of a look: a key of ``const.look.MONEY_SENTENCES``.

        :param line: its last one of the journal.
        """
        if line.environment == 'sandbox':
            return 'trial'
        if line.operation in const.service.FREE_OPERATIONS and line.is_price_known:
            return 'free'
        if line.money == 'nothing':
            return 'nothing'
        if not line.is_price_known:
            return 'unpriced'
        if line.state == 'accepted' and self.state == 'not_found':
            return 'not_found'
        if line.state == 'accepted':
            return 'free_left' if line.may_be_free else 'paid'
        return 'perhaps'

    @api.model
    def _show_amount(self, amount):
        return self.env['res.company']._openapi_pec_show_eur(amount)

    # ------------------------------------------------------------ CALLS: the price

    def _claim_all(self):
        claims = super()._claim_all()
        lines = self.env['openapi_pec.api_call'].browse(line_id for _record_id, line_id, _call in claims)
        for (company, environment), own in lines.grouped(lambda line: (line.company_id, line.environment)).items():
            left = self._get_free_left(company, environment, list(set(own.mapped('operation'))), own)
            for operation, some in own.grouped('operation').items():
                some[:left[operation]].may_be_free = True
        return claims

    @api.model
    def _get_free_left(self, company, environment, operations, without=()):
        """Return how many look-ups of each operation are free in this month, as far as Odoo has counted.

        :param company: whose account pays; others that share it count as well.
        :param list operations: of the journal.
        :param without: lines of the journal that are not counted.
        :rtype: dict
        """
        prices = self.env['openapi_pec.price'].sudo().search(
            [('operation', 'in', operations)], order='seen_on NULLS FIRST, id')
        free = {price.operation: price.free_count for price in prices}  # the newest counts
        used = {operation: count for operation, count, _amount in self._get_month(
            company, environment, operations, without)}
        return {
            operation: max(free.get(operation, 0) - used.get(operation, 0), 0) for operation in operations}

    @api.model
    def _get_month(self, company, environment, operations, without=()):
        """Return ``[(operation, number, EUR), …]`` of the account's look-ups in this month.

        :param without: lines of the journal that are not counted.
        """
        return self.env['openapi_pec.api_call']._get_charged_this_month([
            ('operation', 'in', operations), ('environment', '=', environment),
            ('company_id', 'in', company._openapi_pec_with_same_account(environment).ids),
            ('id', 'not in', [line.id for line in without])])

    @api.model
    def _get_queued(self, company, environment, operations):
        """Return how many look-ups the account is about to make, by operation: the journal has no line of them yet.

        :rtype: dict
        """
        return dict(self.sudo()._read_group([
            ('operation', 'in', operations), ('environment', '=', environment), ('state', '=', 'queued'),
            ('company_id', 'in', company._openapi_pec_with_same_account(environment).ids),
        ], ['operation'], ['__count']))

    @api.model
    def _get_cost(self, company, operations):
        """Return what some look-ups cost, before they are asked for.

        :param company: whose account pays.
        :param list operations: one entry for each look-up.
        :return: the least and the most (EUR before VAT, None when a price is not known), how many free ones are left,
            and the operations without a price.
        :rtype: tuple
        """
        counts = defaultdict(int)
        for operation in operations:
            counts[operation] += 1
        account = (company, company.openapi_pec_environment, list(counts))
        queued = self._get_queued(*account)
        left = {
            operation: max(count - queued.get(operation, 0), 0)
            for operation, count in self._get_free_left(*account).items()}
        prices = {operation: self.env['openapi_pec.price']._get(operation) for operation in counts}
        unknown = [operation for operation, price in prices.items() if price is None]
        if unknown:
            return None, None, left, unknown
        least = sum(prices[operation] * max(count - left[operation], 0) for operation, count in counts.items())
        return least, sum(prices[operation] * count for operation, count in counts.items()), left, unknown
