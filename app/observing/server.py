"""`/metrics`, `/healthz` and `/readyz`, over HTTP, in a thread of their own.

For scrapers and probes near by, not for the internet: it listens on this machine only unless
told otherwise, and knows neither TLS nor users.
"""

from __future__ import annotations

import logging
import os
import socket
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from socketserver import TCPServer
from threading import BoundedSemaphore, Thread
from typing import TYPE_CHECKING

from app.observing.answers import Answers
from app.observing.handler import REQUEST_SECONDS, handler
from stream.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from http.server import BaseHTTPRequestHandler
    from typing import Any

    from prometheus_client import CollectorRegistry

    from app.observing.health import Health

    _Request = socket.socket | tuple[bytes, socket.socket]
    _Address = Any  # what a family of addresses has, as in the standard library's own types

logger = logging.getLogger(__name__)

THIS_MACHINE = "127.0.0.1"
CONNECTIONS = 16
"""At once; whoever comes beyond them is hung up on."""


@contextmanager
def served(
    registry: CollectorRegistry,
    health: Health,
    *,
    port: int | None,
    host: str = THIS_MACHINE,
    request_seconds: float = REQUEST_SECONDS,
) -> Iterator[int | None]:
    """Answers while the block runs, and gives the port; 0 takes any that is free, None none."""
    if port is None:
        yield None
        return
    server = _opened(host, port, handler(Answers(registry, health), request_seconds))
    thread = Thread(target=server.serve_forever, args=(0.1,), name="shoal-http", daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _opened(host: str, port: int, answering: type[BaseHTTPRequestHandler]) -> _Server:
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        return _Server(family, (str(address[0]), port), answering)
    except (OSError, OverflowError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no address"
        raise SettingsError(
            f"metrics can't be served on {host}:{port} ({reason}). "
            "Set consume.metrics_port to another (0 takes any that is free) and "
            "consume.metrics_host to an address of this machine, or stop what listens there."
        ) from error


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = CONNECTIONS
    # Elsewhere than on POSIX it would let two processes listen on one port.
    allow_reuse_address = os.name == "posix"

    def __init__(
        self, family: int, address: tuple[str, int], answering: type[BaseHTTPRequestHandler]
    ) -> None:
        self.address_family = family
        self._places = BoundedSemaphore(CONNECTIONS)
        super().__init__(address, answering)

    def server_bind(self) -> None:
        """Without asking for the machine's full name, which can take a name server's time-out."""
        TCPServer.server_bind(self)
        host, port, *_ = self.socket.getsockname()
        self.server_name, self.server_port = str(host), int(port)

    def process_request(self, request: _Request, client_address: _Address) -> None:
        if self._places.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: _Request, client_address: _Address) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: _Request, client_address: _Address) -> None:
        """Logged, where the standard library would write a traceback over whatever is shown."""
        logger.exception("a request to the metrics server failed")
