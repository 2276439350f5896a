"""A table's cells on a model's axes: at the fit, and of anybody who is to be assigned later."""

from __future__ import annotations

import difflib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from snapshot.attributes.cells import Dates, Numbers, Texts
from snapshot.attributes.contract import CategoryColumn, DateColumn, NumberColumn, axes_of
from stream.errors import FeatureError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from snapshot.attributes.cells import Cells
    from snapshot.attributes.contract import Column
    from stream.model.arrays import Floats

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def matrix_of(
    columns: Sequence[Column], cells: Mapping[str, Cells], *, exact: bool = False
) -> tuple[Floats, tuple[str, ...]]:
    """A row a customer, a column an axis; and what was filled in.

    With `exact` a level that the model doesn't know is a FeatureError; else it is said, and the
    customer has none of the known ones.
    """
    parts, remarks = [], []
    for column in columns:
        found = cells[column.name]
        if isinstance(column, CategoryColumn):
            part, said = _levels(column, found, exact=exact)
        else:
            part, said = _numbers(column, found)
        parts.append(part)
        remarks += said
    return np.ascontiguousarray(np.concatenate(parts, axis=1)), tuple(remarks)


def _numbers(column: NumberColumn | DateColumn, cells: Cells) -> tuple[Floats, list[str]]:
    values = _days_ago(column, cells) if isinstance(column, DateColumn) else _values(column, cells)
    missing = np.isnan(values)
    filled = np.where(missing, column.imputed, values)[:, None]
    count = int(missing.sum())
    what = "date" if isinstance(column, DateColumn) else "number"
    said = f"{count:,} of {len(values):,} customers have no {what} in {column.name!r}: the median "
    return filled, [f"{said}stands for it"] if count else []


def _values(column: NumberColumn, cells: Cells) -> Floats:
    if isinstance(cells, Numbers):
        return cells.values
    raise FeatureError(
        f"{column.name!r} should be numbers, as in the table that was fitted, and {_example(cells)}"
    )


def _days_ago(column: DateColumn, cells: Cells) -> Floats:
    if isinstance(cells, Dates) or not np.isfinite(_anything(cells)).any():
        days = cells.days if isinstance(cells, Dates) else _anything(cells)
        return (column.reference - EPOCH) / timedelta(days=1) - days
    raise FeatureError(
        f"{column.name!r} should be dates such as 2024-03-31, as in the table that was fitted, "
        f"and {_example(cells)}"
    )


def _anything(cells: Cells) -> Floats:
    """Numbers where there are any: a column that is missing altogether is one of no numbers."""
    return cells.values if isinstance(cells, Numbers) else np.zeros(1)


def _levels(column: CategoryColumn, cells: Cells, *, exact: bool) -> tuple[Floats, list[str]]:
    texts = written(cells)
    missing = int(texts.null_count)
    places = pc.index_in(texts.fill_null(column.imputed), pa.array(column.levels))
    codes = places.fill_null(len(column.levels)).to_numpy(zero_copy_only=False)
    unknown = int((codes == len(column.levels)).sum())
    if unknown and exact and not column.others:
        raise FeatureError(
            _unknown_level(column, texts[int((codes >= len(column.levels)).argmax())].as_py())
        )
    axes = len(axes_of(column))
    part = np.zeros((len(codes), len(column.levels) + 1))
    part[np.arange(len(codes)), codes] = 1.0
    said = []
    if missing:
        said.append(
            f"{missing:,} of {len(codes):,} customers have no {column.name!r}: the commonest, "
            f"{column.imputed!r}, stands for it"
        )
    if unknown and not column.others:
        said.append(
            f"{unknown:,} of {len(codes):,} customers have a {column.name!r} that the model has "
            f"never seen: it knows {', '.join(column.levels)}"
        )
    return part[:, :axes], said


def written(cells: Cells) -> pa.Array:
    """Levels as texts; numbers as people write them."""
    if isinstance(cells, Texts):
        return cells.values
    numbers = cells.days if isinstance(cells, Dates) else cells.values
    texts = [None if np.isnan(value) else f"{value:.15g}" for value in numbers.tolist()]
    return pa.array(texts, pa.string())


def _unknown_level(column: CategoryColumn, level: str) -> str:
    near = difflib.get_close_matches(level, column.levels, n=1, cutoff=0.5)
    known = ", ".join(column.levels)
    hint = f"did you mean {near[0]!r}?" if near else f"it knows {known}"
    return f"{column.name!r} is {level!r}, which the model has never seen: {hint}"


def _example(cells: Cells) -> str:
    """Which of them isn't; nothing longer than a word or two."""
    if isinstance(cells, Texts):
        shown = next(
            (text for text in cells.values.drop_null().to_pylist() if not _is_number(text)), ""
        )
        return f"{shown[:30]!r} is none"
    return "there are dates" if isinstance(cells, Dates) else "there are numbers"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
