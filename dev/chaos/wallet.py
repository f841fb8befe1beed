"""The wallet beside the journal: each charge is a call that is said to be paid, or a line explains it.

And what sentences say of the money.
"""
import collections
import re

import requests

PAGE = 100
# Lines of the journal that certainly cost their price, and those that may have: state of the line, found before it was
# called.
CERTAIN, POSSIBLE = {('accepted', False)}, {
    ('pending', False), ('never_arrived', False), ('lost', False), ('accepted', True)}


def read_charges(url, account):
    """Return what the wallet was charged with, as the vendor's own list tells it (list of cents).

    :param str url: of OAuth v2
    :param account: ``(e-mail, API key)``
    """
    cents, skip = [], 0
    while True:
        response = requests.get(
            f'{url}/wallet/transactions', params={'limit': PAGE, 'skip': skip}, auth=account, timeout=60)
        response.raise_for_status()
        rows = response.json()['data']
        cents += [round(-100 * row['amount']) for row in rows if row['amount'] < 0]
        skip += len(rows)
        if not rows:
            return cents


def compare(charges, lines, others=()):
    """Return what the journal does not explain of the charges, and what of it explains without being certain.

    :param charges: cents of each.
    :param lines: of the journal: ``(name, state, whether it was found before it was called, cents)``; None: of a price
        that nobody knew, so that any charge may be its.
    :param others: names of charges that no line is about, and that are explained all the same.
    :return: ``({cents: sentence}, names of what explains what is not certain)``
    """
    charged, anything = collections.Counter(charges), list(others)
    certain, possible = collections.Counter(), collections.defaultdict(list)
    for name, state, is_found, cents in lines:
        if (state, is_found) in CERTAIN | POSSIBLE and cents is None:
            anything.append(name)
        elif (state, is_found) in CERTAIN:
            certain[cents] += 1
        elif (state, is_found) in POSSIBLE:
            possible[cents].append(name)
    wrong, explained = {}, []
    for cents in sorted({*charged, *certain} - {0}):
        more = charged[cents] - certain[cents]
        if more < 0:
            wrong[cents] = f'{certain[cents]} calls are said to be paid, {charged[cents]} were charged'
        elif more > len(possible[cents]) + len(anything):
            wrong[cents] = (f'{charged[cents]} were charged, {certain[cents]} calls are said to be paid, and '
                            f'{len(possible[cents]) + len(anything)} lines explain more')
        elif more:
            own = max(more - len(possible[cents]), 0)
            explained += possible[cents] + anything[:own]
            del anything[:own]
    return wrong, explained


def says_nothing_spent(text):
    """Return whether some sentence says for certain that nothing was spent."""
    return any(
        re.search(r'nothing (?:was |is )?(?:\w+ (?:and|or) )?spent|costs nothing', sentence, re.I)
        and not re.search(r'probably|perhaps|not certain|by Odoo', sentence, re.I)
        for sentence in re.split(r'(?<=[.;:])\s', text or ''))
