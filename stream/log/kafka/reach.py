"""Whether anybody listens at the broker's addresses, and if not, what the system said.

Asked before kafka-python is: it says only that it could not bootstrap, and not why.
"""

from __future__ import annotations

import socket
import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

AGAIN_AFTER_SECONDS = 0.25


def why_unreachable(servers: Sequence[str], seconds: float) -> str | None:
    """Nothing as soon as one of the servers takes a connection; else the last reason."""
    deadline = time.monotonic() + seconds
    while True:
        for server in servers:
            left = deadline - time.monotonic()
            reason = _refusal(server, max(left, AGAIN_AFTER_SECONDS))
            if reason is None:
                return None
        if time.monotonic() >= deadline:
            return f"{reason} after {seconds:.0f} s" if servers else "no address given"
        threading.Event().wait(AGAIN_AFTER_SECONDS)


def _refusal(server: str, timeout: float) -> str | None:
    host, _, port = server.rpartition(":")
    if not port.isdecimal() or not host:
        return f"{server!r} is not HOST:PORT"
    try:
        with closing(socket.create_connection((host.strip("[]"), int(port)), timeout)):
            return None
    except (OSError, OverflowError) as error:
        return str(getattr(error, "strerror", None) or error).lower()
