import io
import zipfile

from odoo.exceptions import UserError
from odoo.tests import BaseCase, HttpCase, new_test_user, tagged

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.upload import file_names

from ..common import PecCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestProcure(PecCase, HttpCase):
    """Many powers of attorney as one file."""

    def setUp(self):
        super().setUp()
        self.filings = self.create_filing() + self.create_filing()
        for number, filing in enumerate(self.filings):
            filing.sudo().procura_id = self.env['ir.attachment'].create({
                'name': 'procura.pdf', 'raw': b'%%PDF %d' % number, 'res_model': filing._name, 'res_id': filing.id})
            filing.state = 'awaiting_documents'

    def download(self, filings, login='pec_user'):
        url = filings.with_user(self.user).action_download_procure()['url']
        self.authenticate(login, login)
        return self.url_open(url, allow_redirects=False)

    def test_one_file(self):
        response = self.download(self.filings + self.create_filing())
        self.assertEqual((response.status_code, response.headers['Content-Type']), (200, 'application/zip'))
        self.assertIn('procure.zip', response.headers['Content-Disposition'])
        self.assertEqual(response.headers['Cache-Control'], 'no-store')
        with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
            contents = {name: archive.read(name) for name in archive.namelist()}
        self.assertEqual(contents, {
            f"procura {filing.name.replace('/', '-')} Falegnameria Prova S.r.l.pdf": filing.procura_id.raw
            for filing in self.filings})

    def test_who_may(self):
        company = self.env['res.company'].create({'name': "Altra"})
        stranger = new_test_user(self.env, 'pec_stranger', 'l10n_it_openapi_pec.group_user', company_id=company.id,
                                 company_ids=[(6, 0, company.ids)])
        portal = new_test_user(self.env, 'pec_portal', 'base.group_portal')
        for login in (stranger.login, portal.login, 'pec_outsider'):
            self.assertEqual(self.download(self.filings, login).status_code, 404, login)
        self.assertEqual(self.download(self.filings, None).status_code, 303)  # to the login

    def test_wrong_addresses(self):
        self.authenticate('pec_user', 'pec_user')
        too_many = ','.join(map(str, range(1, const.filing.PROCURE_PER_ARCHIVE + 2)))
        for ids in ('', 'x', '1,,2', '-1', '9' * 9, '9' * 30, too_many, str(self.create_filing().id)):
            self.assertEqual(self.url_open(f'/openapi_pec/procure.zip?ids={ids}').status_code, 404, ids)

    def test_nothing_and_too_much(self):
        with self.assertRaisesRegex(UserError, "has a power of attorney yet"):
            self.create_filing().action_download_procure()
        self.patch(const.filing, 'PROCURE_PER_ARCHIVE', 1)
        with self.assertRaisesRegex(UserError, "choose 1 filings at most"):
            self.filings.action_download_procure()


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestFileNames(BaseCase):

    def test_names(self):
        self.assertEqual(
            file_names.distinct(
                ["PEC/1 Città & Figli", "pec-1 citta - figli", '../../etc/passwd', '', '..', 'x' * 300, "a\nb\0c"],
                '.pdf'),
            [
                'PEC-1 Citta - Figli.pdf', 'pec-1 citta - figli (2).pdf', 'etc-passwd.pdf', 'file.pdf', 'file (2).pdf',
                'x' * 80 + '.pdf', 'a-b-c.pdf'])
