"""Requests to one address, over one connection that is kept: sent, and answered or not.

What goes wrong is a value, because it is the usual case here. No word of it holds a secret or
more of the address than its host.
"""

from __future__ import annotations

import math
import ssl
import time
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.webhooks.deadline import Deadlined
from app.webhooks.retrying import Answer

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_BODY_BYTES = 65_536
"""So much of an answer's body is read, and thrown away, to keep the connection."""


def shown(url: str) -> str:
    """An address as it may be shown: a path or a query may be a secret.

    >>> shown("https://hooks.example.com:8443/T0/B1/token?key=1")
    'https://hooks.example.com:8443'
    """
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


class Post:
    """One thread's way to one address. Redirects are not followed; certificates are checked."""

    def __init__(self, url: str, timeout_seconds: float) -> None:
        parts = urlsplit(url)
        self._host, self._port = str(parts.hostname), parts.port
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._timeout_seconds = timeout_seconds
        self._connection: HTTPConnection | None = None
        self._socket: Deadlined | None = None

    def send(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Once; or twice where a kept connection turns out to have been closed meanwhile."""
        ends_at = time.monotonic() + self._timeout_seconds
        was_kept = self._connection is not None
        try:
            return self._asked(body, headers, ends_at)
        except (OSError, HTTPException) as error:
            self.close()
            if not (was_kept and isinstance(error, ConnectionError)):
                return Answer(None, _why(error, self._timeout_seconds))
        try:
            return self._asked(body, headers, ends_at)
        except (OSError, HTTPException) as error:
            self.close()
            return Answer(None, _why(error, self._timeout_seconds))

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = self._socket = None

    def _asked(self, body: bytes, headers: Mapping[str, str], ends_at: float) -> Answer:
        connection = self._connected(ends_at)
        connection.request("POST", self._path, body, dict(headers))
        response = connection.getresponse()
        if not _is_read(response):
            self.close()
        return Answer(response.status, f"answered {response.status}", _retry_after(response))

    def _connected(self, ends_at: float) -> HTTPConnection:
        if self._connection is not None and self._socket is not None:
            self._socket.ends_at = ends_at
            return self._connection
        seconds = max(ends_at - time.monotonic(), 0.001)
        connection = (
            HTTPConnection(self._host, self._port, timeout=seconds)
            if self._tls is None
            else HTTPSConnection(self._host, self._port, timeout=seconds, context=self._tls)
        )
        connection.connect()
        self._connection, self._socket = connection, Deadlined(connection.sock, ends_at)
        connection.sock = self._socket
        return connection


def _is_read(response: HTTPResponse) -> bool:
    """Whether another request can follow on the connection. The status is known either way."""
    if response.will_close:
        return False
    try:
        response.read(MOST_BODY_BYTES)
        return response.isclosed()
    except (OSError, HTTPException):
        return False


def _retry_after(response: HTTPResponse) -> float | None:
    """Seconds, where it says seconds; a date is not heard."""
    try:
        seconds = float(response.headers.get("Retry-After", ""))
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds > 0 else None


def _why(error: OSError | HTTPException, timeout_seconds: float) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"has a certificate that is not trusted ({error.verify_message})"
    if isinstance(error, ssl.SSLError):
        return f"could not agree on TLS ({error.reason or 'no reason was given'})"
    if isinstance(error, TimeoutError):
        return f"did not answer within {timeout_seconds:g} s"
    if isinstance(error, OSError):  # RemoteDisconnected, which has no text of the system's, too
        return f"can't be reached ({error.strerror or 'it hung up'})"
    return f"answered what is no HTTP ({type(error).__name__})"
