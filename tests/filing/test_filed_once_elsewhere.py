
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ..common import CREATE, PecCase
from ..common_mailbox import MailboxCase


class OtherCompanyMixin:
    """Another company of the database that uses the same account, and somebody who works for it alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env['res.company'].create({'name': "Studio Gemello", 'openapi_pec_token': 'sandbox-token'})
        cls.colleague = new_test_user(
            cls.env, 'pec_colleague', 'base.group_user,base.group_partner_manager,l10n_it_openapi_pec.group_manager',
            company_id=cls.other.id, company_ids=[(6, 0, cls.other.ids)])


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestFiledOnceElsewhere(OtherCompanyMixin, PecCase):
    """What another company has filed is refused as well, and named to those alone who may read it."""

    def create_twin(self):
        return self.create_filing(
            company_id=self.other.id, user_id=self.colleague.id,
            pec_email='prova@legalmail.it').with_user(self.colleague)

    def test_open(self):
        first, twin = self.create_filing(), self.create_twin()
        self.submit(first)
        with self.assertRaisesRegex(UserError, "(?s)nothing was spent.*a filing that you may not see") as refusal:
            twin.action_submit("so it has to be")
        self.assertNotIn(first.name, str(refusal.exception))
        self.assertNotIn(first.name, twin.findings)
        self.assertEqual(self.sandbox.requested(CREATE), 1)
        twin = twin.with_user(self.manager)
        self.manager.company_ids += self.other
        self.assertIn(first.name, twin.findings)

    def test_completed(self):
        first, twin = self.create_filing(), self.create_twin()
        self.submit(first)
        self.sandbox.set_stato('comunicazione_evasa')
        self.run_cron('synchronize')
        with self.assertRaisesRegex(UserError, "(?s)only for a reason.*a filing that you may not see") as refusal:
            twin.action_submit()
        self.assertNotIn(first.name, str(refusal.exception))
        twin.action_submit("a new term of office")
        self.commit()
        self.assertEqual((twin.state, self.sandbox.executed()), ('code_requested', 2))

    def test_merged_contacts(self):
        first = self.create_filing()
        copy = self.partner.copy({'name': "Falegnameria Prova"})
        second = self.create_filing(
            partner_id=copy.id, company_id=self.other.id, user_id=False, pec_email='prova@legalmail.it')
        second.sudo().is_twin = True
        (first + second).sudo().write({'environment': 'sandbox', 'state': 'code_requested'})
        wizard = self.env['base.partner.merge.automatic.wizard'].with_user(self.colleague)
        with self.assertRaisesRegex(UserError, "a record of a company in which you do not work") as refusal:
            wizard._check_openapi_pec_twins(self.partner + copy)
        self.assertNotIn(first.name, str(refusal.exception))
        self.assertIn(second.name, str(refusal.exception))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestMailboxBoughtElsewhere(OtherCompanyMixin, MailboxCase):

    def test_holder_is_not_named(self):
        first = self.buy()
        twin = self.create_mailbox(address=first.address, company_id=self.other.id, user_id=self.colleague.id)
        self.assertIn(first.holder_name, twin.with_user(self.manager).findings)
        twin.invalidate_recordset()
        findings = twin.with_user(self.colleague).findings
        self.assertIn("another mailbox here", findings)
        self.assertNotIn(first.holder_name, findings)
