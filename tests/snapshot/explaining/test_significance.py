"""Differences are found where they were planted, corrected for how many were looked for."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, kruskal

from snapshot.explaining.significance import MOST_CUSTOMERS, Method, holm, significance
from tests.snapshot.naming.planted import Group, fit_of_groups, fit_of_labels, moment_of_groups

GROUPS = [Group(150, 12, 80, 10), Group(250, 2, 80, 40)]


def test_effects_and_tests_are_scipys() -> None:
    moment = moment_of_groups(GROUPS)
    found = {one.feature: one for one in significance(moment, fit_of_groups(moment, GROUPS))}
    recency = moment.table.columns(["recency_days"])[:, 0]
    statistic, p = kruskal(recency[:150], recency[150:])
    one = found["recency_days"]
    assert one.method is Method.KRUSKAL_WALLIS
    assert one.statistic == pytest.approx(statistic)
    assert one.effect == pytest.approx(statistic / 399)
    assert p <= one.p <= len(found) * p
    assert one.matters
    assert not one.in_fit
    assert found["orders_d90"].in_fit


def test_labels_are_tested_by_chi_squared_with_the_rare_ones_together() -> None:
    moment = moment_of_groups(GROUPS)
    countries = [("DE" if row % 10 < 8 else "FR") for row in range(150)]
    countries += ["DE" if row % 10 < 2 else "FR" for row in range(246)]
    labels = {"country": [*countries, "AT", "IT", None, "ES"]}
    found = significance(moment, fit_of_groups(moment, GROUPS), labels)
    one = next(each for each in found if each.feature == "country")
    statistic, _, _, _ = chi2_contingency([[120, 30, 0], [50, 196, 4]], correction=False)
    assert one.method is Method.CHI_SQUARED
    assert one.statistic == pytest.approx(statistic)
    assert one.effect == pytest.approx((statistic / 400) ** 0.5)
    assert one.matters


def test_segments_by_chance_differ_in_nothing() -> None:
    moment = moment_of_groups([Group(400)])
    rng = np.random.default_rng(1)
    sure = 0
    for _ in range(20):
        fit = fit_of_labels(moment, rng.integers(0, 3, 400), "value", [1, 2, 3])
        sure += any(one.p < 0.05 for one in significance(moment, fit))
    assert sure <= 4


def test_a_small_difference_of_very_many_is_sure_and_does_not_matter() -> None:
    groups = [Group(6_000, order_value=80.0), Group(6_000, order_value=82.0)]
    moment = moment_of_groups(groups)
    found = significance(moment, fit_of_groups(moment, groups))
    one = next(each for each in found if each.feature == "average_order_value")
    assert one.p < 0.001
    assert not one.matters


def test_many_customers_are_tested_on_a_part_of_them() -> None:
    groups = [Group(MOST_CUSTOMERS, 3), Group(MOST_CUSTOMERS + 7, 4)]
    moment = moment_of_groups(groups)
    found = significance(moment, fit_of_groups(moment, groups))
    one = next(each for each in found if each.feature == "orders")
    orders, first = moment.table.features[::3, 0], -(-MOST_CUSTOMERS // 3)
    assert one.statistic == pytest.approx(kruskal(orders[:first], orders[first:])[0])


def test_what_cannot_be_tested_is_left_out() -> None:
    moment = moment_of_groups([Group(40)])
    one = fit_of_labels(moment, np.zeros(40, np.int64), "value", [1])
    assert significance(moment, one) == ()
    nobody = fit_of_labels(moment, np.full(40, -1), "value", [1, 2])
    assert significance(moment, nobody) == ()


@given(st.lists(st.floats(0, 1), max_size=30))
def test_correction_keeps_the_order_and_never_makes_smaller(ps: list[float]) -> None:
    corrected = holm(ps)
    assert all(before <= after <= 1.0 for before, after in zip(ps, corrected, strict=True))
    pairs = sorted(zip(ps, corrected, strict=True))
    assert all(one[1] <= other[1] for one, other in pairwise(pairs))
