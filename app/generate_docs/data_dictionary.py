"""`docs/data-dictionary.md`: every column that anybody gets, from the code that makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from app.batch.legacy import NAMES as LEGACY
from app.batch.shop_files import LEAD
from app.batch.worth import COLUMNS as WORTH
from app.generate_docs.catalogue import CATALOGUE, DEAD_LETTER
from app.generate_docs.column_meanings import meaning
from app.generate_docs.openapi import openapi
from consumers.sink.schema import column_of, metadata
from snapshot.enriching import Scores
from snapshot.history.columns import customers_table, lens_columns
from snapshot.moment import Moment
from snapshot.table import CustomerTable
from stream.contracts.scores import LISTS, NUMBERS
from stream.profile.catalogue import LABELS, catalogue
from stream.profile.layout import NEVER
from stream.topics import Topics

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow as pa
    import sqlalchemy as sa

INTRODUCTION = """\
# Data dictionary

Made by `make docs` from the code. Every column that anybody gets, wherever they get it: features,
the CSV of a batch run, tables, the history's Parquet, the API's answers, topics.

A **null** is what nobody knows or what doesn't apply; it is never a 0. **Times** are UTC: event
time where nothing else is said. **Money** is in the one currency of the prefix. A **share** is
from 0 to 1. **Segments** go by their ids (`value-1`), which outlive models and names. Where `LENS`
stands in a name, there is such a column for each lens.

Customers appear by their id alone: no name, no address. What goes when a customer is erased is in
[SQL](sql.md), [History](history.md) and [Consuming](consuming.md).
"""

FEATURES = """\
## Features

A customer's numbers and labels, the same everywhere: in the CSV and the Parquet by the first name,
in tables by the second. Their formulas are in [Features](features-catalogue.md).

| feature | column in tables | unit | meaning |
| --- | --- | --- | --- |
"""

CSV = """\
## `customer_segments.csv`

What `shoal segment` writes for a file of transactions: a row a customer. The first columns are the
main lens'; those of other lenses begin with `LENS__`. Of a table of customers it has the table's
own columns in the place of features.

| column | meaning |
| --- | --- |
"""

OLD_NAMES = """\
With `--legacy-names`, these and no others:

| column | meaning |
| --- | --- |
"""

TABLES = """\
## Tables

What `shoal sink` keeps in SQLite or PostgreSQL; [SQL](sql.md) has queries. There are no views. A
key's columns are marked.
"""

HISTORY = """\
## Parquet

What the snapshot job keeps of a moment, `customers-….parquet`: a row a customer
([History](history.md)).

| column | type | meaning |
| --- | --- | --- |
"""

API = """\
## The API's answers

By their names in [OpenAPI](openapi.json), which has types and bounds; [API](api.md) says who
answers with what. Those that are messages too are under [Messages](messages.md).
"""

TOPICS = """\
## Topics

Each field of each message is in [Messages](messages.md), and as [JSON Schema](schemas).

| topic | messages | key | kept |
| --- | --- | --- | --- |
"""


def data_dictionary() -> str:
    return "\n".join((INTRODUCTION, _features(), _csv(), _tables(), _history(), _api(), _topics()))


def _features() -> str:
    rows = [
        (f"`{one.name}`", f"`{column_of(one.name)}`", one.unit, one.says) for one in catalogue()
    ]
    labels = [(f"`{one.name}`", f"`{one.name}`", "label", one.says) for one in LABELS]
    return FEATURES + _rows([*rows, *labels])


def csv_columns() -> tuple[str, ...]:
    """As `ShopFiles.customers` puts them."""
    return (*LEAD, "marketing_action", *WORTH)


def _csv() -> str:
    told = [(f"`{name}`", meaning("csv", name)) for name in csv_columns()]
    told.append(("every feature", "as above"))
    old = [(f"`{name}`", meaning("csv", name)) for name in LEGACY]
    return CSV + _rows(told) + OLD_NAMES + _rows(old)


def _tables() -> str:
    return TABLES + "\n" + "\n".join(_table(table) for table in metadata.sorted_tables)


def _table(table: sa.Table) -> str:
    by_column = {column_of(one.name): one.name for one in catalogue()}
    rows = [
        (
            f"`{column.name}`" + (" (key)" if column.primary_key else ""),
            _kind(column) + (" or null" if column.nullable else ""),
            meaning(table.name, column.name, by_column.get(column.name, "")),
        )
        for column in table.columns
    ]
    return f"### `{table.name}`\n\n| column | type | meaning |\n| --- | --- | --- |\n" + _rows(rows)


def _kind(column: sa.Column[Any]) -> str:
    names = {"Text": "text", "Double": "number", "Instant": "time", "JSON": "JSON"}
    return names.get(type(column.type).__name__, "whole number")


def parquet_schema() -> pa.Schema:
    """That of a moment without customers, with one lens and everything that is expected of them."""
    names = tuple(one.name for one in catalogue())
    nobody = np.empty(0, np.int64)
    table = CustomerTable((), names, np.empty((0, len(names))), nobody, 0, NEVER)
    moment = Moment(table, nobody, None)
    scores = Scores({name: np.empty(0) for name in NUMBERS}, {name: [] for name in LISTS})
    return customers_table(moment, [lens_columns("LENS", moment, None)], 0, 0, scores).schema


def _history() -> str:
    rows = []
    for field in parquet_schema():
        name = field.name.removeprefix("LENS__")
        rows.append((f"`{field.name}`", _arrow(str(field.type)), meaning("history", name)))
    return HISTORY + _rows(rows)


def _arrow(kind: str) -> str:
    """
    >>> _arrow("dictionary<values=string, indices=int32, ordered=0>"), _arrow("double")
    ('text', 'double')
    """
    plain = {"string": "text", "timestamp[ms, tz=UTC]": "time"}
    if kind.startswith("list"):
        return "list of texts"
    return "text" if kind.startswith("dictionary") else plain.get(kind, kind)


def _api() -> str:
    messages = {entry.name for entry in CATALOGUE}
    schemas: dict[str, Any] = openapi()["components"]["schemas"]
    told = (
        _answer(name, schema)
        for name, schema in sorted(schemas.items())
        if name not in messages and schema.get("properties")
    )
    return API + "\n" + "\n".join(told)


def _answer(name: str, schema: dict[str, Any]) -> str:
    rows = [
        (f"`{field}`", _one_line(content.get("description", "")))
        for field, content in schema["properties"].items()
    ]
    said = _one_line(schema.get("description", ""))
    return f"### `{name}`\n\n{said}\n\n| field | meaning |\n| --- | --- |\n" + _rows(rows)


def _topics() -> str:
    topics = Topics()
    rows = []
    for spec in topics.specs():
        carried = [
            entry
            for entry in (*CATALOGUE, DEAD_LETTER)
            if getattr(topics, entry.topic) == spec.name
        ]
        names = ", ".join(f"`{entry.name}`" for entry in carried) or "[blocks](profile-blocks.md)"
        keys = " / ".join(dict.fromkeys(entry.key or "none" for entry in carried)) or "none"
        rows.append((f"`{spec.name}`", names, keys, _kept(spec.configs)))
    return TOPICS + _rows(rows)


def _kept(configs: dict[str, str] | Any) -> str:
    for_ms = int(configs["retention.ms"])
    return "for ever" if for_ms < 0 else f"{for_ms // 86_400_000} days"


def _rows(rows: Iterable[tuple[str, ...]]) -> str:
    return "".join(_escaped(rows))


def _escaped(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |\n"


def _one_line(text: str) -> str:
    return " ".join(text.split())
