"""The way to a server: connected to the address that was checked, and cut off when the time is up."""

from __future__ import annotations

import socket
import threading
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from requests import PreparedRequest
from requests.adapters import HTTPAdapter


class Deadline:
    """A time limit on everything that is read from the sockets it watches; ``passed`` tells when it cut."""

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Deadline:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()

    def watch(self, connection: socket.socket) -> None:
        """Cut this connection, too, when the time is up."""
        with self._lock:
            self._sockets.append(connection)
        if self.passed:
            self._cut()

    def _cut(self) -> None:
        self.passed = True
        with self._lock:
            for each in self._sockets:
                try:  # the plain socket's own: a TLS socket would take itself apart under its reader
                    socket.socket.shutdown(each, socket.SHUT_RDWR)
                except OSError:
                    continue


class PinnedAdapter(HTTPAdapter):
    """Connects to the address that ``pins`` gives for a host, and to no other.

    The host's own name still stands in the request and is the one that its certificate must bear.
    """

    def __init__(self, deadline: Deadline) -> None:
        super().__init__()
        self.pins: dict[str, str] = {}
        self._deadline = deadline

    def build_connection_pool_key_attributes(
        self, request: PreparedRequest, verify: Any, cert: Any = None
    ) -> tuple[Any, Any]:
        """Name the address in place of the host, and the host as the one that TLS must prove."""
        host_params, pool_kwargs = super().build_connection_pool_key_attributes(request, verify, cert)
        host = urlsplit(str(request.url)).hostname or ""
        proof = {"server_hostname": host, "assert_hostname": host} if host_params["scheme"] == "https" else {}
        return {**host_params, "host": self.pins[host]}, {**pool_kwargs, **proof}

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
        """Return connections that the deadline watches."""
        pool: Any = super().get_connection_with_tls_context(*args, **kwargs)
        pool.ConnectionCls = _watched(pool.ConnectionCls, self._deadline)
        return pool


def _watched(kind: Any, deadline: Deadline) -> Any:
    class Watched(kind):  # type: ignore[misc]
        def connect(self) -> None:
            super().connect()
            deadline.watch(self.sock)

    return Watched
