from odoo.tests import HttpCase, tagged

from ..common_company import CODE, LOOK_UP_COMPANY, get_example
from ..common_look import LookCase, as_register
from ..service.test_tour import TourMixin


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestLookTour(TourMixin, LookCase, HttpCase):
    """A person updates a company from the register, in Chromium, with the sandbox API behind it."""

    def test_update_from_the_register(self):
        self.sandbox.keep_companies(as_register(CODE, pec='altra@legalmail.it'))
        self.start_tour(f'/odoo/contacts/{self.partner.id}', 'openapi_pec_register', login=self.manager.login)
        self.assertEqual(self.requested(), 1)
        self.assertEqual(
            (self.partner.openapi_pec_email, self.partner.street, self.partner.openapi_pec_rea),
            ('altra@legalmail.it', "VIA DELLE PROVE 1", 'RM-1234567'))
        self.assertFalse(self.partner.zip, "its tick was taken away")

    def test_a_line_comes_in_order(self):
        """In Italian, in production, with the vendor's own example for an answer."""
        self.env['res.lang']._activate_lang('it_IT')
        self.env['ir.module.module']._load_module_terms(['l10n_it_openapi_pec'], ['it_IT'])
        self.manager.lang = 'it_IT'
        self.be_real()
        self.sandbox.fault(
            LOOK_UP_COMPANY, 'error_before', status=200, body=get_example(LOOK_UP_COMPANY))
        self.partner.name = "Falegnameria Prova"  # of which no form can be read
        self.partner._openapi_pec_follow()
        line = self.partner.openapi_pec_position_ids.filtered(lambda line: line.kind == 'company')
        self.assertEqual((line.state, line.step), ('to_decide', 'enter_form'))
        self.start_tour(f'/odoo/pec-positions/{line.id}', 'openapi_pec_register_line', login=self.manager.login)
        self.assertEqual((line.state, line.address), ('in_order', 'openapi@legalmail.it'))
        self.assertEqual((self.requested(), self.partner.name), (1, "Falegnameria Prova"))
        self.assertEqual(
            (self.partner.openapi_pec_legal_form, self.partner.openapi_pec_register_state, self.partner.openapi_pec_rea,
             self.partner.street, self.partner.zip, str(self.partner.openapi_pec_registered_on)),
            ('SP', 'active', 'RM-1378273', "VIALE F TOMMASO MARINETTI 221", '00143', '2013-07-19'))
