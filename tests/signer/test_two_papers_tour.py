import json
import re

from odoo import fields
from odoo.tests import HttpCase, tagged

from ..common import PecCase
from ..common_mail import MailMixin, text_of
from ..service.test_tour import PICTURES, take_pictures
from .test_signer_tour import let_tours_run


class TwoPapersCase(MailMixin, PecCase, HttpCase):
    """Two powers of attorney for one person, in Italian, and a mail server."""

    def setUp(self):
        super().setUp()
        self.env['res.lang']._activate_lang('it_IT')
        self.env.ref('base.module_l10n_it_openapi_pec')._update_translations(['it_IT'])
        self.representative.lang = self.user.lang = 'it_IT'
        self.server = self.start_mail_server()
        self.filings = self.create_filing() + self.create_filing(kind='administrator')
        for filing in self.filings:
            self.bring_to_signature(filing)
        if PICTURES:
            take_pictures(self)

    def get_links(self, mail):
        """Return the links to the pages in a mail, without the address of this Odoo."""
        links = re.findall(r'href="https?://[^/"]+(/openapi_pec/signature/[^"]+)"', text_of(mail))
        return [link.replace('&amp;', '&') for link in links]


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestTwoPapersTour(TwoPapersCase):
    """The signer gets one mail, and signs both papers on a phone."""
    browser_size = '390x844'
    touch_enabled = True

    def test_sign_both(self):
        self.filings.with_user(self.user).action_mail_procura()
        self.send()
        [(_address, mail)] = self.server.mails
        links = self.get_links(mail)
        self.assertEqual(len(links), 2)
        let_tours_run(self.env)
        files = [
            (f'signed-{number}.p7m', self.sign(filing)) for number, filing in enumerate(self.filings, 1)]
        self.env['ir.attachment'].create([{
            'name': name, 'url': f'/openapi_pec_tour/{name}', 'raw': content, 'public': True,
        } for name, content in [*files, ('links.json', json.dumps(links).encode())]])
        self.start_tour(links[0], 'openapi_pec_sign_both', login=None)
        self.env.invalidate_all()
        for filing in self.filings:
            self.assertIn(filing.procura_id.raw, filing.signed_procura_id.raw)
            self.assertTrue(filing.page_opened_at and filing.page_downloaded_at and filing.page_uploaded_at)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestReminderTour(TwoPapersCase):
    """A user mails both papers after a look at the mail; the reminder is seen on the filing."""
    browser_size = '1366x768'

    def test_mailed_and_reminded(self):
        self.start_tour(
            f'/odoo/pec-communications/{self.filings[0].id}', 'openapi_pec_compose', login=self.user.login)
        self.send()
        [(_address, mail)] = self.server.mails
        self.assertIn("Come da accordi", text_of(mail))
        self.filings[0].remind_at = fields.Datetime.now()
        self.run_cron('signing')
        self.send()
        self.assertEqual(len(self.server.mails), 2)
        self.start_tour(
            f'/odoo/pec-communications/{self.filings[0].id}', 'openapi_pec_reminded', login=self.user.login)
