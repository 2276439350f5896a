from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from producers.replaying.merge import merged
from tests.producers.some_lines import cut, rows_of, sourced

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

runs_of_chunks = st.lists(
    st.tuples(
        st.lists(st.integers(0, 4), min_size=1, max_size=12).map(sorted),
        st.lists(st.integers(1, 4), max_size=5),
    ),
    max_size=5,
)


@given(runs_of_chunks)
def test_equals_a_stable_sort_of_all_wherever_chunks_were_cut(
    runs: list[tuple[list[int], list[int]]],
) -> None:
    rows: list[list[dict[str, Any]]] = [
        [{"occurred_at": at, "product_id": f"{run}-{row}"} for row, at in enumerate(times)]
        for run, (times, _) in enumerate(runs)
    ]
    chunks = [list(cut(sourced(some), sizes)) for some, (_, sizes) in zip(rows, runs, strict=True)]
    expected = sorted((row for some in rows for row in some), key=lambda row: row["occurred_at"])
    assert rows_of(merged(chunks), "occurred_at", "product_id") == [
        (row["occurred_at"], row["product_id"]) for row in expected
    ]


def test_empty_chunks_and_empty_runs_are_passed_over() -> None:
    empty, one = sourced([]), sourced([{"occurred_at": 1}])
    runs = [[empty], [empty, one, empty], []]
    assert rows_of(merged(runs), "occurred_at") == [(1,)]


def test_holds_one_chunk_of_each_run_at_a_time() -> None:
    loaded: list[str] = []

    def run(name: str, times: list[int]) -> Iterator[pa.RecordBatch]:
        for at in times:
            loaded.append(name)
            yield sourced([{"occurred_at": at}])

    lines = merged([run("a", [1, 2, 3]), run("b", [10, 11])], together=1)
    next(lines)
    assert loaded == ["a", "b", "a"], "what is next, too: it might have gone with it"
    next(lines)
    assert loaded == ["a", "b", "a", "a"]


def test_the_small_chunks_of_a_single_run_are_given_out_together() -> None:
    run = [sourced([{"occurred_at": at}]) for at in range(10)]
    assert [batch.num_rows for batch in merged([run], together=4)] == [4, 4, 2]
