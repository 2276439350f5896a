"""A table of purchases folded into profiles, by the code that tasks fold with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from snapshot.attributes.cells import Dates, Numbers, cells_of
from snapshot.attributes.identifying import texts_of
from snapshot.purchases.fields import fields_of, require_enough
from stream.contracts.fast import Line
from stream.contracts.instant import milliseconds
from stream.errors import InputError
from stream.profile.events import events_of
from stream.profile.state import Profiles
from stream.times import DAY_MS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from stream.model.arrays import Floats, Ints
    from stream.profile.kept import Bounds
    from stream.profile.products import NonProducts

_EPOCH, _MS = datetime(1970, 1, 1, tzinfo=UTC), timedelta(milliseconds=1)
TEXTS = ("event_id", "order_id", "product_id", "category", "country")
AT_ONCE = 50_000
"""Purchases that are Python objects at a time."""


@dataclass(frozen=True, slots=True, eq=False)
class Shop:
    """Everybody's profile after the last purchase."""

    profiles: Profiles
    instant_ms: int
    remarks: tuple[str, ...]


def folded_shop(
    table: pa.Table, fields: Mapping[str, str], bounds: Bounds, non_products: NonProducts
) -> Shop:
    """In the order in which they happened; rows without customer, time or money are said."""
    found = fields_of(table.column_names, fields)
    require_enough(found, table.column_names)
    columns = _columns(table, found)
    times = columns.pop("occurred_at")
    usable = _usable(columns, times)
    rows = np.flatnonzero(usable)
    rows = rows[np.argsort(times[rows], kind="stable")]
    if not len(rows):
        raise InputError("there is no purchase in the table with a customer, a time and a price")
    profiles = Profiles(bounds)
    time_known = bool((times[rows] % DAY_MS).any())
    refused = 0
    for some in _pieces(times, rows, bounds.half_life_ms):
        profiles.move_landmark(int(times[some[0]]) // bounds.half_life_ms * bounds.half_life_ms)
        lines = [line for row in some.tolist() if (line := _line(columns, times, row, time_known))]
        refused += len(some) - len(lines)
        recorded = [milliseconds(line.occurred_at) for line in lines]
        profiles.fold(events_of(lines, recorded, non_products))
    last_ms = int(times[rows[-1]])
    profiles.tick(last_ms)
    lost = len(times) - len(rows) + refused
    said = f"{lost:,} of {len(times):,} rows have no customer, time or price that counts"
    return Shop(profiles, last_ms, (f"{said}, and are left out",) if lost else ())


def _columns(table: pa.Table, found: Mapping[str, str]) -> dict[str, Any]:
    """Ids and texts as lists, numbers and times as arrays."""
    columns: dict[str, Any] = {"customer_id": texts_of(table[found["customer_id"]])}
    dates = cells_of(table[found["occurred_at"]])
    if not isinstance(dates, Dates):
        raise InputError(
            f"{found['occurred_at']!r} should be times, or texts such as 2011-12-09 12:50"
        )
    columns["occurred_at"] = np.where(np.isnan(dates.days), -1.0, np.rint(dates.days * DAY_MS))
    columns["occurred_at"] = columns["occurred_at"].astype(np.int64)
    for name in TEXTS:
        if name in found:
            columns[name] = texts_of(table[found[name]])
    for name in ("quantity", "unit_price", "discount", "amount"):
        if name in found:
            columns[name] = _numbers(table, found[name])
    return columns


def _numbers(table: pa.Table, column: str) -> Floats:
    cells = cells_of(table[column])
    if not isinstance(cells, Numbers):
        raise InputError(f"{column!r} should be numbers")
    return cells.values


def _usable(columns: Mapping[str, Any], times: Ints) -> np.ndarray:
    there = np.array([bool(each) for each in columns["customer_id"]]) & (times >= 0)
    priced = np.zeros(len(times), np.bool_)
    for name in ("unit_price", "amount"):
        if name in columns:
            priced |= ~np.isnan(columns[name])
    return there & priced


def _pieces(times: Ints, rows: Ints, half_life_ms: int) -> list[Ints]:
    """Cut where a half-life ends, and where there are too many at once."""
    epochs = times[rows] // half_life_ms
    cuts = {0, len(rows), *range(0, len(rows), AT_ONCE)}
    cuts |= set((np.flatnonzero(np.diff(epochs)) + 1).tolist())
    return [rows[start:end] for start, end in pairwise(sorted(cuts))]


def _line(columns: Mapping[str, Any], times: Ints, row: int, time_known: bool) -> Line | None:
    """None where the contract takes no such purchase. Equal rows are two purchases."""
    values: dict[str, Any] = {
        name: column[row] if isinstance(column, list) else _number(column[row])
        for name, column in columns.items()
    }
    values = {name: value for name, value in values.items() if value is not None}
    values = {"event_id": f"row-{row}", **values, "occurred_at": _EPOCH + int(times[row]) * _MS}
    try:
        return msgspec.convert({**values, "time_known": time_known}, Line)
    except (msgspec.ValidationError, ValueError):
        return None


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
