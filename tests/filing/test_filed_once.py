import importlib.util
from pathlib import Path

from odoo.exceptions import UserError
from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.tools.pec.identity_digest import digest

from ..common import PecCase

CODE, PERSON = '12485671007', 'RSSMRA80A01H501U'
OURS = ('production', CODE, 1, 'company', PERSON, 'prova@legalmail.it')


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestDigest(BaseCase):
    """What makes a filing the same as another one."""

    def test_the_same(self):
        for other in [
            ('production', 'IT 12485671007', 2, 'company', 'VRDNNA85C41F205T', 'PROVA@legalmail.it '),
            ('production', '124-85671007', 3, 'company', '', 'prova@legalmail.it'),
        ]:
            self.assertEqual(digest(*OURS), digest(*other))
        omocode = 'RSSMRA80A01H50MS'
        self.assertEqual(digest('sandbox', CODE, 1, 'administrator', PERSON, 'a@pec.it'),
                         digest('sandbox', CODE, 1, 'administrator', omocode, 'a@pec.it'))
        self.assertEqual(
            digest('sandbox', '', 7, 'company', '', 'a@pec.it'),
            digest('sandbox', False, 7, 'company', False, 'a@pec.it'))

    def test_another_one(self):
        for position, value in [(0, 'sandbox'), (1, '00743110157'), (3, 'administrator'), (5, 'altra@legalmail.it')]:
            other = [*OURS]
            other[position] = value
            self.assertNotEqual(digest(*OURS), digest(*other), value)
        self.assertNotEqual(
            digest('sandbox', '', 7, 'company', '', 'a@pec.it'), digest('sandbox', '', 8, 'company', '', 'a@pec.it'))

    def test_it_tells_nothing(self):
        self.assertRegex(digest(*OURS), '^[0-9a-f]{64}$')


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestFiledOnce(PecCase):
    """The same filing is under way once, whichever contact it hangs on: in the checks, and in the database."""

    def create_twin(self):
        """A second contact of the same company, with its filing of the same PEC."""
        twin = self.partner.copy({'name': "Falegnameria Prova", 'openapi_pec_email': 'prova@legalmail.it'})
        self.representative.copy({'parent_id': twin.id})
        return self.create_filing(partner_id=twin.id, pec_email='prova@legalmail.it')

    def test_two_contacts_of_one_company(self):
        first, second = self.create_filing(), self.create_twin()
        first.action_submit()
        with self.assertRaisesRegex(UserError, "(?s)nothing was spent.*follow that filing"):
            second.action_submit("so it has to be")
        self.assertIn(first.name, second.findings)

    def test_the_database(self):
        """Two people at the same moment: the checks saw nothing yet."""
        first, second = self.create_filing(), self.create_twin()
        (first + second).sudo().write({'environment': 'sandbox'})
        self.assertEqual(first.sudo().digest, second.sudo().digest)
        self.env.cr.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'openapi_pec_communication_filed_once'")
        self.assertIn('digest', self.env.cr.fetchone()[0])

    def test_drafts_and_closed_ones_are_free(self):
        first, second = self.create_filing(), self.create_twin()
        self.assertFalse((first + second).sudo().filtered('digest'), "a draft has no environment yet")
        self.submit(first)
        self.sandbox.set_stato('comunicazione_evasa')
        self.run_cron('synchronize')
        self.submit_with_reason(second)
        self.assertEqual((first.state, second.state), ('completed', 'code_requested'))

    def submit_with_reason(self, filing):
        filing.action_submit("a new term of office")
        self.commit()

    def test_migration_of_open_twins(self):
        """The older one stays under guard, the other is marked; the index can be made."""
        first, second = self.create_filing(), self.create_twin()
        filings = (first + second).sudo()
        filings.write({'environment': 'sandbox'})
        self.env.flush_all()
        self.env.cr.execute("""
            DROP INDEX openapi_pec_communication_filed_once;
            UPDATE openapi_pec_communication SET state = 'code_requested' WHERE id = ANY(%(ids)s);
            ALTER TABLE openapi_pec_communication DROP COLUMN digest, DROP COLUMN is_twin
        """, {'ids': filings.ids})
        path = Path(__file__).parent.parent.parent / 'migrations' / '19.0.1.2.0' / 'pre-digest.py'
        spec = importlib.util.spec_from_file_location('pre_digest', path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        module.migrate(self.env.cr, '19.0.1.0.0')
        self.env.cr.execute(
            "SELECT id, is_twin, digest IS NOT NULL FROM openapi_pec_communication WHERE id = ANY(%s)", [filings.ids])
        self.assertEqual({row[0]: (bool(row[1]), row[2]) for row in self.env.cr.fetchall()}, {
            first.id: (False, True), second.id: (True, False)})
        self.env.cr.execute("""
            CREATE UNIQUE INDEX openapi_pec_communication_filed_once ON openapi_pec_communication (digest)
             WHERE state IN ('queued', 'unconfirmed', 'code_requested', 'awaiting_documents', 'documents_uploaded')
        """)
