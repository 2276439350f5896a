"""A lens of a published model, compiled: what tasks hold from one `Promote` to the next.

Segments have codes here, their places in `segments`: learned ones first, in the order of their
centroids, then rule segments. Codes belong to one version; `codes_in` carries them to the next.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from stream.contracts.lens import Learning, Rule
from stream.errors import FeatureError
from stream.model.arrays import (
    DORMANT,
    NO_NET_SPEND,
    NONE,
    Knobs,
    LensArrays,
    Rules,
    Shapes,
)
from stream.model.space import LARGEST_COORDINATE, Space, net_spend_of, space_of
from stream.model.standing import codes_in
from stream.times import DAY_MS

if TYPE_CHECKING:
    from stream.contracts.lens import LensModel
    from stream.contracts.segment import SegmentRef
    from stream.model.arrays import Floats, Ints

KINDS = {Rule.DORMANT: DORMANT, Rule.NO_NET_SPEND: NO_NET_SPEND}


@dataclass(frozen=True, slots=True)
class Lens:
    """One way of looking, in one version of the model."""

    name: str
    version: int
    space: Space
    arrays: LensArrays
    segments: tuple[SegmentRef, ...]
    learning: Learning
    shown: tuple[str, ...]
    """The features that customers are compared by: an axis each."""

    @property
    def needs(self) -> tuple[str, ...]:
        """The columns of features that kernels take, in this order."""
        return self.space.needs

    @property
    def shapes(self) -> Shapes:
        return self.arrays.shapes

    def segment(self, code: int) -> SegmentRef | None:
        """The segment of a code; none of `NONE`."""
        return None if code == NONE else self.segments[code]

    def with_shapes(self, shapes: Shapes) -> Lens:
        """The same lens with its centroids elsewhere: after a sweep, or as a block has them."""
        positions = np.array(shapes.positions, np.float64, order="C")
        if positions.ndim != 2 or positions.shape[1] != self.space.dimensions:
            raise FeatureError(f"centroids should have {self.space.dimensions} coordinates each")
        if not len(positions) or not (abs(positions) <= LARGEST_COORDINATE).all():
            raise FeatureError("there should be centroids, and within the space")
        moved = Shapes(positions, np.array(shapes.segments, np.int64))
        arrays = self.arrays._replace(shapes=moved)
        return replace(self, arrays=arrays)

    def with_positions(self, positions: Floats) -> Lens:
        """The same with the same centroids in other places."""
        return self.with_shapes(Shapes(positions, self.shapes.segments))

    def codes_in(self, newer: Lens) -> Ints:
        """For each code here the code of the same segment there, or `GONE`."""
        return codes_in(*([segment.id for segment in lens.segments] for lens in (newer, self)))


def compile_lens(model: LensModel, version: int) -> Lens:
    """The lens as kernels take it. Models were validated when they were read."""
    learned = {centroid.segment.id: centroid.segment for centroid in model.centroids}
    ruled = {rule.segment.id: rule.segment for rule in model.rule_segments}
    segments = learned | ruled
    codes = {segment_id: code for code, segment_id in enumerate(segments)}
    nets = any(rule.rule is Rule.NO_NET_SPEND for rule in model.rule_segments)
    net_spend = net_spend_of([feature.name for feature in model.features])
    space = space_of(model.features, [net_spend] if nets else [])
    shapes = Shapes(
        np.array([centroid.position for centroid in model.centroids]),
        np.array([codes[centroid.segment.id] for centroid in model.centroids], np.int64),
    )
    knobs = Knobs(
        learned=len(learned),
        margin=float(model.transition.margin),
        guard_ms=days_ms(model.transition.return_guard_days),
        variance=float(model.pooled_variance),
    )
    arrays = LensArrays(space.axes, shapes, _rules(model, codes, space, net_spend), knobs)
    return Lens(
        name=model.lens,
        version=version,
        space=space,
        arrays=arrays,
        segments=tuple(segments.values()),
        learning=model.learning,
        shown=space.needs[: space.dimensions],
    )


def days_ms(days: float) -> int:
    return round(days * DAY_MS)


def _rules(model: LensModel, codes: dict[str, int], space: Space, net_spend: str) -> Rules:
    rules = model.rule_segments
    return Rules(
        kind=np.array([KINDS[rule.rule] for rule in rules], np.int64),
        after_ms=np.array([days_ms(rule.after_days or 0) for rule in rules], np.int64),
        segment=np.array([codes[rule.segment.id] for rule in rules], np.int64),
        spend_column=space.needs.index(net_spend) if net_spend in space.needs else -1,
    )
