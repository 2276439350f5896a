"""The server: uvicorn on a socket of ours, ended as every other command of Shoal is.

uvicorn would take the signals for itself, and end the process in its own way where it can't
listen; here a wish to stop is asked about, and an address in use is an error like any other.
"""

from __future__ import annotations

import asyncio
import os
import socket
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import uvicorn

from app.api.assembling import create_api
from app.lasting import keep_what_is_there
from stream.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.api.state import ApiState

BACKLOG = 512
KEEP_ALIVE_SECONDS = 10
ENDING_SECONDS = 10
MOST_CONNECTIONS = 2_000


@dataclass(frozen=True, slots=True)
class Sockets:
    """Where it listens."""

    listening: list[socket.socket]
    url: str


@contextmanager
def listening(host: str, port: int) -> Iterator[Sockets]:
    """Taken before anything else is begun; 0 takes any port that is free."""
    try:
        opened = _opened(host, port)
    except (OSError, OverflowError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no address"
        raise SettingsError(
            f"the API can't listen on {host}:{port} ({reason}): give --port another (0 takes any "
            "that is free) and --host an address of this machine, or stop what listens there"
        ) from None
    with opened:
        shown = f"[{host}]" if ":" in host else host
        yield Sockets([opened], f"http://{shown}:{opened.getsockname()[1]}")


def _opened(host: str, port: int) -> socket.socket:
    """Said to be TCP's: only then asyncio sends what is written at once. Else an answer's body
    waits until its head is acknowledged, which takes 40 ms."""
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP, flags=socket.AI_PASSIVE
    )[0]
    opened = socket.socket(family, kind, protocol)
    try:
        if os.name == "posix":  # elsewhere it would let two processes listen on one port
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(address)
        opened.listen(BACKLOG)
    except OSError:
        opened.close()
        raise
    return opened


def serve(state: ApiState, sockets: Sockets) -> None:
    """Until `state.is_ending`; answers under way are finished."""
    config = uvicorn.Config(
        create_api(state),
        log_config=None,
        log_level="warning",
        access_log=False,
        lifespan="off",
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=ENDING_SECONDS,
        limit_concurrency=MOST_CONNECTIONS,
        backlog=BACKLOG,
    )
    server = _Server(config, state.is_ending)
    keep_what_is_there()
    asyncio.run(server.serve(sockets.listening))


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, is_ending: Callable[[], bool]) -> None:
        super().__init__(config)
        self._is_ending = is_ending

    async def on_tick(self, counter: int) -> bool:
        return self._is_ending() or await super().on_tick(counter)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """They are heard already."""
        yield
