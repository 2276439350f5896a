"""Everybody looked at, at once: in a sweep, at a refit, when the first model comes.

In two halves, because a sweep learns between them: first the rules and the points, then the
nearest centroids and the transition rule. Customer by customer it is `look`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stream.compiled import compiled
from stream.model.arrays import NONE, REFUSED, LensArrays, Standings
from stream.model.look import look_from
from stream.model.rules import dated_ms, rule_segment
from stream.model.space import project_row

if TYPE_CHECKING:
    from stream.model.arrays import Floats, Ints
    from stream.model.lens import Lens


@dataclass(frozen=True, slots=True)
class Moves:
    """Who changes segment, in the order of the rows given."""

    rows: Ints
    previous: Ints
    """Codes, `NONE` and `GONE` included, as the standings had them."""

    current: Ints
    at_ms: int
    """The instant of the look; what the return guard counts from."""

    dated_ms: Ints
    """When each change happened: the instant, or when dormancy began."""

    def apply(self, standings: Standings) -> None:
        """Writes the moves into the standings they were made from."""
        standings.segment[self.rows] = self.current
        standings.left[self.rows] = self.previous
        standings.left_ms[self.rows] = self.at_ms


def look_at_all(
    lens: Lens,
    features: Floats,
    last_purchase_ms: Ints,
    standings: Standings,
    at_ms: int,
    *,
    newcomers: bool = False,
    by_rule: bool = False,
) -> Moves:
    """Who moves when everybody is looked at, at a refit or when the first model comes.

    `features` has the columns of `lens.needs`; `standings` are in this lens' codes (`recode`).
    Who has no segment yet is left alone unless `newcomers`. `by_rule` dates dormancy by the last
    purchase, which is right where time alone made it.
    """
    points, current = placed(lens, features, last_purchase_ms, at_ms)
    return settled(
        lens,
        points,
        current,
        standings,
        last_purchase_ms,
        at_ms,
        newcomers=newcomers,
        by_rule=by_rule,
    )


def placed(lens: Lens, features: Floats, last_purchase_ms: Ints, at_ms: int) -> tuple[Floats, Ints]:
    """The first half of a look at everybody: rule segments' codes, and `NONE` with a point for
    those whom no rule has."""
    features = np.ascontiguousarray(features, np.float64)
    points = np.empty((len(features), lens.space.dimensions))
    current = np.empty(len(features), np.int64)
    refused = _place(lens.arrays, features, last_purchase_ms, at_ms, points, current)
    if refused >= 0:
        lens.space.refuse(features[refused])
    return points, current


def settled(
    lens: Lens,
    points: Floats,
    current: Ints,
    standings: Standings,
    last_purchase_ms: Ints,
    at_ms: int,
    *,
    newcomers: bool = False,
    by_rule: bool = False,
) -> Moves:
    """The second half: the nearest centroids, the transition rule, and who moves by it."""
    _settle(lens.arrays, points, standings, at_ms, newcomers, current)
    rows = np.flatnonzero(current != standings.segment)
    entered = current[rows]
    dates = np.full(len(rows), at_ms, np.int64)
    if by_rule:
        _date(lens.arrays, entered, last_purchase_ms[rows], at_ms, dates)
    return Moves(rows, standings.segment[rows], entered, at_ms, dates)


@compiled
def _place(
    lens: LensArrays,
    features: Floats,
    last_purchase_ms: Ints,
    at_ms: int,
    points: Floats,
    current: Ints,
) -> int:
    """Fills in rule segments, and points of the others; the first row that is refused, or -1."""
    for row in range(len(features)):
        ruled = rule_segment(lens.rules, features[row], last_purchase_ms[row], at_ms)
        current[row] = ruled
        if ruled == NONE and project_row(lens.axes, features[row], points[row]) >= 0:
            current[row] = REFUSED
            return row
    return -1


@compiled
def _settle(
    lens: LensArrays,
    points: Floats,
    standings: Standings,
    at_ms: int,
    newcomers: bool,
    current: Ints,
) -> None:
    """Fills in where the others are from now on; who has no segment may be left alone."""
    squared = np.empty(len(lens.shapes.positions))
    for row in range(len(current)):
        segment = standings.segment[row]
        if segment == NONE and not newcomers:
            current[row] = NONE
        elif current[row] == NONE:
            current[row] = look_from(
                lens,
                points[row],
                segment,
                standings.left[row],
                standings.left_ms[row],
                at_ms,
                False,
                squared,
            )


@compiled
def _date(lens: LensArrays, current: Ints, last_purchase_ms: Ints, at_ms: int, dates: Ints) -> None:
    for row in range(len(current)):
        dates[row] = dated_ms(lens.rules, current[row], last_purchase_ms[row], at_ms)
