"""A socket whose every step ends by one moment, however slowly bytes trickle in.

The standard library's time-out is for each read: an answer of one byte now and then would hold
a target's thread for hours.
"""

from __future__ import annotations

import time
from io import BufferedReader, RawIOBase
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import socket

LEAST_SECONDS = 0.001  # 0 would mean not to wait at all, and to fail at once


class Deadlined:
    """As much of a socket as `http.client` uses. `ends_at` is set anew for each request."""

    def __init__(self, sock: socket.socket, ends_at: float) -> None:
        self._socket, self.ends_at = sock, ends_at

    def sendall(self, data: bytes) -> None:
        self._in_time().sendall(data)

    def recv_into(self, buffer: Any) -> int:
        return self._in_time().recv_into(buffer)

    def makefile(self, mode: str) -> BufferedReader:
        return BufferedReader(_Reading(self))

    def close(self) -> None:
        self._socket.close()

    def _in_time(self) -> socket.socket:
        left = self.ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self._socket.settimeout(max(left, LEAST_SECONDS))
        return self._socket


class _Reading(RawIOBase):
    """Closing it leaves the socket open: the next answer comes over it too."""

    def __init__(self, sock: Deadlined) -> None:
        self._socket = sock

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._socket.recv_into(buffer)
