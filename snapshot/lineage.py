"""What happened to segments when a model was renewed, with whom they share their members.

Only what an alignment shows: a segment whose members stayed together is not mentioned.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stream.contracts.segment_event import Happened, Kinship, SegmentEvent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from snapshot.alignment import Alignment
    from snapshot.refitting import Refit
    from stream.contracts.lens import LensModel
    from stream.contracts.segment import SegmentRef
    from stream.model.arrays import Ints


@dataclass(frozen=True, slots=True)
class Renewal:
    """Which version came after which, and when."""

    version: int
    previous: int | None
    instant: datetime
    created_at: datetime


def lineage(refit: Refit, renewal: Renewal) -> tuple[SegmentEvent, ...]:
    """The events of one lens: born first, so that whoever reads on knows the segments named."""
    lens, alignment = refit.fit.lens, refit.alignment
    after = [centroid.segment for centroid in lens.centroids]
    family = _Family(lens.lens, refit.before, after, alignment, renewal)
    return (
        *(family.of_new(Happened.BORN, place) for place in alignment.born()),
        *(family.of_old(Happened.SPLIT, place) for place in alignment.split()),
        *(family.of_new(Happened.MERGED, place) for place in alignment.merged()),
        *(family.of_old(Happened.RETIRED, place) for place in alignment.retired()),
        *family.renamed(),
    )


def renamed_rules(
    before: LensModel, after: LensModel, customers: Mapping[str | None, int], renewal: Renewal
) -> tuple[SegmentEvent, ...]:
    """Segments made by rules that are called otherwise now: nothing else happens to them.

    `customers` has how many are in each.
    """
    names = {rule.segment.id: rule.segment.name for rule in before.rule_segments}
    return tuple(
        SegmentEvent(
            lens=after.lens,
            segment=rule.segment,
            happened=Happened.RENAMED,
            previous_name=names[rule.segment.id],
            customers=customers.get(rule.segment.id, 0),
            model_version=renewal.version,
            previous_model_version=renewal.previous,
            occurred_at=renewal.instant,
            observed_at=renewal.created_at,
        )
        for rule in after.rule_segments
        if names.get(rule.segment.id, rule.segment.name) != rule.segment.name
    )


@dataclass(frozen=True, slots=True)
class _Family:
    lens: str
    before: Sequence[SegmentRef]
    after: Sequence[SegmentRef]
    alignment: Alignment
    renewal: Renewal

    def of_new(
        self, happened: Happened, place: int, previous_name: str | None = None
    ) -> SegmentEvent:
        """What happened to one that is there now."""
        shared = self.alignment.shared[:, place]
        jaccard = self.alignment.jaccard[:, place].tolist()
        return self._event(
            happened,
            self.after[place],
            customers=int(shared.sum()),
            came_from=_kin(self.before, shared, jaccard),
            previous_name=previous_name,
        )

    def of_old(self, happened: Happened, place: int) -> SegmentEvent:
        """What became of one that was there before."""
        shared = self.alignment.shared[place]
        jaccard = self.alignment.jaccard[place].tolist()
        return self._event(
            happened,
            self._newly_named(self.before[place]),
            customers=int(shared.sum()),
            went_to=_kin(self.after, shared, jaccard),
        )

    def renamed(self) -> list[SegmentEvent]:
        """Those that have another name than before."""
        names = {segment.id: segment.name for segment in self.before}
        pairs = [(place, names.get(now.id)) for place, now in enumerate(self.after)]
        return [
            self.of_new(Happened.RENAMED, place, previous_name=name)
            for place, name in pairs
            if name is not None and name != self.after[place].name
        ]

    def _newly_named(self, segment: SegmentRef) -> SegmentRef:
        return next((now for now in self.after if now.id == segment.id), segment)

    def _event(
        self,
        happened: Happened,
        segment: SegmentRef,
        *,
        customers: int,
        came_from: tuple[Kinship, ...] = (),
        went_to: tuple[Kinship, ...] = (),
        previous_name: str | None = None,
    ) -> SegmentEvent:
        return SegmentEvent(
            lens=self.lens,
            segment=segment,
            happened=happened,
            previous_name=previous_name,
            came_from=came_from,
            went_to=went_to,
            customers=customers,
            model_version=self.renewal.version,
            previous_model_version=self.renewal.previous,
            occurred_at=self.renewal.instant,
            observed_at=self.renewal.created_at,
        )


def _kin(
    others: Sequence[SegmentRef], shared: Ints, jaccard: Sequence[float]
) -> tuple[Kinship, ...]:
    """The largest first; of equals the first."""
    whole = int(shared.sum())
    order = np.argsort(-shared, kind="stable").tolist()
    return tuple(
        Kinship(
            segment=others[place],
            customers=int(shared[place]),
            share=int(shared[place]) / whole,
            jaccard=jaccard[place],
        )
        for place in order
        if shared[place]
    )
