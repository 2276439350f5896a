"""What the API counts of itself, on a registry that is passed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.api.problems import TYPE_PREFIX
from stream.metrics import api
from stream.metrics.instruments import Instruments

if TYPE_CHECKING:
    from collections.abc import Callable

    from prometheus_client import CollectorRegistry

    Answered = tuple[Callable[[float], None], Callable[[float], None] | None]

STREAM_ROUTE = "/changes/stream"


class ApiMetrics:
    """Told of each request, on the event loop."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        self._instruments = Instruments(registry, api.API_METRICS)
        self._streams = 0
        self._answers: dict[tuple[str, str, int], Answered] = {}
        self._instruments.set(api.STREAMS, 0)

    @property
    def streams(self) -> int:
        """How many are open."""
        return self._streams

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        key = (route, method, status)
        told = self._answers.get(key)
        if told is None:
            told = self._answers[key] = self._answered(*key)
        count, observe = told
        count(1)
        if observe is not None:
            observe(seconds)

    def refused(self, kind: str) -> None:
        """By the problem's type."""
        self._instruments.add(api.REFUSED, 1, kind.removeprefix(TYPE_PREFIX))

    def stream_began(self) -> None:
        self._streams += 1
        self._instruments.set(api.STREAMS, self._streams)

    def stream_ended(self) -> None:
        self._streams -= 1
        self._instruments.set(api.STREAMS, self._streams)

    def streamed(self, changes: int) -> None:
        self._instruments.add(api.STREAMED, changes)

    def _answered(self, route: str, method: str, status: int) -> Answered:
        """Looked up once: labels are few, and requests many."""
        count = self._instruments.counting(api.REQUESTS, route, method, str(status))
        if route == STREAM_ROUTE:
            return count, None
        return count, self._instruments.observing(api.SECONDS, route)
