"""A target's changes, one after the other: each is delivered, or given up, before the next.

So a customer's changes arrive in order. What is not done with when this ends comes again.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from app.webhooks.retrying import Verdict, wait_seconds
from app.webhooks.signing import HEADER, signature
from consumers.subscribe import read

if TYPE_CHECKING:
    from threading import Event

    from app.webhooks.inbox import Inbox, InHand
    from app.webhooks.posting import Post
    from app.webhooks.retrying import Answer
    from app.webhooks.targets import Target
    from stream.contracts.change import SegmentChange

IDLE_SECONDS = 0.25
"""How long nothing may come before it is asked whether to stop."""

TEND_SECONDS = 0.1
"""How often positions are moved while there is work. What was delivered since the last time
comes once more after a kill."""

LAG_SECONDS = 5.0


class Watcher(Protocol):
    """Told what becomes of one target's changes."""

    def tried(self, change: SegmentChange, answer: Answer, tries: int) -> None: ...
    def waits(self, seconds: float) -> None: ...
    def given_up(self, change: SegmentChange, answer: Answer, tries: int) -> None: ...
    def behind(self, records: int) -> None: ...


@dataclass(slots=True)
class Courier:
    """Works on one thread, until `stop` is set."""

    target: Target
    inbox: Inbox
    post: Post
    stop: Event
    watcher: Watcher
    _tended: float = field(default=0.0)
    _lag_told: float = field(default=0.0)

    def run(self) -> None:
        while not self.stop.is_set():
            item = self.inbox.current()
            if item is None:
                self._tend(IDLE_SECONDS)
                continue
            self._deal_with(item)
            if time.monotonic() - self._tended >= TEND_SECONDS:
                self._tend(0.0)
        self.inbox.settle()

    def _deal_with(self, item: InHand) -> None:
        """Done with it where nothing more is to be done; else it stays in hand."""
        change = read(item.record)
        if change is None or not self.target.chosen.has(change):
            self.inbox.done()
            return
        tries = refusals = 0
        while not self.stop.is_set() and self.inbox.current() is item:
            answer, tries = self._sent(change), tries + 1
            self.watcher.tried(change, answer, tries)
            refusals += answer.verdict is Verdict.REFUSED
            if answer.verdict is Verdict.DELIVERED:
                self.inbox.done()
            elif refusals >= self.target.most_tries:
                self.watcher.given_up(change, answer, tries)
                self.inbox.done()
            else:
                chance = random.random()  # noqa: S311 (nothing secret hangs on it)
                self._wait(wait_seconds(tries, chance, answer.retry_after_seconds), item)

    def _sent(self, change: SegmentChange) -> Answer:
        """Signed anew each time: a receiver refuses what was signed long ago."""
        body = change.to_json()
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "shoal",
            "Shoal-Webhook": self.target.name,
            "Shoal-Change-Id": change.change_id,
            HEADER: signature(self.target.secret, int(time.time()), body),
        }
        return self.post.send(body, headers)

    def _wait(self, seconds: float, item: InHand) -> None:
        """Stays in the group meanwhile, and leaves off where the item went to another member."""
        ends_at = time.monotonic() + seconds
        self.watcher.waits(seconds)
        while (left := ends_at - time.monotonic()) > 0 and self.inbox.current() is item:
            if self.stop.wait(min(left, IDLE_SECONDS)):
                return
            self._tend(0.0)

    def _tend(self, seconds: float) -> None:
        self.inbox.tend(seconds)
        self._tended = time.monotonic()
        if self._tended - self._lag_told >= LAG_SECONDS:
            self._lag_told = self._tended
            self.watcher.behind(self.inbox.behind())
