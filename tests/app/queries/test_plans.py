"""What is asked all the time is read off an index, so that it takes no longer at a million."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from app.queries.changes import Filters, changes, changes_after, history, places_now
from app.queries.customers import customer, find_customers, page_of_customers
from app.queries.database import open_database
from app.queries.insights import expected_of_segments, latest_report
from app.queries.migrations import flows, sizes_at
from app.queries.segments import sizes
from consumers.sink.insight_rows import scored
from consumers.sink.open import open_store
from consumers.sink.schema import SORTED
from tests.consumers.sink.contract import customers, standings
from tests.consumers.sink.expecting import scores
from tests.snapshot.logs import NOW, START

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from app.queries.database import Database

WALKED = re.compile(
    r"SCAN (changes|customers|customer_segments|customer_insights)(?! USING (COVERING )?INDEX)"
)
SORTED_ASIDE = "USE TEMP B-TREE FOR ORDER BY"
LAST = Filters(lens="value", causes=("moved",), segment="value-1", since=START)

QUICK: dict[str, Callable[[Database], object]] = {
    "the newest report": latest_report,
    "what is expected of segments": expected_of_segments,
    "one customer": lambda db: customer(db, "c1"),
    "ids that begin so": lambda db: find_customers(db, "c1"),
    "a segment's customers": lambda db: page_of_customers(db, "value", "value-1"),
    "and backwards": lambda db: page_of_customers(db, "value", "value-1", descending=True),
    "the newest changes": changes,
    "of some kind": lambda db: changes(db, LAST),
    "one customer's": lambda db: history(db, "c1", "value"),
    "what came since": lambda db: changes_after(db, {0: 5, 1: 7}, LAST),
    "where it ends": places_now,
    "sizes now": lambda db: sizes(db, "value"),
    "sizes then": lambda db: sizes_at(db, "value", START),
    "flows": lambda db: flows(db, "value", START, NOW),
}


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path / 'sink.db'}"
    with open_store(url) as store:
        store.migrate()
    with open_database(url) as db:
        yield db


@pytest.mark.parametrize("name", QUICK)
def test_an_index_answers(empty: Database, name: str) -> None:
    steps = _steps(empty, QUICK[name])
    assert steps
    assert not [step for step in steps if WALKED.match(step) or step == SORTED_ASIDE]


@pytest.mark.parametrize("sort", SORTED)
@pytest.mark.parametrize("descending", [False, True])
def test_a_large_segment_is_sorted_by_what_is_expected_along_an_index(
    empty: Database, sort: str, descending: bool, tmp_path: Path
) -> None:
    with open_store(f"sqlite:///{tmp_path / 'sink.db'}") as store, store.writing() as writing:
        writing.put(customers(["a", "b"], 0))
        writing.put(standings(["a", "b"], 1))
        writing.put(scored(scores(["a", "b"], START)).rows)

    def ask(db: Database) -> object:
        page = page_of_customers(db, "value", "value-1", sort=sort, descending=descending, limit=1)
        assert len(page.items) == 1
        return page

    steps = _steps(empty, ask)
    assert any(f"customer_insights_by_{sort}" in step for step in steps)
    assert not [step for step in steps if WALKED.match(step) or step == SORTED_ASIDE]


def test_counting_needs_no_look_at_the_wide_rows(empty: Database) -> None:
    for name in ("sizes now", "sizes then", "flows"):
        for step in _steps(empty, QUICK[name]):
            assert "USING INDEX" not in step, name


def test_sorting_by_a_feature_is_known_to_look_at_the_whole_segment(empty: Database) -> None:
    """So that the tests above are known to notice."""
    assert SORTED_ASIDE in _steps(
        empty, lambda db: page_of_customers(db, "value", "value-1", sort="spend")
    )


def _steps(db: Database, ask: Callable[[Database], object]) -> list[str]:
    """What SQLite does for each of the statements that it is asked."""
    asked: list[str] = []
    connection = db._opened.engine.raw_connection()
    connection.set_trace_callback(asked.append)
    connection.close()
    ask(db)
    connection = db._opened.engine.raw_connection()
    connection.set_trace_callback(None)
    selects = [one for one in asked if one.startswith("SELECT")]
    steps = [
        row[3]
        for one in selects
        for row in connection.execute(f"EXPLAIN QUERY PLAN {one}").fetchall()
    ]
    connection.close()
    return steps
