"""The vendor's look-up of PEC domains."""
from .answers import Refused, Reply, success
from .const import DOMAIN_PRICE, DOMAINS
from .validation import is_domain


def look_up(call):
    """Whether a domain is a PEC domain; paid, found or not. Not found is a 204.

    Whether the vendor charges for a domain that is not found is documented nowhere: charged here.
    """
    domain = call.parameters['dominio'].strip().lower()
    if not domain:
        raise Refused(call.operation, 'required')
    if not is_domain(domain):
        raise Refused(call.operation, 'invalid')
    call.world.charge(call, DOMAIN_PRICE)
    if domain in DOMAINS:
        return success([], f'{domain} found!', executed=True)
    return Reply(204, executed=True)
