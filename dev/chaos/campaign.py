"""One run: what is prepared, clicked, killed, looked for and decided."""
import base64
import calendar
import collections
import contextlib
import itertools
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from signings import Signings

import books
import cluster as clusters
import environment
import p7m_files
import serving
import throwaway
from environment import NAME, say
from people import FILING, MAILBOX, REASON, Console, Decider, Unreachable, User, order
from plan import Plan
from servers import Servers
from serving import Refused

DAY = 24 * 60  # minutes
ROUNDS = (1, 5, 10, 45, 60, DAY, 60, DAY, 60, 60, DAY, DAY)  # minutes by which the clock moves before each
LEAST_ROUNDS = 3
REAL_MINUTES = 16  # of the rounds, which a run in real time waits for
OF_A_COMPANY = 25  # filings
CLICKERS = 5  # things that are clicked at a time, each by two people
JOBS = ('dispatch', 'synchronize', 'mailboxes', 'remote_signatures', 'uploads')


class Campaign:
    """A run of one profile and seed, on a cluster that runs.

    :param engine: who makes the calls
    :param int jobs_port: where jobs are executed, if not by the server that has made them
    """

    def __init__(self, profile, seed, speed, scale, engine, cluster, database, sandbox, folder, jobs_port=None):
        self.engine = engine
        self.plan = Plan(profile, seed, speed, scale)
        self.speed, self.cluster, self.database, self.sandbox, self.folder = speed, cluster, database, sandbox, folder
        self.servers = Servers(database, engine, sandbox, folder / 'clock', speed, jobs_port)
        self.numbers = itertools.count(1)
        self.answers = collections.Counter()
        self.started = time.monotonic()
        self.lock, self.left = threading.Lock(), []

    def say(self, text):
        """Tell what goes on, and when."""
        say(f'{time.monotonic() - self.started:6.1f} s  {text}')

    # ------------------------------------------------------------ before

    def open(self):
        """Let the database use the sandbox API, start the servers, and have two people log in."""
        environment.sql(f"""
            UPDATE ir_cron SET active = false
             WHERE id NOT IN (SELECT res_id FROM ir_model_data WHERE module = '{NAME}' AND model = 'ir.cron');
        """, self.database)
        serving.configure(self.database, self.sandbox.url)
        # As production, in whose sentences there is money; the address is the sandbox API's.
        environment.sql("""
            UPDATE res_company SET openapi_pec_environment = 'production'
             WHERE id = (SELECT res_id FROM ir_model_data WHERE module = 'base' AND name = 'main_company');
            DELETE FROM openapi_pec_secret;
        """, self.database)
        serving.keep_token(self.database, 'production')
        # How it writes is as it always was; how late it is, and its clock, are news.
        self.sandbox.settings(credit=100_000, mood={
            key: value for key, value in self.plan.mood.items() if key in ('echo', 'values', 'number_ids')})
        self.servers.start()
        self.say('the servers run')
        self.anna = User(self.servers, self.database, 'admin', 'admin')
        self.users = [self.anna, self._create_colleague()]
        self.signings = Signings(self)

    def prepare(self):
        """Start the servers, and make what is clicked later."""
        self.open()
        self.filings = self._create_filings(self.plan.filings)
        ids = iter(self.filings)
        self.groups = [(kind, list(itertools.islice(ids, count))) for kind, count in self.plan.get_groups()]
        self.say('the filings are made')
        self.deliveries = self._create_deliveries(self.plan.deliveries)
        self.purchases = self._create_purchases(self.plan.purchases)
        self.wants = self._take_over_mailboxes(self.plan.renewals)
        self.signings.prepare()
        self.keep_books()
        self.say('everything is prepared')

    def keep_books(self):
        """Have a person who decides, and the books of what is wanted."""
        self.decider = Decider(
            self.anna, self.servers, Console(self.sandbox.url), self.wants, self.deliveries, 24 * 3600 / self.speed)
        self.books = books.Books(self.sandbox, self.database, self.wants, self.decider.is_done)

    def _create_colleague(self):
        call = self.anna.call
        groups = [call('ir.model.data', 'check_object_reference', *name.split('.'))[1] for name in (
            'base.group_user', 'base.group_partner_manager', f'{NAME}.group_manager')]
        call(
            'res.users', 'create',
            [{'name': "Bruno", 'login': 'bruno', 'password': 'bruno-bruno', 'group_ids': [(6, 0, groups)]}])
        return User(self.servers, self.database, 'bruno', 'bruno-bruno')

    def _create_filings(self, count):
        """Make drafts about several companies, some for each of them."""
        def create(some):
            company = serving.create_company(self.anna)
            return self.anna.call(FILING, 'create', [
                {'partner_id': company, 'pec_email': f'chaos{number}@legalmail.it'} for number in some])

        numbers = list(itertools.islice(self.numbers, count))
        with ThreadPoolExecutor(4) as threads:
            slices = [numbers[start:start + OF_A_COMPANY] for start in range(0, count, OF_A_COMPANY)]
            return list(itertools.chain(*threads.map(create, slices)))

    def bring_to_signature(self, count):
        """Make filings that wait for their signed documents."""
        ids = self._create_filings(count)
        self.anna.call(FILING, 'action_submit', ids, REASON)
        self._run_jobs('dispatch')
        self._until(
            lambda: self._count(ids, "state = 'code_requested'") == count, 'the filings to be signed are accepted',
            'dispatch')
        self.sandbox.set_stato('in_attesa_di_documenti')
        self._until(
            lambda: self._count(ids, 'procura_id IS NOT NULL') == count, 'the powers of attorney are fetched',
            'synchronize')
        return ids

    def _create_deliveries(self, count):
        """Make filings whose signed documents are ready to be delivered."""
        ids = self.bring_to_signature(count)
        signer = p7m_files.identity()

        def sign(row):
            signed = p7m_files.sign(signer, base64.b64decode(row['procura_file']))
            self.anna.call(FILING, 'write', [row['id']], {
                'signed_procura_file': base64.b64encode(signed).decode(), 'signed_procura_filename': 'procura.pdf.p7m'})

        with ThreadPoolExecutor(4) as threads:
            list(threads.map(sign, self.anna.call(FILING, 'read', ids, ['procura_file'])))
        self.say('the documents to be delivered are signed')
        return ids

    def _create_purchases(self, count):
        company = serving.create_company(self.anna)
        return self.anna.call(MAILBOX, 'create', [{
            'partner_id': company, 'mailbox_type': 'STANDARD', 'customer_subtype': 'ED',
            'address': f'comprata{number}@legalmail.it',
        } for number in range(count)])

    def _take_over_mailboxes(self, count):
        """Make mailboxes at the service, and import them: ``{id: the expiry after the renewal}``."""
        self.sandbox.settings(ahead=-self.servers.ahead)
        self.sandbox.create_mailboxes(
            count, 'evasa', casella_pec='rinnovo{n}@testcert.legalmail.it', tipo_casella='STANDARD')
        self.servers.put_ahead(900 / self.speed)  # what is younger than ten minutes is not imported
        self.anna.call(MAILBOX, 'action_import_from_service', [])
        known = "is_imported AND NOT details_due AND expires_on IS NOT NULL"
        self._until(
            lambda: self._ask(f'SELECT count(*) FROM openapi_pec_mailbox WHERE {known}') == [(count,)],
            'mailboxes imported',
            'mailboxes')
        company = serving.create_company(self.anna)
        ids = [row[0] for row in self._ask(f'SELECT id FROM openapi_pec_mailbox WHERE {known}')]
        self._ask(
            'UPDATE openapi_pec_mailbox SET partner_id = %s WHERE partner_id IS NULL AND id = ANY(%s)', company, ids)
        return {record: str(add_year(expires_on)) for record, expires_on in self._ask(
            'SELECT id, expires_on FROM openapi_pec_mailbox WHERE id = ANY(%s)', ids)}

    # ------------------------------------------------------------ helpers

    def _ask(self, statement, *parameters):
        return books.query(self.database, statement, *parameters)

    def _count(self, ids, condition):
        return self._ask(f'SELECT count(*) FROM openapi_pec_communication WHERE id = ANY(%s) AND {condition}', ids)[0][
            0]

    def _until(self, condition, sentence, job):
        """Run a job until something has come about."""
        end = time.monotonic() + 120
        while not condition():
            if time.monotonic() > end:
                raise environment.Failure(f'It did not come about in time: {sentence}.')
            self._run_jobs(job)
            time.sleep(.2)

    def _run_jobs(self, *jobs):
        """Run scheduled jobs at the same time, each on a server of its own."""
        with ThreadPoolExecutor(len(jobs)) as threads:
            for problem in threads.map(
                    lambda pair: self.anna.run_job(*pair), zip(itertools.cycle(self.servers.all), jobs)):
                if problem:
                    self.answers[problem[:100]] += 1
        self.engine.wait(self.database)

    # ------------------------------------------------------------ the storm

    def _get_clicks(self):
        """Return what two people click at the same time, in the order of the seed.

        :return: ``[(name, function of user and server), …]``
        """
        clicks = [
            (kind, lambda user, server, kind=kind, ids=ids: self._submit(user, server, kind, ids))
            for kind, ids in self.groups]
        clicks += [
            (
                'delivery', lambda user, server,
                filing=filing: user.click(server, FILING, 'action_send_documents', [filing]))
                   for filing in self.deliveries]
        clicks += [('renewal', lambda user, server, mailbox=mailbox, expiry=expiry: order(
            user, server, mailbox, 'action_open_renew', expiry, years='1')) for mailbox, expiry in self.wants.items()]
        clicks += [('purchase', lambda user, server, mailbox=mailbox: order(user, server, mailbox, 'action_open_buy'))
                   for mailbox in self.purchases]
        clicks += self.signings.get_clicks()
        self.plan.draw.shuffle(clicks)
        return clicks

    def _submit(self, user, server, kind, ids):
        if kind == 'single':
            return user.click(server, FILING, 'action_submit', ids, REASON)
        if kind == 'batch':
            with contextlib.suppress(Refused):  # the other one has made it
                user.click(server, FILING, 'action_create_batch', ids)
        question = user.click(server, FILING, 'action_open_submit', ids)
        user.click(server, question['res_model'], 'write', [question['res_id']], {'reason': REASON})
        return user.click(server, question['res_model'], 'action_confirm', [question['res_id']])

    def _click_twice(self, name, function):
        """Have two people click on two servers, at the same time."""
        def click(user, server):
            try:
                function(user, server)
                answer = 'done'
            except Refused as refused:
                answer = f'refused: {str(refused).splitlines()[0][:100] if str(refused) else "-"}'
            except Unreachable:
                answer = 'unreachable'
            except environment.Failure as failure:
                answer = str(failure)
            with self.lock:
                self.answers[f'{name}, {answer}' if answer in ('done', 'unreachable') else answer] += 1

        others = [threading.Thread(target=click, args=pair) for pair in zip(self.users, self.servers.all, strict=True)]
        for other in others:
            other.start()
        for other in others:
            other.join()
        with self.lock:
            self.clicked += 1
            return self.kills.pop(self.clicked, ())

    def storm(self, clicks):
        """Click everything, while things are killed and the service errs."""
        self.clicked, self.kills = 0, self.plan.get_kills(len(clicks))
        environment.sql('CHECKPOINT')  # what is recovered after a crash is of the storm
        self.sandbox.weather(**self.plan.weather)
        for event in self.plan.events:
            self.sandbox.fault(**event)

        def click(pair):
            for kill in self._click_twice(*pair):
                self._kill(kill)
            for server in self.servers.all:
                server.revive()

        with ThreadPoolExecutor(CLICKERS) as threads:
            list(threads.map(click, clicks))
        self.say('everything is clicked')

    def _kill(self, what):
        self.say(f'kill a {what}')
        draw = random.Random(f'{self.plan.seed} {self.clicked}')
        server = draw.choice(self.servers.all)
        if what == 'worker':
            server.kill_worker(draw)
        elif what == 'server':
            server.kill()
            server.start()
        elif what == 'backend':
            with contextlib.suppress(Exception):
                pids = [row[0] for row in self._ask(
                    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid != pg_backend_pid()")]
                self.cluster.kill_backend(draw.choice(pids))
        else:
            self.cluster.restart()
            self.say('PostgreSQL runs again')

    # ------------------------------------------------------------ a dump comes back

    def restore(self, clicks):
        """Dump the database with queued filings, have them executed, click, let the dump come back, and go on."""
        self.servers.kill()
        self.servers.start(crons=0)
        batches = [ids for kind, ids in self.groups if kind != 'single'][::2]
        for ids in batches:
            self.anna.call(FILING, 'action_submit', ids, REASON)
        self.servers.kill()
        self.say(f'dump with {sum(map(len, batches))} queued filings')
        path = self.folder / 'dump'
        throwaway.dump(self.database, path)
        self.servers.start()
        self.storm(clicks)
        self.servers.kill()
        clusters.restore(self.database, path)
        self.books.since = sum(self.sandbox.stats()['requests'].values())
        self.servers.start()
        self.say('the dump has come back')

    # ------------------------------------------------------------ after

    def look(self):
        """Read the forms of all that is wanted."""
        return self.decider.look([*self.filings, *self.deliveries], [*self.wants, *self.purchases])

    def settle(self):
        """Let the jobs run and the person decide, round by round.

        It ends when everything shows as wanted, or when a day more changes nothing.
        """
        for server in self.servers.all:
            server.wait()
        waited = 0
        for number, minutes in enumerate(itertools.chain(ROUNDS, itertools.repeat(DAY)), 1):
            if number == LEAST_ROUNDS:
                self.sandbox.clear_faults()
            waited += minutes
            if self.speed == 1 and waited <= REAL_MINUTES:
                time.sleep(minutes * 60)
            else:
                if number <= LEAST_ROUNDS:  # the clock jumps over nothing that the service still executes
                    time.sleep(self.plan.late)
                self.servers.put_ahead(minutes * 60 / self.speed)
            self._run_jobs(*JOBS)
            rows, signings = list(itertools.chain(*self.books.check_sentences(self.look))), self.signings.check()
            before = len(self.left)
            left = [row for row in rows if not self.decider.is_done(row)]
            unsigned = [row for row in signings if not self.signings.is_done(row)]
            self.left = left + unsigned
            self.say(f'round {number}, {minutes} minutes later: {len(left)} of {len(rows)} are not done, '
                     f'{len(unsigned)} of {len(signings)} not signed or bought')
            if number >= LEAST_ROUNDS and not self.left and not self._ask(
                    "SELECT 1 FROM openapi_pec_api_call WHERE state = 'pending' LIMIT 1"):
                break
            if number > len(ROUNDS) and len(self.left) >= before:
                break
            self.decider.decide(left)
            self.signings.decide(unsigned)

    def run(self):
        """All of it.

        :return: the counts of the books
        """
        self.prepare()
        clicks = self._get_clicks()
        if self.plan.profile.restores:
            half = len(clicks) // 2
            self.restore(clicks[:half])
            clicks = clicks[half:]  # what is undone by the dump is clicked again by the person who decides
        self.storm(clicks)
        self.settle()
        self.books.close(self.look, self.decider.shown_candidates)
        self.signings.close()
        return self.books.get_counts()


def add_year(day):
    """Return the same day of the next year."""
    last = calendar.monthrange(day.year + 1, day.month)[1]
    return date(day.year + 1, day.month, min(day.day, last))


