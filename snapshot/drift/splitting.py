"""Where a learned segment's change of share comes from, in three parts that add up to it:

- mix: customers who came among the active or left them, others in proportion;
- behaviour: what customers who stayed would have changed between the lines as they are now;
- model: the rest of what those who stayed changed, for lines were elsewhere, or a margin held.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from snapshot.drift.standpoints import by_lines_now
from snapshot.drift.young import dormant_in, none_came_back, sums_fill
from stream.contracts.drift import Decomposition

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from snapshot.drift.pairing import Pair
    from snapshot.drift.sides import Sides
    from snapshot.drift.standpoints import ByLinesNow
    from stream.contracts.lens import LensModel
    from stream.model.arrays import Ints


@dataclass(frozen=True, slots=True)
class Split:
    """Where a change of share comes from; nothing of a rule's segment."""

    parts: Decomposition | None = None
    of_youth: float | None = None
    """How much of mix and behaviour young records make by themselves; None where they aren't."""


def splits_of(pair: Pair, running: LensModel, sides: Sides) -> list[Split]:
    """For each code of `sides`."""
    rows_before, rows = pair.in_both
    stayed = sides.are_learned(sides.before[rows_before]) & sides.are_learned(sides.now[rows])
    rows_before, rows = rows_before[stayed], rows[stayed]
    lines = by_lines_now(pair, running.lens, running, rows_before, rows)
    before, now = (side[sides.are_learned(side)] for side in (sides.before, sides.now))
    youth = _effects_of_youth(pair, running, sides, lines)

    def split(code: int) -> Split:
        whole = _gained(code, before, now)
        stayers = _gained(code, sides.before[rows_before], sides.now[rows])
        behaviour = _gained(code, lines.before, lines.now)
        parts = Decomposition(mix=whole - stayers, behaviour=behaviour, model=stayers - behaviour)
        return Split(parts, sum(_gained(code, *effect) for effect in youth) if youth else None)

    return [split(code) if learned else Split() for code, learned in enumerate(sides.learned)]


def _effects_of_youth(
    pair: Pair, running: LensModel, sides: Sides, lines: ByLinesNow
) -> list[tuple[Ints, Ints]]:
    """Customers' segments without each effect and with it."""
    effects = []
    if sums_fill(pair.before, running):
        effects.append((lines.before, lines.moved_alike))
    if none_came_back(pair.before, running):
        fell = _fell_silent(pair, running, sides)
        active = sides.are_learned(sides.before)
        effects.append((sides.before[active], sides.before[active & ~fell]))
    return effects


def _fell_silent(pair: Pair, running: LensModel, sides: Sides) -> NDArray[np.bool_]:
    """For each customer of the earlier moment whether they are dormant in the later one."""
    rows_before, rows = pair.in_both
    fell = np.zeros(len(sides.before), np.bool_)
    fell[rows_before] = sides.are_in(sides.now[rows], dormant_in(running))
    return fell


def _gained(code: int, before: Ints, now: Ints) -> float:
    """By how much the share of a segment is larger now."""
    return _share(now == code) - _share(before == code)


def _share(flags: NDArray[np.bool_]) -> float:
    return float(flags.mean()) if len(flags) else 0.0
