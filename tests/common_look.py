"""Helpers of the tests of look-ups: companies that the register knows, and people who ask about them."""
from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module

from .common import PecCase
from .common_company import CODE, LOOK_UP_COMPANY, LOOK_UP_OFFICES, LOOK_UP_PEC, SEARCH

WAYS = {
    'register_company': LOOK_UP_COMPANY, 'register_offices': LOOK_UP_OFFICES, 'register_pec': LOOK_UP_PEC,
    'register_count': SEARCH}


def as_register(code, **fields):
    """Return a company as the sandbox keeps it: like the contact of the tests, but for what is given."""
    return {
        'taxCode': code, 'companyName': "FALEGNAMERIA PROVA S.R.L.", 'cciaa': 'RM', 'reaCode': '1234567',
        'detailedLegalForm': {'code': 'SR', 'description': "SOCIETA' A RESPONSABILITA' LIMITATA"},
        'address': {'registeredOffice': {
            'streetName': "VIA DELLE PROVE 1", 'town': "ROMA", 'hamlet': None, 'province': 'RM', 'zipCode': '00100',
            'townCode': 'H501'}},
        'activityStatus': 'ATTIVA', 'registrationDate': '2020-03-04', 'startDate': '2020-03-10', 'endDate': None,
        'pec': 'prova@legalmail.it', 'history': [], 'managers': [], 'shareholders': [], **fields}


class LookCase(PecCase):
    """A company that the register knows a little differently than its contact."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.looks = cls.env['openapi_pec.register_look']

    def setUp(self):
        super().setUp()
        self.patch(client_module, 'READ_PAUSES', ())
        self.sandbox.keep_companies(as_register(CODE))

    def question(self, partners=None, user=None, **values):
        action = (self.partner if partners is None else partners).with_user(
            user or self.manager).action_openapi_pec_update()
        question = self.env[action['res_model']].with_user(user or self.manager).browse(action['res_id'])
        question.write(values)
        return question

    def update(self, partners=None, **values):
        """Press the button and confirm the question; return what it has asked, with the rights of nobody."""
        action = self.question(partners, **values).action_confirm()
        self.commit()
        return self.env[action['res_model']].browse(action['res_id'])

    def be_real(self):
        """Be in production, where things are paid; the sandbox API stands for it."""
        self.company.openapi_pec_environment = 'production'

    def requested(self, operation='register_company'):
        return self.sandbox.requested(WAYS[operation])

    def line(self, look):
        return look.sudo().api_call_ids[:1]
