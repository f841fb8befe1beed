"""A year of many filings in many accounts, calculated from what one filing was measured to take."""
from dataclasses import dataclass, field

DAY = 24 * 3600
GIB = 2 ** 30


def guess(number, what):
    """Return a field of a number that is assumed, with what it is."""
    return field(default=number, metadata={'what': what})


@dataclass(frozen=True)
class Assumed:
    """What no run can measure. Each is a guess, and may be replaced."""
    filings: int = guess(1_000_000, "filings a year")
    accounts: int = guess(10_000, "accounts, each a company of one database")
    years_kept: int = guess(10, "years for which all is kept, as the law wants")
    working_days: int = guess(250, "working days a year")
    peak_month: float = guess(.2, "of the year's filings in its busiest month: a deadline")
    busiest_hour: float = guess(.2, "of a day's filings in its busiest hour")
    days_followed: int = guess(14, "days from the submission to the end")
    polls: int = guess(48, "readings of an account's list a day: one every half hour")
    call_seconds: float = guess(1., "seconds until the service answers a call")
    list_seconds: float = guess(.3, "seconds until it answers a list")
    files_bytes: int = guess(600_000, "bytes of files of a filing: power of attorney, signed file, identity document")
    price: float = guess(15.70, "EUR of a filing, before VAT")
    core_price: float = guess(15., "EUR a month of a core with 4 GiB of memory")
    storage_price: float = guess(.10, "EUR a month of a GiB of the database")
    files_price: float = guess(.03, "EUR a month of a GiB of files")
    parallel: int = guess(8, "calls of an account at a time")
    busy: float = guess(.5, "of a core that may be busy in the busiest hour")
    speed: float = guess(1., "times the measured core's speed")


class Year:
    """The calculation.

    :param dict measured: of one filing, as ``measure`` returns it
    :param Assumed assumed: the rest
    """

    def __init__(self, measured, assumed=None):
        self.measured, self.assumed = measured, assumed or Assumed()

    # ------------------------------------------------------------ how much

    @property
    def per_hour(self):
        """Filings in the busiest hour of the busiest month."""
        own = self.assumed
        return own.filings * own.peak_month / (own.working_days / 12) * own.busiest_hour

    @property
    def per_account(self):
        """Rows of an account's list after ten years."""
        return self.assumed.filings / self.assumed.accounts * self.assumed.years_kept

    @property
    def active(self):
        """Accounts in which something is followed in the busiest month, and whose list is read."""
        own = self.assumed
        a_day = own.filings * own.peak_month / 30 / own.accounts
        return own.accounts * (1 - 2.718281828 ** -(a_day * own.days_followed))

    @property
    def list_cpu(self):
        """Seconds of a processor for one reading of an account's list: Odoo's and the database's."""
        account, row = self.measured['list']['account'], self.measured['list']['row']
        return sum(account[key] + row[key] * self.per_account for key in ('odoo', 'database'))

    def get_cpu(self, key):
        """Return the seconds of a processor that one filing takes, from the draft to its end."""
        return sum(step[key] for step in self.measured['steps'].values())

    # ------------------------------------------------------------ what limits

    def get_limits(self):
        """Return how much of each there is to do and how much can be done.

        :return: ``[(what, to do, can be done, unit), …]``; what is nearest to its limit comes first.
        """
        own = self.assumed
        round_seconds = DAY / own.polls
        walk = own.list_seconds + self.list_cpu / own.speed
        one_job = 3600 / (own.list_seconds + own.call_seconds + self.list_cpu)
        cores = self.get_cores()
        rows = [
            ('job that reads the states, one account after the other', self.active, round_seconds / walk,
             'accounts in half an hour'),
            ('job that makes the calls, one account after the other, a call in each', self.per_hour, one_job,
             'calls an hour'),
            ('the same by queue_job, 16 jobs at a time', self.per_hour, 16 * one_job, 'calls an hour'),
            ("one account's calls, 8 at a time", self.per_hour / own.accounts,
             3600 * own.parallel / own.call_seconds, 'calls an hour'),
            ('PostgreSQL, on 8 cores that may be half busy', cores['database'], 8 * own.busy, 'cores'),
            ('Odoo, on two servers of 8 cores', cores['odoo'], 16 * own.busy, 'cores'),
        ]
        return sorted(rows, key=lambda row: row[1] / row[2], reverse=True)

    def get_cores(self):
        """Return how many cores are busy in the busiest hour: ``{'odoo': …, 'database': …}``."""
        account, row = self.measured['list']['account'], self.measured['list']['row']
        lists = self.active * self.assumed.polls / DAY
        return {key: (
            self.per_hour / 3600 * self.get_cpu(key) + lists * (account[key] + row[key] * self.per_account)
        ) / self.assumed.speed for key in ('odoo', 'database')}

    def get_vendor(self):
        """Return what the service sees: ``[(what, number, unit), …]``."""
        own = self.assumed
        of_filings = sum(number for name, number in self.measured['requests'].items() if name not in (
            'GET /comunica_pec', 'GET /pec'))
        lists = self.active * own.polls / DAY
        return [
            ('requests for filings, busiest hour', self.per_hour / 3600 * of_filings, 'a second'),
            ('lists read, to follow and before paying', lists + self.per_hour / 3600 * 2, 'a second'),
            ('bytes of lists', lists * self.per_account * self.measured['row_bytes'] / 1e6, 'MB a second'),
        ]

    def get_growth(self):
        """Return what a year adds: ``[(what, GiB a year), …]``, the largest first."""
        own = self.assumed
        rows = [(group, size * own.filings / GIB) for group, size in self.measured['bytes'].items()]
        return [*sorted(rows, key=lambda row: -row[1]), ('files', own.files_bytes * own.filings / GIB)]

    def get_costs(self):
        """Return what the tenth year costs: ``[(what, EUR), …]``."""
        own, cores = self.assumed, sum(self.get_cores().values())
        [*tables, (_files, files)] = self.get_growth()
        return [
            ('the service, before VAT', own.filings * own.price),
            ('cores, twice as many as are busy in the busiest hour, and all a second time for the loss of a server',
             cores / own.busy * 2 * 12 * own.core_price),
            (f'database of {own.years_kept} years, on two servers',
             sum(size for _group, size in tables) * own.years_kept * 2 * 12 * own.storage_price),
            (f'files of {own.years_kept} years', files * own.years_kept * 12 * own.files_price),
        ]
