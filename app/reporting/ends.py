"""Between which snapshots a period lies, and the one before it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stream.times import DAY_MS

if TYPE_CHECKING:
    from collections.abc import Sequence

LIKE = 0.2
"""How much longer or shorter the period before may be, to be compared with."""


@dataclass(frozen=True, slots=True)
class Ends:
    """Instants of snapshots."""

    end: int
    begin: int | None
    """None where there is none before."""

    earlier: int | None
    """Where the period before begins; None where there is none of about that length."""


def ends_of(instants: Sequence[int], end: int, days: int) -> Ends:
    """The latest snapshot so many days before, or else the first there is; and as long again.

    >>> day = DAY_MS
    >>> ends = ends_of([0, 7 * day, 14 * day, 21 * day], 21 * day, 7)
    >>> ends.begin // day, ends.earlier // day
    (14, 7)
    >>> ends_of([0, 3 * day], 3 * day, 7), ends_of([0], 0, 7).begin
    (Ends(end=259200000, begin=0, earlier=None), None)
    """
    past = [at for at in instants if at < end]
    if not past:
        return Ends(end, None, None)
    begin = _latest(past, end - days * DAY_MS)
    begin = past[0] if begin is None else begin
    length = end - begin
    earlier = _latest([at for at in past if at < begin], begin - int(length * (1 - LIKE)))
    if earlier is not None and begin - earlier > length * (1 + LIKE):
        earlier = None
    return Ends(end, begin, earlier)


def _latest(instants: Sequence[int], at: int) -> int | None:
    return max((one for one in instants if one <= at), default=None)
