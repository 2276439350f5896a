"""Which events count, as tasks have it: one partition's times, recent ids and graves.

The fold's own verdicts, without profiles: so a repeated, late, far future or erased line is here
what it is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stream.compiled import compiled
from stream.profile.fold import FOLDED, admit, sweep_after, verdict
from stream.profile.kept import Bounds, State, borrowed_state
from stream.profile.state import Profiles
from stream.times import NEVER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stream.profile.layout import Ints, Rows


class Gate:
    """One partition's events, one batch after the other."""

    def __init__(self, bounds: Bounds) -> None:
        self._profiles = Profiles(bounds)

    @property
    def sweep_ms(self) -> int:
        """How far event time has come; `NEVER` at first."""
        return self._profiles.sweep_ms

    def admit(self, events: Rows, until_ms: int) -> tuple[Ints, int]:
        """The places of the events that count, and where event time would come to an instant.

        That event and those after it are not looked at; all were where it is their number.
        """
        self._profiles.reserve(events)
        outcomes = np.empty(len(events), np.uint8)
        profiles = self._profiles
        end = _admit(profiles.state, profiles.bounds, events, until_ms, outcomes)
        return np.flatnonzero(outcomes[:end] == FOLDED), end

    def tick(self, instant_ms: int) -> None:
        """Event time has come to here; nothing where it has not begun."""
        if self.sweep_ms != NEVER:
            self._profiles.tick(instant_ms)

    def erase(self, key: int) -> None:
        """Whoever has this hash is forgotten, with all that is still to come from before now."""
        if self.sweep_ms != NEVER:
            self._profiles.erase_key(key, self.sweep_ms)


@compiled
def _admit(
    state: State, bounds: Bounds, events: Rows, until_ms: int, outcomes: NDArray[np.uint8]
) -> int:
    quick = borrowed_state(state)
    for i in range(len(events)):
        outcomes[i] = verdict(quick, bounds, events[i])
        if outcomes[i] == FOLDED:
            if sweep_after(quick, bounds, events[i]) >= until_ms:
                return i
            admit(quick, bounds, events[i])
    return len(events)
