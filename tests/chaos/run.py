"""A run: a shop told to workers that are killed meanwhile, and what came of it beside the truth."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app import modelling
from app.wiring import Wiring
from snapshot.fitting import Enough
from stream.errors import InputError
from stream.log.open import open_log
from stream.settings import load_settings
from tests.chaos.commits import Commits
from tests.chaos.comparing import broken_promises, differences
from tests.chaos.copying import copy, records_of
from tests.chaos.mischief import Mischief, acts
from tests.chaos.outcome import read_outcome
from tests.chaos.settings import write_settings
from tests.chaos.shop import Shop, Size
from tests.chaos.undisturbed import read_to_the_end
from tests.chaos.workers import workers
from tests.chaos.writing import telling
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from stream.log.seam import Log
    from stream.topics import Topics
    from tests.chaos.outcome import Outcome
    from tests.chaos.workers import Workers
    from tests.kafka_broker.find import StoppableBroker

SEGMENTS = 4
FIT_WITHIN_SECONDS = 180
READ_WITHIN_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Plan:
    """One run; another seed is another shop and other mischief."""

    seed: int
    counts: Mapping[str, int]
    size: Size = field(default_factory=Size)
    models: int = 2
    """How many are published while it goes on, evenly between the acts."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was done, and what came of it."""

    mischief: Mischief
    outcome: Outcome
    undisturbed: Outcome
    problems: list[str]

    def __str__(self) -> str:
        done, made = self.mischief, self.outcome
        return (
            f"{done.kills} kills, {done.kills_in_a_commit} of them inside a commit, among "
            f"{sum(done.done.values())} acts; {sum(made.records.values())} records, "
            f"{len(made.changes)} changes, {len(made.dead_letters)} dead letters, "
            f"{made.truncated} of {len(made.records)} partitions truncated"
        )


def run(plan: Plan, broker: StoppableBroker, folder: Path, say: Callable[[str], None]) -> Report:
    """All of it.

    1. Workers start, and the shop begins to be told.
    2. Mischief, with models published between.
    3. All is read to the end by workers left in peace; they leave.
    4. The same records in another log, read by one worker from beginning to end.
    5. Both compared.
    """
    prefix = f"chaos.{uuid.uuid4().hex[:8]}."
    config = write_settings(folder / "chaos.toml", f"kafka://{broker.bootstrap}", prefix)
    wiring = Wiring(load_settings(config, {}))
    topics, group = wiring.topics(), wiring.settings.group
    shop = Shop(plan.seed, plan.size, datetime.now(UTC))
    with wiring.open_log() as log:
        log.create_topics(topics.specs())
        with (
            workers(config, folder) as crew,
            Commits(broker.bootstrap, group) as commits,
            telling(log, topics, shop) as told,
        ):
            mischief = Mischief(crew, commits, broker)  # 1
            _disturb(plan, wiring, mischief, say)  # 2
            told.finish()
            _end_in_peace(crew, log, topics, group, say)  # 3
        read_to_the_end(log, topics, wiring.settings, "last")
        outcome = read_outcome(log, topics, wiring.settings)
        undisturbed = _undisturbed(log, topics, prefix, folder)  # 4
    problems = [*broken_promises(outcome), *differences(outcome, undisturbed)]  # 5
    return Report(mischief, outcome, undisturbed, problems)


def _disturb(plan: Plan, wiring: Wiring, mischief: Mischief, say: Callable[[str], None]) -> None:
    mischief.begin()
    to_do = acts(plan.seed, plan.counts)
    publish_at = {len(to_do) * (model + 1) // (plan.models + 1) for model in range(plan.models)}
    for number, act in enumerate(to_do):
        if number in publish_at:
            _publish(wiring, say)
        began = time.monotonic()
        mischief.do(act)
        say(f"{number + 1}/{len(to_do)} {act} in {time.monotonic() - began:.1f} s")


def _publish(wiring: Wiring, say: Callable[[str], None]) -> None:
    """A model of what the workers have made of the shop by now, as soon as there is enough."""
    wanted = modelling.Wanted(SEGMENTS, (), Enough(customers=20, days=5))
    published = []

    def publish() -> bool:
        try:
            published.append(modelling.fit_and_publish(wiring, wanted))
        except InputError:  # not enough customers or days yet
            return False
        return True

    until(publish, "enough customers for a model", FIT_WITHIN_SECONDS)
    say(f"published model {published[0].version}")


def _end_in_peace(
    crew: Workers, log: Log, topics: Topics, group: str, say: Callable[[str], None]
) -> None:
    """What is left to read is read by those who are there; then they are asked to go."""
    began = time.monotonic()

    def all_read() -> bool:
        crew.supervise()
        committed = log.committed(group, topics.transactions)
        if len(committed) < topics.partitions:
            return False
        unread = records_of(log, topics.transactions, committed)
        return not any(unread.values())

    until(all_read, "everything to be read", READ_WITHIN_SECONDS)
    for slot in list(crew.there):
        crew.end(slot).leave()
    say(f"read to the end and left in {time.monotonic() - began:.1f} s")


def _undisturbed(log: Log, topics: Topics, prefix: str, folder: Path) -> Outcome:
    """What one worker makes of the same records, with all the time and room it wants."""
    url = f"sqlite:///{folder / 'undisturbed.db'}"
    config = write_settings(
        folder / "undisturbed.toml", url, prefix, commit_ms=1000, most_events=1_000_000
    )
    settings = load_settings(config, {})
    with open_log(url) as other:
        copy(log, other, topics)
        read_to_the_end(other, topics, settings, "undisturbed")
        return read_outcome(other, topics, settings)
