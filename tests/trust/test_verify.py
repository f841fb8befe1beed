import base64
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import file_open

from odoo.addons.l10n_it_openapi_pec.tools import p7m, trust
from odoo.addons.l10n_it_openapi_pec.tools.trust import judging
from odoo.addons.l10n_it_openapi_pec.tools.trust.chain import find_chain
from odoo.addons.l10n_it_openapi_pec.tools.trust.signed import read_certificate

import p7m_files as files
from p7m_files import DAY, NOW
from trust_files import Authority, drip
from trust_lists import Entry
from trust_world import ANSWERS, REVOKED

from ..common_trust import TrustCase
from ..tools.test_trust import CUT_INVOICE, CUT_INVOICE_CERTIFICATE, INVOICE


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestVerify(TrustCase):
    """The verdict on a signed power of attorney, with what is verified beyond the file."""

    def setUp(self):
        super().setUp()
        self.trust_world()

    def put(self, leaf=None, **how):
        """Upload the power of attorney, signed by somebody, and have the job ask about him."""
        self.upload(self.filing, files.sign(leaf or self.leaf, self.filing.procura_id.raw, **how))
        self.filing.verified_at = False
        self.run_cron('revocations')

    def shown(self):
        return str(self.filing.signature_findings)

    def assert_sent(self):
        self.commit()
        self.assertEqual(self.filing.state, 'documents_uploaded')

    def test_qualified_and_not_revoked(self):
        self.upload(self.filing, self.sign_by(self.leaf, self.filing))
        self.assertEqual(self.codes(), 'revocation_not_asked qualified')
        self.assertEqual(self.filing.signature_level, 'warning')
        self.run_cron('revocations')
        self.assertEqual(self.codes(), 'qualified not_revoked')
        self.assertEqual(self.filing.signature_level, 'good')
        self.assertEqual(self.server.asked, [ANSWERS])
        for step in ("Whole", "Qualified", "Not revoked"):
            self.assertRegex(self.shown(), rf"<strong>{step}</strong>:\s+\w")
        self.assertIn("Prova Qualified CA G1 (Prova S.p.A.) stands in the trusted list IT number 42", self.shown())
        self.assertIn("is not revoked, says 127.0.0.1", self.shown())
        self.assertNotIn("Not checked here", self.shown())
        self.filing.with_user(self.user).action_send_documents()
        self.assert_sent()
        self.assertIn("is not revoked, says 127.0.0.1", self.messages(self.filing))

    def test_once_a_day(self):
        """The job asks about what waits once a day."""
        self.put()
        self.run_cron('revocations')
        self.assertEqual(self.server.asked, [ANSWERS])
        self.filing.verified_at = NOW.replace(tzinfo=None) - 2 * DAY
        self.run_cron('revocations')
        self.assertEqual(self.server.asked, [ANSWERS, ANSWERS])
        self.assertGreater(self.filing.verified_at, NOW.replace(tzinfo=None))

    def test_revoked(self):
        for since, code in ((NOW - DAY, 'revoked'), (NOW + DAY / 24, 'revoked_since')):
            with self.subTest(code=code):
                self.env['openapi_pec.certificate_status'].search([]).unlink()
                self.env['openapi_pec.revocation_copy'].search([]).unlink()
                self.world.revoked = {int('4711' * 4, 16): (since, 'keyCompromise')}
                self.put()
                self.assertEqual(self.codes(), f'{code} qualified')
                self.assertEqual(self.filing.signature_level, 'refused')
                self.assertFalse(self.filing.with_user(self.manager).is_signature_overridable)
                self.assertIn("has been revoked since", self.shown())
                for user in (self.user, self.manager):
                    with self.assertRaisesRegex(UserError, "has been revoked since"):
                        self.filing.with_user(user).action_send_documents("I know better than the authority")

    def test_revoked_while_it_waits(self):
        """Who is responsible is asked to look at it; what is revoked for good stays so."""
        self.put()
        self.assertFalse(self.filing.activity_ids.filtered(lambda activity: "would be refused" in activity.summary))
        self.world.revoked = {int('4711' * 4, 16): (NOW - DAY / 24, None)}
        self.verify()
        self.assertEqual(self.filing.signature_level, 'refused')
        [activity] = self.filing.activity_ids.filtered(lambda activity: "would be refused" in activity.summary)
        self.assertEqual(activity.user_id, self.manager)
        self.world.revoked = {}
        for _again in range(2):
            self.verify()
            self.assertEqual(self.codes(), 'revoked qualified')
            self.server.answers = {}

    def test_suspended(self):
        """What was told before a suspension, by a list of last night, does not end it; what is told later does."""
        self.world.revoked = {int('4711' * 4, 16): (NOW - DAY / 24, 'certificateHold')}
        self.put()
        self.assertEqual(self.codes(), 'suspended qualified')
        del self.server.answers[ANSWERS]
        self.server.answers[REVOKED] = self.world.authority.make_list(since=NOW - DAY / 2)
        self.verify()
        self.assertEqual(self.codes(), 'suspended qualified')
        self.server.answers[REVOKED] = self.world.authority.make_list(since=NOW + DAY / 48)
        self.verify()
        self.assertEqual(self.codes(), 'qualified not_revoked')

    def test_told_before_it_signed(self):
        """A list of last night says nothing of a signature of today; it takes no place of a newer word."""
        self.server.answers = {REVOKED: self.world.authority.make_list(since=NOW - DAY / 2)}
        self.put()
        self.assertEqual(self.codes(), 'revocation_told_before qualified')
        self.assertEqual(self.filing.signature_level, 'warning')
        self.assertIn("before the signature", self.shown())
        self.serve(ANSWERS)
        self.verify()
        self.assertEqual(self.codes(), 'qualified not_revoked')
        del self.server.answers[ANSWERS]
        self.verify()
        self.assertEqual(self.codes(), 'qualified not_revoked')

    def test_list_of_before(self):
        """A list that was fetched for another signature, before this one was made, is fetched again."""
        self.server.answers.pop(ANSWERS)
        self.put()
        self.env['openapi_pec.revocation_copy'].search([]).fetched_at = NOW.replace(tzinfo=None) - DAY / 48
        self.env['openapi_pec.certificate_status'].search([]).unlink()
        self.server.asked.clear()
        self.put()
        self.assertEqual((self.codes(), self.server.asked), ('qualified not_revoked', [ANSWERS, REVOKED]))
        self.put(signing_time=NOW + DAY)
        self.assertEqual(self.server.asked[2:], [ANSWERS], "who says that he signs tomorrow has nothing more fetched")

    def test_not_qualified_by_the_list(self):
        """A user is refused; a manager may send it with a reason."""
        for entries, code in (
                ([Entry(status='withdrawn')], 'not_granted_at_issue'),
                ([Entry(NOW - DAY, 'withdrawn'), Entry()], 'not_granted_now'),
                ([Entry(purposes=('ForeSeals',))], 'not_for_signatures_by_list')):
            with self.subTest(code=code):
                self.world.entries, self.world.sequence = entries, self.world.sequence + 1
                self.env['openapi_pec.trusted_list'].search([]).action_fetch()
                self.run_cron('lists')
                self.put()
                self.assertEqual(self.codes().split()[0], code)
                self.assertFalse(self.filing.with_user(self.user).is_signature_overridable)
                self.assertTrue(self.filing.with_user(self.manager).is_signature_overridable)
                with self.assertRaisesRegex(UserError, "with a reason(?s:.*)Ask a manager of PEC communications to"):
                    self.filing.with_user(self.user).action_send_documents("I know the authority")
                with self.assertRaisesRegex(UserError, "Say in a few words why"):
                    self.filing.with_user(self.manager).action_send_documents()
        action = self.filing.with_user(self.manager).action_open_send()
        wizard = Form(self.env[action['res_model']].with_user(self.manager).with_context(**action['context']))
        self.assertIn("by the trusted list IT number 45", wizard.signature_findings)
        wizard.reason = "The list is older than the authority"
        wizard.save().action_confirm()
        self.assert_sent()
        self.assertIn("because: The list is older than the authority", self.messages(self.filing))
        self.assertIn("is for the seals of organisations", self.messages(self.filing))

    def test_unknown_signer(self):
        self.put(Authority("Ignota CA").issue(files.key(copy='ignota')))
        self.assertEqual(self.codes(), 'issuer_not_listed')
        self.assertIn("is not in the trusted list of qualified authorities", self.shown())
        self.assertIn("Not asked: of what was not found to be qualified", self.shown())
        self.assertEqual(self.server.asked, [])

    def test_real_files(self):
        """Two invoices of real people: their issuers are not in this list, and nobody is asked about them.

        One of the files is cut off, so that only its certificate can be judged.
        """
        with file_open(INVOICE, 'rb') as whole, file_open(CUT_INVOICE, 'rb') as rest:
            content, cut = whole.read(), rest.read()
        verdict = self.env['openapi_pec.trust']._join_of(self.company.id, p7m.judge(content, now=NOW))
        self.assertIn('issuer_not_listed', [finding.code for finding in verdict.findings])
        self.assertTrue(verdict.is_for_manager)
        self.assertFalse(verdict.links)
        owner = read_certificate(cut[CUT_INVOICE_CERTIFICATE:])
        [verdict] = trust.judge(
            [[trust.Signature(owner, [], trust.open_signatures(content)[0].info)]],
            self.env['openapi_pec.trusted_list']._get_authorities(), now=NOW)
        self.assertEqual([finding.code for finding in verdict.findings], ['issuer_not_listed'])
        self.assertFalse(self.env['openapi_pec.trust']._join_of(self.company.id, p7m.judge(cut, now=NOW)).is_verified)
        self.assertEqual(self.server.asked, [])

    def test_out_of_date(self):
        """A list past its date says nothing any more, neither good nor bad; the job gets the next one."""
        self.put()
        record = self.lists()['IT']
        kept = base64.b64decode(record.with_context(bin_size=False).content)
        record.content = base64.b64encode(kept.replace(
            self.world.until.isoformat().encode(), (NOW - DAY).isoformat().encode()))
        self.assertEqual(self.codes(), 'list_expired')
        self.assertEqual(self.filing.signature_level, 'warning')
        self.assertIn("was valid until", self.shown())
        self.world.sequence = 43
        record.write({'checked_at': False, 'next_update': NOW.replace(tzinfo=None) - DAY})
        self.verify()
        self.run_cron('lists')
        self.run_cron('revocations')
        self.assertEqual(self.codes(), 'qualified not_revoked')

    def test_nobody_answers(self):
        """What cannot be asked is a warning, which stops nothing, and can be asked again."""
        self.server.answers = {ANSWERS: (500, {}, b''), REVOKED: drip}
        self.put()
        self.assertEqual(self.codes(), 'revocation_unreachable qualified')
        self.assertEqual(self.filing.signature_level, 'warning')
        self.assertTrue(self.filing.is_verifiable)
        self.serve(ANSWERS)
        self.verify()
        self.assertEqual(self.codes(), 'qualified not_revoked')
        self.server.answers = {}
        self.verify()
        self.assertEqual(self.codes(), 'qualified not_revoked', "what was told a moment ago stays")
        self.filing.with_user(self.user).action_send_documents()
        self.assert_sent()

    def test_nothing_at_all(self):
        """Without the setting all is as it was, and says so; nothing is asked."""
        self.company.openapi_pec_verify = False
        self.put()
        self.assertEqual(self.filing.signature_level, 'good')
        self.assertIn("Not checked here", self.shown())
        self.assertNotIn("<strong>Whole", self.shown())
        self.assertFalse(self.filing.is_verifiable)
        with self.assertRaisesRegex(UserError, "that can be verified over the network"):
            self.filing.action_verify()
        self.run_cron('lists')
        self.assertEqual(self.server.asked, [])

    def test_never_within_a_transaction(self):
        """Neither an upload, nor a look, nor a click that is sent reaches out by itself."""
        with Form(self.filing) as form:
            form.signed_procura_file = base64.b64encode(self.sign_by(self.leaf, self.filing)).decode()
            self.assertIn("has not been asked yet", form.signature_findings)
        self.filing.read(['signature_findings', 'signature_level'])
        self.filing.with_user(self.user).action_verify()
        self.assertEqual(self.server.asked, [])
        self.commit()
        self.assertEqual(self.server.asked, [ANSWERS])
        self.assertEqual(self.codes(), 'qualified not_revoked')

    def test_an_upload_wakes_the_job(self):
        job = self.env.ref('l10n_it_openapi_pec.ir_cron_revocations')
        self.env['ir.cron.trigger'].search([('cron_id', '=', job.id)]).unlink()
        read = self.watch_reads()
        self.filing.with_user(self.user).signed_procura_file = base64.b64encode(self.sign_by(self.leaf, self.filing))
        self.assertEqual(read, [], "of what is only unwrapped nothing is verified")
        self.assertTrue(self.env['ir.cron.trigger'].search([('cron_id', '=', job.id)]))

    def test_told_the_same_after_it_was_saved(self):
        """What a person is told does not depend on where it comes from: the cache, or the database."""
        self.put()
        before = (self.codes(), self.shown())
        self.env.flush_all()
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        self.assertEqual((self.codes(), self.shown()), before)

    def test_replaced_meanwhile(self):
        """Of a file that came while the one before was asked about, the job asks soon."""
        other = self.world.issue(serial=6)

        def answer(handler):
            self.upload(self.filing, self.sign_by(other, self.filing))
            self.env.flush_all()
            self.give(handler)

        self.server.answers[ANSWERS] = answer
        self.put()
        self.assertFalse(self.filing.verified_at)
        self.serve(ANSWERS)
        self.run_cron('revocations')
        self.assertTrue(self.filing.verified_at)
        self.assertEqual(self.codes(), 'qualified not_revoked')

    def test_many(self):
        """One question for the files of one signer, however many there are."""
        filings = self.filing
        for _number in range(3):
            filings += self.create_filing()
            self.bring_to_signature(filings[-1:])
        for filing in filings:
            self.upload(filing, self.sign_by(self.leaf, filing))
        read = self.watch_reads()
        self.run_cron('revocations')
        self.assertEqual(self.server.asked, [ANSWERS], "they are of the same certificate")
        self.assertTrue(all(filings.mapped('verified_at')))
        self.assertEqual(read, [1, 1], "what is known of it is read once before, and once after it was asked")
        self.env.invalidate_all()
        self.assertEqual(set(filings.mapped('signature_level')), {'good'})
        self.assertEqual(read[2:], [1], "once for a list of filings")

    def watch_reads(self):
        """Return a list that tells of each query for what is known of certificates: of how many of them."""
        model, read = type(self.env['openapi_pec.certificate_status']), []
        read_known = model._read_known

        def watch(statuses, links):
            read.append(len(links))
            return read_known(statuses, links)

        self.patch(model, '_read_known', watch)
        return read

    def test_a_mistake_of_ours(self):
        """What no file should bring out stops nobody from opening the filing, and is not told as good."""
        self.put()
        self.patch(judging, 'find_chain', lambda *_arguments: 1 / 0)
        with self.assertLogs('odoo.addons.l10n_it_openapi_pec.tools.p7m.judging', 'ERROR'):
            self.assertEqual(self.codes(), 'verification_failed')
            self.assertEqual(self.filing.signature_level, 'refused')

    def test_queries(self):
        """The lists are read once in a process; of what is known of all certificates there is one query."""
        self.put()
        content = self.filing._get_signed_content()
        self.codes()
        for count in (1, 5):
            verdicts = [(self.company, p7m.judge(content, now=NOW)) for _file in range(count)]
            with patch.object(judging, 'find_chain', side_effect=find_chain) as find, self.assertQueryCount(1):
                joints = self.env['openapi_pec.trust']._join_all(verdicts)
            self.assertEqual([
                [finding.code for finding in joint.get_step(trust.STEPS[-1])] for joint in joints],
                [['not_revoked']] * count)
            self.assertEqual(find.call_count, count, "one chain for each file")
