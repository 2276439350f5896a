"""The API as tests want it."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry

from app.api.assembling import create_api
from app.api.keys import Keys, keys_of
from app.api.listening import listening, serve
from app.api.metrics import ApiMetrics
from app.api.state import ApiState
from stream.settings.api import ApiSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from fastapi import FastAPI

    from app.queries.database import Database

PLENTY: dict[str, Any] = {"requests_per_second": 1e6, "burst": 1_000_000}


def made_api(database: Database, keys: Sequence[str] = (), **settings: Any) -> FastAPI:
    """With these settings."""
    return create_api(made_state(database, keys, settings))


def made_state(
    database: Database,
    keys: Sequence[str] = (),
    settings: dict[str, Any] | None = None,
    **unusual: Any,
) -> ApiState:
    """`unusual` is of the state itself."""
    return ApiState(
        database,
        ApiSettings(**(PLENTY | (settings or {}))),
        keys_of(keys) if keys else Keys(),
        ApiMetrics(CollectorRegistry()),
        **unusual,
    )


@contextmanager
def served(state: Callable[[Callable[[], bool]], ApiState]) -> Iterator[str]:
    """A real server in a thread, with a state that is told when it ends; gives its address."""
    ending = Event()
    with listening("127.0.0.1", 0) as sockets:
        thread = Thread(target=serve, args=(state(ending.is_set), sockets))
        thread.start()
        try:
            yield sockets.url
        finally:
            ending.set()
            thread.join(30)
            assert not thread.is_alive()
