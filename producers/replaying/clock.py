"""The time that a replay goes by, which is somebody else's."""

from __future__ import annotations

from typing import Protocol


class Clock(Protocol):
    """Time, and the wish to stop, as the replay sees them."""

    def now_ms(self) -> int:
        """Milliseconds since 1970."""
        ...

    def seconds(self) -> float:
        """A clock that never goes back."""
        ...

    def wait(self, seconds: float) -> bool:
        """Waits, at most until somebody wants the replay to stop; true where they do."""
        ...
