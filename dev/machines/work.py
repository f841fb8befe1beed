"""The work of two servers behind HAProxy: a thousand calls, while one is killed, and then the other."""
import collections
import queue
import time
from concurrent.futures import ThreadPoolExecutor

import requests
from stdnum import luhn

import serving
from campaign import Campaign
from environment import Failure
from people import FILING
from plan import CREATE
from serving import Refused
from watch import Watch

LATENCY = .2  # seconds until the service answers a call
CLICKED = .3  # of the filings are submitted one by one; the others are selected in lists
OF_A_LIST = 70
CLICKERS = 6
KILLED_AT = (.25, .55)  # of the calls, in each half of the clicks: then those of both servers make calls
DOWN = 8  # seconds until a killed server is started again
PATIENCE = 240
SOON = 20  # seconds in which a server that is to be killed makes calls, or has none to make


class Work(Campaign):
    """One run: the servers are reached through a proxy, and what is clicked is clicked once."""

    def __init__(self, count, *arguments, **options):
        super().__init__('plain', 1, *arguments, **options)
        self.count, self.deliveries, self.purchases, self.wants = count, [], [], {}
        self.clicked, self.killed = collections.Counter(), []

    def prepare(self):
        """Start the servers, and make what is submitted later."""
        self.open()
        self.filings = self._create_filings(self.count)
        self.keep_books()
        self.sandbox.fault(CREATE, 'delay_before', seconds=LATENCY, times=-1)
        self.say(f'{self.count} filings are made')

    def _create_filings(self, count):
        """Make drafts, each about a company of its own: one office files for a thousand others."""
        companies = serving.create_companies(self.anna, [code_of(number) for number in range(count)])
        return self.anna.call(FILING, 'create', [
            {'partner_id': company, 'pec_email': f'impresa{company}@legalmail.it'} for company in companies])

    def work(self, proxy):
        """Submit everything through a proxy in two halves, and kill a server in each, another one each time."""
        half = self.count // 2
        windows = queue.SimpleQueue()
        for _clicker in range(CLICKERS):
            windows.put(serving.Person(proxy.url, self.database))

        def click(ids):
            window = windows.get()
            self._click(window, ids)
            windows.put(window)

        started = time.monotonic()
        # The watch ends first, and with it whatever waits for something to come about.
        with ThreadPoolExecutor(CLICKERS + 1) as threads, Watch(self.database, self.servers.all) as self.watch:
            for filings, share in zip((self.filings[:half], self.filings[half:]), KILLED_AT, strict=True):
                killer = threads.submit(self._kill_one, share)
                list(threads.map(click, self._get_clicks_of(filings)))
                self.say('a half is clicked')
                killer.result()
            self._wait_for(lambda: not self._count(self.filings, "state = 'queued'"), 'nothing is queued any more')
        self.seconds = time.monotonic() - started
        self.unsettled = self._count(self.filings, "state = 'unconfirmed'")
        self.seen = proxy.get_seen()
        self.say(f'all that was queued is called; of {self.unsettled} the answer is lost')

    @staticmethod
    def _get_clicks_of(filings):
        """Return what is submitted at once: lists first, which wait for their calls, and single filings."""
        singles = round(len(filings) * CLICKED)
        lists = [filings[start:start + OF_A_LIST] for start in range(singles, len(filings), OF_A_LIST)]
        return [*lists, *([filing] for filing in filings[:singles])]

    def _click(self, person, ids):
        """Press the button once: what was not answered is looked at later, by whoever decides."""
        try:
            person.call(FILING, 'action_submit', ids)
            self._count_click('done')
        except Refused as refused:
            self._count_click(f'refused: {str(refused).splitlines()[0][:100]}')
        except (requests.RequestException, ValueError):
            self._count_click('not answered')
            time.sleep(1)

    def _count_click(self, answer):
        with self.lock:
            self.clicked[answer] += 1

    def _kill_one(self, share):
        """Kill a server that makes calls, and was not killed before, as soon as so many are made; start it again."""
        self._wait_for(lambda: self.sandbox.executed() >= share * self.count, 'the calls go on')
        names = {name for name, _executed, _under_way in self.killed}
        servers = [server for server in self.servers.all if server.name not in names]
        end = time.monotonic() + SOON
        while not any(self.watch.now[server.name] for server in servers) and time.monotonic() < end:
            time.sleep(.01)
        server = max(servers, key=lambda server: self.watch.now[server.name])
        under_way = self.watch.now[server.name]
        server.kill()
        executed = self.sandbox.executed()
        self.killed.append((server.name, executed, under_way))
        self.say(f'kill -9 {server.name} after {executed} calls, {under_way} of its own under way')
        time.sleep(DOWN)
        server.start()
        server.wait()
        self.say(f'{server.name} runs again')

    def _wait_for(self, condition, sentence):
        end = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > end or not self.watch.is_alive():
                raise Failure(f'It did not come about in time: {sentence}.')
            time.sleep(.1)

    def get_rows(self):
        """Return what was seen of each server: ``[(what, {server: number or text}), …]``."""
        names = [server.name for server in self.servers.all]
        made = collections.Counter(self.watch.made.values())
        killed = {name: f'after {executed} calls' for name, executed, _under_way in self.killed}
        return [
            ('requests that HAProxy sent there', {name: int(self.seen[name]['stot']) for name in names}),
            ('answers 2xx', {name: int(self.seen[name]['hrsp_2xx']) for name in names}),
            ('not answered, or 5xx', {
                name: int(self.seen[name]['stot']) - int(self.seen[name]['hrsp_2xx']) for name in names}),
            ('found down by HAProxy, times', {name: int(self.seen[name]['chkdown']) for name in names}),
            ('calls of the service made', {name: made[name] for name in names}),
            ('killed with -9', killed),
            ('calls under way at that moment', {name: under_way for name, _executed, under_way in self.killed}),
        ]


def code_of(number):
    """Return the valid tax code of a company in Rome that does not exist."""
    digits = f'{7000000 + number}058'
    return digits + luhn.calc_check_digit(digits)
