"""Looks at the beginning of a source and settles how all of it is to be understood."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from producers.reading.calendar_days import DAY_MS
from producers.reading.date_style import DateStyle, found_style, told_style
from producers.reading.normalise import Reading, moment_column, moments_in
from producers.reading.numbers import has_decimal_commas

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from producers.reading.clock import Clock
    from producers.reading.columns import ColumnMap
    from producers.sources.seam import Source

MONEY = ("quantity", "unit_price", "discount", "amount")


def understand(
    source: Source, columns: ColumnMap, clock: Clock, date_format: str | None
) -> Reading:
    """The reading that the first batch (for slashed dates: as many as it takes) calls for."""
    first = next((raw.rows for raw in source.batches() if raw.rows.num_rows), None)
    style = told_style(date_format) if date_format else _found(source, columns)
    reading = Reading(columns, clock, style)
    if first is None:
        return reading
    return replace(
        reading,
        decimal_comma=_has_decimal_commas(source, first, columns),
        midnight_is_no_time=_has_only_midnights(first, reading),
    )


def _found(source: Source, columns: ColumnMap) -> DateStyle:
    def dates() -> Iterator[pa.Array]:
        for raw in source.batches():
            if raw.rows.num_rows:
                yield moment_column(raw.rows, columns)

    return found_style(source.name, dates())


def _has_decimal_commas(source: Source, rows: pa.RecordBatch, columns: ColumnMap) -> bool:
    if not source.may_use_decimal_comma:
        return False
    used = [name for field in MONEY for name in columns.of(field)]
    return any(has_decimal_commas(rows.column(name)) for name in used)


def _has_only_midnights(rows: pa.RecordBatch, reading: Reading) -> bool:
    """Such a source has dates and no times of day, however it writes them."""
    moments = moments_in(rows, reading)
    usable = ~(moments.missing | moments.wrong)
    times = moments.wall_ms[usable & moments.is_timed] % DAY_MS
    return bool(usable.any()) and not times.any()
