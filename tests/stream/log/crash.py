"""Another process at the same log, which the suite kills in the middle of something.

Prints `ready` when it is where it shall be killed, and waits there.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from stream.log.batch import Record, Records
from stream.log.open import open_log

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from stream.log.seam import Log

JOINING_SECONDS = 60
TOO_MUCH_TO_WAIT = [Record(b"k", b"%d" % i * 400_000, 1_700_000_000_000) for i in range(12)]
"""What a transaction sends before its commit, also where little waits for it."""

RECORDS = Records.of([Record(b"k%d" % i, b"v%d" % i, 1_700_000_000_000) for i in range(100)])


def wait_to_be_killed() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.read()


def in_a_transaction(log: Log, producer: str, *topics: str) -> None:
    with log.producer(producer).transaction() as transaction:
        for topic in topics:
            transaction.append(topic, 0, Records.of(TOO_MUCH_TO_WAIT))
        wait_to_be_killed()


def after_a_flush(log: Log, topic: str) -> None:
    with log.writer() as writer:
        writer.append(topic, 0, RECORDS)
        writer.flush()
        wait_to_be_killed()


def after_a_commit(log: Log, producer: str, topic: str) -> None:
    owner = log.producer(producer)
    with owner.transaction() as transaction:
        transaction.append(topic, 0, RECORDS)
    wait_to_be_killed()


def in_a_group(log: Log, topic: str, group: str, member: str) -> None:
    listener = Assigned()
    subscription = log.subscribe(topic, group, member, listener)
    deadline = time.monotonic() + JOINING_SECONDS
    while not listener.is_assigned and time.monotonic() < deadline:
        subscription.poll(0.2)
    assert listener.is_assigned
    wait_to_be_killed()


class Assigned:
    def __init__(self) -> None:
        self.is_assigned = False

    def assigned(self, partitions: Sequence[int]) -> None:
        self.is_assigned = bool(partitions)

    def revoked(self, partitions: Sequence[int]) -> None: ...

    def lost(self, partitions: Sequence[int]) -> None: ...


PLACES: dict[str, Callable[..., None]] = {
    "in_a_transaction": in_a_transaction,
    "after_a_flush": after_a_flush,
    "after_a_commit": after_a_commit,
    "in_a_group": in_a_group,
}

if __name__ == "__main__":
    url, place, *arguments = sys.argv[1:]
    PLACES[place](open_log(url), *arguments)
