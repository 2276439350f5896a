"""Several workers on Kafka: who has which partitions, and what each of them may still write."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from stream.errors import Fenced
from tests.consumers.worker.shop import QUICK
from tests.waiting import until

if TYPE_CHECKING:
    from tests.consumers.worker.shop import Running, Shop


def held(running: Running) -> list[int]:
    """The partitions it was given and still has."""
    mine: list[int] = []
    for event, partition in running.seen.history:
        if event == "restored":
            mine.append(partition)
        elif partition in mine:
            mine.remove(partition)
    return sorted(mine)


def test_two_workers_share_the_partitions_and_one_that_leaves_gives_them_back(
    kafka_shop: Shop,
) -> None:
    shop = kafka_shop
    with shop.working("one") as one:
        shop.sell(500)
        until(shop.is_all_said, "all counts of one")
        with shop.working("two") as two:
            until(lambda: len(held(one)) == len(held(two)) == 2, "two partitions each")
            assert sorted(held(one) + held(two)) == [0, 1, 2, 3]
            shop.sell(500)
            until(shop.is_all_said, "all counts of both")
        until(lambda: len(held(one)) == 4, "all partitions back")
        shop.sell(500)
        until(shop.is_all_said, "all counts of one again")
        assert not one.seen.failures
        assert not two.seen.failures
        kept = [partition for partition, count in one.tasks.restores.items() if count == 1]
        assert len(kept) == 2, "what one kept was never restored"
    assert shop.said() == shop.has_to_be_said()


def test_rebalances_under_load_lose_nothing_and_fence_nobody_by_chance(kafka_shop: Shop) -> None:
    """Commits are as many as can be, so that one is in flight when the generation changes."""
    shop, eager = kafka_shop, replace(QUICK, commit_ms=1)
    with shop.working("one", rules=eager) as one:
        for round_ in range(3):
            with shop.working("two", rules=eager) as two:

                def shared(two: Running = two) -> bool:
                    shop.sell(40)
                    return len(held(one)) == len(held(two)) == 2

                until(shared, f"a share each, in round {round_}")
                assert not two.seen.failures

            def is_back() -> bool:
                shop.sell(40)
                return len(held(one)) == 4

            until(is_back, "all partitions back")
        until(shop.is_all_said, "all counts")
        assert not one.seen.failures
    assert shop.said() == shop.has_to_be_said()


def test_a_worker_whose_name_another_takes_ends_and_writes_nothing_more(kafka_shop: Shop) -> None:
    shop = kafka_shop
    former = shop.worker("one")
    former.start()
    until(lambda: former.seen.is_ready, "a ready worker")
    shop.sell(200)
    until(shop.is_all_said, "all counts of the former")
    with shop.working("one"):
        shop.sell(400)
        until(shop.is_all_said, "all counts of the new one")
        with pytest.raises(Fenced, match="another process"):
            former.end()
    assert shop.said() == shop.has_to_be_said()
