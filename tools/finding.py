"""One finding: what was found before something is sent or paid, and how much it counts."""
from typing import NamedTuple

ERROR = 'error'  # stands against it
WARNING = 'warning'  # is to be looked at; does not stop it
FINE = 'fine'
ORDER = (ERROR, WARNING, FINE)  # the worst first


class Finding(NamedTuple):
    """Something that was found. It holds no sentence: that is in the table of who shows it.

    :param str code: key of that table.
    :param str level: of ``ORDER``; of a file among many, what becomes of it (``wizards/filing/upload.py``).
    :param dict values: what the sentence names: strings and aware datetimes, and no tax code.
    :param str field: the field it is about, '' when it is about none.
    :param str place: the field that leads to the contact on which it is mended, '' when it is mended on the record.
    """

    code: str
    level: str
    values: dict
    field: str = ''
    place: str = ''


def get_worst_level(findings):
    """Return the worst level of findings, False when there are none."""
    return min((finding.level for finding in findings), key=ORDER.index, default=False)


def get_verdict_level(findings):
    """Return what findings make of a file: ``refused``, ``warning`` or ``good``."""
    return {ERROR: 'refused', WARNING: 'warning'}.get(get_worst_level(findings), 'good')


def is_overridable(findings, codes):
    """Return whether something is refused for nothing but what a person may override.

    :param codes: of the findings that may be overridden.
    """
    errors = [finding.code for finding in findings if finding.level == ERROR]
    return bool(errors) and all(code in codes for code in errors)
