import base64
import datetime

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.l10n_it_openapi_pec import const

import p7m_files as files

from ..common import PATCH, PecCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSignature(PecCase):
    """The verdict on the signed power of attorney: shown when it is uploaded, kept when it is sent."""

    def setUp(self):
        super().setUp()
        self.filing = self.create_filing()
        self.bring_to_signature(self.filing)
        self.mario = files.identity()

    def sentences(self, level):
        """Return what the upload is found to be, of one level, and how it stands as a whole."""
        verdict = self.filing._judge_signed(self.filing._get_signed_content())
        return self.filing._get_finding_sentences(verdict.findings, (level,), const.signature.SIGNATURE_FINDINGS)

    def send(self, **arguments):
        self.filing.action_send_documents(**arguments)
        self.commit()
        self.assertEqual(self.filing.state, 'documents_uploaded')
        [remote] = self.sandbox.filings()
        return remote['documents']

    def assert_refused(self, sentence):
        self.assertEqual(self.filing.signature_level, 'refused')
        self.assertIn(sentence, str(self.filing.signature_findings))
        for reason in (None, ' ', "I want to"):
            with self.assertRaisesRegex(UserError, "would be refused; nothing was sent") as raised:
                self.filing.action_send_documents(reason)
            self.assertIn(sentence, str(raised.exception))
        self.assertEqual(self.sandbox.requested(PATCH), 0)

    def test_good(self):
        self.upload(self.filing)
        self.assertEqual(self.filing.signature_level, 'good')
        for shown in (
                "Signed by the applicant, Mario Rossi", "power of attorney of this filing", 'RSSMRA80A01H501U',
                "Prova Qualified CA", "Not checked here"):
            self.assertIn(shown, str(self.filing.signature_findings))
        self.send()
        self.assertIn("Signed by: Mario Rossi (", self.messages(self.filing))
        self.assertNotIn('RSSMRA80A01H501U', self.messages(self.filing))
        self.assertFalse(self.filing.signature_level)

    def test_shown_while_the_upload_is_not_saved(self):
        with Form(self.filing) as form:
            self.assertFalse(form.signature_level)
            form.signed_procura_file = base64.b64encode(self.filing.procura_id.raw).decode()
            self.assertEqual(form.signature_level, 'refused')
            self.assertIn("This PDF is not signed digitally", form.signature_findings)
            form.signed_procura_file = base64.b64encode(self.sign(self.filing)).decode()
            self.assertEqual(form.signature_level, 'good')
        self.assertEqual(self.filing.signature_level, 'good')

    def test_warned_of(self):
        bianchi = files.identity(
            serial_number=f'TINIT-{files.ANNA}', given="Anna", surname="<b>Bianchi</b>", statements=None)
        self.upload(self.filing, files.sign(bianchi, self.filing.procura_id.raw))
        self.assertEqual(self.filing.signature_level, 'warning')
        warnings = self.sentences('warning')
        self.assertEqual(len(warnings), 2, warnings)
        self.send()
        for warning in (
                "not by the applicant", "does not call itself qualified", "Signed by: Anna &lt;b&gt;Bianchi&lt;/b&gt;"):
            self.assertIn(warning, self.messages(self.filing))

    def test_refused(self):
        procura = self.filing.procura_id.raw
        cns = files.identity(usage='digital_signature')
        expired = files.identity(end=files.NOW - files.DAY)
        for content, sentence in [
            (procura, "This PDF is not signed digitally"),
            (files.sign(self.mario, procura)[:-20], "The end of this file is missing"),
            (files.sign(self.mario, b'a letter'), "The signed document is not a PDF"),
            (files.sign(cns, procura), "Mario Rossi signed with an authentication certificate (CNS)"),
            (files.sign(expired, procura), "The certificate of Mario Rossi expired on "),
            (b'x' * (2**20 + 1), "The file is larger than 1 MB"),
        ]:
            with self.subTest(sentence=sentence):
                self.company.openapi_pec_max_megabytes = 1
                self.upload(self.filing, content)
                self.assert_refused(sentence)
                self.assertFalse(self.filing.is_signature_overridable)

    def test_another_document_needs_a_reason(self):
        self.upload(self.filing, files.sign(self.mario))
        self.assertEqual(self.filing.signature_level, 'refused')
        self.assertTrue(self.filing.is_signature_overridable)
        for reason in (None, ' ', '.'):
            with self.assertRaisesRegex(UserError, "is not the power of attorney that was downloaded for this filing"):
                self.filing.action_send_documents(reason)
        action = self.filing.with_user(self.user).action_open_send()
        wizard = Form(self.env[action['res_model']].with_user(self.user).with_context(**action['context']))
        self.assertIn("is not the power of attorney", wizard.signature_findings)
        wizard.reason = "Scanned anew"
        wizard.save().action_confirm()
        self.commit()
        self.assertEqual(self.filing.state, 'documents_uploaded')
        self.assertIn("Sent in spite of the following, because: Scanned anew", self.messages(self.filing))

    def test_what_is_wrong_besides_cannot_be_overridden(self):
        self.upload(self.filing, files.sign(files.identity(usage='digital_signature')))
        self.assertFalse(self.filing.is_signature_overridable)
        self.assert_refused("is not the power of attorney that was downloaded for this filing")

    def test_the_power_of_attorney_of_another_filing(self):
        other = self.create_filing()
        self.bring_to_signature(other)
        self.upload(self.filing, self.sign(other))
        self.assert_refused(f"power of attorney of another filing, {other.display_name}")
        self.upload(self.filing, files.sign(self.mario, other.procura_id.raw + b'\nfilled in'))
        self.assert_refused(f"power of attorney of another filing, {other.display_name}")

    def test_another_company_is_not_told_of(self):
        other = self.create_filing()
        self.bring_to_signature(other)
        elsewhere = self.env['res.company'].create({'name': "Altra S.r.l."})
        stranger = new_test_user(self.env, 'pec_stranger', 'base.group_user,l10n_it_openapi_pec.group_user',
                                 company_id=elsewhere.id, company_ids=[(6, 0, elsewhere.ids)])
        self.assertFalse(self.env['openapi_pec.communication'].with_user(stranger)._get_other_procure())
        self.assertIn(other.display_name, self.filing.with_user(self.user)._get_other_procure().values())

    def test_filled_in(self):
        self.upload(self.filing, files.sign(self.mario, self.filing.procura_id.raw + b'\n2 0 obj filled in'))
        self.assertEqual(self.filing.signature_level, 'good')
        self.assertIn("with something filled in", str(self.filing.signature_findings))

    def test_nothing_to_compare(self):
        signed = self.sign(self.filing)
        self.filing.procura_id = False
        self.upload(self.filing, signed)
        self.assertEqual(self.filing.signature_level, 'warning')
        self.assertIn("was not downloaded yet", str(self.filing.signature_findings))

    def test_delivered_without_armour(self):
        """The service takes a .p7m; as text it comes by e-mail."""
        signed = self.sign(self.filing)
        for wrap in (base64.encodebytes, files.pem, lambda content: base64.b64encode(base64.b64encode(content))):
            with self.subTest(wrap=wrap):
                self.upload(self.filing, wrap(signed))
                self.assertEqual(self.filing.signature_level, 'good')
                self.assertEqual(self.filing._get_signed_messages(), [signed])
        [document] = self.send()
        self.assertEqual(document['size'], len(signed))

    def test_moments_as_the_reader_writes_them(self):
        self.env['res.lang']._activate_lang('it_IT')
        moment = datetime.datetime(2026, 12, 31, 23, 30, tzinfo=datetime.timezone.utc)
        for zone, day, hour in (('Europe/Rome', '01', '00:30'), ('America/New_York', '31', '18:30')):
            filing = self.filing.with_context(lang='it_IT', tz=zone)
            self.assertEqual(filing._show_moment(moment, with_time=False)[:2], day)
            self.assertIn(hour, filing._show_moment(moment))
        self.user.tz = False
        self.assertIn('12:30:00 AM', self.filing.with_user(self.user)._show_moment(moment))

    def test_size_limit_is_bounded(self):
        for megabytes in (0, 101):
            with self.assertRaisesRegex(ValidationError, "Choose 1 to 100"), self.cr.savepoint():
                self.company.openapi_pec_max_megabytes = megabytes
                self.env.flush_all()
