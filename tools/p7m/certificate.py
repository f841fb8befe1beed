"""What a signer's certificate says (X.509, RFC 5280), read leniently.

Real certificates break rules that strict parsers insist on.
"""
import datetime
import re
from typing import NamedTuple

from ..api.text import visible
from ..pattern import Pattern
from . import ber

# Attributes of a name (X.520)
COMMON_NAME, SURNAME, SERIAL_NUMBER, ORGANIZATION, GIVEN_NAME = '2.5.4.3', '2.5.4.4', '2.5.4.5', '2.5.4.10', '2.5.4.42'
UNIT = '2.5.4.11'
# Extensions (RFC 5280; the last one RFC 3739)
SUBJECT_KEY_IDENTIFIER, KEY_USAGE, QC_STATEMENTS = '2.5.29.14', '2.5.29.15', '1.3.6.1.5.5.7.1.3'
# Statements on qualified certificates (ETSI EN 319 412-5)
QC_COMPLIANCE, QC_SSCD, QC_TYPE = '0.4.0.1862.1.1', '0.4.0.1862.1.4', '0.4.0.1862.1.6'
QC_TYPE_SIGNATURE = '0.4.0.1862.1.6.1'
MAX_SIZE = 32 * 1024  # bytes; honest ones have two thousand
MAX_SERIAL = 64  # bytes; RFC 5280 allows 20
MAX_ATTRIBUTES = 100  # of a name
MAX_FIELDS = 16  # of a certificate
MAX_EXTENSIONS = 100
# Bits of the first byte of a key usage (RFC 5280, 4.2.1.3)
DIGITAL_SIGNATURE, NON_REPUDIATION = 0x80, 0x40

# A person's tax code, digits or the letters for them in their places; in the subject's serialNumber after TINIT- (ETSI
# EN 319 412-1), IT: (AgID), PNOIT- or bare. Provisional codes of persons are eleven digits (D.P.R. 605/1973), which
# without a prefix could be any number.
PERSON = r'[A-Z]{6}[0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]'
SERIAL = Pattern(rf'(?:TINIT-|PNOIT-|IT:)?({PERSON})|(?:TINIT-|PNOIT-|IT:)([0-9]{{11}})')
TAX_CODE_LENGTH = 16
TAX_CODE = Pattern(PERSON, re.IGNORECASE)
# In the common name: identity cards (CIE) and authentication certificates (CNS) have the code there, before a slash.
IN_NAME = Pattern(rf'(?<![A-Z0-9]){PERSON}(?![A-Z0-9])')
# Who issues the electronic identity card (CIE): the Ministry of the Interior, by the names of its authorities.
CARD_ISSUER = Pattern(
    r"electronic identity card|carta d.?identit.{1,2} elettronica|ministero dell.?interno|ministry of (?:the )?interior"
    r"|\bCIE\b", re.IGNORECASE)


class Certificate(NamedTuple):
    """A certificate, as far as a judgement needs it."""

    raw: bytes
    serial: int
    issuer: bytes  # as encoded
    issuer_names: dict  # dotted identifier -> text
    issuer_key: dict  # the same, for comparing
    subject_names: dict
    subject_key: dict  # the same, for comparing
    valid_from: datetime.datetime  # aware, UTC
    valid_until: datetime.datetime
    key: ber.Element  # SubjectPublicKeyInfo
    key_identifier: bytes  # None when absent
    key_usage: int  # the first byte of the bits; None when the certificate does not restrict its use
    # statements on qualified certificates (dotted identifiers) -> kinds of certificate it names, of QC_TYPE
    qualities: dict
    extensions: dict  # dotted identifier -> bytes of the value

    def __repr__(self):  # a certificate holds a tax code, which must not reach a log
        return f'<Certificate {self.serial:x}>'

    @property
    def name(self):
        """The signer as a person knows himself; as a last resort the number of the certificate."""
        names = self.subject_names
        person = f'{names.get(GIVEN_NAME, "")} {names.get(SURNAME, "")}'.strip()
        name = _without_tax_code(person or names.get(COMMON_NAME) or names.get(ORGANIZATION) or '')
        return name if name.strip('…') else f'no. {self.serial:x}'

    @property
    def fiscal_code(self):
        """The signer's tax code (*codice fiscale*) in upper case, or None.

        It stands in the serial number of the subject; where that holds something else, in the common name.
        """
        found = SERIAL.fullmatch(self.subject_names.get(SERIAL_NUMBER, '').upper().replace(' ', ''))
        if found:
            return found[1] or found[2]
        codes = set(IN_NAME.findall(self.subject_names.get(COMMON_NAME, '').upper()))
        return codes.pop() if len(codes) == 1 else None

    @property
    def is_identity_card(self):
        """Whether it is that of an electronic identity card (CIE), which makes advanced signatures, not qualified ones
        (DPCM 22 February 2013, art. 61).
        """
        names = [self.issuer_names.get(name, '') for name in (COMMON_NAME, UNIT, ORGANIZATION)]
        return QC_COMPLIANCE not in self.qualities and any(map(CARD_ISSUER.search, names))

    @property
    def is_for_signatures(self):
        """Whether the certificate is for signatures of persons, not for seals or sites; so it is if it does not say."""
        return QC_TYPE_SIGNATURE in self.qualities.get(QC_TYPE, [QC_TYPE_SIGNATURE])

    @property
    def described(self):
        """What a finding says of whose certificate it is about (dict): two signers may have one name."""
        return {'signer': self.name, 'issuer': self.issuer_name, 'serial': f'{self.serial:x}'}

    @property
    def issuer_name(self):
        """Who issued the certificate."""
        names = self.issuer_names
        return _without_tax_code(names.get(COMMON_NAME) or names.get(ORGANIZATION) or '?')


def _without_tax_code(name):
    """Return a name as it may be shown, without a tax code: names of authentication certificates (CNS) begin with one.
    """
    name = visible(name)
    is_short = all(len(word) < TAX_CODE_LENGTH for word in name.split())  # nearly all of them
    return name if is_short else TAX_CODE.sub('…', name)


def read(element):
    """Read a certificate.

    :param ber.Element element: the certificate.
    :rtype: Certificate
    :raise ber.Malformed: it cannot be read.
    """
    if len(element.body) > MAX_SIZE:
        raise ber.TooMuch("too large for a certificate")
    body = ber.children(ber.expect(element, ber.SEQUENCE), ber.SEQUENCE, most=MAX_FIELDS)[0]
    fields = ber.children(body, most=MAX_FIELDS)
    fields = [field for field in fields if field.tag < 0x80 or field.tag == 0xA3]  # no version, no unique identifiers
    tags = (ber.INTEGER, ber.SEQUENCE, ber.SEQUENCE, ber.SEQUENCE, ber.SEQUENCE, ber.SEQUENCE)
    if tuple(field.tag for field in fields[:6]) != tags:
        raise ber.Malformed("not a certificate")
    serial, _algorithm, issuer, validity, subject, key, *extensions = fields
    if len(serial.body) > MAX_SERIAL:
        raise ber.TooMuch("too large for a serial number")
    valid_from, valid_until = (ber.moment(field) for field in ber.children(validity, None, None, most=2))
    extensions = _extensions(extensions[0]) if extensions else {}
    issuer_names, subject_names = read_names(issuer), read_names(subject)
    return Certificate(
        bytes(element.raw), ber.integer(serial), bytes(issuer.raw), issuer_names, comparable(issuer_names),
        subject_names, comparable(subject_names), valid_from, valid_until, key,
        read_extension(
            extensions, SUBJECT_KEY_IDENTIFIER, lambda value: bytes(ber.expect(value, ber.OCTET_STRING).body)),
        read_extension(extensions, KEY_USAGE, lambda value: (bytes(ber.bits(value)) or b'\0')[0]),
        read_extension(extensions, QC_STATEMENTS, lambda value: dict(map(_statement, ber.children(value)))) or {},
        extensions,
    )


def _statement(element):
    """Read a statement on qualified certificates (ETSI EN 319 412-5): ``(dotted identifier, kinds of certificate)``."""
    name, kinds = ber.algorithm(element)  # which is built alike
    return name, [ber.identifier(kind) for kind in ber.children(kinds)] if name == QC_TYPE and kinds else []


def read_names(element):
    """Read a Name: ``{dotted identifier: text}``; of an attribute that stands twice the last one."""
    names = {}
    for attributes in ber.children(element, most=MAX_ATTRIBUTES):
        for attribute in ber.children(attributes, most=MAX_ATTRIBUTES):
            name, value = ber.children(attribute, ber.OBJECT_IDENTIFIER, None, most=2)
            names[ber.identifier(name)] = ber.text(value)
        if len(names) > MAX_ATTRIBUTES:
            raise ber.TooMuch("too many names")
    return names


def comparable(names):
    """Return what of two names is equal when they are the same, in whatever type of string (RFC 5280, 7.1).

    :param dict names: as :func:`read_names` returns them.
    """
    return {name: ' '.join(value.casefold().split()) for name, value in names.items()}


def _extensions(element):
    """Read extensions: ``{dotted identifier: bytes of the value}``."""
    extensions = {}
    for extension in ber.children(ber.children(element, ber.SEQUENCE)[0], most=MAX_EXTENSIONS):
        name, *_critical, value = ber.children(extension, ber.OBJECT_IDENTIFIER, None)
        extensions[ber.identifier(name)] = ber.expect(value, ber.OCTET_STRING).body
    return extensions


def read_extension(extensions, name, reader):
    """Read the value of an extension; None when it is absent, or so odd that it says nothing.

    :param dict extensions: as of :class:`Certificate`.
    :param str name: dotted identifier.
    :param reader: function of the value (:class:`ber.Element`).
    """
    try:
        return reader(ber.parse(extensions[name])) if name in extensions else None
    except ber.Malformed:
        return None
