"""What each path answers, as values: the part of the HTTP server that knows no sockets."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from prometheus_client.exposition import choose_encoder

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

    from app.observing.health import Health

JSON = "application/json"
TEXT = "text/plain; charset=utf-8"
PATHS = b"/metrics\n/healthz\n/readyz\n"


class Answer(NamedTuple):
    status: HTTPStatus
    content_type: str
    body: bytes


class Answers:
    """Looks a path up; `accept` is the request's header, by which scrapers choose a format."""

    def __init__(self, registry: CollectorRegistry, health: Health) -> None:
        self._registry = registry
        self._health = health

    def of(self, path: str, accept: str) -> Answer:
        known = {
            "/": lambda: Answer(HTTPStatus.OK, TEXT, PATHS),
            "/metrics": lambda: self._metrics(accept),
            "/healthz": self._healthz,
            "/readyz": self._readyz,
        }
        asked = known.get(path.partition("?")[0])
        return asked() if asked else Answer(HTTPStatus.NOT_FOUND, TEXT, b"There is:\n" + PATHS)

    def _metrics(self, accept: str) -> Answer:
        encode, content_type = choose_encoder(accept)
        return Answer(HTTPStatus.OK, content_type, encode(self._registry))

    def _healthz(self) -> Answer:
        alive, still = self._health.is_alive, self._health.still_seconds
        return _says(alive, {"alive": alive, "seconds_since_last_turn": round(still, 3)})

    def _readyz(self) -> Answer:
        health = self._health
        waits_for = list(health.waits_for) if health.is_alive else ["its loop, which stands still"]
        return _says(not waits_for, {"ready": not waits_for, "waits_for": waits_for})


def _says(good: bool, said: dict[str, object]) -> Answer:
    status = HTTPStatus.OK if good else HTTPStatus.SERVICE_UNAVAILABLE
    return Answer(status, JSON, json.dumps(said).encode() + b"\n")
