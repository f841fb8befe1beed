from lxml import html

from odoo.tests import tagged

from ..common_page import without_moment
from .test_signer import SignerCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestDeadLink(SignerCase):
    """A link that opens nothing gets one page, the same whatever the link was, with whom to ask."""

    def setUp(self):
        super().setUp()
        self.env['res.lang']._activate_lang('it_IT')
        self.company.write({'email': 'studio@example.com', 'phone': '06 1234567'})
        self.env.flush_all()

    def get_dead(self):
        """Return addresses that open nothing, each for another reason."""
        draft = self.create_filing()
        token = draft._portal_ensure_token()
        gone = self.create_filing()
        gone_token = gone._portal_ensure_token()
        path = '/openapi_pec/signature'
        return [
            f'{path}/{self.filing.id}?access_token=x', f'{path}/{self.filing.id}', f'{path}/0?access_token={token}',
            f'{path}/{draft.id}?access_token={token}', f'{path}/{gone.id}?access_token={gone_token}',
            f'{path}/999999999?access_token={token}', f'{path}/x?access_token={token}',
            f'{path}/{self.filing.id}/procura?access_token={token}',
            f'{path}/{self.filing.id}/state?access_token={token}',
            f'{path}/{self.filing.id}/signed?access_token={token}',
            f'{path}/{self.filing.id}/signed?access_token={self.filing.access_token}',
            f'/openapi_pec/mailbox/{self.filing.id}?access_token={self.filing.access_token}',
        ]

    def test_one_page_for_all(self):
        for lang in ('en_US', 'it_IT'):
            answers = [
                self.url_open(f"{address}{'&' if '?' in address else '?'}lang={lang}") for address in self.get_dead()]
            self.assertEqual({answer.status_code for answer in answers}, {404})
            self.assertEqual(len({without_moment(answer.text) for answer in answers}), 1)
            [headers] = {tuple(sorted(
                (name, value) for name, value in answer.headers.items() if name not in ('Date', 'Set-Cookie')
            )) for answer in answers}
            self.assertIn(('Cache-Control', 'no-store'), headers)
            tree = html.fromstring(answers[0].text)
            self.assertEqual(tree.xpath('/html/@lang'), [lang.replace('_', '-')])
            for shown in (self.company.name, 'studio@example.com', '06 1234567'):
                self.assertIn(shown, tree.xpath('string(//main)'))
            for hidden in (self.filing.name, self.filing.company_name, "Mario", self.filing.access_token):
                self.assertNotIn(hidden, answers[0].text)

    def test_language_of_the_browser(self):
        for header, lang in (
            ('en-GB,en;q=0.9', 'en-US'), ('it-IT,it;q=0.9,en;q=0.5', 'it-IT'), ('de,en;q=0.5', 'en-US'),
            ('en-GB', 'en-US'), ('xx', 'it-IT'), ('', 'it-IT'), ('*', 'it-IT'), (';;q=x,' * 50, 'it-IT'),
        ):
            page = self.url_open('/openapi_pec/signature/0', headers={'Accept-Language': header})
            self.assertEqual(html.fromstring(page.text).xpath('/html/@lang'), [lang], header)

    def test_another_company_is_not_told(self):
        """What it names is this Odoo's own company, whosever the record is."""
        other = self.env['res.company'].create({'name': "Altra Segreta S.r.l.", 'email': 'segreta@example.com'})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE openapi_pec_communication SET company_id = %s WHERE id = %s", [other.id, self.filing.id])
        self.env.invalidate_all()
        page = self.url_open(f'/openapi_pec/signature/{self.filing.id}?access_token=x')
        self.assertNotIn('egreta', page.text)
        self.assertIn(self.company.name, page.text)

    def test_accessible(self):
        tree = html.fromstring(self.url_open('/openapi_pec/signature/0').text)
        self.assertEqual([element.tag for element in tree.xpath('//h1|//h2|//h3')], ['h1', 'h2'])
        self.assertTrue(tree.xpath('//main//a[@href="mailto:studio@example.com"]'))
        self.assertEqual(tree.xpath('//nav/a/@lang'), tree.xpath('//nav/a/@hreflang'))
