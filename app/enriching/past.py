"""Earlier moments of the same customers, as enrichers look at them: a share, some features."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from insights.arrays import Floats
    from snapshot.moment import Moment


class Past(Protocol):
    """Where snapshots are kept: `snapshot.history.History`, or what stands for it."""

    def instants(self) -> Sequence[int]: ...
    def read(
        self, instant_ms: int, names: Sequence[str] | None = None, share: float = 1.0
    ) -> Moment: ...


def before(past: Past, instant_ms: int) -> list[int]:
    """Earlier snapshots only: one of the same instant may be there from a job that was killed."""
    return [at_ms for at_ms in past.instants() if at_ms < instant_ms]


def sample(past: Past, instant_ms: int, names: Sequence[str], like: Moment, most: int) -> Moment:
    """An earlier moment with about so many customers, where there are as many as in this one."""
    return past.read(instant_ms, names, min(1.0, most / max(len(like), 1)))


def columns(moment: Moment, names: Sequence[str]) -> Mapping[str, Floats]:
    """Features by their names."""
    table = moment.table.columns(names)
    return {name: table[:, place] for place, name in enumerate(names)}
