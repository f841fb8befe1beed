"""Text that stays text when a spreadsheet opens it."""

# with which a cell becomes a formula, those of full width included
STARTERS = tuple('=+-@\t\r\n\uff1d\uff0b\uff0d\uff20')


def safe(value):
    """Return a value as the cell of a table: a text that would be taken for a formula begins with an apostrophe."""
    is_formula = isinstance(value, str) and (value.startswith(STARTERS) or value.lstrip().startswith(STARTERS))
    return f"'{value}" if is_formula else value


class SafeWriter:
    """A writer of the module ``csv`` in whose cells nothing is a formula."""

    def __init__(self, writer):
        self._writer = writer

    def writerow(self, row):
        """Write one row."""
        self._writer.writerow([safe(value) for value in row])

    def writerows(self, rows):
        """Write several rows."""
        for row in rows:
            self.writerow(row)
