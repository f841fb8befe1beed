"""Rows and cells of spreadsheets: text stays text when a program opens it, and what comes in is rows."""

# With which a cell becomes a formula, behind spaces as well; those of full width included.
STARTERS = ('=', '+', '-', '@', '{=', '\t', '\r', '\n', '\uff1d', '\uff0b', '\uff0d', '\uff20')


def defuse(value):
    """Return a value for a cell of a spreadsheet: a text that would be a formula there begins with an apostrophe."""
    is_formula = isinstance(value, str) and (value.startswith(STARTERS) or value.lstrip().startswith(STARTERS))
    return f"'{value}" if is_formula else value


def undo_defuse(value):
    """Return a value of a cell as it was before :func:`defuse`."""
    return value[1:] if isinstance(value, str) and value[:1] == "'" and defuse(value[1:]) == value else value


def get_rows(data, width):
    """Return the rows of a table from outside, each a list of as many cells; what is missing is empty.

    :param data: anything; a list of lists, if all is well.
    :param int width: how many columns there are.
    """
    rows = [row if isinstance(row, list) else [] for row in data] if isinstance(data, list) else []
    return [[*row[:width], *[''] * (width - len(row))] for row in rows]


class SafeWriter:
    """A writer of the module ``csv`` in whose cells nothing is a formula."""

    def __init__(self, writer):
        self._writer = writer

    def writerow(self, row):
        """Write one row."""
        self._writer.writerow([defuse(value) for value in row])

    def writerows(self, rows):
        """Write several rows."""
        for row in rows:
            self.writerow(row)
