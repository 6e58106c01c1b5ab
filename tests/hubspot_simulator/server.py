"""The sockets: HTTP/1.1 with kept connections, whole answers in one write, and mishaps on the wire."""

from __future__ import annotations

import gzip
import json
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.client import responses
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.hubspot_simulator.answers import Answer
from tests.hubspot_simulator.front import Request

WORTH_PACKING = 1_400


@dataclass(frozen=True, slots=True)
class Sending:
    """What goes over the wire: an answer or nothing, *share* of it (1 is all)."""

    answer: Answer | None
    share: float = 1.0
    headers: dict[str, str] = field(default_factory=dict)


Serve = Callable[[Request], Sending]
Clock = Callable[[], datetime]


class Server(ThreadingHTTPServer):
    """Serves requests by a function, one thread per connection; closing it closes every connection."""

    daemon_threads = True
    block_on_close = True
    request_queue_size = 128
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], serve: Serve, clock: Clock) -> None:
        self.serve = serve
        self.clock = clock
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        super().__init__(address, _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that went away; every other error is ours."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._open_lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._open_lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End every connection that clients still hold."""
        with self._open_lock:
            held = list(self._open)
        for connection in held:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        if len(body) < length:
            self.close_connection = True
            return
        token = self.headers.get("Authorization", "")
        bearer = token[7:] if token[:7].lower() == "bearer " else None
        sending = self.server.serve(Request(self.command, self.path, bearer, body))
        if sending.answer is None:
            self._drop()
            return
        content = self._bytes(sending.answer, sending.headers)
        if sending.share < 1:
            self.wfile.write(content[: int(len(content) * sending.share)])
            self._drop()
            return
        self.wfile.write(content)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _serve  # noqa: N815 - the names are given

    def _drop(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _bytes(self, answer: Answer, headers: dict[str, str]) -> bytes:
        page = isinstance(answer.body, str)
        text = answer.body if page else "" if answer.body is None else json.dumps(answer.body)
        body = text.encode()
        lines = {
            "Date": format_datetime(self.server.clock().astimezone(UTC), usegmt=True),
            "Content-Type": "text/html;charset=utf-8" if page else "application/json;charset=utf-8",
            **headers,
            **answer.headers,
        }
        if len(body) > WORTH_PACKING and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, 1)
            lines["Content-Encoding"] = "gzip"
        if answer.status != 204:
            lines["Content-Length"] = str(len(body))
        head = f"HTTP/1.1 {answer.status} {responses.get(answer.status, 'Unnamed')}\r\n"
        return (head + "".join(f"{n}: {v}\r\n" for n, v in lines.items()) + "\r\n").encode("latin-1") + body

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is given
        """Say nothing: the simulator has a log of its own."""


def wait(seconds: float) -> None:
    """Let a request be slow."""
    if seconds > 0:
        time.sleep(seconds)
