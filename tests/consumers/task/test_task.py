"""A task does what the plain one does, wherever its records are cut, stored or restored."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from consumers.task.rules import Identity, TaskRules
from consumers.task.task import Task, new_task, restored_task
from stream.blocks.chain import Chain
from stream.contracts.change import SegmentChange
from stream.contracts.instant import milliseconds
from stream.model.digits import FEW_DIGITS
from stream.profile.catalogue import features
from stream.profile.kept import Bounds
from tests.consumers.task.plain_task import PlainChange, PlainTask
from tests.consumers.task.records import (
    MODELS,
    TOPIC,
    YEARS_LATER_MS,
    Known,
    cut,
    line,
    partitions,
    promote,
    record,
    tick,
)
from tests.stream.model.plain_changes import in_digits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consumers.task.storing import Output
    from stream.blocks.restored import Restored
    from stream.profile.state import Profiles
    from tests.consumers.task.records import Said

IDENTITY = Identity("shoal", TOPIC, 1, 0)
RULES = TaskRules("shoal.segment-changes", fingerprint="f", bounds=Bounds())


class Ran(NamedTuple):
    task: Task
    changes: list[SegmentChange]
    blocks: list[bytes]


def changes_of(output: Output) -> list[SegmentChange]:
    return [SegmentChange.from_json(one.value) for records in output.changes for one in records]


def run(
    said: Sequence[Said],
    cuts: set[int] = frozenset(),  # type: ignore[assignment]
    *,
    collected: set[int] = frozenset(),  # type: ignore[assignment]
    checkpoints: set[int] = frozenset(),  # type: ignore[assignment]
    restart: bool = False,
    makes_blocks: bool = True,
    timestamp: int = YEARS_LATER_MS,
) -> Ran:
    """All of it, cut into batches, committed after some of them, and restored after each commit
    if asked to."""
    task = new_task(IDENTITY, RULES, Known(), makes_blocks=makes_blocks)
    changes: list[SegmentChange] = []
    blocks: list[bytes] = []
    records = [record(one, timestamp) for one in said]
    for number, batch in enumerate(cut(records, cuts)):
        task.take(batch, observed_ms=number)
        if number in collected:
            checkpoint = number in checkpoints
            outputs = [task.collect(number, checkpoint=checkpoint)]
            if checkpoint:
                outputs.append(task.collect(number))
            for output in outputs:
                changes += changes_of(output)
                blocks += [one.value or b"" for several in output.blocks for one in several]
            if restart:
                task = restored_task(IDENTITY, RULES, Known(), restored(blocks))
    output = task.collect(len(records))
    changes += changes_of(output)
    blocks += [one.value or b"" for several in output.blocks for one in several]
    return Ran(task, changes, blocks)


def plainly(said: Sequence[Said], timestamp: int = YEARS_LATER_MS) -> PlainTask:
    task = PlainTask(RULES.bounds, MODELS)
    for one in said:
        assert not isinstance(one, bytes)
        task.take(one, timestamp)
    return task


def in_short(change: SegmentChange) -> PlainChange:
    return PlainChange(
        change.customer_id,
        change.lens,
        change.incarnation,
        change.sequence,
        change.previous.id if change.previous else None,
        change.current.id if change.current else None,
        change.cause.value,
        milliseconds(change.occurred_at),
    )


def told(change: SegmentChange) -> dict[str, object]:
    """Everything that has to be the same in every run."""
    return change.model_dump(exclude={"observed_at"})


def by_customer(changes: Sequence[SegmentChange]) -> dict[tuple[str, str], list[dict[str, object]]]:
    """In each lens in order; lenses are looked at one after the other, batch by batch."""
    found: dict[tuple[str, str], list[dict[str, object]]] = {}
    for change in changes:
        found.setdefault((change.customer_id, change.lens), []).append(told(change))
    return found


@settings(max_examples=80)
@given(partitions(), st.sets(st.integers(1, 40)))
def test_a_task_does_what_the_plain_one_does(said: list[Said], cuts: set[int]) -> None:
    ran, plain = run(said, cuts), plainly(said)
    assert sorted(map(in_short, ran.changes)) == sorted(plain.changes)
    assert sum(ran.task.outcomes.values()) == len(said)
    counted = {name: plain.outcomes.count(name) for name in set(plain.outcomes)}
    assert ran.task.outcomes == counted
    same_profiles(ran.task, plain)


@settings(max_examples=40)
@given(partitions(), st.sets(st.integers(1, 40)), st.sets(st.integers(0, 10)))
def test_one_that_makes_no_blocks_says_the_same(
    said: list[Said], cuts: set[int], collected: set[int]
) -> None:
    """A backtest's: nobody will ever restore it."""
    usual = run(said, cuts, collected=collected)
    ran = run(said, cuts, collected=collected, makes_blocks=False)
    assert list(map(told, ran.changes)) == list(map(told, usual.changes))
    assert ran.task.outcomes == usual.task.outcomes
    assert not ran.blocks
    assert usual.blocks


@settings(max_examples=80)
@given(
    partitions(),
    st.sets(st.integers(1, 40)),
    st.sets(st.integers(0, 10)),
    st.sets(st.integers(0, 10)),
)
def test_nothing_depends_on_cuts_commits_or_restarts(
    said: list[Said], cuts: set[int], collected: set[int], checkpoints: set[int]
) -> None:
    whole = run(said)
    cut_up = run(said, cuts, collected=collected, checkpoints=checkpoints, restart=True)
    assert by_customer(cut_up.changes) == by_customer(whole.changes)
    assert cut_up.task.outcomes == whole.task.outcomes
    same_state(cut_up.task, whole.task)
    if said:
        same_state(restored_task(IDENTITY, RULES, Known(), restored(cut_up.blocks)), whole.task)


@given(partitions())
def test_previous_is_always_the_last_current(said: list[Said]) -> None:
    last: dict[tuple[str, str, int], tuple[int, object]] = {}
    for change in run(said).changes:
        key = (change.customer_id, change.lens, change.incarnation)
        sequence, current = last.get(key, (0, None))
        assert change.sequence == sequence + 1
        assert change.previous == current
        last[key] = (change.sequence, change.current)


def restored(blocks: Sequence[bytes]) -> Restored:
    from stream.blocks.block import decode_part
    from stream.blocks.restored import Restored

    chain = Chain(group="shoal", topic=TOPIC, partitions=1, partition=0, fingerprint="f")
    made = Restored()
    for offset, value in enumerate(blocks):
        block = chain.follow(offset, decode_part(value))
        if block is not None:
            made.apply(block)
    return made


def same_profiles(task: Task, plain: PlainTask) -> None:
    ours, theirs = task.state.profiles, plain.profiles
    assert len(ours) == len(theirs)
    rows = np.arange(len(ours))
    assert ids_of(ours) == ids_of(theirs)
    at_ms = ours.sweep_ms
    assert at_ms == theirs.sweep_ms
    np.testing.assert_array_equal(features(ours, rows, at_ms), features(theirs, rows, at_ms))


def same_state(one: Task, other: Task) -> None:
    ours, theirs = one.state, other.state
    same_profiles_of(one, other)
    assert ours.model_version == theirs.model_version
    assert ours.promoted_ms == theirs.promoted_ms
    assert ours.lenses.keys() == theirs.lenses.keys()
    assert one.pending_due_ms == other.pending_due_ms
    rows = ours.present()
    for name, state in ours.lenses.items():
        same = theirs.lenses[name]
        state.widen(len(ours.profiles))
        same.widen(len(theirs.profiles))
        np.testing.assert_array_equal(state.standings[rows], same.standings[rows])
        np.testing.assert_array_equal(state.seen[rows], same.seen[rows])
        np.testing.assert_array_equal(
            state.lens.shapes.positions, same.lens.shapes.positions, strict=True
        )


def same_profiles_of(one: Task, other: Task) -> None:
    ours, theirs = one.state.profiles, other.state.profiles
    assert len(ours) == len(theirs)
    rows = np.arange(len(ours))
    assert ids_of(ours) == ids_of(theirs)
    assert ours.sweep_ms == theirs.sweep_ms
    at_ms = ours.sweep_ms
    np.testing.assert_array_equal(features(ours, rows, at_ms), features(theirs, rows, at_ms))


def ids_of(profiles: Profiles) -> list[str]:
    return [profiles.customer_id(row) for row in range(len(profiles))]


def test_causes_are_told_apart() -> None:
    said: list[Said] = [
        line("17850", 0),
        line("13047", 1, quantity=400.0),
        tick(2),
        promote(1),
        line("12583", 3),
        line("17850", 4, quantity=900.0),
        tick(5),
        tick(24 * 95),
    ]
    causes = [(change.customer_id, change.cause.value) for change in run(said).changes]
    assert causes[:4] == [
        ("17850", "first_model"),
        ("13047", "first_model"),
        ("12583", "joined"),
        ("17850", "moved"),
    ]
    assert {cause for _, cause in causes[4:]} == {"time"}


def test_a_live_stream_waits_for_the_grace_and_a_replay_does_not() -> None:
    live: list[Said] = [line("17850", 0), tick(0.001)]
    recorded_ms = milliseconds(line().occurred_at)
    waits = run([promote(1), *live], timestamp=recorded_ms)
    assert waits.changes == []
    assert waits.task.is_live
    assert waits.task.pending_due_ms == recorded_ms + RULES.bounds.grace_ms
    assert [change.cause for change in run([promote(1), *live]).changes] == ["joined"]


def test_a_customer_who_comes_back_after_an_erasure_is_another() -> None:
    from stream.contracts.commands import Erasure

    said: list[Said] = [
        promote(1),
        line("17850", 0),
        tick(1),
        Erasure(customer_id="17850"),
        line("17850", 0.5),
        line("17850", 2),
        tick(3),
    ]
    ran = run(said)
    assert [(one.cause.value, one.incarnation, one.sequence) for one in ran.changes] == [
        ("joined", 1, 1),
        ("erased", 1, 2),
        ("joined", 2, 1),
    ]
    assert ran.task.outcomes == {"command": 4, "folded": 2, "erased": 1}
    assert len({one.change_id for one in ran.changes}) == 3


def test_reasons_say_what_moved_the_customer() -> None:
    said: list[Said] = [promote(1), line("17850", 0), line("17850", 3, quantity=2000.0), tick(4)]
    joined, moved = run(said).changes
    assert moved.previous == joined.current
    assert moved.margin is not None
    assert moved.margin > 0.10
    assert {reason.feature for reason in moved.reasons} <= {"orders_d90", "spend_d90", "lines_d90"}
    assert moved.reasons[0].feature == "spend_d90"
    before = np.float32(joined.features["spend_d90"])
    assert moved.reasons[0].before == in_digits(float(before), FEW_DIGITS)
    assert moved.reasons[0].after == moved.features["spend_d90"]


@example([])
@given(st.lists(st.sampled_from([b"", b"{}", b"nonsense", b'{"type": "x"}']), max_size=5))
def test_what_is_nothing_is_a_dead_letter_and_counted(values: list[bytes]) -> None:
    said: list[Said] = [line("17850", 0), *values, line("17850", 1)]
    task = new_task(IDENTITY, RULES, Known())
    for batch in cut([record(one) for one in said], {2}):
        task.take(batch, observed_ms=0)
    output = task.collect(0)
    letters = [letter for records in output.dead_letters for letter in records]
    assert [letter.value for letter in letters] == values
    assert sum(task.outcomes.values()) == len(said)
    assert task.outcomes["folded"] == 2
