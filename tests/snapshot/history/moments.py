"""Moments with whatever a snapshot can have in them, and what a reconciliation made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snapshot.batch_fit import BatchFit
from snapshot.moment import LensAt, Moment, Running
from snapshot.reconciling import Reconciled
from snapshot.table import CustomerTable
from stream.contracts.alert import Decision, Outcome
from stream.contracts.drift import DriftReport
from stream.contracts.segment_event import Happened, SegmentEvent
from stream.model.arrays import DAY_MS, NEVER, NONE
from stream.model.change import instant
from stream.profile.catalogue import catalogue
from tests.snapshot.logs import NOW, made_by_hand
from tests.stream.model.models import DORMANT, NO_NET_SPEND, ref, value_lens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stream.contracts.model import SegmentModel

JUNE_MS = 1_306_886_400_000
"""2011-06-01T00:00:00Z."""

WEEK_MS = 7 * DAY_MS
EVERYBODY = tuple(f"c{number:04}" for number in range(240))
FEATURES = tuple(feature.name for feature in catalogue())
SEGMENTS = (ref(1), ref(2), ref(3), DORMANT.segment, NO_NET_SPEND.segment)


def moment(
    instant_ms: int = JUNE_MS,
    ids: Sequence[str] = EVERYBODY,
    *,
    seed: int = 0,
    lenses: Sequence[str] = ("value",),
    features: Sequence[str] = FEATURES,
    version: int | None = 3,
) -> Moment:
    """Everybody somewhere, some nowhere; numbers that no short text can hold."""
    rng, count = np.random.default_rng(seed), len(ids)
    last_ms = instant_ms - rng.integers(0, 100 * DAY_MS, count)
    last_ms[rng.random(count) < 0.1] = NEVER
    table = CustomerTable(
        ids=tuple(sorted(ids)),
        names=tuple(features),
        features=rng.lognormal(3, 2, (count, len(features))),
        last_purchase_ms=last_ms,
        instant_ms=instant_ms,
        first_ms=instant_ms - 400 * DAY_MS,
    )
    standing = {name: _lens_at(rng, count, version) for name in lenses if version}
    return Moment(table, rng.integers(0, 2, count), version, standing)


def _lens_at(rng: np.random.Generator, count: int, version: int | None) -> LensAt:
    running = Running(rng.normal(size=(3, 3)), ("value-1", "value-2", "value-3"))
    other = Running(rng.normal(size=(2, 3)), ("value-1", "value-3"))
    published = rng.integers(NONE, len(SEGMENTS), count)
    return LensAt(version or 1, SEGMENTS, published, (running, other))


def fit_of(of: Moment, seed: int = 1) -> BatchFit:
    """Two thirds are active; one of three centroids stands for a segment that another has too."""
    rng = np.random.default_rng(seed)
    active = rng.random(len(of)) < 0.67
    count = int(active.sum())
    labels = rng.integers(0, 3, count)
    points = 2.0 * np.repeat(labels[:, None], 3, axis=1) + rng.normal(0, 0.3, (count, 3))
    scores = rng.random(count)
    lens = value_lens(numbers=(1, 4, 1))
    return BatchFit(lens, active, labels, points, scores, scores > 0.9)


def reconciled(
    of: Moment, fit: BatchFit | None = None, model: SegmentModel | None = None
) -> Reconciled:
    """What the job would hand over with this moment."""
    report = DriftReport(
        instant=instant(of.instant_ms),
        created_at=NOW,
        model_version=of.model_version,
        customers=len(of),
        decision=Decision(outcome=Outcome.KEPT, reasons=("nothing to do",)),
    )
    return Reconciled(report, model, (_born(of),) if model else (), {"value": fit} if fit else {})


def published(version: int = 4) -> SegmentModel:
    return made_by_hand(version)


def _born(of: Moment) -> SegmentEvent:
    return SegmentEvent(
        lens="value",
        segment=ref(4),
        happened=Happened.BORN,
        customers=12,
        model_version=4,
        occurred_at=instant(of.instant_ms),
        observed_at=NOW,
    )


def same(one: Moment, other: Moment) -> None:
    """To the bit."""
    assert one.table.ids == other.table.ids
    assert one.table.names == other.table.names
    assert one.table.features.tobytes() == np.ascontiguousarray(other.table.features).tobytes()
    assert one.table.last_purchase_ms.tolist() == other.table.last_purchase_ms.tolist()
    assert (one.instant_ms, one.table.first_ms) == (other.instant_ms, other.table.first_ms)
    assert one.partition.tolist() == other.partition.tolist()
    assert one.model_version == other.model_version
    assert list(one.lenses) == list(other.lenses)
    for mine, theirs in zip(one.lenses.values(), other.lenses.values(), strict=True):
        assert (mine.version, mine.segments) == (theirs.version, theirs.segments)
        assert mine.published.tolist() == theirs.published.tolist()
        for had, has in zip(mine.running, theirs.running, strict=True):
            assert had.segments == has.segments
            assert had.positions.tobytes() == has.positions.tobytes()
            assert had.positions.shape == has.positions.shape
