"""In what segments differ, among the customers that were drawn: for pages that show how sure it is.

Tests on a sample say little less than on everybody, and take a moment instead of minutes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.dashboard.pictures.radar import AXES
from app.dashboard.pictures.words import BEHAVIOUR
from snapshot.explaining.pairwise import unlike
from snapshot.explaining.significance import differences

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from app.queries.sample import Sample
    from snapshot.explaining.pairwise import Unlike
    from snapshot.explaining.significance import Difference

COMPARED = tuple(dict.fromkeys((*AXES, *BEHAVIOUR)))
"""What segments are compared in, by column."""


def among_all(drawn: Sample, axes: Collection[str]) -> tuple[Difference, ...]:
    """All segments at once, the largest effect first; `axes` are what they were made by."""
    segments = np.array([one or "" for one in drawn.segments], str)
    there = segments != ""
    _, codes = np.unique(segments[there], return_inverse=True)
    features = {name: drawn.features[name][there] for name in COMPARED}
    labels = {
        name: [one for one, is_there in zip(said, there.tolist(), strict=True) if is_there]
        for name, said in drawn.labels.items()
    }
    return differences(codes.astype(np.int64), features, labels, axes)


def between(drawn: Sample, segment_id: str, other_id: str | None) -> dict[str, Unlike]:
    """One segment against another, or against everybody else who is in one."""
    one, other = in_segment(drawn, segment_id), in_segment(drawn, other_id, without=segment_id)
    return unlike(
        {name: drawn.features[name][one] for name in COMPARED},
        {name: drawn.features[name][other] for name in COMPARED},
    )


def in_segment(
    drawn: Sample, segment_id: str | None, without: str | None = None
) -> NDArray[np.bool_]:
    """Who is in a segment; for None in any but `without`."""
    segments = np.array([one or "" for one in drawn.segments], str)
    there: NDArray[np.bool_] = (segments != "") & (segments != (without or ""))
    return there if segment_id is None else there & (segments == segment_id)
