"""Connections on which no receive outlasts its deadline, however slowly the other side drips: status lines, headers and bodies alike.

A timeout of a socket counts from the last byte, so a byte now and then would hold a reader for ever. Here each receive is given what is left until the
deadline of the thread that waits.
"""

from __future__ import annotations

import math
import socket
import ssl
import threading
import time
from typing import TYPE_CHECKING, Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util import Url

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class Deadline(threading.local):
    """Of the thread that asks: `at` on the monotonic clock, in seconds; `silence` is the longest wait for the next byte."""

    at: float = math.inf
    silence: float = math.inf


DEADLINE = Deadline()


class _Timed(socket.socket):
    def recv_into(self, buffer: WriteableBuffer, nbytes: int = 0, flags: int = 0) -> int:
        left = DEADLINE.at - time.monotonic()
        if left <= 0:
            raise TimeoutError("deadline")
        wait = min(left, DEADLINE.silence)
        self.settimeout(None if wait == math.inf else wait)
        return super().recv_into(buffer, nbytes, flags)


class _TimedTLS(_Timed, ssl.SSLSocket):  # type: ignore[misc]  # typeshed allows None for nbytes in one of them
    pass


class _Connection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        plain = super()._new_conn()
        timeout = plain.gettimeout()
        timed = _Timed(plain.family, plain.type, plain.proto, fileno=plain.detach())
        timed.settimeout(timeout)
        return timed


class _Plain(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TLS(HTTPSConnectionPool):
    ConnectionCls = HTTPSConnection


def pool(url: Url, *, server_name: str | None, ca_file: str | None, size: int) -> HTTPConnectionPool:
    """Kept-alive connections to one host. TLS is always verified: against `ca_file` or the system's authorities, for `server_name` or the host."""
    known: dict[str, Any] = {"host": url.host, "port": url.port, "maxsize": size, "retries": False}
    if url.scheme != "https":
        return _Plain(**known)
    context = ssl.create_default_context(cafile=ca_file)
    context.sslsocket_class = _TimedTLS
    return _TLS(**known, ssl_context=context, server_hostname=server_name or url.host, assert_hostname=server_name or url.host)
