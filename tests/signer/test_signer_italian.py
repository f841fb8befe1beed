from lxml import html

from odoo.tests import tagged

from .test_signer import SignerCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSignerItalian(SignerCase):
    """Who signs reads Italian, unless something else is chosen."""

    def setUp(self):
        super().setUp()
        self.env['res.lang']._activate_lang('it_IT')
        self.env.ref('base.module_l10n_it_openapi_pec')._update_translations(['it_IT'])
        self.representative.lang = 'it_IT'

    def test_italian(self):
        page = self.visit()
        self.assertEqual(html.fromstring(page.text).xpath('//h1/text()'), ["Procura da firmare"])
        self.assertIn("Firmarla digitalmente", page.text)
        self.assertIn("Questo PDF non è firmato digitalmente", self.post(self.filing.procura_id.raw).text)
        self.assertIn("Power of attorney to be signed", self.visit(lang='en_US').text)
        self.filing.action_mail_procura()
        mail = self.env['mail.mail'].search([('mail_message_id', '=', self.filing.signing_request_id.message_id.id)])
        self.assertIn("Procura da firmare per Falegnameria Prova", mail.subject)
        self.assertIn("Gentile", mail.body_html)
        self.assertIn("strettamente personale", mail.body_html)
