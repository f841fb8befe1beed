"""Trusted lists: which are taken, by their signature and by what they say of themselves."""
import re

from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec.const.trust import LIST_PROBLEMS
from odoo.addons.l10n_it_openapi_pec.tools import trust

import trust_lists as lists
from p7m_files import DAY, NOW, der, ec, key, sign
from trust_files import Authority
from trust_lists import (
    DS,
    ENVELOPED,
    EXCLUSIVE,
    INCLUSIVE,
    TSL,
    fingerprint,
    list_signer,
    make_signature,
    sign_list,
    write_list,
    write_pointer,
    write_service,
)

from .test_trust import TrustCase

OUTDATED = list_signer(copy='outdated', end=NOW - 2 * DAY)
SIGNATURE = re.compile(rb'<ds:Signature .*</ds:Signature>', re.DOTALL)


def listed():
    """Return a list without signature, with one service."""
    return write_list([write_service([Authority().certificate])])


def replaced(content, old, new):
    """Return a list in which something was put into the place of something that stands there once."""
    assert content.count(old) == 1, content.count(old)
    return content.replace(old, new)


def unsigned_cases():
    """What is no list, or an unusual one: code of the problem, list."""
    good = sign_list(listed())
    text = listed()
    return {
        'no XML': ('list_unreadable', b'x'),
        'nothing': ('list_unreadable', b''),
        'cut off': ('list_unreadable', good[:-30]),
        'not UTF-8': ('list_unreadable', good.replace(b'Prova', b'Prov\xe0')),
        'UTF-16': ('list_unreadable', good.decode().replace('UTF-8', 'UTF-16').encode('utf-16')),
        'another encoding is named': ('list_changed', sign_list(text).replace(b'Prova', 'Pr\xf2va'.encode())),
        'a DTD': ('list_dtd', good.replace(b'?>\n', b'?>\n<!DOCTYPE TrustServiceStatusList>\n', 1)),
        'a bomb': ('list_dtd', good.replace(b'?>\n', b'?>\n<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
                                            b'<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>\n', 1)),
        'a file of the server': ('list_dtd', good.replace(
            b'?>\n', b'?>\n<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>\n', 1)),
        'an entity that nobody defines': ('list_unreadable', good.replace(b'Prova', b'&prova;')),
        'an instruction within': ('list_unreadable', good.replace(b'Prova', b'<?php x?>Prova', 1)),
        'nested without end': ('list_unreadable', b'<a>' * 100_000),
        'another document': ('list_kind', good.replace(b'TrustServiceStatusList', b'List')),
        'another namespace': ('list_kind', good.replace(f'xmlns="{TSL}"'.encode(), b'xmlns="urn:x"')),
        'too large': ('list_too_large', good + b' ' * trust.MAX_SIZE),
        'version 4': ('list_version', sign_list(write_list(version=4))),
        'version 7': ('list_version', sign_list(write_list(version=7))),
        'no version': ('list_unreadable', sign_list(write_list(version=''))),
        'of another country': ('list_territory', sign_list(write_list(territory='DE'))),
        'before its signer': ('list_signer_outdated', sign_list(write_list(issued=lists.LONG_AGO - DAY))),
        'after its signer': ('list_signer_outdated', sign_list(
            write_list(issued=NOW - DAY), OUTDATED)),
        'an absurd day': ('list_unreadable', sign_list(replaced(
            text, f'<ListIssueDateTime>{lists.moment(NOW - DAY)}', '<ListIssueDateTime>yesterday'))),
    }


def signed_cases():
    """What somebody did to the signature of a list: code of the problem, list."""
    text, mario, eve = listed(), list_signer(), list_signer(copy='eve')
    good = sign_list(text)
    (signature,) = SIGNATURE.findall(good)
    evil = text.replace('Svcstatus/granted', 'Svcstatus/withdrawn')
    empty = f'<TrustServiceStatusList xmlns="{TSL}">%s</TrustServiceStatusList>'
    inner = re.sub(r'^<\?xml.*?\?>\s*', '', text)
    return {
        'stripped': ('list_not_signed', text.encode()),
        'doubled': ('list_signed_twice', lists.insert(text, signature.decode() * 2)),
        'another one beside it': ('list_signed_twice', lists.insert(
            text, signature.decode() + make_signature(text, eve))),
        'one within the other': ('list_signed_twice', good.replace(
            b'<ds:Object>', b'<ds:Object><ds:Signature/>', 1)),
        'deeper than the root': ('list_signature_form', good.replace(signature, b'').replace(
            b'</SchemeInformation>', signature + b'</SchemeInformation>')),
        'wrapped: the signed list within another': ('list_changed', (empty % (
            f'<x>{inner}</x>{signature.decode()}')).encode()),
        'wrapped: another list around': ('list_signature_form', lists.insert(
            evil, good.decode().partition('?>')[2])),
        'wrapped: the signed list in its signature': ('list_changed', lists.insert(evil, replaced(
            signature.decode(), '</ds:Object>', f'{inner}</ds:Object>'))),
        'wrapped: in an object of its own': ('list_signature_form', lists.insert(evil, replaced(
            signature.decode(), '</ds:Signature>', f'<ds:Object>{inner}</ds:Object></ds:Signature>'))),
        'changed': ('list_changed', good.replace(b'Svcstatus/granted', b'Svcstatus/withdrawn')),
        'something added': ('list_changed', good.replace(b'</SchemeInformation>', b'<x/></SchemeInformation>')),
        'a blank added': ('list_changed', good.replace(b'</SchemeInformation>', b' </SchemeInformation>')),
        'changed, the digest as well': ('list_signature_invalid', lists.insert(
            evil, re.sub('(<ds:Reference URI="">.*?<ds:DigestValue>)[^<]*', lambda found: found[1] + re.search(
                '<ds:Reference URI="">.*?<ds:DigestValue>([^<]*)', make_signature(evil, mario))[1],
                signature.decode(), count=1))),
        'forged: signed by another': ('list_signer_unknown', sign_list(text, eve)),
        'forged: with the certificate of the right one': ('list_signature_invalid', sign_list(
            text, eve, certificate=mario.certificate)),
        'forged: the right certificate, unnamed': ('list_changed', sign_list(text, named=eve.certificate)),
        'the properties changed': ('list_changed', good.replace(b'<xades:SigningTime>2', b'<xades:SigningTime>3')),
        'the properties unsigned': ('list_signature_form', sign_list(text, properties=False)),
        'the properties under another name': ('list_signature_form', good.replace(b'Id="properties"', b'Id="other"')),
        'the properties twice': ('list_signature_form', good.replace(b'</xades:QualifyingProperties>', re.search(
            rb'<xades:SignedProperties.*</xades:SignedProperties>', good, re.DOTALL)[0]
            + b'</xades:QualifyingProperties>')),
        'the root by its name': ('list_signature_form', sign_list(text, uri='#list')),
        'a part of it': ('list_signature_form', sign_list(text, uri='#xpointer(/)')),
        'another document signed': ('list_signature_form', sign_list(text, uri='http://127.0.0.1/list')),
        'something more signed': ('list_signature_form', sign_list(text, further='<ds:Reference URI="#x"/>')),
        'a transform that chooses': ('list_signature_form', sign_list(
            text, transforms=(ENVELOPED, 'http://www.w3.org/TR/1999/REC-xpath-19991116'))),
        'a transform that rewrites': ('list_signature_form', sign_list(
            text, transforms=(ENVELOPED, 'http://www.w3.org/TR/1999/REC-xslt-19991116', EXCLUSIVE))),
        'not enveloped': ('list_signature_form', sign_list(text, transforms=(EXCLUSIVE,))),
        'with comments': ('list_signature_form', sign_list(text, transforms=(ENVELOPED, f'{EXCLUSIVE}WithComments'))),
        'SHA-1': ('list_signature_form', sign_list(text, method=f'{DS}rsa-sha1')),
        'a secret of both': ('list_signature_form', sign_list(
            text, method='http://www.w3.org/2001/04/xmldsig-more#hmac-sha256')),
        'another method': ('list_signature_invalid', sign_list(
            text, method='http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256')),
        'no certificate': ('list_signature_form', re.sub(b'<ds:KeyInfo>.*</ds:KeyInfo>', b'', good, flags=re.DOTALL)),
        'a key alone': ('list_signature_form', re.sub(
            b'<ds:KeyInfo>.*</ds:KeyInfo>', b'<ds:KeyInfo><ds:KeyValue/></ds:KeyInfo>', good, flags=re.DOTALL)),
        'no certificate that can be read': ('list_signer_unknown', re.sub(
            b'<ds:X509Certificate>[^<]*', b'<ds:X509Certificate>eA==', good)),
        'no base64': ('list_signature_form', re.sub(
            b'<ds:SignatureValue>[^<]*', b'<ds:SignatureValue>\xc3\xa0=', good)),
        'no value': ('list_signature_form', re.sub(b'<ds:SignatureValue>[^<]*', b'<ds:SignatureValue>', good)),
        'another value': ('list_signature_invalid', re.sub(
            b'<ds:SignatureValue>[^<]*', b'<ds:SignatureValue>eA==', good)),
    }


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestTrustLists(TrustCase):
    """Trusted lists with good signatures, and all that somebody might do to them."""

    def read_signed(self, content, signer=None, **how):
        return trust.read_list(content, {fingerprint(signer or list_signer())}, **{'territory': 'IT', **how})

    def check_problems(self, cases):
        """Check that each list is refused for its reason, which has a sentence; return the codes."""
        for name, (code, content) in cases.items():
            with self.subTest(name), self.assertRaises(trust.TrustError) as caught:
                trust.read_list(content, {fingerprint(list_signer()), fingerprint(OUTDATED)}, territory='IT')
            self.assertEqual((name, caught.exception.code, str(caught.exception)), (name, code, code))
            self.show(LIST_PROBLEMS[code], caught.exception.values)
        return {code for code, _content in cases.values()}

    def test_problems(self):
        seen = self.check_problems(unsigned_cases()) | self.check_problems(signed_cases())
        self.assertEqual(seen | {'list_older'}, set(trust.LIST_PROBLEMS))

    def test_methods(self):
        """Operators sign with RSA, RSA-PSS and on curves; each list is read, and not with another one's key."""
        on_curve = {size: list_signer(key('ec', curve), copy=size) for size, curve in (
            (256, ec.SECP256R1), (384, ec.SECP384R1), (512, ec.SECP521R1))}
        for signer, how in (
            *((list_signer(), {'size': size, 'is_pss': is_pss}) for size in (256, 384, 512)
              for is_pss in (False, True)),
            *((signer, {'size': size}) for size, signer in on_curve.items()),
            (on_curve[256], {'size': 512}),
            (list_signer(key(detail=4096)), {}),
            (list_signer(), {'form': INCLUSIVE}),
            (list_signer(), {'transforms': (ENVELOPED, EXCLUSIVE), 'size': 512}),
        ):
            with self.subTest(repr(how)):
                content = sign_list(listed(), signer, **how)
                self.assertEqual(self.read_signed(content, signer).sequence, 42)
                with self.assertRaises(trust.TrustError):
                    self.read_signed(content, on_curve[384] if signer is not on_curve[384] else list_signer())

    def test_what_is_signed_is_read(self):
        """A comment divides no text, and what stands around the root means nothing."""
        text = listed()
        content = sign_list(text).replace(b'Svcstatus/granted', b'Svcstatus/<!-- x -->granted')
        content = content.replace(b'?>\n', b'?>\n<!-- by somebody -->', 1) + b'<!-- the end -->'
        (service,) = self.read_signed(content).services
        self.assertEqual([period.status for period in service.periods], ['granted'])
        styled = text.replace('?>\n', '?>\n<?xml-stylesheet href="list.xsl"?>', 1)
        self.assertEqual(len(self.read_signed(sign_list(styled)).services), 1)

    def test_facts(self):
        authority = Authority()
        trusted = self.read_signed(sign_list(write_list(
            [write_service([authority.certificate]), write_service([der(0x30)]), write_service([]),
             write_service([authority.certificate], lists.Entry(kind='PKC')),
             write_service([authority.certificate], lists.Entry(kind=lists.STAMPS))], version=5, sequence=77)))
        self.assertEqual((trusted.territory, trusted.version, trusted.sequence), ('IT', 5, 77))
        self.assertEqual((trusted.issued, trusted.next_update), (NOW - DAY, NOW + 100 * DAY))
        self.assertEqual(trusted.signer, fingerprint(list_signer()))
        self.assertEqual([period.kind for service in trusted.services for period in service.periods], [
            'CA/QC', 'TSA/QTST'])
        self.assertEqual({service.provider for service in trusted.services}, {"Prova S.p.A."})
        self.assertFalse(trusted.is_expired(NOW))
        self.assertTrue(trusted.is_expired(NOW + 101 * DAY))

    def test_older(self):
        """Nobody brings an older list back, which knows a withdrawn authority as granted."""
        content = sign_list(write_list(sequence=41))
        for at_least in (0, 40, 41):
            self.assertEqual(self.read_signed(content, at_least=at_least).sequence, 41)
        with self.assertRaises(trust.TrustError) as caught:
            self.read_signed(content, at_least=42)
        self.assertEqual(caught.exception.code, 'list_older')
        self.show(LIST_PROBLEMS['list_older'], caught.exception.values)

    def test_list_of_lists(self):
        """From the list of lists to the verdict: each list is signed by whom the list above names."""
        commission, italy, old, eve = (list_signer(copy=name) for name in ('EU', 'IT', 'old', 'eve'))
        content = sign_list(write_list(pointers=[
            write_pointer('EU', 'https://ec.invalid/lotl.xml', [commission]),
            write_pointer('IT', 'https://agid.invalid/IT.pdf', [old], 'application/pdf'),
            write_pointer('IT', 'https://agid.invalid/TSL-IT.xml?a=1&b=2', [old, italy]),
            write_pointer('DE', 'https://bnetza.invalid/DE.xml', [eve]),
            write_pointer('FR', '', [eve]),
            write_pointer('ES', 'https://es.invalid/', []),
        ], territory='EU'), commission)
        of_lists = self.read_signed(content, commission, territory='EU')
        self.check_kept(of_lists)
        self.assertEqual([pointer.territory for pointer in of_lists.pointers], ['EU', 'IT', 'DE'])
        self.assertEqual(of_lists.notice, 'C/2026/1944')
        self.assertIsNone(of_lists.get_pointer('ES'))
        pointer = of_lists.get_pointer('IT')
        self.assertEqual(pointer.url, 'https://agid.invalid/TSL-IT.xml?a=1&b=2')
        self.assertCountEqual(pointer.signers, [fingerprint(old), fingerprint(italy)])
        authority = Authority()
        text = write_list([write_service([authority.certificate])])
        italian = trust.read_list(sign_list(text, italy), pointer.signers, territory='IT')
        self.assertEqual(
            self.codes(self.judge(sign(authority.issue()), italian)), 'qualified revocation_not_asked')
        for signer in (eve, commission):
            with self.assertRaises(trust.TrustError) as caught:
                trust.read_list(sign_list(text, signer), pointer.signers, territory='IT')
            self.assertEqual(caught.exception.code, 'list_signer_unknown')
            self.assertEqual(caught.exception.values, {'fingerprint': fingerprint(signer)})

    def test_notices(self):
        """A notice is known in each of the ways in which it is written; of several, the newest one counts."""
        for texts, notice in (
            (['https://eur-lex.europa.eu/eli/C/2026/1944/oj'], 'C/2026/1944'),
            (['http://data.europa.eu/eli/C/2026/1944/oj/eng'], 'C/2026/1944'),
            (['https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=OJ:C_202601944'], 'C/2026/1944'),
            (['https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=OJ%3AC_202601944'], 'C/2026/1944'),
            (['https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:52026XC01944'], 'C/2026/1944'),
            (['https://ec.europa.eu/tools/lotl/eu-lotl-pivot-335.xml', 'x C/2026/1944', 'C/2025/9999'], 'C/2026/1944'),
            (['OJ C, C/2027/3, 1.2.2027'], 'C/2027/3'),
            (['https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=uriserv:OJ.C_.2019.276.01.0001.01.ENG'], ''),
            (['https://ec.europa.eu/', ''], ''), ([], ''),
        ):
            with self.subTest(texts):
                self.assertEqual(trust.find_notice(*texts), notice)
        commission = list_signer(copy='EU')
        for written, notice in (('OJ:C_202700003', 'C/2027/3'), ('nothing', '')):
            content = sign_list(write_list(territory='EU', notice=written), commission)
            self.assertEqual(self.read_signed(content, commission, territory='EU').notice, notice)
        self.assertEqual(
            self.read_signed(sign_list(re.sub('<SchemeInformationURI>.*</SchemeInformationURI>', '', write_list(
                territory='EU')), commission), commission, territory='EU').notice, '')

    def test_proposed_anchors(self):
        """What is signed by somebody else than the proposed anchors is no list of lists."""
        with self.assertRaises(trust.TrustError) as caught:
            trust.read_list(
                sign_list(write_list(territory='EU')), [anchor.fingerprint for anchor in trust.read_anchors()],
                territory='EU')
        self.assertEqual(caught.exception.code, 'list_signer_unknown')
