"""Rows of which each gets another value, written with one statement."""
from odoo.tools import SQL


def set_each(records, column, values, kind='text'):
    """Write a column of records of which each has a value of its own: nothing may depend on it.

    :param str column: its name.
    :param values: texts, in the order of the records.
    :param str kind: the SQL type of the column.
    """
    records.env.cr.execute(SQL(
        "UPDATE %(table)s SET %(column)s = own.value::%(kind)s "
        "FROM unnest(%(ids)s::int4[], %(values)s::text[]) AS own(id, value) WHERE %(table)s.id = own.id",
        table=SQL.identifier(records._table), column=SQL.identifier(column), kind=SQL.identifier(kind),
        ids=records.ids, values=list(values)))
    if column in records._fields:
        records.invalidate_recordset([column], flush=False)
