from odoo import api, fields, models
from odoo.tools import ormcache

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.italy import legal_form
from odoo.addons.l10n_it_openapi_pec.tools.obligation import rules

TABLES = ('openapi_pec.rule', 'openapi_pec.rule.term', 'openapi_pec.rule.fine')  # in the order of ``rules.Rows``


class OpenapiPecRule(models.Model):
    """Whether a PEC is due of a legal form, in a state of the company, or of who holds an office."""
    _name = 'openapi_pec.rule'
    _description = "PEC Obligation"
    _inherit = ['openapi_pec.rule.mixin', 'openapi_pec.words.mixin']
    _order = 'about, code, duty, valid_from'
    _row_type = rules.Answer
    _shipped_table = 'answers'
    _key_fields = ('about', 'code', 'duty', 'valid_from')

    about = fields.Selection(
        [('form', "Legal Form"), ('state', "State of the Company"), ('role', "Office")], "Concerns",
        required=True, default='role')
    code = fields.Char(
        help="Of a legal form or an office: the code of the business register. Of an office in small letters where the "
             "register's code is not known.")
    name = fields.Char("Name of the Office")
    duty = fields.Selection(required=True)
    answer = fields.Selection(
        [('yes', "Due"), ('no', "Not Due"), ('undecided', "Undecided")], required=True, default='undecided',
        help="Undecided: nobody has said it, so a person decides for each company.")
    rank = fields.Integer(
        "Order", help="Of an office: 1 sole administrator, 2 delegate, 3 president of the board, 4 who runs a company "
                      "without the duty; 0 for any other. Of an undecided one: the highest that it may have.")
    reason = fields.Selection('_select_reasons', help="Why it is not due, or why nobody knows.")

    @api.depends('about', 'code', 'name')
    @api.depends_context('lang')
    def _compute_display_name(self):
        forms, states = dict(legal_form.choices()), const.position.COMPANY_STATES
        for rule in self:
            code = rule.code or ''
            label = forms.get(code) if rule.about == 'form' else rule.name and f'{rule.name} ({code})'
            if rule.about == 'state' and code in states:
                label = self._in_words(states[code])
            rule.display_name = label or code or '—'

    @api.model
    def _select_reasons(self):
        return [(code, self._in_words(words)) for code, words in const.position.RULE_REASONS.items()]

    @api.constrains('about', 'rank', 'answer', 'reason')
    def _check_row_is_right(self):
        for rule in self:
            highest = rules.WITHOUT_DUTY if rule.about == 'role' else 0
            self._check_row(0 <= rule.rank <= highest, self.env._(
                "The order of an office is a number from 0 to 4; of a legal form and of a state it is 0."))
            self._check_row(bool(rule.reason) == (rule.answer != 'yes'), self.env._(
                "Say why where a PEC is not due, or undecided; and not where it is due."))

    @api.model
    @ormcache('day')
    def _get_rules(self, day):
        """Return the rules of a day as the tables have them now.

        :param datetime.date day: on which is judged.
        :rtype: Rules
        """
        tables = [self.env[table].sudo().search([], order='id') for table in TABLES]
        return rules.in_force(rules.Rows(*(tuple(record._to_row() for record in rows) for rows in tables)), day)

    @api.model
    def _load_all_shipped(self):
        """Load the rows of all tables, as at each installation and update: see :meth:`_load_shipped`."""
        for table in TABLES:
            self.env[table]._load_shipped()

    @api.model
    def _get_roles(self):
        """Return the offices that the rules know: ``{code: name with the code}``, those first that count first."""
        roles = {rule.code: rule for rule in self.sudo().search(
            [('about', '=', 'role'), ('code', '!=', False)], order='valid_from')}
        ranked = sorted(roles.values(), key=lambda rule: (not rule.name, rule.rank or rules.WITHOUT_DUTY + 1, rule.id))
        return {rule.code: rule.display_name for rule in ranked}


class OpenapiPecRuleTerm(models.Model):
    """By when something is due: after a registration or an office starts, a chamber's notice, or a filing."""
    _name = 'openapi_pec.rule.term'
    _description = "PEC Term"
    _inherit = ['openapi_pec.rule.mixin']
    _order = 'about, duty, code, before'
    _rec_name = 'source'
    _row_type = rules.Term
    _shipped_table = 'terms'
    _key_fields = ('about', 'code', 'duty', 'before', 'valid_from')

    about = fields.Selection(
        [('start', "Registration or Office"), ('notice', "Notice of a Chamber"), ('answer', "Answer of a Chamber")],
        "Concerns", required=True, default='notice')
    code = fields.Char(
        "Province", help="Of the chamber whose notices have this term, two letters; empty for all others.")
    before = fields.Date(
        "Started before", help="It is the term of what has started before this day. Empty: of all else.")
    due_on = fields.Date("Due on", help="The last day, where it is the same for all.")
    days = fields.Integer(help="From the start, or the notice, to the last day; 0 for the same day. Of an answer: "
                              "working days from the filing.")

    @api.constrains('about', 'duty', 'due_on', 'days', 'code')
    def _check_row_is_right(self):
        for term in self:
            self._check_row(not (term.due_on and term.days) and term.days >= 0, self.env._(
                "A term is one day, or a number of days: not both."))
            self._check_row(bool(term.duty) == (term.about == 'start'), self.env._(
                "The term of a start is that of a duty; that of a notice is a chamber's."))

    def _to_value(self, name):
        if name == 'days':
            return None if self.due_on else self.days
        return super()._to_value(name)


class OpenapiPecRuleFine(models.Model):
    """What may have to be paid when a duty is not done, in EUR."""
    _name = 'openapi_pec.rule.fine'
    _description = "PEC Fine"
    _inherit = ['openapi_pec.rule.mixin']
    _order = 'duty, valid_from'
    _rec_name = 'duty'
    _row_type = rules.Fine
    _shipped_table = 'fines'
    _key_fields = ('duty', 'valid_from')

    duty = fields.Selection(required=True)
    least = fields.Float("At Least (EUR)", digits=(16, 2), required=True)
    most = fields.Float("At Most (EUR)", digits=(16, 2), required=True)
    reduced = fields.Float(
        "Reduced (EUR)", digits=(16, 2), help="What is paid in its place soon after the notice; 0: not known.")
    reduced_days = fields.Integer("Days for the Reduced One", help="From its notice; 0: not known.")

    _amounts_in_order = models.Constraint(
        'CHECK (least >= 0 AND most >= least AND reduced >= 0 AND reduced_days >= 0)',
        "The least fine cannot be above the highest one, and none is below zero.")

    @api.constrains('least', 'most', 'reduced', 'reduced_days')
    def _check_row_is_right(self):
        for fine in self:
            self._check_row(0 <= fine.least <= fine.most and fine.reduced >= 0 and fine.reduced_days >= 0, self.env._(
                "The least fine cannot be above the highest one, and none is below zero."))
