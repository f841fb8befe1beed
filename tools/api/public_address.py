"""Whether people outside can open an address of this Odoo, as far as the address itself shows."""
import contextlib
import ipaddress
import re
from urllib.parse import urlsplit

# Names that mean something inside a network alone (RFC 2606, 6761, 6762, 8375, and what is customary).
PRIVATE_ENDINGS = (
    'localhost', 'local', 'internal', 'intranet', 'lan', 'home', 'corp', 'private', 'home.arpa', 'test', 'invalid',
    'example')


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
        return ipaddress.ip_address(host).is_global
    # A bare name, and what ends in digits: a number in one of its odd writings (127.1, 0x7f.1).
    if '.' not in host or re.search(r'\.(0x[0-9a-f]*|[0-9]+)$', host):
        return False
    return not any(host.endswith(f'.{ending}') for ending in PRIVATE_ENDINGS)
