"""The columns that a snapshot has for each customer, made from a moment and its fits.

`docs/history.md` says what each means. Two underscores part the lens from what is said of it: no
lens and no feature has two in its name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from stream.contracts.scores import LISTS, NUMBERS
from stream.model.arrays import NEVER, NONE, Shapes
from stream.model.assignment import assign

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from snapshot.batch_fit import BatchFit
    from snapshot.enriching import Scores
    from snapshot.moment import Moment
    from stream.contracts.lens import Centroid
    from stream.contracts.segment import SegmentRef
    from stream.model.arrays import Floats, Ints

CUSTOMER, PARTITION, LAST_PURCHASE = "customer_id", "partition", "last_purchase"
SEGMENT_ID, SEGMENT, BATCH_ID, BATCH = "segment_id", "segment", "batch_segment_id", "batch_segment"
CONFIDENCE, OUTLIER_SCORE, OUTLIER = "confidence", "outlier_score", "outlier"
SCORED = (*NUMBERS, *LISTS)
"""What is expected of a customer: no feature is called so."""


@dataclass(frozen=True, slots=True, eq=False)
class LensColumns:
    """What is said of every customer in one lens; codes are places in the tuples of segments."""

    name: str
    version: int | None
    segments: tuple[SegmentRef, ...]
    published: Ints
    batch_segments: tuple[SegmentRef, ...]
    batch: Ints
    active: NDArray[np.bool_]
    """Who was fitted on or screened; of the others the fit says nothing."""

    confidence: NDArray[np.float32]
    outlier_scores: NDArray[np.float32]
    outliers: NDArray[np.bool_]


def of_lens(lens: str, feature: str) -> str:
    """
    >>> of_lens("value", SEGMENT_ID)
    'value__segment_id'
    """
    return f"{lens}__{feature}"


def lens_columns(name: str, moment: Moment, fit: BatchFit | None) -> LensColumns:
    """A lens that tasks have, or a fit has, or both."""
    at, count = moment.lenses.get(name), len(moment)
    batch = np.full(count, NONE, np.int64)
    refs: tuple[SegmentRef, ...] = ()
    active = fit.active if fit else np.zeros(count, np.bool_)
    confidence, scores = (np.zeros(count, np.float32) for _ in range(2))
    outliers = np.zeros(count, np.bool_)
    if fit is not None:
        refs, codes = _segments_of(fit.lens.centroids)
        batch[active] = np.append(codes, NONE)[np.maximum(fit.labels, NONE)]
        confidence[active] = _confidence(fit, codes)
        scores[active], outliers[active] = fit.outlier_scores, fit.outliers
    return LensColumns(
        name=name,
        version=at.version if at else None,
        segments=at.segments if at else (),
        published=at.published if at else np.full(count, NONE, np.int64),
        batch_segments=refs,
        batch=batch,
        active=active,
        confidence=confidence,
        outlier_scores=scores,
        outliers=outliers,
    )


def customers_table(
    moment: Moment, lenses: Sequence[LensColumns], first: int, count: int, scores: Scores | None
) -> pa.Table:
    """So many customers from this one on."""
    rows, table = slice(first, first + count), moment.table
    last_ms = table.last_purchase_ms[rows]
    columns: dict[str, pa.Array] = {
        CUSTOMER: pa.array(table.ids[rows], pa.string()),
        PARTITION: pa.array(moment.partition[rows].astype(np.int32)),
        LAST_PURCHASE: pa.array(last_ms, pa.timestamp("ms", "UTC"), mask=last_ms == NEVER),
    }
    for place, name in enumerate(table.names):
        columns[name] = pa.array(np.ascontiguousarray(table.features[rows, place]))
    for lens in lenses:
        columns.update(_columns(lens, rows))
    if scores is not None:
        columns.update(_scored(scores, rows))
    return pa.table(columns)


def _scored(scores: Scores, rows: slice) -> Iterator[tuple[str, pa.Array]]:
    """Null is what could not be told; nothing recommended is an empty list."""
    for name in NUMBERS:
        yield name, pa.array(scores.numbers[name][rows], pa.float64(), from_pandas=True)
    for name in LISTS:
        yield name, pa.array(scores.products[name][rows], pa.list_(pa.string()))


def _columns(lens: LensColumns, rows: slice) -> Iterator[tuple[str, pa.Array]]:
    published, batch, unknown = lens.published[rows], lens.batch[rows], ~lens.active[rows]
    yield of_lens(lens.name, SEGMENT_ID), _coded(published, [ref.id for ref in lens.segments])
    yield of_lens(lens.name, SEGMENT), _coded(published, [ref.name for ref in lens.segments])
    yield of_lens(lens.name, BATCH_ID), _coded(batch, [ref.id for ref in lens.batch_segments])
    yield of_lens(lens.name, BATCH), _coded(batch, [ref.name for ref in lens.batch_segments])
    yield of_lens(lens.name, CONFIDENCE), pa.array(lens.confidence[rows], mask=unknown)
    yield of_lens(lens.name, OUTLIER_SCORE), pa.array(lens.outlier_scores[rows], mask=unknown)
    yield of_lens(lens.name, OUTLIER), pa.array(lens.outliers[rows], mask=unknown)


def _coded(codes: Ints, texts: list[str]) -> pa.DictionaryArray:
    """A text for each code; nothing for none. Two segments may have one name."""
    distinct = list(dict.fromkeys(texts))
    places = np.array([*map(distinct.index, texts), NONE], np.int32)[np.maximum(codes, NONE)]
    indices = pa.array(places, pa.int32(), mask=places == NONE)
    return pa.DictionaryArray.from_arrays(indices, pa.array(distinct, pa.string()))


def _segments_of(centroids: Sequence[Centroid]) -> tuple[tuple[SegmentRef, ...], Ints]:
    """The segments, and for each centroid the place of its own; several may share one."""
    refs = {one.segment.id: one.segment for one in centroids}
    places = {segment_id: place for place, segment_id in enumerate(refs)}
    codes = np.array([places[one.segment.id] for one in centroids], np.int64)
    return tuple(refs.values()), codes


def _confidence(fit: BatchFit, codes: Ints) -> Floats:
    """How sure the fit is of the segment that is nearest."""
    positions = np.array([one.position for one in fit.lens.centroids], np.float64)
    return assign(Shapes(positions, codes), fit.points, fit.lens.pooled_variance).confidence
