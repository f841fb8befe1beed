"""Notes in the chatters of many records at once."""
import re

from odoo.tools import SQL

# A text of which no sanitiser changes anything, wherever it stands.
HARMLESS = re.compile(r'[\w.,:;()@/+-]+(?: [\w.,:;()@/+-]+)*')
STAND_IN = 'openapipec{}text'  # of a text
# The modules whose classes say how a note is made. Where another one has a say (an automation, an audit), or somebody
# has put a function of his own in its place, each note is made as always.
MAKERS = {'odoo.orm.models', 'odoo.addons.mail.models.mail_message', 'odoo.addons.mail.models.mail_thread'}
OF_CHATTERS = ('message_ids', 'message_needaction', 'message_needaction_counter')  # what a new message changes


def log_notes(records, notes):
    """Log a note on each of some records: the same messages as of ``_message_log_batch``, which is slower.

    The first message is made by Odoo. The others are copies of its row with other records and bodies, inserted by one
    statement; whatever depends on messages is computed as always.

    :param records: of a model with a chatter.
    :param dict notes: ``{id: (pattern, texts)}``: HTML with ``%s`` in the place of each text (Markup), and the texts
        (tuple), which are escaped.
    """
    messages = records.env['mail.message'].sudo()
    if len(records) < 2 or not _is_made_as_always(records, messages):
        records._message_log_batch({record_id: pattern % texts for record_id, (pattern, texts) in notes.items()})
        return
    first, others = records[0], records[1:]
    pattern, texts = notes[first.id]
    message = first._message_log_batch({first.id: pattern % texts})
    fill = Sanitiser(messages)
    message.flush_recordset()
    made = insert_copies(
        message, {'res_id': others.ids, 'body': [fill(*notes[record_id]) for record_id in others.ids]})
    made.modified(made._fields, create=True)
    records.invalidate_recordset([name for name in OF_CHATTERS if name in records._fields])


class Sanitiser:
    """Fills in patterns, and returns them as the body of a message is kept: sanitised, each pattern only once.

    :param messages: the model of messages.
    """

    def __init__(self, messages):
        self.messages, self.field, self.patterns = messages, messages._fields['body'], {}

    def __call__(self, pattern, texts):
        """Return HTML.

        :param pattern: see :func:`log_notes`.
        :param tuple texts: likewise.
        :rtype: str
        """
        if not all(isinstance(text, str) and HARMLESS.fullmatch(text) for text in texts):
            return self._sanitise(pattern % texts)
        if pattern not in self.patterns:
            stand_ins = tuple(map(STAND_IN.format, range(len(texts))))
            kept = self._sanitise(pattern % stand_ins).replace('%', '%%')
            for number, stand_in in enumerate(stand_ins):
                kept = kept.replace(stand_in, f'%({number})s')
            self.patterns[pattern] = kept
        return self.patterns[pattern] % {str(number): text for number, text in enumerate(texts)}

    def _sanitise(self, html):
        return str(self.field.convert_to_column(html, self.messages) or '')


def _is_made_as_always(records, messages):
    """Return whether nobody but Odoo's own ``mail`` does something when a note is made."""
    makers = {
        cls is not type(model) and cls.__module__  # an automation patches the class of the registry itself
        for model, names in ((messages, ('create',)), (records, ('_message_log_batch', '_message_create')))
        for cls in type(model).mro() if any(name in vars(cls) for name in names)}
    return makers <= MAKERS


def insert_copies(record, columns):
    """Insert copies of a record's row, with other values in some columns, by one statement; nothing is computed.

    :param record: one record, all of it written.
    :param dict columns: ``{name of a field: list of values}``, all as long as there are copies.
    :return: the copies, in the order of the values.
    """
    kept = SQL(', ').join(
        SQL.identifier(name) for name, field in record._fields.items()
        if field.store and field.column_type and name not in ('id', *columns))
    rows = record.env.execute_query(SQL(
        "INSERT INTO %(table)s (%(own)s, %(kept)s) SELECT %(own)s, %(kept)s "
        "FROM (SELECT %(kept)s FROM %(table)s WHERE id = %(id)s) AS first, "
        "unnest(%(values)s) WITH ORDINALITY AS new(%(own)s, number_of_copy) ORDER BY number_of_copy RETURNING id",
        table=SQL.identifier(record._table), own=SQL(', ').join(map(SQL.identifier, columns)), kept=kept, id=record.id,
        values=SQL(', ').join(
            SQL("%s::%s[]", values, SQL.identifier(record._fields[name].column_type[0]))
            for name, values in columns.items())))
    return record.browse([new_id for new_id, in rows])
