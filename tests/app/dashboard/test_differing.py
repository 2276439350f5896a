"""Segments differ where it was planted, and who is compared is who is meant."""

from __future__ import annotations

import numpy as np
import pytest

from app.dashboard.differing import COMPARED, among_all, between, in_segment
from app.dashboard.engaging import engagement_of, mean_engagement
from app.queries.sample import Sample
from insights.playbook.engagement import NEEDED, engagement

COUNT = 300
SEGMENTS = tuple(("value-1", "value-2", None)[row % 3] for row in range(COUNT))


@pytest.fixture(scope="module")
def drawn() -> Sample:
    random = np.random.default_rng(9)
    names = {*COMPARED, *NEEDED}
    features = {name: random.uniform(0, 1, COUNT) for name in sorted(names)}
    features["spend"] = random.uniform(0, 1, COUNT) + (np.arange(COUNT) % 3 == 0)
    countries = tuple("Norway" if row % 3 == 0 else "Spain" for row in range(COUNT))
    return Sample(COUNT, SEGMENTS, features, {"country": countries})


def test_the_planted_differences_lead(drawn: Sample) -> None:
    found = among_all(drawn, {"orders_decayed"})
    assert {one.feature for one in found[:2]} == {"country", "spend"}
    assert all(one.p < 0.001 for one in found[:2])
    assert [one.feature for one in found if one.in_fit] == ["orders_decayed"]


def test_two_segments_and_one_against_the_rest(drawn: Sample) -> None:
    for other in ("value-2", None):
        found = between(drawn, "value-1", other)
        assert found["spend"].size == "large"
        assert found["spend"].more > 0.9
    assert between(drawn, "value-2", None)["spend"].more < 0.1
    assert between(drawn, "value-9", None) == {}


def test_all_others_are_those_in_another_segment(drawn: Sample) -> None:
    others = in_segment(drawn, None, without="value-1")
    assert [SEGMENTS[row] for row in np.flatnonzero(others)] == ["value-2"] * 100
    assert in_segment(drawn, None).sum() == 200


def test_engagement_is_the_playbooks(drawn: Sample) -> None:
    scores = engagement({name: drawn.features[name] for name in NEEDED})
    there = in_segment(drawn, "value-1")
    assert mean_engagement(drawn, there) == pytest.approx(scores[there].mean())
    assert mean_engagement(drawn, np.zeros(COUNT, np.bool_)) is None
    own = {name: float(drawn.features[name][0]) for name in NEEDED}
    assert engagement_of(drawn, own) == pytest.approx(scores[0], abs=1.0)
