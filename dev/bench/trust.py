"""How long it takes to verify a signature beyond its file, in a process that has Python and the libraries loaded.

A list of 400 authorities, each with a history and qualifications, is as large as Italy's. What is kept of it is loaded
anew each time, as a worker does that has not seen it: then the certificate of a signed file is followed to its
authority, and judged. Beside it ``cryptography`` reads the same certificates and finds the one that issued it. A
revocation list of 20,000 entries is read, its signature verified and the certificate looked up; beside it
``cryptography`` does the same.
"""
import sys
import time
from functools import partial
from statistics import median

from cryptography import x509
from measuring import compare, result

import environment
import p7m_files
import trust_files
import trust_lists
from p7m_files import DAY, NOW

sys.path.append(str(environment.ROOT))

from tools import trust
from tools.trust.revocation import judge_list
from tools.trust.signed import read_certificate

AUTHORITIES, ENTRIES = 400, 20_000
ROUNDS = 15
NUMBER = 211  # of the authority that counts, in the middle


def make_list(authorities):
    """Return the list of some authorities (bytes), with what real lists say of each."""
    said = trust_lists.qualification('QCWithQSCD QCForESig', trust_lists.policy('1.3.76.16.6') + trust_lists.bits(
        nonRepudiation=True, digitalSignature=False)) + trust_lists.qualification(
        'QCNoQSCD', trust_lists.policy('1.3.76.16.7'))
    entries = [trust_lists.Entry(NOW - days * DAY, qualifications=said) for days in (900, 1800, 2700)]
    return trust_lists.sign_list(trust_lists.write_list(
        [trust_lists.write_service([authority.certificate], *entries) for authority in authorities]))


def follow(kept, message):
    """Load what is kept of a list, and judge a signed file by it."""
    [verdict] = trust.judge([message], trust.Authorities([trust.load(kept)]), now=NOW)
    assert verdict.findings[0].code == 'qualified'


def follow_beside(encoded, leaf):
    """Do the same with ``cryptography``, as far as it goes: whose key issued the certificate."""
    owner = x509.load_der_x509_certificate(leaf.certificate)
    (issuer,) = [known for known in map(x509.load_der_x509_certificate, encoded) if known.subject == owner.issuer]
    owner.verify_directly_issued_by(issuer)


def look_up_beside(content, key, serial):
    """Look a certificate up in a revocation list with ``cryptography``."""
    revoked = x509.load_der_x509_crl(content)
    assert revoked.is_signature_valid(key)
    assert revoked.get_revoked_certificate_by_serial_number(serial) is None


def milliseconds(pairs):
    """Return the median of what was measured first."""
    return 1000 * median(own for own, _peer in pairs)


def measure():
    """Yield the figures of this benchmark."""
    key = p7m_files.key()
    authorities = [trust_files.Authority(f'Prova Qualified CA G{number}', key) for number in range(AUTHORITIES)]
    authority = authorities[NUMBER]
    leaf = authority.issue(p7m_files.key(copy=2))
    content = make_list(authorities)
    started = time.perf_counter()
    kept = trust.read_list(content, [trust_lists.fingerprint(trust_lists.list_signer())], territory='IT').dump()
    yield result('trust_list', value=1000 * (time.perf_counter() - started), size=len(content))

    message = p7m_files.sign(leaf)
    pairs = compare(partial(follow, kept, message), partial(
        follow_beside, [known.certificate for known in authorities], leaf), ROUNDS)
    yield result('trust_chain', value=milliseconds(pairs), kept=len(kept))
    yield result('trust_chain_beside', pairs)

    serial = int.from_bytes(b'Prova' * 3, 'big')
    revoked = authority.make_list([(serial + number, NOW - DAY, 'superseded') for number in range(ENTRIES)])
    owner = authority.issue(serial=serial + ENTRIES)
    pairs = compare(
        lambda: judge_list(revoked, read_certificate(owner.certificate), read_certificate(authority.certificate), NOW),
        partial(look_up_beside, revoked, key.public_key(), serial + ENTRIES), ROUNDS)
    yield result('trust_revocation', value=milliseconds(pairs), size=len(revoked))
    yield result('trust_revocation_beside', pairs)
