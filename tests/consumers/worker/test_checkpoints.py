"""Checkpoints and what is cut off behind them: never what a restore or a snapshot needs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from consumers.worker.checkpoints import cut_before, is_large
from consumers.worker.partition_task import NEVER, BlocksThere, Checkpoint
from consumers.worker.rules import HOUR_MS, WorkerRules
from tests.consumers.worker.shop import QUICK
from tests.waiting import until

if TYPE_CHECKING:
    from tests.consumers.worker.shop import Shop

RULES = WorkerRules(checkpoint_floor_bytes=100)
DAY_MS = 24 * HOUR_MS
TINY = replace(QUICK, checkpoint_floor_bytes=2_000, checkpoint_factor=1.0)


def checkpoint(number: int, *, stretch: int = 0) -> Checkpoint:
    """Number n lies at offset 10 n, with the state of day n, written at hour n."""
    return Checkpoint(10 * number, DAY_MS * number, HOUR_MS * number, 100, stretch)


def test_a_checkpoint_pays_once_deltas_are_four_times_the_state() -> None:
    blocks = BlocksThere([checkpoint(1)], delta_bytes=400)
    assert not is_large(blocks, RULES)
    assert is_large(replace(blocks, delta_bytes=401), RULES)


def test_small_deltas_bring_about_no_checkpoint() -> None:
    assert not is_large(BlocksThere(delta_bytes=100), RULES)
    assert is_large(BlocksThere(delta_bytes=101), RULES)


def cut(promoted_ms: int | None, now_ms: int = 5 * HOUR_MS, **changed: bool | int) -> int:
    there = [checkpoint(n, stretch=int(changed.get("stretch", 50))) for n in (1, 2, 3, 4)]
    erased = bool(changed.get("erased", False))
    return cut_before(there, promoted_ms, now_ms, RULES, erased=erased)


def test_without_a_promote_the_newest_midnight_can_still_be_read() -> None:
    assert cut(None) == 40  # whose state is that of the midnight
    there = [checkpoint(1), checkpoint(2), checkpoint(3)._replace(event_ms=3 * DAY_MS - 1)]
    assert cut_before(there, None, 5 * HOUR_MS, RULES, erased=False) == 20
    assert cut_before(there, None, 27 * HOUR_MS, RULES, erased=False) == 30
    assert cut_before(there, None, 5 * HOUR_MS, RULES, erased=True) == 30


def test_the_last_checkpoint_before_the_promotes_t_stays() -> None:
    assert cut(2 * DAY_MS + 1) == 20
    assert cut(2 * DAY_MS) == 20
    assert cut(9 * DAY_MS) == 40


def test_a_t_before_all_checkpoints_keeps_none_of_them() -> None:
    assert cut(DAY_MS - 1) == 40


def test_it_stays_for_a_day_at_most() -> None:
    assert cut(2 * DAY_MS, now_ms=26 * HOUR_MS) == 20
    assert cut(2 * DAY_MS, now_ms=26 * HOUR_MS + 1) == 40


def test_it_stays_for_four_times_the_state_at_most() -> None:
    assert cut(2 * DAY_MS, stretch=400) == 20
    assert cut(2 * DAY_MS, stretch=401) == 40
    assert cut(3 * DAY_MS, stretch=10_000) == 30  # T's own stretch has to be there anyway


def test_after_an_erasure_nothing_older_stays() -> None:
    assert cut(2 * DAY_MS, erased=True) == 40


@given(
    st.lists(st.integers(0, 500), min_size=1, max_size=8),
    st.none() | st.integers(0, 9 * DAY_MS),
    st.integers(0, 100 * HOUR_MS),
    st.booleans(),
)
def test_a_cut_is_always_at_a_checkpoint(
    stretches: list[int], promoted_ms: int | None, now_ms: int, erased: bool
) -> None:
    there = [checkpoint(n, stretch=size) for n, size in enumerate(stretches)]
    at = cut_before(there, promoted_ms, now_ms, RULES, erased=erased)
    assert at in [one.offset for one in there]


def test_a_checkpoint_of_no_event_is_never_kept_for_a_snapshot() -> None:
    there = [Checkpoint(0, NEVER, 0, 1), checkpoint(1)]
    assert cut_before(there, DAY_MS - 1, 0, RULES, erased=False) == 10


def begins_with_a_checkpoint(shop: Shop, partition: int) -> bool:
    blocks = shop.blocks(partition)
    return bool(blocks) and bool(blocks[0][1]["checkpoint"])


def test_blocks_before_a_checkpoint_are_cut_and_the_rest_is_enough(shop: Shop) -> None:
    with shop.working(rules=TINY):
        for _ in range(16):
            shop.sell(200)
            until(shop.is_all_said, "all counts")
        for partition in range(2):
            until(
                lambda partition=partition: begins_with_a_checkpoint(shop, partition),  # type: ignore[misc]
                "older blocks to be cut off",
            )
    starts = [bounds.start for bounds in shop.log.bounds(shop.topics.profiles).values()]
    assert min(starts) > 0
    shop.sell(200)
    shop.read_all()
    assert shop.said() == shop.has_to_be_said()


def test_an_erased_customer_is_cut_off_in_time_though_nothing_comes_any_more(shop: Shop) -> None:
    rules = replace(QUICK, erasure_checkpoint_ms=300)
    partition = shop.partition("c7")
    with shop.working(rules=rules):
        shop.sell(100)
        until(shop.is_all_said, "all counts")
        assert any("c7" in str(block) for _, block in shop.blocks(partition))
        shop.write("c7", b"erase", 5)
        until(lambda: begins_with_a_checkpoint(shop, partition), "older blocks to be cut off")
        until(
            lambda: not any("c7" in str(block["counts"]) for _, block in shop.blocks(partition)),
            "nothing of the customer",
        )


def test_an_erasure_that_a_crash_overtook_is_cut_off_at_once(shop: Shop) -> None:
    partition = shop.partition("c7")
    shop.sell(100)
    shop.write("c7", b"erase", 5)
    shop.read_all()
    assert any("c7" in str(block) for _, block in shop.blocks(partition))
    with shop.working():  # with a quarter of an hour's patience
        until(lambda: begins_with_a_checkpoint(shop, partition), "older blocks to be cut off")


def test_a_checkpoint_that_comes_with_the_next_output_is_waited_for(shop: Shop) -> None:
    """As `consumers.task` has it: asked for at one commit, it is the first thing in the next."""
    partition = shop.partition("c7")
    shop.sell(100)
    shop.write("c7", b"erase", 5)
    shop.read_all()
    running = shop.worker()
    running.tasks.defers_checkpoints = True
    running.start()
    until(lambda: begins_with_a_checkpoint(shop, partition), "older blocks to be cut off")
    running.stop()
    assert [block["checkpoint"] for _, block in shop.blocks(partition)] == [True]
    shop.sell(100)
    shop.sent["c7"] -= 5
    shop.read_all()
    said = shop.said()
    assert said.pop("c7") == [1, 2, 3, 4, 5, 1, 2, 3, 4, 5]
    del shop.sent["c7"]
    assert said == shop.has_to_be_said()
