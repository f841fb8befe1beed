"""The law as records: loaded, corrected by a manager, and left alone by a release where somebody has corrected it."""
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec.models.register.rule import TABLES
from odoo.addons.l10n_it_openapi_pec.tools.obligation import rules

from ..common_register import TODAY, RegisterCase

RULE, TERM, FINE = TABLES


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestRules(RegisterCase):

    def setUp(self):
        super().setUp()
        self.rules = self.env[RULE]

    def find(self, **values):
        return self.env[RULE].search([(name, '=', value) for name, value in values.items()])

    def test_the_tables_are_what_is_shipped(self):
        shipped = rules.in_force(rules.read_shipped(), TODAY)
        self.assertEqual(self.rules._get_rules(TODAY), shipped)
        for table, rows in zip(TABLES, rules.read_shipped(), strict=True):
            self.assertEqual(self.env[table].search_count([]), len(rows))
            self.assertEqual(self.env[table].search([]).mapped('origin'), ['shipped'] * len(rows))
        self.assertEqual(self.find(about='role', code='AUN').display_name, "Amministratore unico (AUN)")

    def test_loading_again_changes_nothing(self):
        before = {table: self.env[table].search([]).ids for table in TABLES}
        self.env.flush_all()
        with self.assertQueryCount(12):
            self.rules._load_all_shipped()
            self.env.flush_all()
        self.assertEqual({table: self.env[table].search([]).ids for table in TABLES}, before)

    def test_a_release_leaves_what_somebody_has_corrected(self):
        """A row that nobody has changed follows; of another one only what was shipped is noted."""
        untouched, corrected = self.find(about='role', code='AMD'), self.find(about='role', code='PAD')
        corrected.with_user(self.manager).write({'answer': 'yes', 'reason': False})
        self.assertEqual((untouched.origin, corrected.origin), ('shipped', 'corrected'))
        self.assertIn("Undecided", corrected.shipped_words)
        table = rules.read_shipped()
        answers = tuple(
            row._replace(answer='no', reason='role_excluded', source="a later law")
            if (row.about, row.code) in (('role', 'AMD'), ('role', 'PAD')) else row
            for row in table.answers if (row.about, row.code) != ('role', 'CUF'))
        self.patch(rules, 'read_shipped', lambda: table._replace(answers=answers))
        self.rules._load_all_shipped()
        self.assertEqual((untouched.answer, untouched.source, untouched.origin), ('no', "a later law", 'shipped'))
        self.assertEqual((corrected.answer, corrected.origin), ('yes', 'corrected'))
        self.assertEqual(corrected.shipped['answer'], 'no')
        self.assertFalse(self.find(about='role', code='CUF'), "what is shipped no more, and nobody has changed")
        corrected.with_user(self.manager).action_take_shipped()
        self.assertEqual((corrected.answer, corrected.origin), ('no', 'shipped'))

    def test_a_row_that_is_added_counts_at_once_and_stays(self):
        self.office.role = 'XYZ'
        self.assertEqual(self.stands('administrator'), ('to_decide', 'role_unknown', 'decide'))
        added = self.rules.with_user(self.manager).create({
            'about': 'role', 'code': 'XYZ', 'duty': 'administrator', 'answer': 'yes', 'rank': 2,
            'source': "Chamber of Roma, by telephone", 'valid_from': '2026-01-01'})
        self.assertEqual(added.origin, 'added')
        self.assertEqual(self.line('administrator').again_on, TODAY, "the job judges all lines anew")
        self.run_cron('positions')
        self.assertEqual(self.stands('administrator'), ('to_confirm', 'not_proved', 'confirm_or_file'))
        self.rules._load_all_shipped()
        self.assertTrue(added.exists())

    def test_who_may(self):
        row = self.find(about='role', code='AUN')
        self.assertEqual(row.with_user(self.user).answer, 'yes')
        with self.assertRaises(AccessError):
            row.with_user(self.user).source = "me"
        with self.assertRaises(AccessError):
            row.with_user(self.manager).unlink()
        with self.assertRaises(UserError):
            row.with_user(self.env.ref('base.user_admin')).unlink()
        with self.assertRaises(AccessError):
            row.with_user(self.manager).shipped = {}
        with self.assertRaises(AccessError):
            row.with_user(self.outsider).read(['answer'])

    def test_what_is_no_row(self):
        row, term, fine = (self.env[table].search([], limit=1).with_user(self.manager) for table in TABLES)
        for record, values in (
                (row, {'answer': 'yes', 'reason': 'trader'}), (row, {'answer': 'no', 'reason': False}),
                (row, {'rank': 9}), (row, {'valid_until': '1999-01-01'}), (row, {'source': False}),
                (term, {'due_on': '2026-01-01', 'days': 3}), (term, {'days': -1}), (fine, {'least': 9999}),
                (fine, {'reduced': -1})):
            with self.subTest(values=values), self.assertRaises(ValidationError), self.env.cr.savepoint():
                record.write(values)
                self.env.flush_all()
        with self.assertRaises(ValidationError):
            row.copy()
