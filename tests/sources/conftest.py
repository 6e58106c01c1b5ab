"""A server on this machine that answers as it was told, and the access that reaches it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from crm_sync.sources import Access

CSV = b"Company,Job Title,Status\nNorthwind Robotics,Data Engineer,Applied\n"


class Visit(BaseHTTPRequestHandler):
    """One request, answered by what the server has for its path; afterwards the connection is closed."""

    server: Server

    def do_GET(self) -> None:
        self.server.visits.append((self.path, dict(self.headers.items())))
        self.server.answers[urlsplit(self.path).path](self)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def send(self, code: int = 200, body: bytes = b"", **headers: str) -> None:
        """Send a whole answer; underscores in the names of headers stand for hyphens."""
        self.send_response(code)
        told = {"Content-Length": str(len(body)), **{k.replace("_", "-"): v for k, v in headers.items()}}
        for name, value in told.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


Answer = Callable[[Visit], None]


class Server(ThreadingHTTPServer):
    """Answers every path as ``answers`` says, and remembers the ``visits`` (path and headers)."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Visit)
        self.answers: dict[str, Answer] = {}
        self.visits: list[tuple[str, dict[str, str]]] = []
        self.over = threading.Event()

    def handle_error(self, *_: Any) -> None:
        """Say nothing: clients that give up are what is tested."""

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def link(self, path: str = "/list.csv", host: str = "127.0.0.1", scheme: str = "http") -> str:
        """Return the link to a path."""
        return f"{scheme}://{host}:{self.port}{path}"

    def gives(self, body: bytes = CSV, path: str = "/list.csv", code: int = 200, **headers: str) -> str:
        """Answer a path from now on, and return its link."""
        self.answers[path] = lambda visit: visit.send(code, body, **headers)
        return self.link(path)


def running(server: Server) -> Iterator[Server]:
    """Serve until the test has ended; answers that wait for ``over`` end then."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.over.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def server() -> Iterator[Server]:
    """A server without TLS."""
    yield from running(Server())


@dataclass(slots=True)
class Names:
    """A name server: what it answers, and what it was asked."""

    known: dict[str, list[str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        if host not in self.known:
            raise OSError(f"unknown: {host}")
        return self.known[host]


@pytest.fixture
def names() -> Names:
    """A name server that knows this machine."""
    return Names({"127.0.0.1": ["127.0.0.1"], "localhost": ["127.0.0.1"]})


@pytest.fixture
def waits() -> list[float]:
    """The seconds that were waited between attempts."""
    return []


@pytest.fixture
def access(tmp_path: Path, names: Names, waits: list[float]) -> Access:
    """Access to this machine, with an own name server and no real waiting."""
    return Access(tmp_path / "downloads", 1_000_000, private=True, resolve=names, sleep=waits.append)


@pytest.fixture
def strict(access: Access) -> Access:
    """Access to the internet only."""
    return replace(access, private=False)
