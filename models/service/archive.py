"""The archive of this addon as one file, to be kept when the addon is uninstalled."""
import csv
import io
import json
import tempfile
import zipfile
from contextlib import contextmanager
from pathlib import PurePath

from odoo import fields
from odoo.tools import split_every

from odoo.addons.l10n_it_openapi_pec.models.signer.file_content import read_content
from odoo.addons.l10n_it_openapi_pec.tools import spreadsheet_cells
from odoo.addons.l10n_it_openapi_pec.tools.upload import file_names

SPOOL_SIZE = 2**20  # bytes that are kept in memory
SLICE = 200  # records that are
# Tables of the archive: name of the file -> model.
TABLES = {
    'filings': 'openapi_pec.communication',
    'mailboxes': 'openapi_pec.mailbox',
    'mailbox-users': 'openapi_pec.mailbox.user',
    'journal': 'openapi_pec.api_call',
    'domains': 'openapi_pec.domain',
    'register-looks': 'openapi_pec.register_look',
    'batches': 'openapi_pec.batch',
    'filings-to-be-assigned': 'openapi_pec.foreign_filing',
    'mailings': 'openapi_pec.signing_request',
    'offices': 'openapi_pec.office',
    'positions': 'openapi_pec.position',
    'notices': 'openapi_pec.notice',
    'chamber-messages': 'openapi_pec.chamber_message',
}
# Models whose attachments are part of the archive.
DOCUMENTED = (
    'openapi_pec.communication', 'openapi_pec.mailbox', 'openapi_pec.chamber_message', 'openapi_pec.notice')
TYPES = (
    'char', 'text', 'selection', 'boolean', 'integer', 'float', 'date', 'datetime', 'many2one', 'many2one_reference')
# What nobody may read as records: when the page of who signs was visited.
VISITED = ('page_opened_at', 'page_downloaded_at', 'page_uploaded_at')
OPENING = ('access_token', 'callback_token')  # fields that open something to whoever knows them
# of attachments, which are searched without fields otherwise
OF_ANY_FIELD = ['|', ('res_field', '=', False), ('res_field', '!=', False)]
DOCUMENT_COLUMNS = ('file', 'model', 'record_id', 'record', 'name', 'field', 'created', 'size', 'checksum')


def may_pack(env):
    """Return whether a user may export the archive: an administrator who may read all its models."""
    return env.user.has_group('base.group_system') and all(env[model].has_access('read') for model in TABLES.values())


def pack(env):
    """Return a temporary file (ZIP) with all that this user may see of the archive.

    Few records, and one document, are in memory at a time. Tokens are in no table, and what is text stays text in a
    spreadsheet.
    """
    file = tempfile.SpooledTemporaryFile(max_size=SPOOL_SIZE)  # noqa: SIM115 (closed when it is sent)
    with zipfile.ZipFile(file, 'w', zipfile.ZIP_DEFLATED) as archive:
        for name, model in TABLES.items():
            with _table(archive, name) as writer:
                _write_records(writer, env[model])
        files = []
        for model in DOCUMENTED:
            files += _pack_documents(archive, env[model])
        with _table(archive, 'documents') as writer:
            writer.writerow(DOCUMENT_COLUMNS)
            writer.writerows(files)
    return file


@contextmanager
def _table(archive, name):
    """Open a table of the archive; what is written to it goes to the archive at once."""
    with archive.open(f'{name}.csv', 'w', force_zip64=True) as binary:
        # with the mark by which spreadsheets know UTF-8
        text = io.TextIOWrapper(binary, encoding='utf-8-sig', newline='')
        yield spreadsheet_cells.SafeWriter(csv.writer(text))
        text.flush()
        text.detach()


def _slices(records):
    """Yield all records of a model that the user may see, archived ones included, a slice at a time.

    The cache forgets each slice afterwards.
    """
    found = records.with_context(active_test=False).search([], order='id')
    for ids in split_every(SLICE, found._ids):
        yield found.browse(ids)
        found.env.invalidate_all(flush=False)


def _write_records(writer, records):
    """Write all records of a model that the user may see, with the fields that he may read."""
    columns = [
        name for name, field in records._fields.items()
        if (field.store or name in VISITED) and field.type in TYPES and name not in OPENING
        and records._has_field_access(field, 'read')]
    has_sent = records._name == TABLES['journal']
    writer.writerow([*columns, *(['sent'] if has_sent else [])])
    for some in _slices(records):
        for record in some:
            writer.writerow([
                *(_show(record, name) for name in columns),
                *([json.dumps(record.get_sent(), ensure_ascii=False)] if has_sent else [])])


def _show(record, name):
    """Return the value of a field for a table; for a many2one, the record's name."""
    field, value = record._fields[name], record[name]
    if field.type == 'many2one':
        return value.sudo().display_name or ''
    if field.type in ('date', 'datetime'):
        return (fields.Datetime.to_string(value) if field.type == 'datetime' else fields.Date.to_string(value)) or ''
    return value if value is not False or field.type == 'boolean' else ''


def _pack_documents(archive, records):
    """Add all documents of the records of a model that the user may see.

    :return: the rows of ``DOCUMENT_COLUMNS``.
    """
    rows = []
    for some in _slices(records):
        # Whoever may see the record may see its files; those of its fields, such as a signed form, included.
        attachments = records.env['ir.attachment'].sudo().search([
            ('res_model', '=', records._name), ('res_id', 'in', some.ids), ('type', '=', 'binary'),
            *OF_ANY_FIELD], order='id')
        for attachment in attachments.with_prefetch():
            record = records.browse(attachment.res_id)
            path = _name_document(record, attachment)
            archive.writestr(path, read_content(attachment))
            attachment.invalidate_recordset(['raw'])
            rows.append((
                path, records._name, record.id, record.display_name, attachment.name, attachment.res_field or '',
                fields.Datetime.to_string(attachment.create_date), attachment.file_size, attachment.checksum))
    return rows


def _name_document(record, attachment):
    """Return the path of a document in the archive; it is unique."""
    suffix = ''.join(PurePath(attachment.name or '').suffixes[-2:])
    suffix = suffix if file_names.safe('x' + suffix) == 'x' + suffix else ''
    stem = (attachment.name or '').removesuffix(suffix)
    folder = f"{record._name.rpartition('.')[2]}-{record.id} {file_names.safe(record.display_name or '')}".strip()
    return f'documents/{folder}/{attachment.id} {file_names.safe(stem)}{suffix}'
