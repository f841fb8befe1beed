"""Regular expressions that are compiled when they are first used.

Many are for odd input alone, and to compile them all takes longer than to judge a file: whoever starts a process for
one file would wait for them.
"""
import re

METHODS = ('search', 'match', 'fullmatch', 'findall', 'finditer', 'split', 'sub', 'subn')


class Pattern:
    """Stands for what ``re.compile`` returns; it is compiled on first use.

    :param pattern: text or bytes.
    :param int flags: those of ``re``.
    """

    def __init__(self, pattern, flags=0):
        self.pattern, self.flags = pattern, flags

    def __getattr__(self, name):
        if name not in METHODS:
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self.flags)
        self.__dict__.update((method, getattr(compiled, method)) for method in METHODS)
        return self.__dict__[name]
