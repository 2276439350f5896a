"""A worker on both logs: whatever happens to it, every event counts once, in order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from stream.errors import CommitFailed, Fenced, LogError, RecordTooLarge
from stream.log.batch import Record, Records
from tests.consumers.worker.counting import records_of
from tests.consumers.worker.faults import FailingLog, SleepyLog
from tests.consumers.worker.shop import QUICK, THEN
from tests.waiting import until

if TYPE_CHECKING:
    from consumers.worker.observer import Written
    from tests.consumers.worker.shop import Shop


def test_until_the_end_everything_is_read_and_committed(shop: Shop) -> None:
    shop.sell(1000)
    shop.read_all()
    assert shop.said() == shop.has_to_be_said()
    committed = shop.log.committed(shop.group, shop.topics.transactions)
    ends = {p: bounds.end for p, bounds in shop.log.bounds(shop.topics.transactions).items()}
    assert committed == ends


def test_the_end_is_past_commit_marks_and_on_empty_partitions_at_once(shop: Shop) -> None:
    with (
        shop.log.producer(f"{shop.group}-marks") as producer,
        producer.transaction() as transaction,
    ):
        record = Record(b"c1", b"1300000000000", 1)
        transaction.append(shop.topics.transactions, shop.partition("c1"), Records.of([record]))
    shop.read_all()
    assert shop.said() == {"c1": [1]}


def test_a_restart_goes_on_where_the_last_commit_was(shop: Shop) -> None:
    for _ in range(3):
        shop.sell(333)
        shop.read_all()
    assert shop.said() == shop.has_to_be_said()
    with shop.working() as running:
        shop.sell(100)
        until(shop.is_all_said, "all counts")
        assert running.tasks.restores == {0: 1, 1: 1}
    assert shop.said() == shop.has_to_be_said()


def test_stopping_finishes_the_batch_commits_and_leaves_the_group(shop: Shop) -> None:
    """Commits are seconds apart, so that only the last one can have been in time."""
    slow = replace(QUICK, commit_ms=60_000, tick_silence_ms=50)
    with shop.working(rules=slow) as running:
        shop.sell(400)

        def taken() -> int:
            return sum(task.outcomes["folded"] for task in running.tasks.made.values())

        until(lambda: taken() == 400, "all to be folded")
    assert shop.said() == shop.has_to_be_said()
    with shop.working("two") as other:  # nobody else is in the way
        assert other.tasks.restores == {0: 1, 1: 1}


def test_poison_is_put_aside_and_the_position_moves_past_it(shop: Shop) -> None:
    shop.write("c1", b"poison", 5)
    shop.read_all()
    dead = records_of(shop.log, shop.topics.dead_letters, shop.partition("c1"))
    assert [record.value for _, record in dead] == [b"poison"]
    assert shop.log.committed(shop.group, shop.topics.transactions)[shop.partition("c1")] == 1


def test_a_failed_commit_is_a_crash_after_which_everything_is_restored(shop: Shop) -> None:
    with shop.impatient_log() as impatient:
        log = FailingLog(impatient, shop.url)
        with shop.working(log=log) as running:
            shop.sell(300)
            until(shop.is_all_said, "all counts")
            log.fails = True
            shop.sell(300)
            until(lambda: bool(running.seen.failures), "a commit to fail")
            until(shop.is_all_said, "all counts again")
            assert isinstance(running.seen.failures[0], CommitFailed)
            assert (log.failed, len(running.seen.failures)) == (1, 1)
            assert running.tasks.restores == {0: 2, 1: 2}
            assert running.seen.partitions("dropped") == [0, 1]
    assert shop.said() == shop.has_to_be_said()


def test_who_slept_until_another_had_its_name_does_not_take_it_back(shop: Shop) -> None:
    """Its commit fails, for whatever reason; then it would begin anew, and fence the other."""
    with shop.impatient_log() as own, shop.impatient_log() as others:
        named = f"{shop.group}-one"
        log = SleepyLog(own, shop.url, lambda: others.producer(named).close())
        running = shop.worker(log=log)
        running.start()
        until(lambda: running.seen.is_ready, "a ready worker")
        shop.sell(100)
        until(shop.is_all_said, "all counts")
        log.fails = True
        shop.sell(100)
        with pytest.raises(Fenced, match=f"another process has the name {named}"):
            running.end()
    shop.read_all()
    assert shop.said() == shop.has_to_be_said()


def test_the_observer_hears_of_commits_lag_and_readiness(shop: Shop) -> None:
    rules = replace(QUICK, lag_seconds=0.05)
    with shop.working(rules=rules) as running:
        seen = running.seen
        assert seen.partitions("restored") == [0, 1]
        shop.sell(500)
        until(shop.is_all_said, "all counts")

        def last() -> dict[int, Written]:
            return {one.task.partition: one for commit in seen.commits for one in commit}

        def counted() -> int:
            return sum(one.outcomes["folded"] for one in last().values())

        until(lambda: counted() == 500, "all commits to be heard of")
        until(lambda: seen.lag == {0: 0, 1: 0}, "no lag")
        assert all(one.block_bytes > 0 for one in last().values())


def test_no_more_is_held_back_than_a_commit_may_stand_for(shop: Shop) -> None:
    """Up to a poll more: it is not cut. On both logs one brings no more than is written here."""
    shop.sell(300)
    most = 100
    running = shop.worker(rules=replace(QUICK, commit_ms=60_000, most_events=most))
    running.start()
    until(shop.is_all_said, "all counts, long before the commit would be due")
    running.stop()
    assert len(running.seen.commits) >= 1


def test_a_position_without_profiles_is_refused_with_a_remedy(shop: Shop) -> None:
    shop.sell(100)
    shop.read_all()
    for partition, bounds in shop.log.bounds(shop.topics.profiles).items():
        shop.log.truncate(shop.topics.profiles, partition, bounds.end)
    with pytest.raises(LogError, match=r"has no profiles.*shoal rebuild"):
        shop.read_all()


def test_profiles_of_another_position_are_refused_with_a_remedy(shop: Shop) -> None:
    shop.sell(100)
    shop.read_all()
    shop.move_position(0, 1)
    with pytest.raises(LogError, match=r"stand for .*Set the group back"):
        shop.read_all()


def test_profiles_alone_are_enough_where_the_position_expired(shop: Shop) -> None:
    shop.sell(100)
    shop.read_all()
    shop.group += "-forgotten"
    shop.sell(100)
    shop.read_all()
    assert shop.said() == shop.has_to_be_said()


@pytest.mark.parametrize("count", [40, 400], ids=["shorter", "longer"])
def test_transactions_that_were_made_anew_are_not_read_from_the_middle(
    shop: Shop, count: int
) -> None:
    shop.sell(100)
    shop.read_all()
    shop.make_transactions_anew()
    shop.sell(count, at_ms=THEN + 1000)
    with pytest.raises(LogError, match=r"made anew.*shoal rebuild"):
        shop.read_all()
    assert sum(map(len, shop.said().values())) == 100


def test_a_record_too_large_for_its_topic_ends_the_worker_and_says_so(shop: Shop) -> None:
    running = shop.worker()
    running.tasks.padding = "x" * 2_000_000
    shop.sell(10)
    running.start()
    with pytest.raises(RecordTooLarge, match="customer-profiles"):
        running.end()
    assert shop.said() == {}
