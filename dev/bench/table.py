"""The table of a benchmark."""


def row(name, value, unit, at_most=None):
    """Return one line: a name, a number, its unit, and what it may be at most, if there is such a bound."""
    return {'name': name, 'value': value, 'unit': unit, 'at_most': at_most}
