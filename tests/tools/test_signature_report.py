"""What the service reports of signed documents: asked for, read, and judged in the steps of a verdict."""
import base64
import datetime
import json

from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.const.trust import TRUST_FINDINGS
from odoo.addons.l10n_it_openapi_pec.tools import p7m, trust
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import (
    BadToken,
    NoCredit,
    NotSent,
    OpenapiPecError,
    OutcomeUnknown,
)
from odoo.addons.l10n_it_openapi_pec.tools.api.refusals import DOCUMENTED
from odoo.addons.l10n_it_openapi_pec.tools.api.signature_client import SignatureClient
from odoo.addons.l10n_it_openapi_pec.tools.api.signature_data import MAX_DOCUMENT
from odoo.addons.l10n_it_openapi_pec.tools.api.signature_report import load_report, read_report
from odoo.addons.l10n_it_openapi_pec.tools.finding import FINE, WARNING

import p7m_files as files
from sandbox_api import specification
from sandbox_api.signature_const import VERIFY

from ..common_signature import SignatureMixin, build_example
from ..common_specification import WireMixin
from .test_trust import fill

UTC = datetime.timezone.utc
NOW = datetime.datetime.now(UTC)
GOOD = 'openapi_whole openapi_qualified openapi_not_revoked'
REVOKED_AT = '2026-01-02 10:00:00.000+00:00'


def sign(*signers, content=files.PDF):
    """Return a document signed by people, one around the other."""
    for signer in signers or [files.identity()]:
        content = files.sign(signer, content, signing_time=files.NOW)
    return content


class ReportCase(SignatureMixin, BaseCase):
    """A client, and what comes of what it reads."""

    def judge(self, content, report, age=datetime.timedelta()):
        """Return the codes of a report on a file; each finding fills its sentence."""
        verdict = trust.judge_report(
            trust.open_signatures(content), load_report(json.loads(json.dumps(report.dump()))),
            checked_at=NOW - age, now=NOW)
        for finding in verdict.findings:
            self.assertNotIn('%(', fill(TRUST_FINDINGS[finding.code], finding.values))
        return ' '.join(finding.code for finding in verdict.findings)

    def told(self, content, **told):
        """Return the codes of the sandbox's report on a file, of which something is told otherwise."""
        self.sandbox.settings(verification=told)
        return self.judge(content, self.client.verify(content))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSignatureReport(ReportCase, WireMixin):
    """A document is sent once, and its report read: over a socket, as the specification has both."""

    def test_specification(self):
        content = sign()
        self.assertEqual(self.judge(content, self.client.verify(content)), GOOD)
        self.sandbox.settings(verification={'signerCertificateStatus': 'REVOKED'})
        self.client.verify(content)
        self.client.verify(b'no signed document')
        self.assert_wire()
        self.assertEqual({exchange.operation for exchange in self.wire}, {VERIFY})
        self.assertEqual(
            self.wire[0].body, {'inputDocument': base64.b64encode(content).decode(), 'recursive': True})
        self.assertEqual((self.spent(), self.sandbox.executed(VERIFY)), (0.15, 3))

    def test_example(self):
        """The vendor's own example: it is about a certificate that is not in the file, and revoked."""
        example = build_example(VERIFY)
        for body in (example, example['data']):
            self.answer(VERIFY, body)
            report = self.client.verify(sign())
            self.assertIs(report.is_verified, True)
            [told] = report.signatures
            self.assertEqual(
                (told.subject, told.issuer, told.serial), (
                    "ROSSI MARIO", "Namirial CA Firma Qualificata", '5557601230250214000'))
            self.assertEqual((told.is_whole, told.status, told.is_listed), (True, 'VALID', True))
            self.assertEqual((told.compliance, told.device), ('VALID', 'VALID'))
            self.assertEqual(told.revoked_at[:10], '2025-02-14')
            self.assertEqual(self.judge(sign(), report), 'openapi_revoked_on openapi_unreported')

    def test_refusals(self):
        """Those that are documented have no body, and so say nothing certain of the money."""
        statuses = {
            status for operation, status in specification.ESIGNATURE.get_documented_answers()
            if operation == VERIFY and status >= 400}
        self.assertEqual((statuses, DOCUMENTED['verify']), ({400, 422}, set()))
        for status in statuses:
            self.answer(VERIFY, '', status)
            with self.assertRaises(OutcomeUnknown):
                self.client.verify(sign())
        self.sandbox.settings(credit=0)
        with self.assertRaises(NoCredit):
            self.client.verify(sign())
        with self.assertRaises(BadToken):
            SignatureClient('sandbox-token-pec', self.sandbox.signature_url).verify(sign())
        self.assertEqual(self.sandbox.executed(VERIFY), 0)

    def test_not_sent(self):
        for content in (b'', b'x' * (MAX_DOCUMENT + 1)):
            with self.assertRaises(NotSent) as raised:
                self.client.verify(content)
            self.assertEqual(raised.exception.reason, 'unverifiable')
        self.assertEqual(self.sandbox.requested(VERIFY), 0)

    def test_lost(self):
        for fault in ('drop_before', 'drop_after', 'truncate', 'error_after', 'wrong_json', 'wrong_shape'):
            self.sandbox.reset()
            self.sandbox.fault(VERIFY, fault)
            with self.subTest(fault=fault), self.assertRaises(OutcomeUnknown):
                self.client.verify(sign())
            self.assertEqual(self.sandbox.requested(VERIFY), 1, "it is paid: never repeated")


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestReportJudged(ReportCase):
    """What each word of a report means, and that none that is not known is taken as good."""

    def test_words(self):
        content = sign()
        self.assertEqual(self.told(content), GOOD)
        for told, expected in (
                ({'integrity': False}, 'openapi_not_whole'),
                ({'integrity': 'perhaps'}, 'openapi_whole_untold'),
                ({'issuerTrustedList': False}, 'openapi_not_listed'),
                ({'issuerTrustedList': None}, 'openapi_qualified_untold'),
                ({'issuerCertificateStatus': 'REVOKED'}, 'openapi_issuer_revoked'),
                ({'issuerCertificateStatus': 'ODD'}, 'openapi_qualified_untold'),
                ({'qcComplianceStatus': 'INVALID'}, 'openapi_not_qualified'),
                ({'qcComplianceStatus': 'NOT CHECKED'}, 'openapi_qualified_untold'),
                ({'qcComplianceStatus': None}, 'openapi_qualified_untold'),
                ({'qcSSCDStatus': 'INVALID'}, 'openapi_no_device'),
                ({'qcSSCDStatus': 'UNKNOWN'}, 'openapi_device_untold'),
                ({'signerCertificateRevocationDate': REVOKED_AT}, 'openapi_revoked_on'),
                ({'signerCertificateStatus': 'REVOKED'}, 'openapi_revoked'),
                ({'signerCertificateStatus': 'Suspended'}, 'openapi_suspended'),
                ({'signerCertificateStatus': 'INVALID'}, 'openapi_not_valid'),
                ({'signerCertificateStatus': 'EXPIRED'}, 'openapi_status_untold'),
                ({'signerCertificateStatus': {}}, 'openapi_status_untold'),
                ({'signerCertificateStatus': ''}, 'openapi_status_untold'),
                ({'overallVerified': False}, 'openapi_not_verified'),
                ({'overallVerified': None}, 'openapi_incomplete'),
                ({'nrOfSignatures': 2}, 'openapi_incomplete')):
            with self.subTest(told=told):
                codes = self.told(content, **told).split()
                self.assertIn(expected, codes)
                self.assertEqual(set(codes) <= set(trust.LEVELS), True)
                self.assertTrue(any(trust.LEVELS[code] != FINE for code in codes))

    def test_lenient(self):
        """Truth values as text, words in small letters, and a certificate that only its number tells."""
        content = sign()
        self.assertEqual(self.told(content, integrity='true', issuerTrustedList='True', qcSSCDStatus=' valid '), GOOD)
        self.assertEqual(self.told(content, derEncodedSignerCert=None), GOOD)
        self.assertEqual(self.told(content, derEncodedSignerCert=None, serialNumber=4711), GOOD)

    def test_about_another(self):
        """What is said of another certificate speaks for nobody here; what it says against the file is heard."""
        content = sign()
        other = base64.b64encode(files.identity(serial=5, surname="Verdi").certificate).decode()
        for told in ({'derEncodedSignerCert': other}, {'derEncodedSignerCert': None, 'serialNumber': '5'},
                     {'derEncodedSignerCert': None, 'serialNumber': ''},
                     {'signatureReportList': [], 'nrOfSignatures': 0}):
            self.assertEqual(self.told(content, **told), 'openapi_unreported')
        self.assertEqual(
            self.told(content, derEncodedSignerCert=other, signerCertificateStatus='REVOKED'),
            'openapi_revoked openapi_unreported openapi_not_verified')

    def test_long_ago(self):
        """That it was not revoked some days ago says nothing of today; that it was, all."""
        content = sign()
        for told, age, code in (
                ({}, 6, 'openapi_not_revoked'), ({}, 8, 'openapi_not_revoked_then'),
                ({'signerCertificateStatus': 'REVOKED'}, 8, 'openapi_revoked'),
                ({'signerCertificateRevocationDate': REVOKED_AT}, 8, 'openapi_revoked_on')):
            self.sandbox.settings(verification=told)
            codes = self.judge(content, self.client.verify(content), datetime.timedelta(days=age))
            self.assertEqual(codes.split()[2], code)
        self.assertEqual(trust.LEVELS['openapi_not_revoked_then'], WARNING)

    def test_several(self):
        """Each signature of a file has to be reported, also where they are one around the other."""
        mario, anna = files.identity(), files.identity(serial=5, given="Anna", surname="Bianchi")
        content = sign(mario, anna)
        report = self.client.verify(content)
        self.assertEqual(len(report.signatures), 2)
        self.assertEqual(self.judge(content, report), f'{GOOD} {GOOD}')
        self.assertEqual(
            self.judge(content, report._replace(signatures=report.signatures[:1])), f'{GOOD} openapi_unreported')

    def test_tampered(self):
        content = sign().replace(b'%%EOF', b'%%EOG')
        self.assertEqual(
            self.told(content), 'openapi_not_whole openapi_qualified openapi_not_revoked openapi_not_verified')

    def test_hostile(self):
        """Whatever comes: it is a report that says nothing good, or none; and it is bounded."""
        content = sign()
        for data in (None, 5, [], 'x', {}, {'signatureReportList': {}}, {'overallVerified': 'x'}):
            with self.subTest(data=data), self.assertRaises(OutcomeUnknown):
                read_report(data)
        entry = {'integrity': [True], 'subjectCN': 'A\x00<b>\u202e' * 5000, 'serialNumber': '9' * 5000,
                 'derEncodedSignerCert': 'x' * 10 ** 6, 'signerCertificateStatus': 'VALID\n' * 9000,
                 'signerCertificateRevocationDate': {'$date': 0}, 'issuerTrustedList': 1}
        report = read_report({'overallVerified': True, 'signatureReportList': [entry, 5, None] * 500})
        self.assertLess(len(json.dumps(report.dump())), 200_000)
        self.assertTrue(report.unread)
        self.assertEqual(self.judge(content, report), 'openapi_unreported openapi_incomplete')
        self.assertEqual(read_report({'overallVerified': False, 'signatureReportList': []}).signatures, [])
        token = 'sandbox-token-0123456789'
        report = read_report({'signatureReportList': [{'subjectCN': f"a {token} RSSMRA80A01H501U"}]}, (token,))
        self.assertEqual(report.signatures[0].subject, "a *** ***")
        self.answer(VERIFY, 'x' * 100)
        with self.assertRaises(OpenapiPecError):
            self.client.verify(content)

    def test_joined(self):
        """The last word on a certificate is the report's, but for what it says nothing of."""
        for how, said, codes in (
                ({'statements': ()}, 'not_qualified', set()),
                ({'kinds': (files.QC_SEAL,)}, 'not_for_signatures', {'not_for_signatures'})):
            content = sign(files.identity(**how))
            verdict = p7m.judge(content, now=NOW)
            self.assertIn(said, {finding.code for finding in verdict.findings})
            joint = trust.join(verdict, trust.judge_report(
                trust.open_signatures(content), self.client.verify(content), checked_at=NOW, now=NOW))
            found = {finding.code for finding in joint.findings}
            self.assertEqual(found & {'not_qualified', 'not_for_signatures', 'not_checked'}, codes)
            steps = [' '.join(finding.code for finding in joint.get_step(step)) for step in trust.STEPS]
            self.assertIn('openapi_whole', steps[0])
            self.assertEqual(steps[1:], ['openapi_qualified', 'openapi_not_revoked'])
