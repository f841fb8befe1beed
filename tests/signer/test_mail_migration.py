import importlib.util
from pathlib import Path

from odoo.tests import TransactionCase, tagged

SCRIPT = Path(__file__).resolve().parent.parent.parent / 'migrations/19.0.1.1.0/post-mail.py'
NAMES = ('mail_template_procura', 'mail_template_mailbox_form')


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestMailMigration(TransactionCase):
    """The templates that wrote the link into the kept message are retired; a text of somebody's is not lost."""

    def test_templates(self):
        templates = self.env['mail.template']
        for name in NAMES:
            template = templates.create(
                {'name': name, 'model_id': self.env.ref('l10n_it_openapi_pec.model_openapi_pec_communication').id})
            self.env['ir.model.data'].create({
                'module': 'l10n_it_openapi_pec', 'name': name, 'model': 'mail.template', 'res_id': template.id,
                'noupdate': True})
            templates += template
        templates[1].with_user(self.env.ref('base.user_admin')).body_html = "<p>Ours</p>"
        self.env.flush_all()
        spec = importlib.util.spec_from_file_location('post_mail', SCRIPT)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        for _again in range(2):
            script.migrate(self.env.cr, '19.0.1.0.0')
            self.env.invalidate_all()
            self.assertEqual((templates.exists(), templates[1].active), (templates[1], False))
