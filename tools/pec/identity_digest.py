"""What makes a filing the same filing as another one, as one value that a unique index can hold."""
import hashlib

from ..italy import omocodia
from . import address as pec_address


def digest(environment, company_code, partner_id, kind, person_code, address):
    """Return what identifies a filing, without disclosing anything about it.

    :param str environment: 'sandbox' or 'production'.
    :param str company_code: tax code of the company, in any way of writing; when it has none, ``partner_id`` stands for
        it.
    :param int partner_id: the contact.
    :param str kind: 'company' or 'administrator'.
    :param str person_code: tax code of the person; it counts for an administrator alone.
    :param str address: the PEC.
    :return: SHA-256, in hexadecimal digits.
    :rtype: str
    """
    company = omocodia.identity(company_code) or f'contact {partner_id}'
    person = omocodia.identity(person_code) if kind == 'administrator' else ''
    return hashlib.sha256(
        '\0'.join((environment, company, kind, person, pec_address.normalize(address))).encode()).hexdigest()
