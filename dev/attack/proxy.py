"""A reverse proxy that takes a request whole before Odoo sees it, as nginx does.

Workers of Odoo need one; slow bodies end here.
"""
import http.client
import os
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LARGEST = 200 * 2**20
SKIPPED = ('transfer-encoding', 'connection', 'content-length')
PATIENCE = 120


class Handler(BaseHTTPRequestHandler):
    """One connection."""
    protocol_version = 'HTTP/1.1'
    timeout = PATIENCE

    def answer(self):
        """Read the request to its end, then pass it on, and the answer back."""
        length = int(self.headers.get('Content-Length') or 0)
        if not 0 <= length <= LARGEST:
            self.send_error(413)
            return
        body = self.rfile.read(length)
        if len(body) < length:  # who has gone in the middle is asked no more, and Odoo nothing
            self.close_connection = True
            return
        odoo = http.client.HTTPConnection('127.0.0.1', self.server.odoo, timeout=PATIENCE)
        try:
            odoo.request(self.command, self.path, body, dict(self.headers.items()))
            answer = odoo.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            self.send_error(502)
            return
        finally:
            odoo.close()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in SKIPPED:
                self.send_header(name, value)
        self.send_header('Content-Length', str(len(content)))
        self.end_headers()
        if self.command != 'HEAD':
            self.wfile.write(content)

    do_GET = do_POST = do_HEAD = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = answer

    def log_message(self, *arguments):
        """Nobody reads it."""


class Proxy(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256
    odoo = None

    def handle_error(self, request, client_address):
        """Clients of attacks go away in the middle."""


def main():
    """Serve until the parent ends."""
    port, odoo, parent = map(int, sys.argv[1:])
    proxy = Proxy(('127.0.0.1', port), Handler)
    proxy.odoo = odoo
    socket.setdefaulttimeout(PATIENCE)
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    while os.getppid() == parent:
        time.sleep(0.5)


main()
