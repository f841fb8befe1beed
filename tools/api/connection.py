"""A connection of ``requests`` that can be cut, and knows whether it ever came about."""
import contextlib
import socket

from requests import Session
from requests.adapters import HTTPAdapter


class StayingSession(Session):
    """A session that goes where it is sent, and nowhere else.

    Told not to follow redirects, ``requests`` prepares to all the same: it reads and unpacks the whole answer, however
    large, and fails on a Location that is no address.
    """

    def get_redirect_target(self, resp):
        """Return that there is none."""


class NamedAdapter(HTTPAdapter):
    """An adapter that calls a number, and wants the certificate of a name there.

    :param str host: the name.
    """

    def __init__(self, host):
        self._host = host
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args, **kwargs):
        return super().init_poolmanager(*args, server_hostname=self._host, assert_hostname=self._host, **kwargs)


class WatchingAdapter(HTTPAdapter):
    """An adapter that knows whether connecting failed, and can cut the connection.

    ``requests`` alone cannot distinguish a failed TLS handshake (nothing was sent) from a TLS error while the answer is
    read (everything was sent), nor bound the time of a handshake or an answer that drips.
    """

    def __init__(self):
        self.connect_failed = self.is_cut = False
        self._sock = None
        super().__init__(max_retries=0)

    def close(self):  # nor does the adapter's return anything; pylint: disable=missing-return
        super().close()
        if self._sock is not None:
            self._sock.close()

    def init_poolmanager(self, *args, **kwargs):
        result = super().init_poolmanager(*args, **kwargs)
        self._watch(self.poolmanager)
        return result

    def proxy_manager_for(self, proxy, **proxy_kwargs):
        manager = super().proxy_manager_for(proxy, **proxy_kwargs)
        self._watch(manager)
        return manager

    def _watch(self, manager):
        manager.pool_classes_by_scheme = {
            scheme: self._watched(pool_class) for scheme, pool_class in manager.pool_classes_by_scheme.items()
        }

    def _watched(self, pool_class):
        adapter = self

        class Connection(pool_class.ConnectionCls):
            def _new_conn(self):
                sock = super()._new_conn()
                # Another handle of the same connection: TLS takes the socket over, and the connection forgets it when
                # the answer begins with "Connection: close".
                adapter._sock = sock.dup()
                if adapter.is_cut:  # before there was anything to cut: see the thread that cuts
                    sock.close()
                    raise TimeoutError
                return sock

            def connect(self):
                try:
                    return super().connect()
                except BaseException:
                    adapter.connect_failed = True
                    raise

        return type(pool_class.__name__, (pool_class,), {'ConnectionCls': Connection})

    def cut(self):
        """End the conversation now.

        The thread that reads gets an error at once, or an end that looks like the end of the answer.
        """
        self.is_cut = True
        if self._sock is not None:
            # Closed in the meantime: nothing left to cut.
            with contextlib.suppress(OSError):
                self._sock.shutdown(socket.SHUT_RDWR)
