"""Descriptions say what the members' numbers are, in whole words, and never nonsense."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from snapshot.explaining.profiles import profiles_of
from snapshot.naming import name_segments
from tests.snapshot.naming.planted import (
    AXES,
    NAMES,
    Group,
    fit_of_groups,
    fit_of_labels,
    moment_of_groups,
    without,
)

NONSENSE = re.compile(
    r"nan|inf\b|None|(?<![.,\d])1 (orders|customers|days|lines|times)\b|  |(?<![.,\d])0 times"
    r"|(?<![.,\d])(?:[02-9]|\d\d+) (order|customer|day)\b",
    re.IGNORECASE,
)


def test_profiles_are_what_pandas_says_they_are() -> None:
    groups = [Group(40, 20, 100, 3), Group(90, 2, 50, 40), Group(70, 5, 60, 20)]
    moment = moment_of_groups(groups)
    found = profiles_of(moment, fit_of_groups(moment, groups))
    frame = pd.DataFrame(moment.table.features, columns=list(NAMES))
    frame["segment"] = np.repeat([0, 1, 2], [40, 90, 70])
    logs = np.log1p(frame["spend"])
    for place, profile in enumerate(found):
        members = frame[frame["segment"] == place]
        spend = profile.features["spend"]
        assert profile.customers == len(members)
        assert spend.mean == members["spend"].mean()
        assert spend.middle == members["spend"].median()
        assert spend.overall_middle == frame["spend"].median()
        effect = (logs[members.index].mean() - logs.mean()) / logs.std(ddof=0)
        assert abs(spend.effect - effect) < 1e-9
        night = profile.features["night_share_d90"]
        weighted = np.average(members["night_share_d90"], weights=members["orders_d90"])
        assert abs(night.mean - weighted) < 1e-12


def test_a_description_says_who_they_are_what_they_do_and_where_they_differ() -> None:
    groups = [Group(1, 1, 40, 1.5, 20), Group(99, 8, 100, 20, 300)]
    moment = moment_of_groups(groups)
    lens = name_segments(moment, fit_of_groups(moment, groups), None, {})
    one, many = (centroid.description for centroid in lens.centroids)
    assert one.startswith("1 customer, 1 % of those active, with under 1 % of")
    assert "A typical one has placed 1 order of " in one
    assert re.search(r"last bought (within the last day|1 day ago)\.", one)
    assert many.startswith("99 customers, 99 % of those active, with over 99 % of")
    assert re.search(r"has placed 8 orders of about \d+ each and last bought \d+ days ago", many)
    assert lens.rule_segments[0].description == (
        "Nothing bought for 90 days or more. 0 customers, 0 % of all."
    )


def test_shares_are_said_against_everybodys() -> None:
    groups = [Group(50, night=0.8), Group(150, night=0.05)]
    moment = moment_of_groups(groups)
    lens = name_segments(moment, fit_of_groups(moment, groups, "habits"), None, {})
    assert re.search(
        r"(79|80|81) % of recent orders are at night \(of all: 2\d %\)",
        lens.centroids[0].description,
    )


def test_a_segment_without_members_is_said_to_have_none() -> None:
    moment = moment_of_groups([Group(50)])
    fit = fit_of_labels(moment, np.zeros(50, np.int64), "value", [1, 2])
    lens = name_segments(moment, fit, None, {})
    assert lens.centroids[1].description == "No active customer is in it at the moment."
    assert len({centroid.segment.name for centroid in lens.centroids}) == 2


@st.composite
def tables(draw: st.DrawFn) -> np.ndarray:
    people = draw(st.integers(2, 12))
    value = st.sampled_from([0.0, 1.0, 2.0, 0.4, 89.0, 1e-9, 1e12, -5.0]) | st.floats(0, 1000)
    rows = draw(
        st.lists(st.lists(value, min_size=13, max_size=13), min_size=people, max_size=people)
    )
    return np.array(rows)


@settings(max_examples=60, deadline=None)
@given(tables(), st.sampled_from([*AXES]), st.data())
def test_nothing_said_is_nonsense(rows: np.ndarray, lens: str, data: st.DataObject) -> None:
    anybody = moment_of_groups([Group(len(rows))])
    moment = replace(anybody, table=replace(anybody.table, features=rows))
    labels = data.draw(st.lists(st.integers(-1, 2), min_size=len(rows), max_size=len(rows)))
    few = data.draw(st.sets(st.sampled_from([n for n in NAMES if not n.endswith("_d90")])))
    fit = fit_of_labels(moment, np.array(labels), lens, [1, 2, 3])
    named = name_segments(without(moment, *few), fit, None, {})
    for centroid in named.centroids:
        assert not NONSENSE.search(centroid.description), centroid.description
        assert centroid.description
