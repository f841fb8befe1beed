"""What was tried, what was refused, what got in, and what was told."""
import re
import threading
from collections import Counter

import told

SHOWN = 60
TRACE = 'Traceback (most recent call last)'


class Table:
    """Counts of all attacks; each thread may add."""

    def __init__(self):
        self.counts = {name: Counter() for name in ('tried', 'got in', 'traces', 'secrets')}
        self.slowest, self.notes, self.examples = {}, [], []
        self.secrets = None  # pattern of what no answer to a stranger may hold
        self._lock = threading.Lock()

    def watch(self, secrets):
        """Look for secrets in all answers from now on.

        :param list secrets: texts, found whether in capitals or not
        """
        self.secrets = re.compile('|'.join(map(re.escape, sorted(secrets))), re.IGNORECASE)

    def add(self, attack, got_in=False, seconds=None, example='', text='', has_trace=None):
        """One try.

        :param str attack: its row
        :param bool got_in: whether it reached what it should not
        :param float seconds: until its answer
        :param str example: what it was, without a secret; shown when something is wrong with it
        :param str text: of the answer to somebody who may know no secret
        :param bool has_trace: whether it tells a stack trace; by default it is looked for in the text
        """
        found = {
            'tried': True, 'got in': got_in, 'traces': TRACE in text if has_trace is None else has_trace,
            'secrets': bool(text and self.secrets and self.secrets.search(text))}
        with self._lock:
            for name, is_so in found.items():
                self.counts[name][attack] += is_so
                if is_so and name != 'tried':
                    self.examples.append(f'{name}: {attack}: {example}')
            if seconds is not None:
                self.slowest[attack] = max(self.slowest.get(attack, 0), seconds)

    def bound(self, attack, value, most, unit):
        """One measurement against its bound."""
        self.add(attack, got_in=value > most, example=f'{value:.1f} {unit}, and at most {most} are well')
        self.notes.append(f'{attack}: {value:.1f} {unit} (at most {most})')

    def get_lines(self):
        """Return what was tried and what came of it, as lines of Markdown; the last one counts what is wrong."""
        tried, *wrong = self.counts.values()
        rows = [
            (attack, tries, *(counts[attack] for counts in wrong),
             f'{self.slowest[attack]:.2f} s' if attack in self.slowest else '') for attack, tries in tried.items()]
        got_in, traces, secrets = (sum(counts.values()) for counts in wrong)
        return [
            *told.get_table(['attack', 'tries', *[*self.counts][1:], 'slowest'], rows), '',
            *(f'- {note}' for note in self.notes), '',
            f'{got_in} of {sum(tried.values())} got in, {traces} stack traces, {secrets} secrets']

    def count_wrong(self):
        """Return how much is wrong, and print what it was: what got in before what was told."""
        for example, count in sorted(Counter(self.examples).items())[:SHOWN]:
            print(example + (f' ({count} times)' if count > 1 else ''))
        return len(self.examples)
