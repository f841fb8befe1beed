"""PEC addresses: their form, and what their domain shows.

Over 250,000 domains are certified: a domain that is not known here is never refused, the service says what it is.
"""
import itertools
import re

from .. import labels
from ..cleaning import MAX_UNWRAPPED, clean
from ..remembered import remembered

# One "@", ASCII, dotted domain (RFC 5321 without quoted names and literal addresses, which no provider sells). A sign
# such as an apostrophe at an end of the name is a quotation mark, a bullet, or an accent.
ADDRESS = re.compile(r"(?![!'*/=?^`{|}~])[a-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}"
                     r"(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]{1,64})*(?<![!'*/=?^`{|}~])@"
                     r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,58}[a-z0-9])")
# An ordinary address: accented letters may stand in it as well (RFC 6531).
EMAIL = re.compile(
    r"""(?![!'*/=?^`{|}~])[^\s@<>()\[\]\\,;:".]+(?:\.[^\s@<>()\[\]\\,;:".]+)*(?<![!'*/=?^`{|}~])@"""
    r"""(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{0,61}[^\W_]""")
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
# With which the name of a domain of PECs begins, whoever provides it: pec.company.it.
PEC_NAME = re.compile(r'^pec-|-pec$|[a-z]{2}(?<!s)pec$|^pecavv')  # geopec.it, consulentidellavoropec.it, pec-alfa.it
PEC_LABELS = frozenset({'legalmail', 'pec', 'postacert', 'postacertificata'})
# What stands between several addresses in one field, or around one.
SEPARATORS = re.compile(r'[\s;,|/<>()\[\]{}"\u201c-\u201e\u00ab\u00bb\u2039\u203a]+')
# "mailto:alfa@pec.it?subject=…", as a link has it.
QUERY = re.compile(r'\?(?:subject|body|cc|bcc)=.*', re.IGNORECASE)
ESCAPES = {'%20': ' ', '%3c': '<', '%3e': '>', '%40': '@', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&nbsp;': ' '}
ESCAPE = re.compile('|'.join(ESCAPES), re.IGNORECASE)
# "Alfa S.r.l. <alfa@pec.it>", "Alfa S.r.l. [mailto:alfa@pec.it]", and "alfa@pec.it (PEC)": name and comment may be
# anything.
NAMED = tuple(re.compile(
    rf'[^@{opening}{closing}]*{opening}([^{opening}{closing}]*@[^{opening}{closing}]*){closing}[\W_]*')
    for opening, closing in (('<', '>'), (r'\[', r'\]'), (r'\(', r'\)')))
COMMENTED = re.compile(r'([^\s()\[\]]+@[^\s()\[\]]+) ?[(\[][^()\[\]@]*[)\]][\W_]*')
# "PEC:alfa@pec.it", "mailto://alfa@pec.it", "P.E.C.alfa@pec.it": no name of a mailbox begins so.
LABEL = re.compile(r'(?:(?:mailto|smtp|pec|p\.e\.c\.?|e-?mail|mail)[:=]+/*|p\.e\.c\.)+', re.IGNORECASE)
# What stands beside a name and belongs to none.
AROUND = re.compile(r'^[^\w.+#$&%@-]+|[^\w@-]+$')
# An address of which it is seen where it begins, whatever words are beside it: "commercialista: alfa@pec.it".
BOUNDED = re.compile(r'(?:^|[\s:=]{2}|[:=;,|<>()\[\]"]) ?([^\s:=;,|<>()\[\]"]+@[^\s:;,|<>()\[\]"/]+)')
# What stands around an address in running text, whose words say nothing of it.
AROUND_IN_TEXT = re.compile(r'[\s<>()\[\]{},;:"\'|]+')
# Machines of a provider, typed by mistake for its domain.
HOST_LABELS = frozenset({'imap', 'imaps', 'mail', 'pop3s', 'smtp', 'smtps', 'webmail', 'www'})


def normalize(address):
    """Return an address as the register keeps it: lower case, and nothing around it (see ``tools.cleaning``).

    :param address: a string, or anything else for no address.
    :return: a string, empty when there is no address. What is no address, or several, stays as it was written, cleaned.
    """
    return _normalize(address, is_well_formed)


def normalize_email(address):
    """Return an ordinary address as :func:`normalize`, '' when it is none, or several."""
    address = _normalize(address, _is_email)
    return address if _is_email(address) else ''


def find_all(address, is_address=None):
    """Return the addresses that stand in one text.

    :param address: as for :func:`normalize`.
    :param is_address: function that tells whether a text is one; by default :func:`is_well_formed`.
    :return: normalized and distinct, in their order; none when the text is no address. One alone when nothing but that
        address stands there, in whatever wrapping.
    :rtype: list[str]
    """
    is_address = is_address or is_well_formed
    whole = fold_case(address)
    if is_address(whole) and not LABEL.match(whole):  # nearly all of them
        return [whole]
    if len(whole) > MAX_UNWRAPPED:
        return []
    found, beside = [], []
    for piece in filter(None, SEPARATORS.split(_unwrap(clean(address)))):
        match = LABEL.match(piece)
        bare = fold_case(AROUND.sub('', piece[match.end():] if match else piece))
        if is_address(bare):
            found.append(bare)
        elif '@' in bare:
            beside.append('?')
        else:
            beside.append(piece)
    distinct = list(dict.fromkeys(found))
    # Words beside one address may be a part of it, with a space that is a mistake, or say whose it is.
    return distinct if len(distinct) > 1 or (distinct and '?' not in beside and labels.is_of_address(beside)) else []


def _unwrap(text):
    """Return a text without what a link, a name or a comment adds to an address."""
    text = QUERY.sub('', ESCAPE.sub(lambda match: ESCAPES[match[0].lower()], text))
    for form in (*NAMED, COMMENTED):
        if match := form.fullmatch(text):
            return match[1]
    return text


def find_compared(address):
    """Return the addresses to which another one is compared: whoever has written one beside other words has it.

    :param address: as for :func:`normalize`.
    :return: those of :func:`find_all`, else each well-formed one that no word stands right before.
    :rtype: list[str]
    """
    text = clean(address)
    if found := find_all(text):
        return found
    pieces = BOUNDED.findall(_unwrap(text)) if len(text) <= MAX_UNWRAPPED else ()
    return list(dict.fromkeys(piece for piece in (
        fold_case(AROUND.sub('', piece)) for piece in pieces) if is_well_formed(piece)))


def find_in_text(text, most=None):
    """Return the addresses in running text, of any length and about anything.

    :param str text: such as a message, or a line of a list.
    :param int most: how many pieces with an "@" are looked at; None for all.
    :return: normalized and distinct, in their order.
    :rtype: list[str]
    """
    pieces = itertools.islice((piece for piece in AROUND_IN_TEXT.split(text) if '@' in piece), most)
    found = dict.fromkeys(fold_case(piece.strip('.')) for piece in pieces)
    return list(filter(is_well_formed, found))


def find_emails(address):
    """Return the ordinary addresses that stand in one text, as :func:`find_all`."""
    return find_all(address, _is_email)


def fold_case(text):
    """Return a piece of an address, such as its domain, cleaned and in lower case; nothing around it is removed."""
    text = clean(text)
    # Of other alphabets some letters would become ASCII only now (the sign of Kelvin): they stay, and are found wrong.
    return text.lower() if text.isascii() else text


def _normalize(address, is_address):
    found = find_all(address, is_address)
    return found[0] if len(found) == 1 else fold_case(address)


def is_well_formed(address):
    """Tell whether an address (any case) has the form of an e-mail address in ASCII, with nothing around it."""
    address = fold_case(address)
    return len(address) <= MAX_LENGTH and address.find('@') <= MAX_LOCAL_LENGTH and bool(ADDRESS.fullmatch(address))


def _is_email(address):
    """Tell the same of an ordinary address."""
    return is_well_formed(address) or (len(address) <= MAX_LENGTH and bool(EMAIL.fullmatch(address)))


def judge(address):
    """Judge whether an address can be a PEC to communicate.

    :param address: as for :func:`normalize`.
    :return: 'known' (a provider of PECs), 'unknown' (only the service knows); 'missing', 'address_form',
        'address_several' (which one is not for us to say), 'address_consumer', 'address_closed', 'address_office' or
        'address_exchange'.
    :rtype: str
    """
    address = normalize(address)
    if not address:
        return 'missing'
    if not is_well_formed(address):
        return 'address_several' if find_all(address) else 'address_form'
    domain = address.partition('@')[2]
    if domain in CONSUMER_DOMAINS or CONSUMER_BRANDS.fullmatch(domain):
        return 'address_consumer'
    parents = _with_parents(domain)
    for parent in parents:
        if parent in SPECIAL_DOMAINS:
            return SPECIAL_DOMAINS[parent]
    is_host = domain not in KNOWN_PROVIDERS and domain.partition('.')[0] in HOST_LABELS
    return 'known' if KNOWN_PROVIDERS.intersection(parents) and not is_host else 'unknown'


def judge_email(address):
    """Judge whether an address can be somebody's ordinary e-mail.

    :param address: as for :func:`normalize`.
    :return: 'fine', 'missing', 'email_form' or 'email_several'.
    :rtype: str
    """
    if normalize_email(address):
        return 'fine'
    return 'email_several' if find_emails(address) else 'email_form' if fold_case(address) else 'missing'


@remembered
def judge_mailing(email, pec):
    """Judge whether ordinary mail reaches who is to sign: most mailboxes of PECs take none.

    :param email: the signer's, as for :func:`normalize`.
    :param pec: the PEC that is communicated, or bought, likewise.
    :return: 'email_is_pec' (it is that very PEC), 'email_certified' (it is on a domain of PECs, as that of the PEC
        is to be) or 'fine', which a domain that is not known here is as well.
    :rtype: str
    """
    email, pec = normalize_email(email), normalize(pec)
    if not email:
        return 'fine'
    if email == pec:
        return 'email_is_pec'
    is_beside = judge(pec) in ('known', 'unknown') and email.endswith(pec[pec.find('@'):])
    return 'email_certified' if is_beside or _is_certified(email) else 'fine'


def _is_certified(email):
    """Tell whether the domain of an address shows that it is a PEC."""
    domain = email.partition('@')[2]
    label, _dot, parent = domain.partition('.')
    is_named_so = (label in PEC_LABELS and '.' in parent) or any(map(PEC_NAME.search, domain.split('.')[:-1]))
    return is_named_so or judge(email) in ('known', *SPECIAL_DOMAINS.values())


def _with_parents(domain):
    """Return a domain and those it is in: a.b.it, b.it, it."""
    parts = domain.split('.')
    return ['.'.join(parts[start:]) for start in range(len(parts))]
