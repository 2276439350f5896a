"""Snapshot jobs of a small shop on a log, and what they make visible to others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from snapshot.job import SnapshotJob
from snapshot.published import published_models, published_reports
from snapshot.reconciling import Known, Reconciled
from stream.cadence import EventCadence
from stream.contracts.alert import Decision, Outcome
from stream.contracts.commands import Promote
from stream.contracts.drift import DriftReport
from stream.contracts.instant import milliseconds
from stream.contracts.segment import SegmentRef
from stream.contracts.segment_event import Happened, SegmentEvent
from stream.model.arrays import DAY_MS
from stream.model.change import instant
from stream.settings import load_settings
from stream.topics import Topics
from tests.snapshot.logs import NOW, START, made_by_hand, values
from tests.snapshot.shops import purchases

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from snapshot.choices import Choices
    from snapshot.enriching import Enricher
    from snapshot.history import History
    from snapshot.moment import Moment
    from stream.log.seam import Log
    from stream.settings.lenses import LensSpec
    from tests.snapshot.crashing import Mortal
    from tests.snapshot.tasks import Tasks

TOPICS = Topics(partitions=2)
SETTINGS = load_settings(None, {})
DAY_0 = milliseconds(START)
WEEKLY = EventCadence(7)
NONE_YET: tuple[list[DriftReport], list[int], list[list[int]], int] = ([], [], [[], []], 0)


def day(number: int) -> int:
    return DAY_0 + number * DAY_MS


WEEKS = [at for at in range(day(0), day(40), DAY_MS) if WEEKLY.is_due(at)][1:]
FIRST, SECOND, THIRD = WEEKS[:3]


def promoting(
    moment: Moment,
    known: Known,
    specs: Sequence[LensSpec],
    choices: Choices,
    created_at: datetime,
) -> Reconciled:
    """Always a next version, and a segment that is born with it."""
    version = known.model.version + 1 if known.model else 1
    at = instant(moment.instant_ms)
    event = SegmentEvent(
        lens="value",
        segment=SegmentRef(id=f"value-{version}", name="New"),
        happened=Happened.BORN,
        customers=3,
        model_version=version,
        occurred_at=at,
        observed_at=created_at,
    )
    report = DriftReport(
        instant=at,
        created_at=created_at,
        model_version=known.model.version if known.model else None,
        customers=len(moment),
        decision=Decision(outcome=Outcome.PROMOTED, version=version),
    )
    model = made_by_hand(version, instant=at, created_at=created_at)
    return Reconciled(report, model, (event,), {})


LINES = [one for one in purchases(30, 30) if one.occurred_at >= START]


def live(tasks: Tasks, first: int, last: int) -> None:
    """The shop goes on from one day's midnight to another's, and tasks read all of it."""
    begin, end = instant(day(first)), instant(day(last))
    lines = [one for one in LINES if begin <= one.occurred_at < end]
    tasks.live(lines[::4], [day(number) for number in range(first + 1, last + 1)])
    tasks.read_on()


def number_of(midnight_ms: int) -> int:
    return (midnight_ms - DAY_0) // DAY_MS


def job(
    log: Log | Mortal,
    history: History | Mortal,
    cadence: EventCadence | None = None,
    reconciling: Callable[..., Reconciled] = promoting,
    topics: Topics = TOPICS,
    enrichers: Sequence[Enricher] = (),
) -> SnapshotJob:
    taking: Any = SnapshotJob
    wiring = (log, topics, SETTINGS, history, cadence, lambda: NOW, reconciling)
    made: SnapshotJob = taking(*wiring, enrichers=enrichers)
    return made


def visible(
    log: Log, topics: Topics = TOPICS
) -> tuple[list[DriftReport], list[int], list[list[int]], int]:
    """Everything that a snapshot publishes, as others see it."""
    told = [
        value
        for partition in range(topics.partitions)
        for value in _values(log, topics.changes, partition)
        if value is not None and b'"segment_event"' in value
    ]
    versions = [[one for one in found if one] for found in _promotes(log, topics)]
    models = [model.version for model in published_models(log, topics.models)]
    return published_reports(log, topics.drift), models, versions, len(told)


def _values(log: Log, topic: str, partition: int) -> list[bytes | None]:
    return values(log, topic, partition) if log.bounds(topic)[partition].end else []


def _promotes(log: Log, topics: Topics) -> list[list[int]]:
    return [
        [
            Promote.from_json(value).version
            for value in _values(log, topics.transactions, partition)
            if value is not None and b'"promote"' in value
        ]
        for partition in range(topics.partitions)
    ]
