"""Which columns of a table say something about customers, and as what each is taken.

Nothing is left out in silence: whoever reads the result is told which columns had no part in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from snapshot.attributes.cells import Dates, Texts, cells_of
from snapshot.attributes.identifying import identified, is_identifier, named
from stream.contracts.bounds import MAX_TEXT
from stream.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from snapshot.attributes.cells import Cells
    from snapshot.attributes.identifying import Identified

MOST_COLUMNS = 1_000
MOST_CELLS = 50_000_000
LEAST_KNOWN = 0.5
"""A column of which less is known is left out: what would be filled in would be most of it."""

FREE_TEXT = 0.5
"""Texts of which more than this share are different are names or notes, no categories."""

FEW_TEXTS = 20
"""So many different texts are categories however few rows there are."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which columns are to be used; all that say something where none is named."""

    id_column: str | None = None
    columns: tuple[str, ...] = ()
    leave_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Recognised:
    """What there is to go by."""

    who: Identified
    used: Mapping[str, Cells]
    shown: pa.Table
    """The table's own columns of the rows kept, but for the one of the ids."""

    remarks: tuple[str, ...]


def recognised(table: pa.Table, chosen: Chosen) -> Recognised:
    """Raises InputError where no column tells customers apart."""
    _require_bounds(table)
    who = identified(table, chosen.id_column)
    rows = table if len(who.rows) == table.num_rows else table.take(who.rows)
    others = [name for name in table.column_names if name != who.column]
    wanted = _wanted(others, chosen)
    used: dict[str, Cells] = {}
    remarks = list(who.remarks)
    for name in wanted:
        cells = cells_of(rows[name])
        problem = _problem(name, cells)
        if problem is None and cells is not None:
            used[name] = cells
        else:
            remarks.append(f"the column {name!r} is left out: {problem}")
    if not used:
        why = f": {'; '.join(remarks)}" if remarks else ""
        raise InputError(
            f"no column is left to tell customers apart by{why}. Give the table numbers, "
            "categories or dates that differ between customers"
        )
    return Recognised(who, used, rows.select(others), tuple(remarks))


def _wanted(columns: Sequence[str], chosen: Chosen) -> list[str]:
    gone = {named(columns, name, "--leave-out") for name in chosen.leave_out}
    if not chosen.columns:
        return [name for name in columns if name not in gone]
    asked = list(dict.fromkeys(named(columns, name, "--columns") for name in chosen.columns))
    return [name for name in asked if name not in gone]


def _require_bounds(table: pa.Table) -> None:
    if not table.num_rows or not table.num_columns:
        raise InputError("the table is empty: it needs a row a customer, and columns about them")
    if table.num_columns > MOST_COLUMNS or table.num_rows * table.num_columns > MOST_CELLS:
        raise InputError(
            f"the table has {table.num_columns:,} columns and {table.num_rows:,} rows, and at most "
            f"{MOST_COLUMNS:,} columns and {MOST_CELLS:,} cells are compared: take fewer of either"
        )
    if len(set(table.column_names)) < table.num_columns:
        raise InputError("the table has columns of the same name: give each a name of its own")


def _problem(name: str, cells: Cells | None) -> str | None:
    """Why the column says nothing; None where it does."""
    if not name.strip() or len(name) > MAX_TEXT // 2 or not name.isprintable():
        return "a name should be readable, and not too long"
    if cells is None:
        return "its cells are neither numbers nor dates nor texts"
    known, different, rows = _counts(cells)
    of_texts = isinstance(cells, Texts)
    reasons = (
        (known < 1, "all of it is missing"),
        (different < 2, "it is the same for everybody"),
        (known < LEAST_KNOWN * rows, f"{1 - known / rows:.0%} of it is missing"),
        (
            different == rows > FEW_TEXTS and is_identifier(name),
            "it is another one in every row, as an id is",
        ),
        (
            of_texts and different > max(FEW_TEXTS, FREE_TEXT * known),
            f"its {different:,} different texts are names or notes, no categories",
        ),
    )
    return next((reason for holds, reason in reasons if holds), None)


def _counts(cells: Cells) -> tuple[int, int, int]:
    """How many are known, how many different ones, and of how many."""
    if isinstance(cells, Texts):
        values = cells.values.drop_null()
        return len(values), int(pc.count_distinct(values).as_py()), len(cells.values)
    numbers = cells.days if isinstance(cells, Dates) else cells.values
    known = numbers[~np.isnan(numbers)]
    return len(known), len(np.unique(known)), len(numbers)
