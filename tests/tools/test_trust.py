"""Signatures verified beyond their file: the chain to a trusted list, and what the list says."""
import datetime
from typing import NamedTuple

from odoo.tests import BaseCase, tagged
from odoo.tools import file_open

from odoo.addons.l10n_it_openapi_pec.const.trust import FETCH_PROBLEMS, LIST_PROBLEMS, TRUST_FINDINGS
from odoo.addons.l10n_it_openapi_pec.tools import p7m, trust
from odoo.addons.l10n_it_openapi_pec.tools.finding import ORDER
from odoo.addons.l10n_it_openapi_pec.tools.trust import signed

import p7m_files as files
import trust_lists as lists
from p7m_files import DAY, NOW, QC_COMPLIANCE, ec, key, oid, sign
from trust_files import Authority
from trust_lists import LONG_AGO, Entry, bits, policy, qualification, write_service

INVOICE, CUT_INVOICE = (
    f'l10n_it_edi/tests/import_xmls/{name}.xml.p7m' for name in ('IT01234567890_FPR01', 'IT09633951000_NpFwF'))
CUT_INVOICE_CERTIFICATE = 15870  # where it stands
WITHDRAWN, DEPRECATED = 'withdrawn', 'deprecatedatnationallevel'
OLD = LONG_AGO - 1000 * DAY  # before the Regulation applied
ISSUED = NOW - 300 * DAY  # when certificates are, here
SEAL, WEB = 'QCForESeal', 'QCForWSA'
ASKED = 'revocation_not_asked'  # nothing is asked in this file


class Case(NamedTuple):
    """What a list says, a certificate, and what is to be said about it."""

    entries: list  # of Entry
    codes: str  # of all findings but ``ASKED``
    certificate: dict = {}  # how it is issued


def fill(sentence, values):
    """Return a sentence with its values."""
    return str(sentence) % values


class TrustCase(BaseCase):
    """What stands for a filing's signature, and the trusted lists that are here."""

    def get_list(self, services=(), signer=None, territory='IT', how=None, **scheme):
        """Return a list that was written, signed and verified."""
        signer = signer or lists.list_signer()
        content = lists.sign_list(lists.write_list(services, territory=territory, **scheme), signer, **(how or {}))
        result = trust.read_list(content, [lists.fingerprint(signer)], territory=territory)
        self.check_kept(result)
        return result

    def check_kept(self, trusted_list):
        """Check that a list is the same after it was kept."""
        kept = trust.load(trusted_list.dump())
        self.assertEqual(list(kept.services), list(trusted_list.services))
        self.assertEqual(kept.services.names, trusted_list.services.names)
        self.assertEqual(kept._replace(services=None), trusted_list._replace(services=None))

    def judge(self, content, *trusted_lists, territories=('IT', 'DE'), statuses=None, now=NOW):
        """Return the verdict of a file; each finding's values fill its sentence."""
        [verdict] = trust.judge(
            [content], trust.Authorities(trusted_lists, territories), now=now,
            read_statuses=lambda _links: statuses or {})
        for finding in verdict.findings:
            self.show(TRUST_FINDINGS[finding.code], finding.values)
        return verdict

    def show(self, sentence, values):
        """Fill a sentence; a value is a text or an aware moment, and no tax code."""
        for value in values.values():
            self.assertTrue(isinstance(value, str) or value.tzinfo, value)
            self.assertNotIn('RSSMRA', str(value))
        self.assertNotIn('%(', fill(sentence, values))

    def assert_judged(self, verdict, level, overridable=False):
        """Assert what becomes of a file against which nothing else stands."""
        joint = trust.join(p7m.Verdict([], [], b'x', None), verdict)
        self.assertEqual((joint.level, joint.overridable), (level, overridable))

    def codes(self, verdict):
        """Return the codes of a verdict, apart by spaces."""
        return ' '.join(finding.code for finding in verdict.findings)


def cases():
    """What lists say of an authority in the course of time."""
    before, after, future = ISSUED - DAY, ISSUED + DAY, NOW + DAY
    return {
        'granted': Case([Entry()], 'qualified'),
        'granted before it issued': Case([Entry(before)], 'qualified'),
        'granted only after': Case([Entry(after)], 'not_granted_at_issue'),
        'withdrawn before it issued': Case([Entry(before, WITHDRAWN), Entry()], 'not_granted_at_issue'),
        'withdrawn after': Case([Entry(after, WITHDRAWN), Entry()], 'not_granted_now'),
        'withdrawn for a while': Case([Entry(after), Entry(before, WITHDRAWN), Entry()], 'not_granted_at_issue'),
        'withdrawn and granted before it issued': Case(
            [Entry(before), Entry(before - DAY, WITHDRAWN), Entry()], 'qualified'),
        'withdrawn from tomorrow on': Case([Entry(future, WITHDRAWN), Entry()], 'qualified'),
        'granted from tomorrow on': Case([Entry(future), Entry(before, WITHDRAWN)], 'not_granted_at_issue'),
        'nothing but the future': Case([Entry(future)], 'not_granted_at_issue'),
        'deprecated': Case([Entry(status=DEPRECATED)], 'not_granted_at_issue'),
        'deprecated after': Case([Entry(after, DEPRECATED), Entry()], 'not_granted_now'),
        'repeated in its history': Case([Entry(), Entry(), Entry(LONG_AGO - DAY, WITHDRAWN)], 'qualified'),
        'repeated, otherwise': Case([Entry(), Entry(status=WITHDRAWN)], 'qualified'),
        'the history out of order': Case(
            [Entry(after, WITHDRAWN), Entry(LONG_AGO - DAY, WITHDRAWN), Entry()], 'not_granted_now'),
        'another kind of service before': Case(
            [Entry(after), Entry(kind='CA/PKC')], 'not_granted_at_issue'),
        'only recognised by its country': Case([Entry(status='recognisedatnationallevel')], 'not_granted_at_issue'),
        'under supervision, as it was called, and never since': Case(
            [Entry(status='undersupervision', since=OLD)], 'not_granted_at_issue'),
        'under supervision, as it was called when it issued, and never since': Case(
            [Entry(status='undersupervision', since=OLD)], 'not_granted_now', {'start': OLD + DAY}),
        'under supervision, as it was called when it issued': Case(
            [Entry(), Entry(status='undersupervision', since=OLD)], 'qualified', {'start': OLD + DAY}),
        'under supervision, today': Case([Entry(status='undersupervision')], 'not_granted_at_issue'),
        'for seals': Case([Entry(purposes=('ForeSeals',))], 'not_for_signatures_by_list'),
        'for signatures and seals': Case([Entry(purposes=('ForeSeals', 'ForeSignatures'))], 'qualified'),
        'for signatures no more': Case(
            [Entry(after, purposes=('ForeSeals',)), Entry()], 'not_for_signatures_by_list'),
        'for nothing': Case([Entry(purposes=())], 'not_for_signatures_by_list'),
    }


def qualified_cases():
    """What lists say of an authority's certificates."""
    ours, other = policy('1.3.76.16.6'), policy('1.3.76.16.7')
    signs = bits(nonRepudiation=True, digitalSignature=False)
    bare, plain = {'statements': ()}, {'statements': (QC_COMPLIANCE,)}
    told = {
        'qualified by the list': ('QCStatement QCForESig', ours, 'all', bare, 'qualified no_secure_device_by_list'),
        'with a device by the list': ('QCWithQSCD', ours, 'all', plain, 'qualified'),
        'with a device in other hands': ('QCQSCDManagedOnBehalf', ours, 'all', plain, 'qualified'),
        'both by the list': ('QCStatement QCWithSSCD', ours, 'all', bare, 'qualified'),
        'without a device': ('QCNoQSCD', ours, 'all', {}, 'qualified no_secure_device_by_list'),
        'with and without': ('QCNoQSCD QCWithQSCD', ours, 'all', {}, 'qualified no_secure_device_by_list'),
        'a device as in the certificate': ('QCQSCDStatusAsInCert', ours, 'all', {}, 'qualified'),
        'not qualified': ('NotQualified', ours, 'all', {}, 'not_qualified_by_list'),
        'qualified and not': ('NotQualified QCStatement', ours, 'all', {}, 'not_qualified_by_list'),
        'for seals': (SEAL, ours, 'all', {}, 'not_for_signatures_by_list'),
        'for web sites': (WEB, ours, 'all', {}, 'not_for_signatures_by_list'),
        'for companies': ('QCForLegalPerson', ours, 'all', {}, 'not_for_signatures_by_list'),
        'for signatures and seals': (f'QCForESig {SEAL}', ours, 'all', {}, 'not_for_signatures_by_list'),
        'of another policy': ('NotQualified', other, 'all', {}, 'qualified'),
        'of both policies': ('NotQualified', ours + other, 'all', {}, 'qualified'),
        'of one policy': ('NotQualified', ours + other, 'atLeastOne', {}, 'not_qualified_by_list'),
        'of neither policy': ('NotQualified', ours + other, 'none', {}, 'qualified'),
        'not of the other policy': ('NotQualified', other, 'none', {}, 'not_qualified_by_list'),
        'of a usage': ('NotQualified', signs, 'all', {}, 'not_qualified_by_list'),
        'of a policy in capitals': (
            'NotQualified', ours.replace('urn:oid', 'URN:OID'), 'all', {}, 'not_qualified_by_list'),
        'of a policy that is told otherwise': (
            'NotQualified', ours.replace('urn:oid:', 'http://oid.invalid/'), 'all', {}, 'qualifiers_unknown'),
        'of another usage': ('NotQualified', bits(digitalSignature=True), 'all', {}, 'qualified'),
        'of a usage and a policy': ('NotQualified', signs + other, 'all', {}, 'qualified'),
        'within': ('NotQualified', f'<sie:CriteriaList assert="none">{other}</sie:CriteriaList>', 'all', {},
                   'not_qualified_by_list'),
        'of all': ('NotQualified', '', 'all', {}, 'not_qualified_by_list'),
        'of what nobody knows': ('NotQualified', '<sie:Nobody/>', 'all', {}, 'qualifiers_unknown'),
        'of what nobody knows, and another policy': ('NotQualified', f'<sie:Nobody/>{other}', 'all', {}, 'qualified'),
        'of what nobody knows, or this policy': (
            'NotQualified', f'<sie:Nobody/>{ours}', 'atLeastOne', {}, 'not_qualified_by_list'),
        'of a usage that nobody knows': ('QCWithQSCD', bits(decipherOnly=True), 'all', {}, 'qualifiers_unknown'),
        'asserted as nobody does': ('QCWithQSCD', ours, 'sometimes', {}, 'qualifiers_unknown'),
        'too deep': ('QCWithQSCD', '<sie:CriteriaList>' * 20 + ours + '</sie:CriteriaList>' * 20, 'all', {},
                     'qualifiers_unknown'),
    }
    return {name: Case([Entry(qualifications=qualification(qualifiers, criteria, kind))], codes, certificate)
            for name, (qualifiers, criteria, kind, certificate, codes) in told.items()} | {
        'not qualified by itself': Case([Entry()], 'not_qualified_by_list', bare),
        'without a device by itself': Case([Entry()], 'qualified no_secure_device_by_list', plain),
        'not qualified since': Case(
            [Entry(NOW - DAY, qualifications=qualification('NotQualified', ours)), Entry()], 'not_qualified_by_list'),
        'something nobody knows and must': Case(
            [Entry(further='<Extension Critical="true"><Unheard xmlns="urn:x"/></Extension>')], 'qualifiers_unknown'),
        'something nobody knows': Case(
            [Entry(further='<Extension Critical="false"><Unheard xmlns="urn:x"/></Extension>')], 'qualified'),
        'taken over': Case(
            [Entry(further='<Extension Critical="true"><TakenOverBy/></Extension>')], 'qualified'),
    }


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestTrust(TrustCase):
    """Certificates and trusted lists, made as in every case."""

    def test_list(self):
        for name, case in (cases() | qualified_cases()).items():
            for version in (5, 6):
                with self.subTest(name, version=version):
                    authority = Authority()
                    content = sign(authority.issue(**case.certificate))
                    verdict = self.judge(content, self.get_list(
                        [write_service([authority.certificate], *case.entries)], version=version))
                    self.assertEqual(self.codes(verdict), f'{case.codes} {ASKED}')
                    self.assert_judged(verdict, *(
                        ['warning'] if case.codes.startswith('qualif') else ['refused', True]))
                    self.assertEqual(len(verdict.links), 1)

    def test_keys(self):
        """Authorities with keys of all kinds, and what they say of themselves."""
        for name, authority, codes in (
            ('PSS', Authority(is_pss=True), ''),
            ('P-256', Authority(signing_key=key('ec', ec.SECP256R1)), ''),
            ('P-384', Authority(signing_key=key('ec', ec.SECP384R1), digest=files.hashes.SHA384()), ''),
            ('4096 bits', Authority(signing_key=key(detail=4096)), ''),
            ('1024 bits', Authority(signing_key=key(detail=1024)), 'weak_authority '),
            ('no CA', Authority(is_ca=False), ''),
            ('says nothing', Authority(is_ca=None), ''),
            ('of another authority', Authority(issuer=Authority("Root")), ''),
        ):
            with self.subTest(name):
                verdict = self.judge(
                    sign(authority.issue()), self.get_list([write_service([authority.certificate])]))
                self.assertEqual(self.codes(verdict), f'{codes}qualified {ASKED}')

    def test_issued_weakly(self):
        authority = Authority(digest=files.hashes.SHA512())
        leaf = authority.issue()
        # cryptography makes no certificates with SHA-1 any more: one with its name of the algorithm is as good as one.
        name, other = oid('1.2.840.113549.1.1.13'), oid('1.2.840.113549.1.1.5')
        self.assertEqual(leaf.certificate.count(name), 2)
        weak = leaf.certificate.replace(name, other)
        verdict = self.judge(
            sign(leaf._replace(certificate=weak)), self.get_list([write_service([authority.certificate])]))
        self.assertEqual(self.codes(verdict), 'weak_certificate')
        self.assert_judged(verdict, 'refused')

    def test_several_certificates(self):
        """A service is told by several certificates, old ones of the same key among them, and by one that is broken."""
        authority, other = Authority(), Authority("Prova Qualified CA G2")
        again = Authority(signing_key=authority.key, is_ca=None)
        trusted = self.get_list([write_service([b'no certificate', again.certificate, authority.certificate]),
                             write_service([other.certificate])])
        self.assertEqual(len(trusted.services), 2)
        self.assertEqual(self.codes(self.judge(sign(other.issue()), trusted)), f'qualified {ASKED}')
        self.assertEqual(self.codes(self.judge(sign(authority.issue()), trusted)), f'qualified {ASKED}')

    def test_services_of_one_key(self):
        """What several services of one key say counts together."""
        authority = Authority()
        for entries, codes in (
            ([Entry(purposes=('ForeSeals',)), Entry()], 'qualified'),
            ([Entry(status=WITHDRAWN), Entry()], 'qualified'),
            ([Entry(qualifications=qualification('NotQualified')), Entry()], 'not_qualified_by_list'),
        ):
            verdict = self.judge(sign(authority.issue()), self.get_list(
                [write_service([authority.certificate], entry) for entry in entries]))
            self.assertEqual(self.codes(verdict), f'{codes} {ASKED}')

    def test_on_the_way(self):
        """Authorities between the signer's and the list's are in the file, and are such."""
        root = Authority("Root")
        trusted = self.get_list([write_service([root.certificate])])
        for name, between, codes in (
            ('one', Authority("Between", issuer=root), f'qualified {ASKED} {ASKED}'),
            ('no CA', Authority("Between", issuer=root, is_ca=False), 'issuer_not_listed'),
            ('says nothing', Authority("Between", issuer=root, is_ca=None), 'issuer_not_listed'),
            ('of another root', Authority("Between", issuer=Authority("Root", signing_key=key(copy='x'))),
             'issuer_not_listed'),
            ('ended since', Authority("Between", issuer=root, until=NOW - DAY), f'qualified {ASKED} {ASKED}'),
            ('ended before', Authority("Between", issuer=root, until=ISSUED - DAY), 'issuer_not_listed'),
        ):
            with self.subTest(name):
                leaf = between.issue()
                verdict = self.judge(self.with_certificates(leaf, between.certificate), trusted)
                self.assertEqual(self.codes(verdict), codes)
                self.assertEqual(len(verdict.links), codes.count(ASKED))
        self.assertEqual(self.codes(self.judge(sign(between.issue()), trusted)), 'issuer_not_listed')

    def with_certificates(self, leaf, *certificates):
        return files.message([files.signer_info(leaf)], [leaf.certificate, *certificates])

    def test_long_way(self):
        """Of a long way, or one that leads round, nobody waits for the end."""
        root = last = Authority("Root")
        made = []
        for place in range(6):
            last = Authority(f"Between {place}", issuer=last)
            made.append(last)
            verdict = self.judge(
                self.with_certificates(last.issue(), *(authority.certificate for authority in made)),
                self.get_list([write_service([root.certificate])]))
            self.assertEqual(self.codes(verdict).split()[0], 'qualified' if place < 3 else 'issuer_not_listed')
        alone = Authority("Nobody")
        verdict = self.judge(
            self.with_certificates(alone.issue(), alone.certificate),
            self.get_list([write_service([root.certificate])]))
        self.assertEqual(self.codes(verdict), 'issuer_not_listed')

    def test_forged(self):
        """Who bears the name of an authority, and claims its key, is not believed; a new key may not be listed yet."""
        authority = Authority()
        liar = Authority(signing_key=key(copy='liar'))
        trusted = self.get_list([write_service([authority.certificate])])
        claimed = files.x509.SubjectKeyIdentifier.from_public_key(authority.key.public_key()).digest
        for authority_key, code in ((claimed, 'issuer_forged'), (None, 'issuer_forged'), (True, 'issuer_not_listed')):
            verdict = self.judge(sign(liar.issue(authority_key=authority_key)), trusted)
            self.assertEqual(self.codes(verdict), code)
            self.assert_judged(verdict, 'refused', code == 'issuer_not_listed')
            self.assertFalse(verdict.links)

    def test_no_list(self):
        """What cannot be known without a list is a warning that says whose list is wanted."""
        authority, german, far = (
            Authority(country=country) for country in ('IT', 'DE', 'US'))
        italian = self.get_list([write_service([authority.certificate])])
        for by, trusted_lists, codes, wanted in (
            (authority, [], 'list_missing', 'IT'),
            (german, [], 'list_missing', 'DE'),
            (german, [italian], 'list_missing', 'DE'),
            (far, [italian], 'issuer_not_listed', ''),
            (Authority(country='GR'), [italian], 'issuer_not_listed', ''),
        ):
            verdict = self.judge(sign(by.issue()), *trusted_lists)
            self.assertEqual((self.codes(verdict), verdict.territory), (codes, wanted))
            self.assert_judged(verdict, *(['warning'] if wanted else ['refused', True]))
        for how, by, code in (
                ({'missing': 'lists_unconfirmed'}, authority, 'lists_unconfirmed'),
                ({'territories': ['IT', 'DE'], 'unavailable': ['DE']}, german, 'list_unavailable'),
                ({'territories': ['IT', 'DE'], 'unavailable': ['DE']}, authority, 'list_missing')):
            [verdict] = trust.judge([sign(by.issue())], trust.Authorities([], **how), now=NOW)
            self.show(TRUST_FINDINGS[code], verdict.findings[0].values)
            self.assertEqual(self.codes(verdict), code)
        verdict = self.judge(sign(Authority(country='GR').issue()), italian, territories=('IT', 'EL'))
        self.assertEqual((self.codes(verdict), verdict.territory), ('list_missing', 'EL'))
        self.assertEqual(self.codes(self.judge(
            sign(german.issue()), italian, self.get_list([write_service([german.certificate])], territory='DE'))),
            f'qualified {ASKED}')

    def test_expired_list(self):
        """After its last day, a list says nothing: neither that an authority is qualified, nor that it is not."""
        authority, other = Authority(), Authority("Prova Qualified CA G2")
        for until in (NOW - DAY / 24, None):
            expired = self.get_list([write_service([authority.certificate])], until=until)
            for by in (authority, other):
                verdict = self.judge(sign(by.issue()), expired)
                self.assertEqual((self.codes(verdict), verdict.territory), ('list_expired', 'IT'))
                self.assert_judged(verdict, 'warning')
                self.assertFalse(verdict.links)
        lasting = self.get_list([write_service([authority.certificate])], until=NOW + DAY)
        self.assertEqual(self.codes(self.judge(sign(authority.issue()), lasting)), f'qualified {ASKED}')
        self.assertEqual(self.codes(self.judge(sign(authority.issue()), lasting, now=NOW + 2 * DAY)), 'list_expired')

    def test_expired_list_grants_nothing(self):
        """An authority in two lists: one that is out of date does not speak, whichever comes first."""
        authority = Authority()
        withdrawn = self.get_list([write_service([authority.certificate], Entry(NOW - 30 * DAY, WITHDRAWN), Entry())])
        for until, codes in ((NOW - 200 * DAY, f'not_granted_now {ASKED}'), (NOW + DAY, f'qualified {ASKED}')):
            other = self.get_list(
                [write_service([authority.certificate])], territory='DE', issued=NOW - 400 * DAY, until=until)
            for trusted_lists in ((withdrawn, other), (other, withdrawn)):
                self.assertEqual(self.codes(self.judge(sign(authority.issue()), *trusted_lists)), codes)

    def test_present_entry_unreadable(self):
        """Of a service whose present entry cannot be read, the history does not speak."""
        authority, since = Authority(), NOW - 30 * DAY
        service = write_service([authority.certificate], Entry(since, WITHDRAWN), Entry())
        trusted = self.get_list([service.replace(lists.moment(since), f'{since:%Y-%m-%d}')])
        self.assertEqual(self.codes(self.judge(sign(authority.issue()), trusted)), 'issuer_not_listed')

    def test_several_signatures(self):
        authority = Authority()
        trusted = self.get_list([write_service([authority.certificate])])
        mario, nobody = authority.issue(), Authority("Nobody").issue(key(copy=2), serial=5)
        verdict = self.judge(sign(nobody, sign(mario)), trusted)
        self.assertEqual(self.codes(verdict), f'issuer_not_listed qualified {ASKED}')
        self.assertEqual(len(verdict.links), 1)
        verdict = self.judge(files.message(
            [files.signer_info(mario), files.signer_info(nobody)], [mario.certificate]), trusted)
        self.assertEqual(self.codes(verdict), f'qualified {ASKED} certificate_missing')

    def test_invoices(self):
        """Certificates of Italian authorities, in Odoo's own tests, say where one can ask; no list here knows them."""
        trusted = self.get_list([write_service([Authority().certificate])])
        with file_open(INVOICE, 'rb') as file:
            signatures = trust.open_signatures(file.read())
        with file_open(CUT_INVOICE, 'rb') as file:  # the certificate is before the place where it is cut off
            owner = signed.read_certificate(file.read()[CUT_INVOICE_CERTIFICATE:])
        signatures.append(signatures[0]._replace(certificate=owner, certificates=[owner]))
        found = []
        for signature in signatures:
            owner = signature.certificate
            found.append([signed.get_answer_addresses(owner), signed.get_list_addresses(owner)])
            self.assertLessEqual({'0.4.0.194112.1.2', '1.3.76.16.6'}, signed.get_policies(owner))
            self.assertFalse(signed.is_authority(owner))
            for trusted_lists, code in (([trusted], 'issuer_not_listed'), ([], 'list_missing')):
                [verdict] = trust.judge([[signature]], trust.Authorities(trusted_lists), now=NOW)
                self.assertEqual((self.codes(verdict), verdict.links), (code, ()))
        self.assertEqual(found, [
            [['http://ocsp01.pec.it/va/arubapec-eidas-g1'], ['http://crl01.pec.it/va/arubapec-eidas-g1/crl']],
            [['http://ocsp08.actalis.it/va/actalis-eidas-g1'], ['http://crl08.actalis.it/va/actalis-eidas-g1/crl']]])

    def test_sentences(self):
        """Each code has its sentence, and each sentence its code."""
        self.assertEqual(TRUST_FINDINGS.keys(), trust.LEVELS.keys())
        self.assertEqual(LIST_PROBLEMS.keys(), set(trust.LIST_PROBLEMS))
        self.assertEqual(FETCH_PROBLEMS.keys(), set(trust.FETCH_PROBLEMS))
        self.assertLessEqual(set(trust.LEVELS.values()), set(ORDER))

    def test_anchors(self):
        """The proposed anchors are fingerprints of the notice that is named."""
        anchors = trust.read_anchors()
        self.assertEqual({(len(bytes.fromhex(anchor.fingerprint)), anchor.notice) for anchor in anchors}, {
            (32, 'C/2026/1944')})
        self.assertEqual(len({anchor.fingerprint for anchor in anchors}), 6)

    def test_no_tax_code(self):
        """Nothing that may be logged holds a tax code."""
        verdict = self.judge(sign(Authority().issue()), self.get_list([write_service([Authority().certificate])]))
        self.assertNotIn('RSSMRA', repr(verdict) + repr(verdict.links))

    def test_moments(self):
        self.assertEqual(self.get_list([], issued=NOW - DAY).issued, NOW - DAY)
        self.assertEqual(NOW.tzinfo, datetime.timezone.utc)
