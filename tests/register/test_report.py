"""What clients are told of their lines: printed, mailed, and under My Account."""
import io

from lxml import html

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.l10n_it_openapi_pec.models.register.report import REPORT
from odoo.addons.l10n_it_openapi_pec.tools.upload import pdf

from ..common_register import RegisterCase

PORTFOLIO = 'l10n_it_openapi_pec.action_report_position_portfolio'


class ReportCase(RegisterCase):
    """A company of which one PEC was filed and entered, and the other one is missing."""

    def setUp(self):
        super().setUp()
        self.filing = self.file(outcome='evasa', chamber_protocol='PRT/12345/2026')
        self.representative.openapi_pec_email = False
        self.partner.openapi_pec_rea = 'RM-1234567'
        self.env.flush_all()

    def print_html(self, lines, report=REPORT, user=None):
        content, _kind = self.env['ir.actions.report'].with_user(user or self.user)._render_qweb_html(report, lines.ids)
        return content.decode()

    def read_text(self, content):
        return ' '.join(html.fromstring(content).xpath('string(//main | //body)').split())

    def print_pdf(self, lines, report=REPORT):
        with mute_logger('odoo.addons.base.models.ir_actions_report'):
            content, kind = self.env['ir.actions.report'].with_user(self.user).with_context(
                force_report_rendering=True)._render_qweb_pdf(report, lines.ids)
        self.assertEqual(kind, 'pdf')
        return pdf.find_library()[0](io.BytesIO(content)).pages


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestReport(ReportCase):

    def test_a_client(self):
        """Both duties, whichever line was chosen; what was done, with protocol and dates; what is due, and the fine."""
        text = self.read_text(self.print_html(self.line()))
        for part in (
                self.partner.name, 'RM-1234567', '12485671007', "In Order",
                'prova@legalmail.it', self.filing.name, 'PRT/12345/2026', '10/05/2026', '10/12/2026',
                "Mario Rossi", "Missing", "12/31/2025", "the term is over", "206.00 – 2,064.00",
                self.company.name, "alone is decisive"):
            self.assertIn(part, text)
        self.assertNotIn("reduced", text, "of an administrator's fine nobody has said it")

    def test_the_reduced_fine(self):
        self.partner.openapi_pec_email = False
        self.assertIn(
            "EUR 206.00 – 2,064.00 for each legal representative (reduced: EUR 412.00, if paid within 60 days of its "
            "notice)",
            self.read_text(self.print_html(self.line())))
        self.partner.openapi_pec_legal_form = 'DI'  # of a trader there is one
        self.assertNotIn("for each", self.read_text(self.print_html(self.line())))
        self.partner.openapi_pec_legal_form = 'SR'
        self.assertIn("reduced: 412.00", self.read_text(self.print_html(self.line(), PORTFOLIO)))
        self.env['openapi_pec.rule.fine'].search([('duty', '=', 'company')]).reduced_days = 0
        self.run_cron('positions')
        self.assertIn("(reduced: EUR 412.00)", self.read_text(self.print_html(self.line())))

    def test_the_letterhead(self):
        """That of Odoo's reports, as far as it stands in the company."""
        self.company.write({
            'company_details': '<p>Studio Prova<br/>Via delle Prove 1</p>', 'report_header': '<p>Commercialisti</p>',
            'report_footer': '<p>Iscritto all\'albo</p>', 'primary_color': '#123456'})
        content = self.print_html(self.line())
        for part in ("Via delle Prove 1", "Commercialisti", "Iscritto all'albo"):
            self.assertIn(part, self.read_text(content))
        self.assertIn('solid #123456', content)

    def test_in_the_clients_language(self):
        self.env['res.lang']._activate_lang('it_IT')
        self.partner.lang = 'it_IT'
        text = self.read_text(self.print_html(self.line()))
        self.assertIn("In regola", text)
        self.assertIn("31/12/2025", text)

    def test_a_portfolio(self):
        other = self.create_companies(1)
        lines = other._openapi_pec_follow() + self.line()
        text = self.read_text(self.print_html(lines, PORTFOLIO))
        for part in (self.partner.name, other.name, "In Order"):
            self.assertIn(part, text)

    def test_text_from_outside(self):
        self.partner.name = '<img src="http://example.com/x"/> & <b>S.r.l.</b>'
        content = self.print_html(self.line())
        self.assertNotIn('<img src="http://example.com', content)
        self.assertIn(self.partner.name, self.read_text(content))

    def test_queries(self):
        counts = []
        for count in (2, 30):
            companies = self.create_companies(count)
            companies._openapi_pec_follow()
            for company in companies:
                self.file(partner_id=company.id, pec_email=company.openapi_pec_email)
            self.env.flush_all()
            self.env.invalidate_all()
            lines = self.positions.with_user(self.user).search([('partner_id', 'in', companies.ids)])
            before = self.env.cr.sql_log_count
            self.assertEqual(len(lines._show_clients()), count)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)

    def test_whose_it_is(self):
        elsewhere = self.env['res.company'].create({'name': "Altra S.r.l."})
        stranger = new_test_user(
            self.env, 'pec_stranger', 'base.group_user,l10n_it_openapi_pec.group_user', company_id=elsewhere.id,
            company_ids=[Command.set(elsewhere.ids)])
        for user in (stranger, self.outsider):
            for report in (REPORT, PORTFOLIO):
                with self.assertRaises(AccessError):
                    self.print_html(self.line(), report, user)

    def test_who_is_not_followed(self):
        """There is no page without content, and no mail to nobody."""
        line = self.line()
        for leave, back in (
                (lambda: self.partner._openapi_pec_follow(False), self.partner._openapi_pec_follow),
                (lambda: self.partner.write({'active': False}), lambda: self.partner.write({'active': True}))):
            leave()
            self.env.flush_all()
            for told in (self.print_html, lambda lines: lines.with_user(self.user).action_send()):
                with self.assertRaisesRegex(UserError, "Nobody follows these any more.*Nothing was printed or mailed"):
                    told(line)
            back()
            self.assertIn(self.partner.name, self.read_text(self.print_html(line)))

    # ------------------------------------------------------------ mailed

    def compose(self, lines):
        action = lines.with_user(self.user).action_send()
        return self.env['mail.compose.message'].with_user(self.user).with_context(**action['context'])

    def test_mailed(self):
        self.partner.email = 'cliente@example.com'
        composer = self.compose(self.line()).create({})
        self.assertEqual(composer.partner_ids, self.partner)
        self.assertIn(self.partner.name, composer.subject)
        self.assertTrue(composer.attachment_ids)
        composer._action_send_mail()
        message = self.line().message_ids[:1]
        self.assertIn("attached you find how", message.body)
        self.assertEqual(message.attachment_ids.mapped('res_model'), ['openapi_pec.position'])

    def test_mailed_once_to_each_client(self):
        other = self.create_companies(1)
        other.email = 'altra@example.com'
        other._openapi_pec_follow()
        action = self.positions.search([]).with_user(self.user).action_send()
        self.assertEqual(action['context']['default_composition_mode'], 'mass_mail')
        lines = self.positions.browse(action['context']['default_res_ids'])
        self.assertEqual(sorted(lines.partner_id.ids), sorted((self.partner + other).ids))
        self.assertEqual(len(lines), 2)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestReportPrinted(ReportCase, HttpCase):
    """What wkhtmltopdf makes of it, beside a server from which it gets the styles of Odoo's reports."""

    def test_printed_by_any_build(self):
        """A build that is not patched prints several clients in one file, and head and foot of each."""
        other = self.create_companies(1)
        other._openapi_pec_follow()
        pages = self.print_pdf(self.line() + self.line(partner=other))
        self.assertEqual(len(pages), 2)
        for page, partner in zip(pages, (self.partner, other), strict=True):
            text = ''.join(page.extract_text().split())
            for part in (partner.name, self.company.name, "alone is decisive"):
                self.assertIn(part.replace(' ', ''), text)
        self.assertEqual(len(self.print_pdf(self.line() + self.line('administrator'), PORTFOLIO)), 1)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestPositionPortal(ReportCase, HttpCase):

    def setUp(self):
        super().setUp()
        colleague, stranger = self.env['res.partner'].create([
            {'name': "Carlo Collega", 'parent_id': self.partner.id, 'email': 'collega@example.com'},
            {'name': "Elena Estranea", 'email': 'estranea@example.com'}])
        self.colleague_user, self.stranger_user = (
            new_test_user(self.env, f'portal_{login}', 'base.group_portal', partner_id=partner.id, name=partner.name)
            for login, partner in (('colleague', colleague), ('stranger', stranger)))

    def read_page(self, user):
        self.authenticate(user.login, user.login)
        page = self.url_open('/my/pec-positions')
        self.assertEqual(page.status_code, 200)
        return ' '.join(html.fromstring(page.text).xpath('string(//main)').split())

    def count(self):
        answer = self.url_open('/my/counters', json={'params': {'counters': ['pec_position_count']}})
        return answer.json()['result']['pec_position_count']

    def test_ones_own(self):
        text = self.read_page(self.colleague_user)
        for part in (self.partner.name, "In Order", 'prova@legalmail.it', "Mario Rossi", "Missing", "2,064.00"):
            self.assertIn(part, text)
        self.assertEqual(self.count(), 2)
        response = self.url_open('/my/pec-positions/pdf')
        self.assertEqual(response.status_code, 200)
        self.assertIn(self.partner.name, response.text)

    def test_nobody_elses(self):
        text = self.read_page(self.stranger_user)
        self.assertIn("Nobody follows a position of yours yet", text)
        self.assertNotIn(self.partner.name, text)
        self.assertEqual(self.count(), 0)
        with mute_logger('odoo.http'):
            self.assertEqual(self.url_open('/my/pec-positions/pdf').status_code, 404)
            line = self.line()
            self.assertNotEqual(
                self.url_open(f'/report/html/l10n_it_openapi_pec.report_position_client/{line.id}').status_code, 200)
        self.authenticate(None, None)
        self.assertIn('/web/login', self.url_open('/my/pec-positions').url)

    def test_followed_no_more(self):
        self.partner._openapi_pec_follow(False)
        self.assertNotIn(self.partner.name, self.read_page(self.colleague_user))

    def test_another_company_of_this_odoo(self):
        """A user finds what a company follows that is his: not each one of this Odoo."""
        elsewhere = self.env['res.company'].create({'name': "Altra S.r.l."})
        self.colleague_user.write({'company_ids': [Command.set(elsewhere.ids)], 'company_id': elsewhere.id})
        self.assertNotIn("In Order", self.read_page(self.colleague_user))
        self.assertEqual(self.count(), 0)

    def test_of_a_contact_of_the_same_company(self):
        """A person who is followed for himself is nobody's but his own."""
        person = self.env['res.partner'].create({'name': "Tina Titolare", 'parent_id': self.partner.id})
        person._openapi_pec_follow()
        self.assertNotIn("Tina Titolare", self.read_page(self.colleague_user))

    def test_archived(self):
        self.partner.active = False
        self.assertIn("Nobody follows a position of yours yet", self.read_page(self.colleague_user))

    def test_nothing_in_the_address_counts(self):
        line = self.line()
        for query in (f'ids={line.id}', f'partner_id={self.partner.id}', f'docids={line.id}', 'lang=../../etc'):
            self.authenticate(self.stranger_user.login, self.stranger_user.login)
            page = self.url_open(f'/my/pec-positions?{query}')
            self.assertNotIn(self.partner.name, page.text)
            with mute_logger('odoo.http'):
                self.assertEqual(self.url_open(f'/my/pec-positions/pdf?{query}').status_code, 404)

    def test_without_wkhtmltopdf(self):
        """The page stays, without a download."""
        self.assertIn("Download as PDF", self.read_page(self.colleague_user))
        self.patch(type(self.env['ir.actions.report']), 'get_wkhtmltopdf_state', lambda _reports: 'install')
        text = self.read_page(self.colleague_user)
        self.assertNotIn("Download as PDF", text)
        self.assertIn("In Order", text)
        with mute_logger('odoo.http'):
            self.assertEqual(self.url_open('/my/pec-positions/pdf').status_code, 404)

    def test_what_was_done(self):
        text = self.read_page(self.colleague_user)
        for part in (self.filing.name, 'PRT/12345/2026', '10/05/2026', '10/12/2026'):
            self.assertIn(part, text)

    def test_no_more_than_that(self):
        """Of who else has an address, and of what people here have decided, a client is told nothing."""
        other = self.create_companies(1)
        other.openapi_pec_email = self.partner.openapi_pec_email
        self.line().write({'decision': 'yes', 'decision_reason': "segretissimo"})
        text = self.read_page(self.colleague_user)
        self.assertNotIn(other.name, text)
        self.assertNotIn("segretissimo", text)
