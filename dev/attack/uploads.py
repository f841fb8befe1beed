"""Hostile files on the pages of signers and applicants, while somebody wants to log in."""
import itertools
import random
import re
import socket
import threading
import time
from contextlib import suppress
from urllib.parse import urlsplit

import requests

import files

CLIENTS, SLOW_CLIENTS = 16, 4
SECONDS = 45
EVERY = 0.2  # seconds between two looks at the login page
MOST = 2  # seconds that it may take
PATIENCE = (10, 100)
CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')
EXPECTED = {200, 202, 400, 404, 409, 413, 429}  # of a page that takes a file, or does not
FIELDS = {'signature': ('signed_file',), 'mailbox': ('signed_form', 'identity_document')}


class Uploads:
    """The attack of less than a minute.

    :param str url: of the proxy before Odoo
    :param dict pages: kind of page -> addresses
    """

    def __init__(self, url, pages, table):
        self.url, self.pages, self.table = url, pages, table
        self.end, self.turns = 0, itertools.count()
        self.files = {'signature': files.get_signed(), 'mailbox': files.get_pdfs()}
        self.logins, self.lock = [], threading.Lock()

    def run(self):
        """Attack, and measure."""
        requests.get(self.url + '/web/login', timeout=PATIENCE)  # whose style sheets are made once
        quiet = [self._look() for _number in range(10)]
        self.end = time.monotonic() + SECONDS
        others = [threading.Thread(target=self._attack, args=(number,), daemon=True) for number in range(CLIENTS)]
        others += [threading.Thread(target=self._upload_slowly, args=(number,), daemon=True) for number in range(SLOW_CLIENTS)]
        for other in others:
            other.start()
        while time.monotonic() < self.end or any(other.is_alive() for other in others):
            self.logins.append(self._look())
            time.sleep(EVERY)
            if time.monotonic() > self.end + PATIENCE[1]:
                break
        self.table.notes.append(f'login page without an attack: {max(quiet):.2f} s at most; during it: {len(self.logins)} looks')
        self.table.bound('login page during the uploads', max(self.logins), MOST, 's')

    def _look(self):
        started = time.monotonic()
        try:
            ok = requests.get(self.url + '/web/login', timeout=PATIENCE).ok
        except requests.RequestException:
            ok = False
        return time.monotonic() - started if ok else PATIENCE[1]

    def _attack(self, number):
        """One client: it opens a page and uploads to it, again and again."""
        draw = random.Random(number)
        while time.monotonic() < self.end:
            kind = 'signature' if next(self.turns) % 2 else 'mailbox'
            with requests.Session() as session, suppress(requests.RequestException):
                page = self.url + draw.choice(self.pages[kind])
                token = CSRF.search(session.get(page, timeout=PATIENCE).text)
                name, content = draw.choice(self.files[kind])
                self._upload(session, page, kind, token[1] if token else 'x', name, content)

    def _upload(self, session, page, kind, token, name, content):
        started = time.monotonic()
        data = {'csrf_token': token, **({f'field{number}': 'x' for number in range(3000)} if not content else {})}
        uploads = {field: ('<b>x.pdf.p7m', content or bytes(30 * files.MEGABYTE)) for field in FIELDS[kind]}
        answer = session.post(page, data=data, files=uploads, timeout=PATIENCE)
        self.table.add(f'upload to the page of a {kind}', seconds=time.monotonic() - started, got_in=answer.status_code not in EXPECTED,
                       example=f'{name}: status {answer.status_code}')

    def _upload_slowly(self, number):
        """One client whose body comes byte by byte."""
        place = urlsplit(self.url)
        page = self.pages['mailbox'][number]
        while time.monotonic() < self.end:
            with suppress(OSError), socket.create_connection((place.hostname, place.port), 10) as connection:
                connection.sendall(f'POST {page} HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\n'
                                   'Content-Length: 5000000\r\n\r\n--x\r\n'.encode())
                while time.monotonic() < self.end:
                    connection.sendall(b'-')
                    time.sleep(0.5)
            self.table.add('a body byte by byte')
