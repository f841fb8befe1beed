"""PEC addresses: their form."""
import re

# One "@", ASCII, dotted domain. Whether a domain is certified only the operators know.
ADDRESS = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@"
                     r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
MAX_LENGTH = 254  # characters, RFC 5321


def normalize(address):
    """Return an address as the register keeps it: no surrounding space, lower case.

    :param address: a string, or a false value.
    :return: a string, empty when there is no address.
    """
    return (address or '').strip().lower()


def is_well_formed(address):
    """Tell whether an address (any case) has the form of an e-mail address in ASCII."""
    address = normalize(address)
    return len(address) <= MAX_LENGTH and bool(ADDRESS.fullmatch(address))
