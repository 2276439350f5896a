"""Distances and grounds against numpy on the model as it was published."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.queries.customers import customer
from app.queries.models import model
from app.queries.standing import NOTHING, measured
from app.queries.views import Ref
from consumers.sink.schema import column_of
from stream.contracts.lens import Rule, Transform

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from app.queries.views import CustomerView
    from stream.contracts.lens import LensModel
    from tests.app.queries.read_shop import ReadShop


def test_distances_are_to_each_centroid_the_nearest_first(read_shop: ReadShop) -> None:
    for one in _everybody(read_shop):
        lens = _lens(read_shop, one)
        found = measured(read_shop.db, one.standings[0], one.features)
        wanted = {
            centroid.segment.id: float(np.linalg.norm(_point(lens, one) - centroid.position))
            for centroid in lens.centroids
        }
        told = {away.segment.id: away.distance for away in found.distances}
        assert told == pytest.approx(wanted)
        assert list(told.values()) == sorted(told.values())


def test_the_margin_is_to_the_next_segment(read_shop: ReadShop) -> None:
    learned = [one for one in _everybody(read_shop) if _is_learned(read_shop, one)]
    assert learned
    for one in learned:
        found = measured(read_shop.db, one.standings[0], one.features)
        assert one.standings[0].segment is not None
        own = next(a for a in found.distances if a.segment.id == one.standings[0].segment.id)
        others = [a.distance for a in found.distances if a is not own]
        assert found.margin == pytest.approx(min(others) / own.distance - 1)
        assert found.rule is None


def test_grounds_are_what_makes_the_segment_nearer_than_the_next(read_shop: ReadShop) -> None:
    for one in _everybody(read_shop):
        found = measured(read_shop.db, one.standings[0], one.features)
        if not _is_learned(read_shop, one):
            assert found.grounds == ()
            continue
        lens, own = _lens(read_shop, one), one.standings[0].segment
        assert own is not None
        nearest = next(a.segment.id for a in found.distances if a.segment.id != own.id)
        positions = {c.segment.id: np.array(c.position) for c in lens.centroids}
        point = _point(lens, one)
        parts = (point - positions[nearest]) ** 2 - (point - positions[own.id]) ** 2
        if parts.sum() <= 0:
            assert found.grounds == ()
            continue
        shares = dict(zip((f.name for f in lens.features), parts / parts.sum(), strict=True))
        wanted = {name: share for name, share in shares.items() if share > 0}
        assert {g.feature: g.contribution for g in found.grounds} == pytest.approx(wanted)
        contributions = [g.contribution for g in found.grounds]
        assert contributions == sorted(contributions, reverse=True)
        assert all(g.value == one.features[column_of(g.feature)] for g in found.grounds)


def test_in_a_rule_segment_the_rule_is_the_ground(read_shop: ReadShop) -> None:
    one = _everybody(read_shop)[0]
    lens = _lens(read_shop, one)
    rule = lens.rule_segments[0]
    assert rule.rule is Rule.DORMANT
    dormant = replace(one.standings[0], segment=Ref(rule.segment.id, rule.segment.name))
    found = measured(read_shop.db, dormant, one.features)
    assert (found.rule, found.margin, found.grounds) == (rule, None, ())
    assert found.distances


def test_without_the_model_nothing_is_measured(read_shop: ReadShop) -> None:
    one = _everybody(read_shop)[0]
    gone = replace(one.standings[0], model_version=99)
    assert measured(read_shop.db, gone, one.features) is NOTHING


def _everybody(read_shop: ReadShop) -> list[CustomerView]:
    found = [customer(read_shop.db, row["customer_id"]) for row in read_shop.stands]
    return [one for one in found if one is not None and one.standings[0].segment is not None]


def _lens(read_shop: ReadShop, one: CustomerView) -> LensModel:
    found = model(read_shop.db, one.standings[0].model_version)
    assert found is not None
    return found.lenses[0]


def _is_learned(read_shop: ReadShop, one: CustomerView) -> bool:
    segment = one.standings[0].segment
    assert segment is not None
    return segment.id in {c.segment.id for c in _lens(read_shop, one).centroids}


def _point(lens: LensModel, one: CustomerView) -> NDArray[np.float64]:
    values = []
    for feature in lens.features:
        assert feature.transform is Transform.LOG1P
        value = np.log1p(max(one.features[column_of(feature.name)], 0.0))
        values.append((value - feature.centre) / feature.scale)
    return np.array(values)
