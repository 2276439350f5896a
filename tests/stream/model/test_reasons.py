"""Reasons share a move out among the features exactly, strongest first, the same each time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stream.errors import FeatureError
from stream.model.arrays import NONE
from stream.model.assignment import assign
from stream.model.lens import compile_lens
from stream.model.reasons import Explained, contributions, explain, strongest
from tests.stream.model.models import plain_lens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stream.model.arrays import Floats

places = st.lists(st.integers(-20, 20), min_size=4, max_size=4).map(
    lambda quarters: np.array(quarters) / 4
)


def shares(
    before: Sequence[float] | None,
    after: Sequence[float],
    left: Sequence[float],
    entered: Sequence[float],
) -> Floats:
    parts = np.empty(len(after))
    was = np.array(after if before is None else before, np.float64)
    here, away, near = (np.array(place, np.float64) for place in (after, left, entered))
    contributions(before is not None, was, here, away, near, parts)
    return parts


def strongest_axes(parts: Sequence[float]) -> list[int]:
    axes, found = np.empty(3, np.int64), np.empty(3)
    strongest(np.array(parts, np.float64), axes, found)
    assert [parts[axis] for axis in axes.tolist() if axis >= 0] == [
        share for share in found if share > 0
    ]
    return axes.tolist()


@given(places, places, places, places)
def test_shares_add_to_one_and_are_of_the_change_in_squared_distance(
    before: Floats, after: Floats, left: Floats, entered: Floats
) -> None:
    def nearer(point: Floats) -> Floats:
        return np.asarray((point - left) ** 2 - (point - entered) ** 2)

    change = nearer(after) - nearer(before)
    assume(change.sum() > 0)
    found = shares(before.tolist(), after.tolist(), left.tolist(), entered.tolist())
    assert found.sum() == pytest.approx(1.0)
    np.testing.assert_allclose(found, change / change.sum(), atol=1e-12)


@given(places, places, places)
def test_where_nothing_changed_shares_are_of_where_the_customer_lies(
    after: Floats, left: Floats, entered: Floats
) -> None:
    lies = (after - left) ** 2 - (after - entered) ** 2
    assume(lies.sum() > 0)
    newcomer = shares(None, after.tolist(), left.tolist(), entered.tolist())
    np.testing.assert_allclose(newcomer, lies / lies.sum(), atol=1e-12)
    same = shares(after.tolist(), after.tolist(), left.tolist(), entered.tolist())
    assert same.tolist() == newcomer.tolist()


def test_a_feature_that_did_not_change_or_does_not_part_the_segments_has_no_share() -> None:
    assert shares([0, 1, 0], [2, 1, 5], [0, 0, 0], [2, 2, 0]).tolist() == [1.0, 0.0, 0.0]


def test_between_equal_centroids_nothing_has_a_share() -> None:
    assert shares(None, [1, 1], [1, 1], [1, 1]).tolist() == [0.0, 0.0]


def test_three_at_most_the_strongest_first_and_of_equals_the_first_axis() -> None:
    assert strongest_axes([0.1, 0.4, 0.1, 0.4]) == [1, 3, 0]


def test_what_speaks_against_the_move_is_no_reason() -> None:
    assert strongest_axes([1.5, -0.5, 0.0]) == [0, -1, -1]


def explained(before: Floats | None, after: Floats, previous: int, current: int) -> Explained:
    lens = compile_lens(plain_lens([[0.0, 0.0], [4.0, 0.0], [0.0, 9.0]]), 1)
    return explain(lens, np.array([previous]), np.array([current]), before, after)


def test_margin_and_confidence_are_those_of_the_assignment() -> None:
    lens = compile_lens(plain_lens([[0.0, 0.0], [4.0, 0.0], [0.0, 9.0]]), 1)
    after = np.array([[3.0, 0.5]])
    found, assigned = explained(None, after, 0, 1), assign(lens.shapes, after, 1.0)
    assert found.margin[0] == assigned.distances[0, 0] / assigned.distances[0, 1] - 1.0
    assert found.confidence[0] == assigned.confidence[0]


def test_a_newcomer_is_told_why_not_the_next_nearest() -> None:
    found = explained(None, np.array([[3.0, 1.0]]), NONE, 1)
    assert np.isnan(found.margin[0])
    assert found.axes[0].tolist() == [0, -1, -1]


@pytest.mark.parametrize(
    ("before", "changed"),
    [([1.0, 1.0], True), ([3.0, 1.0], False), ([3.5, 1.0], False), ([np.nan, np.nan], False)],
    ids=["came nearer", "stayed where he was", "went the other way", "a newcomer"],
)
def test_whether_it_is_what_changed_that_moved_the_customer(
    before: list[float], changed: bool
) -> None:
    """The other way: a guard ran out, or centroids moved, while his sums faded."""
    found = explained(np.array([before]), np.array([[3.0, 1.0]]), 0, 1)
    assert found.changed.tolist() == [changed]
    assert found.axes[0].tolist() == [0, -1, -1]


def test_features_that_are_no_numbers_are_refused() -> None:
    with pytest.raises(FeatureError, match="'f1' is nan"):
        explained(None, np.array([[3.0, np.nan]]), 0, 1)
