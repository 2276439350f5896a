"""Moves written up as changes: who, from where, to where, the cause, and why.

Moves are found by the thousand in kernels; this is where they get names.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from stream.contracts import identity
from stream.contracts.change import Cause
from stream.model.arrays import DAY_MS, DORMANT, NEVER, NONE
from stream.model.change import Change, Reason, Segment, instant
from stream.model.lens import NET_SPEND
from stream.model.reasons import explain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from stream.contracts.segment import SegmentRef
    from stream.model.arrays import Floats, Ints
    from stream.model.change import Who
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


def changes(
    lens: Lens,
    entries: Entries,
    who: Sequence[Who],
    occasions: Sequence[Cause],
    after: Looks,
    before: Looks | None,
    observed_at: datetime,
    left: Sequence[SegmentRef | None] | None = None,
) -> list[Change]:
    """The changes, in the order of the rows; everything but `observed_at` follows from the rest.

    `before` is the last look, with features of NaN for newcomers. `left` names the segments left
    where the lens can't: at a refit, those of the version before.
    """
    seen = None if before is None else before.features
    why = explain(lens, entries.previous, entries.current, seen, after.features)
    names = {code: Segment(ref.id, ref.name) for code, ref in enumerate(lens.segments)}
    if left is None:
        previous = [names.get(code) for code in entries.previous.tolist()]
    else:
        previous = [Segment(ref.id, ref.name) if ref else None for ref in left]
    made = []
    for row, customer in enumerate(who):
        made.append(
            Change(
                change_id=identity.change_id(
                    lens.name, customer.customer_id, customer.incarnation, customer.sequence
                ),
                customer_id=customer.customer_id,
                lens=lens.name,
                incarnation=customer.incarnation,
                sequence=customer.sequence,
                previous=previous[row],
                current=names[int(entries.current[row])],
                cause=cause_of(occasions[row], int(entries.previous[row])),
                margin=_number(why.margin[row]),
                confidence=_number(why.confidence[row]),
                reasons=_reasons(lens, entries, why, before, after, row),
                features=_features(lens, after.features, row),
                model_version=lens.version,
                occurred_at=instant(entries.dated_ms[row]),
                observed_at=observed_at,
            )
        )
    return made


def cause_of(occasion: Cause, previous: int) -> Cause:
    """What is said of a change at an occasion (an order, a late line, time, a refit, a model
    that is the first): who had no segment while others had one has joined.

    >>> cause_of(Cause.MOVED, NONE), cause_of(Cause.FIRST_MODEL, NONE), cause_of(Cause.LATE, 3)
    (<Cause.JOINED: 'joined'>, <Cause.FIRST_MODEL: 'first_model'>, <Cause.LATE: 'late'>)
    """
    if previous == NONE and occasion is not Cause.FIRST_MODEL:
        return Cause.JOINED
    return occasion


def _features(lens: Lens, features: Floats, row: int) -> dict[str, float | None]:
    return dict(zip(lens.shown, features[row].tolist(), strict=False))


def _reasons(
    lens: Lens, entries: Entries, why: Explained, before: Looks | None, after: Looks, row: int
) -> tuple[Reason, ...]:
    if entries.current[row] >= lens.arrays.knobs.learned:
        return (_by_rule(lens, entries, before, after, row),)
    seen = None if before is None else before.features
    return _by_distance(lens, why, seen, after.features, row)


def _by_distance(
    lens: Lens, why: Explained, before: Floats | None, after: Floats, row: int
) -> tuple[Reason, ...]:
    return tuple(
        Reason(
            lens.shown[axis],
            None if before is None else _number(before[row, axis]),
            float(after[row, axis]),
            share,
        )
        for axis, share in zip(why.axes[row].tolist(), why.shares[row].tolist(), strict=True)
        if axis >= 0
    )


def _by_rule(lens: Lens, entries: Entries, before: Looks | None, after: Looks, row: int) -> Reason:
    """The one feature that the rule is about, read when the change happened."""
    rules = lens.arrays.rules
    kind = int(rules.kind[rules.segment.tolist().index(int(entries.current[row]))])
    if kind == DORMANT:
        was = None if before is None else _recency_days(before, row, int(before.at_ms[row]))
        now = _recency_days(after, row, int(entries.dated_ms[row]))
        return Reason(RECENCY, was, now, 1.0)
    spent = rules.spend_column
    was = None if before is None else _number(before.features[row, spent])
    return Reason(NET_SPEND, was, _number(after.features[row, spent]), 1.0)


def _recency_days(looks: Looks, row: int, at_ms: int) -> float | None:
    bought_ms = int(looks.last_purchase_ms[row])
    if bought_ms == NEVER or math.isnan(looks.features[row, 0]):
        return None
    return (at_ms - bought_ms) / DAY_MS


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
