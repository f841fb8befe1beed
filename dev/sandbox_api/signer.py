"""Who signs in the sandbox: people with certificates of the one authority that its trusted lists name (``trust``)."""
import datetime
import functools
import itertools
import re

import p7m_files
import trust_files
import trust_world

from . import clock

KINDS = {  # of certificates
    'good': "qualified, and not revoked",
    'revoked': "revoked since yesterday",
    'unlisted': "of an authority that is in no list",
}
_FIELD = re.compile(rb'\((cf|nome|cognome): ([^()\\]{1,100})\)')  # of a power of attorney, as ``forms`` draws it
_serials = itertools.count(1000)


@functools.cache
def get_world(url):
    """:return: the trust_world.World that is served at an address, which takes a second to make

    :param url: of the sandbox API
    """
    return trust_world.World(url)


def sign(url, content, kind='good', **names):
    """Sign as CAdES wants it: attached, SHA-256, with the signer's certificate named in it.

    :param url: of the sandbox API, which the certificate names as where one may ask about it
    :param content: bytes
    :param kind: of ``KINDS``
    :param names: surname, given and tax_code of who signs; what is missing or empty: as the power of attorney has it
    :return: bytes, DER
    """
    named = {key.decode(): value.decode('latin-1').strip() for key, value in _FIELD.findall(content)}
    signer = _issue(get_world(url), kind, {
        'surname': named.get('cognome', 'Rossi').title(), 'given': named.get('nome', 'Mario').title(),
        'tax_code': named.get('cf', p7m_files.MARIO).upper(), **{key: name for key, name in names.items() if name}})
    signing_time = datetime.datetime.fromtimestamp(int(clock.now()), datetime.timezone.utc)
    return p7m_files.sign(signer, content, signing_time=signing_time)


def _issue(world, kind, names):
    """:return: somebody with a certificate (p7m_files.Identity)"""
    if kind == 'unlisted':
        return trust_files.Authority("Ignota CA").issue(**names)
    serial = next(_serials)
    if kind == 'revoked':
        world.revoked[serial] = (p7m_files.NOW - p7m_files.DAY, 'keyCompromise')
    return world.issue(serial, **names)
