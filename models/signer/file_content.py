"""Reading and keeping the content of files."""
import base64
import time

from odoo.exceptions import UserError

WRITING_PAUSES = (0.05, 0.2, 1)  # seconds


def read_content(record, field='raw'):
    """Return the content of a binary field (bytes), empty when there is none.

    All that is judged, compared, sent or packed is read here: the web client reads its forms with ``bin_size``, and
    every binary field then returns its size in words, such as "2.14 Kb".

    :param record: an attachment, or any record; it may be empty, or not saved yet.
    :param str field: ``raw`` of an attachment, or a field of base64.
    """
    content = record.with_context(bin_size=False, **{f'bin_size_{field}': False})[field] or b''
    return content if field == 'raw' else base64.b64decode(content)


def keep_pdf(record, name, content):
    """Attach a PDF of the service to its record.

    A click and a job may download the same one at the same moment. Until the other one has written the file, Odoo takes
    it for another file of the same name and refuses ours, so it is tried again.

    :param bytes content: of the file.
    :return: the attachment.
    """
    values = {'name': name, 'raw': content, 'res_model': record._name, 'res_id': record.id}
    for pause in WRITING_PAUSES:
        try:
            return record.env['ir.attachment']._openapi_pec_create([values])
        except UserError:
            time.sleep(pause)
    return record.env['ir.attachment']._openapi_pec_create([values])
