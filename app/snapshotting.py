"""One run of `shoal snapshot`: log, topics, the one job's turn, and snapshots until it ends.

1. The log and its topics, as workers need them too.
2. The turn: there is one job a prefix, and a second one waits, or leaves where there is no waiting.
3. Snapshots: one, or as they fall due, until it is told to stop.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app.enriching.asked import enrichers
from app.observing.observed import port_of
from app.observing.snapshot_observed import snapshots_observed
from app.observing.textfile import require_textfile
from app.replaying import Stopped
from app.saying import speaking
from app.snapshot_page import require_place, write_page
from app.snapshot_words import as_json, in_words
from app.stopping import Stopping
from app.topics_ready import ready_topics
from snapshot.history import history_of
from snapshot.job import Nothing, SnapshotJob, Taken
from snapshot.turn import Turn
from stream.cadence import ClockCadence, EventCadence, parse_cadence
from stream.errors import CommitFailed, GroupBusy, LogUnavailable, SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from app.observing.snapshot_observed import SnapshotsObserved
    from app.wiring import Wiring
    from snapshot.enriching import Enricher
    from snapshot.job import WasMissed
    from stream.log.seam import Log
    from stream.topics import Topics

PASSING = (LogUnavailable, CommitFailed)
"""What may mend by itself. `Fenced` does not: another publishes now, and this one leaves."""

LOOK_SECONDS = 0.25
"""How often profiles are looked at for a midnight that is due."""

TURN_SECONDS = 5.0
"""How often the job says that it is still there."""

AGAIN_SECONDS = 5.0

SILENT_SECONDS = 5.0
"""How long a job waits before it says for what."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for."""

    every: str | None = None
    """None: one snapshot."""

    until_end: bool = False
    as_json: bool = False
    metrics_port: int | None = None
    json_logs: bool = False
    report: Path | None = None
    """Where each snapshot's page goes, the next one over it."""

    textfile: Path | None = None
    """Where the metrics go after each snapshot."""


def run(wiring: Wiring, wanted: Wanted) -> None:
    """Takes snapshots; returns where that was all, or where it was told to stop."""
    cadence = _cadence(wanted)
    if wanted.report is not None:
        require_place(wanted.report)
    if wanted.textfile is not None:
        require_textfile(wanted.textfile)
    with ExitStack() as stack:
        stopping = stack.enter_context(Stopping())
        say = stack.enter_context(speaking(json_logs=wanted.json_logs))
        log = stack.enter_context(wiring.open_existing_log())
        topics = ready_topics(log, wiring)  # 1
        observed = stack.enter_context(
            snapshots_observed(
                port=port_of(0, wanted.metrics_port),
                host=wiring.settings.consume.metrics_host,
                stopping=stopping,
                textfile=wanted.textfile,
            )
        )
        if observed.port is not None:
            say(f"metrics on http://{wiring.settings.consume.metrics_host}:{observed.port}/metrics")
        turn = stack.enter_context(_turn(log, topics))  # 2
        asked = stack.enter_context(enrichers(log, topics, wiring.settings))
        rounds = _Rounds(wiring, log, topics, cadence, turn, stopping, observed, wanted, say, asked)
        rounds.run()  # 3


def _cadence(wanted: Wanted) -> ClockCadence | EventCadence | None:
    cadence = None if wanted.every is None else parse_cadence(wanted.every)
    if wanted.until_end and not isinstance(cadence, EventCadence):
        raise SettingsError("--until-end goes with a cadence in event time, such as --every 7d")
    return cadence


def _turn(log: Log, topics: Topics) -> Turn:
    try:
        return Turn(log, topics, f"{socket.gethostname()}-{os.getpid()}")
    except GroupBusy as error:
        raise GroupBusy(
            f"another snapshot job is at work on {log.name}, and there is one at a time, so this "
            f"one leaves ({error})"
        ) from None


@dataclass(slots=True)
class _Rounds:
    wiring: Wiring
    log: Log
    topics: Topics
    cadence: ClockCadence | EventCadence | None
    turn: Turn
    stopping: Stopping
    observed: SnapshotsObserved
    wanted: Wanted
    say: Callable[[str], None]
    enrichers: Sequence[Enricher]
    said: str = ""
    idle_since: float | None = None

    def run(self) -> None:
        while not self.stopping.asked:
            try:
                if not self._has_turn():
                    break
                with closing(self._job()) as job:
                    self._take_until_over(job)
                break
            except PASSING as error:
                if self.cadence is None:
                    raise
                self.say(f"trying again in {AGAIN_SECONDS:g} s: {error}")
                self.stopping.wait(AGAIN_SECONDS)
        if self.stopping.asked and self.cadence is None:
            raise Stopped("stopped: no snapshot was taken")

    def _has_turn(self) -> bool:
        """Waits for it; not if it is to stop. Joining takes a moment, also where nobody else is."""
        began = self.stopping.seconds()
        while not self.turn.is_ours(LOOK_SECONDS):
            self.observed.waits_for("the job before it")
            if self.stopping.seconds() - began >= SILENT_SECONDS:
                self._say_once("another snapshot job is at work: waiting until it leaves")
            if self.stopping.asked:
                return False
        return True

    def _job(self) -> SnapshotJob:
        in_event_time = self.cadence if isinstance(self.cadence, EventCadence) else None
        settings = self.wiring.settings
        history = history_of(settings)
        return SnapshotJob(
            *(self.log, self.topics, settings, history, in_event_time, _now),
            enrichers=self.enrichers,
        )

    def _take_until_over(self, job: SnapshotJob) -> None:
        due_at = self.stopping.seconds()
        while not self.stopping.asked and self._has_turn():
            began = self.stopping.seconds()
            step = job.take()
            self.observed.waits_for()
            if isinstance(step, Nothing):
                self._idle(step)
            else:
                self.idle_since = None
                self.observed.taken(step, self.stopping.seconds() - began)
                self._tell(step)
            if self._is_over(step):
                return
            if isinstance(self.cadence, ClockCadence):
                due_at = max(due_at + self.cadence.seconds, began)
                self._wait_until(due_at)
            elif isinstance(step, Nothing):
                self.stopping.wait(LOOK_SECONDS)

    def _is_over(self, step: Taken | WasMissed | Nothing) -> bool:
        return self.cadence is None or (self.wanted.until_end and isinstance(step, Nothing))

    def _wait_until(self, at: float) -> None:
        while not self.stopping.asked and (left := at - self.stopping.seconds()) > 0:
            self.stopping.wait(min(left, TURN_SECONDS))
            self.turn.is_ours()
            self.observed.waits_for()

    def _tell(self, step: Taken | WasMissed) -> None:
        if self.wanted.report is not None and isinstance(step, Taken):
            write_page(self.wanted.report, step, history_of(self.wiring.settings))
        text = json.dumps(as_json(step)) if self.wanted.as_json else in_words(step)
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()

    def _idle(self, step: Nothing) -> None:
        """Said at once where that is all there is; else when it lasts."""
        now = self.stopping.seconds()
        self.idle_since = now if self.idle_since is None else self.idle_since
        if self._is_over(step) or now - self.idle_since >= SILENT_SECONDS:
            self._say_once(step.why)

    def _say_once(self, text: str) -> None:
        """Not each quarter of a second."""
        if text.partition(":")[0] != self.said:
            self.said = text.partition(":")[0]
            self.say(text)


def _now() -> datetime:
    return datetime.now(UTC)
