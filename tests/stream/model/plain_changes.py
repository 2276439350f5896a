"""Changes one by one, field by field: what those by the thousand are held against."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

from stream.contracts import identity
from stream.contracts.change import Cause, SegmentChange
from stream.contracts.cloud_events import cloud_event_headers
from stream.log.batch import Record
from stream.model.arrays import DAY_MS, DORMANT, NEVER, NONE
from stream.model.change import CAUSES, Customers, instant
from stream.model.digits import DIGITS, FEW_DIGITS, LEAST
from stream.model.reasons import explain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from stream.contracts.segment import SegmentRef
    from stream.model.changes import Entries, Left, Looks
    from stream.model.lens import Lens
    from stream.model.reasons import Explained

TOPIC = "shoal.segment-changes"


class Who(NamedTuple):
    customer_id: str
    sequence: int
    incarnation: int = 1


class PlainSegment(msgspec.Struct):
    id: str
    name: str


class PlainReason(msgspec.Struct):
    feature: str
    before: float | None
    after: float | None
    contribution: float | None


class PlainChange(msgspec.Struct, kw_only=True):
    schema_version: int = 1
    type: str = "segment_change"
    change_id: str
    customer_id: str
    lens: str
    incarnation: int
    sequence: int
    previous: PlainSegment | None
    current: PlainSegment | None
    cause: str
    margin: float | None = None
    confidence: float | None = None
    reasons: tuple[PlainReason, ...] = ()
    features: dict[str, float | None] = {}
    model_version: int | None
    occurred_at: datetime
    observed_at: datetime

    def record(self, observed_ms: int) -> Record:
        value = msgspec.json.encode(self)
        headers = cloud_event_headers(SegmentChange.from_json(value), TOPIC)
        return Record(self.customer_id.encode(), value, observed_ms, headers)


def together(who: Sequence[Who]) -> Customers:
    ids = [one.customer_id.encode() for one in who]
    return Customers(
        np.frombuffer(b"".join(ids), np.uint8),
        np.array([len(one) for one in ids], np.int64),
        np.array([one.sequence for one in who], np.int64),
        np.array([one.incarnation for one in who], np.int64),
    )


def plain_changes(
    lens: Lens,
    entries: Entries,
    who: Sequence[Who],
    occasions: Sequence[Cause],
    after: Looks,
    before: Looks | None,
    observed_ms: int,
    left: Left | None = None,
) -> list[PlainChange]:
    seen = None if before is None else before.features
    why = explain(lens, entries.previous, entries.current, seen, after.features)
    return [
        PlainChange(
            change_id=identity.change_id(
                lens.name, customer.customer_id, customer.incarnation, customer.sequence
            ),
            customer_id=customer.customer_id,
            lens=lens.name,
            incarnation=customer.incarnation,
            sequence=customer.sequence,
            previous=_previous(lens, entries, left, row),
            current=_segment(lens.segments, int(entries.current[row])),
            cause=_cause_of(occasions[row], int(entries.previous[row])),
            margin=in_digits(why.margin[row]),
            confidence=in_digits(why.confidence[row]),
            reasons=_reasons(lens, entries, why, before, after, row),
            features={
                name: in_digits(value)
                for name, value in zip(lens.shown, after.features[row].tolist(), strict=False)
            },
            model_version=lens.version,
            occurred_at=instant(entries.dated_ms[row]),
            observed_at=instant(observed_ms),
        )
        for row, customer in enumerate(who)
    ]


def codes_of(causes: Sequence[Cause]) -> np.ndarray:
    return np.array([CAUSES.index(cause) for cause in causes], np.int64)


def _previous(lens: Lens, entries: Entries, left: Left | None, row: int) -> PlainSegment | None:
    if left is not None:
        return _segment(left.segments, int(left.codes[row]))
    return _segment(lens.segments, int(entries.previous[row]))


def _segment(segments: Sequence[SegmentRef], code: int) -> PlainSegment | None:
    return None if code < 0 else PlainSegment(segments[code].id, segments[code].name)


def _cause_of(occasion: Cause, previous: int) -> Cause:
    if previous == NONE and occasion is not Cause.FIRST_MODEL:
        return Cause.JOINED
    return occasion


def _reasons(
    lens: Lens, entries: Entries, why: Explained, before: Looks | None, after: Looks, row: int
) -> tuple[PlainReason, ...]:
    if entries.current[row] >= lens.arrays.knobs.learned:
        return (_by_rule(lens, entries, before, after, row),)
    return tuple(
        PlainReason(
            lens.shown[axis],
            in_digits(before.features[row, axis], FEW_DIGITS)
            if before is not None and why.changed[row]
            else None,
            in_digits(after.features[row, axis]),
            in_digits(share),
        )
        for axis, share in zip(why.axes[row].tolist(), why.shares[row].tolist(), strict=True)
        if axis >= 0
    )


def _by_rule(
    lens: Lens, entries: Entries, before: Looks | None, after: Looks, row: int
) -> PlainReason:
    rules = lens.arrays.rules
    kind = int(rules.kind[rules.segment.tolist().index(int(entries.current[row]))])
    if kind == DORMANT:
        then_ms, now_ms = int(before.at_ms[row]) if before else 0, int(entries.dated_ms[row])
        was = None if before is None else _recency_days(before, row, then_ms, FEW_DIGITS)
        now = _recency_days(after, row, now_ms, DIGITS)
        return PlainReason("recency_days", was, now, 1.0)
    spent = rules.spend_column
    was = None if before is None else in_digits(before.features[row, spent], FEW_DIGITS)
    return PlainReason(lens.needs[spent], was, in_digits(after.features[row, spent]), 1.0)


def _recency_days(looks: Looks, row: int, at_ms: int, digits: int) -> float | None:
    bought_ms = int(looks.last_purchase_ms[row])
    if bought_ms == NEVER or math.isnan(looks.features[row, 0]):
        return None
    return in_digits((at_ms - bought_ms) / DAY_MS, digits)


def in_digits(number: float, digits: int = DIGITS) -> float | None:
    """Rounded as the compiled way does it, and then the float that has these digits."""
    if not math.isfinite(number):
        return None
    size = abs(number)
    if size < LEAST:
        return math.copysign(0.0, number)
    shift = digits - math.floor(math.log10(size)) - 1
    whole = round(size * 10.0**shift if shift >= 0 else size / 10.0**-shift)
    return math.copysign(float(f"{whole}e{-shift}"), number)
