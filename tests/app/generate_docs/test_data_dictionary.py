"""The data dictionary tells every column, and of no column that isn't there."""

from __future__ import annotations

import re

from app.batch.legacy import NAMES as LEGACY
from app.generate_docs.column_meanings import MEANINGS, MESSAGES, meaning
from app.generate_docs.data_dictionary import csv_columns, data_dictionary, parquet_schema
from consumers.sink.schema import column_of, metadata
from stream.profile.catalogue import catalogue
from stream.topics import Topics

TEXT = data_dictionary()
TABLES = metadata.sorted_tables


def test_every_row_says_what_its_column_means() -> None:
    rows = re.findall(r"^\| `.*$", TEXT, re.MULTILINE)
    assert len(rows) > 400
    assert [row for row in rows if row.endswith("|  |")] == []


def test_every_table_column_topic_and_feature_is_in_it() -> None:
    for table in TABLES:
        assert f"### `{table.name}`" in TEXT
        for column in table.columns:
            feature = {column_of(one.name): one.name for one in catalogue()}.get(column.name, "")
            assert meaning(table.name, column.name, feature)
    for spec in Topics().specs():
        assert f"| `{spec.name}` |" in TEXT
    for one in catalogue():
        assert f"| `{one.name}` | `{column_of(one.name)}` |" in TEXT


def test_nothing_is_explained_that_is_no_column() -> None:
    of_tables = {f"{table.name}.{column.name}" for table in TABLES for column in table.columns}
    names = {column.partition(".")[2] for column in of_tables}
    names |= {*csv_columns(), *LEGACY}
    names |= {field.name.removeprefix("LENS__") for field in parquet_schema()}
    for key in MEANINGS:
        assert key in (of_tables if "." in key else names), key
    assert MESSAGES.keys() <= {table.name for table in TABLES}


def test_times_numbers_and_texts_are_called_so() -> None:
    customers = TEXT.partition("### `customers`")[2].partition("###")[0]
    assert "| `customer_id` (key) | text |" in customers
    assert "| `as_of` | time or null |" in customers
    assert "| `spend_decayed` | number | How much money, the older the less. |" in customers
    assert "| `LENS__outlier` | bool |" in TEXT
    assert "| `recommended` | list of texts |" in TEXT
