"""PEC addresses: their form, and what their domain shows.

Over 250,000 domains are certified: a domain that is not known here is never refused, the service says what it is.
"""
import re

# One "@", ASCII, dotted domain (RFC 5321 without quoted names and literal addresses, which no provider sells).
ADDRESS = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]{1,64})*@"
                     r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,58}[a-z0-9])")
MAX_LENGTH = 254  # characters, RFC 5321 4.5.3.1.3
MAX_LOCAL_LENGTH = 64  # characters before the "@", RFC 5321 4.5.3.1.1

# Mail for consumers: nothing there is certified. Their subdomains are left alone: pec.tiscali.it is a PEC domain.
CONSUMER_DOMAINS = frozenset({
    'alice.it', 'gmail.com', 'googlemail.com', 'icloud.com', 'libero.it', 'live.com', 'live.it', 'mac.com', 'me.com',
    'msn.com',
    'tiscali.it', 'virgilio.it',
})
# The same of every country: outlook.com, hotmail.it, yahoo.co.uk, yahoo.com.br.
CONSUMER_BRANDS = re.compile(r'(?:hotmail|outlook|yahoo)\.(?:com|(?:com?\.)?[a-z]{2})')

# domain, its subdomains included -> reason code
SPECIAL_DOMAINS = {
    'postacertificata.gov.it': 'address_closed',  # the state's free mailboxes for citizens, switched off in 2015
    'impresa.italia.it': 'address_office',  # receive only, assigned by the chambers of commerce
    'pec.fatturapa.it': 'address_exchange',  # the exchange system for electronic invoices
}
KNOWN_PROVIDERS = frozenset({
    'actalispec.it', 'arubapec.it', 'cert.legalmail.it', 'domiciliodigitale.com', 'gigapec.it', 'interfreepec.it',
    'kpnpec.it',
    'legalmail.it', 'mypec.eu', 'namirialpec.it', 'pec.aruba.it', 'pec.buffetti.it', 'pec.infocert.it',
    'pec.intesigroup.com', 'pec.it',
    'pec.namirial.it', 'pec.net', 'pec.telecomitalia.it', 'pecmail.net', 'pecmassiva.com',
    'postacertificata.notariato.it',
    'postecert.it', 'sicurezzapostale.it', 'timpec.it',
})
# Machines of a provider, typed by mistake for its domain.
HOST_LABELS = frozenset({'imap', 'imaps', 'mail', 'pop3s', 'smtp', 'smtps', 'webmail', 'www'})


def normalize(address):
    """Return an address as the register keeps it: no surrounding space, lower case.

    :param address: a string, or anything else for no address.
    :return: a string, empty when there is no address.
    """
    address = address.strip() if isinstance(address, str) else ''
    # Of other alphabets some letters would become ASCII only now (the sign of Kelvin): they stay, and are found wrong.
    return address.lower() if address.isascii() else address


def is_well_formed(address):
    """Tell whether an address (any case) has the form of an e-mail address in ASCII."""
    address = normalize(address)
    return len(address) <= MAX_LENGTH and address.find('@') <= MAX_LOCAL_LENGTH and bool(ADDRESS.fullmatch(address))


def judge(address):
    """Judge whether an address can be a PEC to communicate.

    :param address: as for :func:`normalize`.
    :return: 'known' (a provider of PECs), 'unknown' (only the service knows); 'missing', 'address_form',
        'address_consumer', 'address_closed', 'address_office' or 'address_exchange'.
    :rtype: str
    """
    address = normalize(address)
    if not address:
        return 'missing'
    if not is_well_formed(address):
        return 'address_form'
    domain = address.partition('@')[2]
    if domain in CONSUMER_DOMAINS or CONSUMER_BRANDS.fullmatch(domain):
        return 'address_consumer'
    parents = _with_parents(domain)
    for parent in parents:
        if parent in SPECIAL_DOMAINS:
            return SPECIAL_DOMAINS[parent]
    is_host = domain not in KNOWN_PROVIDERS and domain.partition('.')[0] in HOST_LABELS
    return 'known' if KNOWN_PROVIDERS.intersection(parents) and not is_host else 'unknown'


def _with_parents(domain):
    """Return a domain and those it is in: a.b.it, b.it, it."""
    labels = domain.split('.')
    return ['.'.join(labels[start:]) for start in range(len(labels))]
