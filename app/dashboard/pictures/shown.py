"""A segment as pictures show it, and who of some customers is in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.dashboard.theme import NOWHERE, colour

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from app.queries.views import SegmentView


@dataclass(frozen=True, slots=True)
class Shown:
    """A segment, with the colour that it has on every page."""

    id: str
    name: str
    colour: str


def shown(segments: Sequence[SegmentView]) -> list[Shown]:
    """Each in its colour; those that rules make come last."""
    ordered = sorted(segments, key=lambda one: one.kind == "rule")
    return [Shown(one.segment_id, one.name, colour(one.segment_id)) for one in ordered]


def members(
    known: Sequence[Shown], segments: Sequence[str | None]
) -> Iterator[tuple[Shown, NDArray[np.bool_]]]:
    """For each segment that has any, which of the customers are in it; the rest come last.

    >>> green = Shown("value-1", "Champions", "#2e9a5b")
    >>> [(one.name, there.tolist()) for one, there in members([green], ["value-1", None])]
    [('Champions', [True, False]), ('no segment', [False, True])]
    """
    ids = np.array([segment or "" for segment in segments], dtype=str)
    left = np.ones(len(ids), np.bool_)
    for one in known:
        there = ids == one.id
        left &= ~there
        if there.any():
            yield one, there
    if left.any():
        yield Shown("", "no segment", NOWHERE), left
