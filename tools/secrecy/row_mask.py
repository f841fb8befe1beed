"""What the database quotes of rows when it refuses a statement, kept out of the log: names, tax codes, tokens.

Odoo logs each statement that fails, with its values; PostgreSQL names the row, or the key, that stands in the way.
"""
import logging
import re

ADDON = 'openapi_pec'  # what the names of tables and columns of this addon begin with
LOGGERS = ('odoo.sql_db', 'odoo.http', 'odoo.service.model', 'odoo.addons.base.models.ir_cron')
PACKAGE = 'odoo.addons.l10n_it_openapi_pec'
MASK = '***'
_LITERAL = re.compile(r"'(?:[^']|'')*'")
_ROW = re.compile(
    r'(Failing row contains )\(.*?\)(?=\.\s*$)|(\)=)\(.*?\)(?= (?:already exists|is not present|is still '
    r'referenced|conflicts))',
    re.DOTALL | re.MULTILINE)
_TAX_CODE = re.compile(r'\b(?:[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]|\d{11})\b', re.IGNORECASE)


def mask_statement(statement):
    """Return an SQL statement without its texts, when it is about this addon's data."""
    text = statement.decode(errors='replace') if isinstance(statement, bytes) else str(statement)
    return _LITERAL.sub(f"'{MASK}'", text) if ADDON in text or _TAX_CODE.search(text) else text


def mask_rows(text):
    """Return a message of PostgreSQL, or a traceback that quotes it, without values of rows."""
    return _TAX_CODE.sub(MASK, _ROW.sub(rf'\1\2({MASK})', text))


class RowFilter(logging.Filter):
    """Masks values of rows in what is about to be logged."""

    def filter(self, record):
        """Mask the text of a record; let every record pass."""
        if record.name == 'odoo.sql_db' and record.args and isinstance(record.args, tuple) and 'bad query' in str(
                record.msg):
            statement, *others = record.args
            record.args = (mask_statement(statement), *(mask_rows(str(other)) for other in others))
        if record.exc_info and record.exc_info[1] and not record.exc_text and _is_of_database(record.exc_info[1]):
            record.exc_text = mask_rows(logging.Formatter().formatException(record.exc_info))
        return True


def _is_of_database(error):
    """Whether an exception, or one that it comes of, is the database's."""
    seen = set()
    while error is not None and id(error) not in seen:
        if type(error).__module__.partition('.')[0] == 'psycopg2':
            return True
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return False


def install():
    """Have the rows masked in the log; once, however often this is called. The loggers of the addon are there already.
    """
    own = [name for name in logging.root.manager.loggerDict if name.startswith(PACKAGE)]
    for logger in map(logging.getLogger, (*LOGGERS, *own)):
        if not any(type(known).__name__ == RowFilter.__name__ for known in logger.filters):
            logger.addFilter(RowFilter())
