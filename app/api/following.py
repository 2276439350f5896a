"""Changes as they come, for one who follows: server-sent events with a place to go on from.

An event's id is the place in every partition just behind it. Whoever comes back with the last id
they saw is given what lies behind that place: nothing is missing and nothing comes twice.
"""

from __future__ import annotations

import re
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import anyio
from anyio import to_thread
from sse_starlette import EventSourceResponse, ServerSentEvent
from sse_starlette.sse import SendTimeoutError

from app.api.bodies.changes import change_message
from app.api.problems import Problem
from app.queries.changes import changes_after, places_now
from stream.errors import DatabaseUnavailable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from starlette.types import Receive, Scope, Send

    from app.api.state import ApiState
    from app.queries.changes import Filters, Followed

    Places = Mapping[int, int]

LOOKED_AGAIN_SECONDS = 0.25
AWAY_SECONDS = 2.0
QUIET_SECONDS = 15.0
"""After so long without an event the place is said, so that a connection is seen to live."""

AT_ONCE = 500
RETRY_MS = 2000
SEND_SECONDS = 30.0
"""Whoever takes nothing for so long is hung up on, and may come back with the last id."""

MOST_ID = 60_000
MOST_PARTITIONS = 4_096
ID = re.compile(r"([0-9]{1,5}-(-1|[0-9]{1,18})(\.[0-9]{1,5}-(-1|[0-9]{1,18}))*)?")


def id_of(places: Places) -> str:
    """A place in every partition as one word.

    >>> id_of({1: 77, 0: 182}), places_of("0-182.1-77")
    ('0-182.1-77', {0: 182, 1: 77})
    """
    return ".".join(f"{partition}-{position}" for partition, position in sorted(places.items()))


def places_of(event_id: str) -> dict[int, int]:
    """The places that an id stands for; a `Problem` where it is none of ours."""
    parts = [part.partition("-") for part in event_id.split(".") if part]
    if len(event_id) > MOST_ID or len(parts) > MOST_PARTITIONS or not ID.fullmatch(event_id):
        raise Problem(
            422,
            "unknown-event-id",
            "Last-Event-ID is no id of this stream: send the last one that came, or none",
        )
    return {int(partition): int(position) for partition, _, position in parts}


class Stream(EventSourceResponse):
    """The answer to one who follows; counted while it lasts."""

    def __init__(self, state: ApiState, filters: Filters, places: dict[int, int]) -> None:
        events = followed(state, filters, places)
        super().__init__(events, ping=0, sep="\n", send_timeout=SEND_SECONDS)
        self._metrics = state.metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._metrics.stream_began()
        try:
            with suppress(SendTimeoutError):
                await super().__call__(scope, receive, send)
        finally:
            self._metrics.stream_ended()


async def followed(
    state: ApiState, filters: Filters, places: dict[int, int]
) -> AsyncIterator[ServerSentEvent]:
    """Until the process ends or whoever listens goes away."""
    yield ServerSentEvent(id=id_of(places), retry=RETRY_MS, sep="\n")
    said_at, wait_seconds = time.monotonic(), 0.0
    while not state.is_ending():
        await anyio.sleep(wait_seconds)
        wait_seconds = LOOKED_AGAIN_SECONDS
        try:
            found = await to_thread.run_sync(_news, state, filters, places)
        except DatabaseUnavailable:
            wait_seconds = AWAY_SECONDS
            continue
        if found is not None:
            for event in _events(found, places):
                yield event
                said_at = time.monotonic()
            state.metrics.streamed(len(found.changes))
            places.update(found.places)
            wait_seconds = LOOKED_AGAIN_SECONDS if found.is_all else 0.0
        if time.monotonic() - said_at >= QUIET_SECONDS:
            yield ServerSentEvent(id=id_of(places), comment="nothing new", sep="\n")
            said_at = time.monotonic()


def _news(state: ApiState, filters: Filters, places: Places) -> Followed | None:
    """The database is asked by one of all those who follow whether there is anything at all."""
    database = state.database
    now = database.memory.kept("places", LOOKED_AGAIN_SECONDS / 2, lambda: places_now(database))
    if all(position <= places.get(partition, -1) for partition, position in now.items()):
        return None
    return changes_after(database, places, filters, AT_ONCE)


def _events(found: Followed, places: dict[int, int]) -> list[ServerSentEvent]:
    events = []
    for change in found.changes:
        places[change.partition] = change.position
        message = change_message(change)
        events.append(
            ServerSentEvent(
                message.model_dump_json(), event=message.type, id=id_of(places), sep="\n"
            )
        )
    return events
