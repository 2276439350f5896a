"""The published segments of two moments in one set of codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stream.model.arrays import NONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from snapshot.drift.pairing import Pair
    from stream.model.arrays import Ints


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """In the codes of the later moment, and after them those of segments retired since."""

    segments: tuple[str, ...]
    """The id of each code."""

    learned: NDArray[np.bool_]
    """For each code whether it came from a fit."""

    before: Ints
    now: Ints
    before_of_now: Ints
    """For each customer of the later moment the segment before, or `NONE`."""

    def are_learned(self, codes: Ints) -> NDArray[np.bool_]:
        """False for no segment, too."""
        return np.append(self.learned, False)[codes]

    def are_in(self, codes: Ints, segments: Sequence[str]) -> NDArray[np.bool_]:
        """Whether each is one of these segments."""
        return np.isin(codes, [code for code, one in enumerate(self.segments) if one in segments])


def sides_of(pair: Pair, name: str, learned: NDArray[np.bool_]) -> Sides:
    """`learned` says for each segment of the later moment whether it came from a fit."""
    old, new = pair.before.lenses[name], pair.now.lenses[name]
    codes = {segment.id: code for code, segment in enumerate(new.segments)}
    for segment in old.segments:
        codes.setdefault(segment.id, len(codes))
    had_centroids = {segment for part in old.running for segment in part.segments}
    retired = [segment in had_centroids for segment in list(codes)[len(learned) :]]
    recoded = np.array([*(codes[segment.id] for segment in old.segments), NONE], np.int64)
    before = recoded[old.published]
    return Sides(
        segments=tuple(codes),
        learned=np.concatenate([learned, np.array(retired, np.bool_)]),
        before=before,
        now=new.published,
        before_of_now=np.append(before, NONE)[pair.row_before],
    )
