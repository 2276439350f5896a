"""`SegmentChange`s by the thousand: a column each field, and no object a change.

Apart from the contract because a first model assigns everybody at once, and pydantic would take
minutes for a million. `written` makes records of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import nan
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stream.contracts.bounds import FIRST_INSTANT
from stream.contracts.change import Cause
from stream.model.arrays import NONE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stream.contracts.segment import SegmentRef
    from stream.log.batch import Bytes
    from stream.model.arrays import Floats, Ints

CAUSES = tuple(Cause)


class Customers(NamedTuple):
    """Who changed, and the sequence of each one's change: one more than of the last."""

    ids: Bytes
    """One after the other, in UTF-8."""

    lengths: Ints
    sequences: Ints
    incarnations: Ints


class Reasons(NamedTuple):
    """A row a change, the strongest first; null is NaN."""

    features: Ints
    """Places in `Changes.names`, or `NONE` where there are fewer."""

    before: Floats
    after: Floats
    contribution: Floats

    def slice(self, rows: slice) -> Reasons:
        features, before, after, contribution = self
        return Reasons(features[rows], before[rows], after[rows], contribution[rows])


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """Changes in one lens; what is said of each is what `SegmentChange` says. Null is NaN."""

    lens: str
    model_version: int | None
    segments: tuple[SegmentRef, ...]
    """What `previous` and `current` are places in; `NONE` stands for null."""

    names: tuple[str, ...]
    """What reasons and features are called; `features` are the first ones."""

    customers: Customers
    previous: Ints
    current: Ints
    causes: Ints
    """Places in `CAUSES`."""

    margin: Floats
    confidence: Floats
    reasons: Reasons
    features: Floats
    occurred_ms: Ints

    def __len__(self) -> int:
        return len(self.current)

    def parts(self, most: int) -> Iterator[Changes]:
        """All of them in their order, at most so many at once."""
        ends = np.append(0, np.cumsum(self.customers.lengths))
        for start in range(0, len(self), most):
            rows = slice(start, start + most)
            ids, *rest = self.customers
            span = slice(ends[start], ends[min(start + most, len(self))])
            yield replace(
                self,
                customers=Customers(ids[span], *(column[rows] for column in rest)),
                previous=self.previous[rows],
                current=self.current[rows],
                causes=self.causes[rows],
                margin=self.margin[rows],
                confidence=self.confidence[rows],
                reasons=self.reasons.slice(rows),
                features=self.features[rows],
                occurred_ms=self.occurred_ms[rows],
            )


def erased(
    lens: str,
    customer_id: str,
    sequence: int,
    incarnation: int,
    previous: SegmentRef,
    at_ms: int,
    model_version: int | None,
) -> Changes:
    """The last change of a customer who is to be forgotten: it says nothing about him."""
    who = np.frombuffer(customer_id.encode(), np.uint8)
    nothing, no_reasons = np.array([nan]), np.empty((1, 0))
    return Changes(
        lens,
        model_version,
        (previous,),
        (),
        Customers(who, np.array([len(who)]), np.array([sequence]), np.array([incarnation])),
        np.array([0]),
        np.array([NONE]),
        np.array([code_of(Cause.ERASED)]),
        nothing,
        nothing,
        Reasons(no_reasons.astype(np.int64), no_reasons, no_reasons, no_reasons),
        np.empty((1, 0)),
        np.array([at_ms]),
    )


def code_of(cause: Cause) -> int:
    """The place of a cause in `CAUSES`."""
    return CAUSES.index(cause)


def instant(at_ms: int) -> datetime:
    """Milliseconds since 1970 as a time in UTC."""
    return FIRST_INSTANT + timedelta(milliseconds=int(at_ms))
