from odoo.tests import TransactionCase, tagged

MODULE = 'l10n_it_openapi_pec'
SHOWING = {'list', 'kanban', 'graph', 'pivot', 'calendar', 'activity'}


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestEmptyLists(TransactionCase):
    """An empty list says that it is empty, and what to do; it never shows invented records, which look real."""

    def get_own(self, model):
        """Return the addon's records of a model of views or actions."""
        data = self.env['ir.model.data'].search([('module', '=', MODULE), ('model', '=', model)])
        return self.env[model].browse(data.mapped('res_id'))

    def test_no_sample_data(self):
        views = self.get_own('ir.ui.view').filtered('model')
        self.assertTrue(views)
        self.assertFalse(views.filtered(lambda view: 'sample=' in view.arch_db).mapped('name'))
        for action in self.get_own('ir.actions.act_window'):
            modes = [mode for _view_id, mode in action.views if mode in SHOWING]
            found = self.env[action.res_model].get_views([(False, mode) for mode in modes])['views'] if modes else {}
            for mode, view in found.items():
                if action.res_model.startswith('openapi_pec.'):
                    with self.subTest(action=action.name, mode=mode):
                        self.assertNotIn(' sample=', view['arch'])

    def test_what_an_empty_list_says(self):
        for action in self.get_own('ir.actions.act_window'):
            if SHOWING & {mode for _view_id, mode in action.views}:
                with self.subTest(action=action.name):
                    self.assertIn('o_view_nocontent', action.help or '')
                    # It is also seen when there are records, and a filter finds none of them.
                    self.assertNotRegex(action.help, r'smiling_face">[^<]*\b(yet|any more)\b')
