"""What a snapshot comes to, segment by segment: for those who ask what there was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from snapshot.history.columns import SEGMENT_ID, of_lens
from snapshot.history.reading import parts, segment_codes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from snapshot.history.manifest import KeptLens, Manifest
    from stream.contracts.segment import SegmentRef


@dataclass(frozen=True, slots=True)
class SegmentSummary:
    """A segment, or those without one."""

    segment: SegmentRef | None
    customers: int
    share: float
    """Of all customers."""

    means: Mapping[str, float]
    """The mean of each feature asked for; empty where nobody is in it."""


@dataclass(frozen=True, slots=True)
class LensSummary:
    """The published segments of one lens."""

    lens: str
    version: int | None
    segments: tuple[SegmentSummary, ...]
    """In the model's order; those without a segment come last, where there are any."""


def summaries(
    folder: Path, manifest: Manifest, lenses: Sequence[KeptLens], features: Sequence[str]
) -> tuple[LensSummary, ...]:
    """Of these lenses, with the means of these features; reads no other column."""
    there = [lens for lens in lenses if lens.version is not None]
    counts = {lens.lens: np.zeros(len(lens.segments) + 1, np.int64) for lens in there}
    sums = {lens.lens: np.zeros((len(lens.segments) + 1, len(features))) for lens in there}
    columns = [*features, *(of_lens(lens.lens, SEGMENT_ID) for lens in there)]
    for _, part in parts(folder, manifest, columns):
        for lens in there:
            codes = segment_codes(lens, part) % len(counts[lens.lens])  # `NONE` is the last
            counts[lens.lens] += np.bincount(codes, minlength=len(counts[lens.lens]))
            for place, name in enumerate(features):
                np.add.at(sums[lens.lens][:, place], codes, part[name].to_numpy())
    return tuple(
        LensSummary(lens.lens, lens.version, _segments(lens, features, counts, sums, manifest))
        for lens in there
    )


def _segments(
    lens: KeptLens,
    features: Sequence[str],
    counts: Mapping[str, np.ndarray],
    sums: Mapping[str, np.ndarray],
    manifest: Manifest,
) -> tuple[SegmentSummary, ...]:
    found = []
    for segment, count, totals in zip(
        [*lens.segments, None], counts[lens.lens].tolist(), sums[lens.lens], strict=True
    ):
        means = (totals / max(count, 1)).tolist()
        if segment is not None or count:
            shown = dict(zip(features, means, strict=True)) if count else {}
            share = count / max(manifest.customers, 1)
            found.append(SegmentSummary(segment, count, share, shown))
    return tuple(found)
