"""Whether certificates were revoked, by lists and answers; and when they signed, by time stamps."""
import hashlib
import re
import subprocess
import tempfile
from pathlib import Path
from unittest.mock import patch

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.x509 import ocsp

from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec.tools import trust
from odoo.addons.l10n_it_openapi_pec.tools.p7m import ber
from odoo.addons.l10n_it_openapi_pec.tools.p7m.judging import net
from odoo.addons.l10n_it_openapi_pec.tools.trust import asking, judging, revocation
from odoo.addons.l10n_it_openapi_pec.tools.trust.chain import Link, find_chain
from odoo.addons.l10n_it_openapi_pec.tools.trust.signed import read_certificate

import p7m_files as files
from p7m_files import DAY, NOW, Identity, der, ec, inside, key, oid, pem, sign, signer_info
from trust_files import Authority, Server, drip, make_issuing_point, make_point
from trust_lists import STAMPS, Entry, write_service

from .test_trust import TrustCase

EVERYTHING = revocation.GOOD, revocation.REVOKED, revocation.SUSPENDED
SERIAL = 0x4711471147114711
ANSWERS = '1.3.6.1.5.5.7.3.9'  # the extended usage of who answers
STAMPING = '1.3.6.1.5.5.7.3.8'
URL = 'http://crl.prova.invalid/g1'


class RevocationCase(TrustCase):
    """An authority that is in a list, and a certificate of it."""

    def setUp(self):
        super().setUp()
        self.authority = Authority()
        self.leaf = self.authority.issue(lists=[URL])
        self.trusted = self.get_list([write_service([self.authority.certificate])])

    def judge_list(self, content, leaf=None, issuer=None):
        return self.judge_with(revocation.judge_list, content, leaf, issuer)

    def judge_answer(self, content, leaf=None, issuer=None):
        return self.judge_with(revocation.judge_answer, content, leaf, issuer)

    def judge_with(self, function, content, leaf, issuer):
        """Return what a list or an answer says: a status, or why it says nothing."""
        try:
            status = function(
                content, read_certificate((leaf or self.leaf).certificate),
                read_certificate((issuer or self.authority).certificate), NOW)
        except trust.TrustError as error:
            return error.code
        self.assertIn(status.status, EVERYTHING)
        self.assertEqual(status.checked_at, NOW)
        return status.status

    def get_link(self, leaf=None):
        return Link(
            read_certificate((leaf or self.leaf).certificate), read_certificate(self.authority.certificate), 2048)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestRevocationLists(RevocationCase):
    """Revocation lists."""

    def test_entries(self):
        others = [(number, NOW - DAY, None) for number in (5, 0x80, 0x4711, SERIAL + 1, SERIAL << 8, 2 ** 150)]
        for name, entries, status in (
            ('nothing', [], 'good'),
            ('others', others, 'good'),
            ('revoked', [(SERIAL, NOW - DAY, None)], 'revoked'),
            ('among others', [*others, (SERIAL, NOW - DAY, 'keyCompromise'), *others], 'revoked'),
            ('the first', [(SERIAL, NOW - DAY, 'superseded'), *others], 'revoked'),
            ('on hold', [*others, (SERIAL, NOW - DAY, 'certificateHold')], 'suspended'),
        ):
            with self.subTest(name):
                self.assertEqual(self.judge_list(self.authority.make_list(entries)), status)
        content = self.authority.make_list([(SERIAL, NOW - DAY, None)])
        status = revocation.judge_list(content, *self.get_link()[:2], NOW)
        self.assertEqual((status.revoked_at, status.source), (NOW - DAY, 'CRL'))

    def test_serial_numbers(self):
        """Numbers of all lengths are found, whose entries are long as well."""
        for serial in (1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 2 ** 63, 2 ** 127, 2 ** 158):
            leaf = self.authority.issue(serial=serial)
            self.assertEqual(self.judge_list(self.authority.make_list([(serial, NOW - DAY, None)]), leaf), 'revoked')
            self.assertEqual(self.judge_list(self.authority.make_list([(serial + 1, NOW - DAY, None)]), leaf), 'good')

    def test_serial_numbers_longer_than_need_be(self):
        """An authority that writes needless bytes in front of a number has revoked it all the same."""
        content = self.authority.make_list([(5, NOW - DAY, None), (SERIAL, NOW - DAY, None), (7, NOW - DAY, None)])
        number = SERIAL.to_bytes(8, 'big')
        for odd in (der(0x02, b'\0' + number), der(0x02, b'\0\0' + number), b'\x02\x81\x08' + number):
            leaf = self.authority.issue(serial=SERIAL)
            changed = self.sign_anew(content, der(0x02, number), odd)
            self.assertEqual(self.judge_list(changed, leaf), 'revoked')
            self.assertEqual(self.judge_list(changed, self.authority.issue(serial=SERIAL + 1)), 'good')

    def test_entries_of_others(self):
        """Where a list says of an entry what must not be overlooked, it says nothing of this certificate."""
        for critical, status in ((True, 'revocation_unreadable'), (False, 'revoked')):
            extension = x509.CertificateIssuer([x509.DirectoryName(Authority("Other").name)])
            builder = x509.CertificateRevocationListBuilder(self.authority.name, NOW - DAY, NOW + DAY)
            builder = builder.add_revoked_certificate(x509.RevokedCertificateBuilder(
                SERIAL, NOW - DAY).add_extension(extension, critical=critical).build())
            content = self.authority.sign(builder).public_bytes(files.Encoding.DER)
            self.assertEqual(self.judge_list(content), status)
            self.assertEqual(self.judge_list(content, self.authority.issue(serial=5)), 'good')

    def sign_anew(self, content, old, new):
        """Return a revocation list with an entry's number written otherwise."""
        body, algorithm, _signature = inside(content)
        fields = inside(body)
        place = next(place for place, field in enumerate(fields) if old in field and place > 2)
        entries = [der(0x30, new, *inside(entry)[1:]) if inside(entry)[0] == old else entry
                   for entry in inside(fields[place])]
        fields[place] = der(0x30, *entries)
        body = der(0x30, *fields)
        made = self.authority.key.sign(body, padding.PKCS1v15(), hashes.SHA256())
        return der(0x30, body, algorithm, der(0x03, b'\0' + made))

    def test_long_entries(self):
        """Entries with much to say are passed by, and read."""
        long = x509.UnrecognizedExtension(x509.ObjectIdentifier('1.2.3.4'), der(0x04, b'x' * 300))
        for order in (1, -1):
            builder = x509.CertificateRevocationListBuilder(self.authority.name, NOW - DAY, NOW + DAY)
            for serial in (5, SERIAL, 7)[::order]:
                builder = builder.add_revoked_certificate(x509.RevokedCertificateBuilder(
                    serial, NOW - DAY).add_extension(long, critical=False).build())
            content = self.authority.sign(builder).public_bytes(files.Encoding.DER)
            self.assertEqual(self.judge_list(content), 'revoked')
            self.assertEqual(self.judge_list(content, self.authority.issue(serial=6)), 'good')

    def test_keys(self):
        for authority in (
                Authority(is_pss=True), Authority(signing_key=key('ec', ec.SECP256R1)),
                Authority(signing_key=key('ec', ec.SECP384R1), digest=hashes.SHA384()),
                Authority(signing_key=key(detail=1024))):
            self.assertEqual(self.judge_list(authority.make_list(), authority.issue(), authority), 'good')

    def test_unusable(self):
        good, other = self.authority.make_list(), Authority(signing_key=key(copy='other'))
        deltas = x509.DeltaCRLIndicator(6)
        for name, content, code in (
            ('nothing', b'', 'unreadable'),
            ('a page', b'<html>', 'unreadable'),
            ('cut off', good[:-5], 'unreadable'),
            ('changed', good.replace(b'Prova', b'Provo'), 'unreadable'),
            ('signed by another with this name', other.make_list(), 'unreadable'),
            ('of another', self.authority.make_list(issuer=Authority("Other").name), 'unreadable'),
            ('of yesterday', self.authority.make_list(since=NOW - 2 * DAY, until=NOW - DAY / 24), 'stale'),
            ('of tomorrow', self.authority.make_list(since=NOW + DAY, until=NOW + 2 * DAY), 'stale'),
            ('the changes alone', self.authority.make_list(further=[deltas]), 'unreadable'),
        ):
            with self.subTest(name):
                self.assertEqual(self.judge_list(content), f'revocation_{code}')
        self.assertEqual(self.judge_list(self.authority.make_list(since=NOW + DAY / 48)), 'good')  # clocks differ

    def test_points(self):
        """Of several lists of an authority only the one that the certificate names counts, and one that says all."""
        some = frozenset([x509.ReasonFlags.key_compromise])
        for name, point, status in (
            ('this one', make_issuing_point(URL), 'good'),
            ('several names', make_issuing_point('http://other.invalid', URL), 'good'),
            ('all of users', make_issuing_point(only_contains_user_certs=True), 'good'),
            ('another one', make_issuing_point('http://crl.prova.invalid/g2'), 'revocation_unreadable'),
            ('of authorities', make_issuing_point(only_contains_ca_certs=True), 'revocation_unreadable'),
            ('of attributes', make_issuing_point(only_contains_attribute_certs=True), 'revocation_unreadable'),
            ('of others', make_issuing_point(URL, indirect_crl=True), 'revocation_unreadable'),
            ('some reasons', make_issuing_point(URL, only_some_reasons=some), 'revocation_unreadable'),
        ):
            with self.subTest(name):
                self.assertEqual(self.judge_list(self.authority.make_list(point=point)), status)

    def test_openssl(self):
        """Lists that openssl made; one that is signed with SHA-1 says nothing."""
        for digest, revoked, other in (
                ('sha256', 'revoked', 'good'), ('sha1', 'revocation_unreadable', 'revocation_unreadable')):
            with tempfile.TemporaryDirectory() as folder:
                write_authority(Path(folder), self.authority, [f'R\t301231235959Z\t{NOW:%y%m%d%H%M%SZ}\t{SERIAL:X}'])
                openssl(folder, 'ca', '-config', 'ca.cnf', '-gencrl', '-md', digest, '-crldays', '7',
                        '-out', 'list.pem')
                openssl(folder, 'crl', '-in', 'list.pem', '-outform', 'DER', '-out', 'list.der')
                content = Path(folder, 'list.der').read_bytes()
            self.assertEqual(self.judge_list(content), revoked)
            self.assertEqual(self.judge_list(content, self.authority.issue(serial=5)), other)

    def test_hostile(self):
        """Whatever the bytes, nothing is raised but that they say nothing."""
        good = self.authority.make_list([(SERIAL, NOW - DAY, 'keyCompromise')])
        for place in range(0, len(good), 3):
            for changed in (good[:place], good[:place] + bytes([good[place] ^ 0x55]) + good[place + 1:]):
                self.assertIn(self.judge_list(changed), ('revocation_unreadable', 'revocation_stale'))


def openssl(folder, *words, content=None):
    """Run openssl in a folder, which must succeed; return what it writes."""
    return subprocess.run(
        ['openssl', *words], cwd=folder, check=True, capture_output=True, input=content).stdout


def write_authority(folder, authority, index):
    """Write an authority as openssl wants it."""
    Identity(authority.key, authority.certificate).write(folder).rename(folder / 'ca.pem')
    (folder / 'index.txt').write_text(''.join(f'{line}\tunknown\t/CN=x\n' for line in index))
    (folder / 'number').write_text('01\n')
    (folder / 'ca.cnf').write_text(
        '[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ncrlnumber=number\ncertificate=ca.pem\nprivate_key=ca.pem\n'
        'default_md=sha256\n')


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestAnswers(RevocationCase):
    """Answers about one certificate (OCSP)."""

    def get_answerer(self, **how):
        return self.authority.issue(key(copy='answers'), serial=9, **{
            'extended': [ANSWERS], 'words': ['digital_signature'], **how})

    def test_status(self):
        for name, how, status in (
            ('good', {}, 'good'),
            ('revoked', {'status': 'REVOKED', 'revoked_at': NOW - DAY}, 'revoked'),
            ('with a reason', {'status': 'REVOKED', 'revoked_at': NOW - DAY, 'reason': 'keyCompromise'}, 'revoked'),
            ('on hold', {'status': 'REVOKED', 'revoked_at': NOW - DAY, 'reason': 'certificateHold'}, 'suspended'),
            ('not known', {'status': 'UNKNOWN'}, 'revocation_unknown'),
            ('told by SHA-256', {'digest': hashes.SHA256()}, 'good'),
            ('without a next one', {'until': None}, 'good'),
            ('old, without a next one', {'until': None, 'since': NOW - 2 * DAY}, 'revocation_stale'),
            ('of yesterday', {'since': NOW - 2 * DAY, 'until': NOW - DAY}, 'revocation_stale'),
            ('of tomorrow', {'since': NOW + DAY, 'until': NOW + 2 * DAY}, 'revocation_stale'),
            ('about another', {'serial': 8}, 'revocation_unreadable'),
            ('by who was appointed', {'answerer': self.get_answerer()}, 'good'),
            ('by who was not', {'answerer': self.get_answerer(extended=())}, 'revocation_unreadable'),
            ('by who was appointed for something else', {'answerer': self.get_answerer(extended=[STAMPING])},
             'revocation_unreadable'),
            ('by who was appointed once', {'answerer': self.get_answerer(end=NOW - DAY)}, 'revocation_unreadable'),
            ('by who was appointed by another', {'answerer': Authority(signing_key=key(copy='liar')).issue(
                key(copy='answers'), extended=[ANSWERS])}, 'revocation_unreadable'),
            ('by another', {'answerer': Identity(key(copy='liar'), Authority("Liar").issue(
                key(copy='liar')).certificate)}, 'revocation_unreadable'),
        ):
            with self.subTest(name):
                self.assertEqual(self.judge_answer(self.authority.answer(self.leaf, **how)), status)

    def test_unsuccessful(self):
        for status in ocsp.OCSPResponseStatus:
            if status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
                content = ocsp.OCSPResponseBuilder.build_unsuccessful(status).public_bytes(files.Encoding.DER)
                self.assertEqual(self.judge_answer(content), 'revocation_unknown')
        for content in (b'', b'<html>', self.authority.make_list()):
            self.assertEqual(self.judge_answer(content), 'revocation_unreadable')

    def test_hostile(self):
        good = self.authority.answer(self.leaf, 'REVOKED', revoked_at=NOW - DAY)
        said = {self.judge_answer(changed) for place in range(0, len(good), 3) for changed in (
            good[:place], good[:place] + bytes([good[place] ^ 0x55]) + good[place + 1:])}
        self.assertLessEqual(said, {'revocation_unreadable', 'revocation_stale', 'revocation_unknown'})

    def test_question(self):
        """The question is one that others understand: cryptography, and the answerer of openssl."""
        owner, issuer, _bits = self.get_link()
        question = revocation.encode_question(owner, issuer)
        read = ocsp.load_der_ocsp_request(question)
        built = ocsp.OCSPRequestBuilder().add_certificate(
            x509.load_der_x509_certificate(self.leaf.certificate), self.authority.x509, hashes.SHA1()).build()  # noqa: S303 - RFC 5019
        self.assertEqual(read.serial_number, SERIAL)
        self.assertEqual(question, built.public_bytes(files.Encoding.DER))
        moment = f'R\t301231235959Z\t{NOW - DAY:%y%m%d%H%M%SZ}'
        for state, digest, status in (
                ('V\t301231235959Z\t', 'sha256', 'good'), (f'{moment},certificateHold', 'sha256', 'suspended'),
                (moment, 'sha256', 'revoked'), (moment, 'sha1', 'revocation_unreadable')):
            with tempfile.TemporaryDirectory() as folder:
                write_authority(Path(folder), self.authority, [f'{state}\t{SERIAL:X}'])
                Path(folder, 'question').write_bytes(question)
                openssl(folder, 'ocsp', '-index', 'index.txt', '-CA', 'ca.pem', '-rsigner', 'ca.pem', '-ndays', '1',
                        '-rmd', digest, '-reqin', 'question', '-respout', 'answer')
                self.assertEqual(self.judge_answer(Path(folder, 'answer').read_bytes()), status)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestAsking(RevocationCase):
    """Asking over loopback, and what the verdict makes of it."""

    def setUp(self):
        super().setUp()
        self.server = self.enterContext(Server())
        self.fetcher = trust.Fetcher([self.server.place], seconds=3)
        self.answers_url, self.list_url = f'{self.server.url}/ocsp', f'{self.server.url}/crl'
        self.leaf = self.authority.issue(answers=[self.answers_url], lists=[self.list_url])

    def ask(self, leaf=None, **how):
        """Return what became known of a certificate."""
        self.server.asked.clear()
        verdict = self.judge(sign(leaf or self.leaf), self.trusted)
        self.assertIn('revocation_not_asked', self.codes(verdict))
        statuses = trust.ask(verdict.links, self.fetcher, now=NOW, **how)
        return statuses[verdict.links[0].fingerprint]

    def judge_file(self, leaf=None, signing_time=NOW, **how):
        """Return the codes of a file after asking."""
        statuses = {self.get_link(leaf or self.leaf).fingerprint: self.ask(leaf, **how)}
        verdict = self.judge(sign(leaf or self.leaf, signing_time=signing_time), self.trusted, statuses=statuses)
        return self.codes(verdict).removeprefix('qualified ')

    def test_answer_first(self):
        self.server.answers |= {
            '/ocsp': self.authority.answer(self.leaf), '/crl': self.authority.make_list([(SERIAL, NOW - DAY, None)])}
        status = self.ask()
        self.assertEqual((status.status, status.source, status.host), ('good', 'OCSP', f'127.0.0.1:{self.server.port}'))
        self.assertEqual(self.server.asked, ['/ocsp'])
        self.assertEqual(self.judge_file(), 'not_revoked')

    def test_list_otherwise(self):
        """Where the answerer does not help, the list does."""
        self.server.answers['/crl'] = self.authority.make_list([(SERIAL, NOW - DAY, None)])
        for answer in (
                (500, {}, b''), b'<html>', self.authority.answer(self.leaf, 'UNKNOWN'),
                self.authority.answer(self.leaf, since=NOW - 2 * DAY, until=NOW - DAY), (302, {'Location': '/x'}, b'')):
            self.server.answers['/ocsp'] = answer
            status = self.ask()
            self.assertEqual((status.status, status.source), ('revoked', 'CRL'))
            self.assertEqual((self.server.asked[0], self.server.asked[-1]), ('/ocsp', '/crl'))
        self.server.answers['/crl'] = pem(self.authority.make_list(), 'X509 CRL')
        self.assertEqual(self.ask().status, 'good')

    def test_kept(self):
        """A list that was fetched is fetched again only after an hour, or when a person wants it."""
        kept, good = {}, self.authority.make_list()
        self.server.answers = {'/crl': good}
        self.assertEqual(self.ask(kept=kept).status, 'good')
        self.assertEqual(kept, {self.list_url: trust.Copy(good, NOW)})
        self.server.answers = {}
        self.assertEqual(self.ask(kept=kept).status, 'good')
        self.assertNotIn('/crl', self.server.asked)
        self.assertEqual(self.ask(kept=kept, is_anew=True).problem, 'revocation_unreachable')
        self.server.answers = {'/crl': good}
        stale = self.authority.make_list(since=NOW - 2 * DAY, until=NOW - DAY / 24)
        for copy in (trust.Copy(b'something else', NOW), trust.Copy(stale, NOW), trust.Copy(good, NOW - DAY / 24)):
            self.assertEqual(self.ask(kept={self.list_url: copy}).status, 'good')
            self.assertEqual(self.server.asked[-1], '/crl')
        self.server.answers = {'/crl': b'no list'}
        kept = {}
        self.ask(kept=kept)
        self.assertEqual(kept, {})

    def test_kept_as_of_then(self):
        """What a list said that was fetched before counts as of then: it proves nothing of what was signed later."""
        then = NOW - DAY / 48
        kept = {self.list_url: trust.Copy(self.authority.make_list(), then)}
        self.server.answers = {}
        self.assertEqual(self.ask(kept=kept).checked_at, then)
        self.assertEqual(self.judge_file(signing_time=then, kept=kept), 'not_revoked')
        self.assertEqual(self.judge_file(signing_time=NOW, kept=kept), 'revocation_not_asked')
        self.assertEqual(self.judge_file(signing_time=then, kept=kept, signed_at=then), 'not_revoked')
        self.assertEqual(self.judge_file(kept=kept, signed_at=NOW), 'revocation_unreachable', "so it is fetched again")
        self.server.answers = {'/crl': self.authority.make_list()}
        self.assertEqual(self.judge_file(kept=kept, signed_at=NOW), 'not_revoked')
        self.server.answers = {}
        self.assertEqual(self.judge_file(kept=kept, signed_at=NOW), 'not_revoked', "once for all that were signed then")

    def test_told_before_it_signed(self):
        """A list, or an answer, of before the signature does not say that the certificate was good when it signed."""
        before = NOW - DAY / 4
        for path, content in (
                ('/crl', self.authority.make_list(since=before, until=NOW + 6 * DAY)),
                ('/ocsp', self.authority.answer(self.leaf, since=before, until=NOW + 6 * DAY))):
            self.server.answers = {path: content}
            self.assertEqual(self.ask().told_at, before)
            for signing_time, code in (
                    (NOW, 'revocation_told_before'), (before + DAY / 24, 'revocation_told_before'),
                    (before, 'not_revoked'), (before - DAY, 'not_revoked'), (None, 'not_revoked')):
                self.assertEqual(self.judge_file(signing_time=signing_time), code)

    def test_answers_are_not_kept(self):
        """An answer is about one certificate: who asks again wants to know what is so now."""
        kept = {}
        self.server.answers['/ocsp'] = self.authority.answer(self.leaf)
        self.ask(kept=kept)
        self.assertEqual(kept, {})
        self.server.answers['/ocsp'] = self.authority.answer(self.leaf, 'REVOKED', revoked_at=NOW - DAY)
        self.assertEqual(self.ask(kept=kept).status, 'revoked')

    def test_one_list_for_many(self):
        """The list of an authority serves for all its certificates."""
        self.server.answers = {'/crl': self.authority.make_list([(6, NOW - DAY, None)])}
        kept = {}
        found = [self.ask(self.authority.issue(serial=serial, lists=[self.list_url]), kept=kept).status
                 for serial in (5, 6, 7)]
        self.assertEqual((found, self.server.asked), (['good', 'revoked', 'good'], []))

    def test_problems(self):
        """What could not be asked is a warning, which says why."""
        for name, answers, code in (
            ('nobody there', {}, 'unreachable'),
            ('both broken', {'/ocsp': b'x', '/crl': b'x'}, 'unreadable'),
            ('one silent, one old', {'/crl': self.authority.make_list(until=NOW - DAY / 24)}, 'stale'),
            ('not known', {'/ocsp': self.authority.answer(self.leaf, 'UNKNOWN')}, 'unknown'),
            ('dripping', {'/ocsp': drip, '/crl': drip}, 'unreachable'),
            ('too large', {'/ocsp': bytes(asking.MAX_ANSWER + 1), '/crl': bytes(asking.MAX_LIST + 1)}, 'too_large'),
        ):
            with self.subTest(name):
                self.server.answers = answers
                self.fetcher = trust.Fetcher([self.server.place], seconds=0.4)
                self.assertEqual(self.judge_file(), f'revocation_{code}')
        for how, code in (
            ({'answers': ['http://169.254.169.254/latest']}, 'address_refused'),
            ({'lists': ['http://localhost/crl']}, 'address_refused'),
            ({'lists': ['ldap://ldap.prova.invalid/cn=CRL']}, 'not_named'),
            ({}, 'not_named'),
        ):
            self.assertEqual(self.judge_file(self.authority.issue(**how)), f'revocation_{code}')

    def test_points(self):
        """Lists that say not all, or are another's, are not asked for; nor are more than a few."""
        some, other = frozenset([x509.ReasonFlags.key_compromise]), [x509.DirectoryName(Authority("Other").name)]
        url = x509.UniformResourceIdentifier(self.list_url)
        for points, asked in (
            ([make_point('ldap://x', self.list_url)], ['/crl']),
            ([x509.DistributionPoint([url], None, some, None)], []),
            ([x509.DistributionPoint([url], None, None, other)], []),
            ([x509.DistributionPoint(None, Authority().x509.subject.rdns[-1], None, None)], []),
            ([make_point(f'{self.server.url}/{place}') for place in range(9)], ['/0', '/1']),
        ):
            self.ask(self.authority.issue(points=points))
            self.assertEqual(self.server.asked, asked)

    def test_revoked(self):
        """Revoked before or after the signer says that he signed: without proof of the time it does not count."""
        revoked_at = NOW - 10 * DAY
        for status, reason, signing_time, code in (
            ('GOOD', None, NOW, 'not_revoked'),
            ('REVOKED', None, NOW, 'revoked'),
            ('REVOKED', None, None, 'revoked'),
            ('REVOKED', None, revoked_at, 'revoked'),
            ('REVOKED', None, revoked_at - DAY, 'revoked_since'),
            ('REVOKED', 'certificateHold', NOW, 'suspended'),
            ('REVOKED', 'certificateHold', revoked_at - DAY, 'suspended'),
        ):
            self.server.answers['/ocsp'] = self.authority.answer(
                self.leaf, status, revoked_at=revoked_at if status == 'REVOKED' else None, reason=reason)
            self.assertEqual(self.judge_file(signing_time=signing_time), code)

    def test_known_from_before(self):
        """That it was good before it signed says nothing of the signature; that it was revoked, all."""
        for status, code in (
                ('good', 'revocation_not_asked'), ('unknown', 'revocation_not_asked'), ('revoked', 'revoked')):
            found = trust.Status(status, 'revocation_stale', 'CRL', 'x', NOW - 3 * DAY if status == 'revoked' else None,
                                 checked_at=NOW - 2 * DAY)
            verdict = self.judge(
                sign(self.leaf, signing_time=NOW - DAY), self.trusted,
                statuses={self.get_link().fingerprint: found})
            self.assertEqual(self.codes(verdict), f'qualified {code}')

    def test_long_known(self):
        """Whatever the signer's clock says: without a time stamp, that it was good once says nothing of today."""
        for signing_time in (NOW - 61 * DAY, None):
            for checked_at, code in ((NOW - 60 * DAY, 'revocation_not_asked'), (NOW - DAY, 'not_revoked')):
                found = trust.Status('good', source='CRL', host='x', checked_at=checked_at, told_at=checked_at)
                verdict = self.judge(
                    sign(self.leaf, signing_time=signing_time), self.trusted,
                    statuses={self.get_link().fingerprint: found})
                self.assertEqual(self.codes(verdict), f'qualified {code}')

    def test_on_the_way(self):
        """Who issued the signer's certificate may be revoked as well."""
        between = Authority("Between", issuer=self.authority)
        leaf = between.issue()
        content = files.message([signer_info(leaf)], [leaf.certificate, between.certificate])
        verdict = self.judge(content, self.trusted)
        statuses = {link.fingerprint: trust.Status(status, '', 'CRL', 'x', moment, NOW, NOW)
                    for link, (status, moment) in zip(
                        verdict.links, (('good', None), ('revoked', NOW - DAY)), strict=True)}
        verdict = self.judge(content, self.trusted, statuses=statuses)
        self.assertEqual(self.codes(verdict), 'qualified not_revoked revoked')
        old = {fingerprint: trust.Status('good', '', 'CRL', 'x', None, NOW, NOW - 90 * DAY) for fingerprint in statuses}
        self.assertEqual(
            self.codes(self.judge(content, self.trusted, statuses=old)),
            'qualified revocation_told_before not_revoked', "an authority's own is revoked by a list of some months")

    def test_nothing_without_list(self):
        """Nobody asks at an address before the certificate has led to a list."""
        nobody = Authority("Nobody").issue(answers=[self.answers_url], lists=[self.list_url])
        for trusted_lists in ([], [self.trusted], [self.get_list(
                [write_service([self.authority.certificate])], until=NOW - DAY)]):
            for leaf in (nobody, *([] if self.trusted in trusted_lists else [self.leaf])):
                verdict = self.judge(sign(leaf), *trusted_lists)
                self.assertEqual(trust.ask(verdict.links, self.fetcher, now=NOW), {})
        self.assertEqual(self.server.asked, [])

    def test_posted(self):
        self.server.answers['/ocsp'] = self.authority.answer(self.leaf)
        self.ask()
        self.assertEqual(ocsp.load_der_ocsp_request(self.server.bodies[-1]).serial_number, SERIAL)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestStamps(RevocationCase):
    """Time stamps, made by openssl."""

    def setUp(self):
        super().setUp()
        self.folder = self.enterContext(tempfile.TemporaryDirectory())
        self.stamper = self.get_stamper()
        self.others = self.get_list([
            write_service([self.authority.certificate]),
            write_service([self.stamper.certificate], Entry(kind=STAMPS, purposes=()))])

    def get_stamper(self, authority=None, signing_key=None, **how):
        return (authority or Authority("Stamps")).issue(
            signing_key or key(copy='stamps'), serial=3, common_name="Stamps 1", start=NOW - 100 * DAY,
            **{'words': ['digital_signature'], 'extended': [STAMPING], **how})

    def stamp(self, info, stamper=None, content=None, digest='sha256'):
        """Return a signature (encoded ``SignerInfo``) with a time stamp."""
        folder = Path(self.folder)
        stamper = stamper or self.stamper
        stamper.write(folder).rename(folder / 'stamper.pem')
        (folder / 'number').write_text('01\n')
        (folder / 'ts.cnf').write_text(
            '[tsa]\ndefault_tsa=t\n[t]\nserial=number\ndefault_policy=1.2.3\ndigests=sha256,sha1\nsigner_digest=sha256\n'
            'ess_cert_id_alg=sha256\nsigner_cert=stamper.pem\nsigner_key=stamper.pem\n')
        (folder / 'signature').write_bytes(
            bytes(ber.children(ber.parse(info))[5].body) if content is None else content)
        openssl(folder, 'ts', '-query', '-data', 'signature', f'-{digest}', '-cert', '-out', 'query')
        openssl(folder, 'ts', '-reply', '-config', 'ts.cnf', '-section', 't', '-queryfile', 'query', '-token_out',
                '-out', 'token')
        token = (folder / 'token').read_bytes()
        return self.with_token(info, token)

    def with_token(self, info, token):
        return der(0x30, *inside(info), der(0xA1, der(0x30, oid('1.2.840.113549.1.9.16.2.14'), der(0x31, token))))

    def judge_stamped(self, info, *trusted_lists, status=None):
        content = files.message([info], [self.leaf.certificate])
        statuses = status and {self.get_link().fingerprint: status}
        verdict = self.judge(content, *(trusted_lists or [self.others]), statuses=statuses, now=NOW + DAY / 24)
        return self.codes(verdict).removesuffix(' revocation_not_asked')

    def test_trusted(self):
        stamped = self.stamp(signer_info(self.leaf))
        self.assertEqual(self.judge_stamped(stamped), 'qualified stamped')
        self.assertEqual(self.judge_stamped(signer_info(self.leaf)), 'qualified')
        for certificate in (self.stamper.certificate, Authority("Stamps").certificate):
            trusted = self.get_list([write_service([self.authority.certificate]), write_service(
                [certificate], Entry(kind=STAMPS, purposes=()))])
            self.assertEqual(self.judge_stamped(stamped, trusted), 'qualified stamped')
        # openssl as well finds that the message is whole
        self.assertTrue(files.OpenSsl(self.folder).verifies(files.message([stamped], [self.leaf.certificate])))

    def test_not_trusted(self):
        info = signer_info(self.leaf)
        nobody = self.get_stamper(Authority("Nobody"), key(copy='nobody'))
        old = self.get_stamper(end=NOW - DAY)
        for name, stamped in (
            ('nobody knows who', self.stamp(info, nobody)),
            ('of another signature', self.stamp(info, content=b'other')),
            ('by a certificate that ended', self.stamp(info, old)),
            ('with SHA-1', self.stamp(info, digest='sha1')),
            ('another name', self.stamp(info).replace(b'Stamps 1', b'Stamps 2')),
            ('another time', re.sub(
                rb'\x18\x0f\d{14}Z', b'\x18\x0f' + f'{NOW - DAY:%Y%m%d%H%M%SZ}'.encode(), self.stamp(info), count=1)),
        ):
            with self.subTest(name):
                self.assertEqual(self.judge_stamped(stamped), 'qualified time_stamp_not_trusted')
        stamped = self.stamp(info)
        for name, entry in (
            ('another service', Entry()), ('withdrawn', Entry(kind=STAMPS, status='withdrawn')),
            ('later', Entry(since=NOW + DAY, kind=STAMPS)),
        ):
            with self.subTest(name):
                trusted = self.get_list([write_service([self.authority.certificate]), write_service(
                    [self.stamper.certificate], entry)])
                self.assertEqual(self.judge_stamped(stamped, trusted), 'qualified time_stamp_not_trusted')
        self.assertEqual(self.judge_stamped(self.with_token(info, der(0x30))),
                         'qualified time_stamp_not_trusted')

    def test_expired_list(self):
        """A list that is out of date makes no stamp good, even when the signer's own is in time."""
        stamped, own = self.stamp(signer_info(self.leaf)), self.get_list([write_service([self.authority.certificate])])
        for until, code in ((NOW + 9 * DAY, 'stamped'), (NOW - DAY, 'time_stamp_not_trusted')):
            other = self.get_list([write_service(
                [self.stamper.certificate], Entry(kind=STAMPS, purposes=()))], territory='DE', until=until)
            self.assertEqual(self.judge_stamped(stamped, own, other), f'qualified {code}')

    def test_not_for_stamps(self):
        """A certificate of a listed authority that is not for time stamps makes none."""
        authority = Authority("Stamps")
        trusted = self.get_list([write_service([self.authority.certificate]), write_service(
            [authority.certificate], Entry(kind=STAMPS, purposes=()))])
        for usages, code in (
                ([STAMPING], 'stamped'), ([STAMPING, ANSWERS], 'stamped'),
                ([ANSWERS], 'time_stamp_not_trusted'), ((), 'time_stamp_not_trusted')):
            info = signer_info(self.leaf)
            token = self.make_token(info, self.get_stamper(authority, extended=usages))
            self.assertEqual(self.judge_stamped(self.with_token(info, token), trusted), f'qualified {code}')
        token = self.make_token(info, self.get_stamper(authority), files.DATA)  # something else that it has signed
        self.assertEqual(self.judge_stamped(self.with_token(info, token), trusted), 'qualified time_stamp_not_trusted')

    def test_before_the_certificate(self):
        """Nobody signs before he has a certificate: such a time stamp proves nothing."""
        self.leaf = self.authority.issue(start=NOW + DAY / 48)
        stamped = self.stamp(signer_info(self.leaf))
        self.assertEqual(self.judge_stamped(stamped), 'qualified time_stamp_not_trusted')

    def test_without_content(self):
        """Anybody can put such a time stamp into a file: it takes nothing from what stands against the file."""
        info = signer_info(self.leaf)
        stamped = self.with_token(info, self.make_token(info, self.stamper, octets=b''))
        revoked = trust.Status('revoked', '', 'CRL', 'x', NOW - DAY, NOW)
        self.assertEqual(self.judge_stamped(stamped, status=revoked), 'qualified time_stamp_not_trusted revoked')

    def test_a_mistake_of_ours(self):
        """A signature that this program cannot judge is refused, and takes nothing from what is found of another."""
        other = self.authority.issue(key(copy='other'), serial=5)
        content = files.message(
            [signer_info(self.leaf), signer_info(other)], [self.leaf.certificate, other.certificate])
        revoked = trust.Status('revoked', '', 'CRL', 'x', NOW - DAY, NOW)

        def fail(owner, *arguments):
            return 1 / 0 if owner.serial == 5 else find_chain(owner, *arguments)

        with patch.object(judging, 'find_chain', fail), self.assertLogs(net.__module__, 'ERROR'):
            verdict = self.judge(content, self.trusted, statuses={self.get_link().fingerprint: revoked})
        self.assertEqual(sorted(self.codes(verdict).split()), ['qualified', 'revoked', 'verification_failed'])
        self.assert_judged(verdict, 'refused')
        with patch.object(judging, 'find_chain', fail), self.assertLogs(net.__module__, 'ERROR'):
            self.assert_judged(self.judge(sign(other), self.trusted), 'refused', overridable=True)

    def make_token(self, info, stamper, kind='1.2.840.113549.1.9.16.1.4', **how):
        """Return a time stamp that is made by hand: openssl makes none with another certificate, or without content.
        """
        digest = hashlib.sha256(bytes(ber.children(ber.parse(info))[5].body)).digest()
        content = der(
            0x30, files.integer(1), oid('1.2.3'),
            der(0x30, files.algorithm(files.DIGESTS['sha256']), der(0x04, digest)), files.integer(1),
            der(0x18, f'{NOW:%Y%m%d%H%M%SZ}'.encode()))
        content_type = der(0x30, oid(files.CONTENT_TYPE), der(0x31, oid(kind)))
        return files.message([signer_info(stamper, content, order=lambda attributes: sorted(
            content_type if oid(files.CONTENT_TYPE) in attribute else attribute for attribute in attributes))],
            [stamper.certificate], content, **how)

    def test_revoked_later(self):
        """What was there before it was revoked stays good, and so it is when the authority was withdrawn later."""
        stamped = self.stamp(signer_info(self.leaf))
        for moment, code in ((NOW + DAY / 48, 'revoked_later'), (NOW - DAY, 'revoked')):
            for status in ('revoked', 'suspended'):
                found = trust.Status(status, '', 'CRL', 'x', moment, NOW + DAY / 24)
                expected = 'suspended' if code == 'revoked' and status == 'suspended' else code
                self.assertEqual(
                    self.judge_stamped(stamped, status=found), f'qualified stamped {expected}')
        for checked_at, code in ((NOW + DAY / 48, 'not_revoked'), (NOW - DAY / 24, 'revocation_not_asked')):
            found = trust.Status('good', source='CRL', host='x', checked_at=checked_at, told_at=checked_at)
            expected = f'qualified stamped {code}'.removesuffix(' revocation_not_asked')
            self.assertEqual(self.judge_stamped(stamped, status=found), expected)
        found = trust.Status('good', '', 'CRL', 'x', None, NOW + DAY / 24, NOW - DAY / 24)
        self.assertEqual(self.judge_stamped(stamped, status=found), 'qualified stamped revocation_told_before')
        for since, code in ((NOW + DAY / 48, 'qualified'), (NOW - DAY, 'not_granted_now')):
            trusted = self.get_list([
                write_service([self.authority.certificate], Entry(since, 'withdrawn'), Entry()),
                write_service([self.stamper.certificate], Entry(kind=STAMPS, purposes=()))])
            self.assertEqual(self.judge_stamped(stamped, trusted), f'{code} stamped')
