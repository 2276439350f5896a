"""Targets on a real broker, where several members share a group, and leave it."""

from __future__ import annotations

import uuid
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from app.webhooks import retrying
from stream.log.open import open_log
from stream.topics import Topics
from tests.app.webhooks.changes import PARTITIONS, by_customer, change, made_log, publish
from tests.app.webhooks.conftest import Within
from tests.app.webhooks.receivers import receiving
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from tests.app.webhooks.receivers import Request
    from tests.kafka_broker import Broker


def test_two_senders_share_a_target_that_is_away_and_leave_nothing_out(
    broker: Broker, webhook: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retrying, "LONGEST_SECONDS", 0.5)
    url, topics = f"kafka://{broker.bootstrap}", Topics(f"w{uuid.uuid4().hex[:8]}.", PARTITIONS)
    Path("shoal.toml").write_text(f'[topics]\nprefix = "{topics.prefix}"\n')
    made_log(url, topics)
    ids = publish(url, [change(number) for number in range(12)], topics)
    is_away = [True]

    def away(_: int, __: Request) -> int:
        return 503 if is_away[0] else 204

    with receiving(status=away) as receiver, ExitStack() as stopping:
        webhook("crm", receiver.url)
        first = Within(url, [], "first")
        stopping.callback(first.stop)
        until(lambda: len(receiver.requests) >= 2, "the first one's tries")
        second = Within(url, [], "second")
        stopping.callback(second.stop)
        until(lambda: "answered 503" in second.said, "the second one's tries")
        is_away[0] = False
        until(lambda: set(receiver.ids()) == set(ids), "all changes")
        first.stop()
        ids += publish(url, [change(number) for number in range(12, 16)], topics)
        until(lambda: set(receiver.ids()) == set(ids), "those after one had left")
    for numbers in by_customer(receiver.taken).values():
        assert list(dict.fromkeys(numbers)) == sorted(set(numbers)), "in order, at first sight"
    with open_log(url) as log:
        committed = log.committed(f"{topics.prefix[:-1]}-webhook-crm", topics.changes)
    assert len(committed) == PARTITIONS
