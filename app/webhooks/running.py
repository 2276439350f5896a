"""One run of `shoal webhooks`: targets, each on a thread of its own, until it is told to stop.

1. The targets, their secrets and the topic are settled before anything is sent.
2. A thread a target. One that fails leaves the others alone.
3. Told to stop, each finishes the request under way and keeps its place.
"""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING

from app.observing.health import Health
from app.observing.registry import process_registry
from app.observing.server import served
from app.saying import speaking
from app.stopping import Stopping
from app.webhooks.rounds import Round
from app.webhooks.targets import targets_of
from app.webhooks.watching import Watched
from stream.metrics.instruments import Instruments
from stream.metrics.webhooks import WEBHOOK_METRICS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.webhooks.targets import Target
    from app.wiring import Wiring

TURN_SECONDS = 1.0
GRACE_SECONDS = 5.0
"""How long a request under way has after the wish to stop. One that is cut off comes again."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for."""

    member: str
    names: Sequence[str] = ()
    metrics_port: int | None = None
    json_logs: bool = False


def run(wiring: Wiring, wanted: Wanted) -> None:
    """Sends; returns where it was told to stop, and raises what ended a target before that."""
    targets = targets_of(wiring.settings, wanted.names)  # 1
    with ExitStack() as stack:
        stopping = stack.enter_context(Stopping())
        say = stack.enter_context(speaking(json_logs=wanted.json_logs))
        topic = _topic(wiring)
        registry, health = process_registry(), Health(stopping.seconds)
        host = wiring.settings.consume.metrics_host
        port = stack.enter_context(served(registry, health, port=wanted.metrics_port, host=host))
        if port is not None:
            say(f"metrics on http://{host}:{port}/metrics")
        stop = Event()
        instruments = Instruments(registry, WEBHOOK_METRICS)
        rounds = [
            Round(one, wiring.open_log, topic, wanted.member, Watched(one, instruments, say), stop)
            for one in targets
        ]
        _work(rounds, stopping, health, stop, _first_line(say, topic, targets))  # 2
        _close(rounds, say)  # 3


def _topic(wiring: Wiring) -> str:
    """The topic's name; an error where there is none yet, rather than a thread that waits."""
    topic = wiring.topics().changes
    with wiring.open_existing_log() as log:
        log.partitions(topic)
    return topic


def _first_line(
    say: Callable[[str], None], topic: str, targets: Sequence[Target]
) -> Callable[[], None]:
    names = ", ".join(str(target) for target in targets)
    return lambda: say(f"sending changes from {topic} to {names}")


def _work(
    rounds: Sequence[Round],
    stopping: Stopping,
    health: Health,
    stop: Event,
    started: Callable[[], None],
) -> None:
    for one in rounds:
        one.start()
    started()
    while not stopping.asked and any(one.thread.is_alive() for one in rounds):
        health.turned(waits_for=())
        stopping.wait(TURN_SECONDS)
    stop.set()
    ends_at = time.monotonic() + GRACE_SECONDS
    for one in rounds:
        one.thread.join(max(ends_at - time.monotonic(), 0.0))


def _close(rounds: Sequence[Round], say: Callable[[str], None]) -> None:
    for one in rounds:
        late = " (a request was cut off, and comes again)" if one.thread.is_alive() else ""
        say(f"{one.target}: {one.watched.delivered:,} changes delivered{late}")
    for one in rounds:
        if one.failed is not None:
            raise one.failed
