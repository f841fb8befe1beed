"""Finding the filing that a lost answer spoke of.

The API has no idempotency key. Whether a ``POST /comunica_pec`` whose answer never came was executed can only be
read from the list of the account and the records behind it.
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


def find_lost_filing(client, body, *, since, owned, keys, rows=None, most=10):
    """Return the records at the service that a call may have created.

    :param PecClient client: the account that made the call.
    :param dict body: what was sent to ``POST /comunica_pec``.
    :param float since: seconds since 1970; a record that last changed before cannot be the call's.
    :param owned: the ids that are known to belong to other calls.
    :param keys: the keys of ``body`` that a record must repeat.
    :param list rows: the account's list when it has been read already.
    :param int most: how many records are read at the most.
    :return: no record, the one, or several that nothing tells apart. A record that echoes the call's own reference
        is the one, whatever else looks like it.
    :rtype: list[dict]
    :raise OpenapiPecError: the truth cannot be read now.
    """
    rows = client.list_filings() if rows is None else rows
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
            record = client.get_filing(row['id'])
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
