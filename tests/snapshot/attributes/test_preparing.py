"""Columns as axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest

from snapshot.attributes.cells import cells_of
from snapshot.attributes.contract import CategoryColumn, DateColumn, axes_of
from snapshot.attributes.preparing import MOST_LEVELS, WEIGHT, prepared
from stream.contracts.lens import Transform
from stream.errors import InputError
from stream.model.space import space_of

if TYPE_CHECKING:
    from snapshot.attributes.cells import Cells


def cells(**columns: object) -> dict[str, Cells]:
    found = {name: cells_of(pa.array(values)) for name, values in columns.items()}
    return {name: one for name, one in found.items() if one is not None}


def test_a_number_varies_by_one_and_a_category_by_its_weight() -> None:
    rng = np.random.default_rng(0)
    made = prepared(
        cells(age=rng.normal(40, 9, 500), kind=rng.choice(["a", "b", "c"], 500).tolist())
    )
    points = space_of(made.features).project(made.values)
    assert points[:, 0].var() == pytest.approx(1.0)
    assert points[:, 1:].var(axis=0).sum() == pytest.approx(WEIGHT**2)
    axes = [axis for one in made.columns for axis in axes_of(one)]
    assert axes[0] == "age"
    assert set(axes[1:]) == {"kind: a", "kind: b", "kind: c"}


def test_long_tails_are_compared_by_logarithms() -> None:
    made = prepared(cells(spend=np.random.default_rng(0).lognormal(3, 1, 300)))
    assert made.features[0].transform is Transform.LOG1P


def test_what_is_missing_is_filled_in_and_said() -> None:
    made = prepared(cells(age=[1.0, 2.0, 9.0, None], kind=["a", None, "a", "b"]))
    assert made.values[3, 0] == 2.0
    assert made.values[1, 1:].tolist() == [1.0, 0.0]
    assert made.remarks == (
        "1 of 4 customers have no number in 'age': the median stands for it",
        "1 of 4 customers have no 'kind': the commonest, 'a', stands for it",
    )


def test_dates_are_days_before_the_newest() -> None:
    made = prepared(
        cells(since=["2024-01-01", "2024-01-11", None], till=["2024-01-21", "2024-01-20", None])
    )
    assert made.values[:, 0].tolist() == [20.0, 10.0, 15.0]
    assert isinstance(made.columns[0], DateColumn)


def test_rare_levels_are_one_together() -> None:
    levels = [f"l{number}" for number in range(30) for _ in range(40 - number)]
    (column,) = prepared(cells(kind=levels)).columns
    assert isinstance(column, CategoryColumn)
    assert column.others
    assert len(axes_of(column)) == MOST_LEVELS
    assert axes_of(column)[-1] == "kind: (other)"


def test_axes_of_the_same_name_are_refused() -> None:
    two = {"a: b": [1.0, 2.0, 3.0], "a": ["b", "c", "b"]}
    with pytest.raises(InputError, match="the same name"):
        prepared(cells(**two))
