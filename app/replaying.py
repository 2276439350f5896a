"""One run of `shoal replay`: sources, log, signals and terminal brought together.

1. The log is opened and the topic made: what is wrong there shows before an hour's reading.
2. The sources are understood, then read and put in order.
3. They are sent. Whatever ends this, what is told to have been sent is safe.
4. The account, which adds up, and how to go on where something is left.
"""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.replay_bar import ReplayBar
from app.replay_memory import keep_arrow_small
from app.replay_sources import all_rejected, open_sources
from app.replay_words import beginning, closing, how_to_go_on, waiting
from app.stopping import Stopping
from producers.replaying.lockstep import Lockstep
from producers.replaying.replay import Plan, replay
from producers.replaying.sort import sorted_lines
from stream.cadence import EventCadence, parse_cadence
from stream.errors import LogError, SettingsError, ShoalError, TopicsDiffer

if TYPE_CHECKING:
    from pathlib import Path

    from app.replay_sources import ReplaySource
    from app.wiring import Wiring
    from producers.reading.dataset import ReadOptions
    from producers.replaying.account import Account
    from producers.replaying.pace import Pace
    from producers.replaying.prepared import Choices
    from producers.replaying.replay import Start
    from producers.replaying.sort import SortedLines
    from producers.replaying.survey import Survey
    from stream.log.seam import Log

INTERRUPTED = 130  # what shells take for Ctrl-C


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for: how to read, and what to do with it."""

    sources: tuple[str, ...]
    options: ReadOptions
    rejects: Path | None
    strict: bool
    temp_folder: Path | None
    topic: str | None
    partitions: int | None
    choices: Choices
    pace: Pace
    resume: bool
    as_json: bool
    lockstep: str | None = None
    """The cadence of the snapshots that are waited for."""


class Stopped(ShoalError):
    """Somebody wanted it to stop; nothing went wrong."""

    exit_code = INTERRUPTED


def run(wiring: Wiring, wanted: Wanted) -> None:
    """Replays, says what became of it, and raises `Stopped` where that was not all."""
    keep_arrow_small()
    with ExitStack() as closing_up:
        stopping = closing_up.enter_context(Stopping())
        log = closing_up.enter_context(wiring.open_log())
        topic = ready_topic(log, wiring, wanted)
        cadence = _lockstep(wiring, wanted, topic)
        sources = open_sources(
            wanted.sources, wanted.options, closing_up, wanted.rejects, strict=wanted.strict
        )
        plan = Plan(topic, wanted.choices, wanted.pace, wanted.resume)
        going = _Run(log, plan, stopping, wanted)
        if cadence is not None:
            going.lockstep = closing_up.enter_context(
                Lockstep(log, _ready_drift(log, wiring), cadence, stopping, going.waits)
            )
        going.through(sources)


def ready_topic(log: Log, wiring: Wiring, wanted: Wanted) -> str:
    """The topic's name; makes it where it is missing."""
    spec = wiring.topics(wanted.partitions).specs()[0]
    spec = replace(spec, name=wanted.topic or spec.name)
    for one in log.create_topics([spec]):
        if one.setting == "partitions" and wanted.partitions is not None:
            raise TopicsDiffer(
                f"topic {one.topic} has {one.is_now} partitions, not {one.has_to_be}: leave out "
                "--partitions, or name another topic with --topic"
            )
    return spec.name


def _lockstep(wiring: Wiring, wanted: Wanted, topic: str) -> EventCadence | None:
    """Refused where nobody would ever come to the midnights that are waited at."""
    if wanted.lockstep is None:
        return None
    cadence = parse_cadence(wanted.lockstep, "--lockstep")
    if not isinstance(cadence, EventCadence):
        raise SettingsError(f"--lockstep {wanted.lockstep} is by the clock: say days, such as 7d")
    if not wanted.choices.ticks:
        raise SettingsError("--lockstep goes by the ticks of midnights: leave out --no-ticks")
    if topic != wiring.topics().transactions:
        raise SettingsError(
            f"--lockstep waits for snapshots of {wiring.topics().transactions}: leave out --topic"
        )
    return cadence


def _ready_drift(log: Log, wiring: Wiring) -> str:
    topics = wiring.topics()
    log.create_topics([spec for spec in topics.specs() if spec.name == topics.drift])
    return topics.drift


class _Run:
    lockstep: Lockstep | None = None

    def __init__(self, log: Log, plan: Plan, stopping: Stopping, wanted: Wanted) -> None:
        self._log, self._plan, self._stopping = log, plan, stopping
        self._temp_folder, self._as_json = wanted.temp_folder, wanted.as_json
        self._lockstep_words = wanted.lockstep or ""
        self._bar = ReplayBar(plan.pace, stopping.seconds)

    def through(self, sources: list[ReplaySource]) -> None:
        for line in (line for source in sources for line in source.told):
            self._say(line)
        with self._bar:
            batches = [source.lines() for source in sources]
            with sorted_lines(batches, self._temp_folder, on_progress=self._reading) as lines:
                started = self._stopping.seconds()
                account = self._sent(lines)
                seconds = self._stopping.seconds() - started
        self._close(replace(account, rejected=all_rejected(sources)), seconds)

    def _reading(self, survey: Survey) -> None:
        if self._stopping.asked:
            raise Stopped("stopped while reading: nothing was sent")
        self._bar.reading(survey)

    def _sent(self, lines: SortedLines) -> Account:
        self._bar.sending(lines.survey)
        try:
            return replay(
                lines,
                self._log,
                self._plan,
                self._stopping,
                self._beginning,
                self._bar.sent,
                self.lockstep,
            )
        except LogError as error:
            text = f"{error}\n       What was acknowledged is safe. Go on with: {how_to_go_on()}"
            raise LogError(text) from error

    def waits(self, midnight_ms: int) -> None:
        self._say(waiting(midnight_ms, self._lockstep_words))

    def _beginning(self, start: Start) -> None:
        told = beginning(start, self._plan)
        if told:
            self._say(told)

    def _close(self, account: Account, seconds: float) -> None:
        if self._as_json:
            told = {"log": self._log.name, "topic": self._plan.topic, **account.as_json()}
            sys.stdout.write(json.dumps(told | {"seconds": round(seconds, 3)}) + "\n")
        else:
            sys.stdout.write(closing(account, self._plan.topic, seconds) + "\n")
        if account.not_sent or self._stopping.asked:  # the last tick may be missing, too
            raise Stopped(f"stopped. Go on with: {how_to_go_on()}")

    def _say(self, text: str) -> None:
        """For people, beside the account and out of the way of pipes."""
        self._bar.console.print(text, markup=False, highlight=False, soft_wrap=True)
