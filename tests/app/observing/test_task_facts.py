"""What is shown of a task is what its changes add up to."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import example, given, settings

from app.observing.task_facts import NO_SEGMENT, counts_of, facts_of
from consumers.task.rules import Identity, TaskRules
from consumers.task.task import Task, new_task
from consumers.task.told import Kind
from stream.contracts.change import SegmentChange
from stream.contracts.commands import Erasure
from tests.consumers.task.records import (
    TOPIC,
    Known,
    batch_of,
    line,
    partitions,
    promote,
    record,
    tick,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consumers.task.storing import Output
    from tests.consumers.task.records import Said

SOME = [
    line("a", 0),
    line("b", 1, quantity=100),
    promote(1),
    line("c", 30),
    line("b", 40, quantity=-100),
    Erasure(customer_id="a"),
    promote(2),
    tick(24 * 100),
]


class Ran(NamedTuple):
    task: Task
    outputs: list[Output]
    changes: list[SegmentChange]


def run(said: Sequence[Said]) -> Ran:
    """A commit after each record."""
    task = new_task(Identity("shoal", TOPIC, 1, 0), TaskRules("shoal.segment-changes"), Known())
    outputs = []
    for offset, one in enumerate(said):
        task.take(batch_of([record(one)], offset), observed_ms=offset)
        outputs.append(task.collect(offset))
    changes = [
        SegmentChange.from_json(one.value)
        for output in outputs
        for records in output.changes
        for one in records
    ]
    return Ran(task, outputs, changes)


def segments(changes: Sequence[SegmentChange]) -> Counter[tuple[str, str]]:
    """Where everybody is after all changes."""
    last = {(change.lens, change.customer_id): change.current for change in changes}
    return Counter((lens, current.id) for (lens, _), current in last.items() if current)


@settings(max_examples=15, deadline=None)
@example(SOME)
@given(partitions())
def test_customers_are_where_their_last_change_took_them(said: list[Said]) -> None:
    task, _, changes = run(said)
    facts = facts_of(task)
    shown = Counter(facts.customers_in_segment)
    assert +Counter({at: n for at, n in shown.items() if at[1] != NO_SEGMENT}) == segments(changes)
    for lens in {lens for lens, _ in shown}:
        assert sum(n for at, n in shown.items() if at[0] == lens) == facts.customers


def test_the_erased_and_those_who_never_had_a_profile_are_no_customers() -> None:
    facts = facts_of(run([line("a"), line("b", 1), b"nonsense", Erasure(customer_id="a")]).task)
    assert (facts.customers, facts.model_version) == (1, None)
    assert facts.customers_in_segment == {}


def test_a_segment_without_customers_is_shown_with_none() -> None:
    facts = facts_of(run([line("a"), promote(1)]).task)
    assert facts.model_version == 1
    sizes = {segment: n for (_, segment), n in facts.customers_in_segment.items()}
    assert set(sizes) == {
        *("value-1", "value-2", "value-3", "value-dormant", "value-no-net-spend", NO_SEGMENT)
    }
    assert sum(sizes.values()) == 1


def test_a_lens_takes_memory_too() -> None:
    before, after = facts_of(run([line("a")]).task), facts_of(run([line("a"), promote(1)]).task)
    assert before.profile_bytes > 0
    assert after.profile_bytes > before.profile_bytes


@settings(max_examples=15, deadline=None)
@example(SOME)
@given(partitions())
def test_a_commit_counts_the_changes_it_writes(said: list[Said]) -> None:
    _, outputs, changes = run(said)
    counted: Counter[Kind] = Counter()
    for output in outputs:
        counted.update(counts_of(output).changes)
    assert counted == Counter(
        Kind(
            change.lens,
            change.cause,
            change.previous.id if change.previous else "",
            change.current.id if change.current else "",
        )
        for change in changes
    )


def test_what_is_no_task_of_ours_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match="object is no task"):
        facts_of(object())  # type: ignore[arg-type]  # that is the point
    with pytest.raises(TypeError, match="object is no task's output"):
        counts_of(object())  # type: ignore[arg-type]  # as above
