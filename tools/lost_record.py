"""Finding the filing, or the mailbox, that a lost answer spoke of.

The API has no idempotency key. Whether a ``POST`` whose answer never came was executed can only be read from the list of
the account and the records behind it.
"""
from .errors import NotFound


def _normalized(value):
    """Return a value as it can be compared: the service changes case and spaces."""
    return ' '.join(str(value or '').split()).casefold()


def find_reference(record):
    """Return the reference that a record echoes in ``callback.data``, or '' (``callback`` is false when unset;
    older samples of the vendor misspell it ``callbak``)."""
    callback = record.get('callback') or record.get('callbak')
    data = callback.get('data') if isinstance(callback, dict) else None
    return str(data.get('reference') or '') if isinstance(data, dict) else ''


def find_lost(rows, read, body, *, since, owned, keys, most=10):
    """Return the records at the service that a call may have created.

    :param list rows: the list of the account that made the call: ``[{'id', 'casella_pec', 'timestamp'}, …]``, the timestamp in
        seconds since 1970 or None.
    :param read: function of an id that returns the whole record, or raises NotFound.
    :param dict body: what was sent.
    :param float since: seconds since 1970; a record with an earlier timestamp cannot be the call's.
    :param owned: the ids that are known to belong to other calls.
    :param keys: the keys of ``body`` that a record must repeat.
    :param int most: how many records are read at the most.
    :return: no record, the one, or several that nothing tells apart. A record that echoes the call's own reference
        is the one, whatever else looks like it.
    :rtype: list[dict]
    :raise OpenapiPecError: the truth cannot be read now.
    """
    reference = find_reference(body)
    candidates = [
        row for row in rows
        if row['id'] not in owned
        and _normalized(row['casella_pec']) == _normalized(body['casella_pec'])
        and (row['timestamp'] is None or row['timestamp'] >= since)
    ]
    candidates.sort(key=lambda row: row['timestamp'] or since, reverse=True)
    found = []
    for row in candidates[:most]:
        try:
            record = read(row['id'])
        except NotFound:
            continue  # gone between the list and the reading
        if not all(_normalized(record.get(key)) == _normalized(body.get(key)) for key in keys):
            continue
        echoed = find_reference(record)
        if reference and echoed == reference:
            return [record]
        if not (reference and echoed):
            found.append(record)
    return found


def compare(body, record, keys):
    """Return which of some keys a record at the service repeats of what was sent, changes, or does not tell.

    :param dict body: what was sent.
    :param keys: what to look at; what neither has is left out.
    :return: ``{'agrees': [key, …], 'differs': [key, …], 'unknown': [key, …]}``
    :rtype: dict[str, list[str]]
    """
    verdicts = {'agrees': [], 'differs': [], 'unknown': []}
    for key in keys:
        sent, told = body.get(key), record.get(key)
        if told not in (None, ''):
            verdicts['agrees' if _normalized(told) == _normalized(sent) else 'differs'].append(key)
        elif sent not in (None, ''):
            verdicts['unknown'].append(key)
    return verdicts
