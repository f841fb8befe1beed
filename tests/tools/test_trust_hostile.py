"""Certificates and lists from people who mean harm, and from bad luck: what it may cost to judge them."""
import random
import time
import tracemalloc

from lxml import etree

from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec.tools import p7m, trust

import p7m_files as files
from p7m_files import NOW, Identity, der, inside, key, sign, signer_info
from trust_files import Authority
from trust_lists import (
    INCLUSIVE,
    fingerprint,
    insert,
    list_signer,
    make_signature,
    policy,
    qualification,
    sign_list,
    write_list,
    write_pointer,
    write_service,
)

from .test_trust import Entry, TrustCase

SECONDS = 2.0  # of processor time that one file or list may take
MEGABYTE = 1 << 20


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestTrustHostile(TrustCase):
    """Whatever the bytes: a verdict or a problem, in bounded time."""

    def bounded(self, function, *arguments, **how):
        """Call a function, which takes little processor time; return what it returns."""
        started = time.thread_time()
        try:
            return function(*arguments, **how)
        finally:
            self.assertLess(time.thread_time() - started, SECONDS)

    def test_certificates(self):
        """Signers' certificates with a byte changed."""
        authority = Authority()
        leaf = authority.issue(answers=['http://a.invalid/ocsp'], lists=['http://a.invalid/crl'])
        authorities = trust.Authorities([self.get_list([write_service([authority.certificate])])])
        good, chance = sign(leaf), random.Random(1)
        start = good.index(leaf.certificate)
        signed_end = start + 4 + len(inside(leaf.certificate)[0])
        for place in range(start + 4, start + len(leaf.certificate), 3):
            content = good[:place] + bytes([good[place] ^ chance.randrange(1, 256)]) + good[place + 1:]
            try:
                signatures = trust.open_signatures(content)
            except p7m.P7mError:
                continue
            [verdict] = trust.judge([signatures], authorities, now=NOW)
            if place >= signed_end and verdict.links:  # beside the signature stand parameters that mean nothing
                continue
            self.assertNotIn('qualified', self.codes(verdict).split())
            self.assertEqual(trust.ask(verdict.links, None, now=NOW), {})

    def test_extensions(self):
        """Extensions that hold something else than they should say nothing."""
        authority = Authority()
        leaf = authority.issue(answers=['http://a.invalid/ocsp'], lists=['http://a.invalid/crl'])
        body, *rest = inside(leaf.certificate)
        fields = inside(body)
        extensions = inside(inside(fields[7])[0])
        for odd in (b'', b'\x05\x00', der(0x30), der(0x30, der(0x30)), der(0x30, der(0x30, der(0xA0))), b'\x30\x80',
                    der(0x02, b'x' * 9), b'\xff' * 9, der(0x30, der(0xA0, der(0xA0, der(0x86, b'\xff' * 3000))))):
            changed = [der(0x30, *inside(extension)[:-1], der(0x04, odd)) for extension in extensions]
            content = der(0x30, der(0x30, *fields[:7], der(0xA3, der(0x30, *changed))), *rest)
            [verdict] = trust.judge(
                [sign(Identity(leaf.key, content))],
                trust.Authorities([self.get_list([write_service([authority.certificate])])]), now=NOW)
            self.assertEqual(self.codes(verdict), 'issuer_forged')

    def test_many_on_the_way(self):
        """A hundred certificates that could each have issued the other."""
        authority = Authority("Round")
        leaves = [authority.issue(serial=number) for number in range(1, 33)]
        others = [Authority("Round", signing_key=key(copy=place % 3)).certificate for place in range(68)]
        content = files.message(
            [signer_info(leaf) for leaf in leaves], [*(leaf.certificate for leaf in leaves), *others])
        verdict = self.bounded(self.judge, content, self.get_list([write_service([Authority().certificate])]))
        self.assertEqual(set(self.codes(verdict).split()), {'issuer_not_listed'})

    def test_elements_missing(self):
        """Lists of a signer who leaves things out, or writes nothing into them: taken or not, never a mistake."""
        authority = Authority()
        text = write_list([write_service([authority.certificate], Entry(
            qualifications=qualification('QCWithQSCD', policy('1.2.3'))), Entry())], [
            write_pointer('IT', 'https://a.invalid/', [list_signer()])])
        count = len(list(etree.fromstring(text.encode()).iter('*')))
        taken = 0
        for place in range(1, count):
            for is_emptied in (False, True):
                root = etree.fromstring(text.encode())
                target = list(root.iter('*'))[place]
                if is_emptied:
                    target.clear()
                else:
                    target.getparent().remove(target)
                content = sign_list(etree.tostring(root, encoding='unicode'))
                try:
                    trusted = trust.read_list(content, [fingerprint(list_signer())], territory='IT')
                except trust.TrustError as error:
                    self.assertIn(error.code, ('list_unreadable', 'list_version', 'list_territory'))
                    continue
                taken += 1
                self.check_kept(trusted)
                self.judge(sign(authority.issue()), trusted)
        self.assertGreater(taken, count)

    def test_namesakes(self):
        """An authority that stands in the list a thousand times."""
        authority = Authority()
        trusted = self.get_list([write_service([authority.certificate])] * 1000)
        verdict = self.bounded(self.judge, sign(authority.issue()), trusted)
        self.assertEqual(self.codes(verdict), 'qualified revocation_not_asked')

    def test_large_lists(self):
        """Much text, many elements, deep elements: within time and memory."""
        for name, inner in {
            'text': 'x' * (8 * MEGABYTE),
            'elements': '<x/>' * 300_000,
            'deep': '<x>' * 250 + '</x>' * 250,
            'spaces': ' ' * (8 * MEGABYTE),
        }.items():
            text = write_list().replace('</SchemeInformation>', f'{inner}</SchemeInformation>')
            content = sign_list(text)
            with self.subTest(name):
                tracemalloc.start()
                try:
                    self.bounded(self.try_reading, content)
                    self.assertLess(tracemalloc.get_traced_memory()[1], 8 * len(content) + 8 * MEGABYTE)
                finally:
                    tracemalloc.stop()

    def test_many_attributes(self):
        """Elements with more attributes than any list has are refused before they are put in order."""
        many = ' '.join(f'a{number}="x"' for number in range(20_000))
        content = sign_list(write_list()).replace(b'<SchemeInformation>', f'<SchemeInformation {many}>'.encode())
        self.assertEqual(self.bounded(self.try_reading, content), 'list_unreadable')

    def test_many_namespaces(self):
        """So are many namespaces, and a signature of many elements: each is compared with each, for each element."""
        def declare(*numbers):
            return ' '.join(f'xmlns:a{number}="http://a.invalid/{number}"' for number in numbers)

        many, text = '<ds:X/>' * 6000, write_list()
        signature = make_signature(text, list_signer(), form=INCLUSIVE)
        around = signature.replace('<ds:Signature ', f'<ds:Signature {declare(*range(600))} ', 1)
        nested = ''.join(f'<x {declare(*range(20))}>' for _level in range(200)) + '<x/>' * 6000 + '</x>' * 200
        for name, content, code in (
            ('namespaces of the signature', insert(text, around.replace('</ds:SignedInfo>', f'{many}</ds:SignedInfo>')),
             'list_unreadable'),
            ('elements of the signature', insert(text, signature.replace(
                '</ds:SignedInfo>', f'{many}</ds:SignedInfo>')), 'list_signature_form'),
            ('namespaces of the list', insert(text.replace(
                '</SchemeInformation>', f'<x {declare(*range(600))}>{"<x/>" * 6000}</x></SchemeInformation>'),
                signature), 'list_unreadable'),
            ('again and again', insert(text.replace(
                '</SchemeInformation>', f'{nested}</SchemeInformation>'), signature), 'list_unreadable'),
        ):
            with self.subTest(name):
                self.assertEqual(self.bounded(self.try_reading, content), code)
        few = text.replace('<SchemeInformation>', f'<SchemeInformation {declare(*range(20))}>')
        self.assertIsInstance(self.bounded(self.try_reading, sign_list(few)), trust.TrustedList)

    def test_without_canonical_form(self):
        """What cannot be put in canonical form is not taken, in the list as in its signature."""
        text, odd = write_list(), '<x xmlns="relative"/>'
        signature = make_signature(text, list_signer())
        for content in (
                insert(text.replace('</SchemeInformation>', f'{odd}</SchemeInformation>'), signature),
                insert(text, signature.replace('</ds:SignedInfo>', f'{odd}</ds:SignedInfo>'))):
            self.assertEqual(self.try_reading(content), 'list_unreadable')

    def try_reading(self, content):
        try:
            return trust.read_list(content, [fingerprint(list_signer())], territory='IT')
        except trust.TrustError as error:
            return error.code
