"""Whether a worker is inside a commit, seen from outside: the broker knows its transaction."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from kafka import KafkaAdminClient
from kafka.admin import TransactionState
from kafka.errors import KafkaError

from consumers.worker.rules import Place
from stream.log.closing import ClosingMixin
from tests.chaos.workers import NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Opened = tuple[int, int]
"""A transaction: its producer's epoch, and when it began."""

OPEN = {TransactionState.ONGOING, TransactionState.PREPARE_COMMIT}
AWAITED_SECONDS = 120.0
BETWEEN_LOOKS_SECONDS = 0.001


class Commits(ClosingMixin):
    """A process that was killed leaves its transaction open: that one is not its successor's."""

    def __init__(self, bootstrap: str, group: str) -> None:
        self._group = group
        self._admin = KafkaAdminClient(bootstrap_servers=bootstrap)
        self._left: dict[int, Opened] = {}

    def close(self) -> None:
        self._admin.close()

    def wait_for_one(self, slots: Sequence[int], meanwhile: Callable[[], None]) -> int:
        """The first of these workers that is inside a commit. There is always one soon, for the
        shop goes on."""
        deadline = time.monotonic() + AWAITED_SECONDS
        while time.monotonic() < deadline:
            for slot in slots:
                if self._opened(slot) not in {None, self._left.get(slot)}:
                    return slot
            meanwhile()
            time.sleep(BETWEEN_LOOKS_SECONDS)
        raise AssertionError(
            f"nobody has committed anything for {AWAITED_SECONDS:g} s, though there is much to read"
        )

    def was_left_open(self, slot: int) -> bool:
        """Whether the worker, dead by now, died inside a commit."""
        opened = self._opened(slot)
        if opened in {None, self._left.get(slot)}:
            return False
        self._left[slot] = opened
        return True

    def _opened(self, slot: int) -> Opened | None:
        name = Place.of(self._group, NAME, slot).member
        try:
            found = self._admin.describe_transactions([name])[name]
        except KafkaError:  # it never had one, or there is nobody to ask
            return None
        if found.state not in OPEN:
            return None
        return found.producer_epoch, found.transaction_start_time_ms
