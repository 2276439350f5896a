"""What is done to workers and their broker, one thing after the other, by a seed."""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stream.errors import Fenced, ShoalError
from tests.chaos.settings import SESSION_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.chaos.commits import Commits
    from tests.chaos.workers import Workers
    from tests.kafka_broker.find import StoppableBroker

SLOTS = 3
ASLEEP_SECONDS = SESSION_SECONDS + 2
KILL_WITHIN_SECONDS = 1.5
BROKER_AWAY_SECONDS = 1.0

SHORT = {  # twelve kills
    "kill_in_a_commit": 7,
    "kill_somewhere": 4,
    "kill_for_good": 1,
    "leave_and_join": 1,
    "sleep": 1,
    "sleep_and_be_replaced": 1,
    "lose_the_broker": 1,
}
LONG = {  # more than a hundred
    "kill_in_a_commit": 60,
    "kill_somewhere": 40,
    "kill_for_good": 6,
    "leave_and_join": 8,
    "sleep": 4,
    "sleep_and_be_replaced": 4,
    "lose_the_broker": 3,
}


@dataclass(frozen=True, slots=True)
class Act:
    """Something that happens."""

    name: str
    choice: float
    """Which of the workers that are awake it hits, or is the first to be looked at."""

    moment: float
    """A share of the time that is waited at most before a kill."""

    def __str__(self) -> str:
        return self.name.replace("_", " ")


def acts(seed: int, counts: Mapping[str, int]) -> list[Act]:
    """In an order that follows from the seed; when exactly they hit doesn't."""
    choose = random.Random(f"mischief {seed}")
    names = [name for name, count in counts.items() for _ in range(count)]
    choose.shuffle(names)
    return [Act(name, choose.random(), choose.random()) for name in names]


class Mischief:
    """Does acts. Slots below `SLOTS` have a worker in the end, whatever happens between."""

    def __init__(self, workers: Workers, commits: Commits, broker: StoppableBroker) -> None:
        self._workers, self._commits, self._broker = workers, commits, broker
        self.done: Counter[str] = Counter()
        self.kills = self.kills_in_a_commit = 0

    def begin(self) -> None:
        for slot in range(SLOTS):
            self._workers.start(slot)

    def do(self, act: Act) -> None:
        self._workers.supervise()
        self._one_more_if_alone()
        deed: Callable[[list[int], Act], None] = getattr(self, f"_{act.name}")
        awake = [worker.slot for worker in self._workers.awake()]
        first = int(act.choice * len(awake))
        deed(awake[first:] + awake[:first], act)
        self.done[act.name] += 1

    def _kill_in_a_commit(self, slots: list[int], act: Act) -> None:
        slot = self._committing(slots)
        self._kill(slot)
        self._workers.start(slot)

    def _kill_somewhere(self, slots: list[int], act: Act) -> None:
        """At any moment of its life: its start and its restore are among them."""
        time.sleep(act.moment * KILL_WITHIN_SECONDS)
        self._kill(slots[0])
        self._workers.start(slots[0])

    def _kill_for_good(self, slots: list[int], act: Act) -> None:
        """The others take its partitions over once its session has run out."""
        self._kill(slots[0])
        time.sleep(ASLEEP_SECONDS)

    def _leave_and_join(self, slots: list[int], act: Act) -> None:
        slot = self._committing(slots)
        self._workers.end(slot).leave()
        time.sleep(act.moment * KILL_WITHIN_SECONDS)
        self._workers.start(slot)

    def _sleep(self, slots: list[int], act: Act) -> None:
        """Past its session: others have its partitions when it wakes up in mid-sentence."""
        slot = self._committing(slots)
        worker = self._workers.there[slot]
        worker.sleep()
        time.sleep(ASLEEP_SECONDS)
        worker.wake()

    def _sleep_and_be_replaced(self, slots: list[int], act: Act) -> None:
        """And when it wakes up another process has its name."""
        slot = self._committing(slots)
        zombie = self._workers.end(slot)
        zombie.sleep()
        self._workers.start(slot)
        time.sleep(ASLEEP_SECONDS)
        zombie.wake()
        zombie.end_fenced()

    def _lose_the_broker(self, slots: list[int], act: Act) -> None:
        self._committing(slots)
        self._broker.kill()
        for worker in self._workers.awake():
            worker.excuse(ShoalError.exit_code)  # where it had only begun, and nobody answered
            worker.excuse(Fenced.exit_code)  # where its transaction ran out meanwhile
        time.sleep(act.moment * BROKER_AWAY_SECONDS)
        self._broker.start()

    def _committing(self, slots: list[int]) -> int:
        return self._commits.wait_for_one(slots, self._workers.supervise)

    def _kill(self, slot: int) -> None:
        self._workers.end(slot).kill()
        self.kills += 1
        self.kills_in_a_commit += self._commits.was_left_open(slot)

    def _one_more_if_alone(self) -> None:
        """Who was killed for good comes back when there is only one left to be disturbed."""
        there = self._workers.there
        if len(there) < SLOTS - 1:
            self._workers.start(min(set(range(SLOTS)) - there.keys()))
