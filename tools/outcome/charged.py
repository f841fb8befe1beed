"""Which charge of the wallet was made for which call: only where nothing else can explain either of them.

Calls and charges of the same price are alike, so what is near each other in time is told apart by nobody. A charge
counts as a call's when it is the only one near it, and that call the only one near the charge.
"""
import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from datetime import datetime, timedelta
from itertools import accumulate
from typing import NamedTuple

CLOSE = timedelta(minutes=10)  # between a call and its charge, at the most
# within which another call or charge of the same price makes doubtful what belongs together: clocks differ
NEAR = timedelta(hours=1)


class Call(NamedTuple):
    """A call that was paid, or may have been."""
    id: int
    host: str
    price: float  # EUR that were expected
    at: datetime


class Charge(NamedTuple):
    """What went out of the wallet."""
    id: int
    host: str  # that its description names
    amount: float  # EUR, more than nothing
    at: datetime


def find_claimed(rivals, charges):
    """Return which charges may have been made for one of the rivals.

    :param rivals: of :class:`Call`, whose price or account is not known: whatever was charged near them may be theirs.
    :param charges: of :class:`Charge`.
    :return: ids of charges.
    :rtype: set
    """
    moments = defaultdict(list)
    for rival in sorted(rivals, key=lambda rival: rival.at):
        moments[rival.host].append(rival.at)
    return {
        charge.id for charge in charges if (times := moments.get(charge.host))
        and bisect_left(times, charge.at - NEAR) < bisect_right(times, charge.at + NEAR)}


def match(calls, charges, by_price=True):
    """Return which charges were made for which calls, where that is unambiguous.

    :param calls: of :class:`Call`.
    :param charges: of :class:`Charge`, of the same account.
    :param bool by_price: whether a charge has to be as high as was expected, to the cent, up to which a wallet may
        round; otherwise all calls and charges of a host are alike.
    :return: ``{id of the charge: id of the call}``
    :rtype: dict
    """
    groups = defaultdict(lambda: ([], []))
    for call in calls:
        groups[call.host, _cents(call.price) if by_price else None][0].append(call)
    for charge in charges:
        groups[charge.host, _cents(charge.amount) if by_price else None][1].append(charge)
    return {
        charge_id: call_id for (host, _price), group in groups.items() if host
        for charge_id, call_id in _match_alike(*group)}


def _match_alike(calls, charges):
    """Yield ``(id of a charge, id of its call)`` of those that nothing but time can tell apart."""
    charges = sorted(charges, key=lambda charge: charge.at)
    times = [charge.at for charge in charges]
    spans = [(bisect_left(times, call.at - NEAR), bisect_right(times, call.at + NEAR)) for call in calls]
    steps = [0] * (len(charges) + 1)
    for first, end in spans:
        steps[first] += 1
        steps[end] -= 1
    claims = list(accumulate(steps))  # how many calls are near each charge
    for call, (first, end) in zip(calls, spans, strict=True):
        if end - first == 1 and claims[first] == 1 and abs(times[first] - call.at) <= CLOSE:
            yield charges[first].id, call.id


def _cents(amount):
    return math.floor(100 * amount + 0.5 + 1e-6)  # half a cent is one
