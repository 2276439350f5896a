"""Who stands out is found, nobody where nobody does, and never more than are allowed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from snapshot.outliers import are_outliers, outlier_scores, screened
from tests.snapshot.planted import cloud


def test_planted_outliers_score_highest() -> None:
    points = np.vstack([cloud(), [[9.0, 9.0, 9.0], [-8.0, 0.0, 9.0]]])
    scores, flags = screened(points, 0.01)
    assert set(np.argsort(scores)[-2:].tolist()) == {300, 301}
    assert flags[300]
    assert flags[301]
    assert 2 <= flags.sum() <= 3
    assert ((scores >= 0) & (scores <= 1)).all()


def test_the_same_points_score_the_same() -> None:
    assert outlier_scores(cloud()).tobytes() == outlier_scores(cloud()).tobytes()


def test_where_nobody_is_asked_for_nobody_is_screened() -> None:
    scores, flags = screened(cloud(), 0.0)
    assert not scores.any()
    assert not flags.any()


@pytest.mark.parametrize("count", [0, 1, 2, 50])
def test_customers_who_are_all_alike_have_no_outlier(count: int) -> None:
    scores, flags = screened(np.ones((count, 2)), 0.2)
    assert len(scores) == len(flags) == count
    assert not flags.any()


@given(
    scores=st.lists(st.sampled_from([0.2, 0.5, 0.6, 0.7, 0.9]), max_size=30),
    share=st.floats(0.0, 1.0),
)
def test_never_more_than_the_share_and_the_highest_first(scores: list[float], share: float) -> None:
    values = np.array(scores, np.float64)
    flags = are_outliers(values, share)
    assert flags.sum() <= share * len(values)
    assert (values[flags] > 0.5).all()
    assert (
        values[flags].min(initial=np.inf) > values[~flags].max(initial=-np.inf) or not flags.any()
    )
