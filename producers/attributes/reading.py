"""A file with a row a customer, as one Arrow table: held in memory whole, as it is fitted whole.

Cells stay as the file has them, so that an id of many digits keeps them all; only what needs to be
understood is: decimal commas, dates of many kinds, and slips among numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from producers.attributes.understanding import understood
from producers.sources.limits import Limits
from producers.sources.open import open_source
from stream.errors import SourceError

if TYPE_CHECKING:
    from pathlib import Path

    from producers.sources.seam import Source

MOST_COLUMNS = 1_000
MOST_CELLS = 20_000_000
"""A million customers by twenty columns."""


@dataclass(frozen=True, slots=True, eq=False)
class CustomersFile:
    """What is in the file, and what was done about slips in it."""

    name: str
    described: str
    table: pa.Table
    remarks: tuple[str, ...]


def read_customers(
    path_or_url: str | Path, limits: Limits | None = None, date_format: str | None = None
) -> CustomersFile:
    """Raises SourceError where it can't be read, or is larger than a table that can be fitted."""
    source = open_source(path_or_url, limits or Limits())
    return customers_in(source, date_format)


def customers_in(source: Source, date_format: str | None = None) -> CustomersFile:
    """The same of a source that is open already."""
    if len(source.columns) > MOST_COLUMNS:
        raise SourceError(
            f"{source.name} has {len(source.columns):,} columns, and a table of customers has "
            f"{MOST_COLUMNS:,} at most: is the first row the names of columns?"
        )
    batches, broken = _batches(source)
    if not batches:
        raise SourceError(f"{source.name} has no rows: it needs one for each customer")
    columns = [
        _joined([batch.column(place) for batch in batches]) for place in range(len(source.columns))
    ]
    table = pa.table(dict(zip(source.columns, columns, strict=True)))
    made, remarks = understood(
        source.name, table, date_format, decimal_comma=source.may_use_decimal_comma
    )
    said = [f"{broken:,} rows can't be cut into cells and are left out"] if broken else []
    return CustomersFile(source.name, source.described(), made, (*said, *remarks))


def _batches(source: Source) -> tuple[list[pa.RecordBatch], int]:
    batches, broken, rows = [], 0, 0
    for raw in source.batches():
        broken += len(raw.broken)
        rows += raw.rows.num_rows
        if rows * len(source.columns) > MOST_CELLS:
            raise SourceError(
                f"{source.name} has more than {MOST_CELLS:,} cells, and a table of customers is "
                "held in memory whole: take a sample of its rows, or fewer columns"
            )
        if raw.rows.num_rows:
            batches.append(raw.rows)
    return batches, broken


def _joined(parts: list[pa.Array]) -> pa.ChunkedArray:
    """Batches of one column, which may have come with a type each: text where one is text."""
    kinds = {part.type for part in parts}
    if len(kinds) == 1:
        return pa.chunked_array(parts)
    numbers = all(pa.types.is_integer(kind) or pa.types.is_floating(kind) for kind in kinds)
    wanted = pa.float64() if numbers else pa.string()
    return pa.chunked_array([part.cast(wanted, safe=False) for part in parts])
