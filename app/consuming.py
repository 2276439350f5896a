"""One run of `shoal consume`: settings, log, topics, worker, metrics and signals brought together.

1. The settings, and what can't work with them, are settled before anything is opened.
2. The topics are made, or found to be as they have to be.
3. Compiled loops are run once on nothing, so that nobody waits for them in a group.
4. The worker runs until it is told to stop, or has read everything.
5. The account, where there was an end.
"""

from __future__ import annotations

import sys
import threading
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.consume_account import Counting
from app.lasting import keep_what_is_there
from app.log_tasks import LogTasks, task_rules
from app.observing.observed import observed, port_of
from app.onlookers import Announcing, Together
from app.replay_memory import keep_arrow_small
from app.replaying import Stopped
from app.saying import speaking
from app.stopping import Stopping
from app.supervising import end_with_supervisor
from app.topics_ready import ready_topics
from app.warming import warm_up
from app.worker_memory import keep_freed_memory
from consumers.worker.rules import Place, WorkerRules
from consumers.worker.worker import Worker
from stream.settings.lenses import lens_specs
from stream.times import MINUTE_MS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from app.observing.observed import Observed
    from app.wiring import Wiring
    from stream.log.seam import Log
    from stream.settings.consume import ConsumeSettings
    from stream.topics import Topics

ASKED_EVERY_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one worker process is asked to do."""

    name: str
    slot: int = 0
    until_end: bool = False
    as_json: bool = False
    json_logs: bool = False
    supervised: bool = False


def run(wiring: Wiring, wanted: Wanted) -> None:
    """Consumes; raises `Stopped` where it was stopped before the end that was asked for."""
    keep_arrow_small()
    keep_freed_memory()
    with ExitStack() as closing:
        stopping = closing.enter_context(Stopping())
        started = stopping.seconds()
        say = closing.enter_context(speaking(json_logs=wanted.json_logs))
        if wanted.supervised:
            end_with_supervisor()
        log = closing.enter_context(wiring.open_log())
        topics = ready_topics(log, wiring)
        place = Place.of(wiring.settings.group, wanted.name, wanted.slot)
        say(_first_line(log, topics, place))
        warm_up(task_rules(wiring.settings, topics), lens_specs(wiring.settings), say)
        keep_what_is_there()
        watched = closing.enter_context(_watched(wiring, wanted, stopping))
        if watched.port is not None:
            host = wiring.settings.consume.metrics_host
            say(f"metrics on http://{host}:{watched.port}/metrics")
        counting = Counting()
        onlookers = Together(watched.observer, counting, Announcing(say, stopping.seconds, started))
        tasks, rules = LogTasks(log, topics, wiring.settings), worker_rules(wiring.settings.consume)
        worker = Worker(log, topics, place, tasks, rules, onlookers)
        closing.enter_context(_stopped_when_asked(worker, stopping))
        began = stopping.seconds()
        worker.run(until_end=wanted.until_end)
        _close(counting, stopping, stopping.seconds() - began, wanted, say)


def worker_rules(consume: ConsumeSettings) -> WorkerRules:
    """What the settings say that workers go by."""
    return WorkerRules(
        commit_ms=consume.commit_ms,
        most_events=consume.most_events,
        tick_silence_ms=consume.tick_silence_ms,
        checkpoint_factor=consume.checkpoint_factor,
        erasure_checkpoint_ms=round(consume.erasure_checkpoint_minutes * MINUTE_MS),
    )


def _first_line(log: Log, topics: Topics, place: Place) -> str:
    many = "s" * (topics.partitions != 1)
    return (
        f"consuming {topics.transactions} ({topics.partitions} partition{many}) from {log.name} "
        f"in group {place.group!r} as {place.member!r}; changes go to {topics.changes}"
    )


def _watched(
    wiring: Wiring, wanted: Wanted, stopping: Stopping
) -> AbstractContextManager[Observed]:
    consume = wiring.settings.consume
    return observed(
        port=port_of(wanted.slot, consume.metrics_port),
        host=consume.metrics_host,
        now_ms=stopping.now_ms,
        seconds=stopping.seconds,
    )


@contextmanager
def _stopped_when_asked(worker: Worker, stopping: Stopping) -> Iterator[None]:
    """From a thread, because the worker's own may be waiting for the log."""
    over = threading.Event()

    def wait() -> None:
        while not over.is_set():
            if stopping.wait(ASKED_EVERY_SECONDS):
                worker.stop()
                return

    threading.Thread(target=wait, name="stopping", daemon=True).start()
    try:
        yield
    finally:
        over.set()


def _close(
    counting: Counting,
    stopping: Stopping,
    seconds: float,
    wanted: Wanted,
    say: Callable[[str], None],
) -> None:
    account = counting.account
    if wanted.until_end:
        told = account.as_json(seconds) if wanted.as_json else account.in_words(seconds)
        sys.stdout.write(f"{told}\n")
        if stopping.asked:
            raise Stopped("stopped before the end. The same command goes on where this one left")
    else:
        say(f"left the group: {account.records:,} records committed in {seconds:.0f} s")
