"""The control endpoints about signatures and certificates: as those of ``control``."""
import dataclasses

from .accounts import DEFAULT_ACCOUNT
from .checks import CERTIFICATE, check, require
from .signature import new_certificate


def create_certificate(world, parameters, body):
    """Make a certificate whose owner has its username and PIN: certificateType (EU-QES_otp), account, and others.

    What may be given is what it is kept with, its id and its stato. It costs nothing; returns it as it is kept.
    """
    account = body.pop('account', DEFAULT_ACCOUNT)
    own = {key: body.pop(key) for key in ('id', 'stato') if key in body}
    require(all(isinstance(value, str) for value in (account, *own.values())), 'account, id and stato must be texts')
    world.open_wallet(account)
    certificate = new_certificate(account, {'certificateType': 'EU-QES_otp', **check(body, CERTIFICATE)})
    certificate = dataclasses.replace(certificate, **own)
    world.store.certificates.add([certificate])
    return dataclasses.asdict(certificate)


def show_certificates(world, parameters, body):
    """Every certificate as it is kept, newest first, with username and PIN, and how many attempts were wrong."""
    return [dataclasses.asdict(certificate) for certificate in world.store.certificates.get_all()]


def change_certificate(world, parameters, body):
    """Set the stato of a certificate, and any of what it is kept with; its callback is delivered."""
    certificate = world.store.certificates.get(parameters['id'])
    require(certificate is not None, 'there is no certificate with this id')
    stato = body.pop('stato', certificate.stato)
    require(isinstance(stato, str), 'stato must be text')
    return dataclasses.asdict(world.change(certificate, stato=stato, **check(body, CERTIFICATE)))


def show_signatures(world, parameters, body):
    """Every signature with what the API does not show: account, and size of the signed document."""
    return [
        {**signature.get_record(), 'account': signature.account, 'size': len(signature.signed)}
        for signature in world.store.signatures.get_all()]


def delete_signature(world, parameters, body):
    """Make a signature vanish."""
    return {'deleted': world.store.signatures.delete(parameters['id'])}


SIGNATURE_CONTROL = {
    'POST /_sandbox/certificates': create_certificate,
    'GET /_sandbox/certificates': show_certificates,
    'PATCH /_sandbox/certificates/{id}': change_certificate,
    'GET /_sandbox/signatures': show_signatures,
    'DELETE /_sandbox/signatures/{id}': delete_signature,
}
