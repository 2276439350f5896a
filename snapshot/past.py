"""Which earlier moments a snapshot is compared with, taken from the history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from stream.times import WEEK_MS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from snapshot.moment import Moment

WEEKS = 5


class Past(Protocol):
    """Where moments are kept."""

    def instants(self) -> Sequence[int]: ...
    def read(self, instant_ms: int) -> Moment: ...


def past_moments(past: Past, instant_ms: int, model_ms: int | None) -> tuple[Moment, ...]:
    """The oldest first."""
    chosen = chosen_instants(past.instants(), instant_ms, model_ms)
    return tuple(past.read(at_ms) for at_ms in chosen)


def chosen_instants(there: Sequence[int], instant_ms: int, model_ms: int | None) -> list[int]:
    """One a week, as near to whole weeks before as there is, and the model's own.

    A few, because each of them is all customers with all their features.

    >>> day = WEEK_MS // 7
    >>> [at // day for at in chosen_instants([at * day for at in range(40, 60)], 60 * day, None)]
    [46, 53]
    >>> chosen_instants([0, 90 * day], 100 * day, 0)
    [0, 7776000000]
    """
    found = {at_ms for at_ms in there if at_ms == model_ms and at_ms < instant_ms}
    for weeks in range(1, WEEKS + 1):
        wanted_ms = instant_ms - weeks * WEEK_MS
        near = [at_ms for at_ms in there if wanted_ms - WEEK_MS < at_ms <= wanted_ms]
        if near:
            found.add(max(near))
    return sorted(found)
