"""The schema against what it is of, and against its page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from consumers.sink import schema
from consumers.sink.migrations.versions import v0001_first, v0004_steady
from stream.profile.catalogue import catalogue

if TYPE_CHECKING:
    from consumers.sink.store import Store

PAGE = (Path(__file__).parents[3] / "docs" / "sql.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)


def test_each_feature_has_a_column_whatever_the_half_life() -> None:
    """Another feature is another migration: those there are stay as they were."""
    for days in (1, 30, 90, 365):
        assert tuple(schema.column_of(one.name) for one in catalogue(days)) == schema.FEATURES
    assert (*v0001_first.FEATURES, *v0004_steady.FEATURES) == schema.FEATURES


@pytest.mark.parametrize("table", schema.metadata.sorted_tables, ids=lambda table: table.name)
def test_the_page_has_every_table_with_every_column(table: sa.Table) -> None:
    begin = PAGE.index(f"### `{table.name}`")
    section = PAGE[begin : PAGE.index("\n##", begin + 4)]
    named = set(re.findall(r"`([a-z_]+)`", section))
    features = set(schema.FEATURES) if table.name == "customers" else set()
    assert {column.name for column in table.columns} - features <= named


@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_each_query_of_the_page_runs_on_both(store: Store, query: str) -> None:
    names = re.findall(r"(?<!:):([a-z_]+)", query)
    with store.reading() as connection:
        connection.execute(sa.text(query), dict.fromkeys(names, "1")).all()


def test_the_page_has_queries() -> None:
    assert len(QUERIES) >= 6
