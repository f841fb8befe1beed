import base64

from odoo.tests import HttpCase, tagged

from ..common_mailbox import MailboxCase
from ..service.test_tour import TourMixin
from ..tools.test_list_text import make_pdf

CODE = '12485671007'


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestNoticeListTour(TourMixin, MailboxCase, HttpCase):
    """A user uploads a chamber's list in Italian, and notes who is on it, in Chromium."""

    def test_upload(self):
        self.env['res.lang']._activate_lang('it_IT')
        self.env['ir.module.module']._load_module_terms(['base', 'web', 'l10n_it_openapi_pec'], ['it_IT'])
        self.user.lang = 'it_IT'
        alike = self.env['res.partner']._openapi_pec_find([CODE, 'RSSMRA80A01H501U'])
        (self.env['res.partner'].union(*alike.values()) - self.partner - self.representative).active = False
        self.partner.with_user(self.user)._openapi_pec_follow()
        self.env['openapi_pec.office'].create({
            'partner_id': self.partner.id, 'person_id': self.representative.id, 'role': 'AUN', 'since': '2024-05-06'})
        lines = ["Elenco delle imprese con domicilio digitale irregolare", f"Falegnameria Prova S.r.l. {CODE}",
                 "Rossi Mario RSSMRA80A01H501U", "Verdi S.p.A. 12485671008", *map(self.code_of, range(30))]
        self.env['ir.attachment'].create({
            'name': 'elenco.pdf', 'url': '/openapi_pec_tour/list.pdf', 'public': True,
            'datas': base64.b64encode(make_pdf(lines))})
        self.start_tour('/odoo/pec-notice-list', 'openapi_pec_notice_list', login=self.user.login)
        [line] = self.partner.openapi_pec_position_ids.filtered(lambda line: line.kind == 'company')
        self.assertEqual((line.state, line.activity_ids.user_id), ('irregular', self.user))
        self.assertEqual(self.partner.openapi_pec_notice_ids.file_id.name, 'elenco.pdf')
