"""What is in hand when partitions come and go, and where reading goes on then."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from app.webhooks.inbox import Inbox
from stream.log.open import open_log
from tests.app.webhooks.changes import TOPICS, change, publish
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stream.errors import PositionOutOfRange


@contextmanager
def opened(url: str) -> Iterator[Inbox]:
    forgotten: list[PositionOutOfRange] = []
    with ExitStack() as closing:
        log = closing.enter_context(open_log(url))
        inbox = Inbox(log, TOPICS.changes, "crm", "start", forgotten.append)
        inbox.subscription = closing.enter_context(log.subscribe(inbox.topic, "crm", "one", inbox))
        inbox.producer = closing.enter_context(log.producer("crm-one"))
        until(lambda: _has_come(inbox), "the first change")
        yield inbox


def _has_come(inbox: Inbox) -> bool:
    inbox.tend(0.0)
    return inbox.current() is not None


def rest(inbox: Inbox) -> list[int]:
    """The partitions of what is in hand, one after the other."""
    found: list[int] = []
    while (item := inbox.current()) is not None:
        found.append(item.partition)
        inbox.done()
    return found


def test_what_is_in_hand_of_a_partition_that_went_away_is_the_next_owners(url: str) -> None:
    publish(url, [change(number) for number in range(12)])
    with opened(url) as inbox:
        inbox.done()
        item = inbox.current()
        assert item is not None
        inbox.revoked([item.partition])
        other = 1 - item.partition
        assert set(rest(inbox)) == {other}
        inbox.settle()
        with open_log(url) as log:
            committed = log.committed("crm", TOPICS.changes)
            ends = {part: where.end for part, where in log.bounds(TOPICS.changes).items()}
        assert committed[other] == ends[other]
        assert committed[item.partition] == 0


def test_a_partition_that_comes_back_is_read_from_its_settled_place(url: str) -> None:
    publish(url, [change(4 * number) for number in range(3)])
    with opened(url) as inbox:
        inbox.done()
        inbox.settle()
        item = inbox.current()
        assert item is not None
        inbox.lost([item.partition])
        assert inbox.current() is None
        inbox.assigned([item.partition])
        until(lambda: _has_come(inbox), "the change at hand, once more")
        again = inbox.current()
        assert again is not item
        assert again is not None
        assert again.record.value == item.record.value


def test_nothing_more_is_read_while_something_is_in_hand(url: str) -> None:
    publish(url, [change(0)])
    with opened(url) as inbox:
        publish(url, [change(4)])
        for _ in range(3):
            inbox.tend(0.0)
        assert len(rest(inbox)) == 1
        until(lambda: _has_come(inbox), "the next")
        assert len(rest(inbox)) == 1
