"""Changes written by the thousand are byte for byte those written one by one."""

from __future__ import annotations

from math import inf, nan
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stream.contracts import identity
from stream.contracts.bounds import END_OF_INSTANTS, MAX_TEXT
from stream.contracts.change import Cause, SegmentChange
from stream.contracts.instant import milliseconds
from stream.contracts.segment import SegmentRef
from stream.model import written as writing
from stream.model.arrays import GONE, NEVER, NONE
from stream.model.change import erased, instant
from stream.model.changes import Entries, Left, Looks, changes
from stream.model.lens import Lens, compile_lens
from stream.model.written import written
from tests.stream.model.models import lenses, ref, value_lens
from tests.stream.model.plain_changes import (
    TOPIC,
    PlainChange,
    PlainSegment,
    Who,
    codes_of,
    plain_changes,
    together,
)

if TYPE_CHECKING:
    from stream.log.batch import Record
    from stream.model.change import Changes

LAST_MS = milliseconds(END_OF_INSTANTS) - 1
NUMBERED = [ref(number) for number in range(3)]
ODD = SegmentRef(id='"odd\\" /ß', name="🐟 \\n, null")

texts = st.text(
    st.characters(exclude_categories=["Cc", "Cs"]) | st.sampled_from('",\\:{}/u001f '),
    min_size=1,
    max_size=12,
)
ids = texts | st.sampled_from(["x" * MAX_TEXT, "🐟" * MAX_TEXT, "ü" * 64, "\\" * MAX_TEXT])
instants = st.integers(0, LAST_MS) | st.integers(0, LAST_MS // 1000).map(lambda s: s * 1000)
values = st.floats(0, 1e9) | st.integers(0, 20).map(float) | st.sampled_from([1e-7, 5e-324])
seen_before = values | st.just(nan)


class Case(NamedTuple):
    lens: Lens
    entries: Entries
    who: list[Who]
    occasions: list[Cause]
    after: Looks
    before: Looks | None
    left: Left | None
    observed_ms: int


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Moves as no task might make them, in any lens: what is said must follow all the same."""
    lens = compile_lens(draw(lenses()), draw(st.integers(1, 10**9)))
    count = draw(st.integers(1, 7))

    def column(each: st.SearchStrategy[int]) -> np.ndarray:
        return np.array(draw(st.lists(each, min_size=count, max_size=count)), np.int64)

    def looks(each: st.SearchStrategy[float]) -> Looks:
        shape = count * len(lens.needs)
        features = draw(st.lists(each, min_size=shape, max_size=shape))
        return Looks(
            np.array(features).reshape(count, -1),
            column(instants | st.just(NEVER)),
            column(instants),
        )

    segments = len(lens.segments)
    previous = column(st.integers(GONE, segments - 1))
    entries = Entries(previous, column(st.integers(0, segments - 1)), column(instants))
    left = Left((*NUMBERED, ODD), column(st.integers(NONE, len(NUMBERED))))
    return Case(
        lens,
        entries,
        [
            Who(draw(ids), draw(st.integers(1, 2**32)), draw(st.integers(1, 3)))
            for _ in range(count)
        ],
        [draw(st.sampled_from(list(Cause)[:-1])) for _ in range(count)],
        looks(values),
        draw(st.just(None) | st.builds(lambda: looks(seen_before))),
        draw(st.sampled_from([None, left])),
        draw(instants),
    )


def made_of(case: Case) -> Changes:
    who, occasions = together(case.who), codes_of(case.occasions)
    return changes(case.lens, case.entries, who, occasions, case.after, case.before, case.left)


def plainly(case: Case) -> list[PlainChange]:
    return plain_changes(
        case.lens,
        case.entries,
        case.who,
        case.occasions,
        case.after,
        case.before,
        case.observed_ms,
        case.left,
    )


def records_of(made: Changes, observed_ms: int) -> list[Record]:
    return [record for records in written(made, TOPIC, observed_ms) for record in records]


def some(count: int, lens: Lens, seed: int = 0) -> Case:
    rng = np.random.default_rng(seed)
    before, after = rng.lognormal(1, 1, (2, count, len(lens.needs)))
    before[::7] = nan
    at = rng.integers(0, LAST_MS // 2, count)
    codes = rng.integers(0, len(lens.segments), (2, count))
    return Case(
        lens,
        Entries(codes[0] - rng.integers(0, 2, count), codes[1], at),
        [Who(f"c{row}" * (row % 40 + 1), row + 1) for row in range(count)],
        [Cause.LATE, Cause.MOVED] * (count // 2) + [Cause.TIME] * (count % 2),
        Looks(after, at, at),
        Looks(before, at - 1, at),
        None,
        5,
    )


@settings(max_examples=150, deadline=None)
@given(case=cases())
@example(some(1, compile_lens(value_lens(), 1)))
@example(some(25, compile_lens(value_lens(), 1), seed=1))
def test_each_is_what_it_is_alone(case: Case) -> None:
    plain = plainly(case)
    assert records_of(made_of(case), case.observed_ms) == [
        change.record(case.observed_ms) for change in plain
    ]


def test_the_plain_form_has_the_contracts_fields_in_its_order() -> None:
    assert list(PlainChange.__struct_fields__) == list(SegmentChange.model_fields)


def test_parts_follow_one_another(monkeypatch: pytest.MonkeyPatch) -> None:
    case = some(101, compile_lens(value_lens(), 1))
    at_once = records_of(made_of(case), 5)
    monkeypatch.setattr(writing, "AT_ONCE", 25)
    assert [len(part) for part in written(made_of(case), TOPIC, 5)] == [25, 25, 25, 25, 1]
    assert records_of(made_of(case), 5) == at_once == [one.record(5) for one in plainly(case)]


@pytest.mark.parametrize("value", [inf, -inf, nan])
def test_what_is_no_finite_number_is_null(value: float) -> None:
    case = some(3, compile_lens(value_lens(), 1))
    assert case.before is not None
    case.before.features[:] = value
    plain = plainly(case)
    assert b":null" in (records_of(made_of(case), 5)[1].value or b"")
    assert records_of(made_of(case), 5) == [one.record(5) for one in plain]


@given(
    who=ids,
    previous=st.sampled_from([ODD, *NUMBERED]),
    at_ms=instants,
    version=st.none() | st.just(3),
)
def test_an_erasure_is_written_like_the_rest(
    who: str, previous: SegmentRef, at_ms: int, version: int | None
) -> None:
    made = erased("value", who, 4, 2, previous, at_ms, version)
    (record,) = records_of(made, at_ms)
    plain = PlainChange(
        change_id=identity.change_id("value", who, 2, 4),
        customer_id=who,
        lens="value",
        incarnation=2,
        sequence=4,
        previous=PlainSegment(previous.id, previous.name),
        current=None,
        cause="erased",
        model_version=version,
        occurred_at=instant(at_ms),
        observed_at=instant(at_ms),
    )
    assert record == plain.record(at_ms)
