"""`shoal webhooks` as a process, against real servers: what arrives, how often, in which order."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING

from stream.contracts.change import Cause
from stream.log.open import open_log
from stream.log.partitioning import partition_of
from tests.app.webhooks.changes import (
    LEAVING,
    RISING,
    TOPICS,
    by_customer,
    change,
    publish,
    publish_values,
)
from tests.app.webhooks.conftest import SECRET
from tests.app.webhooks.receivers import nobody, receiving
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.app.webhooks.conftest import Processes, Threads
    from tests.app.webhooks.receivers import Request

    Webhook = Callable[..., None]


def test_every_change_arrives_once_in_order_per_customer(
    url: str, webhook: Webhook, within: Threads, process: Processes
) -> None:
    publish_values(url, [("x", b"no change at all")])
    ids = publish(url, [change(number) for number in range(40)])
    with receiving() as receiver:
        webhook("crm", receiver.url)
        with process() as sender:
            until(lambda: len(receiver.taken) >= 40, "all changes")
            assert sender.stop() == 0
            assert "sending changes from shoal.segment-changes to webhook crm" in sender.said
            assert "40 changes delivered" in sender.said
        with within():
            late = publish(url, [change(40)])
            until(lambda: late[0] in receiver.ids(), "the one that came later")
    assert sorted(receiver.ids()) == sorted([*ids, *late])
    assert by_customer(receiver.taken)["Zoë 1"] == [n + 1 for n in range(40) if n % 4 == 1]


def test_a_killed_sender_goes_on_where_it_was_and_leaves_nothing_out(
    url: str, webhook: Webhook, process: Processes
) -> None:
    ids = publish(url, [change(number) for number in range(400)])
    with receiving() as receiver:
        webhook("crm", receiver.url)
        with process() as sender:
            until(lambda: _settled(url, "shoal-webhook-crm") >= 50, "some changes to be settled")
            sender.kill()
        unsettled = len(receiver.taken) - _settled(url, "shoal-webhook-crm")
        with process() as sender:
            until(lambda: set(receiver.ids()) == set(ids), "every change")
            sender.stop()
    assert len(receiver.taken) - len(ids) <= unsettled + 1  # and the one under way
    for numbers in by_customer(receiver.taken).values():
        assert list(dict.fromkeys(numbers)) == sorted(set(numbers)), "in order, at first sight"


def test_an_unanswered_change_comes_again_after_a_kill_and_nothing_before_it(
    url: str, webhook: Webhook, within: Threads, process: Processes
) -> None:
    ids = publish(url, [change(4 * number) for number in range(3)])  # one customer
    with receiving() as receiver:
        webhook("crm", receiver.url)
        with within():
            until(lambda: len(receiver.taken) == 3, "three changes")
        receiver.holds = threading.Event()
        ids += publish(url, [change(4 * number) for number in range(3, 6)])
        with process() as sender:
            until(lambda: len(receiver.requests) == 4, "the fourth")
            sender.kill()
        receiver.holds.set()
        with within():
            until(lambda: receiver.ids()[-1] == ids[-1], "the last")
    assert [one.change_id for one in receiver.requests] == [*ids[:4], *ids[3:]]


def test_a_dead_target_and_a_slow_one_hold_up_nobody_and_lose_nothing(
    url: str, webhook: Webhook, within: Threads, process: Processes
) -> None:
    ids = publish(url, [change(number) for number in range(20)])
    with nobody() as port, receiving() as alive, receiving(holds=threading.Event()) as slow:
        webhook("dead", f"http://127.0.0.1:{port}/")
        webhook("alive", alive.url)
        webhook("slow", slow.url)
        with process() as sender:
            until(lambda: len(alive.taken) == 20, "all at the living one")
            sender.says("webhook dead (http://127.0.0.1")
            sender.says("Connection refused) at change")
            assert sender.stop() == 0
            assert "a request was cut off, and comes again" in sender.said
    with receiving(port=port) as risen, within("dead"):
        until(lambda: len(risen.taken) == 20, "all at the one that was dead")
    assert sorted(risen.ids()) == sorted(alive.ids()) == sorted(ids)


def test_a_target_that_is_away_for_a_while_gets_everything_in_order(
    url: str, webhook: Webhook, within: Threads
) -> None:
    def away_at_first(number: int, _: Request) -> int:
        return (503, 404, 429)[number - 1] if number <= 3 else 200

    ids = publish(url, [change(4 * number) for number in range(4)])
    with receiving(status=away_at_first) as receiver:
        webhook("crm", receiver.url, "most_tries = 1")
        with within() as senders:
            until(lambda: len(receiver.taken) == 4, "all four")
    assert "answered 503 at change" in senders.said
    assert "takes changes again, at try 4" in senders.said
    assert senders.metric("shoal_webhook_tries_total", webhook="crm", outcome="failed") == 3
    assert senders.metric("shoal_webhook_tries_total", webhook="crm", outcome="delivered") == 4
    assert senders.metric("shoal_webhook_wait_seconds", webhook="crm") == 0
    assert [one.change_id for one in receiver.requests] == [ids[0]] * 3 + ids
    stamps = {one.headers["Shoal-Signature"] for one in receiver.requests[:4]}
    assert len(stamps) > 1, "signed anew at each try"


def test_a_change_that_the_target_cannot_take_is_given_up_and_said(
    url: str, webhook: Webhook, within: Threads
) -> None:
    ids = publish(url, [change(4 * number) for number in range(3)])

    def picky(_: int, request: Request) -> int:
        return 422 if request.change_id == ids[1] else 204

    with receiving(status=picky) as receiver:
        webhook("crm", receiver.url, "most_tries = 2")
        with within() as senders:
            until(lambda: len(receiver.taken) == 2, "the other two")
    assert f"answered 422 at change {ids[1]}, try 2: it is given up" in senders.said
    assert senders.metric("shoal_webhook_given_up_total", webhook="crm") == 1
    assert [one.change_id for one in receiver.requests] == [ids[0], ids[1], ids[1], ids[2]]


def test_what_the_log_forgot_meanwhile_is_said_and_counted(
    url: str, webhook: Webhook, within: Threads
) -> None:
    ids = publish(url, [change(4 * number) for number in range(5)])
    partition = partition_of("Zoë 0".encode(), TOPICS.partitions)
    with receiving() as receiver:
        webhook("crm", receiver.url)
        with nobody() as port:
            webhook("dead", f"http://127.0.0.1:{port}/")
            with within():
                until(lambda: _has_place(url, "shoal-webhook-dead"), "its place on the log")
        with open_log(url) as log:
            log.truncate(TOPICS.changes, partition, 3)
        with receiving(port=port) as risen, within("dead") as senders:
            until(lambda: len(risen.taken) == 2, "what is left")
    assert risen.ids() == ids[3:]
    assert "is not on the log any more" in senders.said
    assert senders.metric("shoal_webhook_forgotten_total", webhook="dead") == 3


def test_only_what_is_chosen_is_sent_and_a_new_webhook_may_begin_at_the_end(
    url: str, webhook: Webhook, within: Threads
) -> None:
    moved = {"previous": RISING, "current": LEAVING, "cause": Cause.MOVED}
    publish(url, [change(0), change(1, **moved), change(2, lens="habits")])
    with receiving() as first, receiving() as second, receiving() as third:
        webhook("moved", first.url, 'cause = "moved"\nsegment = "value-2"')
        webhook("habits", second.url, 'lens = "habits"')
        webhook("late", third.url, 'begin = "end"')
        with within("late"):
            until(lambda: _has_place(url, "shoal-webhook-late"), "its place on the log")
        ids = publish(url, [change(3, cause=Cause.TIME)])
        with within():
            until(lambda: bool(first.taken and second.taken and third.taken), "one for each")
    assert [one.change["sequence"] for one in (*first.taken, *second.taken)] == [2, 3]
    assert third.ids() == ids


def _settled(url: str, group: str) -> int:
    with open_log(url) as log:
        return sum(log.committed(group, TOPICS.changes).values())


def _has_place(url: str, group: str) -> bool:
    with open_log(url) as log:
        return len(log.committed(group, TOPICS.changes)) == TOPICS.partitions


def test_no_secret_is_ever_said(url: str, webhook: Webhook, process: Processes) -> None:
    publish(url, [change(0)])
    with nobody() as port, receiving(status=lambda *_: 401) as receiver:
        webhook("closed", receiver.url)
        webhook("dead", f"http://127.0.0.1:{port}/in/sesame?token=open")
        with process() as sender:
            sender.says("answered 401")
            sender.says("Connection refused")
            sender.stop()
            said = sender.said
    assert not re.search("hush|sesame|token|open|Zoë", said)
    sent = b"".join(one.body for one in receiver.requests)
    assert SECRET.encode() not in sent
    assert SECRET not in str([one.headers for one in receiver.requests])


def test_a_second_sender_waits_until_the_first_has_left(
    url: str, webhook: Webhook, within: Threads
) -> None:
    with receiving() as receiver:
        webhook("crm", receiver.url)
        with within() as second:
            with within() as first:
                until(lambda: bool(first.said or second.said), "one of them to wait")
                before = publish(url, [change(0)])
                until(lambda: receiver.ids() == before, "the change, from the other")
            after = publish(url, [change(4)])
            until(lambda: receiver.ids() == [*before, *after], "the next, from who is left")
    assert "waits" in first.said + second.said
    assert "has its worker" in first.said + second.said
