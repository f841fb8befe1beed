"""What was tried, what held, what got in."""
import threading
from collections import Counter

SHOWN = 12


class Table:
    """Counts of all attacks; each thread may add."""

    def __init__(self):
        self.tried, self.got_in, self.slowest, self.notes = Counter(), Counter(), {}, []
        self.examples, self._lock = [], threading.Lock()

    def add(self, attack, got_in=False, seconds=None, example=''):
        """One try.

        :param str attack: its row
        :param bool got_in: whether it reached what it should not
        :param float seconds: until its answer
        :param str example: what it was, without a secret; shown when it got in
        """
        with self._lock:
            self.tried[attack] += 1
            if got_in:
                self.got_in[attack] += 1
                self.examples.append(f'{attack}: {example}')
            if seconds is not None:
                self.slowest[attack] = max(self.slowest.get(attack, 0), seconds)

    def bound(self, attack, value, most, unit):
        """One measurement against its bound."""
        self.add(attack, got_in=value > most, example=f'{value:.1f} {unit}, and at most {most} are well')
        self.notes.append(f'{attack}: {value:.1f} {unit} (at most {most})')

    def report(self):
        """Print all.

        :return: how many got in
        """
        print(f'{"attack":52} {"tries":>7} {"held":>7} {"got in":>7} {"slowest":>9}')
        for attack, tries in self.tried.items():
            slowest = f'{self.slowest[attack]:.2f} s' if attack in self.slowest else ''
            print(f'{attack:52} {tries:7} {tries - self.got_in[attack]:7} {self.got_in[attack]:7} {slowest:>9}')
        for note in self.notes:
            print(note)
        for example, count in Counter(self.examples).most_common(SHOWN):
            print(f'got in: {example}' + (f' ({count} times)' if count > 1 else ''))
        total = sum(self.got_in.values())
        print(f'{total} of {sum(self.tried.values())} got in', flush=True)
        return total
