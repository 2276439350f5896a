"""A shop on the embedded log, sinks that follow it, and what has to be in the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import sqlalchemy as sa

from consumers.sink import schema
from consumers.sink.sink import Sink, settled_ends
from consumers.worker.models import LogModels
from snapshot.publishing import Publication, Publisher
from stream.contracts.alert import Decision, Outcome
from stream.contracts.change import SegmentChange
from stream.contracts.drift import DriftReport
from stream.contracts.instant import milliseconds
from stream.contracts.segment import SegmentRef
from stream.contracts.segment_event import Happened, SegmentEvent
from stream.log.partitioning import partition_of
from stream.profile.catalogue import features, labels
from stream.profile.events import hash_of
from stream.settings import load_settings
from stream.times import DAY_MS
from stream.topics import Topics
from tests.consumers.sink.expecting import report, scores, tell
from tests.snapshot.logs import NOW, START, made_by_hand, values
from tests.snapshot.shops import purchases
from tests.snapshot.tasks import Tasks

if TYPE_CHECKING:
    from datetime import datetime

    from consumers.sink.store import Store
    from stream.contracts.fast import Line
    from stream.log.seam import Log

DAY_0 = milliseconds(START)
TOPICS = Topics(partitions=2)


@dataclass
class Shop:
    log: Log
    day: int = 0
    lines: list[Line] = field(default_factory=lambda: purchases(60, 40))
    topics: Topics = TOPICS
    tasks: Tasks = field(init=False)

    def __post_init__(self) -> None:
        self.log.create_topics(self.topics.specs())
        self.tasks = Tasks(self.log, self.topics, load_settings(None, {}))

    def go_on(self, days: int, *, checkpoint: bool = False) -> None:
        """So many days more, and the tasks have read them."""
        begin, self.day = self.day, self.day + days
        span = range(DAY_0 + begin * DAY_MS, DAY_0 + self.day * DAY_MS)
        theirs = [one for one in self.lines if milliseconds(one.occurred_at) in span]
        self.tasks.live(theirs, [DAY_0 + day * DAY_MS for day in range(begin + 1, self.day + 1)])
        self.tasks.read_on(checkpoint=checkpoint)

    def promote(self) -> None:
        """The next version of the model, with an event and a report."""
        with Publisher(self.log, self.topics) as publisher:
            version = len(publisher.models) + 1
            born = SegmentEvent(
                lens="value",
                segment=SegmentRef(id="value-1", name="First"),
                happened=Happened.BORN,
                customers=3,
                model_version=version,
                occurred_at=START,
                observed_at=NOW,
            )
            report = DriftReport(
                instant=START,
                created_at=NOW,
                model_version=None,
                customers=60,
                decision=Decision(outcome=Outcome.PROMOTED, version=version),
            )
            model = made_by_hand(version=version, based_on=version - 1 or None)
            publisher.publish_all(Publication(report, model, [born]), NOW)
        self.tasks.read_on()

    def customers(self) -> list[str]:
        """Everybody who is there."""
        return sorted(
            task.state.profiles.customer_id(row)
            for task in self.tasks.all
            for row in np.flatnonzero(
                task.state.profiles.state.profiles["key"][: len(task.state.profiles)]
            ).tolist()
        )

    @property
    def midnight(self) -> datetime:
        """The last one, whose snapshot knows everybody who is there."""
        return START + timedelta(days=self.day)

    def expect(self, *, times: float = 1.0) -> None:
        """What the last midnight's snapshot expects of everybody, in two messages, and a report."""
        ids = self.customers()
        parts = (scores(some, self.midnight, times) for some in (ids[:20], ids[20:]))
        tell(self.log, self.topics, *parts, report(self.midnight))

    def sink(self, store: Store, most_rows: int = 50_000) -> Sink:
        models = LogModels(self.log, self.topics.models)
        return Sink(self.log, self.topics, store, models, most_rows=most_rows)

    def write_all(self, store: Store, most_rows: int = 50_000) -> None:
        """As `--until-end`."""
        ends = settled_ends(self.log, self.topics)
        with self.sink(store, most_rows) as sink:
            while not sink.is_done(ends):
                sink.step()

    def check(self, store: Store) -> None:
        """The database says what tasks and topics say."""
        self._check_customers(store)
        told = [
            SegmentChange.from_json(value)
            for partition in range(self.topics.partitions)
            for value in values(self.log, self.topics.changes, partition)
            if value is not None and b'"segment_event"' not in value
        ]
        wanted = {one.change_id: one for one in told if self._is_alive(one)}
        found = {row["change_id"]: row for row in table(store, schema.changes)}
        assert set(found) == set(wanted)
        for change_id, row in found.items():
            assert as_message(row) == wanted[change_id], change_id

    def _is_alive(self, one: SegmentChange) -> bool:
        """Whether it is of a life that was not erased."""
        partition = partition_of(one.customer_id.encode(), self.topics.partitions)
        profiles = self.tasks.all[partition].state.profiles
        return one.incarnation == profiles.incarnation_of(hash_of(one.customer_id))

    def _check_customers(self, store: Store) -> None:
        found = {row["customer_id"]: row for row in table(store, schema.customers)}
        stands = {row["customer_id"]: row for row in table(store, schema.customer_segments)}
        there: set[str] = set()
        for task in self.tasks.all:
            profiles = task.state.profiles
            for row in np.flatnonzero(profiles.state.profiles["key"][: len(profiles)]).tolist():
                name = profiles.customer_id(row)
                there.add(name)
                told = found[name]
                assert told["partition"] == task.partition
                as_of = milliseconds(told["as_of"])
                assert profiles.sweep_ms // DAY_MS == as_of // DAY_MS
                read = features(profiles, np.array([row]), as_of)[0]
                assert [told[one] for one in schema.FEATURES] == read.tolist()
                assert {one: told[one] for one in ("country", "preferred_category")} == labels(
                    profiles, row
                )
                self._check_standing(task, row, stands.get(name))
        assert set(found) == there
        assert set(stands) <= there

    def _check_standing(self, task: Any, row: int, told: dict[str, Any] | None) -> None:
        state = task.state.lenses.get("value")
        standing = state.standings[row] if state and row < len(state.standings) else None
        if standing is None or standing["sequence"] == 0:
            assert told is None
            return
        assert told is not None
        segment = state.lens.segment(int(standing["segment"]))
        assert told["segment_id"] == (segment.id if segment else None)
        assert told["sequence"] == standing["sequence"]
        assert milliseconds(told["since"]) == standing["left_ms"]


def lived(shop: Shop) -> None:
    """A model, two weeks, what a snapshot expects, an erasure, another model."""
    shop.promote()
    shop.go_on(10)
    shop.expect()
    shop.tasks.erase("c5")
    shop.go_on(4, checkpoint=True)
    shop.promote()
    shop.go_on(2)


def table(store: Store, of: sa.Table) -> list[dict[str, Any]]:
    key = list(of.primary_key)
    with store.reading() as connection:
        found = connection.execute(sa.select(of).order_by(*key)).mappings().all()
    return [dict(row) for row in found]


def everything(store: Store) -> dict[str, list[dict[str, Any]]]:
    """All that doesn't depend on when a sink came by."""
    found = {one.name: table(store, one) for one in schema.metadata.sorted_tables}
    passing = ("as_of", "confidence", "refreshed_at", *schema.FEATURES)
    for name in ("customers", "customer_segments", "partitions"):
        for row in found[name]:
            for column in passing:
                row.pop(column, None)
    return found


def as_message(row: dict[str, Any]) -> SegmentChange:
    refs = {
        end: row[f"{end}_id"] and {"id": row[f"{end}_id"], "name": row[f"{end}_name"]}
        for end in ("previous", "current")
    }
    fields = {key: value for key, value in row.items() if key in SegmentChange.model_fields}
    fields["reasons"] = [{**one} for one in row["reasons"]]
    return SegmentChange.model_validate({**fields, **refs}, strict=False)
