"""How figures are measured: a thing and its peer in turns, several rounds, the median of their ratios and how far they
spread."""
import ctypes
import gc
import time
from statistics import median

ROUNDS = 5


def count_queries(env, function):
    """Return how many queries a function makes."""
    before = env.cr.sql_log_count
    function()
    return env.cr.sql_log_count - before


def vacuum(cr, *tables):
    """Have PostgreSQL tidy up tables, after a commit: a turn does not pay for what the turn before has left behind."""
    cr._cnx.autocommit = True
    for table in tables:
        cr.execute(f'VACUUM ANALYZE "{table}"')
    cr._cnx.autocommit = False


def compare(own, peer, rounds=ROUNDS, prepare=None, is_warm=False):
    """Measure two things in turns, after a first round for the caches.

    :param own: function without arguments that does the thing, or returns its seconds (a float).
    :param peer: likewise, what it is compared with.
    :param prepare: function without arguments that is called before each of them.
    :param bool is_warm: whether that first round is not needed.
    :return: list of ``[seconds, seconds of the peer]``, one for each round
    """
    measured = []
    for number in range(is_warm, rounds + 1):
        pair = []
        for function in (own, peer):
            if prepare:
                prepare()
            started = time.perf_counter()
            told = function()
            pair.append(told if isinstance(told, float) else time.perf_counter() - started)
        if number:
            measured.append(pair)
    return measured


def result(figure, pairs=(), value=None, is_faster=False, **extra):
    """Return a figure's result, as the table and JSON have it.

    :param str figure: its key in the table.
    :param pairs: list of ``(seconds, seconds of the peer)``.
    :param value: the figure itself, where it is no ratio of ``pairs``.
    :param bool is_faster: whether the ratio says how many times faster it is than the peer, not how much longer.
    :param extra: further facts, numbers or texts.
    """
    ratios = [(peer / own if is_faster else own / peer) for own, peer in pairs]
    if value is None:
        value = median(ratios)
    return {
        'figure': figure, 'value': value,
        'low': min(ratios, default=value), 'high': max(ratios, default=value), 'rounds': max(len(ratios), 1),
        'seconds': median(own for own, _peer in pairs) if pairs else None,
        'peer_seconds': median(peer for _own, peer in pairs) if pairs else None, **extra}


class Peak:
    """How much memory this process takes during a block at most, over what it had before: ``megabytes``."""

    megabytes = 0.0

    def __enter__(self):
        gc.collect()
        ctypes.CDLL(None).malloc_trim(0)
        self.before = self._read('VmRSS')
        with open('/proc/self/clear_refs', 'w', encoding='ascii') as file:
            file.write('5')
        return self

    def __exit__(self, *exception):
        self.megabytes = (self._read('VmHWM') - self.before) / 1024

    @staticmethod
    def _read(name):
        with open('/proc/self/status', encoding='ascii') as file:
            return next(int(line.split()[1]) for line in file if line.startswith(name))
