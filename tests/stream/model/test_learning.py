"""The compiled step is River's, bit for bit, over long runs; and the order is the day's own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from xxhash import xxh3_64_intdigest

from stream.model import reference
from stream.model.learning import (
    COMPENSATED,
    SQUARE,
    learn,
    learned,
    order_of_day,
    river_nearest,
    rivers_sum,
    step_of,
    xxh3_of_eight,
)
from stream.model.river_objects import as_river, to_river
from stream.model.space import LARGEST_COORDINATE
from tests.stream.model.models import coordinates

words = st.integers(0, 2**64 - 1)


@pytest.mark.parametrize(("axes", "centroids"), [(1, 2), (2, 8), (3, 5), (5, 3), (9, 4), (40, 3)])
@pytest.mark.parametrize("step", [0.0005, 0.05, 0.7])
def test_the_kernel_is_river_to_the_bit_over_thousands_of_steps(
    axes: int, centroids: int, step: float
) -> None:
    rng = np.random.default_rng(axes * 100 + centroids)
    positions = rng.normal(0, 2, (centroids, axes))
    points = rng.normal(0, 3, (4000, axes))
    order = rng.permutation(len(points))
    expected = reference.learned(positions, points, order, step)
    assert learned(positions, points, order, step).tobytes() == expected.tobytes()
    assert not np.array_equal(expected, positions)


@given(
    st.integers(1, 4).flatmap(
        lambda axes: st.tuples(
            *[st.lists(st.tuples(*[coordinates] * axes), min_size=1, max_size=9)] * 2
        )
    ),
    st.floats(0, 1),
)
def test_ties_and_odd_numbers_go_as_in_river(
    both: tuple[list[tuple[float, ...]], list[tuple[float, ...]]], step: float
) -> None:
    positions, points = np.array(both[0]), np.array(both[1])
    order = np.arange(len(points))
    expected = reference.learned(positions, points, order, step)
    assert learned(positions, points, order, step).tobytes() == expected.tobytes()


def test_where_squares_by_pow_and_by_multiplying_differ_rivers_count() -> None:
    """Centroids equally far but for rounding, at distances that this `pow` squares its own way."""
    rng = np.random.default_rng(8)
    drawn = rng.uniform(1, 2, 100_000).tolist()
    odd = [away for away in drawn if away**2 != away * away] or drawn
    decided_by_pow = 0
    for _ in range(3000):
        a, b, c = rng.choice(odd, 3)
        positions, point = np.array([[a, b, c], [c, a, b]]), np.zeros(3)
        found = river_nearest(positions, point, SQUARE)
        model: Any = to_river(positions, 0.1)
        assert found == model.predict_one(as_river(point))
        one = (positions, point[None, :], np.arange(1), 0.1)
        assert learned(*one).tobytes() == reference.learned(*one).tobytes()
        by_multiplying = [reference.sum_in_order([x * x for x in c]) for c in positions.tolist()]
        decided_by_pow += found != int(np.argmin(by_multiplying))
    assert decided_by_pow > 0 or odd is drawn


@given(st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=12))
def test_sums_are_pythons_with_and_without_compensation(pairs: list[tuple[float, float]]) -> None:
    centre, point = np.array(pairs).T.copy()
    terms = [abs(c - x) ** 2 for c, x in pairs]
    assert rivers_sum(centre, point, 2.0, COMPENSATED) == sum(terms)
    assert rivers_sum(centre, point, 2.0, True) == neumaier(terms)
    assert rivers_sum(centre, point, 2.0, False) == reference.sum_in_order(terms)


def neumaier(terms: list[float]) -> float:
    """What `sum` is from Python 3.12 on."""
    total = lost = 0.0
    for term in terms:
        added = total + term
        large, small = (total, term) if abs(total) >= abs(term) else (term, total)
        lost += (large - added) + small
        total = added
    return total + lost


def test_compensation_follows_the_python_that_runs() -> None:
    assert (sum([0.1] * 10) == 1.0) == COMPENSATED


def test_as_far_out_as_a_space_goes_the_choice_is_rivers() -> None:
    positions = np.array([[LARGEST_COORDINATE], [-LARGEST_COORDINATE]])
    model: Any = to_river(positions, 0.1)
    for x in (LARGEST_COORDINATE, -LARGEST_COORDINATE, 0.0, 1.0, -1.0):
        assert river_nearest(positions, np.array([x]), SQUARE) == model.predict_one({0: x})


@given(words, st.integers(0, 100_000))
def test_the_shuffle_is_by_xxh3(customer: int, day: int) -> None:
    found = xxh3_of_eight(np.uint64(customer), np.uint64(day))
    assert int(found) == xxh3_64_intdigest(customer.to_bytes(8, "little"), seed=day)


@given(st.lists(words, unique=True, max_size=30), st.randoms(use_true_random=False))
def test_the_order_of_customers_is_the_same_whatever_their_rows_are(
    customers: list[int], random: Any
) -> None:
    shuffled = list(customers)
    random.shuffle(shuffled)
    one, other = (np.array(hashes, np.uint64) for hashes in (customers, shuffled))
    assert one[order_of_day(one, 15_000)].tolist() == other[order_of_day(other, 15_000)].tolist()


def test_every_day_has_another_order() -> None:
    customers = np.arange(100, dtype=np.uint64)
    days = {tuple(order_of_day(customers, day).tolist()) for day in range(50)}
    assert len(days) == 50
    assert all(sorted(order) == list(range(100)) for order in days)


def test_the_step_follows_the_number_of_customers_and_has_a_bound() -> None:
    assert step_of(1_000_000, 5) == pytest.approx(7.5e-6)
    assert step_of(2_000, 4, factor=3.0) == 2 * step_of(2_000, 4)
    assert step_of(1, 5) == 0.05
    assert step_of(1, 5, largest=0.5) == 0.5
    assert step_of(0, 5) == 0.0


def test_learning_leaves_what_it_was_given() -> None:
    positions = np.zeros((1, 2))
    after = learned(positions, np.ones((3, 2)), np.arange(3), 0.5)
    assert positions.tolist() == [[0.0, 0.0]]
    assert after.tolist() == [[0.875, 0.875]]


def test_the_kernel_moves_the_centroids_in_place() -> None:
    positions = np.zeros((1, 1))
    learn(positions, np.ones((1, 1)), np.array([0]), 0.25, SQUARE)
    assert positions.tolist() == [[0.25]]
