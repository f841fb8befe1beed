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
    _insert_copies(message, others.ids, [fill(*notes[record_id]) for record_id in others.ids])
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


def _insert_copies(message, ids, bodies):
    """Insert copies of a message into the chatters of other records of the same model.

    :param list ids: of the records.
    :param list bodies: HTML, in the same order.
    """
    message.flush_recordset()
    kept = SQL(', ').join(
        SQL.identifier(name) for name, field in message._fields.items()
        if field.store and field.column_type and name not in ('id', 'res_id', 'body'))
    rows = message.env.execute_query(SQL(
        "INSERT INTO mail_message (res_id, body, %(kept)s) SELECT new.res_id, new.body, %(kept)s "
        "FROM (SELECT %(kept)s FROM mail_message WHERE id = %(first)s) AS first, "
        "unnest(%(ids)s::int4[], %(bodies)s::text[]) WITH ORDINALITY AS new(res_id, body, number) "
        "ORDER BY number RETURNING id", kept=kept, first=message.id, ids=ids, bodies=bodies))
    made = message.browse([new_id for new_id, in rows])
    made.modified(made._fields, create=True)
