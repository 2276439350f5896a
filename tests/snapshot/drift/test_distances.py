"""PSI and Wasserstein as they are defined, and intervals that hold the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from snapshot.drift.distances import psi, wasserstein

if TYPE_CHECKING:
    from collections.abc import Callable

    from snapshot.drift.distances import Distance
    from stream.model.arrays import Floats

    Measure = Callable[[Floats, Floats], Distance]


def samples(size: int, shift: float, seed: int = 0) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    return rng.normal(0, 1, size), rng.normal(shift, 1, size)


@pytest.mark.parametrize("shift", [0.0, 0.3, 1.0])
def test_wasserstein_is_how_far_each_has_to_go_to_its_counterpart(shift: float) -> None:
    before, after = samples(3_000, shift)
    exactly = np.abs(np.sort(before) - np.sort(after)).mean()
    assert wasserstein(before, after).value == pytest.approx(exactly, rel=0.03, abs=0.003)


def test_psi_is_the_sum_over_tenths_of_the_earlier_sample() -> None:
    before, after = samples(5_000, 0.5)
    edges = np.quantile(before, np.linspace(0, 1, 11))
    edges[0], edges[-1] = -np.inf, np.inf
    p, q = (np.histogram(values, edges)[0] / len(values) for values in (before, after))
    assert psi(before, after).value == pytest.approx(((q - p) * np.log(q / p)).sum(), rel=0.01)


@pytest.mark.parametrize("measure", [psi, wasserstein])
def test_the_same_customers_are_no_distance_apart(measure: Measure) -> None:
    values = np.random.default_rng(0).lognormal(size=500)
    found = measure(values, values)
    assert found.value == pytest.approx(0.0, abs=1e-12)
    assert found.interval.low == 0.0


@pytest.mark.parametrize("measure", [psi, wasserstein])
@pytest.mark.parametrize("size", [60, 1_000])
def test_chance_alone_leaves_nothing_in_the_interval(measure: Measure, size: int) -> None:
    """Whatever the number of customers: the gauge shrinks, and so does what chance makes."""
    lows = [measure(*samples(size, 0.0, seed)).interval.low for seed in range(30)]
    assert np.mean([low == 0.0 for low in lows]) >= 0.9


def test_the_interval_holds_the_truth_and_narrows_with_customers() -> None:
    widths = []
    for size in (100, 1_000, 10_000):
        found = [wasserstein(*samples(size, 0.5, seed)) for seed in range(15)]
        holds = [one.interval.low <= 0.5 <= one.interval.high for one in found]
        assert np.mean(holds) >= 0.8
        widths.append(np.mean([one.interval.high - one.interval.low for one in found]))
    assert widths[0] > 2 * widths[1] > 4 * widths[2]


@pytest.mark.parametrize("measure", [psi, wasserstein])
def test_values_that_are_all_the_same_are_no_trouble(measure: Measure) -> None:
    found = measure(np.zeros(50), np.ones(70))
    assert np.isfinite([found.value, found.interval.low, found.interval.high]).all()
    assert found.value > 0.1


@pytest.mark.parametrize("measure", [psi, wasserstein])
@pytest.mark.parametrize("size", [1, 2])
def test_one_or_two_customers_say_something_finite(measure: Measure, size: int) -> None:
    """Drawn anew, one customer is nobody now and then."""
    found = measure(*samples(size, 1.0))
    assert np.isfinite([found.value, found.interval.low, found.interval.high]).all()
