"""One run of `shoal bridge`: source, target, and step after step until it is told to stop.

1. Source and target, with the topics: what is wrong with either shows at once.
2. Steps. Where one of them goes away it is waited for, and begun again from where it stood.
3. The account.
"""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.bridging.bridge import Bridge
from app.bridging.crossing import Crossed
from app.bridging.ends import open_source, ready
from app.bridging.mapping import Mapper
from app.bridging.trying import tried
from app.bridging.words import HOUR_MS, as_json, in_words, times_in_words
from app.observing.bridge_observed import bridge_observed
from app.outage import Outage
from app.saying import speaking
from app.stopping import Stopping
from stream.errors import CommitFailed, LogUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.bridging.address import Address
    from app.bridging.bridge import Step
    from app.bridging.rules import Rules
    from app.bridging.shape import Shape
    from app.observing.bridge_observed import BridgeObserved
    from app.wiring import Wiring
    from stream.topics import Topics

PASSING = (LogUnavailable, CommitFailed)
WAIT_SECONDS = 0.5
PARTITIONS_EVERY_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for."""

    source: Address
    shape: Shape
    rules: Rules
    until_end: bool = False
    dry_run: bool = False
    as_json: bool = False
    metrics_port: int | None = None
    json_logs: bool = False


def run(wiring: Wiring, wanted: Wanted) -> None:
    """Bridges until it is told to stop, or all that was there is across."""
    if wanted.dry_run:
        _try(wiring, wanted)
        return
    with ExitStack() as stack:
        stopping = stack.enter_context(Stopping())
        say = stack.enter_context(speaking(json_logs=wanted.json_logs))
        topics = ready(wiring, wanted.source, wanted.rules.name)  # 1
        host = wiring.settings.consume.metrics_host
        port = wanted.metrics_port
        observed = stack.enter_context(bridge_observed(port=port, host=host, stopping=stopping))
        if observed.port is not None:
            say(f"metrics on http://{host}:{observed.port}/metrics")
        going = _Run(wiring, wanted, topics, stopping, observed, say)
        going.steps()  # 2
        _tell(going.crossed, wanted)  # 3


def _mapper(wiring: Wiring, wanted: Wanted) -> Mapper:
    future_ms = round(wiring.settings.profiles.future_hours * HOUR_MS)
    return Mapper(wanted.shape, wanted.rules.name, future_ms)


def _try(wiring: Wiring, wanted: Wanted) -> None:
    with Stopping() as stopping, open_source(wiring, wanted.source) as source:
        topic, mapper = wanted.source.topic, _mapper(wiring, wanted)
        found = tried(source, topic, wiring.topics(), mapper, wanted.rules, stopping)
    _tell(found.crossed, wanted)
    if wanted.as_json:
        return
    for reason, detail in found.details.items():
        sys.stdout.write(f"  {reason}: {topic}{detail}\n")
    if found.first_line is not None:
        sys.stdout.write(f"the first line: {found.first_line.decode()}\n")
    sys.stdout.write("nothing was written\n")


@dataclass(slots=True)
class _Run:
    wiring: Wiring
    wanted: Wanted
    topics: Topics
    stopping: Stopping
    observed: BridgeObserved
    say: Callable[[str], None]
    crossed: Crossed = field(default_factory=Crossed)
    until: Mapping[int, int] | None = None
    has_begun: bool = False
    outage: Outage = field(init=False)

    def __post_init__(self) -> None:
        self.outage = Outage(self.stopping, self.observed, self.say)

    def steps(self) -> None:
        while not self.stopping.asked:
            try:
                if self._until_over():
                    return
            except PASSING as error:
                if not self.has_begun:
                    raise
                self.outage.wait(str(error))

    def _until_over(self) -> bool:
        """Whether all that was wanted is done; a bridge is made anew after each outage."""
        wanted, clock = self.wanted, self.stopping
        self.observed.waits_for("the bridge to take over where it stood")
        with ExitStack() as stack:
            source = stack.enter_context(open_source(self.wiring, wanted.source))
            target = stack.enter_context(self.wiring.open_log())
            mapper = _mapper(self.wiring, wanted)
            place = (source, wanted.source.topic, target, self.topics)
            bridge = stack.enter_context(Bridge(*place, mapper, wanted.rules, clock))
            self._begun(bridge)
            look_at = clock.seconds() + PARTITIONS_EVERY_SECONDS
            while not clock.asked:
                self._step(bridge)
                if self.until is not None and bridge.is_past(self.until):
                    return True
                if clock.seconds() >= look_at:
                    look_at = clock.seconds() + PARTITIONS_EVERY_SECONDS
                    if self._has_more_partitions(bridge):
                        return False
        return True

    def _begun(self, bridge: Bridge) -> None:
        if self.until is None and self.wanted.until_end:
            self.until = dict(bridge.ends)
        if not self.has_begun:
            behind = sum(bridge.behind().values())
            self.say(
                f"bridging {self.wanted.source} to {self.topics.transactions} as "
                f"{self.wanted.rules.name}; {behind:,} records to come so far"
            )
        self.has_begun = True

    def _step(self, bridge: Bridge) -> None:
        began = self.stopping.seconds()
        step = bridge.step(WAIT_SECONDS)
        self.outage.over()
        self.crossed += step.crossed
        self.observed.stepped(bridge, step, self.stopping.seconds() - began)
        self._say_lost(step)

    def _say_lost(self, step: Step) -> None:
        for part, records in step.lost.items():
            topic = self.wanted.source.topic
            self.say(f"{topic}[{part}] forgot {records:,} records before they were read")

    def _has_more_partitions(self, bridge: Bridge) -> bool:
        """What a log knows of a topic it keeps, so it is asked through another."""
        with open_source(self.wiring, self.wanted.source) as log:
            return log.partitions(self.wanted.source.topic) != len(bridge.ends)


def _tell(crossed: Crossed, wanted: Wanted) -> None:
    if wanted.as_json:
        sys.stdout.write(json.dumps(as_json(crossed, str(wanted.source))) + "\n")
        return
    sys.stdout.write(in_words(crossed, str(wanted.source)) + "\n")
    times = times_in_words(crossed)
    if times is not None:
        sys.stdout.write(f"{times}\n")
