"""Importance is the between-segment part of squared distances, split by axis."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snapshot.explaining.importance import importance
from tests.snapshot.naming.planted import Group, fit_of_groups, fit_of_labels, moment_of_groups


def test_shares_are_the_between_segment_squares_of_each_axis() -> None:
    groups = [Group(60, 20, 100), Group(200, 4, 40), Group(140, 1, 90)]
    moment = moment_of_groups(groups)
    fit = fit_of_groups(moment, groups)
    labels, points = fit.labels, fit.points
    middle = points.mean(axis=0)
    between = sum(
        (labels == place).sum() * (points[labels == place].mean(axis=0) - middle) ** 2
        for place in range(3)
    )
    total = ((points - middle) ** 2).sum(axis=0)
    found = importance(fit)
    names = [feature.name for feature in fit.lens.features]
    shares = dict(zip(names, between / np.sum(between), strict=True))
    assert {one.feature: one.share for one in found.model} == pytest.approx(shares)
    assert [one.share for one in found.model] == sorted(shares.values(), reverse=True)
    assert dict(found.explained) == pytest.approx(dict(zip(names, between / total, strict=True)))
    first = {one.feature: one for one in found.segments["value-1"]}
    effects = (points[labels == 0].mean(axis=0) - middle) / points.std(axis=0)
    assert [first[name].effect for name in names] == pytest.approx(effects.tolist())


def test_segments_that_differ_in_one_feature_have_one_reason() -> None:
    groups = [Group(100, night=0.05), Group(100, night=0.9)]
    moment = moment_of_groups(groups)
    found = importance(fit_of_groups(moment, groups, "habits"))
    assert found.model[0].feature == "night_share_d90"
    assert found.model[0].share > 0.99
    assert found.explained["night_share_d90"] > 0.95


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(-1, 3), min_size=20, max_size=20))
def test_shares_add_up_to_one_whoever_is_where(labels: list[int]) -> None:
    moment = moment_of_groups([Group(20)])
    found = importance(fit_of_labels(moment, np.array(labels), "value", [1, 2, 3, 4]))
    for shares in (found.model, *found.segments.values()):
        total = sum(one.share for one in shares)
        assert total == pytest.approx(1.0) or total == 0.0
    assert all(0.0 <= share <= 1.0 for share in found.explained.values())
