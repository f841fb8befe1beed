"""What somebody may type or paste, and what an empty field is.

No tool takes any of it for an identifier, nor raises on it.
"""

ODD_VALUES = [
    # no text
    None, False, True, 0, 1, -1, 3401234518, 0.5, float('nan'), b'', b'3401234518', [], ['a'], (), {}, {'a': 1}, set(),
    object(), object,
    # blank
    '', ' ', '\t\r\n', '\xa0', '\u3000', '\u2028',
    # what cannot be seen
    '\x00', '\x1b[0m', '\u200b', '\u200e', '\u202a', '\ufeff', '\x7f',
    # other scripts and digits
    'è', 'É', 'ß', 'ſ', 'ı', 'İ', '\u212a', 'ñ', 'n\u0303', '\u0301', 'Ω', 'Ж', '王', 'ب', '３', '٣', '²', '½', 'Ⅷ',
    '一', '😀', '👩‍👩‍👧',
    '\ud800', 'ﷺ', 'ﬁ',
    # signs
    '-', '.', '@', '+', '/', '()', '?', "'", '"', '\\', '%', '%s', '%(a)s', '{}', '{0}', '<b>', ';--', '&amp;', '=1+1',
    '*', '[', '$',
    # words
    'None', 'False', 'nan', 'n.d.', 'roma', '34xxxxxx18', 'IT', 'ITIT', '1e5', '0x10', '1_000',
    # huge
    'A' * 100000, '0' * 100000, ' ' * 100000, '-' * 100000, '.' * 100000, 'è' * 100000, 'a ' * 50000, '+' * 100000,
    '\u0301' * 100000,
]
