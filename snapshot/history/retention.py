"""Which snapshots are kept: the newest so many, or those that are not too old.

Age is counted in event time from the newest snapshot, so that a replay of old data keeps as much
as a live stream does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stream.model.arrays import DAY_MS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


def outlived(
    instants: Sequence[int],
    keep_count: int | None,
    keep_days: float | None,
    besides: Collection[int] = (),
) -> tuple[int, ...]:
    """Those to let go, of instants in order; never the newest, and none of `besides`.

    >>> outlived([0, DAY_MS, 2 * DAY_MS], keep_count=2, keep_days=None)
    (0,)
    >>> outlived([0, DAY_MS, 2 * DAY_MS], keep_count=None, keep_days=1)
    (0,)
    >>> outlived([0, DAY_MS, 2 * DAY_MS], keep_count=1, keep_days=1, besides=[0])
    (86400000,)
    """
    if not instants:
        return ()
    oldest_ms = instants[-1] - keep_days * DAY_MS if keep_days is not None else instants[0]
    first = max(len(instants) - keep_count, 0) if keep_count is not None else 0
    kept = {instants[-1], *besides, *(at for at in instants[first:] if at >= oldest_ms)}
    return tuple(at for at in instants if at not in kept)
