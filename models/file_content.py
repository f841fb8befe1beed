"""Reading the content of files."""
import base64


def read_content(record, field='raw'):
    """Return what a binary field holds (bytes), empty when there is nothing: what is judged, compared, sent or packed is read here.

    The web client reads its forms with ``bin_size``, in which every binary field tells its size in words, such as "2.14 Kb".

    :param record: an attachment, or any record; it may be empty, or not saved yet.
    :param str field: ``raw`` of an attachment, or a field of base64.
    """
    content = record.with_context(bin_size=False, **{f'bin_size_{field}': False})[field] or b''
    return content if field == 'raw' else base64.b64decode(content)
