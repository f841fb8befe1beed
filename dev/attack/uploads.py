"""Hostile files on the pages of signers and applicants, while somebody wants to log in.

Attackers have machines of their own. Here they share the server's, so their threads give way to it; who looks at the
login page is a process of its own, which does not.
"""
import functools
import itertools
import os
import random
import re
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import requests

import files
from table import TRACE

CLIENTS, SLOW_CLIENTS = 16, 4
SECONDS = 45
ROUNDS = 2
EVERY = 0.2  # seconds between two looks at the login page
# How many times as long it may take as while the same crowd sends the same files to Odoo's own login page, where nobody
# reads them. The machine is the server's and the attackers', and others may be at work on it: both are measured alike.
MOST = 2
LEAST = 1  # second: what is faster than that is as fast
ELSEWHERE = '/web/login'
PATIENCE = (10, 100)
CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')
EXPECTED = {200, 202, 400, 404, 409, 413, 429}  # of a page that takes a file, or does not
FIELDS = {'signature': ('signed_file',), 'mailbox': ('signed_form', 'identity_document')}


class Uploads:
    """The attack of less than a minute.

    :param str url: of the proxy before Odoo
    :param str direct: of Odoo itself, where the login page is looked at: how fast this proxy is, is no matter
    :param dict pages: kind of page -> addresses
    """

    def __init__(self, url, direct, pages, table):
        self.url, self.direct, self.pages, self.table = url, direct, pages, table
        self.end, self.turns = 0, itertools.count()
        self.files = {'signature': files.get_signed(), 'mailbox': files.get_pdfs()}

    def run(self):
        """Attack, and measure; again when it was slow, since others may be at work on this machine."""
        requests.get(self.direct + ELSEWHERE, timeout=PATIENCE)  # whose style sheets are made once
        times = []
        while len(times) < ROUNDS and min(times, default=MOST + 1) > MOST:
            elsewhere = max(self._run_beside(SECONDS // 2, (functools.partial(self._attack, page=ELSEWHERE), CLIENTS)))
            here = max(self._run_beside(SECONDS, (self._attack, CLIENTS), (self._upload_slowly, SLOW_CLIENTS)))
            times.append(here / max(elsewhere, LEAST))
            self.table.notes.append(
                f'login page while the same crowd sends the same files to it: {elsewhere:.1f} s at most; during the '
                f'uploads: {here:.1f} s')
        self.table.bound('login page during the uploads, to that', min(times), MOST, 'times')

    def _run_beside(self, seconds, *attacks):
        """Run attacks, each in a number of threads, while somebody looks at the login page.

        :return: how long looking took, each time
        """
        self.end = time.monotonic() + seconds
        others = [threading.Thread(target=self._give_way, args=(attack, number), daemon=True)
                  for attack, count in attacks for number in range(count)]
        for other in others:
            other.start()
        looks = self._look(seconds)
        for other in others:
            other.join(PATIENCE[1])
        return looks

    def _look(self, seconds):
        """Return how long the login page took, each time that it was looked at."""
        look = Path(__file__).with_name('look.py')
        command = [sys.executable, '-B', look, self.direct + '/web/login', str(seconds), str(EVERY), str(PATIENCE[1])]
        output = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True, text=True).stdout
        return [float(line) for line in output.split()]

    @staticmethod
    def _give_way(attack, number):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 19)
        attack(number)

    def _attack(self, number, page=None):
        """One client: it opens a page and uploads to it, again and again.

        :param str page: its address, of Odoo's own; by default, those of signers and applicants
        """
        draw = random.Random(number)
        while time.monotonic() < self.end:
            kind = 'signature' if next(self.turns) % 2 else 'mailbox'
            with requests.Session() as session, suppress(requests.RequestException):
                address = self.url + (page or draw.choice(self.pages[kind]))
                token = CSRF.search(session.get(address, timeout=PATIENCE).text)
                # Elsewhere it is a wrong one: the files are taken, and refused.
                data = {'csrf_token': token[1] if token and not page else 'x'}
                self._upload(session, address, data, kind, draw.choice(self.files[kind]), page)

    def _upload(self, session, address, data, kind, file, page):
        started, (name, content) = time.monotonic(), file
        if not content:
            data.update((f'field{number}', 'x') for number in range(3000))
        uploads = {field: ('<b>x.pdf.p7m', content or bytes(30 * files.MEGABYTE)) for field in FIELDS[kind]}
        answer = session.post(address, data=data, files=uploads, timeout=PATIENCE)
        self.table.add(
            f'upload to {page}' if page else f'upload to the page of a {kind}', seconds=time.monotonic() - started,
            got_in=answer.status_code not in EXPECTED, example=f'{name}: status {answer.status_code}',
            has_trace=TRACE in answer.text)

    def _upload_slowly(self, number):
        """One client whose body comes byte by byte."""
        place = urlsplit(self.url)
        page = self.pages['mailbox'][number]
        while time.monotonic() < self.end:
            with suppress(OSError), socket.create_connection((place.hostname, place.port), 10) as connection:
                connection.sendall(f'POST {page} HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; '
                                   f'boundary=x\r\n'
                                   'Content-Length: 5000000\r\n\r\n--x\r\n'.encode())
                while time.monotonic() < self.end:
                    connection.sendall(b'-')
                    time.sleep(0.5)
            self.table.add('a body byte by byte')
