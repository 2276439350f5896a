"""The comparison finds what a run must not do: else that it finds nothing would say nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from stream.contracts.change import Cause, SegmentChange
from stream.contracts.segment import SegmentRef
from tests.chaos.comparing import broken_promises, differences
from tests.chaos.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

THEN = datetime(2011, 1, 1, tzinfo=UTC)
LOW, HIGH = SegmentRef(id="value-1", name="Low"), SegmentRef(id="value-2", name="High")


def change(sequence: int, **fields: object) -> SegmentChange:
    ordinary = {
        "customer_id": "17850",
        "lens": "value",
        "sequence": sequence,
        "previous": [None, LOW, HIGH][(sequence - 1) % 3] if sequence < 3 else LOW,
        "current": LOW if sequence != 2 else HIGH,
        "cause": Cause.MOVED,
        "model_version": 1,
        "occurred_at": THEN,
        "observed_at": THEN,
    }
    return SegmentChange.model_validate(ordinary | fields)


def outcome() -> Outcome:
    return Outcome(
        state={("partition 0", "customer 17850", "feature spend"): 12.5},
        midnights={("partition 0", "midnight 2011-01-02"): "abc"},
        changes=[change(1), change(2)],
        dead_letters={("partition 0", "dead letter of record 3"): ("not_json", "", b"k", b"{")},
        counted={0: {"folded": 2, "not_json": 1}},
        records={0: 3},
    )


def wrong(outcome: Outcome) -> list[str]:
    return list(broken_promises(outcome))


def test_nothing_is_wrong_with_what_is_right() -> None:
    assert wrong(outcome()) == []
    assert list(differences(outcome(), outcome())) == []


def test_a_change_that_is_there_twice_is_found() -> None:
    twice = replace(outcome(), changes=[change(1), change(2), change(2)])
    assert any("is there 2 times" in one for one in wrong(twice))


def test_a_change_that_is_missing_is_found() -> None:
    gap = replace(outcome(), changes=[change(1), change(3)])
    assert any("change 2: its sequence is 3" in one for one in wrong(gap))
    missing = replace(outcome(), changes=[change(1)])
    assert any("change 2, " in one and ": nothing, and" in one for one in found(missing))


def test_a_previous_that_is_not_the_last_current_is_found() -> None:
    torn = replace(outcome(), changes=[change(1), change(2, previous=HIGH)])
    assert wrong(torn) == [
        "customer 17850, lens value, life 1, change 2: "
        "previous is value-2, the last current value-1"
    ]


def test_records_that_are_not_accounted_for_are_found() -> None:
    assert wrong(replace(outcome(), records={0: 4})) == [
        "partition 0 has 4 records, and 3 are accounted for"
    ]


def test_a_dead_letter_that_was_only_counted_is_found() -> None:
    (said,) = wrong(replace(outcome(), dead_letters={}))
    assert said == "partition 0: 1 records are counted as not_json, and 0 dead letters say so"


@pytest.mark.parametrize(
    "disturbed",
    [
        lambda made: replace(made, state=dict.fromkeys(made.state, 12.500000000000002)),
        lambda made: replace(made, state={}),
        lambda made: replace(made, midnights=dict.fromkeys(made.midnights, "abd")),
        lambda made: replace(made, dead_letters={}),
        lambda made: replace(made, changes=[change(1), change(2, margin=0.2)]),
    ],
    ids=["one bit", "a customer gone", "a midnight", "a dead letter", "a margin"],
)
def test_the_least_difference_is_found(disturbed: Callable[[Outcome], Outcome]) -> None:
    assert len(found(disturbed(outcome()))) == 1


def test_the_clock_makes_no_difference() -> None:
    later = THEN.replace(year=2012)
    assert found(replace(outcome(), changes=[change(1, observed_at=later), change(2)])) == []


def found(disturbed: Outcome) -> list[str]:
    return list(differences(disturbed, outcome()))
