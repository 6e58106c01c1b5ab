"""A proxy on loopback that leads ``https://api.hubapi.com`` to a simulated account.

For clients that know only HubSpot's own address: they are told of it by ``HTTPS_PROXY`` and trust its
certificate, made for this run, by ``SSL_CERT_FILE``. Every other address is refused.
"""

from __future__ import annotations

import contextlib
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import trustme

HUBSPOT = "api.hubapi.com"


@contextlib.contextmanager
def relay(url: str, folder: Path) -> Iterator[dict[str, str]]:
    """Open a proxy to an account; yield the variables that lead a client there."""
    authority = trustme.CA()
    trusted = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(trusted))
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(HUBSPOT).configure_cert(tls)
    with _Proxy(("127.0.0.1", 0), _Asked) as proxy:
        proxy.target, proxy.tls = (urlsplit(url).hostname, urlsplit(url).port), tls
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        yield {"HTTPS_PROXY": f"http://127.0.0.1:{proxy.server_address[1]}", "SSL_CERT_FILE": str(trusted)}
        proxy.shutdown()


class _Proxy(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    target: tuple[str | None, int | None]
    tls: ssl.SSLContext


class _Asked(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        asked = b""
        while b"\r\n\r\n" not in asked:
            asked += self.request.recv(4096) or b"\r\n\r\n"
        if not asked.startswith(f"CONNECT {HUBSPOT}:443 ".encode()):
            self.request.sendall(b"HTTP/1.1 403 Forbidden\r\n\r\n")
            return
        self.request.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
        with contextlib.suppress(OSError):
            inside = self.server.tls.wrap_socket(self.request, server_side=True)
            with socket.create_connection(self.server.target) as account:
                back = threading.Thread(target=_pour, args=(account, inside), daemon=True)
                back.start()
                _pour(inside, account)
                back.join(5)


def _pour(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
