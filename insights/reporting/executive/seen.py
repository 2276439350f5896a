"""What a report is made from: the snapshots at its ends, and what was said on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from insights.reporting.executive.heard import Heard

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from insights.arrays import Floats
    from insights.playbook.plays import Playbook
    from insights.reporting.executive.report import Period
    from snapshot.history.migrating import Migrations
    from snapshot.moment import LensAt, Moment
    from stream.contracts.drift import DriftReport, LensDrift
    from stream.contracts.insight_report import InsightReport
    from stream.contracts.lens import LensModel
    from stream.contracts.model import SegmentModel
    from stream.contracts.segment_event import SegmentEvent

NOTHING_HEARD = Heard()


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A snapshot."""

    moment: Moment
    drift: DriftReport | None = None
    scores: Mapping[str, Floats] | None = None
    """`clv`, `probability_alive`, `churn_risk`: a number a customer, NaN where it isn't known."""

    insights: InsightReport | None = None

    def lens(self, name: str) -> LensAt | None:
        return self.moment.lenses.get(name)

    def drift_of(self, lens: str) -> LensDrift | None:
        return (
            next((one for one in self.drift.lenses if one.lens == lens), None)
            if self.drift
            else None
        )

    def score(self, name: str) -> Floats | None:
        """None where it is known of nobody."""
        found = self.scores.get(name) if self.scores else None
        return None if found is None or np.isnan(found).all() else found

    def column(self, name: str) -> Floats | None:
        """A feature; None where the snapshot doesn't have it."""
        table = self.moment.table
        return table.columns([name])[:, 0] if name in table.names else None


@dataclass(frozen=True, slots=True, eq=False)
class Story:
    """A period between two snapshots, and the one before it to compare it with."""

    period: Period
    main_lens: str
    now: Seen
    before: Seen | None
    earlier: Seen | None
    """As long before `before` as that is before `now`."""

    model: SegmentModel | None
    """The one at work at the end."""

    migrations: Sequence[Migrations]
    """Between `before` and `now`, of the lenses that are in both."""

    events: Sequence[SegmentEvent]
    """Of the period, the oldest first."""

    drifts: Sequence[DriftReport]
    """Of the snapshots after the beginning up to the end, the oldest first."""

    playbook: Playbook
    heard: Heard = NOTHING_HEARD
    """From the log, where it was at hand."""

    def lens_model(self, lens: str) -> LensModel | None:
        return self.model.lens(lens) if self.model else None

    def rules(self, lens: str) -> frozenset[str]:
        """The segments of a lens that rules make."""
        drift, model = self.now.drift_of(lens), self.lens_model(lens)
        told = {one.segment.id for one in drift.segments if not one.learned} if drift else set()
        made = {rule.segment.id for rule in model.rule_segments} if model else set()
        return frozenset(told | made)


def are_in(lens: LensAt, segments: frozenset[str]) -> NDArray[np.bool_]:
    """For each customer whether their published segment is one of these."""
    wanted = np.array([*(ref.id in segments for ref in lens.segments), False], np.bool_)
    found: NDArray[np.bool_] = wanted[lens.published]
    return found
