"""Post offices on loopback: one for HTTP, one for mail, which keep what they were given."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class WebOffice:
    """Takes posts and pings; answers with ``answers`` in turn, then 403 below /closed, else 200, or never."""

    def __init__(self) -> None:
        self.posts: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.answers: list[int] = []
        self.url = ""
        self.silent = threading.Event()

    @property
    def texts(self) -> list[str]:
        """Return title and text of each message."""
        return [f"{post.get('title', '')}\n{post['text']}" for post in self.posts]


@contextmanager
def web_office() -> Iterator[WebOffice]:
    """Open an office for HTTP."""
    office = WebOffice()
    ended = threading.Event()

    class Clerk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            office.posts.append(json.loads(body))
            self.do_GET()

        def do_GET(self) -> None:
            office.paths.append(self.path)
            if office.silent.is_set():
                ended.wait()
            refused = 403 if self.path.startswith("/closed") else 200
            self.send_response(office.answers.pop(0) if office.answers else refused)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Clerk)
    server.daemon_threads = True
    office.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield office
    finally:
        ended.set()
        server.shutdown()
        server.server_close()


class MailOffice:
    """Takes mail; ``letters`` are the texts between DATA and the dot."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.letters: list[str] = []
        self.readers: list[str] = []


@contextmanager
def mail_office() -> Iterator[MailOffice]:
    """Open an office for mail that understands as much of SMTP as a sender without a password says."""

    class Clerk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 mail.roe.example")
            for raw in self.rfile:
                word = raw.decode().strip()
                if word.upper().startswith("DATA"):
                    self._say("354 go on")
                    office.letters.append("".join(iter(lambda: self._line(), ".\r\n")))
                elif word.upper().startswith("RCPT"):
                    office.readers.append(word.partition("<")[2].partition(">")[0])
                elif word.upper().startswith("QUIT"):
                    self._say("221 bye")
                    return
                self._say("250 mail.roe.example")

        def _line(self) -> str:
            return self.rfile.readline().decode()

        def _say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clerk)
    server.daemon_threads = True
    office = MailOffice(server.server_address[1])
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield office
    finally:
        server.shutdown()
        server.server_close()
