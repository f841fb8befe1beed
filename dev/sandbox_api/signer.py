"""Who signs in the sandbox, and with what: keys and certificates of its own, which no authority knows."""
import datetime
import re
import time

import p7m_files

from . import clock

_KEY = 'sandbox'  # made when it is first needed; the same until the process ends
_FIELD = re.compile(rb'\((cf|nome|cognome): ([^()\\]{1,100})\)')  # of a power of attorney, as ``forms`` draws it


def sign(content, owner='', tax_code=''):
    """Sign as CAdES wants it: attached, SHA-256, with the signer's certificate named in it.

    :param content: bytes
    :param owner: the name of whom the certificate belongs to, ``'Mario Rossi'``
    :param tax_code: of the same; of either that is empty: as the power of attorney names the person
    :return: bytes, DER
    """
    named = {key.decode(): value.decode('latin-1').strip() for key, value in _FIELD.findall(content)}
    given, surname = named.get('nome', 'Mario').title(), named.get('cognome', 'Rossi').title()
    if owner:
        given, _space, surname = owner.rpartition(' ')
    tax_code = tax_code or named.get('cf', p7m_files.MARIO).upper()
    signer = p7m_files.identity(
        p7m_files.key(copy=_KEY), f'TINIT-{tax_code}', given, surname, common_name=f'{surname} {given}',
        serial=int(time.time() * 1000))
    signing_time = datetime.datetime.fromtimestamp(int(clock.now()), datetime.timezone.utc)
    return p7m_files.sign(signer, content, signing_time=signing_time)
