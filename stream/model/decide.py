"""Looks decided one after the other: who moves in a lens, and what was seen of them before.

Kernel for a task's orders; sweeps and refits look at everybody at once (`everybody`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stream.borrowing import borrowed, inlined
from stream.compiled import compiled
from stream.model.arrays import NONE, REFUSED, Axes, LensArrays, Rules, Shapes
from stream.model.look import look
from stream.model.rules import dated_ms
from stream.times import DAY_MS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stream.model.arrays import Floats, Ints
    from stream.model.lens import Lens

    Rows = NDArray[np.void]
    Seen = NDArray[np.float32]


FLAP_MS = 7 * DAY_MS
"""There and back within this is a flap, whatever the return guard is set to."""

CANCELLED_WITHIN_MS = DAY_MS
"""An order taken back whole within this was a mistake, later it is a return."""


class Decided(NamedTuple):
    """The moves among the looks, in their order."""

    looks: Ints
    """Which look it was."""

    previous: Ints
    current: Ints
    sequences: Ints
    dated_ms: Ints
    """When each happened: at the look, or when dormancy began."""

    before: Floats
    """What was seen of the customer the last time; NaN for who was never looked at."""

    flaps: Ints
    """1 where a learned segment was entered again that was left less than 7 days ago."""

    def first(self, count: int) -> Decided:
        looks, previous, current, sequences, dated_ms, before, undone = self
        return Decided(
            looks[:count],
            previous[:count],
            current[:count],
            sequences[:count],
            dated_ms[:count],
            before[:count],
            undone[:count],
        )


def decide(
    lens: Lens,
    rows: Ints,
    at_ms: Ints,
    late: NDArray[np.bool_],
    bypass: NDArray[np.bool_],
    last_purchase_ms: Ints,
    features: Floats,
    standings: Rows,
    seen: Seen,
) -> Decided:
    """Asks the transition rule at each look; changes `standings` and `seen` by row.

    `features` has the columns of `lens.needs`.
    """
    count = len(rows)
    looks, previous, current, sequences, dated, undone = np.zeros((6, count), np.int64)
    before = np.empty((count, features.shape[1]))
    made = Decided(looks, previous, current, sequences, dated, before, undone)
    looked = (rows, at_ms, late, bypass, last_purchase_ms, np.ascontiguousarray(features))
    return made.first(_decide(lens.arrays, *looked, standings, seen, made))


@compiled
def _decide(
    lens: LensArrays,
    rows: Ints,
    at_ms: Ints,
    late: NDArray[np.bool_],
    bypass: NDArray[np.bool_],
    last_purchase_ms: Ints,
    features: Floats,
    standings: Rows,
    seen: Seen,
    made: Decided,
) -> int:
    quick, there, read = _borrowed_lens(lens), borrowed(standings), borrowed(features)
    known, before = borrowed(seen), borrowed(made.before)
    point = np.empty(lens.shapes.positions.shape[1])
    squared = np.empty(len(lens.shapes.positions))
    near, far = borrowed(point), borrowed(squared)
    moved = 0
    for i in range(len(rows)):
        row, now_ms, last_ms = rows[i], int(at_ms[i]), int(last_purchase_ms[i])
        here = there[row]
        segment, left, left_ms = int(here.segment), int(here.left), int(here.left_ms)
        opens = bool(late[i]) or (bool(bypass[i]) and undoes_a_move(left_ms, last_ms, now_ms))
        now = look(quick, read[i], last_ms, segment, left, left_ms, now_ms, opens, near, far)
        if now != REFUSED and now != segment:  # noqa: PLR1714 - compiled
            made.looks[moved], made.previous[moved], made.current[moved] = i, segment, now
            made.flaps[moved] = flaps(segment, left, left_ms, now, now_ms, quick.knobs.learned)
            made.dated_ms[moved] = dated_ms(quick.rules, now, last_ms, now_ms)
            for column in range(known.shape[1]):
                before[moved, column] = known[row, column]
            here.segment, here.left, here.left_ms = now, segment, now_ms
            here.sequence += 1
            made.sequences[moved] = here.sequence
            moved += 1
        for column in range(known.shape[1]):
            known[row, column] = read[i, column]
    return moved


@inlined
def undoes_a_move(left_ms: int, last_purchase_ms: int, at_ms: int) -> bool:
    """Whether an order that was taken back whole made a move by mistake.

    Not a move of before the last purchase, by silence or by a refit. And what was kept for longer
    than a day wasn't cancelled, it was brought back: the move was true when it was made.
    """
    return last_purchase_ms <= left_ms and at_ms <= last_purchase_ms + CANCELLED_WITHIN_MS


@inlined
def _borrowed_lens(lens: LensArrays) -> LensArrays:
    """The same for calls from compiled code, which are many times as quick with it."""
    axes, shapes, rules = lens.axes, lens.shapes, lens.rules
    return LensArrays(
        Axes(
            borrowed(axes.transform),
            borrowed(axes.unit),
            borrowed(axes.centre),
            borrowed(axes.scale),
            borrowed(axes.toward),
            borrowed(axes.weight),
            borrowed(axes.orders_column),
        ),
        Shapes(borrowed(shapes.positions), borrowed(shapes.segments)),
        Rules(
            borrowed(rules.kind),
            borrowed(rules.after_ms),
            borrowed(rules.segment),
            rules.spend_column,
        ),
        lens.knobs,
    )


@compiled
def flaps(segment: int, left: int, left_ms: int, now: int, at_ms: int, learned: int) -> bool:
    """Whether a move undoes the one before it, between learned segments and soon after it."""
    returns = now == left and NONE < now < learned and NONE < segment < learned
    return bool(returns and at_ms - left_ms < FLAP_MS)
