"""Lenses as a snapshot would publish them, and hypothesis' ways to make others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from stream.contracts.lens import (
    Centroid,
    LensModel,
    ModelFeature,
    Rule,
    RuleSegment,
    Shrinkage,
    Transform,
    Transition,
)
from stream.contracts.segment import SegmentRef

if TYPE_CHECKING:
    from collections.abc import Sequence

DORMANT = RuleSegment(
    segment=SegmentRef(id="value-dormant", name="Dormant"), rule=Rule.DORMANT, after_days=90.0
)
NO_NET_SPEND = RuleSegment(
    segment=SegmentRef(id="value-no-net-spend", name="No net spend"), rule=Rule.NO_NET_SPEND
)


def ref(number: int) -> SegmentRef:
    return SegmentRef(id=f"value-{number}", name=f"Segment {number}")


def centroids(positions: Sequence[Sequence[float]], numbers: Sequence[int] = ()) -> list[Centroid]:
    numbers = numbers or range(1, len(positions) + 1)
    pairs = zip(numbers, positions, strict=True)
    return [Centroid(segment=ref(number), position=tuple(where)) for number, where in pairs]


def value_lens(
    positions: Sequence[Sequence[float]] = ((0.0, 0.0, 0.0), (2.0, 2.0, 2.0), (4.0, 4.0, 4.0)),
    numbers: Sequence[int] = (),
    transition: Transition | None = None,
) -> LensModel:
    names = ("orders_d90", "spend_d90", "lines_d90")
    return LensModel(
        lens="value",
        features=tuple(
            ModelFeature(name=name, transform=Transform.LOG1P, centre=1.0, scale=0.5 + axis)
            for axis, name in enumerate(names)
        ),
        centroids=tuple(centroids(positions, numbers)),
        pooled_variance=0.7,
        rule_segments=(DORMANT, NO_NET_SPEND),
        transition=transition or Transition(),
        next_segment=9,
    )


def plain_lens(
    positions: Sequence[Sequence[float]],
    numbers: Sequence[int] = (),
    *,
    rules: tuple[RuleSegment, ...] = (),
    transition: Transition | None = None,
) -> LensModel:
    """A lens whose points are its features."""
    features = [
        ModelFeature(name=f"f{axis}", transform=Transform.IDENTITY, centre=0.0, scale=1.0)
        for axis in range(len(positions[0]))
    ]
    return LensModel(
        lens="plain",
        features=tuple(features),
        centroids=tuple(centroids(positions, numbers)),
        pooled_variance=1.0,
        rule_segments=rules,
        transition=transition or Transition(),
        next_segment=9,
    )


coordinates = st.integers(-4, 4).map(float) | st.floats(-5, 5)
scales = st.floats(0.1, 10)
units = st.sampled_from([1.0, 0.003, 17.8])
shrinkages = st.builds(Shrinkage, toward=st.floats(0, 1), weight=st.sampled_from([0.0, 1.0, 2.0]))


@st.composite
def lenses(draw: st.DrawFn) -> LensModel:
    """Any lens: all transforms, shrunk or not, several centroids a segment, with and without
    rules, every margin and guard."""
    axes = draw(st.integers(1, 5))
    features = []
    for axis in range(axes):
        transform = draw(st.sampled_from(list(Transform)))
        shrinkage = draw(shrinkages) if transform is Transform.ARCSINE_SQRT else None
        name = f"share{axis}_d{draw(st.sampled_from([30, 90]))}" if shrinkage else f"f{axis}"
        features.append(
            ModelFeature(
                name=name,
                transform=transform,
                unit=draw(units),
                centre=draw(coordinates),
                scale=draw(scales),
                shrinkage=shrinkage,
            )
        )
    count = draw(st.integers(1, 6))
    where = draw(st.lists(st.tuples(*[coordinates] * axes), min_size=count, max_size=count))
    numbers = draw(st.lists(st.integers(1, 4), min_size=count, max_size=count))
    rules = draw(st.sampled_from([(), (DORMANT,), (DORMANT, NO_NET_SPEND), (NO_NET_SPEND,)]))
    return LensModel(
        lens="value",
        features=tuple(features),
        centroids=tuple(centroids(where, numbers)),
        pooled_variance=draw(scales),
        rule_segments=rules,
        transition=Transition(
            margin=draw(st.sampled_from([0.0, 0.1, 0.5])),
            return_guard_days=draw(st.sampled_from([0.0, 1.0, 7.0])),
        ),
        next_segment=9,
    )
