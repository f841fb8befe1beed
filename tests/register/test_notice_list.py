"""A chamber's list of irregular addresses: who of one's own is on it, and what is noted of it."""
import base64

from stdnum import luhn

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.l10n_it_openapi_pec.models.signer.file_content import read_content

import p7m_files

from ..common_register import TODAY, RegisterCase, date
from ..tools.test_list_text import make_pdf, make_xlsx

CODE, OTHER = '12485671007', '00743110157'
DAY = date(2026, 11, 2)


class NoticeListCase(RegisterCase):

    def setUp(self):
        super().setUp()
        partners = self.env['res.partner']
        alike = partners._openapi_pec_find([CODE, OTHER, 'RSSMRA80A01H501U'])
        (partners.union(*alike.values()) - self.partner - self.representative).active = False  # of the demo data
        self.notices = self.env['openapi_pec.notice']

    def upload(self, content, name='elenco.pdf', province='rm', day=DAY, user=None, **values):
        """Upload a list, or paste its text, and have it read."""
        if isinstance(content, str):
            values['pasted'] = content
        else:
            values |= {'file': base64.b64encode(content), 'file_name': name}
        wizard = self.env['openapi_pec.notice_list'].with_user(user or self.user).create({
            'province_id': self.env.ref(f'base.state_it_{province}').id, 'published_on': day, **values})
        wizard.action_read()
        return wizard

    def rows(self, wizard):
        """Return what is said of whom: ``{contact: (status, whether it is ticked)}``."""
        return {line.partner_id: (line.status, line.is_ticked) for line in wizard.line_ids if line.partner_id}


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestNoticeList(NoticeListCase):

    # ------------------------------------------------------------ who is on it

    def test_each_kind_of_file(self):
        rows = [["Denominazione", "Codice fiscale", "PEC"], ["Falegnameria", int(CODE), "prova@legalmail.it"]]
        text = f"Elenco\nFalegnameria Prova;{CODE};prova@legalmail.it\nNessuno;{self.code_of(1)};x@pec.it\n"
        for name, content in (
                ('elenco.pdf', make_pdf(text.splitlines())), ('elenco.xlsx', make_xlsx(rows)),
                ('elenco.csv', text.encode()), ('elenco.txt', text.encode('cp1252')), ('', text),
                ('elenco.pdf.p7m', p7m_files.sign(p7m_files.identity(), make_pdf(text.splitlines())))):
            with self.subTest(name=name):
                wizard = self.upload(content, name)
                self.assertEqual(self.rows(wizard), {self.partner: ('followed', True)})
                self.assertFalse(self.notices.search([]), "nothing is noted before somebody says so")

    def test_how_many_are_nobodys(self):
        text = '\n'.join([CODE, *(self.code_of(number) for number in range(20)), '12485671008'])
        wizard = self.upload(text)
        self.assertEqual(wizard.summary, "Followed: 1, Not Read: 1, Nobody's here: 20")
        [unread] = wizard.line_ids.filtered(lambda line: line.status == 'unread')
        self.assertEqual((unread.number, unread.written), (22, '12485671008'))
        self.assertIn("check digit is wrong", unread.sentence)

    def test_who_holds_an_office(self):
        wizard = self.upload("Rossi Mario RSSMRA80A01H501U")
        self.assertEqual(self.rows(wizard), {self.partner: ('person', False)})
        wizard.line_ids.is_ticked = True
        wizard.action_note()
        self.assertFalse(self.notices.search([]))
        activity = self.line('administrator').activity_ids
        self.assertIn("look which PEC is meant", activity.summary)
        self.assertEqual(self.stands('administrator')[0], 'to_confirm', "the line stays as it is")

    def test_who_is_not_followed(self):
        second = self.env['res.partner'].create({'name': "Seconda S.p.A.", 'is_company': True, 'vat': f'IT{OTHER}'})
        wizard = self.upload(f"{OTHER}\n{CODE}")
        self.assertEqual(self.rows(wizard), {self.partner: ('followed', True), second: ('known', False)})
        wizard.line_ids.is_ticked = True
        wizard.action_note()
        self.assertEqual(self.stands(partner=second)[:2], ('irregular', 'notice'))

    def test_codes_that_lost_their_zeros(self):
        """As a spreadsheet leaves them: who is found is shown, and a person decides."""
        second = self.env['res.partner'].create({'name': "Seconda S.p.A.", 'is_company': True, 'vat': f'IT{OTHER}'})
        second._openapi_pec_follow()
        for content in (f"Seconda;{OTHER.lstrip('0')}", make_xlsx([["Seconda", int(OTHER)]]),
                        make_xlsx([["Seconda", OTHER.lstrip('0')]])):
            wizard = self.upload(content, 'elenco.xlsx')
            self.assertEqual(self.rows(wizard), {second: ('followed', False)})
            self.assertIn(f"has the tax code {OTHER} without the zeros", wizard.line_ids.sentence)
        wizard.line_ids.is_ticked = True
        wizard.action_note()
        self.assertEqual(self.stands(partner=second)[:2], ('irregular', 'notice'))

    def test_in_full_elsewhere(self):
        """Who is on the list by another code of its own in full is no guess."""
        second = self.env['res.partner'].create({
            'name': "Seconda S.p.A.", 'is_company': True, 'vat': f'IT{OTHER}',
            'l10n_it_codice_fiscale': self.code_of(1)})
        second._openapi_pec_follow()
        wizard = self.upload(f"{OTHER.lstrip('0')}\n{self.code_of(1)}")
        self.assertEqual(self.rows(wizard), {second: ('followed', True)})

    def test_a_pec_beside_a_short_code_of_another(self):
        wizard = self.upload(f"Seconda;{OTHER.lstrip('0')};prova@legalmail.it")
        self.assertEqual(self.rows(wizard), {self.partner: ('address', False)})

    def test_a_wrong_code_beside_a_right_one(self):
        wizard = self.upload(f"{CODE} 12485671008")
        self.assertEqual(wizard.line_ids.mapped('status'), ['followed', 'unread'])

    def test_what_was_left_out_is_told(self):
        wizard = self.upload(make_xlsx([[CODE, 'x' * 1001]]), 'elenco.xlsx')
        self.assertIn("goes on after what was read", wizard.warning)

    def test_a_pec_without_a_code(self):
        self.assertEqual(
            self.rows(self.upload("altra@pec.it\nProva@Legalmail.it")), {self.partner: ('address', True)})
        self.assertEqual(
            self.rows(self.upload(f"{self.code_of(1)}\nprova@legalmail.it")), {self.partner: ('address', False)})

    def test_another_pec_than_the_contacts(self):
        wizard = self.upload(f"{CODE} vecchia@legalmail.it")
        self.assertIn("The list has vecchia@legalmail.it, and the contact has prova@legalmail.it",
                      wizard.line_ids.sentence)

    # ------------------------------------------------------------ what is noted

    def test_the_line_becomes_irregular(self):
        content = make_pdf([CODE])
        wizard = self.upload(content)
        self.assertEqual((wizard.days, wizard.due_on), (30, date(2026, 12, 2)))
        action = wizard.action_note()
        self.assertEqual(self.stands(), ('irregular', 'notice', 'file'))
        line = self.line()
        self.assertEqual((line.due_on, self.positions.search(action['domain'])), (date(2026, 12, 2), line))
        notice = self.partner.openapi_pec_notice_ids
        self.assertEqual(
            (notice.chamber, notice.published_on, notice.due_on), ('RM', DAY, False), "the term of the rules counts")
        self.assertEqual((notice.file_id.name, read_content(notice.file_id)), ('elenco.pdf', content))
        self.assertEqual((notice.file_id.res_model, notice.file_id.res_id), (notice._name, notice.id))
        self.assertIn(f'/web/content/{notice.file_id.id}', notice.with_user(self.user).action_download()['url'])

    def test_the_terms_are_data(self):
        for province, days in (('rm', 30), ('ca', 45), ('bg', 30)):
            self.assertEqual(self.upload(CODE, province=province).days, days)
        self.env['openapi_pec.rule.term'].create({
            'about': 'notice', 'code': 'RM', 'days': 20, 'source': "Camera di Roma", 'valid_from': '2026-01-01'})
        wizard = self.upload(CODE)
        self.assertEqual((wizard.days, wizard.term_source), (20, "Camera di Roma"))
        wizard.days = 60
        wizard.action_note()
        self.assertEqual(self.partner.openapi_pec_notice_ids.due_on, date(2027, 1, 1), "the notice says another one")

    def test_the_responsible_is_told(self):
        self.line().user_id = self.manager
        self.manager.lang = 'en_US'
        self.upload(CODE).action_note()
        activity = self.line().activity_ids
        self.assertEqual((activity.user_id, activity.date_deadline), (self.manager, date(2026, 12, 2)))
        self.assertEqual(activity.activity_type_id, self.env.ref('l10n_it_openapi_pec.mail_activity_type_notice'))
        self.assertEqual(
            activity.summary, "Irregular PEC, by the list of the chamber of Roma of 11/02/2026: communicate a PEC by "
                              "12/02/2026")

    def test_a_pec_communicated_since_is_an_answer(self):
        filing = self.file(outcome='evasa')
        filing.chamber_date = TODAY
        self.upload(CODE).action_note()
        self.assertTrue(self.partner.openapi_pec_notice_ids)
        self.assertEqual(self.stands()[0], 'in_order')
        self.assertFalse(self.line().activity_ids)

    def test_once_even_if_it_is_uploaded_twice(self):
        wizard = self.upload(make_pdf([CODE]))
        wizard.action_note()
        wizard.action_note()
        again = self.upload(make_pdf(["anew", CODE]))
        self.assertEqual(self.rows(again), {self.partner: ('noted', False)})
        again.line_ids.is_ticked = True
        with self.assertRaisesRegex(UserError, "Nothing is ticked"):
            again.action_note()
        self.assertEqual((len(self.partner.openapi_pec_notice_ids), len(self.line().activity_ids)), (1, 1))
        self.assertEqual(self.env['ir.attachment'].search_count([('res_model', '=', self.notices._name)]), 1)

    def test_two_who_upload_it_at_once(self):
        first, second = self.upload(CODE), self.upload(CODE, user=self.manager)
        first.action_note()
        second.action_note()
        self.assertEqual((len(self.partner.openapi_pec_notice_ids), len(self.line().activity_ids)), (1, 1))

    def test_another_day_is_another_notice(self):
        self.upload(CODE).action_note()
        self.upload(CODE, day=date(2026, 11, 20)).action_note()
        self.assertEqual(len(self.partner.openapi_pec_notice_ids), 2)
        activity = self.line().activity_ids
        self.assertEqual(len(activity), 1, "what is to be done is the same")
        self.assertEqual(activity.date_deadline, date(2026, 12, 2), "by the day of the first one")

    def test_an_activity_of_before_silences_no_notice(self):
        self.upload(CODE).action_note()
        activity = self.line().activity_ids
        self.partner.openapi_pec_notice_ids.action_settle()
        self.upload(CODE, day=date(2026, 11, 20), province='mi').action_note()
        self.assertEqual(self.line().activity_ids, activity)
        self.assertEqual(activity.date_deadline, date(2026, 12, 20))
        self.assertIn("Milano", activity.summary)

    def test_noted_and_told_once(self):
        self.line().user_id = self.user
        self.upload(CODE).action_note()
        activity = self.line().activity_ids
        self.run_cron('positions')
        self.env.invalidate_all()
        self.assertEqual(self.line().activity_ids, activity)

    def test_noted_by_another_company(self):
        """Its line is irregular here as well: the responsible is told by the same list, and once."""
        other = self.env['res.company'].create({'name': "Altra S.r.l."})
        colleague = new_test_user(
            self.env, 'pec_colleague', 'base.group_user,l10n_it_openapi_pec.group_user', company_id=other.id,
            company_ids=[Command.set(other.ids)])
        self.partner.with_user(colleague)._openapi_pec_follow()
        late = self.upload(CODE, user=colleague)
        self.upload(CODE).action_note()
        line = self.positions.search([('company_id', '=', other.id), ('kind', '=', 'company')])
        self.assertEqual((line.state, len(line.activity_ids)), ('irregular', 0))
        wizard = self.upload(CODE, user=colleague)
        self.assertEqual(self.rows(wizard), {self.partner: ('followed', True)})
        self.assertIn("Noted already, but the responsible of its line was not told", wizard.line_ids.sentence)
        wizard.action_note()
        self.assertEqual((line.activity_ids.user_id, line.activity_ids.date_deadline), (colleague, date(2026, 12, 2)))
        late.action_note()
        self.assertEqual((len(self.partner.openapi_pec_notice_ids), len(line.activity_ids)), (1, 1))
        self.assertEqual(len(self.line().activity_ids), 1)
        line.activity_ids.action_feedback()
        self.assertEqual(self.rows(self.upload(CODE, user=colleague)), {self.partner: ('noted', False)})

    def test_what_is_being_filed_is_told_there(self):
        self.create_filing(state='code_requested', environment='sandbox')
        wizard = self.upload(CODE)
        self.assertIn("or is being filed.", wizard.line_ids.sentence)
        wizard.action_note()
        self.assertEqual(self.stands()[0], 'under_way')
        self.assertFalse(self.line().activity_ids)

    def test_what_is_not_ticked_is_left(self):
        wizard = self.upload(CODE)
        wizard.line_ids.is_ticked = False
        with self.assertRaisesRegex(UserError, "Nothing is ticked, so nothing was noted"):
            wizard.action_note()
        self.assertFalse(self.notices.search([]))

    def test_a_day_that_was_changed_after_the_list_was_read(self):
        """Who is on it was judged by that day; a slip of it would make a notice that is years late."""
        wizard = self.upload(CODE)
        wizard.published_on = date(2016, 11, 2)
        with self.assertRaisesRegex(UserError, "its day is another one than was read.*Nothing was noted"):
            wizard.action_note()
        self.assertFalse(self.notices.search([]))
        wizard.action_read()
        self.assertIn("term of this notice is over", wizard.warning)

    def test_a_list_that_was_replaced_after_it_was_read(self):
        wizard = self.upload(make_pdf([CODE]))
        wizard.file = base64.b64encode(make_pdf([OTHER]))
        with self.assertRaisesRegex(UserError, "another one than was read.*Nothing was noted"):
            wizard.action_note()
        self.assertFalse(self.notices.search([]))
        wizard.action_read()
        self.assertEqual(wizard.summary, "Nobody's here: 1")

    # ------------------------------------------------------------ bad lists

    def test_what_cannot_be_read(self):
        for content, sentence in (
                (b'\x89PNG\r\n\x1a\n' + b'\0' * 99, "This is a picture"), (make_pdf([]), "This PDF holds pictures"),
                (b'%PDF-1.4 nothing', "This file is damaged"), (b'PK\x03\x04' + b'x' * 99, "This file is damaged"),
                (b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' + b'\0' * 99, "before 2007"),
                (b'\0\1\2' * 99, "This is no PDF, XLSX, CSV or text"), (b'Nessun codice', "No tax code and no PEC"),
                (b'0\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02' + b'\0' * 99, "signature program"),
                ("Nessun codice", "No tax code and no PEC"), ('', "Upload the list, or paste its text")):
            with self.subTest(sentence=sentence), self.assertRaisesRegex(UserError, f"{sentence}.*Nothing was noted"):
                self.upload(content)

    def test_a_file_and_a_text(self):
        with self.assertRaisesRegex(UserError, "one of both"):
            self.upload(make_pdf([CODE]), pasted=CODE)

    def test_days_that_cannot_be(self):
        with self.assertRaisesRegex(UserError, "after today"):
            self.upload(CODE, day=date(2026, 11, 28))
        for days in (0, -5, 4000):
            with self.assertRaisesRegex(UserError, "1 to 365 days"):
                self.upload(CODE, days=days)
        self.assertIn("over since", self.upload(CODE, day=date(2026, 1, 5)).warning)

    def test_formulas_stay_text(self):
        wizard = self.upload(f"=cmd|'/C calc'!A0;{CODE}")
        exported = wizard.line_ids.with_user(self.env.ref('base.user_admin')).sudo().export_data(['written'])
        self.assertTrue(exported['datas'][0][0].startswith("'="))

    def test_fifty_thousand_codes(self):
        digits = [f'{number:07}015' for number in range(1, 50_001)]
        text = '\n'.join([CODE, *(some + luhn.calc_check_digit(some) for some in digits)])
        wizard = self.upload(text)
        self.assertEqual(wizard.summary, "Followed: 1, Nobody's here: 50000")

    # ------------------------------------------------------------ rights and sets

    def test_who_may(self):
        with self.assertRaises(AccessError):
            self.upload(CODE, user=new_test_user(self.env, 'pec_no_list', 'base.group_user'))
        wizard = self.upload(CODE)
        for record in (wizard, wizard.line_ids):
            with self.assertRaises(AccessError):
                record.with_user(self.manager).read(['display_name'])
        with self.assertRaises(AccessError):
            self.notices.with_user(self.manager).create({
                'partner_id': self.partner.id, 'file_id': self.env['ir.attachment'].search([], limit=1).id})

    def test_other_companies(self):
        other = self.env['res.company'].create({'name': "Altra S.r.l."})
        stranger = new_test_user(
            self.env, 'pec_other_list', 'base.group_user,l10n_it_openapi_pec.group_user', company_id=other.id,
            company_ids=[Command.set(other.ids)])
        wizard = self.upload(CODE, user=stranger)
        self.assertEqual(self.rows(wizard), {self.partner: ('known', False)}, "it is everybody's contact")
        self.partner.company_id = self.company
        wizard = self.upload(CODE, user=stranger)
        self.assertEqual((self.rows(wizard), wizard.summary), ({}, "Nobody's here: 1"))

    def test_queries_do_not_grow(self):
        companies = self.create_companies(210)
        companies._openapi_pec_follow()
        self.env.flush_all()
        counts = []
        for day, some in enumerate((companies[:10], companies[:10], companies[10:]), 3):
            self.env.flush_all()
            self.env.invalidate_all()
            text = '\n'.join(some.mapped('l10n_it_codice_fiscale'))
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            wizard = self.upload(text, day=date(2026, 11, day))
            self.env.flush_all()
            read = self.env.cr.sql_log_count
            wizard.action_note()
            self.env.flush_all()
            counts.append((read - before, self.env.cr.sql_log_count - read))
            self.assertEqual(set(some.openapi_pec_position_ids.filtered(
                lambda line: line.kind == 'company').mapped('state')), {'irregular'})
        self.assertLessEqual(counts[2][0], counts[1][0] + 8, counts)
        self.assertLessEqual(counts[2][1], counts[1][1] + 30, counts)
