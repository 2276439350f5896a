"""One snapshot after the other: a midnight read, reconciled, kept as Parquet and published.

Killed at any step it leaves no half of anything: what counts is the drift report, which is
published last and together with all the rest, and which says where to go on.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from snapshot.choices import choices_of
from snapshot.due import Due, due_now, missed
from snapshot.enriching import enriched
from snapshot.flapping import Flaps
from snapshot.marks import Marks
from snapshot.moment import moment_of
from snapshot.not_promoting import as_it_may_be, missed_report
from snapshot.past import past_moments
from snapshot.published import published_reports
from snapshot.publishing import Publication, Publisher
from snapshot.reading_at import Missed, partitions_at
from snapshot.reconciling import Known, Reconciled, reconcile
from snapshot.scored import insight_messages
from stream.contracts.instant import milliseconds
from stream.log.closing import ClosingMixin
from stream.model.change import instant
from stream.profile.catalogue import catalogue
from stream.settings.lenses import lens_specs

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime

    from snapshot.choices import Choices
    from snapshot.enriching import Enriched, Enricher
    from snapshot.moment import Moment, PartitionAt
    from stream.cadence import EventCadence
    from stream.contracts.drift import DriftReport
    from stream.contracts.model import SegmentModel
    from stream.log.seam import Log
    from stream.profile.layout import Rows
    from stream.settings import Settings
    from stream.settings.lenses import LensSpec
    from stream.topics import Topics

    Reconcile = Callable[[Moment, Known, Sequence[LensSpec], Choices, datetime], Reconciled]

CUT_AT_MOST = 5
"""So many times a truncation may come between choosing a midnight and reading it."""


class Store(Protocol):
    """What a job asks of the history."""

    def write(
        self, moment: Moment, reconciled: Reconciled, enriched: Enriched | None
    ) -> object: ...
    def instants(self) -> Sequence[int]: ...
    def read(self, instant_ms: int) -> Moment: ...
    def obey(self, graves: Rows) -> int: ...
    def retain(
        self, count: int | None, days: float | None, besides: Collection[int]
    ) -> Collection[int]: ...


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """A snapshot that was published."""

    moment: Moment
    reconciled: Reconciled
    passed_over: list[int]
    """Midnights that were due since the one before, and could not be read any more."""

    enriched: Enriched | None = None
    """What was said of customers besides; None where nobody was asked."""


@dataclass(frozen=True, slots=True)
class WasMissed:
    """A midnight was due, and can't be read any more: that was published."""

    report: DriftReport


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing is due."""

    why: str


class SnapshotJob(ClosingMixin):
    """Takes snapshots of one prefix, one a call.

    `cadence` is one in event time, or None for the latest midnight there is. Where nothing is
    due, nobody else's publishing is disturbed.
    """

    def __init__(
        self,
        log: Log,
        topics: Topics,
        settings: Settings,
        store: Store,
        cadence: EventCadence | None,
        now: Callable[[], datetime],
        reconciling: Reconcile = reconcile,
        enrichers: Sequence[Enricher] = (),
    ) -> None:
        self._log, self._topics, self._settings = log, topics, settings
        self._store, self._cadence, self._now = store, cadence, now
        self._reconcile, self._enrichers = reconciling, enrichers
        self._last_ms = _last_ms(published_reports(log, topics.drift))
        self._obeyed = -1
        with ExitStack() as opened:
            self._marks = opened.enter_context(Marks(log, topics, settings))
            self._flaps = opened.enter_context(Flaps(log, topics.changes))
            self._opened = opened.pop_all()

    def take(self) -> Taken | WasMissed | Nothing:
        """The next snapshot.

        1. See who was erased since, and what is due; only then
        2. take the publisher's name over, and learn what was published last, perhaps by another.
        3. Read all partitions at the midnight, reconcile, ask what is to be expected of
           customers, and keep it as Parquet.
        4. Publish all of it in one transaction.
        """
        self._marks.read_on()  # 1
        self._obey()
        why = self._nothing_is_due()
        if why is not None:
            return Nothing(why)
        with Publisher(self._log, self._topics) as publisher:  # 2
            self._last_ms = _last_ms(publisher.reports)
            for _ in range(CUT_AT_MOST):
                due = due_now(self._marks.midnights, self._cadence, self._last_ms)
                if due is None:
                    return self._missed(publisher)
                try:
                    partitions = self._partitions(due)  # 3
                except Missed:
                    self._marks.read_on()
                    continue
                return self._publish(publisher, due, partitions)
        return Nothing("the midnights that were due were cut off before they could be read")

    def close(self) -> None:
        self._opened.close()

    def _nothing_is_due(self) -> str | None:
        unread = self._marks.unread()
        if unread:
            listed = ", ".join(map(str, unread[:8])) + (" …" if len(unread) > 8 else "")
            return f"nobody has read partition {listed} of {self._topics.transactions} yet"
        if due_now(self._marks.midnights, self._cadence, self._last_ms) or self._missed_ones(None):
            return None
        passed_ms = self._marks.midnights.passed_ms()
        if passed_ms is None:
            return "there are no profiles yet"
        come = f"all partitions have come to {instant(passed_ms):%Y-%m-%d %H:%M}"
        if self._last_ms is None:
            return f"no midnight is due yet: {come}"
        return f"no midnight is due after {instant(self._last_ms):%Y-%m-%d}: {come}"

    def _missed_ones(self, before_ms: int | None) -> list[int]:
        if self._cadence is None:
            return []
        return missed(self._marks.midnights, self._cadence, self._last_ms, before_ms)

    def _partitions(self, due: Due) -> list[PartitionAt]:
        marks = self._marks.midnights.partitions
        return partitions_at(self._log, self._topics, self._settings, marks, due.midnight_ms)

    def _publish(self, publisher: Publisher, due: Due, partitions: list[PartitionAt]) -> Taken:
        moment = self._moment(due, partitions)
        before = self._missed_ones(moment.instant_ms)
        created_at = self._now()
        running = {one.model_version for one in partitions if len(one.profiles)}
        known = self._known(moment, publisher)
        specs, choices = lens_specs(self._settings), choices_of(self._settings)
        found = self._reconcile(moment, known, specs, choices, created_at)
        found = as_it_may_be(found, publisher.last, running, is_newest=due.is_newest)
        told = enriched(moment, self._enrichers, created_at)
        self._store.write(moment, found, told)
        limit = self._topics.max_message_bytes
        insights = insight_messages(moment.table.ids, told, limit) if told else ()
        publication = Publication(found.report, found.model, found.events, insights)
        publisher.publish_all(publication, created_at)  # 4
        self._last_ms = moment.instant_ms
        self._retain(found.model or known.model)
        return Taken(moment, found, before, told)

    def _obey(self) -> None:
        """The history forgets who was erased."""
        graves = np.concatenate([one.graves for one in self._marks.midnights.partitions])
        erasures = int(graves["times"].sum())
        if erasures != self._obeyed:
            self._store.obey(graves)
            self._obeyed = erasures

    def _retain(self, model: SegmentModel | None) -> None:
        """Lets old snapshots go, but not the one that the model was made from."""
        said = self._settings.history
        besides = [milliseconds(model.instant)] if model else []
        self._store.retain(said.keep_count, said.keep_days, besides)

    def _moment(self, due: Due, partitions: list[PartitionAt]) -> Moment:
        """With every feature there is: the history keeps them."""
        half_life_days = self._settings.profiles.half_life_days
        names = [feature.name for feature in catalogue(half_life_days)]
        latest_ms = max(one.profiles.sweep_ms for one in partitions)
        at_ms = latest_ms if due.midnight_ms is None else due.midnight_ms
        return moment_of(partitions, names, at_ms)

    def _known(self, moment: Moment, publisher: Publisher) -> Known:
        """The version that tasks worked with then, which need not be the last one."""
        version = moment.model_version
        model = publisher.models[version - 1] if version else None
        model_ms = milliseconds(model.instant) if model else None
        past = past_moments(self._store, moment.instant_ms, model_ms)
        flaps = self._flaps.rates(moment, publisher.models)
        return Known(model, past, publisher.reports, flaps)

    def _missed(self, publisher: Publisher) -> WasMissed | Nothing:
        """Says so on the topic too, for those who wait for the snapshot."""
        midnights = self._missed_ones(None)
        if not midnights:
            return Nothing("another job has just taken the snapshot that was due")
        created_at = self._now()
        lacking = self._marks.midnights.lacking(midnights[-1])
        report = missed_report(midnights, lacking, created_at)
        publisher.publish_all(Publication(report), created_at)
        self._last_ms = midnights[-1]
        return WasMissed(report)


def _last_ms(reports: Sequence[DriftReport]) -> int | None:
    return max((milliseconds(report.instant) for report in reports), default=None)
