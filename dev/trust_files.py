"""Authorities, revocation lists and answers about certificates for the tests, and a server that gives them out.

``cryptography`` makes them; the addon reads them by itself.
"""
import contextlib
import http.server
import ipaddress
import threading
import time

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

from p7m_files import DAY, MARIO, NOW, QC_COMPLIANCE, QC_SSCD, Identity, der, key, oid

LONG_AGO = NOW - 3000 * DAY
USAGES = (
    'digital_signature', 'content_commitment', 'key_encipherment', 'data_encipherment', 'key_agreement',
    'key_cert_sign', 'crl_sign', 'encipher_only', 'decipher_only')


# ------------------------------------------------------------ authorities

def name(common_name, country='IT'):
    """Return a name."""
    return x509.Name([
        x509.NameAttribute(NameOID.COUNTRY_NAME, country),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Prova S.p.A."),
        x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def usage(*words):
    """Return a key usage."""
    return x509.KeyUsage(**{**dict.fromkeys(USAGES, False), **dict.fromkeys(words, True)})


def make_pss(is_pss):
    """Return how something is signed with RSASSA-PSS, or nothing."""
    return {'rsa_padding': padding.PSS(padding.MGF1(hashes.SHA256()), 32)} if is_pss else {}


class Authority:
    """An authority that issues certificates.

    :param signing_key: its private key.
    :param is_ca: whether its certificate says that it is one; None when it says nothing.
    :param issuer: another authority that issued its certificate, None for itself.
    :param is_pss: whether it signs with RSASSA-PSS.
    :param digest: the hash with which it signs.
    :param until: the end of its certificate.
    """

    def __init__(
            self, common_name="Prova Qualified CA G1", signing_key=None, *, country='IT', is_ca=True, issuer=None,
            is_pss=False, digest=None, until=NOW + 3000 * DAY):
        self.key = signing_key or key(copy=common_name)
        self.name = name(common_name, country)
        self.is_pss, self.digest = is_pss, digest or hashes.SHA256()
        maker = issuer or self
        builder = x509.CertificateBuilder(
            maker.name, self.name, self.key.public_key(), 77, LONG_AGO, until).add_extension(
            x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), critical=False)
        if is_ca is not None:
            builder = builder.add_extension(x509.BasicConstraints(is_ca, None), critical=True).add_extension(
                usage('key_cert_sign', 'crl_sign') if is_ca else usage('digital_signature'), critical=True)
        self.x509 = maker.sign(builder)
        self.certificate = self.x509.public_bytes(Encoding.DER)

    def sign(self, builder):
        """Sign a builder of a certificate or a revocation list."""
        return builder.sign(self.key, self.digest, **make_pss(self.is_pss))

    def issue(
            self, signing_key=None, *, start=NOW - 300 * DAY, end=NOW + 300 * DAY, serial=0x4711471147114711,
            statements=(QC_COMPLIANCE, QC_SSCD), policies=('1.3.76.16.6',), words=('content_commitment',),
            answers=(), lists=(), authority_key=True, extended=(), surname="Rossi", given="Mario",
            common_name=None, tax_code=MARIO, points=None):
        """Issue a certificate; return an ``Identity``.

        :param answers, lists: addresses at which one can ask whether it was revoked.
        :param points: the distribution points, where they are not plain.
        :param authority_key: the identifier of the key that issued it: True for the right one, None for none, or bytes.
        """
        signing_key = signing_key or key()
        builder = x509.CertificateBuilder(self.name, x509.Name([
            x509.NameAttribute(NameOID.COUNTRY_NAME, 'IT'), x509.NameAttribute(NameOID.SURNAME, surname),
            x509.NameAttribute(NameOID.GIVEN_NAME, given),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name or f'{surname} {given}'),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, f'TINIT-{tax_code}')]),
            signing_key.public_key(), serial, start, end).add_extension(usage(*words), critical=True)
        for extension in self._extend(answers, lists, points, policies, authority_key, extended, statements):
            builder = builder.add_extension(extension, critical=isinstance(extension, x509.ExtendedKeyUsage))
        return Identity(signing_key, self.sign(builder).public_bytes(Encoding.DER))

    def _extend(self, answers, lists, points, policies, authority_key, extended, statements):
        """Yield the extensions of a certificate."""
        yield x509.AuthorityInformationAccess([
            x509.AccessDescription(way, x509.UniformResourceIdentifier(url)) for way, urls in (
                (AuthorityInformationAccessOID.CA_ISSUERS, ['http://cacert.prova.invalid/g1']),
                (AuthorityInformationAccessOID.OCSP, answers)) for url in urls])
        if lists or points:
            yield x509.CRLDistributionPoints(points or [make_point(url) for url in lists])
        if policies:
            yield x509.CertificatePolicies(
                [x509.PolicyInformation(x509.ObjectIdentifier(policy), None) for policy in policies])
        if authority_key:
            yield (x509.AuthorityKeyIdentifier(authority_key, None, None) if isinstance(authority_key, bytes)
                   else x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()))
        if extended:
            yield x509.ExtendedKeyUsage(list(map(x509.ObjectIdentifier, extended)))
        if statements:
            yield x509.UnrecognizedExtension(x509.ObjectIdentifier('1.3.6.1.5.5.7.1.3'), der(
                0x30, *(der(0x30, oid(statement)) for statement in statements)))

    def issue_site(self, host):
        """Issue the certificate of a web site at a number; return an ``Identity``."""
        signing_key = key(copy='site')
        builder = x509.CertificateBuilder(
            self.name, name("Site"), signing_key.public_key(), 12, NOW - DAY, NOW + DAY).add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]), critical=False).add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
        return Identity(signing_key, self.sign(builder).public_bytes(Encoding.DER))

    def make_list(self, revoked=(), *, since=NOW, until=NOW + DAY, point=None, further=(), issuer=None):
        """Return a revocation list.

        :param revoked: ``(serial, since when, word of the reason or None)``.
        :param until: when the next one comes out.
        :param point: its ``x509.IssuingDistributionPoint``.
        :param further: critical extensions.
        :param issuer: the name that it bears, if another.
        """
        builder = x509.CertificateRevocationListBuilder(issuer or self.name, since, until)
        for serial, moment, reason in revoked:
            entry = x509.RevokedCertificateBuilder(serial, moment)
            if reason:
                entry = entry.add_extension(x509.CRLReason(x509.ReasonFlags(reason)), critical=False)
            builder = builder.add_revoked_certificate(entry.build())
        builder = builder.add_extension(x509.CRLNumber(7), critical=False)
        for extension in (*further, *([point] if point else ())):
            builder = builder.add_extension(extension, critical=True)
        return self.sign(builder).public_bytes(Encoding.DER)

    def answer(self, owner, status='GOOD', *, revoked_at=None, reason=None, since=NOW, until=NOW + DAY,
               answerer=None, digest=None, serial=None):
        """Return the answer about a certificate.

        :param Identity owner: whose certificate.
        :param answerer: the ``Identity`` that signs it, None for the authority itself.
        """
        certificate = x509.load_der_x509_certificate(owner.certificate)
        signer, signing_key = self.x509, self.key
        builder = ocsp.OCSPResponseBuilder()
        if answerer:
            signer, signing_key = x509.load_der_x509_certificate(answerer.certificate), answerer.key
            builder = builder.certificates([signer])
        if serial:
            certificate = x509.load_der_x509_certificate(self.issue(serial=serial).certificate)
        return builder.add_response(
            certificate, self.x509, digest or hashes.SHA1(), getattr(ocsp.OCSPCertStatus, status), since, until,
            revoked_at, reason and x509.ReasonFlags(reason),
        ).responder_id(ocsp.OCSPResponderEncoding.HASH, signer).sign(
            signing_key, hashes.SHA256()).public_bytes(Encoding.DER)


def make_point(*urls):
    """Return a plain distribution point."""
    return x509.DistributionPoint([x509.UniformResourceIdentifier(url) for url in urls], None, None, None)


def make_issuing_point(*urls, **flags):
    """Return what a revocation list says of itself.

    :param flags: of ``x509.IssuingDistributionPoint``.
    """
    return x509.IssuingDistributionPoint(**{
        'full_name': [x509.UniformResourceIdentifier(url) for url in urls] or None, 'relative_name': None,
        'only_contains_user_certs': False, 'only_contains_ca_certs': False, 'only_some_reasons': None,
        'indirect_crl': False, 'only_contains_attribute_certs': False, **flags})


# ------------------------------------------------------------ the server

class Server:
    """A server on loopback: paths, and what is answered there.

    ``answers`` holds for each path bytes, ``(status, headers, bytes)``, or a function of the handler. ``asked`` holds
    the paths that were asked for, ``bodies`` what was posted.

    :param ssl.SSLContext context: with which it speaks https, None for http.
    """

    def __init__(self, context=None):
        self.answers, self.asked, self.bodies = {}, [], []
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                server.asked.append(self.path)
                answer = server.answers.get(self.path, (404, {}, b''))
                with contextlib.suppress(OSError):  # the other side has gone
                    if callable(answer):
                        answer(self)
                    else:
                        self.give(*((200, {}, answer) if isinstance(answer, bytes) else answer))

            def give(self, status, headers, content):
                self.send_response(status)
                for field, value in {'Content-Length': str(len(content)), **headers}.items():
                    self.send_header(field, value)
                self.end_headers()
                self.wfile.write(content)

            def do_POST(self):
                server.bodies.append(self.rfile.read(int(self.headers['Content-Length'])))
                self.do_GET()

            def log_message(self, *_arguments):
                pass

        self._server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self._server.daemon_threads = True
        if context:
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_address[1]
        self.place = ('127.0.0.1', self.port)
        self.url = f'{"https" if context else "http"}://127.0.0.1:{self.port}'
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self._server.shutdown()
        self._server.server_close()


def drip(handler):
    """Answer a byte now and then, without end."""
    handler.send_response(200)
    handler.end_headers()
    for _byte in range(600):
        handler.wfile.write(b'x')
        handler.wfile.flush()
        time.sleep(0.05)


def pour(handler):
    """Answer as much as the other side takes, without end."""
    handler.send_response(200)
    handler.end_headers()
    for _megabyte in range(1000):
        handler.wfile.write(bytes(1 << 20))
