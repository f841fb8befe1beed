
from odoo.tests import tagged

import p7m_files as files
from p7m_files import DAY, NOW, Identity
from trust_files import Authority, drip
from trust_world import ANSWERS, REVOKED

from ..common_trust import TrustMixin
from ..signer.test_signer import KEPT, REFUSED, SignerCase

PENDING = "is being checked"


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSignedOutside(TrustMixin, SignerCase):
    """What a signer uploads is verified before it is kept, by the job, and he is told what he can mend."""

    def setUp(self):
        super().setUp()
        self.trust_world()
        self.leaf = self.world.issue()

    def send(self, leaf=None):
        """Upload a signed file on the page, and let the job judge it; return the page."""
        page = self.post(self.sign_by(leaf or self.leaf, self.filing))
        self.assertIn(PENDING, page.text)
        self.assertEqual(self.server.asked, [], "a visitor's request reaches out to nobody")
        self.run_cron('uploads')
        return self.visit().text

    def test_good(self):
        page = self.send()
        self.assertIn(KEPT, page)
        self.assertEqual(self.server.asked, [ANSWERS])
        self.assertEqual(self.filing.signature_level, 'good')
        self.assertIn("nothing was found against it", self.messages(self.filing))

    def test_sent_by_itself(self):
        """Only what was asked about is sent without anybody looking at it."""
        self.company.openapi_pec_send_signed = True
        self.server.answers = {}
        self.send()
        self.assertEqual((self.filing.state, self.filing.signature_level), ('awaiting_documents', 'warning'))
        self.filing.signed_procura_file = False
        self.serve(ANSWERS)
        self.server.asked.clear()
        self.send()
        self.assertEqual(self.filing.state, 'queued')
        self.assertIn("is not revoked", self.messages(self.filing))

    def test_revoked(self):
        self.world.revoked = {int('4711' * 4, 16): (NOW - DAY, None)}
        page = self.send()
        self.assertIn(REFUSED, page)
        self.assertIn("has been revoked since", page)
        self.assertFalse(self.filing.signed_procura_id)

    def test_not_qualified(self):
        page = self.send_known(Authority("Ignota CA").issue(files.key(copy='ignota')))
        self.assertIn(REFUSED, page)
        self.assertIn("Sign with a qualified signature (firma digitale)", page)
        self.assertNotIn("have a manager send it", page)
        self.assertFalse(self.filing.signed_procura_id)

    def send_known(self, leaf):
        """Upload a file about which there is nothing to be asked: it is judged at once."""
        return self.post(self.sign_by(leaf, self.filing)).text

    def test_what_he_cannot_mend(self):
        """That nobody answers is told to who is responsible, and not to the signer."""
        self.server.answers = {ANSWERS: drip, REVOKED: (500, {}, b'')}
        page = self.send()
        self.assertNotIn("could not be asked", page)
        self.assertIn(KEPT, page)
        self.assertTrue(self.filing.signed_procura_id)
        self.assertIn("could not be asked", str(self.filing.signature_findings))

    def test_refused_by_itself(self):
        """About a file that is refused anyway nobody is asked: he who uploads it is told at once."""
        self.server.asked.clear()
        self.assertIn(REFUSED, self.send_known(Identity(files.key(copy='thief'), self.leaf.certificate)))
        self.assertEqual(self.server.asked, [])

    def test_known_long_ago(self):
        """That it was good once says nothing of today, whenever he says that he has signed."""
        self.send()
        self.server.asked.clear()
        self.filing.signed_procura_file = False
        self.env['openapi_pec.certificate_status'].search([]).checked_at = NOW.replace(tzinfo=None) - 60 * DAY
        self.world.revoked = {int('4711' * 4, 16): (NOW - 10 * DAY, None)}
        self.assertIn("has been revoked since", self.send())

    def test_list_that_is_not_here(self):
        """Where only a list is missing, the visitor does not wait until others are asked again."""
        self.send()
        self.filing.signed_procura_file = False
        self.server.asked.clear()
        content = self.filing.procura_id.raw
        signers = [self.leaf, Authority("Deutsche CA", country='DE').issue(files.key(copy='de'), serial=8)]
        page = self.post(files.message(
            [files.signer_info(signer, content) for signer in signers], [signer.certificate for signer in signers],
            content)).text
        self.assertNotIn(PENDING, page)
        self.assertEqual(self.server.asked, [])
        self.assertIn('DE', self.lists())

    def test_known_already(self):
        """Somebody whose certificate was asked about a moment ago is not kept waiting."""
        self.send()
        self.filing.signed_procura_file = False
        self.assertIn(KEPT, self.send_known(self.leaf))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestReceivedTogether(TrustMixin, SignerCase):
    """Signed files that come together are verified together, after they were read."""

    def receive(self, *contents):
        """Upload files and read them; return the wizard."""
        wizard = self.env['openapi_pec.upload'].with_user(self.user).create({'attachment_ids': [
            (0, 0, {'name': f'{number}.p7m', 'raw': content}) for number, content in enumerate(contents)]})
        wizard.action_read()
        return wizard

    def test_together(self):
        self.trust_world()
        other = self.create_filing()
        self.bring_to_signature(other)
        good, revoked = self.world.issue(), self.world.issue(serial=5)
        self.world.revoked = {5: (NOW - DAY, None)}
        judged = self.watch_judging()
        wizard = self.receive(self.sign_by(good, self.filing), self.sign_by(revoked, other))
        self.assertEqual(wizard.line_ids.mapped('status'), ['warning', 'warning'])
        self.assertEqual(self.server.asked, [])
        self.commit()
        self.assertEqual(set(wizard.line_ids.mapped('status')), {'good', 'refused'})
        lines = wizard.line_ids.grouped('status')
        self.assertEqual((lines['good'].is_ticked, lines['refused'].is_ticked), (True, False))
        self.assertIn("is not revoked", lines['good'].sentence)
        self.assertIn("has been revoked", lines['refused'].sentence)
        self.assertEqual(self.server.asked, [ANSWERS] * 2)
        self.assertEqual(judged, [self.filing, other] * 2, "each once before it was asked, and once after it")
        wizard.action_send()
        self.commit()
        self.run_cron('dispatch')
        self.assertEqual((self.filing.state, other.state), ('documents_uploaded', 'awaiting_documents'))

    def test_known_since(self):
        """What became known after the files were read counts when they are sent: what is worse is told, and not sent.
        """
        self.trust_world()
        filings = self.filing
        for _number in range(2):
            filings += self.create_filing()
        for filing in filings[1:]:
            self.bring_to_signature(filing)
        leaves = [self.world.issue(serial=number) for number in (5, 6, 7)]
        wizard = self.receive(*(
            self.sign_by(leaf, filing) for leaf, filing in zip(leaves, filings, strict=True)))
        self.commit()
        self.assertEqual(wizard.line_ids.mapped('status'), ['good'] * 3)
        known = self.env['openapi_pec.certificate_status'].search([], order='id')
        known[0].write({'status': 'revoked', 'revoked_at': NOW.replace(tzinfo=None)})
        filings[1].procura_id.raw = self.filing.procura_id.raw + b'of another day'
        wizard.action_send()
        self.commit()
        self.run_cron('dispatch')
        lines = wizard.line_ids.sorted(lambda line: line.communication_id.id)
        self.assertEqual(lines.mapped('status'), ['refused', 'refused', 'sent'])
        self.assertEqual(lines.mapped('is_ticked'), [False] * 3)
        self.assertIn("has been revoked", lines[0].sentence)
        self.assertEqual(filings.mapped('state'), ['awaiting_documents'] * 2 + ['documents_uploaded'])

    def test_worse_than_shown(self):
        """A file that is doubted since is sent once a person has seen why."""
        self.trust_world()
        wizard = self.receive(self.sign_by(self.world.issue(), self.filing))
        self.commit()
        line = wizard.line_ids
        self.env['openapi_pec.certificate_status'].search([]).checked_at = NOW.replace(tzinfo=None) - 60 * DAY
        wizard.action_send()
        self.assertEqual((line.status, line.is_ticked), ('warning', False))
        self.assertIn("has not been asked yet", line.sentence)
        line.is_ticked = True
        wizard.action_send()
        self.assertEqual(line.status, 'sent')

    def watch_judging(self):
        """Return a list that grows with each file that is judged: of the filing."""
        model, judged = type(self.filing), []
        judge_file = model._judge_file

        def watch(filing, content):
            judged.append(filing)
            return judge_file(filing, content)

        self.patch(model, '_judge_file', watch)
        return judged

    def test_verify_again(self):
        self.trust_world()
        self.server.answers = {}
        wizard = self.receive(self.sign_by(self.world.issue(), self.filing))
        self.commit()
        self.assertIn("could not be asked", wizard.line_ids.sentence)
        wizard.line_ids.is_ticked = True
        self.serve(ANSWERS)
        wizard.action_verify()
        self.commit()
        self.assertEqual((wizard.line_ids.status, wizard.line_ids.is_ticked), ('good', True))

    def test_unticked(self):
        """What a person has unticked stays so when he has it verified again, and is not sent."""
        self.trust_world()
        wizard = self.receive(self.sign_by(self.world.issue(), self.filing))
        self.commit()
        self.assertEqual((wizard.line_ids.status, wizard.line_ids.is_ticked), ('good', True))
        wizard.line_ids.is_ticked = False
        wizard.action_verify()
        self.commit()
        self.assertEqual((wizard.line_ids.status, wizard.line_ids.is_ticked), ('good', False))
