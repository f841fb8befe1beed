import importlib.util
from pathlib import Path

from odoo.fields import Command
from odoo.tests import TransactionCase, tagged

MIGRATIONS = Path(__file__).resolve().parent.parent.parent / 'migrations'
SCRIPT = MIGRATIONS / '19.0.1.1.0/post-mail.py'
TEXTS = MIGRATIONS / '0.0.0/post-signing-mails.py'
NAMES = ('mail_template_procura', 'mail_template_mailbox_form')


def load(path):
    """Return a migration script as a module."""
    spec = importlib.util.spec_from_file_location('script', path)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return script


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
        script = load(SCRIPT)
        for _again in range(2):
            script.migrate(self.env.cr, '19.0.1.0.0')
            self.env.invalidate_all()
            self.assertEqual((templates.exists(), templates[1].active), (templates[1], False))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestNewTexts(TransactionCase):
    """Mails to signers say who asks, by when and why; a text of somebody's is not lost."""

    def test_templates(self):
        names = ('mail_template_signing', 'mail_template_signing_forms')
        ours, theirs = (self.env.ref(f'l10n_it_openapi_pec.{name}') for name in names)
        ours.body_html = "<p>As it was</p>"
        theirs.with_user(self.env.ref('base.user_admin')).body_html = "<p>Ours</p>"
        self.env.flush_all()
        load(TEXTS).migrate(self.env.cr, '19.0.1.6.0')
        self.env.invalidate_all()
        self.assertIn('_get_deadline()', ours.body_html)
        self.assertIn("Ours", theirs.body_html)

    def test_whichever_request_comes_first(self):
        """Odoo renders a changed template with the first request, which may be one for the other mail."""
        company = self.env['res.partner'].create({'name': "Falegnameria Prova S.r.l.", 'is_company': True})
        about = {'partner_id': company.id, 'user_id': self.env.uid}
        filing = self.env['openapi_pec.communication'].create({**about})
        mailbox = self.env['openapi_pec.mailbox'].create({**about, 'mailbox_type': 'STANDARD'})
        requests = self.env['openapi_pec.signing_request']
        for field, document in (('communication_ids', filing), ('mailbox_ids', mailbox)):
            request = requests.create({
                'name': "Mario Rossi", 'email': 'mario@example.com', 'company_id': self.env.company.id,
                field: [Command.set(document.ids)]})
            self.assertEqual(requests.search([], limit=1), request)
            for name in ('mail_template_signing', 'mail_template_signing_forms'):
                self.env.ref(f'l10n_it_openapi_pec.{name}').reset_template()
