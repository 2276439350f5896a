"""Restored profiles as rows of `customers` and `customer_segments`, many at once.

Features are read at the partition's event time, whatever decays decayed up to there.
"""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING, Protocol

import numpy as np

from consumers.sink import schema
from consumers.sink.rows import Rows, times
from stream.compiled import compiled
from stream.errors import InvalidMessage
from stream.model.arrays import Shapes
from stream.model.assignment import measure, posterior
from stream.model.lens import compile_lens
from stream.profile.catalogue import catalogue, forms
from stream.profile.fading import Clock
from stream.profile.formulas import read_features
from stream.profile.kept import LANDMARK, SWEEP, Bounds
from stream.times import DAY_MS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stream.blocks.head import LensHead
    from stream.blocks.restored import Restored
    from stream.contracts.model import SegmentModel
    from stream.model.arrays import Floats, Ints
    from stream.model.lens import Lens


class Models(Protocol):
    """Where versions are looked up."""

    def model(self, version: int) -> SegmentModel: ...


def customer_rows(state: Restored, rows: Ints) -> Rows:
    """Who these rows' customers are, as of now."""
    read = _features(state, rows, None)
    instant = np.full(len(rows), event_ms(state))
    country, category = _labels(state, rows)
    return Rows(
        schema.customers,
        {
            "customer_id": _ids(state, rows),
            "partition": np.full(len(rows), state.head.partition),
            "as_of": times(instant),
            "country": country,
            "preferred_category": category,
            **{name: read[:, place] for place, name in enumerate(schema.FEATURES)},
        },
    )


def segment_rows(state: Restored, rows: Ints, lens: LensHead, models: Models) -> Rows:
    """Where those of them stand in a lens who ever had a segment there."""
    standings = state.standings(lens.name)[rows]
    ever = standings["sequence"] > 0
    rows, standings = rows[ever], standings[ever]
    names: list[str | None] = [*(segment for segment, _ in lens.segments), None, None]
    return Rows(
        schema.customer_segments,
        {
            "customer_id": _ids(state, rows),
            "lens": [lens.name] * len(rows),
            "segment_id": [names[code] for code in standings["segment"].tolist()],
            "previous_id": [names[code] for code in standings["left"].tolist()],
            "sequence": standings["sequence"].astype(np.int64),
            "since": times(standings["left_ms"]),
            "confidence": _confidence(state, rows, lens, models),
            "model_version": np.full(len(rows), lens.version),
        },
    )


def event_ms(state: Restored) -> int:
    """The partition's event time."""
    return int(state.head.marks[SWEEP])


def half_life_days(state: Restored) -> int:
    return state.head.half_life_ms // DAY_MS


def _ids(state: Restored, rows: Ints) -> list[str]:
    return [state.customer_id(row) for row in rows.tolist()]


def _features(state: Restored, rows: Ints, names: Sequence[str] | None) -> Floats:
    bounds = Bounds(half_life_ms=state.head.half_life_ms)
    wanted = forms(names or [one.name for one in catalogue(half_life_days(state))], bounds)
    clock = Clock(int(state.head.marks[LANDMARK]), state.head.half_life_ms)
    out = np.empty((len(rows), len(wanted)))
    read_features(state.rows, rows, event_ms(state), clock, wanted, out)
    return out


def _labels(state: Restored, rows: Ints) -> tuple[list[str | None], list[str | None]]:
    """`catalogue.labels` of many: the country, and of the categories bought most the largest."""
    profiles, words = state.rows[rows], state.words
    lines, codes = profiles["favoured"].astype(np.uint64), profiles["favourites"]
    most = (lines << np.uint64(32) | codes).max(axis=1)
    bought = np.where(most >> np.uint64(32) > 0, most & np.uint64(0xFFFFFFFF), 0)
    return _words(words, profiles["country"]), _words(words, bought)


def _words(words: Mapping[int, str], codes: Ints) -> list[str | None]:
    return [words.get(code, f"#{code:08x}") if code else None for code in codes.tolist()]


def _confidence(state: Restored, rows: Ints, head: LensHead, models: Models) -> Floats:
    """Measured with the centroids as the partition's learner has moved them."""
    lens = _compiled(head, models)
    points = lens.space.project(_features(state, rows, lens.needs))
    segments = state.standings(head.name)["segment"][rows].astype(np.int64)
    out = np.empty(len(rows))
    variance = lens.arrays.knobs.variance
    _posteriors(lens.shapes, np.ascontiguousarray(points), segments, variance, out)
    out[~np.isin(segments, lens.shapes.segments)] = nan
    return out


def _compiled(head: LensHead, models: Models) -> Lens:
    model = models.model(head.version).lens(head.name)
    if model is None:
        raise InvalidMessage(f"model {head.version} has no lens {head.name!r}, but profiles do")
    shapes = Shapes(np.array(head.positions), np.array(head.centroid_segments, np.int64))
    return compile_lens(model, head.version).with_shapes(shapes)


@compiled
def _posteriors(
    shapes: Shapes, points: Floats, segments: Ints, variance: float, out: Floats
) -> None:
    squared = np.empty(len(shapes.segments))
    for row in range(len(points)):
        measure(shapes.positions, points[row], squared)
        out[row] = posterior(shapes.segments, squared, segments[row], variance)
