"""What a backtest counts while it runs, lens by lens: what its summary is made of."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.backtest.changes import Told, lines_of, told_in
from app.backtest.trips import Trips
from stream.contracts.change import Cause
from stream.times import DAY_MS

if TYPE_CHECKING:
    from consumers.task.storing import Output
    from snapshot.moment import Moment
    from snapshot.reconciling import Reconciled
    from stream.contracts.drift import Agreement, LensDrift
    from stream.contracts.lens import LensModel
    from stream.contracts.model import SegmentModel

MONTH_DAYS = 30


@dataclass(slots=True)
class LensTally:
    """What one lens' snapshots found, an entry each where there was something to find."""

    agreement_model: list[float] = field(default_factory=list)
    """Running centroids against the batch clustering just before it."""

    agreement: list[float] = field(default_factory=list)
    """Published segments against it."""

    tracking_gain: list[float] = field(default_factory=list)
    silhouette: list[float] = field(default_factory=list)
    inertia_ratio: list[float] = field(default_factory=list)

    relabelled: list[float] = field(default_factory=list)
    """For each new version after the first the share of active customers that it moved."""

    smallest: list[float] = field(default_factory=list)
    """For each version the smallest learned segment, as a share of the customers fitted on."""

    active: int = 0
    """How many active customers the last snapshot had."""

    active_days: float = 0.0
    """How many days of active customers there were under a model."""

    lately: list[tuple[int, int, float]] = field(default_factory=list)
    """For each snapshot its instant, and the flaps and days of active customers up to it."""

    first_places: dict[str, str] = field(default_factory=dict)
    """The id of the segment that the first model put each customer into."""

    def compare(self, drift: LensDrift, days: float) -> None:
        """Takes down a comparison, so many days after the one before."""
        self.active = drift.active_customers
        self.active_days += drift.active_customers * days
        pairs: tuple[tuple[float | None, list[float]], ...] = (
            (_share(drift.agreement), self.agreement_model),
            (_share(drift.published_agreement), self.agreement),
            (drift.tracking_gain, self.tracking_gain),
            (drift.silhouette, self.silhouette),
            (drift.inertia_ratio, self.inertia_ratio),
        )
        for found, kept in pairs:
            if found is not None:
                kept.append(found)

    def take_up(self, lens: LensModel) -> None:
        """Takes down a version."""
        sizes = [centroid.customers for centroid in lens.centroids]
        if sum(sizes):
            self.smallest.append(min(sizes) / sum(sizes))


@dataclass(slots=True)
class Tally:
    """Of one run."""

    changes: int = 0
    by_cause: Counter[str] = field(default_factory=Counter)
    trips: Trips = field(default_factory=Trips)
    lenses: dict[str, LensTally] = field(default_factory=dict)
    models: int = 0
    snapshots: int = 0
    alerts: Counter[str] = field(default_factory=Counter)
    first_model_ms: int | None = None
    last_ms: int | None = None
    """The last snapshot that had a model to compare."""

    _rules: set[str] = field(default_factory=set)
    _refits: Counter[str] = field(default_factory=Counter)

    def changed(self, output: Output) -> bytes:
        """Counts changes, and gives them as lines of JSON."""
        lines = lines_of(output.changes)
        for change in told_in(lines):
            self._see(change)
        return lines

    def snapshot(self, moment: Moment, found: Reconciled) -> None:
        """Counts what a snapshot found; the changes that it brought were counted before."""
        self.snapshots += 1
        if found.report is not None:
            self.alerts.update(alert.kind.value for alert in found.report.alerts)
            self._compare(moment.instant_ms, found.report.lenses)
        if found.model is not None:
            self._promoted(found.model, moment.instant_ms)
        self._refits.clear()

    def knows(self, model: SegmentModel) -> None:
        """To be told before its changes."""
        self._rules |= {rule.segment.id for lens in model.lenses for rule in lens.rule_segments}

    def flaps(self, instant_ms: int) -> dict[str, float]:
        """Of each lens, per 100 active customers in 30 days, over about the last 30."""
        found = {name: self._flaps(name, lens, instant_ms) for name, lens in self.lenses.items()}
        return {name: rate for name, rate in found.items() if rate is not None}

    def _flaps(self, name: str, lens: LensTally, instant_ms: int) -> float | None:
        begin_ms = instant_ms - MONTH_DAYS * DAY_MS
        before = [one for one in lens.lately if one[0] <= begin_ms]
        _, flaps, days = before[-1] if before else (0, 0, 0.0)
        months = (lens.active_days - days) / MONTH_DAYS / 100.0
        return (self.trips.flaps[name] - flaps) / months if months > 0.0 else None

    def finish(self, instant_ms: int) -> None:
        """The days after the last snapshot count, too."""
        if self.last_ms is not None:
            for lens in self.lenses.values():
                lens.active_days += lens.active * (instant_ms - self.last_ms) / DAY_MS

    def lens(self, name: str) -> LensTally:
        return self.lenses.setdefault(name, LensTally())

    def _see(self, change: Told) -> None:
        self.changes += 1
        self.by_cause[change.cause] += 1
        self.trips.see(change, self._rules)
        if change.cause == Cause.REFIT and change.current and change.current.id not in self._rules:
            self._refits[change.lens] += 1
        if change.cause == Cause.FIRST_MODEL and change.current:
            self.lens(change.lens).first_places[change.customer_id] = change.current.id

    def _compare(self, instant_ms: int, lenses: tuple[LensDrift, ...]) -> None:
        since_ms = self.first_model_ms if self.last_ms is None else self.last_ms
        days = 0.0 if since_ms is None else (instant_ms - since_ms) / DAY_MS
        for drift in lenses:
            self.lens(drift.lens).compare(drift, days)
            tally = self.lens(drift.lens)
            flaps = self.trips.flaps[drift.lens]
            tally.lately.append((instant_ms, flaps, tally.active_days))
        self.last_ms = instant_ms

    def _promoted(self, model: SegmentModel, instant_ms: int) -> None:
        self.models += 1
        for lens in model.lenses:
            tally = self.lens(lens.lens)
            tally.take_up(lens)
            if self.first_model_ms is not None and tally.active:
                tally.relabelled.append(self._refits[lens.lens] / tally.active)
        if self.first_model_ms is None:
            self.first_model_ms = instant_ms


def _share(agreement: Agreement | None) -> float | None:
    return agreement.share if agreement else None
