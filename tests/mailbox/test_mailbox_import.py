from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec import const

from ..common_mailbox_operations import OperationsCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestMailboxImport(OperationsCase):
    """What one row of the account's list has that cannot be taken over is told, and stops nothing else."""

    def test_an_address_that_the_service_has_twice(self):
        """The first of two rows in use is taken, the other one told, and what comes after them is not held up."""
        self.patch(const.service, 'SAFE_MINUTES', -1)
        known = self.take_over()
        for address, stato in [
            (known.address, 'evasa'), ('doppia@testcert.legalmail.it', 'evasa'),
            ('Doppia@testcert.legalmail.it', 'registrata'), ('finita@testcert.legalmail.it', 'chiusa'),
            ('finita@testcert.legalmail.it', 'evasa'), ('sola@testcert.legalmail.it', 'evasa'),
        ]:
            self.sandbox.create_mailboxes(1, stato, casella_pec=address)
        mailboxes = self.env['openapi_pec.mailbox'].with_user(self.manager)
        told = mailboxes.with_context(allowed_company_ids=self.company.ids).action_import_from_service()['params']
        self.assertIn("Odoo follows one of them: doppia@testcert.legalmail.it, " + known.address, told['message'])
        self.assertEqual(told['type'], 'warning')
        imported = mailboxes.search([('is_imported', '=', True)])
        self.assertEqual(sorted(imported.mapped('address')), [
            'doppia@testcert.legalmail.it', 'finita@testcert.legalmail.it', 'finita@testcert.legalmail.it',
            'sola@testcert.legalmail.it'])
        self.assertEqual(mailboxes.search([('address', '=', 'doppia@testcert.legalmail.it')]).state, 'active')
