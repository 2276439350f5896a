"""The closing account of a replay: every row of the sources is in exactly one place of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from producers.replaying.outgoing import NOTHING_LEFT_OUT, LeftOut

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Account:
    """Rows by what became of them. Ticks are no rows, and stand apart.

    >>> account = Account(lines=10, sent=7, left_out=LeftOut(outside=2), rejected={"no date": 1})
    >>> account.rows, account.not_sent
    (11, 1)
    """

    lines: int  # rows that could become a line: all that were read but the rejected ones
    sent: int = 0
    ticks: int = 0
    left_out: LeftOut = NOTHING_LEFT_OUT
    rejected: Mapping[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return self.lines + sum(self.rejected.values())

    @property
    def not_sent(self) -> int:
        """Lines still to come when the replay was stopped."""
        return self.lines - self.sent - sum(self.left_out)

    def as_json(self) -> dict[str, object]:
        return {
            "rows": self.rows,
            "sent": self.sent,
            "rejected": dict(self.rejected),
            "duplicates_dropped": self.left_out.repeated,
            "outside": self.left_out.outside,
            "already_there": self.left_out.already_there,
            "not_sent": self.not_sent,
            "ticks": self.ticks,
        }
