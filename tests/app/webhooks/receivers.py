"""A target to send to: a real HTTP server that remembers what it was sent, and answers as told."""

from __future__ import annotations

import json
import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator


@dataclass(frozen=True, slots=True)
class Request:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def change(self) -> dict[str, Any]:
        made: dict[str, Any] = json.loads(self.body)
        return made

    @property
    def change_id(self) -> str:
        return str(self.change["change_id"])


@dataclass(slots=True)
class Receiver:
    """`status` says what the nth request (from 1) is answered."""

    port: int = 0
    scheme: str = "http"
    status: Callable[[int, Request], int] = lambda *_: 204
    headers: dict[str, str] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    taken: list[Request] = field(default_factory=list)
    connections: int = 0
    holds: threading.Event | None = None
    """An answer waits until it is set."""

    @property
    def url(self) -> str:
        return f"{self.scheme}://localhost:{self.port}/in/sesame?token=open"

    def ids(self) -> list[str]:
        return [one.change_id for one in self.taken]


@contextmanager
def receiving(tls: ssl.SSLContext | None = None, **said: Any) -> Iterator[Receiver]:
    receiver = Receiver(scheme="https" if tls else "http", **said)

    class Handler(_Handler):
        of = receiver

    with _Server(("127.0.0.1", receiver.port), Handler) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        receiver.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield receiver
        finally:
            if receiver.holds is not None:
                receiver.holds.set()
            server.shutdown()
            thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that was killed, or did not like the certificate."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    of: Receiver

    def setup(self) -> None:
        self.of.connections += 1
        super().setup()

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        if len(body) < length:  # whoever sent it was killed
            self.close_connection = True
            return
        request = Request(self.path, dict(self.headers), body)
        self.of.requests.append(request)
        if self.of.holds is not None:
            self.of.holds.wait(20)
        status = self.of.status(len(self.of.requests), request)
        if 200 <= status < 300:
            self.of.taken.append(request)
        self.send_response(status)
        for name, value in self.of.headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", "2")
        self.end_headers()
        if status != 204:
            self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def nobody() -> Iterator[int]:
    """A port that nobody listens on, and nobody else gets."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@contextmanager
def answering(*pieces: bytes, pause_seconds: float = 0.0) -> Iterator[int]:
    """The port of somebody who says these bytes to whoever comes, one piece after the other."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)

        def serve() -> None:
            while not over.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                with connection:
                    _say(connection, pieces, over, pause_seconds)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            over.set()
            thread.join()


def _say(
    connection: socket.socket, pieces: tuple[bytes, ...], over: threading.Event, pause: float
) -> None:
    try:
        connection.recv(65_536)
        for piece in pieces:
            connection.sendall(piece)
            if over.wait(pause):
                return
    except OSError:
        return
