"""What all routes share, made once for a process and reached through the request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request

from app.queries.database import Database as OpenedDatabase

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.api.erasing import Eraser
    from app.api.keys import Keys
    from app.api.metrics import ApiMetrics
    from stream.settings.api import ApiSettings


@dataclass(frozen=True, slots=True)
class ApiState:
    """The database that everything is read from, and what the frame goes by."""

    database: OpenedDatabase
    settings: ApiSettings
    keys: Keys
    metrics: ApiMetrics
    eraser: Eraser | None = None
    """Writes erasures to the log; None where the API has only a database."""

    waits_for: Callable[[], str | None] = lambda: None
    """What the tables still lack, where a sink in this process writes them."""

    is_ending: Callable[[], bool] = lambda: False
    """Whether streams have to end, because the process does."""


def state_of(request: Request) -> ApiState:
    """For a route that is asked so often that even a dependency counts."""
    found: ApiState = request.app.state.shoal
    return found


async def _state(request: Request) -> ApiState:
    return state_of(request)


async def _database(request: Request) -> OpenedDatabase:
    return state_of(request).database


State = Annotated[ApiState, Depends(_state)]
Database = Annotated[OpenedDatabase, Depends(_database)]
"""For a route's parameter. (Coroutines, because a plain function would cost a thread each time.)"""
