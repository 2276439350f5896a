"""Where one customer stands in a lens: segment, distances, confidence, and how near the next is.

Measured again, with the centroids as the partition's learner has moved them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stream.contracts.segment import SegmentRef
from stream.errors import InvalidMessage
from stream.model.arrays import Shapes
from stream.model.assignment import measure, posterior
from stream.model.distances import distances_by_segment, margin_among
from stream.model.lens import compile_lens
from stream.profile.catalogue import features

if TYPE_CHECKING:
    from consumers.worker.models import LogModels
    from stream.blocks.head import LensHead
    from stream.blocks.restored import Restored
    from stream.profile.state import Profiles


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a customer stands in a lens."""

    lens: str
    model_version: int
    segment: SegmentRef | None
    changes: int
    distances: tuple[tuple[SegmentRef, float], ...]
    """To each learned segment, the nearest first."""

    confidence: float | None
    """How likely the segment is; None in a rule segment or none."""

    margin: float | None
    """By how much farther the next segment is; below 0 it is nearer, but not by enough to move."""


def standing_of(
    head: LensHead, restored: Restored, profiles: Profiles, row: int, models: LogModels
) -> Standing:
    """Measured with the centroids as this partition's learner has moved them."""
    model = models.model(head.version).lens(head.name)
    if model is None:
        raise InvalidMessage(f"model {head.version} has no lens {head.name!r}, but profiles do")
    shapes = Shapes(np.array(head.positions), np.array(head.centroid_segments, np.int64))
    lens = compile_lens(model, head.version).with_shapes(shapes)
    refs = [SegmentRef(id=id_, name=name) for id_, name in head.segments]
    values = features(profiles, np.array([row]), profiles.sweep_ms, lens.needs)
    squared = np.empty(len(lens.shapes.segments))
    measure(lens.shapes.positions, lens.space.project(values)[0], squared)
    standing = restored.standings(head.name)[row]
    code = int(standing["segment"])
    distances = distances_by_segment(lens.shapes.segments, squared)
    variance = lens.arrays.knobs.variance
    return Standing(
        head.name,
        head.version,
        refs[code] if code >= 0 else None,
        int(standing["sequence"]),
        tuple((refs[one], away) for one, away in distances.items()),
        float(posterior(lens.shapes.segments, squared, code, variance))
        if code in distances
        else None,
        margin_among(distances, code),
    )
