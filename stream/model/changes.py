"""Moves written up as changes: from where, to where, the cause, and why.

Moves are found by the thousand in kernels; this is where they get names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stream.contracts.change import Cause
from stream.model.arrays import DORMANT, NONE
from stream.model.change import Changes, Reasons, code_of
from stream.model.reasons import explain
from stream.times import DAY_MS, NEVER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stream.contracts.segment import SegmentRef
    from stream.model.arrays import Floats, Ints
    from stream.model.change import Customers
    from stream.model.lens import Lens
    from stream.model.reasons import Explained

RECENCY = "recency_days"


class Looks(NamedTuple):
    """What was seen, a row a customer: features as `lens.needs` names them."""

    features: Floats
    last_purchase_ms: Ints
    at_ms: Ints

    def take(self, rows: Ints) -> Looks:
        return Looks(self.features[rows], self.last_purchase_ms[rows], self.at_ms[rows])


class Entries(NamedTuple):
    """Which segments were left and entered, by codes of the lens, and when; a row a change."""

    previous: Ints
    current: Ints
    dated_ms: Ints


class Left(NamedTuple):
    """The segments left as the version before had them, where the lens can't name them all."""

    segments: tuple[SegmentRef, ...]
    codes: Ints


def changes(
    lens: Lens,
    entries: Entries,
    customers: Customers,
    occasions: Ints,
    after: Looks,
    before: Looks | None,
    left: Left | None = None,
) -> Changes:
    """The changes, in the order of the rows. Occasions are places in `CAUSES`.

    `before` is the last look, with features of NaN for newcomers. `left` is there at a refit.
    """
    seen = None if before is None else before.features
    why = explain(lens, entries.previous, entries.current, seen, after.features)
    segments, previous = _left(lens, entries, left)
    return Changes(
        lens=lens.name,
        model_version=lens.version,
        segments=segments,
        names=(*lens.needs, RECENCY),
        customers=customers,
        previous=previous,
        current=entries.current,
        causes=causes_of(occasions, entries.previous),
        margin=why.margin,
        confidence=why.confidence,
        reasons=_reasons(lens, entries, why, before, after),
        features=after.features[:, : len(lens.shown)],
        occurred_ms=entries.dated_ms,
    )


def causes_of(occasions: Ints, previous: Ints) -> Ints:
    """What is said of changes at occasions (an order, a late line, time, a refit, a model that
    is the first): who had no segment while others had one has joined."""
    joined = (previous == NONE) & (occasions != code_of(Cause.FIRST_MODEL))
    return np.where(joined, code_of(Cause.JOINED), occasions)


def _left(lens: Lens, entries: Entries, left: Left | None) -> tuple[tuple[SegmentRef, ...], Ints]:
    """All segments that there are to name, and which of them were left."""
    if left is None:
        return lens.segments, np.maximum(entries.previous, NONE)
    places = np.where(left.codes < 0, NONE, left.codes + len(lens.segments))
    return (*lens.segments, *left.segments), places


def _reasons(
    lens: Lens, entries: Entries, why: Explained, before: Looks | None, after: Looks
) -> Reasons:
    places = np.maximum(why.axes, 0)
    was = np.full(places.shape, np.nan)
    if before is not None:
        was[why.changed] = np.take_along_axis(before.features, places, axis=1)[why.changed]
    made = Reasons(
        why.axes,
        was,
        np.take_along_axis(after.features, places, axis=1),
        why.shares,
    )
    ruled = np.flatnonzero(entries.current >= lens.arrays.knobs.learned)
    if len(ruled):
        _by_rule(lens, ruled, entries, before, after, made)
    return made


def _by_rule(
    lens: Lens, ruled: Ints, entries: Entries, before: Looks | None, after: Looks, made: Reasons
) -> None:
    """Fills in the one feature that each rule is about, read when the change happened."""
    dormant = _is_dormant(lens, entries.current[ruled])
    spent = lens.arrays.rules.spend_column
    now = after.take(ruled)
    made.features[ruled, 0] = np.where(dormant, len(lens.needs), spent)
    made.after[ruled, 0] = np.where(
        dormant, _recency_days(now, entries.dated_ms[ruled]), now.features[:, spent]
    )
    if before is not None:
        was = before.take(ruled)
        made.before[ruled, 0] = np.where(
            dormant, _recency_days(was, was.at_ms), was.features[:, spent]
        )
    else:
        made.before[ruled, 0] = np.nan
    made.contribution[ruled, 0] = 1.0


def _is_dormant(lens: Lens, codes: Ints) -> NDArray[np.bool_]:
    rules = lens.arrays.rules
    kinds = np.full(len(lens.segments), NONE)
    kinds[rules.segment[::-1]] = rules.kind[::-1]  # of two rules of a segment the first one
    dormant: NDArray[np.bool_] = kinds[codes] == DORMANT
    return dormant


def _recency_days(looks: Looks, at_ms: Ints) -> Floats:
    """NaN for who never bought, or was never looked at."""
    known = (looks.last_purchase_ms != NEVER) & ~np.isnan(looks.features[:, 0])
    passed_ms = at_ms - np.where(known, looks.last_purchase_ms, at_ms)
    return np.where(known, passed_ms / DAY_MS, np.nan)
