"""One target as it is looked at: what is said about it, and what its metrics show.

No customer is named, only the change's id. Called from the target's own thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.webhooks.retrying import Verdict
from stream.metrics import webhooks

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.webhooks.retrying import Answer
    from app.webhooks.targets import Target
    from stream.contracts.change import SegmentChange
    from stream.errors import PositionOutOfRange
    from stream.metrics.instruments import Instruments


@dataclass(slots=True)
class Watched:
    """See `app.webhooks.courier.Watcher`."""

    target: Target
    instruments: Instruments
    say: Callable[[str], None]
    delivered: int = 0
    _failure: str = ""

    def tried(self, change: SegmentChange, answer: Answer, tries: int) -> None:
        name = self.target.name
        self.instruments.add(webhooks.TRIES, 1, name, answer.verdict.value)
        if answer.verdict is Verdict.DELIVERED:
            self.delivered += 1
            self.instruments.set(webhooks.WAITS, 0.0, name)
            if self._failure:
                self.say(f"{self.target} takes changes again, at try {tries}")
            self._failure = ""
        else:
            self._failure = f"{self.target} {answer.reason} at change {change.change_id}"

    def waits(self, seconds: float) -> None:
        self.instruments.set(webhooks.WAITS, seconds, self.target.name)
        self.say(f"{self._failure}: trying again in {seconds:.1f} s")

    def given_up(self, change: SegmentChange, answer: Answer, tries: int) -> None:
        self.instruments.add(webhooks.GIVEN_UP, 1, self.target.name)
        self.say(
            f"{self.target} {answer.reason} at change {change.change_id}, try {tries}: it is "
            "given up, and is not sent again"
        )
        self._failure = ""

    def behind(self, records: int) -> None:
        self.instruments.set(webhooks.BEHIND, records, self.target.name)

    def forgotten(self, error: PositionOutOfRange) -> None:
        count = max(error.start - error.position, 0)
        self.instruments.add(webhooks.FORGOTTEN, count, self.target.name)
        self.say(
            f"{self.target} goes on at {error.start:,} of {error.topic}[{error.partition}]: what "
            f"lay from {error.position:,} on is not on the log any more"
        )

    def log_failed(self, error: Exception, seconds: float) -> None:
        self.say(f"{self.target} waits {seconds:.1f} s for its log: {error}")
