"""What tests make that no log may tell, and whether a log tells it.

While tests run, their helpers note the tokens and tax codes that they make, in a file that `dev/test` names in
OPENAPI_PEC_NOTED; what is written in the tests themselves is read there. What is said while a logger is muted, or its
messages are expected, reaches no log: it is kept in a file of its own, OPENAPI_PEC_SAID, and searched like one, since
outside of tests nobody mutes it.
"""
import logging
import os
import re
from pathlib import Path

from environment import ROOT

NOTED, SAID = os.environ.get('OPENAPI_PEC_NOTED'), os.environ.get('OPENAPI_PEC_SAID')
ADDON = 'odoo.addons.l10n_it_openapi_pec'
OF_TESTS = f'{ADDON}.tests.'  # how the names of the tests' own loggers begin
SHORTEST = 8  # characters: what is shorter is found by chance
# What is a secret by its form, whichever value it has: kind -> pattern.
FORMS = {
    'the address of a callback': re.compile(r'/openapi_pec/callback/[\w-]{16,}'),
    'the link of a page': re.compile(r'/openapi_pec/\S*access_token=[\w%-]{16,}|access_token=[0-9a-f]{64}(?!\w)'),
    'a bearer token': re.compile(r'\bBearer [\w:.-]{8,}'),
    'an e-mail and key': re.compile(r'\bBasic [A-Za-z0-9+/]{16,}'),
}
# What stands in the source of tests and of their helpers: kind -> pattern.
WRITTEN = {
    'a tax code': re.compile(r'\b(?:[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]|\d{11})\b'),
    'a token': re.compile(r"\b(?:sandbox|another)-token[\w:-]*|\b(?:sandbox|production)-key\b"),
}
SOURCES = ('tests/**/*.py', 'dev/*.py', 'dev/upgrade/*.py', 'dev/sandbox_api/*', 'demo/*.xml')
# What tests leave in a database at their end: kind -> columns.
COLUMNS = {
    'a tax code': [
        'res_partner.l10n_it_codice_fiscale', 'openapi_pec_communication.fiscal_code',
        'openapi_pec_communication.company_fiscal_code',
        'openapi_pec_foreign_filing.fiscal_code', 'openapi_pec_foreign_filing.company_fiscal_code',
        'openapi_pec_mailbox.fiscal_code',
        'openapi_pec_mailbox.holder_fiscal_code'],
    'a token': [
        f'openapi_pec_{table}.{column}' for table in ('communication', 'mailbox')
        for column in ('access_token', 'callback_token')],
}
LINK = re.compile(r'access_token=([\w-]{16,})')

_seen = set()


def note(kind, values):
    """Note what no log may tell.

    :param str kind: what it is called in the report.
    """
    new = {str(value) for value in values if value and len(str(value)) >= SHORTEST} - _seen
    if NOTED and new:
        _seen.update(new)
        with Path(NOTED).open('a') as file:  # one write: several processes may append
            file.write(''.join(f'{kind}\t{value}\n' for value in sorted(new)))


def note_database(cr):
    """Note what a test has left in its database.

    :param cr: a cursor, in whose transaction nothing has failed.
    """
    if not NOTED:
        return
    cr.execute("SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public'"
               " AND column_name IN ('l10n_it_codice_fiscale', 'fiscal_code', 'company_fiscal_code', "
               "'holder_fiscal_code', 'access_token', 'callback_token')")
    there = {row[0] for row in cr.fetchall()}
    for kind, columns in COLUMNS.items():
        for table, column in (name.split('.') for name in columns if name in there):
            cr.execute(f'SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL')
            note(kind, [row[0] for row in cr.fetchall()])
    cr.execute("SELECT body FROM mail_message WHERE body LIKE '%access_token=%' UNION"
               " SELECT body_html FROM mail_mail WHERE body_html LIKE '%access_token=%'")
    note('a token', [token for row in cr.fetchall() for token in LINK.findall(row[0])])


def note_requests(requests):
    """Note the addresses of callbacks that the sandbox was given.

    :param requests: as it tells them.
    """
    callbacks = [(request['body'] or {}).get('callback') for request in requests if isinstance(request['body'], dict)]
    note(
        'a token', [
            callback['url'].rpartition('/')[2] for callback in callbacks
            if isinstance(callback, dict) and 'url' in callback])


def listen():
    """Keep what is logged although nobody hears it: warnings, errors with tracebacks, and all that the addon says."""
    if not SAID or getattr(logging.getLogRecordFactory(), 'is_noted', False):
        return
    make = logging.getLogRecordFactory()

    def keep(*args, **kwargs):
        record = make(*args, **kwargs)
        logging.getLogger(record.name).filter(record)  # what masks it in the log does so here
        if record.levelno >= logging.WARNING or record.name.startswith(ADDON):
            text = f'{record.levelname} {record.name}: {record.getMessage()}\n'
            if record.exc_info and record.exc_info[0]:
                text += record.exc_text or logging.Formatter().formatException(record.exc_info)
            with Path(SAID).open('a') as file:
                file.write(text)
        return record

    keep.is_noted = True
    logging.setLogRecordFactory(keep)


# ------------------------------------------------------------ afterwards

def read(files):
    """Return what was noted: ``{value: kind}``, in lower case, with what the sources hold."""
    values = {}
    for path in (path for pattern in SOURCES for path in ROOT.glob(pattern) if path.is_file()):
        text = path.read_text(errors='replace')
        values.update((value.lower(), kind) for kind, pattern in WRITTEN.items() for value in pattern.findall(text))
    for file in filter(Path.exists, files):
        for line in file.read_text().splitlines():
            kind, _tab, value = line.partition('\t')
            values[value.lower()] = kind
    return values


def find(path, values):
    """Return where a log tells what was noted: sentences with number and kind, never with the value."""
    starts = {}
    for value, kind in values.items():
        starts.setdefault(value[:SHORTEST], []).append((value, kind))
    found = []
    for number, line in enumerate(path.read_text(errors='replace').splitlines(), 1):
        if OF_TESTS in line:  # which address a test opens in the browser, it says itself
            continue
        kinds = {kind for kind, pattern in FORMS.items() if pattern.search(line)}
        lowered = line.lower()
        for place in range(len(lowered) - SHORTEST + 1):
            for value, kind in starts.get(lowered[place:place + SHORTEST], ()):
                if lowered.startswith(value, place) and not _is_within_number(lowered, place, value):
                    kinds.add(kind)
        found += [f'{path.name}, line {number}: {kind}' for kind in sorted(kinds)]
    return found


def _is_within_number(text, place, value):
    """Return whether digits that were found are only a part of a longer number, such as an identifier."""
    around = text[max(place - 1, 0):place] + text[place + len(value):place + len(value) + 1]
    return value.isdigit() and any(character in '0123456789abcdef' for character in around)
