"""What is an address of the public internet: what people outside can open, and what may be called from here."""
import contextlib
import ipaddress
import re
from urllib.parse import urlsplit

# Names that mean something inside a network alone (RFC 2606, 6761, 6762, 8375, and what is customary).
PRIVATE_ENDINGS = (
    'localhost', 'local', 'internal', 'intranet', 'lan', 'home', 'corp', 'private', 'home.arpa', 'test', 'invalid',
    'example')
# Networks of the new internet whose numbers stand for one of the old: mapped ones, translated ones, 6to4 (RFC 4291,
# 6052, 3056) -> how many bits stand after it
HOLDING = {
    ipaddress.ip_network('::ffff:0:0/96'): 0, ipaddress.ip_network('64:ff9b::/96'): 0,
    ipaddress.ip_network('2002::/16'): 80}
GIVEN_OUT = ipaddress.ip_network('2000::/3')  # all of the new internet that is
OF_PROTOCOLS = ipaddress.ip_network('192.0.0.0/24')  # Python calls some of it public, where clouds have what is secret


def is_public(url):
    """Return whether a link to this address may be given to people outside.

    It may when it is https, and no name or number of a private network.

    :param str url: such as `web.base.url`, which may be anything.
    """
    try:
        parts = urlsplit(url or '')
        host = (parts.hostname or '').rstrip('.')
    except ValueError:
        return False
    return parts.scheme == 'https' and bool(host) and _is_public_host(host)


def _is_public_host(host):
    with contextlib.suppress(ValueError):
        return is_public_number(host)
    # A bare name, and what ends in digits: a number in one of its odd writings (127.1, 0x7f.1).
    if '.' not in host or re.search(r'\.(0x[0-9a-f]*|[0-9]+)$', host):
        return False
    return not any(host.endswith(f'.{ending}') for ending in PRIVATE_ENDINGS)


def is_public_number(number):
    """Return whether a number is one machine's of the public internet, and stands for none of another network.

    :param str number: such as ``8.8.8.8``, or ``2a00:1450:4002::1``.
    :raise ValueError: it is no number.
    """
    number = ipaddress.ip_address(number.partition('%')[0])
    for network, bits in HOLDING.items():
        if number in network:
            number = ipaddress.ip_address((int(number) >> bits) & 0xFFFFFFFF)
    if not number.is_global:
        return False
    return number in GIVEN_OUT if number.version == 6 else not number.is_multicast and number not in OF_PROTOCOLS
