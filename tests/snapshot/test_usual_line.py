"""Money is compared in what a usual line is worth, so that no currency makes other segments."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from msgspec.structs import replace as replaced

from snapshot.fitting import fit_lens
from snapshot.usual_line import usual_line
from tests.snapshot.shops import purchases, specs, table

if TYPE_CHECKING:
    from stream.contracts.lens import LensModel


def fitted(times: float, k: int | None = 3) -> LensModel:
    """The same shop where every price is so many times as high."""
    lines = [replaced(one, amount=(one.amount or 0.0) * times) for one in purchases()]
    (spec,) = specs()
    return fit_lens(table([spec], lines), spec, k)


def units_of(lens: LensModel) -> list[float]:
    return [feature.unit for feature in lens.features]


@pytest.mark.parametrize("times", [0.01, 150.0, 25_000.0])
def test_the_same_shop_has_the_same_segments_in_any_currency(times: float) -> None:
    here, there = fitted(1.0, None), fitted(times, None)
    assert len(here.centroids) == len(there.centroids)
    assert [one.customers for one in here.centroids] == [one.customers for one in there.centroids]
    positions = [[list(one.position) for one in lens.centroids] for lens in (here, there)]
    # Amounts are kept in ten-thousandths: a hundredth of a price is rounded.
    assert np.array(positions[1]) == pytest.approx(np.array(positions[0]), abs=2e-3)


def test_only_money_has_a_unit_and_it_is_the_middle_customers_money_by_lines() -> None:
    (spec,) = specs()
    everybody = table([spec])
    spend, lines = everybody.columns(["spend", "lines"]).T
    assert (spend > 0).all()
    assert units_of(fitted(1.0)) == [1.0, pytest.approx(float(np.median(spend / lines))), 1.0]


def test_who_left_no_money_says_nothing_of_what_a_line_is_worth() -> None:
    (spec,) = specs()
    everybody = table([spec])
    poor = everybody.features.copy()
    money = everybody.names.index("spend")
    poor[::2, money] = -3.0
    some = replace(everybody, features=poor)
    rest = everybody.of(np.arange(len(everybody)) % 2 == 1)
    assert usual_line(some) == usual_line(rest)


def test_where_nobody_paid_a_line_counts_as_one() -> None:
    (spec,) = specs()
    everybody = table([spec])
    assert usual_line(everybody.of(np.zeros(len(everybody), np.bool_))) == 1.0
