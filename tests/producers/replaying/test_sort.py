from __future__ import annotations

import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.replaying.sort import SortLimits, sorted_lines
from tests.producers.some_lines import cut, lines, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow as pa

    from producers.replaying.survey import Survey

TINY = SortLimits(bytes_in_memory=10_000_000, rows_in_memory=3, runs_at_once=2)


def source(times: list[int], name: str = "", sizes: tuple[int, ...] = ()) -> list[pa.RecordBatch]:
    if not times:
        return []
    rows = [{"occurred_at": at, "product_id": f"{name}{i}"} for i, at in enumerate(times)]
    return list(cut(lines(rows), sizes))


sources = st.lists(
    st.tuples(st.lists(st.integers(0, 6), max_size=25), st.lists(st.integers(1, 6), max_size=6)),
    max_size=3,
)


@given(sources, st.sampled_from([TINY, SortLimits()]))
def test_lines_come_in_order_of_time_then_source_then_row(
    some: list[tuple[list[int], list[int]]], limits: SortLimits
) -> None:
    batches = [
        source(times, f"{place}-", tuple(sizes)) for place, (times, sizes) in enumerate(some)
    ]
    expected = sorted(
        (
            (at, place, f"{place}-{row}")
            for place, (times, _) in enumerate(some)
            for row, at in enumerate(times)
        ),
        key=lambda line: line[0],
    )
    with sorted_lines(batches, limits=limits) as result:
        assert rows_of(result, "occurred_at", "source", "product_id") == expected
        assert rows_of(result, "product_id") == [line[2:] for line in expected], "read twice"
        survey = result.survey
    assert survey.rows == len(expected)
    assert (survey.first_ms, survey.last_ms) == (
        (expected[0][0], expected[-1][0]) if expected else (None, None)
    )
    asked = [at for times, _ in some for at in times]
    assert survey.in_order == (asked == sorted(asked))


@pytest.mark.parametrize(
    ("times", "runs"),
    [(list(range(20)), 1), ([*range(10), *range(5, 15)], 2), (list(range(20, 0, -1)), 2)],
)
def test_runs_that_follow_one_another_are_one(times: list[int], runs: int) -> None:
    with sorted_lines([source(times, sizes=(2,) * 10)], limits=TINY) as result:
        assert len(result.runs) == runs


def test_a_small_source_writes_nothing(tmp_path: Path) -> None:
    with sorted_lines([source([3, 1, 2])], folder=tmp_path):
        assert list(tmp_path.rglob("*.arrow")) == []


@pytest.mark.parametrize("reason", [KeyboardInterrupt, RuntimeError])
def test_nothing_is_left_on_disk_whatever_ends_it(
    tmp_path: Path, reason: type[BaseException]
) -> None:
    with (
        pytest.raises(reason),
        sorted_lines([source([3, 1, 2, 0] * 5, sizes=(4,) * 5)], tmp_path, TINY),
    ):
        assert len(list(tmp_path.rglob("*.arrow"))) > 0
        raise reason
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_said_with_its_folder_and_nothing_is_left(tmp_path: Path) -> None:
    pytest.importorskip("resource", reason="a limit on file size stands for the full disk")
    script = f"""
        import resource, sys
        from pathlib import Path
        from producers.replaying.sort import SortLimits, sorted_lines
        from stream.errors import SourceError
        from tests.producers.some_lines import lines

        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
        rows = [{{"occurred_at": i * 7919 % 5000, "order_id": str(i)}} for i in range(5000)]
        try:
            with sorted_lines([[lines(rows)]], Path({str(tmp_path)!r}), SortLimits(1, 1)):
                pass
        except SourceError as error:
            print(error)
        """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=False
    )
    assert done.stdout.startswith(f"can't sort on disk in {tmp_path}: File too large"), done.stderr
    assert "--temp-folder" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    from stream.errors import SourceError

    with (
        pytest.raises(SourceError, match="gone: No such file"),
        sorted_lines([], tmp_path / "gone"),
    ):
        pass


def test_what_was_read_so_far_is_told() -> None:
    told: list[int] = []
    batches = source([1, 2, 3, 4], sizes=(1, 2))
    with sorted_lines([batches], on_progress=lambda survey: told.append(survey.rows)):
        assert told == [1, 3, 4]


def test_a_source_is_closed_wherever_reading_ends() -> None:
    closed: list[str] = []

    def reader(name: str) -> Iterator[pa.RecordBatch]:
        try:
            yield from source([1, 2], sizes=(1,))
        finally:
            closed.append(name)

    def stop(survey: Survey) -> None:
        if survey.rows == 3:
            raise KeyboardInterrupt

    sources = [reader("first"), reader("second")]
    with pytest.raises(KeyboardInterrupt), sorted_lines(sources, on_progress=stop):
        pass
    assert closed == ["first", "second"]
